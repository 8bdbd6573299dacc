/* SPDX-License-Identifier: MIT */
/* Stamps of what a socket sends: tstamp.c. */
#ifndef NET_CORE_TSTAMP_H
#define NET_CORE_TSTAMP_H

#include "net/core/sock.h"
#include "net/core/sockopt.h"

/* skb_shared_info.tx_flags */
#define SKBTX_SW_TSTAMP BIT(0) /* when it is handed to the device's driver */
#define SKBTX_SCHED_TSTAMP BIT(1) /* when it comes to the device's queue */

/* ee_info */
enum { SCM_TSTAMP_SND, SCM_TSTAMP_SCHED, SCM_TSTAMP_ACK };

#define SOF_TIMESTAMPING_TX_RECORD_MASK                                \
	(SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_TX_SOFTWARE | \
	 SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_ACK |         \
	 SOF_TIMESTAMPING_TX_COMPLETION)

void __skb_setup_tx_timestamp(struct sk_buff *skb, struct sock *sk,
			      const struct sockcm_cookie *sockc);
/* Note on a datagram of @sk's what stamps @sockc wants; it takes a number. */
static inline void skb_setup_tx_timestamp(struct sk_buff *skb, struct sock *sk,
					  const struct sockcm_cookie *sockc)
{
	if (unlikely(sockc->tsflags & SOF_TIMESTAMPING_TX_RECORD_MASK))
		__skb_setup_tx_timestamp(skb, sk, sockc);
}

/* The same on a piece of a stream: its number is that of the last byte. */
void __tcp_setup_tx_timestamp(struct sk_buff *skb, u32 last_seq,
			      const struct sockcm_cookie *sockc);

/* What was noted on @from is asked of @to instead. */
static inline void skb_move_tx_timestamp(struct sk_buff *to,
					 struct sk_buff *from)
{
	skb_shinfo(to)->tx_flags = skb_shinfo(from)->tx_flags;
	skb_shinfo(to)->tskey = skb_shinfo(from)->tskey;
	skb_shinfo(from)->tx_flags = 0;
}

/*
 * Queue a stamp of @what (SCM_TSTAMP_*) to @sk; nothing when it has no room.
 * @ack: the packet that acknowledges @skb, or NULL.
 */
void __skb_tstamp_tx(struct sk_buff *skb, struct sock *sk, u32 what,
		     const struct sk_buff *ack);
static inline void skb_tstamp_tx(struct sk_buff *skb, u8 flag, u32 what)
{
	if (unlikely(skb_shinfo(skb)->tx_flags & flag) && skb->sk)
		__skb_tstamp_tx(skb, skb->sk, what, NULL);
}

#endif
