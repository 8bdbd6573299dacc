/* SPDX-License-Identifier: MIT */
/* NETLINK_SOCK_DIAG of IPv4 sockets, as ss uses it. */
#include "ownnet.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>

#define ALL_STATES 0xfff

static struct {
	struct nlmsghdr h;
	struct inet_diag_req_v2 r;
	struct rtattr a; /* where there is a filter */
	char bc[256];
} q;

static int diag_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);

	if (fd < 0 && errno == EPROTONOSUPPORT && !on_trapgate())
		SKIP_HOST("no sock_diag");
	return CHECK_OK(fd);
}

/* A request about @protocol, to be changed before it is sent. */
static void ask(int protocol, int flags)
{
	memset(&q, 0, sizeof(q));
	q.h.nlmsg_len = NLMSG_LENGTH(sizeof(q.r));
	q.h.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	q.h.nlmsg_flags = NLM_F_REQUEST | flags;
	q.h.nlmsg_seq = 77;
	q.r.sdiag_family = AF_INET;
	q.r.sdiag_protocol = protocol;
	q.r.idiag_states = ALL_STATES;
	q.r.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	q.r.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

static void with_filter(const void *bc, int len)
{
	q.a.rta_type = INET_DIAG_REQ_BYTECODE;
	q.a.rta_len = RTA_LENGTH(len);
	memcpy(q.bc, bc, len);
	q.h.nlmsg_len = NLMSG_LENGTH(sizeof(q.r)) + RTA_ALIGN(q.a.rta_len);
}

static void send_query(int fd)
{
	CHECK_EQ(CHECK_OK(send(fd, &q, q.h.nlmsg_len, 0)), q.h.nlmsg_len);
}

static char answer[65536] __attribute__((aligned(8)));

/* The error that answers, 0 for an acknowledgement; or a message's type. */
static int one_answer(int fd)
{
	struct nlmsghdr *h = (void *)answer;

	CHECK_GE(CHECK_OK(recv(fd, answer, sizeof(answer), 0)),
		 sizeof(*h) + 4);
	CHECK_EQ(h->nlmsg_seq, 77);
	if (h->nlmsg_type == NLMSG_ERROR)
		return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
	if (h->nlmsg_type == NLMSG_DONE)
		return *(int *)NLMSG_DATA(h);
	return h->nlmsg_type;
}

/* Of a dump: how many sockets, and those kept here. */
static struct nlmsghdr *kept[64];
static char kept_bytes[65536] __attribute__((aligned(8)));

static int dump(int fd)
{
	size_t used = 0;
	int n = 0;

	send_query(fd);
	for (;;) {
		int len = CHECK_OK(recv(fd, answer, sizeof(answer), 0));
		struct nlmsghdr *h = (void *)answer;

		for (; NLMSG_OK(h, (unsigned int)len);
		     h = NLMSG_NEXT(h, len)) {
			CHECK_EQ(h->nlmsg_seq, 77);
			CHECK(h->nlmsg_flags & NLM_F_MULTI);
			if (h->nlmsg_type == NLMSG_DONE) {
				CHECK_EQ(*(int *)NLMSG_DATA(h), 0);
				return n;
			}
			CHECK_EQ(h->nlmsg_type, SOCK_DIAG_BY_FAMILY);
			if (n < 64 && used + h->nlmsg_len <= 65536) {
				kept[n] = (void *)(kept_bytes + used);
				memcpy(kept[n], h, h->nlmsg_len);
				used += NLMSG_ALIGN(h->nlmsg_len);
			}
			n++;
		}
	}
}

static struct inet_diag_msg *msg_of(struct nlmsghdr *h)
{
	return NLMSG_DATA(h);
}

static struct rtattr *attr(struct nlmsghdr *h, int type)
{
	struct rtattr *a = (void *)(msg_of(h) + 1);
	int n = h->nlmsg_len - NLMSG_SPACE(sizeof(struct inet_diag_msg));

	for (; RTA_OK(a, n); a = RTA_NEXT(a, n))
		if (a->rta_type == type)
			return a;
	return NULL;
}

/* The socket of a dump with this local address, in this state. */
static struct nlmsghdr *find(int n, const sin_t *a, int state)
{
	for (int i = 0; i < n && i < 64; i++) {
		struct inet_diag_msg *m = msg_of(kept[i]);

		if (m->id.idiag_sport == a->sin_port &&
		    m->id.idiag_src[0] == a->sin_addr.s_addr &&
		    m->idiag_state == state)
			return kept[i];
	}
	return NULL;
}

static struct nlmsghdr *dump_one(int fd, int protocol, int ext, const sin_t *a,
				 int state)
{
	ask(protocol, NLM_F_DUMP);
	q.r.idiag_ext = ext;
	q.r.id.idiag_sport = a->sin_port;
	return find(dump(fd), a, state);
}

static unsigned long inode_of(int fd)
{
	struct stat st;

	CHECK_OK(fstat(fd, &st));
	return st.st_ino;
}

#define EXT(x) (1 << (INET_DIAG_##x - 1))

/* ---- dumps ---- */

TEST(listener_is_told)
{
	struct inet_diag_msg *m;
	struct nlmsghdr *h;
	struct rtattr *at;
	int fd, l;
	sin_t a;

	quiet_net();
	fd = diag_socket();
	l = tcp_listener_backlog(&a, 5);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	while (poll_for(l, POLLIN) != POLLIN)
		;
	h = dump_one(fd, IPPROTO_TCP, EXT(CONG) | EXT(INFO), &a, TCP_LISTEN);
	CHECK(h);
	m = msg_of(h);
	CHECK_EQ(m->idiag_family, AF_INET);
	CHECK_EQ(m->idiag_timer, 0);
	CHECK_EQ(m->id.idiag_dport, 0);
	CHECK_EQ(m->id.idiag_dst[0], 0);
	CHECK_EQ(m->id.idiag_src[1], 0);
	CHECK_EQ(m->id.idiag_if, 0);
	CHECK_EQ(m->idiag_rqueue, 1);
	CHECK_EQ(m->idiag_wqueue, 5);
	CHECK_EQ(m->idiag_uid, geteuid());
	CHECK_EQ(m->idiag_inode, inode_of(l));
	at = attr(h, INET_DIAG_SHUTDOWN);
	CHECK(at && RTA_PAYLOAD(at) == 1 && !*(char *)RTA_DATA(at));
	at = attr(h, INET_DIAG_CONG);
	CHECK(at && strlen(RTA_DATA(at)) + 1 == RTA_PAYLOAD(at));
	at = attr(h, INET_DIAG_INFO);
	CHECK(at && *(unsigned char *)RTA_DATA(at) == TCP_LISTEN);
	CHECK(!attr(h, INET_DIAG_SKMEMINFO));
}

TEST(connection_is_told_from_both_ends)
{
	static const int exts = EXT(INFO) | EXT(SKMEMINFO) | EXT(MEMINFO) |
				EXT(TOS) | EXT(CONG);
	struct inet_diag_meminfo *mem;
	struct inet_diag_msg *m;
	struct nlmsghdr *h;
	struct tcp_info *ti;
	struct rtattr *at;
	int fd, sv[2], n = 0;
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	set_opt(sv[0], IPPROTO_IP, IP_TOS, 0x10);
	CHECK_WRITES(sv[0], "0123456789");
	while (n < 10)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	h = dump_one(fd, IPPROTO_TCP, exts, &b, TCP_ESTABLISHED);
	CHECK(h);
	CHECK_EQ(msg_of(h)->idiag_rqueue, 10);
	CHECK_EQ(msg_of(h)->idiag_inode, inode_of(sv[1]));
	h = dump_one(fd, IPPROTO_TCP, exts, &a, TCP_ESTABLISHED);
	CHECK(h);
	m = msg_of(h);
	CHECK_EQ(m->id.idiag_dport, b.sin_port);
	CHECK_EQ(m->id.idiag_dst[0], b.sin_addr.s_addr);
	CHECK_EQ(m->idiag_rqueue, 0);
	CHECK_EQ(m->idiag_inode, inode_of(sv[0]));
	CHECK(m->id.idiag_cookie[0] | m->id.idiag_cookie[1]);
	at = attr(h, INET_DIAG_TOS);
	CHECK(at && *(unsigned char *)RTA_DATA(at) == 0x10);
	at = attr(h, INET_DIAG_INFO);
	CHECK(at && RTA_PAYLOAD(at) >= offsetof(struct tcp_info,
						tcpi_total_retrans) + 4);
	ti = RTA_DATA(at);
	CHECK_EQ(ti->tcpi_state, TCP_ESTABLISHED);
	CHECK(ti->tcpi_snd_mss > 500 && ti->tcpi_snd_cwnd > 0);
	at = attr(h, INET_DIAG_SKMEMINFO);
	CHECK(at && RTA_PAYLOAD(at) == 4 * SK_MEMINFO_VARS);
	CHECK_EQ(((uint32_t *)RTA_DATA(at))[SK_MEMINFO_RCVBUF],
		 get_opt(sv[0], SOL_SOCKET, SO_RCVBUF));
	at = attr(h, INET_DIAG_MEMINFO);
	CHECK(at && RTA_PAYLOAD(at) == sizeof(*mem));
	mem = RTA_DATA(at);
	CHECK_EQ(mem->idiag_rmem, 0);
}

TEST(states_and_ports_select)
{
	int fd, l, sv[2];
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	l = tcp_listener(&a);
	tcp_pair_on(l, &a, sv);
	b = name_of(sv[0]);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.id.idiag_sport = a.sin_port;
	CHECK_EQ(dump(fd), 2);
	q.r.idiag_states = 1 << TCP_LISTEN;
	CHECK_EQ(dump(fd), 1);
	CHECK(find(1, &a, TCP_LISTEN));
	q.r.idiag_states = 1 << TCP_ESTABLISHED;
	CHECK_EQ(dump(fd), 1);
	CHECK(find(1, &a, TCP_ESTABLISHED));
	q.r.id.idiag_dport = b.sin_port;
	CHECK_EQ(dump(fd), 1);
	q.r.id.idiag_sport = 0;
	CHECK_EQ(dump(fd), 1);
	q.r.id.idiag_dport = htons(1);
	CHECK_EQ(dump(fd), 0);
	q.r.idiag_states = 0;
	q.r.id.idiag_dport = 0;
	CHECK_EQ(dump(fd), 0);
}

TEST(many_sockets_come_in_parts)
{
	int fd, l;
	sin_t a;

	quiet_net();
	fd = diag_socket();
	l = tcp_listener_backlog(&a, 200);
	for (int i = 0; i < 150; i++)
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.idiag_ext = EXT(INFO) | EXT(SKMEMINFO);
	q.r.idiag_states = 1 << TCP_ESTABLISHED;
	q.r.id.idiag_dport = a.sin_port;
	CHECK_EQ(dump(fd), 150);
	close(l);
}

TEST(time_wait_is_told)
{
	struct nlmsghdr *h;
	int fd, sv[2];
	sin_t a;

	quiet_net();
	fd = diag_socket();
	tcp_pair(sv);
	a = name_of(sv[0]);
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
	CHECK_OK(close(sv[1]));
	while (!(h = dump_one(fd, IPPROTO_TCP, EXT(INFO), &a, TCP_TIME_WAIT)))
		sched_yield();
	CHECK_EQ(msg_of(h)->idiag_timer, 3);
	CHECK(msg_of(h)->idiag_expires > 1000);
	CHECK(msg_of(h)->idiag_expires <= 60000);
	CHECK_EQ(msg_of(h)->idiag_inode, 0);
	CHECK(!attr(h, INET_DIAG_INFO));
}

TEST(udp_is_told)
{
	struct nlmsghdr *h;
	int fd, u, v;
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	u = udp_bound(&a);
	v = udp_bound(&b);
	CHECK_OK(connect(v, SA(&a), sizeof(a)));
	CHECK_WRITES(v, "xyz");
	CHECK_EQ(poll_for(u, POLLIN), POLLIN);
	h = dump_one(fd, IPPROTO_UDP, EXT(SKMEMINFO) | EXT(INFO), &a, 7);
	CHECK(h);
	CHECK(msg_of(h)->idiag_rqueue >= 3);
	CHECK_EQ(msg_of(h)->idiag_inode, inode_of(u));
	CHECK(attr(h, INET_DIAG_SKMEMINFO));
	CHECK(!attr(h, INET_DIAG_INFO));
	h = dump_one(fd, IPPROTO_UDP, 0, &b, 1);
	CHECK(h);
	CHECK_EQ(msg_of(h)->id.idiag_dport, a.sin_port);
}

TEST(raw_is_told)
{
	int fd, r, n;

	quiet_net();
	fd = diag_socket();
	r = socket(AF_INET, SOCK_RAW, 253);
	if (r < 0 && errno == EPERM)
		SKIP("no CAP_NET_RAW");
	ask(IPPROTO_RAW, NLM_F_DUMP);
	send_query(fd);
	n = one_answer(fd);
	if (n == -ENOENT && !on_trapgate())
		SKIP_HOST("no raw_diag");
	CHECK_EQ(n, SOCK_DIAG_BY_FAMILY);
	CHECK_EQ(msg_of((void *)answer)->id.idiag_sport, htons(253));
	CHECK_EQ(msg_of((void *)answer)->idiag_inode, inode_of(r));
}

TEST(ipv6_has_none_of_ours)
{
	sin_t a;
	int fd;

	quiet_net();
	fd = diag_socket();
	tcp_listener(&a);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.sdiag_family = AF_INET6;
	q.r.id.idiag_sport = a.sin_port;
	CHECK_EQ(dump(fd), 0);
}

/* ---- filters ---- */

static int matches(int fd, const void *bc, int len)
{
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.idiag_states = 1 << TCP_LISTEN;
	with_filter(bc, len);
	return dump(fd);
}

static int port_matches(int fd, int code, int port)
{
	/* When it does not hold: beyond the end, which refuses. */
	struct inet_diag_bc_op op[] = { { code, 8, 12 }, { 0, 0, port } };

	return matches(fd, op, sizeof(op));
}

TEST(filter_by_port)
{
	int fd, port;
	sin_t a;

	quiet_net();
	fd = diag_socket();
	tcp_listener(&a);
	port = ntohs(a.sin_port);
	CHECK_EQ(port_matches(fd, INET_DIAG_BC_S_EQ, port), 1);
	CHECK_EQ(port_matches(fd, INET_DIAG_BC_S_EQ, 1), 0);
	CHECK(port_matches(fd, INET_DIAG_BC_S_GE, port) >= 1);
	CHECK(port_matches(fd, INET_DIAG_BC_S_LE, port) >= 1);
	CHECK_EQ(port_matches(fd, INET_DIAG_BC_S_LE, port - 1), 0);
	CHECK_EQ(port_matches(fd, INET_DIAG_BC_S_GE, port + 1), 0);
	CHECK(port_matches(fd, INET_DIAG_BC_D_EQ, 0) >= 1);
	CHECK_EQ(port_matches(fd, INET_DIAG_BC_D_GE, 1), 0);
}

static int host_matches(int fd, uint32_t addr, int bits, int port, int family)
{
	struct {
		struct inet_diag_bc_op op;
		struct inet_diag_hostcond c;
		uint32_t addr;
	} bc = {
		{ INET_DIAG_BC_S_COND, sizeof(bc), sizeof(bc) + 4 },
		{ family, bits, port },
		htonl(addr),
	};

	return matches(fd, &bc, sizeof(bc));
}

TEST(filter_by_address)
{
	int fd, port;
	sin_t a;

	quiet_net();
	fd = diag_socket();
	tcp_listener(&a);
	port = ntohs(a.sin_port);
	CHECK_EQ(host_matches(fd, LO, 32, port, AF_INET), 1);
	CHECK_EQ(host_matches(fd, LO2, 32, port, AF_INET), 0);
	CHECK_EQ(host_matches(fd, LO2, 8, port, AF_INET), 1);
	CHECK_EQ(host_matches(fd, LO, 32, port + 1, AF_INET), 0);
	CHECK(host_matches(fd, LO, 32, -1, AF_INET) >= 1);
	CHECK_EQ(host_matches(fd, FOREIGN, 0, port, AF_INET), 1);
}

TEST(filter_with_jumps)
{
	/* not (sport = 1): what holds jumps over the jump that refuses */
	struct inet_diag_bc_op op[] = { { INET_DIAG_BC_S_EQ, 8, 12 },
					{ 0, 0, 1 },
					{ INET_DIAG_BC_JMP, 4, 8 } };
	struct inet_diag_bc_op autob[] = { { INET_DIAG_BC_AUTO, 4, 8 } };
	struct inet_diag_bc_op nop[] = { { INET_DIAG_BC_NOP, 4, 0 } };
	sin_t a;
	int fd;

	quiet_net();
	fd = diag_socket();
	tcp_listener(&a);
	CHECK(matches(fd, op, sizeof(op)) >= 1);
	op[1].no = ntohs(a.sin_port);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.id.idiag_sport = a.sin_port;
	with_filter(op, sizeof(op));
	CHECK_EQ(dump(fd), 0);
	CHECK(matches(fd, nop, sizeof(nop)) >= 1);
	CHECK(matches(fd, autob, sizeof(autob)) >= 1);
}

static int refuses(int fd, const void *bc, int len)
{
	ask(IPPROTO_TCP, NLM_F_DUMP);
	with_filter(bc, len);
	send_query(fd);
	return one_answer(fd);
}

TEST(filter_that_makes_no_sense_einval)
{
	static const struct {
		struct inet_diag_bc_op op[3];
		int len;
	} t[] = {
		{ { { 99, 4, 8 } }, 4 }, /* no such condition */
		{ { { INET_DIAG_BC_JMP, 0, 8 } }, 4 }, /* no step */
		{ { { INET_DIAG_BC_JMP, 4, 0 } }, 4 }, /* back */
		{ { { INET_DIAG_BC_JMP, 4, 2 } }, 4 },
		{ { { INET_DIAG_BC_JMP, 6, 8 } }, 4 },
		{ { { INET_DIAG_BC_JMP, 4, 12 } }, 4 }, /* far out */
		{ { { INET_DIAG_BC_JMP, 12, 8 } }, 4 },
		{ { { INET_DIAG_BC_S_EQ, 8, 12 } }, 4 }, /* cut off */
		{ { { INET_DIAG_BC_S_EQ, 4, 8 }, { 0, 0, 1 } }, 8 },
		/* into the middle of the next one */
		{ { { INET_DIAG_BC_JMP, 4, 8 },
		    { INET_DIAG_BC_S_EQ, 8, 8 } }, 12 },
		{ { { INET_DIAG_BC_S_COND, 8, 12 } }, 8 },
		{ { { INET_DIAG_BC_S_COND, 12, 16 }, { 77, 0, 0 } }, 12 },
		{ { { INET_DIAG_BC_S_COND, 12, 16 }, { AF_INET, 0, 0 } }, 12 },
		{ { { INET_DIAG_BC_S_COND, 12, 16 }, { 0, 1, 0 } }, 12 },
		{ { { INET_DIAG_BC_DEV_COND, 4, 8 } }, 4 },
		{ { { INET_DIAG_BC_NOP, 4, 0 } }, 3 },
		{ { { INET_DIAG_BC_NOP, 4, 0 } }, 0 },
	};
	int fd = diag_socket();

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		int e = refuses(fd, t[i].op, t[i].len);

		if (e != -EINVAL)
			FAIL("filter %zu: %d", i, e);
	}
}

