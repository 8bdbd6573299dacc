/* SPDX-License-Identifier: MIT */
/* NETLINK_ROUTE as getifaddrs, if_nameindex, ip and Go's net package use it. */
#include "ownnet.h"

#include <ifaddrs.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <stddef.h>

static int nl_socket(void)
{
	return CHECK_OK(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			       NETLINK_ROUTE));
}

static struct sockaddr_nl nl_name(int fd)
{
	struct sockaddr_nl a;
	socklen_t len = sizeof(a);

	CHECK_OK(getsockname(fd, SA(&a), &len));
	CHECK_EQ(len, sizeof(a));
	return a;
}

/* With a family header of @header bytes, as the request wants it. */
static void nl_dump_of(int fd, int type, int seq, size_t header)
{
	struct {
		struct nlmsghdr h;
		struct rtgenmsg g;
		char pad[63];
	} q = {
		.h.nlmsg_len = NLMSG_LENGTH(header),
		.h.nlmsg_type = type,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.h.nlmsg_seq = seq,
		.g.rtgen_family = AF_UNSPEC,
	};
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };

	header = NLMSG_SPACE(header);
	CHECK_EQ(CHECK_OK(sendto(fd, &q, header, 0, SA(&a), sizeof(a))),
		 header);
}

static void nl_dump(int fd, int type, int seq)
{
	nl_dump_of(fd, type, seq, sizeof(struct rtgenmsg));
}

/* Calls fn for each message of the answer until NLMSG_DONE. */
static void nl_answer(int fd, int seq, void (*fn)(struct nlmsghdr *))
{
	static char b[65536] __attribute__((aligned(8)));

	for (;;) {
		int n = CHECK_OK(recv(fd, b, sizeof(b), 0));
		struct nlmsghdr *h = (struct nlmsghdr *)b;

		for (; NLMSG_OK(h, (unsigned int)n); h = NLMSG_NEXT(h, n)) {
			CHECK_EQ(h->nlmsg_seq, seq);
			CHECK_EQ(h->nlmsg_pid, nl_name(fd).nl_pid);
			CHECK(h->nlmsg_flags & NLM_F_MULTI);
			if (h->nlmsg_type == NLMSG_DONE)
				return;
			if (h->nlmsg_type == NLMSG_ERROR)
				FAIL("NLMSG_ERROR %d", ((struct nlmsgerr *)
							NLMSG_DATA(h))->error);
			fn(h);
		}
	}
}

static struct rtattr *attr(struct nlmsghdr *h, size_t base, int type)
{
	struct rtattr *a = (struct rtattr *)((char *)NLMSG_DATA(h) +
					     NLMSG_ALIGN(base));
	int n = h->nlmsg_len - NLMSG_SPACE(base);

	for (; RTA_OK(a, n); a = RTA_NEXT(a, n))
		if (a->rta_type == type)
			return a;
	return NULL;
}

static int found;

/* ---- the socket ---- */

TEST(types_and_protocols)
{
	CHECK_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	CHECK_OK(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE));
	CHECK_ERRNO(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE),
		    ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_NETLINK, SOCK_RAW, 32), EPROTONOSUPPORT);
	CHECK_ERRNO(socket(AF_NETLINK, SOCK_RAW, -1), EPROTONOSUPPORT);
}

TEST(bind_gives_a_port_id)
{
	int a = nl_socket(), b = nl_socket();
	struct sockaddr_nl n = { .nl_family = AF_NETLINK };

	CHECK_EQ(nl_name(a).nl_pid, 0);
	CHECK_OK(bind(a, SA(&n), sizeof(n)));
	CHECK_OK(bind(b, SA(&n), sizeof(n)));
	CHECK_EQ(nl_name(a).nl_family, AF_NETLINK);
	CHECK(nl_name(a).nl_pid != 0);
	CHECK(nl_name(a).nl_pid != nl_name(b).nl_pid);
}

TEST(bind_first_port_id_is_the_process)
{
	int a = nl_socket();
	struct sockaddr_nl n = { .nl_family = AF_NETLINK };

	CHECK_OK(bind(a, SA(&n), sizeof(n)));
	CHECK_EQ(nl_name(a).nl_pid, getpid());
}

