/* SPDX-License-Identifier: MIT */
/* sendmsg(2): vector, name, control messages going out. */
#include "harness.h"

#include <netinet/udp.h>

static struct msghdr msg(struct iovec *v, int n)
{
	struct msghdr m = { .msg_iov = v, .msg_iovlen = n };

	return m;
}

/* One control message with an int (or bytes) in it. */
static size_t put_cmsg(void *buf, int level, int type, const void *data,
		       size_t n)
{
	struct cmsghdr *c = buf;

	memset(buf, 0, CMSG_SPACE(n));
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(n);
	memcpy(CMSG_DATA(c), data, n);
	return CMSG_SPACE(n);
}

TEST(gathers_on_tcp)
{
	int sv[2];
	struct iovec v[3] = { { (void *)"a", 1 }, { (void *)"", 0 },
			      { (void *)"bc", 2 } };
	struct msghdr m = msg(v, 3);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 3);
	CHECK_READS(sv[1], "abc");
}

TEST(name_is_the_destination)
{
	sin_t a;
	int r = udp_bound(&a);
	struct iovec v = { (void *)"named", 5 };
	struct msghdr m = msg(&v, 1);

	m.msg_name = &a;
	m.msg_namelen = sizeof(a);
	CHECK_EQ(CHECK_OK(sendmsg(udp_socket(), &m, 0)), 5);
	CHECK_READS(r, "named");
	CHECK_EQ(m.msg_namelen, sizeof(a));
}

TEST(name_null_with_length_is_no_name)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_namelen = 16;
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_READS(sv[1], "x");
	CHECK_ERRNO(sendmsg(udp_socket(), &m, 0), EDESTADDRREQ);
}

TEST(name_with_length_zero_is_no_name)
{
	int sv[2];
	sin_t a = sin_of(FOREIGN, 1);
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_name = &a;
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_READS(sv[1], "x");
}

TEST(name_length_negative_einval)
{
	sin_t a;
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_bound(&a);
	m.msg_name = &a;
	m.msg_namelen = -1;
	CHECK_ERRNO(sendmsg(udp_socket(), &m, 0), EINVAL);
}

/* LINUX: msg_namelen is cut to a sockaddr_storage here, unlike in sendto. */
TEST(name_length_over_128_is_cut)
{
	char room[512] = "";
	sin_t a;
	int r = udp_bound(&a);
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	memcpy(room, &a, sizeof(a));
	m.msg_name = room;
	m.msg_namelen = 200;
	CHECK_EQ(CHECK_OK(sendmsg(udp_socket(), &m, 0)), 1);
	CHECK_READS(r, "x");
}

TEST(name_bad_pointer_efault)
{
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	m.msg_name = BAD_PTR;
	m.msg_namelen = 16;
	CHECK_ERRNO(sendmsg(udp_socket(), &m, 0), EFAULT);
}

TEST(vector_count_limits)
{
	int sv[2];
	static struct iovec many[1025];
	struct msghdr m = msg(many, 1025);

	udp_pair(sv);
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EMSGSIZE);
	m.msg_iovlen = (size_t)-1;
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EMSGSIZE);
	m.msg_iovlen = 1024;
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 0);
	m.msg_iovlen = 0;
	m.msg_iov = BAD_PTR;
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 0);
}

TEST(vector_bad_pointer_efault)
{
	int sv[2];
	struct iovec v = { BAD_PTR, 1 };
	struct msghdr m = msg(BAD_PTR, 1);

	tcp_pair(sv);
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EFAULT);
	m = msg(&v, 1);
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EFAULT);
	CHECK_ERRNO(sendmsg(sv[0], BAD_PTR, 0), EFAULT);
	CHECK_ERRNO(sendmsg(sv[0], NULL, 0), EFAULT);
}

TEST(descriptor_checked_first)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(sendmsg(-1, BAD_PTR, 0), EBADF);
	CHECK_ERRNO(sendmsg(p[1], BAD_PTR, 0), ENOTSOCK);
}

TEST(control_bad_pointer_efault)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = BAD_PTR;
	m.msg_controllen = 64;
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EFAULT);
}

TEST(control_length_zero_ignores_the_pointer)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = BAD_PTR;
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
}

TEST(control_length_huge_enobufs)
{
	int sv[2];
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = 0x80000000u;
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), ENOBUFS);
}

