/* SPDX-License-Identifier: MIT */
/*
 * The route cache, and routes for what this host sends.
 *
 *	ip_route_output_key_hash()	what is asked: struct rt_key
 *	  ip_route_output()		the cache: rt_hash_table, move to front
 *	  ip_route_output_slow()	on a miss: which source, which device
 *	    fib_lookup()		the tables
 *	    mkroute_output()		a struct rtable of the answer
 *	      rt_set_nexthop()		gateway, metrics, what was learnt
 *	    rt_intern_hash()		into the cache
 *
 * An entry answers exactly one question (struct rt_key). Any change of
 * configuration bumps the host's generation and empties the cache; sockets
 * that still hold such a route notice by dst_check(). The cache is bounded by
 * the length of its chains, of which the least recently used goes first.
 *
 * Routes for what comes in: route_input.c; path MTU and redirects:
 * route_exception.c.
 */
#include "net/ipv4/route.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/inet_mix.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/route_cache.h"

#define IP_RT_MIN_ADVMSS 256U

int rt_cache_init(struct net *net)
{
	struct rt_cache *c = kzalloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	INIT_LIST_HEAD(&c->all);
	net->ipv4->rt = c;
	return 0;
}

void rt_cache_exit(struct net *net)
{
	rt_cache_flush(net);
	rt_exceptions_free(net);
	kfree(net->ipv4->rt);
	net->ipv4->rt = NULL;
}

static struct hlist_head *rt_bucket(struct net *net, const struct rt_key *k)
{
	u64 h = inet_mix((u64)k->dst << 32 | k->src,
			 (u64)(u32)k->oif << 32 | (u32)k->iif, &net->hash_key);

	h ^= (u64)k->tos << 3 ^ k->mark;
	return &net->ipv4->rt->rt_hash_table[h & (RT_HASH_SIZE - 1)];
}

static inline bool rt_key_match(const struct rtable *rt, const struct rt_key *k)
{
	return rt->rt_key_dst == k->dst && rt->rt_key_src == k->src &&
	       rt->rt_key_oif == k->oif && rt->rt_key_iif == k->iif &&
	       rt->rt_key_tos == k->tos && rt->rt_key_mark == k->mark;
}

static inline bool rt_is_expired(const struct rtable *rt)
{
	return rt->rt_genid != rt->rt_net->ipv4->rt_genid ||
	       (rt->dst.expires && time_after(jiffies, rt->dst.expires));
}

/* Out of the cache; whoever else holds it may go on until the next check. */
static void rt_drop(struct net *net, struct rtable *rt)
{
	hlist_del_init(&rt->rt_node);
	net->ipv4->rt->entries--;
	ip_rt_put(rt);
}

void rt_cache_flush(struct net *net)
{
	struct rt_cache *c = net->ipv4->rt;
	struct hlist_node *n;
	struct rtable *rt;
	unsigned int i;

	if (!++net->ipv4->rt_genid)
		net->ipv4->rt_genid = 1;
	for (i = 0; c->entries && i < RT_HASH_SIZE; i++) {
		hlist_for_each_entry_safe(rt, n, &c->rt_hash_table[i], rt_node)
			rt_drop(net, rt);
	}
}

/* Somebody sends by a route that was made for receiving. */
static int ip_rt_bug(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return 0;
}

void rt_flush_dev(struct net_device *dev)
{
	struct net *net = dev->net;
	struct rtable *rt;

	rt_cache_flush(net);
	list_for_each_entry(rt, &net->ipv4->rt->all, rt_all) {
		if (rt->dst.dev != dev)
			continue;
		rt->dst.dev = net->loopback_dev;
		rt->dst.input = ip_rt_no_input;
		rt->dst.output = ip_rt_bug;
	}
}

static void rt_move_to_front(struct hlist_head *head, struct rtable *rt)
{
	if (head->first == &rt->rt_node)
		return;
	hlist_del_init(&rt->rt_node);
	hlist_add_head(&rt->rt_node, head);
}