TEST(bind_chosen_port_id)
{
	int a = nl_socket(), b = nl_socket();
	struct sockaddr_nl n = { .nl_family = AF_NETLINK,
				 .nl_pid = 0x40000000 | getpid() };

	CHECK_OK(bind(a, SA(&n), sizeof(n)));
	CHECK_EQ(nl_name(a).nl_pid, n.nl_pid);
	CHECK_ERRNO(bind(b, SA(&n), sizeof(n)), EADDRINUSE);
}

TEST(bind_errors)
{
	struct sockaddr_nl n = { .nl_family = AF_INET };

	CHECK_ERRNO(bind(nl_socket(), SA(&n), sizeof(n)), EINVAL);
	n.nl_family = AF_NETLINK;
	CHECK_ERRNO(bind(nl_socket(), SA(&n), 8), EINVAL);
}

TEST(so_options)
{
	int fd = nl_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_DOMAIN), AF_NETLINK);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), NETLINK_ROUTE);
	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 32768);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_RCVBUF), 65536);
}

TEST(netlink_options)
{
	int fd = nl_socket();

	set_opt(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
	CHECK_EQ(get_opt(fd, SOL_NETLINK, NETLINK_EXT_ACK), 1);
	set_opt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
	set_opt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, RTNLGRP_LINK);
	CHECK_ERRNO(try_opt(fd, SOL_NETLINK, 9999, 1), ENOPROTOOPT);
}

