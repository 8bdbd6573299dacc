/* SPDX-License-Identifier: MIT */
/*
 * Raw sockets (raw(7)): a copy of every packet of their protocol, header
 * included; what they send gets a header, or has one (IP_HDRINCL).
 */
#include "net/ipv4/raw.h"

#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/core/tstamp.h"
#include "net/ipv4/af_inet.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_fragment.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/udp.h"
#include <linux/in_route.h>

int raw_net_init(struct net *net)
{
	net->ipv4->raw = kzalloc(sizeof(*net->ipv4->raw));
	if (!net->ipv4->raw)
		return -ENOMEM;
	INIT_LIST_HEAD(&net->ipv4->raw->ra_chain);
	return 0;
}

void raw_net_exit(struct net *net)
{
	kfree(net->ipv4->raw);
	net->ipv4->raw = NULL;
}

static struct hlist_head *raw_bucket(struct net *net, u16 protocol)
{
	return &net->ipv4->raw->ht[protocol % RAW_HTABLE_SIZE];
}

static int raw_hash_sk(struct sock *sk)
{
	sock_hold(sk);
	hlist_add_head(&sk->sk_node, raw_bucket(sock_net(sk), sk->sk_num));
	return 0;
}

static void raw_unhash_sk(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del_init(&sk->sk_node);
	sock_put(sk);
}

static bool raw_v4_match(const struct sock *sk, int protocol, __be32 raddr,
			 __be32 laddr, int dif)
{
	return sk->sk_num == protocol &&
	       !(sk->sk_daddr && sk->sk_daddr != raddr) &&
	       !(sk->sk_rcv_saddr && sk->sk_rcv_saddr != laddr) &&
	       !(sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif);
}

/* Receiving */

static bool raw_icmp_filtered(const struct sock *sk, const struct sk_buff *skb)
{
	u8 type;

	if (skb_copy_bits(skb, 0, &type, 1))
		return true;
	return type < 32 && (raw_sk(sk)->filter.data & (1U << type));
}

/* Owns @skb, whose data is at its IP header. */
static int raw_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	ipv4_pktinfo_prepare(sk, skb);
	if (sock_queue_rcv_skb_reason(sk, skb, &reason)) {
		kfree_skb_reason(skb, reason);
		return NET_RX_DROP;
	}
	return NET_RX_SUCCESS;
}

/* The same from wherever in the packet its data begins. */
static void raw_rcv(struct sock *sk, struct sk_buff *skb)
{
	skb_push(skb, (unsigned int)(skb->data - skb_network_header(skb)));
	(void)raw_rcv_skb(sk, skb);
}

bool raw_local_deliver(struct sk_buff *skb, int protocol)
{
	struct net *net = skb->dev->net;
	struct hlist_head *head = raw_bucket(net, (u16)protocol);
	bool delivered = false;
	struct hlist_node *n;
	struct sock *sk;
	int dif;

	if (likely(hlist_empty(head)))
		return false;
	dif = inet_iif(skb);
	hlist_for_each_entry_safe(sk, n, head, sk_node) {
		const struct iphdr *iph = ip_hdr(skb);
		struct sk_buff *copy;

		if (!raw_v4_match(sk, protocol, iph->saddr, iph->daddr, dif))
			continue;
		delivered = true;
		if (protocol == IPPROTO_ICMP && raw_icmp_filtered(sk, skb))
			continue;
		if (!ip_mc_sf_allow(sk, iph->daddr, iph->saddr, dif))
			continue;
		copy = skb_clone(skb);
		if (copy)
			raw_rcv(sk, copy);
	}
	return delivered;
}

int ip_ra_control(struct sock *sk, bool on)
{
	struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_type != SOCK_RAW || sk->sk_num == IPPROTO_RAW)
		return fail(-EINVAL, "for raw sockets of a protocol only");
	if (on == inet->router_alert)
		return on ? fail(-EADDRINUSE, "it is on already")
			  : fail(-ENOBUFS, "it is off already");
	inet->router_alert = on;
	if (on)
		list_add_tail(&raw_sk(sk)->ra_node,
			      &sock_net(sk)->ipv4->raw->ra_chain);
	else
		list_del_init(&raw_sk(sk)->ra_node);
	return 0;
}

