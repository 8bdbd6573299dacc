/* SPDX-License-Identifier: MIT */
/*
 * TCP: sending. What may leave now (RFC 9293 3.8.6.2.1 with Nagle's rule,
 * RFC 5681 windows), the header, and pure ACKs.
 */
#include "net/ipv4/tcp_output.h"
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	memset(cb, 0, sizeof(*cb));
	INIT_LIST_HEAD(&cb->tx.tsorted_anchor);
	skb->ip_summed = CHECKSUM_PARTIAL;
	cb->tcp_flags = flags;
	cb->tcp_gso_segs = 1;
	cb->seq = seq;
	cb->end_seq = seq + !!(flags & (TCPHDR_SYN | TCPHDR_FIN));
}

struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, bool force_schedule)
{
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);

	if (!skb) {
		sk_alloc_failed(sk);
		return NULL;
	}
	/* A first segment is always allowed: the rest waits for it. */
	if (force_schedule) {
		sk_forced_mem_schedule(sk, skb->truesize);
	} else if (!sk_wmem_schedule(sk, skb->truesize)) {
		consume_skb(skb);
		return NULL;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	tcp_init_nondata_skb(skb, 0, 0);
	tcp_skb_pcount_set(skb, 0);
	return skb;
}

/* RFC 2861, RFC 5681 4.1: after idling the window is stale. */
void tcp_cwnd_restart(struct sock *sk, s32 delta)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 restart = TCP_INIT_CWND, cwnd = tp->snd_cwnd;

	tcp_ca_event(sk, CA_EVENT_CWND_RESTART);
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	restart = min(restart, cwnd);
	while ((delta -= (s32)inet_csk(sk)->icsk_rto) > 0 && cwnd > restart)
		cwnd >>= 1;
	tp->snd_cwnd = max(cwnd, restart);
	tp->snd_cwnd_stamp = tcp_jiffies32();
	tp->snd_cwnd_used = 0;
}

static inline void tcp_slow_start_after_idle_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s32 delta;

	if (!sock_net(sk)->ipv4->sysctl_tcp_slow_start_after_idle ||
	    tp->packets_out || inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	delta = (s32)(tcp_jiffies32() - tp->lsndtime);
	if (delta > (s32)inet_csk(sk)->icsk_rto)
		tcp_cwnd_restart(sk, delta);
}

/* Part of the window was never used: it is no measure of the path. */
static void tcp_cwnd_application_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 used;

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Open && sk->sk_socket &&
	    !(sk->sk_socket->flags & SOCK_NOSPACE)) {
		used = max_t(u32, tp->snd_cwnd_used, TCP_INIT_CWND);
		if (used < tp->snd_cwnd) {
			tp->snd_ssthresh = tcp_current_ssthresh(sk);
			tp->snd_cwnd = (tp->snd_cwnd + used) >> 1;
		}
		tp->snd_cwnd_used = 0;
	}
	tp->snd_cwnd_stamp = tcp_jiffies32();
}

/* RFC 7661's concern: note whether cwnd was what limited sending. */
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!before(tp->snd_una, tp->cwnd_usage_seq) || is_cwnd_limited ||
	    (!tp->is_cwnd_limited && tp->packets_out > tp->max_packets_out)) {
		tp->is_cwnd_limited = is_cwnd_limited;
		tp->max_packets_out = tp->packets_out;
		tp->cwnd_usage_seq = tp->snd_nxt;
	}
	if (tcp_is_cwnd_limited(sk)) {
		tp->snd_cwnd_used = 0;
		tp->snd_cwnd_stamp = tcp_jiffies32();
		return;
	}
	if (tp->packets_out > tp->snd_cwnd_used)
		tp->snd_cwnd_used = tp->packets_out;
	if (sock_net(sk)->ipv4->sysctl_tcp_slow_start_after_idle &&
	    (s32)(tcp_jiffies32() - tp->snd_cwnd_stamp) >=
		    (s32)inet_csk(sk)->icsk_rto &&
	    !inet_csk(sk)->icsk_ca_ops->cong_control)
		tcp_cwnd_application_limited(sk);
	if (tcp_write_queue_empty(sk) && sk->sk_socket &&
	    sk->sk_socket->flags & SOCK_NOSPACE &&
	    BIT(sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT))
		tcp_chrono_start(sk, TCP_CHRONO_SNDBUF_LIMITED);
}

