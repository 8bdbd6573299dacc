/* SPDX-License-Identifier: MIT */
/*
 * What ICMP taught about single destinations: path MTU (RFC 1191) and better
 * gateways (RFC 1122 3.2.2.2). Kept per destination, bounded, for ten minutes;
 * routes made meanwhile take it into account (rt_set_nexthop).
 */
#include "net/ipv4/route_cache.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"

static struct hlist_head *exc_bucket(struct net *net, __be32 daddr)
{
	u64 h = siphash_2u64(daddr, 0, &net->hash_key);

	return &net->ipv4->rt->exc[h & (RT_EXC_HASH_SIZE - 1)];
}

static void exc_free(struct net *net, struct rt_exception *e)
{
	hlist_del_init(&e->node);
	net->ipv4->rt->nr_exc--;
	kfree(e);
}

struct rt_exception *rt_find_exception(struct net *net, __be32 daddr)
{
	struct rt_exception *e;
	struct hlist_node *n;

	if (likely(!net->ipv4->rt->nr_exc))
		return NULL;
	hlist_for_each_entry_safe(e, n, exc_bucket(net, daddr), node) {
		if (time_after(jiffies, e->expires))
			exc_free(net, e);
		else if (e->daddr == daddr)
			return e;
	}
	return NULL;
}

/* Room for one more: the first found of the fullest tables has to go. */
static void exc_make_room(struct net *net)
{
	struct rt_cache *c = net->ipv4->rt;
	unsigned int i = get_random_u32_below(RT_EXC_HASH_SIZE), k;

	for (k = 0; k < RT_EXC_HASH_SIZE && c->nr_exc >= RT_EXC_MAX; k++) {
		struct hlist_head *h = &c->exc[(i + k) % RT_EXC_HASH_SIZE];

		if (!hlist_empty(h))
			exc_free(net, hlist_entry(h->first, struct rt_exception,
						  node));
	}
}

void rt_update_exception(struct net *net, __be32 daddr, __be32 gw, u32 pmtu,
			 bool lock, unsigned long expires)
{
	struct rt_exception *e = rt_find_exception(net, daddr);

	if (!e) {
		exc_make_room(net);
		e = kzalloc(sizeof(*e));
		if (!e)
			return;
		e->daddr = daddr;
		hlist_add_head(&e->node, exc_bucket(net, daddr));
		net->ipv4->rt->nr_exc++;
	}
	if (gw)
		e->gw = gw;
	if (pmtu) {
		e->pmtu = pmtu;
		e->mtu_locked = lock;
	}
	e->expires = expires;
	/* Routes made before this do not know it. */
	rt_cache_flush(net);
}

void rt_exceptions_free(struct net *net)
{
	struct rt_cache *c = net->ipv4->rt;
	struct rt_exception *e;
	struct hlist_node *n;
	unsigned int i;

	for (i = 0; i < RT_EXC_HASH_SIZE; i++) {
		hlist_for_each_entry_safe(e, n, &c->exc[i], node)
			exc_free(net, e);
	}
}

static void rt_learn_pmtu(struct net *net, struct rtable *rt, u32 mtu)
{
	u32 old = dst_mtu(&rt->dst);
	bool lock = false;

	if (old < mtu)
		return;
	/* LINUX: below this, fragment instead of shrinking further. */
	if (mtu < RT_MIN_PMTU) {
		lock = true;
		mtu = min_t(u32, old, RT_MIN_PMTU);
	}
	if (rt->rt_pmtu == mtu && !lock &&
	    time_before(jiffies, rt->dst.expires - RT_MTU_EXPIRES / 2))
		return;
	rt_update_exception(net, rt->rt_dst, 0, mtu, lock,
			    jiffies + RT_MTU_EXPIRES);
}

void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk,
		       struct sk_buff *skb, u32 mtu)
{
	struct rtable *rt = (struct rtable *)dst;

	rt_learn_pmtu(rt->rt_net, rt, mtu);
}

/* @skb->data: the header of the packet that was too big, as quoted to us. */
void ipv4_update_pmtu(struct sk_buff *skb, struct net *net, u32 mtu, int oif,
		      u8 protocol)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct flowi4 fl4 = {
		.flowi4_oif = oif,
		.flowi4_proto = protocol,
		.flowi4_tos = iph->tos,
		.daddr = iph->daddr,
		.saddr = iph->saddr,
	};
	struct rtable *rt = ip_route_output_key_hash(net, &fl4);

	if (IS_ERR(rt))
		return;
	rt_learn_pmtu(net, rt, mtu);
	ip_rt_put(rt);
}

void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu)
{
	if (!ip_sk_accept_pmtu(sk))
		return;
	ipv4_update_pmtu(skb, sock_net(sk), mtu, sk->sk_bound_dev_if,
			 sk->sk_protocol);
}

/*
 * May @new_gw take the place of @old_gw? On a medium that only one subnet has
 * (conf/DEV/shared_media 0) it must be in that subnet and, with
 * secure_redirects, be a gateway that we have a route over.
 */
static bool redirect_is_fine(struct in_device *in_dev, __be32 old_gw,
			     __be32 new_gw)
{
	struct net *net = in_dev->dev->net;

	if (!IN_DEV_RX_REDIRECTS(in_dev) || new_gw == old_gw ||
	    ipv4_is_multicast(new_gw) || ipv4_is_lbcast(new_gw) ||
	    ipv4_is_zeronet(new_gw))
		return false;
	if (IN_DEV_SHARED_MEDIA(in_dev))
		return inet_addr_type(net, new_gw) == RTN_UNICAST;
	return inet_addr_onlink(in_dev, new_gw, old_gw) &&
	       (!IN_DEV_SEC_REDIRECTS(in_dev) ||
		fib_has_gateway(in_dev->dev, new_gw));
}

/*
 * RFC 1122 3.2.2.2: @skb->data is the quoted header; @old_gw sent the redirect
 * and must be the gateway we use.
 */
void ipv4_redirect(struct sk_buff *skb, struct net *net, __be32 old_gw,
		   __be32 new_gw)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct in_device *in_dev = __in_dev_get(skb->dev);
	struct flowi4 fl4 = {
		.flowi4_tos = iph->tos,
		.daddr = iph->daddr,
		.saddr = iph->saddr,
	};
	struct rtable *rt;

	if (!in_dev)
		return;
	if (!redirect_is_fine(in_dev, old_gw, new_gw)) {
		if (IN_DEV_LOG_MARTIANS(in_dev) && net_ratelimit(net))
			pr_info("redirect from %pI4 on %s about %pI4 ignored",
				&old_gw, skb->dev->name, &new_gw);
		return;
	}
	rt = ip_route_output_key_hash(net, &fl4);
	if (IS_ERR(rt))
		return;
	if (rt->rt_gw4 == old_gw && rt->dst.dev == skb->dev)
		rt_update_exception(net, iph->daddr, new_gw, 0, false,
				    jiffies + RT_REDIRECT_EXPIRES);
	ip_rt_put(rt);
}
