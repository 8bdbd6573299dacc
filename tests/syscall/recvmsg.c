/* SPDX-License-Identifier: MIT */
/* recvmsg(2): vector, name, flags out, control messages coming in. */
#include "harness.h"

#include <linux/errqueue.h>

static struct msghdr msg(struct iovec *v, int n)
{
	struct msghdr m = { .msg_iov = v, .msg_iovlen = n };

	return m;
}

TEST(scatters)
{
	int sv[2];
	char a[2], b[8];
	struct iovec v[2] = { { a, 2 }, { b, 8 } };
	struct msghdr m = msg(v, 2);

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "abcdef");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 6);
	CHECK(!memcmp(a, "ab", 2));
	CHECK(!memcmp(b, "cdef", 4));
	CHECK_EQ(v[0].iov_len, 2);
}

TEST(udp_name_and_length)
{
	sin_t a, want, from;
	int r = udp_bound(&a), s = udp_bound(&want);
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = msg(&v, 1);

	m.msg_name = &from;
	m.msg_namelen = sizeof(from);
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(recvmsg(r, &m, 0)), 1);
	CHECK_EQ(m.msg_namelen, 16);
	CHECK(same_addr(&from, &want));
	CHECK_EQ(m.msg_flags, 0);
}

TEST(short_name_is_cut_and_the_whole_told)
{
	sin_t a;
	int r = udp_bound(&a), s = udp_socket();
	unsigned char from[16];
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = msg(&v, 1);

	memset(from, 0xee, sizeof(from));
	m.msg_name = from;
	m.msg_namelen = 3;
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(recvmsg(r, &m, 0)), 1);
	CHECK_EQ(m.msg_namelen, 16);
	CHECK_EQ(from[3], 0xee);
}

TEST(null_name_leaves_its_length)
{
	int sv[2];
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_namelen = 77;
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_namelen, 77);
}

TEST(tcp_name_length_becomes_zero)
{
	int sv[2];
	sin_t from;
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	m.msg_name = &from;
	m.msg_namelen = sizeof(from);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_namelen, 0);
}

TEST(negative_name_length_einval)
{
	int sv[2];
	sin_t from;
	char b[8];
	struct iovec v = { b, 8 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_name = &from;
	m.msg_namelen = -1;
	CHECK_WRITES(sv[0], "x");
	CHECK_ERRNO(recvmsg(sv[1], &m, 0), EINVAL);
	CHECK_READS(sv[1], "x");	/* refused before anything was taken */
}

TEST(msg_trunc_flag_on_a_cut_datagram)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	CHECK_WRITES(sv[0], "longer");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 4);
	CHECK_EQ(m.msg_flags, MSG_TRUNC);
	CHECK_WRITES(sv[0], "longer");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, MSG_TRUNC)), 6);
	CHECK_EQ(m.msg_flags, MSG_TRUNC);
	CHECK_WRITES(sv[0], "four");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 4);
	CHECK_EQ(m.msg_flags, 0);
}

TEST(flags_in_the_header_are_not_read)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	m.msg_flags = MSG_PEEK | MSG_DONTWAIT | MSG_OOB;
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_flags, 0);
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(tcp_oob_sets_msg_oob)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, MSG_OOB)), 1);
	CHECK_EQ(m.msg_flags, MSG_OOB);
}

TEST(cmsg_cloexec_flag_is_echoed)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, MSG_CMSG_CLOEXEC)), 1);
	CHECK_EQ(m.msg_flags, MSG_CMSG_CLOEXEC);
}

TEST(vector_limits)
{
	int sv[2];
	static struct iovec many[1025];
	struct msghdr m = msg(many, 1025);

	udp_pair(sv);
	CHECK_ERRNO(recvmsg(sv[0], &m, 0), EMSGSIZE);
	m.msg_iov = BAD_PTR;
	m.msg_iovlen = 1;
	CHECK_ERRNO(recvmsg(sv[0], &m, 0), EFAULT);
	CHECK_ERRNO(recvmsg(sv[0], BAD_PTR, 0), EFAULT);
}

TEST(descriptor_checked_first)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(recvmsg(-1, BAD_PTR, 0), EBADF);
	CHECK_ERRNO(recvmsg(p[0], BAD_PTR, 0), ENOTSOCK);
}

