/* SPDX-License-Identifier: MIT */
/*
 * Wild pointers in every pointer argument of every call, through every gate:
 * EFAULT, and nothing else happens. Calls are made by the bare instruction, so
 * that no libc looks at the memory first.
 */
#include "wild.h"

#include <linux/sockios.h>
#include <net/if.h>

/* ---- addresses ---- */

TEST(bind_address)
{
	int t = tcp_socket(), u = udp_socket();

	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_BIND, t, w, 16));
		CHECK_FAULT(NET(g, NET_BIND, u, w, 128));
	}
	CHECK_EQ(name_of(t).sin_port, 0);
}

TEST(connect_address)
{
	int t = tcp_socket(), u = udp_socket();

	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_CONNECT, t, w, 16));
		CHECK_FAULT(NET(g, NET_CONNECT, u, w, 16));
	}
	CHECK_EQ(tcp_state(t), TCP_CLOSE);
}

TEST(accept_address)
{
	sin_t a;
	int l = tcp_listener(&a);

	EACH_WILD(g, w) {
		int len = 16;

		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(l, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_ACCEPT, l, w, P(&len)));
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(l, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_ACCEPT4, l, w, P(&len), SOCK_CLOEXEC));
	}
}

TEST(accept_length)
{
	sin_t a, p;
	int l = tcp_listener(&a);

	EACH_WILD(g, w) {
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(l, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_ACCEPT, l, P(&p), w));
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(l, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_ACCEPT4, l, P(&p), w, 0));
	}
}

TEST(accept_faults_leave_no_descriptor)
{
	sin_t a;
	int l = tcp_listener(&a), before = udp_socket();

	CHECK_OK(close(before));
	EACH_WILD(g, w) {
		int len = 16, c = tcp_socket();

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(l, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_ACCEPT, l, w, P(&len)));
		CHECK_OK(close(c));
	}
	CHECK_EQ(udp_socket(), before);
}

TEST(getsockname_address_and_length)
{
	int t = tcp_socket();
	sin_t a;

	EACH_WILD(g, w) {
		int len = 16;

		CHECK_FAULT(NET(g, NET_GETSOCKNAME, t, w, P(&len)));
		CHECK_FAULT(NET(g, NET_GETSOCKNAME, t, P(&a), w));
	}
}

TEST(getpeername_address_and_length)
{
	int sv[2];
	sin_t a;

	tcp_pair(sv);
	EACH_WILD(g, w) {
		int len = 16;

		CHECK_FAULT(NET(g, NET_GETPEERNAME, sv[0], w, P(&len)));
		CHECK_FAULT(NET(g, NET_GETPEERNAME, sv[0], P(&a), w));
	}
}

TEST(socketpair_vector)
{
	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, w));
		CHECK_FAULT(NET(g, NET_SOCKETPAIR, AF_INET, SOCK_STREAM, 0, w));
	}
}

/* ---- data ---- */

TEST(send_buffer)
{
	int t[2], u[2];

	tcp_pair(t);
	udp_pair(u);
	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_SEND, t[0], w, 100, 0));
		CHECK_FAULT(NET(g, NET_SEND, u[0], w, 100, 0));
		CHECK_FAULT(NET(g, NET_SENDTO, t[0], w, 100, 0, 0, 0));
		CHECK_FAULT(RAW(__NR_write, t[0], w, 100));
		CHECK_FAULT(RAW(__NR_write, u[0], w, 100));
	}
	CHECK_EQ(poll_now(u[1], POLLIN), 0);
	CHECK_EQ(poll_now(t[1], POLLIN), 0);
}

TEST(recv_buffer_tcp_data_stays)
{
	int t[2];

	tcp_pair(t);
	CHECK_WRITES(t[0], "stays");
	CHECK_EQ(poll_for(t[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_RECV, t[1], w, 5, 0));
		CHECK_FAULT(NET(g, NET_RECV, t[1], w, 5, MSG_PEEK));
		CHECK_FAULT(NET(g, NET_RECVFROM, t[1], w, 5, 0, 0, 0));
		CHECK_FAULT(RAW(__NR_read, t[1], w, 5));
	}
	CHECK_READS(t[1], "stays");
}

TEST(recv_buffer_udp)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w) {
		CHECK_WRITES(u[0], "lost");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_RECV, u[1], w, 5, MSG_PEEK));
		CHECK_FAULT(NET(g, NET_RECV, u[1], w, 5, 0));
		CHECK_WRITES(u[0], "lost");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		CHECK_FAULT(RAW(__NR_read, u[1], w, 5));
		/* Lost or not: an address of the kernel's is seen sooner. */
		while (recv(u[1], &(char){ 0 }, 1, MSG_DONTWAIT) >= 0)
			;
	}
}

