/* SPDX-License-Identifier: MIT */
/*
 * UDP ports: who has which, and which socket a datagram is for.
 *
 * Lookup goes from the most to the least particular: the connected socket of
 * exactly these four, then (address, port), then (any, port); among equals the
 * one bound to the device wins, and with SO_REUSEPORT its group chooses.
 */
#include "net/ipv4/udp.h"

#include "kernel/kernel.h"
#include "net/core/sock_reuseport.h"
#include "net/ipv4/inet_mix.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"

struct hlist_head *udp_port_bucket(struct net *net, u16 port)
{
	return &net->ipv4->udp->port[port % UDP_HTABLE_SIZE];
}

static struct hlist_head *udp_addr_bucket(struct net *net, __be32 addr,
					  u16 port)
{
	u64 h = inet_mix(addr, port, &net->hash_key);

	return &net->ipv4->udp->addr[h % UDP_HTABLE_SIZE];
}

static u32 udp_flow_hash(struct net *net, __be32 laddr, u16 lport, __be32 faddr,
			 __be16 fport)
{
	return (u32)inet_mix((u64)laddr << 32 | faddr, (u64)lport << 16 | fport,
			     &net->hash_key);
}

static void udp_hash2(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct udp_sock *up = udp_sk(sk);

	hlist_add_head(&up->addr_node,
		       udp_addr_bucket(net, sk->sk_rcv_saddr, sk->sk_num));
	if (sk->sk_state != TCP_ESTABLISHED)
		return;
	hlist_add_head(
		&up->tuple_node,
		&net->ipv4->udp->tuple[udp_flow_hash(net, sk->sk_rcv_saddr,
						     sk->sk_num, sk->sk_daddr,
						     sk->sk_dport) %
				       UDP_HTABLE_SIZE]);
	net->ipv4->udp->nr_connected++;
}

static void udp_unhash2(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);

	hlist_del_init(&up->addr_node);
	if (!hlist_unhashed(&up->tuple_node)) {
		hlist_del_init(&up->tuple_node);
		sock_net(sk)->ipv4->udp->nr_connected--;
	}
}

void udp_v4_rehash(struct sock *sk, bool moved)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	if (moved)
		reuseport_detach_sock(sk);
	udp_unhash2(sk);
	udp_hash2(sk);
}

void udp_lib_unhash(struct sock *sk)
{
	if (hlist_unhashed(&sk->sk_node))
		return;
	hlist_del_init(&sk->sk_node);
	udp_unhash2(sk);
	reuseport_detach_sock(sk);
	inet_sk(sk)->inet_num = 0;
	sock_net(sk)->ipv4->udp->inuse--;
	sock_put(sk);
}

/* Could both sockets get the same datagram, with no rule that shares it? */
static bool udp_conflict(const struct sock *sk, const struct sock *sk2)
{
	if (sk2->sk_reuse && sk->sk_reuse)
		return false;
	if (sk2->sk_bound_dev_if && sk->sk_bound_dev_if &&
	    sk2->sk_bound_dev_if != sk->sk_bound_dev_if)
		return false;
	if (sk2->sk_rcv_saddr && sk->sk_rcv_saddr &&
	    sk2->sk_rcv_saddr != sk->sk_rcv_saddr)
		return false;
	return !(reuseport_shares(sk) && sk2->sk_reuseport &&
		 sk2->sk_uid == sk->sk_uid);
}

static bool udp_lib_lport_inuse(struct sock *sk, u16 port)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, udp_port_bucket(sock_net(sk), port),
			     sk_node) {
		if (sk2 != sk && sk2->sk_num == port && udp_conflict(sk, sk2))
			return true;
	}
	return false;
}

/* RFC 6056 3.3.2: a random start, then one after the other. 0: none. */
static u16 udp_pick_port(struct sock *sk)
{
	int low, high, remaining;
	u32 first, i;

	inet_sk_get_local_port_range(sk, &low, &high);
	remaining = high - low + 1;
	if (remaining <= 0)
		return 0;
	first = get_random_u32_below(remaining);
	for (i = 0; i < (u32)remaining; i++) {
		u16 port = (u16)(low + (first + i) % remaining);

		if (!udp_lib_lport_inuse(sk, port))
			return port;
	}
	return 0;
}

