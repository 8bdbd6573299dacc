/* SPDX-License-Identifier: MIT */
/*
 * The last step of sending: the link header, and the device.
 *
 * DEVIATION: no address resolution; devices here need none (loopback, links
 * between hosts of one kernel); docs/LIMITS.md
 */
#include "net/ipv4/arp.h"

#include "net/core/netdevice.h"
#include <linux/if_ether.h>

int arp_output(struct sk_buff *skb, __be32 next_hop)
{
	struct net_device *dev = skb->dev;

	(void)next_hop;
	if (dev_hard_header(skb, dev, ETH_P_IP, NULL, NULL, skb->len) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
		return -EINVAL; /* a packet is dropped */
	}
	return dev_queue_xmit(skb);
}
