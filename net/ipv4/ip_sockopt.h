/* SPDX-License-Identifier: MIT */
/*
 * Options of SOL_IP: shared by ip_sockopt*.c and ip_sockglue.c.
 */
#ifndef NET_IPV4_IP_SOCKOPT_H
#define NET_IPV4_IP_SOCKOPT_H

#include "net/ipv4/ip.h"

/* Multicast options: ip_sockopt_mc.c. -ENOIOCTLCMD: not one of these. */
int ip_mc_setsockopt(struct sock *sk, int name, sockptr_t optval,
		     unsigned int optlen);
int ip_mc_getsockopt(struct sock *sk, int name, char __user *optval,
		     int __user *optlen, int len);
void ip_cmsg_recv_err(struct msghdr *m, struct sock *sk, struct sk_buff *skb);

/* Which band of the device's queue a type of service belongs to. */
static inline u32 rt_tos2priority(u8 tos)
{
	static const u8 band[16] = { 0, 0, 0, 0, 2, 2, 2, 2,
				     6, 6, 6, 6, 4, 4, 4, 4 };

	return band[(tos & 0x1e) >> 1];
}

#endif
