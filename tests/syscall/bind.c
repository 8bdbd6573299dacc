/* SPDX-License-Identifier: MIT */
/* bind(2) on AF_INET: address and length checks, ports, conflicts. */
#include "harness.h"

#include <stddef.h>

static int try_bind(int fd, uint32_t addr, int port)
{
	sin_t a = sin_of(addr, port);

	return bind(fd, SA(&a), sizeof(a));
}

TEST(port_zero_gets_an_ephemeral_port)
{
	long low = read_number("/proc/sys/net/ipv4/ip_local_port_range", 0);
	long high = read_number("/proc/sys/net/ipv4/ip_local_port_range", 1);
	int i;

	for (i = 0; i < 20; i++) {
		int fd = i & 1 ? tcp_socket() : udp_socket();
		sin_t a;
		int port;

		bind_lo(fd, &a);
		port = ntohs(a.sin_port);
		CHECK(port != 0);
		if (low > 0) {
			CHECK_GE(port, low);
			CHECK_GE(high, port);
		}
	}
}

TEST(ephemeral_ports_are_distinct)
{
	int port[64], i, j;

	for (i = 0; i < 64; i++) {
		sin_t a;

		bind_lo(tcp_socket(), &a);
		port[i] = a.sin_port;
		for (j = 0; j < i; j++)
			CHECK(port[i] != port[j]);
	}
}

TEST(wildcard_keeps_address_zero)
{
	int fd = tcp_socket();
	sin_t a;

	CHECK_OK(try_bind(fd, INADDR_ANY, 0));
	a = name_of(fd);
	CHECK_EQ(a.sin_addr.s_addr, 0);
	CHECK(a.sin_port != 0);
}

TEST(chosen_port_is_kept)
{
	int fd = tcp_socket(), fd2;
	sin_t a, b;

	bind_lo(fd, &a);
	CHECK_OK(close(fd));
	fd2 = tcp_socket();
	CHECK_OK(bind(fd2, SA(&a), sizeof(a)));
	b = name_of(fd2);
	CHECK(same_addr(&a, &b));
}

TEST(any_loopback_address_is_local)
{
	CHECK_OK(try_bind(tcp_socket(), LO2, 0));
	CHECK_OK(try_bind(tcp_socket(), 0x7f010203, 0));
	CHECK_OK(try_bind(udp_socket(), 0x7ffffffe, 0));
}

TEST(foreign_address_eaddrnotavail)
{
	CHECK_ERRNO(try_bind(tcp_socket(), FOREIGN, 0), EADDRNOTAVAIL);
	CHECK_ERRNO(try_bind(udp_socket(), FOREIGN, 0), EADDRNOTAVAIL);
}

TEST(multicast_address_allowed)
{
	CHECK_OK(try_bind(udp_socket(), 0xe0000005, 0));
	CHECK_OK(try_bind(tcp_socket(), 0xe0000005, 0));
}

TEST(limited_broadcast_allowed)
{
	CHECK_OK(try_bind(udp_socket(), INADDR_BROADCAST, 0));
}

TEST(tcp_second_bind_einval)
{
	int fd = tcp_socket();
	sin_t a;

	bind_lo(fd, &a);
	CHECK_ERRNO(try_bind(fd, LO, 0), EINVAL);
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EINVAL);
}

TEST(udp_second_bind_einval)
{
	int fd = udp_socket();
	sin_t a;

	bind_lo(fd, &a);
	CHECK_ERRNO(try_bind(fd, LO, 0), EINVAL);
}

TEST(bind_after_listen_einval)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_ERRNO(try_bind(fd, LO, 0), EINVAL);
}

TEST(bind_when_connected_einval)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(try_bind(sv[0], LO, 0), EINVAL);
	CHECK_ERRNO(try_bind(sv[1], LO, 0), EINVAL);
}

TEST(udp_bind_after_connect_einval)
{
	int fd = udp_socket();
	sin_t a;

	udp_bound(&a);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_ERRNO(try_bind(fd, LO, 0), EINVAL);
}

