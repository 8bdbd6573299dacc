// SPDX-License-Identifier: MIT
/* IPv4 routes by netlink: RTM_GETROUTE, RTM_NEWROUTE, RTM_DELROUTE. */
#include "net/core/rtnetlink.h"

#include "kernel/slab.h"
#include "net/core/sock.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include <linux/in_route.h>

static const u8 rta_min_len[RTA_MAX + 1] = {
	[RTA_DST] = 4,	   [RTA_SRC] = 4,
	[RTA_IIF] = 4,	   [RTA_OIF] = 4,
	[RTA_GATEWAY] = 4, [RTA_PRIORITY] = 4,
	[RTA_PREFSRC] = 4, [RTA_MULTIPATH] = sizeof(struct rtnexthop),
	[RTA_TABLE] = 4,   [RTA_MARK] = 4,
};

/* Writing a route. */

static int put_metrics(struct sk_buff *skb, const u32 *metrics)
{
	struct nlattr *nest = NULL;

	for (int i = 0; i < DST_NR_METRICS; i++) {
		if (!metrics[i])
			continue;
		if (!nest)
			nest = nla_nest_start(skb, RTA_METRICS);
		if (!nest || nla_put_u32(skb, i + 1, metrics[i]))
			return -EMSGSIZE;
	}
	if (nest)
		nla_nest_end(skb, nest);
	return 0;
}

