/* SPDX-License-Identifier: MIT */
/*
 * The netlink family: sockets by port number, requests to the kernel, dumps in
 * parts, groups.
 */
#ifndef NET_NETLINK_AF_NETLINK_H
#define NET_NETLINK_AF_NETLINK_H

#include "net/core/netlink.h"
#include "net/core/sock.h"

#define NETLINK_MAX_LINKS 32 /* protocols */
#define NETLINK_GROUPS 64 /* that a socket may join; RTNLGRP_* are below */

/* struct netlink_sock.flags */
#define NETLINK_F_PKTINFO BIT(0)
#define NETLINK_F_BROADCAST_ERROR BIT(1)
#define NETLINK_F_NO_ENOBUFS BIT(2)
#define NETLINK_F_LISTEN_ALL_NSID BIT(3)
#define NETLINK_F_CAP_ACK BIT(4)
#define NETLINK_F_EXT_ACK BIT(5)
#define NETLINK_F_STRICT_CHK BIT(6)
#define NETLINK_F_CONGESTED BIT(7) /* something was lost: ENOBUFS */

struct netlink_sock {
	struct sock sk; /* first */
	struct list_head list; /* netns_netlink.socks */
	u32 portid; /* 0: not bound yet */
	u32 dst_portid, dst_group;
	u64 groups; /* bit n - 1: group n */
	unsigned int flags;
	size_t max_recvmsg_len; /* largest buffer the program has shown */
	bool cb_running;
	bool cb_done; /* all is said but NLMSG_DONE */
	int cb_err; /* what that one says */
	struct netlink_callback cb; /* while cb_running */
};

/* The netlink state of a host. */
struct netns_netlink {
	struct list_head socks; /* those with a port */
};

static inline struct netlink_sock *nlk_sk(const struct sock *sk)
{
	return (struct netlink_sock *)sk;
}

/* Register the family; the reverse. */
int netlink_init(void);
void netlink_exit(void);

/* nl_input.c: requests, answers, dumps. */

bool netlink_protocol_served(int protocol);
/* What a program sent to the kernel: @skb stays the caller's. */
void netlink_rcv_skb(struct sk_buff *skb);
/* Go on with the dump when there is room. */
void netlink_dump_more(struct sock *sk);
void netlink_dump_end(struct netlink_sock *nlk);
/* Queue for @sk; -EAGAIN when its buffer is full (@skb is freed then). */
int netlink_deliver(struct sock *sk, struct sk_buff *skb);
struct sock *netlink_lookup(struct net *net, int protocol, u32 portid);

/* nl_sockopt.c: options of SOL_NETLINK. */
int netlink_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		       unsigned int len);
int netlink_getsockopt(struct socket *sock, int level, int name,
		       char __user *val, int __user *len);

#endif
