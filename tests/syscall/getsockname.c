/* SPDX-License-Identifier: MIT */
/* getsockname(2): what it says in each state, and its lengths. */
#include "harness.h"

TEST(unbound_is_inet_zero_zero)
{
	int fd[2] = { tcp_socket(), udp_socket() }, i;

	for (i = 0; i < 2; i++) {
		sin_t a = name_of(fd[i]);

		CHECK_EQ(a.sin_family, AF_INET);
		CHECK_EQ(a.sin_port, 0);
		CHECK_EQ(a.sin_addr.s_addr, 0);
	}
}

TEST(padding_is_zeroed)
{
	sin_t a;
	socklen_t len = sizeof(a);

	memset(&a, 0xee, sizeof(a));
	CHECK_OK(getsockname(tcp_socket(), SA(&a), &len));
	CHECK(!memcmp(a.sin_zero, "\0\0\0\0\0\0\0\0", 8));
}

TEST(bound_name)
{
	sin_t a = lo(0), b;
	int fd = udp_socket();

	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	b = name_of(fd);
	CHECK_EQ(b.sin_addr.s_addr, htonl(LO));
	CHECK(b.sin_port != 0);
}

TEST(connected_udp_learns_its_address)
{
	sin_t a;
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
}

TEST(accepted_on_wildcard_has_the_address_dialled)
{
	int l = tcp_socket(), c = tcp_socket();
	sin_t a;

	CHECK_OK(listen(l, 1));
	a = name_of(l);
	a.sin_addr.s_addr = htonl(0x7f000005);
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_EQ(name_of(CHECK_OK(accept(l, NULL, NULL))).sin_addr.s_addr,
		 htonl(0x7f000005));
	CHECK_EQ(name_of(l).sin_addr.s_addr, INADDR_ANY);
}

TEST(name_stays_after_the_peer_closed)
{
	int sv[2];
	sin_t before, after;

	tcp_pair(sv);
	before = name_of(sv[0]);
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	after = name_of(sv[0]);
	CHECK(same_addr(&before, &after));
}

TEST(name_stays_after_a_reset)
{
	int sv[2];
	sin_t before, after;
	char c;

	tcp_pair(sv);
	before = name_of(sv[0]);
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
	after = name_of(sv[0]);
	CHECK(same_addr(&before, &after));
}

TEST(every_length_up_to_20)
{
	sin_t a, want;
	unsigned char b[32];
	int fd = tcp_socket(), n, i;

	bind_lo(fd, &a);
	want = name_of(fd);
	for (n = 0; n <= 20; n++) {
		socklen_t len = n;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(getsockname(fd, SA(b), &len));
		CHECK_EQ(len, 16);
		CHECK(!memcmp(b, &want, n < 16 ? n : 16));
		for (i = n < 16 ? n : 16; i < 32; i++)
			CHECK_EQ(b[i], 0xee);
	}
}

TEST(length_zero_ignores_the_address_pointer)
{
	socklen_t len = 0;

	CHECK_OK(getsockname(tcp_socket(), BAD_PTR, &len));
	CHECK_EQ(len, 16);
}

TEST(length_negative_einval)
{
	sin_t a;
	socklen_t len = -1;

	CHECK_ERRNO(getsockname(tcp_socket(), SA(&a), &len), EINVAL);
	len = 0x80000000;
	CHECK_ERRNO(getsockname(tcp_socket(), SA(&a), &len), EINVAL);
}

TEST(length_huge_works)
{
	sin_t a;
	socklen_t len = 0x7fffffff;

	CHECK_OK(getsockname(tcp_socket(), SA(&a), &len));
	CHECK_EQ(len, 16);
}

TEST(bad_pointers_efault)
{
	sin_t a;
	socklen_t len = 16;

	CHECK_ERRNO(getsockname(tcp_socket(), BAD_PTR, &len), EFAULT);
	CHECK_ERRNO(getsockname(tcp_socket(), NULL, &len), EFAULT);
	CHECK_ERRNO(getsockname(tcp_socket(), SA(&a), NULL), EFAULT);
}

TEST(read_only_length_efault)
{
	sin_t a;
	socklen_t len = 16, *ro = page_readonly(&len, sizeof(len));

	CHECK_ERRNO(getsockname(tcp_socket(), SA(&a), ro), EFAULT);
}

TEST(address_up_to_the_end_of_a_page)
{
	char *p = page_end(16);
	socklen_t len = 16;

	CHECK_OK(getsockname(tcp_socket(), SA(p), &len));
	len = 16;
	CHECK_ERRNO(getsockname(tcp_socket(), SA(p + 1), &len), EFAULT);
	len = 15;
	CHECK_OK(getsockname(tcp_socket(), SA(p + 1), &len));
}

TEST(bad_descriptor)
{
	sin_t a;
	socklen_t len = -1;
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(getsockname(-1, SA(&a), &len), EBADF);
	CHECK_ERRNO(getsockname(p[0], SA(&a), &len), ENOTSOCK);
	CHECK_ERRNO(getsockname(9999, BAD_PTR, (socklen_t *)BAD_PTR), EBADF);
}

HARNESS_MAIN
