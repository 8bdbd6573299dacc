/* SPDX-License-Identifier: MIT */
/*
 * ICMP (RFC 792, 1122 3.2.2, 1812 4.3).
 */
#ifndef NET_IPV4_ICMP_H
#define NET_IPV4_ICMP_H

#include "net/ipv4/ip.h"
#include "uapi/icmp.h"

int icmp_net_init(struct net *net);
void icmp_net_exit(struct net *net);
int icmp_rcv(struct sk_buff *skb);
/* An ICMP error about one of our own ICMP packets. */
int icmp_err(struct sk_buff *skb, u32 info);
/*
 * icmp_ext.c: where in @skb, a message of an error queue whose transport header
 * is still ICMP's, the extensions are. *ret is left alone when there are none.
 */
struct sock_ee_data_rfc4884;
void icmp_find_extensions(const struct sk_buff *skb,
			  struct sock_ee_data_rfc4884 *ret);
/* Count a message sent by a socket. */
void icmp_out_count(struct net *net, unsigned char type);

#endif
