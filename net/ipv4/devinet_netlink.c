// SPDX-License-Identifier: MIT
/* IPv4 addresses by netlink: RTM_GETADDR, RTM_NEWADDR, RTM_DELADDR. */
#include "net/core/rtnetlink.h"

#include "net/core/sock.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include <linux/if_addr.h>

#define INFINITY_LIFE_TIME 0xffffffffU

static const u8 ifa_min_len[IFA_MAX + 1] = {
	[IFA_ADDRESS] = 4, [IFA_LOCAL] = 4,	  [IFA_BROADCAST] = 4,
	[IFA_FLAGS] = 4,   [IFA_RT_PRIORITY] = 4,
};

/* Time stamps of the ABI are in hundredths of a second. */
static u32 put_cstamp(u64 ticks)
{
	return (u32)(ticks * 100 / HZ);
}

static int put_ifaddr_attrs(struct sk_buff *skb, const struct in_ifaddr *ifa)
{
	struct ifa_cacheinfo ci = {
		.ifa_prefered = INFINITY_LIFE_TIME,
		.ifa_valid = INFINITY_LIFE_TIME,
		.cstamp = put_cstamp(ifa->ifa_cstamp),
		.tstamp = put_cstamp(ifa->ifa_tstamp),
	};

	if ((ifa->ifa_address &&
	     nla_put_u32(skb, IFA_ADDRESS, ifa->ifa_address)) ||
	    (ifa->ifa_local && nla_put_u32(skb, IFA_LOCAL, ifa->ifa_local)) ||
	    (ifa->ifa_broadcast &&
	     nla_put_u32(skb, IFA_BROADCAST, ifa->ifa_broadcast)) ||
	    (ifa->ifa_label[0] &&
	     nla_put_string(skb, IFA_LABEL, ifa->ifa_label)) ||
	    (ifa->ifa_proto && nla_put_u8(skb, IFA_PROTO, ifa->ifa_proto)) ||
	    nla_put_u32(skb, IFA_FLAGS, ifa->ifa_flags) ||
	    (ifa->ifa_rt_priority &&
	     nla_put_u32(skb, IFA_RT_PRIORITY, ifa->ifa_rt_priority)) ||
	    nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci))
		return -EMSGSIZE;
	return 0;
}

