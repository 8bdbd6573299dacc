/* SPDX-License-Identifier: MIT */
/*
 * TCP: connections before and after they are sockets: requests of a SYN queue
 * becoming children, and TIME-WAIT stand-ins. RFC 9293 3.5 and 3.6, RFC 7323
 * (stamps in both), RFC 1337 (RST in TIME-WAIT), RFC 6191 (its early end).
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"

/* RFC 9293 3.4, acceptability, with the window [s_win, e_win). */
static bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

static enum tcp_tw_status tcp_tw_oow(struct inet_timewait_sock *tw,
				     const struct sk_buff *skb, int mib)
{
	return tcp_oow_rate_limited(tw->h.sk_net, skb, mib,
				    &tw->tw_last_oow_ack_time)
		       ? TCP_TW_SUCCESS
		       : TCP_TW_ACK;
}

/* FIN-WAIT-2 without a socket: only the peer's FIN is of interest. */
static enum tcp_tw_status tcp_tw_fin_wait2(struct inet_timewait_sock *tw,
					   struct sk_buff *skb,
					   const struct tcphdr *th,
					   const struct tcp_options_received *o,
					   bool paws_reject)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;

	if (paws_reject || !tcp_in_window(seq, end_seq, tw->tw_rcv_nxt,
					  tw->tw_rcv_nxt + tw->tw_rcv_wnd))
		return tcp_tw_oow(tw, skb, LINUX_MIB_TCPACKSkippedFinWait2);
	if (th->rst) {
		inet_twsk_deschedule_put(tw);
		return TCP_TW_SUCCESS;
	}
	if (th->syn && !before(seq, tw->tw_rcv_nxt))
		return TCP_TW_RST;
	/* An old ACK, or data again that was received. */
	if (!th->ack || !after(end_seq, tw->tw_rcv_nxt) || end_seq == seq)
		return TCP_TW_SUCCESS;
	/* New data, and nobody to read it. */
	if (!th->fin || end_seq != tw->tw_rcv_nxt + 1)
		return TCP_TW_RST;
	tw->tw_substate = TCP_TIME_WAIT;
	tw->tw_entry_stamp = tcp_clock_us();
	tw->tw_rcv_nxt = end_seq;
	if (o->saw_tstamp) {
		tw->tw_ts_recent_stamp = tcp_seconds();
		tw->tw_ts_recent = o->rcv_tsval;
	}
	inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
	return TCP_TW_ACK;
}

/*
 * A segment for a stand-in. TCP_TW_SYN: a new connection may begin, at *ret_isn.
 * After TCP_TW_SUCCESS the stand-in may be gone.
 */
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw,
					      struct sk_buff *skb,
					      const struct tcphdr *th,
					      u32 *ret_isn)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct net *net = tw->h.sk_net;
	struct tcp_options_received o;
	bool paws_reject = false;

	memset(&o, 0, sizeof(o));
	if (th->doff > sizeof(*th) / 4 && tw->tw_ts_recent_stamp) {
		tcp_parse_options(net, skb, &o, false);
		if (o.saw_tstamp) {
			if (o.rcv_tsecr)
				o.rcv_tsecr -= tw->tw_ts_offset;
			o.ts_recent = tw->tw_ts_recent;
			o.ts_recent_stamp = tw->tw_ts_recent_stamp;
			paws_reject = tcp_paws_reject(&o, th->rst);
		}
	}
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return tcp_tw_fin_wait2(tw, skb, th, &o, paws_reject);

	if (!paws_reject && seq == tw->tw_rcv_nxt &&
	    (seq == end_seq || th->rst)) {
		if (th->rst) {
			/* RFC 1337: it should be ignored; LINUX: by choice. */
			if (!net->ipv4->sysctl_tcp_rfc1337)
				inet_twsk_deschedule_put(tw);
			return TCP_TW_SUCCESS;
		}
		inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
		if (o.saw_tstamp) {
			tw->tw_ts_recent = o.rcv_tsval;
			tw->tw_ts_recent_stamp = tcp_seconds();
		}
		return TCP_TW_SUCCESS;
	}
	/* RFC 9293 3.6.1, RFC 6191: a SYN that cannot be an old one. */
	if (th->syn && !th->rst && !th->ack && !paws_reject &&
	    (after(seq, tw->tw_rcv_nxt) ||
	     (o.saw_tstamp && (s32)(o.ts_recent - o.rcv_tsval) < 0))) {
		*ret_isn = tw->tw_snd_nxt + 65535 + 2;
		if (!*ret_isn)
			*ret_isn = 1;
		return TCP_TW_SYN;
	}
	if (paws_reject)
		NET_INC_STATS(net, PAWSTimewait);
	if (th->rst)
		return TCP_TW_SUCCESS;
	/* RFC 9293 3.10.7.4: the FIN again: our ACK was lost. */
	if (paws_reject || th->ack)
		inet_twsk_schedule(tw, TCP_TIMEWAIT_LEN);
	return tcp_tw_oow(tw, skb, LINUX_MIB_TCPACKSkippedTimeWait);
}

