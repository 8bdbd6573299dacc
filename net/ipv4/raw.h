/* SPDX-License-Identifier: MIT */
/*
 * Raw sockets: hashed by protocol number, each gets a copy of what matches.
 */
#ifndef NET_IPV4_RAW_H
#define NET_IPV4_RAW_H

#include "net/ipv4/inet_sock.h"
#include "uapi/icmp.h"

#define RAW_HTABLE_SIZE 64

struct raw_sock {
	struct inet_sock inet; /* first */
	struct icmp_filter filter; /* a set bit keeps that ICMP type out */
	struct list_head ra_node; /* in ra_chain: inet.router_alert */
};
struct raw_hashinfo {
	struct hlist_head ht[RAW_HTABLE_SIZE]; /* struct sock.sk_node */
	struct list_head ra_chain; /* sockets with IP_ROUTER_ALERT, in order */
};

static inline struct raw_sock *raw_sk(const struct sock *sk)
{
	return (struct raw_sock *)sk;
}

/* One packet with its address and control messages; also of ping sockets. */
int raw_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len);
int raw_net_init(struct net *net);
void raw_net_exit(struct net *net);
/* Copies of @skb to the raw sockets that want it. Was there one? */
bool raw_local_deliver(struct sk_buff *skb, int protocol);
/* IP_ROUTER_ALERT. 0, -EINVAL, -EADDRINUSE, -ENOBUFS. */
int ip_ra_control(struct sock *sk, bool on);
/*
 * A packet with a router alert (RFC 2113) that is to be forwarded goes to the
 * sockets that asked for those of its protocol. False: none did.
 */
bool ip_call_ra_chain(struct sk_buff *skb);
/* An ICMP error for packets of @protocol; skb->data: the quoted IP header. */
void raw_icmp_error(struct sk_buff *skb, int protocol, u32 info);

#endif