TEST(nothing_to_read_eagain)
{
	char c;

	CHECK_ERRNO(recv(nl_socket(), &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(stream_calls_refused)
{
	int fd = nl_socket();

	CHECK_ERRNO(listen(fd, 1), EOPNOTSUPP);
	CHECK_ERRNO(accept(fd, NULL, NULL), EOPNOTSUPP);
	CHECK_ERRNO(shutdown(fd, SHUT_RDWR), EOPNOTSUPP);
}

/* ---- dumps ---- */

static void see_lo_link(struct nlmsghdr *h)
{
	struct ifinfomsg *i = NLMSG_DATA(h);
	struct rtattr *name, *mtu;

	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	name = attr(h, sizeof(*i), IFLA_IFNAME);
	CHECK(name);
	if (strcmp(RTA_DATA(name), "lo"))
		return;
	found = 1;
	CHECK_EQ(i->ifi_index, 1);
	CHECK_EQ(i->ifi_type, ARPHRD_LOOPBACK);
	CHECK_EQ(i->ifi_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING),
		 IFF_UP | IFF_LOOPBACK | IFF_RUNNING);
	mtu = attr(h, sizeof(*i), IFLA_MTU);
	CHECK(mtu);
	CHECK_EQ(*(uint32_t *)RTA_DATA(mtu), 65536);
	CHECK(attr(h, sizeof(*i), IFLA_ADDRESS));
	CHECK(attr(h, sizeof(*i), IFLA_TXQLEN));
}

TEST(dump_links_has_lo)
{
	int fd = nl_socket();

	nl_dump(fd, RTM_GETLINK, 77);
	nl_answer(fd, 77, see_lo_link);
	CHECK(found);
}

static void see_neighbour(struct nlmsghdr *h)
{
	CHECK_EQ(h->nlmsg_type, RTM_NEWNEIGH);
}

TEST(dump_neighbours_ends)
{
	int fd = nl_socket();

	nl_dump(fd, RTM_GETNEIGH, 76);
	nl_answer(fd, 76, see_neighbour);
}

static void see_lo_qdisc(struct nlmsghdr *h)
{
	struct tcmsg *t = NLMSG_DATA(h);
	struct rtattr *kind = attr(h, sizeof(*t), TCA_KIND);

	CHECK_EQ(h->nlmsg_type, RTM_NEWQDISC);
	CHECK(kind);
	if (t->tcm_ifindex != 1)
		return;
	found++;
	CHECK_EQ(t->tcm_family, 0);
	CHECK_EQ(t->tcm_handle, 0);
	CHECK_EQ(t->tcm_parent, TC_H_ROOT);
	CHECK_EQ(t->tcm_info, 2);
	CHECK(!strcmp(RTA_DATA(kind), "noqueue"));
	CHECK_EQ(RTA_PAYLOAD(attr(h, sizeof(*t), TCA_STATS2)), 20 + 24);
	/* struct tc_stats of a 64-bit kernel. */
	CHECK_EQ(RTA_PAYLOAD(attr(h, sizeof(*t), TCA_STATS)), 40);
	CHECK_EQ(RTA_PAYLOAD(attr(h, sizeof(*t), TCA_HW_OFFLOAD)), 1);
}

TEST(dump_queues_has_lo_without_one)
{
	int fd;

	quiet_net();
	fd = nl_socket();
	nl_dump_of(fd, RTM_GETQDISC, 75, sizeof(struct tcmsg));
	nl_answer(fd, 75, see_lo_qdisc);
	CHECK_EQ(found, 1);
}

/* A dump that cannot begin is done at once, with an errno. */
TEST(dump_queues_short_header_einval)
{
	int fd = nl_socket();
	struct {
		struct nlmsghdr h;
		int err;
	} r;

	nl_dump(fd, RTM_GETQDISC, 74);
	CHECK_EQ(CHECK_OK(recv(fd, &r, sizeof(r), 0)), sizeof(r));
	CHECK_EQ(r.h.nlmsg_type, NLMSG_DONE);
	CHECK_EQ(r.err, -EINVAL);
}

static void see_lo_addr(struct nlmsghdr *h)
{
	struct ifaddrmsg *i = NLMSG_DATA(h);
	struct rtattr *local, *label;

	CHECK_EQ(h->nlmsg_type, RTM_NEWADDR);
	if (i->ifa_family != AF_INET)
		return;
	local = attr(h, sizeof(*i), IFA_LOCAL);
	CHECK(local && attr(h, sizeof(*i), IFA_ADDRESS));
	if (*(uint32_t *)RTA_DATA(local) != htonl(LO))
		return;
	found = 1;
	CHECK_EQ(i->ifa_prefixlen, 8);
	CHECK_EQ(i->ifa_index, 1);
	CHECK_EQ(i->ifa_scope, RT_SCOPE_HOST);
	label = attr(h, sizeof(*i), IFA_LABEL);
	CHECK(label && !strcmp(RTA_DATA(label), "lo"));
}

TEST(dump_addresses_has_127_0_0_1)
{
	int fd = nl_socket();

	nl_dump(fd, RTM_GETADDR, 78);
	nl_answer(fd, 78, see_lo_addr);
	CHECK(found);
}

static void see_lo_route(struct nlmsghdr *h)
{
	struct rtmsg *r = NLMSG_DATA(h);
	struct rtattr *dst, *oif, *src;

	CHECK_EQ(h->nlmsg_type, RTM_NEWROUTE);
	if (r->rtm_family != AF_INET || r->rtm_dst_len != 8)
		return;
	dst = attr(h, sizeof(*r), RTA_DST);
	if (!dst || *(uint32_t *)RTA_DATA(dst) != htonl(0x7f000000))
		return;
	found = 1;
	CHECK_EQ(r->rtm_table, RT_TABLE_LOCAL);
	CHECK_EQ(r->rtm_type, RTN_LOCAL);
	CHECK_EQ(r->rtm_scope, RT_SCOPE_HOST);
	CHECK_EQ(r->rtm_protocol, RTPROT_KERNEL);
	oif = attr(h, sizeof(*r), RTA_OIF);
	CHECK(oif && *(int *)RTA_DATA(oif) == 1);
	src = attr(h, sizeof(*r), RTA_PREFSRC);
	CHECK(src && *(uint32_t *)RTA_DATA(src) == htonl(LO));
}

TEST(dump_routes_has_127_8)
{
	int fd = nl_socket();

	nl_dump(fd, RTM_GETROUTE, 79);
	nl_answer(fd, 79, see_lo_route);
	CHECK(found);
}

static void nothing(struct nlmsghdr *h)
{
	(void)h;
	found++;
}

TEST(two_dumps_one_after_the_other)
{
	int fd = nl_socket();

	nl_dump(fd, RTM_GETLINK, 1);
	nl_answer(fd, 1, nothing);
	nl_dump(fd, RTM_GETADDR, 2);
	nl_answer(fd, 2, nothing);
	CHECK_GE(found, 2);
}

TEST(dump_by_sendmsg_and_write)
{
	int fd = nl_socket();
	struct {
		struct nlmsghdr h;
		struct rtgenmsg g;
		char pad[3];
	} q = {
		.h.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
		.h.nlmsg_type = RTM_GETLINK,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.h.nlmsg_seq = 9,
	};
	struct iovec v = { &q, sizeof(q) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	CHECK_OK(sendmsg(fd, &m, 0));
	nl_answer(fd, 9, nothing);
	q.h.nlmsg_seq = 10;
	CHECK_EQ(CHECK_OK(write(fd, &q, sizeof(q))), sizeof(q));
	nl_answer(fd, 10, nothing);
}

TEST(answer_comes_from_the_kernel)
{
	int fd = nl_socket();
	struct sockaddr_nl a;
	socklen_t len = sizeof(a);
	char b[16384];

	nl_dump(fd, RTM_GETADDR, 1);
	CHECK_OK(recvfrom(fd, b, sizeof(b), 0, SA(&a), &len));
	CHECK_EQ(len, sizeof(a));
	CHECK_EQ(a.nl_family, AF_NETLINK);
	CHECK_EQ(a.nl_pid, 0);
}

TEST(peek_with_trunc_tells_the_size)
{
	int fd = nl_socket();
	ssize_t n;
	char b[65536];

	nl_dump(fd, RTM_GETLINK, 1);
	n = CHECK_OK(recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC));
	CHECK_GE(n, NLMSG_HDRLEN);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), 0)), n);
}

