/* SPDX-License-Identifier: MIT */
/*
 * Between IP and its sockets: control messages of what is sent and received
 * (ip(7)), and the queue of errors (IP_RECVERR). The options themselves are in
 * ip_sockopt.c.
 */
#include "kernel/sched.h"
#include "lib/string.h"
#include "net/core/errqueue.h"
#include "net/core/netdevice.h"
#include "net/core/scm.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/ip_output.h"
#include "net/core/sockopt.h"
#include "net/ipv4/ip_sockopt.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/netns.h"
#include <linux/in_route.h>

/* Sending */

void ipcm_init_sk(struct ipcm_cookie *ipc, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	ipc->sockc = (struct sockcm_cookie){
		.mark = sk->sk_mark,
		.tsflags = sk->sk_tsflags,
		.priority = sk->sk_priority,
	};
	ipc->addr = inet->inet_saddr;
	ipc->oif = sk->sk_bound_dev_if;
	ipc->opt = inet->inet_opt && inet->inet_opt->optlen ? inet->inet_opt
							    : NULL;
	ipc->ttl = 0;
	ipc->tos = -1;
	ipc->protocol = (u8)inet->inet_num;
	ipc->gso_size = 0;
}

static int ip_cmsg_send_one(struct sock *sk, struct cmsghdr *c,
			    struct ipcm_cookie *ipc)
{
	size_t n = c->cmsg_len - sizeof(*c);
	const struct in_pktinfo *info = CMSG_DATA(c);
	int val = 0, err;

	if (n == sizeof(int))
		memcpy(&val, CMSG_DATA(c), sizeof(val));
	switch (c->cmsg_type) {
	case IP_RETOPTS:
		err = ip_options_get(sock_net(sk), &ipc->opt_buf,
				     KERNEL_SOCKPTR(CMSG_DATA(c)),
				     (unsigned int)min_t(size_t, n, 40));
		if (!err)
			ipc->opt = ipc->opt_buf.optlen ? &ipc->opt_buf : NULL;
		return err;
	case IP_PKTINFO:
		if (n != sizeof(*info))
			return fail(-EINVAL, "IP_PKTINFO has another size");
		if (info->ipi_ifindex)
			ipc->oif = info->ipi_ifindex;
		ipc->addr = info->ipi_spec_dst.s_addr;
		return 0;
	case IP_TTL:
		if (n != sizeof(int) || val < 1 || val > 255)
			return fail(-EINVAL, "TTL is an int in 1..255");
		ipc->ttl = (s16)val;
		return 0;
	case IP_TOS:
		if (n == sizeof(u8))
			val = *(u8 *)CMSG_DATA(c);
		else if (n != sizeof(int))
			return fail(-EINVAL, "TOS is an int or a byte");
		if (val < 0 || val > 255)
			return fail(-EINVAL, "TOS is in 0..255");
		ipc->tos = (s16)val;
		ipc->sockc.priority = rt_tos2priority((u8)val);
		return 0;
	case IP_PROTOCOL:
		if (n != sizeof(int) || val < 1 || val > 255)
			return fail(-EINVAL, "a protocol is an int in 1..255");
		ipc->protocol = (u8)val;
		return 0;
	}
	return fail(-EINVAL, "unknown control message of SOL_IP");
}

int ip_cmsg_send(struct sock *sk, struct msghdr *m, struct ipcm_cookie *ipc)
{
	struct cmsghdr *c;
	int err;

	err = sock_cmsg_send(sk, m, &ipc->sockc);
	if (err)
		return err;
	for_each_cmsghdr(c, m) {
		if (c->cmsg_level != SOL_IP)
			continue;
		err = ip_cmsg_send_one(sk, c, ipc);
		if (err)
			return err;
	}
	return 0;
}

/* Receiving */

/* Which address of ours would answer @skb? */
static __be32 fib_compute_spec_dst(struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net *net = rt->rt_net;
	struct fib_result res;
	struct flowi4 fl4;
	int scope = RT_SCOPE_UNIVERSE;

	if ((rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) ==
	    RTCF_LOCAL)
		return ip_hdr(skb)->daddr;
	if (ipv4_is_zeronet(ip_hdr(skb)->saddr)) {
		scope = RT_SCOPE_LINK;
	} else {
		fl4 = (struct flowi4){
			.flowi4_iif = skb->skb_iif,
			.daddr = ip_hdr(skb)->saddr,
			.flowi4_tos = ip_hdr(skb)->tos & 0x1c,
		};
		if (!fib_lookup(net, &fl4, &res) && res.fi)
			return fib_result_prefsrc(net, &res);
	}
	return inet_select_addr(skb->dev, ip_hdr(skb)->saddr, scope);
}

