/* SPDX-License-Identifier: MIT */
/*
 * Routes by ioctl: SIOCADDRT and SIOCDELRT, as route(8) uses them.
 */
#include "net/ipv4/fib.h"

#include "kernel/sched.h"
#include "kernel/uaccess.h"
#include "lib/string.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip.h"
#include <linux/capability.h>
#include <linux/sockios.h>

/* struct rtentry of both ABIs (<linux/route.h> wants libc's headers). */
struct rtentry {
	u64 rt_pad1;
	struct sockaddr rt_dst, rt_gateway, rt_genmask;
	u16 rt_flags;
	s16 rt_pad2;
	u64 rt_pad3, rt_pad4;
	s16 rt_metric;
	u64 rt_dev, rt_mtu, rt_window;
	u16 rt_irtt;
};
struct compat_rtentry {
	u32 rt_pad1;
	struct sockaddr rt_dst, rt_gateway, rt_genmask;
	u16 rt_flags;
	s16 rt_pad2;
	u32 rt_pad3;
	u8 rt_tos, rt_class;
	s16 rt_pad4, rt_metric;
	u32 rt_dev, rt_mtu, rt_window;
	u16 rt_irtt;
};
static_assert(sizeof(struct rtentry) == 120, "x86_64 struct rtentry");
static_assert(sizeof(struct compat_rtentry) == 88 ||
		      sizeof(struct compat_rtentry) == 84,
	      "i386 struct rtentry");

#define RTF_UP 0x0001
#define RTF_GATEWAY 0x0002
#define RTF_HOST 0x0004
#define RTF_MTU 0x0040
#define RTF_WINDOW 0x0080
#define RTF_IRTT 0x0100
#define RTF_REJECT 0x0200

static int rtentry_from_user(struct rtentry *rt, void __user *arg)
{
	struct compat_rtentry c;

	if (!in_compat_syscall())
		return copy_from_user(rt, arg, sizeof(*rt)) ? -EFAULT : 0;
	if (copy_from_user(&c, arg, sizeof(c)))
		return -EFAULT;
	memset(rt, 0, sizeof(*rt));
	rt->rt_dst = c.rt_dst;
	rt->rt_gateway = c.rt_gateway;
	rt->rt_genmask = c.rt_genmask;
	rt->rt_flags = c.rt_flags;
	rt->rt_metric = c.rt_metric;
	rt->rt_dev = c.rt_dev;
	rt->rt_mtu = c.rt_mtu;
	rt->rt_window = c.rt_window;
	rt->rt_irtt = c.rt_irtt;
	return 0;
}

static __be32 sk_extract_addr(const struct sockaddr *a)
{
	return ((const struct sockaddr_in *)a)->sin_addr.s_addr;
}

static int rtentry_prefix(const struct rtentry *rt, struct fib_config *cfg)
{
	__be32 mask;

	if (rt->rt_dst.sa_family != AF_INET)
		return fail(-EAFNOSUPPORT, "not an AF_INET destination");
	cfg->fc_dst = sk_extract_addr(&rt->rt_dst);
	cfg->fc_dst_len = 32;
	if (rt->rt_flags & RTF_HOST)
		return 0;
	mask = sk_extract_addr(&rt->rt_genmask);
	if (rt->rt_genmask.sa_family != AF_INET &&
	    (mask || rt->rt_genmask.sa_family))
		return fail(-EAFNOSUPPORT, "not an AF_INET mask");
	if (bad_mask(mask, cfg->fc_dst))
		return fail(-EINVAL, "mask and destination do not fit");
	cfg->fc_dst_len = inet_mask_len(mask);
	return 0;
}

/* rt_dev names a device, or an alias: that address is the source then. */
static int rtentry_dev(struct net *net, const struct rtentry *rt,
		       struct fib_config *cfg)
{
	char label[IFNAMSIZ], name[IFNAMSIZ];
	struct net_device *dev;
	struct in_ifaddr *ifa;
	unsigned int i;

