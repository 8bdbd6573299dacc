/* SPDX-License-Identifier: MIT */
/*
 * Netlink: routes, addresses, links, rules, sock_diag and the generic
 * controller, on a host with a wire, routes and sockets in several states.
 *
 * The input is a list of steps. Most send a request that is right but for what
 * the input chose: type, flags, the family's header, attributes with their
 * lengths, nests and values. Others read answers, join groups, set options,
 * or make the host use what it was told: packets sent, connections begun.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fuzz/input.h"

#include <linux/genetlink.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>

#define MAX_STEPS 60
#define NR_NL 4

const size_t fuzz_input_max = 2048;

static struct input in;
static int nl[NR_NL];
static u8 msg[4096] __attribute__((aligned(8)));
static u8 reply[65536];
static size_t len;
static u16 last_type; /* so that what was made is asked for and taken away */

static void add(const void *p, size_t n)
{
	n = min(n, sizeof(msg) - len);
	memcpy(msg + len, p, n);
	len += n;
}

static void add_bytes(size_t n)
{
	u8 b[64];

	n = min(n, sizeof(b));
	in_bytes(&in, b, n);
	add(b, n);
}

static void pad(void)
{
	static const u8 zero[4];

	add(zero, -len & 3);
}

/* Numbers as they stand in headers and attributes, mostly small. */
static u32 value(void)
{
	static const u32 addresses[] = { LO, A1, R1, A1 & ~255U, 0, ~0U,
					 0xe0000001, 0x0a000963 };

	switch (in_below(&in, 6)) {
	case 0:
		return in_u32(&in);
	case 1:
	case 2:
		return htonl(addresses[in_below(&in, 8)]);
	case 3: /* main, local and few other tables */
		return 252 + in_below(&in, 6);
	default:
		return in_below(&in, 4);
	}
}

static void add_attributes(unsigned int depth)
{
	static const char *const names[] = { "lo", "eth0", "none", "",
					     "nlctrl", "cubic", "eth1" };
	unsigned int n = in_below(&in, depth ? 4 : 7);

	while (n--) {
		struct nlattr a = { .nla_type = in_below(&in, 34) };
		size_t at = len;
		u8 how = in_u8(&in);
		const char *name;
		u32 v;

		add(&a, sizeof(a));
		switch (how & 7) {
		case 0:
			add_bytes(in_below(&in, 40));
			break;
		case 1:
			name = names[in_below(&in, ARRAY_SIZE(names))];
			add(name, strlen(name) + (how & 8 ? 1 : 0));
			break;
		case 2:
			if (depth < 2)
				add_attributes(depth + 1);
			break;
		case 3: /* next hops */
			for (unsigned int i = in_below(&in, 4); i; i--) {
				struct rtnexthop nh = {
					.rtnh_len = 16,
					.rtnh_hops = in_u8(&in) & 3,
					.rtnh_ifindex = in_u8(&in) & 3,
				};
				struct nlattr gw = { 8, RTA_GATEWAY };

				v = value();
				if (how & 16)
					nh.rtnh_len = in_u8(&in);
				add(&nh, sizeof(nh));
				add(&gw, sizeof(gw));
				add(&v, sizeof(v));
			}
			break;
		case 4: /* a filter over sockets: ops of four bytes, jumps */
			for (unsigned int i = in_below(&in, 8); i; i--) {
				struct inet_diag_bc_op op = {
					.code = in_below(&in, 14),
					.yes = in_below(&in, 8) * 4,
					.no = (u16)(in_below(&in, 16) * 4),
				};

				add(&op, sizeof(op));
				if (op.code == INET_DIAG_BC_S_COND ||
				    op.code == INET_DIAG_BC_D_COND) {
					struct inet_diag_hostcond c = {
						.family = AF_INET,
						.prefix_len = in_u8(&in),
						.port = in_u16(&in),
					};

					v = value();
					add(&c, sizeof(c));
					add(&v, sizeof(v));
				}
			}
			break;
		default:
			v = value();
			add(&v, sizeof(v));
		}
		if (at + sizeof(a) > sizeof(msg))
			return;
		a.nla_len = (u16)(len - at);
		if (!(how >> 4))
			a.nla_len = in_u8(&in);
		memcpy(msg + at, &a, sizeof(a));
		pad();
	}
}