bool ip_call_ra_chain(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	struct sock *last = NULL;
	struct raw_sock *rs, *n;
	struct sk_buff *copy;

	list_for_each_entry_safe(rs, n, &net->ipv4->raw->ra_chain, ra_node) {
		struct sock *sk = &rs->inet.sk;

		if (sk->sk_num != ip_hdr(skb)->protocol ||
		    (sk->sk_bound_dev_if &&
		     sk->sk_bound_dev_if != skb->dev->ifindex))
			continue;
		if (ip_hdr(skb)->frag_off & htons(IP_MF | IP_OFFSET)) {
			skb = ip_defrag(net, skb, IP_DEFRAG_CALL_RA_CHAIN);
			if (!skb)
				return true;
		}
		copy = last ? skb_clone(skb) : NULL;
		if (copy)
			raw_rcv(last, copy);
		last = sk;
	}
	if (last)
		raw_rcv(last, skb);
	return last;
}

/* What an ICMP message means for a socket. False: nothing. */
static bool raw_icmp_errno(struct sock *sk, struct sk_buff *skb, u32 info,
			   int *ret_err, bool *ret_hard)
{
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;

	*ret_err = EHOSTUNREACH;
	*ret_hard = false;
	switch (type) {
	case ICMP_PARAMETERPROB:
		*ret_err = EPROTO;
		*ret_hard = true;
		break;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			ipv4_sk_update_pmtu(skb, sk, info);
			*ret_hard = inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT;
			*ret_err = EMSGSIZE;
		} else if (code <= NR_ICMP_UNREACH) {
			*ret_err = icmp_err_convert[code].errno;
			*ret_hard = icmp_err_convert[code].fatal;
		}
		break;
	case ICMP_REDIRECT:
		return false;
	}
	return true;
}

void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct net *net = skb->dev->net;
	struct hlist_node *n;
	struct sock *sk;

	hlist_for_each_entry_safe(sk, n, raw_bucket(net, (u16)protocol),
				  sk_node) {
		bool recverr = inet_sk(sk)->recverr, hard;
		int err;

		if (!raw_v4_match(sk, protocol, iph->daddr, iph->saddr,
				  skb->dev->ifindex))
			continue;
		/* RFC 1122: told if asked for, or if it cannot pass. */
		if (!recverr && sk->sk_state != TCP_ESTABLISHED)
			continue;
		if (!raw_icmp_errno(sk, skb, info, &err, &hard))
			continue;
		if (recverr)
			ip_icmp_error(sk, skb, err, 0, info,
				      skb->data + (inet_sk(sk)->hdrincl
							   ? 0
							   : iph->ihl * 4));
		if (recverr || hard) {
			sk_set_err(sk, err,
				   icmp_says(icmp_hdr(skb)->type,
					     icmp_hdr(skb)->code));
			sk->sk_error_report(sk);
		}
	}
}

int raw_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len)
{
	struct sockaddr_in *sin = m->msg_name;
	struct sk_buff *skb;
	int copied, total, err = 0;

	if (flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "no out-of-band data");
	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, m, (int)len, addr_len);
	skb = skb_recv_datagram(sk, flags, &err);
	if (!skb)
		return err;
	total = (int)skb->len;
	copied = (int)min_t(size_t, len, (size_t)total);
	if (copied < total)
		m->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, m, copied);
	if (err) {
		skb_settle_datagram(sk, skb, flags);
		return fail(err, "data address is bad");
	}
	sock_recv_cmsgs(m, sk, skb);
	if (sin) {
		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
		*addr_len = sizeof(*sin);
	}
	if (inet_sk(sk)->cmsg_flags)
		ip_cmsg_recv_offset(m, sk, skb, 0, 0);
	/* LINUX: the whole length only when MSG_TRUNC asks. */
	err = (flags & MSG_TRUNC) ? total : copied;
	skb_settle_datagram(sk, skb, flags);
	return err;
}

/* Sending */

