// SPDX-License-Identifier: MIT
/*
 * The way of packets between devices and protocols.
 *
 *	dev_queue_xmit -> dev_hard_start_xmit -> ndo_start_xmit
 *	netif_rx -> backlog of the host -> NET_RX_SOFTIRQ: net_rx_action ->
 *		netif_receive_skb -> taps, handler of the protocol
 *
 * dev_queue_xmit() keeps softirqs off until the driver is done, so that what
 * comes back over the loopback is received at its end, within the sender's
 * call, one packet after the other and never nested.
 */
#include "net/core/netdevice.h"

#include "net/core/dst.h"
#include "net/core/proc_net.h"
#include "net/core/sock.h"
#include "net/core/tstamp.h"
#include <linux/if_ether.h>

/* Packets that one run of NET_RX takes before it lets others go first. */
#define NETDEV_BUDGET 300

/* Handlers by link-layer protocol. */
static struct packet_type ptype_base[] = {
	{ .type = (__be16)__builtin_bswap16(ETH_P_IP),
	  .name = "ip_rcv",
	  .func = ip_rcv },
};

/* Taps: AF_PACKET sockets, captures. They see packets of both directions. */

void dev_add_pack(struct net *net, struct packet_type *pt)
{
	list_add_tail(&pt->list,
		      pt->dev ? &pt->dev->ptype_all : &net->ptype_all);
}

void dev_remove_pack(struct packet_type *pt)
{
	list_del_init(&pt->list);
}

static bool tap_wants(const struct packet_type *pt, const struct sk_buff *skb)
{
	if (skb->pkt_type == PACKET_OUTGOING)
		return pt->type == htons(ETH_P_ALL) && !pt->ignore_outgoing &&
		       !(skb->sk && skb->sk == pt->sk);
	return pt->type == htons(ETH_P_ALL) || pt->type == skb->protocol;
}

/* Give every tap of the list a view of its own. Whether there was one. */
static bool deliver_taps(struct list_head *taps, struct sk_buff *skb,
			 struct net_device *dev)
{
	struct packet_type *pt, *n;
	bool any = false;

	list_for_each_entry_safe(pt, n, taps, list) {
		struct sk_buff *view;

		if (!tap_wants(pt, skb))
			continue;
		any = true;
		view = skb_clone(skb);
		if (view)
			(void)pt->func(view, dev, pt);
	}
	return any;
}

static inline bool dev_has_taps(const struct net_device *dev)
{
	return !list_empty(&dev->ptype_all) ||
	       !list_empty(&dev->net->ptype_all);
}

static void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev)
{
	u8 type = skb->pkt_type;

	if (dev->net->netstamp_needed)
		skb->tstamp = port_realtime_ns();
	skb->pkt_type = PACKET_OUTGOING;
	(void)deliver_taps(&dev->net->ptype_all, skb, dev);
	(void)deliver_taps(&dev->ptype_all, skb, dev);
	skb->pkt_type = type;
}

/* Sending */

static int dev_hard_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	if (dev_has_taps(dev))
		dev_queue_xmit_nit(skb, dev);
	trace_event(TRACE_SKB_XMIT, skb->id, dev->ifindex,
		    skb->sk ? skb->sk->sk_id : 0,
		    skb->len - skb_network_offset(skb),
		    skb_network_header(skb));
	skb_tstamp_tx(skb, SKBTX_SW_TSTAMP, SCM_TSTAMP_SND);
	return dev->netdev_ops->ndo_start_xmit(skb, dev);
}

int dev_queue_xmit(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	int rc;

	if (!(dev->flags & IFF_UP)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_DOWN);
		return fail(-ENETDOWN, "the device is down");
	}
	skb_reset_mac_header(skb);
	skb_tstamp_tx(skb, SKBTX_SCHED_TSTAMP, SCM_TSTAMP_SCHED);
	local_bh_disable();
	rc = dev_hard_start_xmit(skb, dev);
	local_bh_enable();
	return rc;
}

/* Receiving */

