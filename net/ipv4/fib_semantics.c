/* SPDX-License-Identifier: MIT */
/*
 * What a route says: next hops, scope, metrics, source address.
 *
 * Routes that say the same share one fib_info (a table of 900,000 prefixes has
 * few different next hops). When a device or an address goes, the infos that
 * used it are marked dead here, and fib_flush() then removes their routes.
 */
#include "net/ipv4/fib.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"

/* By RTN_*: the error such a route gives, and the widest scope it may have. */
const struct fib_props fib_props[RTN_MAX + 1] = {
	[RTN_UNSPEC] = { 0, RT_SCOPE_NOWHERE },
	[RTN_UNICAST] = { 0, RT_SCOPE_UNIVERSE },
	[RTN_LOCAL] = { 0, RT_SCOPE_HOST },
	[RTN_BROADCAST] = { 0, RT_SCOPE_LINK },
	[RTN_ANYCAST] = { 0, RT_SCOPE_LINK },
	[RTN_MULTICAST] = { 0, RT_SCOPE_UNIVERSE },
	[RTN_BLACKHOLE] = { -EINVAL, RT_SCOPE_UNIVERSE },
	[RTN_UNREACHABLE] = { -EHOSTUNREACH, RT_SCOPE_UNIVERSE },
	[RTN_PROHIBIT] = { -EACCES, RT_SCOPE_UNIVERSE },
	[RTN_THROW] = { -EAGAIN, RT_SCOPE_UNIVERSE },
	[RTN_NAT] = { -EINVAL, RT_SCOPE_NOWHERE },
	[RTN_XRESOLVE] = { -EINVAL, RT_SCOPE_NOWHERE },
};

static u32 fib_info_hashfn(const struct fib_info *fi)
{
	u32 h = (u32)fi->fib_protocol << 24 | fi->fib_scope << 16 | fi->fib_nhs;
	int i;

	h = h * 31 + fi->fib_prefsrc;
	h = h * 31 + fi->fib_priority;
	for (i = 0; i < fi->fib_nhs; i++)
		h = h * 31 + fi->fib_nh[i].nh_oif * 7 + fi->fib_nh[i].nh_gw4;
	h *= 0x9e3779b1U;
	return h ^ h >> 16;
}

static bool fib_info_same(const struct fib_info *a, const struct fib_info *b)
{
	int i;

	if (a->fib_protocol != b->fib_protocol ||
	    a->fib_scope != b->fib_scope || a->fib_type != b->fib_type ||
	    a->fib_prefsrc != b->fib_prefsrc ||
	    a->fib_priority != b->fib_priority ||
	    a->fib_tb_id != b->fib_tb_id || a->fib_nhs != b->fib_nhs ||
	    memcmp(a->fib_metrics, b->fib_metrics, sizeof(a->fib_metrics)) ||
	    ((a->fib_flags ^ b->fib_flags) & ~RTNH_F_DEAD))
		return false;
	for (i = 0; i < a->fib_nhs; i++) {
		const struct fib_nh *x = &a->fib_nh[i], *y = &b->fib_nh[i];

		if (x->nh_oif != y->nh_oif || x->nh_gw4 != y->nh_gw4 ||
		    x->nh_scope != y->nh_scope ||
		    x->nh_weight != y->nh_weight ||
		    ((x->nh_flags ^ y->nh_flags) & ~RTNH_F_DEAD))
			return false;
	}
	return true;
}

/* Double the table when it is full. Failing to only costs time. */
static void fib_info_grow(struct fib_state *fib)
{
	unsigned int size = fib->info_hash_size * 2, i;
	struct hlist_head *new;
	struct fib_info *fi;
	struct hlist_node *n;

	if (fib->info_cnt < fib->info_hash_size)
		return;
	new = kcalloc(size, sizeof(*new));
	if (!new)
		return;
	for (i = 0; i < fib->info_hash_size; i++) {
		hlist_for_each_entry_safe(fi, n, &fib->info_hash[i], fib_hash) {
			u32 h = fib_info_hashfn(fi) & (size - 1);

			hlist_del_init(&fi->fib_hash);
			hlist_add_head(&fi->fib_hash, &new[h]);
		}
	}
	kfree(fib->info_hash);
	fib->info_hash = new;
	fib->info_hash_size = size;
}

static struct fib_info *fib_find_info(struct fib_state *fib,
				      const struct fib_info *want)
{
	u32 h = fib_info_hashfn(want) & (fib->info_hash_size - 1);
	struct fib_info *fi;

	hlist_for_each_entry(fi, &fib->info_hash[h], fib_hash) {
		if (!fi->fib_dead && fib_info_same(fi, want))
			return fi;
	}
	return NULL;
}

