/* SPDX-License-Identifier: MIT */
/*
 * TCP's timers: one for what is in flight (retransmission, loss probe,
 * reordering) or waits for a window (probe), one for delayed ACKs, one for
 * keep-alive and FIN-WAIT-2. RFC 6298, RFC 1122 4.2.3.5 (when to give up),
 * 4.2.3.6 (keep-alive), RFC 5482 (user timeout).
 *
 * A timer that finds the socket owned by a task leaves its work to
 * tcp_release_cb().
 */
#include "net/ipv4/tcp_timer.h"
#include "net/ipv4/tcp.h"

/* LINUX: so many SYNs go out a second apart before the time doubles. */
#define TCP_SYN_LINEAR_TIMEOUTS 4

unsigned long tcp_probe0_when(const struct sock *sk)
{
	/* Ten doublings take 200 ms beyond two minutes. */
	u8 backoff = min_t(u8, 10, inet_csk(sk)->icsk_backoff);
	u64 when = (u64)tcp_probe0_base(sk) << backoff;

	return (unsigned long)min_t(u64, when, tcp_rto_max(sk));
}

/* TCP_USER_TIMEOUT cuts the wait short. Jiffies. */
static u32 tcp_clamp_rto_to_user_timeout(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	s32 remaining;
	u32 elapsed;

	if (!icsk->icsk_user_timeout)
		return icsk->icsk_rto;
	elapsed = tcp_time_stamp_ts(tp) - tp->retrans_stamp;
	remaining = (s32)(icsk->icsk_user_timeout - elapsed);
	if (remaining <= 0)
		return 1;
	return min_t(u32, icsk->icsk_rto, remaining);
}

u32 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u32 when)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	s32 remaining, elapsed;

	if (!icsk->icsk_user_timeout || !icsk->icsk_probes_tstamp)
		return when;
	elapsed = (s32)(tcp_jiffies32() - icsk->icsk_probes_tstamp);
	if (elapsed < 0)
		elapsed = 0;
	remaining = (s32)icsk->icsk_user_timeout - elapsed;
	remaining = max_t(s32, remaining, TCP_TIMEOUT_MIN);
	return min_t(u32, remaining, when);
}

/*
 * The connection has failed for lack of answers, @why; if ICMP said something
 * meanwhile, that is the error.
 */
void tcp_write_err(struct sock *sk, const char *why)
{
	if (sk->sk_err_soft)
		sk_set_err(sk, sk->sk_err_soft, "no answers but ICMP errors");
	else
		sk_set_err(sk, ETIMEDOUT, why);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), TCPAbortOnTimeout);
}

/* An orphan costs memory that nobody waits for. True: it was ended. */
static bool tcp_out_of_resources(struct sock *sk, bool do_reset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int shift = 0;

	if ((s32)(tcp_jiffies32() - tp->lsndtime) > 2 * (s32)tcp_rto_max(sk) ||
	    !do_reset)
		shift++;
	if (sk->sk_err_soft)
		shift++;
	if (!tcp_check_oom(sk, shift))
		return false;
	if ((s32)(tcp_jiffies32() - tp->lsndtime) <= (s32)TCP_TIMEWAIT_LEN ||
	    (!tp->snd_wnd && !tp->packets_out))
		do_reset = true;
	if (do_reset)
		tcp_send_active_reset(sk);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), TCPAbortOnMemory);
	return true;
}

static int tcp_orphan_retries(const struct sock *sk, bool alive)
{
	int retries = sock_net(sk)->ipv4->sysctl_tcp_orphan_retries;

	if (sk->sk_err_soft && !alive)
		retries = 0;
	if (!retries && alive)
		retries = 8;
	return retries;
}

