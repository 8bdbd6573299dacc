/* SPDX-License-Identifier: MIT */
/*
 * ICMP (RFC 792, 1122 3.2.2, 1812 4.3): answers to echo and timestamp
 * requests, errors about packets we cannot deliver, and errors others send
 * about ours, which go to the protocol concerned.
 *
 * Errors and answers are limited: a token bucket for the host, and one for
 * each destination that errors go to (RFC 1812 4.3.2.8).
 */
#include "net/ipv4/icmp.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "lib/checksum.h"
#include "lib/siphash.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/ping.h"
#include "net/ipv4/raw.h"
#include <linux/in_route.h>

/* By code of ICMP_DEST_UNREACH: what the program is told (RFC 1122 4.2.3.9) */
const struct icmp_err icmp_err_convert[] = {
	[ICMP_NET_UNREACH] = { ENETUNREACH, 0 },
	[ICMP_HOST_UNREACH] = { EHOSTUNREACH, 0 },
	[ICMP_PROT_UNREACH] = { ENOPROTOOPT, 1 },
	[ICMP_PORT_UNREACH] = { ECONNREFUSED, 1 },
	[ICMP_FRAG_NEEDED] = { EMSGSIZE, 0 },
	[ICMP_SR_FAILED] = { EOPNOTSUPP, 0 },
	[ICMP_NET_UNKNOWN] = { ENETUNREACH, 1 },
	[ICMP_HOST_UNKNOWN] = { EHOSTDOWN, 1 },
	[ICMP_HOST_ISOLATED] = { ENONET, 1 },
	[ICMP_NET_ANO] = { ENETUNREACH, 1 },
	[ICMP_HOST_ANO] = { EHOSTUNREACH, 1 },
	[ICMP_NET_UNR_TOS] = { ENETUNREACH, 0 },
	[ICMP_HOST_UNR_TOS] = { EHOSTUNREACH, 0 },
	[ICMP_PKT_FILTERED] = { EHOSTUNREACH, 1 },
	[ICMP_PREC_VIOLATION] = { EHOSTUNREACH, 1 },
	[ICMP_PREC_CUTOFF] = { EHOSTUNREACH, 1 },
};
static_assert(ARRAY_SIZE(icmp_err_convert) == NR_ICMP_UNREACH + 1,
	      "one row a code");

/* What a message says, for the reason of an error. */
const char *icmp_says(int type, int code)
{
	static const char *const unreach[] = {
		[ICMP_NET_UNREACH] = "ICMP says: network unreachable",
		[ICMP_HOST_UNREACH] = "ICMP says: host unreachable",
		[ICMP_PROT_UNREACH] = "ICMP says: protocol unreachable",
		[ICMP_PORT_UNREACH] = "ICMP says: port unreachable",
		[ICMP_FRAG_NEEDED] = "ICMP says: fragmentation needed",
		[ICMP_SR_FAILED] = "ICMP says: source route failed",
		[ICMP_NET_UNKNOWN] = "ICMP says: network unknown",
		[ICMP_HOST_UNKNOWN] = "ICMP says: host unknown",
		[ICMP_HOST_ISOLATED] = "ICMP says: source host isolated",
		[ICMP_NET_ANO] = "ICMP says: network prohibited",
		[ICMP_HOST_ANO] = "ICMP says: host prohibited",
		[ICMP_NET_UNR_TOS] = "ICMP says: network unreachable for this TOS",
		[ICMP_HOST_UNR_TOS] = "ICMP says: host unreachable for this TOS",
		[ICMP_PKT_FILTERED] = "ICMP says: filtered",
		[ICMP_PREC_VIOLATION] = "ICMP says: precedence violation",
		[ICMP_PREC_CUTOFF] = "ICMP says: precedence cut off",
	};

	if (type == ICMP_DEST_UNREACH && code <= NR_ICMP_UNREACH)
		return unreach[code];
	if (type == ICMP_TIME_EXCEEDED)
		return "ICMP says: time exceeded";
	if (type == ICMP_PARAMETERPROB)
		return "ICMP says: parameter problem";
	return "ICMP says so";
}

#define ICMP_MSGS_PER_SEC 1000 /* of the whole host */
#define ICMP_MSGS_BURST 50
#define ICMP_PEERS 256U /* buckets of destinations */
#define ICMP_PEER_BURST 6

struct icmp_state {
	unsigned long stamp; /* jiffies: when credit was last counted */
	unsigned int credit;
	struct {
		unsigned long stamp;
		unsigned int tokens; /* jiffies saved up */
	} peer[ICMP_PEERS];
};

