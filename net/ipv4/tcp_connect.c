/* SPDX-License-Identifier: MIT */
/*
 * TCP: segments that are not data: SYN, SYN-ACK, FIN, RST, probes.
 * RFC 9293 3.5, 3.6, 3.8.4 (keep-alive), 3.8.6.1 (zero-window probes).
 */
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

static u16 tcp_mss_clamp(const struct tcp_sock *tp, u16 mss)
{
	u16 user = tp->rx_opt.user_mss;

	return user && user < mss ? user : mss;
}

/* State of the connection before its SYN. */
static void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);

	tp->tcp_header_len = sizeof(struct tcphdr);
	if (ipv4->sysctl_tcp_timestamps)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	tp->max_window = 0;
	tcp_sync_mss(sk, dst_mtu(dst));
	tp->advmss = tcp_mss_clamp(tp, dst->ops->default_advmss(dst));
	tcp_initialize_rcv_mss(sk);
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    (tp->window_clamp > (u32)tcp_full_space(sk) || !tp->window_clamp))
		tp->window_clamp = tcp_full_space(sk);
	tcp_select_initial_window(sk, tcp_full_space(sk), tp->advmss,
				  &tp->rcv_wnd, &tp->window_clamp,
				  ipv4->sysctl_tcp_window_scaling,
				  &tp->rx_opt.rcv_wscale);
	tp->rcv_ssthresh = tp->rcv_wnd;
	sk->sk_err = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->snd_wnd = 0;
	tcp_init_wl(tp, 0);
	tcp_write_queue_purge(sk);
	tp->snd_una = tp->snd_sml = tp->snd_up = tp->write_seq;
	tp->snd_nxt = tp->pushed_seq = tp->write_seq;
	tp->rcv_nxt = tp->rcv_wup = tp->copied_seq = 0;
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	inet_csk(sk)->icsk_retransmits = 0;
	tcp_clear_retrans(tp);
	tp->syn_fastopen = tp->syn_fastopen_exp = false;
	tp->syn_data = tp->syn_data_acked = false;
	tp->fastopen_client_fail = 0;
}

/* A SYN or FIN enters the queue of what is in flight. */
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_skb_pcount_set(skb, 1);
	sk_wmem_queued_add(sk, skb->truesize);
	sk_mem_charge(sk, skb->truesize);
	tp->write_seq = TCP_SKB_CB(skb)->end_seq;
	tp->packets_out++;
	__skb_queue_tail(&tp->tcp_rtx_queue, skb);
}

/* The SYN of an active open; the route is known. 0 or -errno. */
int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	int err;

	tcp_connect_init(sk);
	skb = tcp_stream_alloc_skb(sk, true);
	if (unlikely(!skb))
		return fail(-ENOBUFS, "no memory for the SYN");
	tcp_init_nondata_skb(skb, tp->write_seq, TCPHDR_SYN);
	tcp_mstamp_refresh(tp);
	tp->retrans_stamp = tcp_time_stamp_ts(tp);
	tcp_connect_queue_skb(sk, skb);
	tcp_ecn_send_syn(sk, skb);
	TCP_INC_STATS(sock_net(sk), ActiveOpens);
	err = tp->fastopen_req ? tcp_send_syn_data(sk, skb)
			       : tcp_transmit_skb(sk, skb, true, 0);
	if (err == -ECONNREFUSED)
		return err;
	/* What was meant for the SYN may wait in the queue instead. */
	skb = tcp_send_head(sk);
	tp->snd_nxt = skb ? TCP_SKB_CB(skb)->seq : tp->write_seq;
	tp->pushed_seq = tp->snd_nxt;
	/* Also when it could not leave: it will be tried again. */
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto);
	return 0;
}

