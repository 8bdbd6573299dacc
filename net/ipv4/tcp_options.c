/* SPDX-License-Identifier: MIT */
/*
 * TCP options: RFC 9293 3.2 (MSS), 7323 (window scale, time stamps), 2018
 * (SACK). What is not known is skipped; what is malformed ends the parsing.
 */
#include "net/ipv4/tcp_options.h"
#include "lib/string.h"
#include "net/ipv4/tcp.h"

static void tcp_parse_tstamp(const struct net *net, const u8 *p,
			     struct tcp_options_received *opt, bool estab)
{
	if (!(estab ? opt->tstamp_ok : net->ipv4->sysctl_tcp_timestamps))
		return;
	opt->saw_tstamp = true;
	opt->rcv_tsval = get_unaligned_be32(p + 2);
	opt->rcv_tsecr = get_unaligned_be32(p + 6);
}

/* One option at @p of @len bytes, kind and length included. */
static void tcp_parse_one(const struct net *net, const struct sk_buff *skb,
			  const struct tcphdr *th, const u8 *p, int len,
			  struct tcp_options_received *opt, bool estab)
{
	bool syn = th->syn && !estab;
	u16 mss;

	switch (p[0]) {
	case TCPOPT_MSS:
		if (len != TCPOLEN_MSS || !syn)
			break;
		mss = get_unaligned_be16(p + 2);
		if (!mss)
			break;
		if (opt->user_mss && opt->user_mss < mss)
			mss = opt->user_mss;
		opt->mss_clamp = mss;
		break;
	case TCPOPT_WINDOW:
		if (len != TCPOLEN_WINDOW || !syn ||
		    !net->ipv4->sysctl_tcp_window_scaling)
			break;
		opt->wscale_ok = true;
		/* RFC 7323 2.3: larger shifts count as 14. */
		opt->snd_wscale = min_t(u8, p[2], TCP_MAX_WSCALE);
		break;
	case TCPOPT_TIMESTAMP:
		if (len == TCPOLEN_TIMESTAMP)
			tcp_parse_tstamp(net, p, opt, estab);
		break;
	case TCPOPT_SACK_PERM:
		if (len != TCPOLEN_SACK_PERM || !syn ||
		    !net->ipv4->sysctl_tcp_sack)
			break;
		opt->sack_ok = true;
		opt->num_sacks = 0;
		opt->dsack = false;
		break;
	case TCPOPT_SACK:
		/* RFC 2018 3: 8n + 2 bytes; kept as an offset into th. */
		if (len >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK &&
		    !((len - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) &&
		    opt->sack_ok)
			TCP_SKB_CB((struct sk_buff *)skb)->sacked =
				p - (const u8 *)th;
		break;
	}
}

void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt, bool estab)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *p = (const u8 *)(th + 1);
	int left = th->doff * 4 - (int)sizeof(*th), len;

	opt->saw_tstamp = false;
	while (left > 0) {
		if (*p == TCPOPT_EOL)
			return;
		if (*p == TCPOPT_NOP) {
			p++;
			left--;
			continue;
		}
		if (left < 2)
			return;
		len = p[1];
		if (len < 2 || len > left)
			return;
		tcp_parse_one(net, skb, th, p, len, opt, estab);
		p += len;
		left -= len;
	}
}

/* The usual segment: nothing, or NOP NOP TIMESTAMP. False: no options. */
bool tcp_fast_parse_options(struct sock *sk, const struct sk_buff *skb,
			    const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_options_received *opt = &tp->rx_opt;
	const u8 *p = (const u8 *)(th + 1);

	if (th->doff == sizeof(*th) / 4) {
		opt->saw_tstamp = false;
		return false;
	}
	if (opt->tstamp_ok &&
	    th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4 &&
	    p[0] == TCPOPT_NOP && p[1] == TCPOPT_NOP &&
	    p[2] == TCPOPT_TIMESTAMP && p[3] == TCPOLEN_TIMESTAMP) {
		opt->saw_tstamp = true;
		opt->rcv_tsval = get_unaligned_be32(p + 4);
		opt->rcv_tsecr = get_unaligned_be32(p + 8);
	} else {
		tcp_parse_options(sock_net(sk), skb, opt, true);
	}
	if (opt->saw_tstamp && opt->rcv_tsecr)
		opt->rcv_tsecr -= tp->tsoffset;
	return true;
}

/* RFC 7413 4.1.1. Bytes that it takes; 0: no room. */
static unsigned int tcp_fastopen_option(const struct tcp_fastopen_cookie *foc,
					unsigned int size,
					struct tcp_out_options *o)
{
	unsigned int need = (foc->exp ? TCPOLEN_EXP_FASTOPEN_BASE
				      : TCPOLEN_FASTOPEN_BASE) +
			    foc->len;

	need = (need + 3) & ~3U;
	if (size + need > MAX_TCP_OPTION_SPACE)
		return 0;
	o->foc = foc;
	return need;
}

/* Sending. Each returns the bytes of options, a multiple of 4. */
unsigned int tcp_syn_options(struct sock *sk, struct tcp_out_options *o)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int size = TCPOLEN_MSS_ALIGNED;

	memset(o, 0, sizeof(*o));
	o->mss = tcp_advertise_mss(sk);
	if (ipv4->sysctl_tcp_timestamps) {
		o->ts = true;
		o->tsval = tcp_time_stamp_ts(tp) + tp->tsoffset;
		o->tsecr = tp->rx_opt.ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (ipv4->sysctl_tcp_window_scaling) {
		o->wscale = true;
		o->ws = tp->rx_opt.rcv_wscale;
		size += TCPOLEN_WSCALE_ALIGNED;
	}
	if (ipv4->sysctl_tcp_sack) {
		o->sack_perm = true;
		if (!o->ts) /* else it takes the place of the two NOPs */
			size += TCPOLEN_SACKPERM_ALIGNED;
	}
	if (unlikely(tp->fastopen_req && tp->fastopen_req->cookie.len >= 0)) {
		unsigned int need = tcp_fastopen_option(
			&tp->fastopen_req->cookie, size, o);

		size += need;
		tp->syn_fastopen = need;
		tp->syn_fastopen_exp = tp->fastopen_req->cookie.exp;
	}
	return size;
}

