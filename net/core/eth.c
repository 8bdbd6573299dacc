// SPDX-License-Identifier: MIT
/*
 * The Ethernet header. On devices that resolve no addresses (the loopback) it
 * goes to address zero.
 */
#include "net/core/etherdevice.h"

#include "lib/string.h"

/* Below this the last field is a length (IEEE 802.3), above a type. */
#define ETH_TYPE_MIN 0x0600

static int eth_header(struct sk_buff *skb, struct net_device *dev,
		      unsigned short type, const void *daddr, const void *saddr,
		      unsigned int len)
{
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	if (type == ETH_P_802_3 || type == ETH_P_802_2)
		eth->h_proto = htons((u16)len);
	else
		eth->h_proto = htons(type);
	memcpy(eth->h_source, saddr ? saddr : dev->dev_addr, ETH_ALEN);
	if (daddr) {
		memcpy(eth->h_dest, daddr, ETH_ALEN);
		return ETH_HLEN;
	}
	memset(eth->h_dest, 0, ETH_ALEN);
	/* Without an address it is complete only where none is needed. */
	return dev->flags & (IFF_LOOPBACK | IFF_NOARP) ? ETH_HLEN : -ETH_HLEN;
}

static int eth_header_parse(const struct sk_buff *skb, u8 *haddr)
{
	const struct ethhdr *eth = (const void *)skb_mac_header(skb);

	memcpy(haddr, eth->h_source, ETH_ALEN);
	return ETH_ALEN;
}

static __be16 eth_proto(const struct ethhdr *eth)
{
	return ntohs(eth->h_proto) >= ETH_TYPE_MIN ? eth->h_proto
						   : htons(ETH_P_802_2);
}

static __be16 eth_header_parse_protocol(const struct sk_buff *skb)
{
	return eth_proto((const void *)skb_mac_header(skb));
}

const struct header_ops eth_header_ops = {
	.create = eth_header,
	.parse = eth_header_parse,
	.parse_protocol = eth_header_parse_protocol,
};

__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth = (const void *)skb->data;

	skb->dev = dev;
	skb_reset_mac_header(skb);
	(void)skb_pull(skb, ETH_HLEN);
	if (unlikely(memcmp(eth->h_dest, dev->dev_addr, ETH_ALEN))) {
		if (!(eth->h_dest[0] & 1))
			skb->pkt_type = PACKET_OTHERHOST;
		else if (!memcmp(eth->h_dest, dev->broadcast, ETH_ALEN))
			skb->pkt_type = PACKET_BROADCAST;
		else
			skb->pkt_type = PACKET_MULTICAST;
	}
	return eth_proto(eth);
}
