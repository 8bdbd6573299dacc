/* SPDX-License-Identifier: MIT */
/*
 * TCP: sending again. RFC 6298 5.4, RFC 6675 4 (which one next), RFC 8985 7
 * (tail loss probe).
 */
#include "net/ipv4/tcp.h"

#include "net/core/tstamp.h"

static bool tcp_can_collapse(const struct sk_buff *skb)
{
	/* Cloned: its last transmission is still on the way out. */
	return tcp_skb_pcount(skb) == 1 && !skb_cloned(skb) &&
	       !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED);
}

/* What @next holds moves to the end of @skb. False: it cannot. */
static bool tcp_collapse_retrans(struct sock *sk, struct sk_buff *skb,
				 struct sk_buff *next)
{
	struct tcp_skb_cb *to = TCP_SKB_CB(skb), *from = TCP_SKB_CB(next);
	struct tcp_sock *tp = tcp_sk(sk);
	int delta; /* of truesize: from one queued skb to another */

	/* A FIN alone has no data. */
	if (next->len && !skb_try_coalesce(skb, next, &delta))
		return false;
	if (tp->highest_sack == next)
		tp->highest_sack = skb;
	if (tp->retransmit_skb_hint == next)
		tp->retransmit_skb_hint = skb;
	to->end_seq = from->end_seq;
	to->tcp_flags |= from->tcp_flags;
	to->sacked |= from->sacked & TCPCB_EVER_RETRANS;
	to->eor = from->eor;
	if (skb_shinfo(next)->tx_flags || from->txstamp_ack) {
		skb_move_tx_timestamp(skb, next);
		to->txstamp_ack = from->txstamp_ack;
	}
	tcp_adjust_pcount(sk, next, tcp_skb_pcount(next));
	tcp_rtx_queue_unlink_and_free(sk, next);
	return true;
}

/*
 * What is sent again need not be cut as it was: small segments that follow
 * @skb go with it, up to @space bytes in all.
 */
static void tcp_retrans_try_collapse(struct sock *sk, struct sk_buff *skb,
				     int space)
{
	struct sk_buff *next;

	if (!sock_net(sk)->ipv4->sysctl_tcp_retrans_collapse ||
	    TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN || skb_unclone(skb) ||
	    !tcp_can_collapse(skb))
		return;
	while (!TCP_SKB_CB(skb)->eor) {
		next = tcp_rtx_next(sk, skb);
		if (!next || !tcp_can_collapse(next) ||
		    (int)(skb->len + next->len) > space ||
		    after(TCP_SKB_CB(next)->end_seq, tcp_wnd_end(tcp_sk(sk))) ||
		    !tcp_collapse_retrans(sk, skb, next))
			return;
	}
}

/* Bring @skb to a size that may be sent: segments of today's MSS. */
static int tcp_retrans_resize(struct sock *sk, struct sk_buff *skb, u32 cur_mss,
			      int segs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int avail = (int)(tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq), len, diff;

	/* RFC 9293 3.8.6.1: the window shut: only the first, as a probe. */
	if (avail <= 0) {
		if (TCP_SKB_CB(skb)->seq != tp->snd_una)
			return -EAGAIN; /* the timer tries again */
		avail = (int)cur_mss;
	}
	len = (int)cur_mss * segs;
	if (len > avail) {
		len = avail / (int)cur_mss * (int)cur_mss;
		if (!len)
			len = avail;
	}
	if ((int)skb->len > len)
		return tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, len,
				    cur_mss);
	diff = tcp_skb_pcount(skb);
	tcp_set_skb_tso_segs(skb, cur_mss);
	diff -= tcp_skb_pcount(skb);
	if (diff)
		tcp_adjust_pcount(sk, skb, diff);
	avail = min(avail, (int)cur_mss);
	if ((int)skb->len < avail)
		tcp_retrans_try_collapse(sk, skb, avail);
	return 0;
}

int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs,
			 const char *why)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	int err;

	/* RFC 4821 7.6.4: inconclusive. */
	inet_csk(sk)->icsk_mtup.probe_size = 0;
	if (before(cb->seq, tp->snd_una)) {
		BUG_ON(before(cb->end_seq, tp->snd_una));
		err = tcp_trim_head(sk, skb, tp->snd_una - cb->seq);
		if (err)
			return err;
	}
	if (!__sk_dst_check(sk, 0) && !inet_csk_rebuild_route(sk))
		return fail(-EHOSTUNREACH, "no route any more");
	err = tcp_retrans_resize(sk, skb, tcp_current_mss(sk), segs);
	if (err)
		return err;
	segs = tcp_skb_pcount(skb);
	TCP_ADD_STATS(net, RetransSegs, segs);
	if (cb->tcp_flags & TCPHDR_SYN)
		NET_INC_STATS(net, TCPSynRetrans);
	tp->total_retrans += segs;
	tp->bytes_retrans += skb->len;
	trace_event(TRACE_RETRANSMIT, sk->sk_id, cb->seq, 0, 0, why);
	tcp_mstamp_refresh(tp);
	err = tcp_transmit_skb(sk, skb, true, tp->rcv_nxt);
	/* Karn: from here on its ACK is no sample. */
	cb->sacked |= TCPCB_EVER_RETRANS;
	if (err)
		NET_ADD_STATS(net, TCPRetransFail, segs);
	return err;
}