int icmp_net_init(struct net *net)
{
	struct icmp_state *s = kzalloc(sizeof(*s));
	unsigned int i;

	if (!s)
		return -ENOMEM;
	s->stamp = jiffies;
	s->credit = ICMP_MSGS_BURST;
	for (i = 0; i < ICMP_PEERS; i++)
		s->peer[i].stamp = jiffies - 60 * HZ;
	net->ipv4->icmp = s;
	return 0;
}

void icmp_net_exit(struct net *net)
{
	kfree(net->ipv4->icmp);
	net->ipv4->icmp = NULL;
}

void icmp_out_count(struct net *net, unsigned char type)
{
	static const u8 counter[NR_ICMP_TYPES + 1] = {
		[ICMP_ECHOREPLY] = ICMP_MIB_OutEchoReps,
		[ICMP_DEST_UNREACH] = ICMP_MIB_OutDestUnreachs,
		[ICMP_SOURCE_QUENCH] = ICMP_MIB_OutSrcQuenchs,
		[ICMP_REDIRECT] = ICMP_MIB_OutRedirects,
		[ICMP_ECHO] = ICMP_MIB_OutEchos,
		[ICMP_TIME_EXCEEDED] = ICMP_MIB_OutTimeExcds,
		[ICMP_PARAMETERPROB] = ICMP_MIB_OutParmProbs,
		[ICMP_TIMESTAMP] = ICMP_MIB_OutTimestamps,
		[ICMP_TIMESTAMPREPLY] = ICMP_MIB_OutTimestampReps,
		[ICMP_ADDRESS] = ICMP_MIB_OutAddrMasks,
		[ICMP_ADDRESSREPLY] = ICMP_MIB_OutAddrMaskReps,
	};

	net->mib.icmpmsg_out[type]++;
	ICMP_INC_STATS(net, OutMsgs);
	if (type <= NR_ICMP_TYPES && counter[type])
		net->mib.icmp[counter[type]]++;
}

static inline bool icmp_type_limited(struct net *net, int type, int code)
{
	if (type > NR_ICMP_TYPES)
		return false;
	/* Path MTU discovery must not starve. */
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
		return false;
	return net->ipv4->sysctl_icmp_ratemask & (1 << type);
}

/* The whole host's bucket. */
static bool icmp_global_allow(struct net *net, int type, int code)
{
	struct icmp_state *s = net->ipv4->icmp;
	unsigned long delta = min_t(unsigned long, jiffies - s->stamp, HZ);
	unsigned int incr = (unsigned int)(delta * ICMP_MSGS_PER_SEC / HZ);

	if (!icmp_type_limited(net, type, code))
		return true;
	if (incr) {
		s->stamp = jiffies;
		s->credit =
			min_t(unsigned int, s->credit + incr, ICMP_MSGS_BURST);
	}
	if (!s->credit) {
		ICMP_INC_STATS(net, OutRateLimitGlobal);
		return false;
	}
	s->credit--;
	return true;
}

/* The destination's bucket; the loopback is free. */
static bool icmp_peer_allow(struct net *net, const struct rtable *rt,
			    __be32 daddr, int type, int code)
{
	struct icmp_state *s = net->ipv4->icmp;
	unsigned long token, rate = net->ipv4->sysctl_icmp_ratelimit;
	u64 h;

	if (!icmp_type_limited(net, type, code) || !rate ||
	    (rt->dst.dev->flags & IFF_LOOPBACK))
		return true;
	rate = msecs_to_jiffies(rate);
	h = siphash_2u64(daddr, 1, &net->hash_key) % ICMP_PEERS;
	token = s->peer[h].tokens + (jiffies - s->peer[h].stamp);
	token = min_t(unsigned long, token, ICMP_PEER_BURST *rate);
	s->peer[h].stamp = jiffies;
	if (token < rate) {
		s->peer[h].tokens = (unsigned int)token;
		ICMP_INC_STATS(net, OutRateLimitHost);
		return false;
	}
	s->peer[h].tokens = (unsigned int)(token - rate);
	return true;
}

/*
 * A message: @icmph, then @len bytes, that are there, of @data from @off on.
 * NULL: no memory.
 */
