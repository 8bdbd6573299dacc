/* SPDX-License-Identifier: MIT */
/* The choice of a local port: RFC 6056 3.3.3 and 3.3.4, as Linux does it. */
#include "tests/packet/wire.h"

#define LOW 30000
#define TRIES 12

/* The port of a connection that the peer refuses. */
static u16 port_used(void)
{
	int fd = connecting();
	u16 port;

	want(SYN, 0, 0, 0);
	port = host_port;
	put(RST | ACK, 0, 1, 0, 0, none);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	u_close(fd);
	return port;
}

SCRIPT(stays_in_the_range_and_does_not_count_up)
{
	u16 last = 0, port;
	int next = 0;

	sysctl("ipv4/ip_local_port_range", "30000 31999");
	for (int i = 0; i < TRIES; i++) {
		port = port_used();
		CHECK(port >= LOW && port <= 31999);
		next += port == last + 1;
		last = port;
	}
	CHECK(next < TRIES - 2);
}

SCRIPT(all_taken_is_an_error)
{
	int fd[3];

	sysctl("ipv4/ip_local_port_range", "30000 30001");
	for (int i = 0; i < 3; i++) {
		fd[i] = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
		EXPECT(u_connect(fd[i], PEER_ADDR, PEER_PORT),
		       i < 2 ? -EINPROGRESS : -EADDRNOTAVAIL);
	}
	/* To another peer the same ports are free. */
	EXPECT(u_connect(fd[2], PEER_ADDR, PEER_PORT + 1), -EINPROGRESS);
	for (int i = 0; i < 3; i++)
		u_close(fd[i]);
	skip_seen();
}
