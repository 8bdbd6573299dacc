/* SPDX-License-Identifier: MIT */
/*
 * IPv4 addresses of devices.
 *
 * An address brings routes along (fib_add_ifaddr) and takes them away again;
 * so does its device when it goes up or down. The first address of a subnet on
 * a device is primary, the others are secondary and go when it goes.
 *
 * The ioctls are in devinet_ioctl.c.
 */
#include "net/ipv4/inetdevice.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include <linux/if_addr.h>

#define IPV4_MIN_MTU 68 /* RFC 791 */

static struct hlist_head *inet_addr_bucket(struct net *net, __be32 addr)
{
	u32 h = addr * 0x61c88647U;

	return &net->ipv4->fib->addr_hash[h >> 28];
}

static struct in_device *inetdev_init(struct net_device *dev)
{
	struct in_device *in_dev = kzalloc(sizeof(*in_dev));

	if (!in_dev)
		return NULL;
	in_dev->dev = dev;
	INIT_LIST_HEAD(&in_dev->ifa_list);
	INIT_LIST_HEAD(&in_dev->mc_list);
	in_dev->cnf = dev->net->ipv4->devconf_dflt;
	dev->ip_ptr = in_dev;
	/* RFC 1112 7.2: every host is in the all-hosts group. */
	(void)ip_mc_inc_group(in_dev, htonl(INADDR_ALLHOSTS_GROUP));
	return in_dev;
}

static void inetdev_destroy(struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev;

	in_dev->dead = true;
	while (!list_empty(&in_dev->ifa_list))
		inet_del_ifa(in_dev,
			     list_first_entry(&in_dev->ifa_list,
					      struct in_ifaddr, ifa_list));
	fib_disable_ip(dev, true);
	rt_flush_dev(dev);
	ip_mc_destroy_dev(in_dev);
	dev->ip_ptr = NULL;
	kfree(in_dev);
}

struct in_ifaddr *inet_alloc_ifa(void)
{
	return kzalloc(sizeof(struct in_ifaddr));
}

/* A primary address goes behind the primaries of no wider scope. */
static void inet_link_ifa(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct list_head *behind = &in_dev->ifa_list;
	struct in_ifaddr *i;

	if (ifa->ifa_flags & IFA_F_SECONDARY)
		behind = in_dev->ifa_list.prev;
	else
		for_each_ifa(i, in_dev) {
			if (!(i->ifa_flags & IFA_F_SECONDARY) &&
			    i->ifa_scope >= ifa->ifa_scope)
				behind = &i->ifa_list;
		}
	list_add(&ifa->ifa_list, behind);
	hlist_add_head(&ifa->hash,
		       inet_addr_bucket(in_dev->dev->net, ifa->ifa_local));
}

static void inet_unlink_ifa(struct in_ifaddr *ifa)
{
	list_del(&ifa->ifa_list);
	hlist_del_init(&ifa->hash);
}

int inet_insert_ifa(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *i;
	int err = 0;

	if (!ifa->ifa_local) {
		kfree(ifa);
		return 0;
	}
	ifa->ifa_flags &= ~IFA_F_SECONDARY;
	ifa->ifa_flags |= IFA_F_PERMANENT;
	ifa->ifa_dev = in_dev;
	/* LINUX: who configures a device has taken its settings as they are. */
	in_dev->cnf.state = ~0ULL;
	for_each_ifa(i, in_dev)
	{
		if (i->ifa_mask != ifa->ifa_mask ||
		    !inet_ifa_match(i->ifa_address, ifa))
			continue;
		if (i->ifa_local == ifa->ifa_local)
			err = fail(-EEXIST, "the device has that address");
		else if (i->ifa_scope != ifa->ifa_scope)
			err = fail(-EINVAL, "one subnet, two scopes");
		if (err) {
			kfree(ifa);
			return err;
		}
		ifa->ifa_flags |= IFA_F_SECONDARY;
	}
	if (!ifa->ifa_cstamp)
		ifa->ifa_cstamp = jiffies;
	ifa->ifa_tstamp = jiffies;
	inet_link_ifa(in_dev, ifa);
	fib_add_ifaddr(ifa);
	fib_sync_up(dev);
	rt_cache_flush(dev->net);
	rtmsg_ifa(RTM_NEWADDR, ifa);
	return 0;
}

static bool is_secondary_of(const struct in_ifaddr *i,
			    const struct in_ifaddr *prim)
{
	return i->ifa_flags & IFA_F_SECONDARY && i->ifa_mask == prim->ifa_mask &&
	       inet_ifa_match(i->ifa_address, prim);
}

/* Without its primary a secondary address goes, too. */
static void inet_del_secondaries(struct in_device *in_dev,
				 struct in_ifaddr *prim)
{
	struct in_ifaddr *i, *n;

