/* SPDX-License-Identifier: MIT */
/* IPPROTO_IP options: defaults, round trips, ranges, one-byte values. */
#include "harness.h"

#define ANY_IP	IPPROTO_IP

/* Set by an int: reads back. */
static void round_trip(int fd, int opt, int v)
{
	set_opt(fd, ANY_IP, opt, v);
	CHECK_EQ(get_opt(fd, ANY_IP, opt), v);
}

static void flag_opt(int fd, int opt, int def)
{
	CHECK_EQ(get_opt(fd, ANY_IP, opt), def);
	round_trip(fd, opt, 1);
	round_trip(fd, opt, 0);
	set_opt(fd, ANY_IP, opt, 7);
	CHECK_EQ(get_opt(fd, ANY_IP, opt), 1);
}

TEST(ttl_default_64)
{
	CHECK_EQ(get_opt(tcp_socket(), ANY_IP, IP_TTL), 64);
	CHECK_EQ(get_opt(udp_socket(), ANY_IP, IP_TTL), 64);
}

TEST(ttl_range)
{
	int fd = udp_socket();

	round_trip(fd, IP_TTL, 1);
	round_trip(fd, IP_TTL, 255);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_TTL, 0), EINVAL);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_TTL, 256), EINVAL);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_TTL, -2), EINVAL);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TTL), 255);
}

TEST(ttl_minus_1_is_the_default_again)
{
	int fd = udp_socket();

	round_trip(fd, IP_TTL, 9);
	set_opt(fd, ANY_IP, IP_TTL, -1);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TTL), 64);
}

TEST(ttl_length_zero_einval)
{
	CHECK_ERRNO(setsockopt(udp_socket(), ANY_IP, IP_TTL, "", 0), EINVAL);
}

TEST(one_byte_values_are_taken)
{
	int fd = udp_socket();

	CHECK_OK(setsockopt(fd, ANY_IP, IP_TTL, "\x21", 1));
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TTL), 0x21);
	CHECK_OK(setsockopt(fd, ANY_IP, IP_TOS, "\x10", 1));
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TOS), 0x10);
	CHECK_OK(setsockopt(fd, ANY_IP, IP_TTL, "\x22zz", 3));
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TTL), 0x22);
}

TEST(one_byte_values_are_given)
{
	int fd = udp_socket(), n;

	set_opt(fd, ANY_IP, IP_TTL, 77);
	for (n = 1; n < 4; n++) {
		unsigned char b[4] = { 0, 0xee, 0xee, 0xee };
		socklen_t len = n;

		CHECK_OK(getsockopt(fd, ANY_IP, IP_TTL, b, &len));
		CHECK_EQ(len, 1);
		CHECK_EQ(b[0], 77);
		CHECK_EQ(b[1], 0xee);
	}
}

TEST(get_length_zero_and_negative)
{
	int v = 5;
	socklen_t len = 0;

	CHECK_OK(getsockopt(udp_socket(), ANY_IP, IP_TTL, &v, &len));
	CHECK_EQ(len, 0);
	CHECK_EQ(v, 5);
	len = -1;
	CHECK_ERRNO(getsockopt(udp_socket(), ANY_IP, IP_TTL, &v, &len),
		    EINVAL);
}

TEST(tos)
{
	int fd = udp_socket();

	CHECK_EQ(get_opt(fd, ANY_IP, IP_TOS), 0);
	round_trip(fd, IP_TOS, 0x10);
	round_trip(fd, IP_TOS, 0xff);
	round_trip(fd, IP_TOS, 0);
}

TEST(tos_on_tcp_keeps_the_ecn_bits_to_itself)
{
	int fd = tcp_socket();

	set_opt(fd, ANY_IP, IP_TOS, 0xb8 | 3);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_TOS), 0xb8);
}

TEST(tos_sets_the_priority)
{
	int fd = udp_socket();

	set_opt(fd, ANY_IP, IP_TOS, 0x10);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PRIORITY), 6);
	set_opt(fd, ANY_IP, IP_TOS, 0x08);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PRIORITY), 2);
}

TEST(receive_flags)
{
	int fd = udp_socket();

	flag_opt(fd, IP_PKTINFO, 0);
	flag_opt(fd, IP_RECVTTL, 0);
	flag_opt(fd, IP_RECVTOS, 0);
	flag_opt(fd, IP_RECVOPTS, 0);
	flag_opt(fd, IP_RETOPTS, 0);
	flag_opt(fd, IP_RECVERR, 0);
	flag_opt(fd, IP_RECVORIGDSTADDR, 0);
	flag_opt(fd, IP_PASSSEC, 0);
	flag_opt(fd, IP_CHECKSUM, 0);
}

TEST(receive_flags_on_tcp)
{
	int fd = tcp_socket();

	flag_opt(fd, IP_RECVTTL, 0);
	flag_opt(fd, IP_RECVTOS, 0);
	flag_opt(fd, IP_RECVERR, 0);
}

