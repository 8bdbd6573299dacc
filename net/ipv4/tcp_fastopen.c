/* SPDX-License-Identifier: MIT */
/*
 * TCP Fast Open, the server's side, and what both sides share: RFC 7413.
 *
 * A SYN with a valid cookie makes a child at once: it is in SYN-RECEIVED, has
 * the SYN's data in its receive queue and is in the accept queue; the program
 * may read, write and close it. Its request (fastopen_rsk) stays with it until
 * the third segment, for the SYN-ACK may have to be sent again; the child's
 * retransmission timer does that.
 */
#include "net/ipv4/tcp_fastopen.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/tcp.h"

#define TCP_FASTOPEN_RST_PENALTY (60 * HZ)

/* Options of listeners. */
static struct fastopen_queue *fastopen_queue_of(const struct sock *sk)
{
	return inet_csk(sk)->icsk_accept_queue.fastopenq;
}

/* NULL: no memory. */
struct fastopen_queue *tcp_fastopen_queue(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	if (!q->fastopenq) {
		q->fastopenq = kzalloc(sizeof(*q->fastopenq));
		if (q->fastopenq)
			INIT_LIST_HEAD(&q->fastopenq->rst);
	}
	return q->fastopenq;
}

void tcp_fastopen_queue_free(struct sock *sk)
{
	struct fastopen_queue *q = fastopen_queue_of(sk);
	struct request_sock *req;

	if (!q)
		return;
	while ((req = list_first_entry_or_null(&q->rst, struct request_sock,
					       rsk_list))) {
		list_del(&req->rsk_list);
		reqsk_free(req);
	}
	kfree(q);
	inet_csk(sk)->icsk_accept_queue.fastopenq = NULL;
}

/* TCP_FASTOPEN_KEY: one key or two, @len bytes. */
int tcp_fastopen_set_key(struct sock *sk, const u8 *key, unsigned int len)
{
	struct fastopen_queue *q;

	q = tcp_fastopen_queue(sk);
	if (!q)
		return fail(-ENOMEM, "no memory for the keys");
	memcpy(q->ctx.key, key, len);
	q->ctx.num = (int)(len / TCP_FASTOPEN_KEY_LEN);
	return 0;
}

static const struct tcp_fastopen_context *fastopen_ctx(const struct sock *sk)
{
	const struct fastopen_queue *q = fastopen_queue_of(sk);

	return q && q->ctx.num ? &q->ctx
			       : &sock_net(sk)->ipv4->tcp_fastopen_ctx;
}

/* Bytes of keys put into @key. */
unsigned int tcp_fastopen_get_key(const struct sock *sk, u8 *key)
{
	const struct tcp_fastopen_context *ctx = fastopen_ctx(sk);
	unsigned int len = ctx->num * TCP_FASTOPEN_KEY_LEN;

	memcpy(key, ctx->key, len);
	return len;
}

/* The option: kind 34, or before it had a number 254 and a magic. */
static void fastopen_cookie_of(const u8 *val, int len, bool exp, bool syn,
			       struct tcp_fastopen_cookie *ret)
{
	/* 4.1.1: an even length. */
	if (!syn || len < 0 || len & 1)
		return;
	if (len >= TCP_FASTOPEN_COOKIE_MIN && len <= TCP_FASTOPEN_COOKIE_MAX)
		memcpy(ret->val, val, len);
	else if (len)
		len = -1;
	ret->len = (s8)len;
	ret->exp = exp;
}

void tcp_parse_fastopen(const struct sk_buff *skb,
			struct tcp_fastopen_cookie *ret)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th), len;

	ret->len = -1;
	ret->exp = false;
	for (; left > 0 && *p != TCPOPT_EOL; p += len, left -= len) {
		len = 1;
		if (*p == TCPOPT_NOP)
			continue;
		if (left < 2)
			return;
		len = p[1];
		if (len < 2 || len > left)
			return;
		if (p[0] == TCPOPT_FASTOPEN)
			fastopen_cookie_of(p + 2, len - 2, false, th->syn, ret);
		else if (p[0] == TCPOPT_EXP && len >= 4 &&
			 get_unaligned_be16(p + 2) == TCPOPT_FASTOPEN_MAGIC)
			fastopen_cookie_of(p + 4, len - 4, true, th->syn, ret);
	}
}