void fib_release_info(struct fib_info *fi)
{
	if (--fi->fib_treeref)
		return;
	if (!hlist_unhashed(&fi->fib_hash)) {
		hlist_del_init(&fi->fib_hash);
		fi->fib_net->ipv4->fib->info_cnt--;
	}
	kfree(fi);
}

static void fib_nh_set_dev(struct fib_nh *nh, struct net_device *dev)
{
	nh->nh_dev = dev;
	nh->nh_oif = dev->ifindex;
}

static int fib_check_onlink(struct net *net, struct fib_nh *nh)
{
	struct net_device *dev;

	if (inet_addr_type(net, nh->nh_gw4) != RTN_UNICAST)
		return fail(-EINVAL, "gateway is no unicast address");
	dev = dev_get_by_index(net, nh->nh_oif);
	if (!dev)
		return fail(-ENODEV, "no such device");
	if (!(dev->flags & IFF_UP))
		return fail(-ENETDOWN, "the device is down");
	fib_nh_set_dev(nh, dev);
	nh->nh_scope = RT_SCOPE_LINK;
	return 0;
}

/* A gateway must itself be reachable, without another gateway. */
static int fib_check_gateway(struct net *net, struct fib_nh *nh, u8 scope)
{
	struct flowi4 fl4 = {
		.daddr = nh->nh_gw4,
		.flowi4_scope = max_t(u8, scope + 1, RT_SCOPE_LINK),
		.flowi4_oif = nh->nh_oif,
	};
	struct fib_result res;
	int err;

	if (nh->nh_flags & RTNH_F_ONLINK)
		return fib_check_onlink(net, nh);
	err = fib_lookup(net, &fl4, &res);
	if (err)
		return fail(err, "the gateway cannot be reached");
	if (res.type != RTN_UNICAST && res.type != RTN_LOCAL)
		return fail(-EINVAL, "the gateway is no unicast address");
	if (!res.nh || !res.nh->nh_dev)
		return fail(-EINVAL, "no device leads to the gateway");
	if (!(res.nh->nh_dev->flags & IFF_UP))
		return fail(-ENETDOWN, "the device is down");
	nh->nh_scope = res.scope;
	fib_nh_set_dev(nh, res.nh->nh_dev);
	return 0;
}

static int fib_check_nh(struct net *net, struct fib_nh *nh, u8 scope)
{
	struct net_device *dev;

	if (nh->nh_gw4)
		return fib_check_gateway(net, nh, scope);
	if (nh->nh_flags & (RTNH_F_PERVASIVE | RTNH_F_ONLINK))
		return fail(-EINVAL, "onlink needs a gateway");
	dev = dev_get_by_index(net, nh->nh_oif);
	if (!dev)
		return fail(-ENODEV, "no such device");
	if (!(dev->flags & IFF_UP))
		return fail(-ENETDOWN, "the device is down");
	fib_nh_set_dev(nh, dev);
	nh->nh_scope = RT_SCOPE_HOST;
	return 0;
}

/* A route to an address of our own: the device need not be up. */
static int fib_check_host(struct net *net, struct fib_info *fi)
{
	struct fib_nh *nh = &fi->fib_nh[0];
	struct net_device *dev;

	if (fi->fib_nhs != 1 || nh->nh_gw4)
		return fail(-EINVAL, "a host scope route has no gateway");
	dev = dev_get_by_index(net, nh->nh_oif);
	if (!dev)
		return fail(-ENODEV, "no such device");
	fib_nh_set_dev(nh, dev);
	nh->nh_scope = RT_SCOPE_NOWHERE;
	return 0;
}

static void fib_fill_nh(struct fib_info *fi, const struct fib_config *cfg)
{
	int i;

	for (i = 0; i < fi->fib_nhs; i++) {
		struct fib_nh *nh = &fi->fib_nh[i];

		nh->nh_parent = fi;
		nh->nh_weight = 1;
		if (cfg->fc_mp) {
			nh->nh_oif = cfg->fc_mp[i].oif;
			nh->nh_gw4 = cfg->fc_mp[i].gw4;
			nh->nh_flags = cfg->fc_mp[i].flags & ~RTNH_F_DEAD;
			nh->nh_weight = max_t(u8, cfg->fc_mp[i].weight, 1);
		} else {
			nh->nh_oif = cfg->fc_oif;
			nh->nh_gw4 = cfg->fc_gw4;
			nh->nh_flags = cfg->fc_flags & ~RTNH_F_DEAD;
		}
	}
}