/* New data enters the write queue; its charge was granted. */
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_slow_start_after_idle_check(sk);
	tp->write_seq = TCP_SKB_CB(skb)->end_seq;
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk_wmem_queued_add(sk, skb->truesize);
	sk_mem_charge(sk, skb->truesize);
	if (skb->next == skb->prev && tcp_rtx_queue_empty(sk))
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
}

/* An ACK left, with whatever segment. */
static inline void tcp_event_ack_sent(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_comp_ack_sent(sk);
	if (icsk->icsk_ack.quick && inet_csk_ack_scheduled(sk)) {
		if (icsk->icsk_ack.quick == 1)
			icsk->icsk_ack.ato = TCP_ATO_MIN;
		icsk->icsk_ack.quick--;
	}
	icsk->icsk_ack.pending = 0;
	icsk->icsk_ack.retry = 0;
	sk_stop_timer(sk, &icsk->icsk_delack_timer);
}

static inline void tcp_event_data_sent(struct tcp_sock *tp, struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 now = tcp_jiffies32();

	if (!tcp_packets_in_flight(tp))
		tcp_ca_event(sk, CA_EVENT_TX_START);
	tp->lsndtime = now;
	/* An answer to what just came: an exchange of requests. */
	if (now - icsk->icsk_ack.lrcvtime < icsk->icsk_ack.ato)
		inet_csk_enter_pingpong_mode(sk);
}

