/* SPDX-License-Identifier: MIT */
/*
 * The cable. Each end has two places for packets:
 *
 *	xmit -> queue, while the wire is busy (only with a rate)
 *	     -> line: on the wire, by arrival (without a delay: not at all)
 *	     -> the peer's netif_rx()
 *
 * One timer serves both: it stands at the next departure or arrival. What
 * happens to a packet is decided as it gets on the wire.
 */
#include "drivers/net/link.h"

#include "kernel/hrtimer.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/if_ether.h>

#define LINK_QUEUE_DEFAULT 1000
#define LINK_MTU_DEFAULT 1500

struct link_end {
	struct net_device *dev, *peer;
	struct link_params params;
	u32 pattern_at; /* the next packet's place in the pattern */
	struct sk_buff_head queue; /* the first one is being sent */
	struct sk_buff_head line; /* under way to @peer, by arrival */
	u64 sent_at; /* ns: the first of the queue is out */
	u64 last_arrival; /* ns: of those that keep their order */
	struct hrtimer timer;
};

/* skb->cb of a packet on the line. */
struct link_cb {
	u64 arrival; /* ns */
};
#define LINK_CB(skb) ((struct link_cb *)(skb)->cb)

static void link_deliver(struct link_end *e, struct sk_buff *skb)
{
	struct net_device *to = e->peer;

	if (e->params.down || !to || !(to->flags & IFF_UP)) {
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
	struct sk_buff *first = skb_peek(&e->line);
	u64 at = first ? LINK_CB(first)->arrival : ~0ULL;

	if (!skb_queue_empty(&e->queue))
		at = min(at, e->sent_at);
	if (at == ~0ULL)
		(void)hrtimer_cancel(&e->timer);
	else if (!hrtimer_active(&e->timer) || e->timer.expires != at)
		hrtimer_start(&e->timer, at);
}

/* Put @skb on the line, behind all that arrive no later. */
static void link_enqueue(struct link_end *e, struct sk_buff *skb, u64 arrival)
{
	struct sk_buff *at = e->line.prev;

	LINK_CB(skb)->arrival = arrival;
	while (at != (struct sk_buff *)&e->line &&
	       LINK_CB(at)->arrival > arrival)
		at = at->prev;
	__skb_queue_after(&e->line, at, skb);
}

/* What takes no time is there at once, as over a veth. */
static void link_carry(struct link_end *e, struct sk_buff *skb, u64 arrival,
		       u64 now)
{
	if (arrival <= now && skb_queue_empty(&e->line))
		link_deliver(e, skb);
	else
		link_enqueue(e, skb, arrival);
}

static struct sk_buff *link_corrupt(struct sk_buff *skb)
{
	struct sk_buff *bad = skb_copy(skb);
	u32 bit;

	consume_skb(skb);
	if (!bad)
		return NULL;
	/*
	 * The receiver finds any one wrong bit by a whole checksum only. It
	 * needs no memory: a copy has a head of its own.
	 */
	(void)skb_checksum_help(bad);
	bit = get_random_u32_below(bad->len * 8);
	bad->data[bit / 8] ^= (u8)BIT(bit % 8);
	bad->ip_summed = CHECKSUM_NONE;
	return bad;
}

static bool link_chance(u32 chance)
{
	return chance && get_random_u32_below(LINK_SURE) < chance;
}

/* The pattern's letter for the next packet. */
static char link_pattern(struct link_end *e)
{
	const char *p = e->params.pattern;

	if (!p || !p[e->pattern_at])
		return '.';
	p += e->pattern_at++;
	if (!p[1] && !e->params.pattern_once)
		e->pattern_at = 0;
	return *p;
}

/* What becomes of @skb; *delay is what it takes to the other end. */
static enum link_verdict link_judge(struct link_end *e, struct sk_buff *skb,
				    u64 *delay)
{
	const struct link_params *p = &e->params;

	switch (link_pattern(e)) {
	case 'x':
		return LINK_DROP;
	case 'd':
		return LINK_DUPLICATE;
	case 'c':
		return LINK_CORRUPT;
	case 'r':
		*delay += p->reorder_delay;
		return LINK_PASS;
	}
	if (p->down || link_chance(p->loss))
		return LINK_DROP;
	if (link_chance(p->reorder))
		*delay += p->reorder_delay;
	if (link_chance(p->corrupt))
		return LINK_CORRUPT;
	if (link_chance(p->duplicate))
		return LINK_DUPLICATE;
	if (p->judge)
		return p->judge(p->judge_arg, e->dev, skb, delay);
	return LINK_PASS;
}

/* The last bit of @skb is on the wire at @now. */
static void link_wire(struct link_end *e, struct sk_buff *skb, u64 now)
{
	u64 flight = e->params.latency, delay, arrival;
	enum link_verdict verdict;
	struct sk_buff *twin;

	if (e->params.jitter)
		flight += (u64)((unsigned __int128)get_random_u32() *
					e->params.jitter >> 32);
	delay = flight;
	verdict = link_judge(e, skb, &delay);
	if (verdict == LINK_DROP) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NETEM_LOSS);
		return;
	}
	skb_orphan(skb);
	if (verdict == LINK_CORRUPT) {
		skb = link_corrupt(skb);
		if (!skb)
			return;
	}
	arrival = now + delay;
	/* Jitter does not reorder: nobody overtakes on a cable. */
	if (delay == flight)
		arrival = e->last_arrival = max(arrival, e->last_arrival);
	if (verdict == LINK_DUPLICATE) {
		twin = skb_clone(skb);
		if (twin)
			link_carry(e, twin, arrival, now);
	}
	link_carry(e, skb, arrival, now);
}

