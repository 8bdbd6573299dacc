/* SPDX-License-Identifier: MIT */
/*
 * Explicit congestion notification (RFC 3168), as far as TCP takes part:
 * negotiation in the SYNs, ECE until CWR from the receiver, CWR from the
 * sender, ECT(0) on new data only.
 */
#ifndef NET_IPV4_TCP_ECN_H
#define NET_IPV4_TCP_ECN_H

#include "net/ipv4/tcp.h"

#define INET_ECN_MASK 3
#define INET_ECN_ECT_0 2
#define INET_ECN_CE 3

/* For TCP_INFO: what came with a mark. */
static inline void tcp_ecn_received_counters(struct tcp_sock *tp,
					     const struct sk_buff *skb)
{
	u8 mark = TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK;

	if (!mark)
		return;
	if (mark == INET_ECN_CE)
		tp->received_ce += max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	tp->received_ecn_bytes[mark - 1] += skb->len - tcp_hdr(skb)->doff * 4;
}

static inline void tcp_ecn_queue_cwr(struct tcp_sock *tp)
{
	if (tp->ecn_flags & TCP_ECN_OK)
		tp->ecn_flags |= TCP_ECN_QUEUE_CWR;
}

/* The peer reduced its window: no more ECE. */
static inline void tcp_ecn_accept_cwr(struct sock *sk,
				      const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_CWR))
		return;
	tp->ecn_flags &= ~TCP_ECN_DEMAND_CWR;
	/* RFC 3168 6.1.3: so that the sender sees an end of ECE soon. */
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
}

static inline void tcp_ecn_rcv_synack(struct tcp_sock *tp,
				      const struct tcphdr *th)
{
	if (!th->ece || th->cwr)
		tp->ecn_flags &= ~TCP_ECN_OK;
}

static inline void tcp_ecn_rcv_syn(struct tcp_sock *tp, const struct tcphdr *th)
{
	if (!th->ece || !th->cwr)
		tp->ecn_flags &= ~TCP_ECN_OK;
}

static inline bool tcp_ecn_rcv_ecn_echo(const struct tcp_sock *tp,
					const struct tcphdr *th)
{
	return th->ece && !th->syn && tp->ecn_flags & TCP_ECN_OK;
}

static inline void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ecn_flags = 0;
	if (sock_net(sk)->ipv4->sysctl_tcp_ecn != 1)
		return;
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
	tp->ecn_flags = TCP_ECN_OK;
}

/* Flags of a segment that leaves, and whether IP may mark it. */
static inline void tcp_ecn_send(struct sock *sk, struct sk_buff *skb,
				struct tcphdr *th, int header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_sock *inet = inet_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	/* RFC 3168 6.1.5: not on retransmissions, nor on pure ACKs. */
	if (skb->len != (u32)header_len &&
	    !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt)) {
		inet->tos = (inet->tos & ~INET_ECN_MASK) | INET_ECN_ECT_0;
		if (tp->ecn_flags & TCP_ECN_QUEUE_CWR) {
			tp->ecn_flags &= ~TCP_ECN_QUEUE_CWR;
			th->cwr = 1;
		}
	} else {
		inet->tos &= ~INET_ECN_MASK;
	}
	if (tp->ecn_flags & TCP_ECN_DEMAND_CWR)
		th->ece = 1;
}

#endif
