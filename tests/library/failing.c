/* SPDX-License-Identifier: MIT */
/*
 * Every single allocation of a scenario fails once, in a run of its own: the
 * calls around it say so, tasks go on or give up, and at the end nothing is
 * lost and nobody hangs.
 */
#include "tests/library/library.h"

#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#define BYTES 30000

static struct tg_kernel *k;

/* Each step may fail; a step that does ends the task. */
#define TRY(expr)                 \
	({                        \
		long r_ = (expr); \
		if (r_ < 0)       \
			return;   \
		r_;               \
	})

/* Calls that are there to be made: how many were refused. */
static unsigned int refused;
#define DO(expr) (refused += (expr) < 0)

static void tcp_server(void *arg)
{
	struct sockaddr_in a = addr_of("0.0.0.0", 80);
	struct epoll_event e = { .events = EPOLLIN };
	int on = 1, ep, l, fd;

	(void)arg;
	ep = (int)TRY(tg_epoll_create(0));
	l = (int)TRY(tg_socket(AF_INET, SOCK_STREAM, 0));
	TRY(tg_setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	TRY(tg_bind(l, (struct sockaddr *)&a, sizeof(a)));
	TRY(tg_listen(l, 5));
	TRY(tg_epoll_ctl(ep, EPOLL_CTL_ADD, l, &e));
	TRY(tg_epoll_wait(ep, &e, 1, 60000));
	fd = (int)TRY(tg_accept(l, NULL, NULL));
	(void)recv_bytes(fd);
	(void)send_bytes(fd, 0, BYTES);
	TRY(tg_close(fd));
}

static void tcp_client(void *arg)
{
	int fd = (int)TRY(connect_to("10.0.0.2", 80)), copy;
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	(void)arg;
	copy = (int)TRY(tg_dup(fd));
	TRY(tg_poll(&p, 1, 1000));
	TRY(send_bytes(fd, 0, BYTES));
	TRY(tg_shutdown(copy, SHUT_WR));
	(void)recv_bytes(fd);
}

static void udp_server(void *arg)
{
	struct sockaddr_in a = addr_of("0.0.0.0", 53);
	struct timeval tv = { .tv_sec = 5 };
	unsigned int len = sizeof(a);
	static char buf[9000];
	int fd = (int)TRY(tg_socket(AF_INET, SOCK_DGRAM, 0));

	(void)arg;
	TRY(tg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	TRY(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)));
	for (;;)
		TRY(tg_recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&a,
				&len));
}

/* Fragments, ICMP errors, control messages, multicast, netlink, raw. */
static void others(void *arg)
{
	struct sockaddr_in a = addr_of("10.0.0.2", 53);
	static char buf[5000];
	struct iovec v[2] = { { buf, 2000 }, { buf, 3000 } };
	char control[64];
	struct msghdr m = { .msg_name = &a,
			    .msg_namelen = sizeof(a),
			    .msg_iov = v,
			    .msg_iovlen = 2 };
	struct ip_mreqn mr = {
		.imr_multiaddr.s_addr = htonl(0xe0000123),
		.imr_ifindex = 2,
	};
	int on = 1, fd, raw;

	(void)arg;
	tg_sleep(TG_SEC);
	fd = (int)TRY(tg_socket(AF_INET, SOCK_DGRAM, 0));
	(void)tg_setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on));
	(void)tg_setsockopt(fd, SOL_IP, IP_PKTINFO, &on, sizeof(on));
	(void)tg_setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &mr, sizeof(mr));
	(void)tg_sendmsg(fd, &m, 0);
	a.sin_port = htons(99);
	(void)tg_sendmsg(fd, &m, 0);
	tg_sleep(TG_SEC);
	m = (struct msghdr){ .msg_iov = v,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control) };
	(void)tg_recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
	raw = (int)TRY(tg_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	(void)tg_sendto(raw, "\10\0\367\377\0\0\0\0", 8, 0,
			(struct sockaddr *)&a, sizeof(a));
	(void)tg_recv(raw, buf, sizeof(buf), 0);
	(void)tg_close(raw);
	(void)tg_close(fd);
	(void)tg_socket(AF_PACKET, SOCK_RAW, htons(3));
}

