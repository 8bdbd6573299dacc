/* SPDX-License-Identifier: MIT */
/*
 * ICMP errors as a program sees them: ECONNREFUSED on UDP, IP_RECVERR and the
 * error queue (MSG_ERRQUEUE).
 */
#include "harness.h"

#include <linux/errqueue.h>
#include <sys/epoll.h>

static int connected_to(const sin_t *a)
{
	int fd = udp_socket();

	CHECK_OK(connect(fd, SA(a), sizeof(*a)));
	return fd;
}

static void wait_error(int fd)
{
	CHECK(poll_for(fd, 0) & POLLERR);
}

TEST(first_send_to_a_closed_port_works)
{
	sin_t a = udp_refusing();

	CHECK_WRITES(connected_to(&a), "x");
}

TEST(connected_recv_econnrefused)
{
	sin_t a = udp_refusing();
	int fd = connected_to(&a);
	char c;

	CHECK_WRITES(fd, "x");
	CHECK_ERRNO(recv(fd, &c, 1, 0), ECONNREFUSED);
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(connected_send_econnrefused_once)
{
	sin_t a = udp_refusing();
	int fd = connected_to(&a);

	CHECK_WRITES(fd, "x");
	wait_error(fd);
	CHECK_ERRNO(send(fd, "y", 1, 0), ECONNREFUSED);
	CHECK_EQ(CHECK_OK(send(fd, "z", 1, 0)), 1);
}

TEST(connected_so_error_takes_it)
{
	sin_t a = udp_refusing();
	int fd = connected_to(&a);
	char c;

	CHECK_WRITES(fd, "x");
	wait_error(fd);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(blocked_recv_is_woken)
{
	sin_t a = udp_refusing();
	int fd = connected_to(&a);
	pid_t pid, parent = getpid();
	char c;

	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(fd, "x");
	}
	CHECK_ERRNO(recv(fd, &c, 1, 0), ECONNREFUSED);
	join(pid);
}

TEST(unconnected_hears_nothing)
{
	sin_t a = udp_refusing();
	int fd = udp_socket(), i;
	char c;

	for (i = 0; i < 5; i++)
		CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST(error_of_a_former_peer_does_not_matter)
{
	sin_t a = udp_refusing(), b;
	int fd = udp_socket(), r;

	r = udp_bound(&b);
	CHECK_OK(connect(fd, SA(&b), sizeof(b)));
	/* Not to the peer: its ICMP error does not match the connection. */
	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_WRITES(fd, "y");
	CHECK_READS(r, "y");
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

/* What recvmsg(MSG_ERRQUEUE) gives. */
struct report {
	ssize_t n;
	char data[16];
	sin_t name;
	struct sock_extended_err ee;
	sin_t offender;
	int flags;
};

static struct report take(int fd)
{
	struct report r;
	char c[512];
	struct iovec v = { r.data, sizeof(r.data) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_name = &r.name,
			    .msg_namelen = sizeof(r.name),
			    .msg_control = c, .msg_controllen = sizeof(c) };
	struct cmsghdr *h;

	memset(&r, 0, sizeof(r));
	r.n = CHECK_OK(recvmsg(fd, &m, MSG_ERRQUEUE));
	r.flags = m.msg_flags;
	for (h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h))
		if (h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_RECVERR) {
			CHECK_EQ(h->cmsg_len, CMSG_LEN(sizeof(r.ee) +
						       sizeof(r.offender)));
			memcpy(&r.ee, CMSG_DATA(h), sizeof(r.ee));
			memcpy(&r.offender, CMSG_DATA(h) + sizeof(r.ee),
			       sizeof(r.offender));
			return r;
		}
	FAIL("no IP_RECVERR message");
}

static int reporting(void)
{
	int fd = udp_socket();

	set_opt(fd, IPPROTO_IP, IP_RECVERR, 1);
	return fd;
}

TEST(recverr_queue_tells_all)
{
	sin_t a = udp_refusing();
	int fd = reporting();
	struct report r;

	CHECK_OK(sendto(fd, "hello", 5, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	r = take(fd);
	CHECK_EQ(r.n, 5);
	CHECK(!memcmp(r.data, "hello", 5));
	CHECK(same_addr(&r.name, &a));
	CHECK_EQ(r.flags & MSG_ERRQUEUE, MSG_ERRQUEUE);
	CHECK_EQ(r.ee.ee_errno, ECONNREFUSED);
	CHECK_EQ(r.ee.ee_origin, SO_EE_ORIGIN_ICMP);
	CHECK_EQ(r.ee.ee_type, 3);
	CHECK_EQ(r.ee.ee_code, 3);
	CHECK_EQ(r.ee.ee_info, 0);
	CHECK_EQ(r.offender.sin_family, AF_INET);
	CHECK_EQ(r.offender.sin_addr.s_addr, htonl(LO));
}

TEST(recverr_empty_queue_eagain)
{
	int fd = reporting();
	char c;

	CHECK_ERRNO(recv(fd, &c, 1, MSG_ERRQUEUE), EAGAIN);
	set_rcvtimeo(fd, 5000);
	double t = now();

	CHECK_ERRNO(recv(fd, &c, 1, MSG_ERRQUEUE), EAGAIN);
	CHECK(now() - t < 2);
}

TEST(recverr_unconnected_recv_econnrefused)
{
	sin_t a = udp_refusing();
	int fd = reporting();
	char c;

	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_ERRNO(recv(fd, &c, 1, 0), ECONNREFUSED);
}

TEST(recverr_unconnected_send_econnrefused)
{
	sin_t a = udp_refusing();
	int fd = reporting();

	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)), ECONNREFUSED);
}

TEST(recverr_taking_from_the_queue_clears_the_error)
{
	sin_t a = udp_refusing();
	int fd = reporting();
	char c;

	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	take(fd);
	CHECK_EQ(poll_now(fd, POLLIN), 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(recverr_so_error_leaves_the_queue)
{
	sin_t a = udp_refusing();
	int fd = reporting();

	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_EQ(poll_now(fd, 0), POLLERR);	/* the queue is not empty */
	CHECK_EQ(take(fd).ee.ee_errno, ECONNREFUSED);
	CHECK_EQ(poll_now(fd, 0), 0);
}

TEST(recverr_two_errors_in_order)
{
	sin_t a = udp_refusing(), b = udp_refusing();
	int fd = reporting();
	struct report r;

	CHECK_OK(sendto(fd, "one", 3, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_OK(sendto(fd, "two", 3, 0, SA(&b), sizeof(b)));
	/* The second is there when so_error is set anew. */
	while (get_opt(fd, SOL_SOCKET, SO_ERROR) == 0)
		sched_yield();
	r = take(fd);
	CHECK(!memcmp(r.data, "one", 3));
	CHECK(same_addr(&r.name, &a));
	r = take(fd);
	CHECK(!memcmp(r.data, "two", 3));
	CHECK(same_addr(&r.name, &b));
}

TEST(recverr_payload_is_cut_with_msg_trunc)
{
	sin_t a = udp_refusing();
	int fd = reporting();
	struct report r;

	CHECK_OK(sendto(fd, "0123456789abcdefghij", 20, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	r = take(fd);
	CHECK_EQ(r.n, 16);
	CHECK_EQ(r.flags & MSG_TRUNC, MSG_TRUNC);
}

TEST(recverr_off_empties_the_queue)
{
	sin_t a = udp_refusing();
	int fd = reporting();
	char c;

	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	wait_error(fd);
	set_opt(fd, IPPROTO_IP, IP_RECVERR, 0);
	CHECK_ERRNO(recv(fd, &c, 1, MSG_ERRQUEUE), EAGAIN);
}

TEST(recverr_epoll_tells_error)
{
	XFAIL_EPOLL();
	sin_t a = udp_refusing();
	int fd = reporting(), ep = CHECK_OK(epoll_create1(0));
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };

	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(epoll_wait(ep, &e, 1, -1)), 1);
	CHECK_EQ(e.events, EPOLLERR);
}

TEST(errqueue_read_on_tcp_refused)
{
	sin_t a = tcp_refusing();
	int fd = tcp_socket();
	char c;

	set_opt(fd, IPPROTO_IP, IP_RECVERR, 1);
	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), ECONNREFUSED);
	/* A reset is no ICMP error. */
	CHECK_ERRNO(recv(fd, &c, 1, MSG_ERRQUEUE), EAGAIN);
}

HARNESS_MAIN
