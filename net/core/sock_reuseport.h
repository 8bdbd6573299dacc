/* SPDX-License-Identifier: MIT */
/*
 * Groups of SO_REUSEPORT: sockets of one user with the same address and port,
 * among which each datagram and each new connection is given to one.
 */
#ifndef NET_CORE_SOCK_REUSEPORT_H
#define NET_CORE_SOCK_REUSEPORT_H

#include "net/core/filter.h"
#include "net/core/sock.h"

/*
 * The order is that of joining, but that the last takes the place of one that
 * leaves: the program tells members by their number.
 */
struct sock_reuseport {
	struct sk_filter *prog; /* chooses, or NULL: the flow's hash does */
	u32 num_socks, max_socks;
	struct sock **socks;
};

/* May @sk share a port? Who has a group of its own already joins no other. */
static inline bool reuseport_shares(const struct sock *sk)
{
	return sk->sk_reuseport && !sk->sk_reuseport_cb;
}

/*
 * @sk, about to enter @bucket with @port, joins the group there that has its
 * address, device and user, or has one of its own. -ENOMEM, -ENOSPC.
 */
int reuseport_enter(struct sock *sk, struct hlist_head *bucket, u16 port);
/* The last one out takes the group with it. No group: nothing to do. */
void reuseport_detach_sock(struct sock *sk);

/*
 * The member that gets @skb, whose data begins with a header of @hdr_len bytes:
 * the program sees what is behind it. No @skb, no program, or a number that
 * nobody has: by @hash. NULL: all members are connected.
 */
struct sock *reuseport_select_sock(struct sock *sk, u32 hash,
				   struct sk_buff *skb, unsigned int hdr_len);

/* @prog, the caller's reference, chooses from now on. -EINVAL: no group. */
int reuseport_attach_prog(struct sock *sk, struct sk_filter *prog);
/* -EINVAL: no group; -ENOENT: no program. */
int reuseport_detach_prog(struct sock *sk);

#endif
