/* SPDX-License-Identifier: MIT */
/*
 * Groups of SO_REUSEPORT; sock_reuseport.h says what they are.
 */
#include "net/core/sock_reuseport.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/tcp_states.h"
#include <asm/errno.h>

#define INIT_SOCKS 4
#define MAX_SOCKS 65535

static int reuseport_grow(struct sock_reuseport *reuse)
{
	u32 max = reuse->max_socks ? 2 * reuse->max_socks : INIT_SOCKS;
	struct sock **more;

	if (reuse->num_socks == MAX_SOCKS)
		return fail(-ENOSPC, "the SO_REUSEPORT group is full");
	more = kmalloc(max * sizeof(struct sock *));
	if (!more)
		return fail(-ENOMEM, "no memory for a SO_REUSEPORT group");
	if (reuse->num_socks)
		memcpy(more, reuse->socks,
		       reuse->num_socks * sizeof(struct sock *));
	kfree(reuse->socks);
	reuse->socks = more;
	reuse->max_socks = max;
	return 0;
}

static int reuseport_join(struct sock_reuseport *reuse, struct sock *sk)
{
	int err = 0;

	if (reuse->num_socks == reuse->max_socks)
		err = reuseport_grow(reuse);
	if (err)
		return err;
	reuse->socks[reuse->num_socks++] = sk;
	sk->sk_reuseport_cb = reuse;
	return 0;
}

/* @sk, in no group, gets one of its own; one in a group keeps it. */
static int reuseport_alloc(struct sock *sk)
{
	struct sock_reuseport *reuse;
	int err;

	if (sk->sk_reuseport_cb)
		return 0;
	reuse = kzalloc(sizeof(*reuse));
	if (!reuse)
		return fail(-ENOMEM, "no memory for a SO_REUSEPORT group");
	err = reuseport_join(reuse, sk);
	if (err)
		kfree(reuse);
	return err;
}

/* @sk joins the group of @sk2, and leaves its own. */
static int reuseport_add_sock(struct sock *sk, struct sock *sk2)
{
	int err = reuseport_alloc(sk2); /* it may have been bound without */

	if (err || sk->sk_reuseport_cb == sk2->sk_reuseport_cb)
		return err;
	reuseport_detach_sock(sk);
	return reuseport_join(sk2->sk_reuseport_cb, sk);
}

int reuseport_enter(struct sock *sk, struct hlist_head *bucket, u16 port)
{
	struct sock *sk2;

	hlist_for_each_entry(sk2, bucket, sk_node)
		if (sk2->sk_num == port && sk2->sk_reuseport &&
		    sk2->sk_uid == sk->sk_uid &&
		    sk2->sk_bound_dev_if == sk->sk_bound_dev_if &&
		    sk2->sk_rcv_saddr == sk->sk_rcv_saddr)
			return reuseport_add_sock(sk, sk2);
	return reuseport_alloc(sk);
}

void reuseport_detach_sock(struct sock *sk)
{
	struct sock_reuseport *reuse = sk->sk_reuseport_cb;
	u32 i = 0;

	if (!reuse)
		return;
	sk->sk_reuseport_cb = NULL;
	while (reuse->socks[i] != sk)
		i++;
	reuse->socks[i] = reuse->socks[--reuse->num_socks];
	if (reuse->num_socks)
		return;
	sk_filter_put(reuse->prog);
	kfree(reuse->socks);
	kfree(reuse);
}

static struct sock *run_bpf_filter(const struct sock_reuseport *reuse,
				   struct sk_buff *skb, unsigned int hdr_len)
{
	u32 index;

	if (!pskb_may_pull(skb, hdr_len))
		return NULL;
	skb_pull(skb, hdr_len);
	index = bpf_prog_run(reuse->prog->insns, skb);
	skb_push(skb, hdr_len);
	return index < reuse->num_socks ? reuse->socks[index] : NULL;
}

static struct sock *select_sock_by_hash(const struct sock_reuseport *reuse,
					u32 hash)
{
	u32 n = reuse->num_socks, first = (u32)(((u64)hash * n) >> 32);

	for (u32 i = 0; i < n; i++) {
		struct sock *sk = reuse->socks[(first + i) % n];

		if (sk->sk_state != TCP_ESTABLISHED)
			return sk;
	}
	return NULL;
}

struct sock *reuseport_select_sock(struct sock *sk, u32 hash,
				   struct sk_buff *skb, unsigned int hdr_len)
{
	const struct sock_reuseport *reuse = sk->sk_reuseport_cb;
	struct sock *sk2 = NULL;

	if (reuse->prog && skb)
		sk2 = run_bpf_filter(reuse, skb, hdr_len);
	return sk2 ? sk2 : select_sock_by_hash(reuse, hash);
}

int reuseport_attach_prog(struct sock *sk, struct sk_filter *prog)
{
	int err;

	if (!sk->sk_reuseport_cb &&
	    !(hlist_unhashed(&sk->sk_node) && sk->sk_reuseport))
		return fail(-EINVAL, "not bound with SO_REUSEPORT");
	err = reuseport_alloc(sk);
	if (err)
		return err;
	sk_filter_put(sk->sk_reuseport_cb->prog);
	sk->sk_reuseport_cb->prog = prog;
	return 0;
}

int reuseport_detach_prog(struct sock *sk)
{
	struct sock_reuseport *reuse = sk->sk_reuseport_cb;

	if (!reuse && !sk->sk_reuseport)
		return fail(-EINVAL, "not bound with SO_REUSEPORT");
	if (!reuse || !reuse->prog)
		return fail(-ENOENT, "no program to detach");
	sk_filter_put(reuse->prog);
	reuse->prog = NULL;
	return 0;
}
