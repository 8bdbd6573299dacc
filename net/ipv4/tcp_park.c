/* SPDX-License-Identifier: MIT */
/*
 * TCP: connections that nobody uses take little memory.
 *
 * A host with many sockets parks those that have been idle for a while: no
 * data in any queue, none in flight, no timer but that of keep-alive, nobody
 * asleep on it. The socket's memory is packed into a tcp_parked_sock, which
 * takes its place in the tables, and freed. Packing is by comparison with a
 * model, an earlier idle socket of the host: only those words are kept that
 * differ from the model's - some 40 of 400, since idle connections have most
 * settings in common, and what they do not have in common lies at the same
 * distances (tcp_park_near[]). One that differs in many becomes a model too.
 * So what is kept does not depend on what fields struct tcp_sock has. Those
 * that point into the socket itself must be known here; should there be one
 * that tcp_park_init() does not know the socket is not parked.
 *
 * A segment for it (tcp_v4_rcv), a call on its descriptor (sock_unpark) or its
 * keep-alive timer brings the socket back, at another address: nothing but
 * struct socket, the tables and timers may hold a pointer to an idle socket
 * without counting it.
 *
 * Looking for idle sockets is done a few at a time by a timer, which stops
 * when several rounds have found none.
 */
#include "net/ipv4/tcp_park.h"
#include "lib/string.h"

#define TCP_PARK_SOCKETS 512 /* with fewer, a host does not bother */
#define TCP_PARK_IDLE (2 * HZ)
#define TCP_PARK_BATCH 128 /* sockets looked at in one tick */
#define TCP_PARK_ROUNDS 6 /* in vain, each twice as long, then stop */
#define TCP_PARK_FAR 48 /* words that differ: worth a model of its own */

static_assert(sizeof(struct tcp_sock) % sizeof(u64) == 0, "whole words");

/*
 * Words that lie near another one, and are packed as the distance to it:
 * sequence numbers and times of what happened last.
 */
#define WORD_OF(f) (offsetof(struct tcp_sock, f) / sizeof(u32))
#define NEAR(f, base) { WORD_OF(f), WORD_OF(base) }
#define lrcvtime_of inet_conn.icsk_ack.lrcvtime
static const struct {
	u16 word, base; /* no base is the word of another row */
} tcp_park_near[] = {
	NEAR(copied_seq, rcv_nxt),
	NEAR(rcv_wup, rcv_nxt),
	NEAR(snd_wl1, rcv_nxt),
	NEAR(rcv_rtt_est.seq, rcv_nxt),
	NEAR(rcvq_space.seq, rcv_nxt),
	NEAR(snd_nxt, snd_una),
	NEAR(write_seq, snd_una),
	NEAR(snd_sml, snd_una),
	NEAR(snd_up, snd_una),
	NEAR(pushed_seq, snd_una),
	NEAR(cwnd_usage_seq, snd_una),
	NEAR(rack.end_seq, snd_una),
	NEAR(rtt_seq, snd_una),
	NEAR(high_seq, snd_una),
	NEAR(rcv_tstamp, lrcvtime_of),
	NEAR(lsndtime, lrcvtime_of),
	NEAR(chrono_start, lrcvtime_of),
	NEAR(snd_cwnd_stamp, lrcvtime_of),
	NEAR(snd_cwnd_used, lrcvtime_of),
	NEAR(rx_opt.rcv_tsval, rx_opt.ts_recent),
	NEAR(rcv_rtt_last_tsecr, rx_opt.rcv_tsecr),
	NEAR(rcvq_space.time, tcp_mstamp),
	NEAR(rcv_rtt_est.time, tcp_mstamp),
	NEAR(delivered_mstamp, tcp_mstamp),
	NEAR(first_tx_mstamp, tcp_mstamp),
	NEAR(rack.mstamp, tcp_mstamp),
	NEAR(rtt_min[1].t, rtt_min[0].t),
	NEAR(rtt_min[1].v, rtt_min[0].v),
	NEAR(rtt_min[2].t, rtt_min[0].t),
	NEAR(rtt_min[2].v, rtt_min[0].v),
};

/* What points into the socket itself, as a new socket has it. */
static void tcp_park_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	sock_init_queues(sk);
	skb_queue_head_init(&tp->tcp_rtx_queue);
	skb_queue_head_init(&tp->out_of_order_queue);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	INIT_LIST_HEAD(&inet_csk(sk)->icsk_accept_queue.reqs);
}

