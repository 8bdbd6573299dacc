// SPDX-License-Identifier: MIT
/* The rows of UDP and raw sockets of sock_diag. */
#include "net/ipv4/inet_diag.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/udp.h"

static struct sock *udp_diag_find(struct net *net,
				  const struct inet_diag_req_v2 *req, int type)
{
	const struct inet_diag_sockid *id = &req->id;

	/* LINUX: to be told, but not to be ended, source is the peer's. */
	if (type == SOCK_DIAG_BY_FAMILY)
		return __udp4_lib_lookup(net, NULL, id->idiag_src[0], id->idiag_sport,
					 id->idiag_dst[0], id->idiag_dport,
					 (int)id->idiag_if);
	return __udp4_lib_lookup(net, NULL, id->idiag_dst[0], id->idiag_dport,
				 id->idiag_src[0], id->idiag_sport,
				 (int)id->idiag_if);
}

static void dgram_diag_get_info(struct sock *sk, struct inet_diag_msg *r)
{
	r->idiag_rqueue = (u32)sk->sk_rmem_alloc;
	r->idiag_wqueue = (u32)sk->sk_wmem_alloc;
}

static int raw_diag_walk(struct net *net, int (*fn)(struct sock *sk, void *arg),
			 void *arg)
{
	struct sock *sk;
	int err;

	for (int i = 0; i < RAW_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4->raw->ht[i], sk_node) {
			err = fn(sk, arg);
			if (err)
				return err;
		}
	}
	return 0;
}

struct raw_diag_wanted {
	const struct inet_diag_req_v2 *req;
	struct sock *found;
};

static int raw_diag_match(struct sock *sk, void *arg)
{
	struct raw_diag_wanted *w = arg;
	const struct inet_diag_sockid *id = &w->req->id;

	/* The protocol of a raw socket comes in the byte of padding. */
	if (sk->sk_num != w->req->pad ||
	    (sk->sk_daddr && sk->sk_daddr != id->idiag_dst[0]) ||
	    (sk->sk_rcv_saddr && sk->sk_rcv_saddr != id->idiag_src[0]) ||
	    (sk->sk_bound_dev_if && sk->sk_bound_dev_if != (int)id->idiag_if))
		return 0;
	w->found = sk;
	return 1;
}

static struct sock *raw_diag_find(struct net *net,
				  const struct inet_diag_req_v2 *req, int type)
{
	struct raw_diag_wanted w = { req, NULL };

	(void)type;
	(void)raw_diag_walk(net, raw_diag_match, &w);
	return w.found;
}

const struct inet_diag_handler udp_diag_handler = {
	.protocol = IPPROTO_UDP,
	.walk = udp_walk,
	.find = udp_diag_find,
	.get_info = dgram_diag_get_info,
};

const struct inet_diag_handler raw_diag_handler = {
	.protocol = IPPROTO_RAW,
	.walk = raw_diag_walk,
	.find = raw_diag_find,
	.get_info = dgram_diag_get_info,
};
