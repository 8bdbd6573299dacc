/* SPDX-License-Identifier: MIT */
/*
 * Reassembly (RFC 791 3.2, RFC 815 in spirit): fragments of a datagram wait,
 * sorted by offset, until there is no hole.
 *
 * Nobody may fill our memory: a host keeps at most IPFRAG_HIGH_THRESH bytes and
 * a datagram at most IPFRAG_MAX_FRAGS pieces, for IPFRAG_TIME. Fragments that
 * overlap others serve attacks only (RFC 5722): the whole datagram is dropped.
 * A repeated one is ignored.
 */
#include "net/ipv4/ip_fragment.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "kernel/timer.h"
#include "lib/siphash.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"

#define IPFRAG_HASHSZ 64U
#define IPFRAG_HIGH_THRESH (4UL << 20)
#define IPFRAG_TIME (30 * HZ)
#define IPFRAG_MAX_FRAGS 64U

/* One datagram that is not complete. */
struct ipq {
	struct hlist_node node;
	struct ipfrag_state *owner;
	struct net *net;
	__be32 saddr, daddr;
	__be16 id;
	u8 protocol;
	u32 user;
	struct sk_buff_head frags; /* sorted by offset, FRAG_CB() */
	unsigned int len; /* of the payload, once the last one came; else 0 */
	unsigned int meat; /* bytes that have come */
	unsigned int max_size; /* largest fragment with its header */
	bool df; /* a fragment forbade fragmenting */
	int iif;
	unsigned long bytes; /* of memory charged for it */
	struct timer_list timer;
};

struct ipfrag_state {
	struct hlist_head hash[IPFRAG_HASHSZ];
	unsigned int queues;
	unsigned long mem;
};

/* Where a waiting fragment belongs; behind the IP control block. */
struct frag_cb {
	struct inet_skb_parm parm;
	u16 offset; /* bytes */
};
static_assert(sizeof(struct frag_cb) <= sizeof(((struct sk_buff *)0)->cb),
	      "frag_cb fits");
#define FRAG_CB(skb) ((struct frag_cb *)((skb)->cb))

int ip_frag_init(struct net *net)
{
	net->ipv4->frags = kzalloc(sizeof(struct ipfrag_state));
	return net->ipv4->frags ? 0 : -ENOMEM;
}

static void ipq_kill(struct ipq *q, enum skb_drop_reason reason)
{
	struct sk_buff *skb;

	(void)del_timer(&q->timer);
	hlist_del_init(&q->node);
	while ((skb = __skb_dequeue(&q->frags))) {
		/* The device may have gone meanwhile; nobody needs it. */
		kfree_skb_reason(skb, reason);
	}
	q->owner->queues--;
	q->owner->mem -= q->bytes;
	kfree(q);
}

void ip_frag_exit(struct net *net)
{
	struct ipfrag_state *s = net->ipv4->frags;
	struct hlist_node *n;
	struct ipq *q;
	unsigned int i;

	for (i = 0; i < IPFRAG_HASHSZ; i++) {
		hlist_for_each_entry_safe(q, n, &s->hash[i], node)
			ipq_kill(q, SKB_DROP_REASON_DEV_CLOSE);
	}
	kfree(s);
	net->ipv4->frags = NULL;
}

void ip_frag_usage(struct net *net, unsigned int *ret_queues,
		   unsigned long *ret_bytes)
{
	*ret_queues = net->ipv4->frags->queues;
	*ret_bytes = net->ipv4->frags->mem;
}

/* Time is up. RFC 792: say so, if the first fragment has come. */
static void ip_expire(struct timer_list *t)
{
	struct ipq *q = from_timer(q, t, timer);
	struct sk_buff *head = skb_peek(&q->frags);
	struct net *net = q->net;

	IP_INC_STATS(net, ReasmTimeout);
	IP_INC_STATS(net, ReasmFails);
	if (head && !FRAG_CB(head)->offset) {
		head->dev = dev_get_by_index(net, q->iif);
		if (head->dev) {
			/* icmp_send() looks at the network header. */
			skb_push(head, ip_hdr(head)->ihl * 4);
			icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME,
				  0);
		}
	}
	ipq_kill(q, SKB_DROP_REASON_FRAG_REASM_TIMEOUT);
}