TEST(udp_bind_after_sendto_einval)
{
	int fd = udp_socket();
	sin_t a;

	udp_bound(&a);
	CHECK_OK(sendto(fd, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_ERRNO(try_bind(fd, LO, 0), EINVAL);
}

TEST(failed_bind_leaves_the_socket_unbound)
{
	int fd = tcp_socket();
	sin_t a, b;

	CHECK_ERRNO(try_bind(fd, FOREIGN, 0), EADDRNOTAVAIL);
	a = name_of(fd);
	CHECK_EQ(a.sin_port, 0);
	CHECK_EQ(a.sin_addr.s_addr, 0);
	bind_lo(tcp_socket(), &b);
	CHECK_ERRNO(bind(fd, SA(&b), sizeof(b)), EADDRINUSE);
	a = name_of(fd);
	CHECK_EQ(a.sin_port, 0);
	CHECK_OK(try_bind(fd, LO, 0));
}

TEST(address_checked_before_already_bound)
{
	int fd = tcp_socket();
	sin_t a;

	bind_lo(fd, &a);
	CHECK_ERRNO(try_bind(fd, FOREIGN, 0), EADDRNOTAVAIL);
}

TEST(same_port_eaddrinuse)
{
	sin_t a;

	bind_lo(tcp_socket(), &a);
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), sizeof(a)), EADDRINUSE);
	bind_lo(udp_socket(), &a);
	CHECK_ERRNO(bind(udp_socket(), SA(&a), sizeof(a)), EADDRINUSE);
}

TEST(wildcard_conflicts_with_specific)
{
	sin_t a;
	int fd = tcp_socket();

	bind_lo(tcp_socket(), &a);
	a.sin_addr.s_addr = INADDR_ANY;
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EADDRINUSE);

	fd = tcp_socket();
	CHECK_OK(try_bind(fd, INADDR_ANY, 0));
	a = name_of(fd);
	a.sin_addr.s_addr = htonl(LO);
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), sizeof(a)), EADDRINUSE);
}

TEST(udp_wildcard_conflicts_with_specific)
{
	sin_t a;

	bind_lo(udp_socket(), &a);
	a.sin_addr.s_addr = INADDR_ANY;
	CHECK_ERRNO(bind(udp_socket(), SA(&a), sizeof(a)), EADDRINUSE);
}

TEST(two_specific_addresses_share_a_port)
{
	int i;
	sin_t a;

	/* Another program may hold the port on LO2: try a few. */
	for (i = 0; i < 5; i++) {
		bind_lo(tcp_socket(), &a);
		if (!try_bind(tcp_socket(), LO2, ntohs(a.sin_port)))
			break;
		CHECK_EQ(errno, EADDRINUSE);
	}
	CHECK(i < 5);
	for (i = 0; i < 5; i++) {
		bind_lo(udp_socket(), &a);
		if (!try_bind(udp_socket(), LO2, ntohs(a.sin_port)))
			break;
		CHECK_EQ(errno, EADDRINUSE);
	}
	CHECK(i < 5);
}

TEST(tcp_and_udp_ports_are_apart)
{
	int i;

	for (i = 0; i < 5; i++) {
		sin_t a;

		bind_lo(tcp_socket(), &a);
		if (!bind(udp_socket(), SA(&a), sizeof(a)))
			return;
		CHECK_EQ(errno, EADDRINUSE);
	}
	FAIL("never free");
}

TEST(closed_unconnected_port_is_free_at_once)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_OK(close(fd));
	CHECK_OK(bind(tcp_socket(), SA(&a), sizeof(a)));
}

TEST(length_too_short_einval)
{
	sin_t a = lo(0);
	int len;

	for (len = 2; len < 16; len++) {
		CHECK_ERRNO(bind(tcp_socket(), SA(&a), len), EINVAL);
		CHECK_ERRNO(bind(udp_socket(), SA(&a), len), EINVAL);
	}
}

TEST(length_zero_einval)
{
	sin_t a = lo(0);

	CHECK_ERRNO(bind(tcp_socket(), SA(&a), 0), EINVAL);
	CHECK_ERRNO(bind(udp_socket(), NULL, 0), EINVAL);
}

TEST(length_negative_einval)
{
	sin_t a = lo(0);

	CHECK_ERRNO(bind(tcp_socket(), SA(&a), -1), EINVAL);
	CHECK_ERRNO(bind(udp_socket(), SA(&a), 0x80000000), EINVAL);
}

TEST(length_over_sockaddr_storage_einval)
{
	struct sockaddr_storage ss = { 0 };
	sin_t a = lo(0);

	memcpy(&ss, &a, sizeof(a));
	CHECK_ERRNO(bind(tcp_socket(), SA(&ss), 129), EINVAL);
	CHECK_ERRNO(bind(tcp_socket(), SA(&ss), 4096), EINVAL);
}

TEST(length_up_to_sockaddr_storage_works)
{
	struct sockaddr_storage ss = { 0 };
	sin_t a = lo(0);

	memcpy(&ss, &a, sizeof(a));
	CHECK_OK(bind(tcp_socket(), SA(&ss), 17));
	CHECK_OK(bind(udp_socket(), SA(&ss), 128));
}

