/* SPDX-License-Identifier: MIT */
/*
 * Datagrams from a program's memory: in one go (ip_make_skb), or piece by
 * piece while the socket is corked (ip_append_data ... ip_finish_skb).
 *
 * A datagram is always built whole, however large; ip_finish_output() cuts it
 * when the link demands it. Data is copied once, into the packet. A corked
 * datagram of several pieces is copied together at the end.
 */
#include "net/ipv4/ip_output.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/core/tstamp.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/netns.h"

static unsigned int ip_headroom(const struct rtable *rt)
{
	return ALIGN(rt->dst.dev->hard_header_len + 16U, 16U) +
	       sizeof(struct iphdr) + 40;
}

/* May a datagram of @length bytes, transport header included, be sent? */
static int ip_check_length(struct sock *sk, const struct flowi4 *fl4,
			   unsigned int mtu, unsigned int optlen,
			   unsigned int length)
{
	unsigned int hlen = sizeof(struct iphdr) + optlen;
	unsigned int most = ip_sk_ignore_df(sk) ? 0xffff : mtu;

	if (length + hlen <= most)
		return 0;
	ip_local_error(sk, EMSGSIZE, fl4->daddr, fl4->fl4_dport, mtu - optlen);
	return fail(-EMSGSIZE, "larger than the link allows unfragmented");
}

struct sk_buff *ip_append_piece(struct sock *sk, struct msghdr *m,
				unsigned int length, unsigned int transhdrlen,
				const struct rtable *rt, unsigned int flags,
				int *ret_err)
{
	unsigned int room = ip_headroom(rt), data = length - transhdrlen;
	struct sk_buff *skb;

	skb = sock_alloc_send_skb(sk, room + length, flags & MSG_DONTWAIT,
				  ret_err);
	if (!skb) {
		IP_INC_STATS(sock_net(sk), OutDiscards);
		return NULL;
	}
	skb_reserve(skb, room);
	skb_put(skb, length);
	skb_set_transport_header(skb, 0);
	if (!copy_from_iter_full(skb->data + transhdrlen, data, &m->msg_iter)) {
		*ret_err = fail(-EFAULT, "data address is bad");
		IP_INC_STATS(sock_net(sk), OutDiscards);
		kfree_skb_reason(skb, SKB_CONSUMED);
		return NULL;
	}
	return skb;
}

/* Give the transport packet @skb its IP header. */
static void __ip_make_skb(struct sock *sk, struct sk_buff *skb,
			  const struct flowi4 *fl4, struct rtable *rt,
			  const struct ip_options *opt, s16 ttl, s16 tos)
{
	struct inet_sock *inet = inet_sk(sk);
	unsigned int optlen = opt ? opt->optlen : 0;
	struct net *net = sock_net(sk);
	struct iphdr *iph;
	bool df;

	iph = skb_push(skb, sizeof(*iph) + optlen);
	skb_reset_network_header(skb);
	/* DF never on what must be cut, unless the program insists. */
	df = inet->pmtudisc == IP_PMTUDISC_DO ||
	     inet->pmtudisc == IP_PMTUDISC_PROBE ||
	     (skb->len <= dst_mtu(&rt->dst) && ip_dont_fragment(sk, &rt->dst) &&
	      !rt->rt_mtu_locked);
	skb->local_df = ip_sk_ignore_df(sk);
	if (!ttl)
		ttl = rt->rt_type == RTN_MULTICAST
			      ? inet->mc_ttl
			      : ip_select_ttl(inet, &rt->dst);
	iph->version = 4;
	iph->ihl = 5 + optlen / 4;
	iph->tos = tos != -1 ? (u8)tos : inet->tos;
	iph->frag_off = df ? htons(IP_DF) : 0;
	iph->ttl = (u8)ttl;
	iph->protocol = (u8)sk->sk_protocol;
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
	ip_select_ident(net, iph, sk, df && !skb->local_df, 1);
	if (optlen)
		ip_options_build(skb, opt, fl4->daddr, rt);
	if (iph->protocol == IPPROTO_ICMP)
		icmp_out_count(net, *skb_transport_header(skb));
}

/* Which MTU bounds what is built? What UDP_SEGMENT cuts: the largest packet. */
static unsigned int ip_make_mtu(const struct sock *sk, const struct rtable *rt,
				const struct ipcm_cookie *ipc)
{
	return ipc->gso_size ? IP_MAX_MTU : ip_sk_mtu(sk, rt);
}

static int ip_setup_check(struct sock *sk, const struct flowi4 *fl4,
			  struct rtable *rt, const struct ipcm_cookie *ipc,
			  unsigned int length)
{
	return ip_check_length(sk, fl4, ip_make_mtu(sk, rt, ipc),
			       ipc->opt ? ipc->opt->optlen : 0, length);
}

