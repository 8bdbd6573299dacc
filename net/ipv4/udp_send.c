/* SPDX-License-Identifier: MIT */
/*
 * Sending UDP: udp_sendmsg() -> route -> datagram (ip_append.c) ->
 * udp_send_skb(): header, checksum -> ip_send_skb().
 */
#include "net/ipv4/udp.h"

#include "kernel/sched.h"
#include "lib/checksum.h"
#include "net/core/scm.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include <linux/in_route.h>
#include <linux/rtnetlink.h>

/* The checksum of @skb, or the deferral of it to a device with a wire. */
static void udp_set_csum(struct sk_buff *skb, struct udphdr *uh, __be32 saddr,
			 __be32 daddr, unsigned int len, bool nocheck)
{
	struct dst_entry *dst = skb_dst(skb);

	uh->check = 0;
	if (nocheck) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		return;
	}
	/*
	 * What never leaves the kernel whole needs only the pseudo header, and
	 * so does what is cut, as each datagram has its own checksum.
	 */
	if (skb_shinfo(skb)->gso_size ||
	    ((dst->dev->features & NETIF_F_NOCSUM) &&
	     skb->len <= dst_mtu(dst))) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = (u16)((u8 *)uh - skb->head);
		skb->csum_offset = offsetof(struct udphdr, check);
		uh->check =
			~csum_tcpudp_magic(saddr, daddr, len, IPPROTO_UDP, 0);
		return;
	}
	uh->check = csum_tcpudp_magic(
		saddr, daddr, len, IPPROTO_UDP,
		skb_checksum(skb, (int)((u8 *)uh - skb->data), (int)len, 0));
	if (!uh->check)
		uh->check = (__sum16)0xffff; /* RFC 768: 0 means none */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
}

static int udp_send_skb(struct sock *sk, struct sk_buff *skb,
			const struct flowi4 *fl4, unsigned int gso_size)
{
	struct udphdr *uh = udp_hdr(skb);
	unsigned int len = skb->len - skb_transport_offset(skb);
	struct net *net = sock_net(sk);
	int err;

	if (gso_size) {
		err = udp_set_gso(sk, skb, gso_size);
		if (err) {
			kfree_skb_reason(skb, SKB_CONSUMED);
			return err;
		}
	}
	uh->source = inet_sk(sk)->inet_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = htons((u16)len);
	udp_set_csum(skb, uh, fl4->saddr, fl4->daddr, len, sk->sk_no_check_tx);
	err = ip_send_skb(net, skb);
	if (err) {
		if (err == -ENOBUFS && !inet_sk(sk)->recverr) {
			UDP_INC_STATS(net, SndbufErrors);
			err = 0;
		}
		return err;
	}
	UDP_INC_STATS(net, OutDatagrams);
	return 0;
}

int udp_push_pending_frames(struct sock *sk)
{
	struct ip_cork *cork = inet_sk(sk)->cork;
	struct flowi4 fl4;
	unsigned int gso_size;
	struct sk_buff *skb;
	int err = 0;

	if (!cork)
		return 0;
	fl4 = cork->fl4;
	gso_size = cork->gso_size;
	skb = ip_finish_skb(sk, &err);
	return skb ? udp_send_skb(sk, skb, &fl4, gso_size) : err;
}

/* UDP_SEGMENT, SOL_UDP's only control message. */
static int udp_cmsg_send(struct sock *sk, struct msghdr *m,
			 struct ipcm_cookie *ipc, bool *ret_need_ip)
{
	struct cmsghdr *c;

	for_each_cmsghdr(c, m) {
		if (!CMSG_OK(m, c))
			return fail(-EINVAL, "control message malformed");
		if (c->cmsg_level != SOL_UDP) {
			*ret_need_ip = true;
			continue;
		}
		if (c->cmsg_type != UDP_SEGMENT ||
		    c->cmsg_len != CMSG_LEN(sizeof(u16)))
			return fail(-EINVAL, "unknown control message");
		ipc->gso_size = *(u16 *)CMSG_DATA(c);
	}
	return 0;
}

static int udp_read_cmsgs(struct sock *sk, struct msghdr *m,
			  struct ipcm_cookie *ipc)
{
	bool need_ip = false;
	int err;

	if (!m->msg_controllen)
		return 0;
	err = udp_cmsg_send(sk, m, ipc, &need_ip);
	if (!err && need_ip)
		err = ip_cmsg_send(sk, m, ipc);
	return err;
}

/* The route to *fl4: the connected socket's own, or a new one. Counted. */
static struct rtable *udp_route(struct sock *sk, struct flowi4 *fl4,
				bool connected)
{
	struct net *net = sock_net(sk);
	struct rtable *rt = NULL;

	if (connected) {
		rt = (struct rtable *)__sk_dst_check(sk, 0);
		if (rt) {
			dst_hold(&rt->dst);
			fl4->saddr = inet_sk(sk)->inet_saddr;
			return rt;
		}
	}
	rt = ip_route_output_flow(net, fl4, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(net, OutNoRoutes);
		return rt;
	}
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(fail(-EACCES, "broadcast needs SO_BROADCAST"));
	}
	if (connected)
		sk_dst_set(sk, dst_clone(&rt->dst));
	return rt;
}

/* Groups have a device and a source of their own. */
static void udp_mcast_defaults(struct sock *sk, const struct ipcm_cookie *ipc,
			       struct flowi4 *fl4, bool *connected)
{
	struct inet_sock *inet = inet_sk(sk);