/* What a program may hang on a socket: all of it goes with the socket. */
static void settings(void *arg)
{
	static const unsigned char record_route[] = { 7, 11, 4, 0, 0, 0,
						      0, 0,  0, 0, 0, 0 };
	struct sock_filter insn = BPF_STMT(BPF_RET | BPF_K, 0xffff);
	struct sock_fprog all = { 1, &insn };
	struct sockaddr_in a = addr_of("10.0.0.2", 99);
	struct sockaddr_in any = addr_of("0.0.0.0", 0);
	struct group_source_req gsr = { .gsr_interface = 2 };
	struct ip_mreq_source ms = {
		.imr_multiaddr.s_addr = htonl(0xe8000001),
		.imr_interface.s_addr = htonl(0x0a000001),
	};
	int stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	int on = 1, fd, tcp;
	char buf[512];
	struct msghdr m = { .msg_control = buf, .msg_controllen = sizeof(buf) };

	(void)arg;
	fd = (int)TRY(tg_socket(AF_INET, SOCK_DGRAM, 0));
	DO(tg_setsockopt(fd, SOL_IP, IP_OPTIONS, record_route, 12));
	DO(tg_setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof(all)));
	DO(tg_setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps,
			 sizeof(stamps)));
	DO(tg_setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on)));
	DO(tg_setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	DO(tg_bind(fd, (struct sockaddr *)&any, sizeof(any)));
	for (ms.imr_sourceaddr.s_addr = htonl(0x0a000005);
	     ms.imr_sourceaddr.s_addr != htonl(0x0a00000f);
	     ms.imr_sourceaddr.s_addr += htonl(1))
		DO(tg_setsockopt(fd, SOL_IP, IP_ADD_SOURCE_MEMBERSHIP, &ms,
				 sizeof(ms)));
	*(struct sockaddr_in *)&gsr.gsr_group = addr_of("232.0.0.2", 0);
	*(struct sockaddr_in *)&gsr.gsr_source = addr_of("10.0.0.7", 0);
	DO(tg_setsockopt(fd, SOL_IP, MCAST_JOIN_SOURCE_GROUP, &gsr,
			 sizeof(gsr)));
	DO(tg_sendto(fd, buf, 100, 0, (struct sockaddr *)&a, sizeof(a)));
	DO(tg_sleep(TG_SEC)); /* The port is unreachable. */
	DO(tg_recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT));
	DO(tg_setsockopt(fd, SOL_IP, IP_OPTIONS, NULL, 0));

	a.sin_port = htons(80);
	tcp = (int)TRY(tg_socket(AF_INET, SOCK_STREAM, 0));
	DO(tg_setsockopt(tcp, SOL_IP, IP_OPTIONS, record_route, 12));
	DO(tg_setsockopt(tcp, SOL_TCP, TCP_CONGESTION, "bbr", 3));
	DO(tg_sendto(tcp, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&a,
		     sizeof(a)));
	DO(tg_send(tcp, "y", 1, MSG_OOB));
	DO(tg_close(tcp));
	DO(tg_close(fd));
}

