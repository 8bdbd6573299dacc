/* SPDX-License-Identifier: MIT */
/*
 * TCP: processing an acknowledgment. RFC 9293 3.10.7.4 fifth (the ACK field),
 * 3.8.6 (window updates), RFC 5961 5 (how old an ACK may be), RFC 5681,
 * RFC 6298 5.3 (timer).
 *
 * One ACK goes through: window, SACK blocks (tcp_sack.c), what it frees, RTT,
 * loss state (tcp_loss.c), congestion control, and sending what that allows.
 */
#include "net/ipv4/tcp_ack.h"
#include "net/core/tstamp.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

/* *rexmit of tcp_fastretrans_alert() */
#define REXMIT_NONE 0
#define REXMIT_LOST 1
#define REXMIT_NEW 2

/* RFC 9293 3.10.7.4: SND.WL1 and SND.WL2; equal ones may enlarge only. */
static inline bool tcp_may_update_window(const struct tcp_sock *tp, u32 ack,
					 u32 seq, u32 nwin)
{
	return after(ack, tp->snd_una) || after(seq, tp->snd_wl1) ||
	       (seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin));
}

static inline void tcp_snd_una_update(struct tcp_sock *tp, u32 ack)
{
	tp->bytes_acked += ack - tp->snd_una;
	tp->snd_una = ack;
}

static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb,
				 u32 ack, u32 seq)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 nwin = ntohs(th->window);
	int flag = 0;

	if (!th->syn)
		nwin <<= tp->rx_opt.snd_wscale;
	if (tcp_may_update_window(tp, ack, seq, nwin)) {
		flag |= FLAG_WIN_UPDATE;
		tp->snd_wl1 = seq;
		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;
			tp->pred_flags = 0;
			tcp_fast_path_check(sk);
			if (nwin > tp->max_window) {
				tp->max_window = nwin;
				tcp_sync_mss(sk,
					     inet_csk(sk)->icsk_pmtu_cookie);
			}
		}
	}
	tcp_snd_una_update(tp, ack);
	return flag;
}

/* RFC 7323 4.3: the stamp of the segment at the left edge. */
static inline void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (!tp->rx_opt.saw_tstamp || after(seq, tp->rcv_wup))
		return;
	if (tcp_paws_check(&tp->rx_opt, 0)) {
		tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
		tp->rx_opt.ts_recent_stamp = tcp_seconds();
	}
}

void tcp_count_delivered(struct tcp_sock *tp, u32 delivered, bool ece_ack)
{
	tp->delivered += delivered;
	if (ece_ack)
		tp->delivered_ce += delivered;
}

/* RFC 6298 5.2, 5.3 */
void tcp_rearm_rto(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 rto = icsk->icsk_rto;

	/* The timer is the SYN-ACK's. */
	if (unlikely(tcp_sk(sk)->fastopen_rsk))
		return;
	if (!tcp_sk(sk)->packets_out) {
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
		return;
	}
	/* Another timer ran instead: count from the segment's own time. */
	if (icsk->icsk_pending == ICSK_TIME_REO_TIMEOUT ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		rto = tcp_usecs_to_jiffies(max(tcp_rto_delta_us(sk), 1U));
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto);
}

static inline void tcp_set_xmit_timer(struct sock *sk)
{
	if (!tcp_schedule_loss_probe(sk, true))
		tcp_rearm_rto(sk);
}

void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	list_del_init(&TCP_SKB_CB(skb)->tx.tsorted_anchor);
	__skb_unlink(skb, &tp->tcp_rtx_queue);
	tcp_wmem_free_skb(sk, skb);
}

/* What cleaning the retransmission queue found. */
struct clean_state {
	u64 first_ackt, last_ackt;
	u32 reord, pkts_acked;
	bool fully_acked;
	int flag;
};

/* Part of a large skb is acknowledged: cut it. Segments that it loses. */
static u32 tcp_tso_acked(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 packets = tcp_skb_pcount(skb);

	if (tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
		return 0;
	return packets - tcp_skb_pcount(skb);
}

static inline void tcp_clean_one(struct sock *sk, struct sk_buff *skb,
				 u32 pcount, u32 start_seq, bool ece,
				 struct clean_state *c, struct rate_sample *rs)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = cb->sacked;

	if (sacked & TCPCB_RETRANS) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= pcount;
		c->flag |= FLAG_RETRANS_DATA_ACKED;
	} else if (!(sacked & TCPCB_SACKED_ACKED)) {
		c->last_ackt = tcp_skb_timestamp_us(skb);
		if (!c->first_ackt)
			c->first_ackt = c->last_ackt;
		if (before(start_seq, c->reord))
			c->reord = start_seq;
		if (!after(cb->end_seq, tp->high_seq))
			c->flag |= FLAG_ORIG_SACK_ACKED;
	}
	if (sacked & TCPCB_SACKED_ACKED) {
		tp->sacked_out -= pcount;
	} else if (tcp_is_sack(tp)) {
		tcp_count_delivered(tp, pcount, ece);
		tcp_rack_advance(tp, sacked, cb->end_seq,
				 tcp_skb_timestamp_us(skb));
	}
	if (sacked & TCPCB_LOST)
		tp->lost_out -= pcount;
	tp->packets_out -= pcount;
	c->pkts_acked += pcount;
	tcp_rate_skb_delivered(sk, skb, rs);
	if (cb->tcp_flags & TCPHDR_SYN) {
		c->flag |= FLAG_SYN_ACKED;
		tp->retrans_stamp = 0;
	} else {
		c->flag |= FLAG_DATA_ACKED;
	}
}