static int fib_check_info(struct net *net, struct fib_info *fi,
			  const struct fib_config *cfg)
{
	int i, err;

	if (fib_props[cfg->fc_type].error) {
		if (cfg->fc_gw4 || cfg->fc_oif || cfg->fc_mp)
			return fail(-EINVAL, "a refusing route has a next hop");
		fi->fib_nhs = 0;
		return 0;
	}
	if (cfg->fc_type == RTN_UNSPEC || cfg->fc_type > RTN_MULTICAST)
		return fail(-EINVAL, "no such route type");
	if (cfg->fc_scope > RT_SCOPE_HOST)
		return fail(-EINVAL, "no such scope");
	if (cfg->fc_scope == RT_SCOPE_HOST) {
		err = fib_check_host(net, fi);
		if (err)
			return err;
	} else {
		for (i = 0; i < fi->fib_nhs; i++) {
			err = fib_check_nh(net, &fi->fib_nh[i], cfg->fc_scope);
			if (err)
				return err;
		}
	}
	/* The route that makes an address local may name it already. */
	if (fi->fib_prefsrc &&
	    (cfg->fc_type != RTN_LOCAL || !cfg->fc_dst ||
	     fi->fib_prefsrc != cfg->fc_dst) &&
	    inet_addr_type(net, fi->fib_prefsrc) != RTN_LOCAL)
		return fail(-EINVAL, "the source is no address of this host");
	return 0;
}

struct fib_info *fib_create_info(struct net *net, struct fib_config *cfg,
				 int *ret_err)
{
	struct fib_state *fib = net->ipv4->fib;
	int nhs = cfg->fc_mp ? cfg->fc_mp_len : 1, err;
	struct fib_info *fi, *old;

	if (cfg->fc_type > RTN_MAX ||
	    fib_props[cfg->fc_type].scope > cfg->fc_scope || nhs < 1 ||
	    nhs > 255) {
		*ret_err = fail(-EINVAL, "scope too wide for the route type");
		return NULL;
	}
	fi = kzalloc(sizeof(*fi) + (size_t)nhs * sizeof(fi->fib_nh[0]));
	if (!fi) {
		*ret_err = -ENOBUFS;
		return NULL;
	}
	fi->fib_net = net;
	fi->fib_treeref = 1;
	fi->fib_protocol = cfg->fc_protocol;
	fi->fib_scope = cfg->fc_scope;
	fi->fib_type = cfg->fc_type;
	fi->fib_flags = cfg->fc_flags & ~RTNH_F_DEAD;
	fi->fib_priority = cfg->fc_priority;
	fi->fib_prefsrc = cfg->fc_prefsrc;
	fi->fib_tb_id = cfg->fc_table;
	fi->fib_nhs = nhs;
	if (cfg->fc_mx)
		memcpy(fi->fib_metrics, cfg->fc_mx, sizeof(fi->fib_metrics));
	fib_fill_nh(fi, cfg);
	err = fib_check_info(net, fi, cfg);
	if (err) {
		kfree(fi);
		*ret_err = err;
		return NULL;
	}
	old = fib_find_info(fib, fi);
	if (old) {
		kfree(fi);
		old->fib_treeref++;
		return old;
	}
	fib_info_grow(fib);
	hlist_add_head(&fi->fib_hash,
		       &fib->info_hash[fib_info_hashfn(fi) &
				       (fib->info_hash_size - 1)]);
	fib->info_cnt++;
	return fi;
}

/* Does *cfg, which may leave things open, mean @fi? 0: yes. */
int fib_nh_match(const struct fib_config *cfg, const struct fib_info *fi)
{
	int i;

	if (cfg->fc_priority && cfg->fc_priority != fi->fib_priority)
		return 1;
	if (cfg->fc_oif || cfg->fc_gw4) {
		if (!fi->fib_nhs)
			return 1;
		if (cfg->fc_oif && cfg->fc_oif != fi->fib_nh[0].nh_oif)
			return 1;
		if (cfg->fc_gw4 && cfg->fc_gw4 != fi->fib_nh[0].nh_gw4)
			return 1;
	}
	if (!cfg->fc_mp)
		return 0;
	if (cfg->fc_mp_len != fi->fib_nhs)
		return 1;
	for (i = 0; i < fi->fib_nhs; i++) {
		if ((cfg->fc_mp[i].oif &&
		     cfg->fc_mp[i].oif != fi->fib_nh[i].nh_oif) ||
		    (cfg->fc_mp[i].gw4 &&
		     cfg->fc_mp[i].gw4 != fi->fib_nh[i].nh_gw4))
			return 1;
	}
	return 0;
}

