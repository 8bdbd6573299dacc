// SPDX-License-Identifier: MIT
/*
 * IPv4 sockets by sock_diag: dumps, single sockets, ending them (ss -K).
 *
 * What stands in TCP's tables need not be a whole socket: requests of SYN
 * queues and TIME-WAIT stand-ins are told with what they know, a parked
 * connection as the socket that it is.
 */
#include "net/ipv4/inet_diag.h"

#include "kernel/sched.h"
#include "net/ipv4/inet_timewait.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"
#include <linux/capability.h>

static const struct inet_diag_handler *const inet_diag_table[] = {
	&tcp_diag_handler,
	&udp_diag_handler,
	&raw_diag_handler,
};

static const u8 req_min_len[INET_DIAG_REQ_MAX + 1] = {
	[INET_DIAG_REQ_PROTOCOL] = 4,
};

/* A request, taken apart. */
struct inet_diag_query {
	struct inet_diag_req_v2 req;
	const struct inet_diag_handler *handler; /* NULL: no such protocol */
	const struct nlattr *bc; /* filter, or NULL */
};

static int inet_diag_parse(const struct nlmsghdr *nlh,
			   struct inet_diag_query *q)
{
	const struct nlattr *tb[INET_DIAG_REQ_MAX + 1];
	struct netlink_ext_ack extack;
	u32 protocol;
	int err;

	err = nlmsg_parse(nlh, sizeof(q->req), tb, INET_DIAG_REQ_MAX,
			  req_min_len, &extack);
	if (err)
		return err;
	memcpy(&q->req, nlmsg_data(nlh), sizeof(q->req));
	q->bc = tb[INET_DIAG_REQ_BYTECODE];
	q->handler = NULL;
	protocol = tb[INET_DIAG_REQ_PROTOCOL]
			   ? nla_get_u32(tb[INET_DIAG_REQ_PROTOCOL])
			   : q->req.sdiag_protocol;
	for (size_t i = 0; i < ARRAY_SIZE(inet_diag_table); i++) {
		if (inet_diag_table[i]->protocol == protocol)
			q->handler = inet_diag_table[i];
	}
	return 0;
}

/* Writing one. */

static void diag_common_fill(const struct sock_head *h, struct inet_diag_msg *r)
{
	r->idiag_family = (u8)h->sk_family;
	r->id.idiag_dport = h->sk_dport;
	r->id.idiag_src[0] = h->sk_rcv_saddr;
	r->id.idiag_dst[0] = h->sk_daddr;
	r->id.idiag_if = (u32)h->sk_bound_dev_if;
}

/* Its name. What is no whole socket gets one when it is first told of. */
static u64 diag_cookie(struct sock *sk)
{
	u64 *cookie;

	if (sk->sk_state == TCP_TIME_WAIT)
		cookie = &inet_twsk(sk)->tw_cookie;
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		cookie = &inet_reqsk(sk)->ir_cookie;
	else
		return sock_gen_cookie(sk);
	if (!*cookie)
		*cookie = ++this_kernel->next_sock_id;
	return *cookie;
}

static int put_sockopt(const struct inet_sock *inet, struct sk_buff *skb)
{
	struct inet_diag_sockopt o = {
		.recverr = inet->recverr,
		.is_icsk = inet->is_icsk,
		.freebind = inet->freebind,
		.hdrincl = inet->hdrincl,
		.mc_loop = inet->mc_loop,
		.transparent = inet->transparent,
		.mc_all = inet->mc_all,
		.nodefrag = inet->nodefrag,
		.bind_address_no_port = inet->bind_address_no_port,
		.recverr_rfc4884 = inet->recverr_rfc4884,
		.defer_connect = inet->defer_connect,
	};

	return nla_put(skb, INET_DIAG_SOCKOPT, sizeof(o), &o);
}

static bool wants(u8 ext, int attr)
{
	return ext & (1 << (attr - 1));
}

static int put_attrs(struct sock *sk, struct sk_buff *skb, u8 ext)
{
	struct inet_diag_meminfo mem = {
		.idiag_rmem = (u32)sk->sk_rmem_alloc,
		.idiag_wmem = (u32)sk->sk_wmem_queued,
		.idiag_fmem = (u32)max(sk->sk_forward_alloc, 0),
		.idiag_tmem = (u32)sk->sk_wmem_alloc,
	};

	if (nla_put_u8(skb, INET_DIAG_SHUTDOWN, sk->sk_shutdown) ||
	    (wants(ext, INET_DIAG_TOS) &&
	     nla_put_u8(skb, INET_DIAG_TOS, inet_sk(sk)->tos)) ||
	    (capable(CAP_NET_ADMIN) &&
	     nla_put_u32(skb, INET_DIAG_MARK, sk->sk_mark)) ||
	    /* LINUX: without a class the priority stands for it. */
	    (wants(ext, INET_DIAG_TCLASS) &&
	     nla_put_u32(skb, INET_DIAG_CLASS_ID, sk->sk_priority)) ||
	    put_sockopt(inet_sk(sk), skb) ||
	    (wants(ext, INET_DIAG_MEMINFO) &&
	     nla_put(skb, INET_DIAG_MEMINFO, sizeof(mem), &mem)) ||
	    (wants(ext, INET_DIAG_SKMEMINFO) &&
	     sock_diag_put_meminfo(sk, skb, INET_DIAG_SKMEMINFO)))
		return -EMSGSIZE;
	return 0;
}

