/* SPDX-License-Identifier: MIT */
/*
 * OPEN where the last connection is still remembered: tcp_tw_reuse, RFC 6191.
 */
#include "tests/packet/wire.h"

/* Connect from port 6000, bound to it or without a choice. */
static int from_6000(bool bound, long result)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	sysctl("ipv4/ip_local_port_range", "6000 6000");
	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	if (bound)
		EXPECT(u_bind(fd, 0, 6000), 0);
	host_isn_known = false;
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), result);
	return fd;
}

/* A connection from there that ends in TIME-WAIT. */
static void visit(bool bound, struct opts o)
{
	int fd = from_6000(bound, -EINPROGRESS);

	want(SYN, 0, 0, 0);
	EXPECT(host_port, 6000);
	put(SYN | ACK, 0, 1, 65535, 0, o);
	skip_seen();
	u_close(fd);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, o.len > 4 ? ts(20, 0) : none);
	EXPECT(time_waits(), 1);
	skip_seen();
}

SCRIPT(a_chosen_port_waits_unless_reuse_is_set)
{
	visit(false, join(mss(1460), ts(10, 0)));
	sim_sleep(2 * SIM_SEC);
	/* By default it is for loopback only. */
	u_close(from_6000(false, -EADDRNOTAVAIL));
	sysctl("ipv4/tcp_tw_reuse", "1");
	int fd = from_6000(false, -EINPROGRESS);

	want(SYN, 0, 0, 0);
	EXPECT(time_waits(), 0);
	EXPECT(stat(TWRecycled), 1);
	u_close(fd);
}

SCRIPT(a_bound_port_needs_stamps_only)
{
	visit(true, join(mss(1460), ts(10, 0)));
	int fd = from_6000(true, -EINPROGRESS);

	want(SYN, 0, 0, 0);
	EXPECT(time_waits(), 0);
	u_close(fd);
}

SCRIPT(without_stamps_there_is_no_reuse)
{
	visit(true, mss(1460));
	sysctl("ipv4/tcp_tw_reuse", "1");
	sim_sleep(1500 * SIM_MS);
	u_close(from_6000(true, -EADDRNOTAVAIL));
	EXPECT(time_waits(), 1);
}