/* @sk gives way to a stand-in, and is done. @timeo: jiffies, at least. */
void tcp_time_wait(struct sock *sk, int state, int timeo)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct inet_timewait_sock *tw = inet_twsk_alloc(sk, state);
	/* 3.5 RTO: long enough for a FIN that comes again. */
	int rto = (int)((icsk->icsk_rto << 2) - (icsk->icsk_rto >> 1));

	if (tw) {
		tw->tw_rcv_wscale = tp->rx_opt.rcv_wscale;
		tw->tw_tstamp_ok = tp->rx_opt.tstamp_ok;
		tw->tw_rcv_nxt = tp->rcv_nxt;
		tw->tw_snd_nxt = tp->snd_nxt;
		tw->tw_rcv_wnd = tcp_receive_window(tp);
		tw->tw_ts_recent = tp->rx_opt.ts_recent;
		tw->tw_ts_recent_stamp = tp->rx_opt.ts_recent_stamp;
		tw->tw_ts_offset = tp->tsoffset;
		tw->tw_entry_stamp = tcp_clock_us();
		if (timeo < rto)
			timeo = rto;
		if (state == TCP_TIME_WAIT)
			timeo = TCP_TIMEWAIT_LEN;
		inet_twsk_schedule(tw, timeo);
		inet_twsk_hashdance(tw, sk);
	} else {
		/* Too many: the connection just ends, as if it had waited. */
		NET_INC_STATS(sock_net(sk), TCPTimeWaitOverflow);
	}
	tcp_update_metrics(sk);
	tcp_done(sk);
}

void tcp_ca_openreq_child(struct sock *sk, const struct dst_entry *dst)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	(void)dst;
	/* The listener's choice, made by TCP_CONGESTION or the default. */
	if (!icsk->icsk_ca_setsockopt)
		tcp_assign_congestion_control(sk);
	icsk->icsk_ca_initialized = false;
	tcp_set_ca_state(sk, TCP_CA_Open);
}

/* Numbers, queues and clocks of a child that its listener's copy has not. */
static void tcp_child_init(struct tcp_sock *tp, const struct request_sock *req)
{
	struct sock *sk = (struct sock *)tp;
	u32 isn = req->snt_isn;

	skb_queue_head_init(&tp->tcp_rtx_queue);
	skb_queue_head_init(&tp->out_of_order_queue);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	tp->ooo_tree.node = NULL;
	tp->ooo_last_skb = NULL;
	tp->highest_sack = NULL;
	tp->retransmit_skb_hint = NULL;
	tp->pred_flags = 0;
	tp->rcv_nxt = tp->rcv_wup = tp->copied_seq = req->rcv_isn + 1;
	tp->snd_una = tp->snd_nxt = tp->snd_sml = tp->snd_up = isn + 1;
	tp->write_seq = tp->pushed_seq = isn + 1;
	tcp_init_wl(tp, req->rcv_isn);
	tp->segs_in = tp->segs_out = 0;
	tp->data_segs_in = tp->data_segs_out = 0;
	tp->bytes_acked = tp->bytes_received = 0;
	tp->bytes_sent = tp->bytes_retrans = 0;
	tcp_rtt_init(tp);
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	tp->lsndtime = inet_csk(sk)->icsk_ack.lrcvtime = tcp_jiffies32();
	tp->packets_out = 0;
	tcp_clear_retrans(tp);
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->snd_cwnd_cnt = 0;
	tp->delivered = tp->delivered_ce = tp->lost = 0;
	tp->app_limited = ~0U;
	tp->rack = (struct tcp_rack){ .reo_wnd_steps = 1 };
	tp->tsq_flags = 0;
	tp->pacing = NULL;
	tp->comp_ack = NULL;
	tp->urg_data = 0;
	tp->fastopen_connect = false;
	tp->fastopen_req = NULL;
	tp->fastopen_rsk = NULL;
	tp->syn_fastopen = tp->syn_fastopen_exp = false;
	tp->syn_data = tp->syn_data_acked = false;
	tp->fastopen_client_fail = 0;
	tp->last_oow_ack_time = 0;
	tp->retrans_stamp = 0;
	tp->total_retrans = 0;
	tp->scaling_ratio = TCP_DEFAULT_SCALING_RATIO;
	tp->rcv_rtt_est.rtt_us = 0;
	tp->rcv_rtt_last_tsecr = 0;
	tp->chrono_type = TCP_CHRONO_UNSPEC;
}

