/* SPDX-License-Identifier: MIT */
/*
 * IPv4 addresses of devices. An in_device belongs to its net_device and lives
 * from NETDEV_REGISTER to NETDEV_UNREGISTER; an in_ifaddr to its in_device.
 */
#ifndef NET_IPV4_INETDEVICE_H
#define NET_IPV4_INETDEVICE_H

#include "lib/list.h"
#include "net/core/netdevice.h"
#include "net/ipv4/netns.h"

struct in_ifaddr {
	struct list_head ifa_list; /* in in_device.ifa_list */
	struct hlist_node hash; /* in the host's table of own addresses */
	struct in_device *ifa_dev;
	__be32 ifa_local; /* the address */
	__be32 ifa_address; /* the same, or the peer of a point-to-point link */
	__be32 ifa_mask, ifa_broadcast;
	u32 ifa_flags; /* IFA_F_SECONDARY, IFA_F_PERMANENT (linux/if_addr.h) */
	u32 ifa_rt_priority; /* metric of the prefix route */
	u8 ifa_prefixlen, ifa_scope, ifa_proto;
	char ifa_label[IFNAMSIZ]; /* "eth0", or an alias "eth0:1" */
	u64 ifa_cstamp, ifa_tstamp; /* jiffies: made, changed */
};

struct in_device {
	struct net_device *dev;
	struct list_head ifa_list; /* primary addresses before secondary ones */
	struct list_head mc_list; /* struct ip_mc_list: groups we listen to */
	bool dead;
	struct ipv4_devconf cnf; /* net.ipv4.conf.DEV.* */
};

static inline struct in_device *__in_dev_get(const struct net_device *dev)
{
	return dev->ip_ptr;
}

/* What a setting of a device and that of all come to, by the setting. */
#define IN_DEV_CONF_GET(in_dev, attr) IPV4_DEVCONF((in_dev)->cnf, attr)
#define IN_DEV_CONF_ALL(in_dev, attr) IPV4_DEVCONF_ALL((in_dev)->dev->net, attr)
#define IN_DEV_ANDCONF(in_dev, attr) \
	(IN_DEV_CONF_ALL(in_dev, attr) && IN_DEV_CONF_GET(in_dev, attr))
#define IN_DEV_ORCONF(in_dev, attr) \
	(IN_DEV_CONF_ALL(in_dev, attr) || IN_DEV_CONF_GET(in_dev, attr))
#define IN_DEV_MAXCONF(in_dev, attr) \
	max(IN_DEV_CONF_ALL(in_dev, attr), IN_DEV_CONF_GET(in_dev, attr))

#define IN_DEV_FORWARD(in_dev) IN_DEV_CONF_GET(in_dev, FORWARDING)
#define IN_DEV_RPFILTER(in_dev) IN_DEV_MAXCONF(in_dev, RP_FILTER)
#define IN_DEV_ACCEPT_LOCAL(in_dev) IN_DEV_ORCONF(in_dev, ACCEPT_LOCAL)
#define IN_DEV_ROUTE_LOCALNET(in_dev) IN_DEV_ORCONF(in_dev, ROUTE_LOCALNET)
#define IN_DEV_LOG_MARTIANS(in_dev) IN_DEV_ORCONF(in_dev, LOG_MARTIANS)
#define IN_DEV_SRC_VMARK(in_dev) IN_DEV_ORCONF(in_dev, SRC_VMARK)
#define IN_DEV_SHARED_MEDIA(in_dev) IN_DEV_ORCONF(in_dev, SHARED_MEDIA)
#define IN_DEV_SEC_REDIRECTS(in_dev) IN_DEV_ORCONF(in_dev, SECURE_REDIRECTS)
#define IN_DEV_TX_REDIRECTS(in_dev) IN_DEV_ORCONF(in_dev, SEND_REDIRECTS)
/* A router takes redirects only where both say so. */
#define IN_DEV_RX_REDIRECTS(in_dev)                            \
	(IN_DEV_FORWARD(in_dev) ?                              \
		 IN_DEV_ANDCONF(in_dev, ACCEPT_REDIRECTS) :    \
		 IN_DEV_ORCONF(in_dev, ACCEPT_REDIRECTS))
#define IN_DEV_PROMOTE_SECONDARIES(in_dev) \
	IN_DEV_ORCONF(in_dev, PROMOTE_SECONDARIES)

#define for_each_ifa(ifa, in_dev) \
	list_for_each_entry(ifa, &(in_dev)->ifa_list, ifa_list)

static inline __be32 inet_make_mask(int logmask)
{
	return logmask ? htonl(~0U << (32 - logmask)) : 0;
}
static inline int inet_mask_len(__be32 mask)
{
	return mask ? 32 - __builtin_ctz(ntohl(mask)) : 0;
}
/* Ones followed by zeros only? */
static inline bool bad_mask(__be32 mask, __be32 addr)
{
	u32 h = ~ntohl(mask);

	return (addr & ~mask) || (h & (h + 1));
}
static inline bool inet_ifa_match(__be32 addr, const struct in_ifaddr *ifa)
{
	return !((addr ^ ifa->ifa_address) & ifa->ifa_mask);
}

/*
 * Add an address (the caller filled in local, address, prefixlen, mask,
 * broadcast, scope, label; it is ours from now on, also on failure) with its
 * routes. 0, -EEXIST, -EINVAL, -ENOBUFS.
 */
int inet_insert_ifa(struct in_device *in_dev, struct in_ifaddr *ifa);
void inet_del_ifa(struct in_device *in_dev, struct in_ifaddr *ifa);
struct in_ifaddr *inet_alloc_ifa(void);
/* Take @ifa out, let @change work on it, insert it again (or lose it). */
int inet_change_ifa(struct in_device *in_dev, struct in_ifaddr *ifa,
		    void (*change)(struct in_ifaddr *ifa, void *arg),
		    void *arg);
/* Convenience of ports and tests: add a.b.c.d/len to @dev. */
int inet_addr_add(struct net_device *dev, __be32 addr, int prefixlen);

/* The settings that a host begins with. */
void devconf_net_init(struct net *net);
/* net.ipv4.ip_forward is conf/all/forwarding. */
void inet_forward_change(struct net *net, int on);

/* Tell who listens by netlink: RTM_NEWADDR, RTM_DELADDR. */
void rtmsg_ifa(int event, const struct in_ifaddr *ifa);

struct net_device *ip_dev_find(struct net *net, __be32 addr);
struct in_ifaddr *inet_ifa_byprefix(struct in_device *in_dev, __be32 prefix,
				    __be32 mask);
bool inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b);
/* Is @local, with this scope, an address of @in_dev's (or of any) device? */
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst,
			 __be32 local, int scope);

/* SIOCGIFADDR and its like; *ret_copyout: write the request back. */
int devinet_ioctl(struct net *net, unsigned int cmd, struct ifreq *ifr,
		  bool *ret_copyout);
/*
 * SIOCGIFCONF's rows of one device: writes ifreqs of @size bytes to @buf, or
 * only counts when it is NULL. Bytes, or -EFAULT.
 */
int inet_gifconf(struct net_device *dev, char __user *buf, int len, int size);

#endif
