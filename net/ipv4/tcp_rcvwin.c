/* SPDX-License-Identifier: MIT */
/*
 * TCP, receiver's side of flow control: the window we advertise, how it grows
 * with what the program reads, when ACKs are delayed.
 *
 * RFC 9293 3.8.6 (windows; SWS avoidance 3.8.6.2.2; never shrinks), RFC 1122
 * 4.2.3.2 and RFC 5681 4.2 (delayed ACK), RFC 7323 2 (scaling).
 *
 * The buffer is counted in truesize, the window in data: scaling_ratio (of
 * 256) converts, and follows what the peer's segments really cost.
 */
#include "net/ipv4/tcp.h"

void tcp_select_initial_window(const struct sock *sk, int space, u32 mss,
			       u32 *rcv_wnd, u32 *window_clamp, bool wscale_ok,
			       u8 *rcv_wscale)
{
	u32 max_space;
	u8 scale = 0;

	if (space < 0)
		space = 0;
	if (!*window_clamp)
		*window_clamp = 0xffffU << TCP_MAX_WSCALE;
	space = min_t(u32, *window_clamp, space);
	if (space > (int)mss)
		space -= space % (int)mss;
	/* RFC 7323 2.2: a SYN's window is never scaled. */
	*rcv_wnd = min_t(u32, space, 0xffffU);
	if (wscale_ok) {
		/* Scale for the largest buffer that tuning may reach. */
		max_space = max_t(u32, space,
				  sock_net(sk)->ipv4->sysctl_tcp_rmem[2]);
		max_space = max_t(u32, max_space, sock_net(sk)->core.rmem_max);
		max_space = min(max_space, *window_clamp);
		while (max_space > 0xffffU && scale < TCP_MAX_WSCALE) {
			max_space >>= 1;
			scale++;
		}
	}
	*rcv_wscale = scale;
	*window_clamp = min_t(u32, 0xffffU << scale, *window_clamp);
}

/* The window to advertise, before scaling. */
u32 __tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int mss = inet_csk(sk)->icsk_ack.rcv_mss;
	int free_space = tcp_space(sk), full_space, window;

	full_space = min_t(int, tp->window_clamp, tcp_full_space(sk));
	if (mss > full_space) {
		mss = full_space;
		if (mss <= 0)
			return 0;
	}
	if (free_space < full_space >> 1) {
		inet_csk(sk)->icsk_ack.quick = 0;
		if (tcp_under_memory_pressure(sk))
			tcp_adjust_rcv_ssthresh(sk);
		/* Less than a step of the scale must read as 0. */
		free_space &= ~((1 << tp->rx_opt.rcv_wscale) - 1);
		if (free_space < full_space >> 4 || free_space < mss)
			return 0;
	}
	if (free_space > (int)tp->rcv_ssthresh)
		free_space = tp->rcv_ssthresh;
	if (tp->rx_opt.rcv_wscale) {
		window = ALIGN(free_space, 1 << tp->rx_opt.rcv_wscale);
	} else {
		window = tp->rcv_wnd;
		/* RFC 9293 3.8.6.2.2: move by whole segments only. */
		if (window <= free_space - mss || window > free_space)
			window = free_space / mss * mss;
		else if (mss == full_space &&
			 free_space > window + (full_space >> 1))
			window = free_space;
	}
	return window;
}

/* The same for a segment about to leave; updates rcv_wnd and rcv_wup. */
u16 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	u32 old_win = tp->rcv_wnd, cur_win = tcp_receive_window(tp);
	u32 new_win;

	/*
	 * LINUX: what came could not be kept, and the peer is to hear it even
	 * though its window shrinks.
	 */
	if (unlikely(inet_csk(sk)->icsk_ack.pending & ICSK_ACK_NOMEM)) {
		tp->pred_flags = 0;
		tp->rcv_wnd = 0;
		tp->rcv_wup = tp->rcv_nxt;
		return 0;
	}
	new_win = __tcp_select_window(sk);
	if (new_win < cur_win) {
		/* RFC 9293 3.8.6: never shrink what was offered. */
		if (new_win == 0)
			NET_INC_STATS(net, TCPWantZeroWindowAdv);
		new_win = ALIGN(cur_win, 1 << tp->rx_opt.rcv_wscale);
	}
	/*
	 * What the field can tell is what was offered: of anything larger a
	 * TIME-WAIT would tell the low 16 bits, and the window would shrink.
	 */
	new_win = min(new_win, 65535U << tp->rx_opt.rcv_wscale);
	tp->rcv_wnd = new_win;
	tp->rcv_wup = tp->rcv_nxt;
	new_win >>= tp->rx_opt.rcv_wscale;
	if (!new_win) {
		tp->pred_flags = 0;
		if (old_win)
			NET_INC_STATS(net, TCPToZeroWindowAdv);
	} else if (!old_win) {
		NET_INC_STATS(net, TCPFromZeroWindowAdv);
	}
	return (u16)new_win;
}

