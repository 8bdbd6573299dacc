/* SPDX-License-Identifier: MIT */
/*
 * Wild pointers, as badptr.c: in calls that wait, that name files, and behind
 * the first pointer; and memory that may only be read.
 */
#include "wild.h"

#include <sys/epoll.h>
#include <sys/select.h>

/* ---- waiting ---- */

TEST(poll_array)
{
	EACH_WILD(g, w)
		CHECK_FAULT(RAW(__NR_poll, w, 1, 0));
}

TEST(ppoll_array_time_and_mask)
{
	struct pollfd p = { .fd = tcp_socket(), .events = POLLIN };

	EACH_WILD(g, w) {
		CHECK_FAULT(RAW(__NR_ppoll, w, 1, 0, 0, 8));
		CHECK_FAULT(RAW(__NR_ppoll, P(&p), 1, w, 0, 8));
		CHECK_FAULT(RAW(__NR_ppoll, P(&p), 1, 0, w, 8));
	}
}

#ifdef __i386__
#define NR_SELECT __NR__newselect
#else
#define NR_SELECT __NR_select
#endif

TEST(select_sets_and_time)
{
	int fd = tcp_socket();

	EACH_WILD(g, w) {
		CHECK_FAULT(RAW(NR_SELECT, fd + 1, w, 0, 0, 0));
		CHECK_FAULT(RAW(NR_SELECT, fd + 1, 0, w, 0, 0));
		CHECK_FAULT(RAW(NR_SELECT, fd + 1, 0, 0, w, 0));
		CHECK_FAULT(RAW(NR_SELECT, fd + 1, 0, 0, 0, w));
	}
}

TEST(pselect_sets_time_and_mask)
{
	int fd = tcp_socket();

	EACH_WILD(g, w) {
		long mask[2] = { w, 8 };

		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, w, 0, 0, 0, 0));
		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, 0, w, 0, 0, 0));
		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, 0, 0, w, 0, 0));
		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, 0, 0, 0, w, 0));
		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, 0, 0, 0, 0, w));
		CHECK_FAULT(RAW(__NR_pselect6, fd + 1, 0, 0, 0, 0, P(mask)));
	}
}

TEST(epoll_event_and_events)
{
	struct epoll_event ev = { .events = EPOLLOUT };
	int fd = udp_socket();

	EACH_WILD(g, w) {
		int ep = CHECK_OK(epoll_create1(0));

		CHECK_FAULT(RAW(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, fd, w));
		CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
		CHECK_FAULT(RAW(__NR_epoll_wait, ep, w, 1, 0));
		CHECK_FAULT(RAW(__NR_epoll_pwait, ep, w, 1, 0, 0, 8));
		CHECK_FAULT(RAW(__NR_epoll_pwait, ep, P(&ev), 1, 0, w, 8));
		CHECK_OK(close(ep));
	}
}

/* ---- behind the first pointer ---- */

TEST(messages_of_sendmmsg_and_recvmmsg)
{
	int u[2];

	udp_pair(u);
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		struct iovec iov = { (void *)w, 5 };
		struct mmsghdr vector = { .msg_hdr = {
			.msg_iov = (void *)w, .msg_iovlen = 1 } };
		struct mmsghdr base = { .msg_hdr = {
			.msg_iov = &iov, .msg_iovlen = 1 } };

		CHECK_FAULT(NET(g, NET_SENDMMSG, u[0], P(&vector), 1, 0));
		CHECK_FAULT(NET(g, NET_SENDMMSG, u[0], P(&base), 1, 0));
		CHECK_FAULT(NET(g, NET_RECVMMSG, u[1], P(&vector), 1, 0, 0));
	}
	CHECK_READS(u[1], "x");
}

/* ---- calls of files ---- */

TEST(splice_offsets)
{
	int t[2], p[2], f = CHECK_OK(open("/proc/self/exe", O_RDONLY));

	tcp_pair(t);
	CHECK_OK(pipe(p));
	CHECK_WRITES(p[1], "piped");
	EACH_WILD(g, w) {
		CHECK_FAULT(RAW(__NR_splice, p[0], 0, t[0], w, 5, 0));
		/* A pipe has no offset, wherever it is. */
		CHECK_RAW(RAW(__NR_splice, p[0], w, t[0], 0, 5, 0), -ESPIPE);
		CHECK_FAULT(RAW(__NR_splice, f, w, p[1], 0, 5, 0));
	}
	CHECK_READS(p[0], "piped");
}

TEST(fcntl_owner)
{
	int fd = tcp_socket();

	EACH_WILD(g, w) {
		CHECK_FAULT(RAW(__NR_fcntl, fd, F_SETOWN_EX, w));
		CHECK_FAULT(RAW(__NR_fcntl, fd, F_GETOWN_EX, w));
	}
}

/* ---- memory that may only be read ---- */

TEST(read_only_names_and_options)
{
	sin_t a, from;
	int t = tcp_socket(), u[2], len = 16;
	long ro = P(page_readonly(&len, sizeof(len)));

	CHECK_OK(bind(t, SA(&(sin_t){ .sin_family = AF_INET }), 16));
	udp_pair(u);
	EACH_GATE(g) {
		long w = ro;

		len = 16;
		CHECK_FAULT(NET(g, NET_GETSOCKNAME, t, w, P(&len)));
		CHECK_FAULT(NET(g, NET_GETSOCKNAME, t, P(&a), w));
		CHECK_FAULT(NET(g, NET_GETSOCKOPT, t, SOL_SOCKET, SO_TYPE, w,
				P(&len)));
		len = 16;
		CHECK_FAULT(NET(g, NET_GETSOCKOPT, t, SOL_SOCKET, SO_TYPE,
				P(&a), w));
		CHECK_WRITES(u[0], "x");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		len = 16;
		CHECK_FAULT(NET(g, NET_RECVFROM, u[1], P(&a), 1, 0, w,
				P(&len)));
		CHECK_WRITES(u[0], "x");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_RECVFROM, u[1], P(&a), 1, 0, P(&from),
				w));
		CHECK_FAULT(NET(g, NET_SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, w));
		CHECK_FAULT(RAW(__NR_ioctl, t, FIONBIO, 8));
		CHECK_FAULT(RAW(__NR_ioctl, u[1], FIONREAD, w));
		CHECK_FAULT(RAW(__NR_ioctl, u[1], SIOCGIFCONF, w));
	}
}

TEST(read_only_message)
{
	struct mmsghdr m = { .msg_hdr = { .msg_name = NULL } };
	int u[2], g = 0;
	long w = P(page_readonly(&m, sizeof(m)));

	udp_pair(u);
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	CHECK_FAULT(NET(g, NET_RECVMSG, u[1], w, 0));
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	CHECK_FAULT(NET(g, NET_RECVMMSG, u[1], w, 1, 0, 0));
	CHECK_FAULT(NET(g, NET_SENDMMSG, u[0], w, 1, 0));
}

HARNESS_MAIN
