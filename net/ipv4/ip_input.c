/* SPDX-License-Identifier: MIT */
/*
 * Receiving IP (RFC 791, 1122 3.2):
 *
 *	ip_rcv			header sane? (RFC 1122 3.2.1.1: else silence)
 *	  ip_rcv_finish		route, unless the loopback brought it along
 *	    ip_local_deliver	reassemble
 *	      ip_local_deliver_finish	raw sockets, then the protocol's handler
 *	    ip_forward		not for us: ip_forward.c
 */
#include "net/ipv4/ip.h"

#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip_fragment.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include <linux/in_route.h>

static void ip_protocol_deliver(struct net *net, struct sk_buff *skb,
				int protocol)
{
	const struct net_protocol *ipprot = inet_protos[protocol];
	bool raw = raw_local_deliver(skb, protocol);

	if (ipprot) {
		IP_INC_STATS(net, InDelivers);
		ipprot->handler(skb);
	} else if (raw) {
		IP_INC_STATS(net, InDelivers);
		consume_skb(skb);
	} else {
		IP_INC_STATS(net, InUnknownProtos);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
	}
}

static int ip_local_deliver_finish(struct net *net, struct sk_buff *skb)
{
	skb_pull(skb, ip_hdr(skb)->ihl * 4);
	skb_reset_transport_header(skb);
	ip_protocol_deliver(net, skb, ip_hdr(skb)->protocol);
	return 0;
}

int ip_local_deliver(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;

	if (ip_hdr(skb)->frag_off & htons(IP_MF | IP_OFFSET)) {
		skb = ip_defrag(net, skb, IP_DEFRAG_LOCAL_DELIVER);
		if (!skb)
			return 0;
	}
	return ip_local_deliver_finish(net, skb);
}

/* Options of an incoming packet. False: dropped. */
static bool ip_rcv_options(struct sk_buff *skb, struct net_device *dev)
{
	struct net *net = dev->net;
	struct ip_options *opt;
	__be32 info = 0;

	/* What follows may write into the header. */
	if (skb_cow_head(skb, 0)) {
		IP_INC_STATS(net, InDiscards);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return false;
	}
	opt = &IPCB(skb)->opt;
	opt->optlen = ip_hdr(skb)->ihl * 4 - sizeof(struct iphdr);
	if (ip_options_compile(net, opt, skb, &info)) {
		IP_INC_STATS(net, InHdrErrors);
		icmp_send(skb, ICMP_PARAMETERPROB, 0, info);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OPTIONS);
		return false;
	}
	/* RFC 7126 4.3: source routes are refused. LINUX: unless allowed. */
	if (opt->srr) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OPTIONS);
		return false;
	}
	return true;
}

static void ip_rcv_count(struct net *net, const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	if (rt->rt_type == RTN_MULTICAST) {
		IPEXT_ADD_STATS(net, InMcastPkts, 1);
		IPEXT_ADD_STATS(net, InMcastOctets, skb->len);
	} else if (rt->rt_type == RTN_BROADCAST) {
		IPEXT_ADD_STATS(net, InBcastPkts, 1);
		IPEXT_ADD_STATS(net, InBcastOctets, skb->len);
	}
}

/* There is no way for @skb: @err says why. */
static void ip_rcv_no_route(struct net *net, struct sk_buff *skb, int err)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_IP_MARTIAN;

	if (err == -EXDEV) {
		NET_INC_STATS(net, IPReversePathFilter);
		reason = SKB_DROP_REASON_IP_RPFILTER;
	} else if (err == -ENOBUFS) {
		reason = SKB_DROP_REASON_NOMEM;
	}
	kfree_skb_reason(skb, reason);
}

static int ip_rcv_finish(struct net *net, struct sk_buff *skb,
			 struct net_device *dev)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt;
	int err;

	if (!skb_dst(skb)) {
		err = ip_route_input(skb, iph->daddr, iph->saddr, iph->tos,
				     dev);
		if (unlikely(err)) {
			ip_rcv_no_route(net, skb, err);
			return NET_RX_DROP;
		}
	}
	if (iph->ihl > 5 && !ip_rcv_options(skb, dev))
		return NET_RX_DROP;
	rt = skb_rtable(skb);
	if (unlikely(rt->rt_type != RTN_LOCAL))
		ip_rcv_count(net, skb);
	return dst_input(skb);
}

/* By the ECN bits: RFC 3168 5. */
static_assert(IPEXT_MIB_InECT1Pkts == IPEXT_MIB_InNoECTPkts + 1 &&
		      IPEXT_MIB_InECT0Pkts == IPEXT_MIB_InNoECTPkts + 2 &&
		      IPEXT_MIB_InCEPkts == IPEXT_MIB_InNoECTPkts + 3,
	      "counters by codepoint");

/* RFC 1122 3.2.1: version, length and checksum, or silently discarded. */
static struct sk_buff *ip_rcv_core(struct sk_buff *skb, struct net *net)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_IP_INHDR;
	const struct iphdr *iph;
	unsigned int len, hlen;

	IP_INC_STATS(net, InReceives);
	IPEXT_ADD_STATS(net, InOctets, skb->len);
	skb = skb_share_check(skb);
	if (!skb) {
		IP_INC_STATS(net, InDiscards);
		return NULL;
	}
	if (!pskb_may_pull(skb, sizeof(*iph)))
		goto inhdr_error;
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4U;
	if (iph->ihl < 5 || iph->version != 4)
		goto inhdr_error;
	skb->tos_ect = iph->tos & 3;
	net->mib.ipext[IPEXT_MIB_InNoECTPkts + skb->tos_ect] +=
		max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	if (!pskb_may_pull(skb, hlen))
		goto inhdr_error;
	iph = ip_hdr(skb);
	if (unlikely(ip_fast_csum(iph, iph->ihl))) {
		IPEXT_ADD_STATS(net, InCsumErrors, 1);
		reason = SKB_DROP_REASON_IP_CSUM;
		goto inhdr_error;
	}
	len = ntohs(iph->tot_len);
	if (skb->len < len) {
		IPEXT_ADD_STATS(net, InTruncatedPkts, 1);
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
		return NULL;
	}
	if (len < hlen)
		goto inhdr_error;
	/* What the link padded is no part of the packet. */
	if (skb->len > len && pskb_trim(skb, len)) {
		IP_INC_STATS(net, InDiscards);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	skb_set_transport_header(skb, hlen);
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->skb_iif;
	skb_orphan(skb);
	return skb;

inhdr_error:
	IP_INC_STATS(net, InHdrErrors);
	kfree_skb_reason(skb, reason);
	return NULL;
}

int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt)
{
	struct net *net = dev->net;

	/* Seen because of promiscuous mode only. */
	if (skb->pkt_type == PACKET_OTHERHOST) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return NET_RX_DROP;
	}
	skb = ip_rcv_core(skb, net);
	if (!skb)
		return NET_RX_DROP;
	return ip_rcv_finish(net, skb, dev);
}
