/* SPDX-License-Identifier: MIT */
/*
 * Where segments find their socket, and ports their owners.
 *
 * Three tables per host:
 *   ehash  by the four addresses: connections, requests of SYN queues and
 *          TIME-WAIT stand-ins. All begin with struct sock_head.
 *   lhash  listeners, by port.
 *   bhash  bind buckets, one a port in use, each with its owners.
 * The hash of ehash has a secret key, so that a peer cannot choose a bucket.
 * ehash and bhash double when they are more than full, and are small again when
 * nothing is left in them. An entry of ehash or lhash holds no reference: it is
 * taken out (unhash) before its memory goes.
 */
#ifndef NET_IPV4_INET_HASHTABLES_H
#define NET_IPV4_INET_HASHTABLES_H

#include "net/core/sock.h"
#include "net/core/tcp_states.h"
#include "net/ipv4/inet_sock.h"

/* The head of struct sock, for what stands in ehash in place of a socket. */
struct sock_head {
	struct hlist_node sk_node;
	struct hlist_node sk_bind_node;
	__be32 sk_daddr, sk_rcv_saddr;
	u16 sk_num;
	__be16 sk_dport;
	u16 sk_family;
	u8 sk_state;
	u8 sk_reuse:4, sk_reuseport:1;
	int sk_bound_dev_if;
	u32 sk_hash;
	struct net *sk_net;
	struct proto *sk_prot;
};
#define SOCK_HEAD_FIELD(f)                              \
	static_assert(offsetof(struct sock_head, f) ==  \
			      offsetof(struct sock, f), \
		      "struct sock_head is the head of struct sock")
SOCK_HEAD_FIELD(sk_node);
SOCK_HEAD_FIELD(sk_bind_node);
SOCK_HEAD_FIELD(sk_daddr);
SOCK_HEAD_FIELD(sk_rcv_saddr);
SOCK_HEAD_FIELD(sk_num);
SOCK_HEAD_FIELD(sk_dport);
SOCK_HEAD_FIELD(sk_family);
SOCK_HEAD_FIELD(sk_state);
SOCK_HEAD_FIELD(sk_bound_dev_if);
SOCK_HEAD_FIELD(sk_hash);
SOCK_HEAD_FIELD(sk_net);
SOCK_HEAD_FIELD(sk_prot);

struct inet_bind_bucket {
	struct hlist_node node; /* in bhash */
	u16 port;
	/*
	 * What is known of all owners without looking at each: > 0 all allow
	 * reuse, 0 some do not, -1 all came by connect() and were never bound.
	 */
	s8 fastreuse;
	bool fastreuseport; /* all set SO_REUSEPORT, by the user below */
	u32 fastuid;
	struct hlist_head owners; /* by sk_bind_node */
	unsigned int nr_owners;
};

struct inet_hashinfo {
	struct hlist_head *ehash;
	u32 ehash_mask, ehash_count;
	struct hlist_head *bhash;
	u32 bhash_mask, bhash_count;
	struct hlist_head *lhash;
	u32 lhash_mask;
	siphash_key_t key;
	u32 *table_perturb; /* RFC 6056 3.3.4: counters of port choice */
};
#define INET_TABLE_PERTURB_SIZE 256
#define INET_LHTABLE_SIZE 64

int inet_hashinfo_init(struct net *net);
void inet_hashinfo_exit(struct net *net);

u32 inet_ehashfn(const struct net *net, __be32 laddr, u16 lport, __be32 faddr,
		 __be16 fport);
struct sock *__inet_lookup_established(struct net *net, __be32 saddr,
				       __be16 sport, __be32 daddr, u16 hnum,
				       int dif);
/* @skb, with a header of @doff bytes, or NULL: what SO_REUSEPORT chooses by. */
struct sock *__inet_lookup_listener(struct net *net, struct sk_buff *skb,
				    unsigned int doff, __be32 saddr,
				    __be16 sport, __be32 daddr, u16 hnum,
				    int dif);
/* For the packet, connections before listeners. No reference is taken. */
struct sock *__inet_lookup(struct net *net, struct sk_buff *skb,
			   unsigned int doff, __be32 saddr, __be16 sport,
			   __be32 daddr, __be16 dport, int dif);

/* Into ehash by its own addresses. False: @osk's twin is there already. */
bool inet_ehash_insert(struct sock *sk, struct sock *osk);
/* Replace @osk (or nothing) by @sk; the connection must be unique. */
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk);
void inet_ehash_add_head(struct net *net, struct sock_head *h);
void inet_ehash_del_head(struct net *net, struct sock_head *h);
int inet_hash(struct sock *sk);
void inet_unhash(struct sock *sk);

/* Ports. */
struct inet_bind_bucket *inet_bind_bucket_find(struct net *net, u16 port);
struct inet_bind_bucket *inet_bind_bucket_create(struct net *net, u16 port);
void inet_bind_bucket_destroy(struct net *net, struct inet_bind_bucket *tb);
void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, u16 port);
void inet_put_port(struct sock *sk);
/* A connection of a listener joins the listener's port. 0 or -ENOMEM. */
int __inet_inherit_port(const struct sock *sk, struct sock *child);
/* Choose a local port for connect() and enter ehash. 0, -EADDRNOTAVAIL. */
int inet_hash_connect(struct sock *sk);

/*
 * Every entry of a host - listeners, connections, requests, TIME-WAIT - for
 * /proc/net/tcp and sock_diag. @fn gets a struct sock_head in disguise: look
 * at sk_state before going beyond it. Stops when @fn returns non-zero.
 */
int inet_hash_walk(struct net *net, int (*fn)(struct sock *sk, void *arg),
		   void *arg);

#endif