TEST(error_leaves_the_header_alone)
{
	int sv[2];
	char b[4], c[32];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1), before;

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = sizeof(c);
	m.msg_flags = 0x77;
	memcpy(&before, &m, sizeof(m));
	CHECK_ERRNO(recvmsg(sv[0], &m, MSG_DONTWAIT), EAGAIN);
	CHECK(!memcmp(&before, &m, sizeof(m)));
}

TEST(control_length_zero_when_nothing_came)
{
	int sv[2];
	char b[4], c[64];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = sizeof(c);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_controllen, 0);
}

/* Receive one datagram with its only control message; what is in it. */
static struct cmsghdr *one_cmsg(int fd, struct msghdr *m, size_t room)
{
	static char c[256], b[16];
	static struct iovec v = { b, 16 };
	struct cmsghdr *h;

	*m = msg(&v, 1);
	memset(c, 0xee, sizeof(c));
	m->msg_control = c;
	m->msg_controllen = room;
	CHECK_OK(recvmsg(fd, m, 0));
	h = CMSG_FIRSTHDR(m);
	if (h)
		CHECK(!CMSG_NXTHDR(m, h));
	return h;
}

TEST(ip_recvttl)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	set_opt(sv[0], IPPROTO_IP, IP_TTL, 42);
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_TTL);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(sizeof(int)));
	CHECK_EQ(*(int *)CMSG_DATA(h), 42);
	CHECK_EQ(m.msg_controllen, CMSG_SPACE(sizeof(int)));
}

TEST(ip_recvtos_is_one_byte)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTOS, 1);
	set_opt(sv[0], IPPROTO_IP, IP_TOS, 0x28);
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_type == IP_TOS);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(1));
	CHECK_EQ(*CMSG_DATA(h), 0x28);
}

TEST(ip_pktinfo)
{
	int r = udp_socket(), s = udp_socket();
	sin_t a = sin_of(INADDR_ANY, 0);
	struct msghdr m;
	struct cmsghdr *h;
	struct in_pktinfo pi;

	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	a = name_of(r);
	a.sin_addr.s_addr = htonl(0x7f000033);
	set_opt(r, IPPROTO_IP, IP_PKTINFO, 1);
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	h = one_cmsg(r, &m, 256);
	CHECK(h && h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_PKTINFO);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(sizeof(pi)));
	memcpy(&pi, CMSG_DATA(h), sizeof(pi));
	CHECK_EQ(pi.ipi_addr.s_addr, htonl(0x7f000033));
	CHECK_EQ(pi.ipi_spec_dst.s_addr, htonl(0x7f000033));
	CHECK_EQ(pi.ipi_ifindex, 1);
}

TEST(ip_recvorigdstaddr)
{
	sin_t a, got;
	int r = udp_bound(&a), s = udp_socket();
	struct msghdr m;
	struct cmsghdr *h;

	set_opt(r, IPPROTO_IP, IP_RECVORIGDSTADDR, 1);
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	h = one_cmsg(r, &m, 256);
	CHECK(h && h->cmsg_type == IP_ORIGDSTADDR);
	memcpy(&got, CMSG_DATA(h), sizeof(got));
	CHECK(same_addr(&got, &a));
}

/* Only a device that sums up packets has one to tell. */
TEST(ip_checksum_is_not_known_on_loopback)
{
	int sv[2];
	struct msghdr m;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_CHECKSUM, 1);
	CHECK_WRITES(sv[0], "x");
	CHECK(!one_cmsg(sv[1], &m, 256));
}

TEST(so_timestamp)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;
	long tv[2];
	struct timeval t;

	udp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, 29, 1);	/* SO_TIMESTAMP_OLD */
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_level == SOL_SOCKET && h->cmsg_type == 29);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(2 * sizeof(long)));
	memcpy(tv, CMSG_DATA(h), sizeof(tv));
	gettimeofday(&t, NULL);
	CHECK(t.tv_sec - tv[0] >= -1 && t.tv_sec - tv[0] < 60);
	CHECK(tv[1] >= 0 && tv[1] < 1000000);
}

