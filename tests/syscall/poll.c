/* SPDX-License-Identifier: MIT */
/* poll(2), ppoll(2): sets, timeouts, mixtures. Masks: pollmask.c. */
#include "harness.h"

#include <sys/eventfd.h>

TEST(negative_descriptors_are_skipped)
{
	int sv[2];
	struct pollfd p[2] = { { -1, POLLIN, 0x77 }, { 0, POLLIN, 0 } };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	p[1].fd = sv[1];
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
	CHECK_EQ(p[0].revents, 0);
	CHECK_EQ(p[1].revents, POLLIN);
}

TEST(closed_descriptor_is_pollnval)
{
	struct pollfd p[2] = { { 9999, POLLIN, 0 }, { 0, POLLOUT, 0 } };

	p[1].fd = udp_socket();
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 2);
	CHECK_EQ(p[0].revents, POLLNVAL);
	CHECK_EQ(p[1].revents, POLLOUT);
}

TEST(zero_timeout_returns_at_once)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(poll_now(sv[0], POLLIN), 0);
}

TEST(timeout_passes)
{
	int sv[2];
	struct pollfd p = { 0, POLLIN, 0x77 };
	double t = now();

	tcp_pair(sv);
	p.fd = sv[0];
	CHECK_EQ(CHECK_OK(poll(&p, 1, 50)), 0);
	CHECK_EQ(p.revents, 0);
	CHECK(now() - t >= 0.049);
}

TEST(blocked_poll_is_woken_by_data)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "x");
	}
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	join(pid);
}

TEST(blocked_poll_is_woken_by_connection)
{
	sin_t a;
	int l = tcp_listener(&a);
	pid_t pid, parent = getpid();

	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	}
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	join(pid);
}

TEST(blocked_poll_is_woken_by_room)
{
	int sv[2];
	size_t n;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	n = fill_up(sv[0]);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		drain(sv[1], n);
	}
	CHECK_EQ(poll_for(sv[0], POLLOUT), POLLOUT);
	join(pid);
}

TEST(blocked_poll_is_woken_by_close_of_the_peer)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid)
		wait_asleep(parent, parent);
	CHECK_OK(close(sv[0]));
	CHECK_EQ(poll_for(sv[1], POLLIN | POLLRDHUP), POLLIN | POLLRDHUP);
	join(pid);
}

TEST(blocked_poll_is_woken_by_reset)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		set_linger(sv[0], 1, 0);
		CHECK_OK(close(sv[0]));
	}
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], 0) & POLLERR);
	join(pid);
}

TEST(mixture_of_kinds)
{
	int sv[2], us[2], p[2], ev;
	struct pollfd f[5];
	int i;

	tcp_pair(sv);
	udp_pair(us);
	CHECK_OK(pipe(p));
	ev = CHECK_OK(eventfd(0, 0));
	f[0].fd = sv[1];
	f[1].fd = us[1];
	f[2].fd = p[0];
	f[3].fd = ev;
	f[4].fd = CHECK_OK(open("/dev/null", O_RDONLY));
	for (i = 0; i < 5; i++)
		f[i].events = POLLIN;
	CHECK_EQ(CHECK_OK(poll(f, 4, 0)), 0);
	CHECK_EQ(CHECK_OK(poll(f, 5, -1)), 1);
	CHECK_WRITES(sv[0], "x");
	CHECK_WRITES(us[0], "x");
	CHECK_WRITES(p[1], "x");
	CHECK_OK(eventfd_write(ev, 1));
	for (i = 0; i < 4; i++)
		CHECK_EQ(poll_for(f[i].fd, POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(poll(f, 5, -1)), 5);
}

TEST(same_socket_twice_in_a_set)
{
	int sv[2];
	struct pollfd p[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	p[0].fd = p[1].fd = sv[1];
	p[0].events = POLLIN;
	p[1].events = POLLOUT;
	CHECK_EQ(CHECK_OK(poll(p, 2, 0)), 2);
	CHECK_EQ(p[0].revents, POLLIN);
	CHECK_EQ(p[1].revents, POLLOUT);
}

TEST(hundred_sockets_one_ready)
{
	sin_t a;
	int l = tcp_listener(&a), sv[100][2], i;
	struct pollfd p[100];

	for (i = 0; i < 100; i++) {
		tcp_pair_on(l, &a, sv[i]);
		p[i].fd = sv[i][1];
		p[i].events = POLLIN;
	}
	CHECK_WRITES(sv[61][0], "x");
	CHECK_EQ(CHECK_OK(poll(p, 100, -1)), 1);
	CHECK_EQ(p[61].revents, POLLIN);
}

TEST(ppoll_timeout_and_mask)
{
	int sv[2];
	struct pollfd p = { 0, POLLIN, 0 };
	struct timespec ts = { 0, 20000000 };
	sigset_t set;

	tcp_pair(sv);
	p.fd = sv[1];
	sigemptyset(&set);
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, &ts, &set)), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, NULL, &set)), 1);
}

TEST(ready_and_taken_again_and_again)
{
	int sv[2], i;

	tcp_pair(sv);
	for (i = 0; i < 500; i++) {
		CHECK_WRITES(sv[0], "x");
		CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
		CHECK_READS(sv[1], "x");
		CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	}
}

TEST(bad_arguments)
{
	CHECK_ERRNO(poll(BAD_PTR, 1, 0), EFAULT);
	CHECK_ERRNO(poll(NULL, 0x7fffffff, 0), EINVAL);
	CHECK_EQ(CHECK_OK(poll(NULL, 0, 0)), 0);
}

HARNESS_MAIN
