/* SPDX-License-Identifier: MIT */
/*
 * Native only: what a network namespace of one's own shows, made by
 * unshare(2) without privilege. Loopback down and up again, a small MTU,
 * privileged ports of a namespace's root.
 */
#include "ownnet.h"

static int dial(int type, uint32_t addr)
{
	sin_t a = sin_of(addr, 9);

	return connect(CHECK_OK(socket(AF_INET, type, 0)), SA(&a), sizeof(a));
}

TEST(lo_starts_down)
{
	own_net();
	CHECK_EQ(lo_flags() & (IFF_UP | IFF_RUNNING), 0);
	CHECK_EQ(lo_flags() & IFF_LOOPBACK, IFF_LOOPBACK);
}

TEST(connect_with_lo_down_enetunreach)
{
	own_net();
	CHECK_ERRNO(dial(SOCK_STREAM, LO), ENETUNREACH);
	CHECK_ERRNO(dial(SOCK_DGRAM, LO), ENETUNREACH);
	CHECK_ERRNO(dial(SOCK_STREAM, FOREIGN), ENETUNREACH);
}

TEST(sendto_with_lo_down_enetunreach)
{
	sin_t a = lo(9);

	own_net();
	CHECK_ERRNO(sendto(udp_socket(), "x", 1, 0, SA(&a), sizeof(a)),
		    ENETUNREACH);
}

TEST(lo_up_brings_address_and_routes)
{
	int sv[2];
	struct ifreq r = { .ifr_name = "lo" };

	own_net();
	lo_set(1);
	CHECK_EQ(lo_flags() & (IFF_UP | IFF_RUNNING), IFF_UP | IFF_RUNNING);
	CHECK_OK(ioctl(udp_socket(), SIOCGIFADDR, &r));
	CHECK_EQ(((sin_t *)&r.ifr_addr)->sin_addr.s_addr, htonl(LO));
	tcp_pair(sv);
	CHECK_WRITES(sv[0], "up");
	CHECK_READS(sv[1], "up");
}

TEST(foreign_stays_unreachable_with_lo_up)
{
	own_net();
	lo_set(1);
	CHECK_ERRNO(dial(SOCK_STREAM, FOREIGN), ENETUNREACH);
	CHECK_ERRNO(dial(SOCK_DGRAM, FOREIGN), ENETUNREACH);
}

/* LINUX: local routes outlive the device's going down; packets do not. */
TEST(lo_down_again_swallows_packets)
{
	int fd;
	sin_t a = lo(9);

	own_net();
	fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	lo_set(1);
	lo_set(0);
	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	CHECK_EQ(tcp_state(fd), TCP_SYN_SENT);
	CHECK_OK(dial(SOCK_DGRAM, LO));
}

TEST(down_and_up_again_works)
{
	int sv[2];

	own_net();
	lo_set(1);
	lo_set(0);
	lo_set(1);
	tcp_pair(sv);
	CHECK_WRITES(sv[0], "again");
	CHECK_READS(sv[1], "again");
}

TEST(siocsifaddr_moves_the_local_address)
{
	struct ifreq r = { .ifr_name = "lo" };
	sin_t a = sin_of(0x0a010203, 0);	/* 10.1.2.3 */
	int l;

	own_net();
	memcpy(&r.ifr_addr, &a, sizeof(a));
	CHECK_OK(ioctl(udp_socket(), SIOCSIFADDR, &r));
	lo_set(1);
	l = tcp_socket();
	CHECK_OK(bind(l, SA(&a), sizeof(a)));
	CHECK_OK(listen(l, 1));
	a = name_of(l);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
}

TEST(namespace_root_binds_low_ports_and_opens_raw)
{
	sin_t a = lo(1);

	own_net();
	lo_set(1);
	CHECK_OK(bind(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(socket(AF_INET, SOCK_RAW, 253));
}

TEST(ports_are_the_namespaces_own)
{
	sin_t a;

	bind_lo(tcp_socket(), &a);
	own_net();
	lo_set(1);
	CHECK_OK(bind(tcp_socket(), SA(&a), sizeof(a)));
}

TEST(small_mtu)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_mtu = 1500 };
	static unsigned char b[60000], in[60000];
	int sv[2];

	own_net();
	CHECK_OK(ioctl(udp_socket(), SIOCSIFMTU, &r));
	lo_set(1);
	udp_pair(sv);
	CHECK_EQ(get_opt(sv[0], IPPROTO_IP, IP_MTU), 1500);
	set_opt(sv[0], IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	CHECK_ERRNO(send(sv[0], b, 1473, 0), EMSGSIZE);
	CHECK_EQ(CHECK_OK(send(sv[0], b, 1472, 0)), 1472);
	CHECK_EQ(CHECK_OK(read(sv[1], in, sizeof(in))), 1472);
	/* With fragments the rest goes through. */
	set_opt(sv[0], IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	fill_pattern(b, sizeof(b), 0);
	CHECK_EQ(CHECK_OK(send(sv[0], b, sizeof(b), 0)), sizeof(b));
	CHECK_EQ(CHECK_OK(read(sv[1], in, sizeof(in))), sizeof(in));
	check_pattern(in, sizeof(in), 0);
	tcp_pair(sv);
	CHECK(get_opt(sv[0], IPPROTO_TCP, TCP_MAXSEG) <= 1460);
}

TEST(small_mtu_error_queue_tells_the_mtu)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_mtu = 1500 };
	static char b[2000];
	int sv[2];
	char c[512];
	struct iovec v = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = c,
			    .msg_controllen = sizeof(c) };
	struct cmsghdr *h;

	own_net();
	CHECK_OK(ioctl(udp_socket(), SIOCSIFMTU, &r));
	lo_set(1);
	udp_pair(sv);
	set_opt(sv[0], IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	set_opt(sv[0], IPPROTO_IP, IP_RECVERR, 1);
	CHECK_ERRNO(send(sv[0], b, 2000, 0), EMSGSIZE);
	CHECK_OK(recvmsg(sv[0], &m, MSG_ERRQUEUE));
	h = CMSG_FIRSTHDR(&m);
	CHECK(h && h->cmsg_type == IP_RECVERR);
	/* ee_errno, ee_origin (1: local), ee_info (the mtu) */
	CHECK_EQ(*(uint32_t *)CMSG_DATA(h), EMSGSIZE);
	CHECK_EQ(CMSG_DATA(h)[4], 1);
	CHECK_EQ(*(uint32_t *)(CMSG_DATA(h) + 8), 1500);
}

HARNESS_MAIN
