/* SPDX-License-Identifier: MIT */
/*
 * epoll on sockets: level, edge and one-shot, mixed with pipes, eventfd,
 * timerfd and signalfd. Entries and their life: epoll_ctl.c.
 */
#include "harness.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

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

/* Level: wait until it shows these events. */
static void ep_until(int ep, int fd, uint32_t events)
{
	struct epoll_event e[8];

	for (;;) {
		int n = epoll_wait(ep, e, 8, -1);

		CHECK_EQ(n, 1);
		CHECK_EQ(e[0].data.fd, fd);
		if (e[0].events == events)
			return;
	}
}

TEST(level_tells_again_until_read)
{
	int sv[2], ep = ep_new(), i;

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	ep_none(ep);
	CHECK_WRITES(sv[0], "data");
	for (i = 0; i < 3; i++)
		ep_one(ep, sv[1], EPOLLIN);
	CHECK_READS(sv[1], "data");
	ep_none(ep);
}

TEST(level_tells_after_a_partial_read)
{
	int sv[2], ep = ep_new();
	char b[2];

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	CHECK_WRITES(sv[0], "data");
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_EQ(CHECK_OK(read(sv[1], b, 2)), 2);
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_READS(sv[1], "ta");
	ep_none(ep);
}

TEST(connected_is_writable_at_once)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLIN | EPOLLOUT);
	ep_one(ep, sv[0], EPOLLOUT);
	CHECK_WRITES(sv[1], "x");
	ep_until(ep, sv[0], EPOLLIN | EPOLLOUT);
}

TEST(full_socket_is_not_writable_until_drained)
{
	int sv[2], ep = ep_new();
	size_t n;

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT);
	n = fill_up(sv[0]);
	ep_none(ep);
	drain(sv[1], n);
	ep_one(ep, sv[0], EPOLLOUT);
}

TEST(edge_tells_once)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	ep_none(ep);
	CHECK_WRITES(sv[0], "one");
	ep_one(ep, sv[1], EPOLLIN);
	ep_none(ep);
}

TEST(edge_tells_new_data_though_old_is_unread)
{
	int sv[2], ep = ep_new(), i;

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	for (i = 0; i < 5; i++) {
		CHECK_WRITES(sv[0], "more");
		ep_one(ep, sv[1], EPOLLIN);
		ep_none(ep);
	}
	char b[20];

	read_all(sv[1], b, 20);
}

TEST(edge_tells_again_after_draining)
{
	int sv[2], ep = ep_new(), i;

	tcp_pair(sv);
	set_nonblock(sv[1]);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	for (i = 0; i < 50; i++) {
		char c;

		CHECK_WRITES(sv[0], "more");
		ep_one(ep, sv[1], EPOLLIN);
		CHECK_READS(sv[1], "more");
		CHECK_ERRNO(read(sv[1], &c, 1), EAGAIN);
		ep_none(ep);
	}
}

TEST(edge_does_not_tell_for_a_partial_read)
{
	int sv[2], ep = ep_new();
	char b[2];

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	CHECK_WRITES(sv[0], "data");
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_EQ(CHECK_OK(read(sv[1], b, 2)), 2);
	ep_none(ep);
}

TEST(edge_tells_what_was_there_when_added)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "early");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	ep_one(ep, sv[1], EPOLLIN);
	ep_none(ep);
}

TEST(edge_mod_tells_again)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	CHECK_WRITES(sv[0], "data");
	ep_one(ep, sv[1], EPOLLIN);
	ep_none(ep);
	CHECK_OK(ep_ctl(ep, EPOLL_CTL_MOD, sv[1], EPOLLIN | EPOLLET));
	ep_one(ep, sv[1], EPOLLIN);
	ep_none(ep);
}

TEST(edge_writable_once_and_again_after_full)
{
	int sv[2], ep = ep_new();
	size_t n;

	tcp_pair(sv);
	ep_add(ep, sv[0], EPOLLOUT | EPOLLET);
	ep_one(ep, sv[0], EPOLLOUT);
	ep_none(ep);
	n = fill_up(sv[0]);
	drain(sv[1], n);
	ep_one(ep, sv[0], EPOLLOUT);
}

TEST(edge_with_both_directions_tells_both)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLOUT | EPOLLET);
	ep_one(ep, sv[1], EPOLLOUT);
	ep_none(ep);
	CHECK_WRITES(sv[0], "x");
	ep_one(ep, sv[1], EPOLLIN | EPOLLOUT);
	ep_none(ep);
}