/* Ask for @type of @protocol and read all that is answered. */
static void ask(int protocol, int type, int flags, const void *body, size_t n)
{
	struct {
		struct nlmsghdr h;
		char body[200];
	} q = { .h = { .nlmsg_len = (unsigned int)NLMSG_LENGTH(n),
		       .nlmsg_type = (unsigned short)type,
		       .nlmsg_flags = (unsigned short)(NLM_F_REQUEST | flags),
		       .nlmsg_seq = 1 } };
	struct timeval tv = { .tv_sec = 1 };
	static char buf[16384] __attribute__((aligned(8)));
	struct nlmsghdr *m;
	int left, last = 0;
	int fd = (int)TRY(tg_socket(AF_NETLINK, SOCK_RAW, protocol));

	memcpy(q.body, body, n);
	DO(tg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	DO(tg_send(fd, &q, q.h.nlmsg_len, 0));
	do {
		left = (int)tg_recv(fd, buf, sizeof(buf), 0);
		DO(left);
		for (m = (struct nlmsghdr *)buf; NLMSG_OK(m, left);
		     m = NLMSG_NEXT(m, left))
			last = m->nlmsg_type;
	} while (left >= 0 && last != NLMSG_DONE && last != NLMSG_ERROR);
	if (last == NLMSG_ERROR)
		DO(((struct nlmsgerr *)((struct nlmsghdr *)buf + 1))->error);
	DO(tg_close(fd));
}

static void administration(void *arg)
{
	static const int dumps[] = { RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE,
				     RTM_GETRULE, RTM_GETNEIGH };
	static const struct rtmsg inet = { .rtm_family = AF_INET };
	struct {
		struct rtmsg m;
		struct rtattr a;
		unsigned int dst;
		struct rtattr b;
		unsigned int oif;
	} route = {
		.m = { .rtm_family = AF_INET,
		       .rtm_dst_len = 32,
		       .rtm_table = RT_TABLE_MAIN,
		       .rtm_protocol = RTPROT_BOOT,
		       .rtm_scope = RT_SCOPE_LINK,
		       .rtm_type = RTN_UNICAST },
		.a = { 8, RTA_DST },
		.dst = htonl(0x0a090909),
		.b = { 8, RTA_OIF },
		.oif = 2,
	};
	struct {
		struct rtmsg m;
		struct rtattr a;
		unsigned int prio;
	} rule = { .m = { .rtm_family = AF_INET,
			  .rtm_table = 100,
			  .rtm_type = RTN_UNICAST },
		   .a = { 8, 6 /* FRA_PRIORITY */ },
		   .prio = 77 };
	struct {
		struct ifaddrmsg m;
		struct rtattr a;
		unsigned int local;
	} addr = { .m = { .ifa_family = AF_INET,
			  .ifa_prefixlen = 24,
			  .ifa_index = 2 },
		   .a = { 8, IFA_LOCAL },
		   .local = htonl(0x0a080808) };
	struct inet_diag_req_v2 diag = { .sdiag_family = AF_INET,
					 .sdiag_protocol = IPPROTO_TCP,
					 .idiag_ext = 0xff,
					 .idiag_states = ~0U };
	const int create = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;

	(void)arg;
	ask(NETLINK_ROUTE, RTM_NEWADDR, create, &addr, sizeof(addr));
	ask(NETLINK_ROUTE, RTM_NEWROUTE, create, &route, sizeof(route));
	ask(NETLINK_ROUTE, RTM_NEWRULE, create, &rule, sizeof(rule));
	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		ask(NETLINK_ROUTE, dumps[i], NLM_F_DUMP, &inet, sizeof(inet));
	ask(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &diag,
	    sizeof(diag));
	diag.sdiag_protocol = IPPROTO_UDP;
	ask(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &diag,
	    sizeof(diag));
	ask(NETLINK_ROUTE, RTM_DELRULE, NLM_F_ACK, &rule, sizeof(rule));
	ask(NETLINK_ROUTE, RTM_DELROUTE, NLM_F_ACK, &route, sizeof(route));
	ask(NETLINK_ROUTE, RTM_DELADDR, NLM_F_ACK, &addr, sizeof(addr));
}

/* What runs on the two hosts. */
struct scenario {
	const char *name;
	void (*on_b[2])(void *arg);
	void (*on_a[2])(void *arg);
	unsigned int least; /* allocations that it surely makes */
};

static int build(struct tg_host **ret_a, struct tg_host **ret_b)
{
	struct tg_link_params p = { .latency = TG_MSEC,
				    .rate = 10000000,
				    .pattern = "........x.d...c..r",
				    .reorder_delay = 3 * TG_MSEC };
	struct tg_host *a, *b;
	struct tg_link *l;
	char buf[512];
	int err;

	err = tg_host_new(k, "a", &a);
	if (!err)
		err = tg_host_new(k, "b", &b);
	if (!err)
		err = tg_link_new(a, "eth0", b, "eth0", &p, &l);
	if (!err)
		err = tg_addr_add(a, "eth0", "10.0.0.1/24");
	if (!err)
		err = tg_addr_add(b, "eth0", "10.0.0.2/24");
	if (!err)
		err = tg_route_add(a, "default", "10.0.0.2", NULL);
	if (!err)
		err = tg_route_del(a, "default", "10.0.0.2", NULL);
	if (!err)
		err = tg_sysctl_set(a, "net.ipv4.tcp_timestamps", "0");
	if (err)
		return err;
	(void)tg_proc_net(a, "tcp", buf, sizeof(buf));
	*ret_a = a;
	*ret_b = b;
	return 0;
}

/* Allocations that it made. */
static uint64_t run_failing(const struct scenario *s, uint64_t n)
{
	struct tg_host *a, *b;
	uint64_t before, made;
	int err;

	refused = 0;
	OK(tg_kernel_new(NULL, &k));
	before = tg_allocations(k);
	OK(tg_fail_allocation(k, n));
	err = build(&a, &b);
	for (int i = 0; i < 2 && !err; i++)
		err = tg_spawn(b, s->on_b[i], NULL, NULL);
	for (int i = 0; i < 2 && !err; i++)
		err = tg_spawn(a, s->on_a[i], NULL, NULL);
	/* LINUX: the route of an address may be missing without a word. */
	if (err && err != -ENETUNREACH)
		assert_int_equal(err, -ENOMEM);
	/* Nobody waits longer than TCP does for one that is gone. */
	assert_true(tg_run_for(k, 3600 * 24 * TG_SEC) <= 2);
	made = tg_allocations(k) - before;
	/* Says when memory was lost. */
	OK(tg_kernel_free(k));
	return made;
}

static void quiet(void *arg, int level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static const struct scenario scenarios[] = {
	{ "traffic", { tcp_server, udp_server }, { tcp_client, others }, 300 },
	{ "settings",
	  { tcp_server, udp_server },
	  { settings, administration },
	  300 },
};

static void every_allocation_fails_once(void **state)
{
	const struct scenario *s;
	uint64_t n, made;

	for (s = scenarios; s < scenarios + 2; s++) {
		n = 1;
		do
			made = run_failing(s, n);
		while (n++ <= made);
		/* The last run, in which none failed. */
		assert_int_equal(refused, 0);
		printf("# %s: %llu allocations\n", s->name,
		       (unsigned long long)made);
		assert_true(made > s->least);
	}
}

/* No kernel, or one that works, for any amount of memory. */
static void kernels_that_do_not_fit(void **state)
{
	struct tg_kernel_params p = { .log = quiet };
	struct tg_host *h;
	int err = -ENOMEM;

	for (p.memory_limit = 16; err; p.memory_limit += 48) {
		err = tg_kernel_new(&p, &k);
		if (err) {
			assert_int_equal(err, -ENOMEM);
			continue;
		}
		err = tg_host_new(k, "h", &h);
		if (err)
			assert_int_equal(err, -ENOMEM);
		OK(tg_kernel_free(k));
		assert_true(p.memory_limit < 1 << 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_that_do_not_fit),
		cmocka_unit_test(every_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
