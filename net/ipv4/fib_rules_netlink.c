// SPDX-License-Identifier: MIT
/* Routing rules by netlink: RTM_GETRULE, RTM_NEWRULE, RTM_DELRULE. */
#include "net/core/rtnetlink.h"

#include "net/core/sock.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/netns.h"
#include <linux/fib_rules.h>

static const u8 fra_min_len[FRA_MAX + 1] = {
	[FRA_DST] = 4,	  [FRA_SRC] = 4,   [FRA_PRIORITY] = 4, [FRA_FWMARK] = 4,
	[FRA_FWMASK] = 4, [FRA_TABLE] = 4, [FRA_PROTOCOL] = 1,
};

static int put_rule_attrs(struct sk_buff *skb, const struct fib_rule *r)
{
	if (nla_put_u32(skb, FRA_TABLE, r->table) ||
	    nla_put_u32(skb, FRA_SUPPRESS_PREFIXLEN, ~0U) ||
	    nla_put_u8(skb, FRA_PROTOCOL, r->proto) ||
	    (r->pref && nla_put_u32(skb, FRA_PRIORITY, r->pref)) ||
	    (r->src_len && nla_put_u32(skb, FRA_SRC, r->src)) ||
	    (r->dst_len && nla_put_u32(skb, FRA_DST, r->dst)) ||
	    (r->iifname[0] && nla_put_string(skb, FRA_IIFNAME, r->iifname)) ||
	    (r->oifname[0] && nla_put_string(skb, FRA_OIFNAME, r->oifname)) ||
	    (r->mark && nla_put_u32(skb, FRA_FWMARK, r->mark)) ||
	    ((r->mark || r->mark_mask) &&
	     nla_put_u32(skb, FRA_FWMASK, r->mark_mask)))
		return -EMSGSIZE;
	return 0;
}

