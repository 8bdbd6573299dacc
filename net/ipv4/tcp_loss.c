/* SPDX-License-Identifier: MIT */
/*
 * TCP: the loss state machine.
 *
 *	Open -> Disorder      something came out of order, or twice
 *	     -> CWR           ECN, or a loss probe told of congestion
 *	     -> Recovery      something is lost; resend, reduce by PRR
 *	any  -> Loss          the retransmission timer ran out
 *
 * Each goes back to Open when snd_una passes high_seq (snd_nxt at its start),
 * or when it proves needless: undone. RFC 5681, 6582 (NewReno), 6675's spirit
 * with RACK in place of its rules (tcp_recovery.c), 6937 (PRR), 5682 (F-RTO),
 * 3522 and 4015 (Eifel), 3708 (D-SACK).
 */
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

#define REXMIT_LOST 1
#define REXMIT_NEW 2

void tcp_clear_retrans(struct tcp_sock *tp)
{
	tp->retrans_out = 0;
	tp->lost_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->sacked_out = 0;
}

static bool tcp_any_retrans_done(const struct sock *sk)
{
	const struct sk_buff *skb;

	if (tcp_sk(sk)->retrans_out)
		return true;
	skb = tcp_rtx_queue_head(sk);
	return skb && TCP_SKB_CB(skb)->sacked & TCPCB_EVER_RETRANS;
}

/* Without SACK: duplicate ACKs stand for segments received. */
bool tcp_limit_reno_sacked(struct tcp_sock *tp)
{
	u32 holes = max(tp->lost_out, 1U);

	holes = min(holes, tp->packets_out);
	if (tp->sacked_out + holes <= tp->packets_out)
		return false;
	tp->sacked_out = tp->packets_out - holes;
	return true;
}

/* More duplicates than there can be: the path reorders. */
static void tcp_check_reno_reordering(struct sock *sk, int addend)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_limit_reno_sacked(tp))
		return;
	tp->reordering = min_t(u32, tp->packets_out + addend,
			       sock_net(sk)->ipv4->sysctl_tcp_max_reordering);
	tp->reord_seen++;
	NET_INC_STATS(sock_net(sk), TCPRenoReorder);
}

void tcp_add_reno_sack(struct sock *sk, int num_dupack, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tp->sacked_out;

	if (!num_dupack)
		return;
	tp->sacked_out += num_dupack;
	tcp_check_reno_reordering(sk, 0);
	if (tp->sacked_out > prior)
		tcp_count_delivered(tp, tp->sacked_out - prior, ece_ack);
}

void tcp_remove_reno_sacks(struct sock *sk, int acked, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (acked > 0) {
		/* One filled the hole; the others were counted as duplicates.
		 */
		tcp_count_delivered(tp, max(acked - (int)tp->sacked_out, 1),
				    ece_ack);
		if (acked - 1 >= (int)tp->sacked_out)
			tp->sacked_out = 0;
		else
			tp->sacked_out -= acked - 1;
	}
	tcp_check_reno_reordering(sk, acked);
}

void tcp_reset_reno_sack(struct tcp_sock *tp)
{
	tp->sacked_out = 0;
}

void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int pcount = tcp_skb_pcount(skb);

	if (cb->sacked & TCPCB_SACKED_ACKED)
		return;
	if (!tp->retransmit_skb_hint ||
	    before(cb->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq))
		tp->retransmit_skb_hint = skb;
	if (cb->sacked & TCPCB_LOST) {
		if (!(cb->sacked & TCPCB_SACKED_RETRANS))
			return;
		/* Its retransmission was lost as well. */
		cb->sacked &= ~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= pcount;
		NET_ADD_STATS(sock_net(sk), TCPLostRetransmit, pcount);
	} else {
		tp->lost_out += pcount;
		cb->sacked |= TCPCB_LOST;
	}
	tp->lost += pcount;
}

/* Window reduction: RFC 6937 with the bounds of its successor. */
void tcp_init_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	tp->snd_cwnd_cnt = 0;
	tp->prior_cwnd = tp->snd_cwnd;
	tp->prr_delivered = 0;
	tp->prr_out = 0;
	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_ops->ssthresh(sk);
	tcp_ecn_queue_cwr(tp);
}

