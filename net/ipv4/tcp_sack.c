/* SPDX-License-Identifier: MIT */
/*
 * TCP: the scoreboard. SACK blocks of an ACK (RFC 2018 3, 2883) mark segments
 * of the retransmission queue as received.
 *
 * The blocks of the previous ACK are remembered; only what is new in a block
 * is walked, from the highest SACKed segment on where possible. So an ACK
 * costs what it newly reports and not the length of the queue.
 */
#include "net/ipv4/tcp.h"

void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, int ts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 mss = tp->mss_cache, fack = tcp_highest_sack_seq(tp), metric;

	if (!before(low_seq, fack))
		return;
	metric = fack - low_seq;
	if (mss && metric > tp->reordering * mss)
		tp->reordering =
			min_t(u32, DIV_ROUND_UP(metric, mss),
			      sock_net(sk)->ipv4->sysctl_tcp_max_reordering);
	tp->reord_seen++;
	if (ts)
		NET_INC_STATS(sock_net(sk), TCPTSReorder);
	else
		NET_INC_STATS(sock_net(sk), TCPSACKReorder);
}

/* Could the peer have said that? */
static bool tcp_is_sackblock_valid(const struct tcp_sock *tp, bool is_dsack,
				   u32 start, u32 end)
{
	if (after(end, tp->snd_nxt) || !before(start, end))
		return false;
	if (!before(start, tp->snd_nxt))
		return false;
	if (after(start, tp->snd_una))
		return true;
	if (!is_dsack || !tp->undo_marker)
		return false;
	/* A D-SACK below snd_una may tell of this recovery's resends. */
	if (after(end, tp->snd_una))
		return false;
	if (!before(start, tp->undo_marker))
		return true;
	if (!after(end, tp->undo_marker))
		return false;
	return !before(start, end - tp->max_window);
}

/* RFC 2883: does the first block report a duplicate? */
static bool tcp_check_dsack(struct sock *sk, const struct tcp_sack_block *b,
			    int n, u32 ack, u32 prior_snd_una,
			    struct tcp_sacktag_state *st)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	u32 len = b[0].end_seq - b[0].start_seq, dups = 1;

	if (before(b[0].start_seq, ack))
		NET_INC_STATS(net, TCPDSACKRecv);
	else if (n > 1 && !after(b[0].end_seq, b[1].end_seq) &&
		 !before(b[0].start_seq, b[1].start_seq))
		NET_INC_STATS(net, TCPDSACKOfoRecv);
	else
		return false;
	if (!before(b[0].start_seq, b[0].end_seq) || len > tp->max_window)
		return true;
	if (len > tp->mss_cache && tp->mss_cache)
		dups = DIV_ROUND_UP(len, tp->mss_cache);
	/* More duplicates than we ever resent: the network made them. */
	if (tp->dsack_dups + dups > tp->total_retrans) {
		NET_INC_STATS(net, TCPDSACKIgnoredDubious);
		return true;
	}
	st->flag |= FLAG_DSACKING_ACK;
	if (tp->tlp_high_seq && tp->tlp_high_seq == b[0].end_seq)
		st->flag |= FLAG_DSACK_TLP;
	else
		tp->rack.dsack_seen = true;
	tp->dsack_dups += dups;
	NET_ADD_STATS(net, TCPDSACKRecvSegs, dups);
	/* Of data that is no longer queued: count, there is no mark. */
	if (tp->undo_marker && tp->undo_retrans > 0 &&
	    !after(b[0].end_seq, prior_snd_una) &&
	    after(b[0].end_seq, tp->undo_marker))
		tp->undo_retrans = max(0, tp->undo_retrans - (int)dups);
	return true;
}

/* The segment was received. */
static void tcp_sacktag_one(struct sock *sk, struct sk_buff *skb, bool dup_sack,
			    struct tcp_sacktag_state *st)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int pcount = tcp_skb_pcount(skb);
	u64 xmit = tcp_skb_timestamp_us(skb);

	if (dup_sack && cb->sacked & TCPCB_RETRANS) {
		if (tp->undo_marker && tp->undo_retrans > 0 &&
		    after(cb->end_seq, tp->undo_marker))
			tp->undo_retrans = max(0, tp->undo_retrans - pcount);
		if (cb->sacked & TCPCB_SACKED_ACKED &&
		    before(cb->seq, st->reord))
			st->reord = cb->seq;
	}
	if (!(cb->sacked & TCPCB_SACKED_ACKED)) {
		tcp_rack_advance(tp, cb->sacked, cb->end_seq, xmit);
		if (cb->sacked & TCPCB_SACKED_RETRANS) {
			/* Either the original or the resend: both are over. */
			if (cb->sacked & TCPCB_LOST) {
				cb->sacked &=
					~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
				tp->lost_out -= pcount;
				tp->retrans_out -= pcount;
			}
		} else {
			if (!(cb->sacked & TCPCB_RETRANS)) {
				if (before(cb->seq, tcp_highest_sack_seq(tp)) &&
				    before(cb->seq, st->reord))
					st->reord = cb->seq;
				if (!after(cb->end_seq, tp->high_seq))
					st->flag |= FLAG_ORIG_SACK_ACKED;
				if (!st->first_sackt)
					st->first_sackt = xmit;
				st->last_sackt = xmit;
			}
			if (cb->sacked & TCPCB_LOST) {
				cb->sacked &= ~TCPCB_LOST;
				tp->lost_out -= pcount;
			}
		}
		cb->sacked |= TCPCB_SACKED_ACKED;
		st->flag |= FLAG_DATA_SACKED;
		tp->sacked_out += pcount;
		st->sack_delivered += pcount;
		tcp_count_delivered(tp, pcount, st->flag & FLAG_ECE);
		tcp_rate_skb_delivered(sk, skb, st->rate);
		list_del_init(&cb->tx.tsorted_anchor);
	}
	if (dup_sack && cb->sacked & TCPCB_SACKED_RETRANS) {
		cb->sacked &= ~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= pcount;
	}
}

