/* SPDX-License-Identifier: MIT */
/*
 * connect() of datagram and raw sockets: a peer for send(), a filter for what
 * is received, and a route that is kept. And where a message goes.
 */
#include "net/ipv4/ip.h"
#include "net/ipv4/udp.h"
#include <linux/in_route.h>

int __ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int len)
{
	struct inet_sock *inet = inet_sk(sk);
	struct sockaddr_in *usin = (struct sockaddr_in *)uaddr;
	int oif = sk->sk_bound_dev_if;
	__be32 saddr = inet->inet_saddr;
	struct flowi4 fl4;
	struct rtable *rt;

	if (len < (int)sizeof(*usin))
		return fail(-EINVAL, "address too short for AF_INET");
	if (usin->sin_family != AF_INET)
		return fail(-EAFNOSUPPORT, "not an AF_INET address");
	sk_dst_reset(sk);
	if (ipv4_is_multicast(usin->sin_addr.s_addr)) {
		if (!oif)
			oif = (int)inet->mc_index;
		if (!saddr)
			saddr = inet->mc_addr;
	} else if (!oif) {
		oif = (int)inet->uc_index;
	}
	rt = ip_route_connect(&fl4, usin->sin_addr.s_addr, saddr, oif,
			      (u8)sk->sk_protocol, inet->inet_sport,
			      usin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), OutNoRoutes);
		return (int)PTR_ERR(rt);
	}
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return fail(-EACCES, "broadcast needs SO_BROADCAST");
	}
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4.saddr;
	if (!inet->inet_rcv_saddr)
		inet->inet_rcv_saddr = fl4.saddr;
	inet->inet_daddr = fl4.daddr;
	inet->inet_dport = usin->sin_port;
	sk_set_state_traced(sk, TCP_ESTABLISHED);
	inet->inet_id = (u16)get_random_u32();
	sk_dst_set(sk, &rt->dst);
	return 0;
}

int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip4_datagram_connect(sk, uaddr, len);
	release_sock(sk);
	return err;
}

int ip4_datagram_dest(struct sock *sk, const struct msghdr *m, bool unspec_ok,
		      __be32 *ret_daddr, __be16 *ret_dport)
{
	const struct sockaddr_in *usin = m->msg_name;

	if (!usin) {
		if (sk->sk_state != TCP_ESTABLISHED)
			return fail(-EDESTADDRREQ, "not connected, no address");
		*ret_daddr = inet_sk(sk)->inet_daddr;
		if (ret_dport)
			*ret_dport = inet_sk(sk)->inet_dport;
		return 0;
	}
	if (m->msg_namelen < (int)sizeof(*usin))
		return fail(-EINVAL, "address too short for AF_INET");
	if (usin->sin_family != AF_INET &&
	    !(unspec_ok && usin->sin_family == AF_UNSPEC))
		return fail(-EAFNOSUPPORT, "not an AF_INET address");
	if (ret_dport && !usin->sin_port)
		return fail(-EINVAL, "port 0");
	*ret_daddr = usin->sin_addr.s_addr;
	if (ret_dport)
		*ret_dport = usin->sin_port;
	return 0;
}
