/* SPDX-License-Identifier: MIT */
/* SYN crosses ours: RFC 9293 3.10.7.3 fourth, 3.5. */
#include "tests/packet/wire.h"

SCRIPT(simultaneous_open)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	CHECK(state_of(fd) == TCP_SYN_RECV);
	want(SYN | ACK, 0, 1, 0);
	put(SYN | ACK, 0, 1, 65535, 0, mss(1460));
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	skip_seen();
	CHECK(u_send(fd, payload, 10, 0) == 10);
	want(ACK, 1, 1, 10);
	put(ACK, 1, 11, 65535, 100, none);
	CHECK(u_recv(fd, payload, 1000, 0) == 100);
	put(RST | ACK, 101, 11, 0, 0, none);
	u_close(fd);
}
