/* SPDX-License-Identifier: MIT */
/*
 * TCP: segment sizes. The MSS of a path (RFC 9293 3.7.1, RFC 6691, RFC 1191),
 * skbs of several segments, and cutting them.
 */
#include "net/ipv4/tcp.h"

#include "net/core/tstamp.h"

/* Segments that one transmission may hold. */
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now)
{
	const struct tcp_congestion_ops *ops = inet_csk(sk)->icsk_ca_ops;
	const struct dst_entry *dst = __sk_dst_get(sk);
	u32 room, segs;

	if (!dst || !(dst->dev->features & NETIF_F_GSO))
		return 1;
	room = dst->dev->gso_max_size ? dst->dev->gso_max_size : 65536;
	/* An IP packet holds 65535 bytes, headers included. */
	room = min(room, 65535U) - MAX_TCP_HEADER;
	if (!tcp_needs_pacing(sk))
		return max(room / mss_now, 1U);
	if (ops->min_tso_segs)
		segs = ops->min_tso_segs(sk);
	else
		segs = sock_net(sk)->ipv4->sysctl_tcp_min_tso_segs;
	return max(tcp_tso_autosize(sk, room) / mss_now, segs);
}

int tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	int segs;

	if (skb->len <= mss_now) {
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
		tcp_skb_pcount_set(skb, 1);
		return 1;
	}
	TCP_SKB_CB(skb)->tcp_gso_size = mss_now;
	segs = DIV_ROUND_UP(skb->len, mss_now);
	tcp_skb_pcount_set(skb, segs);
	return segs;
}

/* The count as it is, unless it was never made or the MSS changed. */
int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	int segs = tcp_skb_pcount(skb);

	if (!segs || (segs > 1 && tcp_skb_mss(skb) != mss_now))
		segs = tcp_set_skb_tso_segs(skb, mss_now);
	return segs;
}

/* @skb of the retransmission queue shrank by @decr segments. */
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = TCP_SKB_CB(skb)->sacked;

	tp->packets_out -= decr;
	if (sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= decr;
	if (sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= decr;
	if (sacked & TCPCB_LOST)
		tp->lost_out -= decr;
	if (tcp_is_reno(tp) && decr > 0)
		tp->sacked_out -= min_t(u32, tp->sacked_out, decr);
}

/* A stamp goes with the byte that it is for. */
static void tcp_fragment_tstamp(struct sk_buff *skb, struct sk_buff *buff)
{
	if (before(skb_shinfo(skb)->tskey, TCP_SKB_CB(buff)->seq))
		return;
	skb_move_tx_timestamp(buff, skb);
	TCP_SKB_CB(buff)->txstamp_ack = TCP_SKB_CB(skb)->txstamp_ack;
	TCP_SKB_CB(skb)->txstamp_ack = 0;
}

static void tcp_fragment_cb(struct sk_buff *skb, struct sk_buff *buff, u32 len)
{
	struct tcp_skb_cb *a = TCP_SKB_CB(skb), *b = TCP_SKB_CB(buff);
	u8 flags = a->tcp_flags;

	b->seq = a->seq + len;
	b->end_seq = a->end_seq;
	a->end_seq = b->seq;
	/* PSH and FIN belong to the end. */
	a->tcp_flags = flags & ~(TCPHDR_FIN | TCPHDR_PSH);
	b->tcp_flags = flags;
	b->sacked = a->sacked;
	b->eor = a->eor;
	a->eor = 0;
	b->tx.delivered = a->tx.delivered;
	b->tx.in_flight = a->tx.in_flight;
	b->tx.first_tx_mstamp = a->tx.first_tx_mstamp;
	b->tx.delivered_mstamp = a->tx.delivered_mstamp;
	b->is_app_limited = a->is_app_limited;
	if (skb_shinfo(skb)->tx_flags || a->txstamp_ack)
		tcp_fragment_tstamp(skb, buff);
}

/*
 * Cut @skb after @len bytes; the rest follows it in its queue. 0 or -ENOMEM.
 */
int tcp_fragment(struct sock *sk, enum tcp_queue q, struct sk_buff *skb,
		 u32 len, unsigned int mss_now)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *buff;
	int old, nlen;

	if (skb_unclone(skb))
		return -ENOMEM;
	buff = tcp_stream_alloc_skb(sk, true);
	if (!buff)
		return -ENOMEM;
	sk_wmem_queued_add(sk, buff->truesize);
	sk_mem_charge(sk, buff->truesize);
	nlen = (int)(skb->len - len);
	buff->truesize += nlen;
	skb->truesize -= nlen;
	tcp_fragment_cb(skb, buff, len);
	skb_split(skb, buff, len);
	buff->tstamp = skb->tstamp;
	old = tcp_skb_pcount(skb);
	tcp_set_skb_tso_segs(skb, mss_now);
	tcp_set_skb_tso_segs(buff, mss_now);
	if (q == TCP_FRAG_IN_WRITE_QUEUE) {
		__skb_queue_after(&sk->sk_write_queue, skb, buff);
		return 0;
	}
	old -= tcp_skb_pcount(skb) + tcp_skb_pcount(buff);
	if (old)
		tcp_adjust_pcount(sk, skb, old);
	__skb_queue_after(&tp->tcp_rtx_queue, skb, buff);
	list_add(&TCP_SKB_CB(buff)->tx.tsorted_anchor,
		 &TCP_SKB_CB(skb)->tx.tsorted_anchor);
	return 0;
}

