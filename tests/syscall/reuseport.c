/* SPDX-License-Identifier: MIT */
/* SO_REUSEPORT: groups of sockets on one port. */
#include "harness.h"

static int made(int type, int reuse)
{
	int fd = CHECK_OK(socket(AF_INET, type, 0));

	set_opt(fd, SOL_SOCKET, SO_REUSEPORT, reuse);
	return fd;
}

static void group(int type, int n, int *fd, sin_t *a)
{
	int i;

	for (i = 0; i < n; i++) {
		fd[i] = made(type, 1);
		if (!i)
			bind_lo(fd[i], a);
		else
			CHECK_OK(bind(fd[i], SA(a), sizeof(*a)));
	}
}

TEST(both_need_it)
{
	sin_t a;
	int type, t[2] = { SOCK_STREAM, SOCK_DGRAM };

	for (type = 0; type < 2; type++) {
		bind_lo(made(t[type], 1), &a);
		CHECK_ERRNO(bind(made(t[type], 0), SA(&a), sizeof(a)),
			    EADDRINUSE);
		bind_lo(made(t[type], 0), &a);
		CHECK_ERRNO(bind(made(t[type], 1), SA(&a), sizeof(a)),
			    EADDRINUSE);
	}
}

TEST(all_may_listen)
{
	int fd[4], i;
	sin_t a;

	group(SOCK_STREAM, 4, fd, &a);
	for (i = 0; i < 4; i++)
		CHECK_OK(listen(fd[i], 8));
}

TEST(each_connection_goes_to_one_listener)
{
	int fd[4], c[40], i, n = 0;
	sin_t a;

	group(SOCK_STREAM, 4, fd, &a);
	for (i = 0; i < 4; i++) {
		CHECK_OK(listen(fd[i], 64));
		set_nonblock(fd[i]);
	}
	for (i = 0; i < 40; i++) {
		c[i] = tcp_socket();
		CHECK_OK(connect(c[i], SA(&a), sizeof(a)));
	}
	/* All are in some queue when the last byte of each has been acked. */
	while (n < 40) {
		for (i = 0; i < 4; i++) {
			int s = accept(fd[i], NULL, NULL);

			if (s < 0) {
				CHECK_EQ(errno, EAGAIN);
				continue;
			}
			CHECK_WRITES(s, "y");
			n++;
		}
		sched_yield();
	}
	for (i = 0; i < 40; i++)
		CHECK_READS(c[i], "y");
}

TEST(connections_are_spread)
{
	int fd[2], i, per[2] = { 0, 0 }, n = 0;
	sin_t a;

	group(SOCK_STREAM, 2, fd, &a);
	for (i = 0; i < 2; i++) {
		CHECK_OK(listen(fd[i], 128));
		set_nonblock(fd[i]);
	}
	for (i = 0; i < 64; i++)
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	while (n < 64) {
		for (i = 0; i < 2; i++)
			if (accept(fd[i], NULL, NULL) >= 0) {
				per[i]++;
				n++;
			}
	}
	/* 2^-63 to fail by chance. */
	CHECK(per[0] > 0 && per[1] > 0);
}

TEST(udp_flows_stick_and_spread)
{
	int fd[2], i, per[2] = { 0, 0 };
	sin_t a;

	group(SOCK_DGRAM, 2, fd, &a);
	for (i = 0; i < 64; i++) {
		int s = udp_socket(), first;
		struct pollfd p[2] = { { fd[0], POLLIN, 0 },
				       { fd[1], POLLIN, 0 } };

		CHECK_OK(sendto(s, "1", 1, 0, SA(&a), sizeof(a)));
		CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
		first = p[0].revents ? 0 : 1;
		CHECK_READS(fd[first], "1");
		CHECK_OK(sendto(s, "2", 1, 0, SA(&a), sizeof(a)));
		CHECK_READS(fd[first], "2");
		per[first]++;
		CHECK_OK(close(s));
	}
	CHECK(per[0] > 0 && per[1] > 0);
}

TEST(closed_member_leaves_the_rest)
{
	int fd[3], i;
	sin_t a;

	group(SOCK_DGRAM, 3, fd, &a);
	CHECK_OK(close(fd[0]));
	CHECK_OK(close(fd[2]));
	for (i = 0; i < 20; i++) {
		CHECK_OK(sendto(udp_socket(), "x", 1, 0, SA(&a), sizeof(a)));
		CHECK_READS(fd[1], "x");
	}
}

TEST(reuseaddr_and_reuseport_do_not_mix)
{
	int fd = tcp_socket();
	sin_t a;

	bind_lo(made(SOCK_STREAM, 1), &a);
	set_opt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EADDRINUSE);
}

TEST(another_users_socket_does_not_join)
{
	sin_t a;
	pid_t pid;

	if (geteuid())
		SKIP_HOST("takes root to change the user");
	bind_lo(made(SOCK_DGRAM, 1), &a);
	IN_CHILD(pid) {
		CHECK_OK(setresuid(65534, 65534, 65534));
		CHECK_ERRNO(bind(made(SOCK_DGRAM, 1), SA(&a), sizeof(a)),
			    EADDRINUSE);
	}
	join(pid);
}

HARNESS_MAIN
