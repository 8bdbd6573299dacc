/* SPDX-License-Identifier: MIT */
/*
 * TCP: the SEND call (RFC 9293 3.10.2).
 *
 * Bytes go once from the program into the socket's open payload buffer
 * (sk_frag); skbs of the write queue refer to it. One skb is filled up to a
 * size goal: what one transmission may carry.
 */
#include "net/ipv4/tcp.h"

/* Bytes that one skb of this connection should hold. */
static inline int tcp_xmit_size_goal(struct sock *sk, u32 mss_now,
				     bool large_allowed)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	u32 goal;

	if (!large_allowed || !dst || !(dst->dev->features & NETIF_F_GSO))
		return mss_now;
	goal = dst->dev->gso_max_size;
	goal = (goal ? goal : 65536) - 1 - MAX_TCP_HEADER;
	goal = tcp_bound_to_half_wnd(tcp_sk(sk), goal);
	return max(goal / mss_now, 1U) * mss_now;
}

int tcp_send_mss(struct sock *sk, int *ret_size_goal, int flags)
{
	int mss_now = tcp_current_mss(sk);

	*ret_size_goal = tcp_xmit_size_goal(sk, mss_now, !(flags & MSG_OOB));
	return mss_now;
}

static inline void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	tp->pushed_seq = tp->write_seq;
}

/* LINUX: half of the largest window goes by without a PSH at most. */
static inline bool forced_push(const struct tcp_sock *tp)
{
	return after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1));
}

void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle,
	      int size_goal)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	(void)size_goal;
	if (!skb)
		return;
	if (!(flags & MSG_MORE) || forced_push(tp))
		tcp_mark_push(tp, skb);
	if (flags & MSG_OOB) /* RFC 9293 3.8.5: the byte before SND.UP */
		tp->snd_up = tp->write_seq;
	__tcp_push_pending_frames(sk, mss_now,
				  flags & MSG_MORE ? TCP_NAGLE_CORK : nonagle);
}

/* A new skb at the tail of the write queue; NULL: no memory now. */
static struct sk_buff *tcp_new_segment(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_stream_alloc_skb(
		sk, tcp_rtx_queue_empty(sk) && !tcp_send_head(sk));

	if (!skb)
		return NULL;
	TCP_SKB_CB(skb)->seq = tp->write_seq;
	TCP_SKB_CB(skb)->end_seq = tp->write_seq;
	TCP_SKB_CB(skb)->tcp_flags = TCPHDR_ACK;
	tcp_queue_skb(sk, skb);
	if (tp->nonagle & TCP_NAGLE_PUSH)
		tp->nonagle &= ~TCP_NAGLE_PUSH;
	return skb;
}

/* The last skb is empty when its memory or its data did not come. */
static void tcp_remove_empty_skb(struct sock *sk)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	if (!skb || TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		return;
	__skb_unlink(skb, &sk->sk_write_queue);
	if (!tcp_send_head(sk) && tcp_rtx_queue_empty(sk))
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	tcp_wmem_free_skb(sk, skb);
}

/*
 * Copy up to @copy bytes into @skb. The bytes copied; 0: no memory;
 * -EFAULT; -ENOSPC: @skb has no fragment slot left.
 */
static int tcp_copy_to_skb(struct sock *sk, struct sk_buff *skb,
			   struct msghdr *m, int copy)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct frag_buf *b;
	size_t n;

	if (!sk_page_frag_refill(sk, iov_iter_count(&m->msg_iter)))
		return 0;
	b = sk->sk_frag;
	copy = min_t(u32, copy, b->size - sk->sk_frag_off);
	if (!sk_wmem_schedule(sk, copy))
		return 0;
	if (skb_shinfo(skb)->nr_frags == MAX_SKB_FRAGS) {
		skb_frag_t *f = &skb_shinfo(skb)->frags[MAX_SKB_FRAGS - 1];

		if (f->buf != b || f->off + f->size != sk->sk_frag_off)
			return -ENOSPC; /* begin another packet */
	}
	n = copy_from_iter(b->data + sk->sk_frag_off, copy, &m->msg_iter);
	/* LINUX: a piece with a bad page in it is not sent at all. */
	if ((size_t)n < (size_t)copy)
		return -EFAULT;
	skb_append_frag(skb, b, sk->sk_frag_off, n);
	sk->sk_frag_off += n;
	sk_wmem_queued_add(sk, n);
	sk_mem_charge(sk, n);
	tp->write_seq += n;
	TCP_SKB_CB(skb)->end_seq += n;
	tcp_skb_pcount_set(skb, 0);
	return (int)n;
}

