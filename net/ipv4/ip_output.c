/* SPDX-License-Identifier: MIT */
/*
 * Sending IP (RFC 791, 1122 3.2):
 *
 *	ip_queue_xmit		TCP: the socket's route, push the header
 *	ip_send_skb		datagrams, built by ip_append.c
 *	ip_send_reply		answers without a socket
 *	  ip_local_out		length, checksum
 *	    ip_output, ip_mc_output	by the route's dst.output
 *	      ip_finish_output	fragment when too big (ip_fragment_out.c)
 *	        ip_finish_output2	next hop, link header, dev_queue_xmit
 *
 * Checksums of transports are the caller's: see skb->ip_summed.
 */
#include "net/ipv4/ip_output.h"

#include "kernel/kernel.h"
#include "lib/checksum.h"
#include "lib/siphash.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/arp.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/udp.h"
#include <linux/if_ether.h>
#include <linux/in_route.h>
#include <linux/rtnetlink.h>

void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/*
 * RFC 6864: identification matters only to packets that may be fragmented. It
 * must not repeat soon for the same addresses, nor tell how much we send: one
 * keyed counter per destination, that goes on by more than we sent.
 */
void ip_select_ident(struct net *net, struct iphdr *iph, struct sock *sk,
		     bool whole, unsigned int segs)
{
	u64 h;

	/* What is connected counts by itself, and tells of nobody else. */
	if (sk && inet_sk(sk)->inet_daddr) {
		iph->id = htons(inet_sk(sk)->inet_id);
		inet_sk(sk)->inet_id += segs;
		return;
	}
	if (whole) {
		iph->id = 0;
		return;
	}
	h = siphash_2u64((u64)iph->daddr << 32 | iph->saddr, iph->protocol,
			 &net->hash_key);
	iph->id = htons((u16)(h + net->ipv4->ip_id_key));
	net->ipv4->ip_id_key += max(segs, 1U);
}

int ip_select_ttl(const struct inet_sock *inet, const struct dst_entry *dst)
{
	int ttl = inet->uc_ttl;

	if (ttl < 0)
		ttl = (int)dst_metric(dst, RTAX_HOPLIMIT);
	return ttl ? ttl : sock_net(&inet->sk)->ipv4->sysctl_ip_default_ttl;
}

unsigned int ip_sk_mtu(const struct sock *sk, const struct rtable *rt)
{
	if (inet_sk(sk)->pmtudisc < IP_PMTUDISC_PROBE)
		return dst_mtu(&rt->dst);
	return min_t(unsigned int, rt->dst.dev->mtu, IP_MAX_MTU);
}

int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	IP_INC_STATS(net, OutRequests);
	iph->tot_len = htons((u16)skb->len);
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
	return 1;
}

int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	int err = __ip_local_out(net, sk, skb);

	if (likely(err == 1))
		err = dst_output(net, sk, skb);
	return err;
}

/* Push an IP header of @optlen option bytes; the caller fills in the rest. */
static struct iphdr *ip_push_header(struct sk_buff *skb, unsigned int optlen,
				    u8 tos, u8 ttl, u8 protocol)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph) + optlen);

	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = 5 + optlen / 4;
	iph->tos = tos;
	iph->ttl = ttl;
	iph->protocol = protocol;
	iph->frag_off = 0;
	return iph;
}

/* The route of a connected socket: cached, or found anew. */
static struct rtable *ip_sk_route(struct sock *sk, struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt = (struct rtable *)__sk_dst_check(sk, 0);
	struct flowi4 key = {
		.flowi4_oif = sk->sk_bound_dev_if,
		.flowi4_mark = sk->sk_mark,
		.flowi4_tos = inet->tos,
		.flowi4_proto = sk->sk_protocol,
		.flowi4_uid = sk->sk_uid,
		.flowi4_flags = inet->transparent ? FLOWI_FLAG_ANYSRC : 0,
		.flowi4_scope = sock_flag(sk, SOCK_LOCALROUTE)
					? RT_SCOPE_LINK
					: RT_SCOPE_UNIVERSE,
		.daddr = inet->inet_daddr,
		.saddr = inet->inet_saddr,
		.fl4_sport = inet->inet_sport,
		.fl4_dport = inet->inet_dport,
	};

	if (likely(rt))
		return rt;
	if (inet->inet_opt && inet->inet_opt->srr)
		key.daddr = inet->inet_opt->faddr;
	rt = ip_route_output_flow(sock_net(sk), &key, sk);
	if (IS_ERR(rt))
		return NULL;
	if (fl4)
		*fl4 = key;
	sk_dst_set(sk, &rt->dst);
	return rt;
}

