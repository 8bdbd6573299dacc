/* SPDX-License-Identifier: MIT */
/*
 * TCP: a segment for a synchronised connection: is it acceptable, and in
 * ESTABLISHED, what to do with it. RFC 9293 3.10.7.4, RFC 7323 4 and 5
 * (PAWS), RFC 5961 (blind attacks). Other states: tcp_rcv_state.c.
 */
#include "net/ipv4/tcp_input.h"
#include "lib/checksum.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

#define TCP_HP_BITS (~(TCP_RESERVED_BITS | TCP_FLAG_PSH))

/* Header prediction: what word 4 of the next segment should look like. */
void tcp_fast_path_on(struct tcp_sock *tp)
{
	tp->pred_flags =
		htonl((u32)tp->tcp_header_len << 26 | ntohl(TCP_FLAG_ACK) |
		      (tp->snd_wnd >> tp->rx_opt.snd_wscale));
}

void tcp_fast_path_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (skb_queue_empty(&tp->out_of_order_queue) && tp->rcv_wnd &&
	    sk->sk_rmem_alloc < sk->sk_rcvbuf && !tp->urg_data)
		tcp_fast_path_on(tp);
}

/* PAWS: RFC 7323 5. */
bool tcp_paws_check(const struct tcp_options_received *rx_opt, int win)
{
	if ((s32)(rx_opt->ts_recent - rx_opt->rcv_tsval) <= win)
		return true;
	/* 5.5: after 24 idle days the clocks may have wrapped. */
	if (tcp_seconds() - rx_opt->ts_recent_stamp >= TCP_PAWS_WRAP)
		return true;
	return !rx_opt->ts_recent;
}

bool tcp_paws_reject(const struct tcp_options_received *rx_opt, int rst)
{
	if (tcp_paws_check(rx_opt, 0))
		return false;
	/* LINUX: a RST of a rebooted peer counts, once the old is over. */
	if (rst && tcp_seconds() - rx_opt->ts_recent_stamp >= TCP_PAWS_MSL)
		return false;
	return true;
}

/* The ACK again that came last, overtaken: old stamp, but harmless. */
static bool tcp_disordered_ack(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 seq = TCP_SKB_CB(skb)->seq, ack = TCP_SKB_CB(skb)->ack_seq;

	return seq == tp->rcv_nxt && ack == tp->snd_una &&
	       !after(seq, tp->snd_wl1) &&
	       ntohs(th->window) << tp->rx_opt.snd_wscale <= (int)tp->snd_wnd &&
	       (s32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) <=
		       (s32)inet_csk(sk)->icsk_rto;
}

static inline enum skb_drop_reason tcp_paws_discard(const struct sock *sk,
						    const struct sk_buff *skb)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	if (tcp_paws_check(&tcp_sk(sk)->rx_opt, TCP_PAWS_WINDOW))
		return SKB_CONSUMED;
	if (cb->tcp_flags & TCPHDR_ACK && cb->seq == cb->end_seq) {
		if (before(cb->seq, tcp_sk(sk)->rcv_nxt))
			return SKB_DROP_REASON_TCP_PAWS_ACK;
		if (tcp_disordered_ack(sk, skb))
			return SKB_CONSUMED;
	}
	return SKB_DROP_REASON_TCP_PAWS;
}

/* Answers to unacceptable segments: one in half a second per socket. */
static bool __tcp_oow_rate_limited(struct net *net, int mib_idx, u32 *last)
{
	if (*last) {
		u32 elapsed = tcp_jiffies32() - *last;

		if (elapsed < (u32)net->ipv4->sysctl_tcp_invalid_ratelimit) {
			net->mib.netstat[mib_idx]++;
			return true;
		}
	}
	*last = tcp_jiffies32() ? tcp_jiffies32() : 1;
	return false;
}

bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb,
			  int mib_idx, u32 *last)
{
	/* Data is retransmitted by its own clock: answer it each time. */
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq &&
	    !tcp_hdr(skb)->syn)
		return false;
	return __tcp_oow_rate_limited(net, mib_idx, last);
}

