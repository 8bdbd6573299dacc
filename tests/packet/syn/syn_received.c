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

/* RFC 9293 3.10.7.4 fourth: in SYN-RECEIVED back to LISTEN. */
SCRIPT(another_one_in_the_window_ends_the_request)
{
	int l = listening();
	struct seen *s;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(SYN, 5, 0, 65535, 0, mss(1460));
	/* LINUX: answered as if nobody listened. */
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == (RST | ACK) && s->ack == 6);
	want_none(2 * SIM_SEC);
	u_close(l);
}

SCRIPT(another_one_outside_is_acknowledged)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(SYN, 0x7000000, 0, 65535, 0, mss(1460));
	want(ACK, 1, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}
