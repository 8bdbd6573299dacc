/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: links, taps, and packets put on a wire by hand.
 */
#include "ports/sim/library.h"

#include "drivers/net/link.h"
#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

/* The largest IP packet; lo may carry a little more. */
#define PACKET_MAX (128U << 10)

struct tg_link_end {
	struct list_head list; /* tg_host.links */
	struct tg_link *link;
	struct tg_host *host;
	struct net_device *dev;
	struct link_params params; /* of what this end sends */
	char *pattern; /* a copy that params refers to, or NULL */
	enum tg_verdict (*judge)(void *arg, const struct tg_packet *p,
				 uint64_t *delay);
	void *judge_arg;
};

struct tg_link {
	struct tg_link_end end[2]; /* A, B */
};

struct tg_tap {
	struct list_head list; /* tg_kernel.taps */
	struct tg_kernel *k;
	struct tg_host *host; /* NULL: all */
	char dev[IFNAMSIZ]; /* "": all */
	void (*fn)(void *arg, const struct tg_packet *p);
	void *arg;
	struct list_head on; /* struct tg_tap_on.of_tap */
};

/* A tap on one host. */
struct tg_tap_on {
	struct packet_type pt;
	struct tg_tap *tap;
	struct tg_host *host;
	struct list_head of_tap, on_host;
};

/* Room for the packets that callbacks see. */
static int packet_room(struct tg_kernel *k)
{
	if (!k->packet)
		k->packet = malloc(PACKET_MAX);
	return k->packet ? 0 : -ENOMEM;
}

/* A view of @skb from its IP header on. False: it has none. */
static bool packet_view(struct tg_host *h, const struct net_device *dev,
			const struct sk_buff *skb, bool outgoing,
			struct tg_packet *ret)
{
	int off = skb_network_offset(skb);
	size_t len = skb->len - (size_t)off;
	struct tg_kernel *k = h->k;

	if ((skb->protocol != htons(ETH_P_IP) &&
	     skb->protocol != htons(ETH_P_IPV6)) ||
	    len > PACKET_MAX || skb_copy_bits(skb, off, k->packet, (int)len))
		return false;
	*ret = (struct tg_packet){
		.host = h,
		.dev = dev->name,
		.outgoing = outgoing,
		.time = tg_now(k),
		.data = k->packet,
		.len = len,
	};
	return true;
}

/* Links */

static enum link_verdict ask_judge(void *arg, struct net_device *dev,
				   const struct sk_buff *skb, u64 *delay)
{
	static const enum link_verdict verdicts[] = {
		[TG_PASS] = LINK_PASS,
		[TG_DROP] = LINK_DROP,
		[TG_DUPLICATE] = LINK_DUPLICATE,
		[TG_CORRUPT] = LINK_CORRUPT,
	};
	struct tg_link_end *e = arg;
	enum tg_verdict v;
	struct tg_packet p;

	if (!packet_view(e->host, dev, skb, true, &p))
		return LINK_PASS;
	e->host->k->in_callback = true;
	v = e->judge(e->judge_arg, &p, delay);
	e->host->k->in_callback = false;
	return (unsigned int)v < ARRAY_SIZE(verdicts) ? verdicts[v] : LINK_PASS;
}

static int check_params(const struct tg_link_params *p)
{
	if (p->loss > TG_SURE || p->duplicate > TG_SURE ||
	    p->corrupt > TG_SURE || p->reorder > TG_SURE)
		return -EINVAL;
	if (p->mtu && (p->mtu < 68 || p->mtu > 65535))
		return -EINVAL;
	if (p->pattern && p->pattern[strspn(p->pattern, ".xdcr")])
		return -EINVAL;
	/* Sums of times must not overflow. */
	if (p->latency > INT64_MAX / 4 || p->jitter > INT64_MAX / 4 ||
	    p->reorder_delay > INT64_MAX / 4)
		return -EINVAL;
	return 0;
}

/* Take over @p, checked. -ENOMEM with all as it was. */
static int end_params(struct tg_link_end *e, const struct tg_link_params *p)
{
	char *pattern = p->pattern ? strdup(p->pattern) : NULL;

	if (p->pattern && !pattern)
		return -ENOMEM;
	free(e->pattern);
	e->pattern = pattern;
	e->params = (struct link_params){
		.latency = p->latency,
		.jitter = p->jitter,
		.rate = p->rate && p->rate < 8 ? 1 : p->rate / 8,
		.queue = p->queue,
		.loss = p->loss,
		.duplicate = p->duplicate,
		.corrupt = p->corrupt,
		.reorder = p->reorder,
		.reorder_delay = p->reorder_delay,
		.pattern = pattern,
		.pattern_once = p->pattern_once,
		.down = e->params.down,
		.judge = e->judge ? ask_judge : NULL,
		.judge_arg = e,
	};
	return 0;
}

