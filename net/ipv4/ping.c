/* SPDX-License-Identifier: MIT */
/*
 * Datagram ICMP (icmp(7), IPPROTO_ICMP): echo requests for everybody whom
 * ping_group_range allows. The socket's "port" is the identifier of its echo
 * messages; replies and errors with that identifier are its.
 */
#include "net/ipv4/ping.h"

#include "kernel/sched.h"
#include "kernel/slab.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/ipv4/af_inet.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/udp.h"
#include <linux/in_route.h>

int ping_net_init(struct net *net)
{
	net->ipv4->ping = kzalloc(sizeof(*net->ipv4->ping));
	if (!net->ipv4->ping)
		return -ENOMEM;
	net->ipv4->ping->rover = (u16)get_random_u32();
	return 0;
}

void ping_net_exit(struct net *net)
{
	kfree(net->ipv4->ping);
	net->ipv4->ping = NULL;
}

static struct hlist_head *ping_bucket(struct net *net, u16 ident)
{
	return &net->ipv4->ping->hash[ident % PING_HTABLE_SIZE];
}

static bool ping_ident_free(struct sock *sk, u16 ident)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, ping_bucket(sock_net(sk), ident), sk_node) {
		/* LINUX: two that both set SO_REUSEADDR may share. */
		if (sk2->sk_num == ident && sk2 != sk &&
		    (!sk2->sk_reuse || !sk->sk_reuse))
			return false;
	}
	return true;
}

static int ping_get_port(struct sock *sk, unsigned short ident)
{
	struct ping_table *t = sock_net(sk)->ipv4->ping;
	unsigned int i;

	if (!ident) {
		for (i = 0; i < 0x10000; i++) {
			if (!++t->rover)
				++t->rover;
			if (!ping_ident_free(sk, t->rover) ||
			    !hlist_empty(ping_bucket(sock_net(sk), t->rover)))
				continue;
			ident = t->rover;
			break;
		}
		/* No empty bucket: any identifier that is free. */
		for (i = 0; !ident && i < 0x10000; i++) {
			if (!++t->rover)
				++t->rover;
			if (ping_ident_free(sk, t->rover))
				ident = t->rover;
		}
		if (!ident)
			return fail(-EADDRINUSE, "no free identifier");
	} else if (!ping_ident_free(sk, ident)) {
		return fail(-EADDRINUSE, "another socket has the identifier");
	}
	inet_sk(sk)->inet_num = ident;
	if (hlist_unhashed(&sk->sk_node)) {
		sock_hold(sk);
		hlist_add_head(&sk->sk_node, ping_bucket(sock_net(sk), ident));
	}
	return 0;
}

static void ping_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del_init(&sk->sk_node);
	inet_sk(sk)->inet_num = 0;
	inet_sk(sk)->inet_sport = 0;
	sock_put(sk);
}

static int ping_hash(struct sock *sk)
{
	return 0;
}

static int ping_init_sock(struct sock *sk)
{
	const int *range = sock_net(sk)->ipv4->sysctl_ping_group_range;
	u32 gid = current ? current->cred.fsgid : 0;

	if (gid < (u32)range[0] || gid > (u32)range[1])
		return fail(-EACCES, "group not in ping_group_range");
	return 0;
}

static void ping_close(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

static int ping_bind(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	unsigned int type;
	int err;

	if (len < (int)sizeof(*addr))
		return fail(-EINVAL, "address too short for AF_INET");
	if (addr->sin_family != AF_INET &&
	    !(addr->sin_family == AF_UNSPEC && !addr->sin_addr.s_addr))
		return fail(-EAFNOSUPPORT, "not an AF_INET address");
	type = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
	if (!inet_addr_valid_or_nonlocal(sk, addr->sin_addr.s_addr, type) ||
	    type == RTN_MULTICAST ||
	    (type == RTN_BROADCAST && addr->sin_addr.s_addr))
		return fail(-EADDRNOTAVAIL, "not an address of this host");
	lock_sock(sk);
	err = fail(-EINVAL, "already bound");
	if (inet->inet_num)
		goto out;
	err = ping_get_port(sk, ntohs(addr->sin_port));
	if (err)
		goto out;
	inet->inet_rcv_saddr = addr->sin_addr.s_addr;
	inet->inet_saddr = addr->sin_addr.s_addr;
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (addr->sin_port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk_dst_reset(sk);
out:
	release_sock(sk);
	return err;
}

static int ping_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);

	lock_sock(sk);
	sk_set_state_traced(sk, TCP_CLOSE);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	sk->sk_bound_dev_if = 0;
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		ping_unhash(sk);
	sk_dst_reset(sk);
	release_sock(sk);
	return 0;
}

/* Receiving */

static struct sock *ping_lookup(struct net *net, __be32 saddr, __be32 daddr,
				u16 ident, int dif)
{
	struct sock *sk;

	hlist_for_each_entry(sk, ping_bucket(net, ident), sk_node) {
		if (sk->sk_num != ident ||
		    (sk->sk_rcv_saddr && sk->sk_rcv_saddr != daddr) ||
		    (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif))
			continue;
		return sk;
	}
	return NULL;
}

static int ping_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	ipv4_pktinfo_prepare(sk, skb);
	if (sock_queue_rcv_skb_reason(sk, skb, &reason)) {
		kfree_skb_reason(skb, reason);
		return -1;
	}
	return 0;
}

