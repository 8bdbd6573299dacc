/* SPDX-License-Identifier: MIT */
/*
 * SO_TIMESTAMPING: when what a socket sent was passed on, and when it was
 * acknowledged. What is asked of a packet is noted beside its data
 * (skb_shared_info), so that every clone of it tells; the stamp comes back as a
 * message of the socket's error queue.
 */
#include "net/core/tstamp.h"

#include "lib/string.h"
#include "net/core/errqueue.h"
#include "net/core/netdevice.h"
#include "net/core/sock.h"
#include <asm/errno.h>

static u8 tx_flags_of(u32 tsflags)
{
	return (tsflags & SOF_TIMESTAMPING_TX_SOFTWARE ? SKBTX_SW_TSTAMP : 0) |
	       (tsflags & SOF_TIMESTAMPING_TX_SCHED ? SKBTX_SCHED_TSTAMP : 0);
}

void __skb_setup_tx_timestamp(struct sk_buff *skb, struct sock *sk,
			      const struct sockcm_cookie *sockc)
{
	skb_shinfo(skb)->tx_flags = tx_flags_of(sockc->tsflags);
	if (!(sockc->tsflags & SOF_TIMESTAMPING_OPT_ID))
		return;
	skb_shinfo(skb)->tskey =
		sockc->has_ts_opt_id ? sockc->ts_opt_id : sk->sk_tskey++;
}

void __tcp_setup_tx_timestamp(struct sk_buff *skb, u32 last_seq,
			      const struct sockcm_cookie *sockc)
{
	skb_shinfo(skb)->tx_flags = tx_flags_of(sockc->tsflags);
	skb_shinfo(skb)->tskey = last_seq;
}

static bool stamp_has_stats(const struct sock *sk)
{
	return (sk->sk_tsflags & SOF_TIMESTAMPING_OPT_STATS) &&
	       sk->sk_prot->tstamp_stats;
}

/*
 * What the program gets: the packet as it is now, or nothing but the time and
 * what the connection tells of itself.
 */
static struct sk_buff *stamp_skb(struct sk_buff *skb, struct sock *sk,
				 const struct sk_buff *ack)
{
	if (stamp_has_stats(sk))
		return sk->sk_prot->tstamp_stats(sk, skb, ack);
	if (sk->sk_tsflags & SOF_TIMESTAMPING_OPT_TSONLY)
		return alloc_skb(0);
	if (!sock_net(sk)->core.tstamp_allow_data)
		return NULL;
	return skb_clone(skb);
}

void __skb_tstamp_tx(struct sk_buff *skb, struct sock *sk, u32 what,
		     const struct sk_buff *ack)
{
	struct sock_exterr_skb *serr;
	u32 key = skb_shinfo(skb)->tskey;
	struct sk_buff *msg = stamp_skb(skb, sk, ack);

	if (!msg)
		return;
	msg->tstamp = port_realtime_ns();
	serr = SKB_EXT_ERR(msg);
	*serr = (struct sock_exterr_skb){
		.ee.ee_errno = ENOMSG,
		.ee.ee_origin = SO_EE_ORIGIN_TIMESTAMPING,
		.ee.ee_info = what,
		.iif = msg->dev ? msg->dev->ifindex : 0,
		.opt_stats = stamp_has_stats(sk),
	};
	if (sk->sk_tsflags & SOF_TIMESTAMPING_OPT_ID)
		serr->ee.ee_data =
			sk->sk_prot->tskey_base ? key - sk->sk_tskey : key;
	if (sock_queue_err_skb(sk, msg))
		kfree_skb_reason(msg, SKB_DROP_REASON_SOCKET_RCVBUFF);
}
