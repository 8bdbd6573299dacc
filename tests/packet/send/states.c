/* SPDX-License-Identifier: MIT */
/* SEND in each state: RFC 9293 3.10.2. */
#include "tests/packet/states.h"

#define SEND(fd) u_send(fd, payload, 10, MSG_NOSIGNAL | MSG_DONTWAIT)

SCRIPT(closed_and_listen_have_no_connection)
{
	int fd = u_socket(SOCK_STREAM, 0), l = listening();

	EXPECT(SEND(fd), -EPIPE);
	EXPECT(SEND(l), -EPIPE);
	u_close(fd);
	u_close(l);
}

SCRIPT(syn_sent_waits)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	EXPECT(SEND(fd), -EAGAIN);
	u_close(fd);
}

SCRIPT(close_wait_still_sends)
{
	struct conn c = in_close_wait();

	EXPECT(SEND(c.fd), 10);
	want(ACK, 1, 2, 10);
	put(ACK, 2, 11, 65535, 0, none);
	want_none(0);
	leave(c, 2);
}

SCRIPT(after_the_fin_it_is_an_error)
{
	struct conn c = in_fin_wait_1();

	EXPECT(SEND(c.fd), -EPIPE);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(SEND(c.fd), -EPIPE);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(SEND(c.fd), -EPIPE);
	leave(c, 2);
}

SCRIPT(after_a_reset_the_error_comes_first)
{
	struct conn c = in_established();

	put(RST, 1, 0, 0, 0, none);
	EXPECT(SEND(c.fd), -ECONNRESET);
	EXPECT(SEND(c.fd), -EPIPE);
	leave(c, 1);
}
