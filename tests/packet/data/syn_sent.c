/* SPDX-License-Identifier: MIT */
/* Text for our SYN: RFC 9293 3.10.7.3 fourth. */
#include "tests/packet/states.h"

/* It may wait until the connection stands; LINUX: it comes again. */
SCRIPT(of_a_syn_ack_is_not_taken)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN | ACK, 0, 1, 65535, 40, mss(1460));
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	want(ACK, 1, 1, 0);
	EXPECT(u_recv(fd, payload, 100, 0), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 40, none);
	EXPECT(u_recv(fd, payload, 100, 0), 40);
	put(RST, 41, 0, 0, 0, none);
	u_close(fd);
}

SCRIPT(without_syn_is_dropped)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(PSH, 1, 0, 65535, 40, none);
	put(ACK | PSH, 1, 1, 65535, 40, none);
	want_none(0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}
