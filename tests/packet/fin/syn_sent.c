/* SPDX-License-Identifier: MIT */
/* A FIN for our SYN: RFC 9293 3.10.7.3, 3.10.7.4 eighth: dropped. */
#include "tests/packet/states.h"

SCRIPT(alone_is_dropped)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(FIN, 5, 0, 65535, 0, none);
	put(FIN | ACK, 5, 1, 65535, 0, none);
	want_none(0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}