TEST(recv_buffer_read_only)
{
	int t[2], g = 0;
	long w = P(page_readonly("", 1));

	tcp_pair(t);
	CHECK_WRITES(t[0], "stays");
	CHECK_EQ(poll_for(t[1], POLLIN), POLLIN);
	CHECK_FAULT(NET(g, NET_RECV, t[1], w, 5, 0));
	CHECK_READS(t[1], "stays");
}

TEST(sendto_address)
{
	int u = udp_socket();

	EACH_WILD(g, w)
		CHECK_FAULT(NET(g, NET_SENDTO, u, P("x"), 1, 0, w, 16));
}

TEST(recvfrom_address_and_length)
{
	sin_t a, from;
	int r = udp_bound(&a), s = udp_socket();
	char c;

	EACH_WILD(g, w) {
		int len = 16;

		CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(r, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_RECVFROM, r, P(&c), 1, 0, w, P(&len)));
		CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
		CHECK_EQ(poll_for(r, POLLIN), POLLIN);
		CHECK_FAULT(NET(g, NET_RECVFROM, r, P(&c), 1, 0, P(&from), w));
	}
}

TEST(readv_and_writev_vector)
{
	int t[2];

	tcp_pair(t);
	CHECK_WRITES(t[0], "x");
	CHECK_EQ(poll_for(t[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		CHECK_FAULT(RAW(__NR_readv, t[1], w, 1));
		CHECK_FAULT(RAW(__NR_writev, t[1], w, 1));
		CHECK_FAULT(RAW(__NR_readv, t[1], w, 1000));
	}
	CHECK_READS(t[1], "x");
}

TEST(readv_and_writev_base)
{
	int t[2];

	tcp_pair(t);
	CHECK_WRITES(t[0], "x");
	CHECK_EQ(poll_for(t[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		struct iovec v = { (void *)w, 8 };
		long r = RAW(__NR_readv, t[1], P(&v), 1);

		/* The one good byte in front of a bad page would do. */
		if (i_ == 3) {
			CHECK_EQ(r, 1);
			CHECK_WRITES(t[0], "x");
			CHECK_EQ(poll_for(t[1], POLLIN), POLLIN);
		} else {
			CHECK_FAULT(r);
		}
		CHECK_FAULT(RAW(__NR_writev, t[1], P(&v), 1));
	}
}

/* ---- messages ---- */

static struct iovec iov;
static char byte;

static struct msghdr good(void)
{
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	iov.iov_base = &byte;
	iov.iov_len = 1;
	return m;
}

TEST(sendmsg_header)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w)
		CHECK_FAULT(NET(g, NET_SENDMSG, u[0], w, 0));
}

TEST(sendmsg_name_vector_base_control)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w) {
		struct msghdr m = good();

		m.msg_name = (void *)w;
		m.msg_namelen = 16;
		CHECK_FAULT(NET(g, NET_SENDMSG, u[0], P(&m), 0));
		m = good();
		m.msg_iov = (void *)w;
		CHECK_FAULT(NET(g, NET_SENDMSG, u[0], P(&m), 0));
		m = good();
		iov.iov_base = (void *)w;
		iov.iov_len = 100;
		CHECK_FAULT(NET(g, NET_SENDMSG, u[0], P(&m), 0));
		m = good();
		m.msg_control = (void *)w;
		m.msg_controllen = 64;
		CHECK_FAULT(NET(g, NET_SENDMSG, u[0], P(&m), 0));
	}
	CHECK_EQ(poll_now(u[1], POLLIN), 0);
}

TEST(recvmsg_header)
{
	int u[2];

	udp_pair(u);
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	EACH_WILD(g, w)
		CHECK_FAULT(NET(g, NET_RECVMSG, u[1], w, 0));
	CHECK_READS(u[1], "x");
}

TEST(recvmsg_vector_keeps_the_datagram)
{
	int u[2];

	udp_pair(u);
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		struct msghdr m = good();

		m.msg_iov = (void *)w;
		CHECK_FAULT(NET(g, NET_RECVMSG, u[1], P(&m), 0));
	}
	CHECK_READS(u[1], "x");
}

TEST(recvmsg_name_and_base)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w) {
		struct msghdr m = good();

		CHECK_WRITES(u[0], "x");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		m.msg_name = (void *)w;
		m.msg_namelen = 16;
		CHECK_FAULT(NET(g, NET_RECVMSG, u[1], P(&m), 0));
		CHECK_WRITES(u[0], "long");
		CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
		m = good();
		iov.iov_base = (void *)w;
		iov.iov_len = 100;
		CHECK_FAULT(NET(g, NET_RECVMSG, u[1], P(&m), 0));
	}
}