TEST(so_timestampns)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;
	long ts[2];

	udp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, 35, 1);	/* SO_TIMESTAMPNS_OLD */
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_type == 35);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(2 * sizeof(long)));
	memcpy(ts, CMSG_DATA(h), sizeof(ts));
	CHECK(ts[1] >= 0 && ts[1] < 1000000000);
}

TEST(so_timestamp_new_is_64_bit)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, 63, 1);	/* SO_TIMESTAMP_NEW */
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_type == 63);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(16));
}

TEST(so_rxq_ovfl_counts_drops)
{
	int sv[2], i;
	struct msghdr m;
	struct cmsghdr *h;
	char b[1000] = "";

	udp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, SO_RCVBUF, 4096);
	set_opt(sv[1], SOL_SOCKET, SO_RXQ_OVFL, 1);
	for (i = 0; i < 100; i++)
		CHECK_OK(send(sv[0], b, sizeof(b), 0));
	while (recv(sv[1], b, sizeof(b), MSG_DONTWAIT) >= 0)
		;
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 256);
	CHECK(h && h->cmsg_level == SOL_SOCKET && h->cmsg_type == SO_RXQ_OVFL);
	CHECK(*(uint32_t *)CMSG_DATA(h) > 50);
	CHECK(*(uint32_t *)CMSG_DATA(h) < 100);
}

TEST(two_control_messages_together)
{
	int sv[2], seen = 0;
	char b[16], c[256];
	struct iovec v = { b, 16 };
	struct msghdr m = msg(&v, 1);
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTOS, 1);
	CHECK_WRITES(sv[0], "x");
	m.msg_control = c;
	m.msg_controllen = sizeof(c);
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	for (h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h))
		seen |= h->cmsg_type == IP_TTL ? 1 : 2;
	CHECK_EQ(seen, 3);
	CHECK_EQ(m.msg_controllen,
		 CMSG_SPACE(sizeof(int)) + CMSG_SPACE(1));
}

TEST(control_cut_sets_msg_ctrunc)
{
	int sv[2];
	struct msghdr m;
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, 4);
	CHECK(!h);
	CHECK_EQ(m.msg_flags, MSG_CTRUNC);
	CHECK_EQ(m.msg_controllen, 0);
	/* Room for the header and half of the value. */
	CHECK_WRITES(sv[0], "x");
	h = one_cmsg(sv[1], &m, CMSG_LEN(2));
	CHECK(h && h->cmsg_type == IP_TTL);
	CHECK_EQ(h->cmsg_len, CMSG_LEN(2));
	CHECK_EQ(m.msg_flags, MSG_CTRUNC);
	CHECK_EQ(m.msg_controllen, CMSG_LEN(2));
}

TEST(control_absent_sets_msg_ctrunc)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_flags, MSG_CTRUNC);
}

TEST(control_bad_pointer_does_not_fail_the_call)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	CHECK_WRITES(sv[0], "x");
	m.msg_control = BAD_PTR;
	m.msg_controllen = 64;
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 1);
	CHECK_EQ(m.msg_controllen, 0);
}

TEST(read_only_header_efault)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_ERRNO(recvmsg(sv[1], page_readonly(&m, sizeof(m)), 0), EFAULT);
}

TEST(tcp_inq_control_message)
{
	int sv[2], n = 0;
	char b[4], c[64];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);
	struct cmsghdr *h;

	tcp_pair(sv);
	set_opt(sv[1], IPPROTO_TCP, TCP_INQ, 1);
	CHECK_WRITES(sv[0], "0123456789");
	while (n < 10)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	m.msg_control = c;
	m.msg_controllen = sizeof(c);
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 4);
	h = CMSG_FIRSTHDR(&m);
	CHECK(h && h->cmsg_level == IPPROTO_TCP && h->cmsg_type == TCP_CM_INQ);
	CHECK_EQ(*(int *)CMSG_DATA(h), 6);
}

TEST(end_of_file_is_zero_with_no_flags)
{
	int sv[2];
	char b[4];
	struct iovec v = { b, 4 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &m, 0)), 0);
	CHECK_EQ(m.msg_flags, 0);
}

HARNESS_MAIN
