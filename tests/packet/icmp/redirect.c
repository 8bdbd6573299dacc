/* SPDX-License-Identifier: MIT */
/*
 * Redirects (RFC 1122 3.2.2.2) that the first gateway sends about our SYN to a
 * peer beyond it. Only the simulator shows the route; Linux was asked by `ip
 * route get` on a TUN device, case by case.
 */
#include "tests/packet/icmp/icmp.h"

#define BEYOND 0xc0000201U /* and the addresses after it */
#define NEIGHBOUR 0x0a000009U /* on the wire's subnet */
#define STRANGER 0xcb007107U /* not on it */

/* The gateway that packets to @to take. */
static u32 gateway(u32 to)
{
	struct flowi4 fl4 = { .daddr = htonl(to) };
	struct rtable *rt = ip_route_output_key(host, &fl4);
	u32 gw = ntohl(rt->rt_gw4);

	ip_rt_put(rt);
	return gw;
}

static int connecting_to(u32 to)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	host_isn_known = false;
	EXPECT(u_connect(fd, to, peer_port), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	EXPECT(gateway(to), PEER_ADDR);
	return fd;
}

SIM_SCRIPT(redirect_changes_the_route)
{
	int fd;

	default_via(host, PEER_ADDR);
	fd = connecting_to(BEYOND);
	/* One about what was never sent, and one that is true. */
	put_icmp_about(BEYOND, ICMP_REDIRECT, ICMP_REDIR_HOST, NEIGHBOUR, 1000);
	EXPECT(gateway(BEYOND), PEER_ADDR);
	put_icmp_about(BEYOND, ICMP_REDIRECT, ICMP_REDIR_HOST, NEIGHBOUR, 0);
	EXPECT(gateway(BEYOND), NEIGHBOUR);
	EXPECT(state_of(fd), TCP_SYN_SENT);
	u_close(fd);
	skip_seen();
}

#define ALL(setting, value) { "ipv4/conf/all/" setting, value }
#define DEV(setting, value) { "ipv4/conf/wire0/" setting, value }
#define ONE_SUBNET ALL("shared_media", "0"), DEV("shared_media", "0")
#define NOT_SECURE ALL("secure_redirects", "0"), DEV("secure_redirects", "0")

static const struct {
	u32 gw;
	bool taken;
	const char *settings[4][2];
} redirects[] = {
	{ NEIGHBOUR, true, { { 0 } } },
	{ STRANGER, true, { { 0 } } },
	{ STRANGER, false, { ONE_SUBNET } },
	{ NEIGHBOUR, false, { ONE_SUBNET } }, /* no route of ours has it */
	{ NEIGHBOUR, true, { ONE_SUBNET, NOT_SECURE } },
	{ STRANGER, false, { ONE_SUBNET, NOT_SECURE } },
	{ NEIGHBOUR, true, { ALL("accept_redirects", "0") } },
	{ NEIGHBOUR, true, { DEV("accept_redirects", "0") } },
	{ NEIGHBOUR,
	  false,
	  { ALL("accept_redirects", "0"), DEV("accept_redirects", "0") } },
	/* A router takes none, unless it is told to by both. */
	{ NEIGHBOUR, false, { ALL("forwarding", "1") } },
	{ NEIGHBOUR, true, { DEV("forwarding", "1") } },
	{ NEIGHBOUR,
	  false,
	  { DEV("forwarding", "1"), DEV("accept_redirects", "0") } },
	{ NEIGHBOUR,
	  true,
	  { ALL("forwarding", "1"), ALL("accept_redirects", "1") } },
};

static void begin_anew(void)
{
	static const char *const names[] = { "shared_media", "secure_redirects",
					     "accept_redirects" };
	char path[64];

	sysctl("ipv4/conf/all/forwarding", "1");
	sysctl("ipv4/conf/all/forwarding", "0");
	for (size_t i = 0; i < 2 * ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "ipv4/conf/%s/%s",
			 i % 2 ? "wire0" : "all", names[i / 2]);
		sysctl(path, "1");
	}
}

SIM_SCRIPT(redirects_are_taken_as_the_settings_say)
{
	default_via(host, PEER_ADDR);
	for (size_t i = 0; i < ARRAY_SIZE(redirects); i++) {
		u32 to = BEYOND + (u32)i, gw = redirects[i].gw;
		int fd;

		begin_anew();
		for (int j = 0; j < 4 && redirects[i].settings[j][0]; j++)
			sysctl(redirects[i].settings[j][0],
			       redirects[i].settings[j][1]);
		fd = connecting_to(to);
		put_icmp_about(to, ICMP_REDIRECT, ICMP_REDIR_HOST, gw, 0);
		EXPECT(gateway(to), redirects[i].taken ? gw : PEER_ADDR);
		u_close(fd);
		skip_seen();
	}
}

/* conf/DEV/secure_redirects: a gateway that a route of ours has is one. */
SIM_SCRIPT(redirects_to_gateways_are_secure)
{
	struct fib_config cfg = {
		.fc_type = RTN_UNICAST,
		.fc_dst = htonl(0xc6336400), /* 198.51.100.0/24 */
		.fc_dst_len = 24,
		.fc_gw4 = htonl(NEIGHBOUR),
		.fc_table = RT_TABLE_MAIN,
		.fc_nlflags = NLM_F_CREATE,
	};
	int fd;

	default_via(host, PEER_ADDR);
	assert_int_equal(fib_table_insert(host, fib_new_table(host, 0), &cfg),
			 0);
	sysctl("ipv4/conf/all/shared_media", "0");
	sysctl("ipv4/conf/wire0/shared_media", "0");
	fd = connecting_to(BEYOND);
	put_icmp_about(BEYOND, ICMP_REDIRECT, ICMP_REDIR_HOST, NEIGHBOUR, 0);
	EXPECT(gateway(BEYOND), NEIGHBOUR);
	u_close(fd);
	skip_seen();
}