TEST(waiting_answer_polls_readable)
{
	int fd = nl_socket();

	CHECK_EQ(poll_now(fd, POLLIN | POLLOUT), POLLOUT);
	nl_dump(fd, RTM_GETLINK, 1);
	CHECK_EQ(poll_for(fd, POLLIN), POLLIN);
}

/* ---- single requests ---- */

struct reply {
	char b[8192] __attribute__((aligned(8)));
	int n;
};

static struct nlmsghdr *ask(int fd, struct nlmsghdr *h, struct reply *r)
{
	CHECK_EQ(CHECK_OK(send(fd, h, h->nlmsg_len, 0)), h->nlmsg_len);
	r->n = CHECK_OK(recv(fd, r->b, sizeof(r->b), 0));
	return (struct nlmsghdr *)r->b;
}

static int error_of(struct nlmsghdr *h)
{
	CHECK_EQ(h->nlmsg_type, NLMSG_ERROR);
	return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
}

TEST(get_one_link_by_index)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg i;
	} q = {
		.h.nlmsg_len = sizeof(q), .h.nlmsg_type = RTM_GETLINK,
		.h.nlmsg_flags = NLM_F_REQUEST, .h.nlmsg_seq = 5,
		.i.ifi_index = 1,
	};
	struct reply r;
	struct nlmsghdr *h = ask(nl_socket(), &q.h, &r);

	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	CHECK_EQ(h->nlmsg_seq, 5);
	CHECK(!strcmp(RTA_DATA(attr(h, sizeof(struct ifinfomsg),
				    IFLA_IFNAME)), "lo"));
}

TEST(get_unknown_link_enodev)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg i;
	} q = {
		.h.nlmsg_len = sizeof(q), .h.nlmsg_type = RTM_GETLINK,
		.h.nlmsg_flags = NLM_F_REQUEST, .i.ifi_index = 99999,
	};
	struct reply r;

	CHECK_EQ(error_of(ask(nl_socket(), &q.h, &r)), -ENODEV);
}

TEST(get_route_to_127_0_0_1)
{
	struct {
		struct nlmsghdr h;
		struct rtmsg r;
		struct rtattr a;
		uint32_t dst;
	} q = {
		.h.nlmsg_len = sizeof(q), .h.nlmsg_type = RTM_GETROUTE,
		.h.nlmsg_flags = NLM_F_REQUEST,
		.r.rtm_family = AF_INET, .r.rtm_dst_len = 32,
		.a.rta_len = 8, .a.rta_type = RTA_DST, .dst = htonl(LO),
	};
	struct reply r;
	struct nlmsghdr *h = ask(nl_socket(), &q.h, &r);
	struct rtmsg *m = NLMSG_DATA(h);

	CHECK_EQ(h->nlmsg_type, RTM_NEWROUTE);
	CHECK_EQ(m->rtm_type, RTN_LOCAL);
	CHECK_EQ(m->rtm_dst_len, 32);
	CHECK_EQ(*(int *)RTA_DATA(attr(h, sizeof(*m), RTA_OIF)), 1);
	CHECK_EQ(*(uint32_t *)RTA_DATA(attr(h, sizeof(*m), RTA_PREFSRC)),
		 htonl(LO));
}

