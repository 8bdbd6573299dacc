/* SPDX-License-Identifier: MIT */
/* SO_REUSEADDR: who may share a port in which state. */
#include "harness.h"

static int stream(int reuse)
{
	int fd = tcp_socket();

	set_opt(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	return fd;
}

static int at(int fd, const sin_t *a)
{
	return bind(fd, SA(a), sizeof(*a));
}

TEST(both_need_it)
{
	sin_t a;

	bind_lo(stream(1), &a);
	CHECK_ERRNO(at(stream(0), &a), EADDRINUSE);
	bind_lo(stream(0), &a);
	CHECK_ERRNO(at(stream(1), &a), EADDRINUSE);
	bind_lo(stream(1), &a);
	CHECK_OK(at(stream(1), &a));
	CHECK_OK(at(stream(1), &a));
}

TEST(not_with_a_listener)
{
	sin_t a;
	int l = stream(1);

	bind_lo(l, &a);
	CHECK_OK(listen(l, 1));
	CHECK_ERRNO(at(stream(1), &a), EADDRINUSE);
}

TEST(wildcard_and_specific)
{
	sin_t a = sin_of(INADDR_ANY, 0), b;
	int w = stream(1);

	CHECK_OK(at(w, &a));
	b = name_of(w);
	b.sin_addr.s_addr = htonl(LO);
	CHECK_OK(at(stream(1), &b));
	CHECK_OK(listen(w, 1));
	CHECK_ERRNO(at(stream(1), &b), EADDRINUSE);
}

TEST(port_of_live_connections_needs_it)
{
	int sv[2];
	sin_t a;

	tcp_pair(sv);			/* its listener is closed */
	a = name_of(sv[1]);
	CHECK_ERRNO(at(stream(0), &a), EADDRINUSE);
}

TEST(server_restarts_over_its_old_connections)
{
	sin_t a;
	int l = stream(1), l2 = stream(1), sv[2], nv[2];

	bind_lo(l, &a);
	CHECK_OK(listen(l, 4));
	tcp_pair_on(l, &a, sv);
	CHECK_OK(close(l));
	CHECK_OK(at(l2, &a));
	CHECK_OK(listen(l2, 4));
	tcp_pair_on(l2, &a, nv);
	CHECK_WRITES(sv[0], "old");
	CHECK_READS(sv[1], "old");
	CHECK_WRITES(nv[0], "new");
	CHECK_READS(nv[1], "new");
}

/* The server closes first: its port is held in TIME-WAIT. */
static void time_wait_at(sin_t *a, int reuse)
{
	int l = stream(reuse), sv[2];

	bind_lo(l, a);
	CHECK_OK(listen(l, 4));
	tcp_pair_on(l, a, sv);
	CHECK_OK(close(l));
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	CHECK_OK(close(sv[0]));
}

TEST(time_wait_blocks_without_it)
{
	sin_t a;

	time_wait_at(&a, 0);
	CHECK_ERRNO(at(stream(0), &a), EADDRINUSE);
}

TEST(time_wait_lets_through_with_it)
{
	sin_t a;
	int fd = stream(1);

	time_wait_at(&a, 1);
	/* The server's close may still be on its way to TIME-WAIT. */
	while (at(fd, &a) < 0) {
		CHECK_EQ(errno, EADDRINUSE);
		sched_yield();
	}
	CHECK_OK(listen(fd, 1));
}

TEST(reset_leaves_no_time_wait)
{
	sin_t a;
	int l = stream(0), sv[2];
	char c;

	bind_lo(l, &a);
	CHECK_OK(listen(l, 4));
	tcp_pair_on(l, &a, sv);
	CHECK_OK(close(l));
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
	CHECK_OK(at(stream(0), &a));
}

TEST(clearing_it_later_counts)
{
	sin_t a;
	int fd = stream(1);

	bind_lo(fd, &a);
	set_opt(fd, SOL_SOCKET, SO_REUSEADDR, 0);
	CHECK_ERRNO(at(stream(0), &a), EADDRINUSE);
}

TEST(udp_shares_and_the_last_hears)
{
	int fd[2] = { udp_socket(), udp_socket() }, s = udp_socket();
	sin_t a;

	set_opt(fd[0], SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(fd[1], SOL_SOCKET, SO_REUSEADDR, 1);
	bind_lo(fd[0], &a);
	CHECK_OK(bind(fd[1], SA(&a), sizeof(a)));
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_READS(fd[1], "x");
	CHECK_EQ(poll_now(fd[0], POLLIN), 0);
	CHECK_OK(close(fd[1]));
	CHECK_OK(sendto(s, "y", 1, 0, SA(&a), sizeof(a)));
	CHECK_READS(fd[0], "y");
}

TEST(udp_both_need_it)
{
	int fd = udp_socket(), d = udp_socket();
	sin_t a;

	bind_lo(fd, &a);
	set_opt(d, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_ERRNO(bind(d, SA(&a), sizeof(a)), EADDRINUSE);
}

HARNESS_MAIN