/* The program's packet has its own IP header; complete and send it. */
static int raw_send_hdrinc(struct sock *sk, struct flowi4 *fl4,
			   struct msghdr *m, size_t len, struct rtable *rt,
			   const struct ipcm_cookie *ipc)
{
	struct net *net = sock_net(sk);
	struct sk_buff *skb;
	struct iphdr *iph;
	unsigned int hlen;
	int err = 0;

	if (len > rt->dst.dev->mtu) {
		ip_local_error(sk, EMSGSIZE, fl4->daddr,
			       inet_sk(sk)->inet_dport, rt->dst.dev->mtu);
		return fail(-EMSGSIZE, "larger than the device's MTU");
	}
	if (len < sizeof(*iph))
		return fail(-EINVAL, "shorter than an IP header");
	if (m->msg_flags & MSG_PROBE)
		return 0;
	skb = ip_append_piece(sk, m, (unsigned int)len, 0, rt, m->msg_flags,
			      &err);
	if (!skb)
		return err;
	skb_reset_network_header(skb);
	skb_setup_tx_timestamp(skb, sk, &ipc->sockc);
	skb->priority = ipc->sockc.priority;
	skb->mark = ipc->sockc.mark;
	skb->protocol = htons(0x0800);
	skb->ip_summed = CHECKSUM_NONE;
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4U;
	if (hlen > len) {
		IP_INC_STATS(net, OutDiscards);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_INHDR);
		return fail(-EINVAL, "header length beyond the packet");
	}
	dst_hold(&rt->dst);
	skb_dst_set(skb, &rt->dst);
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	if (hlen >= sizeof(*iph)) {
		if (!iph->saddr)
			iph->saddr = fl4->saddr;
		iph->tot_len = htons((u16)len);
		if (!iph->id)
			ip_select_ident(net, iph, NULL,
					iph->frag_off & htons(IP_DF), 1);
		ip_send_check(iph);
		skb_set_transport_header(skb, (int)hlen);
		if (iph->protocol == IPPROTO_ICMP && hlen < len)
			icmp_out_count(net, *skb_transport_header(skb));
	}
	err = dst_output(net, sk, skb);
	if (err > 0)
		err = err == NET_XMIT_DROP
			      ? fail(-ENOBUFS, "the device dropped it")
			      : 0;
	if (err)
		IP_INC_STATS(net, OutDiscards);
	if (err == -ENOBUFS && !inet_sk(sk)->recverr)
		err = 0;
	return err;
}

static int raw_send_plain(struct sock *sk, struct flowi4 *fl4, struct msghdr *m,
			  size_t len, struct rtable *rt,
			  const struct ipcm_cookie *ipc)
{
	struct sk_buff *skb;
	int err = 0;

	if (!(m->msg_flags & MSG_MORE) && !inet_sk(sk)->cork) {
		skb = ip_make_skb(sk, fl4, m, (unsigned int)len, 0, ipc, rt,
				  m->msg_flags, &err);
		return skb ? ip_send_skb(sock_net(sk), skb) : err;
	}
	skb = ip_append_piece(sk, m, (unsigned int)len, 0, rt, m->msg_flags,
			      &err);
	if (!skb)
		return err;
	dst_hold(&rt->dst);
	err = ip_append_data(sk, fl4, skb, ipc, rt);
	if (err) {
		ip_flush_pending_frames(sk);
		return err;
	}
	if (m->msg_flags & MSG_MORE)
		return 0;
	skb = ip_finish_skb(sk, &err);
	return skb ? ip_send_skb(sock_net(sk), skb) : err;
}

static void raw_flow(struct sock *sk, const struct ipcm_cookie *ipc,
		     __be32 daddr, unsigned int flags, struct flowi4 *fl4)
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
		.flowi4_proto =
			inet->hdrincl ? ipc->protocol : (u8)sk->sk_protocol,
		/* Whoever writes the header may claim any source. */
		.flowi4_flags = inet->transparent || inet->hdrincl
					? FLOWI_FLAG_ANYSRC
					: 0,
		.daddr = daddr,
		.saddr = ipc->addr,
	};
	if (ipv4_is_multicast(daddr)) {
		if (!fl4->flowi4_oif)
			fl4->flowi4_oif = (int)inet->mc_index;
		if (!fl4->saddr)
			fl4->saddr = inet->mc_addr;
	} else if (!fl4->flowi4_oif) {
		fl4->flowi4_oif = (int)inet->uc_index;
	}
}

static int raw_sendmsg(struct sock *sk, struct msghdr *m, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ipcm_cookie ipc;
	struct flowi4 fl4;
	struct rtable *rt;
	__be32 daddr;
	int err;

	if (len > 0xffff)
		return fail(-EMSGSIZE, "a packet has at most 65535 bytes");
	if (m->msg_flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "no out-of-band data");
	err = ip4_datagram_dest(sk, m, true, &daddr, NULL);
	if (err)
		return err;
	ipcm_init_sk(&ipc, sk);
	if (m->msg_controllen) {
		err = ip_cmsg_send(sk, m, &ipc);
		if (err)
			return err;
	}
	if (ipc.opt && inet->hdrincl)
		return fail(-EINVAL, "options belong into the given header");
	if (ipc.opt && ipc.opt->srr) {
		if (!daddr)
			return fail(-EINVAL, "a source route needs an end");
		daddr = ipc.opt->faddr;
	}
	raw_flow(sk, &ipc, daddr, m->msg_flags, &fl4);
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST))
		err = fail(-EACCES, "broadcast needs SO_BROADCAST");
	else if (inet->hdrincl)
		err = raw_send_hdrinc(sk, &fl4, m, len, rt, &ipc);
	else
		err = raw_send_plain(sk, &fl4, m, len, rt, &ipc);
	ip_rt_put(rt);
	if (err)
		return err;
	if (current)
		current->flags |= TASK_EFFECT;
	return (int)len;
}