static int put_multipath(struct sk_buff *skb, const struct fib_info *fi)
{
	struct nlattr *nest = nla_nest_start(skb, RTA_MULTIPATH);

	if (!nest)
		return -EMSGSIZE;
	for (int i = 0; i < fi->fib_nhs; i++) {
		const struct fib_nh *nh = &fi->fib_nh[i];
		struct rtnexthop *rtnh;

		if (skb_tailroom(skb) < sizeof(*rtnh))
			return -EMSGSIZE;
		rtnh = skb_put(skb, sizeof(*rtnh));
		rtnh->rtnh_flags = (u8)nh->nh_flags;
		rtnh->rtnh_hops = nh->nh_weight - 1;
		rtnh->rtnh_ifindex = nh->nh_oif;
		if (nh->nh_gw4 && nla_put_u32(skb, RTA_GATEWAY, nh->nh_gw4))
			return -EMSGSIZE;
		rtnh->rtnh_len = skb_tail_pointer(skb) - (u8 *)rtnh;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_nexthops(struct sk_buff *skb, const struct fib_info *fi,
			struct rtmsg *rtm)
{
	const struct fib_nh *nh = &fi->fib_nh[0];

	if (fi->fib_nhs > 1)
		return put_multipath(skb, fi);
	if (!fi->fib_nhs)
		return 0;
	rtm->rtm_flags |= nh->nh_flags;
	if ((nh->nh_gw4 && nla_put_u32(skb, RTA_GATEWAY, nh->nh_gw4)) ||
	    (nh->nh_oif && nla_put_u32(skb, RTA_OIF, (u32)nh->nh_oif)))
		return -EMSGSIZE;
	return 0;
}

/* A route as it is configured. */
struct fib_msg {
	const struct fib_info *fi;
	__be32 dst;
	u32 table;
	u8 dst_len, tos, type;
};

static int fib_fill_route(struct sk_buff *skb, const void *what, u32 portid,
			  u32 seq, int event, int flags)
{
	const struct fib_msg *f = what;
	const struct fib_info *fi = f->fi;
	struct rtmsg *rtm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, event, sizeof(*rtm), flags);
	if (!nlh)
		return -EMSGSIZE;
	rtm = nlmsg_data(nlh);
	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = f->dst_len;
	rtm->rtm_tos = f->tos;
	rtm->rtm_table = f->table < 256 ? f->table : RT_TABLE_COMPAT;
	rtm->rtm_protocol = fi->fib_protocol;
	rtm->rtm_scope = fi->fib_scope;
	rtm->rtm_type = f->type;
	rtm->rtm_flags = fi->fib_flags;
	if (nla_put_u32(skb, RTA_TABLE, f->table) ||
	    (f->dst_len && nla_put_u32(skb, RTA_DST, f->dst)) ||
	    (fi->fib_priority &&
	     nla_put_u32(skb, RTA_PRIORITY, fi->fib_priority)) ||
	    put_metrics(skb, fi->fib_metrics) ||
	    (fi->fib_prefsrc &&
	     nla_put_u32(skb, RTA_PREFSRC, fi->fib_prefsrc)) ||
	    put_nexthops(skb, fi, rtm)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

void rtmsg_fib(int event, struct net *net, u32 table, __be32 dst, u8 dst_len,
	       const struct fib_alias *fa)
{
	struct fib_msg msg = {
		.fi = fa->fa_info,
		.dst = dst,
		.dst_len = dst_len,
		.table = table,
		.tos = fa->fa_tos,
		.type = fa->fa_type,
	};

	rtnl_notify(net, RTNLGRP_IPV4_ROUTE, event, fib_fill_route, &msg);
}

/* Dumping all tables, or what a strict request asks for. */

struct fib_dump_filter {
	u32 table; /* 0: all */
	int oif; /* 0: any */
	u8 protocol, type; /* 0: any */
	bool cloned; /* only cached routes, of which we show none */
};

static int fib_dump_filter(const struct netlink_callback *cb,
			   struct fib_dump_filter *f)
{
	const struct rtmsg *rtm = nlmsg_data(cb->nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct netlink_ext_ack extack;
	int err;

	memset(f, 0, sizeof(*f));
	if (nlmsg_len(cb->nlh) < (int)sizeof(*rtm))
		return 0;
	f->cloned = rtm->rtm_flags & RTM_F_CLONED;
	if (!cb->strict_check)
		return 0;
	err = nlmsg_parse(cb->nlh, sizeof(*rtm), tb, RTA_MAX, rta_min_len,
			  &extack);
	if (err)
		return err;
	f->table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	f->oif = tb[RTA_OIF] ? (int)nla_get_u32(tb[RTA_OIF]) : 0;
	f->protocol = rtm->rtm_protocol;
	f->type = rtm->rtm_type;
	return 0;
}

static bool fib_dump_wants(const struct fib_dump_filter *f,
			   const struct fib_alias *fa)
{
	const struct fib_info *fi = fa->fa_info;

	if ((f->protocol && f->protocol != fi->fib_protocol) ||
	    (f->type && f->type != fa->fa_type))
		return false;
	if (!f->oif)
		return true;
	for (int i = 0; i < fi->fib_nhs; i++) {
		if (fi->fib_nh[i].nh_oif == f->oif)
			return true;
	}
	return false;
}

/* One table from *c on; *c is where to go on. */
static int fib_table_dump(const struct fib_table *tb, struct sk_buff *skb,
			  struct netlink_callback *cb,
			  const struct fib_dump_filter *filter,
			  struct fib_cursor *c)
{
	struct fib_cursor next = *c;
	struct fib_entry e;

	for (; fib_table_next(tb, &next, &e); *c = next) {
		struct fib_msg msg = {
			.fi = e.fa->fa_info,
			.dst = e.dst,
			.dst_len = e.dst_len,
			.table = tb->tb_id,
			.tos = e.fa->fa_tos,
			.type = e.fa->fa_type,
		};

		if (!fib_dump_wants(filter, e.fa))
			continue;
		if (fib_fill_route(skb, &msg, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, RTM_NEWROUTE,
				   NLM_F_MULTI | cb->answer_flags))
			return -EMSGSIZE;
	}
	return 0;
}

/* args[0]: the table at which to go on; args[1], args[2]: where in it. */
int inet_dump_fib(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct fib_dump_filter filter;
	struct fib_table *tb = NULL;
	struct fib_cursor c;
	int err;

	static_assert(sizeof(c) <= 2 * sizeof(cb->args[0]), "it fits");
	err = fib_dump_filter(cb, &filter);
	if (err || filter.cloned)
		return err;
	if (filter.table || filter.oif || filter.protocol || filter.type)
		cb->answer_flags |= NLM_F_DUMP_FILTERED;
	if (filter.table && !fib_get_table(cb->net, filter.table))
		return cb->family == AF_INET ? fail(-ENOENT, "no such table")
					     : 0;
	while ((tb = fib_next_table(cb->net, tb))) {
		if (tb->tb_id < cb->args[0] ||
		    (filter.table && filter.table != tb->tb_id))
			continue;
		if (tb->tb_id != cb->args[0])
			memset(&cb->args[1], 0, 2 * sizeof(cb->args[1]));
		cb->args[0] = tb->tb_id;
		memcpy(&c, &cb->args[1], sizeof(c));
		err = fib_table_dump(tb, skb, cb, &filter, &c);
		memcpy(&cb->args[1], &c, sizeof(c));
		if (err)
			return err;
	}
	return 0;
}

/* Reading a route. */

struct fib_request {
	struct fib_config cfg;
	u32 metrics[DST_NR_METRICS];
	struct fib_nh_config nh[16];
};

static int parse_metrics(struct fib_request *r, const struct nlattr *mx)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_attr(nla, nla_data(mx), nla_len(mx), rem)
	{
		int type = nla->nla_type & NLA_TYPE_MASK;

		if (!type)
			continue;
		if (type > DST_NR_METRICS || type == RTAX_CC_ALGO ||
		    nla_len(nla) < 4)
			return fail(-EINVAL, "unknown metric");
		r->metrics[type - 1] = nla_get_u32(nla);
	}
	r->cfg.fc_mx = r->metrics;
	return 0;
}

static int parse_multipath(struct fib_request *r, const struct nlattr *mp)
{
	const struct rtnexthop *rtnh = nla_data(mp);
	int rem = nla_len(mp), n = 0;

	while (rem >= (int)sizeof(*rtnh) && rtnh->rtnh_len >= sizeof(*rtnh) &&
	       rtnh->rtnh_len <= rem) {
		const struct nlattr *nla;
		int left;

		if (n == (int)ARRAY_SIZE(r->nh))
			return fail(-EINVAL, "too many next hops");
		r->nh[n].oif = rtnh->rtnh_ifindex;
		r->nh[n].flags = rtnh->rtnh_flags;
		r->nh[n].weight = rtnh->rtnh_hops + 1;
		nla_for_each_attr(nla, rtnh + 1,
				  rtnh->rtnh_len - (int)sizeof(*rtnh), left)
		{
			if ((nla->nla_type & NLA_TYPE_MASK) == RTA_GATEWAY &&
			    nla_len(nla) >= 4)
				r->nh[n].gw4 = nla_get_u32(nla);
		}
		n++;
		rem -= (int)RTNH_ALIGN(rtnh->rtnh_len);
		rtnh = RTNH_NEXT(rtnh);
	}
	if (!n)
		return fail(-EINVAL, "no next hop");
	r->cfg.fc_mp = r->nh;
	r->cfg.fc_mp_len = n;
	return 0;
}

static int rtm_to_fib_config(const struct nlmsghdr *nlh, struct fib_request *r,
			     struct netlink_ext_ack *extack)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct fib_config *cfg = &r->cfg;
	int err;

	memset(r, 0, sizeof(*r));
	err = nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, rta_min_len, extack);
	if (err)
		return err;
	if (rtm->rtm_dst_len > 32 || rtm->rtm_type > RTN_MAX) {
		NL_SET_ERR_MSG(extack, "Invalid prefix length or type");
		return fail(-EINVAL, "prefix length or type out of range");
	}
	if (tb[RTA_VIA] || tb[RTA_ENCAP] || tb[RTA_NH_ID]) {
		NL_SET_ERR_MSG(extack, "Next hop of an unknown kind");
		return fail(-EOPNOTSUPP, "next hop of an unknown kind");
	}
	cfg->fc_dst_len = rtm->rtm_dst_len;
	cfg->fc_tos = rtm->rtm_tos;
	cfg->fc_protocol = rtm->rtm_protocol;
	cfg->fc_scope = rtm->rtm_scope;
	cfg->fc_type = rtm->rtm_type;
	cfg->fc_flags = rtm->rtm_flags;
	cfg->fc_nlflags = nlh->nlmsg_flags;
	cfg->fc_table =
		tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	if (!cfg->fc_table)
		cfg->fc_table = RT_TABLE_MAIN;
	if (tb[RTA_DST])
		cfg->fc_dst = nla_get_u32(tb[RTA_DST]);
	if (tb[RTA_OIF])
		cfg->fc_oif = (int)nla_get_u32(tb[RTA_OIF]);
	if (tb[RTA_GATEWAY])
		cfg->fc_gw4 = nla_get_u32(tb[RTA_GATEWAY]);
	if (tb[RTA_PRIORITY])
		cfg->fc_priority = nla_get_u32(tb[RTA_PRIORITY]);
	if (tb[RTA_PREFSRC])
		cfg->fc_prefsrc = nla_get_u32(tb[RTA_PREFSRC]);
	if (tb[RTA_METRICS])
		err = parse_metrics(r, tb[RTA_METRICS]);
	if (!err && tb[RTA_MULTIPATH])
		err = parse_multipath(r, tb[RTA_MULTIPATH]);
	return err;
}

int inet_rtm_newroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	struct net *net = NETLINK_CB(skb).net;
	struct fib_request r;
	struct fib_table *tb;
	int err = rtm_to_fib_config(nlh, &r, extack);

	if (err)
		return err;
	tb = fib_new_table(net, r.cfg.fc_table);
	if (!tb)
		return fail(-ENOBUFS, "no memory for a table");
	return fib_table_insert(net, tb, &r.cfg);
}

