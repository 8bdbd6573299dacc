/* SPDX-License-Identifier: MIT */
/*
 * TCP: the RECEIVE call (RFC 9293 3.10.3).
 *
 * Settling (kernel/sched.h): a call moves copied_seq as it copies, so poll and
 * other readers see the data as taken, but the skbs stay queued. When the
 * answer was taken, tcp_recv_settle() frees them and tells the peer of the
 * room; when it was refused, copied_seq goes back. skbs below copied_seq are
 * therefore normal in the receive queue. A call that must wait for more than
 * the advertised window lets in has to give room up earlier: it then cannot be
 * taken back (TASK_EFFECT).
 */
#include "lib/string.h"
#include "net/core/scm.h"
#include "net/ipv4/tcp.h"

/* Reads of this size take all that they can get in one copy. */
#define TCP_BULK (8U << 10)
#define TCP_BULK_RANGES 16

/* Free what lies wholly before @upto. */
static inline void tcp_eat_recv_skbs(struct sock *sk, u32 upto)
{
	struct sk_buff *skb;

	while ((skb = skb_peek(&sk->sk_receive_queue)) &&
	       !after(TCP_SKB_CB(skb)->end_seq, upto)) {
		__skb_unlink(skb, &sk->sk_receive_queue);
		consume_skb(skb);
	}
}

/* The data before @upto was given to the program for good. */
static void tcp_recv_commit(struct sock *sk, u32 upto, int copied)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_eat_recv_skbs(sk, upto);
	if (tp->urg_data && after(upto, tp->urg_seq)) {
		tp->urg_data = 0;
		tcp_fast_path_check(sk);
	}
	tcp_rcv_space_adjust(sk);
	tcp_cleanup_rbuf(sk, copied);
}

/*
 * settle_ptr[0]: the socket; [1]: not NULL when a signal ended the wait for
 * more; settle_arg[0], [1]: bytes taken from, up to. With TASK_EFFECT the gate
 * keeps a refused answer for the repeated call: then the data is gone as well.
 */
static void tcp_recv_settle(struct task *t, bool taken)
{
	struct sock *sk = t->settle_ptr[0];
	u32 from = (u32)t->settle_arg[0], upto = (u32)t->settle_arg[1];
	struct tcp_sock *tp = tcp_sk(sk);

	lock_sock(sk);
	if (taken || t->flags & TASK_EFFECT) {
		tcp_recv_commit(sk, upto, (int)(upto - from));
	} else if (tp->copied_seq == upto) {
		/* Else another reader went on. */
		tp->copied_seq = from;
		tp->recv_cut = t->settle_ptr[1];
	}
	release_sock(sk);
	sock_put(sk);
}

/* An error that was told once goes back when nobody heard it. */
static void tcp_recv_settle_err(struct task *t, bool taken)
{
	struct sock *sk = t->settle_ptr[0];

	if (!taken && !(t->flags & TASK_EFFECT) && !sk->sk_err)
		sk->sk_err = (int)t->settle_arg[0]; /* its why is known */
	sock_put(sk);
}

static inline bool settles_here(struct task *t, struct sock *sk)
{
	return t->settle == tcp_recv_settle && t->settle_ptr[0] == sk;
}

/*
 * Bytes [from, upto) of @sk were copied out by the current call. One call may
 * receive several times (recvmmsg): ranges of one socket are joined, another
 * socket's is made final now.
 */
static void tcp_recv_will_settle(struct sock *sk, u32 from, u32 upto)
{
	struct task *t = current;

	if (!t) {
		tcp_recv_commit(sk, upto, (int)(upto - from));
		return;
	}
	if (settles_here(t, sk) && (u32)t->settle_arg[1] == from) {
		t->settle_arg[1] = upto;
		return;
	}
	if (t->settle) {
		void (*settle)(struct task *, bool) = t->settle;
		bool locked = settles_here(t, sk);

		t->settle = NULL;
		t->flags |= TASK_EFFECT;
		if (locked)
			release_sock(sk);
		settle(t, true);
		if (locked)
			lock_sock(sk);
	}
	sock_hold(sk);
	t->settle = tcp_recv_settle;
	t->settle_ptr[0] = sk;
	t->settle_ptr[1] = NULL;
	t->settle_arg[0] = from;
	t->settle_arg[1] = upto;
}

static int tcp_recv_error(struct sock *sk)
{
	struct task *t = current;
	int err = sock_error(sk);

	if (t && !t->settle) {
		sock_hold(sk);
		t->settle = tcp_recv_settle_err;
		t->settle_ptr[0] = sk;
		t->settle_arg[0] = -err;
	}
	return err;
}

/*
 * Give room up, and with it the way back, when the peer could not send
 * @need more bytes into what is left of the window.
 */
static inline void tcp_recv_make_room(struct sock *sk, u32 *from, u32 need)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (*from == tp->copied_seq ||
	    tcp_receive_window(tp) >= need + inet_csk(sk)->icsk_ack.rcv_mss)
		return;
	if (current)
		current->flags |= TASK_EFFECT;
	tcp_recv_commit(sk, tp->copied_seq, (int)(tp->copied_seq - *from));
	*from = tp->copied_seq;
}