int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs,
		       const char *why)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err = __tcp_retransmit_skb(sk, skb, segs, why);

	if (!err) {
		TCP_SKB_CB(skb)->sacked |= TCPCB_RETRANS;
		tp->retrans_out += tcp_skb_pcount(skb);
	}
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_skb_timestamp_ts(skb);
	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
	tp->undo_retrans += tcp_skb_pcount(skb);
	return err;
}

/* Send what is marked lost, as far as the window allows. */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *next, *head;
	bool rearm = false;
	u32 max_segs;
	int segs;

	if (!tp->packets_out)
		return;
	head = tcp_rtx_queue_head(sk);
	skb = tp->retransmit_skb_hint ? tp->retransmit_skb_hint : head;
	max_segs = tcp_tso_segs(sk, tcp_current_mss(sk));
	for (; skb; skb = next) {
		u8 sacked = TCP_SKB_CB(skb)->sacked;

		tp->retransmit_skb_hint = skb;
		if (tcp_pacing_check(sk))
			break;
		segs = (int)(tp->snd_cwnd - tcp_packets_in_flight(tp));
		if (segs <= 0 || tp->retrans_out >= tp->lost_out)
			break;
		next = tcp_rtx_next(sk, skb);
		if (!(sacked & TCPCB_LOST) ||
		    sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
			continue;
		if (tcp_retransmit_skb(sk, skb, min(segs, (int)max_segs),
				       icsk->icsk_ca_state == TCP_CA_Loss
					       ? "after a timeout"
					       : "fast retransmit"))
			break;
		/* It may have been cut. */
		next = tcp_rtx_next(sk, skb);
		if (icsk->icsk_ca_state == TCP_CA_Loss)
			NET_ADD_STATS(sock_net(sk), TCPSlowStartRetrans,
				      tcp_skb_pcount(skb));
		else
			NET_ADD_STATS(sock_net(sk), TCPFastRetrans,
				      tcp_skb_pcount(skb));
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += tcp_skb_pcount(skb);
		if (skb == head && icsk->icsk_pending != ICSK_TIME_REO_TIMEOUT)
			rearm = true;
	}
	if (!skb)
		tp->retransmit_skb_hint = NULL;
	/* RFC 6298 5.3's spirit: the head was sent just now. */
	if (rearm)
		tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk->icsk_rto);
}

/*
 * RFC 8985 7.2: when the last segments are lost nothing tells of it; so probe
 * after two round trips. False: conditions do not hold, use the RTO.
 */
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout, timeout_us, rto_us;
	int early = sock_net(sk)->ipv4->sysctl_tcp_early_retrans;

	if ((early != 3 && early != 4) || !tp->packets_out ||
	    tp->fastopen_rsk ||
	    !tcp_is_sack(tp) ||
	    (icsk->icsk_ca_state != TCP_CA_Open &&
	     icsk->icsk_ca_state != TCP_CA_CWR))
		return false;
	if (tp->srtt_us) {
		timeout_us = tp->srtt_us >> 2;
		/* A single one may wait for the peer's delayed ACK. */
		if (tp->packets_out == 1)
			timeout_us += icsk->icsk_rto_min * 1000;
		else
			timeout_us += TCP_TIMEOUT_MIN_US;
		timeout = tcp_usecs_to_jiffies(timeout_us);
	} else {
		timeout = TCP_TIMEOUT_INIT;
	}
	rto_us = advancing_rto ? icsk->icsk_rto * 1000 : tcp_rto_delta_us(sk);
	if (rto_us > 0)
		timeout = min(timeout, tcp_usecs_to_jiffies(rto_us));
	tcp_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout);
	return true;
}

/* Send the last segment again, its last MSS if it is large. */
static bool tcp_probe_tail(struct sock *sk, u32 mss)
{
	struct sk_buff *skb = tcp_rtx_queue_tail(sk);
	int pcount = tcp_skb_pcount(skb);

	if (pcount > 1 && skb->len > (u32)(pcount - 1) * mss) {
		if (tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb,
				 (pcount - 1) * mss, mss))
			return false;
		skb = tcp_rtx_next(sk, skb);
	}
	return !__tcp_retransmit_skb(sk, skb, 1, "tail loss probe");
}

/* RFC 8985 7.3: new data if there is some, else the tail again. */
void tcp_send_loss_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tcp_current_mss(sk), prior = tp->packets_out;
	struct sk_buff *skb = tcp_send_head(sk);
	bool sent = false;

	if (tp->tlp_high_seq) /* one is out already */
		goto rearm;
	tp->tlp_retrans = false;
	if (skb && tcp_snd_wnd_test(tp, skb, mss)) {
		tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2);
		sent = tp->packets_out > prior;
	} else if (tcp_rtx_queue_tail(sk)) {
		sent = tcp_probe_tail(sk, mss);
		tp->tlp_retrans = sent;
	} else {
		inet_csk(sk)->icsk_pending = 0;
		return;
	}
	if (sent) {
		tp->tlp_high_seq = tp->snd_nxt;
		NET_INC_STATS(sock_net(sk), TCPLossProbes);
		/* The RTO counts from now. */
		inet_csk(sk)->icsk_pending = 0;
	}
rearm:
	tcp_rearm_rto(sk);
}