TEST(mtu_discover)
{
	int fd = udp_socket(), v;

	CHECK_EQ(get_opt(fd, ANY_IP, IP_MTU_DISCOVER), IP_PMTUDISC_WANT);
	CHECK_EQ(get_opt(tcp_socket(), ANY_IP, IP_MTU_DISCOVER),
		 IP_PMTUDISC_WANT);
	for (v = 0; v <= 5; v++)
		round_trip(fd, IP_MTU_DISCOVER, v);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MTU_DISCOVER, 6), EINVAL);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MTU_DISCOVER, -1), EINVAL);
}

TEST(mtu_needs_a_route)
{
	int fd = udp_socket(), v;
	socklen_t len = 4;
	sin_t a;

	CHECK_ERRNO(getsockopt(fd, ANY_IP, IP_MTU, &v, &len), ENOTCONN);
	udp_bound(&a);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_EQ(get_opt(fd, ANY_IP, IP_MTU), 65535);	/* lo has 65536 */
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MTU, 1500), ENOPROTOOPT);
}

TEST(mtu_do_refuses_what_does_not_fit)
{
	static char big[65507];
	int sv[2];

	udp_pair(sv);
	set_opt(sv[0], ANY_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	CHECK_EQ(CHECK_OK(send(sv[0], big, sizeof(big), 0)), sizeof(big));
	CHECK_ERRNO(send(sv[0], big, 65508, 0), EMSGSIZE);
}

TEST(options_are_empty)
{
	char b[64];
	socklen_t len = sizeof(b);

	CHECK_OK(getsockopt(tcp_socket(), ANY_IP, IP_OPTIONS, b, &len));
	CHECK_EQ(len, 0);
}

TEST(options_too_long_einval)
{
	char b[44] = "";

	CHECK_ERRNO(setsockopt(udp_socket(), ANY_IP, IP_OPTIONS, b, 41),
		    EINVAL);
	CHECK_OK(setsockopt(udp_socket(), ANY_IP, IP_OPTIONS, b, 0));
}

TEST(hdrincl_is_for_raw_sockets)
{
	CHECK_ERRNO(try_opt(tcp_socket(), ANY_IP, IP_HDRINCL, 1),
		    ENOPROTOOPT);
	CHECK_ERRNO(try_opt(udp_socket(), ANY_IP, IP_HDRINCL, 1),
		    ENOPROTOOPT);
}

TEST(freebind_lets_bind_a_foreign_address)
{
	int fd = tcp_socket();
	sin_t a = sin_of(FOREIGN, 0);

	flag_opt(udp_socket(), IP_FREEBIND, 0);
	set_opt(fd, ANY_IP, IP_FREEBIND, 1);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(FOREIGN));
	CHECK_OK(listen(fd, 1));
}

TEST(transparent_needs_privilege)
{
	drop_privilege();
	CHECK_ERRNO(try_opt(tcp_socket(), ANY_IP, IP_TRANSPARENT, 1), EPERM);
	CHECK_EQ(get_opt(tcp_socket(), ANY_IP, IP_TRANSPARENT), 0);
	CHECK_OK(try_opt(tcp_socket(), ANY_IP, IP_TRANSPARENT, 0));
}

TEST(bind_address_no_port)
{
	flag_opt(tcp_socket(), IP_BIND_ADDRESS_NO_PORT, 0);
}

TEST(minttl)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, ANY_IP, IP_MINTTL), 0);
	round_trip(fd, IP_MINTTL, 255);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MINTTL, 256), EINVAL);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MINTTL, -1), EINVAL);
}

TEST(local_port_range_bounds_the_kernels_choice)
{
	int fd = tcp_socket(), i;
	sin_t a;

	if (try_opt(fd, ANY_IP, IP_LOCAL_PORT_RANGE, 45015 << 16 | 45000)) {
		CHECK_EQ(errno, ENOPROTOOPT);
		SKIP("no IP_LOCAL_PORT_RANGE before Linux 6.3");
	}
	CHECK_EQ(get_opt(fd, ANY_IP, IP_LOCAL_PORT_RANGE),
		 (int)(45015u << 16 | 45000));
	bind_lo(fd, &a);
	i = ntohs(a.sin_port);
	CHECK(i >= 45000 && i <= 45015);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_LOCAL_PORT_RANGE,
			    45000 << 16 | 45015), EINVAL);
}

TEST(unknown_option_enoprotoopt)
{
	int v;
	socklen_t len = 4;

	CHECK_ERRNO(try_opt(udp_socket(), ANY_IP, 199, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp_socket(), ANY_IP, 199, &v, &len),
		    ENOPROTOOPT);
	CHECK_ERRNO(try_opt(tcp_socket(), ANY_IP, 0, 1), ENOPROTOOPT);
}