void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb)
{
	struct tcphdr *th = tcp_hdr(skb);

	/* The pseudo header; a device that has a wire does the rest. */
	th->check = ~csum_tcpudp_magic(inet_sk(sk)->inet_saddr, sk->sk_daddr,
				       skb->len, IPPROTO_TCP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb->transport_header;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

/* RFC 9293 3.8.5: SND.UP still ahead? */
static inline void tcp_write_urg(struct tcp_sock *tp,
				 const struct tcp_skb_cb *cb, struct tcphdr *th)
{
	if (likely(tp->snd_una == tp->snd_up) || !before(cb->seq, tp->snd_up))
		return;
	if (before(tp->snd_up, cb->seq + 0x10000)) {
		th->urg_ptr = htons(tp->snd_up - cb->seq);
		th->urg = 1;
	} else if (after(cb->seq + 0xffff, tp->snd_nxt)) {
		th->urg_ptr = htons(0xffff);
		th->urg = 1;
	}
}

static void tcp_build_header(struct sock *sk, struct sk_buff *skb,
			     const struct tcp_skb_cb *cb, u32 rcv_nxt)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts;
	unsigned int size;
	struct tcphdr *th;

	if (unlikely(cb->tcp_flags & TCPHDR_SYN))
		size = tcp_syn_options(sk, &opts);
	else
		size = tcp_established_options(sk, skb, &opts);
	size += sizeof(*th);
	skb_push(skb, size);
	skb_reset_transport_header(skb);
	th = tcp_hdr(skb);
	th->source = inet_sk(sk)->inet_sport;
	th->dest = sk->sk_dport;
	th->seq = htonl(cb->seq);
	th->ack_seq = htonl(rcv_nxt);
	((__be16 *)th)[6] = htons((size >> 2) << 12 | cb->tcp_flags);
	th->check = 0;
	th->urg_ptr = 0;
	tcp_write_urg(tp, cb, th);
	tcp_options_write(th, tp, &opts);
	if (unlikely(cb->tcp_flags & TCPHDR_SYN)) {
		th->window = htons((u16)min(tp->rcv_wnd, 65535U));
	} else {
		th->window = htons(tcp_select_window(sk));
		tcp_ecn_send(sk, skb, th, (int)size);
	}
	tcp_v4_send_check(sk, skb);
	if (cb->tcp_flags & TCPHDR_ACK)
		tcp_event_ack_sent(sk);
	if (skb->len != size) {
		tcp_event_data_sent(tp, sk);
		tp->data_segs_out += cb->tcp_gso_segs;
		tp->bytes_sent += skb->len - size;
	}
}

/* @skb, queued with us, left: note when, for RACK and the rate. */
static inline void tcp_update_skb_after_send(struct sock *sk,
					     struct sk_buff *skb)
{
	struct list_head *a = &TCP_SKB_CB(skb)->tx.tsorted_anchor;

	tcp_pacing_sent(sk, skb->len);
	tcp_rate_skb_sent(sk, skb);
	__list_del(a->prev, a->next);
	list_add_tail(a, &tcp_sk(sk)->tsorted_sent_queue);
}

/*
 * Send one segment, with the header that the socket's state asks for. With
 * @clone_it @skb stays in its queue; else it is consumed. 0 or -errno.
 */
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it,
		     u32 rcv_nxt)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *oskb = NULL;
	struct tcp_skb_cb cb;
	struct flowi4 fl4;
	int err;

	skb->tstamp = tp->tcp_mstamp;
	if (clone_it) {
		oskb = skb;
		/* An earlier copy is still below us, and has our head. */
		if (unlikely(skb_cloned(oskb)))
			skb = __pskb_copy(oskb, MAX_TCP_HEADER);
		else
			skb = skb_clone(oskb);
		if (unlikely(!skb))
			return fail(-ENOBUFS, "no memory");
	}
	cb = *TCP_SKB_CB(skb);
	tcp_build_header(sk, skb, &cb, rcv_nxt);
	skb_set_owner_w(skb, sk);
	if (after(cb.end_seq, tp->snd_nxt) || cb.seq == cb.end_seq)
		TCP_ADD_STATS(sock_net(sk), OutSegs, cb.tcp_gso_segs);
	tp->segs_out += cb.tcp_gso_segs;
	skb_shinfo(skb)->gso_segs = cb.tcp_gso_segs;
	skb_shinfo(skb)->gso_size = cb.tcp_gso_segs > 1 ? cb.tcp_gso_size : 0;
	skb->tstamp = 0;
	memset(skb->cb, 0, sizeof(skb->cb));
	memset(&fl4, 0, sizeof(fl4));
	err = ip_queue_xmit(sk, skb, &fl4);
	if (unlikely(err > 0)) {
		/* RFC 3168's idea for our own queues: they are full. */
		tcp_enter_cwr(sk);
		err = 0;
	}
	if (!err && oskb)
		tcp_update_skb_after_send(sk, oskb);
	return err;
}

/* @skb was sent for the first time: it waits for its ACK now. */
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior = tp->packets_out;

	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_unlink(skb, &sk->sk_write_queue);
	__skb_queue_tail(&tp->tcp_rtx_queue, skb);
	if (!tp->highest_sack && tp->sacked_out)
		tp->highest_sack = skb;
	tp->packets_out += tcp_skb_pcount(skb);
	if (!prior || icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);
	NET_ADD_STATS(sock_net(sk), TCPOrigDataSent, tcp_skb_pcount(skb));
}

/* Minshall's variant: only a small segment in flight holds another back. */
static inline bool tcp_minshall_check(const struct tcp_sock *tp)
{
	return after(tp->snd_sml, tp->snd_una) &&
	       !after(tp->snd_sml, tp->snd_nxt);
}

static inline bool tcp_nagle_check(bool partial, const struct tcp_sock *tp,
				   int nonagle)
{
	return partial &&
	       (nonagle & TCP_NAGLE_CORK ||
		(!nonagle && tp->packets_out && tcp_minshall_check(tp)));
}

