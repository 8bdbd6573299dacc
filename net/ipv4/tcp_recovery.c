/* SPDX-License-Identifier: MIT */
/*
 * TCP: deciding what is lost.
 *
 * With SACK, RACK (RFC 8985): a segment is lost when one sent later was
 * delivered and a reordering window has passed since. tsorted_sent_queue keeps
 * segments by the time they last left, so only those that may have become
 * lost are looked at. Without SACK, NewReno (RFC 6582).
 */
#include "net/ipv4/tcp.h"

#define TCP_RACK_NO_DUPTHRESH 4

static inline bool tcp_skb_sent_after(u64 t1, u64 t2, u32 seq1, u32 seq2)
{
	return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}

/* RFC 8985 6.2 step 4. us. */
static u32 tcp_rack_reo_wnd(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int recovery = sock_net(sk)->ipv4->sysctl_tcp_recovery;

	if (!tp->reord_seen) {
		/* The path never reordered: do not wait. */
		if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery)
			return 0;
		if (tp->sacked_out >= tp->reordering &&
		    !(recovery & TCP_RACK_NO_DUPTHRESH))
			return 0;
	}
	return min((tcp_min_rtt(tp) >> 2) * tp->rack.reo_wnd_steps,
		   tp->srtt_us >> 3);
}

/* Time until @skb counts as lost; <= 0: it does. */
s32 tcp_rack_skb_timeout(struct tcp_sock *tp, struct sk_buff *skb, u32 reo_wnd)
{
	return (s32)(tp->rack.rtt_us + reo_wnd -
		     tcp_stamp_us_delta(tp->tcp_mstamp,
					tcp_skb_timestamp_us(skb)));
}

/* RFC 8985 6.2 step 5. Returns how long to wait for the rest, us; 0: none. */
static u32 tcp_rack_detect_loss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb, *next;
	u32 reo_wnd = tcp_rack_reo_wnd(sk), timeout = 0;

	list_for_each_entry_safe(cb, next, &tp->tsorted_sent_queue,
				 tx.tsorted_anchor) {
		struct sk_buff *skb = tcp_skb_of_cb(cb);
		s32 remaining;

		if (cb->sacked & TCPCB_LOST &&
		    !(cb->sacked & TCPCB_SACKED_RETRANS))
			continue;
		if (!tcp_skb_sent_after(tp->rack.mstamp,
					tcp_skb_timestamp_us(skb),
					tp->rack.end_seq, cb->end_seq))
			break;
		remaining = tcp_rack_skb_timeout(tp, skb, reo_wnd);
		if (remaining <= 0) {
			tcp_mark_skb_lost(sk, skb);
			list_del_init(&cb->tx.tsorted_anchor);
		} else {
			timeout = max_t(u32, timeout, remaining);
		}
	}
	return timeout;
}

/* True: the reordering timer was armed, the RTO is not to replace it. */
bool tcp_rack_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout;

	if (!tp->rack.advanced)
		return false;
	tp->rack.advanced = false;
	timeout = tcp_rack_detect_loss(sk);
	if (!timeout)
		return false;
	inet_csk_reset_xmit_timer(
		sk, ICSK_TIME_REO_TIMEOUT,
		tcp_usecs_to_jiffies(timeout + TCP_TIMEOUT_MIN_US),
		inet_csk(sk)->icsk_rto);
	return true;
}

/* RFC 8985 6.2 steps 1 and 2: something sent at @xmit_time was delivered. */
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq,
		      u64 xmit_time)
{
	u32 rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, xmit_time);

	if (sacked & TCPCB_RETRANS && rtt_us < tcp_min_rtt(tp))
		return; /* it is likely the original that was delivered */
	tp->rack.advanced = true;
	tp->rack.rtt_us = rtt_us;
	if (tcp_skb_sent_after(xmit_time, tp->rack.mstamp, end_seq,
			       tp->rack.end_seq)) {
		tp->rack.mstamp = xmit_time;
		tp->rack.end_seq = end_seq;
	}
}

void tcp_rack_reo_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tcp_packets_in_flight(tp), lost = tp->lost, timeout;

	timeout = tcp_rack_detect_loss(sk);
	if (prior != tcp_packets_in_flight(tp)) {
		if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery) {
			tcp_enter_recovery(sk, false);
			if (!inet_csk(sk)->icsk_ca_ops->cong_control)
				tcp_cwnd_reduction(sk, 1,
						   (int)(tp->lost - lost), 0);
		}
		tcp_xmit_retransmit_queue(sk);
	}
	if (timeout)
		inet_csk_reset_xmit_timer(
			sk, ICSK_TIME_REO_TIMEOUT,
			tcp_usecs_to_jiffies(timeout + TCP_TIMEOUT_MIN_US),
			inet_csk(sk)->icsk_rto);
	if (inet_csk(sk)->icsk_pending != ICSK_TIME_RETRANS && !timeout)
		tcp_rearm_rto(sk);
}

/*
 * RFC 8985 6.2 step 4: each round trip with D-SACKs widens the window by a
 * quarter of the minimal RTT; after 16 recoveries without it is narrow again.
 */
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!rs->prior_delivered)
		return;
	if (before(rs->prior_delivered, tp->rack.last_delivered))
		tp->rack.dsack_seen = false;
	if (tp->rack.dsack_seen) {
		tp->rack.reo_wnd_steps = min(0xff, tp->rack.reo_wnd_steps + 1);
		tp->rack.dsack_seen = false;
		tp->rack.last_delivered = tp->delivered;
		tp->rack.reo_wnd_persist = 16;
	} else if (!tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_steps = 1;
	}
}

/* RFC 6582 3.2: three duplicates; then each partial ACK shows the next. */
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced)
{
	u8 state = inet_csk(sk)->icsk_ca_state;
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 mss;

	if (!(state < TCP_CA_Recovery && tp->sacked_out >= tp->reordering) &&
	    !(state == TCP_CA_Recovery && snd_una_advanced))
		return;
	skb = tcp_rtx_queue_head(sk);
	if (TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		return;
	mss = tcp_skb_mss(skb);
	if (tcp_skb_pcount(skb) > 1 && skb->len > mss)
		(void)tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, mss, mss);
	tcp_mark_skb_lost(sk, skb);
}
