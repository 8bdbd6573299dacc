// SPDX-License-Identifier: MIT
/*
 * Requests to the kernel and their answers.
 *
 * A request is handled within the sendmsg() that brings it; the answer lies on
 * the socket's queue when that returns. A dump is answered in parts: one at
 * once, each further one when the program has received enough to make room.
 */
#include "net/netlink/af_netlink.h"

#include "kernel/slab.h"

#define DUMP_SIZE_MAX (32 << 10)

struct sock *netlink_lookup(struct net *net, int protocol, u32 portid)
{
	struct netlink_sock *nlk;

	list_for_each_entry(nlk, &net->netlink->socks, list) {
		if (nlk->portid == portid && nlk->sk.sk_protocol == protocol)
			return &nlk->sk;
	}
	return NULL;
}

int netlink_deliver(struct sock *sk, struct sk_buff *skb)
{
	struct netlink_sock *nlk = nlk_sk(sk);

	if (sk->sk_rmem_alloc > sk->sk_rcvbuf) {
		/* Told once by ENOBUFS: the program missed something. */
		if (!(nlk->flags &
		      (NETLINK_F_NO_ENOBUFS | NETLINK_F_CONGESTED))) {
			nlk->flags |= NETLINK_F_CONGESTED;
			sk_set_err(sk, ENOBUFS,
				   "the receive buffer is full");
			sk->sk_error_report(sk);
		}
		sk->sk_drops++;
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
		return -EAGAIN; /* a message is dropped */
	}
	skb_set_owner_r(skb, sk);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	sk->sk_data_ready(sk);
	return 0;
}

int netlink_unicast(struct net *net, struct sk_buff *skb, u32 portid)
{
	struct sock *from = NETLINK_CB(skb).sk;
	int protocol = from ? from->sk_protocol : NETLINK_ROUTE;
	struct sock *sk = netlink_lookup(net, protocol, portid);

	if (!sk) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return fail(-ECONNREFUSED, "no netlink socket has this port");
	}
	return netlink_deliver(sk, skb);
}

int netlink_reply(struct sk_buff *skb, const struct sk_buff *req)
{
	memset(skb->cb, 0, sizeof(skb->cb));
	return netlink_deliver(NETLINK_CB(req).sk, skb);
}

bool netlink_has_listeners(struct net *net, int protocol, u32 group)
{
	struct netlink_sock *nlk;

	list_for_each_entry(nlk, &net->netlink->socks, list) {
		if (nlk->sk.sk_protocol == protocol &&
		    (nlk->groups & 1ULL << (group - 1)))
			return true;
	}
	return false;
}

void netlink_broadcast(struct net *net, struct sk_buff *skb, int protocol,
		       u32 group)
{
	u32 not_to = NETLINK_CB(skb).portid;
	struct netlink_sock *nlk;

	NETLINK_CB(skb).dst_group = group;
	list_for_each_entry(nlk, &net->netlink->socks, list) {
		struct sk_buff *n;

		if (nlk->sk.sk_protocol != protocol || nlk->portid == not_to ||
		    !(nlk->groups & 1ULL << (group - 1)))
			continue;
		n = skb_clone(skb);
		if (n)
			(void)netlink_deliver(&nlk->sk, n);
	}
	consume_skb(skb);
}

bool netlink_strict_check(const struct sk_buff *skb)
{
	struct sock *sk = NETLINK_CB(skb).sk;

	return sk && (nlk_sk(sk)->flags & NETLINK_F_STRICT_CHK);
}

/* NLMSG_ERROR with the request it answers; error 0 is an acknowledgement. */
static void netlink_ack(struct sk_buff *in_skb, const struct nlmsghdr *nlh,
			int err, const struct netlink_ext_ack *extack)
{
	struct netlink_sock *nlk = nlk_sk(NETLINK_CB(in_skb).sk);
	bool whole = err && !(nlk->flags & NETLINK_F_CAP_ACK);
	bool tell = (nlk->flags & NETLINK_F_EXT_ACK) && extack->msg;
	int len = whole ? (int)nlh->nlmsg_len : (int)sizeof(*nlh);
	int flags = whole ? 0 : NLM_F_CAPPED;
	struct nlmsghdr *rep;
	struct nlmsgerr *e;
	struct sk_buff *skb;

	skb = alloc_skb(NLMSG_HDRLEN + sizeof(*e) + len + 256);
	if (!skb) {
		sk_set_err(&nlk->sk, ENOBUFS, "no memory to answer");
		nlk->sk.sk_error_report(&nlk->sk);
		return;
	}
	if (tell)
		flags |= NLM_F_ACK_TLVS;
	rep = nlmsg_put(skb, nlk->portid, nlh->nlmsg_seq, NLMSG_ERROR,
			(int)sizeof(e->error) + len, flags);
	e = nlmsg_data(rep);
	e->error = err;
	memcpy(&e->msg, nlh, len);
	if (tell)
		(void)nla_put_string(skb, NLMSGERR_ATTR_MSG, extack->msg);
	nlmsg_end(skb, rep);
	memset(skb->cb, 0, sizeof(skb->cb));
	(void)netlink_deliver(&nlk->sk, skb);
}