struct sk_buff *ip_make_skb(struct sock *sk, const struct flowi4 *fl4,
			    struct msghdr *m, unsigned int length,
			    unsigned int transhdrlen,
			    const struct ipcm_cookie *ipc, struct rtable *rt,
			    unsigned int flags, int *ret_err)
{
	struct sk_buff *skb;
	int err;

	err = ip_setup_check(sk, fl4, rt, ipc, length);
	if (err) {
		*ret_err = err;
		return NULL;
	}
	skb = ip_append_piece(sk, m, length, transhdrlen, rt, flags, ret_err);
	if (!skb)
		return NULL;
	skb->priority = ipc->sockc.priority;
	skb->mark = ipc->sockc.mark;
	skb->tstamp = ipc->sockc.transmit_time;
	skb_setup_tx_timestamp(skb, sk, &ipc->sockc);
	dst_hold(&rt->dst);
	skb_dst_set(skb, &rt->dst);
	__ip_make_skb(sk, skb, fl4, rt, ipc->opt, ipc->ttl, ipc->tos);
	return skb;
}

static int ip_setup_cork(struct sock *sk, const struct flowi4 *fl4,
			 const struct ipcm_cookie *ipc, struct rtable *rt)
{
	struct ip_cork *cork = kzalloc(sizeof(*cork));

	if (!cork)
		return fail(-ENOBUFS, "no memory");
	__skb_queue_head_init(&cork->queue);
	cork->rt = rt;
	cork->fl4 = *fl4;
	if (ipc->opt) {
		cork->opt = *ipc->opt;
		cork->has_opt = true;
	}
	cork->mtu = ip_make_mtu(sk, rt, ipc);
	cork->ttl = ipc->ttl;
	cork->tos = ipc->tos;
	cork->priority = ipc->sockc.priority;
	cork->mark = ipc->sockc.mark;
	cork->gso_size = ipc->gso_size;
	inet_sk(sk)->cork = cork;
	return 0;
}

int ip_append_data(struct sock *sk, const struct flowi4 *fl4,
		   struct sk_buff *piece, const struct ipcm_cookie *ipc,
		   struct rtable *rt)
{
	struct ip_cork *cork = inet_sk(sk)->cork;
	int err = 0;

	if (!cork) {
		err = ip_setup_cork(sk, fl4, ipc, rt);
		if (err)
			ip_rt_put(rt);
		else
			skb_setup_tx_timestamp(piece, sk, &ipc->sockc);
		cork = inet_sk(sk)->cork;
	} else if (rt) {
		ip_rt_put(rt);
	}
	if (!err)
		err = ip_check_length(sk, &cork->fl4, cork->mtu,
				      cork->has_opt ? cork->opt.optlen : 0,
				      cork->length + piece->len);
	if (err) {
		kfree_skb_reason(piece, SKB_CONSUMED);
		return err;
	}
	cork->length += piece->len;
	__skb_queue_tail(&cork->queue, piece);
	return 0;
}

static void ip_cork_release(struct sock *sk)
{
	struct ip_cork *cork = inet_sk(sk)->cork;

	if (!cork)
		return;
	inet_sk(sk)->cork = NULL;
	skb_queue_purge_reason(&cork->queue, SKB_CONSUMED);
	ip_rt_put(cork->rt);
	kfree(cork);
}

void ip_flush_pending_frames(struct sock *sk)
{
	ip_cork_release(sk);
}

/* All pieces in one packet, charged to @sk without waiting. */
static struct sk_buff *ip_cork_join(struct sock *sk, struct ip_cork *cork)
{
	unsigned int room = ip_headroom(cork->rt);
	struct sk_buff *skb, *p;

	if (skb_queue_len(&cork->queue) == 1)
		return __skb_dequeue(&cork->queue);
	skb = sock_wmalloc(sk, room + cork->length, 1);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_set_transport_header(skb, 0);
	skb_move_tx_timestamp(skb, skb_peek(&cork->queue));
	while ((p = __skb_dequeue(&cork->queue))) {
		(void)skb_copy_bits(p, 0, skb_put(skb, p->len), p->len);
		consume_skb(p);
	}
	return skb;
}

struct sk_buff *ip_finish_skb(struct sock *sk, int *ret_err)
{
	struct ip_cork *cork = inet_sk(sk)->cork;
	struct sk_buff *skb;

	if (!cork || skb_queue_empty(&cork->queue)) {
		ip_cork_release(sk);
		*ret_err = 0;
		return NULL;
	}
	skb = ip_cork_join(sk, cork);
	if (!skb) {
		ip_cork_release(sk);
		*ret_err = fail(-ENOBUFS, "no memory for the datagram");
		return NULL;
	}
	skb->priority = cork->priority;
	skb->mark = cork->mark;
	dst_hold(&cork->rt->dst);
	skb_dst_set(skb, &cork->rt->dst);
	__ip_make_skb(sk, skb, &cork->fl4, cork->rt,
		      cork->has_opt ? &cork->opt : NULL, cork->ttl, cork->tos);
	ip_cork_release(sk);
	return skb;
}
