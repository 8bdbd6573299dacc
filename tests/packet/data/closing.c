/* SPDX-License-Identifier: MIT */
/* Text in CLOSING: RFC 9293 3.10.7.4 seventh: should not occur. */
#include "tests/packet/states.h"

/* LINUX: without a word. */
SCRIPT(behind_the_fin_is_ignored)
{
	struct conn c = in_closing();

	put(ACK | PSH, 2, 1, 65535, 10, none);
	want_none(0);
	EXPECT(u_recv(c.fd, payload, 100, 0), 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(from_before_is_acknowledged)
{
	struct conn c = in_closing();

	put(ACK | PSH, (u32)-99, 1, 65535, 100, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}