	list_for_each_entry_safe(i, n, &in_dev->ifa_list, ifa_list) {
		if (!is_secondary_of(i, prim))
			continue;
		rtmsg_ifa(RTM_DELADDR, i);
		inet_unlink_ifa(i);
		fib_del_ifaddr(i, prim);
		kfree(i);
	}
}

/*
 * Or (promote_secondaries) the first of them becomes the primary of the others.
 * Their routes name the old one as their source: they go with it. Returns the
 * heir, NULL: there is none.
 */
static struct in_ifaddr *inet_choose_heir(struct in_device *in_dev,
					  struct in_ifaddr *prim)
{
	struct in_ifaddr *i, *heir = NULL;

	for_each_ifa(i, in_dev) {
		if (!is_secondary_of(i, prim))
			continue;
		fib_del_ifaddr(i, prim);
		heir = heir ? heir : i;
	}
	return heir;
}

static void inet_promote(struct in_device *in_dev, struct in_ifaddr *heir)
{
	struct in_ifaddr *i;

	inet_unlink_ifa(heir);
	heir->ifa_flags &= ~IFA_F_SECONDARY;
	inet_link_ifa(in_dev, heir);
	rtmsg_ifa(RTM_NEWADDR, heir);
	fib_add_ifaddr(heir);
	for_each_ifa(i, in_dev) {
		if (is_secondary_of(i, heir))
			fib_add_ifaddr(i);
	}
}

/* Unlink with routes and secondaries; @ifa itself stays the caller's. */
static void inet_remove_ifa(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *heir = NULL;

	if (ifa->ifa_flags & IFA_F_SECONDARY)
		; /* nobody depends on it */
	else if (IN_DEV_PROMOTE_SECONDARIES(in_dev))
		heir = inet_choose_heir(in_dev, ifa);
	else
		inet_del_secondaries(in_dev, ifa);
	rtmsg_ifa(RTM_DELADDR, ifa);
	inet_unlink_ifa(ifa);
	fib_del_ifaddr(ifa, NULL);
	if (heir)
		inet_promote(in_dev, heir);
	if (list_empty(&in_dev->ifa_list))
		fib_disable_ip(dev, true);
	else
		rt_cache_flush(dev->net);
}

void inet_del_ifa(struct in_device *in_dev, struct in_ifaddr *ifa)
{
	inet_remove_ifa(in_dev, ifa);
	kfree(ifa);
}

int inet_change_ifa(struct in_device *in_dev, struct in_ifaddr *ifa,
		    void (*change)(struct in_ifaddr *ifa, void *arg), void *arg)
{
	inet_remove_ifa(in_dev, ifa);
	change(ifa, arg);
	return inet_insert_ifa(in_dev, ifa);
}

int inet_addr_add(struct net_device *dev, __be32 addr, int prefixlen)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa;

	if (!in_dev)
		return fail(-ENOBUFS, "no memory");
	if (prefixlen < 0 || prefixlen > 32 || !addr)
		return fail(-EINVAL, "not an address of a device");
	ifa = inet_alloc_ifa();
	if (!ifa)
		return fail(-ENOBUFS, "no memory");
	ifa->ifa_local = addr;
	ifa->ifa_address = addr;
	ifa->ifa_prefixlen = prefixlen;
	ifa->ifa_mask = inet_make_mask(prefixlen);
	if ((dev->flags & IFF_BROADCAST) && prefixlen < 31)
		ifa->ifa_broadcast = addr | ~ifa->ifa_mask;
	ifa->ifa_scope =
		ipv4_is_loopback(addr) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	memcpy(ifa->ifa_label, dev->name, IFNAMSIZ);
	return inet_insert_ifa(in_dev, ifa);
}

static void inetdev_up(struct net_device *dev, struct in_device *in_dev)
{
	struct in_ifaddr *ifa;

	/* LINUX: a loopback that comes up without address gets 127.0.0.1/8. */
	if ((dev->flags & IFF_LOOPBACK) && list_empty(&in_dev->ifa_list))
		(void)inet_addr_add(dev, htonl(INADDR_LOOPBACK), 8);
	for_each_ifa(ifa, in_dev) fib_add_ifaddr(ifa);
	fib_sync_up(dev);
	rt_cache_flush(dev->net);
}

