/* SPDX-License-Identifier: MIT */
/*
 * Receiving UDP: from ip_local_deliver to the socket's queue (udp_rcv), and
 * from there to the program (udp_recvmsg).
 */
#include "net/ipv4/udp.h"

#include "kernel/sched.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/errqueue.h"
#include "net/core/netdevice.h"
#include "net/core/scm.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include <linux/in_route.h>
#include <linux/rtnetlink.h>

/* Is the checksum of @skb (data at its UDP header) right? */
static bool udp_csum_ok(const struct sk_buff *skb, const struct udphdr *uh)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (skb->ip_summed != CHECKSUM_NONE || !uh->check)
		return true;
	return !csum_tcpudp_magic(iph->saddr, iph->daddr, skb->len, IPPROTO_UDP,
				  skb_checksum(skb, 0, (int)skb->len, 0));
}

/* Owns @skb, whose data is at the UDP header. */
static void udp_queue_rcv_one_skb(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_SOCKET_FILTER;
	struct net *net = sock_net(sk);
	int err = sk_filter(sk, skb);

	if (err || skb->len < sizeof(struct udphdr)) {
		sk->sk_drops++;
		goto drop;
	}
	/* The route does not outlive the queue: keep what cmsgs may need. */
	ipv4_pktinfo_prepare(sk, skb);
	skb_pull(skb, sizeof(struct udphdr));
	err = __sock_queue_rcv_skb(sk, skb);
	if (!err)
		return;
	reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
	UDP_INC_STATS(net, RcvbufErrors);
drop:
	UDP_INC_STATS(net, InErrors);
	kfree_skb_reason(skb, reason);
}

/* The same for what UDP_SEGMENT may have made. */
static void udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *seg, *next;
	unsigned int segs;

	if (likely(!skb_shinfo(skb)->gso_size || udp_sk(sk)->gro_enabled)) {
		udp_queue_rcv_one_skb(sk, skb);
		return;
	}
	seg = udp_gso_segment(skb, false);
	if (!seg) {
		segs = skb_shinfo(skb)->gso_segs;
		sk->sk_drops += (int)segs;
		UDP_ADD_STATS(sock_net(sk), InErrors, segs);
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return;
	}
	consume_skb(skb);
	for (; seg; seg = next) {
		next = seg->next;
		seg->next = NULL;
		skb_pull(seg, (unsigned int)skb_transport_offset(seg));
		udp_queue_rcv_one_skb(sk, seg);
	}
}

/* Does a group or broadcast datagram concern @sk? */
static bool __udp_is_mcast_sock(const struct sock *sk, __be32 daddr, u16 hnum,
				__be32 saddr, __be16 sport, int dif)
{
	if (sk->sk_num != hnum || (sk->sk_daddr && sk->sk_daddr != saddr) ||
	    (sk->sk_dport && sk->sk_dport != sport) ||
	    (sk->sk_rcv_saddr && sk->sk_rcv_saddr != daddr) ||
	    (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif))
		return false;
	return ip_mc_sf_allow(sk, daddr, saddr, dif);
}

/* A copy to each socket that wants it; the last one gets the packet itself. */
static int udp_mcast_deliver(struct net *net, struct sk_buff *skb,
			     const struct udphdr *uh)
{
	const struct iphdr *iph = ip_hdr(skb);
	u16 hnum = ntohs(uh->dest);
	struct sock *sk, *first = NULL;
	struct hlist_node *n;
	int dif = inet_iif(skb);

	hlist_for_each_entry_safe(sk, n, udp_port_bucket(net, hnum), sk_node) {
		struct sk_buff *copy;

		if (!__udp_is_mcast_sock(sk, iph->daddr, hnum, iph->saddr,
					 uh->source, dif))
			continue;
		if (!first) {
			first = sk;
			continue;
		}
		copy = skb_clone(skb);
		if (!copy) {
			sk->sk_drops++;
			UDP_INC_STATS(net, RcvbufErrors);
			UDP_INC_STATS(net, InErrors);
			continue;
		}
		udp_queue_rcv_skb(sk, copy);
	}
	if (first) {
		udp_queue_rcv_skb(first, skb);
	} else {
		UDP_INC_STATS(net, IgnoredMulti);
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	}
	return 0;
}

static int udp_no_socket(struct net *net, struct sk_buff *skb,
			 const struct udphdr *uh)
{
	if (!udp_csum_ok(skb, uh)) {
		UDP_INC_STATS(net, InCsumErrors);
		UDP_INC_STATS(net, InErrors);
		kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
		return 0;
	}
	UDP_INC_STATS(net, NoPorts);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return 0;
}

int udp_rcv(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	const struct rtable *rt = skb_rtable(skb);
	const struct iphdr *iph;
	struct udphdr *uh;
	struct sock *sk;
	u16 ulen;

	if (!pskb_may_pull(skb, sizeof(*uh)))
		goto short_packet;
	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	ulen = ntohs(uh->len);
	if (ulen > skb->len || ulen < sizeof(*uh) || pskb_trim(skb, ulen))
		goto short_packet;
	uh = udp_hdr(skb);
	iph = ip_hdr(skb);

	if (unlikely(rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))) {
		if (!udp_csum_ok(skb, uh))
			goto csum_error;
		return udp_mcast_deliver(net, skb, uh);
	}
	sk = __udp4_lib_lookup(net, skb, iph->saddr, uh->source, iph->daddr,
			       uh->dest, inet_iif(skb));
	if (!sk)
		return udp_no_socket(net, skb, uh);
	/*
	 * RFC 1122 4.1.3.4. The device has checked it, or nothing can have
	 * happened to it, or we look ourselves.
	 */
	if (!udp_csum_ok(skb, uh))
		goto csum_error;
	udp_queue_rcv_skb(sk, skb);
	return 0;

