/* SPDX-License-Identifier: MIT */
/* TCP_DEFER_ACCEPT: a connection is none before its data. */
#include "tests/packet/wire.h"

SCRIPT(defer_accept_waits_for_data)
{
	int l = u_listener(0, PORT, 8), c;

	host_port = PORT;
	EXPECT(u_setopt(l, SOL_TCP, TCP_DEFER_ACCEPT, 5), 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(u_nonblock(l), 0);
	EXPECT(u_accept(l, 0), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 7, none);
	c = (int)u_accept(l, 0);
	CHECK(u_recv(c, payload, 1000, 0) == 7);
	put(RST | ACK, 8, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}
