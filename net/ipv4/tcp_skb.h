/* SPDX-License-Identifier: MIT */
/*
 * What TCP keeps in skb->cb of a segment: of one to send or sent, and of one
 * received.
 */
#ifndef NET_IPV4_TCP_SKB_H
#define NET_IPV4_TCP_SKB_H

#include "lib/rbtree.h"
#include "net/core/skbuff.h"

/* skb->cb of a segment within TCP. */
struct tcp_skb_cb {
	u32 seq, end_seq; /* SYN and FIN counted */
	u16 tcp_gso_segs, tcp_gso_size;
	u8 tcp_flags; /* TCPHDR_* */
	u8 sacked; /* TCPCB_* */
	u8 ip_dsfield;
	u8 eor:1, has_rxtstamp:1, is_app_limited:1;
	u8 txstamp_ack:1; /* tell when skb_shared_info.tskey is acknowledged */
	u32 ack_seq; /* received: the ACK field */
	union {
		struct {
			u32 delivered; /* tp->delivered when it left */
			u32 in_flight;
			u64 first_tx_mstamp, delivered_mstamp;
			struct list_head tsorted_anchor;
		} tx;
		struct {
			struct rb_node ooo_node; /* in tcp_sock.ooo_tree */
			int iif;
			u32 tw_isn; /* ISN that a TIME-WAIT chose, or 0 */
		} rx;
	};
};
#define TCP_SKB_CB(skb) ((struct tcp_skb_cb *)(skb)->cb)
static_assert(sizeof(struct tcp_skb_cb) <= sizeof(((struct sk_buff *)0)->cb),
	      "tcp_skb_cb fits");

static inline struct sk_buff *tcp_skb_of_cb(const struct tcp_skb_cb *cb)
{
	return container_of((const char(*)[64])cb, struct sk_buff, cb);
}

#define TCPCB_SACKED_ACKED 0x01
#define TCPCB_SACKED_RETRANS 0x02
#define TCPCB_LOST 0x04
#define TCPCB_TAGBITS 0x07
#define TCPCB_REPAIRED 0x10
#define TCPCB_EVER_RETRANS 0x80
#define TCPCB_RETRANS (TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS)

/* When it (last) left, us. */
static inline u64 tcp_skb_timestamp_us(const struct sk_buff *skb)
{
	return skb->tstamp;
}
static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}
static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = segs;
}
static inline u32 tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}

#endif