struct rtable *rt_cache_lookup(struct net *net, const struct rt_key *key)
{
	struct hlist_head *head = rt_bucket(net, key);
	struct hlist_node *n;
	struct rtable *rt;

	hlist_for_each_entry_safe(rt, n, head, rt_node) {
		if (!rt_key_match(rt, key))
			continue;
		if (rt_is_expired(rt)) {
			rt_drop(net, rt);
			return NULL;
		}
		rt_move_to_front(head, rt);
		rt->dst.use++;
		rt->dst.lastuse = jiffies;
		dst_hold(&rt->dst);
		return rt;
	}
	return NULL;
}

/* Keep a chain short: what is old goes, and at the bound the last one. */
static void rt_trim_chain(struct net *net, struct hlist_head *head)
{
	struct rtable *rt, *last = NULL;
	struct hlist_node *n;
	unsigned int len = 0;

	hlist_for_each_entry_safe(rt, n, head, rt_node) {
		if (rt_is_expired(rt) ||
		    (rt->dst.refs == 1 &&
		     time_after(jiffies, rt->dst.lastuse + RT_GC_TIMEOUT))) {
			rt_drop(net, rt);
			continue;
		}
		last = rt;
		len++;
	}
	if (len >= RT_CHAIN_MAX)
		rt_drop(net, last);
}

struct rtable *rt_intern_hash(struct net *net, const struct rt_key *key,
			      struct rtable *rt)
{
	struct rtable *old = rt_cache_lookup(net, key);
	struct hlist_head *head = rt_bucket(net, key);

	if (old) {
		ip_rt_put(rt);
		return old;
	}
	rt_trim_chain(net, head);
	rt->rt_key_dst = key->dst;
	rt->rt_key_src = key->src;
	rt->rt_key_oif = key->oif;
	rt->rt_key_iif = key->iif;
	rt->rt_key_tos = key->tos;
	rt->rt_key_mark = key->mark;
	rt->dst.lastuse = jiffies;
	dst_hold(&rt->dst); /* the cache's */
	hlist_add_head(&rt->rt_node, head);
	net->ipv4->rt->entries++;
	return rt;
}

/* A route that a socket kept: still good? */
static struct dst_entry *ipv4_dst_check(struct dst_entry *dst, u32 cookie)
{
	return rt_is_expired((struct rtable *)dst) ? NULL : dst;
}

static unsigned int ipv4_mtu(const struct dst_entry *dst)
{
	const struct rtable *rt = (const struct rtable *)dst;
	unsigned int mtu = rt->rt_pmtu;

	if (!mtu || (dst->expires && time_after(jiffies, dst->expires)))
		mtu = dst_metric(dst, RTAX_MTU);
	if (!mtu)
		mtu = dst->dev->mtu;
	return min_t(unsigned int, mtu, IP_MAX_MTU);
}

static unsigned int ipv4_default_advmss(const struct dst_entry *dst)
{
	unsigned int hdr = sizeof(struct iphdr) + 20;
	unsigned int mtu = ipv4_mtu(dst);

	if (mtu < IP_RT_MIN_ADVMSS + hdr)
		return IP_RT_MIN_ADVMSS;
	return min_t(unsigned int, mtu, 65535U) - hdr;
}

static void ipv4_dst_destroy(struct dst_entry *dst)
{
	struct rtable *rt = (struct rtable *)dst;

	list_del(&rt->rt_all);
	kfree(rt);
}

static const struct dst_ops ipv4_dst_ops = {
	.family = AF_INET,
	.check = ipv4_dst_check,
	.mtu = ipv4_mtu,
	.default_advmss = ipv4_default_advmss,
	.update_pmtu = ip_rt_update_pmtu,
	.destroy = ipv4_dst_destroy,
};

