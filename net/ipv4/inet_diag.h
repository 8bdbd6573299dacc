/* SPDX-License-Identifier: MIT */
/*
 * IPv4 sockets by sock_diag: a protocol is a row of the table in inet_diag.c,
 * a filter of the request a program for the machine in inet_diag_bc.c.
 */
#ifndef NET_IPV4_INET_DIAG_H
#define NET_IPV4_INET_DIAG_H

#include "net/core/sock_diag.h"
#include <linux/inet_diag.h>

/* What a filter looks at. Ports in host order. */
struct inet_diag_entry {
	__be32 saddr, daddr;
	u16 sport, dport;
	int ifindex;
	u32 userlocks, mark;
};

struct inet_diag_handler {
	u16 protocol;
	/* Every socket or stand-in (sock_head); stops at a result not 0. */
	int (*walk)(struct net *net, int (*fn)(struct sock *sk, void *arg),
		    void *arg);
	/* The one of a request of @type, not parked; NULL: none. */
	struct sock *(*find)(struct net *net,
			     const struct inet_diag_req_v2 *req, int type);
	/* Queue lengths. */
	void (*get_info)(struct sock *sk, struct inet_diag_msg *r);
	/* More attributes, by @ext; NULL: none. 0 or -EMSGSIZE. */
	int (*put_attrs)(struct sock *sk, struct sk_buff *skb, u8 ext);
};
/* tcp_diag.c, udp_diag.c */
extern const struct inet_diag_handler tcp_diag_handler, udp_diag_handler,
	raw_diag_handler;

/* May the program run? 0, -EINVAL, -EPERM. */
int inet_diag_bc_audit(const struct nlattr *attr);
/* Does it want this socket? No program wants all. */
bool inet_diag_bc_run(const struct nlattr *attr,
		      const struct inet_diag_entry *e);

#endif