/* iif and faddr of the control block are what IP_PKTINFO tells. */
void ipv4_pktinfo_prepare(const struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	if (!(inet_sk(sk)->cmsg_flags & IP_CMSG_PKTINFO) || !rt) {
		IPCB(skb)->opt.faddr = 0;
		return;
	}
	IPCB(skb)->iif = inet_iif(skb);
	IPCB(skb)->opt.faddr = fib_compute_spec_dst(skb);
}

static void ip_cmsg_recv_pktinfo(struct msghdr *m, const struct sk_buff *skb)
{
	struct in_pktinfo info = {
		.ipi_ifindex = IPCB(skb)->iif,
		.ipi_spec_dst.s_addr = IPCB(skb)->opt.faddr,
		.ipi_addr.s_addr = ip_hdr(skb)->daddr,
	};

	(void)put_cmsg(m, SOL_IP, IP_PKTINFO, sizeof(info), &info);
}

static void ip_cmsg_recv_dstaddr(struct msghdr *m, const struct sk_buff *skb)
{
	const u8 *th = skb_transport_header(skb);
	struct sockaddr_in sin;

	if (th + 4 > skb_tail_pointer(skb))
		return;
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = ip_hdr(skb)->daddr;
	/* Of UDP and TCP: the second 16 bits are the destination port. */
	memcpy(&sin.sin_port, th + 2, 2);
	(void)put_cmsg(m, SOL_IP, IP_ORIGDSTADDR, sizeof(sin), &sin);
}

static void ip_cmsg_recv_opts(struct msghdr *m, struct sock *sk,
			      struct sk_buff *skb, unsigned int flags)
{
	const struct ip_options *opt = &IPCB(skb)->opt;
	struct ip_options echo;

	if (!opt->optlen)
		return;
	if (flags & IP_CMSG_RECVOPTS)
		(void)put_cmsg(m, SOL_IP, IP_RECVOPTS, opt->optlen,
			       ip_hdr(skb) + 1);
	if (!(flags & IP_CMSG_RETOPTS))
		return;
	if (ip_options_echo(sock_net(sk), &echo, opt, skb)) {
		m->msg_flags |= MSG_CTRUNC;
		return;
	}
	ip_options_undo(&echo);
	(void)put_cmsg(m, SOL_IP, IP_RETOPTS, echo.optlen, echo.data);
}

void ip_cmsg_recv_offset(struct msghdr *m, struct sock *sk, struct sk_buff *skb,
			 int tlen, int offset)
{
	unsigned int flags = inet_sk(sk)->cmsg_flags;
	int val;

	if (flags & IP_CMSG_PKTINFO)
		ip_cmsg_recv_pktinfo(m, skb);
	if (flags & IP_CMSG_TTL) {
		val = ip_hdr(skb)->ttl;
		(void)put_cmsg(m, SOL_IP, IP_TTL, sizeof(val), &val);
	}
	if (flags & IP_CMSG_TOS)
		(void)put_cmsg(m, SOL_IP, IP_TOS, 1, &ip_hdr(skb)->tos);
	if (flags & (IP_CMSG_RECVOPTS | IP_CMSG_RETOPTS))
		ip_cmsg_recv_opts(m, sk, skb, flags);
	if (flags & IP_CMSG_ORIGDSTADDR)
		ip_cmsg_recv_dstaddr(m, skb);
	if ((flags & IP_CMSG_RECVFRAGSIZE) && IPCB(skb)->frag_max_size) {
		val = IPCB(skb)->frag_max_size;
		(void)put_cmsg(m, SOL_IP, IP_RECVFRAGSIZE, sizeof(val), &val);
	}
}

/* The error queue */

