/* SPDX-License-Identifier: MIT */
/*
 * TCP: segments in every state but ESTABLISHED. RFC 9293 3.10.7.1 to
 * 3.10.7.4, and 3.5 and 3.6 for simultaneous open and close.
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"
#include "net/ipv4/tcp_park.h"

static void tcp_store_ts_recent(struct tcp_sock *tp)
{
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = tcp_seconds();
}

/* The handshake is over: start what runs while data flows. */
void tcp_init_transfer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_mtup_init(sk);
	/* RFC 5681 3.1: a SYN sent again: begin with one segment. */
	tp->snd_cwnd =
		tp->total_retrans > 1 && tp->undo_marker ? 1 : TCP_INIT_CWND;
	tp->snd_cwnd_stamp = tcp_jiffies32();
	tcp_init_metrics(sk);
	if (!inet_csk(sk)->icsk_ca_initialized)
		tcp_init_congestion_control(sk);
	tcp_init_buffer_space(sk);
	tcp_park_watch(sock_net(sk));
}

void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	(void)skb;
	tcp_set_state(sk, TCP_ESTABLISHED);
	inet_csk(sk)->icsk_ack.lrcvtime = tcp_jiffies32();
	tcp_init_transfer(sk);
	tp->lsndtime = tcp_jiffies32();
	if (sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tp));
	if (!tp->rx_opt.snd_wscale)
		tcp_fast_path_on(tp);
	else
		tp->pred_flags = 0;
}

/* What the peer's SYN settles, in either kind of open. */
static void tcp_learn_from_syn(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.saw_tstamp) {
		tp->rx_opt.tstamp_ok = true;
		tcp_store_ts_recent(tp);
		tp->tcp_header_len =
			sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	} else {
		tp->tcp_header_len = sizeof(struct tcphdr);
	}
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
}

/* SYN-SENT, and the ACK bit is on: RFC 9293 3.10.7.3 first. 0: acceptable. */
static enum skb_drop_reason tcp_synsent_check_ack(struct sock *sk,
						  const struct sk_buff *skb)
{
	u32 ack = TCP_SKB_CB(skb)->ack_seq;
	struct tcp_sock *tp = tcp_sk(sk);

	if (!after(ack, tp->snd_una) || after(ack, tp->snd_nxt)) {
		/* LINUX: our SYN again soon, the old peer may have gone. */
		if (!inet_csk(sk)->icsk_retransmits)
			tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
					     TCP_TIMEOUT_MIN);
		return SKB_DROP_REASON_TCP_INVALID_ACK;
	}
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	    tp->retrans_stamp &&
	    !between(tp->rx_opt.rcv_tsecr, tp->retrans_stamp,
		     tcp_time_stamp_ts(tp))) {
		NET_INC_STATS(sock_net(sk), PAWSActive);
		return SKB_DROP_REASON_TCP_PAWS;
	}
	return SKB_CONSUMED;
}

/* SYN-SENT -> ESTABLISHED: our SYN was answered by SYN-ACK. */
static void tcp_synsent_established(struct sock *sk, struct sk_buff *skb,
				    const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_cookie foc;
	bool fastopen_fail = false;

	tcp_ecn_rcv_synack(tp, th);
	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	/* RFC 7323 4.1, RFC 3522: a stamp older than the second SYN's: the
	 * first was answered, the retransmission was needless.
	 */
	if (tp->undo_marker && tp->retrans_stamp && tp->rx_opt.saw_tstamp &&
	    tp->rx_opt.rcv_tsecr == tp->retrans_stamp)
		tp->undo_marker = 0;
	tcp_ack(sk, skb, FLAG_SLOWPATH);
	tcp_learn_from_syn(sk, skb);
	/* RFC 7323 2.2: the window of a SYN is not scaled. */
	tp->snd_wnd = ntohs(th->window);
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535U);
	}
	tp->max_window = tp->snd_wnd;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tcp_finish_connect(sk, skb);
	if (unlikely(tp->syn_fastopen || tp->syn_data)) {
		tcp_parse_fastopen(skb, &foc);
		fastopen_fail = tcp_rcv_fastopen_synack(sk, skb, &foc);
	}
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, 2); /* POLL_OUT */
	}
	if (fastopen_fail) /* data was sent again, with the ACK */
		return;
	if (sk->sk_write_pending || icsk->icsk_accept_queue.rskq_defer_accept ||
	    inet_csk_in_pingpong_mode(sk)) {
		/* Data is about to carry the ACK. */
		inet_csk_schedule_ack(sk);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		icsk->icsk_ack.pending |= ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = jiffies + TCP_DELACK_MAX;
		sk_reset_timer(sk, &icsk->icsk_delack_timer,
			       icsk->icsk_ack.timeout);
		return;
	}
	tcp_send_ack(sk);
}

/* SYN-SENT -> SYN-RECEIVED: both sides opened (RFC 9293 3.5, figure 8). */
static void tcp_synsent_crossed(struct sock *sk, struct sk_buff *skb,
				const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	tcp_learn_from_syn(sk, skb);
	tp->snd_wnd = ntohs(th->window);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tp->max_window = tp->snd_wnd;
	tcp_ecn_rcv_syn(tp, th);
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tcp_send_synack(sk);
}

