/* SPDX-License-Identifier: MIT */
/*
 * TCP: what is remembered of a destination from one connection to the next.
 * Congestion metrics (RFC 9040's temporal sharing) as Linux keeps them: RTT
 * and its variance, which seed the first RTO only; cwnd; ssthresh unless
 * tcp_no_ssthresh_metrics_save; the degree of reordering. And for Fast Open
 * (RFC 7413 4.1.3) the cookie and the MSS.
 *
 * A table of a host, by the pair of addresses, of at most METRICS_MAX entries:
 * the oldest of its chain gives way. Nothing here is needed, so without memory
 * nothing is remembered.
 */
#include "net/ipv4/tcp_metrics.h"
#include "kernel/slab.h"
#include "net/ipv4/tcp.h"

#define METRICS_DEPTH 5 /* entries of a chain */
#define METRICS_TIMEOUT (3600 * HZ) /* older ones are not believed */

static struct hlist_head *metrics_chain(const struct sock *sk)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	u64 h = siphash_2u64(inet_sk(sk)->inet_saddr, sk->sk_daddr,
			     &ipv4->tcp_secret);

	return &ipv4->tcp_metrics->chain[h & ((1 << TCP_METRICS_BITS) - 1)];
}

static void metrics_init(struct tcp_metrics_block *tm, const struct sock *sk)
{
	struct hlist_node node = tm->node;

	*tm = (struct tcp_metrics_block){
		.node = node,
		.saddr = inet_sk(sk)->inet_saddr,
		.daddr = sk->sk_daddr,
		.stamp = jiffies,
		.cookie.len = -1,
	};
}

static struct tcp_metrics_block *metrics_find(const struct sock *sk)
{
	struct tcp_metrics_block *tm;

	if (!sock_net(sk)->ipv4->tcp_metrics)
		return NULL;
	hlist_for_each_entry(tm, metrics_chain(sk), node)
		if (tm->daddr == sk->sk_daddr &&
		    tm->saddr == inet_sk(sk)->inet_saddr) {
			if (time_after(jiffies, tm->stamp + METRICS_TIMEOUT))
				metrics_init(tm, sk);
			return tm;
		}
	return NULL;
}

/* As above, made when there is none; NULL: no memory. */
static struct tcp_metrics_block *metrics_get(const struct sock *sk)
{
	struct tcp_metrics_block *tm = metrics_find(sk), *oldest = NULL;
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	unsigned int depth = 0;

	if (tm)
		return tm;
	if (!ipv4->tcp_metrics)
		ipv4->tcp_metrics = kzalloc(sizeof(*ipv4->tcp_metrics));
	if (!ipv4->tcp_metrics)
		return NULL;
	hlist_for_each_entry(tm, metrics_chain(sk), node) {
		depth++;
		if (!oldest || time_before(tm->stamp, oldest->stamp))
			oldest = tm;
	}
	if (depth >= METRICS_DEPTH) {
		metrics_init(oldest, sk);
		return oldest;
	}
	tm = kzalloc(sizeof(*tm));
	if (!tm)
		return NULL;
	metrics_init(tm, sk);
	hlist_add_head(&tm->node, metrics_chain(sk));
	return tm;
}

unsigned int tcp_metrics_delete(struct net *net, __be32 saddr, __be32 daddr)
{
	struct tcp_metrics_table *t = net->ipv4->tcp_metrics;
	struct tcp_metrics_block *tm;
	struct hlist_node *n;
	unsigned int gone = 0;

	for (unsigned int i = 0; t && i < ARRAY_SIZE(t->chain); i++)
		hlist_for_each_entry_safe(tm, n, &t->chain[i], node) {
			if ((daddr && tm->daddr != daddr) ||
			    (saddr && tm->saddr != saddr))
				continue;
			hlist_del_init(&tm->node);
			kfree(tm);
			gone++;
		}
	return gone;
}

void tcp_metrics_flush(struct net *net)
{
	(void)tcp_metrics_delete(net, 0, 0);
	kfree(net->ipv4->tcp_metrics);
	net->ipv4->tcp_metrics = NULL;
}

/* A sample above the stored value is taken at once, one below by an eighth. */
static void metrics_update_rtt(struct tcp_metrics_block *tm,
			       const struct tcp_sock *tp)
{
	s32 m = (s32)(tm->rtt_us - tp->srtt_us);
	u32 var;

	if (m <= 0)
		tm->rtt_us = tp->srtt_us;
	else
		tm->rtt_us -= m >> 3;
	var = max((u32)(m < 0 ? -m : m) >> 1, tp->mdev_us);
	if (var >= tm->rttvar_us)
		tm->rttvar_us = var;
	else
		tm->rttvar_us -= (tm->rttvar_us - var) >> 2;
}