static bool tcp_park_queues_empty(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return skb_queue_empty(&sk->sk_receive_queue) &&
	       skb_queue_empty(&sk->sk_write_queue) &&
	       skb_queue_empty(&sk->sk_error_queue) && !sk->sk_backlog.head &&
	       skb_queue_empty(&tp->out_of_order_queue) &&
	       skb_queue_empty(&tp->tcp_rtx_queue) && !sk->sk_wmem_alloc;
}

/* May it be parked, but for the time that it has been idle? */
static bool tcp_parkable(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned int timers = timer_pending(&sk->sk_timer);

	return sk->sk_prot == &tcp_prot && sk->sk_state == TCP_ESTABLISHED &&
	       sk->sk_socket && sk->sk_refcnt == 1 + timers &&
	       !sk->sk_lock_owned && !sk->sk_shutdown && !sk->sk_err &&
	       !icsk->icsk_pending && !(icsk->icsk_ack.pending) &&
	       icsk->icsk_ca_state == TCP_CA_Open && !tcp_sk(sk)->urg_data &&
	       !sk->sk_socket->fasync_list && tcp_park_queues_empty(sk) &&
	       !waitqueue_has_task(&sk->sk_socket->wq);
}

static u32 tcp_idle_for(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_jiffies32();
	u32 idle = min(now - tp->lsndtime, now - tp->rcv_tstamp);

	return min(idle, now - inet_csk(sk)->icsk_ack.lrcvtime);
}

/* Does anything in @img, the image of @sk, point into @sk? */
static bool tcp_park_self_reference(const struct sock *sk,
				    const struct tcp_sock *img)
{
	const u64 *w = (const u64 *)img;
	u64 base = (u64)(uintptr_t)sk;

	for (size_t i = 0; i < sizeof(*img) / sizeof(*w); i++)
		if (w[i] - base < sizeof(*img))
			return true;
	return false;
}

/* A timer that is not armed: where it hung and until when says nothing. */
static void tcp_park_clear_timer(struct timer_list *t)
{
	timer_setup(t, t->function);
	t->level = t->slot = 0;
}

/*
 * @img: a copy of @sk without what belongs to its place in memory, what struct
 * tcp_parked_sock has anyhow, and when timers were due that do not run.
 */
static bool tcp_park_image(const struct sock *sk, struct tcp_sock *img)
{
	struct sock *isk = (struct sock *)img;

	memcpy(img, sk, sizeof(*img));
	tcp_park_init(isk);
	memset(isk, 0, sizeof(struct sock_head));
	isk->sk_socket = NULL;
	isk->sk_wq = NULL;
	memset(&isk->sk_all, 0, sizeof(isk->sk_all));
	tcp_park_clear_timer(&isk->sk_timer);
	tcp_park_clear_timer(&inet_csk(isk)->icsk_retransmit_timer);
	tcp_park_clear_timer(&inet_csk(isk)->icsk_delack_timer);
	inet_csk(isk)->icsk_timeout = 0;
	inet_csk(isk)->icsk_ack.timeout = 0;
	isk->sk_refcnt = 1;
	isk->sk_frag = NULL;
	isk->sk_frag_off = 0;
	/* Heads of empty lists point to the image now: not to @sk. */
	if (tcp_park_self_reference(sk, img))
		return false;
	memset(&isk->sk_receive_queue, 0, sizeof(isk->sk_receive_queue));
	memset(&isk->sk_write_queue, 0, sizeof(isk->sk_write_queue));
	memset(&isk->sk_error_queue, 0, sizeof(isk->sk_error_queue));
	memset(&img->tcp_rtx_queue, 0, sizeof(img->tcp_rtx_queue));
	memset(&img->out_of_order_queue, 0, sizeof(img->out_of_order_queue));
	memset(&img->tsorted_sent_queue, 0, sizeof(img->tsorted_sent_queue));
	memset(&img->inet_conn.icsk_accept_queue.reqs, 0,
	       sizeof(img->inet_conn.icsk_accept_queue.reqs));
	for (size_t i = 0; i < ARRAY_SIZE(tcp_park_near); i++)
		((u32 *)img)[tcp_park_near[i].word] -=
			((u32 *)img)[tcp_park_near[i].base];
	return true;
}

static unsigned int tcp_park_differs(const struct tcp_sock *img,
				     const struct tcp_sock *model)
{
	const u64 *w = (const u64 *)img, *m = (const u64 *)model;
	unsigned int n = 0;

	/* By twos: most are equal. */
	for (size_t i = 0; i < sizeof(*img) / sizeof(*w); i++) {
		u64 x = w[i] ^ m[i];

		if (x)
			n += ((u32)x != 0) + (x >> 32 != 0);
	}
	return n;
}

/*
 * A model that @img is near to, else the nearest when there are enough, else
 * one made of it. -1: no memory.
 */