TEST(edge_peer_close_tells_in_and_rdhup)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLRDHUP | EPOLLET);
	CHECK_OK(close(sv[0]));
	ep_one(ep, sv[1], EPOLLIN | EPOLLRDHUP);
	ep_none(ep);
}

TEST(peer_close_tells_rdhup_when_asked)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLRDHUP);
	CHECK_OK(close(sv[0]));
	ep_one(ep, sv[1], EPOLLIN | EPOLLRDHUP);
	ep_one(ep, sv[1], EPOLLIN | EPOLLRDHUP);
}

TEST(peer_close_without_rdhup_is_in)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_EOF(sv[1]);
	ep_one(ep, sv[1], EPOLLIN);
}

TEST(hangup_tells_though_nothing_was_asked)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], 0);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	ep_none(ep);
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	ep_one(ep, sv[1], EPOLLHUP);
}

TEST(reset_tells_error_and_hangup)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLRDHUP);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	ep_until(ep, sv[1], EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), ECONNRESET);
	ep_one(ep, sv[1], EPOLLIN | EPOLLRDHUP | EPOLLHUP);
}

TEST(oneshot_tells_once_until_rearmed)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLONESHOT);
	CHECK_WRITES(sv[0], "one");
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_WRITES(sv[0], "two");
	ep_none(ep);
	CHECK_OK(ep_ctl(ep, EPOLL_CTL_MOD, sv[1], EPOLLIN | EPOLLONESHOT));
	ep_one(ep, sv[1], EPOLLIN);
	ep_none(ep);
}

TEST(oneshot_disarmed_hides_hangup_too)
{
	int sv[2], ep = ep_new();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN | EPOLLONESHOT);
	CHECK_WRITES(sv[0], "one");
	ep_one(ep, sv[1], EPOLLIN);
	CHECK_OK(close(sv[0]));
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	ep_none(ep);
}

TEST(listener_is_readable_when_one_waits)
{
	sin_t a;
	int l = tcp_listener(&a), ep = ep_new(), i;

	ep_add(ep, l, EPOLLIN);
	ep_none(ep);
	for (i = 0; i < 2; i++)
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	for (i = 0; i < 2; i++) {
		ep_one(ep, l, EPOLLIN);
		CHECK_OK(accept(l, NULL, NULL));
	}
	ep_none(ep);
}

TEST(listener_edge_tells_each_connection)
{
	sin_t a;
	int l = tcp_listener(&a), ep = ep_new(), i;

	ep_add(ep, l, EPOLLIN | EPOLLET);
	for (i = 0; i < 4; i++) {
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		ep_one(ep, l, EPOLLIN);
		ep_none(ep);
	}
	for (i = 0; i < 4; i++)
		CHECK_OK(accept(l, NULL, NULL));
}

