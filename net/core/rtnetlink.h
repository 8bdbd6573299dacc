/* SPDX-License-Identifier: MIT */
/*
 * NETLINK_ROUTE: who answers which request. Links are answered in
 * net/core/rtnetlink.c, addresses, routes and rules by their family.
 */
#ifndef NET_CORE_RTNETLINK_H
#define NET_CORE_RTNETLINK_H

#include "net/core/netdevice.h"
#include "net/core/netlink.h"
#include <linux/rtnetlink.h>

/* One request that changes or asks for one thing. 0 or -errno. */
typedef int (*rtnl_doit_func)(struct sk_buff *skb, const struct nlmsghdr *nlh,
			      struct netlink_ext_ack *extack);

/* Answer the sender of @skb. Owns @nskb. */
int rtnl_unicast(struct sk_buff *nskb, const struct sk_buff *skb);
/*
 * Tell the members of @group; @fill makes the message of type @event. Nothing
 * is made while nobody listens.
 */
void rtnl_notify(struct net *net, u32 group, int event,
		 int (*fill)(struct sk_buff *skb, const void *what, u32 portid,
			     u32 seq, int event, int flags),
		 const void *what);

/* IPv4's rows: net/ipv4/devinet_netlink.c. */
int inet_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb);
int inet_rtm_newaddr(struct sk_buff *skb, const struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack);
int inet_rtm_deladdr(struct sk_buff *skb, const struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack);
/* net/ipv4/fib_netlink.c */
int inet_dump_fib(struct sk_buff *skb, struct netlink_callback *cb);
int inet_rtm_getroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack);
int inet_rtm_newroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack);
int inet_rtm_delroute(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack);
/* net/ipv4/fib_rules_netlink.c */
int fib_nl_dumprule(struct sk_buff *skb, struct netlink_callback *cb);
int fib_nl_newrule(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack);
int fib_nl_delrule(struct sk_buff *skb, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack);

#endif