/* Of several next hops, one by the flow's addresses, in shares by weight. */
void fib_select_path(struct net *net, struct fib_result *res,
		     const struct flowi4 *fl4)
{
	struct fib_info *fi = res->fi;
	unsigned int total = 0;
	u32 h;
	int i;

	if (!fi || fi->fib_nhs < 2 || fl4->flowi4_oif)
		return;
	for (i = 0; i < fi->fib_nhs; i++) {
		if (!(fi->fib_nh[i].nh_flags & RTNH_F_DEAD))
			total += fi->fib_nh[i].nh_weight;
	}
	if (!total)
		return;
	h = (u32)siphash_4u32(fl4->saddr, fl4->daddr, 0, 0, &net->hash_key);
	h = (u32)(((u64)h * total) >> 32);
	for (i = 0; i < fi->fib_nhs; i++) {
		struct fib_nh *nh = &fi->fib_nh[i];

		if (nh->nh_flags & RTNH_F_DEAD)
			continue;
		if (h < nh->nh_weight) {
			res->nh = nh;
			return;
		}
		h -= nh->nh_weight;
	}
}

/* The source address a route gives to packets that have none yet. */
__be32 fib_result_prefsrc(struct net *net, struct fib_result *res)
{
	struct fib_nh *nh = res->nh;

	if (res->fi->fib_prefsrc)
		return res->fi->fib_prefsrc;
	if (!nh)
		return 0;
	if (nh->nh_saddr_genid != net->ipv4->rt_genid) {
		nh->nh_saddr = inet_select_addr(nh->nh_dev, nh->nh_gw4,
						res->fi->fib_scope);
		nh->nh_saddr_genid = net->ipv4->rt_genid;
	}
	return nh->nh_saddr;
}

/* Mark the next hops over @dev. @gone: local routes die, too. */
int fib_sync_down_dev(struct net_device *dev, bool gone)
{
	struct fib_state *fib = dev->net->ipv4->fib;
	int found = 0, dead, i;
	unsigned int b;
	struct fib_info *fi;

	for (b = 0; b < fib->info_hash_size; b++) {
		hlist_for_each_entry(fi, &fib->info_hash[b], fib_hash) {
			if (!fi->fib_nhs ||
			    (fi->fib_scope == RT_SCOPE_HOST && !gone))
				continue;
			for (i = 0, dead = 0; i < fi->fib_nhs; i++) {
				if (fi->fib_nh[i].nh_dev == dev)
					fi->fib_nh[i].nh_flags |= RTNH_F_DEAD;
				if (fi->fib_nh[i].nh_flags & RTNH_F_DEAD)
					dead++;
			}
			if (dead == fi->fib_nhs && !fi->fib_dead) {
				fi->fib_flags |= RTNH_F_DEAD;
				fi->fib_dead = true;
				found++;
			}
		}
	}
	return found;
}

bool fib_has_gateway(struct net_device *dev, __be32 gw)
{
	struct fib_state *fib = dev->net->ipv4->fib;
	struct fib_info *fi;

	for (unsigned int b = 0; b < fib->info_hash_size; b++) {
		hlist_for_each_entry(fi, &fib->info_hash[b], fib_hash) {
			for (int i = 0; i < fi->fib_nhs; i++) {
				const struct fib_nh *nh = &fi->fib_nh[i];

				if (nh->nh_dev == dev && nh->nh_gw4 == gw &&
				    !(nh->nh_flags & RTNH_F_DEAD))
					return true;
			}
		}
	}
	return false;
}

/* Routes that prefer @local as their source die with it. */
int fib_sync_down_addr(struct net_device *dev, __be32 local)
{
	struct fib_state *fib = dev->net->ipv4->fib;
	struct fib_info *fi;
	int found = 0;
	unsigned int b;

	if (!local)
		return 0;
	for (b = 0; b < fib->info_hash_size; b++) {
		hlist_for_each_entry(fi, &fib->info_hash[b], fib_hash) {
			if (fi->fib_prefsrc == local && !fi->fib_dead) {
				fi->fib_flags |= RTNH_F_DEAD;
				fi->fib_dead = true;
				found++;
			}
		}
	}
	return found;
}

/* @dev is up: next hops of multipath routes over it live again. */
int fib_sync_up(struct net_device *dev)
{
	struct fib_state *fib = dev->net->ipv4->fib;
	struct fib_info *fi;
	int found = 0, i;
	unsigned int b;

	if (!(dev->flags & IFF_UP))
		return 0;
	for (b = 0; b < fib->info_hash_size; b++) {
		hlist_for_each_entry(fi, &fib->info_hash[b], fib_hash) {
			if (fi->fib_dead)
				continue;
			for (i = 0; i < fi->fib_nhs; i++) {
				if (fi->fib_nh[i].nh_dev != dev ||
				    !(fi->fib_nh[i].nh_flags & RTNH_F_DEAD))
					continue;
				fi->fib_nh[i].nh_flags &= ~RTNH_F_DEAD;
				found++;
			}
		}
	}
	return found;
}