/* Sleep until something new arrives. Lock held, released inside. */
static void tcp_recv_wait(struct sock *sk, long *timeo)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seen = tp->rcv_nxt;
	DEFINE_WAIT(wait);

	prepare_to_wait(sk_sleep(sk), &wait);
	release_sock(sk);
	if (tp->rcv_nxt == seen && !sk->sk_err &&
	    !(sk->sk_shutdown & RCV_SHUTDOWN) && sk->sk_state != TCP_CLOSE &&
	    !(tp->urg_data && tp->urg_seq == tp->copied_seq) &&
	    !signal_pending(current))
		*timeo = schedule_timeout(*timeo);
	lock_sock(sk);
	finish_wait(sk_sleep(sk), &wait);
}

/* Nothing to copy at the moment. > 0: wait; 0: return what there is; -errno. */
static inline int tcp_recv_idle(struct sock *sk, int copied, long timeo)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (copied) {
		/* A wait like this was cut short by a signal, and void: the
		 * call that repeats it returns what that one should have.
		 */
		if (tp->recv_cut)
			return 0;
		if (!timeo || sk->sk_err || sk->sk_state == TCP_CLOSE ||
		    sk->sk_shutdown & RCV_SHUTDOWN || signal_pending(current))
			return 0;
		return 1;
	}
	if (sock_flag(sk, SOCK_DONE))
		return 0;
	if (sk->sk_err)
		return tcp_recv_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	if (sk->sk_state == TCP_CLOSE)
		return fail(-ENOTCONN, "never connected");
	if (!timeo)
		return fail(-EAGAIN, "no data");
	if (signal_pending(current))
		return sock_intr_errno(timeo);
	return 1;
}

/* State of one receive call. */
struct tcp_reader {
	struct msghdr *m;
	int flags, copied;
	size_t left; /* still wanted */
	u32 seq; /* next byte to copy */
	struct sk_buff *last; /* last skb copied from */
	bool fin; /* read up to the FIN, and over it */
};

/*
 * The skb that holds @seq (or the FIN there), from @skb on; NULL: not here
 * yet.
 */
static inline struct sk_buff *
tcp_recv_find(struct sock *sk, struct sk_buff *skb, u32 seq, u32 *ret_offset)
{
	if (!skb)
		skb = sk->sk_receive_queue.next;
	for (; skb != (struct sk_buff *)&sk->sk_receive_queue;
	     skb = skb->next) {
		const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

		if (!after(cb->end_seq, seq))
			continue;
		if (before(seq, cb->seq))
			return NULL;
		*ret_offset = seq - cb->seq;
		/* A SYN that carried data counts one. */
		if (cb->tcp_flags & TCPHDR_SYN)
			*ret_offset -= *ret_offset ? 1 : 0;
		return skb;
	}
	return NULL;
}

/* Bytes up to the urgent mark; *ret_hole: the byte here is skipped. */
static inline u32 tcp_recv_urg_limit(struct sock *sk, u32 seq, u32 used,
				     bool *ret_hole)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 off = tp->urg_seq - seq;

	*ret_hole = false;
	if (!tp->urg_data || off >= used)
		return used;
	if (off)
		return off;
	*ret_hole = !sock_flag(sk, SOCK_URGINLINE);
	return used;
}

/* Copy from @skb at @offset. 0, or -EFAULT. */
static int tcp_recv_copy(struct sock *sk, struct tcp_reader *r,
			 struct sk_buff *skb, u32 offset)
{
	u32 used = min_t(size_t, skb->len - offset, r->left);
	bool hole;

	used = tcp_recv_urg_limit(sk, r->seq, used, &hole);
	if (hole) {
		/* RFC 9293 3.8.5: out of band, not part of the stream here. */
		r->seq++;
		offset++;
		used--;
		if (!used)
			return 0;
	}
	if (!(r->flags & MSG_TRUNC) &&
	    skb_copy_datagram_msg(skb, offset, r->m, used))
		return fail(-EFAULT, "the buffer cannot be written");
	r->seq += used;
	r->copied += used;
	r->left -= used;
	r->last = skb;
	return 0;
}

/*
 * What is there of a large read, from several skbs, in one copy. Where that is
 * not possible nothing is done: it goes skb by skb.
 */
