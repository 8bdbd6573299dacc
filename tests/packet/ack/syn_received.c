/* SPDX-License-Identifier: MIT */
/* The third segment: RFC 9293 3.10.7.4 fifth. */
#include "tests/packet/wire.h"

SCRIPT(syn_received_bad_ack_gives_rst_and_stays)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 9, 65535, 0, none);
	want(RST, 9, 0, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}

SCRIPT(data_with_the_third_segment)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK | PSH, 1, 1, 65535, 100, none);
	c = (int)u_accept(l, 0);
	CHECK(u_recv(c, payload, 1000, 0) == 100);
	CHECK(pattern_ok(payload, 0, 100));
	put(RST | ACK, 101, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}
