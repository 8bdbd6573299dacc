/* SPDX-License-Identifier: MIT */
/*
 * Inside of the route cache: shared by route*.c, of no interest elsewhere.
 */
#ifndef NET_IPV4_ROUTE_CACHE_H
#define NET_IPV4_ROUTE_CACHE_H

#include "net/ipv4/fib.h"
#include "net/ipv4/route.h"
#include <linux/in_route.h>

#define RT_HASH_BITS 8
#define RT_HASH_SIZE (1U << RT_HASH_BITS)
/* The cache is bounded by its chains: RT_HASH_SIZE * RT_CHAIN_MAX routes. */
#define RT_CHAIN_MAX 16
#define RT_GC_TIMEOUT (300 * HZ) /* unused that long: goes first */

#define RT_EXC_HASH_SIZE 32U
#define RT_EXC_MAX 1024U
#define RT_MTU_EXPIRES (10 * 60 * HZ) /* RFC 1191 6.3 */
#define RT_REDIRECT_EXPIRES (5 * 60 * HZ)
#define RT_MIN_PMTU 552U

/* Of a type of service, what routing looks at. */
#define IPTOS_RT_MASK 0x1cU

/* What was learnt about one destination: path MTU, better gateway. */
struct rt_exception {
	struct hlist_node node;
	__be32 daddr, gw;
	u32 pmtu; /* 0: not about the MTU */
	bool mtu_locked;
	unsigned long expires; /* jiffies */
};

struct rt_cache {
	struct hlist_head rt_hash_table[RT_HASH_SIZE];
	unsigned int entries;
	struct list_head all; /* struct rtable.rt_all */
	struct hlist_head exc[RT_EXC_HASH_SIZE];
	unsigned int nr_exc;
	u64 in_hit, in_slow, out_hit, out_slow; /* /proc/net/stat/rt_cache */
};

/* The key of a cache entry. iif 0: an output route. */
struct rt_key {
	__be32 dst, src;
	int oif, iif;
	u32 mark;
	u8 tos;
};

/* route.c */
struct rtable *rt_dst_alloc(struct net *net, struct net_device *dev,
			    unsigned int flags, u16 type, bool input);
void rt_set_nexthop(struct rtable *rt, __be32 daddr,
		    const struct fib_result *res);
/* A counted hit, moved to the front of its bucket; or NULL. */
struct rtable *rt_cache_lookup(struct net *net, const struct rt_key *key);
/*
 * Enter @rt under @key. An entry of the same key that is there already moves
 * to the front and is returned instead; @rt is released then.
 */
struct rtable *rt_intern_hash(struct net *net, const struct rt_key *key,
			      struct rtable *rt);

/* route_exception.c */
struct rt_exception *rt_find_exception(struct net *net, __be32 daddr);
void rt_update_exception(struct net *net, __be32 daddr, __be32 gw, u32 pmtu,
			 bool lock, unsigned long expires);
void rt_exceptions_free(struct net *net);
void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk,
		       struct sk_buff *skb, u32 mtu);

#endif
