/* SPDX-License-Identifier: MIT */
/*
 * Giving local ports to connection-oriented sockets: bind() and listen().
 *
 * Two sockets may have one port when their addresses differ, when they are
 * bound to different devices, when both set SO_REUSEADDR and neither listens,
 * or when both set SO_REUSEPORT and belong to one user. TIME-WAIT stand-ins
 * are owners as well.
 */
#include "net/ipv4/inet_connection_sock.h"
#include "net/core/sock_reuseport.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp_park.h"

static bool inet_rcv_saddr_overlap(const struct sock *a, const struct sock *b)
{
	return !a->sk_rcv_saddr || !b->sk_rcv_saddr ||
	       a->sk_rcv_saddr == b->sk_rcv_saddr;
}

static bool device_overlap(const struct sock *a, const struct sock *b)
{
	return !a->sk_bound_dev_if || !b->sk_bound_dev_if ||
	       a->sk_bound_dev_if == b->sk_bound_dev_if;
}

/* SO_REUSEPORT on both sides. A TIME-WAIT stand-in has no user to compare. */
static bool reuseport_pair(const struct sock *sk, const struct sock *sk2)
{
	u32 uid = sk->sk_uid;

	if (sk2->sk_state == TCP_PARKED)
		uid = tcp_parked(sk2)->uid;
	else if (sk2->sk_state != TCP_TIME_WAIT)
		uid = sk2->sk_uid;
	return reuseport_shares(sk) && sk2->sk_reuseport && uid == sk->sk_uid;
}

/*
 * @relax: the port was asked for by number, so SO_REUSEADDR counts. When we
 * choose (port 0) a port that somebody has is not chosen.
 */
static bool inet_bind_conflict(const struct sock *sk, const struct sock *sk2,
			       bool relax, bool reuseport_ok)
{
	if (sk == sk2 || !device_overlap(sk, sk2) ||
	    !inet_rcv_saddr_overlap(sk, sk2))
		return false;
	if (reuseport_ok && reuseport_pair(sk, sk2))
		return false;
	if (sk->sk_reuse && sk2->sk_reuse && sk2->sk_state != TCP_LISTEN)
		return !relax;
	return true;
}

static bool inet_csk_bind_conflict(const struct sock *sk,
				   const struct inet_bind_bucket *tb,
				   bool relax, bool reuseport_ok)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, &tb->owners, sk_bind_node)
		if (inet_bind_conflict(sk, sk2, relax, reuseport_ok))
			return true;
	return false;
}

/*
 * A port for bind() with port 0. LINUX: odd ones first, the even ones are
 * left to connect(); with SO_REUSEADDR the lower half of the range first.
 */
static int inet_csk_find_open_port(const struct sock *sk,
				   struct inet_bind_bucket **ret_tb)
{
	int low, high, remaining, offset, i, half;
	struct inet_bind_bucket *tb;
	struct net *net = sock_net(sk);
	int port;

	inet_sk_get_local_port_range(sk, &low, &high);
	high++;
	half = sk->sk_reuse && high - low >= 4;
	for (; half >= 0; half--) {
		int top = half ? low + (((high - low) >> 2) << 1) : high;

		remaining = top - low;
		if (remaining > 1)
			remaining &= ~1;
		offset = (int)get_random_u32_below(remaining) | 1;
		for (i = 0; i < 2 * remaining; i += 2) {
			if (i >= remaining)
				offset &= ~1;
			port = low + (offset + i) % remaining;
			tb = inet_bind_bucket_find(net, port);
			if (tb && inet_csk_bind_conflict(sk, tb, false, false))
				continue;
			*ret_tb = tb;
			return port;
		}
	}
	return 0;
}

static bool sk_reuseport_match(const struct inet_bind_bucket *tb,
			       const struct sock *sk)
{
	return tb->fastreuseport && reuseport_shares(sk) &&
	       tb->fastuid == sk->sk_uid;
}

static void inet_csk_update_fastreuse(struct inet_bind_bucket *tb,
				      const struct sock *sk)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (hlist_empty(&tb->owners)) {
		tb->fastreuse = reuse;
		tb->fastreuseport = sk->sk_reuseport;
		tb->fastuid = sk->sk_uid;
		return;
	}
	if (!reuse)
		tb->fastreuse = 0;
	if (!sk_reuseport_match(tb, sk))
		tb->fastreuseport = false;
}

int inet_csk_get_port(struct sock *sk, unsigned short snum)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb = NULL;
	int port = snum;

	if (!port) {
		port = inet_csk_find_open_port(sk, &tb);
		if (!port)
			return fail(-EADDRINUSE, "no local port is free");
	} else {
		tb = inet_bind_bucket_find(net, port);
		if (tb && !(tb->fastreuse > 0 && reuse) &&
		    !sk_reuseport_match(tb, sk) &&
		    inet_csk_bind_conflict(sk, tb, true, true))
			return fail(-EADDRINUSE, "the port has an owner");
	}
	if (!tb)
		tb = inet_bind_bucket_create(net, port);
	if (!tb)
		return fail(-ENOMEM, "no memory for a port");
	inet_csk_update_fastreuse(tb, sk);
	if (!inet_csk(sk)->icsk_bind_hash)
		inet_bind_hash(sk, tb, port);
	return 0;
}