void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int newly_lost,
			int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int delta = (int)(tp->snd_ssthresh - tcp_packets_in_flight(tp));
	int sndcnt;

	if (newly_acked_sacked <= 0 || !tp->prior_cwnd)
		return;
	tp->prr_delivered += newly_acked_sacked;
	if (delta < 0) {
		u64 due = (u64)tp->snd_ssthresh * tp->prr_delivered +
			  tp->prior_cwnd - 1;

		sndcnt = (int)(due / tp->prior_cwnd) - (int)tp->prr_out;
	} else {
		/* In flight fell below: catch up, slowly while losing. */
		sndcnt = max((int)(tp->prr_delivered - tp->prr_out),
			     newly_acked_sacked);
		if (flag & FLAG_SND_UNA_ADVANCED && !newly_lost)
			sndcnt++;
		sndcnt = min(delta, sndcnt);
	}
	/* The first retransmission always leaves. */
	sndcnt = max(sndcnt, tp->prr_out ? 0 : 1);
	tp->snd_cwnd = tcp_packets_in_flight(tp) + sndcnt;
}

static void tcp_end_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	if (tp->snd_ssthresh < TCP_INFINITE_SSTHRESH &&
	    (tp->undo_marker || inet_csk(sk)->icsk_ca_state == TCP_CA_CWR)) {
		tp->snd_cwnd = tp->snd_ssthresh;
		tp->snd_cwnd_stamp = tcp_jiffies32();
	}
	tcp_ca_event(sk, CA_EVENT_COMPLETE_CWR);
}

void tcp_enter_cwr(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->prior_ssthresh = 0;
	if (inet_csk(sk)->icsk_ca_state < TCP_CA_CWR) {
		tp->undo_marker = 0;
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
	}
}

static void tcp_try_keep_open(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int state = TCP_CA_Open;

	if (tcp_left_out(tp) || tcp_any_retrans_done(sk))
		state = TCP_CA_Disorder;
	if (inet_csk(sk)->icsk_ca_state != state) {
		tcp_set_ca_state(sk, state);
		tp->high_seq = tp->snd_nxt;
	}
}

static void tcp_try_to_open(struct sock *sk, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;
	if (flag & FLAG_ECE)
		tcp_enter_cwr(sk);
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_CWR)
		tcp_try_keep_open(sk);
}

/* Undoing. RFC 3522: the ACK is of the original, by its time stamp. */
static bool tcp_packet_delayed(const struct tcp_sock *tp)
{
	return tp->retrans_stamp && tp->rx_opt.saw_tstamp &&
	       tp->rx_opt.rcv_tsecr &&
	       before(tp->rx_opt.rcv_tsecr, tp->retrans_stamp);
}

static bool tcp_may_undo(const struct tcp_sock *tp)
{
	/* Every retransmission was reported as a duplicate, or: */
	return tp->undo_marker && (!tp->undo_retrans || tcp_packet_delayed(tp));
}

void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (unmark_loss) {
		for (skb = tcp_rtx_queue_head(sk); skb;
		     skb = tcp_rtx_next(sk, skb))
			TCP_SKB_CB(skb)->sacked &= ~TCPCB_LOST;
		tp->lost_out = 0;
		tp->retransmit_skb_hint = NULL;
	}
	if (tp->prior_ssthresh) {
		tp->snd_cwnd = inet_csk(sk)->icsk_ca_ops->undo_cwnd(sk);
		if (tp->prior_ssthresh > tp->snd_ssthresh) {
			tp->snd_ssthresh = tp->prior_ssthresh;
			tp->ecn_flags &= ~TCP_ECN_QUEUE_CWR;
		}
	}
	tp->snd_cwnd_stamp = tcp_jiffies32();
	tp->undo_marker = 0;
	tp->rack.advanced = true;
}

/* RFC 6582 3.2 (6): without SACK stay a little, against false recovery. */
static bool tcp_non_sack_stays(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->snd_una != tp->high_seq || !tcp_is_reno(tp))
		return false;
	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;
	return true;
}

/* All of the recovery is acknowledged. True: stay in the state yet. */
static bool tcp_try_undo_recovery(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_may_undo(tp)) {
		bool loss = inet_csk(sk)->icsk_ca_state == TCP_CA_Loss;

		tcp_undo_cwnd_reduction(sk, false);
		if (loss)
			NET_INC_STATS(sock_net(sk), TCPLossUndo);
		else
			NET_INC_STATS(sock_net(sk), TCPFullUndo);
	}
	if (tcp_non_sack_stays(sk))
		return true;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tp->is_sack_reneg = false;
	return false;
}

