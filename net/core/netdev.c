// SPDX-License-Identifier: MIT
/*
 * Devices of a host: made, found, brought up and down, changed. Protocols
 * that follow them are rows of netdev_chain.
 */
#include "net/core/netdevice.h"

#include "kernel/slab.h"
#include "lib/format.h"
#include "lib/string.h"
#include "net/core/sock.h"

/* In this order; a device that goes is told of in the same order. */
static void (*const netdev_chain[])(enum netdev_event ev,
				    struct net_device *dev) = {
	inetdev_event,
	rtnetlink_event,
	packet_notifier,
};

void call_netdevice_notifiers(enum netdev_event ev, struct net_device *dev)
{
	for (size_t i = 0; i < ARRAY_SIZE(netdev_chain); i++)
		netdev_chain[i](ev, dev);
}

struct net_device *alloc_netdev(size_t priv_size, const char *name,
				void (*setup)(struct net_device *dev))
{
	/* The driver's part lies behind, aligned as kmalloc aligns. */
	size_t size = ALIGN(sizeof(struct net_device), 16UL);
	struct net_device *dev = kzalloc(size + priv_size);

	if (!dev)
		return NULL;
	(void)strscpy(dev->name, name, sizeof(dev->name));
	INIT_LIST_HEAD(&dev->ptype_all);
	INIT_LIST_HEAD(&dev->mc);
	INIT_LIST_HEAD(&dev->dev_list);
	dev->gso_max_size = 65536;
	if (priv_size)
		dev->priv = (char *)dev + size;
	setup(dev);
	return dev;
}

void free_netdev(struct net_device *dev)
{
	kfree(dev);
}

static bool dev_valid_name(const char *name)
{
	if (!name[0] || strlen(name) >= IFNAMSIZ || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (; *name; name++) {
		bool space = *name == ' ' || (*name >= '\t' && *name <= '\r');

		if (*name == '/' || *name == ':' || space)
			return false;
	}
	return true;
}

/* "eth%d" becomes the first free of eth0, eth1, ... 0 or -errno. */
static int dev_get_valid_name(struct net *net, struct net_device *dev,
			      const char *want)
{
	char name[IFNAMSIZ];
	size_t n = strlen(want);

	if (!dev_valid_name(want))
		return fail(-EINVAL, "not a name for a device");
	if (n < 2 || strcmp(want + n - 2, "%d")) {
		if (dev_get_by_name(net, want))
			return fail(-EEXIST, "a device has this name");
		(void)strscpy(dev->name, want, IFNAMSIZ);
		return 0;
	}
	for (int i = 0; i < 1000; i++) {
		(void)scnprintf(name, sizeof(name), "%.*s%d", (int)n - 2, want,
				i);
		if (!dev_get_by_name(net, name)) {
			(void)strscpy(dev->name, name, IFNAMSIZ);
			return 0;
		}
	}
	return fail(-ENFILE, "too many devices of this name");
}

int register_netdev(struct net *net, struct net_device *dev)
{
	char want[IFNAMSIZ];
	int err;

	(void)strscpy(want, dev->name, sizeof(want));
	err = dev_get_valid_name(net, dev, want);
	if (err)
		return err;
	dev->net = net;
	dev->ifindex = (int)++net->ifindex_next;
	list_add_tail(&dev->dev_list, &net->dev_base);
	call_netdevice_notifiers(NETDEV_REGISTER, dev);
	return 0;
}

/* Packets that still wait to be received from @dev. */
static void dev_flush_backlog(struct net_device *dev)
{
	struct net *net = dev->net;
	struct sk_buff *skb, *n;

	skb_queue_walk_safe(&net->backlog, skb, n) {
		if (skb->dev != dev)
			continue;
		__skb_unlink(skb, &net->backlog);
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_CLOSE);
	}
	if (skb_queue_empty(&net->backlog))
		list_del_init(&net->rx_list);
}

void unregister_netdev(struct net_device *dev)
{
	dev_close(dev);
	dev_flush_backlog(dev);
	call_netdevice_notifiers(NETDEV_UNREGISTER, dev);
	if (dev->netdev_ops->ndo_uninit)
		dev->netdev_ops->ndo_uninit(dev);
	dev_mc_flush(dev);
	list_del_init(&dev->dev_list);
}

struct net_device *dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev;

	list_for_each_entry(dev, &net->dev_base, dev_list) {
		if (dev->ifindex == ifindex)
			return dev;
	}
	return NULL;
}

struct net_device *dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev;

	list_for_each_entry(dev, &net->dev_base, dev_list) {
		if (!strncmp(dev->name, name, IFNAMSIZ))
			return dev;
	}
	return NULL;
}

int dev_open(struct net_device *dev)
{
	int err;

	if (dev->flags & IFF_UP)
		return 0;
	if (dev->netdev_ops->ndo_open) {
		err = dev->netdev_ops->ndo_open(dev);
		if (err)
			return err;
	}
	dev->flags |= IFF_UP;
	call_netdevice_notifiers(NETDEV_UP, dev);
	return 0;
}

void dev_close(struct net_device *dev)
{
	if (!(dev->flags & IFF_UP))
		return;
	dev->flags &= ~IFF_UP;
	call_netdevice_notifiers(NETDEV_DOWN, dev);
	if (dev->netdev_ops->ndo_stop)
		(void)dev->netdev_ops->ndo_stop(dev);
}

unsigned int dev_get_flags(const struct net_device *dev)
{
	unsigned int flags = dev->flags & ~(IFF_RUNNING | IFF_LOWER_UP);

	if (!(dev->flags & IFF_UP) || dev->operstate == IF_OPER_DOWN)
		return flags;
	return flags | IFF_RUNNING | IFF_LOWER_UP;
}

/* What a program may change besides up and down. */
#define IFF_SETTABLE                                                          \
	(IFF_DEBUG | IFF_NOARP | IFF_MULTICAST | IFF_PROMISC | IFF_ALLMULTI | \
	 0x0020 /* NOTRAILERS */ | 0x2000 /* PORTSEL */ |                     \
	 0x4000 /* AUTOMEDIA */ | 0x8000 /* DYNAMIC */)

int dev_change_flags(struct net_device *dev, unsigned int flags)
{
	unsigned int promisc = (dev->flags ^ flags) & IFF_PROMISC;

	dev->flags = (flags & IFF_SETTABLE) | (dev->flags & ~IFF_SETTABLE);
	if (promisc)
		dev->promiscuity += flags & IFF_PROMISC ? 1 : -1;
	if (!((dev->flags ^ flags) & IFF_UP))
		return 0;
	if (flags & IFF_UP)
		return dev_open(dev);
	dev_close(dev);
	return 0;
}

int dev_set_mtu(struct net_device *dev, int mtu)
{
	int err;

	if (mtu == (int)dev->mtu)
		return 0;
	if (mtu < 0)
		return fail(-EINVAL, "negative MTU");
	if (dev->netdev_ops->ndo_change_mtu) {
		err = dev->netdev_ops->ndo_change_mtu(dev, mtu);
		if (err)
			return err;
	}
	dev->mtu = (unsigned int)mtu;
	call_netdevice_notifiers(NETDEV_CHANGEMTU, dev);
	return 0;
}

int dev_change_name(struct net_device *dev, const char *name)
{
	if (!strncmp(dev->name, name, IFNAMSIZ))
		return 0;
	return dev_get_valid_name(dev->net, dev, name);
}
