// SPDX-License-Identifier: MIT
/*
 * Receiving datagrams: taking them off the queue, peeking, waiting, polling.
 *
 * Settling. A datagram that recvmsg() takes is copied out before it is known
 * whether the program's thread still waits for the call. It is kept with the
 * task until then (skb_settle_datagram): freed when the answer was taken, put
 * back at the head of the queue when it was refused. One call may take several
 * (recvmmsg); they are chained by skb->next, the last taken first.
 */
#include "net/core/sock.h"

static bool connection_based(const struct sock *sk)
{
	return sk->sk_type == SOCK_SEQPACKET || sk->sk_type == SOCK_STREAM;
}

int sk_peek_offset(const struct sock *sk, unsigned int flags)
{
	return flags & MSG_PEEK ? READ_ONCE(sk->sk_peek_off) : 0;
}

void sk_peek_offset_fwd(struct sock *sk, int n)
{
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off += n;
}

/* @n bytes were taken for good: what is left begins that much earlier. */
void sk_peek_offset_bwd(struct sock *sk, int n)
{
	if (sk->sk_peek_off >= 0)
		sk->sk_peek_off = max(sk->sk_peek_off - n, 0);
}

/* The datagram at offset *off of the queue's bytes. */
static struct sk_buff *skb_peek_at(struct sock *sk, int *off)
{
	bool by_offset = *off >= 0;
	int at = by_offset ? *off : 0;
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		/* One without data is shown once. */
		if (by_offset && at >= (int)skb->len &&
		    (skb->len || at || skb->peeked)) {
			at -= skb->len;
			continue;
		}
		skb->peeked = 1;
		*off = at;
		return skb_get(skb);
	}
	return NULL;
}

static struct sk_buff *skb_try_recv(struct sock *sk, unsigned int flags,
				    int *off, int *ret_err)
{
	struct sk_buff *skb;
	int err = sock_error(sk);

	if (err) {
		*ret_err = err;
		return NULL;
	}
	if (flags & MSG_PEEK) {
		skb = skb_peek_at(sk, off);
	} else {
		skb = __skb_dequeue(&sk->sk_receive_queue);
		*off = 0;
	}
	if (!skb)
		*ret_err = -EAGAIN;
	return skb;
}

/*
 * Sleep until something is there. 0: look again; 1: nothing will come, and
 * *ret_err says why (0: end of data).
 */
static int __skb_wait_recv(struct sock *sk, long *timeo, int *ret_err,
			   const struct sk_buff *last)
{
	DEFINE_WAIT(wait);
	int done = 0;

	prepare_to_wait_exclusive(sk_sleep(sk), &wait);
	if (sk->sk_err || skb_peek_tail(&sk->sk_receive_queue) != last) {
		/* look again */
	} else if (sk->sk_shutdown & RCV_SHUTDOWN) {
		*ret_err = 0;
		done = 1;
	} else if (connection_based(sk) && sk->sk_state != TCP_ESTABLISHED &&
		   sk->sk_state != TCP_LISTEN) {
		*ret_err = fail(-ENOTCONN, "not connected");
		done = 1;
	} else if (signal_pending(current)) {
		*ret_err = sock_intr_errno(*timeo);
		done = 1;
	} else {
		*timeo = schedule_timeout(*timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return done;
}

struct sk_buff *__skb_recv_datagram(struct sock *sk, unsigned int flags,
				    int *off, int *ret_err)
{
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	int at, err = 0;

	for (;;) {
		struct sk_buff *skb;

		at = *off;
		skb = skb_try_recv(sk, flags, &at, &err);
		if (skb) {
			*off = at;
			return skb;
		}
		if (err != -EAGAIN)
			break;
		if (!timeo) {
			(void)fail(err, "nothing to receive");
			break;
		}
		if (__skb_wait_recv(sk, &timeo, &err,
				    skb_peek_tail(&sk->sk_receive_queue)))
			break;
	}
	*ret_err = err;
	return NULL;
}

struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags,
				  int *ret_err)
{
	int off = -1;

	return __skb_recv_datagram(sk, flags, &off, ret_err);
}

int skb_copy_datagram_msg(const struct sk_buff *skb, int off, struct msghdr *m,
			  int len)
{
	return skb_copy_datagram_iter(skb, off, &m->msg_iter, len);
}

/* task->settle of a call that has received datagrams. */
static void datagram_settle(struct task *t, bool taken)
{
	struct sock *sk = t->settle_ptr[0];
	struct sk_buff *skb = t->settle_ptr[1], *next;
	bool back = !taken && !sock_flag(sk, SOCK_DEAD);

	t->settle_ptr[1] = NULL;
	for (; skb; skb = next) {
		next = skb->next;
		skb->next = NULL;
		if (back)
			__skb_queue_head(&sk->sk_receive_queue, skb);
		else
			consume_skb(skb);
	}
	if (back)
		sk->sk_data_ready(sk);
	sock_put(sk);
}

void skb_settle_datagram(struct sock *sk, struct sk_buff *skb, int flags)
{
	struct task *t = current;

	/* A peek has taken nothing. */
	if ((flags & MSG_PEEK) || !t) {
		consume_skb(skb);
		return;
	}
	if (!t->settle) {
		sock_hold(sk);
		t->settle = datagram_settle;
		t->settle_ptr[0] = sk;
		t->settle_ptr[1] = NULL;
	}
	if (t->settle != datagram_settle || t->settle_ptr[0] != sk) {
		consume_skb(skb);
		return;
	}
	skb->next = t->settle_ptr[1];
	t->settle_ptr[1] = skb;
}

void skb_kill_datagram(struct sock *sk, struct sk_buff *skb,
		       enum skb_drop_reason reason)
{
	/* Only peeked at: it is still in the queue, which has a reference. */
	if (skb->next) {
		__skb_unlink(skb, &sk->sk_receive_queue);
		consume_skb(skb);
	}
	sk->sk_drops++;
	kfree_skb_reason(skb, reason);
}

u32 datagram_poll(struct file *f, struct socket *sock)
{
	struct sock *sk = sock->sk;
	u32 mask = 0;

	(void)f;
	if (sk->sk_err || !skb_queue_empty(&sk->sk_error_queue))
		mask |= EPOLLERR |
			(sock_flag(sk, SOCK_SELECT_ERR_QUEUE) ? EPOLLPRI : 0);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (connection_based(sk)) {
		if (sk->sk_state == TCP_CLOSE)
			mask |= EPOLLHUP;
		if (sk->sk_state == TCP_SYN_SENT)
			return mask;
	}
	if (sock_writeable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	else
		sock->flags |= SOCK_ASYNC_NOSPACE;
	return mask;
}
