/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.10.8: the TIME-WAIT timeout. */
#include "tests/packet/wire.h"

SIM_SCRIPT(we_close_first_time_wait_60_s)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1); /* the stand-in of FIN-WAIT-2 */
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	sim_sleep(59 * SIM_SEC);
	EXPECT(time_waits(), 1);
	sim_sleep(2 * SIM_SEC);
	EXPECT(time_waits(), 0);
}