/* The last byte that a stamp is wanted of is acknowledged: tell. */
static void tcp_ack_tstamp(struct sock *sk, struct sk_buff *skb,
			   const struct sk_buff *ack)
{
	if (likely(!TCP_SKB_CB(skb)->txstamp_ack) ||
	    !before(skb_shinfo(skb)->tskey, tcp_sk(sk)->snd_una))
		return;
	TCP_SKB_CB(skb)->txstamp_ack = 0;
	__skb_tstamp_tx(skb, sk, SCM_TSTAMP_ACK, ack);
}

/* Take everything below snd_una off the queue. */
static struct sk_buff *tcp_clean_walk(struct sock *sk,
				      const struct sk_buff *ack, bool ece,
				      struct clean_state *c,
				      struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *next;
	u32 pcount, start_seq;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = next) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

		start_seq = cb->seq;
		pcount = tcp_skb_pcount(skb);
		if (after(cb->end_seq, tp->snd_una)) {
			tcp_ack_tstamp(sk, skb, ack);
			if (pcount == 1 || !after(tp->snd_una, cb->seq))
				break;
			pcount = tcp_tso_acked(sk, skb);
			if (!pcount)
				break;
			c->fully_acked = false;
		}
		tcp_clean_one(sk, skb, pcount, start_seq, ece, c, rs);
		tcp_ack_tstamp(sk, skb, ack);
		if (!c->fully_acked)
			break;
		next = tcp_rtx_next(sk, skb);
		if (skb == tp->retransmit_skb_hint)
			tp->retransmit_skb_hint = NULL;
		if (skb == tp->highest_sack)
			tp->highest_sack = next;
		tcp_rtx_queue_unlink_and_free(sk, skb);
	}
	return skb;
}

static inline void tcp_clean_pkts_acked(struct sock *sk,
					const struct clean_state *c,
					long ca_rtt_us,
					const struct rate_sample *rs)
{
	const struct tcp_congestion_ops *ops = inet_csk(sk)->icsk_ca_ops;

	if (ops->pkts_acked) {
		struct ack_sample s = {
			.pkts_acked = c->pkts_acked,
			.rtt_us = (s32)ca_rtt_us,
			.in_flight = rs->prior_in_flight,
		};

		ops->pkts_acked(sk, &s);
	}
}