static int tcp_park_model(struct netns_ipv4 *ipv4, const struct tcp_sock *img,
			  unsigned int *ret_differs)
{
	unsigned int least = ~0U;
	int nearest = -1, i;

	for (i = 0; i < TCP_PARK_MODELS && ipv4->tcp_park_models[i]; i++) {
		unsigned int n =
			tcp_park_differs(img, ipv4->tcp_park_models[i]);

		if (n < least) {
			least = n;
			nearest = i;
		}
		if (n <= TCP_PARK_FAR)
			break;
	}
	if (least > TCP_PARK_FAR && i < TCP_PARK_MODELS) {
		ipv4->tcp_park_models[i] = kmemdup(img, sizeof(*img));
		if (ipv4->tcp_park_models[i]) {
			nearest = i;
			least = 0;
		}
	}
	*ret_differs = least;
	return nearest;
}

static struct tcp_parked_sock *tcp_park_pack(struct netns_ipv4 *ipv4,
					     const struct tcp_sock *img)
{
	struct tcp_parked_sock *p;
	const u32 *w, *m;
	unsigned int n;
	int model = tcp_park_model(ipv4, img, &n);

	if (model < 0)
		return NULL;
	w = (const u32 *)img;
	m = (const u32 *)ipv4->tcp_park_models[model];
	p = kzalloc(sizeof(*p) + n * sizeof(u32));
	if (!p)
		return NULL;
	p->model = (u8)model;
	n = 0;
	for (size_t i = 0; i < TCP_PARK_WORDS; i++) {
		if (w[i] == m[i])
			continue;
		p->differs[i / 32] |= 1U << i % 32;
		p->words[n++] = w[i];
	}
	return p;
}

void tcp_park_read(const struct tcp_parked_sock *p, struct tcp_sock *tp)
{
	struct sock *sk = (struct sock *)tp;
	u32 *w = (u32 *)tp;
	unsigned int n = 0;

	memcpy(tp, p->h.sk_net->ipv4->tcp_park_models[p->model], sizeof(*tp));
	for (size_t b = 0; b < ARRAY_SIZE(p->differs); b++)
		for (u32 bits = p->differs[b]; bits; bits &= bits - 1)
			w[b * 32 + __builtin_ctz(bits)] = p->words[n++];
	for (size_t i = 0; i < ARRAY_SIZE(tcp_park_near); i++)
		w[tcp_park_near[i].word] += w[tcp_park_near[i].base];
	memcpy(sk, &p->h, sizeof(p->h));
	INIT_HLIST_NODE(&sk->sk_node);
	INIT_HLIST_NODE(&sk->sk_bind_node);
	sk->sk_state = TCP_ESTABLISHED;
	sk->sk_socket = p->socket;
	sk->sk_wq = p->socket ? &p->socket->wq : NULL;
	tcp_park_init(sk);
}

/* @to takes the place of @from in the tables. */
static void tcp_park_swap(struct sock_head *from, struct sock_head *to,
			  struct inet_bind_bucket *tb)
{
	inet_ehash_del_head(from->sk_net, from);
	inet_ehash_add_head(to->sk_net, to);
	if (tb) {
		hlist_del_init(&from->sk_bind_node);
		hlist_add_head(&to->sk_bind_node, &tb->owners);
	}
}

static int tcp_restore(struct tcp_parked_sock *p, struct sock **ret_sk);

/* The socket's own timer is due, or it is to be closed. */
static void tcp_park_timeout(struct timer_list *t)
{
	struct tcp_parked_sock *p = from_timer(p, t, timer);
	struct sock *sk;

	if (tcp_restore(p, &sk))
		mod_timer(&p->timer, jiffies + HZ);
}

/* False: no memory. Else @sk is gone. */
static bool tcp_park(struct sock *sk)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_parked_sock *p;
	struct tcp_sock img;

	/* What points back to the socket goes, and is made when needed. */
	tcp_pacing_free(sk);
	tcp_comp_ack_free(sk);
	sk_mem_reclaim(sk);
	if (!tcp_park_image(sk, &img))
		return false;
	p = tcp_park_pack(ipv4, &img);
	if (!p)
		return false;
	memcpy(&p->h, sk, sizeof(p->h));
	INIT_HLIST_NODE(&p->h.sk_node);
	INIT_HLIST_NODE(&p->h.sk_bind_node);
	p->h.sk_state = TCP_PARKED;
	p->uid = sk->sk_uid;
	p->socket = sk->sk_socket;
	timer_setup(&p->timer, tcp_park_timeout);
	p->keepalive = timer_pending(&sk->sk_timer);
	if (p->keepalive) {
		mod_timer(&p->timer, sk->sk_timer.expires);
		del_timer(&sk->sk_timer);
	}
	if (sk->sk_frag)
		frag_buf_put(sk->sk_frag);
	tcp_park_swap((struct sock_head *)sk, &p->h,
		      inet_csk(sk)->icsk_bind_hash);
	list_del(&sk->sk_all);
	p->socket->sk = NULL;
	p->socket->parked = p;
	kfree(sk);
	ipv4->tcp_parked++;
	return true;
}

