/* SPDX-License-Identifier: MIT */
/*
 * A cable between two hosts, with the faults of a real one: latency, jitter,
 * bandwidth, a queue of limited length, packets lost, doubled, damaged and
 * held back, by chance, by a pattern or by a judge. It is a pair of devices;
 * what one sends arrives at the other.
 *
 * The two ends may belong to different hosts of one kernel. Time is the
 * kernel's and chance its random numbers, so under the virtual clock every run
 * with one seed is the same.
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

/* Chances are in millionths. */
#define LINK_SURE 1000000U

struct link_params {
	u64 latency; /* ns, one way */
	u64 jitter; /* ns: up to so much more, each packet by chance; in order */
	u64 rate; /* bytes a second, 0: unlimited */
	u32 queue; /* packets that may wait, 0: 1000 */
	u32 mtu; /* 0: as it is, 1500 at first */
	u32 loss, duplicate, corrupt; /* chances */
	u32 reorder; /* chance to be held back by reorder_delay */
	u64 reorder_delay; /* ns */
	/*
	 * What happens to each packet in turn, over and over: '.' passes, 'x'
	 * is dropped, 'd' doubled, 'c' damaged, 'r' held back by
	 * reorder_delay. NULL: all pass. Chance is asked only for those that
	 * the pattern passes. The caller keeps the string.
	 */
	const char *pattern;
	bool pattern_once; /* afterwards all pass */
	bool down; /* what is sent is lost */
	/*
	 * Asked for each packet in the order sent, at the sending end (@dev),
	 * after the above let it pass; may change *delay, ns, for this packet
	 * alone: that reorders. May be NULL.
	 */
	enum link_verdict (*judge)(void *arg, struct net_device *dev,
				   const struct sk_buff *skb, u64 *delay);
	void *judge_arg;
};

/*
 * Make a link between @a (device @name_a) and @b (@name_b); both ends are down
 * and have no address. 0, -EEXIST, -ENOMEM. Parameters may be changed later by
 * link_set(), for what @dev sends. link_del() of either end removes both;
 * packets under way are dropped.
 */
int link_add(struct net *a, const char *name_a, struct net *b,
	     const char *name_b, const struct link_params *params);
void link_set(struct net_device *dev, const struct link_params *params);
void link_del(struct net_device *dev);
/* The other end; NULL when @dev is no link. */
struct net_device *link_peer(const struct net_device *dev);

#endif
