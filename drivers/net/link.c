/* SPDX-License-Identifier: MIT */
/*
 * The cable. Each end has a line: packets in the order of their arrival time,
 * and a timer for the first of them. A rate makes packets leave one after the
 * other; the latency is added to that.
 */
#include "drivers/net/link.h"

#include "kernel/slab.h"
#include "kernel/timer.h"
#include "lib/string.h"
#include <asm/errno.h>
#include <linux/if_ether.h>

#define LINK_QUEUE_DEFAULT 1000
#define LINK_MTU_DEFAULT 1500

struct link_end {
	struct net_device *dev, *peer;
	struct link_params params;
	struct sk_buff_head line; /* under way to @peer, by arrival */
	struct timer_list timer; /* arrival of the first one */
	u64 free_at; /* ns: the sender has put its last bit on the wire */
};

/* skb->cb of a packet on the line. */
struct link_cb {
	unsigned long arrival; /* jiffies */
};
#define LINK_CB(skb) ((struct link_cb *)(skb)->cb)

static void link_deliver(struct link_end *e, struct sk_buff *skb)
{
	struct net_device *to = e->peer;

	if (!to || !(to->flags & IFF_UP)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_DOWN);
		return;
	}
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_dst_drop(skb);
	skb->dev = to;
	skb->skb_iif = 0;
	skb->pkt_type = PACKET_HOST;
	skb->mark = 0;
	skb->priority = 0;
	to->stats.rx_packets++;
	to->stats.rx_bytes += skb->len;
	(void)netif_rx(skb);
}

static void link_arm(struct link_end *e)
{
	struct sk_buff *skb = skb_peek(&e->line);

	if (skb)
		(void)mod_timer(&e->timer, LINK_CB(skb)->arrival);
}

static void link_timer(struct timer_list *t)
{
	struct link_end *e = from_timer(e, t, timer);
	struct sk_buff *skb;

	while ((skb = skb_peek(&e->line)) &&
	       time_after_eq(jiffies, LINK_CB(skb)->arrival)) {
		__skb_unlink(skb, &e->line);
		link_deliver(e, skb);
	}
	link_arm(e);
}

/* Put @skb on the line, behind all that arrive no later. */
static void link_enqueue(struct link_end *e, struct sk_buff *skb, u64 when)
{
	struct sk_buff *at = e->line.prev;

	LINK_CB(skb)->arrival =
		DIV_ROUND_UP(when, NSEC_PER_SEC / HZ);
	while (at != (struct sk_buff *)&e->line &&
	       time_after(LINK_CB(at)->arrival, LINK_CB(skb)->arrival))
		at = at->prev;
	__skb_queue_after(&e->line, at, skb);
}

static struct sk_buff *link_corrupt(struct sk_buff *skb)
{
	struct sk_buff *bad = skb_copy(skb);
	u32 bit;

	consume_skb(skb);
	if (!bad)
		return NULL;
	bit = get_random_u32_below(bad->len * 8);
	bad->data[bit / 8] ^= (u8)BIT(bit % 8);
	bad->ip_summed = CHECKSUM_NONE;
	return bad;
}

static int link_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct link_end *e = dev->priv;
	u64 now = ktime_get_ns(), leave = max(now, e->free_at);
	u32 delay = e->params.latency_ms;
	enum link_verdict verdict = LINK_PASS;
	struct sk_buff *twin;
	unsigned int len = skb->len;

	if (skb_queue_len(&e->line) >= e->params.queue) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_QDISC_DROP);
		return NETDEV_TX_OK;
	}
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	if (e->params.rate)
		e->free_at = leave + len * NSEC_PER_SEC / e->params.rate;
	else
		e->free_at = leave;
	if (e->params.judge)
		verdict = e->params.judge(e->params.judge_arg, dev, skb,
					  &delay);
	if (verdict == LINK_DROP) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NETEM_LOSS);
		return NETDEV_TX_OK;
	}
	skb_orphan(skb);
	if (verdict == LINK_CORRUPT) {
		skb = link_corrupt(skb);
		if (!skb)
			return NETDEV_TX_OK;
	}
	if (verdict == LINK_DUPLICATE) {
		twin = skb_clone(skb);
		if (twin)
			link_enqueue(e, twin, e->free_at + delay *
							   NSEC_PER_MSEC);
	}
	link_enqueue(e, skb, e->free_at + delay * NSEC_PER_MSEC);
	link_arm(e);
	return NETDEV_TX_OK;
}

static int link_change_mtu(struct net_device *dev, int mtu)
{
	if (mtu < 68 || mtu > 65535)
		return -EINVAL;
	dev->mtu = mtu;
	return 0;
}

static void link_uninit(struct net_device *dev)
{
	struct link_end *e = dev->priv;

	(void)del_timer(&e->timer);
	skb_queue_purge_reason(&e->line, SKB_DROP_REASON_DEV_CLOSE);
	if (e->peer)
		((struct link_end *)e->peer->priv)->peer = NULL;
}

static const struct net_device_ops link_ops = {
	.ndo_start_xmit = link_xmit,
	.ndo_change_mtu = link_change_mtu,
	.ndo_uninit = link_uninit,
};

static void link_setup(struct net_device *dev)
{
	dev->type = ARPHRD_ETHER;
	dev->mtu = LINK_MTU_DEFAULT;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->tx_queue_len = 1000;
	dev->netdev_ops = &link_ops;
}

void link_set(struct net_device *dev, const struct link_params *params)
{
	struct link_end *e = dev->priv;

	e->params = *params;
	if (!e->params.queue)
		e->params.queue = LINK_QUEUE_DEFAULT;
	if (params->mtu)
		dev->mtu = params->mtu;
}

static struct net_device *link_end_new(struct net *net, const char *name,
				       const struct link_params *params)
{
	struct net_device *dev =
		alloc_netdev(sizeof(struct link_end), name, link_setup);
	struct link_end *e;
	int err;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	e = dev->priv;
	e->dev = dev;
	skb_queue_head_init(&e->line);
	timer_setup(&e->timer, link_timer);
	link_set(dev, params);
	err = register_netdev(net, dev);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	return dev;
}

int link_add(struct net *a, const char *name_a, struct net *b,
	     const char *name_b, const struct link_params *params)
{
	struct net_device *da, *db;

	da = link_end_new(a, name_a, params);
	if (IS_ERR(da))
		return (int)PTR_ERR(da);
	db = link_end_new(b, name_b, params);
	if (IS_ERR(db)) {
		unregister_netdev(da);
		free_netdev(da);
		return (int)PTR_ERR(db);
	}
	((struct link_end *)da->priv)->peer = db;
	((struct link_end *)db->priv)->peer = da;
	return 0;
}

void link_del(struct net_device *dev)
{
	struct link_end *e = dev->priv;
	struct net_device *peer = e->peer;

	unregister_netdev(dev);
	free_netdev(dev);
	if (!peer)
		return;
	unregister_netdev(peer);
	free_netdev(peer);
}