/* What the SYN settled. */
static void tcp_child_options(struct tcp_sock *tp,
			      const struct request_sock *req)
{
	tp->rx_opt.tstamp_ok = req->tstamp_ok;
	tp->rx_opt.sack_ok = req->sack_ok;
	tp->rx_opt.num_sacks = 0;
	tp->rx_opt.dsack = false;
	tp->window_clamp = req->rsk_window_clamp;
	tp->rcv_ssthresh = tp->rcv_wnd = req->rsk_rcv_wnd;
	tp->rx_opt.wscale_ok = req->wscale_ok;
	if (req->wscale_ok) {
		tp->rx_opt.snd_wscale = req->snd_wscale;
		tp->rx_opt.rcv_wscale = req->rcv_wscale;
	} else {
		tp->rx_opt.snd_wscale = tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535U);
	}
	tp->tcp_header_len = sizeof(struct tcphdr);
	tp->rx_opt.ts_recent_stamp = 0;
	if (req->tstamp_ok) {
		tp->rx_opt.ts_recent = req->ts_recent;
		tp->rx_opt.ts_recent_stamp = tcp_seconds();
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	}
	tp->tsoffset = req->ts_off;
	tp->rx_opt.mss_clamp = req->mss;
	tp->ecn_flags = req->ecn_ok ? TCP_ECN_OK : 0;
}

struct sock *tcp_create_openreq_child(const struct sock *sk,
				      struct request_sock *req,
				      struct sk_buff *skb)
{
	struct sock *newsk = inet_csk_clone_lock(sk, req);
	struct tcp_sock *tp;

	if (!newsk)
		return NULL;
	tp = tcp_sk(newsk);
	tcp_child_init(tp, req);
	tcp_child_options(tp, req);
	tcp_init_xmit_timers(newsk);
	tp->saved_syn = req->saved_syn;
	req->saved_syn = NULL;
	if (sock_flag(newsk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(newsk, keepalive_time_when(tp));
	tp->snd_wnd = ntohs(tcp_hdr(skb)->window) << tp->rx_opt.snd_wscale;
	tp->max_window = tp->snd_wnd;
	if (req->num_timeout) {
		/* RFC 5681 3.1: the SYN-ACK was lost: see
		 * tcp_init_transfer().
		 */
		tp->total_retrans = req->num_timeout;
		tp->undo_marker = req->snt_isn;
		tp->retrans_stamp = (u32)(req->snt_synack / 1000);
	}
	sock_net(newsk)->ipv4->tcp_sockets_allocated++;
	TCP_INC_STATS(sock_net(sk), PassiveOpens);
	return newsk;
}

/* The third segment, acceptable: make the connection. NULL: not now. */
static struct sock *tcp_req_complete(struct sock *sk, struct sk_buff *skb,
				     struct request_sock *req)
{
	struct sock *child = tcp_v4_syn_recv_sock(sk, skb, req);

	if (!child) {
		/* LINUX: no room: keep the request, answer SYN-ACK again. */
		if (!sock_net(sk)->ipv4->sysctl_tcp_abort_on_overflow) {
			req->acked = true;
			return NULL;
		}
		tcp_v4_send_reset(sk, skb);
		inet_csk_reqsk_queue_drop(sk, req);
		NET_INC_STATS(sock_net(sk), EmbryonicRsts);
		return NULL;
	}
	tcp_mstamp_refresh(tcp_sk(child));
	tcp_synack_rtt_meas(child, req);
	reqsk_unlink(req);
	reqsk_free(req);
	return inet_csk_reqsk_queue_add(sk, child);
}

/* The SYN again: so is the answer. */
static void tcp_req_syn_again(struct sock *sk, struct sk_buff *skb,
			      struct request_sock *req, bool fastopen)
{
	if (tcp_oow_rate_limited(sock_net(sk), skb,
				 LINUX_MIB_TCPACKSkippedSynRecv,
				 &req->last_oow_ack_time) ||
	    tcp_rtx_synack(sk, req))
		return;
	if (!fastopen)
		mod_timer(&req->rsk_timer,
			  jiffies + min_t(unsigned long,
					  req->timeout << req->num_timeout,
					  tcp_rto_max(sk)));
}

/* RFC 5961 3.2: a RST in the window, but not at its start. */
static void tcp_req_challenge(struct sock *sk, struct sk_buff *skb,
			      struct request_sock *req)
{
	struct net *net = sock_net(sk);

	if (tcp_oow_rate_limited(net, skb, LINUX_MIB_TCPACKSkippedChallenge,
				 &req->last_oow_ack_time))
		return;
	tcp_v4_reqsk_send_ack(sk, skb, req);
	NET_INC_STATS(net, TCPChallengeACK);
}

/* RST, or a SYN in the window. */
static void tcp_req_abort(struct sock *sk, struct sk_buff *skb,
			  struct request_sock *req, bool fastopen)
{
	struct net *net = sock_net(sk);
	bool rst = tcp_hdr(skb)->rst;

	TCP_INC_STATS(net, AttemptFails);
	if (!rst)
		tcp_v4_send_reset(sk, skb);
	if (!fastopen) {
		inet_csk_reqsk_queue_drop(sk, req);
		NET_INC_STATS(net, EmbryonicRsts);
	} else if (rst) {
		/* LINUX: a bad SYN alone does not end a connection. */
		reqsk_fastopen_remove(sk, true);
		tcp_reset(sk, skb);
	}
}

/*
 * A segment for a request of @sk. The child, when it completes the handshake;
 * @sk itself: let the listener answer (with a RST); NULL: dealt with. With
 * @fastopen @sk is the child already: itself, when the segment is acceptable.
 */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req, bool fastopen)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct net *net = sock_net(sk);
	struct tcp_options_received o;
	bool paws_reject = false, tsecr_reject = false, syn = th->syn;

