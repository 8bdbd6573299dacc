/* SPDX-License-Identifier: MIT */
/* IPPROTO_UDP options. Corking of data: udp.c. */
#include "harness.h"

#include <netinet/udp.h>

#ifndef UDP_NO_CHECK6_TX
#define UDP_NO_CHECK6_TX	101
#define UDP_NO_CHECK6_RX	102
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT		103
#endif

#define U	IPPROTO_UDP

TEST(cork)
{
	int fd = udp_socket();

	CHECK_EQ(get_opt(fd, U, UDP_CORK), 0);
	set_opt(fd, U, UDP_CORK, 3);
	CHECK_EQ(get_opt(fd, U, UDP_CORK), 1);
	set_opt(fd, U, UDP_CORK, 0);
	CHECK_EQ(get_opt(fd, U, UDP_CORK), 0);
}

TEST(no_check6)
{
	int fd = udp_socket();

	CHECK_EQ(get_opt(fd, U, UDP_NO_CHECK6_TX), 0);
	CHECK_EQ(get_opt(fd, U, UDP_NO_CHECK6_RX), 0);
	set_opt(fd, U, UDP_NO_CHECK6_TX, 1);
	CHECK_EQ(get_opt(fd, U, UDP_NO_CHECK6_TX), 1);
}

TEST(segment_default_is_zero)
{
	CHECK_EQ(get_opt(udp_socket(), U, UDP_SEGMENT), 0);
	CHECK_ERRNO(try_opt(udp_socket(), U, UDP_SEGMENT, -1), EINVAL);
	CHECK_ERRNO(try_opt(udp_socket(), U, UDP_SEGMENT, 65536), EINVAL);
}

TEST(segment_splits_a_send)
{
	int sv[2];

	udp_pair(sv);
	set_opt(sv[0], U, UDP_SEGMENT, 4);
	CHECK_EQ(CHECK_OK(send(sv[0], "aaaabbbbcc", 10, 0)), 10);
	CHECK_READS(sv[1], "aaaa");
	CHECK_READS(sv[1], "bbbb");
	CHECK_READS(sv[1], "cc");
}

TEST(unknown_option_enoprotoopt)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(udp_socket(), U, 9999, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp_socket(), U, 9999, &v, &len), ENOPROTOOPT);
}

TEST(length_checks)
{
	int fd = udp_socket(), v = 1;
	socklen_t len = -1;

	CHECK_ERRNO(setsockopt(fd, U, UDP_CORK, &v, 3), EINVAL);
	CHECK_ERRNO(setsockopt(fd, U, UDP_CORK, BAD_PTR, 4), EFAULT);
	CHECK_ERRNO(getsockopt(fd, U, UDP_CORK, &v, &len), EINVAL);
	len = 2;
	v = 0x7f7f7f7f;
	CHECK_OK(getsockopt(fd, U, UDP_CORK, &v, &len));
	CHECK_EQ(len, 2);
	CHECK_EQ(v, 0x7f7f0000);
}

TEST(udp_level_on_tcp)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(tcp_socket(), U, UDP_CORK, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(tcp_socket(), U, UDP_CORK, &v, &len),
		    EOPNOTSUPP);
}

HARNESS_MAIN
