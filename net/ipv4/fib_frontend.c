/* SPDX-License-Identifier: MIT */
/*
 * The forwarding tables of a host: finding them, what addresses and devices
 * put into them, and whether a packet's source fits them.
 *
 * The ioctls SIOCADDRT and SIOCDELRT are in fib_ioctl.c.
 */
#include "net/ipv4/fib.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include <linux/if_addr.h>

struct fib_table *fib_get_table(struct net *net, u32 id)
{
	struct fib_state *fib = net->ipv4->fib;
	struct fib_table *tb;

	if (!id)
		id = RT_TABLE_MAIN;
	hlist_for_each_entry(tb, &fib->tables[id % FIB_TABLE_HASHSZ],
			     tb_hlist) {
		if (tb->tb_id == id)
			return tb;
	}
	return NULL;
}

struct fib_table *fib_new_table(struct net *net, u32 id)
{
	struct fib_state *fib = net->ipv4->fib;
	struct fib_table *tb;

	if (!id)
		id = RT_TABLE_MAIN;
	tb = fib_get_table(net, id);
	if (tb)
		return tb;
	tb = kzalloc(sizeof(*tb));
	if (!tb)
		return NULL;
	tb->tb_id = id;
	hlist_add_head(&tb->tb_hlist, &fib->tables[id % FIB_TABLE_HASHSZ]);
	if (id == RT_TABLE_LOCAL)
		fib->local = tb;
	else if (id == RT_TABLE_MAIN)
		fib->main = tb;
	else if (id == RT_TABLE_DEFAULT)
		fib->deflt = tb;
	return tb;
}

struct fib_table *fib_next_table(struct net *net, const struct fib_table *tb)
{
	struct fib_table *best = NULL, *t;
	unsigned int i;

	for (i = 0; i < FIB_TABLE_HASHSZ; i++) {
		hlist_for_each_entry(t, &net->ipv4->fib->tables[i], tb_hlist) {
			if ((!tb || t->tb_id > tb->tb_id) &&
			    (!best || t->tb_id < best->tb_id))
				best = t;
		}
	}
	return best;
}

static void fib_free_tables(struct net *net)
{
	struct fib_state *fib = net->ipv4->fib;
	struct hlist_node *n;
	struct fib_table *tb;
	unsigned int i;

	for (i = 0; i < FIB_TABLE_HASHSZ; i++) {
		hlist_for_each_entry_safe(tb, n, &fib->tables[i], tb_hlist) {
			(void)fib_table_flush(net, tb, true);
			hlist_del_init(&tb->tb_hlist);
			kfree(tb);
		}
	}
}

int fib_net_init(struct net *net)
{
	struct fib_state *fib = kzalloc(sizeof(*fib));

	if (!fib)
		return -ENOMEM;
	net->ipv4->fib = fib;
	fib->info_hash_size = FIB_INFO_HASHSZ_MIN;
	fib->info_hash = kcalloc(fib->info_hash_size, sizeof(*fib->info_hash));
	if (!fib->info_hash)
		goto out_fib;
	if (fib_rules_init(net))
		goto out_hash;
	if (!fib_new_table(net, RT_TABLE_LOCAL) ||
	    !fib_new_table(net, RT_TABLE_MAIN))
		goto out_tables;
	return 0;

out_tables:
	fib_free_tables(net);
	fib_rules_exit(net);
out_hash:
	kfree(fib->info_hash);
out_fib:
	net->ipv4->fib = NULL;
	kfree(fib);
	return -ENOMEM;
}

void fib_net_exit(struct net *net)
{
	struct fib_state *fib = net->ipv4->fib;

	fib_free_tables(net);
	fib_rules_exit(net);
	kfree(fib->info_hash);
	kfree(fib);
	net->ipv4->fib = NULL;
}

int fib_lookup(struct net *net, const struct flowi4 *flp,
	       struct fib_result *ret)
{
	struct fib_state *fib = net->ipv4->fib;
	int err;

	if (unlikely(fib->has_custom_rules))
		return fib_rules_lookup(net, flp, ret);
	err = fib_table_lookup(fib->local, flp, ret);
	if (err > 0 || err == -EAGAIN)
		err = fib_table_lookup(fib->main, flp, ret);
	if ((err > 0 || err == -EAGAIN) && fib->deflt)
		err = fib_table_lookup(fib->deflt, flp, ret);
	return err > 0 || err == -EAGAIN ? -ENETUNREACH : err;
}

