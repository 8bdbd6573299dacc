/* SPDX-License-Identifier: MIT */
/*
 * TCP: measuring round trips, and what follows from them: RTO and pacing.
 * RFC 6298 with Linux's variance (mdev over a window of a round trip) and its
 * lower bound of 200 ms, RFC 7323 4.
 */
#include "net/ipv4/tcp.h"

void minmax_reset(struct minmax_sample *m, u32 t, u32 meas)
{
	m[0].t = m[1].t = m[2].t = t;
	m[0].v = m[1].v = m[2].v = meas;
}

/*
 * The minimum over the last @win: the best three samples of three stretches
 * of the window; as the first grows too old the others move up.
 */
u32 minmax_running_min(struct minmax_sample *m, u32 win, u32 t, u32 meas)
{
	struct minmax_sample s = { t, meas };

	if (meas <= m[0].v || t - m[2].t > win) {
		minmax_reset(m, t, meas);
		return meas;
	}
	if (meas <= m[1].v)
		m[1] = m[2] = s;
	else if (meas <= m[2].v)
		m[2] = s;
	if (t - m[0].t > win) {
		m[0] = m[1];
		m[1] = m[2];
		m[2] = s;
		if (t - m[0].t > win) {
			m[0] = m[1];
			m[1] = m[2];
		}
	} else if (m[1].t == m[0].t && t - m[0].t > win / 4) {
		m[1] = m[2] = s;
	} else if (m[2].t == m[1].t && t - m[0].t > win / 2) {
		m[2] = s;
	}
	return m[0].v;
}

void tcp_init_rto(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;

	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_rto_min = tcp_usecs_to_jiffies(ipv4->sysctl_tcp_rto_min_us);
	icsk->icsk_delack_max = TCP_DELACK_MAX;
}

void tcp_rtt_init(struct tcp_sock *tp)
{
	tp->srtt_us = 0;
	tp->mdev_us = TCP_TIMEOUT_INIT * 1000;
	tp->mdev_max_us = tp->rttvar_us = 0;
	minmax_reset(tp->rtt_min, tcp_jiffies32(), ~0U);
}

static inline u32 tcp_rto_min_us(const struct sock *sk)
{
	return inet_csk(sk)->icsk_rto_min * 1000;
}

/* RFC 6298 2; srtt_us is scaled by 8, mdev_us and rttvar_us by 4. */
void tcp_rtt_estimator(struct sock *sk, long mrtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	long m = mrtt_us;
	u32 srtt = tp->srtt_us;

	if (!srtt) {
		srtt = m << 3;
		tp->mdev_us = m << 1;
		tp->rttvar_us = max(tp->mdev_us, tcp_rto_min_us(sk));
		tp->mdev_max_us = tp->rttvar_us;
		tp->rtt_seq = tp->snd_nxt;
		tp->srtt_us = max(1U, srtt);
		return;
	}
	m -= srtt >> 3;
	srtt += m;
	if (m < 0) {
		m = -m;
		m -= tp->mdev_us >> 2;
		/* LINUX: a fall is no reason for a larger variance. */
		if (m > 0)
			m >>= 3;
	} else {
		m -= tp->mdev_us >> 2;
	}
	tp->mdev_us += m;
	if (tp->mdev_us > tp->mdev_max_us) {
		tp->mdev_max_us = tp->mdev_us;
		if (tp->mdev_max_us > tp->rttvar_us)
			tp->rttvar_us = tp->mdev_max_us;
	}
	/* Once in a round trip the variance may sink, by a quarter. */
	if (after(tp->snd_una, tp->rtt_seq)) {
		if (tp->mdev_max_us < tp->rttvar_us)
			tp->rttvar_us -= (tp->rttvar_us - tp->mdev_max_us) >> 2;
		tp->rtt_seq = tp->snd_nxt;
		tp->mdev_max_us = tcp_rto_min_us(sk);
	}
	tp->srtt_us = max(1U, srtt);
}

/* RFC 6298 2.3: SRTT + 4 * RTTVAR, in jiffies. */
u32 __tcp_set_rto(const struct tcp_sock *tp)
{
	return tcp_usecs_to_jiffies((tp->srtt_us >> 3) + tp->rttvar_us);
}

