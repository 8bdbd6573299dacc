/* SPDX-License-Identifier: MIT */
/*
 * Generic netlink: a family is a table of requests, found by its name and
 * spoken to by its number. One struct genl_family with its owner and one row
 * in net/netlink/genetlink.c.
 */
#ifndef NET_CORE_GENETLINK_H
#define NET_CORE_GENETLINK_H

#include "net/core/netlink.h"

#define GENL_ATTRS_MAX 16 /* types of attributes that a family may have */

/* A request to do one thing. */
struct genl_info {
	struct net *net;
	struct sk_buff *skb; /* in which it came; netlink_reply() goes back */
	const struct nlmsghdr *nlh;
	const struct nlattr *attrs[GENL_ATTRS_MAX + 1];
};

struct genl_ops {
	u8 cmd;
	bool admin; /* needs CAP_NET_ADMIN */
	int (*doit)(struct genl_info *info); /* 0 or -errno; or NULL */
	/* As netlink_callback.dump; or NULL. */
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
};

struct genl_family {
	const char *name;
	u32 version;
	int maxattr;
	const u8 *min_len; /* [maxattr + 1], as nla_parse() has it */
	const struct genl_ops *ops;
	int nr_ops;
};

/* Begin a message of the family numbered @type; NULL: full. */
struct nlmsghdr *genlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
			     int flags, u8 cmd, u8 version);

/* By their owners. */
extern const struct genl_family tcp_metrics_nl_family; /* net/ipv4 */

#endif