TEST(unknown_type_eopnotsupp)
{
	struct {
		struct nlmsghdr h;
		struct rtgenmsg g;
		char pad[3];
	} q = {
		.h.nlmsg_len = sizeof(q), .h.nlmsg_type = 4000,
		.h.nlmsg_flags = NLM_F_REQUEST, .h.nlmsg_seq = 3,
	};
	struct reply r;
	struct nlmsghdr *h = ask(nl_socket(), &q.h, &r);

	CHECK_EQ(error_of(h), -EOPNOTSUPP);
	CHECK_EQ(h->nlmsg_seq, 3);
	CHECK_EQ(((struct nlmsgerr *)NLMSG_DATA(h))->msg.nlmsg_type, 4000);
}

TEST(noop_with_ack_is_acknowledged)
{
	struct nlmsghdr q = {
		.nlmsg_len = sizeof(q), .nlmsg_type = NLMSG_NOOP,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK, .nlmsg_seq = 8,
	};
	struct reply r;
	struct nlmsghdr *h = ask(nl_socket(), &q, &r);

	CHECK_EQ(error_of(h), 0);
	CHECK_EQ(h->nlmsg_seq, 8);
}

TEST(not_a_request_is_ignored)
{
	struct nlmsghdr q = {
		.nlmsg_len = sizeof(q), .nlmsg_type = RTM_GETLINK,
	};
	int fd = nl_socket();
	char c;

	CHECK_OK(send(fd, &q, sizeof(q), 0));
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(changing_needs_net_admin)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg i;
	} q = {
		.h.nlmsg_len = sizeof(q), .h.nlmsg_type = RTM_NEWLINK,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.i.ifi_index = 1, .i.ifi_change = IFF_UP,
	};
	struct reply r;

	drop_privilege();
	CHECK_EQ(error_of(ask(nl_socket(), &q.h, &r)), -EPERM);
}

/* ---- by libc ---- */

TEST(getifaddrs_has_lo)
{
	struct ifaddrs *all, *p;
	int inet = 0, packet = 0;

	CHECK_OK(getifaddrs(&all));
	for (p = all; p; p = p->ifa_next) {
		if (strcmp(p->ifa_name, "lo") || !p->ifa_addr)
			continue;
		if (p->ifa_addr->sa_family == AF_PACKET)
			packet = 1;
		if (p->ifa_addr->sa_family == AF_INET) {
			inet = 1;
			CHECK_EQ(((sin_t *)p->ifa_addr)->sin_addr.s_addr,
				 htonl(LO));
			CHECK_EQ(((sin_t *)p->ifa_netmask)->sin_addr.s_addr,
				 htonl(0xff000000));
			CHECK(p->ifa_flags & IFF_LOOPBACK);
		}
	}
	CHECK(inet && packet);
	freeifaddrs(all);
}

TEST(if_nameindex_has_lo)
{
	struct if_nameindex *v = if_nameindex(), *p;
	int seen = 0;

	CHECK(v);
	for (p = v; p->if_index; p++)
		seen |= p->if_index == 1 && !strcmp(p->if_name, "lo");
	CHECK(seen);
}

/* ---- NETLINK_GENERIC ---- */

/* The answer to a search for a family: its number, or -errno. */
static int genl_find(const char *name)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
		struct nlattr a;
		char name[32];
	} q = {
		.h.nlmsg_type = GENL_ID_CTRL,
		.h.nlmsg_flags = NLM_F_REQUEST,
		.g.cmd = CTRL_CMD_GETFAMILY,
		.g.version = 1,
		.a.nla_type = CTRL_ATTR_FAMILY_NAME,
		.a.nla_len = NLA_HDRLEN + strlen(name) + 1,
	};
	static char b[4096] __attribute__((aligned(8)));
	struct nlmsghdr *h = (void *)b;
	struct rtattr *a;
	int fd = CHECK_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));

	strcpy(q.name, name);
	q.h.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + NLA_ALIGN(q.a.nla_len);
	CHECK_OK(send(fd, &q, q.h.nlmsg_len, 0));
	CHECK_OK(recv(fd, b, sizeof(b), 0));
	close(fd);
	if (h->nlmsg_type == NLMSG_ERROR)
		return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
	a = attr(h, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	CHECK(a);
	a = attr(h, GENL_HDRLEN, CTRL_ATTR_FAMILY_NAME);
	CHECK(a && !strcmp(RTA_DATA(a), name));
	return *(uint16_t *)RTA_DATA(attr(h, GENL_HDRLEN,
					  CTRL_ATTR_FAMILY_ID));
}