int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	const struct ip_options *opt = inet->inet_opt;
	struct net *net = sock_net(sk);
	struct rtable *rt = skb_rtable(skb);
	struct iphdr *iph;
	bool df;

	if (!rt) {
		rt = ip_sk_route(sk, fl4);
		if (!rt)
			goto no_route;
		dst_hold(&rt->dst);
		skb_dst_set(skb, &rt->dst);
	}
	if (opt && opt->is_strictroute && rt->rt_uses_gateway)
		goto no_route;

	df = ip_dont_fragment(sk, &rt->dst) && !rt->rt_mtu_locked &&
	     !skb->local_df;
	iph = ip_push_header(skb, opt ? opt->optlen : 0, inet->tos,
			     ip_select_ttl(inet, &rt->dst), sk->sk_protocol);
	if (df)
		iph->frag_off = htons(IP_DF);
	iph->saddr = inet->inet_saddr;
	iph->daddr = opt && opt->srr ? opt->faddr : inet->inet_daddr;
	if (opt && opt->optlen)
		ip_options_build(skb, opt, inet->inet_daddr, rt);
	ip_select_ident(net, iph, sk, df,
			max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1));
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	return ip_local_out(net, sk, skb);

no_route:
	IP_INC_STATS(net, OutNoRoutes);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return fail(-EHOSTUNREACH, "no route for the segment");
}

int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk,
			  __be32 saddr, __be32 daddr, struct ip_options *opt,
			  u8 tos)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = sock_net(sk);
	bool df = ip_dont_fragment(sk, &rt->dst) && !rt->rt_mtu_locked;
	struct iphdr *iph;

	iph = ip_push_header(skb, opt ? opt->optlen : 0, tos,
			     ip_select_ttl(inet_sk(sk), &rt->dst),
			     sk->sk_protocol);
	iph->saddr = saddr;
	iph->daddr = opt && opt->srr ? opt->faddr : daddr;
	if (df)
		iph->frag_off = htons(IP_DF);
	/* RFC 6528 aside: a SYN-ACK's id tells nothing, the counter would. */
	ip_select_ident(net, iph, NULL, df, 1);
	if (opt && opt->optlen)
		ip_options_build(skb, opt, daddr, rt);
	skb->priority = sk->sk_priority;
	if (!skb->mark)
		skb->mark = sk->sk_mark;
	return ip_local_out(net, (struct sock *)sk, skb);
}

int ip_send_reply(struct net *net, struct sk_buff *skb, struct rtable *rt,
		  __be32 saddr, __be32 daddr, u8 protocol, u8 tos, u8 ttl,
		  bool df, const struct ip_options *opt)
{
	struct iphdr *iph;

	skb_dst_set(skb, &rt->dst);
	if (!ttl)
		ttl = (u8)dst_metric(&rt->dst, RTAX_HOPLIMIT);
	if (!ttl)
		ttl = (u8)net->ipv4->sysctl_ip_default_ttl;
	iph = ip_push_header(skb, opt ? opt->optlen : 0, tos, ttl, protocol);
	iph->saddr = saddr;
	iph->daddr = opt && opt->srr ? opt->faddr : daddr;
	if (df)
		iph->frag_off = htons(IP_DF);
	ip_select_ident(net, iph, NULL, df, 1);
	if (opt && opt->optlen)
		ip_options_build(skb, opt, daddr, rt);
	return ip_local_out(net, NULL, skb);
}

int ip_send_unicast_reply(struct net *net, struct sk_buff *skb, __be32 daddr,
			  __be32 saddr, const void *hdr, unsigned int len,
			  int csum_offset, u8 tos, int bound_dev_if, u32 mark)
{
	u8 protocol = ip_hdr(skb)->protocol;
	struct flowi4 fl4 = {
		.flowi4_oif = bound_dev_if,
		.flowi4_mark = mark,
		.flowi4_tos = tos,
		.flowi4_proto = protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
		.daddr = daddr,
		.saddr = saddr,
	};
	struct rtable *rt;
	struct sk_buff *nskb;

	rt = ip_route_output_flow(net, &fl4, NULL);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	nskb = alloc_skb(MAX_HEADER + sizeof(struct iphdr) + len);
	if (!nskb) {
		ip_rt_put(rt);
		return -ENOMEM;
	}
	skb_reserve(nskb, MAX_HEADER + sizeof(struct iphdr));
	memcpy(skb_put(nskb, len), hdr, len);
	skb_reset_transport_header(nskb);
	if (csum_offset >= 0) {
		__sum16 *check = (__sum16 *)(nskb->data + csum_offset);

		*check = 0;
		*check = csum_tcpudp_magic(saddr, daddr, len, protocol,
					   csum_partial(nskb->data, len, 0));
		nskb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	nskb->mark = mark;
	return ip_send_reply(net, nskb, rt, saddr, daddr, protocol, tos, 0,
			     true, NULL);
}

/* The datagrams that @skb stands for, to a device that takes no such packet. */
static int ip_finish_output_gso(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *seg = udp_gso_segment(skb, true), *next;
	__be32 nexthop = skb_rtable(skb)->rt_gw4;
	int err = 0;

	if (!seg) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return -ENOMEM;
	}
	if (!nexthop)
		nexthop = ip_hdr(skb)->daddr;
	for (; seg; seg = next) {
		int rc;

		next = seg->next;
		seg->next = NULL;
		if (sk)
			skb_set_owner_w(seg, sk);
		rc = arp_output(seg, nexthop);
		if (rc)
			err = rc;
	}
	consume_skb(skb);
	return err;
}