void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port,
		   u32 info, u8 *payload)
{
	struct sock_exterr_skb *serr;
	const struct iphdr *quoted;

	skb = skb_clone(skb);
	if (!skb)
		return;
	quoted = (const struct iphdr *)(icmp_hdr(skb) + 1);
	serr = SKB_EXT_ERR(skb);
	*serr = (struct sock_exterr_skb){
		.ee.ee_errno = (u32)err,
		.ee.ee_origin = SO_EE_ORIGIN_ICMP,
		.ee.ee_type = icmp_hdr(skb)->type,
		.ee.ee_code = icmp_hdr(skb)->code,
		.ee.ee_info = info,
		.addr_offset = (u16)((u8 *)&quoted->daddr -
				     skb_network_header(skb)),
		.port = port,
	};
	/* What the program gets is what we had sent behind the header. */
	if (skb_pull(skb, (unsigned int)(payload - skb->data))) {
		if (inet_sk(sk)->recverr_rfc4884)
			icmp_find_extensions(skb, &serr->ee.ee_rfc4884);
		skb_reset_transport_header(skb);
		if (!sock_queue_err_skb(sk, skb))
			return;
	}
	kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 port,
		    u32 info)
{
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;
	struct iphdr *iph;

	if (!inet_sk(sk)->recverr)
		return;
	skb = alloc_skb(sizeof(*iph));
	if (!skb)
		return;
	iph = skb_put(skb, sizeof(*iph));
	memset(iph, 0, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->daddr = daddr;
	serr = SKB_EXT_ERR(skb);
	*serr = (struct sock_exterr_skb){
		.ee.ee_errno = (u32)err,
		.ee.ee_origin = SO_EE_ORIGIN_LOCAL,
		.ee.ee_info = info,
		.addr_offset = offsetof(struct iphdr, daddr),
		.port = port,
	};
	skb_pull(skb, sizeof(*iph));
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

/* What IP_RECVERR's control message holds. */
struct ip_errhdr {
	struct sock_extended_err ee;
	struct sockaddr_in offender;
};

/* SOF_TIMESTAMPING_OPT_CMSG: a stamp comes with what IP tells of a packet. */
static bool ip_stamp_has_device(const struct sock *sk,
				const struct sock_exterr_skb *serr)
{
	return serr->ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING && serr->iif &&
	       sk->sk_tsflags & SOF_TIMESTAMPING_OPT_CMSG;
}

static void ip_put_stamp_pktinfo(struct msghdr *m, struct sock *sk,
				 struct sk_buff *skb)
{
	struct in_pktinfo info = {
		.ipi_ifindex = SKB_EXT_ERR(skb)->iif,
		.ipi_spec_dst.s_addr = ip_hdr(skb)->saddr,
		.ipi_addr.s_addr = ip_hdr(skb)->daddr,
	};

	if (inet_sk(sk)->cmsg_flags & IP_CMSG_PKTINFO)
		(void)put_cmsg(m, SOL_IP, IP_PKTINFO, sizeof(info), &info);
}

static void ip_put_errhdr(struct sock *sk, struct msghdr *m,
			  struct sk_buff *skb)
{
	const struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);
	struct ip_errhdr e;

	memset(&e, 0, sizeof(e));
	e.ee = serr->ee;
	if (serr->ee.ee_origin == SO_EE_ORIGIN_ICMP ||
	    ip_stamp_has_device(sk, serr)) {
		e.offender.sin_family = AF_INET;
		e.offender.sin_addr.s_addr = ip_hdr(skb)->saddr;
		if (serr->iif)
			ip_put_stamp_pktinfo(m, sk, skb);
		if (inet_sk(sk)->cmsg_flags & ~IP_CMSG_PKTINFO)
			ip_cmsg_recv_err(m, sk, skb);
	}
	(void)put_cmsg(m, SOL_IP, IP_RECVERR, sizeof(e), &e);
}

/* Of an error: only what the ICMP message's own header tells. */
void ip_cmsg_recv_err(struct msghdr *m, struct sock *sk, struct sk_buff *skb)
{
	unsigned int flags = inet_sk(sk)->cmsg_flags;
	int ttl = ip_hdr(skb)->ttl;

	if (flags & IP_CMSG_TTL)
		(void)put_cmsg(m, SOL_IP, IP_TTL, sizeof(ttl), &ttl);
	if (flags & IP_CMSG_TOS)
		(void)put_cmsg(m, SOL_IP, IP_TOS, 1, &ip_hdr(skb)->tos);
}

int ip_recv_error(struct sock *sk, struct msghdr *m, int len, int *addr_len)
{
	struct sock_exterr_skb *serr;
	struct sockaddr_in *sin = m->msg_name;
	struct sk_buff *skb;
	int copied, err;

	skb = sock_dequeue_err_skb(sk);
	if (!skb)
		return fail(-EAGAIN, "the error queue is empty");
	copied = (int)skb->len;
	if (copied > len) {
		m->msg_flags |= MSG_TRUNC;
		copied = len;
	}
	err = skb_copy_datagram_msg(skb, 0, m, copied);
	if (err) {
		consume_skb(skb);
		return fail(err, "data address is bad");
	}
	sock_recv_timestamp(m, sk, skb);
	serr = SKB_EXT_ERR(skb);
	if (serr->ee.ee_origin == SO_EE_ORIGIN_TIMESTAMPING &&
	    serr->opt_stats && (sk->sk_tsflags & SOF_TIMESTAMPING_SOFTWARE))
		(void)put_cmsg(m, SOL_SOCKET, SCM_TIMESTAMPING_OPT_STATS,
			       (int)skb->len, skb->data);
	if (sin && (serr->ee.ee_origin == SO_EE_ORIGIN_ICMP ||
		    serr->ee.ee_origin == SO_EE_ORIGIN_LOCAL)) {
		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		memcpy(&sin->sin_addr.s_addr,
		       skb_network_header(skb) + serr->addr_offset, 4);
		sin->sin_port = serr->port;
		*addr_len = sizeof(*sin);
	}
	ip_put_errhdr(sk, m, skb);
	m->msg_flags |= MSG_ERRQUEUE;
	sock_err_skb_given(sk, skb);
	return copied;
}