/* 0 (*ret_sk NULL: it was to be closed, and is) or -ENOMEM: as it was. */
static int tcp_restore(struct tcp_parked_sock *p, struct sock **ret_sk)
{
	struct net *net = p->h.sk_net;
	struct tcp_sock *tp = kmalloc(sizeof(*tp));
	struct sock *sk = (struct sock *)tp;
	struct socket *sock = p->socket;

	*ret_sk = NULL;
	if (!tp)
		return -ENOMEM;
	tcp_park_read(p, tp);
	list_add_tail(&sk->sk_all, &net->socks);
	tcp_park_swap(&p->h, (struct sock_head *)sk,
		      inet_csk(sk)->icsk_bind_hash);
	if (p->keepalive && sock)
		sk_reset_timer(sk, &sk->sk_timer, p->timer.expires);
	del_timer(&p->timer);
	kfree(p);
	net->ipv4->tcp_parked--;
	if (!sock) {
		tcp_close(sk, 0);
		return 0;
	}
	sock->sk = sk;
	sock->parked = NULL;
	tcp_park_watch(net);
	*ret_sk = sk;
	return 0;
}

struct sock *tcp_unpark(struct tcp_parked_sock *p)
{
	struct sock *sk;

	return tcp_restore(p, &sk) ? NULL : sk;
}

int tcp_unpark_socket(struct socket *sock, bool closing)
{
	struct tcp_parked_sock *p = sock->parked;

	if (tcp_unpark(p))
		return 0;
	if (closing) {
		/* The connection is closed as soon as there is memory. */
		p->socket = NULL;
		sock->parked = NULL;
		mod_timer(&p->timer, jiffies + HZ);
	}
	return fail(-ENOMEM, "no memory to bring back an idle connection");
}

/* Look at a few sockets. True: one was parked, or is too young yet. */
static bool tcp_park_some(struct net *net)
{
	struct netns_ipv4 *ipv4 = net->ipv4;
	bool hope = false;

	for (int i = 0; i < TCP_PARK_BATCH && ipv4->tcp_park_left; i++) {
		struct sock *sk = list_first_entry_or_null(&net->socks,
							   struct sock, sk_all);

		ipv4->tcp_park_left--;
		if (!sk)
			break;
		list_move_tail(&sk->sk_all, &net->socks);
		if (!tcp_parkable(sk))
			continue;
		if (tcp_idle_for(sk) < TCP_PARK_IDLE || tcp_park(sk))
			hope = true;
	}
	return hope;
}

static void tcp_park_timer(struct timer_list *t)
{
	struct netns_ipv4 *ipv4 = from_timer(ipv4, t, tcp_park_timer);
	struct net *net = ipv4->net;

	if (!ipv4->tcp_park_left) {
		ipv4->tcp_park_left = net->nr_socks - ipv4->tcp_parked;
		ipv4->tcp_park_vain++;
	}
	if (tcp_park_some(net))
		ipv4->tcp_park_vain = 0;
	if (ipv4->tcp_park_left)
		mod_timer(t, jiffies + 1);
	else if (ipv4->tcp_park_vain < TCP_PARK_ROUNDS)
		mod_timer(t, jiffies + (HZ << ipv4->tcp_park_vain));
}

void tcp_park_watch(struct net *net)
{
	struct netns_ipv4 *ipv4 = net->ipv4;

	ipv4->tcp_park_vain = 0;
	if (ipv4->tcp_sockets_allocated > TCP_PARK_SOCKETS &&
	    !timer_pending(&ipv4->tcp_park_timer))
		mod_timer(&ipv4->tcp_park_timer, jiffies + HZ);
}

void tcp_park_net_init(struct net *net)
{
	timer_setup(&net->ipv4->tcp_park_timer, tcp_park_timer);
	net->ipv4->net = net;
}

void tcp_park_net_exit(struct net *net)
{
	del_timer(&net->ipv4->tcp_park_timer);
	for (int i = 0; i < TCP_PARK_MODELS; i++)
		kfree(net->ipv4->tcp_park_models[i]);
}