	if (ipv4_is_multicast(fl4->daddr)) {
		if (!fl4->flowi4_oif)
			fl4->flowi4_oif = inet->mc_index;
		if (!fl4->saddr)
			fl4->saddr = inet->mc_addr;
		*connected = false;
	} else if (!fl4->flowi4_oif) {
		fl4->flowi4_oif = inet->uc_index;
	} else if (ipv4_is_lbcast(fl4->daddr) && inet->uc_index) {
		/* IP_UNICAST_IF means broadcasts, too. */
		fl4->flowi4_oif = inet->uc_index;
	}
}

static void udp_flow(struct sock *sk, const struct ipcm_cookie *ipc,
		     __be32 daddr, __be16 dport, unsigned int flags,
		     struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	bool local = sock_flag(sk, SOCK_LOCALROUTE) ||
		     (flags & MSG_DONTROUTE) ||
		     (ipc->opt && ipc->opt->is_strictroute);

	*fl4 = (struct flowi4){
		.flowi4_oif = ipc->oif,
		.flowi4_mark = ipc->sockc.mark,
		.flowi4_tos = ipc->tos != -1 ? (u8)ipc->tos : inet->tos,
		.flowi4_scope = local ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.flowi4_proto = (u8)sk->sk_protocol,
		.flowi4_flags = inet->transparent ? FLOWI_FLAG_ANYSRC : 0,
		.flowi4_uid = sk->sk_uid,
		.daddr = daddr,
		.saddr = ipc->addr,
		.fl4_sport = inet->inet_sport,
		.fl4_dport = dport,
	};
}

static int udp_send_corked(struct sock *sk, struct msghdr *m, size_t len,
			   const struct flowi4 *fl4,
			   const struct ipcm_cookie *ipc, struct rtable *rt,
			   bool more)
{
	/* The header goes before the first piece. */
	unsigned int hlen = inet_sk(sk)->cork ? 0 : sizeof(struct udphdr);
	struct sk_buff *skb;
	int err = 0;

	dst_hold(&rt->dst);
	skb = ip_append_piece(sk, m, (unsigned int)len + hlen, hlen, rt,
			      m->msg_flags, &err);
	if (!skb) {
		ip_rt_put(rt);
		return err;
	}
	/* While we slept for room another thread may have corked or sent. */
	if (hlen && inet_sk(sk)->cork) {
		skb_pull(skb, hlen);
	} else if (!hlen && !inet_sk(sk)->cork) {
		skb_push(skb, sizeof(struct udphdr));
		skb_set_transport_header(skb, 0);
	}
	err = ip_append_data(sk, fl4, skb, ipc, rt);
	if (err)
		ip_flush_pending_frames(sk);
	else if (!more)
		err = udp_push_pending_frames(sk);
	return err;
}

static int udp_sendmsg_error(struct sock *sk, int err)
{
	/* LINUX: lack of buffers is counted, as the packet is lost. */
	if (err == -ENOBUFS ||
	    (sk->sk_socket && (sk->sk_socket->flags & SOCK_NOSPACE)))
		UDP_INC_STATS(sock_net(sk), SndbufErrors);
	return err;
}

int udp_sendmsg(struct sock *sk, struct msghdr *m, size_t len)
{
	struct udp_sock *up = udp_sk(sk);
	struct ipcm_cookie ipc;
	struct rtable *rt = NULL;
	struct flowi4 fl4;
	bool connected = !m->msg_name, more;
	__be32 daddr = 0;
	__be16 dport = 0;
	int err;

	if (len > 0xffff)
		return fail(-EMSGSIZE, "a datagram has at most 65535 bytes");
	if (m->msg_flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "UDP has no out-of-band data");
	more = up->corkflag || (m->msg_flags & MSG_MORE);

	/* A corked datagram has its destination already. */
	if (!inet_sk(sk)->cork) {
		err = ip4_datagram_dest(sk, m, true, &daddr, &dport);
		if (err)
			return err;
	}
	ipcm_init_sk(&ipc, sk);
	ipc.gso_size = up->gso_size;
	err = udp_read_cmsgs(sk, m, &ipc);
	if (err)
		return err;
	if (inet_sk(sk)->cork) {
		fl4 = inet_sk(sk)->cork->fl4;
		rt = inet_sk(sk)->cork->rt;
		err = udp_send_corked(sk, m, len, &fl4, &ipc, rt, more);
		goto out;
	}
	if (ipc.opt && ipc.opt->srr) {
		if (!daddr)
			return fail(-EINVAL, "a source route needs an end");
		daddr = ipc.opt->faddr;
	}
	udp_flow(sk, &ipc, daddr, dport, m->msg_flags, &fl4);
	if (m->msg_controllen || ipc.opt || (m->msg_flags & MSG_DONTROUTE) ||
	    sock_flag(sk, SOCK_LOCALROUTE))
		connected = false;
	udp_mcast_defaults(sk, &ipc, &fl4, &connected);
	rt = udp_route(sk, &fl4, connected);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if (more)
		err = udp_send_corked(sk, m, len, &fl4, &ipc, rt, true);
	else if (m->msg_flags & MSG_PROBE)
		err = 0;
	else {
		struct sk_buff *skb;

		skb = ip_make_skb(
			sk, &fl4, m, (unsigned int)len + sizeof(struct udphdr),
			sizeof(struct udphdr), &ipc, rt, m->msg_flags, &err);
		if (skb)
			err = udp_send_skb(sk, skb, &fl4, ipc.gso_size);
	}
	ip_rt_put(rt);
out:
	if (err)
		return udp_sendmsg_error(sk, err);
	if (current)
		current->flags |= TASK_EFFECT;
	return (int)len;
}