	memset(label, 0, sizeof(label));
	if (strncpy_from_user(label, u64_to_user_ptr(rt->rt_dev), IFNAMSIZ) ==
	    -EFAULT)
		return -EFAULT;
	label[IFNAMSIZ - 1] = '\0';
	for (i = 0; label[i] && label[i] != ':'; i++)
		name[i] = label[i];
	name[i] = '\0';
	dev = dev_get_by_name(net, name);
	if (!dev)
		return fail(-ENODEV, "no such device");
	cfg->fc_oif = dev->ifindex;
	if (!label[i])
		return 0;
	if (!__in_dev_get(dev))
		return fail(-ENODEV, "the device has no IPv4");
	for_each_ifa(ifa, __in_dev_get(dev))
	{
		if (!strcmp(ifa->ifa_label, label)) {
			cfg->fc_prefsrc = ifa->ifa_local;
			return 0;
		}
	}
	return fail(-ENODEV, "no such alias");
}

static int rtentry_gateway(struct net *net, unsigned int cmd,
			   const struct rtentry *rt, struct fib_config *cfg)
{
	__be32 gw = sk_extract_addr(&rt->rt_gateway);

	if (rt->rt_gateway.sa_family == AF_INET && gw) {
		cfg->fc_gw4 = gw;
		if ((rt->rt_flags & RTF_GATEWAY) &&
		    inet_addr_type(net, gw) == RTN_UNICAST)
			cfg->fc_scope = RT_SCOPE_UNIVERSE;
	}
	if (cmd == SIOCDELRT)
		return 0;
	if ((rt->rt_flags & RTF_GATEWAY) && !cfg->fc_gw4)
		return fail(-EINVAL, "a gateway route without gateway");
	if (cfg->fc_scope == RT_SCOPE_NOWHERE)
		cfg->fc_scope = RT_SCOPE_LINK;
	return 0;
}

static void rtentry_metrics(const struct rtentry *rt, u32 *mx,
			    struct fib_config *cfg)
{
	if (!(rt->rt_flags & (RTF_MTU | RTF_WINDOW | RTF_IRTT)))
		return;
	if (rt->rt_flags & RTF_MTU)
		mx[RTAX_ADVMSS - 1] = (u32)rt->rt_mtu - 40;
	if (rt->rt_flags & RTF_WINDOW)
		mx[RTAX_WINDOW - 1] = (u32)rt->rt_window;
	if (rt->rt_flags & RTF_IRTT)
		mx[RTAX_RTT - 1] = rt->rt_irtt << 3;
	cfg->fc_mx = mx;
}

static int rtentry_to_fib_config(struct net *net, unsigned int cmd,
				 const struct rtentry *rt, u32 *mx,
				 struct fib_config *cfg)
{
	int err = rtentry_prefix(rt, cfg);

	if (err)
		return err;
	if (cmd != SIOCDELRT) {
		cfg->fc_nlflags = NLM_F_CREATE;
		cfg->fc_protocol = RTPROT_BOOT;
	}
	if (rt->rt_metric)
		cfg->fc_priority = rt->rt_metric - 1;
	if (rt->rt_flags & RTF_REJECT) {
		cfg->fc_scope = RT_SCOPE_HOST;
		cfg->fc_type = RTN_UNREACHABLE;
		return 0;
	}
	cfg->fc_scope = RT_SCOPE_NOWHERE;
	cfg->fc_type = RTN_UNICAST;
	if (rt->rt_dev) {
		err = rtentry_dev(net, rt, cfg);
		if (err)
			return err;
	}
	err = rtentry_gateway(net, cmd, rt, cfg);
	if (!err)
		rtentry_metrics(rt, mx, cfg);
	return err;
}

int ip_rt_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct fib_config cfg = { .fc_table = RT_TABLE_MAIN };
	u32 mx[DST_NR_METRICS] = { 0 };
	struct fib_table *tb;
	struct rtentry rt;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return fail(-EPERM, "needs CAP_NET_ADMIN");
	err = rtentry_from_user(&rt, arg);
	if (!err)
		err = rtentry_to_fib_config(net, cmd, &rt, mx, &cfg);
	if (err)
		return err;
	if (cmd == SIOCDELRT) {
		tb = fib_get_table(net, cfg.fc_table);
		return tb ? fib_table_delete(net, tb, &cfg)
			  : fail(-ESRCH, "no such table");
	}
	tb = fib_new_table(net, cfg.fc_table);
	return tb ? fib_table_insert(net, tb, &cfg)
		  : fail(-ENOBUFS, "no memory for a table");
}