struct rtable *rt_dst_alloc(struct net *net, struct net_device *dev,
			    unsigned int flags, u16 type, bool input)
{
	struct rtable *rt = kzalloc(sizeof(*rt));

	if (!rt)
		return NULL;
	rt->dst.dev = dev;
	list_add_tail(&rt->rt_all, &net->ipv4->rt->all);
	rt->dst.ops = &ipv4_dst_ops;
	rt->dst.refs = 1;
	/* Ask ops->check() each time: the generation may have changed. */
	rt->dst.obsolete = 1;
	rt->dst.output = input ? ip_rt_bug : ip_output;
	rt->dst.input = ip_rt_no_input;
	if (flags & RTCF_LOCAL)
		rt->dst.input = ip_local_deliver;
	rt->rt_net = net;
	rt->rt_genid = net->ipv4->rt_genid;
	rt->rt_flags = flags;
	rt->rt_type = type;
	rt->rt_is_input = input;
	INIT_HLIST_NODE(&rt->rt_node);
	return rt;
}

void rt_set_nexthop(struct rtable *rt, __be32 daddr,
		    const struct fib_result *res)
{
	const struct fib_nh *nh = res->fi ? res->nh : NULL;
	struct rt_exception *e;

	if (nh && nh->nh_gw4 && nh->nh_scope == RT_SCOPE_LINK) {
		rt->rt_gw4 = nh->nh_gw4;
		rt->rt_uses_gateway = 1;
	}
	if (res->fi)
		memcpy(rt->dst.metrics, res->fi->fib_metrics,
		       sizeof(rt->dst.metrics));
	e = rt_find_exception(rt->rt_net, daddr);
	if (!e)
		return;
	if (e->gw) {
		rt->rt_gw4 = e->gw;
		rt->rt_uses_gateway = 1;
		rt->rt_flags |= RTCF_REDIRECTED;
	}
	if (e->pmtu && e->pmtu < ipv4_mtu(&rt->dst)) {
		rt->rt_pmtu = e->pmtu;
		rt->rt_mtu_locked = e->mtu_locked;
	}
	rt->dst.expires = e->expires;
}

static struct rtable *mkroute_output(struct net *net, struct fib_result *res,
				     const struct flowi4 *fl4, int orig_oif,
				     struct net_device *dev, unsigned int flags)
{
	struct in_device *in_dev = __in_dev_get(dev);
	u16 type = res->type;
	struct rtable *rt;

	if (!in_dev)
		return ERR_PTR(fail(-EINVAL, "the device has no IPv4"));
	if (ipv4_is_loopback(fl4->saddr) && !(dev->flags & IFF_LOOPBACK) &&
	    !IN_DEV_ROUTE_LOCALNET(in_dev))
		return ERR_PTR(
			fail(-EINVAL, "a loopback source stays at home"));
	if (ipv4_is_lbcast(fl4->daddr))
		type = RTN_BROADCAST;
	else if (ipv4_is_multicast(fl4->daddr))
		type = RTN_MULTICAST;
	else if (ipv4_is_zeronet(fl4->daddr))
		return ERR_PTR(fail(-EINVAL, "0.0.0.0/8 is no destination"));

	if (dev->flags & IFF_LOOPBACK)
		flags |= RTCF_LOCAL;
	if (type == RTN_BROADCAST) {
		flags |= RTCF_BROADCAST | RTCF_LOCAL;
		res->fi = NULL;
	} else if (type == RTN_MULTICAST) {
		flags |= RTCF_MULTICAST | RTCF_LOCAL;
		if (!ip_check_mc(in_dev, fl4->daddr))
			flags &= ~RTCF_LOCAL;
		/* A default route says nothing about groups. */
		if (res->fi && res->prefixlen < 4)
			res->fi = NULL;
	}
	rt = rt_dst_alloc(net, dev, flags, type, false);
	if (!rt)
		return ERR_PTR(fail(-ENOBUFS, "no memory"));
	rt->rt_iif = orig_oif;
	rt->rt_dst = fl4->daddr;
	rt->rt_src = fl4->saddr;
	rt->rt_spec_dst = fl4->saddr;
	if ((flags & (RTCF_BROADCAST | RTCF_MULTICAST)) &&
	    !(dev->flags & IFF_LOOPBACK))
		rt->dst.output = ip_mc_output;
	rt_set_nexthop(rt, fl4->daddr, res);
	return rt;
}