bool ping_rcv(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	u16 ident = ntohs(icmp_hdr(skb)->un.echo.id);
	struct sk_buff *copy;
	struct sock *sk;

	sk = ping_lookup(net, ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, ident,
			 inet_iif(skb));
	if (!sk)
		return false;
	copy = skb_clone(skb);
	if (copy)
		(void)ping_queue_rcv_skb(sk, copy);
	return true;
}

void ping_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct icmphdr *icmph = (const void *)(skb->data + iph->ihl * 4);
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;
	bool harderr = false;
	int err = EHOSTUNREACH;
	struct sock *sk;

	sk = ping_lookup(skb->dev->net, iph->daddr, iph->saddr,
			 ntohs(icmph->un.echo.id), skb->dev->ifindex);
	if (!sk || type == ICMP_REDIRECT)
		return;
	if (type == ICMP_PARAMETERPROB) {
		err = EPROTO;
		harderr = true;
	} else if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED) {
		ipv4_sk_update_pmtu(skb, sk, info);
		if (inet_sk(sk)->pmtudisc == IP_PMTUDISC_DONT)
			return;
		err = EMSGSIZE;
		harderr = true;
	} else if (type == ICMP_DEST_UNREACH && code <= NR_ICMP_UNREACH) {
		err = icmp_err_convert[code].errno;
		harderr = icmp_err_convert[code].fatal;
	}
	if (inet_sk(sk)->recverr)
		ip_icmp_error(sk, skb, err, 0, info, (u8 *)icmph);
	else if (!harderr || sk->sk_state != TCP_ESTABLISHED)
		return;
	sk_set_err(sk, err, icmp_says(type, code));
	sk->sk_error_report(sk);
}

static int ping_recvmsg(struct sock *sk, struct msghdr *m, size_t len,
			int flags, int *addr_len)
{
	return raw_recvmsg(sk, m, len, flags, addr_len);
}

/* Sending */

/* An echo request, as given, but with our identifier and a checksum. */
static int ping_send(struct sock *sk, const struct flowi4 *fl4,
		     struct msghdr *m, size_t len,
		     const struct ipcm_cookie *ipc, struct rtable *rt)
{
	struct icmphdr *icmph;
	struct sk_buff *skb;
	int err = 0;

	skb = ip_make_skb(sk, fl4, m, (unsigned int)len, 0, ipc, rt,
			  m->msg_flags, &err);
	if (!skb)
		return err;
	icmph = icmp_hdr(skb);
	if (icmph->type != ICMP_ECHO || icmph->code) {
		kfree_skb_reason(skb, SKB_CONSUMED);
		return fail(-EINVAL, "only echo requests may be sent");
	}
	icmph->un.echo.id = inet_sk(sk)->inet_sport;
	icmph->checksum = 0;
	icmph->checksum = ip_compute_csum(icmph, len);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return ip_send_skb(sock_net(sk), skb);
}

static int ping_sendmsg(struct sock *sk, struct msghdr *m, size_t len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ipcm_cookie ipc;
	struct flowi4 fl4;
	struct rtable *rt;
	__be32 daddr = 0;
	int err;

	if (len > 0xffff)
		return fail(-EMSGSIZE, "a packet has at most 65535 bytes");
	if (len < sizeof(struct icmphdr))
		return fail(-EINVAL, "shorter than an ICMP header");
	if (m->msg_flags & MSG_OOB)
		return fail(-EOPNOTSUPP, "no out-of-band data");
	err = ip4_datagram_dest(sk, m, false, &daddr, NULL);
	if (err)
		return err;
	ipcm_init_sk(&ipc, sk);
	if (m->msg_controllen) {
		err = ip_cmsg_send(sk, m, &ipc);
		if (err)
			return err;
	}
	if (ipc.opt && ipc.opt->srr) {
		if (!daddr)
			return fail(-EINVAL, "a source route needs an end");
		daddr = ipc.opt->faddr;
	}
	fl4 = (struct flowi4){
		.flowi4_oif = ipc.oif,
		.flowi4_mark = ipc.sockc.mark,
		.flowi4_tos = ipc.tos != -1 ? (u8)ipc.tos : inet->tos,
		.flowi4_proto = (u8)sk->sk_protocol,
		.flowi4_scope = sock_flag(sk, SOCK_LOCALROUTE) ||
						(m->msg_flags & MSG_DONTROUTE)
					? RT_SCOPE_LINK
					: RT_SCOPE_UNIVERSE,
		.daddr = daddr,
		.saddr = ipc.addr,
	};
	if (ipv4_is_multicast(daddr)) {
		if (!fl4.flowi4_oif)
			fl4.flowi4_oif = (int)inet->mc_index;
		if (!fl4.saddr)
			fl4.saddr = inet->mc_addr;
	} else if (!fl4.flowi4_oif) {
		fl4.flowi4_oif = (int)inet->uc_index;
	}
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST))
		err = fail(-EACCES, "broadcast needs SO_BROADCAST");
	else
		err = ping_send(sk, &fl4, m, len, &ipc, rt);
	ip_rt_put(rt);
	if (err)
		return err;
	if (current)
		current->flags |= TASK_EFFECT;
	return (int)len;
}

struct proto ping_prot = {
	.name = "PING",
	.obj_size = sizeof(struct inet_sock),
	.close = ping_close,
	.connect = ip4_datagram_connect,
	.disconnect = ping_disconnect,
	.init = ping_init_sock,
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.sendmsg = ping_sendmsg,
	.recvmsg = ping_recvmsg,
	.bind = ping_bind,
	.backlog_rcv = ping_queue_rcv_skb,
	.hash = ping_hash,
	.unhash = ping_unhash,
	.get_port = ping_get_port,
};
