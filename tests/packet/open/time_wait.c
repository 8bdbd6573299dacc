/* SPDX-License-Identifier: MIT */
/* OPEN where the last connection is still remembered: tcp_tw_reuse. */
#include "tests/packet/wire.h"

SIM_SCRIPT(connect_again_after_time_wait_of_loopback_reuse)
{
	/* tcp_tw_reuse is for loopback only by default: here it is refused. */
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, 0, 6000), 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1460), ts(10, 0)));
	skip_seen();
	u_close(fd);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, ts(20, 0));
	EXPECT(time_waits(), 1);
	skip_seen();
	sim_sleep(2 * SIM_SEC);
	fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, 0, 6000), 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EADDRNOTAVAIL);
	sysctl("ipv4/tcp_tw_reuse", "1");
	host_isn_known = false;
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	EXPECT(time_waits(), 0);
	EXPECT(stat(TWRecycled), 1);
	u_close(fd);
}
