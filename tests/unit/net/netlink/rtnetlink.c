/* SPDX-License-Identifier: MIT */
/*
 * NETLINK_ROUTE as ip(8), getifaddrs() and Go ask: dumps in parts, requests
 * that change something, acknowledgements. Programs in the manner of a libc.
 */
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static int failures;

#define EXPECT(expr, want)                                               \
	do {                                                             \
		long got_ = (long)(expr), want_ = (long)(want);          \
		if (got_ != want_) {                                     \
			fprintf(stderr, "%s:%d: %s is %ld, not %ld\n",   \
				__FILE__, __LINE__, #expr, got_, want_); \
			failures++;                                      \
		}                                                        \
	} while (0)
#define CALL(nr, a, b, c, d, e, f)                                          \
	sim_call(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), \
		 (long)(f))

/* A request under construction. */
static struct {
	struct nlmsghdr nlh;
	char body[512];
} req;
static char buf[65536];

static void *begin(int type, int flags, size_t size)
{
	memset(&req, 0, sizeof(req));
	req.nlh.nlmsg_type = type;
	req.nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	req.nlh.nlmsg_seq = 17;
	req.nlh.nlmsg_len = NLMSG_LENGTH(size);
	return NLMSG_DATA(&req.nlh);
}

static void attr(int type, const void *data, size_t len)
{
	struct rtattr *a =
		(void *)((char *)&req + NLMSG_ALIGN(req.nlh.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	req.nlh.nlmsg_len =
		NLMSG_ALIGN(req.nlh.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static long send_req(int fd)
{
	return CALL(SYS_sendto, fd, &req, req.nlh.nlmsg_len, 0, 0, 0);
}

static int nl_socket(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };
	int fd = (int)CALL(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, 0,
			   0, 0);

	EXPECT(CALL(SYS_bind, fd, &a, sizeof(a), 0, 0, 0), 0);
	return fd;
}

/* Send, and the errno of the acknowledgement. */
static int request(int fd)
{
	struct nlmsghdr *nlh = (void *)buf;
	long n;

	req.nlh.nlmsg_flags |= NLM_F_ACK;
	EXPECT(send_req(fd), req.nlh.nlmsg_len);
	n = CALL(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0);
	if (n < (long)NLMSG_LENGTH(sizeof(struct nlmsgerr)) ||
	    nlh->nlmsg_type != NLMSG_ERROR) {
		EXPECT(nlh->nlmsg_type, NLMSG_ERROR);
		return 1;
	}
	EXPECT(nlh->nlmsg_seq, 17);
	return ((struct nlmsgerr *)NLMSG_DATA(nlh))->error;
}

/* All messages of a dump through fn; how many, or the error it ended with. */
static int dump(int fd, size_t room, int (*fn)(struct nlmsghdr *nlh, void *arg),
		void *arg)
{
	int count = 0;

	EXPECT(send_req(fd), req.nlh.nlmsg_len);
	for (;;) {
		long n = CALL(SYS_recvfrom, fd, buf, room, 0, 0, 0);
		struct nlmsghdr *nlh = (void *)buf;

		if (n <= 0)
			return (int)n;
		for (; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n)) {
			EXPECT(nlh->nlmsg_seq, 17);
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(nlh))
					->error;
			EXPECT(nlh->nlmsg_flags & NLM_F_MULTI, NLM_F_MULTI);
			if (nlh->nlmsg_type == NLMSG_DONE) {
				EXPECT(*(int *)NLMSG_DATA(nlh), 0);
				return count;
			}
			count += fn ? fn(nlh, arg) : 1;
		}
	}
}

static void *find_attr(struct rtattr *a, long len, int type)
{
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (a->rta_type == type)
			return RTA_DATA(a);
	}
	return NULL;
}

static int is_lo(struct nlmsghdr *nlh, void *arg)
{
	struct ifinfomsg *ifi = NLMSG_DATA(nlh);
	long len = IFLA_PAYLOAD(nlh);

	(void)arg;
	EXPECT(nlh->nlmsg_type, RTM_NEWLINK);
	EXPECT(ifi->ifi_index, 1);
	EXPECT(ifi->ifi_type, 772);
	EXPECT(ifi->ifi_flags, IFF_UP | IFF_LOOPBACK | IFF_RUNNING | 0x10000);
	EXPECT(strcmp(find_attr(IFLA_RTA(ifi), len, IFLA_IFNAME), "lo"), 0);
	EXPECT(*(int *)find_attr(IFLA_RTA(ifi), len, IFLA_MTU), 65536);
	EXPECT(find_attr(IFLA_RTA(ifi), len, IFLA_STATS64) != NULL, 1);
	return 1;
}

