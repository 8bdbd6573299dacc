/* SPDX-License-Identifier: MIT */
/*
 * Routes for what comes in: is it for us, to be forwarded, or a martian (an
 * address that must not be on a wire: RFC 1812 5.3.7, RFC 1122 3.2.1.3)?
 */
#include "net/ipv4/route_cache.h"

#include "kernel/kernel.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include <linux/if_ether.h>

/* dst.input of a destination that we refuse to route to. */
static int ip_error(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	struct in_device *in_dev = __in_dev_get(skb->dev);
	int code = -1;

	switch (skb_dst(skb)->error) {
	case EHOSTUNREACH:
		code = ICMP_HOST_UNREACH;
		if (!in_dev || !IN_DEV_FORWARD(in_dev))
			IP_INC_STATS(net, InAddrErrors);
		break;
	case ENETUNREACH:
		code = ICMP_NET_UNREACH;
		IPEXT_ADD_STATS(net, InNoRoutes, 1);
		break;
	case EACCES:
		code = ICMP_PKT_FILTERED;
		break;
	}
	/* A host that is no router keeps silent (RFC 1122 3.3.1.1). */
	if (code >= 0 && in_dev && IN_DEV_FORWARD(in_dev))
		icmp_send(skb, ICMP_DEST_UNREACH, code, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INNOROUTES);
	return 0;
}

int ip_rt_no_input(struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
	return 0;
}

static int martian(struct net_device *dev, __be32 dst, __be32 src,
		   const char *what)
{
	struct in_device *in_dev = __in_dev_get(dev);

	if (in_dev && IN_DEV_LOG_MARTIANS(in_dev) && net_ratelimit(dev->net))
		pr_warn("martian %s: %pI4 from %pI4, on dev %s", what, &dst,
			&src, dev->name);
	return fail(-EINVAL, "martian");
}

/* Addresses that are wrong whatever the tables say. 0 or -errno. */
static int input_check_martian(struct net_device *dev, struct in_device *in_dev,
			       __be32 dst, __be32 src)
{
	bool lo = dev->flags & IFF_LOOPBACK;

	if (ipv4_is_multicast(src) || ipv4_is_lbcast(src))
		return martian(dev, dst, src, "source");
	if (ipv4_is_lbcast(dst) || (!src && !dst))
		return 0;
	if (ipv4_is_zeronet(src))
		return martian(dev, dst, src, "source");
	if (ipv4_is_zeronet(dst))
		return martian(dev, dst, src, "destination");
	if (lo || IN_DEV_ROUTE_LOCALNET(in_dev))
		return 0;
	if (ipv4_is_loopback(dst))
		return martian(dev, dst, src, "destination");
	if (ipv4_is_loopback(src))
		return martian(dev, dst, src, "source");
	return 0;
}

static struct rtable *mkroute_local(struct net *net, struct net_device *dev,
				    unsigned int flags, u16 type, int err)
{
	struct rtable *rt;

	rt = rt_dst_alloc(net, net->loopback_dev, flags | RTCF_LOCAL, type,
			  true);
	if (!rt)
		return ERR_PTR(fail(-ENOBUFS, "no memory"));
	rt->rt_iif = dev->ifindex;
	if (type == RTN_UNREACHABLE) {
		rt->dst.input = ip_error;
		rt->dst.error = -err;
		rt->rt_flags &= ~RTCF_LOCAL;
	}
	return rt;
}

static struct rtable *mkroute_forward(struct net *net, struct sk_buff *skb,
				      struct fib_result *res,
				      const struct flowi4 *fl4,
				      struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev, *out;
	unsigned int flags = 0;
	struct rtable *rt;
	int err;

	fib_select_path(net, res, fl4);
	out = res->nh->nh_dev;
	err = fib_validate_source(skb, fl4->saddr, fl4->daddr, fl4->flowi4_tos,
				  out->ifindex, dev, in_dev);
	if (err < 0)
		return ERR_PTR(err);
	/* It goes back where it came from: the sender knows a worse way. */
	if (out == dev && err && IN_DEV_TX_REDIRECTS(in_dev) &&
	    (IN_DEV_SHARED_MEDIA(in_dev) ||
	     inet_addr_onlink(in_dev, fl4->saddr, res->nh->nh_gw4)))
		flags |= RTCF_DOREDIRECT;
	rt = rt_dst_alloc(net, out, flags, res->type, true);
	if (!rt)
		return ERR_PTR(fail(-ENOBUFS, "no memory"));
	rt->rt_iif = dev->ifindex;
	rt->dst.input = ip_forward;
	rt->dst.output = ip_output;
	rt_set_nexthop(rt, fl4->daddr, res);
	return rt;
}

