/* SPDX-License-Identifier: MIT */
/*
 * UDP (RFC 768, 1122 4.1).
 */
#ifndef NET_IPV4_UDP_H
#define NET_IPV4_UDP_H

#include "net/ipv4/inet_sock.h"
#include <linux/udp.h>

struct udp_sock {
	struct inet_sock inet; /* first */
	/* sk_node: by port. These two: by (address, port) and by 4-tuple. */
	struct hlist_node addr_node, tuple_node;
	bool corkflag; /* UDP_CORK */
	bool no_check6_tx, no_check6_rx; /* UDP_NO_CHECK6_TX, _RX */
	bool gro_enabled; /* UDP_GRO */
	u16 gso_size; /* UDP_SEGMENT */
};

#define UDP_HTABLE_SIZE 256U
#define UDP_MAX_SEGMENTS 128U

/*
 * Sockets that are bound, in three tables: by port (who else has it; group
 * and broadcast delivery), by local address and port, and, once connected, by
 * all four.
 */
struct udp_table {
	struct hlist_head port[UDP_HTABLE_SIZE];
	struct hlist_head addr[UDP_HTABLE_SIZE];
	struct hlist_head tuple[UDP_HTABLE_SIZE];
	unsigned int nr_connected;
	unsigned int inuse; /* "UDP: inuse" of /proc/net/sockstat */
};

static inline struct udp_sock *udp_sk(const struct sock *sk)
{
	return (struct udp_sock *)sk;
}

int udp_net_init(struct net *net);
void udp_net_exit(struct net *net);
int udp_rcv(struct sk_buff *skb);
int udp_err(struct sk_buff *skb, u32 info);
u32 udp_poll(struct file *f, struct socket *sock);
/* Each UDP socket of @net, for /proc/net/udp and sock_diag; stops at != 0. */
int udp_walk(struct net *net, int (*fn)(struct sock *sk, void *arg), void *arg);

/* udp_port.c */
int udp_v4_get_port(struct sock *sk, unsigned short snum);
void udp_lib_unhash(struct sock *sk);
/* Enter the tables anew, as a peer came or went; @moved: so did the address. */
void udp_v4_rehash(struct sock *sk, bool moved);
/* @skb, which begins with its UDP header, or NULL: what SO_REUSEPORT chooses by. */
struct sock *__udp4_lib_lookup(struct net *net, struct sk_buff *skb,
			       __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif);
struct hlist_head *udp_port_bucket(struct net *net, u16 port);

/* udp_recv.c */
int udp_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len);
int udp_ioctl(struct sock *sk, int cmd, int *karg);

/* udp_send.c */
int udp_sendmsg(struct sock *sk, struct msghdr *m, size_t len);
int udp_push_pending_frames(struct sock *sk);

/* udp_offload.c */
/*
 * Let the datagram @skb, whole with its IP header, stand for many of @size
 * bytes. 0, -EMSGSIZE, -EINVAL.
 */
int udp_set_gso(struct sock *sk, struct sk_buff *skb, unsigned int size);
/*
 * The datagrams that @skb stands for, chained by next, each from its IP header
 * on; @csum: with whole checksums. @skb stays the caller's. NULL: no memory.
 */
struct sk_buff *udp_gso_segment(struct sk_buff *skb, bool csum);

/* datagram.c: connect() of datagram and raw sockets. */
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int len);
int __ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int len);
/*
 * Where @m goes: its own address (in kernel memory; of AF_UNSPEC where
 * @unspec_ok), or the peer of connect(). @ret_dport: NULL without ports.
 * -EDESTADDRREQ, -EINVAL, -EAFNOSUPPORT.
 */
int ip4_datagram_dest(struct sock *sk, const struct msghdr *m, bool unspec_ok,
		      __be32 *ret_daddr, __be16 *ret_dport);

#endif