static u32 ms_left(unsigned long expires)
{
	s64 left = (s64)(expires - jiffies);

	return left > 0 ? (u32)(left * 1000 / (s64)HZ) : 0;
}

static int diag_sock_fill(struct sock *sk, struct sk_buff *skb,
			  const struct inet_diag_query *q,
			  struct inet_diag_msg *r)
{
	r->idiag_state = sk->sk_state;
	r->id.idiag_sport = inet_sk(sk)->inet_sport;
	r->idiag_uid = sk->sk_uid;
	r->idiag_inode = (u32)sock_i_ino(sk);
	if (inet_sk(sk)->is_icsk) {
		const struct inet_connection_sock *icsk = inet_csk(sk);
		unsigned long expires;

		r->idiag_timer = (u8)tcp_timer_active(sk, &expires);
		r->idiag_expires = r->idiag_timer ? ms_left(expires) : 0;
		r->idiag_retrans = r->idiag_timer == 1 ? icsk->icsk_retransmits
						       : icsk->icsk_probes_out;
	}
	q->handler->get_info(sk, r);
	if (put_attrs(sk, skb, q->req.idiag_ext))
		return -EMSGSIZE;
	return q->handler->put_attrs
		       ? q->handler->put_attrs(sk, skb, q->req.idiag_ext)
		       : 0;
}

static int diag_timewait_fill(const struct inet_timewait_sock *tw,
			      struct sk_buff *skb, struct inet_diag_msg *r)
{
	r->idiag_state = tw->tw_substate;
	r->idiag_timer = 3;
	r->idiag_expires = ms_left(tw->tw_timer.expires);
	r->id.idiag_sport = tw->tw_sport;
	return capable(CAP_NET_ADMIN)
		       ? nla_put_u32(skb, INET_DIAG_MARK, tw->tw_mark)
		       : 0;
}

static int diag_request_fill(const struct request_sock *req,
			     struct sk_buff *skb, struct inet_diag_msg *r)
{
	r->idiag_state = TCP_SYN_RECV;
	r->idiag_timer = 1;
	r->idiag_retrans = req->num_retrans;
	r->idiag_expires = ms_left(req->rsk_timer.expires);
	r->id.idiag_sport = htons(req->h.sk_num);
	return capable(CAP_NET_ADMIN)
		       ? nla_put_u32(skb, INET_DIAG_MARK, req->ir_mark)
		       : 0;
}

/* One message. @sk is a whole socket unless its state says otherwise. */
static int sk_diag_fill(struct sock *sk, struct sk_buff *skb,
			const struct inet_diag_query *q, u32 portid, u32 seq,
			int flags)
{
	struct inet_diag_msg *r;
	struct nlmsghdr *nlh;
	int err;

	nlh = nlmsg_put(skb, portid, seq, SOCK_DIAG_BY_FAMILY, sizeof(*r),
			flags);
	if (!nlh)
		return -EMSGSIZE;
	r = nlmsg_data(nlh);
	diag_common_fill((const struct sock_head *)sk, r);
	sock_diag_save_cookie(diag_cookie(sk), r->id.idiag_cookie);
	if (sk->sk_state == TCP_TIME_WAIT)
		err = diag_timewait_fill(inet_twsk(sk), skb, r);
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		err = diag_request_fill(inet_reqsk(sk), skb, r);
	else
		err = diag_sock_fill(sk, skb, q, r);
	if (err)
		nlmsg_cancel(skb, nlh);
	else
		nlmsg_end(skb, nlh);
	return err;
}

/* Dumps. */

struct inet_diag_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	const struct inet_diag_query *q;
	u64 nr; /* of the socket at hand */
};

/* What the filter sees, and the state for the request's mask. */
static void diag_entry(const struct sock *sk, struct inet_diag_entry *e,
		       int *ret_state)
{
	const struct sock_head *h = (const struct sock_head *)sk;

	*e = (struct inet_diag_entry){
		.saddr = h->sk_rcv_saddr,
		.daddr = h->sk_daddr,
		.sport = h->sk_num,
		.dport = ntohs(h->sk_dport),
		.ifindex = h->sk_bound_dev_if,
	};
	*ret_state = sk->sk_state;
	if (sk->sk_state == TCP_TIME_WAIT) {
		*ret_state = inet_twsk(sk)->tw_substate;
		e->sport = ntohs(inet_twsk(sk)->tw_sport);
		e->mark = inet_twsk(sk)->tw_mark;
	} else if (sk->sk_state == TCP_NEW_SYN_RECV) {
		*ret_state = TCP_SYN_RECV;
		e->mark = inet_reqsk(sk)->ir_mark;
	} else {
		e->userlocks = sk->sk_userlocks;
		e->mark = sk->sk_mark;
	}
}

