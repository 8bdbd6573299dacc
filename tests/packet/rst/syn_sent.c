/* SPDX-License-Identifier: MIT */
/* RST for our SYN: RFC 9293 3.10.7.3 second. */
#include "tests/packet/wire.h"

SCRIPT(syn_sent_rst_with_good_ack_refuses)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 1, 0, 0, none);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK(state_of(fd) == TCP_CLOSE);
	u_close(fd);
}

SCRIPT(syn_sent_rst_bad_ack_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 2, 0, 0, none);
	put(RST | ACK, 0, 0, 0, 0, none);
	put(RST, 0, 0, 0, 0, none);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	put(SYN | ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(fd);
}