/* A source that is asked for. 0: go on; 1: it decides on the device. */
static int output_check_saddr(struct net *net, struct flowi4 *fl4,
			      struct net_device **ret_dev)
{
	struct net_device *dev;

	if (ipv4_is_multicast(fl4->saddr) || ipv4_is_lbcast(fl4->saddr) ||
	    ipv4_is_zeronet(fl4->saddr))
		return fail(-EINVAL, "source is no unicast address");
	if (!fl4->flowi4_oif &&
	    (ipv4_is_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr))) {
		dev = ip_dev_find(net, fl4->saddr);
		if (!dev)
			return fail(-EINVAL, "source is not ours");
		*ret_dev = dev;
		return 1;
	}
	if (!(fl4->flowi4_flags & FLOWI_FLAG_ANYSRC) &&
	    !ip_dev_find(net, fl4->saddr))
		return fail(-EINVAL, "source is not ours");
	return 0;
}

/* A device that is asked for. 0: go on; 1: it is enough to know. */
static int output_check_oif(struct net *net, struct flowi4 *fl4,
			    struct net_device **ret_dev)
{
	struct net_device *dev = dev_get_by_index(net, fl4->flowi4_oif);
	int scope;

	if (!dev)
		return fail(-ENODEV, "no such device");
	if (!(dev->flags & IFF_UP) || !__in_dev_get(dev))
		return fail(-ENETUNREACH, "the device is down");
	*ret_dev = dev;
	if (ipv4_is_lbcast(fl4->daddr) ||
	    (fl4->daddr & htonl(0xffffff00)) == htonl(0xe0000000) ||
	    fl4->flowi4_proto == IPPROTO_IGMP) {
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
		return 1;
	}
	if (fl4->saddr || (fl4->daddr && !ipv4_is_multicast(fl4->daddr)))
		return 0;
	scope = fl4->daddr ? fl4->flowi4_scope : RT_SCOPE_HOST;
	fl4->saddr = inet_select_addr(dev, 0, scope);
	return 0;
}

/* What the tables say. 0 with *ret_dev and res->type set, or -errno. */
static int output_fib_lookup(struct net *net, struct flowi4 *fl4,
			     struct fib_result *res,
			     struct net_device **ret_dev, int *orig_oif)
{
	int err = fib_lookup(net, fl4, res);

	if (err) {
		res->fi = NULL;
		if (!fl4->flowi4_oif)
			return fail(err, "no route to the destination");
		/* The device is given: take the destination as on its link. */
		if (!fl4->saddr)
			fl4->saddr =
				inet_select_addr(*ret_dev, 0, RT_SCOPE_LINK);
		res->type = RTN_UNICAST;
		return 0;
	}
	if (res->type == RTN_LOCAL) {
		if (!fl4->saddr)
			fl4->saddr = res->fi->fib_prefsrc ? res->fi->fib_prefsrc
							  : fl4->daddr;
		*orig_oif = res->nh->nh_oif;
		*ret_dev = net->loopback_dev;
		return 0;
	}
	fib_select_path(net, res, fl4);
	*ret_dev = res->nh->nh_dev;
	if (!fl4->saddr)
		fl4->saddr = fib_result_prefsrc(net, res);
	return 0;
}

static struct rtable *ip_route_output_slow(struct net *net, struct flowi4 *fl4)
{
	struct fib_result res = { .type = RTN_UNSPEC };
	int orig_oif = fl4->flowi4_oif, err = 0;
	struct net_device *dev = NULL;
	unsigned int flags = 0;
	struct rtable *rt;