static int is_lo_addr(struct nlmsghdr *nlh, void *arg)
{
	struct ifaddrmsg *ifa = NLMSG_DATA(nlh);
	long len = IFA_PAYLOAD(nlh);

	(void)arg;
	EXPECT(nlh->nlmsg_type, RTM_NEWADDR);
	EXPECT(ifa->ifa_family, AF_INET);
	EXPECT(ifa->ifa_prefixlen, 8);
	EXPECT(ifa->ifa_scope, RT_SCOPE_HOST);
	EXPECT(ifa->ifa_flags, IFA_F_PERMANENT);
	EXPECT(ifa->ifa_index, 1);
	EXPECT(*(int *)find_attr(IFA_RTA(ifa), len, IFA_LOCAL),
	       htonl(INADDR_LOOPBACK));
	EXPECT(strcmp(find_attr(IFA_RTA(ifa), len, IFA_LABEL), "lo"), 0);
	return 1;
}

static void dumps_prog(void *arg)
{
	int fd = nl_socket();

	(void)arg;
	begin(RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	EXPECT(dump(fd, sizeof(buf), is_lo, NULL), 1);
	/* As short as Go and glibc send it. */
	begin(RTM_GETLINK, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), is_lo, NULL), 1);
	begin(RTM_GETADDR, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), is_lo_addr, NULL), 1);
	/* 127.0.0.0/8, 127.0.0.1, 127.255.255.255 in the local table */
	begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 3);
	begin(RTM_GETRULE, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 3);
	begin(RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 0);
	/* IPv6 is not there: nothing to show, no error */
	((struct rtgenmsg *)begin(RTM_GETADDR, NLM_F_DUMP,
				  sizeof(struct rtgenmsg)))
		->rtgen_family = AF_INET6;
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 0);
	begin(RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 1);
	begin(RTM_GETTFILTER, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), -EOPNOTSUPP);
	CALL(SYS_close, fd, 0, 0, 0, 0, 0);
}

static void run(void (*prog)(void *arg))
{
	struct sim *s = sim_new(1);

	failures = 0;
	assert_non_null(s);
	assert_non_null(sim_spawn(s, NULL, prog, NULL));
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_running(s), 0);
	assert_int_equal(sim_free(s), 0);
	assert_int_equal(failures, 0);
}

static void dumps_show_links_addresses_routes_rules(void **state)
{
	(void)state;
	run(dumps_prog);
}

static void new_addr(int fd, const char *text, int prefixlen, int type,
		     int flags, int want)
{
	struct ifaddrmsg *ifa = begin(type, flags, sizeof(*ifa));
	struct in_addr a;

	inet_aton(text, &a);
	ifa->ifa_family = AF_INET;
	ifa->ifa_prefixlen = prefixlen;
	ifa->ifa_index = 1;
	attr(IFA_LOCAL, &a, 4);
	attr(IFA_ADDRESS, &a, 4);
	EXPECT(request(fd), want);
}

static void new_route(int fd, const char *text, int len, int type, int flags,
		      int want)
{
	struct rtmsg *r = begin(type, flags, sizeof(*r));
	struct in_addr a;
	int oif = 1;

	inet_aton(text, &a);
	r->rtm_family = AF_INET;
	r->rtm_dst_len = len;
	r->rtm_table = RT_TABLE_MAIN;
	r->rtm_protocol = RTPROT_BOOT;
	r->rtm_scope = type == RTM_NEWROUTE ? RT_SCOPE_LINK : RT_SCOPE_NOWHERE;
	r->rtm_type = type == RTM_NEWROUTE ? RTN_UNICAST : 0;
	attr(RTA_DST, &a, 4);
	attr(RTA_OIF, &oif, 4);
	EXPECT(request(fd), want);
}

static void changes_prog(void *arg)
{
	int fd = nl_socket(), fd2;
	char text[32];
	struct ifinfomsg *ifi;
	int mtu = 9000;

	(void)arg;
	new_addr(fd, "10.1.2.3", 24, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, 0);
	new_addr(fd, "10.1.2.3", 24, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
		 -EEXIST);
	new_addr(fd, "10.1.2.3", 33, RTM_NEWADDR, NLM_F_CREATE, -EINVAL);
	begin(RTM_GETADDR, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 2);
	new_addr(fd, "10.1.2.3", 24, RTM_DELADDR, 0, 0);
	new_addr(fd, "10.1.2.3", 24, RTM_DELADDR, 0, -EADDRNOTAVAIL);

	new_route(fd, "10.9.0.0", 16, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
		  0);
	new_route(fd, "10.9.0.0", 16, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
		  -EEXIST);
	new_route(fd, "10.9.0.1", 16, RTM_NEWROUTE, NLM_F_CREATE, -EINVAL);
	new_route(fd, "10.9.0.0", 16, RTM_DELROUTE, 0, 0);
	new_route(fd, "10.9.0.0", 16, RTM_DELROUTE, 0, -ESRCH);

	/* More routes than fit into a part, and a small buffer. */
	for (int i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "10.%d.%d.0", 100 + i / 250,
			 i % 250);
		new_route(fd, text, 24, RTM_NEWROUTE, NLM_F_CREATE, 0);
	}
	fd2 = nl_socket();
	begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
	EXPECT(dump(fd2, 8192, NULL, NULL), 503);
	CALL(SYS_close, fd2, 0, 0, 0, 0, 0);
	begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 503);

	ifi = begin(RTM_NEWLINK, 0, sizeof(*ifi));
	ifi->ifi_index = 1;
	attr(IFLA_MTU, &mtu, 4);
	EXPECT(request(fd), 0);
	ifi = begin(RTM_NEWLINK, 0, sizeof(*ifi));
	ifi->ifi_index = 1;
	ifi->ifi_change = IFF_UP;
	EXPECT(request(fd), 0);
	/* Down: its routes are gone, but for those to the host itself. */
	begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
	EXPECT(dump(fd, sizeof(buf), NULL, NULL), 2);
	begin(RTM_NEWLINK, 0, sizeof(*ifi));
	((struct ifinfomsg *)NLMSG_DATA(&req.nlh))->ifi_index = 9;
	EXPECT(request(fd), -ENODEV);
	CALL(SYS_close, fd, 0, 0, 0, 0, 0);
}