static void tcp_recv_bulk(struct sock *sk, struct tcp_reader *r)
{
	struct iovec v[TCP_BULK_RANGES];
	struct sk_buff *skb = NULL, *last = NULL;
	size_t nr = 0, done = 0;
	struct iov_iter to;
	u32 offset, n;

	while (done < r->left && nr < TCP_BULK_RANGES) {
		skb = tcp_recv_find(sk, skb, r->seq + (u32)done, &offset);
		if (!skb || offset >= skb->len)
			break;
		n = min_t(size_t, skb->len - offset, r->left - done);
		done += (u32)skb_ranges(skb, (int)offset, (int)n, v, &nr,
					TCP_BULK_RANGES);
		last = skb;
	}
	if (nr < 2)
		return;
	iov_iter_dup(&to, &r->m->msg_iter);
	if (copy_ranges_to_iter(v, nr, done, &to) < done)
		return;
	iov_iter_advance(&r->m->msg_iter, done);
	r->seq += (u32)done;
	r->copied += (int)done;
	r->left -= done;
	r->last = last;
}

/* Copy all that is there. 0, -EFAULT, or 1: stop here (mark or FIN). */
static int tcp_recv_queue(struct sock *sk, struct tcp_reader *r)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = NULL;
	u32 offset;
	int err;

	if (r->left >= TCP_BULK && !tp->urg_data && !(r->flags & MSG_TRUNC))
		tcp_recv_bulk(sk, r);
	while (r->left) {
		/* A read never crosses the mark: it stops just before it. */
		if (tp->urg_data && tp->urg_seq == r->seq && r->copied)
			return 1;
		skb = tcp_recv_find(sk, skb, r->seq, &offset);
		if (!skb)
			return 0;
		if (offset < skb->len) {
			err = tcp_recv_copy(sk, r, skb, offset);
			if (err)
				return err;
			offset = r->seq - TCP_SKB_CB(skb)->seq;
			if (offset < skb->len)
				continue;
		}
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) {
			r->seq++;
			r->fin = true;
			return 1;
		}
	}
	return 0;
}

static int tcp_recv_loop(struct sock *sk, struct tcp_reader *r, int target,
			 long timeo)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool peek = r->flags & MSG_PEEK;
	u32 from = tp->copied_seq;
	int err = 0;

	for (;;) {
		err = tcp_recv_queue(sk, r);
		if (!peek)
			tp->copied_seq = r->seq;
		if (err || (!r->left && r->copied))
			break;
		/* LINUX: asking for 0 bytes waits for data nevertheless. */
		if (!r->left && before(r->seq, tp->rcv_nxt))
			break;
		if (r->copied >= target && !sk->sk_backlog.tail)
			break;
		err = tcp_recv_idle(sk, r->copied, timeo);
		if (err <= 0)
			break;
		if (r->copied >= target) {
			release_sock(sk);
			lock_sock(sk);
		} else {
			if (!peek)
				tcp_recv_make_room(sk, &from,
						   target - r->copied);
			tcp_cleanup_rbuf(sk, 0);
			tcp_recv_wait(sk, &timeo);
		}
		/* Another reader may have taken what we peeked at. */
		if (before(r->seq, tp->copied_seq))
			r->seq = tp->copied_seq;
	}
	if (!peek && tp->copied_seq != from) {
		tp->recv_cut = false;
		tcp_recv_will_settle(sk, from, tp->copied_seq);
		if (current && r->copied < target && signal_pending(current))
			current->settle_ptr[1] = sk;
	}
	if (r->copied)
		return r->copied;
	return err < 0 ? err : 0;
}

static inline void tcp_recv_cmsgs(struct sock *sk, struct tcp_reader *r)
{
	int inq;

	if (r->last && (sock_flag(sk, SOCK_RCVTSTAMP) || sk->sk_tsflags))
		sock_recv_cmsgs(r->m, sk, r->last);
	if (tcp_sk(sk)->recvmsg_inq && r->m->msg_control) {
		inq = tcp_inq(sk);
		/* LINUX: the end of the stream makes it 1. */
		if (!inq && sock_flag(sk, SOCK_DONE))
			inq = 1;
		put_cmsg(r->m, SOL_TCP, TCP_CM_INQ, sizeof(inq), &inq);
	}
}

int tcp_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len)
{
	struct tcp_reader r = { .m = m, .flags = flags, .left = len };
	struct tcp_sock *tp = tcp_sk(sk);
	int ret, target;
	long timeo;

	if (flags & MSG_ERRQUEUE)
		return inet_recv_error(sk, m, (int)len, addr_len);
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		ret = fail(-ENOTCONN, "a listener has no data");
		goto out;
	}
	timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	if (flags & MSG_OOB) {
		ret = tcp_recv_urg(sk, m, (int)len, flags);
		goto out;
	}
	r.seq = tp->copied_seq;
	if (flags & MSG_PEEK && sk->sk_peek_off > 0)
		r.seq += sk->sk_peek_off;
	target = sock_rcvlowat(sk, flags & MSG_WAITALL, (int)len);
	ret = tcp_recv_loop(sk, &r, target, timeo);
	if (ret > 0)
		tcp_recv_cmsgs(sk, &r);
	if (ret > 0 && sk->sk_peek_off >= 0) {
		if (flags & MSG_PEEK)
			sk->sk_peek_off += ret;
		else
			sk->sk_peek_off = max(0, sk->sk_peek_off - ret);
	}
out:
	release_sock(sk);
	return ret;
}