static struct sk_buff *icmp_build(struct net *net, const struct icmphdr *icmph,
				  const struct sk_buff *data, int off, int len)
{
	struct sk_buff *skb = alloc_skb(MAX_HEADER + 64 + sizeof(*icmph) + len);
	struct icmphdr *h;

	if (!skb) {
		IP_INC_STATS(net, OutDiscards);
		ICMP_INC_STATS(net, OutErrors);
		return NULL;
	}
	skb_reserve(skb, MAX_HEADER + 60);
	h = skb_put(skb, sizeof(*icmph) + len);
	skb_reset_transport_header(skb);
	*h = *icmph;
	(void)skb_copy_bits(data, off, h + 1, len);
	h->checksum = 0;
	h->checksum = ip_compute_csum(h, skb->len);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

/* RFC 1122 3.2.2.6, .8: an answer with the payload of @skb, the request. */
static void icmp_reply(struct sk_buff *skb, const struct icmphdr *icmph,
		       int off, int len)
{
	struct net *net = skb->dev->net;
	struct rtable *in_rt = skb_rtable(skb), *rt;
	struct ip_options opt;
	struct flowi4 fl4;
	struct sk_buff *nskb;
	__be32 daddr = ip_hdr(skb)->saddr;

	if (ip_options_echo(net, &opt, &IPCB(skb)->opt, skb))
		return;
	if (!icmp_global_allow(net, icmph->type, icmph->code))
		return;
	/* To the source, from the address asked - unless that was all's. */
	fl4 = (struct flowi4){
		.daddr = opt.srr ? opt.faddr : daddr,
		.saddr = in_rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)
				 ? 0
				 : ip_hdr(skb)->daddr,
		.flowi4_mark = skb->mark,
		.flowi4_tos = ip_hdr(skb)->tos,
		.flowi4_proto = IPPROTO_ICMP,
	};
	rt = ip_route_output_flow(net, &fl4, NULL);
	if (IS_ERR(rt))
		return;
	nskb = icmp_peer_allow(net, rt, daddr, icmph->type, icmph->code)
		       ? icmp_build(net, icmph, skb, off, len)
		       : NULL;
	if (!nskb) {
		ip_rt_put(rt);
		return;
	}
	icmp_out_count(net, icmph->type);
	(void)ip_send_reply(net, nskb, rt, fl4.saddr, daddr, IPPROTO_ICMP,
			    ip_hdr(skb)->tos, 0, false,
			    opt.optlen ? &opt : NULL);
}

static void icmp_echo(struct sk_buff *skb)
{
	struct icmphdr icmph = *icmp_hdr(skb);

	if (skb->dev->net->ipv4->sysctl_icmp_echo_ignore_all)
		return;
	icmph.type = ICMP_ECHOREPLY;
	icmp_reply(skb, &icmph, sizeof(icmph), (int)(skb->len - sizeof(icmph)));
}

/* RFC 1122 3.2.2.8: ms since midnight UT. */
static enum skb_drop_reason icmp_timestamp(struct sk_buff *skb)
{
	u64 day_ms = port_realtime_ns() / NSEC_PER_MSEC % 86400000;
	__be32 now = htonl((u32)day_ms), times[3];
	struct icmphdr icmph = *icmp_hdr(skb);

	if (skb->len < sizeof(icmph) + sizeof(times) ||
	    skb_copy_bits(skb, sizeof(icmph), times, sizeof(times))) {
		ICMP_INC_STATS(skb->dev->net, InErrors);
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	times[1] = now;
	times[2] = now;
	if (skb_cow_head(skb, 0) ||
	    skb_store_bits(skb, sizeof(icmph), times, sizeof(times)))
		return SKB_DROP_REASON_NOMEM;
	icmph.type = ICMP_TIMESTAMPREPLY;
	icmp_reply(skb, &icmph, sizeof(icmph), sizeof(times));
	return SKB_CONSUMED;
}

/* RFC 1122 3.2.2: about what no error may ever be sent. */
static bool icmp_may_send(const struct sk_buff *skb, int type)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct rtable *rt = skb_rtable(skb);
	u8 inner, *p;

	if (skb->pkt_type != PACKET_HOST ||
	    (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) ||
	    ipv4_is_multicast(iph->daddr) || ipv4_is_lbcast(iph->daddr) ||
	    ipv4_is_zeronet(iph->saddr) || ipv4_is_multicast(iph->saddr) ||
	    (iph->frag_off & htons(IP_OFFSET)))
		return false;
	if (iph->protocol != IPPROTO_ICMP)
		return true;
	/* An error about an error never, about a query it may be. */
	p = (u8 *)iph + iph->ihl * 4;
	if (p + 1 > skb_tail_pointer(skb))
		return false;
	inner = *p;
	return inner <= NR_ICMP_TYPES &&
	       (inner == ICMP_ECHOREPLY || inner == ICMP_ECHO ||
		(inner >= ICMP_TIMESTAMP && inner <= ICMP_ADDRESSREPLY));
}