/*
 * The program has read @copied bytes: send an ACK when one is due, or when the
 * window can be opened by much.
 */
void tcp_cleanup_rbuf(struct sock *sk, int copied)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool time_to_ack = false;

	if (inet_csk_ack_scheduled(sk)) {
		/* RFC 1122 4.2.3.2: more than one segment unacknowledged; or
		 * all was read, and it was not an exchange of requests.
		 */
		if (tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss ||
		    (copied > 0 &&
		     ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED2) ||
		      ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED) &&
		       !inet_csk_in_pingpong_mode(sk))) &&
		     !sk->sk_rmem_alloc))
			time_to_ack = true;
	}
	if (copied > 0 && !time_to_ack && !(sk->sk_shutdown & RCV_SHUTDOWN)) {
		u32 now = tcp_receive_window(tp), new;

		if (2 * now <= tp->window_clamp) {
			new = __tcp_select_window(sk);
			/* RFC 9293 3.8.6.2.2: worth a segment of its own. */
			if (new &&new >= 2 * now)
				time_to_ack = true;
		}
	}
	if (time_to_ack)
		tcp_send_ack(sk);
}

/* Delayed ACKs. */
void tcp_incr_quickack(struct sock *sk, unsigned int max_quickacks)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned int quick = tcp_sk(sk)->rcv_wnd / (2 * icsk->icsk_ack.rcv_mss);

	if (!quick)
		quick = 2;
	quick = min(quick, max_quickacks);
	if (quick > icsk->icsk_ack.quick)
		icsk->icsk_ack.quick = quick;
}

void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks)
{
	tcp_incr_quickack(sk, max_quickacks);
	inet_csk_exit_pingpong_mode(sk);
	inet_csk(sk)->icsk_ack.ato = TCP_ATO_MIN;
}

static inline bool tcp_in_quickack_mode(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return icsk->icsk_ack.quick && !inet_csk_in_pingpong_mode(sk);
}

void tcp_initialize_rcv_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 hint = min_t(u32, tp->advmss, tp->mss_cache);

	hint = min(hint, tp->rcv_wnd / 2);
	hint = min(hint, TCP_MSS_DEFAULT);
	inet_csk(sk)->icsk_ack.rcv_mss = max(hint, TCP_MIN_MSS);
}

static void tcp_update_scaling_ratio(struct sock *sk, const struct sk_buff *skb)
{
	u64 ratio = ((u64)skb->len << 8) / skb->truesize;
	struct tcp_sock *tp = tcp_sk(sk);

	ratio = clamp_t(u64, ratio, 1, 255);
	if (ratio == tp->scaling_ratio)
		return;
	tp->scaling_ratio = (u8)ratio;
	/* The same buffer is another window now. */
	tcp_set_window_clamp(sk, tcp_win_from_space(sk, sk->sk_rcvbuf));
	if (tp->window_clamp < tp->rcvq_space.space)
		tp->rcvq_space.space = tp->window_clamp;
}

/* Estimate the peer's segment size: drives ACKs and SWS avoidance. */
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 last = icsk->icsk_ack.last_seg_size, len;

	icsk->icsk_ack.last_seg_size = 0;
	len = skb_shinfo(skb)->gso_size ? skb_shinfo(skb)->gso_size : skb->len;
	if (len >= icsk->icsk_ack.rcv_mss) {
		/* What data costs in truesize, learnt from large segments. */
		if (len != icsk->icsk_ack.rcv_mss)
			tcp_update_scaling_ratio(sk, skb);
		icsk->icsk_ack.rcv_mss =
			min_t(u32, len, max_t(u32, tcp_sk(sk)->advmss, 1));
		/* A large packet that ends a write. */
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_PSH)
			icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		return;
	}
	/* Smaller, but perhaps all that the sender's options leave. */
	len += skb->data - skb_transport_header(skb);
	if (len >= TCP_MSS_DEFAULT + sizeof(struct tcphdr) ||
	    (len >= TCP_MIN_MSS + sizeof(struct tcphdr) &&
	     !(TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_PSH | TCPHDR_FIN)))) {
		len -= tcp_sk(sk)->tcp_header_len;
		icsk->icsk_ack.last_seg_size = len;
		if (len == last) {
			icsk->icsk_ack.rcv_mss = len;
			return;
		}
	}
	if (icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED2;
	icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
}