/* Free what was acknowledged, learn the RTT. Returns flags. */
static int tcp_clean_rtx_queue(struct sock *sk, const struct sk_buff *ack,
			       u32 prior_fack, u32 prior_snd_una,
			       struct tcp_sacktag_state *sack, bool ece)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct clean_state c = { .reord = tp->snd_nxt, .fully_acked = true };
	long seq_rtt_us = -1, sack_rtt_us = -1, ca_rtt_us = -1;
	u32 prior_sacked = tp->sacked_out;
	struct sk_buff *skb;
	bool rtt_update;

	skb = tcp_clean_walk(sk, ack, ece, &c, sack->rate);
	if (!skb)
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	if (between(tp->snd_up, prior_snd_una, tp->snd_una))
		tp->snd_up = tp->snd_una;
	if (skb && TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		c.flag |= FLAG_SACK_RENEGING;
	if (c.first_ackt && !(c.flag & FLAG_RETRANS_DATA_ACKED)) {
		seq_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c.first_ackt);
		ca_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c.last_ackt);
		/* One small segment: the peer may have waited with the ACK. */
		if (c.pkts_acked == 1 && c.fully_acked && !prior_sacked &&
		    tp->snd_una - prior_snd_una < tp->mss_cache &&
		    !(c.flag & (FLAG_CA_ALERT | FLAG_SYN_ACKED)))
			c.flag |= FLAG_ACK_MAYBE_DELAYED;
	}
	if (sack->first_sackt) {
		sack_rtt_us =
			tcp_stamp_us_delta(tp->tcp_mstamp, sack->first_sackt);
		ca_rtt_us =
			tcp_stamp_us_delta(tp->tcp_mstamp, sack->last_sackt);
	}
	rtt_update = tcp_ack_update_rtt(sk, c.flag, seq_rtt_us, sack_rtt_us,
					ca_rtt_us, sack->rate);
	if (c.flag & FLAG_ACKED) {
		c.flag |= FLAG_SET_XMIT_TIMER;
		if (unlikely(inet_csk(sk)->icsk_mtup.probe_size &&
			     !after(tp->mtu_probe.probe_seq_end, tp->snd_una)))
			tcp_mtup_probe_success(sk);
		if (tcp_is_reno(tp)) {
			tcp_remove_reno_sacks(sk, (int)c.pkts_acked, ece);
			if (c.flag & FLAG_RETRANS_DATA_ACKED)
				c.flag &= ~FLAG_ORIG_SACK_ACKED;
		} else if (before(c.reord, prior_fack)) {
			tcp_check_sack_reordering(sk, c.reord, 0);
		}
	} else if (skb && rtt_update && sack_rtt_us >= 0 &&
		   sack_rtt_us >
			   (long)tcp_stamp_us_delta(
				   tp->tcp_mstamp, tcp_skb_timestamp_us(skb))) {
		/* A newer RTT than that of the head: its timer restarts. */
		c.flag |= FLAG_SET_XMIT_TIMER;
	}
	tcp_clean_pkts_acked(sk, &c, ca_rtt_us, sack->rate);
	return c.flag;
}

/* Nothing is in flight; is the window still closed to what waits? */
static void tcp_ack_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *head = tcp_send_head(sk);
	unsigned long when;

	if (!head)
		return;
	if (!after(TCP_SKB_CB(head)->end_seq, tcp_wnd_end(tcp_sk(sk)))) {
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
	} else {
		when = tcp_probe0_when(sk);
		when = tcp_clamp_probe0_to_user_timeout(sk, when);
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, when);
	}
}

static inline bool tcp_ack_is_dubious(const struct sock *sk, int flag)
{
	return !(flag & FLAG_NOT_DUP) || flag & FLAG_CA_ALERT ||
	       inet_csk(sk)->icsk_ca_state != TCP_CA_Open;
}

static inline bool tcp_may_raise_cwnd(const struct sock *sk, int flag)
{
	if (tcp_sk(sk)->reordering >
	    (u32)sock_net(sk)->ipv4->sysctl_tcp_reordering)
		return flag & FLAG_FORWARD_PROGRESS;
	return flag & FLAG_DATA_ACKED;
}

static inline void tcp_cong_control(struct sock *sk, u32 ack, u32 acked_sacked,
				    int flag, const struct rate_sample *rs)
{
	const struct tcp_congestion_ops *ops = inet_csk(sk)->icsk_ca_ops;

	if (ops->cong_control) {
		ops->cong_control(sk, rs);
		return;
	}
	if (tcp_in_cwnd_reduction(sk)) {
		tcp_cwnd_reduction(sk, (int)acked_sacked, rs->losses, flag);
	} else if (tcp_may_raise_cwnd(sk, flag)) {
		ops->cong_avoid(sk, ack, acked_sacked);
		tcp_sk(sk)->snd_cwnd_stamp = tcp_jiffies32();
	}
	tcp_update_pacing_rate(sk);
}

/* What the loss state asks for: lost segments, or (F-RTO) new ones. */
static inline void tcp_xmit_recovery(struct sock *sk, int rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (rexmit == REXMIT_NONE || sk->sk_state == TCP_SYN_SENT)
		return;
	if (rexmit == REXMIT_NEW) {
		__tcp_push_pending_frames(sk, tcp_current_mss(sk),
					  TCP_NAGLE_OFF);
		if (after(tp->snd_nxt, tp->high_seq))
			return;
		tp->frto = false;
	}
	tcp_xmit_retransmit_queue(sk);
}

/* An ACK from before snd_una; its SACK blocks may still be news. */
static int tcp_ack_old(struct sock *sk, const struct sk_buff *skb, u32 ack,
		       struct tcp_sacktag_state *sack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 max_window = (u32)min_t(u64, tp->max_window, tp->bytes_acked);
	int rexmit = REXMIT_NONE;

	/* RFC 5961 5.2: older than any window: a blind guess. */
	if (before(ack, tp->snd_una - max_window)) {
		if (!(flag & FLAG_NO_CHALLENGE_ACK))
			tcp_send_challenge_ack(sk);
		return -SKB_DROP_REASON_TCP_INVALID_ACK;
	}
	if (TCP_SKB_CB(skb)->sacked) {
		flag |= tcp_sacktag_write_queue(sk, skb, tp->snd_una, sack);
		tcp_fastretrans_alert(sk, tp->snd_una, 0, &flag, &rexmit);
		tcp_xmit_recovery(sk, rexmit);
	}
	return 0;
}