/* The handlers of requests: a protocol is a row. */
static const struct {
	int protocol;
	int (*rcv)(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack);
} nl_table[] = {
	{ NETLINK_ROUTE, rtnetlink_rcv_msg },
	{ NETLINK_SOCK_DIAG, sock_diag_rcv_msg },
	{ NETLINK_GENERIC, genl_rcv_msg },
};

static int nl_row(int protocol)
{
	for (size_t i = 0; i < ARRAY_SIZE(nl_table); i++) {
		if (nl_table[i].protocol == protocol)
			return (int)i;
	}
	return -1;
}

bool netlink_protocol_served(int protocol)
{
	return nl_row(protocol) >= 0;
}

static int netlink_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
			   struct netlink_ext_ack *extack)
{
	/* Control messages are for the peer's library, not for us. */
	if (!(nlh->nlmsg_flags & NLM_F_REQUEST) ||
	    nlh->nlmsg_type < NLMSG_MIN_TYPE)
		return 0;
	return nl_table[nl_row(NETLINK_CB(skb).sk->sk_protocol)].rcv(skb, nlh,
								     extack);
}

void netlink_rcv_skb(struct sk_buff *skb)
{
	while (skb->len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const void *)skb->data;
		struct netlink_ext_ack extack = { NULL };
		int err;

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > skb->len)
			return;
		err = netlink_rcv_msg(skb, nlh, &extack);
		if (err != -EINTR && (err || (nlh->nlmsg_flags & NLM_F_ACK)))
			netlink_ack(skb, nlh, err, &extack);
		skb_pull(skb,
			 min_t(u32, NLMSG_ALIGN(nlh->nlmsg_len), skb->len));
	}
}

void netlink_dump_end(struct netlink_sock *nlk)
{
	if (!nlk->cb_running)
		return;
	nlk->cb_running = false;
	consume_skb(nlk->cb.skb);
	nlk->cb.skb = NULL;
}

static bool netlink_put_done(struct sk_buff *skb, struct netlink_sock *nlk)
{
	struct nlmsghdr *nlh = nlmsg_put(
		skb, nlk->portid, nlk->cb.nlh->nlmsg_seq, NLMSG_DONE,
		sizeof(nlk->cb_err), NLM_F_MULTI | nlk->cb.answer_flags);

	if (!nlh)
		return false;
	memcpy(nlmsg_data(nlh), &nlk->cb_err, sizeof(nlk->cb_err));
	return true;
}

/* One part of the answer. */
static int netlink_dump(struct netlink_sock *nlk)
{
	struct netlink_callback *cb = &nlk->cb;
	size_t size = max_t(size_t, nlk->max_recvmsg_len, NLMSG_GOODSIZE);
	struct sk_buff *skb = alloc_skb(min_t(size_t, size, DUMP_SIZE_MAX));
	int err;

	if (!skb) {
		netlink_dump_end(nlk);
		return fail(-ENOBUFS, "no memory for the dump");
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	if (!nlk->cb_done) {
		err = cb->dump(skb, cb);
		if (err == -EMSGSIZE && !skb->len)
			err = fail(-EMSGSIZE, "a message larger than a part");
		else if (err == -EMSGSIZE)
			return netlink_deliver(&nlk->sk, skb);
		nlk->cb_done = true;
		nlk->cb_err = err;
	}
	/* When it is full to the brim the end comes with the next part. */
	if (netlink_put_done(skb, nlk))
		netlink_dump_end(nlk);
	return netlink_deliver(&nlk->sk, skb);
}

void netlink_dump_more(struct sock *sk)
{
	struct netlink_sock *nlk = nlk_sk(sk);
	int err;

	if (!nlk->cb_running || sk->sk_rmem_alloc > sk->sk_rcvbuf / 2)
		return;
	err = netlink_dump(nlk);
	if (err) {
		sk_set_err(sk, -err, "the dump cannot go on");
		sk->sk_error_report(sk);
	}
}

int netlink_dump_start(struct sk_buff *skb, const struct nlmsghdr *nlh,
		       u8 family,
		       int (*dump)(struct sk_buff *skb,
				   struct netlink_callback *cb))
{
	struct netlink_sock *nlk = nlk_sk(NETLINK_CB(skb).sk);
	struct netlink_callback *cb = &nlk->cb;
	int err;

	if (nlk->cb_running)
		return fail(-EBUSY, "a dump on this socket is not over");
	memset(cb, 0, sizeof(*cb));
	cb->dump = dump;
	cb->net = NETLINK_CB(skb).net;
	cb->skb = skb_get(skb);
	cb->nlh = nlh;
	cb->family = family;
	cb->strict_check = nlk->flags & NETLINK_F_STRICT_CHK;
	nlk->cb_running = true;
	nlk->cb_done = false;
	err = netlink_dump(nlk);
	/* The answer itself is the acknowledgement. */
	return err ? err : -EINTR;
}