	fl4->flowi4_iif = net->loopback_dev ? net->loopback_dev->ifindex : 1;
	if (fl4->saddr)
		err = output_check_saddr(net, fl4, &dev);
	if (!err && fl4->flowi4_oif)
		err = output_check_oif(net, fl4, &dev);
	if (err < 0)
		return ERR_PTR(err);
	if (!err && !fl4->daddr) {
		/* LINUX: no destination means this host. */
		if (!fl4->saddr)
			fl4->saddr = htonl(INADDR_LOOPBACK);
		fl4->daddr = fl4->saddr;
		dev = net->loopback_dev;
		res.type = RTN_LOCAL;
		flags |= RTCF_LOCAL;
	} else if (!err) {
		err = output_fib_lookup(net, fl4, &res, &dev, &orig_oif);
		if (err)
			return ERR_PTR(err);
		if (res.type == RTN_LOCAL)
			flags |= RTCF_LOCAL;
	}
	rt = mkroute_output(net, &res, fl4, orig_oif, dev, flags);
	if (!IS_ERR(rt))
		fl4->flowi4_oif = dev->ifindex;
	return rt;
}

/* By the cache, else by the tables. */
static struct rtable *ip_route_output(struct net *net, struct flowi4 *fl4,
				      const struct rt_key *key)
{
	struct rtable *rt = rt_cache_lookup(net, key);

	if (likely(rt)) {
		net->ipv4->rt->out_hit++;
		fl4->daddr = rt->rt_dst;
		fl4->saddr = rt->rt_src;
		fl4->flowi4_oif = rt->dst.dev->ifindex;
		return rt;
	}
	net->ipv4->rt->out_slow++;
	rt = ip_route_output_slow(net, fl4);
	/* A foreign source was let through for this socket only. */
	if (IS_ERR(rt) || (fl4->flowi4_flags & FLOWI_FLAG_ANYSRC) ||
	    fl4->flowi4_proto == IPPROTO_IGMP)
		return rt;
	return rt_intern_hash(net, key, rt);
}

struct rtable *ip_route_output_key_hash(struct net *net, struct flowi4 *fl4)
{
	struct rt_key key;

	fl4->flowi4_tos &= IPTOS_RT_MASK;
	key = (struct rt_key){
		.dst = fl4->daddr,
		.src = fl4->saddr,
		.oif = fl4->flowi4_oif,
		.mark = fl4->flowi4_mark,
		.tos = fl4->flowi4_tos,
	};
	return ip_route_output(net, fl4, &key);
}

struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4,
				    const struct sock *sk)
{
	struct rtable *rt = ip_route_output_key_hash(net, fl4);

	trace_event(TRACE_ROUTE, sk ? sk->sk_id : 0, fl4->daddr, fl4->saddr,
		    IS_ERR(rt) ? PTR_ERR(rt) : rt->dst.dev->ifindex, NULL);
	return rt;
}

struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src,
				int oif, u8 proto, __be16 sport, __be16 dport,
				const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct rtable *rt;

	memset(fl4, 0, sizeof(*fl4));
	fl4->flowi4_oif = oif;
	fl4->flowi4_mark = sk->sk_mark;
	fl4->flowi4_tos = inet->tos;
	fl4->flowi4_scope = sock_flag(sk, SOCK_LOCALROUTE) ? RT_SCOPE_LINK
							   : RT_SCOPE_UNIVERSE;
	fl4->flowi4_proto = proto;
	fl4->flowi4_flags = inet->transparent ? FLOWI_FLAG_ANYSRC : 0;
	fl4->flowi4_uid = sk->sk_uid;
	fl4->daddr = dst;
	fl4->saddr = src;
	fl4->fl4_sport = sport;
	fl4->fl4_dport = dport;
	if (!dst || !src) {
		rt = ip_route_output_key_hash(net, fl4);
		if (IS_ERR(rt))
			return rt;
		ip_rt_put(rt);
		fl4->flowi4_oif = oif;
	}
	return ip_route_output_flow(net, fl4, sk);
}

struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt,
				 __be16 sport, __be16 dport,
				 const struct sock *sk)
{
	/* No rule of ours looks at ports: the route stays. */
	fl4->fl4_sport = sport;
	fl4->fl4_dport = dport;
	return rt;
}