/* Each field by itself, so that few bytes of the input say it all. */
static void add_route_header(u16 type)
{
	u8 family = in_u8(&in) & 3 ? AF_INET : in_u8(&in);
	struct rtmsg r = { .rtm_family = family };
	struct ifaddrmsg a = { .ifa_family = family };
	struct ifinfomsg l = { .ifi_family = in_u8(&in) & 1 ? family : 0 };

	switch ((type - RTM_BASE) / 4) {
	case 0: /* link */
		l.ifi_index = in_below(&in, 4);
		l.ifi_flags = in_u8(&in);
		l.ifi_change = in_u8(&in);
		add(&l, sizeof(l));
		break;
	case 1: /* address */
		a.ifa_prefixlen = in_below(&in, 34);
		a.ifa_flags = in_u8(&in);
		a.ifa_scope = in_u8(&in) & 3 ? 0 : in_u8(&in);
		a.ifa_index = in_below(&in, 4);
		add(&a, sizeof(a));
		break;
	default: /* route, neighbour, rule: twelve bytes each */
		r.rtm_dst_len = in_below(&in, 34);
		r.rtm_src_len = in_u8(&in) & 7 ? 0 : in_below(&in, 34);
		r.rtm_tos = in_u8(&in) & 7 ? 0 : in_u8(&in);
		r.rtm_table = (u8)value();
		r.rtm_protocol = in_below(&in, 5);
		r.rtm_scope = in_u8(&in) & 3 ? 0 : in_u8(&in);
		r.rtm_type = in_below(&in, 12);
		r.rtm_flags = in_u8(&in) & 3 ? 0 : in_u32(&in);
		add(&r, sizeof(r));
	}
}

static void add_diag_header(void)
{
	struct inet_diag_req_v2 r = {
		.sdiag_family = in_u8(&in) & 7 ? AF_INET : in_u8(&in),
		.sdiag_protocol = in_u8(&in) & 1 ? IPPROTO_TCP : IPPROTO_UDP,
		.idiag_ext = in_u8(&in),
		.idiag_states = in_u8(&in) & 1 ? ~0U : in_u16(&in),
		.id = { .idiag_sport = htons(in_u8(&in) & 1 ? PORT : 0),
			.idiag_cookie = { ~0U, ~0U } },
	};

	if (in_u8(&in) & 1) {
		r.id.idiag_src[0] = value();
		r.id.idiag_dst[0] = value();
		r.id.idiag_dport = in_u16(&in);
		r.id.idiag_if = in_below(&in, 4);
		r.id.idiag_cookie[0] = in_u8(&in);
	}
	add(&r, sizeof(r));
}

static void add_message(unsigned int protocol)
{
	static const u16 flags[] = { NLM_F_ACK, NLM_F_DUMP,
				     NLM_F_CREATE | NLM_F_EXCL,
				     NLM_F_CREATE | NLM_F_REPLACE,
				     NLM_F_CREATE | NLM_F_APPEND, 0 };
	struct nlmsghdr h = { .nlmsg_flags = NLM_F_REQUEST };
	struct genlmsghdr g = { .cmd = CTRL_CMD_GETFAMILY };
	size_t at = len;
	u8 odd = in_u8(&in);

	h.nlmsg_flags |= odd & 1 ? flags[in_below(&in, 6)] : in_u16(&in);
	h.nlmsg_seq = in_u8(&in);
	add(&h, sizeof(h));
	if (protocol == NETLINK_SOCK_DIAG) {
		h.nlmsg_type = SOCK_DIAG_BY_FAMILY + (in_u8(&in) & 1);
		add_diag_header();
	} else if (protocol == NETLINK_GENERIC) {
		/* The controller, the other families, none. */
		h.nlmsg_type = odd & 2 ? GENL_ID_CTRL :
					 GENL_ID_CTRL + in_u8(&in) % 8;
		if (odd & 4)
			g.cmd = in_u8(&in);
		add(&g, sizeof(g));
	} else {
		/* The same kind once more, new, del, get or set: */
		h.nlmsg_type = odd & 2 ? (last_type & ~3U) + (in_u8(&in) & 3U) :
					 RTM_BASE + in_below(&in, 20);
		if ((h.nlmsg_type - RTM_BASE) / 4 == 4)
			h.nlmsg_type += 16; /* rules */
		last_type = h.nlmsg_type;
		add_route_header(h.nlmsg_type);
	}
	if (!(odd & 0xc0))
		add_bytes(in_u8(&in));
	add_attributes(0);
	if (at + sizeof(h) > sizeof(msg))
		return;
	h.nlmsg_len = (u32)(len - at);
	if (!(odd & 0x38))
		h.nlmsg_len = in_u16(&in);
	memcpy(msg + at, &h, sizeof(h));
	pad();
}

