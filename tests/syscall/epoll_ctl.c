/* SPDX-License-Identifier: MIT */
/*
 * epoll_ctl(2): errors, EPOLLEXCLUSIVE, and what dup, close, fork and other
 * sets do to an entry. What epoll tells of sockets: epoll.c.
 */
#include "harness.h"

#include <sys/epoll.h>

static int ep_new(void)
{
	return CHECK_OK(epoll_create1(EPOLL_CLOEXEC));
}

static int ep_ctl(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, op, fd, &e);
}

static void ep_add(int ep, int fd, uint32_t events)
{
	CHECK_OK(ep_ctl(ep, EPOLL_CTL_ADD, fd, events));
}

/* Nothing is ready. */
static void ep_none(int ep)
{
	struct epoll_event e[8];

	CHECK_EQ(CHECK_OK(epoll_wait(ep, e, 8, 0)), 0);
}

/* Wait; exactly this descriptor is ready, with these events. */
static void ep_one(int ep, int fd, uint32_t events)
{
	struct epoll_event e[8];
	int n;

	do
		n = epoll_wait(ep, e, 8, -1);
	while (n < 0 && errno == EINTR);
	CHECK_EQ(n, 1);
	CHECK_EQ(e[0].data.fd, fd);
	CHECK_EQ(e[0].events, events);
}

TEST(mod_changes_the_interest)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	ep_add(ep, sv[1], EPOLLIN);
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_OK(ep_ctl(ep, EPOLL_CTL_MOD, sv[1], EPOLLOUT));
	ep_one(ep, sv[1], EPOLLOUT);
	CHECK_OK(ep_ctl(ep, EPOLL_CTL_MOD, sv[1], 0));
	ep_none(ep);
}

TEST(del_ends_the_interest)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT);
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_DEL, sv[0], NULL));
	ep_none(ep);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, sv[0], NULL), ENOENT);
}

TEST(control_errors)
{
	int sv[2], ep = ep_new(), f;

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLIN);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_ADD, sv[0], EPOLLIN), EEXIST);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_MOD, sv[1], EPOLLIN), ENOENT);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_DEL, sv[1], 0), ENOENT);
	CHECK_ERRNO(ep_ctl(ep, 99, sv[0], 0), EINVAL);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_ADD, -1, 0), EBADF);
	CHECK_ERRNO(ep_ctl(-1, EPOLL_CTL_ADD, sv[0], 0), EBADF);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_ADD, ep, 0), EINVAL);
	CHECK_ERRNO(ep_ctl(sv[0], EPOLL_CTL_ADD, sv[1], 0), EINVAL);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_ADD, sv[1], NULL), EFAULT);
	f = CHECK_OK(open("/proc/self/status", O_RDONLY));
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_ADD, f, EPOLLIN), EPERM);
}

TEST(wait_errors)
{
	int sv[2], ep = ep_new();
	struct epoll_event e;

	tcp_pair(sv);
	CHECK_ERRNO(epoll_wait(ep, &e, 0, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(ep, &e, -1, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(-1, &e, 1, 0), EBADF);
	CHECK_ERRNO(epoll_wait(sv[0], &e, 1, 0), EINVAL);
	ep_add(ep, sv[0], EPOLLOUT);
	CHECK_ERRNO(epoll_wait(ep, BAD_PTR, 1, 0), EFAULT);
}

TEST(exclusive_may_not_be_modified)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLIN | EPOLLEXCLUSIVE);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_MOD, sv[0], EPOLLIN), EINVAL);
	CHECK_ERRNO(ep_ctl(ep, EPOLL_CTL_ADD, sv[1],
			   EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT), EINVAL);
	CHECK_WRITES(sv[1], "x");
	ep_one(ep, sv[0], EPOLLIN);
}

TEST(exclusive_listener_in_two_processes)
{
	sin_t a;
	int l = tcp_listener(&a), i;
	pid_t pid[2];

	set_nonblock(l);
	for (i = 0; i < 2; i++)
		IN_CHILD(pid[i]) {
			int ep = ep_new(), s;

			ep_add(ep, l, EPOLLIN | EPOLLEXCLUSIVE);
			do {
				ep_one(ep, l, EPOLLIN);
				s = accept(l, NULL, NULL);
			} while (s < 0 && errno == EAGAIN);
			CHECK_WRITES(s, "served");
		}
	for (i = 0; i < 2; i++) {
		int c = tcp_socket();

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		CHECK_READS(c, "served");
		CHECK_EOF(c);
	}
	join(pid[0]);
	join(pid[1]);
}

TEST(closed_descriptor_leaves_the_set)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT);
	ep_one(ep, sv[0], EPOLLOUT);
	CHECK_OK(close(sv[0]));
	ep_none(ep);
	CHECK_ERRNO(epoll_ctl(ep, EPOLL_CTL_DEL, sv[0], NULL), EBADF);
}

TEST(closed_descriptor_with_a_dup_stays_in_the_set)
{
	int sv[2], ep = ep_new(), d;

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT);
	d = CHECK_OK(dup(sv[0]));
	CHECK_OK(close(sv[0]));
	ep_one(ep, sv[0], EPOLLOUT);
	CHECK_OK(close(d));
	ep_none(ep);
}

TEST(dup_is_a_second_entry)
{
	int sv[2], ep = ep_new(), d, i, n, seen = 0;
	struct epoll_event e[8];

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[0]));
	ep_add(ep, sv[0], EPOLLOUT);
	ep_add(ep, d, EPOLLOUT);
	n = CHECK_OK(epoll_wait(ep, e, 8, -1));
	CHECK_EQ(n, 2);
	for (i = 0; i < n; i++)
		seen |= e[i].data.fd == d ? 2 : 1;
	CHECK_EQ(seen, 3);
}

TEST(number_reused_is_a_new_entry)
{
	int sv[2], ep = ep_new(), fd;

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT);
	CHECK_OK(close(sv[0]));
	fd = udp_socket();
	if (fd != sv[0])
		fd = CHECK_OK(dup2(fd, sv[0]));
	ep_none(ep);
	ep_add(ep, fd, EPOLLOUT);
	ep_one(ep, fd, EPOLLOUT);
}

TEST(two_sets_tell_alike)
{
	int sv[2], a = ep_new(), b = ep_new();

	tcp_pair(sv);
	ep_add(a, sv[1], EPOLLIN);
	ep_add(b, sv[1], EPOLLIN);
	CHECK_WRITES(sv[0], "x");
	ep_one(a, sv[1], EPOLLIN);
	ep_one(b, sv[1], EPOLLIN);
	CHECK_READS(sv[1], "x");
	ep_none(a);
	ep_none(b);
}

TEST(set_in_a_set)
{
	int sv[2], in = ep_new(), out = ep_new();

	tcp_pair(sv);
	ep_add(in, sv[1], EPOLLIN);
	ep_add(out, in, EPOLLIN);
	ep_none(out);
	CHECK_WRITES(sv[0], "x");
	ep_one(out, in, EPOLLIN);
	CHECK_EQ(poll_now(in, POLLIN), POLLIN);
	CHECK_READS(sv[1], "x");
	ep_none(out);
}

TEST(set_is_shared_over_fork)
{
	int sv[2], ep = ep_new();
	pid_t pid;

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	IN_CHILD(pid) {
		ep_one(ep, sv[1], EPOLLIN);
		CHECK_READS(sv[1], "for the child");
	}
	CHECK_WRITES(sv[0], "for the child");
	join(pid);
	ep_none(ep);
}

HARNESS_MAIN