/* Life and options */

static int raw_sk_init(struct sock *sk)
{
	return 0;
}

static void raw_close(struct sock *sk, long timeout)
{
	if (inet_sk(sk)->router_alert)
		(void)ip_ra_control(sk, false);
	sk_common_release(sk);
}

static void raw_destroy(struct sock *sk)
{
	ip_flush_pending_frames(sk);
}

static int raw_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	unsigned int type;

	if (sk->sk_state != TCP_CLOSE || len < (int)sizeof(*addr))
		return fail(-EINVAL, "connected, or address too short");
	type = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
	if (!inet_addr_valid_or_nonlocal(sk, addr->sin_addr.s_addr, type))
		return fail(-EADDRNOTAVAIL, "not an address of this host");
	lock_sock(sk);
	inet->inet_rcv_saddr = addr->sin_addr.s_addr;
	inet->inet_saddr = type == RTN_MULTICAST || type == RTN_BROADCAST
				   ? 0
				   : addr->sin_addr.s_addr;
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

static void __raw_disconnect(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	sk_set_state_traced(sk, TCP_CLOSE);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	sk->sk_bound_dev_if = 0;
	/* LINUX: it hears nothing from then on. Test: disconnected_is_deaf */
	raw_unhash_sk(sk);
	inet->inet_sport = 0;
	sk_dst_reset(sk);
}

static int raw_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	__raw_disconnect(sk);
	release_sock(sk);
	return 0;
}

/* For `ss -K`: forget the peer, with @err for its owner. */
static int raw_abort(struct sock *sk, int err)
{
	lock_sock(sk);
	sk_set_err(sk, err, "ended by an administrator");
	sk->sk_error_report(sk);
	__raw_disconnect(sk);
	release_sock(sk);
	return 0;
}

static int raw_setsockopt(struct sock *sk, int level, int name,
			  sockptr_t optval, unsigned int optlen)
{
	struct icmp_filter f = { 0 };

	if (level != SOL_RAW)
		return ip_setsockopt(sk, level, name, optval, optlen);
	if (name != ICMP_FILTER)
		return fail(-ENOPROTOOPT, "no such option of SOL_RAW");
	if (sk->sk_num != IPPROTO_ICMP)
		return fail(-EOPNOTSUPP, "not an ICMP socket");
	if (copy_from_sockptr(&f, optval,
			      min_t(unsigned int, optlen, sizeof(f))))
		return -EFAULT;
	raw_sk(sk)->filter = f;
	return 0;
}

static int raw_getsockopt(struct sock *sk, int level, int name,
			  char __user *optval, int __user *optlen)
{
	int len;

	if (level != SOL_RAW)
		return ip_getsockopt(sk, level, name, optval, optlen);
	if (name != ICMP_FILTER)
		return fail(-ENOPROTOOPT, "no such option of SOL_RAW");
	if (sk->sk_num != IPPROTO_ICMP)
		return fail(-EOPNOTSUPP, "not an ICMP socket");
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return fail(-EINVAL, "negative length");
	len = min_t(int, len, sizeof(struct icmp_filter));
	if (put_user(len, optlen) ||
	    copy_to_user(optval, &raw_sk(sk)->filter, len))
		return -EFAULT;
	return 0;
}

struct proto raw_prot = {
	.name = "RAW",
	.obj_size = sizeof(struct raw_sock),
	.close = raw_close,
	.connect = ip4_datagram_connect,
	.disconnect = raw_disconnect,
	.diag_destroy = raw_abort,
	.ioctl = udp_ioctl,
	.init = raw_sk_init,
	.destroy = raw_destroy,
	.setsockopt = raw_setsockopt,
	.getsockopt = raw_getsockopt,
	.sendmsg = raw_sendmsg,
	.recvmsg = raw_recvmsg,
	.bind = raw_bind,
	.backlog_rcv = raw_rcv_skb,
	.hash = raw_hash_sk,
	.unhash = raw_unhash_sk,
};