bool tcp_fastopen_no_cookie(const struct sock *sk, int flag)
{
	return sock_net(sk)->ipv4->sysctl_tcp_fastopen & flag ||
	       tcp_sk(sk)->fastopen_no_cookie;
}

/* 4.1.2: of the addresses, so that a server keeps nothing. */
static void fastopen_cookie_gen(const struct sk_buff *syn,
				const siphash_key_t *key,
				struct tcp_fastopen_cookie *ret)
{
	u64 v = siphash(&ip_hdr(syn)->saddr, 2 * sizeof(__be32), key);

	/* Little-endian on the wire; so are we. */
	memcpy(ret->val, &v, sizeof(v));
	ret->len = TCP_FASTOPEN_COOKIE_SIZE;
}

/*
 * Which key made the cookie @foc, from 1; 0: none. *ret is the cookie that we
 * would give today.
 */
static int fastopen_cookie_check(const struct sock *sk,
				 const struct sk_buff *syn,
				 const struct tcp_fastopen_cookie *foc,
				 struct tcp_fastopen_cookie *ret)
{
	const struct tcp_fastopen_context *ctx = fastopen_ctx(sk);
	struct tcp_fastopen_cookie c;

	fastopen_cookie_gen(syn, &ctx->key[0], ret);
	for (int i = 0; i < ctx->num; i++) {
		fastopen_cookie_gen(syn, &ctx->key[i], &c);
		if (c.len == foc->len && !memcmp(c.val, foc->val, c.len))
			return i + 1;
	}
	return 0;
}

/* 4.2.2, 5.1: room for another child that is not known to be real? */
static bool fastopen_queue_check(struct sock *sk)
{
	struct fastopen_queue *q = fastopen_queue_of(sk);
	struct request_sock *req;

	if (!q || !q->max_qlen)
		return false;
	if (q->qlen < q->max_qlen)
		return true;
	req = list_first_entry_or_null(&q->rst, struct request_sock, rsk_list);
	if (!req || time_after(req->timeout, jiffies)) {
		NET_INC_STATS(sock_net(sk), TCPFastOpenListenOverflow);
		return false;
	}
	list_del(&req->rsk_list);
	q->qlen--;
	reqsk_free(req);
	return true;
}

void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool stolen;

	if (TCP_SKB_CB(skb)->end_seq == tp->rcv_nxt)
		return;
	skb = skb_clone(skb);
	if (!skb)
		return; /* not acknowledged: it will come again */
	skb_dst_drop(skb);
	skb_pull(skb, tcp_hdr(skb)->doff * 4);
	TCP_SKB_CB(skb)->seq++;
	TCP_SKB_CB(skb)->tcp_flags &= ~TCPHDR_SYN;
	tp->data_segs_in++;
	tp->syn_data_acked = true;
	/* The queue is empty: nothing that it could be joined to. */
	BUG_ON(tcp_queue_rcv(sk, skb, &stolen));
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
}

/* 4.2.2: the connection begins now. NULL: no room or no memory. */
static struct sock *fastopen_create_child(struct sock *sk, struct sk_buff *skb,
					  struct request_sock *req)
{
	struct sock *child = tcp_v4_syn_recv_sock(sk, skb, req);
	struct tcp_sock *tp;

	if (!child)
		return NULL;
	fastopen_queue_of(sk)->qlen++;
	tp = tcp_sk(child);
	tp->fastopen_rsk = req;
	sock_hold(sk); /* req->rsk_listener */
	/* RFC 7323 2.2: the window of a SYN is not scaled. */
	tp->snd_wnd = tp->max_window = ntohs(tcp_hdr(skb)->window);
	req->timeout = TCP_TIMEOUT_INIT;
	tcp_reset_xmit_timer(child, ICSK_TIME_RETRANS, req->timeout);
	tcp_mstamp_refresh(tp);
	tcp_init_transfer(child);
	tp->segs_in = 1;
	tcp_fastopen_add_skb(child, skb);
	req->rcv_nxt = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
	return child;
}