/* RFC 9293 3.7.4. True: @skb may go. */
static inline bool tcp_nagle_test(const struct tcp_sock *tp,
				  const struct sk_buff *skb,
				  unsigned int cur_mss, int nonagle)
{
	if (nonagle & TCP_NAGLE_PUSH)
		return true;
	if (tp->snd_una != tp->snd_up ||
	    TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		return true;
	return !tcp_nagle_check(skb->len < cur_mss, tp, nonagle);
}

/* How much of a large skb windows and Nagle's rule let go. */
unsigned int tcp_mss_split_point(const struct sock *sk,
				 const struct sk_buff *skb,
				 unsigned int mss_now, unsigned int max_segs,
				 int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 window = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	u32 max_len = mss_now * max_segs, needed, partial;

	if (likely(max_len <= window && skb != tcp_write_queue_tail(sk)))
		return max_len;
	needed = min(skb->len, window);
	if (max_len <= needed)
		return max_len;
	partial = needed % mss_now;
	/* A rest that Nagle would hold back stays behind. */
	if (tcp_nagle_check(partial != 0, tp, nonagle))
		return needed - partial;
	return needed;
}

bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		      unsigned int cur_mss)
{
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;

	if (skb->len > cur_mss)
		end_seq = TCP_SKB_CB(skb)->seq + cur_mss;
	return !after(end_seq, tcp_wnd_end(tp));
}

static inline u32 tcp_cwnd_test(const struct tcp_sock *tp)
{
	u32 in_flight = tcp_packets_in_flight(tp), cwnd = tp->snd_cwnd;

	if (in_flight >= cwnd)
		return 0;
	/* LINUX: at most half at once, to keep ACKs coming. */
	return min(max(cwnd >> 1, 1U), cwnd - in_flight);
}

/* Cut @skb to what may go now. False: nothing may, or no memory. */
static inline bool tcp_cut_to_limit(struct sock *sk, struct sk_buff *skb,
				    unsigned int mss_now, u32 max_segs,
				    int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned int limit = mss_now;

	if (tcp_skb_pcount(skb) > 1 && tp->snd_una == tp->snd_up)
		limit = tcp_mss_split_point(sk, skb, mss_now, max_segs,
					    nonagle);
	if (skb->len <= limit)
		return true;
	return !tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, limit, mss_now);
}

/*
 * Send what may be sent. @push_one: 1 the head only, 2 the head whatever cwnd
 * says (a probe). Returns true when there is data, nothing is in flight and
 * nothing could be sent, though it was time: the window is closed.
 */
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle,
		    int push_one)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 max_segs, quota, sent = 0;
	bool rwnd_limited = false, paced = false;
	struct sk_buff *skb;
	int probe;

	tcp_mstamp_refresh(tp);
	if (!push_one) {
		probe = tcp_mtu_probe(sk);
		if (!probe)
			return false;
		sent = probe > 0;
	}
	max_segs = tcp_tso_segs(sk, mss_now);
	while ((skb = tcp_send_head(sk))) {
		paced = tcp_pacing_check(sk);
		if (paced)
			break;
		tcp_init_tso_segs(skb, mss_now);
		quota = tcp_cwnd_test(tp);
		if (!quota) {
			if (push_one != 2)
				break;
			quota = 1;
		}
		if (!tcp_snd_wnd_test(tp, skb, mss_now)) {
			rwnd_limited = true;
			break;
		}
		if (tcp_skb_pcount(skb) == 1 &&
		    !tcp_nagle_test(tp, skb, mss_now,
				    tcp_skb_is_last(sk, skb) ? nonagle
							     : TCP_NAGLE_PUSH))
			break;
		if (!tcp_cut_to_limit(sk, skb, mss_now, min(quota, max_segs),
				      nonagle))
			break;
		if (TCP_SKB_CB(skb)->end_seq == TCP_SKB_CB(skb)->seq)
			break;
		if (tcp_transmit_skb(sk, skb, true, tp->rcv_nxt))
			break;
		tcp_event_new_data_sent(sk, skb);
		if (skb->len < (u32)tcp_skb_pcount(skb) * mss_now)
			tp->snd_sml = TCP_SKB_CB(skb)->end_seq;
		sent += tcp_skb_pcount(skb);
		if (push_one)
			break;
	}
	if (rwnd_limited)
		tcp_chrono_start(sk, TCP_CHRONO_RWND_LIMITED);
	else
		tcp_chrono_stop(sk, TCP_CHRONO_RWND_LIMITED);
	if (sent || tcp_packets_in_flight(tp) >= tp->snd_cwnd)
		tcp_cwnd_validate(sk,
				  tcp_packets_in_flight(tp) >= tp->snd_cwnd);
	if (sent) {
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += sent;
		if (push_one != 2)
			tcp_schedule_loss_probe(sk, false);
		return false;
	}
	return !tp->packets_out && !tcp_write_queue_empty(sk) && !paced;
}

