/* SPDX-License-Identifier: MIT */
/* select(2), pselect(2) on sockets. */
#include "harness.h"

#include <sys/select.h>

/* 1: readable, 2: writable, 4: exceptional; at once. */
static int sel(int fd)
{
	fd_set r, w, e;
	struct timeval tv = { 0, 0 };

	CHECK(fd < FD_SETSIZE);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(fd, &r);
	FD_SET(fd, &w);
	FD_SET(fd, &e);
	CHECK_OK(select(fd + 1, &r, &w, &e, &tv));
	return (FD_ISSET(fd, &r) ? 1 : 0) | (FD_ISSET(fd, &w) ? 2 : 0) |
	       (FD_ISSET(fd, &e) ? 4 : 0);
}

static void sel_until(int fd, int want)
{
	while (sel(fd) != want)
		sched_yield();
}

TEST(established)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(sel(sv[0]), 2);
	CHECK_WRITES(sv[0], "x");
	sel_until(sv[1], 3);
}

TEST(listener)
{
	sin_t a;
	int l = tcp_listener(&a);

	CHECK_EQ(sel(l), 0);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	sel_until(l, 1);
}

TEST(fresh_is_readable_and_writable)
{
	CHECK_EQ(sel(tcp_socket()), 3);
	CHECK_EQ(sel(udp_socket()), 2);
}

TEST(full_is_not_writable)
{
	int sv[2];

	tcp_pair(sv);
	fill_up(sv[0]);
	CHECK_EQ(sel(sv[0]), 0);
}

TEST(end_of_file_is_readable)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	sel_until(sv[1], 3);
}

TEST(reset_is_readable_and_writable)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	sel_until(sv[1], 3);
}

TEST(urgent_is_exceptional)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	sel_until(sv[1], 6);
}

TEST(refused_connect)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	sel_until(fd, 3);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
}

TEST(count_is_the_number_of_bits)
{
	int sv[2];
	fd_set r, w;
	struct timeval tv = { 5, 0 };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(sv[0], &r);
	FD_SET(sv[1], &r);
	FD_SET(sv[0], &w);
	FD_SET(sv[1], &w);
	CHECK_EQ(CHECK_OK(select((sv[0] > sv[1] ? sv[0] : sv[1]) + 1, &r, &w,
				 NULL, &tv)), 3);
	CHECK(!FD_ISSET(sv[0], &r));
	CHECK_GE(tv.tv_sec, 4);		/* Linux writes the rest back */
}

TEST(blocked_select_is_woken)
{
	int sv[2];
	fd_set r;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "x");
	}
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	CHECK_EQ(CHECK_OK(select(sv[1] + 1, &r, NULL, NULL, NULL)), 1);
	join(pid);
}

TEST(timeout_passes)
{
	int sv[2];
	fd_set r;
	struct timeval tv = { 0, 50000 };
	double t = now();

	tcp_pair(sv);
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	CHECK_EQ(CHECK_OK(select(sv[1] + 1, &r, NULL, NULL, &tv)), 0);
	CHECK(!FD_ISSET(sv[1], &r));
	CHECK(now() - t >= 0.049);
}

TEST(closed_descriptor_ebadf)
{
	fd_set r;
	struct timeval tv = { 0, 0 };
	int fd = udp_socket();

	FD_ZERO(&r);
	FD_SET(fd, &r);
	CHECK_OK(close(fd));
	CHECK_ERRNO(select(fd + 1, &r, NULL, NULL, &tv), EBADF);
}

TEST(pselect_with_pipe_and_socket)
{
	int sv[2], p[2], max;
	fd_set r;
	struct timespec ts = { 5, 0 };
	sigset_t set;

	sigemptyset(&set);
	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(p[1], "x");
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	FD_SET(p[0], &r);
	max = sv[1] > p[0] ? sv[1] : p[0];
	CHECK_EQ(CHECK_OK(pselect(max + 1, &r, NULL, NULL, &ts, &set)), 2);
}

HARNESS_MAIN