/*
 * A SYN for the listener @sk. The child, when the SYN's data may be taken at
 * once; *foc becomes the option of the SYN-ACK.
 */
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb,
			      struct request_sock *req,
			      struct tcp_fastopen_cookie *foc)
{
	bool syn_data = TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq + 1;
	struct tcp_fastopen_cookie valid = { .len = -1 };
	struct net *net = sock_net(sk);
	struct sock *child;
	int key = 0;

	if (!foc->len)
		NET_INC_STATS(net, TCPFastOpenCookieReqd);
	if (!(net->ipv4->sysctl_tcp_fastopen & TFO_SERVER_ENABLE) ||
	    !(syn_data || foc->len >= 0) || !fastopen_queue_check(sk)) {
		foc->len = -1;
		return NULL;
	}
	if (!tcp_fastopen_no_cookie(sk, TFO_SERVER_COOKIE_NOT_REQD)) {
		if (foc->len >= 0)
			key = fastopen_cookie_check(sk, skb, foc, &valid);
		if (foc->len > 0 && !key)
			NET_INC_STATS(net, TCPFastOpenPassiveFail);
		if (!key)
			goto no_child;
	}
	child = fastopen_create_child(sk, skb, req);
	if (child) {
		NET_INC_STATS(net, TCPFastOpenPassive);
		valid.exp = foc->exp;
		*foc = valid;
		if (key == 2)
			NET_INC_STATS(net, TCPFastOpenPassiveAltKey);
		else
			foc->len = -1;
		return child;
	}
	NET_INC_STATS(net, TCPFastOpenPassiveFail);
no_child:
	/* 4.1.2: the right cookie, for the next time. */
	valid.exp = foc->exp;
	*foc = valid;
	return NULL;
}

/*
 * 5.1: a RST after the child was taken is how a spoofed SYN looks: it counts
 * against the queue for a minute, so that few can be made.
 */
void reqsk_fastopen_remove(struct sock *child, bool reset)
{
	struct request_sock *req = tcp_sk(child)->fastopen_rsk;
	struct fastopen_queue *q;
	struct sock *lsk;

	if (!req)
		return;
	tcp_sk(child)->fastopen_rsk = NULL;
	lsk = req->rsk_listener;
	q = fastopen_queue_of(lsk);
	if (q)
		q->qlen--;
	if (q && reset && lsk->sk_state == TCP_LISTEN &&
	    !inet_csk(child)->icsk_listener) {
		req->timeout = jiffies + TCP_FASTOPEN_RST_PENALTY;
		list_add_tail(&req->rsk_list, &q->rst);
		q->qlen++;
	} else {
		reqsk_free(req);
	}
	sock_put(lsk);
}

/* The third segment does not come: the SYN-ACK again, RFC 6298 5.4. */
void tcp_fastopen_synack_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct request_sock *req = tcp_sk(sk)->fastopen_rsk;
	struct tcp_sock *tp = tcp_sk(sk);
	int max = icsk->icsk_syn_retries;

	/* LINUX: one more than for others. */
	if (!max)
		max = sock_net(sk)->ipv4->sysctl_tcp_synack_retries + 1;
	tcp_syn_ack_timeout(req);
	if (req->num_timeout >= max) {
		tcp_write_err(sk, "the SYN-ACK was not answered");
		return;
	}
	/* RFC 5681 3.1, as in tcp_init_transfer(). */
	if (icsk->icsk_retransmits == 1)
		tcp_enter_loss(sk);
	(void)tcp_rtx_synack(sk, req);
	tp->total_retrans++;
	req->num_timeout++;
	icsk->icsk_retransmits++;
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_time_stamp_ts(tp);
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
			     req->timeout << req->num_timeout);
}