static int inet_fill_ifaddr(struct sk_buff *skb, const void *what, u32 portid,
			    u32 seq, int event, int flags)
{
	const struct in_ifaddr *ifa = what;
	struct ifaddrmsg *ifm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, event, sizeof(*ifm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	ifm->ifa_family = AF_INET;
	ifm->ifa_prefixlen = ifa->ifa_prefixlen;
	ifm->ifa_flags = (u8)ifa->ifa_flags;
	ifm->ifa_scope = ifa->ifa_scope;
	ifm->ifa_index = (u32)ifa->ifa_dev->dev->ifindex;
	if (put_ifaddr_attrs(skb, ifa)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

void rtmsg_ifa(int event, const struct in_ifaddr *ifa)
{
	rtnl_notify(ifa->ifa_dev->dev->net, RTNLGRP_IPV4_IFADDR, event,
		    inet_fill_ifaddr, ifa);
}

/* args[1]: addresses of this device that are said already. */
static int in_dev_dump_addr(struct sk_buff *skb, struct netlink_callback *cb,
			    struct in_device *in_dev)
{
	struct in_ifaddr *ifa;
	u64 i = 0;

	for_each_ifa(ifa, in_dev)
	{
		if (i++ < cb->args[1])
			continue;
		if (inet_fill_ifaddr(skb, ifa, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, RTM_NEWADDR,
				     NLM_F_MULTI | cb->answer_flags))
			return -EMSGSIZE;
		cb->args[1] = i;
	}
	return 0;
}

/* args[0]: the device (index) at which to go on. */
int inet_dump_ifaddr(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct ifaddrmsg *ifm = nlmsg_data(cb->nlh);
	struct net_device *dev;
	u32 only = 0;

	/* Only who asks for strict checks has set the other fields. */
	if (cb->strict_check && nlmsg_len(cb->nlh) >= (int)sizeof(*ifm))
		only = ifm->ifa_index;
	if (only) {
		cb->answer_flags |= NLM_F_DUMP_FILTERED;
		if (!dev_get_by_index(cb->net, (int)only))
			return fail(-ENODEV, "no such device");
	}
	list_for_each_entry(dev, &cb->net->dev_base, dev_list) {
		if (dev->ifindex < (int)cb->args[0] || !__in_dev_get(dev) ||
		    (only && dev->ifindex != (int)only))
			continue;
		if (dev->ifindex != (int)cb->args[0])
			cb->args[1] = 0;
		cb->args[0] = (u64)dev->ifindex;
		if (in_dev_dump_addr(skb, cb, __in_dev_get(dev)))
			return -EMSGSIZE;
	}
	return 0;
}

/* The header and attributes of RTM_NEWADDR and RTM_DELADDR. */
static int ifaddr_parse(struct sk_buff *skb, const struct nlmsghdr *nlh,
			const struct nlattr **tb,
			struct netlink_ext_ack *extack,
			struct in_device **ret_in_dev)
{
	const struct ifaddrmsg *ifm = nlmsg_data(nlh);
	struct net_device *dev;
	int err;

	err = nlmsg_parse(nlh, sizeof(*ifm), tb, IFA_MAX, ifa_min_len, extack);
	if (err)
		return err;
	dev = dev_get_by_index(NETLINK_CB(skb).net, (int)ifm->ifa_index);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "ipv4: Device not found");
		return fail(-ENODEV, "no such device");
	}
	*ret_in_dev = __in_dev_get(dev);
	if (!*ret_in_dev)
		return fail(-ENOBUFS, "the device has no IPv4");
	return 0;
}

/* A copy of attribute text, always ended. */
static void nla_get_name(char *name, const struct nlattr *nla)
{
	memset(name, 0, IFNAMSIZ);
	memcpy(name, nla_data(nla), min_t(int, nla_len(nla), IFNAMSIZ - 1));
}

static struct in_ifaddr *rtm_to_ifaddr(const struct ifaddrmsg *ifm,
				       const struct nlattr *const *tb,
				       struct in_device *in_dev)
{
	struct in_ifaddr *ifa = inet_alloc_ifa();

	if (!ifa)
		return NULL;
	ifa->ifa_local = nla_get_u32(tb[IFA_LOCAL]);
	ifa->ifa_address =
		tb[IFA_ADDRESS] ? nla_get_u32(tb[IFA_ADDRESS]) : ifa->ifa_local;
	ifa->ifa_prefixlen = ifm->ifa_prefixlen;
	ifa->ifa_mask = inet_make_mask(ifm->ifa_prefixlen);
	ifa->ifa_scope = ifm->ifa_scope;
	ifa->ifa_flags =
		tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : ifm->ifa_flags;
	if (tb[IFA_BROADCAST])
		ifa->ifa_broadcast = nla_get_u32(tb[IFA_BROADCAST]);
	if (tb[IFA_RT_PRIORITY])
		ifa->ifa_rt_priority = nla_get_u32(tb[IFA_RT_PRIORITY]);
	if (tb[IFA_PROTO] && nla_len(tb[IFA_PROTO]) > 0)
		ifa->ifa_proto = nla_get_u8(tb[IFA_PROTO]);
	if (tb[IFA_LABEL])
		nla_get_name(ifa->ifa_label, tb[IFA_LABEL]);
	else
		memcpy(ifa->ifa_label, in_dev->dev->name, IFNAMSIZ);
	return ifa;
}

static struct in_ifaddr *find_ifaddr(struct in_device *in_dev, __be32 local,
				     u8 prefixlen)
{
	struct in_ifaddr *ifa;

	for_each_ifa(ifa, in_dev)
	{
		if (ifa->ifa_local == local && ifa->ifa_prefixlen == prefixlen)
			return ifa;
	}
	return NULL;
}

int inet_rtm_newaddr(struct sk_buff *skb, const struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	const struct ifaddrmsg *ifm = nlmsg_data(nlh);
	const struct nlattr *tb[IFA_MAX + 1];
	struct in_device *in_dev;
	struct in_ifaddr *ifa;
	int err;

	err = ifaddr_parse(skb, nlh, tb, extack, &in_dev);
	if (err)
		return err;
	if (ifm->ifa_prefixlen > 32) {
		NL_SET_ERR_MSG(extack, "ipv4: Invalid prefix length");
		return fail(-EINVAL, "prefix longer than 32");
	}
	if (!tb[IFA_LOCAL]) {
		NL_SET_ERR_MSG(extack, "ipv4: Local address is not supplied");
		return fail(-EINVAL, "no local address");
	}
	if (find_ifaddr(in_dev, nla_get_u32(tb[IFA_LOCAL]),
			ifm->ifa_prefixlen)) {
		/* Only its lifetime could change, and ours last for ever. */
		if (!(nlh->nlmsg_flags & NLM_F_EXCL) &&
		    (nlh->nlmsg_flags & NLM_F_REPLACE))
			return 0;
		NL_SET_ERR_MSG(extack, "ipv4: Address already assigned");
		return fail(-EEXIST, "the device has that address");
	}
	ifa = rtm_to_ifaddr(ifm, tb, in_dev);
	if (!ifa)
		return fail(-ENOBUFS, "no memory for an address");
	return inet_insert_ifa(in_dev, ifa);
}

static bool ifaddr_matches(const struct in_ifaddr *ifa,
			   const struct ifaddrmsg *ifm,
			   const struct nlattr *const *tb)
{
	char label[IFNAMSIZ];

	if (tb[IFA_LOCAL] &&
	    ifa->ifa_local != (__be32)nla_get_u32(tb[IFA_LOCAL]))
		return false;
	if (tb[IFA_LABEL]) {
		nla_get_name(label, tb[IFA_LABEL]);
		if (strcmp(label, ifa->ifa_label))
			return false;
	}
	return !tb[IFA_ADDRESS] ||
	       (ifm->ifa_prefixlen == ifa->ifa_prefixlen &&
		inet_ifa_match(nla_get_u32(tb[IFA_ADDRESS]), ifa));
}

int inet_rtm_deladdr(struct sk_buff *skb, const struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *tb[IFA_MAX + 1];
	struct in_device *in_dev;
	struct in_ifaddr *ifa;
	int err;

	err = ifaddr_parse(skb, nlh, tb, extack, &in_dev);
	if (err)
		return err;
	for_each_ifa(ifa, in_dev)
	{
		if (ifaddr_matches(ifa, nlmsg_data(nlh), tb)) {
			inet_del_ifa(in_dev, ifa);
			return 0;
		}
	}
	NL_SET_ERR_MSG(extack, "ipv4: Address not found");
	return fail(-EADDRNOTAVAIL, "no such address");
}
