/* SPDX-License-Identifier: MIT */
/* Our FIN again, and how long when nobody owns it (RFC 1122 4.2.3.5). */
#include "tests/packet/wire.h"

SCRIPT(fin_is_sent_again)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	/* LINUX: RTO of a connection that measured no RTT yet, then twice. */
	want_within(2 * SIM_SEC, FIN | ACK, 1, 1, 0);
	want_within(3 * SIM_SEC, FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	u_close(l);
}

SIM_SCRIPT(orphan_gives_up_at_last)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	u_close(l);
	sim_sleep(1200 * SIM_SEC);
	CHECK(nr_seen > 6 && nr_seen < 16);
	EXPECT(orphans(), 0);
	EXPECT(stat(TCPAbortOnTimeout), 1);
	skip_seen();
}