static int fib_nl_fill_rule(struct sk_buff *skb, const void *what, u32 portid,
			    u32 seq, int event, int flags)
{
	const struct fib_rule *r = what;
	struct fib_rule_hdr *frh;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, event, sizeof(*frh), flags);
	if (!nlh)
		return -EMSGSIZE;
	frh = nlmsg_data(nlh);
	frh->family = AF_INET;
	frh->dst_len = r->dst_len;
	frh->src_len = r->src_len;
	frh->tos = r->tos;
	frh->table = r->table < 256 ? r->table : RT_TABLE_COMPAT;
	frh->action = r->action;
	frh->flags = r->flags;
	if (put_rule_attrs(skb, r)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* args[0]: rules that are said already. */
int fib_nl_dumprule(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct fib_rule *r;
	u64 i = 0;

	list_for_each_entry(r, &cb->net->ipv4->fib->rules, list) {
		if (i++ < cb->args[0])
			continue;
		if (fib_nl_fill_rule(skb, r, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, RTM_NEWRULE,
				     NLM_F_MULTI))
			return -EMSGSIZE;
		cb->args[0] = i;
	}
	return 0;
}

static void fra_get_name(char *name, const struct nlattr *nla)
{
	if (nla)
		memcpy(name, nla_data(nla),
		       min_t(int, nla_len(nla), IFNAMSIZ - 1));
}

/* LINUX: without a priority a rule goes before the second one. */
static u32 fib_default_rule_pref(const struct fib_state *fib)
{
	struct fib_rule *first, *second;

	if (list_empty(&fib->rules))
		return 0;
	first = list_first_entry(&fib->rules, struct fib_rule, list);
	if (first->list.next == &fib->rules)
		return 0;
	second = list_next_entry(first, list);
	return second->pref ? second->pref - 1 : 0;
}

static int fib_nl2rule(const struct nlmsghdr *nlh, struct fib_rule *r,
		       const struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct fib_rule_hdr *frh = nlmsg_data(nlh);
	int err;

	memset(r, 0, sizeof(*r));
	err = nlmsg_parse(nlh, sizeof(*frh), tb, FRA_MAX, fra_min_len, extack);
	if (err)
		return err;
	if (frh->src_len > 32 || frh->dst_len > 32 ||
	    (frh->src_len && !tb[FRA_SRC]) || (frh->dst_len && !tb[FRA_DST])) {
		NL_SET_ERR_MSG(extack, "Invalid address length");
		return fail(-EINVAL, "prefix without address, or too long");
	}
	r->action = frh->action;
	r->flags = frh->flags;
	r->tos = frh->tos;
	r->src_len = frh->src_len;
	r->dst_len = frh->dst_len;
	r->srcmask = inet_make_mask(r->src_len);
	r->dstmask = inet_make_mask(r->dst_len);
	if (tb[FRA_SRC])
		r->src = nla_get_u32(tb[FRA_SRC]) & r->srcmask;
	if (tb[FRA_DST])
		r->dst = nla_get_u32(tb[FRA_DST]) & r->dstmask;
	r->table = tb[FRA_TABLE] ? nla_get_u32(tb[FRA_TABLE]) : frh->table;
	if (tb[FRA_PRIORITY])
		r->pref = nla_get_u32(tb[FRA_PRIORITY]);
	if (tb[FRA_FWMARK]) {
		r->mark = nla_get_u32(tb[FRA_FWMARK]);
		r->mark_mask = ~0U;
	}
	if (tb[FRA_FWMASK])
		r->mark_mask = nla_get_u32(tb[FRA_FWMASK]);
	if (tb[FRA_PROTOCOL])
		r->proto = nla_get_u8(tb[FRA_PROTOCOL]);
	fra_get_name(r->iifname, tb[FRA_IIFNAME]);
	fra_get_name(r->oifname, tb[FRA_OIFNAME]);
	return 0;
}

int fib_nl_newrule(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack)
{
	struct net *net = NETLINK_CB(skb).net;
	const struct nlattr *tb[FRA_MAX + 1];
	struct fib_rule r;
	int err = fib_nl2rule(nlh, &r, tb, extack);

	if (err)
		return err;
	if (!tb[FRA_PRIORITY])
		r.pref = fib_default_rule_pref(net->ipv4->fib);
	err = fib_rule_add(net, &r);
	if (!err)
		rtnl_notify(net, RTNLGRP_IPV4_RULE, RTM_NEWRULE,
			    fib_nl_fill_rule, &r);
	return err;
}

/* What a request to delete does not say may be anything. */
static bool rule_matches(const struct fib_rule *r, const struct fib_rule *want,
			 const struct nlattr *const *tb)
{
	return (!tb[FRA_PRIORITY] || r->pref == want->pref) &&
	       (!want->action || r->action == want->action) &&
	       (!want->table || r->table == want->table) &&
	       (!tb[FRA_SRC] ||
		(r->src == want->src && r->src_len == want->src_len)) &&
	       (!tb[FRA_DST] ||
		(r->dst == want->dst && r->dst_len == want->dst_len)) &&
	       (!want->tos || r->tos == want->tos) &&
	       (!tb[FRA_FWMARK] || r->mark == want->mark) &&
	       (!tb[FRA_FWMASK] || r->mark_mask == want->mark_mask) &&
	       (!want->iifname[0] || !strcmp(r->iifname, want->iifname)) &&
	       (!want->oifname[0] || !strcmp(r->oifname, want->oifname));
}

int fib_nl_delrule(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack)
{
	struct net *net = NETLINK_CB(skb).net;
	const struct nlattr *tb[FRA_MAX + 1];
	struct fib_rule want, found, *r;
	int err = fib_nl2rule(nlh, &want, tb, extack);

	if (err)
		return err;
	list_for_each_entry(r, &net->ipv4->fib->rules, list) {
		if (!rule_matches(r, &want, tb))
			continue;
		found = *r;
		err = fib_rule_del(net, &found);
		if (!err)
			rtnl_notify(net, RTNLGRP_IPV4_RULE, RTM_DELRULE,
				    fib_nl_fill_rule, &found);
		return err;
	}
	return fail(-ENOENT, "no such rule");
}