/* Consumes @skb and returns 0, or a reason with which a RST is to be sent. */
static enum skb_drop_reason tcp_rcv_synsent_state_process(struct sock *sk,
							  struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u16 saved_clamp = tp->rx_opt.mss_clamp;
	enum skb_drop_reason reason;

	tcp_parse_options(sock_net(sk), skb, &tp->rx_opt, false);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	if (th->ack) {
		reason = tcp_synsent_check_ack(sk, skb);
		if (reason)
			goto reset_and_undo;
		if (th->rst) {
			tcp_reset(sk, skb);
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_RESET);
			return SKB_CONSUMED;
		}
		reason = SKB_DROP_REASON_TCP_FLAGS;
		if (!th->syn)
			goto discard_and_undo;
		tcp_synsent_established(sk, skb, th);
		/* RFC 9293 3.10.7.3 fifth: text and urgent of the SYN. */
		tcp_urg(sk, skb, th);
		consume_skb(skb);
		tcp_data_snd_check(sk);
		return SKB_CONSUMED;
	}
	reason = SKB_DROP_REASON_TCP_RESET;
	if (th->rst)
		goto discard_and_undo;
	reason = SKB_DROP_REASON_TCP_PAWS;
	if (tp->rx_opt.ts_recent_stamp && tp->rx_opt.saw_tstamp &&
	    tcp_paws_reject(&tp->rx_opt, 0))
		goto discard_and_undo;
	if (th->syn) {
		tcp_synsent_crossed(sk, skb, th);
		consume_skb(skb);
		return SKB_CONSUMED;
	}
	reason = SKB_DROP_REASON_TCP_FLAGS;

discard_and_undo:
	tp->rx_opt.tstamp_ok = tp->rx_opt.wscale_ok = false;
	tp->rx_opt.sack_ok = false;
	tp->rx_opt.mss_clamp = saved_clamp;
	tcp_drop_reason(sk, skb, reason);
	return SKB_CONSUMED;

reset_and_undo:
	tp->rx_opt.tstamp_ok = tp->rx_opt.wscale_ok = false;
	tp->rx_opt.sack_ok = false;
	tp->rx_opt.mss_clamp = saved_clamp;
	/* RFC 9293 3.10.7.3: a RST is never answered. */
	if (th->rst) {
		kfree_skb_reason(skb, reason);
		return SKB_CONSUMED;
	}
	return reason;
}

/* RFC 7413 4.2.2: the third segment for a child that is long at work. */
static void tcp_rcv_synrecv_fastopen(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->srtt_us)
		tcp_synack_rtt_meas(sk, tp->fastopen_rsk);
	inet_csk(sk)->icsk_retransmits = 0;
	tp->retrans_stamp = 0;
	reqsk_fastopen_remove(sk, false);
	/* Data may be in flight, and the timer was not for it. */
	tcp_rearm_rto(sk);
}

/* SYN-RECEIVED -> ESTABLISHED: our SYN was acknowledged. */
static void tcp_rcv_synrecv_established(struct sock *sk, struct sk_buff *skb,
					const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool active = sk->sk_socket && !tp->fastopen_rsk;

	tp->delivered++;
	if (tp->fastopen_rsk) {
		tcp_rcv_synrecv_fastopen(sk);
	} else {
		tp->copied_seq = tp->rcv_nxt;
		tcp_init_transfer(sk);
	}
	tcp_set_state(sk, TCP_ESTABLISHED);
	sk->sk_state_change(sk);
	if (sk->sk_socket)
		sk_wake_async(sk, SOCK_WAKE_IO, 2);
	tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
	tp->snd_wnd = ntohs(th->window) << tp->rx_opt.snd_wscale;
	tcp_init_wl(tp, TCP_SKB_CB(skb)->seq);
	if (tp->rx_opt.tstamp_ok && !active)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	if (!inet_csk(sk)->icsk_ca_ops->cong_control)
		tcp_update_pacing_rate(sk);
	tp->lsndtime = tcp_jiffies32();
	tcp_initialize_rcv_mss(sk);
	tcp_fast_path_on(tp);
	if (active && sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tp));
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		tcp_shutdown(sk, SEND_SHUTDOWN);
}

/* Data beyond what was received, the FIN not counted? */
static bool tcp_has_new_data(const struct tcp_sock *tp,
			     const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	return cb->end_seq != cb->seq &&
	       after(cb->end_seq - !!(cb->tcp_flags & TCPHDR_FIN), tp->rcv_nxt);
}

/*
 * FIN-WAIT-1 -> FIN-WAIT-2: our FIN was acknowledged. 0: go on with the
 * segment; 1: it was consumed; < 0: minus the reason of a RST.
 */
