/* SPDX-License-Identifier: MIT */
/*
 * Cutting a datagram into fragments (RFC 791 3.2): all but the last carry a
 * multiple of eight bytes; options with the copy bit go into each.
 */
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/core/tstamp.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"

/* One fragment: @len bytes at @off of @skb's payload. NULL: no memory. */
static struct sk_buff *ip_frag_one(struct sk_buff *skb, unsigned int hlen,
				   unsigned int off, unsigned int len)
{
	unsigned int room = MAX_HEADER +
			    ALIGN(skb_dst(skb)->dev->hard_header_len, 16U);
	struct sk_buff *f = alloc_skb(room + hlen + len);

	if (!f)
		return NULL;
	skb_reserve(f, room);
	skb_put(f, hlen + len);
	skb_reset_network_header(f);
	skb_set_transport_header(f, (int)hlen);
	memcpy(f->data, ip_hdr(skb), hlen);
	if (skb_copy_bits(skb, (int)(hlen + off), f->data + hlen, (int)len)) {
		kfree_skb_reason(f, SKB_CONSUMED);
		return NULL;
	}
	f->pkt_type = skb->pkt_type;
	f->priority = skb->priority;
	f->mark = skb->mark;
	f->protocol = skb->protocol;
	f->dev = skb->dev;
	f->skb_iif = skb->skb_iif;
	f->ip_summed = CHECKSUM_UNNECESSARY;
	memcpy(f->cb, skb->cb, sizeof(f->cb));
	dst_hold(skb_dst(skb));
	skb_dst_set(f, skb_dst(skb));
	return f;
}

static int ip_do_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
			  unsigned int mtu,
			  int (*output)(struct net *, struct sock *,
					struct sk_buff *))
{
	unsigned int hlen = ip_hdr(skb)->ihl * 4U, off = 0;
	unsigned int left = skb->len - hlen, max = (mtu - hlen) & ~7U;
	u16 first = ntohs(ip_hdr(skb)->frag_off);
	int err = skb_checksum_help(skb);

	while (left && !err) {
		unsigned int len = min(left, left > mtu - hlen ? max : left);
		struct sk_buff *f = ip_frag_one(skb, hlen, off, len);
		struct iphdr *iph;

		if (!f) {
			err = -ENOMEM;
			break;
		}
		if (sk)
			skb_set_owner_w(f, sk);
		iph = ip_hdr(f);
		left -= len;
		iph->frag_off =
			htons((u16)(((first & IP_OFFSET) + (off >> 3)) |
				    (first & IP_DF) |
				    (left || (first & IP_MF) ? IP_MF : 0)));
		/* Options that are not to be copied go in the first only. */
		if (off == 0 && iph->ihl > 5)
			ip_options_fragment(skb);
		if (off == 0)
			skb_move_tx_timestamp(f, skb);
		iph->tot_len = htons((u16)(hlen + len));
		ip_send_check(iph);
		off += len;
		err = output(net, sk, f);
		if (!err)
			IP_INC_STATS(net, FragCreates);
	}
	if (err) {
		IP_INC_STATS(net, FragFails);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return err;
	}
	IP_INC_STATS(net, FragOKs);
	consume_skb(skb);
	return 0;
}

int ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		unsigned int mtu,
		int (*output)(struct net *, struct sock *, struct sk_buff *))
{
	const struct iphdr *iph = ip_hdr(skb);

	if ((iph->frag_off & htons(IP_DF)) && !skb->local_df) {
		IP_INC_STATS(net, FragFails);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return fail(-EMSGSIZE, "too large, and not to be cut");
	}
	if (mtu < iph->ihl * 4U + 8) {
		IP_INC_STATS(net, FragFails);
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return fail(-EMSGSIZE, "too large, and not to be cut");
	}
	return ip_do_fragment(net, sk, skb, mtu, output);
}