void tcp_bound_rto(struct sock *sk)
{
	if (inet_csk(sk)->icsk_rto > tcp_rto_max(sk))
		inet_csk(sk)->icsk_rto = tcp_rto_max(sk);
}

void tcp_set_rto(struct sock *sk)
{
	inet_csk(sk)->icsk_rto = __tcp_set_rto(tcp_sk(sk));
	tcp_bound_rto(sk);
}

/* What remains of the RTO of the oldest segment, us; <= 0: due. */
u32 tcp_rto_delta_us(const struct sock *sk)
{
	const struct sk_buff *skb = tcp_rtx_queue_head(sk);
	u32 rto = inet_csk(sk)->icsk_rto;
	u64 due;

	if (!skb)
		return rto * 1000;
	due = tcp_skb_timestamp_us(skb) + rto * 1000ULL;
	if (due <= tcp_sk(sk)->tcp_mstamp)
		return 0;
	return (u32)(due - tcp_sk(sk)->tcp_mstamp);
}

static inline void tcp_update_rtt_min(struct sock *sk, u32 rtt_us, int flag)
{
	u32 wlen = sock_net(sk)->ipv4->sysctl_tcp_min_rtt_wlen * HZ;
	struct tcp_sock *tp = tcp_sk(sk);

	/* A delayed ACK tells nothing of the path. */
	if (flag & FLAG_ACK_MAYBE_DELAYED && rtt_us > tcp_min_rtt(tp))
		return;
	minmax_running_min(tp->rtt_min, wlen, tcp_jiffies32(),
			   rtt_us ? rtt_us : 1000);
}

/*
 * Samples in us, negative: none. RFC 6298 3 (Karn): @seq_rtt_us is of what
 * was sent once; else RFC 7323's time stamp decides.
 */
bool tcp_ack_update_rtt(struct sock *sk, int flag, long seq_rtt_us,
			long sack_rtt_us, long ca_rtt_us,
			struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (seq_rtt_us < 0)
		seq_rtt_us = sack_rtt_us;
	if (seq_rtt_us < 0 && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	    flag & FLAG_ACKED) {
		u32 delta = tcp_time_stamp_ts(tp) - tp->rx_opt.rcv_tsecr;

		if ((s32)delta >= 0) {
			if (!delta)
				delta = 1;
			seq_rtt_us = ca_rtt_us = (long)delta * 1000;
		}
	}
	rs->rtt_us = ca_rtt_us;
	if (seq_rtt_us < 0)
		return false;
	/* Within one reading of the clock: less than can be told. */
	if (!seq_rtt_us)
		seq_rtt_us = 1;
	tcp_update_rtt_min(sk, (u32)(ca_rtt_us < 0 ? seq_rtt_us : ca_rtt_us),
			   flag);
	tcp_rtt_estimator(sk, seq_rtt_us);
	tcp_set_rto(sk);
	inet_csk(sk)->icsk_backoff = 0;
	return true;
}

/* RTT of the handshake, for the side that was called. */
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req)
{
	struct rate_sample rs;
	long rtt_us = -1;

	if (req && !req->num_retrans && req->snt_synack)
		rtt_us = (long)tcp_stamp_us_delta(tcp_clock_us(),
						  req->snt_synack);
	tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, rtt_us, -1, rtt_us, &rs);
}

/* LINUX: two windows a RTT in slow start, 1.2 later. Bytes a second. */
void tcp_update_pacing_rate(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 rate = (u64)tp->mss_cache * (1000000 / 100) << 3;

	rate *= tp->snd_cwnd < tp->snd_ssthresh / 2
			? ipv4->sysctl_tcp_pacing_ss_ratio
			: ipv4->sysctl_tcp_pacing_ca_ratio;
	rate *= max(tp->snd_cwnd, tp->packets_out);
	if (tp->srtt_us)
		rate /= tp->srtt_us;
	sk->sk_pacing_rate = min(rate, sk->sk_max_pacing_rate);
}