void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info)
{
	struct rtable *in_rt = skb_rtable(skb_in), *rt;
	struct ip_options opt = { 0 };
	struct iphdr *iph = ip_hdr(skb_in);
	struct icmphdr icmph = { .type = (u8)type, .code = (u8)code };
	struct net *net;
	struct flowi4 fl4;
	struct sk_buff *skb;
	int off, room;
	u8 tos;

	if (!in_rt || !icmp_may_send(skb_in, type))
		return;
	net = in_rt->rt_net;
	if (!icmp_global_allow(net, type, code))
		return;
	if (IPCB(skb_in)->opt.optlen &&
	    ip_options_echo(net, &opt, &IPCB(skb_in)->opt, skb_in))
		return;
	/* RFC 1812 4.3.2.5: errors with precedence internetwork control. */
	tos = (iph->tos & 0x1e) | 0xc0;
	fl4 = (struct flowi4){
		.daddr = opt.srr ? opt.faddr : iph->saddr,
		/* Ours if it was for us; else that of the way back. */
		.saddr = in_rt->rt_flags & RTCF_LOCAL ? iph->daddr : 0,
		.flowi4_mark = skb_in->mark,
		.flowi4_tos = tos,
		.flowi4_proto = IPPROTO_ICMP,
		.fl4_icmp_type = (u8)type,
		.fl4_icmp_code = (u8)code,
	};
	rt = ip_route_output_flow(net, &fl4, NULL);
	if (IS_ERR(rt))
		return;
	if (!icmp_peer_allow(net, rt, fl4.daddr, type, code))
		goto out_rt;

	icmph.un.gateway = info;
	/* RFC 1812 4.3.2.3: as much of it as keeps the answer within 576. */
	room = (int)min_t(unsigned int, dst_mtu(&rt->dst), 576) -
	       (int)(sizeof(*iph) + opt.optlen + sizeof(icmph));
	off = skb_network_offset(skb_in);
	room = min(room, (int)skb_in->len - off);
	if (room < (int)sizeof(*iph))
		goto out_rt;
	skb_push(skb_in, (unsigned int)-off);
	skb = icmp_build(net, &icmph, skb_in, 0, room);
	skb_pull(skb_in, (unsigned int)-off);
	if (!skb)
		goto out_rt;
	icmp_out_count(net, (u8)type);
	(void)ip_send_reply(net, skb, rt, fl4.saddr, iph->saddr, IPPROTO_ICMP,
			    tos, 0, false, opt.optlen ? &opt : NULL);
	return;
out_rt:
	ip_rt_put(rt);
}

/*
 * An error about a packet of ours: skb->data moves on to the quoted header,
 * the raw sockets and the protocol get it. Does not own @skb.
 */
static enum skb_drop_reason icmp_unreach(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	const struct icmphdr *icmph = icmp_hdr(skb);
	const struct net_protocol *ipprot;
	const struct iphdr *iph;
	u32 info = 0;
	int protocol;

	if (!pskb_may_pull(skb, sizeof(*icmph) + sizeof(*iph)))
		goto out_err;
	icmph = icmp_hdr(skb);
	iph = (const struct iphdr *)(icmph + 1);
	if (iph->ihl < 5)
		goto out_err;
	/* RFC 1122 3.2.2: the header and at least eight bytes. */
	if (!pskb_may_pull(skb, sizeof(*icmph) + iph->ihl * 4U + 8))
		goto out_err;
	icmph = icmp_hdr(skb);
	iph = (const struct iphdr *)(icmph + 1);
	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
		if (icmph->code == ICMP_FRAG_NEEDED) {
			info = ntohs(icmph->un.frag.mtu);
			/* RFC 1191 5: an old router says nothing; guess. */
			if (!info)
				info = 576;
			if (net->ipv4->sysctl_ip_no_pmtu_disc == 2)
				info = 0;
		}
		if (icmph->code > NR_ICMP_UNREACH)
			return SKB_DROP_REASON_ICMP_IGNORED;
		break;
	case ICMP_PARAMETERPROB:
		info = ntohl(icmph->un.gateway) >> 24;
		break;
	case ICMP_TIME_EXCEEDED:
		if (icmph->code == ICMP_EXC_FRAGTIME)
			return SKB_DROP_REASON_ICMP_IGNORED;
		break;
	case ICMP_REDIRECT:
		info = icmph->un.gateway;
		break;
	}
	/* RFC 1122 3.2.2.1: nobody may break off talk to a whole network. */
	if (inet_addr_type(net, iph->daddr) == RTN_BROADCAST)
		return SKB_DROP_REASON_ICMP_IGNORED;
	skb_pull(skb, sizeof(*icmph));
	protocol = iph->protocol;
	raw_icmp_error(skb, protocol, info);
	ipprot = inet_protos[protocol];
	if (ipprot && ipprot->err_handler)
		ipprot->err_handler(skb, info);
	return SKB_CONSUMED;