static int diag_dump_whole(struct sock *sk, struct inet_diag_walk *w)
{
	const struct inet_diag_req_v2 *req = &w->q->req;
	struct inet_diag_entry e;
	int state;

	diag_entry(sk, &e, &state);
	if (!(req->idiag_states & (1U << state)) ||
	    (req->id.idiag_sport && req->id.idiag_sport != htons(e.sport)) ||
	    (req->id.idiag_dport && req->id.idiag_dport != htons(e.dport)) ||
	    !inet_diag_bc_run(w->q->bc, &e))
		return 0;
	return sk_diag_fill(sk, w->skb, w->q, NETLINK_CB(w->cb->skb).portid,
			    w->cb->nlh->nlmsg_seq, NLM_F_MULTI);
}

/* Apart, for its large frame: a parked connection, unpacked to look at. */
static int diag_dump_parked(struct tcp_parked_sock *p, struct inet_diag_walk *w)
{
	struct tcp_sock tp;
	struct sock *sk = (struct sock *)&tp;

	tcp_park_read(p, &tp);
	if (p->keepalive)
		sk->sk_timer = p->timer;
	return diag_dump_whole(sk, w);
}

static int diag_dump_one(struct sock *sk, void *arg)
{
	struct inet_diag_walk *w = arg;
	int err;

	if (w->nr++ < w->cb->args[0])
		return 0;
	err = sk->sk_state == TCP_PARKED ? diag_dump_parked(tcp_parked(sk), w)
					 : diag_dump_whole(sk, w);
	if (!err)
		w->cb->args[0] = w->nr;
	return err;
}

/* args[0]: sockets already looked at. */
static int inet_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct inet_diag_query q;
	struct inet_diag_walk w = { .skb = skb, .cb = cb, .q = &q };
	int err = inet_diag_parse(cb->nlh, &q);

	if (err)
		return err;
	if (!q.handler)
		return fail(-ENOENT, "the protocol tells nothing");
	if (q.req.sdiag_family != AF_INET)
		return 0;
	return q.handler->walk(cb->net, diag_dump_one, &w);
}

/* One socket. */

static int inet_diag_tell(struct sock *sk, struct sk_buff *skb,
			  const struct nlmsghdr *nlh,
			  const struct inet_diag_query *q)
{
	struct sk_buff *rep = alloc_skb(NLMSG_GOODSIZE);
	int err;

	if (!rep)
		return fail(-ENOMEM, "no memory for the answer");
	err = sk_diag_fill(sk, rep, q, NETLINK_CB(skb).portid, nlh->nlmsg_seq,
			   0);
	if (err) {
		consume_skb(rep);
		return err;
	}
	return netlink_reply(rep, skb);
}

int inet_diag_handler_cmd(struct sk_buff *skb, const struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	struct inet_diag_query q;
	struct sock *sk = NULL;
	int err = inet_diag_parse(nlh, &q);
	bool whole;

	(void)extack;
	if (err)
		return err;
	if (nlh->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
	    (nlh->nlmsg_flags & NLM_F_DUMP)) {
		err = inet_diag_bc_audit(q.bc);
		return err ? err
			   : netlink_dump_start(skb, nlh, q.req.sdiag_family,
						inet_diag_dump);
	}
	if (!q.handler)
		return fail(-ENOENT, "the protocol tells nothing");
	if (q.req.sdiag_family == AF_INET)
		sk = q.handler->find(NETLINK_CB(skb).net, &q.req,
				     nlh->nlmsg_type);
	if (!sk)
		return fail(-ENOENT, "no socket has these addresses");
	whole = sk->sk_state != TCP_TIME_WAIT &&
		sk->sk_state != TCP_NEW_SYN_RECV;
	err = sock_diag_check_cookie(diag_cookie(sk), q.req.id.idiag_cookie);
	/* LINUX: to TCP it is as if there were none. */
	if (err)
		return q.handler == &tcp_diag_handler ? -ENOENT : err;
	if (nlh->nlmsg_type == SOCK_DIAG_BY_FAMILY)
		return inet_diag_tell(sk, skb, nlh, &q);
	if (!whole)
		return sock_diag_destroy(sk, ECONNABORTED);
	sock_hold(sk);
	err = sock_diag_destroy(sk, ECONNABORTED);
	sock_put(sk);
	return err;
}
