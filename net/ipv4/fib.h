/* SPDX-License-Identifier: MIT */
/*
 * The forwarding tables: what is configured, as opposed to the route cache,
 * which holds what packets used (net/ipv4/route.h).
 *
 *	fib_lookup()		walks the rules: local, main, default, custom
 *	fib_table_lookup()	longest prefix in one table (fib_trie.c)
 *	fib_alias		one route: prefix, TOS, type -> fib_info
 *	fib_info		next hops, metrics, source; shared by routes
 *
 * A change of anything here flushes the route cache (rt_cache_flush).
 */
#ifndef NET_IPV4_FIB_H
#define NET_IPV4_FIB_H

#include "lib/list.h"
#include "net/core/dst.h"
#include "net/ipv4/route.h"
#include <linux/rtnetlink.h>

struct fib_nh {
	struct net_device *nh_dev;
	struct fib_info *nh_parent;
	int nh_oif;
	u32 nh_flags; /* RTNH_F_DEAD, RTNH_F_ONLINK, RTNH_F_LINKDOWN */
	u8 nh_scope; /* RT_SCOPE_LINK when reached through a gateway, ... */
	u8 nh_weight; /* 1..: share of a multipath route */
	__be32 nh_gw4;
	__be32 nh_saddr; /* preferred source, as of rt_genid nh_saddr_genid */
	u32 nh_saddr_genid;
};

/* Shared by all routes that say the same. Counted by its aliases. */
struct fib_info {
	struct hlist_node fib_hash;
	struct net *fib_net;
	unsigned int fib_treeref;
	bool fib_dead; /* every next hop is */
	u8 fib_protocol, fib_scope, fib_type;
	u32 fib_flags, fib_priority, fib_tb_id;
	__be32 fib_prefsrc;
	u32 fib_metrics[DST_NR_METRICS]; /* [RTAX_x - 1] */
	int fib_nhs;
	struct fib_nh fib_nh[];
};

struct fib_alias {
	struct fib_alias *fa_next; /* by TOS (high first), then priority */
	struct fib_info *fa_info;
	u8 fa_tos, fa_type;
};

/* A route as it is asked for: RTM_NEWROUTE, SIOCADDRT, an address. */
struct fib_config {
	u8 fc_dst_len, fc_tos, fc_protocol, fc_scope, fc_type;
	u32 fc_table; /* RT_TABLE_*; 0: main */
	__be32 fc_dst, fc_gw4, fc_prefsrc;
	int fc_oif;
	u32 fc_flags, fc_priority, fc_nlflags; /* RTNH_F_*; -; NLM_F_* */
	const u32 *fc_mx; /* DST_NR_METRICS values, or NULL */
	const struct fib_nh_config *fc_mp; /* several next hops, or NULL */
	int fc_mp_len;
};

struct fib_nh_config {
	int oif;
	u32 flags;
	u8 weight; /* 1.. */
	__be32 gw4;
};

struct fib_result {
	__be32 prefix;
	u8 prefixlen, type, scope;
	struct fib_info *fi;
	struct fib_nh *nh;
	struct fib_table *table;
};

struct fib_node; /* of the trie */
struct fib_table {
	struct hlist_node tb_hlist;
	u32 tb_id;
	unsigned int tb_num; /* routes */
	unsigned int tb_prefixes; /* nodes that carry routes */
	unsigned int tb_nodes;
	struct fib_node *tb_root;
};

/* fib_rules.c */
struct fib_rule {
	struct list_head list; /* by pref, ascending */
	u32 pref, table, flags; /* flags: FIB_RULE_* */
	u8 action; /* FR_ACT_* (linux/fib_rules.h) */
	u8 src_len, dst_len, tos, proto;
	__be32 src, dst, srcmask, dstmask;
	u32 mark, mark_mask;
	char iifname[IFNAMSIZ], oifname[IFNAMSIZ]; /* "": any */
};

#define FIB_TABLE_HASHSZ 16
#define FIB_INFO_HASHSZ_MIN 16

struct fib_state {
	struct hlist_head tables[FIB_TABLE_HASHSZ];
	struct fib_table *local, *main, *deflt; /* deflt: may be NULL */
	struct list_head rules;
	bool has_custom_rules;
	struct hlist_head *info_hash;
	unsigned int info_hash_size, info_cnt;
	struct hlist_head addr_hash[16]; /* struct in_ifaddr.hash */
};

/* Set up by fib_net_init(): an empty local and main table, three rules. */
int fib_net_init(struct net *net);
void fib_net_exit(struct net *net);

