/* SPDX-License-Identifier: MIT */
/*
 * setsockopt and getsockopt of SOL_IP (ip(7)). Values may be given as an int
 * or as one byte; most are bits and bytes of struct inet_sock. Multicast:
 * ip_sockopt_mc.c.
 */
#include "net/ipv4/ip_sockopt.h"

#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/string.h"
#include "net/core/netdevice.h"
#include "net/core/scm.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/ip_output.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/tcp.h"
#include <linux/capability.h>

#define INET_ECN_MASK 3

/* Options that only say which control messages recvmsg() gives. */
static unsigned int ip_cmsg_flag(int name)
{
	switch (name) {
	case IP_PKTINFO:
		return IP_CMSG_PKTINFO;
	case IP_RECVTTL:
		return IP_CMSG_TTL;
	case IP_RECVTOS:
		return IP_CMSG_TOS;
	case IP_RECVOPTS:
		return IP_CMSG_RECVOPTS;
	case IP_RETOPTS:
		return IP_CMSG_RETOPTS;
	case IP_PASSSEC: /* kept: nothing here gives packets a label */
		return IP_CMSG_PASSSEC;
	case IP_RECVORIGDSTADDR:
		return IP_CMSG_ORIGDSTADDR;
	case IP_RECVFRAGSIZE:
		return IP_CMSG_RECVFRAGSIZE;
	case IP_CHECKSUM: /* kept: no device here sums up packets (LINUX: lo) */
		return IP_CMSG_CHECKSUM;
	}
	return 0;
}

static void ip_sock_set_tos(struct sock *sk, int val)
{
	struct inet_sock *inet = inet_sk(sk);

	/* The ECN bits of a stream are TCP's. */
	if (sk->sk_type == SOCK_STREAM) {
		val &= ~INET_ECN_MASK;
		val |= inet->tos & INET_ECN_MASK;
	}
	if (inet->tos == (u8)val)
		return;
	inet->tos = (u8)val;
	sk->sk_priority = rt_tos2priority((u8)val);
	sk_dst_reset(sk);
}

static int ip_set_unicast_if(struct sock *sk, __be32 val, unsigned int optlen)
{
	int ifindex = (int)ntohl(val);

	if (optlen != sizeof(int))
		return fail(-EINVAL, "the index is an int");
	if (!ifindex) {
		inet_sk(sk)->uc_index = 0;
		return 0;
	}
	if (!dev_get_by_index(sock_net(sk), ifindex))
		return fail(-EADDRNOTAVAIL, "no such device");
	if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != ifindex)
		return fail(-EINVAL, "bound to another device");
	inet_sk(sk)->uc_index = (u32)ifindex;
	return 0;
}

static int ip_set_options(struct sock *sk, sockptr_t optval,
			  unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options *opt, *old = inet->inet_opt;
	int err;

	if (optlen > 40)
		return fail(-EINVAL, "at most 40 bytes of options");
	opt = kzalloc(sizeof(*opt));
	if (!opt)
		return fail(-ENOBUFS, "no memory");
	err = ip_options_get(sock_net(sk), opt, optval, optlen);
	if (err) {
		kfree(opt);
		return err;
	}
	if (inet->is_icsk) {
		struct inet_connection_sock *icsk = inet_csk(sk);

		if (old)
			icsk->icsk_ext_hdr_len -= old->optlen;
		icsk->icsk_ext_hdr_len += opt->optlen;
		if (BIT(sk->sk_state) & ~(TCPF_LISTEN | TCPF_CLOSE))
			(void)tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	}
	inet->inet_opt = opt;
	kfree(old);
	return 0;
}

static int ip_set_port_range(struct inet_sock *inet, u32 val,
			     unsigned int optlen)
{
	u16 lo = (u16)val, hi = (u16)(val >> 16);

	if (optlen != sizeof(u32))
		return fail(-EINVAL, "the range has 32 bits");
	if (lo && hi && lo > hi)
		return fail(-EINVAL, "the range is empty");
	inet->local_port_range = val;
	return 0;
}

static int ip_set_cmsg(struct sock *sk, int name, int val)
{
	unsigned int flag = ip_cmsg_flag(name);

	if (name == IP_RECVFRAGSIZE && sk->sk_type != SOCK_RAW &&
	    sk->sk_type != SOCK_DGRAM)
		return fail(-EINVAL, "streams have no fragments");
	if (val)
		inet_sk(sk)->cmsg_flags |= flag;
	else
		inet_sk(sk)->cmsg_flags &= ~flag;
	return 0;
}

#define CHECK(cond, err, why)                  \
	do {                                   \
		if (!(cond))                   \
			return fail(err, why); \
	} while (0)