TEST(control_message_of_wrong_length_einval)
{
	int sv[2], ttl = 9;
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	((struct cmsghdr *)c)->cmsg_len = 4;
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
	((struct cmsghdr *)c)->cmsg_len = m.msg_controllen + 8;
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
}

TEST(control_message_unknown_type_einval)
{
	int sv[2], x = 1;
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, 199, &x, sizeof(x));
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
	m.msg_controllen = put_cmsg(c, SOL_SOCKET, 199, &x, sizeof(x));
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
}

TEST(control_message_of_another_level_is_ignored)
{
	int sv[2], x = 1;
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, 200, 1, &x, sizeof(x));
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_READS(sv[1], "x");
}

TEST(ip_ttl_for_one_datagram)
{
	int sv[2], ttl = 17, i;
	char c[64], in[64], b;
	struct iovec v = { (void *)"x", 1 }, rv = { &b, 1 };
	struct msghdr m = msg(&v, 1), r;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_WRITES(sv[0], "y");
	for (i = 0; i < 2; i++) {
		r = msg(&rv, 1);
		r.msg_control = in;
		r.msg_controllen = sizeof(in);
		CHECK_EQ(CHECK_OK(recvmsg(sv[1], &r, 0)), 1);
		struct cmsghdr *h = CMSG_FIRSTHDR(&r);

		CHECK(h && h->cmsg_level == IPPROTO_IP &&
		      h->cmsg_type == IP_TTL);
		CHECK_EQ(*(int *)CMSG_DATA(h), i ? 64 : 17);
	}
}

TEST(ip_ttl_bad_values_einval)
{
	int sv[2], bad[] = { 0, 256, -1 };
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_TTL, &bad[i],
					    sizeof(int));
		CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
	}
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_TTL, "\5", 1);
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
}

TEST(ip_tos_for_one_datagram)
{
	int sv[2], tos = 0x10;
	char c[64], in[64], b;
	struct iovec v = { (void *)"x", 1 }, rv = { &b, 1 };
	struct msghdr m = msg(&v, 1), r = msg(&rv, 1);
	struct cmsghdr *h;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTOS, 1);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	r.msg_control = in;
	r.msg_controllen = sizeof(in);
	CHECK_EQ(CHECK_OK(recvmsg(sv[1], &r, 0)), 1);
	h = CMSG_FIRSTHDR(&r);
	CHECK(h && h->cmsg_type == IP_TOS);
	CHECK_EQ(*CMSG_DATA(h), 0x10);
}

TEST(ip_pktinfo_chooses_the_source)
{
	sin_t a, from;
	int r = udp_bound(&a), s = udp_socket();
	struct in_pktinfo pi = { .ipi_spec_dst.s_addr = htonl(0x7f000042) };
	char c[64], b;
	socklen_t len = sizeof(from);
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	m.msg_name = &a;
	m.msg_namelen = sizeof(a);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, IPPROTO_IP, IP_PKTINFO, &pi, sizeof(pi));
	CHECK_EQ(CHECK_OK(sendmsg(s, &m, 0)), 1);
	CHECK_EQ(CHECK_OK(recvfrom(r, &b, 1, 0, SA(&from), &len)), 1);
	CHECK_EQ(from.sin_addr.s_addr, htonl(0x7f000042));
}

TEST(scm_rights_on_inet_is_ignored_or_refused)
{
	int sv[2], fd = 0;
	char c[64];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	udp_pair(sv);
	m.msg_control = c;
	m.msg_controllen = put_cmsg(c, SOL_SOCKET, SCM_RIGHTS, &fd, 4);
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_READS(sv[1], "x");
}

TEST(header_is_not_changed)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1), before;

	tcp_pair(sv);
	m.msg_flags = 0x5555;
	memcpy(&before, &m, sizeof(m));
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK(!memcmp(&before, &m, sizeof(m)));
}

TEST(read_only_header_works)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], page_readonly(&m, sizeof(m)), 0)), 1);
}

TEST(tcp_ignores_the_name)
{
	int sv[2];
	sin_t a = sin_of(FOREIGN, 1);
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = msg(&v, 1);

	tcp_pair(sv);
	m.msg_name = &a;
	m.msg_namelen = sizeof(a);
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 1);
	CHECK_READS(sv[1], "x");
}

HARNESS_MAIN
