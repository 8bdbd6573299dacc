/* SPDX-License-Identifier: MIT */
/*
 * TCP: ending a connection from our side: close, shutdown, disconnect, abort.
 * RFC 9293 3.6, 3.10.4 (CLOSE), 3.10.5 (ABORT).
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"

/* CLOSE call: the next state, and whether a FIN is to be sent. */
static const u8 new_state[TCP_MAX_STATES] = {
	[0] = TCP_CLOSE,
	[TCP_ESTABLISHED] = TCP_FIN_WAIT1 | 0x80,
	[TCP_SYN_SENT] = TCP_CLOSE,
	[TCP_SYN_RECV] = TCP_FIN_WAIT1 | 0x80,
	[TCP_FIN_WAIT1] = TCP_FIN_WAIT1,
	[TCP_FIN_WAIT2] = TCP_FIN_WAIT2,
	[TCP_TIME_WAIT] = TCP_CLOSE,
	[TCP_CLOSE] = TCP_CLOSE,
	[TCP_CLOSE_WAIT] = TCP_LAST_ACK | 0x80,
	[TCP_LAST_ACK] = TCP_LAST_ACK,
	[TCP_LISTEN] = TCP_CLOSE,
	[TCP_CLOSING] = TCP_CLOSING,
	[TCP_NEW_SYN_RECV] = TCP_CLOSE,
};

static bool tcp_close_state(struct sock *sk)
{
	u8 next = new_state[sk->sk_state];

	tcp_set_state(sk, next & TCP_STATE_MASK);
	return next & 0x80;
}

void tcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;
	if (BIT(sk->sk_state) &
	    (TCPF_ESTABLISHED | TCPF_SYN_SENT | TCPF_CLOSE_WAIT))
		if (tcp_close_state(sk))
			tcp_send_fin(sk);
}

/* Empty the receive queue. Was there anything the program has not read? */
static bool tcp_flush_unread(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool unread = false;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		u32 end = TCP_SKB_CB(skb)->end_seq;

		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			end--;
		if (after(end, tp->copied_seq)) {
			unread = true;
			kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_CLOSE);
		} else {
			consume_skb(skb);
		}
	}
	return unread;
}

/* What close() says to the peer. True: to linger until it has answered. */
static void tcp_close_tell_peer(struct sock *sk, long timeout)
{
	bool unread = tcp_flush_unread(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (unread) {
		/* RFC 2525 2.17, RFC 1122 4.2.2.13: data was lost: RST. */
		NET_INC_STATS(sock_net(sk), TCPAbortOnClose);
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		/* SO_LINGER with no time: ABORT, RFC 9293 3.10.5. */
		NET_INC_STATS(sock_net(sk), TCPAbortOnData);
		sk->sk_prot->disconnect(sk, 0);
	} else if (tcp_close_state(sk)) {
		tcp_send_fin(sk);
	}
	sk_stream_wait_close(sk, timeout);
}

/* Nobody has the socket any more: how long may it go on closing alone? */
static void tcp_close_orphan(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (sk->sk_state == TCP_FIN_WAIT2) {
		if (tcp_sk(sk)->linger2 < 0) {
			tcp_set_state(sk, TCP_CLOSE);
			tcp_send_active_reset(sk);
			NET_INC_STATS(net, TCPAbortOnLinger);
		} else {
			long tmo = tcp_fin_time(sk);

			if (tmo <= (long)TCP_TIMEWAIT_LEN) {
				tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
				return;
			}
			inet_csk_reset_keepalive_timer(sk,
						       tmo - TCP_TIMEWAIT_LEN);
		}
	}
	if (sk->sk_state != TCP_CLOSE && tcp_check_oom(sk, 0)) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk);
		NET_INC_STATS(net, TCPAbortOnMemory);
	}
	if (sk->sk_state == TCP_CLOSE)
		inet_csk_destroy_sock(sk);
}

/* Entered with the socket locked, left with it unlocked. */
void __tcp_close(struct sock *sk, long timeout)
{
	int state;

	sk->sk_shutdown = SHUTDOWN_MASK;
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	} else {
		tcp_close_tell_peer(sk, timeout);
	}
	state = sk->sk_state;
	sock_orphan(sk);
	local_bh_disable();
	sock_net(sk)->ipv4->tcp_orphan_count++;
	/* What came meanwhile; it may end, and destroy, the socket. */
	release_sock(sk);
	if (state == TCP_CLOSE || sk->sk_state != TCP_CLOSE)
		tcp_close_orphan(sk);
	local_bh_enable();
}

void tcp_close(struct sock *sk, long timeout)
{
	/* The end of the connection drops the reference it was born with. */
	sock_hold(sk);
	lock_sock(sk);
	__tcp_close(sk, timeout);
	sock_put(sk);
}