/* A segment with data came: how long may its ACK wait? */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 now = tcp_jiffies32(), m;

	inet_csk_schedule_ack(sk);
	tcp_measure_rcv_mss(sk, skb);
	tcp_rcv_rtt_measure(tcp_sk(sk));
	tcp_rcv_rtt_measure_ts(sk, skb);
	if (!icsk->icsk_ack.ato) {
		/* The first data: the sender is in slow start, be quick. */
		tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	} else {
		m = now - icsk->icsk_ack.lrcvtime;
		if (m <= TCP_ATO_MIN / 2) {
			icsk->icsk_ack.ato =
				(icsk->icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
		} else if (m < icsk->icsk_ack.ato) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + m;
			if (icsk->icsk_ack.ato > icsk->icsk_rto)
				icsk->icsk_ack.ato = icsk->icsk_rto;
		} else if (m > icsk->icsk_rto) {
			/* It was idle: it restarts with a small window. */
			tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		}
	}
	icsk->icsk_ack.lrcvtime = now;
	__tcp_ecn_check_ce(sk, skb);
	if (skb->len >= 128)
		tcp_grow_window(sk, skb);
}

void tcp_ack_snd_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!inet_csk_ack_scheduled(sk))
		return;
	/* More than a segment came, and the window has room for news; or
	 * each is to be acknowledged; or data is missing (RFC 5681 4.2), and
	 * that has not been said often enough.
	 */
	if ((tp->rcv_nxt - tp->rcv_wup > inet_csk(sk)->icsk_ack.rcv_mss &&
	     (tp->rcv_nxt - tp->copied_seq < (u32)sk->sk_rcvlowat ||
	      __tcp_select_window(sk) >= tp->rcv_wnd)) ||
	    tcp_in_quickack_mode(sk) ||
	    inet_csk(sk)->icsk_ack.pending & ICSK_ACK_NOW)
		tcp_send_ack(sk);
	else if (skb_queue_empty(&tp->out_of_order_queue))
		tcp_send_delayed_ack(sk);
	else if (!tcp_compress_ack(sk))
		tcp_send_ack(sk);
}

/* rcv_ssthresh grows as segments come whose data outweighs their overhead. */
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int room = (int)min_t(u32, tp->window_clamp, max(tcp_space(sk), 0)) -
		   (int)tp->rcv_ssthresh;
	int incr;

	if (room <= 0)
		return;
	if (tcp_under_memory_pressure(sk)) {
		tcp_adjust_rcv_ssthresh(sk);
		return;
	}
	if (tcp_win_from_space(sk, skb->truesize) <= (int)skb->len) {
		incr = 2 * tp->advmss;
	} else {
		/* Costly segments: at half the pace as long as they fit. */
		int truesize = tcp_win_from_space(sk, skb->truesize) >> 1;
		int window =
			tcp_win_from_space(
				sk, sock_net(sk)->ipv4->sysctl_tcp_rmem[2]) >>
			1;

		incr = 0;
		while ((int)tp->rcv_ssthresh <= window) {
			if (truesize <= (int)skb->len) {
				incr = 2 * inet_csk(sk)->icsk_ack.rcv_mss;
				break;
			}
			truesize >>= 1;
			window >>= 1;
		}
	}
	if (incr) {
		incr = max_t(int, incr, 2 * skb->len);
		tp->rcv_ssthresh += min(room, incr);
		inet_csk(sk)->icsk_ack.quick |= 1;
	}
}

/* The buffer is over its limit: enlarge it if allowed, else shut down. */
void tcp_clamp_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int max = sock_net(sk)->ipv4->sysctl_tcp_rmem[2];

	inet_csk(sk)->icsk_ack.quick = 0;
	if (sk->sk_rcvbuf < max && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK) &&
	    !tcp_under_memory_pressure(sk) && !tcp_memory_above_low(sk))
		sk->sk_rcvbuf = min(sk->sk_rmem_alloc, max);
	if (sk->sk_rmem_alloc > sk->sk_rcvbuf)
		tp->rcv_ssthresh = min(tp->window_clamp, 2U * tp->advmss);
}