static inline void tcp_ack_alert(struct sock *sk, const struct sk_buff *skb,
				 u32 prior_snd_una, int *flag, int *rexmit)
{
	int num_dupack = 0;

	if (!tcp_ack_is_dubious(sk, *flag))
		return;
	if (!(*flag &
	      (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK)))
		num_dupack = max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	tcp_fastretrans_alert(sk, prior_snd_una, num_dupack, flag, rexmit);
}

int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	u32 ack_seq = TCP_SKB_CB(skb)->seq, ack = TCP_SKB_CB(skb)->ack_seq;
	struct tcp_sock *tp = tcp_sk(sk);
	struct rate_sample rs = { .prior_delivered = 0 };
	struct tcp_sacktag_state sack = { .reord = tp->snd_nxt, .rate = &rs };
	u32 prior_snd_una = tp->snd_una, prior_packets = tp->packets_out;
	u32 delivered = tp->delivered, lost = tp->lost, prior_fack;
	bool is_sack_reneg = tp->is_sack_reneg, ece = false;
	int rexmit = REXMIT_NONE;

	if (before(ack, prior_snd_una))
		return tcp_ack_old(sk, skb, ack, &sack, flag);
	/* RFC 9293 3.10.7.4: something not yet sent: say where we are. */
	if (after(ack, tp->snd_nxt)) {
		if (!(flag & FLAG_NO_CHALLENGE_ACK))
			tcp_send_challenge_ack(sk);
		return -SKB_DROP_REASON_TCP_ACK_UNSENT_DATA;
	}
	if (after(ack, prior_snd_una)) {
		flag |= FLAG_SND_UNA_ADVANCED;
		inet_csk(sk)->icsk_retransmits = 0;
	}
	prior_fack = tcp_is_sack(tp) ? tcp_highest_sack_seq(tp) : tp->snd_una;
	rs.prior_in_flight = tcp_packets_in_flight(tp);
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, ack_seq);
	if ((flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) ==
	    FLAG_SND_UNA_ADVANCED) {
		/* Predicted: the window is what it was. */
		tp->snd_wl1 = ack_seq;
		tcp_snd_una_update(tp, ack);
		flag |= FLAG_WIN_UPDATE;
		NET_INC_STATS(sock_net(sk), TCPHPAcks);
	} else {
		if (ack_seq != TCP_SKB_CB(skb)->end_seq)
			flag |= FLAG_DATA;
		else
			NET_INC_STATS(sock_net(sk), TCPPureAcks);
		flag |= tcp_ack_update_window(sk, skb, ack, ack_seq);
		if (TCP_SKB_CB(skb)->sacked)
			flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una,
							&sack);
		if (tcp_ecn_rcv_ecn_echo(tp, tcp_hdr(skb))) {
			flag |= FLAG_ECE;
			ece = true;
		}
	}
	sk->sk_err_soft = 0;
	inet_csk(sk)->icsk_probes_out = 0;
	tp->rcv_tstamp = tcp_jiffies32();
	if (!prior_packets) {
		if (flag & FLAG_DSACKING_ACK)
			tcp_fastretrans_alert(sk, prior_snd_una, 0, &flag,
					      &rexmit);
		tcp_ack_probe(sk);
		if (tp->tlp_high_seq)
			tcp_process_tlp_ack(sk, ack, flag);
		return 1;
	}
	flag |= tcp_clean_rtx_queue(sk, skb, prior_fack, prior_snd_una, &sack,
				    ece);
	tcp_rack_update_reo_wnd(sk, &rs);
	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);
	tcp_ack_alert(sk, skb, prior_snd_una, &flag, &rexmit);
	/* After the loss state: it may have armed a timer of its own. */
	if (flag & FLAG_SET_XMIT_TIMER)
		tcp_set_xmit_timer(sk);
	delivered = tp->delivered - delivered;
	NET_ADD_STATS(sock_net(sk), TCPDelivered, delivered);
	if (ece)
		NET_ADD_STATS(sock_net(sk), TCPDeliveredCE, delivered);
	lost = tp->lost - lost;
	rs.is_ack_delayed = flag & FLAG_ACK_MAYBE_DELAYED;
	tcp_rate_gen(sk, delivered, lost, is_sack_reneg, &rs);
	tcp_cong_control(sk, ack, delivered, flag, &rs);
	tcp_xmit_recovery(sk, rexmit);
	return 1;
}