out_err:
	ICMP_INC_STATS(net, InErrors);
	return SKB_DROP_REASON_PKT_TOO_SMALL;
}

int icmp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct icmphdr *icmph = (const void *)(skb->data + iph->ihl * 4);
	struct net *net = skb->dev->net;

	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, net, info, 0, IPPROTO_ICMP);
	else if (icmp_hdr(skb)->type == ICMP_REDIRECT)
		ipv4_redirect(skb, net, ip_hdr(skb)->saddr, info);
	/* An echo reply of ours needs no care, a request has a socket. */
	if (icmph->type == ICMP_ECHO)
		ping_err(skb, info);
	return 0;
}

static void icmp_count_in(struct net *net, u8 type)
{
	static const u8 counter[NR_ICMP_TYPES + 1] = {
		[ICMP_ECHOREPLY] = ICMP_MIB_InEchoReps,
		[ICMP_DEST_UNREACH] = ICMP_MIB_InDestUnreachs,
		[ICMP_SOURCE_QUENCH] = ICMP_MIB_InSrcQuenchs,
		[ICMP_REDIRECT] = ICMP_MIB_InRedirects,
		[ICMP_ECHO] = ICMP_MIB_InEchos,
		[ICMP_TIME_EXCEEDED] = ICMP_MIB_InTimeExcds,
		[ICMP_PARAMETERPROB] = ICMP_MIB_InParmProbs,
		[ICMP_TIMESTAMP] = ICMP_MIB_InTimestamps,
		[ICMP_TIMESTAMPREPLY] = ICMP_MIB_InTimestampReps,
		[ICMP_ADDRESS] = ICMP_MIB_InAddrMasks,
		[ICMP_ADDRESSREPLY] = ICMP_MIB_InAddrMaskReps,
	};

	net->mib.icmpmsg_in[type]++;
	if (type <= NR_ICMP_TYPES && counter[type])
		net->mib.icmp[counter[type]]++;
}

/* RFC 1122 3.2.2.6, .8: what is sent to all is not answered. */
static bool icmp_ignore_broadcast(struct net *net, const struct sk_buff *skb,
				  u8 type)
{
	if (!(skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)))
		return false;
	if ((type == ICMP_ECHO || type == ICMP_TIMESTAMP) &&
	    net->ipv4->sysctl_icmp_echo_ignore_broadcasts)
		return true;
	return type != ICMP_ECHO && type != ICMP_TIMESTAMP &&
	       type != ICMP_ADDRESS && type != ICMP_ADDRESSREPLY;
}

/* 0: dealt with, else the reason for dropping it. */
static enum skb_drop_reason icmp_dispatch(struct net *net, struct sk_buff *skb)
{
	switch (icmp_hdr(skb)->type) {
	case ICMP_ECHOREPLY:
		return ping_rcv(skb) ? SKB_CONSUMED : SKB_DROP_REASON_NO_SOCKET;
	case ICMP_ECHO:
		icmp_echo(skb);
		return SKB_CONSUMED;
	case ICMP_TIMESTAMP:
		return icmp_timestamp(skb);
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return icmp_unreach(skb);
	}
	return SKB_DROP_REASON_ICMP_IGNORED;
}

int icmp_rcv(struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_PKT_TOO_SMALL;
	struct net *net = skb->dev->net;
	u8 type;

	ICMP_INC_STATS(net, InMsgs);
	if (skb->ip_summed == CHECKSUM_NONE &&
	    csum_fold(skb_checksum(skb, 0, (int)skb->len, 0))) {
		ICMP_INC_STATS(net, InCsumErrors);
		reason = SKB_DROP_REASON_ICMP_CSUM;
		goto error;
	}
	if (!pskb_may_pull(skb, sizeof(struct icmphdr)))
		goto error;
	skb_reset_transport_header(skb);
	type = icmp_hdr(skb)->type;
	icmp_count_in(net, type);
	/* RFC 1122 3.2.2: unknown types are silently discarded. */
	if (type > NR_ICMP_TYPES) {
		reason = SKB_DROP_REASON_ICMP_IGNORED;
		goto error;
	}
	if (icmp_ignore_broadcast(net, skb, type)) {
		reason = SKB_DROP_REASON_ICMP_IGNORED;
		goto error;
	}
	reason = icmp_dispatch(net, skb);
	kfree_skb_reason(skb, reason);
	return 0;

error:
	ICMP_INC_STATS(net, InErrors);
	kfree_skb_reason(skb, reason);
	return 0;
}