int inet_rtm_delroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	struct net *net = NETLINK_CB(skb).net;
	struct fib_request r;
	struct fib_table *tb;
	int err = rtm_to_fib_config(nlh, &r, extack);

	if (err)
		return err;
	tb = fib_get_table(net, r.cfg.fc_table);
	if (!tb) {
		NL_SET_ERR_MSG(extack, "FIB table does not exist");
		return fail(-ESRCH, "no such table");
	}
	return fib_table_delete(net, tb, &r.cfg);
}

/* RTM_GETROUTE for one destination: the route that a packet would take. */

static int rt_fill_info(struct sk_buff *nskb, const struct sk_buff *skb,
			const struct nlmsghdr *req, const struct rtable *rt,
			const struct flowi4 *fl4, u32 table)
{
	const struct rtmsg *asked = nlmsg_data(req);
	struct rta_cacheinfo ci = { .rta_used = (u32)rt->dst.use };
	struct rtmsg *rtm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(nskb, NETLINK_CB(skb).portid, req->nlmsg_seq,
			RTM_NEWROUTE, sizeof(*rtm), 0);
	if (!nlh)
		return -EMSGSIZE;
	rtm = nlmsg_data(nlh);
	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = 32;
	rtm->rtm_tos = fl4->flowi4_tos;
	rtm->rtm_table = table < 256 ? table : RT_TABLE_COMPAT;
	rtm->rtm_type = rt->rt_type;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	rtm->rtm_flags = (rt->rt_flags & ~0xffffU) | RTM_F_CLONED |
			 (asked->rtm_flags & RTM_F_NOTIFY);
	if (nla_put_u32(nskb, RTA_DST, fl4->daddr) ||
	    nla_put_u32(nskb, RTA_TABLE, table) ||
	    (rt->dst.dev &&
	     nla_put_u32(nskb, RTA_OIF, (u32)rt->dst.dev->ifindex)) ||
	    (fl4->saddr && nla_put_u32(nskb, RTA_PREFSRC, fl4->saddr)) ||
	    (rt->rt_uses_gateway && rt->rt_gw4 &&
	     nla_put_u32(nskb, RTA_GATEWAY, rt->rt_gw4)) ||
	    put_metrics(nskb, rt->dst.metrics) ||
	    (fl4->flowi4_mark &&
	     nla_put_u32(nskb, RTA_MARK, fl4->flowi4_mark)) ||
	    nla_put_u32(nskb, RTA_UID, fl4->flowi4_uid) ||
	    nla_put(nskb, RTA_CACHEINFO, sizeof(ci), &ci)) {
		nlmsg_cancel(nskb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(nskb, nlh);
	return 0;
}

/* The row of the tables that answers, instead of the route made of it. */
static int fib_fill_match(struct sk_buff *nskb, const struct sk_buff *skb,
			  const struct nlmsghdr *req,
			  const struct fib_result *res)
{
	struct fib_msg msg = {
		.fi = res->fi,
		.dst = res->prefix,
		.dst_len = res->prefixlen,
		.table = res->table->tb_id,
		.type = res->type,
	};

	return fib_fill_route(nskb, &msg, NETLINK_CB(skb).portid,
			      req->nlmsg_seq, RTM_NEWROUTE, 0);
}

static int rtm_getroute_fill(struct sk_buff *nskb, const struct sk_buff *skb,
			     const struct nlmsghdr *nlh, struct flowi4 *fl4)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct net *net = NETLINK_CB(skb).net;
	u32 table = RT_TABLE_MAIN;
	struct fib_result res;
	struct rtable *rt;
	int err;

	rt = ip_route_output_key(net, fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	err = 0;
	if (rtm->rtm_flags & (RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH)) {
		err = fib_lookup(net, fl4, &res);
		/* LINUX: without rules of one's own local and main are one. */
		if (!err && res.table && net->ipv4->fib->has_custom_rules)
			table = res.table->tb_id;
	}
	if (!err && (rtm->rtm_flags & RTM_F_FIB_MATCH))
		err = fib_fill_match(nskb, skb, nlh, &res);
	else if (!err)
		err = rt_fill_info(nskb, skb, nlh, rt, fl4, table);
	dst_release(&rt->dst);
	return err;
}

int inet_rtm_getroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct flowi4 fl4 = { 0 };
	struct sk_buff *nskb;
	int err;

	err = nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, rta_min_len, extack);
	if (err)
		return err;
	/* DEVIATION: not for packets that come in; docs/LIMITS.md */
	if (tb[RTA_IIF])
		return fail(-EOPNOTSUPP, "routes of input are not shown");
	if (tb[RTA_DST])
		fl4.daddr = nla_get_u32(tb[RTA_DST]);
	if (tb[RTA_SRC])
		fl4.saddr = nla_get_u32(tb[RTA_SRC]);
	if (tb[RTA_OIF])
		fl4.flowi4_oif = (int)nla_get_u32(tb[RTA_OIF]);
	if (tb[RTA_MARK])
		fl4.flowi4_mark = nla_get_u32(tb[RTA_MARK]);
	fl4.flowi4_tos = rtm->rtm_tos;
	fl4.flowi4_uid = current ? current->cred.fsuid : 0;
	nskb = alloc_skb(NLMSG_GOODSIZE);
	if (!nskb)
		return fail(-ENOBUFS, "no memory for the answer");
	err = rtm_getroute_fill(nskb, skb, nlh, &fl4);
	if (err) {
		consume_skb(nskb);
		return err;
	}
	return rtnl_unicast(nskb, skb);
}
