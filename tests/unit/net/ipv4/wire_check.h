/* SPDX-License-Identifier: MIT */
/*
 * A tap beside each of two hosts that holds TCP to its windows, reading the
 * packets alone. Of each host, by RFC 9293 3.8.6 and RFC 7323 2.4:
 *
 * 1. It never sends new data beyond the right edge that it was told last;
 *    what it was told may shrink.
 * 2. Of what it sends again at most one segment, the oldest, lies beyond that
 *    edge: the probe of a window that closed over data in flight.
 * 3. The right edge that it tells never moves left.
 *
 * One connection at a time.
 */
#ifndef TESTS_UNIT_NET_IPV4_WIRE_CHECK_H
#define TESTS_UNIT_NET_IPV4_WIRE_CHECK_H

#include "lib/checksum.h"
#include "tests/unit/net/ipv4/stream.h"
#include <linux/if_ether.h>

struct wire_watch {
	struct packet_type pt; /* first */
	const char *name;
	bool may_shrink; /* of what this host is told */
	/* Window scale of its SYN and its peer's; -1: none. */
	int scale, peer_scale;
	u32 mss; /* its peer's, of that SYN */
	bool sent_any, told_any, tells_any;
	u32 snd_max; /* one beyond the last byte it sent */
	u32 una; /* acknowledged by the peer, as far as it arrived here */
	u32 wl1; /* sequence number of what told the edge */
	u32 edge; /* right edge it was told */
	u32 own_edge; /* right edge it tells */
	unsigned int data, closed, breaches; /* counted */
};

/* A segment as the wire has it. */
struct wire_seg {
	const struct tcphdr *th;
	u32 seq, ack, win, len; /* win: scaled */
};

/* The option of a SYN; NULL: it has none. */
static const u8 *wire_option(const struct tcphdr *th, u8 kind)
{
	const u8 *o = (const u8 *)(th + 1);
	const u8 *end = (const u8 *)th + th->doff * 4;

	while (o < end && *o != TCPOPT_EOL) {
		if (*o == TCPOPT_NOP) {
			o++;
			continue;
		}
		if (o + 1 >= end || o[1] < 2)
			break;
		if (*o == kind)
			return o;
		o += o[1];
	}
	return NULL;
}

static int wire_scale(const struct tcphdr *th)
{
	const u8 *o = wire_option(th, TCPOPT_WINDOW);

	return o ? o[2] : -1;
}

static u32 wire_mss(const struct tcphdr *th)
{
	const u8 *o = wire_option(th, TCPOPT_MSS);

	return o ? o[2] << 8 | o[3] : 536;
}

/* False: no TCP, or damaged on its way. @b: room for all of it. */
static bool wire_parse(struct sk_buff *skb, u8 *b, size_t room,
		       struct wire_seg *s)
{
	const struct iphdr *iph = (const struct iphdr *)b;
	u32 n = skb->len;

	if (n > room || skb_copy_bits(skb, 0, b, (int)n) ||
	    iph->protocol != IPPROTO_TCP || iph->ihl < 5 ||
	    ntohs(iph->tot_len) > n || ntohs(iph->tot_len) < iph->ihl * 4U + 20)
		return false;
	n = ntohs(iph->tot_len) - iph->ihl * 4U;
	s->th = (const struct tcphdr *)(b + iph->ihl * 4);
	/* Who made it counted on the link not to damage it (ip_summed). */
	if (skb->ip_summed == CHECKSUM_NONE &&
	    (ip_fast_csum(iph, iph->ihl) ||
	     csum_fold(csum_partial(s->th, n,
				    csum_tcpudp_nofold(iph->saddr, iph->daddr,
						       n, IPPROTO_TCP, 0)))))
		return false;
	if (s->th->doff < 5 || s->th->doff * 4U > n)
		return false;
	s->len = n - s->th->doff * 4U;
	s->seq = ntohl(s->th->seq);
	s->ack = ntohl(s->th->ack_seq);
	s->win = ntohs(s->th->window);
	return true;
}

static void wire_breach(struct wire_watch *w, const char *what,
			const struct wire_seg *s, u32 edge)
{
	if (w->breaches++ < 3)
		print_message("%s: %s: seq %u +%u una %u snd_max %u edge %u "
			      "ack %u win %u\n",
			      w->name, what, s->seq, s->len, w->una, w->snd_max,
			      edge, s->ack, s->win);
}

/* The peer says what it has and may be sent. */
static void wire_told(struct wire_watch *w, const struct wire_seg *s)
{
	u32 edge = s->ack + s->win;

	if (s->th->syn) {
		w->peer_scale = wire_scale(s->th);
		w->mss = wire_mss(s->th);
	}
	if (!s->th->ack || s->th->rst)
		return;
	if (!w->told_any || !w->may_shrink) {
		if (!w->told_any || after(edge, w->edge))
			w->edge = edge;
	} else if (after(s->ack, w->una) ||
		   (s->ack == w->una && (after(s->seq, w->wl1) ||
					 after(edge, w->edge) || !s->win))) {
		w->edge = edge;
		w->wl1 = s->seq;
		w->closed += !s->win;
	}
	if (!w->told_any || after(s->ack, w->una))
		w->una = s->ack;
	w->told_any = true;
}

static void wire_sent(struct wire_watch *w, const struct wire_seg *s)
{
	u32 end = s->seq + s->len, own = s->ack + s->win;

	if (s->th->rst)
		return;
	if (s->th->syn)
		w->scale = wire_scale(s->th);
	if (s->len && w->told_any) {
		w->data++;
		if (after(end, w->snd_max)) {
			if (after(end, w->edge))
				wire_breach(w, "new data beyond the window", s,
					    w->edge);
		} else if (after(end, w->edge) &&
			   (after(s->seq, w->una) || s->len > w->mss)) {
			wire_breach(w, "more than a probe beyond the window", s,
				    w->edge);
		}
	}
	end += s->th->syn;
	if (!w->sent_any || after(end, w->snd_max))
		w->snd_max = end;
	w->sent_any = true;
	if (!s->th->ack)
		return;
	if (w->tells_any && before(own, w->own_edge))
		wire_breach(w, "the window shrinks", s, w->own_edge);
	if (!w->tells_any || after(own, w->own_edge))
		w->own_edge = own;
	w->tells_any = true;
}

static int wire_tap(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt)
{
	struct wire_watch *w = (struct wire_watch *)pt;
	static u8 b[65536];
	struct wire_seg s;
	bool out = skb->pkt_type == PACKET_OUTGOING;

	if (wire_parse(skb, b, sizeof(b), &s)) {
		if (!s.th->syn && w->scale >= 0 && w->peer_scale >= 0)
			s.win <<= out ? w->scale : w->peer_scale;
		if (out)
			wire_sent(w, &s);
		else
			wire_told(w, &s);
	}
	consume_skb(skb);
	return 0;
}

/* Watch @net until wire_unwatch(). */
static void wire_watch(struct wire_watch *w, struct net *net, const char *name)
{
	*w = (struct wire_watch){ .name = name, .scale = -1, .peer_scale = -1 };
	w->pt.type = htons(ETH_P_ALL);
	w->pt.func = wire_tap;
	dev_add_pack(net, &w->pt);
}

static void wire_unwatch(struct wire_watch *w)
{
	dev_remove_pack(&w->pt);
	assert_int_equal(w->breaches, 0);
}

#endif