/*
 * Is @skb within the block? A large skb that is so in part is cut at a
 * segment's border. Negative: no memory for that.
 */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb,
				 u32 start, u32 end)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	u32 mss = tcp_skb_mss(skb), len;
	bool in_sack = !after(start, seq) && !before(end, end_seq);

	if (in_sack || tcp_skb_pcount(skb) <= 1 || !after(end_seq, start) ||
	    !mss)
		return in_sack;
	in_sack = !after(start, seq);
	if (!in_sack)
		len = DIV_ROUND_UP(start - seq, mss) * mss;
	else
		len = (end - seq) / mss * mss;
	if (!len || len >= skb->len)
		return in_sack && len >= skb->len;
	return tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, len, mss) ? -1
								      : in_sack;
}

/* Mark [start, end), from @skb on. Returns where it stopped. */
static struct sk_buff *tcp_sacktag_walk(struct sock *sk, struct sk_buff *skb,
					u32 start, u32 end, bool dup_sack,
					struct tcp_sacktag_state *st)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int in_sack;

	for (; skb; skb = tcp_rtx_next(sk, skb)) {
		if (!before(TCP_SKB_CB(skb)->seq, end))
			break;
		if (!after(TCP_SKB_CB(skb)->end_seq, start))
			continue;
		in_sack = tcp_match_skb_to_sack(sk, skb, start, end);
		if (in_sack < 0)
			break;
		if (!in_sack)
			continue;
		tcp_sacktag_one(sk, skb, dup_sack, st);
		if (!before(TCP_SKB_CB(skb)->seq, tcp_highest_sack_seq(tp)))
			tp->highest_sack = tcp_rtx_next(sk, skb);
	}
	return skb;
}

/* The part of a block that earlier ACKs did not report. */
static void tcp_sacktag_block(struct sock *sk, u32 start, u32 end,
			      struct tcp_sacktag_state *st)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_sack_block *c = tp->recv_sack_cache;
	struct sk_buff *skb;
	int i;

	for (i = 0; i < 4 && before(start, end); i++, c++) {
		if (c->start_seq == c->end_seq || !before(c->start_seq, end) ||
		    !after(c->end_seq, start))
			continue;
		/* [start, head of the known) [known) [rest): recurse left. */
		if (before(start, c->start_seq))
			tcp_sacktag_block(sk, start, c->start_seq, st);
		start = after(c->end_seq, start) ? c->end_seq : start;
	}
	if (!before(start, end))
		return;
	skb = tcp_rtx_queue_head(sk);
	if (tp->sacked_out && !before(start, tcp_highest_sack_seq(tp)))
		skb = tp->highest_sack;
	tcp_sacktag_walk(sk, skb, start, end, false, st);
}

int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb,
			    u32 prior_snd_una, struct tcp_sacktag_state *st)
{
	const u8 *p =
		(const u8 *)tcp_hdr(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	struct tcp_sack_block b[TCP_NUM_SACKS], used[TCP_NUM_SACKS];
	int n = min((p[1] - TCPOLEN_SACK_BASE) / 8, TCP_NUM_SACKS), i, nr = 0;
	struct tcp_sock *tp = tcp_sk(sk);
	bool dsack;

	st->flag = 0;
	st->reord = tp->snd_nxt;
	if (!tp->sacked_out) {
		tp->highest_sack = tcp_rtx_queue_head(sk);
		for (i = 0; i < 4; i++)
			tp->recv_sack_cache[i] = (struct tcp_sack_block){ 0 };
	}
	for (i = 0; i < n; i++) {
		b[i].start_seq = get_unaligned_be32(p + 2 + i * 8);
		b[i].end_seq = get_unaligned_be32(p + 6 + i * 8);
	}
	dsack = n && tcp_check_dsack(sk, b, n, TCP_SKB_CB(ack_skb)->ack_seq,
				     prior_snd_una, st);
	/* Too old to be of use. */
	if (before(TCP_SKB_CB(ack_skb)->ack_seq,
		   prior_snd_una - tp->max_window))
		return 0;
	if (!tp->packets_out)
		return st->flag;
	for (i = 0; i < n; i++) {
		bool dup = dsack && i == 0;

		if (!tcp_is_sackblock_valid(tp, dup, b[i].start_seq,
					    b[i].end_seq)) {
			if (dup && tp->undo_marker)
				NET_INC_STATS(sock_net(sk), TCPDSACKIgnoredOld);
			else if (dup)
				NET_INC_STATS(sock_net(sk),
					      TCPDSACKIgnoredNoUndo);
			else if (after(b[i].end_seq, tp->snd_una))
				NET_INC_STATS(sock_net(sk), TCPSACKDiscard);
			continue;
		}
		if (dup)
			tcp_sacktag_walk(sk, tcp_rtx_queue_head(sk),
					 b[i].start_seq, b[i].end_seq, true,
					 st);
		else
			used[nr++] = b[i];
	}
	for (i = 0; i < nr; i++)
		tcp_sacktag_block(sk, used[i].start_seq, used[i].end_seq, st);
	for (i = 0; i < 4; i++)
		tp->recv_sack_cache[i] =
			i < nr ? used[i] : (struct tcp_sack_block){ 0 };
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, st->reord, 0);
	return st->flag;
}