unsigned int tcp_synack_options(const struct sock *sk, struct request_sock *req,
				unsigned int mss,
				const struct tcp_fastopen_cookie *foc,
				struct tcp_out_options *o)
{
	unsigned int size = TCPOLEN_MSS_ALIGNED;

	(void)sk;
	memset(o, 0, sizeof(*o));
	o->mss = mss;
	if (req->wscale_ok) {
		o->wscale = true;
		o->ws = req->rcv_wscale;
		size += TCPOLEN_WSCALE_ALIGNED;
	}
	if (req->tstamp_ok) {
		o->ts = true;
		o->tsecr = req->ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (req->sack_ok) {
		o->sack_perm = true;
		if (!o->ts)
			size += TCPOLEN_SACKPERM_ALIGNED;
	}
	if (foc && foc->len >= 0)
		size += tcp_fastopen_option(foc, size, o);
	return size;
}

unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *o)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int size = 0, eff_sacks;

	o->mss = 0;
	o->wscale = o->sack_perm = o->ts = false;
	o->num_sack_blocks = 0;
	if (likely(tp->rx_opt.tstamp_ok)) {
		o->ts = true;
		o->tsval = skb ? tcp_skb_timestamp_ts(skb) + tp->tsoffset : 0;
		o->tsecr = tp->rx_opt.ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	eff_sacks = tp->rx_opt.num_sacks + tp->rx_opt.dsack;
	if (unlikely(eff_sacks)) {
		unsigned int room = MAX_TCP_OPTION_SPACE - size;

		eff_sacks = min_t(unsigned int, eff_sacks,
				  (room - TCPOLEN_SACK_BASE_ALIGNED) /
					  TCPOLEN_SACK_PERBLOCK);
		o->num_sack_blocks = eff_sacks;
		size += TCPOLEN_SACK_BASE_ALIGNED +
			eff_sacks * TCPOLEN_SACK_PERBLOCK;
	}
	return size;
}

static u8 *tcp_write_sack(u8 *p, struct tcp_sock *tp, int blocks)
{
	/* RFC 2883 4: the D-SACK is the first block. */
	const struct tcp_sack_block *sp =
		tp->rx_opt.dsack ? tp->duplicate_sack : tp->selective_acks;
	int i, dsack = tp->rx_opt.dsack;

	p[0] = p[1] = TCPOPT_NOP;
	p[2] = TCPOPT_SACK;
	p[3] = TCPOLEN_SACK_BASE + blocks * TCPOLEN_SACK_PERBLOCK;
	p += 4;
	for (i = 0; i < blocks; i++) {
		put_unaligned_be32(sp->start_seq, p);
		put_unaligned_be32(sp->end_seq, p + 4);
		p += 8;
		sp = i == 0 && dsack ? tp->selective_acks : sp + 1;
	}
	tp->rx_opt.dsack = false;
	return p;
}

static void tcp_write_fastopen(u8 *p, const struct tcp_fastopen_cookie *foc)
{
	int len = TCPOLEN_FASTOPEN_BASE + foc->len;

	if (foc->exp) {
		len = TCPOLEN_EXP_FASTOPEN_BASE + foc->len;
		p[0] = TCPOPT_EXP;
		p[1] = (u8)len;
		put_unaligned_be16(TCPOPT_FASTOPEN_MAGIC, p + 2);
	} else {
		p[0] = TCPOPT_FASTOPEN;
		p[1] = (u8)len;
	}
	memcpy(p + len - foc->len, foc->val, foc->len);
	for (; len & 3; len++)
		p[len] = TCPOPT_NOP;
}

/* @tp is needed for SACK blocks only. */
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp,
		       const struct tcp_out_options *o)
{
	u8 *p = (u8 *)(th + 1);

	if (o->mss) {
		p[0] = TCPOPT_MSS;
		p[1] = TCPOLEN_MSS;
		put_unaligned_be16(o->mss, p + 2);
		p += 4;
	}
	if (o->ts || o->sack_perm) {
		p[0] = o->sack_perm ? TCPOPT_SACK_PERM : TCPOPT_NOP;
		p[1] = o->sack_perm ? TCPOLEN_SACK_PERM : TCPOPT_NOP;
		if (!o->ts) {
			p[2] = p[3] = TCPOPT_NOP;
			p += 4;
		} else {
			p[2] = TCPOPT_TIMESTAMP;
			p[3] = TCPOLEN_TIMESTAMP;
			put_unaligned_be32(o->tsval, p + 4);
			put_unaligned_be32(o->tsecr, p + 8);
			p += 12;
		}
	}
	if (o->wscale) {
		p[0] = TCPOPT_NOP;
		p[1] = TCPOPT_WINDOW;
		p[2] = TCPOLEN_WINDOW;
		p[3] = o->ws;
		p += 4;
	}
	if (unlikely(o->num_sack_blocks))
		tcp_write_sack(p, tp, o->num_sack_blocks);
	else if (unlikely(o->mss && o->foc)) /* a SYN: it has no SACK blocks */
		tcp_write_fastopen(p, o->foc);
}