static int ip_finish_output2(struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	struct net_device *dev = skb_dst(skb)->dev;
	const struct rtable *rt = skb_rtable(skb);

	if (rt->rt_type == RTN_MULTICAST) {
		IPEXT_ADD_STATS(net, OutMcastPkts, 1);
		IPEXT_ADD_STATS(net, OutMcastOctets, skb->len);
	} else if (rt->rt_type == RTN_BROADCAST) {
		IPEXT_ADD_STATS(net, OutBcastPkts, 1);
		IPEXT_ADD_STATS(net, OutBcastOctets, skb->len);
	}
	IP_INC_STATS(net, OutTransmits);
	IPEXT_ADD_STATS(net, OutOctets, skb->len);
	if (skb_headroom(skb) < dev->hard_header_len &&
	    pskb_expand_head(skb, ALIGN(dev->hard_header_len, 16), 0)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return -ENOMEM;
	}
	/* TCP has asked its device before (tcp_tso.c). */
	if (unlikely(skb_shinfo(skb)->gso_size) &&
	    ip_hdr(skb)->protocol == IPPROTO_UDP &&
	    (!(dev->features & NETIF_F_GSO) ||
	     skb->len + dev->hard_header_len >= dev->gso_max_size))
		return ip_finish_output_gso(sk, skb);
	return arp_output(skb, rt->rt_gw4 ? rt->rt_gw4 : ip_hdr(skb)->daddr);
}

static int ip_finish_output(struct net *net, struct sock *sk,
			    struct sk_buff *skb)
{
	unsigned int mtu;

	/* A device that takes large segments cuts them itself. */
	if (skb_shinfo(skb)->gso_size)
		return ip_finish_output2(net, sk, skb);
	mtu = sk && sk->sk_family == AF_INET &&
			      inet_sk(sk)->pmtudisc >= IP_PMTUDISC_PROBE
		      ? skb_dst(skb)->dev->mtu
		      : dst_mtu(skb_dst(skb));
	if (unlikely(skb->len > mtu))
		return ip_fragment(net, sk, skb, mtu, ip_finish_output2);
	return ip_finish_output2(net, sk, skb);
}

int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	skb->dev = skb_dst(skb)->dev;
	skb->protocol = htons(ETH_P_IP);
	return ip_finish_output(net, sk, skb);
}

/* A copy of what goes to a group or to all, for this host. */
static void ip_loop_copy(struct sk_buff *skb)
{
	struct sk_buff *copy = __pskb_copy(skb, skb_headroom(skb));

	if (!copy)
		return;
	skb_reset_mac_header(copy);
	copy->pkt_type = PACKET_LOOPBACK;
	copy->ip_summed = CHECKSUM_UNNECESSARY;
	/* The route was one for sending; on input it is looked up afresh. */
	skb_dst_drop(copy);
	(void)netif_rx(copy);
}

int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	skb->dev = rt->dst.dev;
	skb->protocol = htons(ETH_P_IP);
	if (rt->rt_flags & RTCF_MULTICAST) {
		bool loop = !sk || inet_sk(sk)->mc_loop;

		if (loop && (rt->rt_flags & RTCF_LOCAL))
			ip_loop_copy(skb);
		/* RFC 1112 6.1: TTL 0 stays on the host. */
		if (ip_hdr(skb)->ttl == 0) {
			consume_skb(skb);
			return 0;
		}
	}
	if (rt->rt_flags & RTCF_BROADCAST)
		ip_loop_copy(skb);
	return ip_finish_output(net, sk, skb);
}

int ip_send_skb(struct net *net, struct sk_buff *skb)
{
	int err = ip_local_out(net, skb->sk, skb);

	if (!err)
		return 0;
	/* LINUX: a full queue is no error, unless IP_RECVERR asks. */
	if (err > 0)
		err = err == NET_XMIT_DROP
			      ? fail(-ENOBUFS, "the device dropped it")
			      : 0;
	if (err)
		IP_INC_STATS(net, OutDiscards);
	return err;
}
