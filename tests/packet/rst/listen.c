/* SPDX-License-Identifier: MIT */
/* RST for a listener: RFC 9293 3.10.7.2 first: ignored. */
#include "tests/packet/states.h"

SCRIPT(is_ignored)
{
	int l = listening();

	put(RST, 5, 0, 0, 0, none);
	put(RST | ACK, 5, 9, 0, 0, none);
	put(RST | SYN, 5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(l) == TCP_LISTEN);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(l);
}