TEST(generic_families_are_found_by_name)
{
	CHECK_EQ(genl_find("nlctrl"), GENL_ID_CTRL);
	CHECK_EQ(genl_find("no-such-thing"), -ENOENT);
	CHECK_EQ(genl_find(""), -ENOENT);
}

TEST(protocols_that_nobody_serves)
{
	CHECK_ERRNO(socket(AF_NETLINK, SOCK_RAW, 29), EPROTONOSUPPORT);
	CHECK_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
}

/* ---- changes that are told of ---- */

/* Add or delete a route of 10.99.0.0/16 or a rule for it. 0 or -errno. */
static int change(int type, int flags)
{
	struct {
		struct nlmsghdr h;
		struct rtmsg r;
		struct rtattr dst;
		uint32_t addr;
		struct rtattr oif;
		int index;
	} q = {
		.h.nlmsg_type = type,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
		.r = { .rtm_family = AF_INET, .rtm_dst_len = 16,
		       .rtm_table = RT_TABLE_MAIN, .rtm_protocol = 99,
		       .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST },
		.dst = { RTA_LENGTH(4), RTA_DST },
		.addr = htonl(0x0a630000),
		.oif = { RTA_LENGTH(4), RTA_OIF },
		.index = 1,
	};
	bool rule = type == RTM_NEWRULE || type == RTM_DELRULE;
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char more[500];
	} a;
	int fd = nl_socket();

	/* A rule has no device; its header has the same size. */
	if (rule) {
		q.r.rtm_protocol = 0;
		q.r.rtm_scope = 0;
		q.r.rtm_type = 1; /* FR_ACT_TO_TBL */
	}
	q.h.nlmsg_len = rule ? offsetof(typeof(q), oif) : sizeof(q);
	CHECK_OK(send(fd, &q, q.h.nlmsg_len, 0));
	CHECK_OK(recv(fd, &a, sizeof(a), 0));
	CHECK_EQ(a.h.nlmsg_type, NLMSG_ERROR);
	close(fd);
	return a.e.error;
}

/* The next message of @type about that prefix, others passed over. */
static struct rtmsg *told(int fd, int type)
{
	static char b[8192] __attribute__((aligned(8)));
	struct nlmsghdr *h = (void *)b;

	for (;;) {
		struct rtattr *a;

		CHECK_OK(recv(fd, b, sizeof(b), 0));
		a = attr(h, sizeof(struct rtmsg), RTA_DST);
		if (h->nlmsg_type == type && a &&
		    *(uint32_t *)RTA_DATA(a) == htonl(0x0a630000))
			return NLMSG_DATA(h);
	}
}

TEST(route_and_rule_changes_are_told_to_the_groups)
{
	struct sockaddr_nl n = { .nl_family = AF_NETLINK,
				 .nl_groups = RTMGRP_IPV4_ROUTE |
					      RTMGRP_IPV4_RULE };
	struct rtmsg *r;
	int fd, e;

	quiet_net();
	fd = nl_socket();
	CHECK_OK(bind(fd, SA(&n), sizeof(n)));
	e = change(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	if (e == -EPERM)
		SKIP("no CAP_NET_ADMIN");
	CHECK_EQ(e, 0);
	r = told(fd, RTM_NEWROUTE);
	CHECK_EQ(r->rtm_dst_len, 16);
	CHECK_EQ(r->rtm_table, RT_TABLE_MAIN);
	CHECK_EQ(r->rtm_protocol, 99);
	CHECK_EQ(change(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL), -EEXIST);
	CHECK_EQ(change(RTM_DELROUTE, 0), 0);
	told(fd, RTM_DELROUTE);
	CHECK_EQ(change(RTM_DELROUTE, 0), -ESRCH);
	CHECK_EQ(change(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL), 0);
	r = told(fd, RTM_NEWRULE);
	CHECK_EQ(r->rtm_dst_len, 16);
	CHECK_EQ(change(RTM_DELRULE, 0), 0);
	told(fd, RTM_DELRULE);
	CHECK_ERRNO(recv(fd, &e, sizeof(e), MSG_DONTWAIT), EAGAIN);
}

HARNESS_MAIN
