/* SPDX-License-Identifier: MIT */
/*
 * TCP urgent data: RFC 9293 3.8.5, RFC 6093.
 *
 * LINUX: the pointer is taken (tcp_stdurg = 0) to name the byte after the
 * urgent one, and one byte only is out of band: a new pointer makes the old
 * byte ordinary. It stays in the stream; readers step over it unless
 * SO_OOBINLINE.
 */
#include "net/ipv4/tcp.h"

/* A segment with URG: is its pointer news? */
static void tcp_check_urg(struct sock *sk, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = ntohs(th->urg_ptr);

	if (ptr && !sock_net(sk)->ipv4->sysctl_tcp_stdurg)
		ptr--;
	ptr += ntohl(th->seq);
	/* Behind what was read or received, or an old one again. */
	if (after(tp->copied_seq, ptr) || before(ptr, tp->rcv_nxt))
		return;
	if (tp->urg_data && !after(ptr, tp->urg_seq))
		return;
	sk_send_sigurg(sk);
	/*
	 * The reader stands at the old byte and did not take it: it would be
	 * read as ordinary data now, so step over it.
	 */
	if (tp->urg_seq == tp->copied_seq && tp->urg_data &&
	    !sock_flag(sk, SOCK_URGINLINE) && tp->copied_seq != tp->rcv_nxt)
		tp->copied_seq++;
	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	tp->pred_flags = 0;
}

/* @skb still has its TCP header. */
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 at;
	u8 c;

	if (unlikely(th->urg))
		tcp_check_urg(sk, th);
	if (likely(tp->urg_data != TCP_URG_NOTYET))
		return;
	/* Is the byte in this segment? */
	at = tp->urg_seq - ntohl(th->seq) + th->doff * 4 - th->syn;
	if (at >= skb->len || at < th->doff * 4U)
		return;
	if (skb_copy_bits(skb, at, &c, 1))
		return;
	tp->urg_data = TCP_URG_VALID | c;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}

/* The call that took the byte is void: it is there again. */
static void tcp_urg_settle(struct task *t, bool taken)
{
	struct sock *sk = t->settle_ptr[0];
	struct tcp_sock *tp = tcp_sk(sk);

	if (!taken && !(t->flags & TASK_EFFECT) &&
	    tp->urg_data == TCP_URG_READ &&
	    tp->urg_seq == (u32)t->settle_arg[0])
		tp->urg_data = (u16)t->settle_arg[1];
	sock_put(sk);
}

int tcp_recv_urg(struct sock *sk, struct msghdr *m, int len, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 c;

	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data ||
	    tp->urg_data == TCP_URG_READ)
		return fail(-EINVAL, "no urgent byte to read");
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return fail(-ENOTCONN, "not connected");
	if (!(tp->urg_data & TCP_URG_VALID)) {
		if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
			return 0;
		/* LINUX: never waits, the byte may be far away. */
		return fail(-EAGAIN, "the urgent byte has not come yet");
	}
	c = (u8)tp->urg_data;
	m->msg_flags |= MSG_OOB;
	if (len > 0) {
		if (!(flags & MSG_TRUNC) &&
		    copy_to_iter(&c, 1, &m->msg_iter) != 1)
			return fail(-EFAULT, "the buffer cannot be written");
		len = 1;
	} else {
		m->msg_flags |= MSG_TRUNC;
	}
	if (flags & MSG_PEEK)
		return len;
	if (current && !current->settle) {
		sock_hold(sk);
		current->settle = tcp_urg_settle;
		current->settle_ptr[0] = sk;
		current->settle_arg[0] = tp->urg_seq;
		current->settle_arg[1] = tp->urg_data;
	}
	tp->urg_data = TCP_URG_READ;
	return len;
}
