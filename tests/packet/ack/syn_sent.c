/* SPDX-License-Identifier: MIT */
/* An ACK of our SYN, or not: RFC 9293 3.10.7.3 first. */
#include "tests/packet/wire.h"

SCRIPT(syn_sent_bad_ack_gives_rst)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(ACK, 0, 7, 0, 0, none);
	want(RST, 7, 0, 0);
	put(SYN | ACK, 0, 7, 0, 0, none);
	want(RST, 7, 0, 0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}
