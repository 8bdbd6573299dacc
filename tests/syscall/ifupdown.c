/* SPDX-License-Identifier: MIT */
/*
 * What the menu does when it starts, by the same requests: lo gets its address
 * (SIOCSIFADDR), is looked at (SIOCGIFFLAGS) and brought up (SIOCSIFFLAGS); and
 * that nothing is reachable before. Natively in a namespace of the claim's
 * own, under trapgate on the host that there is, whose lo loses its address.
 */
#include "ownnet.h"

static void lo_address(uint32_t addr)
{
	struct ifreq r = { .ifr_name = "lo" };

	*(sin_t *)&r.ifr_addr = sin_of(addr, 0);
	CHECK_OK(ioctl(udp_socket(), SIOCSIFADDR, &r));
}

/* lo is down and has no address. */
static void bare_net(void)
{
	if (!on_trapgate())
		own_net();
	lo_set(1);
	lo_address(0);
	lo_set(0);
	CHECK_EQ(lo_flags() & (IFF_UP | IFF_RUNNING), 0);
}

static long dial(int g, int type)
{
	sin_t a = lo(9);

	return NET(g, NET_CONNECT, CHECK_OK(socket(AF_INET, type, 0)), P(&a),
		   sizeof(a));
}

TEST(connect_with_lo_down_enetunreach)
{
	bare_net();
	EACH_GATE(g) {
		CHECK_RAW(dial(g, SOCK_STREAM), -101);
		CHECK_RAW(dial(g, SOCK_DGRAM), -101);
	}
}

TEST(sendto_with_lo_down_enetunreach)
{
	sin_t a = lo(9);

	bare_net();
	EACH_GATE(g)
		CHECK_RAW(NET(g, NET_SENDTO, udp_socket(), P("x"), 1, 0, P(&a),
			      sizeof(a)), -101);
}

TEST(bind_with_lo_down_eaddrnotavail)
{
	sin_t a = lo(0);

	bare_net();
	EACH_GATE(g)
		CHECK_RAW(NET(g, NET_BIND, tcp_socket(), P(&a), sizeof(a)),
			  -99);
}

TEST(coming_up_inserts_the_routes)
{
	int sv[2];

	bare_net();
	lo_address(LO);
	lo_set(1);
	CHECK_EQ(lo_flags() & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING),
		 IFF_UP | IFF_LOOPBACK | IFF_RUNNING);
	EACH_GATE(g)
		CHECK_RAW(dial(g, SOCK_STREAM), -111);
	tcp_pair(sv);
	CHECK_WRITES(sv[0], "up");
	CHECK_READS(sv[1], "up");
}

TEST(taken_address_takes_its_routes)
{
	bare_net();
	lo_address(LO);
	lo_set(1);
	EACH_GATE(g)
		CHECK_RAW(dial(g, SOCK_DGRAM), 0);
	lo_address(0);
	EACH_GATE(g) {
		CHECK_RAW(dial(g, SOCK_DGRAM), -101);
		CHECK_RAW(dial(g, SOCK_STREAM), -101);
	}
}

TEST(interfaces_are_listed_with_their_addresses)
{
	struct ifreq r[16];
	struct ifconf c = { .ifc_len = sizeof(r), .ifc_req = r };
	struct ifreq hw = { .ifr_name = "lo" };

	bare_net();
	/* LINUX: the list is of addresses, a device without one is not in. */
	CHECK_OK(ioctl(udp_socket(), SIOCGIFCONF, &c));
	CHECK_EQ(c.ifc_len, 0);
	lo_address(LO);
	lo_set(1);
	c.ifc_len = sizeof(r);
	CHECK_OK(ioctl(udp_socket(), SIOCGIFCONF, &c));
	CHECK_EQ(c.ifc_len, sizeof(r[0]));
	CHECK(!strcmp(r[0].ifr_name, "lo"));
	CHECK_EQ(((sin_t *)&r[0].ifr_addr)->sin_addr.s_addr, htonl(LO));
	CHECK_OK(ioctl(udp_socket(), SIOCGIFHWADDR, &hw));
	CHECK(!memcmp(hw.ifr_hwaddr.sa_data, "\0\0\0\0\0\0", 6));
}

HARNESS_MAIN
