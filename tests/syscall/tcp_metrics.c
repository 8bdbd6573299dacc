/* SPDX-License-Identifier: MIT */
/*
 * What a host remembers of its TCP destinations, by generic netlink, as
 * `ip tcp_metrics` asks for it.
 */
#include "ownnet.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/tcp_metrics.h>

#define OTHER 0x7f000009U /* 127.0.0.9 */

static char answer[65536] __attribute__((aligned(8)));
static int fd = -1, family;

static struct {
	struct nlmsghdr h;
	struct genlmsghdr g;
	char attrs[256];
} q;

static void ask(int type, int cmd, int flags)
{
	memset(&q, 0, sizeof(q));
	q.h.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	q.h.nlmsg_type = type;
	q.h.nlmsg_flags = NLM_F_REQUEST | flags;
	q.h.nlmsg_seq = 5;
	q.g.cmd = cmd;
	q.g.version = 1;
}

static void with(int type, const void *data, int len)
{
	struct rtattr *a = (void *)((char *)&q + NLMSG_ALIGN(q.h.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	q.h.nlmsg_len = NLMSG_ALIGN(q.h.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static void with_addr(int type, uint32_t addr)
{
	addr = htonl(addr);
	with(type, &addr, 4);
}

/* Send it; the first message of the answer. Its length is in *ret_len. */
static struct nlmsghdr *tell(int *ret_len)
{
	struct nlmsghdr *h = (void *)answer;

	CHECK_EQ(CHECK_OK(send(fd, &q, q.h.nlmsg_len, 0)), q.h.nlmsg_len);
	*ret_len = CHECK_OK(recv(fd, answer, sizeof(answer), 0));
	CHECK_EQ(h->nlmsg_seq, 5);
	return h;
}

/* The same, when it is an error (0: an acknowledgement). */
static int error_of(void)
{
	int len;
	struct nlmsghdr *h = tell(&len);

	CHECK_EQ(h->nlmsg_type, NLMSG_ERROR);
	return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
}

static struct rtattr *find(void *head, int n, int type)
{
	struct rtattr *a = head;

	for (; RTA_OK(a, n); a = RTA_NEXT(a, n))
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

static struct rtattr *attr(struct nlmsghdr *h, int type)
{
	return find((char *)NLMSG_DATA(h) + GENL_HDRLEN,
		    h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), type);
}

static uint32_t number(struct rtattr *a)
{
	CHECK(a && RTA_PAYLOAD(a) == 4);
	return *(uint32_t *)RTA_DATA(a);
}

/* A value of @h, 0: it is not told. */
static uint32_t value(struct nlmsghdr *h, int metric)
{
	struct rtattr *vals = attr(h, TCP_METRICS_ATTR_VALS), *a;

	CHECK(vals);
	a = find(RTA_DATA(vals), RTA_PAYLOAD(vals), metric + 1);
	return a ? number(a) : 0;
}

/* The connection to @addr on which a byte went, closed by both. */
static void visit(uint32_t addr)
{
	sin_t a = sin_of(addr, 0);
	socklen_t len = sizeof(a);
	int l = tcp_socket(), c = tcp_socket(), s;
	char b;

	CHECK_OK(bind(l, (void *)&a, sizeof(a)));
	CHECK_OK(listen(l, 1));
	CHECK_OK(getsockname(l, (void *)&a, &len));
	CHECK_OK(connect(c, (void *)&a, sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(send(c, "x", 1, 0), 1);
	CHECK_EQ(recv(s, &b, 1, 0), 1);
	close(c);
	CHECK_EQ(recv(s, &b, 1, 0), 0);
	close(s);
	close(l);
}

/* A host that remembers nothing yet, and the family's number. */
static void begin(void)
{
	int len;
	struct nlmsghdr *h;

	/* A request that needs privilege needs it over the whole machine. */
	if (!on_trapgate()) {
		if (unshare(CLONE_NEWNET) < 0)
			SKIP_HOST("no network namespace: %s", strerror(errno));
		lo_set(1);
	}
	fd = CHECK_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
	ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	with(CTRL_ATTR_FAMILY_NAME, "tcp_metrics", 12);
	h = tell(&len);
	if (h->nlmsg_type == NLMSG_ERROR && !on_trapgate())
		SKIP_HOST("no tcp_metrics");
	CHECK_EQ(h->nlmsg_type, GENL_ID_CTRL);
	family = *(uint16_t *)RTA_DATA(attr(h, CTRL_ATTR_FAMILY_ID));
	CHECK_GE(family, GENL_ID_CTRL + 3);
	CHECK_EQ(number(attr(h, CTRL_ATTR_VERSION)), 1);
	CHECK_EQ(number(attr(h, CTRL_ATTR_MAXATTR)), TCP_METRICS_ATTR_MAX);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	CHECK_EQ(error_of(), 0);
}

/* How many a dump tells of; of @about at least one. */
static int dump(uint32_t about)
{
	int n = 0, len, seen = !about;
	struct nlmsghdr *h;

	ask(family, TCP_METRICS_CMD_GET, NLM_F_DUMP);
	for (h = tell(&len);; h = (void *)answer) {
		for (; NLMSG_OK(h, (unsigned int)len);
		     h = NLMSG_NEXT(h, len)) {
			CHECK(h->nlmsg_flags & NLM_F_MULTI);
			if (h->nlmsg_type == NLMSG_DONE) {
				CHECK(seen);
				return n;
			}
			CHECK_EQ(h->nlmsg_type, family);
			if (number(attr(h, TCP_METRICS_ATTR_ADDR_IPV4)) ==
			    htonl(about))
				seen = 1;
			n++;
		}
		len = CHECK_OK(recv(fd, answer, sizeof(answer), 0));
	}
}

TEST(nothing_is_known_at_first)
{
	begin();
	CHECK_EQ(dump(0), 0);
	ask(family, TCP_METRICS_CMD_GET, 0);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	CHECK_EQ(error_of(), -ESRCH);
}

TEST(a_connection_is_remembered)
{
	struct genlmsghdr *g;
	struct nlmsghdr *h;
	struct rtattr *a;
	int len;

	begin();
	visit(OTHER);
	/* Both ends of it are this host's. */
	CHECK_GE(dump(OTHER), 1);
	ask(family, TCP_METRICS_CMD_GET, 0);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	h = tell(&len);
	CHECK_EQ(h->nlmsg_type, family);
	CHECK_EQ(h->nlmsg_flags, 0);
	CHECK_EQ(h->nlmsg_len, len);
	g = NLMSG_DATA(h);
	CHECK_EQ(g->cmd, TCP_METRICS_CMD_GET);
	CHECK_EQ(g->version, 1);
	CHECK_EQ(number(attr(h, TCP_METRICS_ATTR_ADDR_IPV4)), htonl(OTHER));
	CHECK_EQ(number(attr(h, TCP_METRICS_ATTR_SADDR_IPV4)),
		 htonl(INADDR_LOOPBACK));
	a = attr(h, TCP_METRICS_ATTR_AGE);
	CHECK(a && RTA_PAYLOAD(a) == 8 && *(uint64_t *)RTA_DATA(a) < 10000);
	CHECK(!attr(h, TCP_METRICS_ATTR_FOPEN_COOKIE));
	CHECK(!attr(h, TCP_METRICS_ATTR_FOPEN_SYN_DROPS));
	/* Times are there twice, eight and four times as large. */
	CHECK_GE(value(h, TCP_METRIC_RTT_US), 8);
	CHECK_GE(value(h, TCP_METRIC_RTT), 1);
	CHECK_GE(value(h, TCP_METRIC_RTTVAR_US), 1);
	CHECK_GE(value(h, TCP_METRIC_RTTVAR), 1);
	CHECK_GE(value(h, TCP_METRIC_CWND), 10);
	/* Not kept by default, and the usual degree is not told. */
	CHECK_EQ(value(h, TCP_METRIC_SSTHRESH), 0);
	CHECK_EQ(value(h, TCP_METRIC_REORDERING), 0);
	/* By its source as well. */
	ask(family, TCP_METRICS_CMD_GET, 0);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	with_addr(TCP_METRICS_ATTR_SADDR_IPV4, OTHER + 1);
	CHECK_EQ(error_of(), -ESRCH);
}

TEST(many_are_told_in_parts)
{
	begin();
	for (uint32_t i = 0; i < 200; i++)
		visit(OTHER + i);
	CHECK_GE(dump(OTHER + 199), 150);
}

TEST(one_is_forgotten)
{
	int before;

	begin();
	visit(OTHER);
	visit(OTHER + 1);
	before = dump(OTHER);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	with_addr(TCP_METRICS_ATTR_SADDR_IPV4, OTHER + 5);
	CHECK_EQ(error_of(), -ESRCH);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	CHECK_EQ(error_of(), 0);
	CHECK_EQ(dump(OTHER + 1), before - 1);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	with_addr(TCP_METRICS_ATTR_ADDR_IPV4, OTHER);
	CHECK_EQ(error_of(), -ESRCH);
}

TEST(all_are_forgotten)
{
	begin();
	visit(OTHER);
	visit(OTHER + 1);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	CHECK_EQ(error_of(), 0);
	CHECK_EQ(dump(0), 0);
}

TEST(odd_requests)
{
	char ten[10] = { 0 };

	begin();
	ask(family, TCP_METRICS_CMD_GET, 0);
	CHECK_EQ(error_of(), -EAFNOSUPPORT);
	ask(family, TCP_METRICS_CMD_GET, 0);
	with(TCP_METRICS_ATTR_ADDR_IPV4, ten, 2);
	CHECK_EQ(error_of(), -ERANGE);
	ask(family, TCP_METRICS_CMD_GET, 0);
	with(TCP_METRICS_ATTR_ADDR_IPV6, ten, 10);
	CHECK_EQ(error_of(), -ERANGE);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_DUMP);
	CHECK_EQ(error_of(), -EOPNOTSUPP);
	ask(family, 77, 0);
	CHECK_EQ(error_of(), -EOPNOTSUPP);
	ask(family, TCP_METRICS_CMD_GET, 0);
	q.h.nlmsg_len = NLMSG_LENGTH(0);
	CHECK_EQ(error_of(), -EINVAL);
}

/* Looking is for everybody, forgetting is not. */
TEST(forgetting_needs_privilege)
{
	begin();
	visit(OTHER);
	drop_privilege();
	fd = CHECK_OK(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
	CHECK_GE(dump(OTHER), 1);
	ask(family, TCP_METRICS_CMD_DEL, NLM_F_ACK);
	CHECK_EQ(error_of(), -EPERM);
}

HARNESS_MAIN