	memset(&o, 0, sizeof(o));
	if (th->doff > sizeof(*th) / 4) {
		tcp_parse_options(net, skb, &o, false);
		if (o.saw_tstamp && req->tstamp_ok) {
			o.ts_recent = req->ts_recent;
			/* RFC 7323 3.2: one of a SYN-ACK of ours. */
			tsecr_reject = o.rcv_tsecr && !fastopen &&
				       !between(o.rcv_tsecr,
						req->snt_tsval_first,
						req->snt_tsval_last);
			if (o.rcv_tsecr)
				o.rcv_tsecr -= req->ts_off;
			o.ts_recent_stamp =
				tcp_seconds() - (u32)(req->timeout / HZ);
			paws_reject = tcp_paws_reject(&o, th->rst);
		}
	}
	if (seq == req->rcv_isn && syn && !th->rst && !th->ack &&
	    !paws_reject) {
		tcp_req_syn_again(sk, skb, req, fastopen);
		return NULL;
	}
	/* RFC 9293 3.10.7.4 fifth, SYN-RECEIVED: not our ISN: RST. */
	if (th->ack && !fastopen && TCP_SKB_CB(skb)->ack_seq != req->snt_isn + 1)
		return sk;
	if (paws_reject || tsecr_reject ||
	    !tcp_in_window(seq, end_seq, req->rcv_nxt,
			   req->rcv_nxt + req->rsk_rcv_wnd)) {
		if (!th->rst &&
		    !tcp_oow_rate_limited(net, skb,
					  LINUX_MIB_TCPACKSkippedSynRecv,
					  &req->last_oow_ack_time))
			tcp_v4_reqsk_send_ack(sk, skb, req);
		if (paws_reject)
			NET_INC_STATS(net, PAWSEstab);
		else if (tsecr_reject)
			NET_INC_STATS(net, TSEcrRejected);
		return NULL;
	}
	if (o.saw_tstamp && !after(seq, req->rcv_nxt))
		req->ts_recent = o.rcv_tsval;
	if (seq == req->rcv_isn) /* it begins before the window */
		syn = false;
	if (th->rst && seq != req->rcv_nxt) {
		tcp_req_challenge(sk, skb, req);
		return NULL;
	}
	if (th->rst || syn) {
		tcp_req_abort(sk, skb, req, fastopen);
		return NULL;
	}
	if (!th->ack)
		return NULL;
	if (fastopen)
		return sk;
	/* TCP_DEFER_ACCEPT: a bare ACK makes no connection yet. */
	if (req->num_timeout <
		    inet_csk(sk)->icsk_accept_queue.rskq_defer_accept &&
	    end_seq == req->rcv_isn + 1) {
		req->acked = true;
		NET_INC_STATS(net, TCPDeferAcceptDrop);
		return NULL;
	}
	return tcp_req_complete(sk, skb, req);
}

/* Non-zero: a RST is due for @skb, which then stays the caller's. */
int tcp_child_process(struct sock *parent, struct sock *child,
		      struct sk_buff *skb)
{
	int state = child->sk_state, reason;

	sock_hold(child);
	tcp_sk(child)->segs_in += max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	reason = tcp_rcv_state_process(child, skb);
	if (state == TCP_SYN_RECV && child->sk_state != state)
		parent->sk_data_ready(parent);
	sock_put(child);
	return reason;
}