static struct rtable *ip_route_input_slow(struct net *net, struct sk_buff *skb,
					  __be32 dst, __be32 src, u8 tos,
					  struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct flowi4 fl4 = {
		.flowi4_iif = dev->ifindex,
		.flowi4_mark = skb->mark,
		.flowi4_tos = tos,
		.daddr = dst,
		.saddr = src,
	};
	struct fib_result res = { .type = RTN_BROADCAST };
	int err;

	if (!in_dev)
		return ERR_PTR(fail(-EINVAL, "the device has no IPv4"));
	err = input_check_martian(dev, in_dev, dst, src);
	if (err)
		return ERR_PTR(err);
	if (!ipv4_is_lbcast(dst) && (src || dst)) {
		err = fib_lookup(net, &fl4, &res);
		if (!err && res.type == RTN_UNICAST && IN_DEV_FORWARD(in_dev))
			return mkroute_forward(net, skb, &res, &fl4, in_dev);
		if (!err && res.type != RTN_LOCAL &&
		    res.type != RTN_BROADCAST && IN_DEV_FORWARD(in_dev))
			return ERR_PTR(martian(dev, dst, src, "destination"));
		if (err && IN_DEV_FORWARD(in_dev))
			return mkroute_local(net, dev, 0, RTN_UNREACHABLE, err);
		if (err || (res.type != RTN_LOCAL && res.type != RTN_BROADCAST))
			return mkroute_local(net, dev, 0, RTN_UNREACHABLE,
					     -EHOSTUNREACH);
	}
	if (src) {
		err = fib_validate_source(skb, src, dst, tos, 0, dev, in_dev);
		if (err < 0)
			return ERR_PTR(err);
	}
	return mkroute_local(net, dev,
			     res.type == RTN_BROADCAST ? RTCF_BROADCAST : 0,
			     res.type, 0);
}

static int ip_route_input_mc(struct sk_buff *skb, __be32 dst, __be32 src,
			     struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct net *net = dev->net;
	struct rtable *rt;

	if (!in_dev || !ip_check_mc(in_dev, dst))
		return fail(-EINVAL, "a group nobody here has joined");
	if (ipv4_is_multicast(src) || ipv4_is_lbcast(src) ||
	    (ipv4_is_loopback(src) && !(dev->flags & IFF_LOOPBACK)))
		return martian(dev, dst, src, "source");
	rt = rt_dst_alloc(net, net->loopback_dev, RTCF_MULTICAST | RTCF_LOCAL,
			  RTN_MULTICAST, true);
	if (!rt)
		return fail(-ENOBUFS, "no memory");
	rt->rt_iif = dev->ifindex;
	skb_dst_set(skb, &rt->dst);
	return 0;
}

int ip_route_input(struct sk_buff *skb, __be32 dst, __be32 src, u8 tos,
		   struct net_device *dev)
{
	struct net *net = dev->net;
	struct rt_key key = {
		.dst = dst,
		.src = src,
		.iif = dev->ifindex,
		.mark = skb->mark,
		.tos = tos & IPTOS_RT_MASK,
	};
	struct rtable *rt;

	if (ipv4_is_multicast(dst))
		return ip_route_input_mc(skb, dst, src, dev);
	rt = rt_cache_lookup(net, &key);
	if (rt) {
		net->ipv4->rt->in_hit++;
	} else {
		net->ipv4->rt->in_slow++;
		rt = ip_route_input_slow(net, skb, dst, src, key.tos, dev);
		if (IS_ERR(rt))
			return (int)PTR_ERR(rt);
		rt = rt_intern_hash(net, &key, rt);
	}
	skb_dst_set(skb, &rt->dst);
	return 0;
}