TEST(sendmmsg_and_recvmmsg_vector)
{
	int u[2];

	udp_pair(u);
	CHECK_WRITES(u[0], "x");
	CHECK_EQ(poll_for(u[1], POLLIN), POLLIN);
	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_SENDMMSG, u[0], w, 2, 0));
		CHECK_FAULT(NET(g, NET_RECVMMSG, u[1], w, 2, 0, 0));
	}
	CHECK_READS(u[1], "x");
}

TEST(recvmmsg_timeout)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w) {
		struct mmsghdr mm = { .msg_hdr = good() };

		CHECK_FAULT(NET(g, NET_RECVMMSG, u[1], P(&mm), 1, 0, w));
	}
}

/* ---- options ---- */

TEST(setsockopt_value)
{
	int t = tcp_socket();
	static const int opt[][2] = {
		{ SOL_SOCKET, SO_REUSEADDR }, { SOL_SOCKET, SO_RCVBUF },
		{ SOL_SOCKET, SO_LINGER }, { SOL_SOCKET, 20 },
		{ SOL_SOCKET, 66 }, { SOL_SOCKET, SO_BINDTODEVICE },
		{ IPPROTO_IP, IP_TTL }, { IPPROTO_IP, IP_TOS },
		{ IPPROTO_TCP, TCP_NODELAY }, { IPPROTO_TCP, TCP_MAXSEG },
	};

	EACH_WILD(g, w)
		for (size_t i = 0; i < ARRAY_SIZE(opt); i++)
			CHECK_FAULT(NET(g, NET_SETSOCKOPT, t, opt[i][0],
					opt[i][1], w, 16));
}

TEST(setsockopt_structures)
{
	int u = udp_socket();

	EACH_WILD(g, w) {
		CHECK_FAULT(NET(g, NET_SETSOCKOPT, u, SOL_SOCKET,
				SO_ATTACH_FILTER, w, sizeof(long) * 2));
		CHECK_FAULT(NET(g, NET_SETSOCKOPT, u, IPPROTO_IP,
				IP_ADD_MEMBERSHIP, w, 12));
		CHECK_FAULT(NET(g, NET_SETSOCKOPT, u, IPPROTO_IP,
				IP_MULTICAST_IF, w, 12));
	}
}

TEST(getsockopt_value_and_length)
{
	int t = tcp_socket();
	char v[256];
	static const int opt[][2] = {
		{ SOL_SOCKET, SO_TYPE }, { SOL_SOCKET, SO_ERROR },
		{ SOL_SOCKET, SO_LINGER }, { SOL_SOCKET, 20 },
		{ SOL_SOCKET, SO_COOKIE }, { IPPROTO_IP, IP_TTL },
		{ IPPROTO_TCP, TCP_NODELAY }, { IPPROTO_TCP, TCP_INFO },
		{ IPPROTO_TCP, TCP_CONGESTION },
	};

	EACH_WILD(g, w)
		for (size_t i = 0; i < ARRAY_SIZE(opt); i++) {
			int len = 16;

			CHECK_FAULT(NET(g, NET_GETSOCKOPT, t, opt[i][0],
					opt[i][1], w, P(&len)));
			CHECK_FAULT(NET(g, NET_GETSOCKOPT, t, opt[i][0],
					opt[i][1], P(v), w));
		}
}

/* ---- ioctl and the calls of files ---- */

TEST(ioctl_argument)
{
	int t[2];
	static const long req[] = {
		FIONREAD, SIOCOUTQ, SIOCOUTQNSD, SIOCATMARK, FIONBIO, FIOASYNC,
		SIOCSPGRP, SIOCGPGRP, SIOCGIFCONF, SIOCGIFFLAGS, SIOCGIFADDR,
		SIOCGIFNETMASK, SIOCGIFMTU, SIOCGIFINDEX, SIOCGIFNAME,
		SIOCGIFHWADDR,
	};

	tcp_pair(t);
	EACH_WILD(g, w)
		for (size_t i = 0; i < ARRAY_SIZE(req); i++)
			CHECK_FAULT(RAW(__NR_ioctl, t[0], req[i], w));
}

TEST(sendfile_offset)
{
	int t[2], f = CHECK_OK(open("/proc/self/exe", O_RDONLY));

	tcp_pair(t);
	EACH_WILD(g, w)
		CHECK_FAULT(RAW(__NR_sendfile, t[0], f, w, 10));
	CHECK_EQ(poll_now(t[1], POLLIN), 0);
}

/* Nothing to copy: EAGAIN, unless the address is none at all. */
TEST(recv_with_nothing_there)
{
	int u[2];

	udp_pair(u);
	EACH_WILD(g, w) {
		long r = NET(g, NET_RECV, u[1], w, 5, MSG_DONTWAIT);

		CHECK(r == -EAGAIN || r == -EFAULT);
		if (i_ < 4)
			CHECK_EQ(r, -EAGAIN);
	}
}

HARNESS_MAIN
