/* SPDX-License-Identifier: MIT */
/*
 * SYN cookies (RFC 4987 3.6, Bernstein): a SYN-ACK whose number holds, under
 * keyed hashes, the minute and the class of the peer's MSS; nothing is kept
 * until the third segment brings it back. Scale and SACK ride in the low bits
 * of our time stamp, which the peer echoes.
 *
 * The class is hidden under the peer's first number as well. Were that only
 * added, a segment that came before the first byte (or two, or three) of the
 * stream would bring the cookie of the next class, and the bytes be lost.
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"

#define COOKIEBITS 24
#define COOKIEMASK ((1U << COOKIEBITS) - 1)
#define MAX_SYNCOOKIE_AGE 2 /* minutes */
#define TCP_SYNCOOKIE_PERIOD (60 * HZ)
#define TCP_SYNCOOKIE_VALID (MAX_SYNCOOKIE_AGE * TCP_SYNCOOKIE_PERIOD)

#define TSBITS 6
#define TSMASK ((1U << TSBITS) - 1)
#define TS_OPT_WSCALE_MASK 0xfU
#define TS_OPT_SACK (1U << 4)
#define TS_OPT_ECN (1U << 5)

/* The MSS values that a cookie can tell: what is common, rounded down. */
static const u16 msstab[] = { 536, 1300, 1440, 1460 };

static u32 cookie_hash(const struct sk_buff *skb, u32 salt, int c)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);

	return (u32)siphash_4u32(iph->saddr, iph->daddr,
				 (u32)th->source << 16 | th->dest, salt,
				 &skb->dev->net->ipv4->tcp_cookie_secret[c]);
}

static u32 tcp_cookie_time(void)
{
	return (u32)(jiffies / TCP_SYNCOOKIE_PERIOD);
}

/* The ISN for @skb, a SYN; *mss becomes what the cookie says. */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb,
			    u16 *mss)
{
	u32 count = tcp_cookie_time(), i = ARRAY_SIZE(msstab) - 1;
	u32 isn = ntohl(tcp_hdr(skb)->seq);

	while (i && *mss < msstab[i])
		i--;
	*mss = msstab[i];
	NET_INC_STATS(sock_net(sk), SyncookiesSent);
	return cookie_hash(skb, 0, 0) + isn + (count << COOKIEBITS) +
	       ((cookie_hash(skb, count ^ isn, 1) + i) & COOKIEMASK);
}

/* The MSS, or 0: not a cookie of ours, or too old. */
static u16 cookie_v4_mss(const struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u32 count = tcp_cookie_time(), diff, i;
	u32 cookie = ntohl(th->ack_seq) - 1, isn = ntohl(th->seq) - 1;

	cookie -= cookie_hash(skb, 0, 0) + isn;
	diff = (count - (cookie >> COOKIEBITS)) & (~0U >> COOKIEBITS);
	if (diff >= MAX_SYNCOOKIE_AGE)
		return 0;
	i = (cookie - cookie_hash(skb, (count - diff) ^ isn, 1)) & COOKIEMASK;
	return i < ARRAY_SIZE(msstab) ? msstab[i] : 0;
}

/* The clock with its low bits replaced; never in the future. */
u32 cookie_init_timestamp(const struct request_sock *req, u64 now_us)
{
	u32 now = (u32)(now_us / 1000), options, ts;

	options = req->wscale_ok ? req->snd_wscale : TS_OPT_WSCALE_MASK;
	if (req->sack_ok)
		options |= TS_OPT_SACK;
	if (req->ecn_ok)
		options |= TS_OPT_ECN;
	ts = (now & ~TSMASK) | options;
	if (ts > now)
		ts -= 1U << TSBITS;
	return ts + req->ts_off;
}

/* The options that the peer's echo brings back. False: not possible. */
static bool cookie_timestamp_decode(const struct net *net,
				    struct tcp_options_received *opt)
{
	u32 options = opt->rcv_tsecr;

	if (!opt->saw_tstamp) {
		opt->sack_ok = opt->wscale_ok = false;
		return true;
	}
	if (!net->ipv4->sysctl_tcp_timestamps)
		return false;
	opt->sack_ok = options & TS_OPT_SACK;
	if (opt->sack_ok && !net->ipv4->sysctl_tcp_sack)
		return false;
	opt->wscale_ok = (options & TS_OPT_WSCALE_MASK) != TS_OPT_WSCALE_MASK;
	opt->snd_wscale = opt->wscale_ok ? options & TS_OPT_WSCALE_MASK : 0;
	return !opt->wscale_ok || net->ipv4->sysctl_tcp_window_scaling;
}

static void cookie_req_init(struct request_sock *req, const struct sock *sk,
			    const struct sk_buff *skb,
			    const struct tcp_options_received *opt, u16 mss)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);

	req->snt_isn = ntohl(th->ack_seq) - 1;
	req->rcv_isn = ntohl(th->seq) - 1;
	req->rcv_nxt = ntohl(th->seq);
	req->mss = mss;
	req->h.sk_num = ntohs(th->dest);
	req->h.sk_dport = th->source;
	req->h.sk_rcv_saddr = iph->daddr;
	req->h.sk_daddr = iph->saddr;
	req->h.sk_bound_dev_if = sk->sk_bound_dev_if;
	req->ir_iif = skb->skb_iif;
	req->ir_mark = sk->sk_mark;
	req->tstamp_ok = opt->saw_tstamp;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
	req->sack_ok = opt->sack_ok;
	req->wscale_ok = opt->wscale_ok;
	req->snd_wscale = opt->snd_wscale;
	req->syncookie = true;
}

/*
 * A segment without SYN at a listener. Returns @sk: no business of ours; NULL:
 * drop it; else the connection that the cookie made.
 */
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_options_received opt;
	struct net *net = sock_net(sk);
	struct request_sock *req;
	struct dst_entry *dst;
	struct sock *child;
	struct flowi4 fl4;
	u32 ts_off = 0;
	u16 mss;

	if (!net->ipv4->sysctl_tcp_syncookies || !th->ack || th->rst)
		return sk;
	if (!q->cookie_stamp ||
	    time_after(jiffies, q->cookie_stamp + TCP_SYNCOOKIE_VALID))
		return sk;
	mss = cookie_v4_mss(skb);
	if (!mss) {
		NET_INC_STATS(net, SyncookiesFailed);
		return sk;
	}
	NET_INC_STATS(net, SyncookiesRecv);
	memset(&opt, 0, sizeof(opt));
	tcp_parse_options(net, skb, &opt, false);
	if (opt.saw_tstamp && opt.rcv_tsecr) {
		ts_off = secure_tcp_ts_off(net, ip_hdr(skb)->daddr,
					   ip_hdr(skb)->saddr);
		opt.rcv_tsecr -= ts_off;
	}
	if (!cookie_timestamp_decode(net, &opt))
		return NULL;
	req = reqsk_alloc(sk);
	if (!req)
		return NULL;
	cookie_req_init(req, sk, skb, &opt, mss);
	req->ts_off = ts_off;
	dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst) {
		reqsk_free(req);
		return NULL;
	}
	tcp_openreq_init_rwin(req, sk, dst);
	dst_release(dst);
	child = tcp_v4_syn_recv_sock(sk, skb, req);
	reqsk_free(req);
	return child ? inet_csk_reqsk_queue_add(sk, child) : NULL;
}