/* How long @boundary retransmissions take from an RTO of @base. ms. */
static u32 tcp_model_timeout(const struct sock *sk, u32 boundary, u32 base)
{
	u32 thresh = 0, max = tcp_rto_max(sk);

	while (base << (thresh + 1) <= max)
		thresh++;
	if (boundary <= thresh)
		return ((2U << boundary) - 1) * base;
	return ((2U << thresh) - 1) * base +
	       (boundary - thresh) * max;
}

/* @timeout: ms, 0: what @boundary retransmissions would take. */
static bool retransmits_timed_out(const struct sock *sk, u32 boundary,
				  u32 timeout)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 base = TCP_RTO_MIN;

	if (!inet_csk(sk)->icsk_retransmits)
		return false;
	if (!timeout) {
		if (BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
			base = TCP_TIMEOUT_INIT;
		timeout = tcp_model_timeout(sk, boundary, base);
	}
	return (s32)(tcp_time_stamp_ts(tp) - tp->retrans_stamp - timeout) >= 0;
}

/* RFC 1122 4.2.3.5: is it time to give up? True: the connection ended. */
static bool tcp_write_timeout(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	bool expired = false, alive, do_reset;
	int until, max;

	if (BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		until = icsk->icsk_syn_retries ? icsk->icsk_syn_retries
					       : ipv4->sysctl_tcp_syn_retries;
		max = until;
		if (sk->sk_state == TCP_SYN_SENT)
			max += TCP_SYN_LINEAR_TIMEOUTS;
		expired = icsk->icsk_retransmits >= max;
		if (!expired && icsk->icsk_user_timeout)
			expired = retransmits_timed_out(
				sk, until, icsk->icsk_user_timeout);
	} else {
		if (retransmits_timed_out(sk, ipv4->sysctl_tcp_retries1, 0))
			tcp_mtu_probing(sk);
		until = ipv4->sysctl_tcp_retries2;
		if (sock_flag(sk, SOCK_DEAD)) {
			alive = icsk->icsk_rto < tcp_rto_max(sk);
			until = tcp_orphan_retries(sk, alive);
			do_reset =
				alive || !retransmits_timed_out(sk, until, 0);
			if (tcp_out_of_resources(sk, do_reset))
				return true;
		}
		expired = retransmits_timed_out(sk, until,
						icsk->icsk_user_timeout);
	}
	tcp_fastopen_active_detect_blackhole(sk, expired);
	if (expired)
		tcp_write_err(sk, "sent again too often without an answer");
	return expired;
}

/* In which state of recovery did the timer have to help? */
static void tcp_count_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	u8 state = inet_csk(sk)->icsk_ca_state;

	if (inet_csk(sk)->icsk_retransmits)
		return;
	if (state == TCP_CA_Recovery) {
		if (tcp_is_sack(tp))
			NET_INC_STATS(net, TCPSackRecoveryFail);
		else
			NET_INC_STATS(net, TCPRenoRecoveryFail);
	} else if (state == TCP_CA_Loss) {
		NET_INC_STATS(net, TCPLossFailures);
	} else if (state == TCP_CA_Disorder || tp->sacked_out) {
		if (tcp_is_sack(tp))
			NET_INC_STATS(net, TCPSackFailures);
		else
			NET_INC_STATS(net, TCPRenoFailures);
	}
}

/* The next RTO. RFC 6298 5.5: twice this one. */
static void tcp_backoff_rto(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_ESTABLISHED &&
	    (tp->thin_lto ||
	     sock_net(sk)->ipv4->sysctl_tcp_thin_linear_timeouts) &&
	    tp->packets_out < 4 && !tcp_in_initial_slowstart(tp) &&
	    icsk->icsk_retransmits <= 6) {
		icsk->icsk_backoff = 0;
		icsk->icsk_rto = clamp_t(u32, __tcp_set_rto(tp),
					 icsk->icsk_rto_min, tcp_rto_max(sk));
	} else if (sk->sk_state != TCP_SYN_SENT ||
		   icsk->icsk_retransmits > TCP_SYN_LINEAR_TIMEOUTS) {
		icsk->icsk_backoff++;
		icsk->icsk_rto = min_t(u32, icsk->icsk_rto << 1,
				       tcp_rto_max(sk));
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
			     tcp_clamp_rto_to_user_timeout(sk));
	if (retransmits_timed_out(
		    sk, sock_net(sk)->ipv4->sysctl_tcp_retries1 + 1, 0))
		sk_dst_reset(sk); /* RFC 1122 3.3.1.4: another route, maybe */
}