static void link_ends_free(struct tg_link *l)
{
	for (int i = 0; i < 2; i++) {
		list_del(&l->end[i].list);
		free(l->end[i].pattern);
	}
	free(l);
}

int tg_link_new(struct tg_host *a, const char *dev_a, struct tg_host *b,
		const char *dev_b, const struct tg_link_params *params,
		struct tg_link **ret_link)
{
	static const struct tg_link_params none;
	struct tg_host *host[2] = { a, b };
	const char *name[2] = { dev_a, dev_b };
	struct tg_link *l;
	int err;

	if (!params)
		params = &none;
	if (!a || !b || !dev_a || !dev_b || !ret_link || a->k != b->k ||
	    check_params(params))
		return -EINVAL;
	if (a->k->in_callback || tg_abroad(a->k))
		return -EDEADLK;
	ENTER(a->k);
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	for (int i = 0; i < 2; i++) {
		l->end[i].link = l;
		l->end[i].host = host[i];
		list_add_tail(&l->end[i].list, &host[i]->links);
	}
	err = end_params(&l->end[0], params);
	if (!err)
		err = end_params(&l->end[1], params);
	if (!err)
		err = link_add(a->net, dev_a, b->net, dev_b, &l->end[0].params);
	if (err) {
		link_ends_free(l);
		return err;
	}
	for (int i = 0; i < 2; i++) {
		struct tg_link_end *e = &l->end[i];

		e->dev = dev_get_by_name(host[i]->net, name[i]);
		link_set(e->dev, &e->params);
		if (!err && params->mtu)
			err = dev_set_mtu(e->dev, (int)params->mtu);
		if (!err)
			err = dev_open(e->dev);
	}
	if (err) {
		tg_link_free(l);
		return err;
	}
	*ret_link = l;
	return 0;
}

void tg_link_free(struct tg_link *l)
{
	struct tg_kernel *k;

	if (!l)
		return;
	k = l->end[0].host->k;
	if (k->in_callback)
		return;
	ENTER(k);
	link_del(l->end[0].dev);
	link_ends_free(l);
}

void tg_links_free(struct tg_host *h)
{
	struct tg_link_end *e;

	while (!list_empty(&h->links)) {
		e = list_first_entry(&h->links, struct tg_link_end, list);
		tg_link_free(e->link);
	}
}

/* The ends that @from names, one after the other; NULL: no more. */
static struct tg_link_end *each_end(struct tg_link *l, unsigned int from,
				    int *i)
{
	while (*i < 2) {
		if (from & 1U << (*i)++)
			return &l->end[*i - 1];
	}
	return NULL;
}

static int check_from(const struct tg_link *l, unsigned int from)
{
	if (!l || !from || from > TG_BOTH)
		return -EINVAL;
	return l->end[0].host->k->in_callback ? -EDEADLK : 0;
}

int tg_link_set(struct tg_link *l, unsigned int from,
		const struct tg_link_params *params)
{
	int err = check_from(l, from), i = 0;
	struct tg_link_end *e;

	if (err || !params || check_params(params))
		return err ? err : -EINVAL;
	ENTER(l->end[0].host->k);
	while (!err && (e = each_end(l, from, &i))) {
		err = end_params(e, params);
		if (err)
			break;
		link_set(e->dev, &e->params);
		if (params->mtu)
			err = dev_set_mtu(e->dev, (int)params->mtu);
	}
	return err;
}

int tg_link_cut(struct tg_link *l, unsigned int from, bool cut)
{
	int err = check_from(l, from), i = 0;
	struct tg_link_end *e;

	if (err)
		return err;
	ENTER(l->end[0].host->k);
	while ((e = each_end(l, from, &i))) {
		e->params.down = cut;
		link_set(e->dev, &e->params);
	}
	return 0;
}

int tg_link_judge(struct tg_link *l, unsigned int from,
		  enum tg_verdict (*fn)(void *arg, const struct tg_packet *p,
					uint64_t *delay),
		  void *arg)
{
	int err = check_from(l, from), i = 0;
	struct tg_link_end *e;

	if (!err)
		err = packet_room(l->end[0].host->k);
	if (err)
		return err;
	ENTER(l->end[0].host->k);
	while ((e = each_end(l, from, &i))) {
		e->judge = fn;
		e->judge_arg = arg;
		e->params.judge = fn ? ask_judge : NULL;
		link_set(e->dev, &e->params);
	}
	return 0;
}

/* Taps */