static bool tcp_try_undo_dsack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || tp->undo_retrans)
		return false;
	tp->rack.reo_wnd_persist = min(16, tp->rack.reo_wnd_persist + 1);
	tcp_undo_cwnd_reduction(sk, false);
	NET_INC_STATS(sock_net(sk), TCPDSACKUndo);
	return true;
}

static bool tcp_try_undo_loss(struct sock *sk, bool frto_undo)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!frto_undo && !tcp_may_undo(tp))
		return false;
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), TCPLossUndo);
	if (frto_undo)
		NET_INC_STATS(sock_net(sk), TCPSpuriousRTOs);
	inet_csk(sk)->icsk_retransmits = 0;
	if (tcp_non_sack_stays(sk))
		return true;
	if (frto_undo || tcp_is_sack(tp)) {
		tcp_set_ca_state(sk, TCP_CA_Open);
		tp->is_sack_reneg = false;
	}
	return true;
}

/* In Recovery, a partial ACK of an original: it was late, not lost. */
static bool tcp_try_undo_partial(struct sock *sk, u32 prior_snd_una)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || !tcp_packet_delayed(tp))
		return false;
	tcp_check_sack_reordering(sk, prior_snd_una, 1);
	/* Wait for what was resent before growing again. */
	if (tp->retrans_out)
		return true;
	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), TCPPartialUndo);
	tcp_try_keep_open(sk);
	return true;
}

static void tcp_init_undo(struct tcp_sock *tp)
{
	tp->undo_marker = tp->snd_una;
	tp->undo_retrans = (int)tp->retrans_out;
	if (tp->tlp_high_seq && tp->tlp_retrans)
		tp->undo_retrans++;
	if (!tp->undo_retrans)
		tp->undo_retrans = -1;
}

void tcp_enter_recovery(struct sock *sk, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_is_reno(tp))
		NET_INC_STATS(sock_net(sk), TCPRenoRecovery);
	else
		NET_INC_STATS(sock_net(sk), TCPSackRecovery);
	tp->prior_ssthresh = 0;
	tcp_init_undo(tp);
	if (!tcp_in_cwnd_reduction(sk)) {
		if (!ece_ack)
			tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tcp_init_cwnd_reduction(sk);
	}
	tcp_set_ca_state(sk, TCP_CA_Recovery);
}

/* The timer ran out: what of the queue is to be considered lost? */
static bool tcp_timeout_mark_lost(struct sock *sk)
{
	struct sk_buff *head = tcp_rtx_queue_head(sk), *skb;
	struct tcp_sock *tp = tcp_sk(sk);
	/* RFC 2018 8: the receiver dropped what it had SACKed. */
	bool reneg = head && TCP_SKB_CB(head)->sacked & TCPCB_SACKED_ACKED;
	bool rack = sock_net(sk)->ipv4->sysctl_tcp_recovery & 1;

	if (reneg) {
		NET_INC_STATS(sock_net(sk), TCPSACKReneging);
		tp->sacked_out = 0;
		tp->is_sack_reneg = true;
	} else if (tcp_is_reno(tp)) {
		tcp_reset_reno_sack(tp);
	}
	for (skb = head; skb; skb = tcp_rtx_next(sk, skb)) {
		if (reneg)
			TCP_SKB_CB(skb)->sacked &= ~TCPCB_SACKED_ACKED;
		else if (rack && skb != head &&
			 tcp_rack_skb_timeout(tp, skb, 0) > 0)
			continue; /* sent too recently to tell */
		tcp_mark_skb_lost(sk, skb);
	}
	tp->retransmit_skb_hint = NULL;
	return reneg;
}