/* May this call queue data? 0 or -errno. */
static inline int tcp_sendmsg_ready(struct sock *sk, struct msghdr *m,
				    long *timeo)
{
	int err;

	/* RFC 9293 3.10.2: before ESTABLISHED, wait. */
	if (!(BIT(sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)) &&
	    !tcp_sk(sk)->fastopen_rsk) {
		err = sk_stream_wait_connect(sk, timeo);
		if (err)
			return err;
	}
	if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
		return fail(-EPIPE, "shut down for sending");
	return 0;
}

static inline void tcp_send_full_skb(struct sock *sk, struct sk_buff *skb,
				     int mss_now)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (forced_push(tp)) {
		tcp_mark_push(tp, skb);
		__tcp_push_pending_frames(sk, mss_now, TCP_NAGLE_PUSH);
	} else if (skb == tcp_send_head(sk)) {
		tcp_push_one(sk, mss_now);
	}
}

int tcp_sendmsg_locked(struct sock *sk, struct msghdr *m, size_t size)
{
	int flags = m->msg_flags, mss_now, size_goal, copied = 0, n, err;
	int in_syn = 0; /* bytes that went with the SYN */
	long timeo = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;
	int room;

	(void)size;
	if (unlikely(flags & MSG_FASTOPEN || inet_sk(sk)->defer_connect)) {
		err = tcp_sendmsg_fastopen(sk, m, &in_syn);
		if (in_syn && current)
			current->flags |= TASK_EFFECT;
		if (err) /* -EINPROGRESS as well: what the SYN took counts */
			goto out_err;
	}
	err = tcp_sendmsg_ready(sk, m, &timeo);
	if (err)
		goto out_err;
	tcp_rate_check_app_limited(sk);
	mss_now = tcp_send_mss(sk, &size_goal, flags);
	while (iov_iter_count(&m->msg_iter)) {
		skb = tcp_write_queue_tail(sk);
		room = skb ? size_goal - (int)skb->len : 0;
		if (room <= 0 || TCP_SKB_CB(skb)->eor) {
new_segment:
			if (!sk_stream_memory_free(sk))
				goto wait_for_space;
			skb = tcp_new_segment(sk);
			if (!skb)
				goto wait_for_space;
			room = size_goal;
		}
		n = tcp_copy_to_skb(
			sk, skb, m,
			min_t(size_t, room, iov_iter_count(&m->msg_iter)));
		if (n == -ENOSPC) {
			tcp_mark_push(tcp_sk(sk), skb);
			goto new_segment;
		}
		if (n < 0) {
			err = fail(-EFAULT, "the data cannot be read");
			tcp_remove_empty_skb(sk);
			goto out_err;
		}
		if (!n)
			goto wait_for_space;
		if (!copied && current)
			current->flags |= TASK_EFFECT;
		copied += n;
		if (!iov_iter_count(&m->msg_iter)) {
			if (flags & MSG_EOR)
				TCP_SKB_CB(skb)->eor = 1;
			break;
		}
		if ((int)skb->len >= size_goal && !(flags & MSG_OOB))
			tcp_send_full_skb(sk, skb, mss_now);
		continue;

wait_for_space:
		sk->sk_socket->flags |= SOCK_NOSPACE;
		tcp_remove_empty_skb(sk);
		if (copied)
			tcp_push(sk, flags & ~MSG_MORE, mss_now, TCP_NAGLE_PUSH,
				 size_goal);
		err = sk_stream_wait_memory(sk, &timeo);
		if (err)
			goto out_err;
		mss_now = tcp_send_mss(sk, &size_goal, flags);
	}
	if (copied)
		tcp_push(sk, flags, mss_now, tcp_sk(sk)->nonagle, size_goal);
	return copied + in_syn;

out_err:
	if (copied)
		tcp_push(sk, flags, mss_now, tcp_sk(sk)->nonagle, size_goal);
	if (copied + in_syn)
		return copied + in_syn;
	err = sk_stream_error(sk, flags, err);
	/* Edge-triggered waiters must hear of room again. */
	if (skb_queue_empty(&sk->sk_write_queue) && err == -EAGAIN)
		sk->sk_write_space(sk);
	return err;
}

int tcp_sendmsg(struct sock *sk, struct msghdr *m, size_t size)
{
	int ret;

	lock_sock(sk);
	ret = tcp_sendmsg_locked(sk, m, size);
	release_sock(sk);
	return ret;
}