void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss,
			       int nonagle)
{
	if (unlikely(sk->sk_state == TCP_CLOSE))
		return;
	if (tcp_write_xmit(sk, cur_mss, nonagle, 0))
		tcp_check_probe_timer(sk);
}

void tcp_push_one(struct sock *sk, unsigned int mss_now)
{
	tcp_write_xmit(sk, mss_now, TCP_NAGLE_PUSH, 1);
}

/* The sequence number of a segment without data, inside the window. */
static inline u32 tcp_acceptable_seq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!before(tcp_wnd_end(tp), tp->snd_nxt) ||
	    (tp->rx_opt.wscale_ok &&
	     tp->snd_nxt - tcp_wnd_end(tp) < 1U << tp->rx_opt.rcv_wscale))
		return tp->snd_nxt;
	return tcp_wnd_end(tp);
}

void __tcp_send_ack(struct sock *sk, u32 rcv_nxt)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (sk->sk_state == TCP_CLOSE)
		return;
	skb = alloc_skb(MAX_TCP_HEADER);
	if (unlikely(!skb)) {
		/* Later, by the timer, farther apart each time. */
		unsigned long delay = TCP_DELACK_MAX << icsk->icsk_ack.retry;

		if (delay < tcp_rto_max(sk))
			icsk->icsk_ack.retry++;
		icsk->icsk_ack.ato = TCP_ATO_MIN;
		icsk->icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = jiffies + delay;
		sk_reset_timer(sk, &icsk->icsk_delack_timer,
			       icsk->icsk_ack.timeout);
		return;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	tcp_init_nondata_skb(skb, tcp_acceptable_seq(sk), TCPHDR_ACK);
	tcp_mstamp_refresh(tp);
	tcp_transmit_skb(sk, skb, false, rcv_nxt);
}

void tcp_send_ack(struct sock *sk)
{
	__tcp_send_ack(sk, tcp_sk(sk)->rcv_nxt);
}

/* LINUX: less than what a peer with the same bound would wait for the ACK. */
static u32 tcp_delack_max(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return min_t(u32, icsk->icsk_delack_max,
		     max(icsk->icsk_rto_min, 2U) - 1);
}

/* RFC 1122 4.2.3.2, RFC 9293 3.8.6.3: within half a second; here 40-200 ms. */
void tcp_send_delayed_ack(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 ato = icsk->icsk_ack.ato, max_ato, rtt;
	unsigned long timeout;

	if (ato > TCP_DELACK_MIN) {
		max_ato = HZ / 2;
		if (inet_csk_in_pingpong_mode(sk) ||
		    icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
			max_ato = TCP_DELACK_MAX;
		if (tcp_sk(sk)->srtt_us) {
			rtt = tcp_usecs_to_jiffies(tcp_sk(sk)->srtt_us >> 3);
			rtt = max_t(u32, rtt, TCP_DELACK_MIN);
			max_ato = min(max_ato, rtt);
		}
		ato = min(ato, max_ato);
	}
	ato = min(ato, tcp_delack_max(sk));
	timeout = jiffies + ato;
	if (icsk->icsk_ack.pending & ICSK_ACK_TIMER) {
		/* It is about to run anyway. */
		if (time_before_eq(icsk->icsk_ack.timeout,
				   jiffies + (ato >> 2))) {
			tcp_send_ack(sk);
			return;
		}
		if (!time_before(timeout, icsk->icsk_ack.timeout))
			timeout = icsk->icsk_ack.timeout;
	}
	icsk->icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
	icsk->icsk_ack.timeout = timeout;
	sk_reset_timer_lazy(sk, &icsk->icsk_delack_timer, timeout);
}