/* RFC 5681 3.1, RFC 6298 5: from the retransmission timer. */
void tcp_enter_loss(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	bool fresh = icsk->icsk_ca_state < TCP_CA_Recovery;

	tcp_timeout_mark_lost(sk);
	/* Reduce once per window of data. */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder ||
	    !after(tp->high_seq, tp->snd_una) ||
	    (icsk->icsk_ca_state == TCP_CA_Loss && !icsk->icsk_retransmits)) {
		tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_cwnd = tp->snd_cwnd;
		tp->snd_ssthresh = icsk->icsk_ca_ops->ssthresh(sk);
		tcp_ca_event(sk, CA_EVENT_LOSS);
		tcp_init_undo(tp);
	}
	tp->snd_cwnd = tcp_packets_in_flight(tp) + 1;
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_jiffies32();
	/* Duplicates up to the threshold came and it was a loss. */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder &&
	    tp->sacked_out >= (u32)ipv4->sysctl_tcp_reordering)
		tp->reordering =
			min_t(u32, tp->reordering, ipv4->sysctl_tcp_reordering);
	tcp_set_ca_state(sk, TCP_CA_Loss);
	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	tcp_ecn_queue_cwr(tp);
	/* RFC 5682: was it? See what the next two ACKs say. */
	tp->frto = ipv4->sysctl_tcp_frto && (fresh || icsk->icsk_retransmits);
}

/* What is marked lost goes again; no congestion is to be blamed for it. */
void tcp_non_congestion_loss_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss) {
		tp->high_seq = tp->snd_nxt;
		tp->snd_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_ssthresh = 0;
		tp->undo_marker = 0;
		tcp_set_ca_state(sk, TCP_CA_Loss);
	}
	tcp_xmit_retransmit_queue(sk);
}

/* RFC 1191: packets that no longer fit. */
void tcp_simple_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_current_mss(sk);
	struct sk_buff *skb;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = tcp_rtx_next(sk, skb))
		if (skb->len > mss)
			tcp_mark_skb_lost(sk, skb);
	tp->retransmit_skb_hint = NULL;
	if (!tp->lost_out)
		return;
	if (tcp_is_reno(tp))
		tcp_limit_reno_sacked(tp);
	tcp_non_congestion_loss_retransmit(sk);
}

static bool tcp_check_sack_reneging(struct sock *sk, int *ack_flag)
{
	if (!(*ack_flag & FLAG_SACK_RENEGING) ||
	    !(*ack_flag & FLAG_SND_UNA_ADVANCED))
		return false;
	/* It may be reordering of ACKs: wait a little, then time out. */
	tcp_reset_xmit_timer(
		sk, ICSK_TIME_RETRANS,
		max(tcp_usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 4), 10U));
	*ack_flag &= ~FLAG_SET_XMIT_TIMER;
	return true;
}

static void tcp_identify_packet_loss(struct sock *sk, int *ack_flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_retrans;

	if (tcp_rtx_queue_empty(sk))
		return;
	if (tcp_is_reno(tp)) {
		tcp_newreno_mark_lost(sk, *ack_flag & FLAG_SND_UNA_ADVANCED);
		return;
	}
	prior_retrans = tp->retrans_out;
	if (tcp_rack_mark_lost(sk))
		*ack_flag &= ~FLAG_SET_XMIT_TIMER;
	if (prior_retrans > tp->retrans_out)
		*ack_flag |= FLAG_LOST_RETRANS;
}

/* In Loss: F-RTO (RFC 5682 2.1, 3.1), and the end of it. */
static void tcp_process_loss(struct sock *sk, int flag, int num_dupack,
			     int *rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool recovered = !before(tp->snd_una, tp->high_seq);

	if (flag & FLAG_SND_UNA_ADVANCED && tcp_try_undo_loss(sk, false))
		return;
	if (tp->frto) {
		/* 3 b: an original was acknowledged: it was spurious. */
		if (flag & FLAG_ORIG_SACK_ACKED && tcp_try_undo_loss(sk, true))
			return;
		if (after(tp->snd_nxt, tp->high_seq)) {
			if (flag & FLAG_DATA_SACKED || num_dupack)
				tp->frto = false; /* 3 a: it was real */
		} else if (flag & FLAG_SND_UNA_ADVANCED && !recovered) {
			tp->high_seq = tp->snd_nxt;
			/* 2 b: send new data and see. */
			if (tcp_send_head(sk) &&
			    after(tcp_wnd_end(tp), tp->snd_nxt)) {
				*rexmit = REXMIT_NEW;
				return;
			}
			tp->frto = false;
		}
	}
	if (recovered) {
		tcp_try_undo_recovery(sk);
		return;
	}
	if (tcp_is_reno(tp)) {
		if (after(tp->snd_nxt, tp->high_seq) && num_dupack)
			tcp_add_reno_sack(sk, num_dupack, flag & FLAG_ECE);
		else if (flag & FLAG_SND_UNA_ADVANCED)
			tcp_reset_reno_sack(tp);
	}
	*rexmit = REXMIT_LOST;
}

