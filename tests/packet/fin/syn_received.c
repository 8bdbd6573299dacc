/* SPDX-License-Identifier: MIT */
/* A FIN with the third segment: RFC 9293 3.10.7.4 eighth. */
#include "tests/packet/states.h"

SCRIPT(makes_close_wait)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(FIN | ACK, 1, 1, 65535, 30, none);
	want_within(50 * SIM_MS, ACK, 1, 32, 0);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	CHECK(state_of(c) == TCP_CLOSE_WAIT);
	EXPECT(u_recv(c, payload, 100, 0), 30);
	EXPECT(u_recv(c, payload, 100, 0), 0);
	put(RST, 32, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