/* ---- one socket ---- */

static void name_query(const sin_t *src, const sin_t *dst)
{
	q.r.id.idiag_sport = src->sin_port;
	q.r.id.idiag_src[0] = src->sin_addr.s_addr;
	if (dst) {
		q.r.id.idiag_dport = dst->sin_port;
		q.r.id.idiag_dst[0] = dst->sin_addr.s_addr;
	}
}

TEST(single_sockets)
{
	uint32_t cookie[2];
	int fd, l, sv[2];
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	l = tcp_listener(&a);
	tcp_pair_on(l, &a, sv);
	b = name_of(sv[0]);
	ask(IPPROTO_TCP, 0);
	q.r.idiag_ext = EXT(INFO);
	name_query(&b, &a);
	send_query(fd);
	CHECK_EQ(one_answer(fd), SOCK_DIAG_BY_FAMILY);
	CHECK(!(((struct nlmsghdr *)answer)->nlmsg_flags & NLM_F_MULTI));
	CHECK_EQ(msg_of((void *)answer)->idiag_inode, inode_of(sv[0]));
	CHECK(attr((void *)answer, INET_DIAG_INFO));
	memcpy(cookie, msg_of((void *)answer)->id.idiag_cookie, 8);
	/* By cookie, right and wrong. */
	memcpy(q.r.id.idiag_cookie, cookie, 8);
	send_query(fd);
	CHECK_EQ(one_answer(fd), SOCK_DIAG_BY_FAMILY);
	q.r.id.idiag_cookie[1]++;
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ENOENT);
	/* The listener, for a peer that is not connected. */
	ask(IPPROTO_TCP, 0);
	name_query(&a, NULL);
	send_query(fd);
	CHECK_EQ(one_answer(fd), SOCK_DIAG_BY_FAMILY);
	CHECK_EQ(msg_of((void *)answer)->idiag_state, TCP_LISTEN);
	ask(IPPROTO_TCP, 0);
	q.r.id.idiag_sport = htons(1);
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ENOENT);
}