static struct hlist_head *ipq_bucket(struct net *net, const struct iphdr *iph)
{
	u64 h = siphash_2u64((u64)iph->saddr << 32 | iph->daddr,
			     (u64)iph->id << 8 | iph->protocol, &net->hash_key);

	return &net->ipv4->frags->hash[h % IPFRAG_HASHSZ];
}

static struct ipq *ip_find(struct net *net, const struct iphdr *iph, u32 user,
			   int iif)
{
	struct ipfrag_state *s = net->ipv4->frags;
	struct hlist_head *head = ipq_bucket(net, iph);
	struct ipq *q;

	hlist_for_each_entry(q, head, node) {
		if (q->id == iph->id && q->saddr == iph->saddr &&
		    q->daddr == iph->daddr && q->protocol == iph->protocol &&
		    q->user == user)
			return q;
	}
	if (s->mem > IPFRAG_HIGH_THRESH)
		return NULL;
	q = kzalloc(sizeof(*q));
	if (!q)
		return NULL;
	q->owner = s;
	q->net = net;
	q->saddr = iph->saddr;
	q->daddr = iph->daddr;
	q->id = iph->id;
	q->protocol = iph->protocol;
	q->user = user;
	q->iif = iif;
	q->bytes = sizeof(*q);
	__skb_queue_head_init(&q->frags);
	timer_setup(&q->timer, ip_expire);
	(void)mod_timer(&q->timer, jiffies + IPFRAG_TIME);
	hlist_add_head(&q->node, head);
	s->queues++;
	s->mem += q->bytes;
	return q;
}

/* Put @skb (data at its payload) in its place. 0: kept. */
static enum skb_drop_reason ipq_insert(struct ipq *q, struct sk_buff *skb,
				       unsigned int off, unsigned int end)
{
	struct sk_buff *p, *prev = NULL;

	skb_queue_walk(&q->frags, p) {
		if (FRAG_CB(p)->offset > off)
			break;
		prev = p;
	}
	if (prev && FRAG_CB(prev)->offset + prev->len > off) {
		bool dup = FRAG_CB(prev)->offset <= off &&
			   FRAG_CB(prev)->offset + prev->len >= end;

		return dup ? SKB_DROP_REASON_DUP_FRAG
			   : SKB_DROP_REASON_FRAG_OVERLAP;
	}
	p = prev ? prev->next : q->frags.next;
	if (p != (struct sk_buff *)&q->frags && FRAG_CB(p)->offset < end)
		return SKB_DROP_REASON_FRAG_OVERLAP;
	FRAG_CB(skb)->offset = (u16)off;
	__skb_queue_after(&q->frags, prev ? prev : (struct sk_buff *)&q->frags,
			  skb);
	return SKB_CONSUMED;
}

/*
 * Add @skb to @q. 0: kept. DUP_FRAG: @skb is to be dropped; any other reason:
 * the whole datagram.
 */
