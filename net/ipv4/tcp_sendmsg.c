/* SPDX-License-Identifier: MIT */
/*
 * TCP: the SEND call (RFC 9293 3.10.2).
 *
 * Bytes go once from the program into the socket's open payload buffer
 * (sk_frag); skbs of the write queue refer to it. One skb is filled up to a
 * size goal: what one transmission may carry. A large write is fetched in one
 * copy, as far as the buffers go, before it is cut into skbs.
 */
#include "net/ipv4/tcp.h"

#include "net/core/tstamp.h"

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

/* Bytes of the call that were copied, and are in no skb yet. */
struct tcp_fetched {
	struct frag_buf *buf; /* a reference, while there are any */
	u32 off, len;
	bool bad; /* not all that was to come can be read */
};

/*
 * Fetch more than the @copy bytes that one skb wants, if there is more that
 * may be queued. m->msg_iter stays where it is.
 */
static void tcp_fetch(struct sock *sk, struct msghdr *m, int copy,
		      struct tcp_fetched *f)
{
	u32 n = (u32)max(copy, sk->sk_sndbuf - sk->sk_wmem_queued);
	struct frag_buf *b = sk->sk_frag;
	struct iov_iter from;

	n = min(n, b->size - sk->sk_frag_off);
	n = (u32)min_t(size_t, n, iov_iter_count(&m->msg_iter));
	if ((int)n <= copy || f->bad)
		return;
	iov_iter_dup(&from, &m->msg_iter);
	if (!copy_from_iter_full(b->data + sk->sk_frag_off, n, &from)) {
		f->bad = true; /* skb by skb, up to it */
		return;
	}
	frag_buf_get(b);
	f->buf = b;
	f->off = sk->sk_frag_off;
	f->len = n;
	sk->sk_frag_off += n;
}

static void tcp_fetched_end(struct sock *sk, struct tcp_fetched *f)
{
	if (!f->buf)
		return;
	/* What nobody has appended to is free again. */
	if (f->buf == sk->sk_frag && f->off + f->len == sk->sk_frag_off)
		sk->sk_frag_off = f->off;
	frag_buf_put(f->buf);
	f->buf = NULL;
	f->len = 0;
}

/*
 * Add up to @copy bytes to @skb. The bytes added; 0: no memory; -EFAULT;
 * -ENOSPC: @skb has no fragment slot left.
 */
static int tcp_copy_to_skb(struct sock *sk, struct sk_buff *skb,
			   struct msghdr *m, int copy, struct tcp_fetched *f)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct frag_buf *b = f->buf;
	u32 off;

	if (!b && !sk_page_frag_refill(sk, iov_iter_count(&m->msg_iter)))
		return 0;
	if (!b)
		tcp_fetch(sk, m, copy, f);
	b = f->len ? f->buf : sk->sk_frag;
	off = f->len ? f->off : sk->sk_frag_off;
	copy = min_t(u32, copy, f->len ? f->len : b->size - off);
	if (!sk_wmem_schedule(sk, copy))
		return 0;
	if (skb_shinfo(skb)->nr_frags == MAX_SKB_FRAGS) {
		skb_frag_t *last = &skb_shinfo(skb)->frags[MAX_SKB_FRAGS - 1];

		if (last->buf != b || last->off + last->size != off)
			return -ENOSPC; /* begin another packet */
	}
	if (f->len)
		iov_iter_advance(&m->msg_iter, copy);
	/* LINUX: a piece with a bad page in it is not sent at all. */
	else if (!copy_from_iter_full(b->data + off, copy, &m->msg_iter))
		return -EFAULT;
	skb_append_frag(skb, b, off, copy);
	if (f->len) {
		f->off += copy;
		f->len -= copy;
		if (!f->len)
			tcp_fetched_end(sk, f);
	} else {
		sk->sk_frag_off += copy;
	}
	sk_wmem_queued_add(sk, copy);
	sk_mem_charge(sk, copy);
	tp->write_seq += copy;
	TCP_SKB_CB(skb)->end_seq += copy;
	tcp_skb_pcount_set(skb, 0);
	return copy;
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

/* Stamps that were asked for are those of the last byte. */
static void tcp_tx_timestamp(struct sock *sk, const struct sockcm_cookie *sockc)
{
	struct sk_buff *skb;

	if (likely(!(sockc->tsflags & SOF_TIMESTAMPING_TX_RECORD_MASK)))
		return;
	skb = tcp_write_queue_tail(sk);
	if (!skb)
		return;
	__tcp_setup_tx_timestamp(skb, TCP_SKB_CB(skb)->seq + (u32)skb->len - 1,
				 sockc);
	if (sockc->tsflags & SOF_TIMESTAMPING_TX_ACK)
		TCP_SKB_CB(skb)->txstamp_ack = 1;
}

int tcp_sendmsg_locked(struct sock *sk, struct msghdr *m, size_t size)
{
	int flags = m->msg_flags, mss_now, size_goal, copied = 0, n, err;
	int in_syn = 0; /* bytes that went with the SYN */
	long timeo = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	struct sockcm_cookie sockc = { .tsflags = sk->sk_tsflags };
	struct tcp_fetched fetched = { 0 };
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
	if (!err && unlikely(m->msg_controllen))
		err = sock_cmsg_send(sk, m, &sockc);
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
			min_t(size_t, room, iov_iter_count(&m->msg_iter)),
			&fetched);
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
	if (copied) {
		tcp_tx_timestamp(sk, &sockc);
		tcp_push(sk, flags, mss_now, tcp_sk(sk)->nonagle, size_goal);
	}
	return copied + in_syn;

out_err:
	tcp_fetched_end(sk, &fetched);
	if (copied) {
		tcp_tx_timestamp(sk, &sockc);
		tcp_push(sk, flags, mss_now, tcp_sk(sk)->nonagle, size_goal);
	}
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
