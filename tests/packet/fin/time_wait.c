/* SPDX-License-Identifier: MIT */
/* The FIN again: RFC 9293 3.10.7.4 eighth. */
#include "tests/packet/wire.h"

LONG_SCRIPT(time_wait_answers_fin_again_and_starts_over)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	sim_sleep(40 * SIM_SEC);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	sim_sleep(40 * SIM_SEC);
	EXPECT(time_waits(), 1);
	/* Old data: an ACK; a RST at rcv_nxt ends it (sysctl rfc1337 = 0). */
	put(ACK, 1, 2, 65535, 0, none);
	skip_seen();
	put(RST, 2, 0, 0, 0, none);
	EXPECT(time_waits(), 0);
}
