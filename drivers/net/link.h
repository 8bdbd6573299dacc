/* SPDX-License-Identifier: MIT */
/*
 * A cable between two hosts, with the faults of a real one: latency,
 * bandwidth, a queue of limited length, and a judge that decides over each
 * packet. It is a pair of devices; what one sends arrives at the other.
 *
 * The two ends may belong to different hosts of one kernel. Time is the
 * kernel's, so under the virtual clock every run is the same.
 */
#ifndef DRIVERS_NET_LINK_H
#define DRIVERS_NET_LINK_H

#include "net/core/netdevice.h"

enum link_verdict {
	LINK_PASS,
	LINK_DROP,
	LINK_DUPLICATE,
	LINK_CORRUPT, /* one bit of the packet is turned */
};

struct link_params {
	u32 latency_ms; /* one way */
	u64 rate; /* bytes a second, 0: unlimited */
	u32 queue; /* packets that may wait, 0: 1000 */
	u32 mtu; /* 0: 1500 */
	/*
	 * Asked for each packet in the order sent, at the sending end (@dev);
	 * may lengthen *delay_ms, which starts as the latency, for this
	 * packet alone: that reorders. May be NULL.
	 */
	enum link_verdict (*judge)(void *arg, struct net_device *dev,
				   const struct sk_buff *skb, u32 *delay_ms);
	void *judge_arg;
};

/*
 * Make a link between @a (device @name_a) and @b (@name_b); both ends are down
 * and have no address. 0, -EEXIST, -ENOMEM. Parameters may be changed later by
 * link_set(). link_del() of either end removes both; packets under way are
 * dropped.
 */
int link_add(struct net *a, const char *name_a, struct net *b,
	     const char *name_b, const struct link_params *params);
void link_set(struct net_device *dev, const struct link_params *params);
void link_del(struct net_device *dev);

#endif
