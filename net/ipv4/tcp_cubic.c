/* SPDX-License-Identifier: MIT */
/*
 * CUBIC (RFC 9438) with HyStart++ (RFC 9406).
 *
 * After a loss at W_max the window follows W(t) = C * (t - K)^3 + W_max, flat
 * around W_max, so that growth depends on time and not on the RTT. Windows are
 * in segments, times in milliseconds, C is 0.4 per second cubed, beta is 0.7.
 */
#include "net/ipv4/tcp.h"

#define BETA_NUM 7U /* beta_cubic, of 10 */
#define BETA_DEN 10U
/* alpha_cubic = 3 * (1 - beta) / (1 + beta) = 9/17: 4.3 */
#define ALPHA_NUM 9U
#define ALPHA_DEN 17U
/* (t ms)^3 * 0.4 / 10^9 = t^3 * 2 / CUBE_SCALE */
#define CUBE_SCALE 5000000000ULL
#define MAX_OFFSET_MS 1000000ULL

/* RFC 9406 4.3 */
#define HY_MIN_RTT_THRESH 4000U /* us */
#define HY_MAX_RTT_THRESH 16000U
#define HY_MIN_RTT_DIVISOR 8U
#define HY_N_RTT_SAMPLE 8U
#define HY_CSS_GROWTH_DIVISOR 4U
#define HY_CSS_ROUNDS 5U

struct cubic {
	u32 cnt; /* ACKs for one segment more */
	u32 w_max; /* cwnd before the last reduction, after convergence */
	u32 cwnd_prior; /* the same without convergence */
	u32 last_cwnd, last_time; /* when cnt was computed */
	u32 origin; /* W_max of this epoch */
	u32 k; /* ms until W(t) reaches it */
	u32 delay_min; /* us: least RTT of the connection */
	u32 epoch_start; /* jiffies, 0: none yet */
	u32 ack_cnt, w_est; /* 4.3: what Reno would have */
	/* HyStart++ */
	u32 round_end; /* the round is over when this is acknowledged */
	u32 round_min, last_round_min, css_baseline; /* us */
	u8 samples, css_rounds;
	bool in_css;
	u8 css_rest; /* growth not yet worth a segment */
};
static_assert(sizeof(struct cubic) <= ICSK_CA_PRIV_SIZE, "fits icsk_ca_priv");

static void cubic_reset_epoch(struct cubic *ca)
{
	ca->cnt = 0;
	ca->last_cwnd = 0;
	ca->last_time = 0;
	ca->epoch_start = 0;
	ca->ack_cnt = 0;
	ca->w_est = 0;
}

static inline void hystart_round(struct sock *sk)
{
	struct cubic *ca = inet_csk_ca(sk);

	ca->round_end = tcp_sk(sk)->snd_nxt;
	ca->last_round_min = ca->round_min;
	ca->round_min = ~0U;
	ca->samples = 0;
}

static void cubictcp_init(struct sock *sk)
{
	struct cubic *ca = inet_csk_ca(sk);

	*ca = (struct cubic){ .round_min = ~0U, .css_baseline = ~0U };
	hystart_round(sk);
	ca->last_round_min = ~0U;
}

static u32 cubic_root(u64 v)
{
	u64 r = 0;
	int bit;

	for (bit = 20; bit >= 0; bit--) {
		u64 t = r | 1ULL << bit;

		if (t * t * t <= v)
			r = t;
	}
	return (u32)r;
}

/* 4.2: K = cbrt((W_max - cwnd_epoch) / C) */
static void cubic_start_epoch(struct cubic *ca, u32 cwnd, u32 acked)
{
	ca->epoch_start = tcp_jiffies32() ? tcp_jiffies32() : 1;
	ca->ack_cnt = acked;
	ca->w_est = cwnd;
	if (ca->w_max <= cwnd) {
		ca->k = 0;
		ca->origin = cwnd;
	} else {
		ca->k = cubic_root((u64)(ca->w_max - cwnd) * CUBE_SCALE / 2);
		ca->origin = ca->w_max;
	}
}

