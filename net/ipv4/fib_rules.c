/* SPDX-License-Identifier: MIT */
/*
 * Policy rules: which tables are asked, and in which order. Every host starts
 * with Linux's three - 0: local, 32766: main, 32767: default - and as long as
 * there are no others fib_lookup() asks those tables straight away.
 */
#include "net/ipv4/fib.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "net/ipv4/netns.h"
#include "trace/trace.h"
#include <linux/fib_rules.h>

static int fib_default_rule_add(struct net *net, u32 pref, u32 table)
{
	struct fib_rule *r = kzalloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->pref = pref;
	r->table = table;
	r->action = FR_ACT_TO_TBL;
	list_add_tail(&r->list, &net->ipv4->fib->rules);
	return 0;
}

int fib_rules_init(struct net *net)
{
	INIT_LIST_HEAD(&net->ipv4->fib->rules);
	if (fib_default_rule_add(net, 0, RT_TABLE_LOCAL) ||
	    fib_default_rule_add(net, 0x7ffe, RT_TABLE_MAIN) ||
	    fib_default_rule_add(net, 0x7fff, RT_TABLE_DEFAULT)) {
		fib_rules_exit(net);
		return -ENOMEM;
	}
	return 0;
}

void fib_rules_exit(struct net *net)
{
	struct list_head *rules = &net->ipv4->fib->rules;

	while (!list_empty(rules)) {
		struct fib_rule *r;

		r = list_first_entry(rules, struct fib_rule, list);
		list_del(&r->list);
		kfree(r);
	}
}

static bool fib_rule_dev_match(struct net *net, const char *name, int ifindex)
{
	struct net_device *dev;

	if (!name[0])
		return true;
	dev = ifindex ? dev_get_by_index(net, ifindex) : NULL;
	return dev && !strcmp(dev->name, name);
}

static bool fib_rule_match(struct net *net, const struct fib_rule *r,
			   const struct flowi4 *fl4)
{
	bool match = fib_rule_dev_match(net, r->iifname, fl4->flowi4_iif) &&
		     fib_rule_dev_match(net, r->oifname, fl4->flowi4_oif) &&
		     !((fl4->flowi4_mark ^ r->mark) & r->mark_mask) &&
		     !((fl4->saddr ^ r->src) & r->srcmask) &&
		     !((fl4->daddr ^ r->dst) & r->dstmask) &&
		     (!r->tos || r->tos == fl4->flowi4_tos) &&
		     (!r->proto || r->proto == fl4->flowi4_proto);

	return (r->flags & FIB_RULE_INVERT) ? !match : match;
}

static int fib_rule_action(struct net *net, const struct fib_rule *r,
			   const struct flowi4 *flp, struct fib_result *ret)
{
	struct fib_table *tb;

	switch (r->action) {
	case FR_ACT_TO_TBL:
		tb = fib_get_table(net, r->table);
		return tb ? fib_table_lookup(tb, flp, ret) : 1;
	case FR_ACT_UNREACHABLE:
		return fail(-ENETUNREACH, "a rule says unreachable");
	case FR_ACT_PROHIBIT:
		return fail(-EACCES, "a rule prohibits it");
	case FR_ACT_BLACKHOLE:
		return fail(-EINVAL, "a rule says blackhole");
	}
	return 1;
}

int fib_rules_lookup(struct net *net, const struct flowi4 *flp,
		     struct fib_result *ret)
{
	struct fib_rule *r;
	int err;

	list_for_each_entry(r, &net->ipv4->fib->rules, list) {
		if (!fib_rule_match(net, r, flp))
			continue;
		err = fib_rule_action(net, r, flp, ret);
		/* A throw route sends the search on to the next rule. */
		if (err <= 0 && err != -EAGAIN)
			return err;
	}
	return fail(-ENETUNREACH, "no rule leads to a route");
}

static bool fib_rule_same(const struct fib_rule *a, const struct fib_rule *b)
{
	return a->pref == b->pref && a->table == b->table &&
	       a->action == b->action && a->flags == b->flags &&
	       a->src_len == b->src_len && a->dst_len == b->dst_len &&
	       a->tos == b->tos && a->proto == b->proto && a->src == b->src &&
	       a->dst == b->dst && a->mark == b->mark &&
	       a->mark_mask == b->mark_mask &&
	       !strcmp(a->iifname, b->iifname) &&
	       !strcmp(a->oifname, b->oifname);
}

/* Default rules only? Then fib_lookup() may take the short way. */
static void fib_rules_changed(struct net *net)
{
	static const u32 pref[] = { 0, 0x7ffe, 0x7fff };
	static const u32 table[] = { RT_TABLE_LOCAL, RT_TABLE_MAIN,
				     RT_TABLE_DEFAULT };
	struct fib_state *fib = net->ipv4->fib;
	const struct fib_rule *r;
	unsigned int i = 0;

	fib->has_custom_rules = false;
	list_for_each_entry(r, &fib->rules, list) {
		struct fib_rule want = { .action = FR_ACT_TO_TBL };

		if (i < ARRAY_SIZE(pref)) {
			want.pref = pref[i];
			want.table = table[i];
		}
		if (i++ >= ARRAY_SIZE(pref) || !fib_rule_same(r, &want))
			fib->has_custom_rules = true;
	}
	if (i != ARRAY_SIZE(pref))
		fib->has_custom_rules = true;
	rt_cache_flush(net);
}

int fib_rule_add(struct net *net, const struct fib_rule *rule)
{
	struct list_head *rules = &net->ipv4->fib->rules;
	struct list_head *before = rules;
	struct fib_rule *r, *new;

	if (rule->src_len > 32 || rule->dst_len > 32 ||
	    (rule->action == FR_ACT_TO_TBL && !rule->table))
		return fail(-EINVAL, "malformed rule");
	list_for_each_entry(r, rules, list) {
		if (fib_rule_same(r, rule))
			return fail(-EEXIST, "there is such a rule");
		if (before == rules && r->pref > rule->pref)
			before = &r->list;
	}
	new = kmemdup(rule, sizeof(*rule));
	if (!new)
		return -ENOMEM;
	if (new->action == FR_ACT_TO_TBL && !fib_new_table(net, new->table)) {
		kfree(new);
		return -ENOMEM;
	}
	new->srcmask = new->src_len ? htonl(~0U << (32 - new->src_len)) : 0;
	new->dstmask = new->dst_len ? htonl(~0U << (32 - new->dst_len)) : 0;
	list_add_tail(&new->list, before);
	fib_rules_changed(net);
	return 0;
}

int fib_rule_del(struct net *net, const struct fib_rule *rule)
{
	struct fib_rule *r;

	list_for_each_entry(r, &net->ipv4->fib->rules, list) {
		if (!fib_rule_same(r, rule))
			continue;
		if (r->pref == 0)
			return fail(-EPERM, "the local rule stays");
		list_del(&r->list);
		kfree(r);
		fib_rules_changed(net);
		return 0;
	}
	return fail(-ENOENT, "no such rule");
}
