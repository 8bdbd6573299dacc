/* SPDX-License-Identifier: MIT */
/*
 * Parked connections: see tcp_park.c.
 */
#ifndef NET_IPV4_TCP_PARK_H
#define NET_IPV4_TCP_PARK_H

#include "net/ipv4/tcp.h"

#define TCP_PARK_WORDS (sizeof(struct tcp_sock) / sizeof(u32))

/* In ehash (and among the owners of its port) in place of the socket. */
struct tcp_parked_sock {
	struct sock_head h; /* sk_state is TCP_PARKED */
	struct socket *socket; /* NULL: it was closed, see tcp_park_close() */
	struct timer_list timer; /* the keep-alive timer meanwhile */
	u32 uid;
	bool keepalive;
	u8 model; /* netns_ipv4.tcp_park_models[] that it is told by */
	u32 differs[DIV_ROUND_UP(TCP_PARK_WORDS, 32)]; /* bit: from the model */
	u32 words[]; /* the values of those that do, in order */
};

static inline struct tcp_parked_sock *tcp_parked(const struct sock *sk)
{
	return (struct tcp_parked_sock *)sk;
}

/* See to it that idle connections of the host are looked for. */
void tcp_park_watch(struct net *net);
/* The socket again; NULL: no memory, or it was closed and is closing now. */
struct sock *tcp_unpark(struct tcp_parked_sock *p);
/* Fill @tp with what the socket would be: to look at, not to keep. */
void tcp_park_read(const struct tcp_parked_sock *p, struct tcp_sock *tp);
/* proto_ops.unpark */
int tcp_unpark_socket(struct socket *sock, bool closing);
void tcp_park_net_init(struct net *net);
void tcp_park_net_exit(struct net *net);

#endif