/* RFC 5961 7: limited, per socket and (by sysctl) per host. */
void tcp_send_challenge_ack(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct netns_ipv4 *ipv4 = net->ipv4;
	u32 limit = ipv4->sysctl_tcp_challenge_ack_limit, now, half;

	if (__tcp_oow_rate_limited(net, LINUX_MIB_TCPACKSkippedChallenge,
				   &tcp_sk(sk)->last_oow_ack_time))
		return;
	if (limit != 0x7fffffff) {
		now = tcp_jiffies32() / HZ;
		if (now != ipv4->tcp_challenge_timestamp) {
			/* A random limit tells an observer nothing. */
			half = (limit + 1) >> 1;
			ipv4->tcp_challenge_timestamp = now;
			ipv4->tcp_challenge_count =
				half + get_random_u32_below(limit);
		}
		if (!ipv4->tcp_challenge_count)
			return;
		ipv4->tcp_challenge_count--;
	}
	NET_INC_STATS(net, TCPChallengeACK);
	tcp_send_ack(sk);
}

/* RFC 9293 3.10.7.4, first: not acceptable: ACK, with a D-SACK for it. */
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct tcp_sock *tp = tcp_sk(sk);

	if (end_seq != seq && before(seq, tp->rcv_nxt)) {
		NET_INC_STATS(sock_net(sk), DelayedACKLost);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		if (after(end_seq, tp->rcv_nxt))
			end_seq = tp->rcv_nxt;
		tcp_dsack_set(sk, seq, end_seq);
	}
	tcp_send_ack(sk);
}

/*
 * RFC 9293 3.4: any part of the segment in the window? LINUX: the whole of it
 * but a FIN, unless nothing waits for the reader.
 */
static inline enum skb_drop_reason tcp_sequence(const struct sock *sk, u32 seq,
						u32 end_seq, bool fin)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 end = tp->rcv_nxt + tcp_receive_window(tp);

	if (before(end_seq, tp->rcv_wup))
		return SKB_DROP_REASON_TCP_OLD_DATA;
	if (likely(!after(end_seq - fin, end)))
		return SKB_CONSUMED;
	if (after(seq, end))
		return SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
	if (!skb_queue_empty(&sk->sk_receive_queue))
		return SKB_DROP_REASON_TCP_INVALID_END_SEQUENCE;
	return SKB_CONSUMED;
}

/*
 * RFC 5961 3.2: a RST counts at rcv_nxt exactly, else it is challenged.
 * LINUX: also one below after the peer's FIN (some send it there), and at the
 * end of the latest out-of-order block.
 */
static bool tcp_rst_acceptable(const struct sock *sk, u32 seq)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 max_sack;
	int i;

	if (seq == tp->rcv_nxt)
		return true;
	if (seq == tp->rcv_nxt - 1 &&
	    BIT(sk->sk_state) &
		    (TCPF_CLOSE_WAIT | TCPF_LAST_ACK | TCPF_CLOSING))
		return true;
	if (!tcp_is_sack(tp) || !tp->rx_opt.num_sacks)
		return false;
	max_sack = tp->selective_acks[0].end_seq;
	for (i = 1; i < tp->rx_opt.num_sacks; i++)
		if (after(tp->selective_acks[i].end_seq, max_sack))
			max_sack = tp->selective_acks[i].end_seq;
	return seq == max_sack;
}

/* The peer's SYN-ACK of a simultaneous open. */
static bool tcp_is_crossed_synack(const struct sock *sk,
				  const struct sk_buff *skb,
				  const struct tcphdr *th)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return sk->sk_state == TCP_SYN_RECV && sk->sk_socket &&
	       !tp->fastopen_rsk && th->ack &&
	       TCP_SKB_CB(skb)->seq + 1 == TCP_SKB_CB(skb)->end_seq &&
	       TCP_SKB_CB(skb)->seq + 1 == tp->rcv_nxt &&
	       TCP_SKB_CB(skb)->ack_seq == tp->snd_nxt;
}

/*
 * First to fourth check of RFC 9293 3.10.7.4: PAWS, sequence, RST, SYN.
 * False: @skb is gone, and perhaps the connection with it.
 */
static bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb,
				  const struct tcphdr *th, bool syn_inerr)
{
	u32 seq = TCP_SKB_CB(skb)->seq;
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	enum skb_drop_reason reason;

	if (tcp_fast_parse_options(sk, skb, th) && tp->rx_opt.saw_tstamp &&
	    (reason = tcp_paws_discard(sk, skb)) && !th->rst) {
		if (th->syn)
			goto syn_challenge;
		/* LINUX: common, and no answer is due. */
		if (reason == SKB_DROP_REASON_TCP_PAWS_ACK) {
			NET_INC_STATS(net, PAWSOldAck);
			goto discard;
		}
		NET_INC_STATS(net, PAWSEstab);
		if (!tcp_oow_rate_limited(net, skb, LINUX_MIB_TCPACKSkippedPAWS,
					  &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		goto discard;
	}
	reason = tcp_sequence(sk, seq, TCP_SKB_CB(skb)->end_seq, th->fin);
	if (reason) {
		if (th->rst) {
			if (seq != tp->rcv_nxt && tcp_rst_acceptable(sk, seq))
				goto reset;
			goto discard;
		}
		if (th->syn)
			goto syn_challenge;
		if (reason != SKB_DROP_REASON_TCP_OLD_DATA)
			NET_INC_STATS(net, BeyondWindow);
		if (!tcp_oow_rate_limited(net, skb, LINUX_MIB_TCPACKSkippedSeq,
					  &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		goto discard;
	}
	if (th->rst) {
		if (tcp_rst_acceptable(sk, seq))
			goto reset;
		tcp_send_challenge_ack(sk);
		reason = SKB_DROP_REASON_TCP_RESET;
		goto discard;
	}
	if (!th->syn || tcp_is_crossed_synack(sk, skb, th))
		return true;

syn_challenge:
	/* RFC 5961 4.2: whatever its number. */
	if (syn_inerr)
		TCP_INC_STATS(net, InErrs);
	NET_INC_STATS(net, TCPSYNChallenge);
	tcp_send_challenge_ack(sk);
	reason = SKB_DROP_REASON_TCP_INVALID_SYN;
discard:
	tcp_drop_reason(sk, skb, reason);
	return false;
reset:
	tcp_reset(sk, skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_RESET);
	return false;
}

bool tcp_validate_segment(struct sock *sk, struct sk_buff *skb, bool syn_inerr)
{
	return tcp_validate_incoming(sk, skb, tcp_hdr(skb), syn_inerr);
}

/* RFC 9293 3.10.7.4, eighth: the FIN bit; all before it was received. */
void tcp_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk_schedule_ack(sk);
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE);
	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		inet_csk_enter_pingpong_mode(sk);
		break;
	case TCP_FIN_WAIT1:
		/* Simultaneous close. */
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		tcp_send_ack(sk);
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		break;
	default: /* CLOSE-WAIT, CLOSING, LAST-ACK: it came again */
		break;
	}
	/* Nothing can follow a FIN. */
	tcp_ofo_purge(sk, SKB_DROP_REASON_TCP_OLD_DATA);
	tp->rx_opt.num_sacks = 0;
	tp->rx_opt.dsack = false;
	if (sock_flag(sk, SOCK_DEAD))
		return;
	sk->sk_state_change(sk);
	/* POLL_HUP when both directions are over, else POLL_IN. */
	sk_wake_async(sk, SOCK_WAKE_WAITD,
		      sk->sk_shutdown == SHUTDOWN_MASK ||
				      sk->sk_state == TCP_CLOSE
			      ? 6
			      : 1);
}

/* RFC 3168 6.1.3: CE arrived: tell the sender until it reacts. */
void __tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	switch (TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK) {
	case 0:
		/* Marked before, now not: likely a retransmission. */
		if (tp->ecn_flags & TCP_ECN_SEEN)
			tcp_enter_quickack_mode(sk, 2);
		break;
	case INET_ECN_CE:
		if (!(tp->ecn_flags & TCP_ECN_DEMAND_CWR)) {
			tcp_enter_quickack_mode(sk, 2);
			tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
		}
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	default:
		tp->ecn_flags |= TCP_ECN_SEEN;
	}
}

/* As cwnd grows the buffer must hold two windows, and what is behind. */
void tcp_sndbuf_expand(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 per_mss = max_t(u32, tp->rx_opt.mss_clamp, tp->mss_cache) +
		      SKB_TRUESIZE(MAX_TCP_HEADER);
	u32 nr = max_t(u32, TCP_INIT_CWND,
		       max(tp->snd_cwnd, tp->reordering + 1)),
	    p2 = 1;
	u64 mem;

	while (p2 < per_mss)
		p2 <<= 1;
	mem = 2ULL * nr * p2;
	if (inet_csk(sk)->icsk_ca_ops->sndbuf_expand)
		mem = mem / 2 * inet_csk(sk)->icsk_ca_ops->sndbuf_expand(sk);
	if ((u64)sk->sk_sndbuf < mem)
		sk->sk_sndbuf = (int)min_t(
			u64, mem, sock_net(sk)->ipv4->sysctl_tcp_wmem[2]);
}

