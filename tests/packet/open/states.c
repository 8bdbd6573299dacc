/* SPDX-License-Identifier: MIT */
/* OPEN where a connection is or was: RFC 9293 3.10.1. */
#include "tests/packet/states.h"

SCRIPT(there_is_one_already)
{
	struct conn c = in_established();

	EXPECT(u_connect(c.fd, PEER_ADDR, PEER_PORT), -EISCONN);
	EXPECT(u_connect(c.l, PEER_ADDR, PEER_PORT), -EISCONN);
	EXPECT(u_listen(c.fd, 1), -EINVAL);
	leave(c, 1);
}

SCRIPT(one_is_being_made)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EALREADY);
	EXPECT(u_listen(fd, 1), -EINVAL);
	u_close(fd);
	want_none(0);
}

SCRIPT(one_is_ending)
{
	struct conn c = in_close_wait();

	EXPECT(u_connect(c.fd, PEER_ADDR, PEER_PORT), -EISCONN);
	leave(c, 2);
}
