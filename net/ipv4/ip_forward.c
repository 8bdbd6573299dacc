/* SPDX-License-Identifier: MIT */
/*
 * Forwarding (RFC 1812 5.2): for packets that are not for this host, when the
 * device they came in by forwards. Off by default. None has a source route:
 * ip_rcv_options() takes no such packet.
 */
#include "net/core/netdevice.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include <linux/in_route.h>

int ip_forward(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = rt->rt_net;
	enum skb_drop_reason reason = SKB_DROP_REASON_OTHERHOST;
	struct iphdr *iph;
	unsigned int mtu;

	/* Addressed to us on the link, or it is somebody else's business. */
	if (skb->pkt_type != PACKET_HOST)
		goto drop;
	if (IPCB(skb)->opt.router_alert && ip_call_ra_chain(skb))
		return NET_RX_SUCCESS;
	if (ip_hdr(skb)->ttl <= 1) {
		IP_INC_STATS(net, InHdrErrors);
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		reason = SKB_DROP_REASON_IP_TTL;
		goto drop;
	}
	IP_INC_STATS(net, ForwDatagrams);
	IPCB(skb)->flags |= IPSKB_FORWARDED;
	mtu = dst_mtu(&rt->dst);
	if (skb->len > mtu && (ip_hdr(skb)->frag_off & htons(IP_DF)) &&
	    !skb_shinfo(skb)->gso_size) {
		IP_INC_STATS(net, FragFails);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
		reason = SKB_DROP_REASON_PKT_TOO_BIG;
		goto drop;
	}
	if (skb_cow_head(skb, rt->dst.dev->hard_header_len)) {
		reason = SKB_DROP_REASON_NOMEM;
		goto drop;
	}
	if (rt->rt_flags & RTCF_DOREDIRECT)
		icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST,
			  rt->rt_gw4 ? rt->rt_gw4 : ip_hdr(skb)->daddr);
	iph = ip_hdr(skb);
	iph->ttl--;
	ip_send_check(iph);
	return dst_output(net, NULL, skb);

drop:
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}