static void metrics_update_cwnd(struct tcp_metrics_block *tm,
				const struct sock *sk)
{
	bool save = !sock_net(sk)->ipv4->sysctl_tcp_no_ssthresh_metrics_save;
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 cwnd = tp->snd_cwnd;

	if (tcp_in_initial_slowstart(tp)) {
		/* It never met its limit. */
		if (save && tm->ssthresh && cwnd >> 1 > tm->ssthresh)
			tm->ssthresh = cwnd >> 1;
		tm->cwnd = max(tm->cwnd, cwnd);
	} else if (!tcp_in_slow_start(tp) &&
		   inet_csk(sk)->icsk_ca_state == TCP_CA_Open) {
		if (save)
			tm->ssthresh = max(cwnd >> 1, tp->snd_ssthresh);
		tm->cwnd = (tm->cwnd + cwnd) >> 1;
	} else {
		/* cwnd means nothing, ssthresh perhaps. */
		tm->cwnd = (tm->cwnd + tp->snd_ssthresh) >> 1;
		if (save && tm->ssthresh && tp->snd_ssthresh > tm->ssthresh)
			tm->ssthresh = tp->snd_ssthresh;
	}
}

/* The connection ends. */
void tcp_update_metrics(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	const struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_metrics_block *tm;

	if (ipv4->sysctl_tcp_no_metrics_save || !__sk_dst_get(sk))
		return;
	if (inet_csk(sk)->icsk_backoff || !tp->srtt_us) {
		/* Nothing came back in time: what is known may be wrong. */
		tm = metrics_find(sk);
		if (tm)
			tm->rtt_us = 0;
		return;
	}
	tm = metrics_get(sk);
	if (!tm)
		return;
	metrics_update_rtt(tm, tp);
	metrics_update_cwnd(tm, sk);
	if (tm->reordering < tp->reordering &&
	    tp->reordering != (u32)ipv4->sysctl_tcp_reordering)
		tm->reordering = tp->reordering;
	tm->stamp = jiffies;
}

/* The handshake is over: begin with what is known. */
void tcp_init_metrics(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_metrics_block *tm = metrics_find(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 crtt = 0;

	/* A SYN sent again may have lowered it. */
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	if (tm) {
		if (tm->ssthresh &&
		    !sock_net(sk)->ipv4->sysctl_tcp_no_ssthresh_metrics_save)
			tp->snd_ssthresh =
				min(tm->ssthresh, tp->snd_cwnd_clamp);
		if (tm->reordering)
			tp->reordering = tm->reordering;
		crtt = tm->rtt_us;
	}
	if (crtt > tp->srtt_us) {
		/* SYNs are small, data takes longer: for the first RTO only. */
		crtt = crtt / 8 / (1000000 / HZ);
		icsk->icsk_rto = crtt + max(2 * crtt, icsk->icsk_rto_min);
		tcp_bound_rto(sk);
	} else if (!tp->srtt_us) {
		/* RFC 6298 5.7: the SYN was sent again, and no time stamps. */
		tp->rttvar_us = TCP_TIMEOUT_FALLBACK * (1000000 / HZ);
		tp->mdev_us = tp->mdev_max_us = tp->rttvar_us;
		icsk->icsk_rto = TCP_TIMEOUT_FALLBACK;
	}
}

/* Fast Open, the client's side. *ret_mss stays when none is known. */
void tcp_fastopen_cache_get(const struct sock *sk, u16 *ret_mss,
			    struct tcp_fastopen_cookie *ret_cookie)
{
	const struct tcp_metrics_block *tm = metrics_find(sk);

	if (!tm)
		return;
	if (tm->fastopen_mss)
		*ret_mss = tm->fastopen_mss;
	*ret_cookie = tm->cookie;
	if (ret_cookie->len <= 0) {
		ret_cookie->len = 0;
		ret_cookie->exp = tm->try_exp == 1;
	}
}

/* @try_exp: 0: a cookie came or none was asked for. */
void tcp_fastopen_cache_set(const struct sock *sk, u16 mss,
			    const struct tcp_fastopen_cookie *cookie,
			    bool syn_lost, u8 try_exp)
{
	struct tcp_metrics_block *tm = metrics_get(sk);

	if (!tm)
		return;
	tm->stamp = jiffies;
	if (mss)
		tm->fastopen_mss = mss;
	if (cookie && cookie->len > 0)
		tm->cookie = *cookie;
	else if (try_exp > tm->try_exp && tm->cookie.len <= 0)
		tm->try_exp = try_exp;
	tm->syn_loss = syn_lost ? tm->syn_loss + 1 : 0;
	if (syn_lost)
		tm->last_syn_loss = jiffies;
}
