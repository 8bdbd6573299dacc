// SPDX-License-Identifier: MIT
/*
 * UDP_SEGMENT: one packet that stands for many datagrams, all but the last of
 * gso_size bytes. Over the loopback it stays one, as far as a socket with
 * UDP_GRO; for other sockets, and for a device that takes no large packets, it
 * is cut here.
 */
#include "net/ipv4/udp.h"

#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/tstamp.h"
#include "net/ipv4/ip_output.h"

int udp_set_gso(struct sock *sk, struct sk_buff *skb, unsigned int size)
{
	unsigned int hlen = (unsigned int)skb_transport_offset(skb) +
			    (unsigned int)sizeof(struct udphdr);
	unsigned int data = skb->len - hlen;

	if (hlen + min(data, size) > ip_sk_mtu(sk, skb_rtable(skb)))
		return fail(-EMSGSIZE, "segment larger than the link allows");
	if (data > size * UDP_MAX_SEGMENTS)
		return fail(-EINVAL, "too many segments");
	if (sk->sk_no_check_tx)
		return fail(-EINVAL, "segments need checksums");
	if (data > size) {
		skb_shinfo(skb)->gso_size = (u16)size;
		skb_shinfo(skb)->gso_segs = (u16)((data + size - 1) / size);
	}
	return 0;
}

/* The datagram of @n bytes at @off of @skb. NULL: no memory. */
static struct sk_buff *udp_gso_one(const struct sk_buff *skb, unsigned int off,
				   unsigned int n)
{
	unsigned int iphlen = skb->transport_header - skb->network_header;
	unsigned int hlen = iphlen + (unsigned int)sizeof(struct udphdr);
	struct sk_buff *seg = alloc_skb(MAX_HEADER + hlen + n);

	if (!seg)
		return NULL;
	skb_copy_meta(seg, skb);
	skb_reserve(seg, MAX_HEADER);
	skb_reset_mac_header(seg);
	skb_reset_network_header(seg);
	skb_set_transport_header(seg, (int)iphlen);
	memcpy(skb_put(seg, hlen), skb_network_header(skb), hlen);
	(void)skb_copy_bits(skb, (int)off, skb_put(seg, n), (int)n);
	return seg;
}

/* The headers of datagram number @i, with a whole checksum if @csum. */
static void udp_gso_headers(struct sk_buff *seg, unsigned int i, bool csum)
{
	struct iphdr *iph = ip_hdr(seg);
	struct udphdr *uh = udp_hdr(seg);
	unsigned int len = seg->len - (seg->transport_header -
				       seg->network_header);

	iph->tot_len = htons((u16)seg->len);
	iph->id = htons((u16)(ntohs(iph->id) + i));
	ip_send_check(iph);
	uh->len = htons((u16)len);
	uh->check = ~csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_UDP,
				       0);
	seg->ip_summed = CHECKSUM_PARTIAL;
	seg->csum_start = seg->transport_header;
	seg->csum_offset = offsetof(struct udphdr, check);
	/* It has a head of its own, so there is nothing to fail. */
	if (csum)
		(void)skb_checksum_help(seg);
}

struct sk_buff *udp_gso_segment(struct sk_buff *skb, bool csum)
{
	unsigned int size = skb_shinfo(skb)->gso_size, n, i = 0;
	unsigned int off = (unsigned int)skb_transport_offset(skb) +
			   (unsigned int)sizeof(struct udphdr);
	struct sk_buff *first = NULL, **last = &first;

	for (; off < skb->len; off += n) {
		struct sk_buff *seg;

		n = min(size, skb->len - off);
		seg = udp_gso_one(skb, off, n);
		if (!seg) {
			for (; first; first = seg) {
				seg = first->next;
				first->next = NULL;
				kfree_skb_reason(first, SKB_CONSUMED);
			}
			return NULL;
		}
		udp_gso_headers(seg, i++, csum);
		*last = seg;
		last = &seg->next;
	}
	if (first)
		skb_move_tx_timestamp(first, skb);
	return first;
}