static void tcp_update_rto_stats(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!icsk->icsk_retransmits) {
		tp->total_rto_recoveries++;
		tp->rto_stamp = tcp_time_stamp_ts(tp);
	}
	if (icsk->icsk_retransmits < 255)
		icsk->icsk_retransmits++;
	tp->total_rto++;
	/* LINUX: each timeout takes another flow label, where there are any. */
	if (sk->sk_txrehash == 1) {
		tp->timeout_rehash++;
		NET_INC_STATS(sock_net(sk), TcpTimeoutRehash);
	}
}

/*
 * The window is shut over what is in flight, and probed with it. LINUX: over
 * when nothing was heard and nothing acknowledged for two of the longest
 * timeouts, or for TCP_USER_TIMEOUT, against which mere answers do not help.
 */
static bool tcp_rtx_probe0_timed_out(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 user = inet_csk(sk)->icsk_user_timeout, timeout = 2 * tcp_rto_max(sk);
	u32 since = tp->retrans_stamp ? tp->retrans_stamp :
			    tcp_skb_timestamp_ts(tcp_rtx_queue_head(sk));
	u32 unacked = (u32)(tcp_clock_us() / 1000) - since;

	if (user) {
		if (unacked > user)
			return true;
		timeout = min_t(u32, timeout, user);
	}
	return tcp_jiffies32() - tp->rcv_tstamp > timeout && unacked > timeout;
}

/* RFC 6298 5.4 to 5.7 */
void tcp_retransmit_timer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->fastopen_rsk) {
		/* The SYN-ACK goes first; data after the handshake. */
		tcp_fastopen_synack_timer(sk);
		return;
	}
	if (!tp->packets_out || !tcp_rtx_queue_head(sk))
		return;
	if (!tp->snd_wnd && !sock_flag(sk, SOCK_DEAD) &&
	    !(BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))) {
		/*
		 * The peer shrank its window to nothing, which it should not:
		 * probe with what is in flight as long as it answers.
		 */
		if (tcp_rtx_probe0_timed_out(sk)) {
			tcp_write_err(sk,
				      "the peer shut its window and is silent");
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, tcp_rtx_queue_head(sk), 1,
				   "window closed");
		tcp_backoff_rto(sk);
		return;
	}
	NET_INC_STATS(sock_net(sk), TCPTimeouts);
	if (tcp_write_timeout(sk))
		return;
	tcp_count_timeout(sk);
	tcp_enter_loss(sk);
	tcp_update_rto_stats(sk);
	(void)tcp_retransmit_skb(sk, tcp_rtx_queue_head(sk), 1, "timeout");
	tcp_backoff_rto(sk);
}

/* There was no memory for the FIN: tcp_send_fin(). */
static void tcp_retry_fin(struct sock *sk)
{
	if (inet_csk(sk)->icsk_probes_out++ >=
	    sock_net(sk)->ipv4->sysctl_tcp_retries2) {
		tcp_write_err(sk, "no memory for the FIN");
		return;
	}
	tcp_sk(sk)->write_seq--;
	tcp_send_fin(sk);
}