int netif_rx(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct net *net = dev->net;

	if (skb_queue_len(&net->backlog) >= (u32)net->core.netdev_max_backlog) {
		dev->stats.rx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_BACKLOG_FULL);
		return NET_RX_DROP;
	}
	skb->tstamp = net->netstamp_needed ? port_realtime_ns() : 0;
	local_bh_disable();
	if (skb_queue_empty(&net->backlog))
		list_add_tail(&net->rx_list, &this_kernel->net_rx);
	__skb_queue_tail(&net->backlog, skb);
	raise_softirq(NET_RX_SOFTIRQ);
	local_bh_enable();
	return NET_RX_SUCCESS;
}

/* @tapped: somebody has seen it already. */
static int deliver_skb(struct sk_buff *skb, struct net_device *dev, bool tapped)
{
	for (size_t i = 0; i < ARRAY_SIZE(ptype_base); i++) {
		struct packet_type *pt = &ptype_base[i];

		if (pt->type == skb->protocol)
			return pt->func(skb, dev, pt);
	}
	if (!tapped)
		dev->stats.rx_dropped++;
	kfree_skb_reason(skb, tapped ? SKB_CONSUMED
				     : SKB_DROP_REASON_UNHANDLED_PROTO);
	return NET_RX_DROP;
}

int netif_receive_skb(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	bool tapped = false;
	int rc;

	if (!(dev->flags & IFF_UP)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_DOWN);
		return NET_RX_DROP;
	}
	skb->skb_iif = dev->ifindex;
	skb_reset_network_header(skb);
	skb->transport_header = skb->network_header;
	if (!dev_has_header(dev))
		skb_reset_mac_header(skb);
	trace_event(TRACE_SKB_RCV, skb->id, dev->ifindex, 0, skb->len,
		    skb_network_header(skb));
	if (dev_has_taps(dev)) {
		tapped = deliver_taps(&dev->net->ptype_all, skb, dev);
		tapped |= deliver_taps(&dev->ptype_all, skb, dev);
	}
	/* Packets made from now on are made because of this one. */
	this_kernel->rx_skb_id = skb->id;
	rc = deliver_skb(skb, dev, tapped);
	this_kernel->rx_skb_id = 0;
	return rc;
}

/* One packet of each host in turn, so that none starves another. */
static void net_rx_action(void)
{
	struct kernel *k = this_kernel;

	for (int left = NETDEV_BUDGET; left > 0; left--) {
		struct net *net;
		struct sk_buff *skb;

		if (list_empty(&k->net_rx))
			return;
		net = list_first_entry(&k->net_rx, struct net, rx_list);
		list_del_init(&net->rx_list);
		skb = __skb_dequeue(&net->backlog);
		if (!skb_queue_empty(&net->backlog))
			list_add_tail(&net->rx_list, &k->net_rx);
		(void)netif_receive_skb(skb);
	}
	if (!list_empty(&k->net_rx))
		raise_softirq(NET_RX_SOFTIRQ);
}

static void ptype_show(const struct packet_type *pt, struct seq *s)
{
	if (pt->type == htons(ETH_P_ALL))
		seq_puts(s, "ALL ");
	else
		seq_printf(s, "%04x", ntohs(pt->type));
	seq_printf(s, " %-8s %s\n", pt->dev ? pt->dev->name : "", pt->name);
}

void ptype_seq_show(struct net *net, struct seq *s)
{
	struct packet_type *pt;
	struct net_device *dev;

	seq_puts(s, "Type Device      Function\n");
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		list_for_each_entry(pt, &dev->ptype_all, list) {
			/* LINUX: others of one device are not shown. */
			if (pt->type == htons(ETH_P_ALL))
				ptype_show(pt, s);
		}
	}
	list_for_each_entry(pt, &net->ptype_all, list)
		ptype_show(pt, s);
	for (size_t i = 0; i < ARRAY_SIZE(ptype_base); i++)
		ptype_show(&ptype_base[i], s);
}

void net_backlog_purge(struct net *net)
{
	if (skb_queue_empty(&net->backlog))
		return;
	list_del_init(&net->rx_list);
	skb_queue_purge_reason(&net->backlog, SKB_DROP_REASON_DEV_CLOSE);
}

void net_dev_init(void)
{
	open_softirq(NET_RX_SOFTIRQ, net_rx_action);
}
