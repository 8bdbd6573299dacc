/* SPDX-License-Identifier: MIT */
/*
 * What a packet on a socket's error queue carries in skb->cb. The family
 * fills it in and reports it with MSG_ERRQUEUE.
 */
#ifndef NET_CORE_ERRQUEUE_H
#define NET_CORE_ERRQUEUE_H

#include "net/core/skbuff.h"
#include "uapi/errqueue.h"

struct sock_exterr_skb {
	struct sock_extended_err ee;
	u16 addr_offset; /* of the offending packet's destination address */
	__be16 port; /* its destination port */
	int iif; /* of a stamp: the device it left by */
	bool opt_stats; /* of a stamp: the data are attributes TCP_NLA_* */
};
#define SKB_EXT_ERR(skb) ((struct sock_exterr_skb *)((skb)->cb))

#endif