/* RFC 9293 3.8.6.1, RFC 1122 4.2.2.17: as long as it answers, go on. */
static void tcp_probe_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max = sock_net(sk)->ipv4->sysctl_tcp_retries2;

	if (!tp->packets_out && !tcp_send_head(sk) &&
	    tp->write_seq != tp->snd_nxt) {
		tcp_retry_fin(sk);
		return;
	}
	if (tp->packets_out || !tcp_send_head(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	if (!icsk->icsk_probes_tstamp) {
		icsk->icsk_probes_tstamp =
			tcp_jiffies32() ? tcp_jiffies32() : 1;
	} else if (icsk->icsk_user_timeout &&
		   tcp_jiffies32() - icsk->icsk_probes_tstamp >=
			   icsk->icsk_user_timeout) {
		tcp_write_err(sk,
			      "TCP_USER_TIMEOUT with a window of 0");
		return;
	}
	if (sock_flag(sk, SOCK_DEAD)) {
		bool alive = tcp_probe0_when(sk) < tcp_rto_max(sk);

		max = tcp_orphan_retries(sk, alive);
		if (!alive && icsk->icsk_backoff >= max) {
			tcp_write_err(sk,
				      "an orphan, and a window of 0");
			return;
		}
		if (tcp_out_of_resources(sk, true))
			return;
	}
	if (icsk->icsk_probes_out >= max)
		tcp_write_err(sk,
			      "too many probes of a window of 0 unanswered");
	else
		tcp_send_probe0(sk);
}

void tcp_write_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int what = icsk->icsk_pending;

	if (BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN) || !what)
		return;
	if (time_after(icsk->icsk_timeout, jiffies)) {
		sk_reset_timer(sk, &icsk->icsk_retransmit_timer,
			       icsk->icsk_timeout);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	switch (what) {
	case ICSK_TIME_REO_TIMEOUT:
		tcp_rack_reo_timeout(sk);
		break;
	case ICSK_TIME_LOSS_PROBE:
		tcp_send_loss_probe(sk);
		break;
	case ICSK_TIME_RETRANS:
		icsk->icsk_pending = 0;
		tcp_retransmit_timer(sk);
		break;
	case ICSK_TIME_PROBE0:
		icsk->icsk_pending = 0;
		tcp_probe_timer(sk);
		break;
	}
}

void tcp_defer(struct sock *sk, u32 flag)
{
	if (tcp_sk(sk)->tsq_flags & flag)
		return;
	tcp_sk(sk)->tsq_flags |= flag;
	sock_hold(sk);
}

static void tcp_write_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk =
		from_timer(icsk, t, icsk_retransmit_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	if (sock_owned_by_user(sk))
		tcp_defer(sk, TCP_WRITE_TIMER_DEFERRED);
	else
		tcp_write_timer_handler(sk);
	sock_put(sk);
}

