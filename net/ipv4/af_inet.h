/* SPDX-License-Identifier: MIT */
/*
 * The family's start: what the kernel and each host set up for IPv4.
 */
#ifndef NET_IPV4_AF_INET_H
#define NET_IPV4_AF_INET_H

#include "net/ipv4/inet_sock.h"
#include "net/ipv4/netns.h"

/* PF_INET, for the table of families. */
extern const struct net_proto_family inet_family_ops;

/* Once per kernel: registers the family. */
int inet_init(void);
void inet_exit(void);

int inet_create(struct net *net, struct socket *sock, int protocol, int kern);
/* Give an unbound socket a port. 0, or -EAGAIN. */
int inet_autobind(struct sock *sk);
/* connect(), with the socket locked; @is_sendmsg: for MSG_FASTOPEN. */
int __inet_stream_connect(struct socket *sock, struct sockaddr *a, int len,
			  int flags, bool is_sendmsg);
/* inet_bind() for the protocols that have a bind of their own. */
int __inet_bind(struct sock *sk, struct sockaddr *a, int len);
/* May a socket bind to @addr, of type @addr_type (RTN_*)? */
bool inet_addr_valid_or_nonlocal(const struct sock *sk, __be32 addr,
				 unsigned int addr_type);

#endif
