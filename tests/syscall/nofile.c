/* SPDX-License-Identifier: MIT */
/*
 * A program that lowers its limit of open files (memcached -c 64, ulimit -n in
 * a script): its sockets find numbers as long as there are any.
 */
#include "harness.h"

#include <sys/epoll.h>
#include <sys/resource.h>

#define LIMIT 40

static void lower_the_limit(void)
{
	struct rlimit rl;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = LIMIT;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
}

static int low(int fd)
{
	CHECK(fd >= 0 && fd < LIMIT);
	return fd;
}

static void low_pair(int sv[2])
{
	lower_the_limit();
	tcp_pair(sv);
	low(sv[0]);
	low(sv[1]);
}

static int polled(int fd, short events, int timeout)
{
	struct pollfd p = { .fd = fd, .events = events };

	return CHECK_OK(poll(&p, 1, timeout)) ? p.revents : 0;
}

TEST(a_connection_has_low_numbers)
{
	int sv[2];

	low_pair(sv);
	CHECK_WRITES(sv[0], "there");
	CHECK_READS(sv[1], "there");
	CHECK_EQ(CHECK_OK(send(sv[1], "back", 4, 0)), 4);
	CHECK_READS(sv[0], "back");
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
}

TEST(a_listener_is_ready_once_somebody_comes)
{
	sin_t a;
	int l, c;

	lower_the_limit();
	l = low(tcp_listener(&a));
	CHECK_EQ(polled(l, POLLIN, 0), 0);
	c = low(tcp_socket());
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_EQ(polled(l, POLLIN, 1000), POLLIN);
	low(CHECK_OK(accept(l, NULL, NULL)));
	CHECK_EQ(polled(l, POLLIN, 0), 0);
}

TEST(o_nonblock_by_fcntl)
{
	sin_t a;
	int l, c, s;
	char byte;

	lower_the_limit();
	l = low(tcp_listener(&a));
	CHECK_OK(fcntl(l, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
	c = low(tcp_socket());
	CHECK_OK(fcntl(c, F_SETFL, O_NONBLOCK));
	if (connect(c, SA(&a), sizeof(a)) < 0)
		CHECK_EQ(errno, EINPROGRESS);
	CHECK_EQ(polled(l, POLLIN, 1000), POLLIN);
	s = low(CHECK_OK(accept4(l, NULL, NULL, SOCK_NONBLOCK)));
	CHECK_EQ(polled(c, POLLOUT, 1000), POLLOUT);
	CHECK_ERRNO(read(c, &byte, 1), EAGAIN);
	CHECK_ERRNO(read(s, &byte, 1), EAGAIN);
	CHECK_ERRNO(recv(c, &byte, 1, 0), EAGAIN);
	CHECK_ERRNO(recv(s, &byte, 1, 0), EAGAIN);
	CHECK_WRITES(c, "x");
	CHECK_EQ(polled(s, POLLIN, 1000), POLLIN);
	CHECK_READS(s, "x");
	CHECK_OK(fcntl(s, F_SETFL, 0));
	CHECK_OK(close(c));
	CHECK_EOF(s);
}

TEST(epoll_watches_them)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int sv[2], ep;

	low_pair(sv);
	ep = CHECK_OK(epoll_create1(0));
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, sv[1], &ev));
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &ev, 1, 0)), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &ev, 1, 1000)), 1);
	CHECK_READS(sv[1], "x");
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &ev, 1, 0)), 0);
}

TEST(datagrams_have_their_senders)
{
	socklen_t len = sizeof(sin_t);
	sin_t a, b, from;
	char text[8];
	int x, y;

	lower_the_limit();
	x = low(udp_bound(&a));
	y = low(udp_bound(&b));
	CHECK_EQ(CHECK_OK(sendto(x, "hello", 5, 0, SA(&b), sizeof(b))), 5);
	CHECK_EQ(polled(y, POLLIN, 1000), POLLIN);
	CHECK_EQ(CHECK_OK(recvfrom(y, text, sizeof(text), 0, SA(&from), &len)),
		 5);
	CHECK_EQ(from.sin_port, a.sin_port);
}

TEST(options_and_names)
{
	socklen_t len = sizeof(sin_t);
	int sv[2];
	sin_t a, b;

	low_pair(sv);
	set_opt(sv[0], IPPROTO_TCP, TCP_NODELAY, 1);
	CHECK_EQ(get_opt(sv[0], IPPROTO_TCP, TCP_NODELAY), 1);
	CHECK_OK(getsockname(sv[0], SA(&a), &len));
	CHECK_OK(getpeername(sv[1], SA(&b), &len));
	CHECK_EQ(a.sin_port, b.sin_port);
}

TEST(emfile_when_all_are_taken)
{
	int fd, last = -1, n = 0;
	sin_t a;
	int l, c;

	lower_the_limit();
	l = tcp_listener(&a);
	c = tcp_socket();
	while ((fd = socket(AF_INET, SOCK_DGRAM, 0)) >= 0) {
		last = low(fd);
		n++;
	}
	CHECK_EQ(errno, EMFILE);
	CHECK_GE(n, 10);
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_ERRNO(accept(l, NULL, NULL), EMFILE);
	CHECK_OK(close(last));
	CHECK_EQ(CHECK_OK(accept(l, NULL, NULL)), last);
}

TEST(dup_is_low_too)
{
	int sv[2], d;

	low_pair(sv);
	d = low(CHECK_OK(dup(sv[0])));
	CHECK_OK(close(sv[0]));
	CHECK_WRITES(d, "by the copy");
	CHECK_READS(sv[1], "by the copy");
	CHECK_EQ(CHECK_OK(dup(d)), sv[0]);
}

TEST(dup_gives_emfile_when_all_are_taken)
{
	int sv[2];

	low_pair(sv);
	while (dup(0) >= 0)
		;
	CHECK_ERRNO(dup(sv[0]), EMFILE);
	CHECK_ERRNO(fcntl(sv[0], F_DUPFD, 0), EMFILE);
	CHECK_WRITES(sv[0], "there");
	CHECK_READS(sv[1], "there");
}

TEST(a_child_has_the_limit_too)
{
	int status;

	lower_the_limit();
	if (!CHECK_OK(fork())) {
		int sv[2];

		tcp_pair(sv);
		CHECK_WRITES(sv[0], "x");
		CHECK_READS(sv[1], "x");
		exit(0);
	}
	CHECK_OK(wait(&status));
	CHECK_EQ(status, 0);
}

HARNESS_MAIN