static bool tcp_need_reset(int state)
{
	return BIT(state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT |
			     TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_SYN_RECV);
}

/* Forget the connection; the socket may connect or listen anew. */
static void tcp_clear_connection(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	sk->sk_dport = 0;
	sk->sk_shutdown = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tcp_rtt_init(tp);
	tp->rcv_rtt_last_tsecr = 0;
	/* RFC 6528: away from the numbers used, should ISNs ever meet. */
	tp->write_seq += tp->max_window + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	tp->snd_nxt = tp->snd_una = tp->write_seq;
	icsk->icsk_backoff = 0;
	icsk->icsk_probes_out = 0;
	icsk->icsk_probes_tstamp = 0;
	tcp_init_rto(sk);
	icsk->icsk_ack.rcv_mss = TCP_MIN_MSS;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd = TCP_INIT_CWND;
	tp->snd_cwnd_cnt = 0;
	tp->is_cwnd_limited = false;
	tp->max_packets_out = 0;
	tp->window_clamp = 0;
	tp->delivered = tp->delivered_ce = 0;
	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_initialized = false;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tp->is_sack_reneg = false;
	tcp_clear_retrans(tp);
	tp->total_retrans = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	memset(&tp->rx_opt, 0, offsetof(struct tcp_options_received, user_mss));
	tp->rcv_wnd = 0;
	tp->bytes_sent = tp->bytes_acked = tp->bytes_received = 0;
	tp->bytes_retrans = 0;
	tp->data_segs_in = tp->data_segs_out = 0;
	tp->segs_in = tp->segs_out = 0;
	tp->duplicate_sack[0].start_seq = 0;
	tp->duplicate_sack[0].end_seq = 0;
	tp->dsack_dups = tp->reord_seen = 0;
	tp->total_rto = tp->total_rto_recoveries = 0;
	tp->total_rto_time = tp->rto_stamp = tp->timeout_rehash = 0;
	memset(tp->received_ecn_bytes, 0, sizeof(tp->received_ecn_bytes));
	tp->received_ce = 0;
	tp->rcv_ooopack = 0;
	tp->fastopen_connect = false;
	tcp_free_fastopen_req(sk);
	reqsk_fastopen_remove(sk, false);
	tp->syn_fastopen = tp->syn_fastopen_exp = false;
	tp->syn_data = tp->syn_data_acked = false;
	tp->fastopen_client_fail = 0;
	tp->rack = (struct tcp_rack){ .reo_wnd_steps = 1 };
	inet_sk(sk)->defer_connect = 0;
	tp->urg_data = 0;
	tp->recv_cut = false;
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
	sk_dst_reset(sk);
	if (sk->sk_frag) {
		frag_buf_put(sk->sk_frag);
		sk->sk_frag = NULL;
		sk->sk_frag_off = 0;
	}
}

int tcp_disconnect(struct sock *sk, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int old = sk->sk_state;

	(void)flags;
	if (old != TCP_CLOSE)
		tcp_set_state(sk, TCP_CLOSE);
	if (old == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
	} else if (tcp_need_reset(old) ||
		   (tp->snd_nxt != tp->write_seq &&
		    BIT(old) & (TCPF_CLOSING | TCPF_LAST_ACK))) {
		/* RFC 9293 3.10.5: ABORT. */
		tcp_send_active_reset(sk);
		sk_set_err(sk, ECONNRESET, "aborted by connect(AF_UNSPEC)");
	} else if (old == TCP_SYN_SENT) {
		sk_set_err(sk, ECONNRESET, "given up by connect(AF_UNSPEC)");
	}
	tcp_clear_xmit_timers(sk);
	skb_queue_purge(&sk->sk_receive_queue);
	tp->copied_seq = tp->rcv_nxt;
	tcp_write_queue_purge(sk);
	tcp_ofo_purge(sk, SKB_DROP_REASON_SOCKET_CLOSE);
	sk->sk_daddr = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		sk->sk_rcv_saddr = 0;
		inet_sk(sk)->inet_saddr = 0;
	}
	tcp_clear_connection(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	return 0;
}

/* For `ss -K`: end the connection now, with @err for its owner. */
int tcp_abort(struct sock *sk, int err)
{
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_deschedule_put(inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		inet_csk_reqsk_queue_drop(inet_reqsk(sk)->rsk_listener,
					  inet_reqsk(sk));
		return 0;
	}
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	}
	local_bh_disable();
	if (!sock_flag(sk, SOCK_DEAD)) {
		if (tcp_need_reset(sk->sk_state))
			tcp_send_active_reset(sk);
		sk_set_err(sk, err, "ended by an administrator");
		sk->sk_error_report(sk);
		tcp_write_queue_purge(sk);
		tcp_done(sk);
	}
	local_bh_enable();
	release_sock(sk);
	return 0;
}
