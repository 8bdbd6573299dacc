// SPDX-License-Identifier: MIT
/*
 * NETLINK_ROUTE: dispatching requests, and those about links.
 *
 * A row says who answers a request of one family; AF_UNSPEC asks all families
 * in turn for a dump. Whatever changes something takes CAP_NET_ADMIN.
 */
#include "net/core/rtnetlink.h"

#include "net/core/sock.h"
#include <linux/capability.h>
#include <linux/gen_stats.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>

static int rtnl_dump_ifinfo(struct sk_buff *skb, struct netlink_callback *cb);
static int rtnl_dump_neigh(struct sk_buff *skb, struct netlink_callback *cb);
static int tc_dump_qdisc(struct sk_buff *skb, struct netlink_callback *cb);
static int rtnl_getlink(struct sk_buff *skb, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);
static int rtnl_newlink(struct sk_buff *skb, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);

static const struct rtnl_link {
	u8 family;
	u16 msgtype;
	rtnl_doit_func doit;
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
} rtnl_rows[] = {
	{ AF_UNSPEC, RTM_GETLINK, rtnl_getlink, rtnl_dump_ifinfo },
	{ AF_UNSPEC, RTM_NEWLINK, rtnl_newlink, NULL },
	{ AF_UNSPEC, RTM_SETLINK, rtnl_newlink, NULL },
	{ AF_UNSPEC, RTM_GETNEIGH, NULL, rtnl_dump_neigh },
	{ AF_UNSPEC, RTM_GETQDISC, NULL, tc_dump_qdisc },
	{ AF_INET, RTM_GETADDR, NULL, inet_dump_ifaddr },
	{ AF_INET, RTM_NEWADDR, inet_rtm_newaddr, NULL },
	{ AF_INET, RTM_DELADDR, inet_rtm_deladdr, NULL },
	{ AF_INET, RTM_GETROUTE, inet_rtm_getroute, inet_dump_fib },
	{ AF_INET, RTM_NEWROUTE, inet_rtm_newroute, NULL },
	{ AF_INET, RTM_DELROUTE, inet_rtm_delroute, NULL },
	{ AF_INET, RTM_GETRULE, NULL, fib_nl_dumprule },
	{ AF_INET, RTM_NEWRULE, fib_nl_newrule, NULL },
	{ AF_INET, RTM_DELRULE, fib_nl_delrule, NULL },
};

/* The row from number *at on that is of @type and @family; NULL: none. */
static const struct rtnl_link *rtnl_find(u8 family, u16 type, size_t *at)
{
	for (; *at < ARRAY_SIZE(rtnl_rows); (*at)++) {
		const struct rtnl_link *row = &rtnl_rows[*at];

		if (row->msgtype == type &&
		    (family == AF_UNSPEC || row->family == AF_UNSPEC ||
		     row->family == family))
			return row;
	}
	return NULL;
}

/* args[7]: the row that is dumping; the others are that row's own. */
static int rtnl_dump_all(struct sk_buff *skb, struct netlink_callback *cb)
{
	size_t at = cb->args[7];
	const struct rtnl_link *row;
	int err;

	for (; (row = rtnl_find(cb->family, cb->nlh->nlmsg_type, &at)); at++) {
		if (!row->dumpit)
			continue;
		if (at != cb->args[7])
			memset(cb->args, 0, sizeof(cb->args));
		cb->args[7] = at;
		err = row->dumpit(skb, cb);
		if (err)
			return err;
	}
	return 0;
}