static int tap_packet(struct sk_buff *skb, struct net_device *dev,
		      struct packet_type *pt)
{
	struct tg_tap_on *on = container_of(pt, struct tg_tap_on, pt);
	struct tg_tap *t = on->tap;
	struct tg_packet p;

	if ((!t->dev[0] || !strcmp(t->dev, dev->name)) &&
	    packet_view(on->host, dev, skb, skb->pkt_type == PACKET_OUTGOING,
			&p)) {
		bool before = t->k->in_callback;

		t->k->in_callback = true;
		t->fn(t->arg, &p);
		t->k->in_callback = before;
	}
	consume_skb(skb);
	return 0;
}

static int tap_attach(struct tg_tap *t, struct tg_host *h)
{
	struct tg_tap_on *on = calloc(1, sizeof(*on));

	if (!on)
		return -ENOMEM;
	on->tap = t;
	on->host = h;
	on->pt.type = htons(ETH_P_ALL);
	on->pt.func = tap_packet;
	on->pt.name = "tg_tap";
	dev_add_pack(h->net, &on->pt);
	list_add_tail(&on->of_tap, &t->on);
	list_add_tail(&on->on_host, &h->taps);
	return 0;
}

static void tap_detach(struct tg_tap_on *on)
{
	dev_remove_pack(&on->pt);
	list_del(&on->of_tap);
	list_del(&on->on_host);
	free(on);
}

int tg_taps_attach(struct tg_host *h)
{
	struct tg_tap *t;
	int err = 0;

	list_for_each_entry(t, &h->k->taps, list) {
		if (!err && !t->host)
			err = tap_attach(t, h);
	}
	return err;
}

void tg_taps_detach(struct tg_host *h)
{
	struct tg_tap_on *on, *n;

	list_for_each_entry_safe(on, n, &h->taps, on_host)
		tap_detach(on);
}

int tg_tap_new(struct tg_kernel *k, struct tg_host *h, const char *dev,
	       void (*fn)(void *arg, const struct tg_packet *p), void *arg,
	       struct tg_tap **ret_tap)
{
	struct tg_host *each;
	struct tg_tap *t;
	int err;

	if (!k || !fn || !ret_tap || (h && h->k != k) ||
	    (dev && (!dev[0] || strlen(dev) >= IFNAMSIZ)))
		return -EINVAL;
	if (k->in_callback)
		return -EDEADLK;
	ENTER(k);
	t = calloc(1, sizeof(*t));
	err = t ? packet_room(k) : -ENOMEM;
	if (err) {
		free(t);
		return err;
	}
	t->k = k;
	t->host = h;
	if (dev)
		strcpy(t->dev, dev);
	t->fn = fn;
	t->arg = arg;
	INIT_LIST_HEAD(&t->on);
	list_add_tail(&t->list, &k->taps);
	list_for_each_entry(each, &k->hosts, list) {
		if (!err && (!h || h == each))
			err = tap_attach(t, each);
	}
	if (err) {
		tg_tap_free(t);
		return err;
	}
	*ret_tap = t;
	return 0;
}

void tg_tap_free(struct tg_tap *t)
{
	struct tg_tap_on *on, *n;

	if (!t || t->k->in_callback)
		return;
	ENTER(t->k);
	list_for_each_entry_safe(on, n, &t->on, of_tap)
		tap_detach(on);
	list_del(&t->list);
	free(t);
}

void tg_taps_free(struct tg_kernel *k)
{
	struct tg_tap *t, *n;

	list_for_each_entry_safe(t, n, &k->taps, list)
		tg_tap_free(t);
}

int tg_inject(struct tg_host *h, const char *dev, const void *data, size_t len)
{
	struct net_device *d;
	struct sk_buff *skb;

	if (!h || !dev || !data || !len)
		return -EINVAL;
	if (len > 65535)
		return -EMSGSIZE;
	if (h->k->in_callback)
		return -EDEADLK;
	ENTER(h->k);
	d = strlen(dev) < IFNAMSIZ ? dev_get_by_name(h->net, dev) : NULL;
	if (!d)
		return -ENODEV;
	if (!(d->flags & IFF_UP))
		return -ENETDOWN;
	kernel_tick();
	skb = alloc_skb((unsigned int)len);
	if (!skb)
		return -ENOMEM;
	memcpy(skb_put(skb, (unsigned int)len), data, len);
	skb_reset_network_header(skb);
	skb->protocol = *(const u8 *)data >> 4 == 6 ? htons(ETH_P_IPV6) :
						      htons(ETH_P_IP);
	skb->dev = d;
	d->stats.rx_packets++;
	d->stats.rx_bytes += len;
	(void)netif_rx(skb);
	tg_realtime_arm(h->k);
	return 0;
}
