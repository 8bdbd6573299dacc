/* SPDX-License-Identifier: MIT */
/* A FIN that meets ours: RFC 9293 3.6, simultaneous close. */
#include "tests/packet/wire.h"

SCRIPT(fin_and_ack_in_one_segment)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	u_close(l);
}

SCRIPT(simultaneous_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 1, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c) == TCP_CLOSING);
	put(ACK, 2, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	u_close(c);
	u_close(l);
}