int rtnetlink_rcv_msg(struct sk_buff *skb, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	u16 type = nlh->nlmsg_type;
	/* Requests come in fours: NEW, DEL, GET, SET. */
	bool get = ((type - RTM_BASE) & 3) == 2;
	const struct rtnl_link *row;
	size_t at = 0;
	u8 family;

	if (type > RTM_MAX)
		return fail(-EOPNOTSUPP, "no such request");
	/* LINUX: what has no family byte is passed over silently. */
	if (nlmsg_len(nlh) < (int)sizeof(struct rtgenmsg))
		return 0;
	family = ((struct rtgenmsg *)nlmsg_data(nlh))->rtgen_family;
	if (!get && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "changing the network: CAP_NET_ADMIN");
	row = rtnl_find(family, type, &at);
	if (get && (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		/* A family that we do not have has nothing to show. */
		at = 0;
		if (!rtnl_find(AF_UNSPEC, type, &at))
			return fail(-EOPNOTSUPP, "no such request");
		return netlink_dump_start(skb, nlh, family, rtnl_dump_all);
	}
	if (!row || !row->doit)
		return fail(-EOPNOTSUPP, "no such request of this family");
	return row->doit(skb, nlh, extack);
}

int rtnl_unicast(struct sk_buff *nskb, const struct sk_buff *skb)
{
	return netlink_reply(nskb, skb);
}

void rtnl_notify(struct net *net, u32 group, int event,
		 int (*fill)(struct sk_buff *skb, const void *what, u32 portid,
			     u32 seq, int event, int flags),
		 const void *what)
{
	struct sk_buff *skb;

	if (!netlink_has_listeners(net, NETLINK_ROUTE, group))
		return;
	skb = alloc_skb(NLMSG_GOODSIZE);
	if (!skb)
		return;
	if (fill(skb, what, 0, 0, event, 0)) {
		consume_skb(skb);
		return;
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	netlink_broadcast(net, skb, NETLINK_ROUTE, group);
}

/* Links. */

static const u8 ifla_min_len[IFLA_MAX + 1] = {
	[IFLA_IFNAME] = 1,
	[IFLA_MTU] = 4,
	[IFLA_TXQLEN] = 4,
};

static int put_link_stats(struct sk_buff *skb, const struct net_device *dev)
{
	struct rtnl_link_stats64 s64 = {
		.rx_packets = dev->stats.rx_packets,
		.tx_packets = dev->stats.tx_packets,
		.rx_bytes = dev->stats.rx_bytes,
		.tx_bytes = dev->stats.tx_bytes,
		.rx_errors = dev->stats.rx_errors,
		.tx_errors = dev->stats.tx_errors,
		.rx_dropped = dev->stats.rx_dropped,
		.tx_dropped = dev->stats.tx_dropped,
		.multicast = dev->stats.multicast,
	};
	struct rtnl_link_stats s32 = {
		.rx_packets = (u32)s64.rx_packets,
		.tx_packets = (u32)s64.tx_packets,
		.rx_bytes = (u32)s64.rx_bytes,
		.tx_bytes = (u32)s64.tx_bytes,
		.rx_errors = (u32)s64.rx_errors,
		.tx_errors = (u32)s64.tx_errors,
		.rx_dropped = (u32)s64.rx_dropped,
		.tx_dropped = (u32)s64.tx_dropped,
		.multicast = (u32)s64.multicast,
	};

	if (nla_put(skb, IFLA_STATS64, sizeof(s64), &s64) ||
	    nla_put(skb, IFLA_STATS, sizeof(s32), &s32))
		return -EMSGSIZE;
	return 0;
}

static int put_link_attrs(struct sk_buff *skb, const struct net_device *dev)
{
	bool carrier = dev->operstate != IF_OPER_DOWN;

	/* A device that is down shows DOWN unless it does not care. */
	if (nla_put_string(skb, IFLA_IFNAME, dev->name) ||
	    nla_put_u32(skb, IFLA_TXQLEN, dev->tx_queue_len) ||
	    nla_put_u8(skb, IFLA_OPERSTATE,
		       dev->flags & IFF_UP ? dev->operstate : IF_OPER_DOWN) ||
	    nla_put_u8(skb, IFLA_LINKMODE, 0) ||
	    nla_put_u32(skb, IFLA_MTU, dev->mtu) ||
	    nla_put_u32(skb, IFLA_GROUP, 0) ||
	    nla_put_u32(skb, IFLA_PROMISCUITY, dev->promiscuity) ||
	    nla_put_u32(skb, IFLA_NUM_TX_QUEUES, 1) ||
	    nla_put_u32(skb, IFLA_GSO_MAX_SEGS, 65535) ||
	    nla_put_u32(skb, IFLA_GSO_MAX_SIZE, dev->gso_max_size) ||
	    nla_put_u32(skb, IFLA_NUM_RX_QUEUES, 1) ||
	    nla_put_u8(skb, IFLA_CARRIER, carrier) ||
	    nla_put_string(skb, IFLA_QDISC,
			   dev->flags & IFF_UP ? "noqueue" : "noop"))
		return -EMSGSIZE;
	if (dev->addr_len &&
	    (nla_put(skb, IFLA_ADDRESS, dev->addr_len, dev->dev_addr) ||
	     nla_put(skb, IFLA_BROADCAST, dev->addr_len, dev->broadcast)))
		return -EMSGSIZE;
	return put_link_stats(skb, dev);
}

static int rtnl_fill_ifinfo(struct sk_buff *skb, const void *what, u32 portid,
			    u32 seq, int event, int flags)
{
	const struct net_device *dev = what;
	struct ifinfomsg *ifm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, event, sizeof(*ifm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	ifm->ifi_family = AF_UNSPEC;
	ifm->ifi_type = dev->type;
	ifm->ifi_index = dev->ifindex;
	ifm->ifi_flags = dev_get_flags(dev);
	if (put_link_attrs(skb, dev)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* args[0]: the index after which to go on. */
static int rtnl_dump_ifinfo(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net_device *dev;

	list_for_each_entry(dev, &cb->net->dev_base, dev_list) {
		if (dev->ifindex <= (int)cb->args[0])
			continue;
		if (rtnl_fill_ifinfo(skb, dev, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, RTM_NEWLINK,
				     NLM_F_MULTI))
			return -EMSGSIZE;
		cb->args[0] = (u64)dev->ifindex;
	}
	return 0;
}

/* No device here resolves addresses, so no neighbour is known. */
static int rtnl_dump_neigh(struct sk_buff *skb, struct netlink_callback *cb)
{
	(void)skb;
	(void)cb;
	return 0;
}

/* "noqueue" counts nothing, on Linux as well. */
static int put_qdisc_attrs(struct sk_buff *skb)
{
	struct gnet_stats_basic basic = { 0 };
	struct gnet_stats_queue queue = { 0 };
	struct tc_stats old = { 0 };
	struct nlattr *stats;

	if (nla_put_string(skb, TCA_KIND, "noqueue") ||
	    nla_put_u8(skb, TCA_HW_OFFLOAD, 0))
		return -EMSGSIZE;
	stats = nla_nest_start(skb, TCA_STATS2);
	if (!stats ||
	    nla_put(skb, TCA_STATS_BASIC, sizeof(basic), &basic) ||
	    nla_put(skb, TCA_STATS_QUEUE, sizeof(queue), &queue))
		return -EMSGSIZE;
	nla_nest_end(skb, stats);
	return nla_put(skb, TCA_STATS, sizeof(old), &old);
}

static int tc_fill_qdisc(struct sk_buff *skb, const struct net_device *dev,
			 u32 portid, u32 seq)
{
	struct nlmsghdr *nlh;
	struct tcmsg *tcm;

	nlh = nlmsg_put(skb, portid, seq, RTM_NEWQDISC, sizeof(*tcm),
			NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	tcm = nlmsg_data(nlh);
	tcm->tcm_ifindex = dev->ifindex;
	tcm->tcm_parent = TC_H_ROOT;
	tcm->tcm_info = 2; /* users */
	if (put_qdisc_attrs(skb)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/*
 * Devices that are up send at once: "noqueue". args[0]: the index after which
 * to go on. LINUX: "noop", of those that are down, is not shown.
 */
static int tc_dump_qdisc(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net_device *dev;

	if (nlmsg_len(cb->nlh) < (int)sizeof(struct tcmsg))
		return fail(-EINVAL, "no struct tcmsg");
	list_for_each_entry(dev, &cb->net->dev_base, dev_list) {
		if (dev->ifindex <= (int)cb->args[0] || !(dev->flags & IFF_UP))
			continue;
		if (tc_fill_qdisc(skb, dev, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq))
			return -EMSGSIZE;
		cb->args[0] = (u64)dev->ifindex;
	}
	return 0;
}

/* The link that a request is about: by index, else by name. */
static struct net_device *rtnl_find_dev(struct net *net,
					const struct ifinfomsg *ifm,
					const struct nlattr *const *tb)
{
	const struct nlattr *nla =
		tb[IFLA_IFNAME] ? tb[IFLA_IFNAME] : tb[IFLA_ALT_IFNAME];
	char name[IFNAMSIZ];

	if (ifm->ifi_index > 0)
		return dev_get_by_index(net, ifm->ifi_index);
	if (!nla || !nla_len(nla))
		return NULL;
	memset(name, 0, sizeof(name));
	memcpy(name, nla_data(nla), min_t(int, nla_len(nla), IFNAMSIZ - 1));
	return dev_get_by_name(net, name);
}

static int rtnl_getlink(struct sk_buff *skb, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	struct sk_buff *nskb;
	int err;

	err = nlmsg_parse(nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX,
			  ifla_min_len, extack);
	if (err)
		return err;
	dev = rtnl_find_dev(NETLINK_CB(skb).net, nlmsg_data(nlh), tb);
	if (!dev)
		return fail(-ENODEV, "no such device");
	nskb = alloc_skb(NLMSG_GOODSIZE);
	if (!nskb)
		return fail(-ENOBUFS, "no memory for the answer");
	(void)rtnl_fill_ifinfo(nskb, dev, NETLINK_CB(skb).portid,
			       nlh->nlmsg_seq, RTM_NEWLINK, 0);
	return rtnl_unicast(nskb, skb);
}

static int rtnl_set_address(struct net_device *dev, const struct nlattr *nla)
{
	int err;

	if (!dev->netdev_ops->ndo_set_mac_address)
		return fail(-EOPNOTSUPP, "the device has no address to set");
	if (nla_len(nla) < dev->addr_len)
		return fail(-EINVAL, "address too short");
	err = dev->netdev_ops->ndo_set_mac_address(dev, nla_data(nla));
	if (!err)
		call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	return err;
}

static int do_setlink(struct net_device *dev, const struct ifinfomsg *ifm,
		      const struct nlattr *const *tb)
{
	unsigned int flags = dev->flags;
	char name[IFNAMSIZ];
	int err = 0;

	if (tb[IFLA_ADDRESS])
		err = rtnl_set_address(dev, tb[IFLA_ADDRESS]);
	if (!err && tb[IFLA_MTU])
		err = dev_set_mtu(dev, (int)nla_get_u32(tb[IFLA_MTU]));
	if (!err && tb[IFLA_TXQLEN])
		dev->tx_queue_len = nla_get_u32(tb[IFLA_TXQLEN]);
	if (!err && ifm->ifi_index > 0 && tb[IFLA_IFNAME]) {
		memset(name, 0, sizeof(name));
		memcpy(name, nla_data(tb[IFLA_IFNAME]),
		       min_t(int, nla_len(tb[IFLA_IFNAME]), IFNAMSIZ - 1));
		err = dev_change_name(dev, name);
	}
	if (err)
		return err;
	if (ifm->ifi_change)
		flags = (flags & ~ifm->ifi_change) |
			(ifm->ifi_flags & ifm->ifi_change);
	else if (ifm->ifi_flags)
		flags = ifm->ifi_flags;
	return dev_change_flags(dev, flags);
}

static int rtnl_newlink(struct sk_buff *skb, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	struct net_device *dev;
	int err;

	err = nlmsg_parse(nlh, sizeof(struct ifinfomsg), tb, IFLA_MAX,
			  ifla_min_len, extack);
	if (err)
		return err;
	dev = rtnl_find_dev(NETLINK_CB(skb).net, nlmsg_data(nlh), tb);
	if (dev && (nlh->nlmsg_flags & NLM_F_EXCL))
		return fail(-EEXIST, "the device exists");
	if (dev)
		return do_setlink(dev, nlmsg_data(nlh), tb);
	if (nlh->nlmsg_type == RTM_SETLINK ||
	    !(nlh->nlmsg_flags & NLM_F_CREATE))
		return fail(-ENODEV, "no such device");
	/* DEVIATION: programs cannot make devices; docs/LIMITS.md */
	NL_SET_ERR_MSG(extack, "Unknown device type");
	return fail(-EOPNOTSUPP, "unknown device type");
}

void rtnetlink_event(enum netdev_event ev, struct net_device *dev)
{
	rtnl_notify(dev->net, RTNLGRP_LINK,
		    ev == NETDEV_UNREGISTER ? RTM_DELLINK : RTM_NEWLINK,
		    rtnl_fill_ifinfo, dev);
}