TEST(pointers)
{
	socklen_t len = 4;
	int v;

	CHECK_ERRNO(setsockopt(udp_socket(), ANY_IP, IP_TTL, BAD_PTR, 4),
		    EFAULT);
	CHECK_ERRNO(setsockopt(udp_socket(), ANY_IP, IP_TTL, BAD_PTR, 1),
		    EFAULT);
	CHECK_ERRNO(getsockopt(udp_socket(), ANY_IP, IP_TTL, BAD_PTR, &len),
		    EFAULT);
	CHECK_ERRNO(getsockopt(udp_socket(), ANY_IP, IP_TTL, &v, NULL),
		    EFAULT);
}

/* ---- multicast, on the loopback device ---- */

#define GROUP	0xefffa1b2u	/* 239.255.161.178 */

static struct ip_mreqn mreq(uint32_t group, uint32_t on)
{
	struct ip_mreqn m = {
		.imr_multiaddr.s_addr = htonl(group),
		.imr_address.s_addr = htonl(on),
	};

	return m;
}

TEST(multicast_defaults)
{
	int fd = udp_socket();
	struct in_addr a;
	socklen_t len = sizeof(a);

	CHECK_EQ(get_opt(fd, ANY_IP, IP_MULTICAST_TTL), 1);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_MULTICAST_LOOP), 1);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_MULTICAST_ALL), 1);
	CHECK_OK(getsockopt(fd, ANY_IP, IP_MULTICAST_IF, &a, &len));
	CHECK_EQ(a.s_addr, 0);
}

TEST(multicast_values)
{
	int fd = udp_socket();

	round_trip(fd, IP_MULTICAST_TTL, 0);
	round_trip(fd, IP_MULTICAST_TTL, 255);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MULTICAST_TTL, 256), EINVAL);
	set_opt(fd, ANY_IP, IP_MULTICAST_TTL, -1);
	CHECK_EQ(get_opt(fd, ANY_IP, IP_MULTICAST_TTL), 1);
	flag_opt(fd, IP_MULTICAST_LOOP, 1);
	round_trip(fd, IP_MULTICAST_ALL, 0);
	CHECK_ERRNO(try_opt(fd, ANY_IP, IP_MULTICAST_ALL, 2), EINVAL);
}

TEST(multicast_options_on_tcp_einval)
{
	CHECK_ERRNO(try_opt(tcp_socket(), ANY_IP, IP_MULTICAST_TTL, 1),
		    EINVAL);
}

TEST(membership_errors)
{
	int fd = udp_socket();
	struct ip_mreqn m = mreq(LO, LO);

	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)),
		    EINVAL);
	m = mreq(GROUP, FOREIGN);
	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)),
		    ENODEV);
	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_ADD_MEMBERSHIP, &m, 7), EINVAL);
	m = mreq(GROUP, LO);
	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)),
		    EADDRNOTAVAIL);
	CHECK_OK(setsockopt(fd, ANY_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)),
		    EADDRINUSE);
	CHECK_OK(setsockopt(fd, ANY_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
	CHECK_ERRNO(setsockopt(fd, ANY_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)),
		    EADDRNOTAVAIL);
}

TEST(membership_on_tcp_eproto)
{
	struct ip_mreqn m = mreq(GROUP, LO);

	CHECK_ERRNO(setsockopt(tcp_socket(), ANY_IP, IP_ADD_MEMBERSHIP, &m,
			       sizeof(m)), EPROTO);
}

TEST(membership_delivers)
{
	int r = udp_socket(), s = udp_socket();
	struct ip_mreqn m = mreq(GROUP, LO);
	sin_t a = sin_of(INADDR_ANY, 0);

	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	a = name_of(r);
	CHECK_OK(setsockopt(r, ANY_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)));
	CHECK_OK(setsockopt(s, ANY_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	a.sin_addr.s_addr = htonl(GROUP);
	CHECK_OK(sendto(s, "group", 5, 0, SA(&a), sizeof(a)));
	CHECK_READS(r, "group");
	CHECK_OK(setsockopt(r, ANY_IP, IP_DROP_MEMBERSHIP, &m, sizeof(m)));
}

TEST(membership_delivers_to_every_member)
{
	int r[3], s = udp_socket(), i;
	struct ip_mreqn m = mreq(GROUP + 1, LO);
	sin_t a = sin_of(INADDR_ANY, 0);

	for (i = 0; i < 3; i++) {
		r[i] = udp_socket();
		set_opt(r[i], SOL_SOCKET, SO_REUSEADDR, 1);
		CHECK_OK(bind(r[i], SA(&a), sizeof(a)));
		a = name_of(r[i]);
		CHECK_OK(setsockopt(r[i], ANY_IP, IP_ADD_MEMBERSHIP, &m,
				    sizeof(m)));
	}
	CHECK_OK(setsockopt(s, ANY_IP, IP_MULTICAST_IF, &m, sizeof(m)));
	a.sin_addr.s_addr = htonl(GROUP + 1);
	CHECK_OK(sendto(s, "all", 3, 0, SA(&a), sizeof(a)));
	for (i = 0; i < 3; i++)
		CHECK_READS(r[i], "all");
}

HARNESS_MAIN