TEST(connect_in_progress_ends_writable)
{
	sin_t a;
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	int ep = ep_new();

	tcp_listener(&a);
	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	ep_add(ep, fd, EPOLLOUT | EPOLLET);
	ep_one(ep, fd, EPOLLOUT);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST(added_before_connect_then_edge_at_connect)
{
	XFAIL_EPOLL();
	sin_t a;
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	int ep = ep_new();

	tcp_listener(&a);
	ep_add(ep, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
	ep_one(ep, fd, EPOLLOUT | EPOLLHUP);
	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	ep_one(ep, fd, EPOLLOUT);
	ep_none(ep);
}

TEST(connect_refused_tells_error)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	int ep = ep_new();

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	ep_add(ep, fd, EPOLLOUT);
	ep_one(ep, fd, EPOLLOUT | EPOLLERR | EPOLLHUP);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	ep_one(ep, fd, EPOLLOUT | EPOLLHUP);
}

TEST(fresh_tcp_socket_is_out_and_hup)
{
	int ep = ep_new(), fd = tcp_socket();

	XFAIL_EPOLL();
	ep_add(ep, fd, EPOLLIN | EPOLLOUT);
	ep_one(ep, fd, EPOLLOUT | EPOLLHUP);
}

TEST(fresh_udp_socket_is_out)
{
	int ep = ep_new(), fd = udp_socket();

	ep_add(ep, fd, EPOLLIN | EPOLLOUT);
	ep_one(ep, fd, EPOLLOUT);
}

TEST(udp_level_and_edge)
{
	int sv[2], lev = ep_new(), edge = ep_new();

	udp_pair(sv);
	ep_add(lev, sv[1], EPOLLIN);
	ep_add(edge, sv[1], EPOLLIN | EPOLLET);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	ep_one(lev, sv[1], EPOLLIN);
	ep_one(edge, sv[1], EPOLLIN);
	ep_none(edge);
	CHECK_READS(sv[1], "one");
	ep_one(lev, sv[1], EPOLLIN);
	ep_none(edge);
	CHECK_WRITES(sv[0], "three");
	ep_one(edge, sv[1], EPOLLIN);
	CHECK_READS(sv[1], "two");
	CHECK_READS(sv[1], "three");
	ep_none(lev);
}

TEST(udp_refused_tells_error)
{
	XFAIL_EPOLL();
	sin_t a = udp_refusing();
	int fd = udp_socket(), ep = ep_new();

	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	ep_add(ep, fd, EPOLLIN);
	CHECK_WRITES(fd, "x");
	ep_one(ep, fd, EPOLLERR);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	ep_none(ep);
}

TEST(urgent_data_tells_pri)
{
	int sv[2], ep = ep_new();
	char c;

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLPRI);
	CHECK_WRITES(sv[0], "plain");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	ep_none(ep);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	ep_one(ep, sv[1], EPOLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	ep_none(ep);
}

TEST(rcvlowat_holds_back_readiness)
{
	int sv[2], ep = ep_new(), n = 0;

	tcp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, SO_RCVLOWAT, 8);
	ep_add(ep, sv[1], EPOLLIN);
	CHECK_WRITES(sv[0], "four");
	while (n < 4)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	ep_none(ep);
	CHECK_WRITES(sv[0], "more");
	ep_one(ep, sv[1], EPOLLIN);
}

TEST(rdnorm_and_wrnorm)
{
	int sv[2], ep = ep_new();

	XFAIL_EPOLL();
	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLRDNORM | EPOLLWRNORM | EPOLLRDBAND |
	       EPOLLWRBAND);
	ep_one(ep, sv[1], EPOLLWRNORM);
	CHECK_WRITES(sv[0], "x");
	ep_until(ep, sv[1], EPOLLRDNORM | EPOLLWRNORM);
}

TEST(data_field_comes_back_whole)
{
	int sv[2], ep = ep_new();
	struct epoll_event e = {
		.events = EPOLLOUT, .data.u64 = 0x123456789abcdef0ULL
	};

	tcp_pair(sv);
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, sv[0], &e));
	e.data.u64 = 0;
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &e, 1, -1)), 1);
	CHECK(e.data.u64 == 0x123456789abcdef0ULL);
}

TEST(mixed_set)
{
	int sv[2], us[2], p[2], ep = ep_new(), ev, tfd, sfd, i, n, seen = 0;
	struct itimerspec it = { .it_value.tv_nsec = 1000000 };
	struct epoll_event e[16];
	sigset_t set;

	tcp_pair(sv);
	udp_pair(us);
	CHECK_OK(pipe(p));
	ev = CHECK_OK(eventfd(0, 0));
	tfd = CHECK_OK(timerfd_create(CLOCK_MONOTONIC, 0));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
	sfd = CHECK_OK(signalfd(-1, &set, 0));
	int fd[6] = { sv[1], us[1], p[0], ev, tfd, sfd };

	for (i = 0; i < 6; i++) {
		struct epoll_event x = { .events = EPOLLIN, .data.u32 = i };

		CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, fd[i], &x));
	}
	ep_none(ep);
	CHECK_WRITES(sv[0], "tcp");
	CHECK_WRITES(us[0], "udp");
	CHECK_WRITES(p[1], "pipe");
	CHECK_OK(eventfd_write(ev, 1));
	CHECK_OK(timerfd_settime(tfd, 0, &it, NULL));
	CHECK_OK(raise(SIGUSR1));
	while (seen != 0x3f) {
		n = CHECK_OK(epoll_wait(ep, e, 16, -1));
		seen = 0;
		for (i = 0; i < n; i++) {
			CHECK_EQ(e[i].events, EPOLLIN);
			seen |= 1 << e[i].data.u32;
		}
	}
	CHECK_READS(sv[1], "tcp");
	CHECK_READS(us[1], "udp");
	CHECK_READS(p[0], "pipe");
	char b[200];

	CHECK_EQ(CHECK_OK(read(ev, b, 8)), 8);
	CHECK_EQ(CHECK_OK(read(tfd, b, 8)), 8);
	CHECK_GE(CHECK_OK(read(sfd, b, sizeof(b))), 100);
	ep_none(ep);
}