/* The first of the queue begins to be sent at @now. */
static void link_begin(struct link_end *e, u64 now)
{
	struct sk_buff *skb = skb_peek(&e->queue);

	e->sent_at = now;
	if (skb && e->params.rate)
		e->sent_at += (u64)skb->len * NSEC_PER_SEC / e->params.rate;
}

static void link_timer(struct hrtimer *t)
{
	struct link_end *e = from_hrtimer(e, t, timer);
	u64 now = ktime_get_ns();
	struct sk_buff *skb;

	while (!skb_queue_empty(&e->queue) && e->sent_at <= now) {
		link_wire(e, __skb_dequeue(&e->queue), e->sent_at);
		link_begin(e, e->sent_at);
	}
	while ((skb = skb_peek(&e->line)) && LINK_CB(skb)->arrival <= now) {
		__skb_unlink(skb, &e->line);
		link_deliver(e, skb);
	}
	link_arm(e);
}

static int link_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct link_end *e = dev->priv;

	if (skb_queue_len(&e->queue) > e->params.queue) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_QDISC_DROP);
		return NETDEV_TX_OK;
	}
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	if (!e->params.rate && skb_queue_empty(&e->queue)) {
		link_wire(e, skb, ktime_get_ns());
	} else {
		__skb_queue_tail(&e->queue, skb);
		if (skb_queue_len(&e->queue) == 1)
			link_begin(e, ktime_get_ns());
	}
	link_arm(e);
	return NETDEV_TX_OK;
}

static int link_change_mtu(struct net_device *dev, int mtu)
{
	if (mtu < 68 || mtu > 65535)
		return fail(-EINVAL, "MTU out of range");
	dev->mtu = mtu;
	return 0;
}

static void link_uninit(struct net_device *dev)
{
	struct link_end *e = dev->priv;

	(void)hrtimer_cancel(&e->timer);
	skb_queue_purge_reason(&e->queue, SKB_DROP_REASON_DEV_CLOSE);
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
	dev->type = ARPHRD_NONE; /* IP packets, no link header */
	dev->mtu = LINK_MTU_DEFAULT;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->tx_queue_len = 1000;
	dev->netdev_ops = &link_ops;
}

void link_set(struct net_device *dev, const struct link_params *params)
{
	struct link_end *e = dev->priv;

	e->params = *params;
	e->pattern_at = 0;
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
	skb_queue_head_init(&e->queue);
	skb_queue_head_init(&e->line);
	hrtimer_setup(&e->timer, link_timer);
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

struct net_device *link_peer(const struct net_device *dev)
{
	const struct link_end *e = dev->priv;

	return dev->netdev_ops == &link_ops ? e->peer : NULL;
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
