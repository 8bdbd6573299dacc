/* SPDX-License-Identifier: MIT */
/*
 * CUBIC (RFC 9438).
 *
 * After a loss the window follows W_cubic(t) = C (t - K)^3 + W_max, t being
 * the time since congestion avoidance began and K when it reaches W_max again;
 * where Reno would be faster, it follows Reno's estimate W_est. Windows are in
 * segments, times in milliseconds; C is 0.4 segments a second cubed, beta 0.7.
 */
#include "net/ipv4/tcp.h"

#include "lib/string.h"

#define BETA_SCALE 1024U
#define BETA 717U /* 0.7 */
/* RFC 9438 4.3: alpha = 3 (1 - beta) / (1 + beta), about 0.53, by 1024 */
#define ALPHA 542U
/* Beyond this the curve is steeper than any cwnd may grow (4.4, 1.5 cwnd). */
#define MAX_OFFSET_MS (1 << 20)
#define MS3_PER_S3 1000000000ULL

struct cubic {
	u32 w_max; /* window before the last reduction; 0: none yet */
	u32 cwnd_prior; /* the same, without fast convergence */
	u32 epoch_start; /* jiffies, as u32; valid while in_epoch */
	u32 k; /* ms from epoch_start to w_max */
	u32 origin; /* window of the curve's plateau */
	u32 w_est; /* Reno's window, times 1024 */
	u32 last_time, last_cwnd; /* the target was computed for these */
	u32 cnt; /* segments to be acknowledged for one more */
	u32 delay_min; /* smallest round trip, us; 0: unknown */
	bool in_epoch;
};
static_assert(sizeof(struct cubic) <=
		      sizeof(((struct inet_connection_sock *)0)->icsk_ca_priv),
	      "private state fits");

static inline struct cubic *cubic_of(struct sock *sk)
{
	return (struct cubic *)inet_csk(sk)->icsk_ca_priv;
}

/* The largest integer whose cube is not above @a. */
static u32 cubic_root(u64 a)
{
	u64 root = 0;

	for (int bit = 20; bit >= 0; bit--) {
		u64 next = root | 1ULL << bit;

		if (next * next * next <= a)
			root = next;
	}
	return (u32)root;
}

static void cubic_begin(struct cubic *ca, const struct tcp_sock *tp)
{
	ca->in_epoch = true;
	ca->epoch_start = (u32)jiffies;
	ca->w_est = tp->snd_cwnd * 1024;
	if (ca->w_max <= tp->snd_cwnd) {
		ca->k = 0;
		ca->origin = tp->snd_cwnd;
		return;
	}
	/* 4.2: K = cbrt((W_max - cwnd) / C) seconds */
	ca->k = cubic_root((u64)(ca->w_max - tp->snd_cwnd) * 5 * MS3_PER_S3 /
			   2);
	ca->origin = ca->w_max;
}

/* W_cubic at @t ms since the epoch began. */
static u32 w_cubic(const struct cubic *ca, u64 t)
{
	bool before = t < ca->k;
	u64 off = min_t(u64, before ? ca->k - t : t - ca->k, MAX_OFFSET_MS);
	u64 delta = off * off * off * 2 / (5 * MS3_PER_S3);

	if (before)
		return delta < ca->origin ? ca->origin - (u32)delta : 1;
	return ca->origin + (u32)min_t(u64, delta, 1U << 30);
}

/* 4.3: where Reno would be; grows by alpha a round trip, by 1 past the loss. */
static void reno_estimate(struct cubic *ca, u32 cwnd, u32 acked)
{
	u32 alpha = ca->w_est / 1024 >= ca->cwnd_prior ? 1024 : ALPHA;

	ca->w_est += (u32)((u64)alpha * acked / max(cwnd, 1U));
}

static void cubic_update(struct cubic *ca, const struct tcp_sock *tp,
			 u32 acked)
{
	u32 cwnd = tp->snd_cwnd, now = (u32)jiffies, target;

	if (!ca->in_epoch)
		cubic_begin(ca, tp);
	reno_estimate(ca, cwnd, acked);
	if (ca->cnt && ca->last_cwnd == cwnd && ca->last_time == now)
		return;
	ca->last_cwnd = cwnd;
	ca->last_time = now;

	/* 4.4, 4.5: where the curve is a round trip from now, in bounds */
	target = w_cubic(ca, (u64)(now - ca->epoch_start) +
				     ca->delay_min / 1000);
	target = min(target, cwnd + cwnd / 2);
	if (ca->w_est / 1024 > target)
		target = ca->w_est / 1024;
	if (target > cwnd)
		ca->cnt = max(cwnd / (target - cwnd), 2U);
	else
		ca->cnt = 100 * cwnd; /* the plateau: hardly at all */
	/* Before the first loss nothing is known: at least 5 % a round trip. */
	if (!ca->w_max)
		ca->cnt = min(ca->cnt, 20U);
}

static void cubic_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct cubic *ca = cubic_of(sk);

	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	cubic_update(ca, tp, acked);
	tcp_cong_avoid_ai(tp, ca->cnt, acked);
}

/* 4.6, 4.7: multiplicative decrease, fast convergence */
static u32 cubic_ssthresh(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct cubic *ca = cubic_of(sk);
	u32 cwnd = tp->snd_cwnd;

	ca->in_epoch = false;
	ca->cnt = 0;
	ca->cwnd_prior = cwnd;
	if (cwnd < ca->w_max)
		ca->w_max = cwnd * (BETA_SCALE + BETA) / (2 * BETA_SCALE);
	else
		ca->w_max = cwnd;
	return max(cwnd * BETA / BETA_SCALE, 2U);
}

/* 4.8: after a timeout the curve begins anew. */
static void cubic_set_state(struct sock *sk, u8 new_state)
{
	struct cubic *ca = cubic_of(sk);

	if (new_state == TCP_CA_Loss) {
		ca->in_epoch = false;
		ca->cnt = 0;
	}
}

static void cubic_cwnd_event(struct sock *sk, enum tcp_ca_event ev)
{
	struct cubic *ca = cubic_of(sk);
	s32 idle;

	if (ev != CA_EVENT_TX_START || !ca->in_epoch)
		return;
	/* 5.8: the time without data does not count on the curve. */
	idle = (s32)((u32)jiffies - tcp_sk(sk)->lsndtime);
	if (idle > 0) {
		ca->epoch_start += (u32)idle;
		if ((s32)((u32)jiffies - ca->epoch_start) < 0)
			ca->epoch_start = (u32)jiffies;
	}
}

static void cubic_pkts_acked(struct sock *sk, const struct ack_sample *s)
{
	struct cubic *ca = cubic_of(sk);

	if (s->rtt_us > 0 && (!ca->delay_min || (u32)s->rtt_us < ca->delay_min))
		ca->delay_min = (u32)s->rtt_us;
}

static void cubic_init(struct sock *sk)
{
	memset(cubic_of(sk), 0, sizeof(struct cubic));
}

const struct tcp_congestion_ops cubictcp = {
	.name = "cubic",
	.flags = TCP_CONG_NON_RESTRICTED,
	.init = cubic_init,
	.ssthresh = cubic_ssthresh,
	.cong_avoid = cubic_cong_avoid,
	.set_state = cubic_set_state,
	.cwnd_event = cubic_cwnd_event,
	.pkts_acked = cubic_pkts_acked,
	.undo_cwnd = tcp_reno_undo_cwnd,
};
