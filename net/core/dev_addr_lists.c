// SPDX-License-Identifier: MIT
/*
 * What a device listens to beside its own address: groups of the link layer,
 * each counted, and everything (promiscuous mode). Our devices filter nothing,
 * so this is only kept and told: /proc/net/dev_mcast, `ip link`.
 */
#include "net/core/netdevice.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/proc_net.h"
#include "trace/trace.h"
#include <asm/errno.h>

struct netdev_hw_addr {
	struct list_head list; /* net_device.mc */
	u8 addr[MAX_ADDR_LEN];
	int refcount; /* dev_mc_add() calls */
};

static struct netdev_hw_addr *mc_find(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha;

	list_for_each_entry(ha, &dev->mc, list) {
		if (!memcmp(ha->addr, addr, dev->addr_len))
			return ha;
	}
	return NULL;
}

int dev_mc_add(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = mc_find(dev, addr);

	if (!ha) {
		ha = kzalloc(sizeof(*ha));
		if (!ha)
			return fail(-ENOMEM, "no memory for a link address");
		memcpy(ha->addr, addr, dev->addr_len);
		list_add_tail(&ha->list, &dev->mc);
	}
	ha->refcount++;
	return 0;
}

void dev_mc_del(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = mc_find(dev, addr);

	if (!ha || --ha->refcount)
		return;
	list_del(&ha->list);
	kfree(ha);
}

void dev_mc_flush(struct net_device *dev)
{
	struct netdev_hw_addr *ha, *n;

	list_for_each_entry_safe(ha, n, &dev->mc, list)
		kfree(ha);
	INIT_LIST_HEAD(&dev->mc);
}

void dev_set_promiscuity(struct net_device *dev, int by)
{
	dev->promiscuity += (unsigned int)by;
}

void dev_mcast_seq_show(struct net *net, struct seq *s)
{
	struct netdev_hw_addr *ha;
	struct net_device *dev;

	list_for_each_entry(dev, &net->dev_base, dev_list) {
		list_for_each_entry(ha, &dev->mc, list) {
			seq_printf(s, "%-4d %-15s %-5d %-5d ", dev->ifindex,
				   dev->name, ha->refcount, 0);
			for (int i = 0; i < dev->addr_len; i++)
				seq_printf(s, "%02x", ha->addr[i]);
			seq_puts(s, "\n");
		}
	}
}