/* Everything that is one number. */
static int ip_set_number(struct sock *sk, int name, int val,
			 unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);

	switch (name) {
	case IP_TOS:
		ip_sock_set_tos(sk, val);
		return 0;
	case IP_TTL:
		CHECK(optlen, -EINVAL, "no value");
		CHECK(val == -1 || (val >= 1 && val <= 255), -EINVAL,
		      "TTL is in 1..255");
		inet->uc_ttl = (s16)val;
		return 0;
	case IP_MINTTL:
		CHECK(optlen, -EINVAL, "no value");
		CHECK(val >= 0 && val <= 255, -EINVAL, "TTL is in 0..255");
		inet->min_ttl = (u8)val;
		return 0;
	case IP_MTU_DISCOVER:
		CHECK(val >= IP_PMTUDISC_DONT && val <= IP_PMTUDISC_OMIT,
		      -EINVAL, "no such mode");
		inet->pmtudisc = (u8)val;
		return 0;
	case IP_RECVERR:
		inet->recverr = !!val;
		if (!val)
			skb_queue_purge_reason(&sk->sk_error_queue,
					       SKB_CONSUMED);
		return 0;
	case IP_ROUTER_ALERT:
		return ip_ra_control(sk, val);
	case IP_RECVERR_RFC4884:
		CHECK(val == 0 || val == 1, -EINVAL, "0 or 1");
		inet->recverr_rfc4884 = val;
		return 0;
	case IP_HDRINCL:
		CHECK(sk->sk_type == SOCK_RAW, -ENOPROTOOPT,
		      "for raw sockets only");
		inet->hdrincl = !!val;
		return 0;
	case IP_NODEFRAG:
		CHECK(sk->sk_type == SOCK_RAW, -ENOPROTOOPT,
		      "for raw sockets only");
		inet->nodefrag = !!val;
		return 0;
	case IP_FREEBIND:
		CHECK(optlen, -EINVAL, "no value");
		inet->freebind = !!val;
		return 0;
	case IP_TRANSPARENT:
		CHECK(!val || capable(CAP_NET_RAW) || capable(CAP_NET_ADMIN),
		      -EPERM, "needs CAP_NET_ADMIN");
		CHECK(optlen, -EINVAL, "no value");
		inet->transparent = !!val;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		inet->bind_address_no_port = !!val;
		return 0;
	case IP_LOCAL_PORT_RANGE:
		return ip_set_port_range(inet, (u32)val, optlen);
	case IP_UNICAST_IF:
		return ip_set_unicast_if(sk, (__be32)val, optlen);
	}
	return -ENOIOCTLCMD;
}

static int do_ip_setsockopt(struct sock *sk, int name, sockptr_t optval,
			    unsigned int optlen)
{
	int val = 0, err;
	u8 byte;

	if (name == IP_OPTIONS)
		return ip_set_options(sk, optval, optlen);
	err = ip_mc_setsockopt(sk, name, optval, optlen);
	if (err != -ENOIOCTLCMD)
		return err;
	/* LINUX: a value of one byte will do, and none at all means 0. */
	if (optlen >= sizeof(int)) {
		if (copy_from_sockptr(&val, optval, sizeof(val)))
			return -EFAULT;
	} else if (optlen >= 1) {
		if (copy_from_sockptr(&byte, optval, 1))
			return -EFAULT;
		val = byte;
	}
	if (ip_cmsg_flag(name))
		return ip_set_cmsg(sk, name, val);
	if (name == IP_IPSEC_POLICY || name == IP_XFRM_POLICY)
		return capable(CAP_NET_ADMIN)
			       ? fail(-EOPNOTSUPP, "no IPsec here")
			       : fail(-EPERM, "needs CAP_NET_ADMIN");
	err = ip_set_number(sk, name, val, optlen);
	if (err == -ENOIOCTLCMD)
		err = fail(-ENOPROTOOPT, "no such option of SOL_IP");
	return err;
}

int ip_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
		  unsigned int len)
{
	int err;

	if (level != SOL_IP)
		return fail(-ENOPROTOOPT, "no options of that level");
	lock_sock(sk);
	err = do_ip_setsockopt(sk, name, val, len);
	release_sock(sk);
	return err;
}

/* Reading */

static int ip_get_options(struct sock *sk, char __user *optval,
			  int __user *optlen, int len)
{
	struct ip_options opt = { 0 };

	if (inet_sk(sk)->inet_opt)
		opt = *inet_sk(sk)->inet_opt;
	if (!opt.optlen)
		return put_user(0, optlen);
	ip_options_undo(&opt);
	len = min_t(int, len, opt.optlen);
	if (put_user(len, optlen) || copy_to_user(optval, opt.data, len))
		return -EFAULT;
	return 0;
}