/* W_cubic one RTT from now: 4.2 */
static u32 cubic_target(const struct cubic *ca)
{
	u64 t = tcp_jiffies32() - ca->epoch_start + ca->delay_min / 1000;
	u64 offs = t < ca->k ? ca->k - t : t - ca->k, delta;

	offs = min(offs, MAX_OFFSET_MS);
	delta = offs * offs * offs * 2 / CUBE_SCALE;
	if (t < ca->k)
		return delta < ca->origin ? ca->origin - (u32)delta : 0;
	return ca->origin + (u32)min_t(u64, delta, 0x3fffffff);
}

/* 4.3: never slower than Reno would be. */
static void cubic_reno_friendly(struct cubic *ca, u32 cwnd)
{
	u32 step = ca->w_est >= ca->cwnd_prior
			   ? cwnd
			   : (u32)((u64)cwnd * ALPHA_DEN / ALPHA_NUM);
	u32 grow;

	step = max(step, 1U);
	grow = ca->ack_cnt / step;
	ca->w_est += grow;
	ca->ack_cnt -= grow * step;
	if (ca->w_est > cwnd)
		ca->cnt = min(ca->cnt, max(cwnd / (ca->w_est - cwnd), 1U));
}

static void cubic_update(struct cubic *ca, u32 cwnd, u32 acked)
{
	u32 now = tcp_jiffies32(), target;

	ca->ack_cnt += acked;
	if (ca->last_cwnd == cwnd && now - ca->last_time <= HZ / 32)
		return;
	/* Once an epoch began cnt moves with time, once a tick at most. */
	if (!ca->epoch_start || now != ca->last_time || ca->last_cwnd != cwnd) {
		if (!ca->epoch_start)
			cubic_start_epoch(ca, cwnd, acked);
		ca->last_cwnd = cwnd;
		ca->last_time = now;
		target = cubic_target(ca);
		/* 4.4: at most half as much again in a round trip. */
		target = min(target, cwnd + (cwnd >> 1) + 1);
		if (target > cwnd)
			ca->cnt = cwnd / (target - cwnd);
		else
			ca->cnt = 100 * cwnd;
		/* Nothing known of W_max: do not creep. */
		if (!ca->w_max && ca->cnt > 20)
			ca->cnt = 20;
	}
	cubic_reno_friendly(ca, cwnd);
	ca->cnt = max(ca->cnt, 2U);
}

/* RFC 9406 4.2: a quarter of slow start's growth in CSS. */
static inline u32 hystart_growth(struct cubic *ca, u32 acked)
{
	u32 n;

	if (!ca->in_css)
		return acked;
	n = acked + ca->css_rest;
	ca->css_rest = n % HY_CSS_GROWTH_DIVISOR;
	return n / HY_CSS_GROWTH_DIVISOR;
}

static void cubictcp_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct cubic *ca = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	(void)ack;
	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		if (tcp_in_initial_slowstart(tp))
			acked = hystart_growth(ca, acked);
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	cubic_update(ca, tp->snd_cwnd, acked);
	tcp_cong_avoid_ai(tp, ca->cnt, acked);
}

/* 4.6, 4.7 (fast convergence) */
static u32 cubictcp_ssthresh(struct sock *sk)
{
	struct cubic *ca = inet_csk_ca(sk);
	u32 cwnd = tcp_sk(sk)->snd_cwnd;

	ca->epoch_start = 0;
	ca->cwnd_prior = cwnd;
	if (cwnd < ca->w_max)
		ca->w_max = cwnd * (BETA_DEN + BETA_NUM) / (2 * BETA_DEN);
	else
		ca->w_max = cwnd;
	return max(cwnd * BETA_NUM / BETA_DEN, 2U);
}