csum_error:
	UDP_INC_STATS(net, InCsumErrors);
	UDP_INC_STATS(net, InErrors);
	kfree_skb_reason(skb, SKB_DROP_REASON_UDP_CSUM);
	return 0;
short_packet:
	UDP_INC_STATS(net, InErrors);
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return 0;
}

/* An ICMP error; skb->data: the quoted IP header. RFC 1122 4.1.3.3. */
int udp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct udphdr *uh = (const void *)(skb->data + iph->ihl * 4);
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;
	struct net *net = skb->dev->net;
	bool harderr = false;
	struct sock *sk;
	int err;

	sk = __udp4_lib_lookup(net, NULL, iph->daddr, uh->dest, iph->saddr,
			       uh->source, skb->dev->ifindex);
	if (!sk) {
		ICMP_INC_STATS(net, InErrors);
		return -ENOENT; /* to no caller of ours */
	}
	switch (type) {
	case ICMP_TIME_EXCEEDED:
		err = EHOSTUNREACH;
		break;
	case ICMP_PARAMETERPROB:
		err = EPROTO;
		harderr = true;
		break;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			ipv4_sk_update_pmtu(skb, sk, info);
			if (inet_sk(sk)->pmtudisc == IP_PMTUDISC_DONT)
				return 0;
			err = EMSGSIZE;
			harderr = true;
			break;
		}
		err = EHOSTUNREACH;
		if (code <= NR_ICMP_UNREACH) {
			harderr = icmp_err_convert[code].fatal;
			err = icmp_err_convert[code].errno;
		}
		break;
	case ICMP_REDIRECT:
		ipv4_redirect(skb, net, ip_hdr(skb)->saddr, info);
		return 0;
	default:
		err = EHOSTUNREACH;
		break;
	}
	if (!inet_sk(sk)->recverr) {
		if (!harderr || sk->sk_state != TCP_ESTABLISHED)
			return 0;
	} else {
		ip_icmp_error(sk, skb, err, uh->dest, info, (u8 *)(uh + 1));
	}
	sk_set_err(sk, err, icmp_says(type, code));
	sk->sk_error_report(sk);
	return 0;
}

static void udp_recv_name(struct msghdr *m, const struct sk_buff *skb,
			  int *addr_len)
{
	struct sockaddr_in *sin = m->msg_name;

	if (!sin)
		return;
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_port = udp_hdr(skb)->source;
	sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
	*addr_len = sizeof(*sin);
}

/* UDP_GRO: how long are the datagrams that @skb stands for? */
static void udp_cmsg_recv(struct msghdr *m, const struct sk_buff *skb)
{
	int size = skb_shinfo(skb)->gso_size;

	if (size)
		(void)put_cmsg(m, SOL_UDP, UDP_GRO, sizeof(size), &size);
}

int udp_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len)
{
	int off, copied, ulen, err = 0;
	struct sk_buff *skb;

	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, m, (int)len, addr_len);
	off = sk_peek_offset(sk, flags);
	skb = __skb_recv_datagram(sk, flags, &off, &err);
	if (!skb)
		return err;
	ulen = (int)skb->len;
	copied = (int)min_t(size_t, len, (size_t)(ulen - off));
	if (copied < ulen - off)
		m->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, off, m, copied);
	if (unlikely(err)) {
		/* LINUX: the datagram is lost to a bad address. */
		if (!(flags & MSG_PEEK)) {
			sk->sk_drops++;
			UDP_INC_STATS(sock_net(sk), InErrors);
		}
		skb_settle_datagram(sk, skb, flags);
		return fail(err, "data address is bad");
	}
	if (flags & MSG_PEEK) {
		sk_peek_offset_fwd(sk, copied);
	} else {
		UDP_INC_STATS(sock_net(sk), InDatagrams);
		sk_peek_offset_bwd(sk, ulen);
	}
	sock_recv_cmsgs(m, sk, skb);
	udp_recv_name(m, skb, addr_len);
	if (udp_sk(sk)->gro_enabled)
		udp_cmsg_recv(m, skb);
	if (inet_sk(sk)->cmsg_flags)
		ip_cmsg_recv_offset(m, sk, skb, sizeof(struct udphdr), off);
	err = (flags & MSG_TRUNC) ? ulen - off : copied;
	skb_settle_datagram(sk, skb, flags);
	return err;
}

int udp_ioctl(struct sock *sk, int cmd, int *karg)
{
	const struct sk_buff *skb;

	switch (cmd) {
	case TIOCOUTQ:
		*karg = sk_wmem_alloc_get(sk);
		return 0;
	case FIONREAD:
		/* LINUX: the next datagram's length, not all that waits. */
		skb = skb_peek(&sk->sk_receive_queue);
		*karg = skb ? (int)skb->len : 0;
		return 0;
	}
	return -ENOIOCTLCMD;
}
