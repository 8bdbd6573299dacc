/* SPDX-License-Identifier: MIT */
/*
 * Where a packet goes next. Counted; the route cache, sockets and packets
 * hold references.
 */
#ifndef NET_CORE_DST_H
#define NET_CORE_DST_H

#include "net/core/skbuff.h"

struct neighbour;
struct net;
struct net_device;

/* Metrics, indexed by RTAX_x - 1 (<linux/rtnetlink.h>). */
#define DST_NR_METRICS 17

struct dst_entry {
	struct net_device *dev;
	int (*input)(struct sk_buff *skb);
	int (*output)(struct net *net, struct sock *sk, struct sk_buff *skb);
	const struct dst_ops *ops;
	unsigned int refs;
	short error; /* positive errno of an unreachable destination */
	u16 obsolete; /* non-zero: look again (dst_check) */
	unsigned long lastuse, use; /* jiffies; count */
	unsigned long expires; /* jiffies, 0: never */
	u32 metrics[DST_NR_METRICS];
};

struct dst_ops {
	u16 family;
	struct dst_entry *(*check)(struct dst_entry *dst, u32 cookie);
	unsigned int (*mtu)(const struct dst_entry *dst);
	unsigned int (*default_advmss)(const struct dst_entry *dst);
	void (*update_pmtu)(struct dst_entry *dst, struct sock *sk,
			    struct sk_buff *skb, u32 mtu);
	void (*destroy)(struct dst_entry *dst);
};

static inline void dst_hold(struct dst_entry *dst)
{
	dst->refs++;
}
static inline struct dst_entry *dst_clone(struct dst_entry *dst)
{
	if (dst)
		dst_hold(dst);
	return dst;
}
/* NULL is allowed. */
void dst_release(struct dst_entry *dst);
static inline u32 dst_metric(const struct dst_entry *dst, int rtax)
{
	return dst->metrics[rtax - 1];
}
static inline unsigned int dst_mtu(const struct dst_entry *dst)
{
	return dst->ops->mtu(dst);
}
static inline int dst_output(struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	return skb->dst->output(net, sk, skb);
}
static inline int dst_input(struct sk_buff *skb)
{
	return skb->dst->input(skb);
}

/* The socket's cached route, checked; NULL when there is none or it is stale.
 */
struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie);
struct dst_entry *__sk_dst_get(struct sock *sk);
/* Takes over the reference. */
void sk_dst_set(struct sock *sk, struct dst_entry *dst);
void sk_dst_reset(struct sock *sk);

#endif