TEST(padding_is_ignored)
{
	sin_t a = lo(0);

	memset(a.sin_zero, 0xee, sizeof(a.sin_zero));
	CHECK_OK(bind(tcp_socket(), SA(&a), sizeof(a)));
}

TEST(length_range_checked_before_pointer)
{
	CHECK_ERRNO(bind(tcp_socket(), BAD_PTR, 129), EINVAL);
	CHECK_ERRNO(bind(tcp_socket(), BAD_PTR, -1), EINVAL);
	CHECK_ERRNO(bind(tcp_socket(), BAD_PTR, 0), EINVAL);
	CHECK_ERRNO(bind(tcp_socket(), BAD_PTR, 16), EFAULT);
}

TEST(pointer_checked_before_length_too_short)
{
	CHECK_ERRNO(bind(tcp_socket(), BAD_PTR, 2), EFAULT);
	CHECK_ERRNO(bind(udp_socket(), BAD_PTR, 1), EFAULT);
}

TEST(descriptor_checked_before_the_rest)
{
	CHECK_ERRNO(bind(-1, BAD_PTR, -1), EBADF);
	CHECK_ERRNO(bind(9999, BAD_PTR, 200), EBADF);
	CHECK_ERRNO(bind(0, BAD_PTR, -1), ENOTSOCK);
}

TEST(family_inet6_eafnosupport)
{
	sin_t a = lo(0);

	a.sin_family = AF_INET6;
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), sizeof(a)), EAFNOSUPPORT);
	a.sin_family = AF_UNIX;
	CHECK_ERRNO(bind(udp_socket(), SA(&a), sizeof(a)), EAFNOSUPPORT);
	a.sin_family = 0xffff;
	CHECK_ERRNO(bind(udp_socket(), SA(&a), sizeof(a)), EAFNOSUPPORT);
}

TEST(length_checked_before_family)
{
	sin_t a = lo(0);

	a.sin_family = AF_INET6;
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), 15), EINVAL);
}

TEST(family_checked_before_address)
{
	sin_t a = sin_of(FOREIGN, 0);

	a.sin_family = AF_INET6;
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), sizeof(a)), EAFNOSUPPORT);
}

TEST(family_unspec_works_for_wildcard_only)
{
	sin_t a = sin_of(INADDR_ANY, 0);
	int fd = tcp_socket();

	a.sin_family = AF_UNSPEC;
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	CHECK(name_of(fd).sin_port != 0);
	CHECK_EQ(name_of(fd).sin_family, AF_INET);
	a = lo(0);
	a.sin_family = AF_UNSPEC;
	CHECK_ERRNO(bind(tcp_socket(), SA(&a), sizeof(a)), EAFNOSUPPORT);
}

TEST(not_a_socket_enotsock)
{
	sin_t a = lo(0);
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(bind(p[0], SA(&a), sizeof(a)), ENOTSOCK);
	CHECK_ERRNO(bind(CHECK_OK(open("/", O_RDONLY)), SA(&a), sizeof(a)),
		    ENOTSOCK);
}

TEST(o_path_descriptor_ebadf)
{
	sin_t a = lo(0);

	CHECK_ERRNO(bind(CHECK_OK(open("/", O_PATH)), SA(&a), sizeof(a)),
		    EBADF);
}

TEST(privileged_port_eacces_without_capability)
{
	long first = read_number("/proc/sys/net/ipv4/ip_unprivileged_port_start",
				 0);

	if (first >= 0 && first < 2)
		SKIP_HOST("ip_unprivileged_port_start is %ld", first);
	drop_privilege();
	CHECK_ERRNO(try_bind(tcp_socket(), LO, 1), EACCES);
	CHECK_ERRNO(try_bind(udp_socket(), LO, 1), EACCES);
	CHECK_ERRNO(try_bind(tcp_socket(), FOREIGN, 1), EADDRNOTAVAIL);
}

TEST(bind_address_no_port_delays_the_port_to_connect)
{
	int fd = tcp_socket();
	sin_t a;

	tcp_listener(&a);
	set_opt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	CHECK_OK(try_bind(fd, LO2, 0));
	CHECK_EQ(name_of(fd).sin_port, 0);
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO2));
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK(name_of(fd).sin_port != 0);
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO2));
}

TEST(bound_not_listening_refuses)
{
	sin_t a = tcp_refusing();

	CHECK_ERRNO(connect(tcp_socket(), SA(&a), sizeof(a)), ECONNREFUSED);
}

HARNESS_MAIN
