/* SPDX-License-Identifier: MIT */
/*
 * Datagram ICMP sockets: echo requests without privilege. The "port" is the
 * identifier of the echo message.
 */
#ifndef NET_IPV4_PING_H
#define NET_IPV4_PING_H

#include "net/ipv4/inet_sock.h"

#define PING_HTABLE_SIZE 64

struct ping_table {
	struct hlist_head hash[PING_HTABLE_SIZE]; /* struct sock.sk_node */
	u16 rover; /* identifier tried last */
};

int ping_net_init(struct net *net);
void ping_net_exit(struct net *net);
/* An echo reply came: skb->data is at its ICMP header. Does not own @skb. */
bool ping_rcv(struct sk_buff *skb);
/* An ICMP error about an echo request: skb->data is at the quoted header. */
void ping_err(struct sk_buff *skb, u32 info);

#endif