static enum skb_drop_reason ip_frag_queue(struct ipq *q, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int hlen = iph->ihl * 4U, flags = ntohs(iph->frag_off);
	unsigned int off = (flags & IP_OFFSET) << 3;
	unsigned int n = skb->len - hlen, end;
	enum skb_drop_reason reason;

	if (flags & IP_MF)
		n &= ~7U;
	end = off + n;
	if (!n || end + hlen > 0xffff)
		return SKB_DROP_REASON_FRAG_TOO_FAR;
	if (flags & IP_MF) {
		if (q->len && end > q->len)
			return SKB_DROP_REASON_FRAG_TOO_FAR;
	} else {
		struct sk_buff *tail = skb_peek_tail(&q->frags);

		if ((q->len && end != q->len) ||
		    (tail && FRAG_CB(tail)->offset + tail->len > end))
			return SKB_DROP_REASON_FRAG_TOO_FAR;
	}
	if (skb_queue_len(&q->frags) >= IPFRAG_MAX_FRAGS)
		return SKB_DROP_REASON_FRAG_TOO_FAR;
	skb_pull(skb, hlen);
	if (pskb_trim(skb, n))
		return SKB_DROP_REASON_NOMEM;
	reason = ipq_insert(q, skb, off, end);
	if (reason)
		return reason;
	if (!(flags & IP_MF))
		q->len = end;
	skb->dev = NULL;
	q->meat += n;
	q->bytes += skb->truesize;
	q->owner->mem += skb->truesize;
	q->max_size = max(q->max_size, n + hlen);
	if (flags & IP_DF)
		q->df = true;
	return SKB_CONSUMED;
}

/* All is there: one packet with the header of the first fragment. */
static struct sk_buff *ip_frag_reasm(struct ipq *q, struct net_device *dev)
{
	struct sk_buff *head = skb_peek(&q->frags), *p, *skb;
	unsigned int hlen = ip_hdr(head)->ihl * 4U;
	struct iphdr *iph;
	u8 *to;

	skb = alloc_skb(MAX_HEADER + hlen + q->len);
	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_HEADER);
	memcpy(skb_put(skb, hlen), ip_hdr(head), hlen);
	to = skb_put(skb, q->len);
	skb_queue_walk(&q->frags, p)
		(void)skb_copy_bits(p, 0, to + FRAG_CB(p)->offset, (int)p->len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, (int)hlen);
	memcpy(skb->cb, head->cb, sizeof(struct inet_skb_parm));
	IPCB(skb)->flags |= IPSKB_FRAG_COMPLETE;
	IPCB(skb)->frag_max_size = (u16)q->max_size;
	skb->dev = dev;
	skb->skb_iif = q->iif;
	skb->protocol = head->protocol;
	skb->pkt_type = head->pkt_type;
	skb->priority = head->priority;
	skb->mark = head->mark;
	skb->tstamp = head->tstamp;
	skb->tos_ect = head->tos_ect;
	/* Good only if every piece was known to be. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb_queue_walk(&q->frags, p) {
		if (p->ip_summed == CHECKSUM_NONE)
			skb->ip_summed = CHECKSUM_NONE;
	}
	dst_hold(skb_dst(head));
	skb_dst_set(skb, skb_dst(head));
	iph = ip_hdr(skb);
	iph->tot_len = htons((u16)(hlen + q->len));
	iph->frag_off = q->df ? htons(IP_DF) : 0;
	ip_send_check(iph);
	return skb;
}

struct sk_buff *ip_defrag(struct net *net, struct sk_buff *skb, u32 user)
{
	struct net_device *dev = skb->dev;
	enum skb_drop_reason reason;
	struct sk_buff *whole;
	struct ipq *q;

	IP_INC_STATS(net, ReasmReqds);
	skb_orphan(skb);
	q = ip_find(net, ip_hdr(skb), user, dev->ifindex);
	if (!q) {
		IP_INC_STATS(net, ReasmFails);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	reason = ip_frag_queue(q, skb);
	if (reason) {
		kfree_skb_reason(skb, reason);
		if (reason == SKB_DROP_REASON_DUP_FRAG)
			return NULL;
		if (reason == SKB_DROP_REASON_FRAG_OVERLAP)
			IPEXT_ADD_STATS(net, ReasmOverlaps, 1);
		IP_INC_STATS(net, ReasmFails);
		ipq_kill(q, reason);
		return NULL;
	}
	if (!q->len || q->meat != q->len)
		return NULL;
	whole = ip_frag_reasm(q, dev);
	if (whole)
		IP_INC_STATS(net, ReasmOKs);
	else
		IP_INC_STATS(net, ReasmFails);
	ipq_kill(q, whole ? SKB_CONSUMED : SKB_DROP_REASON_NOMEM);
	return whole;
}