static int tcp_rcv_fin_acked(struct sock *sk, struct sk_buff *skb,
			     const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long tmo;

	tcp_set_state(sk, TCP_FIN_WAIT2);
	sk->sk_shutdown |= SEND_SHUTDOWN;
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		return 0;
	}
	/* Nobody will read any more. */
	if (tp->linger2 < 0 || tcp_has_new_data(tp, skb)) {
		tcp_done(sk);
		NET_INC_STATS(sock_net(sk), TCPAbortOnData);
		return -SKB_DROP_REASON_TCP_ABORT_ON_DATA;
	}
	tmo = tcp_fin_time(sk);
	if (tmo > (long)TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
	} else if (th->fin || sock_owned_by_user(sk)) {
		/* The FIN below, or the closing task, decides. */
		inet_csk_reset_keepalive_timer(sk, tmo);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
		consume_skb(skb);
		return 1;
	}
	return 0;
}

/* RFC 9293 3.10.7.4 fifth: what an acceptable ACK means in each state. */
static int tcp_rcv_ack_states(struct sock *sk, struct sk_buff *skb,
			      const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool all_acked = tp->snd_una == tp->write_seq;

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		tcp_rcv_synrecv_established(sk, skb, th);
		break;
	case TCP_FIN_WAIT1:
		if (tp->fastopen_rsk)
			tcp_rcv_synrecv_fastopen(sk);
		if (all_acked)
			return tcp_rcv_fin_acked(sk, skb, th);
		break;
	case TCP_CLOSING:
		if (!all_acked)
			break;
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		consume_skb(skb);
		return 1;
	case TCP_LAST_ACK:
		if (!all_acked)
			break;
		tcp_update_metrics(sk);
		tcp_done(sk);
		consume_skb(skb);
		return 1;
	}
	return 0;
}

/* Seventh and eighth: text and FIN. Consumes @skb, or a reason for a RST. */
static enum skb_drop_reason tcp_rcv_text_states(struct sock *sk,
						struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool take = false;

	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		/* Nothing can come after the FIN: only old things. */
		if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		fallthrough;
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		/* RFC 1122 4.2.2.13: data for a program that closed: RST. */
		if (sk->sk_shutdown & RCV_SHUTDOWN &&
		    tcp_has_new_data(tp, skb)) {
			NET_INC_STATS(sock_net(sk), TCPAbortOnData);
			tcp_reset(sk, skb);
			return SKB_DROP_REASON_TCP_ABORT_ON_DATA;
		}
		fallthrough;
	case TCP_ESTABLISHED:
		take = true;
		tcp_data_queue(sk, skb);
		break;
	}
	if (sk->sk_state != TCP_CLOSE) {
		tcp_data_snd_check(sk);
		tcp_ack_snd_check(sk);
	}
	if (!take)
		consume_skb(skb);
	return SKB_CONSUMED;
}

static enum skb_drop_reason tcp_rcv_listen(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);

	/* RFC 9293 3.10.7.2 */
	if (th->ack)
		return SKB_DROP_REASON_TCP_FLAGS;
	if (th->rst) {
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_RESET);
		return SKB_CONSUMED;
	}
	if (!th->syn || th->fin) {
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_FLAGS);
		return SKB_CONSUMED;
	}
	kfree_skb_reason(skb, tcp_v4_conn_request(sk, skb));
	return SKB_CONSUMED;
}

/*
 * Consumes @skb and returns 0; or returns why a RST must be sent for it, and
 * the skb stays the caller's.
 */
enum skb_drop_reason tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int ret;

	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = false;
	switch (sk->sk_state) {
	case TCP_CLOSE:
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_CLOSE);
		return SKB_CONSUMED;
	case TCP_LISTEN:
		return tcp_rcv_listen(sk, skb);
	case TCP_SYN_SENT:
		return tcp_rcv_synsent_state_process(sk, skb);
	}
	if (unlikely(tp->fastopen_rsk) &&
	    !tcp_check_req(sk, skb, tp->fastopen_rsk, true)) {
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_FLAGS);
		return SKB_CONSUMED;
	}
	if (!th->ack && !th->rst && !th->syn) {
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_FLAGS);
		return SKB_CONSUMED;
	}
	if (!tcp_validate_segment(sk, skb, false))
		return SKB_CONSUMED;

	ret = tcp_ack(sk, skb,
		      FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT |
			      FLAG_NO_CHALLENGE_ACK);
	if (ret <= 0 && sk->sk_state == TCP_SYN_RECV)
		/* RFC 9293 3.10.7.4 fifth: not for our SYN: RST. */
		return ret ? -ret : SKB_DROP_REASON_TCP_OLD_ACK;
	if (ret < 0) {
		tcp_send_challenge_ack(sk);
		tcp_drop_reason(sk, skb, -ret);
		return SKB_CONSUMED;
	}
	ret = tcp_rcv_ack_states(sk, skb, th);
	if (ret)
		return ret < 0 ? -ret : SKB_CONSUMED;
	tcp_ecn_accept_cwr(sk, skb);
	tcp_urg(sk, skb, th);
	return tcp_rcv_text_states(sk, skb);
}
