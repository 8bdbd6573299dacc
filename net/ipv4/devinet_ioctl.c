/* SPDX-License-Identifier: MIT */
/*
 * SIOCGIFADDR and its family (netdevice(7)): addresses of devices as programs
 * of the ioctl age read and set them. An address is named by its label, "eth0"
 * or an alias "eth0:1"; without alias the first with that label counts.
 */
#include "net/ipv4/inetdevice.h"

#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/string.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/ip.h"
#include <linux/capability.h>

/* Prefix length by the class of the address (RFC 791), -1: none. */
static int inet_abc_len(__be32 addr)
{
	u32 h = ntohl(addr);

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return 0;
	if (!(h & 0x80000000U))
		return 8;
	if ((h & 0xc0000000U) == 0x80000000U)
		return 16;
	if ((h & 0xe0000000U) == 0xc0000000U)
		return 24;
	if ((h & 0xf0000000U) == 0xf0000000U)
		return 32;
	return -1;
}

static struct in_ifaddr *find_label(struct in_device *in_dev, const char *label,
				    const struct sockaddr_in *want)
{
	struct in_ifaddr *ifa;

	/* LINUX: a request that holds an address means that very one. */
	if (want) {
		for_each_ifa(ifa, in_dev)
		{
			if (!strcmp(label, ifa->ifa_label) &&
			    want->sin_addr.s_addr == ifa->ifa_local)
				return ifa;
		}
	}
	for_each_ifa(ifa, in_dev)
	{
		if (!strcmp(label, ifa->ifa_label))
			return ifa;
	}
	return NULL;
}

static int devinet_get(unsigned int cmd, const struct in_ifaddr *ifa,
		       struct sockaddr_in *sin)
{
	__be32 a;

	if (!ifa)
		return fail(-EADDRNOTAVAIL, "the device has no IPv4 address");
	switch (cmd) {
	case SIOCGIFADDR:
		a = ifa->ifa_local;
		break;
	case SIOCGIFBRDADDR:
		a = ifa->ifa_broadcast;
		break;
	case SIOCGIFDSTADDR:
		a = ifa->ifa_address;
		break;
	default:
		a = ifa->ifa_mask;
		break;
	}
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = a;
	return 0;
}

static int devinet_set_addr(struct in_device *in_dev, struct in_ifaddr *ifa,
			    const char *label, __be32 addr)
{
	struct net_device *dev = in_dev->dev;
	int plen = inet_abc_len(addr);
	struct in_ifaddr *old = ifa;

	if (plen < 0)
		return fail(-EINVAL, "a group cannot be a device's address");
	if (old && old->ifa_local == addr)
		return 0;
	ifa = inet_alloc_ifa();
	if (!ifa)
		return fail(-ENOBUFS, "no memory");
	strscpy(ifa->ifa_label, label, IFNAMSIZ);
	if (old)
		inet_del_ifa(in_dev, old);
	if (dev->flags & IFF_POINTOPOINT)
		plen = 32;
	ifa->ifa_local = addr;
	ifa->ifa_address = addr;
	ifa->ifa_prefixlen = plen;
	ifa->ifa_mask = inet_make_mask(plen);
	if ((dev->flags & IFF_BROADCAST) && plen < 31)
		ifa->ifa_broadcast = addr | ~ifa->ifa_mask;
	if (ipv4_is_loopback(addr))
		ifa->ifa_scope = RT_SCOPE_HOST;
	return inet_insert_ifa(in_dev, ifa);
}

/* What of an address an ioctl changes. */
struct ifa_change {
	unsigned int cmd;
	__be32 value;
};

static void devinet_apply(struct in_ifaddr *ifa, void *arg)
{
	const struct ifa_change *c = arg;
	bool bcast = ifa->ifa_dev->dev->flags & IFF_BROADCAST;
	__be32 old = ifa->ifa_mask;

	switch (c->cmd) {
	case SIOCSIFBRDADDR:
		ifa->ifa_broadcast = c->value;
		break;
	case SIOCSIFDSTADDR:
		ifa->ifa_address = c->value;
		break;
	case SIOCSIFNETMASK:
		ifa->ifa_mask = c->value;
		ifa->ifa_prefixlen = inet_mask_len(c->value);
		/* A broadcast address that followed the mask goes on doing so. */
		if (bcast && ifa->ifa_prefixlen < 31 &&
		    ifa->ifa_broadcast == (ifa->ifa_local | ~old))
			ifa->ifa_broadcast = ifa->ifa_local | ~c->value;
		break;
	}
}