/* snd_una reached high_seq. True: the ACK is dealt with. */
static bool tcp_leave_states(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (inet_csk(sk)->icsk_ca_state) {
	case TCP_CA_CWR:
		/* One more than high_seq, so that CWR can be told. */
		if (tp->snd_una != tp->high_seq) {
			tcp_end_cwnd_reduction(sk);
			tcp_set_ca_state(sk, TCP_CA_Open);
		}
		break;
	case TCP_CA_Recovery:
		if (tcp_is_reno(tp))
			tcp_reset_reno_sack(tp);
		if (tcp_try_undo_recovery(sk))
			return true;
		tcp_end_cwnd_reduction(sk);
		break;
	}
	return false;
}

/*
 * A dubious ACK: duplicate, with SACK or ECE, or any while not in Open. *rexmit
 * says what to send for it.
 */
void tcp_fastretrans_alert(struct sock *sk, u32 prior_snd_una, int num_dupack,
			   int *ack_flag, int *rexmit)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool ece = *ack_flag & FLAG_ECE;

	if (!tp->packets_out && tp->sacked_out)
		tp->sacked_out = 0;
	if (ece)
		tp->prior_ssthresh = 0;
	if (tcp_check_sack_reneging(sk, ack_flag))
		return;
	if (icsk->icsk_ca_state == TCP_CA_Open)
		tp->retrans_stamp = 0;
	else if (!before(tp->snd_una, tp->high_seq) && tcp_leave_states(sk))
		return;

	switch (icsk->icsk_ca_state) {
	case TCP_CA_Recovery:
		if (!(*ack_flag & FLAG_SND_UNA_ADVANCED)) {
			if (tcp_is_reno(tp))
				tcp_add_reno_sack(sk, num_dupack, ece);
		} else if (tcp_try_undo_partial(sk, prior_snd_una)) {
			return;
		}
		if (tcp_try_undo_dsack(sk))
			tcp_try_to_open(sk, *ack_flag);
		tcp_identify_packet_loss(sk, ack_flag);
		if (icsk->icsk_ca_state != TCP_CA_Recovery) {
			if (!tp->lost_out)
				return;
			tcp_enter_recovery(sk, ece);
		}
		break;
	case TCP_CA_Loss:
		tcp_process_loss(sk, *ack_flag, num_dupack, rexmit);
		if (icsk->icsk_ca_state != TCP_CA_Loss && tp->rto_stamp) {
			tp->total_rto_time +=
				tcp_time_stamp_ts(tp) - tp->rto_stamp;
			tp->rto_stamp = 0;
		}
		tcp_identify_packet_loss(sk, ack_flag);
		if (icsk->icsk_ca_state != TCP_CA_Open &&
		    !(*ack_flag & FLAG_LOST_RETRANS))
			return;
		/* Undone, or a retransmission was lost: judge as in Open. */
		fallthrough;
	default:
		if (tcp_is_reno(tp)) {
			if (*ack_flag & FLAG_SND_UNA_ADVANCED)
				tcp_reset_reno_sack(tp);
			tcp_add_reno_sack(sk, num_dupack, ece);
		}
		if (icsk->icsk_ca_state <= TCP_CA_Disorder)
			tcp_try_undo_dsack(sk);
		tcp_identify_packet_loss(sk, ack_flag);
		if (!tp->lost_out) {
			tcp_try_to_open(sk, *ack_flag);
			return;
		}
		if (tcp_mtup_probe_failed(sk))
			return;
		/* RFC 5681 3.2: fast retransmit. */
		tcp_enter_recovery(sk, ece);
	}
	*rexmit = REXMIT_LOST;
}

/* RFC 8985 7.4: what the ACK says about a tail loss probe. */
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (before(ack, tp->tlp_high_seq))
		return;
	if (!tp->tlp_retrans || flag & FLAG_DSACK_TLP) {
		tp->tlp_high_seq = 0;
	} else if (after(ack, tp->tlp_high_seq)) {
		/* The probe repaired a loss: reduce as for any other. */
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
		tcp_end_cwnd_reduction(sk);
		tcp_try_keep_open(sk);
		NET_INC_STATS(sock_net(sk), TCPLossProbeRecovery);
	} else if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP |
			     FLAG_DATA_SACKED))) {
		/* Both the original and the probe arrived. */
		tp->tlp_high_seq = 0;
	}
}