static inline bool tcp_should_expand_sndbuf(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return !(sk->sk_userlocks & SOCK_SNDBUF_LOCK) &&
	       !tcp_under_memory_pressure(sk) && !tcp_memory_above_low(sk) &&
	       tcp_packets_in_flight(tp) < tp->snd_cwnd;
}

/* Room in the buffer freed by ACKs: tell a waiting writer. */
void tcp_check_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;

	if (sock && sock->flags & SOCK_NOSPACE) {
		if (tcp_should_expand_sndbuf(sk)) {
			tcp_sndbuf_expand(sk);
			tcp_sk(sk)->snd_cwnd_stamp = tcp_jiffies32();
		}
		sk->sk_write_space(sk);
		if (!(sock->flags & SOCK_NOSPACE))
			tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
	}
}

void tcp_data_snd_check(struct sock *sk)
{
	tcp_push_pending_frames(sk);
	tcp_check_space(sk);
}

static inline bool tcp_checksum_bad(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (likely(skb->ip_summed != CHECKSUM_NONE))
		return false;
	if (csum_fold(
		    skb_checksum(skb, 0, skb->len,
				 csum_tcpudp_nofold(iph->saddr, iph->daddr,
						    skb->len, IPPROTO_TCP, 0))))
		return true;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return false;
}

bool tcp_v4_checksum_bad(struct sk_buff *skb)
{
	return tcp_checksum_bad(skb);
}

/*
 * The expected next segment, data or pure ACK, with nothing unusual about it.
 * False: nothing was done, take the slow path.
 */
static bool tcp_rcv_fast(struct sock *sk, struct sk_buff *skb,
			 const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int hlen = tp->tcp_header_len;
	int ts_flag = 0;
	bool stolen;

	if ((tcp_flag_word(th) & TCP_HP_BITS) != tp->pred_flags ||
	    TCP_SKB_CB(skb)->seq != tp->rcv_nxt ||
	    !between(TCP_SKB_CB(skb)->ack_seq, tp->snd_una, tp->snd_nxt) ||
	    skb->len < hlen)
		return false;
	if (hlen != sizeof(*th)) {
		tcp_fast_parse_options(sk, skb, th);
		if (!tp->rx_opt.saw_tstamp ||
		    (s32)(tp->rx_opt.rcv_tsval - tp->rx_opt.ts_recent) < 0 ||
		    TCP_SKB_CB(skb)->sacked)
			return false;
		ts_flag = FLAG_UPDATE_TS_RECENT;
	}
	if (skb->len == hlen) {
		tcp_ack(sk, skb, ts_flag);
		consume_skb(skb);
		tcp_data_snd_check(sk);
		return true;
	}
	if (after(TCP_SKB_CB(skb)->end_seq,
		  tp->rcv_nxt + tcp_receive_window(tp)) ||
	    sk->sk_rmem_alloc + (int)skb->truesize > sk->sk_rcvbuf ||
	    !sk_rmem_schedule(sk, skb, skb->truesize))
		return false;
	NET_INC_STATS(sock_net(sk), TCPHPHits);
	skb_dst_drop(skb);
	skb_pull(skb, hlen);
	tcp_event_data_recv(sk, skb);
	tcp_queue_rcv(sk, skb, &stolen);
	if (TCP_SKB_CB(skb)->ack_seq != tp->snd_una ||
	    tp->rx_opt.rcv_tsval != tp->rx_opt.ts_recent) {
		tcp_ack(sk, skb, FLAG_DATA | ts_flag);
		tcp_data_snd_check(sk);
	} else {
		tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	}
	if (stolen)
		consume_skb(skb);
	tcp_ack_snd_check(sk);
	tcp_data_ready(sk);
	return true;
}

/* Owns @skb. */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_sock *tp = tcp_sk(sk);
	int ack;

	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = false;
	if (unlikely(TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK))
		tcp_ecn_received_counters(tp, skb);
	if (tcp_rcv_fast(sk, skb, th))
		return;
	if (!th->ack && !th->rst && !th->syn) {
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_FLAGS);
		return;
	}
	if (!tcp_validate_incoming(sk, skb, th, true))
		return;
	ack = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT);
	if (ack < 0) {
		tcp_drop_reason(sk, skb, -ack);
		return;
	}
	tcp_ecn_accept_cwr(sk, skb);
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
	tcp_ack_snd_check(sk);
}