void inetdev_event(enum netdev_event ev, struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get(dev);

	if (!in_dev) {
		if (ev == NETDEV_REGISTER ||
		    (ev == NETDEV_CHANGEMTU && dev->mtu >= IPV4_MIN_MTU))
			(void)inetdev_init(dev);
		return;
	}
	switch (ev) {
	case NETDEV_UP:
		inetdev_up(dev, in_dev);
		break;
	case NETDEV_DOWN:
		fib_disable_ip(dev, false);
		break;
	case NETDEV_CHANGEMTU:
		if (dev->mtu >= IPV4_MIN_MTU) {
			rt_cache_flush(dev->net);
			break;
		}
		/* LINUX: too small for IPv4 at all: the addresses go. */
		fallthrough;
	case NETDEV_UNREGISTER:
		inetdev_destroy(in_dev);
		break;
	case NETDEV_CHANGEADDR:
		rt_cache_flush(dev->net);
		break;
	case NETDEV_REGISTER:
		break;
	}
}

/* Which device has @addr, or is a loopback whose subnet holds it? */
struct net_device *ip_dev_find(struct net *net, __be32 addr)
{
	struct in_ifaddr *ifa;
	struct flowi4 fl4 = { .daddr = addr };
	struct fib_result res;

	hlist_for_each_entry(ifa, inet_addr_bucket(net, addr), hash) {
		if (ifa->ifa_local == addr)
			return ifa->ifa_dev->dev;
	}
	/* Not an address as such: still local by a route (127.0.0.2). */
	if (!fib_table_lookup(net->ipv4->fib->local, &fl4, &res) &&
	    res.type == RTN_LOCAL)
		return res.nh->nh_dev;
	return NULL;
}

struct in_ifaddr *inet_ifa_byprefix(struct in_device *in_dev, __be32 prefix,
				    __be32 mask)
{
	struct in_ifaddr *ifa;

	for_each_ifa(ifa, in_dev)
	{
		if (ifa->ifa_mask == mask && inet_ifa_match(prefix, ifa))
			return ifa;
	}
	return NULL;
}

bool inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b)
{
	struct in_ifaddr *ifa;

	for_each_ifa(ifa, in_dev)
	{
		if (inet_ifa_match(a, ifa) && (!b || inet_ifa_match(b, ifa)))
			return true;
	}
	return false;
}

/* The best source of @in_dev towards @dst within @scope; 0: none. */
static __be32 in_dev_select_addr(const struct in_device *in_dev, __be32 dst,
				 int scope)
{
	struct in_ifaddr *ifa;
	__be32 addr = 0;

	for_each_ifa(ifa, in_dev)
	{
		if ((ifa->ifa_flags & IFA_F_SECONDARY) ||
		    min_t(int, ifa->ifa_scope, RT_SCOPE_LINK) > scope)
			continue;
		if (!dst || inet_ifa_match(dst, ifa))
			return ifa->ifa_local;
		if (!addr)
			addr = ifa->ifa_local;
	}
	return addr;
}

__be32 inet_select_addr(struct net_device *dev, __be32 dst, int scope)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct net *net = dev->net;
	__be32 addr = 0;

	if (in_dev)
		addr = in_dev_select_addr(in_dev, dst, scope);
	if (addr)
		return addr;
	/* None on that device: any other, as long as its scope is not link. */
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		struct in_ifaddr *ifa;

		in_dev = __in_dev_get(dev);
		if (!in_dev)
			continue;
		for_each_ifa(ifa, in_dev)
		{
			if (!(ifa->ifa_flags & IFA_F_SECONDARY) &&
			    ifa->ifa_scope != RT_SCOPE_LINK &&
			    ifa->ifa_scope <= scope)
				return ifa->ifa_local;
		}
	}
	return 0;
}

static __be32 confirm_addr_indev(struct in_device *in_dev, __be32 dst,
				 __be32 local, int scope)
{
	struct in_ifaddr *ifa;
	__be32 addr = 0;
	bool same = false;

	for_each_ifa(ifa, in_dev)
	{
		int s = min_t(int, ifa->ifa_scope, RT_SCOPE_LINK);

		if (!addr && (local == ifa->ifa_local || !local) &&
		    s <= scope) {
			addr = ifa->ifa_local;
			if (same)
				break;
		}
		if (same)
			continue;
		same = (!local || inet_ifa_match(local, ifa)) &&
		       (!dst || inet_ifa_match(dst, ifa));
		if (!same || !addr)
			continue;
		if (local || !dst)
			break;
		if (inet_ifa_match(addr, ifa))
			break;
		if (s <= scope) {
			addr = ifa->ifa_local;
			break;
		}
		same = false;
	}
	return same ? addr : 0;
}

__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst,
			 __be32 local, int scope)
{
	struct net_device *dev;
	__be32 addr = 0;

	if (in_dev)
		return confirm_addr_indev(in_dev, dst, local, scope);
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		in_dev = __in_dev_get(dev);
		if (in_dev)
			addr = confirm_addr_indev(in_dev, dst, local, scope);
		if (addr)
			break;
	}
	return addr;
}