/* Steps */

static void do_request(void)
{
	static const u8 protocols[NR_NL] = { NETLINK_ROUTE, NETLINK_ROUTE,
					     NETLINK_SOCK_DIAG,
					     NETLINK_GENERIC };
	u8 odd = in_u8(&in);
	unsigned int i = odd & (NR_NL - 1);

	len = 0;
	do
		add_message(protocols[i]);
	while (!(odd & 0x70) && (odd = in_u8(&in)));
	(void)sim_call(__NR_sendto, (long)nl[i], U(msg), (long)len,
		       (long)MSG_DONTWAIT, 0L, 0L);
}

static void do_read(void)
{
	u8 odd = in_u8(&in);
	size_t room = odd & 4 ? in_u16(&in) : sizeof(reply);

	for (int i = 0; i < 8; i++)
		if (u_recv(nl[odd & (NR_NL - 1)], reply, room,
			   MSG_DONTWAIT | (odd & 8 ? MSG_TRUNC : 0)) <= 0)
			break;
}

static void do_option(void)
{
	u8 which = in_u8(&in);
	u32 v = in_u8(&in);

	(void)sim_call(__NR_setsockopt, (long)nl[which & (NR_NL - 1)],
		       (long)SOL_NETLINK, (long)(which >> 4), U(&v), 4L, 0L);
}

static void do_bind(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK,
				 .nl_groups = in_u32(&in) };

	(void)sim_call(__NR_bind, (long)nl[in_u8(&in) & (NR_NL - 1)], U(&a),
		       (long)sizeof(a));
}

/* What was told is used: a datagram, a connection, by all the routes. */
static void do_traffic(void)
{
	u8 odd = in_u8(&in);
	u32 to = ntohl(value());
	int fd = u_socket(odd & 1 ? SOCK_STREAM : SOCK_DGRAM, 0);

	(void)u_setopt(fd, SOL_IP, IP_TOS, odd >> 2);
	if (odd & 2)
		(void)u_setopt(fd, SOL_SOCKET, SO_MARK, in_below(&in, 4));
	(void)u_connect(fd, to, PORT);
	(void)u_send(fd, msg, 2000, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)u_close(fd);
	sim_sleep(in_u8(&in) * SIM_MS);
}

static void (*const steps[])(void) = {
	do_request, do_request, do_request, do_request,
	do_read,    do_option,	do_bind,    do_traffic,
};

static void peer(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	(void)arg;
	(void)u_bind(fd, 0, PORT);
	sim_sleep(SIM_SEC);
}

static void program(void *arg)
{
	int fd, l;

	(void)arg;
	l = u_listener(0, PORT, 4);
	fd = u_socket(SOCK_STREAM, 0);
	(void)u_connect(fd, LO, PORT);
	(void)u_accept(l, 0);
	fd = u_socket(SOCK_DGRAM, 0);
	(void)u_bind(fd, LO, PORT);
	for (int i = 0; i < NR_NL; i++)
		nl[i] = (int)sim_call(__NR_socket, 16L, 3L,
				      i < 2  ? (long)NETLINK_ROUTE :
				      i == 2 ? (long)NETLINK_SOCK_DIAG :
					       (long)NETLINK_GENERIC);
	for (int i = 0; i < MAX_STEPS && in.left; i++)
		steps[in_below(&in, ARRAY_SIZE(steps))]();
}

static void quiet(int level, const char *line)
{
	(void)level;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct net_device *dev;

	in = (struct input){ data, size };
	last_type = RTM_NEWROUTE;
	two_hosts(&plain_link);
	sim_log(sim, quiet);
	dev = dev_get_by_name(host_b, "eth0");
	(void)sim_spawn(sim, host_b, peer, NULL);
	(void)sim_spawn(sim, host_a, program, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	link_del(dev);
	if (sim_running(sim) || sim_free(sim)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
