/* SPDX-License-Identifier: MIT */
/*
 * TCP: the rate at which segments are delivered, measured from ACK to ACK
 * (draft-cheng-iccrg-delivery-rate-estimation). For TCP_INFO, for RACK's
 * reordering window, and for congestion controls that work by it.
 */
#include "net/ipv4/tcp.h"

void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	/* Nothing in flight: the sampling interval starts here. */
	if (!tp->packets_out) {
		tp->first_tx_mstamp = tcp_skb_timestamp_us(skb);
		tp->delivered_mstamp = tp->first_tx_mstamp;
	}
	cb->tx.first_tx_mstamp = tp->first_tx_mstamp;
	cb->tx.delivered_mstamp = tp->delivered_mstamp;
	cb->tx.delivered = tp->delivered;
	cb->is_app_limited = tp->app_limited ? 1 : 0;
}

void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb,
			    struct rate_sample *rs)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!cb->tx.delivered_mstamp)
		return;
	if (!rs->prior_delivered ||
	    (s32)(cb->tx.delivered - rs->prior_delivered) > 0 ||
	    (cb->tx.delivered == rs->prior_delivered &&
	     after(cb->end_seq, rs->last_end_seq))) {
		rs->prior_delivered = cb->tx.delivered;
		rs->prior_mstamp = cb->tx.delivered_mstamp;
		rs->is_app_limited = cb->is_app_limited;
		rs->is_retrans = cb->sacked & TCPCB_RETRANS;
		rs->last_end_seq = cb->end_seq;
		tp->first_tx_mstamp = tcp_skb_timestamp_us(skb);
		rs->snd_interval_us = tcp_stamp_us_delta(
			tp->first_tx_mstamp, cb->tx.first_tx_mstamp);
	}
	/* SACKed now, it must not count again when acknowledged. */
	if (cb->sacked & TCPCB_SACKED_ACKED)
		cb->tx.delivered_mstamp = 0;
}

void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->app_limited && after(tp->delivered, tp->app_limited))
		tp->app_limited = 0;
	if (delivered)
		tp->delivered_mstamp = tp->tcp_mstamp;
	rs->acked_sacked = delivered;
	rs->losses = (int)lost;
	if (!rs->prior_mstamp || is_sack_reneg) {
		rs->delivered = -1;
		rs->interval_us = -1;
		return;
	}
	rs->delivered = (s32)(tp->delivered - rs->prior_delivered);
	/* The longer of the two phases: neither side may inflate the rate. */
	rs->rcv_interval_us =
		tcp_stamp_us_delta(tp->tcp_mstamp, rs->prior_mstamp);
	rs->interval_us = max(rs->snd_interval_us, rs->rcv_interval_us);
	if (rs->interval_us < (long)tcp_min_rtt(tp)) {
		rs->interval_us = -1;
		return;
	}
	if (!rs->is_app_limited || !tp->rate_interval_us ||
	    (u64)rs->delivered * tp->rate_interval_us >=
		    (u64)tp->rate_delivered * (u64)rs->interval_us) {
		tp->rate_delivered = rs->delivered;
		tp->rate_interval_us = (u32)rs->interval_us;
		tp->rate_app_limited = rs->is_app_limited;
	}
}

/* A write finds the connection idle for want of data. */
void tcp_rate_check_app_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->write_seq - tp->snd_nxt < tp->mss_cache &&
	    tcp_packets_in_flight(tp) < tp->snd_cwnd &&
	    tp->lost_out <= tp->retrans_out)
		tp->app_limited =
			tp->delivered + tcp_packets_in_flight(tp)
				? tp->delivered + tcp_packets_in_flight(tp)
				: 1;
}