int udp_v4_get_port(struct sock *sk, unsigned short snum)
{
	struct net *net = sock_net(sk);
	struct hlist_head *bucket;
	int err = 0;

	if (!snum) {
		snum = udp_pick_port(sk);
		if (!snum)
			return fail(-EADDRINUSE, "no free port");
	} else if (udp_lib_lport_inuse(sk, snum)) {
		return fail(-EADDRINUSE, "another socket has the port");
	}
	bucket = udp_port_bucket(net, snum);
	if (sk->sk_reuseport)
		err = reuseport_enter(sk, bucket, snum);
	if (err)
		return err;
	inet_sk(sk)->inet_num = snum;
	sock_hold(sk);
	hlist_add_head(&sk->sk_node, bucket);
	udp_hash2(sk);
	net->ipv4->udp->inuse++;
	return 0;
}

/* How well does @sk, bound to (daddr, port), fit? -1: not at all. */
static int compute_score(const struct sock *sk, __be32 saddr, __be16 sport,
			 __be32 daddr, u16 hnum, int dif)
{
	int score = 0;

	if (sk->sk_num != hnum || sk->sk_rcv_saddr != daddr)
		return -1;
	if (sk->sk_daddr) {
		if (sk->sk_daddr != saddr)
			return -1;
		score += 4;
	}
	if (sk->sk_dport) {
		if (sk->sk_dport != sport)
			return -1;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != dif)
			return -1;
		score += 4;
	}
	return score;
}

/* The best socket bound to (@bound, hnum); @bound 0: to any address. */
static struct sock *udp4_lib_lookup2(struct net *net, struct sk_buff *skb,
				     __be32 saddr, __be16 sport, __be32 daddr,
				     __be32 bound, u16 hnum, int dif)
{
	struct hlist_head *head = udp_addr_bucket(net, bound, hnum);
	struct sock *best = NULL, *chosen = NULL;
	struct udp_sock *up;
	int badness = -1;

	hlist_for_each_entry(up, head, addr_node) {
		struct sock *sk = &up->inet.sk;
		int score = compute_score(sk, saddr, sport, bound, hnum, dif);

		if (score > badness) {
			badness = score;
			best = sk;
		}
	}
	/* A connected socket is nobody's twin. */
	if (best && best->sk_reuseport_cb && best->sk_state != TCP_ESTABLISHED)
		chosen = reuseport_select_sock(
			best, udp_flow_hash(net, daddr, hnum, saddr, sport),
			skb, sizeof(struct udphdr));
	return chosen ? chosen : best;
}

static struct sock *udp4_lib_lookup4(struct net *net, __be32 saddr,
				     __be16 sport, __be32 daddr, u16 hnum,
				     int dif)
{
	u32 h = udp_flow_hash(net, daddr, hnum, saddr, sport);
	struct udp_sock *up;

	hlist_for_each_entry(up, &net->ipv4->udp->tuple[h % UDP_HTABLE_SIZE],
			     tuple_node) {
		struct sock *sk = &up->inet.sk;

		if (sk->sk_num == hnum && sk->sk_dport == sport &&
		    sk->sk_daddr == saddr && sk->sk_rcv_saddr == daddr &&
		    (!sk->sk_bound_dev_if || sk->sk_bound_dev_if == dif))
			return sk;
	}
	return NULL;
}

struct sock *__udp4_lib_lookup(struct net *net, struct sk_buff *skb,
			       __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif)
{
	u16 hnum = ntohs(dport);
	struct sock *sk = NULL;

	if (net->ipv4->udp->nr_connected)
		sk = udp4_lib_lookup4(net, saddr, sport, daddr, hnum, dif);
	if (!sk)
		sk = udp4_lib_lookup2(net, skb, saddr, sport, daddr, daddr,
				      hnum, dif);
	if (!sk)
		sk = udp4_lib_lookup2(net, skb, saddr, sport, daddr, 0, hnum,
				      dif);
	return sk;
}