void tcp_delack_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	tcp_sack_compress_send_ack(sk);
	if (!(icsk->icsk_ack.pending & ICSK_ACK_TIMER))
		return;
	if (time_after(icsk->icsk_ack.timeout, jiffies)) {
		sk_reset_timer(sk, &icsk->icsk_delack_timer,
			       icsk->icsk_ack.timeout);
		return;
	}
	icsk->icsk_ack.pending &= ~ICSK_ACK_TIMER;
	if (!inet_csk_ack_scheduled(sk))
		return;
	if (!inet_csk_in_pingpong_mode(sk)) {
		/* Nobody read, or little: wait longer the next time. */
		icsk->icsk_ack.ato =
			min(icsk->icsk_ack.ato << 1, icsk->icsk_rto);
	} else {
		/* No answer to carry it came: not an exchange after all. */
		inet_csk_exit_pingpong_mode(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_send_ack(sk);
	NET_INC_STATS(sock_net(sk), DelayedACKs);
}

static void tcp_delack_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk =
		from_timer(icsk, t, icsk_delack_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	if (!(icsk->icsk_ack.pending & ICSK_ACK_TIMER)) {
		/* The ACK went with something else. */
	} else if (sock_owned_by_user(sk)) {
		NET_INC_STATS(sock_net(sk), DelayedACKLocked);
		tcp_defer(sk, TCP_DELACK_TIMER_DEFERRED);
	} else {
		tcp_delack_timer_handler(sk);
	}
	sock_put(sk);
}

/* FIN-WAIT-2 without an owner: how it goes on. True: it is over. */
static bool tcp_fin_wait2_timer(struct sock *sk)
{
	int tmo;

	if (tcp_sk(sk)->linger2 >= 0) {
		tmo = tcp_fin_time(sk) - (int)TCP_TIMEWAIT_LEN;
		if (tmo > 0) {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
			return false;
		}
	}
	tcp_send_active_reset(sk);
	return true;
}

/* RFC 1122 4.2.3.6. Jiffies until the next look, 0: the connection ended. */
static u32 tcp_keepalive_check(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 when = keepalive_time_when(tp), idle;
	bool dead;

	/* What is in flight has a timer of its own. */
	if (tp->packets_out || !tcp_write_queue_empty(sk))
		return when;
	idle = keepalive_time_elapsed(tp);
	if (idle < when)
		return when - idle;
	if (icsk->icsk_user_timeout)
		dead = idle >= icsk->icsk_user_timeout &&
		       icsk->icsk_probes_out > 0;
	else
		dead = icsk->icsk_probes_out >= keepalive_probes(tp);
	if (dead) {
		tcp_send_active_reset(sk);
		tcp_write_err(sk, "keepalive probes unanswered");
		return 0;
	}
	if (tcp_write_wakeup(sk, LINUX_MIB_TCPKeepAlive) <= 0) {
		icsk->icsk_probes_out++;
		return keepalive_intvl_when(tp);
	}
	return TCP_RESOURCE_PROBE_INTERVAL;
}

static void tcp_keepalive_timer(struct timer_list *t)
{
	struct sock *sk = from_timer(sk, t, sk_timer);
	u32 next;

	if (sock_owned_by_user(sk)) {
		inet_csk_reset_keepalive_timer(sk, HZ / 20);
		goto out;
	}
	if (sk->sk_state == TCP_LISTEN)
		goto out;
	tcp_mstamp_refresh(tcp_sk(sk));
	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		if (tcp_fin_wait2_timer(sk))
			tcp_done(sk);
		goto out;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) ||
	    BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT))
		goto out;
	next = tcp_keepalive_check(sk);
	if (next)
		inet_csk_reset_keepalive_timer(sk, next);
out:
	sock_put(sk);
}

/* SO_KEEPALIVE was switched. */
void tcp_set_keepalive(struct sock *sk, int val)
{
	if (BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (val && !sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk,
					       keepalive_time_when(tcp_sk(sk)));
	else if (!val)
		inet_csk_delete_keepalive_timer(sk);
}

void tcp_syn_ack_timeout(const struct request_sock *req)
{
	NET_INC_STATS(req->h.sk_net, TCPTimeouts);
}

/* The owner lets go: do what timers and ICMP could not. */
void tcp_release_cb(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 flags = tp->tsq_flags;

	if (likely(!flags))
		return;
	tp->tsq_flags = 0;
	if (flags & TCP_PACING_DEFERRED) {
		tcp_pacing_resume(sk);
		sock_put(sk);
	}
	if (flags & TCP_WRITE_TIMER_DEFERRED) {
		tcp_write_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & TCP_DELACK_TIMER_DEFERRED) {
		tcp_delack_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & TCP_MTU_REDUCED_DEFERRED) {
		tcp_v4_mtu_reduced(sk, tcp_sk(sk)->mtu_info);
		sock_put(sk);
	}
}

void tcp_init_xmit_timers(struct sock *sk)
{
	inet_csk_init_xmit_timers(sk, tcp_write_timer, tcp_delack_timer,
				  tcp_keepalive_timer);
}

void tcp_clear_xmit_timers(struct sock *sk)
{
	tcp_pacing_cancel(sk);
	tcp_comp_ack_cancel(sk);
	inet_csk_clear_xmit_timers(sk);
}