void fib_flush(struct net *net)
{
	struct fib_table *tb = NULL;
	int flushed = 0;

	while ((tb = fib_next_table(net, tb)))
		flushed += fib_table_flush(net, tb, false);
	if (flushed)
		rt_cache_flush(net);
}

/* What kind of address is it, judged by one table (and by @dev, if given)? */
static unsigned int __inet_dev_addr_type(struct net *net,
					 const struct net_device *dev,
					 __be32 addr, u32 tb_id)
{
	struct flowi4 fl4 = { .daddr = addr };
	struct fib_result res;
	struct fib_table *tb;

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;
	tb = fib_get_table(net, tb_id);
	if (!tb)
		return RTN_BROADCAST;
	if (fib_table_lookup(tb, &fl4, &res))
		return RTN_UNICAST;
	if (dev && (!res.nh || res.nh->nh_dev != dev))
		return RTN_UNICAST;
	return res.type;
}

unsigned int inet_addr_type_table(struct net *net, __be32 addr, u32 tb_id)
{
	return __inet_dev_addr_type(net, NULL, addr, tb_id);
}

unsigned int inet_addr_type(struct net *net, __be32 addr)
{
	return __inet_dev_addr_type(net, NULL, addr, RT_TABLE_LOCAL);
}

unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev,
				__be32 addr)
{
	return __inet_dev_addr_type(net, dev, addr, RT_TABLE_LOCAL);
}

/* Add or remove the route that an address implies. */
static void fib_magic(bool add, int type, __be32 dst, int dst_len,
		      const struct in_ifaddr *ifa, u32 priority)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	struct net *net = dev->net;
	struct fib_config cfg = {
		.fc_protocol = RTPROT_KERNEL,
		.fc_type = type,
		.fc_dst = dst,
		.fc_dst_len = dst_len,
		.fc_priority = priority,
		.fc_prefsrc = ifa->ifa_local,
		.fc_oif = dev->ifindex,
		.fc_nlflags = NLM_F_CREATE | NLM_F_APPEND,
		.fc_scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
		.fc_table =
			type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
	};
	struct fib_table *tb = fib_new_table(net, cfg.fc_table);

	if (!tb)
		return;
	if (add)
		(void)fib_table_insert(net, tb, &cfg);
	else
		(void)fib_table_delete(net, tb, &cfg);
}

void fib_add_ifaddr(struct in_ifaddr *ifa)
{
	struct in_device *in_dev = ifa->ifa_dev;
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *prim = ifa;
	__be32 mask = ifa->ifa_mask;
	__be32 prefix = ifa->ifa_address & mask;

	if (ifa->ifa_flags & IFA_F_SECONDARY) {
		prim = inet_ifa_byprefix(in_dev, prefix, mask);
		if (!prim)
			return;
	}
	fib_magic(true, RTN_LOCAL, ifa->ifa_local, 32, prim, 0);
	if (!(dev->flags & IFF_UP))
		return;
	if (ifa->ifa_broadcast && ifa->ifa_broadcast != htonl(INADDR_BROADCAST))
		fib_magic(true, RTN_BROADCAST, ifa->ifa_broadcast, 32, prim, 0);
	if (ipv4_is_zeronet(prefix) || (ifa->ifa_flags & IFA_F_SECONDARY) ||
	    (prefix == ifa->ifa_local && ifa->ifa_prefixlen == 32))
		return;
	if (!(ifa->ifa_flags & IFA_F_NOPREFIXROUTE))
		fib_magic(true,
			  dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST,
			  prefix, ifa->ifa_prefixlen, prim,
			  ifa->ifa_rt_priority);
	if (ifa->ifa_prefixlen < 31)
		fib_magic(true, RTN_BROADCAST, prefix | ~mask, 32, prim, 0);
}