/* Drop the first @len bytes, which were acknowledged. */
static void tcp_pull_head(struct sk_buff *skb, u32 len)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 eat = min(len, skb_headlen(skb));
	int i, k = 0;

	skb_pull(skb, eat);
	eat = len - eat;
	skb->len -= eat;
	skb->data_len -= eat;
	for (i = 0; i < shinfo->nr_frags; i++) {
		skb_frag_t f = shinfo->frags[i];

		if (f.size <= eat) {
			eat -= f.size;
			frag_buf_put(f.buf);
			continue;
		}
		f.off += eat;
		f.size -= eat;
		eat = 0;
		shinfo->frags[k++] = f;
	}
	shinfo->nr_frags = k;
}

int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len)
{
	if (skb_unclone(skb))
		return -ENOMEM;
	tcp_pull_head(skb, len);
	TCP_SKB_CB(skb)->seq += len;
	skb->truesize -= len;
	sk_wmem_queued_add(sk, -(int)len);
	sk_mem_uncharge(sk, (int)len);
	if (tcp_skb_pcount(skb) > 1)
		tcp_set_skb_tso_segs(skb, tcp_skb_mss(skb));
	return 0;
}

/* RFC 6691: data bytes of a packet of @pmtu; options are taken off. */
static inline int __tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int mss = pmtu - (int)(sizeof(struct iphdr) + sizeof(struct tcphdr));

	if (mss > tp->rx_opt.mss_clamp)
		mss = tp->rx_opt.mss_clamp;
	mss -= inet_csk(sk)->icsk_ext_hdr_len;
	return max(mss, sock_net(sk)->ipv4->sysctl_tcp_min_snd_mss);
}

int tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	return __tcp_mtu_to_mss(sk, pmtu) -
	       (tcp_sk(sk)->tcp_header_len - (int)sizeof(struct tcphdr));
}

/* RFC 9293 3.8.6.2.1: never more than half of the peer's largest window. */
int tcp_bound_to_half_wnd(struct tcp_sock *tp, int pktsize)
{
	int cutoff = tp->max_window > TCP_MSS_DEFAULT
			     ? (int)(tp->max_window >> 1)
			     : (int)tp->max_window;

	if (cutoff && pktsize > cutoff)
		return max(cutoff, 68 - (int)tp->tcp_header_len);
	return pktsize;
}

/* The path MTU, or the peer's MSS, is news. */
u32 tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int mss;

	if (icsk->icsk_mtup.search_high > (int)pmtu)
		icsk->icsk_mtup.search_high = (int)pmtu;
	mss = tcp_bound_to_half_wnd(tp, tcp_mtu_to_mss(sk, (int)pmtu));
	icsk->icsk_pmtu_cookie = pmtu;
	if (icsk->icsk_mtup.enabled)
		mss = min(mss, tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low));
	tp->mss_cache = mss;
	return mss;
}

/* Payload of a full segment now, with the SACK blocks it would carry. */
u32 tcp_current_mss(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts;
	u32 mss = tp->mss_cache, header_len;

	if (dst) {
		u32 mtu = dst_mtu(dst);

		if (mtu != inet_csk(sk)->icsk_pmtu_cookie)
			mss = tcp_sync_mss(sk, mtu);
	}
	header_len = tcp_established_options(sk, NULL, &opts) +
		     sizeof(struct tcphdr);
	if (header_len != tp->tcp_header_len)
		mss -= header_len - tp->tcp_header_len;
	return mss;
}

/* The MSS option of our SYN: what our route can take in. */
u16 tcp_advertise_mss(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tp->advmss;

	if (dst && dst->ops->default_advmss(dst) < mss) {
		mss = dst->ops->default_advmss(dst);
		tp->advmss = (u16)mss;
	}
	return (u16)mss;
}