/* SYN-RECEIVED of a simultaneous open: our SYN again, now with an ACK. */
int tcp_send_synack(struct sock *sk)
{
	struct sk_buff *skb = tcp_rtx_queue_head(sk);

	if (!skb || !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		return fail(-EFAULT, "no SYN to send again");
	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_ACK)) {
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ACK;
		TCP_SKB_CB(skb)->tcp_flags &= ~(TCPHDR_ECE | TCPHDR_CWR);
		if (tcp_sk(sk)->ecn_flags & TCP_ECN_OK)
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE;
	}
	return tcp_transmit_skb(sk, skb, true, tcp_sk(sk)->rcv_nxt);
}

/* The SYN-ACK for a request. Takes over the reference to @dst. */
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req,
				const struct tcp_fastopen_cookie *foc)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);
	struct tcp_out_options opts;
	u64 now = tcp_clock_us();
	struct tcphdr *th;
	unsigned int size;

	if (unlikely(!skb)) {
		dst_release(dst);
		return NULL;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	skb_dst_set(skb, dst);
	size = tcp_synack_options(
		sk, req, tcp_mss_clamp(tp, dst->ops->default_advmss(dst)), foc,
		&opts);
	if (req->syncookie && opts.ts)
		opts.tsval = cookie_init_timestamp(req, now);
	else
		opts.tsval = (u32)(now / 1000) + req->ts_off;
	if (!req->snt_tsval_first)
		req->snt_tsval_first = opts.tsval;
	req->snt_tsval_last = opts.tsval;
	if (!req->snt_synack)
		req->snt_synack = now;
	size += sizeof(*th);
	skb_push(skb, size);
	skb_reset_transport_header(skb);
	th = tcp_hdr(skb);
	memset(th, 0, sizeof(*th));
	th->syn = 1;
	th->ack = 1;
	th->ece = req->ecn_ok;
	th->source = htons(req->h.sk_num);
	th->dest = req->h.sk_dport;
	th->seq = htonl(req->snt_isn);
	th->ack_seq = htonl(req->rcv_nxt);
	th->window = htons((u16)min(req->rsk_rcv_wnd, 65535U));
	th->doff = size >> 2;
	tcp_options_write(th, NULL, &opts);
	th->check = ~csum_tcpudp_magic(req->h.sk_rcv_saddr, req->h.sk_daddr,
				       skb->len, IPPROTO_TCP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb->transport_header;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb->mark = req->ir_mark;
	TCP_INC_STATS(sock_net(sk), OutSegs);
	return skb;
}

int tcp_rtx_synack(const struct sock *sk, struct request_sock *req)
{
	struct net *net = sock_net(sk);
	int err = tcp_v4_send_synack(sk, NULL, req, NULL);

	if (err)
		return err;
	trace_event(TRACE_RETRANSMIT, sk->sk_id, req->snt_isn, 0, 0,
		    "SYN-ACK not answered");
	TCP_INC_STATS(net, RetransSegs);
	NET_INC_STATS(net, TCPSynRetrans);
	if (req->num_retrans < 255)
		req->num_retrans++;
	return 0;
}

/* Our FIN: on the last segment that waits, or one of its own. */
void tcp_send_fin(struct sock *sk)
{
	struct sk_buff *tskb = tcp_write_queue_tail(sk), *skb;
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tskb && tcp_under_memory_pressure(sk))
		tskb = tcp_rtx_queue_tail(sk);
	if (tskb) {
coalesce:
		TCP_SKB_CB(tskb)->tcp_flags |= TCPHDR_FIN;
		TCP_SKB_CB(tskb)->end_seq++;
		tp->write_seq++;
		if (!tcp_write_queue_tail(sk)) {
			/* It was sent already: resending it brings the FIN. */
			tp->snd_nxt++;
			return;
		}
	} else {
		skb = tcp_stream_alloc_skb(sk, true);
		if (unlikely(!skb)) {
			tskb = tcp_rtx_queue_tail(sk);
			if (tskb)
				goto coalesce;
			/*
			 * LINUX: forgets it, and may wait for ever. Its number
			 * is taken, and tcp_probe_timer() tries again.
			 */
			tp->write_seq++;
			tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0,
					     TCP_RESOURCE_PROBE_INTERVAL);
			return;
		}
		tcp_init_nondata_skb(skb, tp->write_seq,
				     TCPHDR_ACK | TCPHDR_FIN);
		tcp_queue_skb(sk, skb);
	}
	__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
}