/* LINUX: the source is the peer's, for historical reasons. */
TEST(single_udp_sockets_are_named_the_other_way_round)
{
	int fd, sv[2];
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	udp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	ask(IPPROTO_UDP, 0);
	name_query(&b, &a);
	send_query(fd);
	CHECK_EQ(one_answer(fd), SOCK_DIAG_BY_FAMILY);
	CHECK_EQ(msg_of((void *)answer)->idiag_inode, inode_of(sv[0]));
	memset(q.r.id.idiag_cookie, 0x11, 8);
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ESTALE);
}

TEST(what_is_not_there)
{
	int fd = diag_socket();

	ask(253, NLM_F_DUMP);
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ENOENT);
	ask(253, 0);
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ENOENT);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.r.sdiag_family = 33;
	send_query(fd);
	CHECK_EQ(one_answer(fd), -ENOENT);
	q.r.sdiag_family = 200;
	send_query(fd);
	CHECK_EQ(one_answer(fd), -EINVAL);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.h.nlmsg_len -= 4;
	send_query(fd);
	CHECK_EQ(one_answer(fd), -EINVAL);
	q.h.nlmsg_len = NLMSG_LENGTH(1);
	send_query(fd);
	CHECK_EQ(one_answer(fd), -EINVAL);
	ask(IPPROTO_TCP, NLM_F_DUMP);
	q.h.nlmsg_type = 99;
	send_query(fd);
	CHECK_EQ(one_answer(fd), -EINVAL);
}

