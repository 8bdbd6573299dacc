/* SPDX-License-Identifier: MIT */
/* RECEIVE in each state: RFC 9293 3.10.3. */
#include "tests/packet/states.h"

#define RECV(fd) u_recv(fd, payload, 100, MSG_DONTWAIT)

SCRIPT(closed_and_listen_have_no_connection)
{
	int fd = u_socket(SOCK_STREAM, 0), l = listening();

	EXPECT(RECV(fd), -ENOTCONN);
	EXPECT(RECV(l), -ENOTCONN);
	u_close(fd);
	u_close(l);
}

SCRIPT(syn_sent_waits)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	EXPECT(RECV(fd), -EAGAIN);
	u_close(fd);
}

SCRIPT(half_closed_still_receives)
{
	struct conn c = in_fin_wait_1();

	EXPECT(RECV(c.fd), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 10, none);
	EXPECT(RECV(c.fd), 10);
	put(ACK, 11, 2, 65535, 0, none);
	put(ACK | PSH, 11, 2, 65535, 20, none);
	EXPECT(RECV(c.fd), 20);
	skip_seen();
	put(FIN | ACK, 31, 2, 65535, 5, none);
	want(ACK, 2, 37, 0);
	EXPECT(RECV(c.fd), 5);
	EXPECT(RECV(c.fd), 0);
	leave(c, 37);
}

SCRIPT(what_came_is_read_after_the_fin)
{
	struct conn c = in_established();

	put(ACK | PSH, 1, 1, 65535, 10, none);
	put(FIN | ACK, 11, 1, 65535, 0, none);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	EXPECT(RECV(c.fd), 10);
	EXPECT(RECV(c.fd), 0);
	EXPECT(RECV(c.fd), 0);
	leave(c, 12);
}

SCRIPT(a_reset_leaves_what_came)
{
	struct conn c = in_established();

	put(ACK | PSH, 1, 1, 65535, 10, none);
	put(RST, 11, 0, 0, 0, none);
	EXPECT(RECV(c.fd), 10);
	EXPECT(RECV(c.fd), -ECONNRESET);
	EXPECT(RECV(c.fd), 0);
	leave(c, 11);
}
