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
/* Count a message sent by a socket. */
void icmp_out_count(struct net *net, unsigned char type);

#endif