/* ---- ending sockets ---- */

static int destroy(int fd, int protocol, const sin_t *src, const sin_t *dst)
{
	ask(protocol, NLM_F_ACK);
	q.h.nlmsg_type = SOCK_DESTROY;
	name_query(src, dst);
	send_query(fd);
	return one_answer(fd);
}

/* A host may be built without it, a user be without CAP_NET_ADMIN. */
static void end(int fd, int protocol, const sin_t *src, const sin_t *dst)
{
	int e = destroy(fd, protocol, src, dst);

	if (e == -EPERM)
		SKIP("no CAP_NET_ADMIN");
	if (e == -EOPNOTSUPP && !on_trapgate())
		SKIP_HOST("no SOCK_DESTROY");
	CHECK_EQ(e, 0);
}

TEST(destroy_needs_privilege)
{
	int fd, sv[2], e;
	sin_t a, b;

	fd = diag_socket();
	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	drop_privilege();
	fd = diag_socket();
	e = destroy(fd, IPPROTO_TCP, &a, &b);
	CHECK(e == -EPERM || e == -EOPNOTSUPP);
	CHECK_WRITES(sv[0], "alive");
	CHECK_READS(sv[1], "alive");
}

TEST(destroyed_connection_econnaborted_and_reset)
{
	int fd, sv[2];
	sin_t a, b;
	char c;

	quiet_net();
	fd = diag_socket();
	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	end(fd, IPPROTO_TCP, &a, &b);
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNABORTED);
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
	CHECK_EQ(destroy(fd, IPPROTO_TCP, &a, &b), -ENOENT);
}

TEST(destroyed_listener_wakes_accept)
{
	int fd, l;
	sin_t a;

	quiet_net();
	fd = diag_socket();
	l = tcp_listener(&a);
	end(fd, IPPROTO_TCP, &a, NULL);
	CHECK_ERRNO(accept(l, NULL, NULL), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), SA(&a), sizeof(a)), ECONNREFUSED);
}

TEST(destroyed_time_wait_is_gone)
{
	int fd, sv[2];
	sin_t a, b;

	quiet_net();
	fd = diag_socket();
	tcp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
	CHECK_OK(close(sv[1]));
	while (!dump_one(fd, IPPROTO_TCP, 0, &a, TCP_TIME_WAIT))
		sched_yield();
	end(fd, IPPROTO_TCP, &a, &b);
	CHECK(!dump_one(fd, IPPROTO_TCP, 0, &a, TCP_TIME_WAIT));
}

TEST(destroyed_udp_econnaborted)
{
	int fd, sv[2];
	sin_t a, b;
	char c;

	quiet_net();
	fd = diag_socket();
	udp_pair(sv);
	a = name_of(sv[0]);
	b = name_of(sv[1]);
	end(fd, IPPROTO_UDP, &a, &b);
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNABORTED);
}

HARNESS_MAIN