struct fib_table *fib_get_table(struct net *net, u32 id);
struct fib_table *fib_new_table(struct net *net, u32 id);

/*
 * fib_lookup - the route for *flp by all rules. 0 with *ret filled in (it
 * points into the tables: use it at once), or -ENETUNREACH, -EHOSTUNREACH
 * (unreachable), -EACCES (prohibit), -EINVAL (blackhole).
 */
int fib_lookup(struct net *net, const struct flowi4 *flp,
	       struct fib_result *ret);
/* As fib_lookup in one table; 1: no match here. */
int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp,
		     struct fib_result *ret);
/* 0; -EEXIST, -ENOENT, -ESRCH, -ENETUNREACH (gateway), -ENODEV, -EINVAL... */
/* Tell RTNLGRP_IPV4_ROUTE: fib_netlink.c. */
void rtmsg_fib(int event, struct net *net, u32 table, __be32 dst, u8 dst_len,
	       const struct fib_alias *fa);
int fib_table_insert(struct net *net, struct fib_table *tb,
		     struct fib_config *cfg);
int fib_table_delete(struct net *net, struct fib_table *tb,
		     struct fib_config *cfg);
/* Remove the routes whose next hops are dead, or all. Returns their number. */
int fib_table_flush(struct net *net, struct fib_table *tb, bool all);
void fib_free_table(struct fib_table *tb);

/*
 * Walking a table in order of prefix. A cursor is a position, not a pointer:
 * it stays good across changes. Start with all zero.
 */
struct fib_cursor {
	u32 key; /* host order */
	u8 plen;
	bool begun;
	unsigned int skip; /* aliases of that prefix already given */
};
struct fib_entry {
	__be32 dst;
	u8 dst_len;
	const struct fib_alias *fa;
	const struct fib_table *tb;
};
/* The next route at or after the cursor, which moves on. False: no more. */
bool fib_table_next(const struct fib_table *tb, struct fib_cursor *c,
		    struct fib_entry *ret);
/* The table after @tb in order of id; NULL begins and ends. */
struct fib_table *fib_next_table(struct net *net, const struct fib_table *tb);

/* fib_semantics.c */
struct fib_info *fib_create_info(struct net *net, struct fib_config *cfg,
				 int *ret_err);
void fib_release_info(struct fib_info *fi);
int fib_nh_match(const struct fib_config *cfg, const struct fib_info *fi);
void fib_select_path(struct net *net, struct fib_result *res,
		     const struct flowi4 *fl4);
__be32 fib_result_prefsrc(struct net *net, struct fib_result *res);
struct fib_props {
	int error;
	u8 scope;
};
extern const struct fib_props fib_props[RTN_MAX + 1];
/* A device went down, or an address away: which routes die. Returns number. */
int fib_sync_down_dev(struct net_device *dev, bool gone);
int fib_sync_down_addr(struct net_device *dev, __be32 local);
/* Is there a route over @dev by the gateway @gw? */
bool fib_has_gateway(struct net_device *dev, __be32 gw);
int fib_sync_up(struct net_device *dev);

/* fib_rules.c */
int fib_rules_init(struct net *net);
void fib_rules_exit(struct net *net);
int fib_rules_lookup(struct net *net, const struct flowi4 *flp,
		     struct fib_result *ret);
/* Copies *rule. 0, -EEXIST, -ENOMEM, -EINVAL; -ENOENT when not found. */
int fib_rule_add(struct net *net, const struct fib_rule *rule);
int fib_rule_del(struct net *net, const struct fib_rule *rule);

/* fib_frontend.c */
struct in_ifaddr;
void fib_add_ifaddr(struct in_ifaddr *ifa);
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim);
void fib_flush(struct net *net);
void fib_disable_ip(struct net_device *dev, bool gone);
/* SIOCADDRT, SIOCDELRT; @arg: the program's struct rtentry. */
int ip_rt_ioctl(struct net *net, unsigned int cmd, void __user *arg);
/*
 * Is @src good as the source of a packet that came in by @dev? 0 with
 * *ret_itag, -EXDEV (reverse path filter), -EINVAL (martian).
 */
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos,
			int oif, struct net_device *dev,
			struct in_device *in_dev);
unsigned int inet_dev_addr_type(struct net *net, const struct net_device *dev,
				__be32 addr);
unsigned int inet_addr_type_table(struct net *net, __be32 addr, u32 tb_id);

#endif