/*
 * Take away the routes of @ifa, which is no longer in its device's list,
 * except those that a remaining address needs as well. @iprim: the primary
 * address that goes along, or NULL.
 */
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim)
{
	struct in_device *in_dev = ifa->ifa_dev;
	struct net_device *dev = in_dev->dev;
	struct in_ifaddr *prim = ifa, *i;
	__be32 prefix = ifa->ifa_address & ifa->ifa_mask;
	__be32 net_brd = prefix | ~ifa->ifa_mask;
	bool keep_net_brd = false, keep_brd = false, keep_local = false;
	bool keep_prefix = false;

	if (ifa->ifa_flags & IFA_F_SECONDARY) {
		prim = iprim ? iprim
			     : inet_ifa_byprefix(in_dev, prefix, ifa->ifa_mask);
		if (!prim)
			return;
		keep_prefix = true;
	}
	for_each_ifa(i, in_dev)
	{
		if (i == ifa)
			continue;
		if (i->ifa_local == ifa->ifa_local)
			keep_local = true;
		if (i->ifa_broadcast == ifa->ifa_broadcast)
			keep_brd = true;
		if (i->ifa_broadcast == net_brd)
			keep_net_brd = true;
		if (i->ifa_prefixlen < 31 &&
		    !(i->ifa_flags & IFA_F_SECONDARY) &&
		    ((i->ifa_address & i->ifa_mask) | ~i->ifa_mask) == net_brd)
			keep_net_brd = true;
		if (i->ifa_mask == ifa->ifa_mask && inet_ifa_match(prefix, i) &&
		    !(i->ifa_flags & IFA_F_SECONDARY))
			keep_prefix = true;
	}
	if (!keep_prefix && !ipv4_is_zeronet(prefix) &&
	    (prefix != ifa->ifa_local || ifa->ifa_prefixlen < 32)) {
		fib_magic(false,
			  dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST,
			  prefix, ifa->ifa_prefixlen, prim,
			  ifa->ifa_rt_priority);
	}
	if (!keep_net_brd && ifa->ifa_prefixlen < 31 &&
	    !(ifa->ifa_flags & IFA_F_SECONDARY))
		fib_magic(false, RTN_BROADCAST, net_brd, 32, prim, 0);
	if (!keep_brd && ifa->ifa_broadcast && ifa->ifa_broadcast != net_brd)
		fib_magic(false, RTN_BROADCAST, ifa->ifa_broadcast, 32, prim,
			  0);
	if (keep_local)
		return;
	fib_magic(false, RTN_LOCAL, ifa->ifa_local, 32, prim, 0);
	/* Routes that named it as their source go, too. */
	if (inet_addr_type(dev->net, ifa->ifa_local) != RTN_LOCAL &&
	    fib_sync_down_addr(dev, ifa->ifa_local))
		fib_flush(dev->net);
}

void fib_disable_ip(struct net_device *dev, bool gone)
{
	if (fib_sync_down_dev(dev, gone))
		fib_flush(dev->net);
	else
		rt_cache_flush(dev->net);
}

/*
 * The way back to @src: 1 when it is on the link of @dev, else 0, or -EINVAL (no
 * unicast address), -EXDEV (another device, and the device wants that checked:
 * RFC 3704). A packet that does not go out by @dev again is not told about 1.
 */
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos,
			int oif, struct net_device *dev,
			struct in_device *in_dev)
{
	struct flowi4 fl4 = {
		.flowi4_iif = oif ? oif : dev->ifindex,
		.flowi4_tos = tos,
		.flowi4_mark = IN_DEV_SRC_VMARK(in_dev) ? skb->mark : 0,
		.daddr = src,
		.saddr = dst,
	};
	struct net *net = dev->net;
	struct fib_result res;
	bool no_addr = list_empty(&in_dev->ifa_list);
	bool local_ok = IN_DEV_ACCEPT_LOCAL(in_dev) ||
			dev->flags & IFF_LOOPBACK;
	int rpf = IN_DEV_RPFILTER(in_dev);

	if (!rpf && !net->ipv4->fib->has_custom_rules &&
	    (oif != dev->ifindex || !IN_DEV_TX_REDIRECTS(in_dev))) {
		/* Nothing to check but that it is not one of our own. */
		if (inet_addr_type(net, src) == RTN_LOCAL && !local_ok)
			return fail(-EINVAL, "our own address as source");
		return 0;
	}
	if (fib_lookup(net, &fl4, &res))
		return rpf && !no_addr ? -EXDEV : 0;
	if (res.type != RTN_UNICAST && (res.type != RTN_LOCAL || !local_ok))
		return fail(-EINVAL, "source is no unicast address");
	if (res.nh && res.nh->nh_dev == dev)
		return res.nh->nh_scope >= RT_SCOPE_HOST;
	if (no_addr)
		return 0;
	if (rpf == 1)
		return fail(-EXDEV, "source is reached by another device");
	fl4.flowi4_oif = dev->ifindex;
	return !fib_lookup(net, &fl4, &res) && res.type == RTN_UNICAST &&
	       res.nh && res.nh->nh_scope >= RT_SCOPE_HOST;
}