/* IP_PKTOPTIONS: what a stream can tell of its peer's packets. */
static int ip_get_pktoptions(struct sock *sk, char __user *optval,
			     int __user *optlen, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct msghdr m = { 0 };

	if (sk->sk_type != SOCK_STREAM)
		return fail(-ENOPROTOOPT, "for streams only");
	m.msg_control = optval;
	m.msg_control_is_user = true;
	m.msg_controllen = len;
	m.msg_flags = in_compat_syscall() ? MSG_CMSG_COMPAT : 0;
	if (inet->cmsg_flags & IP_CMSG_PKTINFO) {
		struct in_pktinfo info = {
			.ipi_addr.s_addr = inet->inet_rcv_saddr,
			.ipi_spec_dst.s_addr = inet->inet_rcv_saddr,
			.ipi_ifindex = (int)inet->mc_index,
		};

		(void)put_cmsg(&m, SOL_IP, IP_PKTINFO, sizeof(info), &info);
	}
	if (inet->cmsg_flags & IP_CMSG_TTL) {
		int hlim = inet->mc_ttl;

		(void)put_cmsg(&m, SOL_IP, IP_TTL, sizeof(hlim), &hlim);
	}
	if (inet->cmsg_flags & IP_CMSG_TOS) {
		int tos = inet->tos;

		(void)put_cmsg(&m, SOL_IP, IP_TOS, sizeof(tos), &tos);
	}
	return put_user((int)(len - (int)m.msg_controllen), optlen);
}

/* One number. 0, or -errno. */
static int ip_get_number(struct sock *sk, int name, int *ret_val)
{
	struct inet_sock *inet = inet_sk(sk);
	unsigned int flag = ip_cmsg_flag(name);
	struct dst_entry *dst;

	if (flag) {
		*ret_val = !!(inet->cmsg_flags & flag);
		return 0;
	}
	switch (name) {
	case IP_TOS:
		*ret_val = inet->tos;
		break;
	case IP_TTL:
		*ret_val = inet->uc_ttl < 0
				   ? sock_net(sk)->ipv4->sysctl_ip_default_ttl
				   : inet->uc_ttl;
		break;
	case IP_MINTTL:
		*ret_val = inet->min_ttl;
		break;
	case IP_MTU_DISCOVER:
		*ret_val = inet->pmtudisc;
		break;
	case IP_MTU:
		dst = __sk_dst_get(sk);
		if (!dst)
			return fail(-ENOTCONN, "no route without a peer");
		*ret_val = (int)dst_mtu(dst);
		break;
	case IP_RECVERR:
		*ret_val = inet->recverr;
		break;
	case IP_ROUTER_ALERT:
		*ret_val = inet->router_alert;
		break;
	case IP_RECVERR_RFC4884:
		*ret_val = inet->recverr_rfc4884;
		break;
	case IP_HDRINCL:
		*ret_val = inet->hdrincl;
		break;
	case IP_NODEFRAG:
		*ret_val = inet->nodefrag;
		break;
	case IP_FREEBIND:
		*ret_val = inet->freebind;
		break;
	case IP_TRANSPARENT:
		*ret_val = inet->transparent;
		break;
	case IP_BIND_ADDRESS_NO_PORT:
		*ret_val = inet->bind_address_no_port;
		break;
	case IP_LOCAL_PORT_RANGE:
		*ret_val = (int)inet->local_port_range;
		break;
	case IP_UNICAST_IF:
		*ret_val = (int)htonl(inet->uc_index);
		break;
	case IP_MULTICAST_TTL:
		*ret_val = inet->mc_ttl;
		break;
	case IP_MULTICAST_LOOP:
		*ret_val = inet->mc_loop;
		break;
	case IP_MULTICAST_ALL:
		*ret_val = inet->mc_all;
		break;
	case IP_PROTOCOL:
		*ret_val = sk->sk_protocol;
		break;
	default:
		return fail(-ENOPROTOOPT, "no such option of SOL_IP");
	}
	return 0;
}

static int do_ip_getsockopt(struct sock *sk, int name, char __user *optval,
			    int __user *optlen, int len)
{
	int val = 0, err;
	u8 byte;

	if (name == IP_OPTIONS)
		return ip_get_options(sk, optval, optlen, len);
	if (name == IP_PKTOPTIONS)
		return ip_get_pktoptions(sk, optval, optlen, len);
	err = ip_mc_getsockopt(sk, name, optval, optlen, len);
	if (err != -ENOIOCTLCMD)
		return err;
	err = ip_get_number(sk, name, &val);
	if (err)
		return err;
	/* LINUX: into too short a buffer goes one byte, if it fits that. */
	if (len < (int)sizeof(int) && len > 0 && val >= 0 && val <= 255) {
		byte = (u8)val;
		len = 1;
		if (put_user(len, optlen) || copy_to_user(optval, &byte, 1))
			return -EFAULT;
		return 0;
	}
	len = min_t(int, sizeof(int), len);
	if (put_user(len, optlen) || copy_to_user(optval, &val, len))
		return -EFAULT;
	return 0;
}

int ip_getsockopt(struct sock *sk, int level, int name, char __user *val,
		  int __user *len)
{
	int n, err;

	if (level != SOL_IP)
		return fail(-EOPNOTSUPP, "no options of that level");
	if (get_user(n, len))
		return -EFAULT;
	if (n < 0)
		return fail(-EINVAL, "negative length");
	lock_sock(sk);
	err = do_ip_getsockopt(sk, name, val, len, n);
	release_sock(sk);
	return err;
}