static int devinet_change(struct in_device *in_dev, struct in_ifaddr *ifa,
			  unsigned int cmd, __be32 value)
{
	struct ifa_change c = { cmd, value };

	switch (cmd) {
	case SIOCSIFBRDADDR:
		if (ifa->ifa_broadcast == value)
			return 0;
		break;
	case SIOCSIFDSTADDR:
		if (ifa->ifa_address == value)
			return 0;
		if (inet_abc_len(value) < 0)
			return fail(-EINVAL, "a group cannot be a peer");
		break;
	case SIOCSIFNETMASK:
		if (bad_mask(value, 0))
			return fail(-EINVAL, "the netmask has holes");
		if (ifa->ifa_mask == value)
			return 0;
		break;
	}
	return inet_change_ifa(in_dev, ifa, devinet_apply, &c);
}

static int devinet_set(struct net_device *dev, unsigned int cmd,
		       struct ifreq *ifr, bool alias)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr->ifr_addr;
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa = NULL;

	if (in_dev)
		ifa = find_label(in_dev, ifr->ifr_name, NULL);
	if (cmd == SIOCSIFFLAGS) {
		if (!alias)
			return dev_change_flags(dev, (u16)ifr->ifr_flags);
		if (!ifa)
			return fail(-EADDRNOTAVAIL, "no such alias");
		/* Taking an alias down removes it. */
		if (!(ifr->ifr_flags & IFF_UP))
			inet_del_ifa(in_dev, ifa);
		return 0;
	}
	if (cmd == SIOCSIFADDR) {
		if (!in_dev)
			return fail(-ENOBUFS, "no memory");
		return devinet_set_addr(in_dev, ifa, ifr->ifr_name,
					sin->sin_addr.s_addr);
	}
	if (!ifa)
		return fail(-EADDRNOTAVAIL, "the device has no IPv4 address");
	return devinet_change(in_dev, ifa, cmd, sin->sin_addr.s_addr);
}

int devinet_ioctl(struct net *net, unsigned int cmd, struct ifreq *ifr,
		  bool *ret_copyout)
{
	struct sockaddr_in want, *sin = (struct sockaddr_in *)&ifr->ifr_addr;
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct in_device *in_dev;
	unsigned int i;
	int err;

	ifr->ifr_name[IFNAMSIZ - 1] = '\0';
	for (i = 0; ifr->ifr_name[i] && ifr->ifr_name[i] != ':'; i++)
		name[i] = ifr->ifr_name[i];
	name[i] = '\0';

	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFNETMASK:
		break;
	case SIOCSIFADDR:
	case SIOCSIFBRDADDR:
	case SIOCSIFDSTADDR:
	case SIOCSIFNETMASK:
	case SIOCSIFFLAGS:
		if (!capable(CAP_NET_ADMIN))
			return fail(-EPERM, "needs CAP_NET_ADMIN");
		if (cmd != SIOCSIFFLAGS && sin->sin_family != AF_INET)
			return fail(-EINVAL, "not an AF_INET address");
		break;
	default:
		return fail(-EINVAL, "not served");
	}
	dev = dev_get_by_name(net, name);
	if (!dev)
		return fail(-ENODEV, "no such device");
	if (cmd != SIOCGIFADDR && cmd != SIOCGIFBRDADDR &&
	    cmd != SIOCGIFDSTADDR && cmd != SIOCGIFNETMASK)
		return devinet_set(dev, cmd, ifr, ifr->ifr_name[i] == ':');

	in_dev = __in_dev_get(dev);
	memcpy(&want, sin, sizeof(want));
	err = devinet_get(
		cmd,
		in_dev ? find_label(in_dev, ifr->ifr_name,
				    want.sin_family == AF_INET ? &want : NULL)
		       : NULL,
		sin);
	*ret_copyout = !err;
	return err;
}

int inet_gifconf(struct net_device *dev, char __user *buf, int len, int size)
{
	struct in_device *in_dev = __in_dev_get(dev);
	struct in_ifaddr *ifa;
	int done = 0;

	if (!in_dev)
		return 0;
	for_each_ifa(ifa, in_dev)
	{
		struct ifreq ifr = { 0 };
		struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;

		if (!buf) {
			done += size;
			continue;
		}
		if (len < size)
			break;
		memcpy(ifr.ifr_name, ifa->ifa_label, IFNAMSIZ);
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = ifa->ifa_local;
		if (copy_to_user(buf + done, &ifr, size))
			return -EFAULT;
		len -= size;
		done += size;
	}
	return done;
}