static void cubictcp_state(struct sock *sk, u8 new_state)
{
	struct cubic *ca = inet_csk_ca(sk);

	/* 4.8: after a timeout the epoch starts anew. */
	if (new_state == TCP_CA_Loss) {
		cubic_reset_epoch(ca);
		ca->in_css = false;
		ca->last_round_min = ca->css_baseline = ~0U;
		hystart_round(sk);
	}
}

/* 4.2.1 of RFC 9438: idle time does not count as growth. */
static void cubictcp_cwnd_event(struct sock *sk, enum tcp_ca_event ev)
{
	struct cubic *ca = inet_csk_ca(sk);
	s32 idle;

	if (ev != CA_EVENT_TX_START || !ca->epoch_start)
		return;
	idle = (s32)(tcp_jiffies32() - tcp_sk(sk)->lsndtime);
	if (idle > 0) {
		ca->epoch_start += idle;
		if (time_after((unsigned long)ca->epoch_start,
			       (unsigned long)tcp_jiffies32()))
			ca->epoch_start = tcp_jiffies32();
	}
}

/* RFC 9406 4.2: has the delay risen since the last round? */
static inline bool hystart_delay_rose(const struct cubic *ca)
{
	u32 thresh;

	if (ca->samples < HY_N_RTT_SAMPLE || ca->last_round_min == ~0U)
		return false;
	thresh = clamp(ca->last_round_min / HY_MIN_RTT_DIVISOR,
		       HY_MIN_RTT_THRESH, HY_MAX_RTT_THRESH);
	return ca->round_min >= ca->last_round_min + thresh;
}

static void hystart_update(struct sock *sk, u32 rtt_us)
{
	struct cubic *ca = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	/*
	 * Beyond its end, not at it: a round then begins with the first ACK of
	 * a burst, whose RTT is that of the path, and stays so.
	 */
	if (after(tp->snd_una, ca->round_end)) {
		if (ca->in_css && ++ca->css_rounds >= HY_CSS_ROUNDS) {
			/* It stayed up: that was the window to have. */
			NET_INC_STATS(sock_net(sk), TCPHystartDelayDetect);
			NET_ADD_STATS(sock_net(sk), TCPHystartDelayCwnd,
				      tp->snd_cwnd);
			tp->snd_ssthresh = tp->snd_cwnd;
			return;
		}
		hystart_round(sk);
	}
	ca->round_min = min(ca->round_min, rtt_us);
	if (ca->samples < 255)
		ca->samples++;
	if (!ca->in_css && hystart_delay_rose(ca)) {
		ca->in_css = true;
		ca->css_baseline = ca->round_min;
		ca->css_rounds = 0;
		ca->css_rest = 0;
	} else if (ca->in_css && ca->samples >= HY_N_RTT_SAMPLE &&
		   ca->round_min < ca->css_baseline) {
		/* The rise was jitter: back to slow start. */
		ca->in_css = false;
		ca->css_baseline = ~0U;
	}
}

static void cubictcp_acked(struct sock *sk, const struct ack_sample *s)
{
	struct cubic *ca = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rtt;

	if (s->rtt_us < 0)
		return;
	rtt = max((u32)s->rtt_us, 1U);
	if (!ca->delay_min || rtt < ca->delay_min)
		ca->delay_min = rtt;
	if (tcp_in_slow_start(tp) && tcp_in_initial_slowstart(tp))
		hystart_update(sk, rtt);
}

const struct tcp_congestion_ops cubictcp = {
	.name = "cubic",
	.flags = TCP_CONG_NON_RESTRICTED,
	.init = cubictcp_init,
	.ssthresh = cubictcp_ssthresh,
	.cong_avoid = cubictcp_cong_avoid,
	.set_state = cubictcp_state,
	.cwnd_event = cubictcp_cwnd_event,
	.pkts_acked = cubictcp_acked,
	.undo_cwnd = tcp_reno_undo_cwnd,
};