TEST(mixed_set_edge_triggered)
{
	int sv[2], p[2], ep = ep_new(), ev, i, n;
	struct epoll_event e[8];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	ev = CHECK_OK(eventfd(0, EFD_NONBLOCK));
	ep_add(ep, sv[1], EPOLLIN | EPOLLET);
	ep_add(ep, p[0], EPOLLIN | EPOLLET);
	ep_add(ep, ev, EPOLLIN | EPOLLET);
	for (i = 0; i < 20; i++) {
		int seen = 0;

		CHECK_WRITES(sv[0], "t");
		CHECK_WRITES(p[1], "p");
		CHECK_OK(eventfd_write(ev, 1));
		while (seen < 3) {
			n = CHECK_OK(epoll_wait(ep, e, 8, -1));
			seen += n;
		}
		ep_none(ep);
		CHECK_READS(sv[1], "t");
		CHECK_READS(p[0], "p");
	}
}

TEST(blocked_wait_is_woken_by_data)
{
	int sv[2], ep = ep_new();
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "x");
	}
	ep_one(ep, sv[1], EPOLLIN);
	join(pid);
}

TEST(blocked_wait_is_woken_by_room)
{
	int sv[2], ep = ep_new();
	size_t n;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	n = fill_up(sv[0]);
	ep_add(ep, sv[0], EPOLLOUT | EPOLLET);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		drain(sv[1], n);
	}
	ep_one(ep, sv[0], EPOLLOUT);
	join(pid);
}

TEST(wait_timeout_passes)
{
	int sv[2], ep = ep_new();
	struct epoll_event e;
	double t = now();

	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &e, 1, 50)), 0);
	CHECK(now() - t >= 0.049);
}

TEST(maxevents_limits_and_rotates)
{
	int sv[4][2], ep = ep_new(), i, seen = 0;

	for (i = 0; i < 4; i++) {
		tcp_pair(sv[i]);
		ep_add(ep, sv[i][0], EPOLLOUT);
	}
	for (i = 0; i < 4; i++) {
		struct epoll_event e;
		int j;

		CHECK_EQ(CHECK_OK(epoll_wait(ep, &e, 1, -1)), 1);
		for (j = 0; j < 4; j++)
			if (e.data.fd == sv[j][0])
				seen |= 1 << j;
	}
	CHECK_EQ(seen, 15);
}

TEST(pwait_and_pwait2)
{
	int sv[2], ep = ep_new();
	struct epoll_event e;
	struct timespec ts = { 0, 1000000 };
	sigset_t set;

	sigemptyset(&set);
	tcp_pair(sv);
	ep_add(ep, sv[1], EPOLLIN);
	CHECK_EQ(CHECK_OK(epoll_pwait(ep, &e, 1, 1, &set)), 0);
	CHECK_EQ(CHECK_OK(epoll_pwait2(ep, &e, 1, &ts, &set)), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(epoll_pwait(ep, &e, 1, -1, &set)), 1);
	CHECK_EQ(CHECK_OK(epoll_pwait2(ep, &e, 1, NULL, &set)), 1);
}

TEST(hundred_connections_in_one_set)
{
	int sv[100][2], ep = ep_new(), i, n, got = 0;
	struct epoll_event e[100];
	sin_t a;
	int l = tcp_listener(&a);

	for (i = 0; i < 100; i++) {
		tcp_pair_on(l, &a, sv[i]);
		ep_add(ep, sv[i][1], EPOLLIN | EPOLLET);
	}
	for (i = 0; i < 100; i += 3)
		CHECK_WRITES(sv[i][0], "x");
	while (got < 34) {
		n = CHECK_OK(epoll_wait(ep, e, 100, -1));
		for (i = 0; i < n; i++) {
			CHECK_EQ(e[i].events, EPOLLIN);
			CHECK_READS(e[i].data.fd, "x");
		}
		got += n;
	}
	CHECK_EQ(got, 34);
	ep_none(ep);
}

HARNESS_MAIN