static void requests_change_addresses_routes_links(void **state)
{
	(void)state;
	run(changes_prog);
}

static void socket_prog(void *arg)
{
	struct sockaddr_nl a;
	struct nlmsghdr *nlh = (void *)buf;
	int fd = nl_socket(), fd2, on = 1, err;
	socklen_t len = sizeof(a);
	long n;

	(void)arg;
	EXPECT(CALL(SYS_socket, AF_NETLINK, SOCK_STREAM, 0, 0, 0, 0),
	       -ESOCKTNOSUPPORT);
	EXPECT(CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 9, 0, 0, 0),
	       -EPROTONOSUPPORT);
	EXPECT(CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 99, 0, 0, 0),
	       -EPROTONOSUPPORT);
	EXPECT(CALL(SYS_getsockname, fd, &a, &len, 0, 0, 0), 0);
	EXPECT(len, 12);
	EXPECT(a.nl_pid != 0, 1);
	/* The second of a process gets a number that is no process. */
	fd2 = nl_socket();
	EXPECT(CALL(SYS_getsockname, fd2, &a, &len, 0, 0, 0), 0);
	EXPECT((int)a.nl_pid < 0, 1);

	/* Peek with MSG_TRUNC tells the size, as ss and ip do. */
	begin(RTM_GETLINK, NLM_F_DUMP, sizeof(struct rtgenmsg));
	EXPECT(send_req(fd), req.nlh.nlmsg_len);
	n = CALL(SYS_recvfrom, fd, buf, 0, MSG_PEEK | MSG_TRUNC, 0, 0);
	EXPECT(n > 400, 1);
	EXPECT(CALL(SYS_recvfrom, fd, buf, sizeof(buf), 0, 0, 0), n);
	EXPECT(CALL(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0),
	       -EAGAIN);

	/* What failed is quoted, with a reason for who asked for it. */
	EXPECT(CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_EXT_ACK, &on,
		    sizeof(on), 0),
	       0);
	new_addr(fd, "10.0.0.1", 99, RTM_NEWADDR, NLM_F_CREATE, -EINVAL);
	EXPECT(nlh->nlmsg_flags & NLM_F_ACK_TLVS, NLM_F_ACK_TLVS);
	EXPECT(strcmp(buf + nlh->nlmsg_len - 28, "ipv4: Invalid prefix length"),
	       0);
	err = (int)CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			&on, sizeof(on), 0);
	EXPECT(err, 0); /* RTNLGRP_LINK */
	on = 0;
	EXPECT(CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
		    &on, sizeof(on), 0),
	       -EINVAL);
	/* A change by the other is told to the member. */
	((struct ifinfomsg *)begin(RTM_NEWLINK, 0, sizeof(struct ifinfomsg)))
		->ifi_index = 1;
	on = 1400;
	attr(IFLA_MTU, &on, 4);
	EXPECT(request(fd2), 0);
	n = CALL(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0);
	EXPECT(n > 100 && nlh->nlmsg_type == RTM_NEWLINK, 1);
	/* Broken messages are not answered and do no harm. */
	req.nlh.nlmsg_len = 5000;
	EXPECT(CALL(SYS_sendto, fd, &req, 40, 0, 0, 0), 40);
	EXPECT(CALL(SYS_recvfrom, fd, buf, sizeof(buf), MSG_DONTWAIT, 0, 0),
	       -EAGAIN);
	CALL(SYS_close, fd, 0, 0, 0, 0, 0);
	CALL(SYS_close, fd2, 0, 0, 0, 0, 0);
}

static void sockets_have_ports_groups_and_reasons(void **state)
{
	(void)state;
	run(socket_prog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dumps_show_links_addresses_routes_rules),
		cmocka_unit_test(requests_change_addresses_routes_links),
		cmocka_unit_test(sockets_have_ports_groups_and_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
