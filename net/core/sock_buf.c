// SPDX-License-Identifier: MIT
/*
 * Whose memory a packet is: charging packets to the socket that receives or
 * sends them, within SO_RCVBUF and SO_SNDBUF. Sizes are truesize.
 */
#include "net/core/sock.h"

#include "net/core/errqueue.h"

void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	sk->sk_rmem_alloc += skb->truesize;
	sk_mem_charge(sk, skb->truesize);
}

void sock_rfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	sk->sk_rmem_alloc -= skb->truesize;
	sk_mem_uncharge(sk, skb->truesize);
}

/* Error queue: counted against the buffer, not against the pool. */
static void sock_rmem_free(struct sk_buff *skb)
{
	skb->sk->sk_rmem_alloc -= skb->truesize;
}

/* For protocols of datagrams: none of them has a pool (struct sk_mem_pool). */
static int sock_queue_charged(struct sock *sk, struct sk_buff *skb,
			      enum skb_drop_reason *ret_reason)
{
	if (sk->sk_rmem_alloc >= sk->sk_rcvbuf) {
		sk->sk_drops++;
		*ret_reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
		return -ENOMEM;
	}
	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	/* The route belongs to the packet's way here, which is over. */
	if (skb->dst)
		skb_dst_drop(skb);
	skb->dropcount = sk->sk_drops;
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	return sock_queue_charged(sk, skb, &reason);
}

int sock_queue_rcv_skb_reason(struct sock *sk, struct sk_buff *skb,
			      enum skb_drop_reason *ret_reason)
{
	int err = sk_filter(sk, skb);

	/* LINUX: what a socket does not want is no drop of it. */
	if (err) {
		*ret_reason = SKB_DROP_REASON_SOCKET_FILTER;
		return err;
	}
	return sock_queue_charged(sk, skb, ret_reason);
}

int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc + (int)skb->truesize >= sk->sk_rcvbuf)
		return -ENOMEM;
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rmem_free;
	sk->sk_rmem_alloc += skb->truesize;
	skb->pkt_type = PACKET_OUTGOING;
	if (skb->dst)
		skb_dst_drop(skb);
	__skb_queue_tail(&sk->sk_error_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	return 0;
}

static bool is_icmp_err_skb(const struct sk_buff *skb)
{
	u8 origin = skb ? SKB_EXT_ERR(skb)->ee.ee_origin : SO_EE_ORIGIN_NONE;

	return origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6;
}

struct sk_buff *sock_dequeue_err_skb(struct sock *sk)
{
	struct sk_buff *skb = __skb_dequeue(&sk->sk_error_queue);
	struct sk_buff *next = skb_peek(&sk->sk_error_queue);

	if (is_icmp_err_skb(next)) {
		sk_set_err(sk, (int)SKB_EXT_ERR(next)->ee.ee_errno,
			   "one more ICMP error is queued");
		sk->sk_error_report(sk);
	} else if (is_icmp_err_skb(skb)) {
		sk->sk_err = 0;
	}
	return skb;
}

/* task->settle of recvmsg(MSG_ERRQUEUE): a void call puts the message back. */
static void err_skb_settle(struct task *t, bool taken)
{
	struct sock *sk = t->settle_ptr[0];
	struct sk_buff *skb = t->settle_ptr[1];

	if (taken || sock_flag(sk, SOCK_DEAD)) {
		consume_skb(skb);
	} else {
		__skb_queue_head(&sk->sk_error_queue, skb);
		if (is_icmp_err_skb(skb))
			sk_set_err(sk, (int)SKB_EXT_ERR(skb)->ee.ee_errno,
				   "it is queued again");
	}
	sock_put(sk);
}

void sock_err_skb_given(struct sock *sk, struct sk_buff *skb)
{
	struct task *t = current;

	if (!t || t->settle) {
		consume_skb(skb);
		return;
	}
	sock_hold(sk);
	t->settle_ptr[0] = sk;
	t->settle_ptr[1] = skb;
	t->settle = err_skb_settle;
}

void skb_set_owner_w(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_wfree;
	sk->sk_wmem_alloc += skb->truesize;
	sock_hold(sk);
}

void sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	sk->sk_wmem_alloc -= skb->truesize;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_write_space(sk);
	sock_put(sk);
}

struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force)
{
	struct sk_buff *skb;

	if (!force && sk->sk_wmem_alloc >= sk->sk_sndbuf)
		return NULL;
	skb = alloc_skb(size);
	if (skb)
		skb_set_owner_w(skb, sk);
	return skb;
}

/* Sleep until packets were sent, the socket unlocked. Time left. */
static long sock_wait_for_wmem(struct sock *sk, long timeo)
{
	bool owned = sock_owned_by_user(sk);
	DEFINE_WAIT(wait);

	prepare_to_wait(sk_sleep(sk), &wait);
	if (owned)
		release_sock(sk);
	if (sk->sk_wmem_alloc >= sk->sk_sndbuf && !sk->sk_err &&
	    !(sk->sk_shutdown & SEND_SHUTDOWN))
		timeo = schedule_timeout(timeo);
	finish_wait(sk_sleep(sk), &wait);
	if (owned)
		lock_sock(sk);
	return timeo;
}

/* 0: there is room to send. */
static int sock_wait_sendable(struct sock *sk, long timeo)
{
	struct socket *sock = sk->sk_socket;
	int err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return err;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			return fail(-EPIPE, "shut down for sending");
		if (sk->sk_wmem_alloc < sk->sk_sndbuf)
			return 0;
		if (sock)
			sock->flags |= SOCK_ASYNC_NOSPACE | SOCK_NOSPACE;
		if (!timeo)
			return fail(-EAGAIN, "send buffer is full");
		if (signal_pending(current))
			return sock_intr_errno(timeo);
		timeo = sock_wait_for_wmem(sk, timeo);
	}
}

struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size,
				    int noblock, int *ret_err)
{
	struct sk_buff *skb;
	int err = sock_wait_sendable(sk, sock_sndtimeo(sk, noblock));

	if (err) {
		*ret_err = err;
		return NULL;
	}
	skb = alloc_skb(size);
	if (!skb) {
		*ret_err = fail(-ENOBUFS, "no memory for a packet");
		return NULL;
	}
	skb_set_owner_w(skb, sk);
	return skb;
}
