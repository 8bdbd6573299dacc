/* SPDX-License-Identifier: MIT */
/*
 * Routes as packets use them: a per-host cache (rt_hash_table, moved to front
 * on a hit) in front of the forwarding tables (net/ipv4/fib.h).
 */
#ifndef NET_IPV4_ROUTE_H
#define NET_IPV4_ROUTE_H

#include "net/core/dst.h"
#include "net/core/netdevice.h"
#include "net/ipv4/inet_sock.h"
#include <linux/rtnetlink.h>

/* What is asked of the routing: the key of a flow. */
struct flowi4 {
	int flowi4_oif, flowi4_iif;
	u32 flowi4_mark;
	u8 flowi4_tos, flowi4_scope, flowi4_proto, flowi4_flags;
	u32 flowi4_uid;
	__be32 daddr, saddr;
	__be16 fl4_sport, fl4_dport;
	u8 fl4_icmp_type, fl4_icmp_code;
};

#define FLOWI_FLAG_ANYSRC 0x01
#define FLOWI_FLAG_KNOWN_NH 0x02

struct rtable {
	struct dst_entry dst; /* first */
	struct hlist_node rt_node; /* rt_hash_table bucket */
	struct list_head rt_all; /* every route of the host, cached or not */
	struct net *rt_net;
	u32 rt_genid; /* stale when it differs from the host's */
	u32 rt_flags; /* RTCF_* of <linux/in_route.h> */
	u16 rt_type; /* RTN_* */
	u8 rt_is_input, rt_uses_gateway;
	int rt_iif;
	__be32 rt_gw4; /* next hop, 0: the destination itself */
	u32 rt_pmtu; /* learnt path MTU, 0: none */
	bool rt_mtu_locked;
	/* the key it was made for */
	__be32 rt_key_dst, rt_key_src;
	int rt_key_oif, rt_key_iif;
	u8 rt_key_tos;
	u32 rt_key_mark;
	/* what it answered: */
	__be32 rt_dst, rt_src, rt_spec_dst;
};

static inline struct rtable *skb_rtable(const struct sk_buff *skb)
{
	return (struct rtable *)skb->dst;
}
static inline void ip_rt_put(struct rtable *rt)
{
	dst_release(&rt->dst);
}
/*
 * The device a packet came in by, as sockets see it: over the loopback that of
 * the route's address, if the sender was bound to one.
 */
static inline int inet_iif(const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	return rt && rt->rt_iif ? rt->rt_iif : skb->skb_iif;
}

/*
 * Resolve *fl4; saddr, daddr and oif are filled in. A counted route, or
 * ERR_PTR(-ENETUNREACH, -EINVAL, -ENODEV, -EACCES, ...).
 */
struct rtable *ip_route_output_key_hash(struct net *net, struct flowi4 *fl4);
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4,
				    const struct sock *sk);
static inline struct rtable *ip_route_output_key(struct net *net,
						 struct flowi4 *fl4)
{
	return ip_route_output_flow(net, fl4, NULL);
}
/* For connect(): resolves, fills in the source, resolves again with it. */
struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src,
				int oif, u8 proto, __be16 sport, __be16 dport,
				const struct sock *sk);
/* Ports became known: the route again when they matter. Takes over @rt. */
struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt,
				 __be16 sport, __be16 dport,
				 const struct sock *sk);
/* Sets skb's dst for an incoming packet. 0 or -errno (drop). */
int ip_route_input(struct sk_buff *skb, __be32 dst, __be32 src, u8 tos,
		   struct net_device *dev);
void rt_cache_flush(struct net *net);
/* @dev goes away: routes that somebody still holds lead nowhere now. */
void rt_flush_dev(struct net_device *dev);
int rt_cache_init(struct net *net);
void rt_cache_exit(struct net *net);
/* RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST, RTN_UNICAST... of an address. */
unsigned int inet_addr_type(struct net *net, __be32 addr);
__be32 inet_select_addr(struct net_device *dev, __be32 dst, int scope);
void ipv4_update_pmtu(struct sk_buff *skb, struct net *net, u32 mtu, int oif,
		      u8 protocol);
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu);
void ipv4_redirect(struct sk_buff *skb, struct net *net, __be32 old_gw,
		   __be32 new_gw);

#endif