/* RFC 9293 3.10.5: ABORT. */
void tcp_send_active_reset(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = tp->snd_nxt;

	TCP_INC_STATS(net, OutRsts);
	if (!skb) {
		NET_INC_STATS(net, TCPAbortFailed);
		return;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	/* Inside the peer's window, or it would be ignored. */
	if (before(tcp_wnd_end(tp), seq) &&
	    !(tp->rx_opt.wscale_ok &&
	      seq - tcp_wnd_end(tp) < 1U << tp->rx_opt.rcv_wscale))
		seq = tcp_wnd_end(tp);
	tcp_init_nondata_skb(skb, seq, TCPHDR_ACK | TCPHDR_RST);
	tcp_mstamp_refresh(tp);
	if (tcp_transmit_skb(sk, skb, false, tp->rcv_nxt))
		NET_INC_STATS(net, TCPAbortFailed);
}

/*
 * A segment without data whose number is just below the window (so that it
 * must be answered); with @urgent at snd_una, to carry the urgent pointer.
 */
static int tcp_xmit_probe_skb(struct sock *sk, bool urgent, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = alloc_skb(MAX_TCP_HEADER);

	if (!skb)
		return -1;
	skb_reserve(skb, MAX_TCP_HEADER);
	tcp_init_nondata_skb(skb, tp->snd_una - !urgent, TCPHDR_ACK);
	sock_net(sk)->mib.netstat[mib]++;
	tcp_mstamp_refresh(tp);
	return tcp_transmit_skb(sk, skb, false, tp->rcv_nxt);
}

/* Make the peer talk: with data if its window takes some. */
int tcp_write_wakeup(struct sock *sk, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_head(sk);
	u32 mss, seg_size;
	int err;

	if (sk->sk_state == TCP_CLOSE)
		return -1;
	if (!skb || !before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp))) {
		if (between(tp->snd_up, tp->snd_una + 1, tp->snd_una + 0xffff))
			tcp_xmit_probe_skb(sk, true, mib);
		return tcp_xmit_probe_skb(sk, false, mib);
	}
	mss = tcp_current_mss(sk);
	seg_size = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	if (before(tp->pushed_seq, TCP_SKB_CB(skb)->end_seq))
		tp->pushed_seq = TCP_SKB_CB(skb)->end_seq;
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	if (seg_size < skb->len || skb->len > mss) {
		seg_size = min(seg_size, mss);
		if (tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, seg_size,
				 mss))
			return -1;
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	} else if (!tcp_skb_pcount(skb)) {
		tcp_set_skb_tso_segs(skb, mss);
	}
	tcp_mstamp_refresh(tp);
	err = tcp_transmit_skb(sk, skb, true, tp->rcv_nxt);
	if (!err)
		tcp_event_new_data_sent(sk, skb);
	return err;
}

/* RFC 9293 3.8.6.1: the window is closed; ask, less and less often. */
void tcp_send_probe0(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long timeout;
	int err;

	err = tcp_write_wakeup(sk, LINUX_MIB_TCPWinProbe);
	if (tp->packets_out || tcp_write_queue_empty(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	if (icsk->icsk_probes_out < 255)
		icsk->icsk_probes_out++;
	if (err <= 0) {
		if (icsk->icsk_backoff <
		    sock_net(sk)->ipv4->sysctl_tcp_retries2)
			icsk->icsk_backoff++;
		timeout = tcp_probe0_when(sk);
	} else {
		timeout = TCP_RESOURCE_PROBE_INTERVAL;
	}
	timeout = tcp_clamp_probe0_to_user_timeout(sk, timeout);
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, timeout);
}