/*
 * Receiver's RTT, of both ways to learn it. @bound: a sample that no RTT
 * exceeds, such as the time that a window of data takes.
 */
static inline void tcp_rcv_rtt_update(struct tcp_sock *tp, u32 sample,
				      bool bound)
{
	u32 old = tp->rcv_rtt_est.rtt_us, m = sample << 3;

	if (!old || m < old)
		tp->rcv_rtt_est.rtt_us = m;
	else if (!bound)
		tp->rcv_rtt_est.rtt_us = old - (old >> 3) + sample;
}

/* By the window: what it let through arrives within a RTT, or more. */
void tcp_rcv_rtt_measure(struct tcp_sock *tp)
{
	u32 delta;

	if (tp->rcv_rtt_est.time) {
		if (before(tp->rcv_nxt, tp->rcv_rtt_est.seq))
			return;
		delta = tcp_stamp_us_delta(tp->tcp_mstamp,
					   tp->rcv_rtt_est.time);
		tcp_rcv_rtt_update(tp, delta ? delta : 1, true);
	}
	tp->rcv_rtt_est.seq = tp->rcv_nxt + tp->rcv_wnd;
	tp->rcv_rtt_est.time = tp->tcp_mstamp;
}

/* By the time stamps that come back. */
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delta;

	if (tp->rx_opt.rcv_tsecr == tp->rcv_rtt_last_tsecr ||
	    !tp->rx_opt.saw_tstamp)
		return;
	tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
	if (TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq <
	    inet_csk(sk)->icsk_ack.rcv_mss)
		return;
	delta = tcp_time_stamp_ts(tp) - tp->rx_opt.rcv_tsecr;
	if ((s32)delta < 0 || delta > 100 * 1000)
		return;
	tcp_rcv_rtt_update(tp, delta ? delta * 1000 : 1000, false);
}

/* Enlarge the buffer so that the window is twice what is read in a RTT. */
static void tcp_rcvbuf_grow(struct sock *sk, u32 copied)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rcvwin, rcvbuf;

	/* Twice, since the sender doubles in slow start; and some slack. */
	rcvwin = (copied << 1) + 16 * tp->advmss;
	if (tp->rcvq_space.space)
		rcvwin += (u32)((u64)rcvwin * (copied - tp->rcvq_space.space) /
				tp->rcvq_space.space)
			  << 1;
	rcvbuf = (u32)min_t(s64, tcp_space_from_win(sk, min(rcvwin, 1U << 29)),
			    sock_net(sk)->ipv4->sysctl_tcp_rmem[2]);
	if (rcvbuf > (u32)sk->sk_rcvbuf) {
		sk->sk_rcvbuf = rcvbuf;
		tp->window_clamp = tcp_win_from_space(sk, rcvbuf);
	}
}

/* Called as the program reads: once in a RTT see how much it was. */
void tcp_rcv_space_adjust(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 copied, elapsed;

	tcp_mstamp_refresh(tp);
	elapsed = tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcvq_space.time);
	if (elapsed < tp->rcv_rtt_est.rtt_us >> 3 || !tp->rcv_rtt_est.rtt_us)
		return;
	copied = tp->copied_seq - tp->rcvq_space.seq;
	if (copied <= tp->rcvq_space.space)
		goto new_measure;
	if (sock_net(sk)->ipv4->sysctl_tcp_moderate_rcvbuf &&
	    !(sk->sk_userlocks & SOCK_RCVBUF_LOCK))
		tcp_rcvbuf_grow(sk, copied);
	tp->rcvq_space.space = copied;
new_measure:
	tp->rcvq_space.seq = tp->copied_seq;
	tp->rcvq_space.time = tp->tcp_mstamp;
}

/* What the connection starts with, once established. */
void tcp_init_buffer_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int maxwin;

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		tcp_sndbuf_expand(sk);
	tp->rcvq_space.seq = tp->copied_seq;
	tcp_mstamp_refresh(tp);
	tp->rcvq_space.time = tp->tcp_mstamp;
	maxwin = tcp_full_space(sk);
	if (tp->window_clamp >= (u32)maxwin)
		tp->window_clamp = maxwin;
	tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	tp->snd_cwnd_stamp = tcp_jiffies32();
	tp->rcvq_space.space = min(min(tp->rcv_ssthresh, tp->rcv_wnd),
				   (u32)TCP_INIT_CWND * tp->advmss);
}
