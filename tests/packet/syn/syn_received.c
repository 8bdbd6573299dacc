/* SPDX-License-Identifier: MIT */
/* The SYN again: RFC 9293 3.10.7.4 first and fourth. */
#include "tests/packet/wire.h"

SCRIPT(syn_again_is_answered_again)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}
