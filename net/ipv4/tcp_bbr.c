/* SPDX-License-Identifier: MIT */
/*
 * "bbr": BBR version 1 (draft-cardwell-iccrg-bbr-congestion-control-00; ACM
 * Queue 14-5, "BBR: Congestion-Based Congestion Control").
 *
 * A model of the path instead of a reaction to loss: bw, the highest delivery
 * rate of the last ten round trips, and min_rtt, the lowest RTT of the last
 * ten seconds. Segments are paced at a gain times bw, and what is in flight is
 * bound by a gain times their product:
 *
 *	STARTUP --- bw stops growing ---> DRAIN --- queue empty ---> PROBE_BW
 *	   ^                                                          |  ^
 *	   '--- pipe not known full --- PROBE_RTT <- min_rtt is old --'  |
 *	                                    '--------- 200 ms -----------'
 *
 * Rates are segments a microsecond << BW_SCALE, gains of 256. LINUX: beyond
 * the draft, the sampling of policed rates (lt_*), room for aggregated ACKs
 * (extra_acked), pacing a percent below bw.
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include <linux/inet_diag.h>

#define BW_SCALE 24
#define BW_UNIT (1ULL << BW_SCALE)
#define GAIN_UNIT 256U

#define HIGH_GAIN 739U /* 2/ln 2: the least that doubles each round */
#define DRAIN_GAIN 88U /* its inverse */
#define CWND_GAIN 512U
#define BW_ROUNDS 10 /* round trips that a bandwidth sample lives */
#define MIN_RTT_WIN (10 * HZ)
#define PROBE_RTT_TIME (200 * HZ / 1000)
#define MIN_CWND 4U
#define FULL_BW_THRESH 320U /* growth by a quarter is still growth */
#define FULL_BW_ROUNDS 3
#define PACING_MARGIN 1 /* percent below bw, to let queues drain */
#define CYCLE_LEN 8 /* phases, a round trip each */
#define MIN_TSO_RATE 150000U /* bytes/s: below, single segments */

/* Policers: a rate kept over intervals with a fifth lost. */
#define LT_MIN_ROUNDS 4
#define LT_MAX_ROUNDS 16
#define LT_LOSS_THRESH 50U /* of 256 */
#define LT_BW_RATIO 32U /* of 256 */
#define LT_BW_DIFF 500U /* bytes/s */
#define LT_USE_ROUNDS 48

#define EXTRA_ACKED_ROUNDS 5
#define EXTRA_ACKED_MAX_US 100000U
#define ACK_EPOCH_MAX (1U << 20)

enum bbr_mode { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BW, BBR_PROBE_RTT };

struct bbr {
	u32 min_rtt_us, min_rtt_stamp; /* jiffies when it was seen */
	u32 probe_rtt_done_stamp; /* jiffies, 0: not yet in flight that few */
	struct minmax_sample bw[3]; /* ~rate: the lowest is the highest */
	u32 rtt_cnt; /* rounds so far */
	u32 next_rtt_delivered; /* the round ends with this */
	u64 cycle_mstamp; /* us: this phase began */
	u64 ack_epoch_mstamp; /* us: counting of extra_acked began */
	u32 prior_cwnd; /* before recovery, or PROBE_RTT */
	u32 full_bw; /* as it last grew */
	u32 lt_bw, lt_last_delivered, lt_last_stamp, lt_last_lost;
	u32 ack_epoch_acked;
	u16 extra_acked[2]; /* the most, of this half window and the last */
	u16 pacing_gain, cwnd_gain;
	u32 mode : 2, prev_ca_state : 3, cycle_idx : 3, full_bw_cnt : 2;
	u32 lt_rtt_cnt : 7, extra_rounds : 3, extra_idx : 1;
	u32 round_start : 1, packet_conservation : 1, idle_restart : 1;
	u32 probe_rtt_round_done : 1, full_bw_reached : 1, has_seen_rtt : 1;
	u32 lt_is_sampling : 1, lt_use_bw : 1;
};
static_assert(sizeof(struct bbr) <= ICSK_CA_PRIV_SIZE, "fits icsk_ca_priv");

static u32 bbr_max_bw(const struct bbr *b)
{
	return ~b->bw[0].v;
}

static u32 bbr_bw(const struct bbr *b)
{
	return b->lt_use_bw ? b->lt_bw : bbr_max_bw(b);
}

static u64 bbr_rate_bytes(const struct sock *sk, u64 rate, u32 gain)
{
	rate = rate * tcp_sk(sk)->mss_cache * gain / GAIN_UNIT;
	rate *= 1000000 / 100 * (100 - PACING_MARGIN);
	return rate >> BW_SCALE;
}

static u64 bbr_pacing_rate(const struct sock *sk, u64 bw, u32 gain)
{
	return min(bbr_rate_bytes(sk, bw, gain), sk->sk_max_pacing_rate);
}

/* Before bw is known: the initial window in a RTT. */
static void bbr_init_pacing_rate(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 rtt_us = 1000;

	if (tp->srtt_us) {
		rtt_us = max(tp->srtt_us >> 3, 1U);
		b->has_seen_rtt = 1;
	}
	sk->sk_pacing_rate = bbr_pacing_rate(
		sk, tp->snd_cwnd * BW_UNIT / rtt_us, HIGH_GAIN);
}

static void bbr_set_pacing_rate(struct sock *sk, u32 bw, u32 gain)
{
	u64 rate = bbr_pacing_rate(sk, bw, gain);
	struct bbr *b = inet_csk_ca(sk);

	if (unlikely(!b->has_seen_rtt && tcp_sk(sk)->srtt_us))
		bbr_init_pacing_rate(sk);
	if (b->full_bw_reached || rate > sk->sk_pacing_rate)
		sk->sk_pacing_rate = rate;
}

static u32 bbr_min_tso_segs(struct sock *sk)
{
	return sk->sk_pacing_rate < MIN_TSO_RATE ? 1 : 2;
}

/* Segments that one transmission will hold. */
static u32 bbr_tso_segs_goal(struct sock *sk)
{
	u32 bytes = tcp_tso_autosize(sk, 65536 - 1 - MAX_TCP_HEADER);

	return min(max(bytes / tcp_sk(sk)->mss_cache, bbr_min_tso_segs(sk)),
		   0x7fU);
}

/* cwnd before recovery or PROBE_RTT, to come back to. */
static void bbr_save_cwnd(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);

	if (b->prev_ca_state < TCP_CA_Recovery && b->mode != BBR_PROBE_RTT)
		b->prior_cwnd = tp->snd_cwnd;
	else
		b->prior_cwnd = max(b->prior_cwnd, tp->snd_cwnd);
}

/* Draft 4.2.3.2: bw * min_rtt * gain, in segments. */
static u32 bbr_bdp(struct sock *sk, u32 bw, u32 gain)
{
	const struct bbr *b = inet_csk_ca(sk);
	u64 w;

	if (b->min_rtt_us == ~0U)
		return TCP_INIT_CWND;
	w = ((u64)bw * b->min_rtt_us * gain) / GAIN_UNIT;
	return (u32)((w + BW_UNIT - 1) >> BW_SCALE);
}

/* Room for what is held back to be sent or acknowledged in one go. */
static u32 bbr_quantization_budget(struct sock *sk, u32 cwnd)
{
	const struct bbr *b = inet_csk_ca(sk);

	cwnd += 3 * bbr_tso_segs_goal(sk);
	cwnd = (cwnd + 1) & ~1U;
	if (b->mode == BBR_PROBE_BW && !b->cycle_idx)
		cwnd += 2;
	return cwnd;
}

static u32 bbr_inflight(struct sock *sk, u32 bw, u32 gain)
{
	return bbr_quantization_budget(sk, bbr_bdp(sk, bw, gain));
}

static u32 bbr_ack_aggregation_cwnd(const struct bbr *b)
{
	u32 most = (u32)((u64)bbr_bw(b) * EXTRA_ACKED_MAX_US >> BW_SCALE);

	if (!b->full_bw_reached)
		return 0;
	return min_t(u32, max(b->extra_acked[0], b->extra_acked[1]), most);
}

/*
 * Draft 4.2.3.4: in the first round of recovery send one for each that is
 * delivered; afterwards return to what there was. True: *cwnd is final.
 */
static bool bbr_recover_or_restore(struct sock *sk,
				   const struct rate_sample *rs, u32 acked,
				   u32 *cwnd)
{
	u8 state = inet_csk(sk)->icsk_ca_state;
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u8 prev = b->prev_ca_state;

	*cwnd = tp->snd_cwnd;
	if (rs->losses > 0)
		*cwnd = (u32)max_t(int, (int)*cwnd - rs->losses, 1);
	if (state == TCP_CA_Recovery && prev != TCP_CA_Recovery) {
		b->packet_conservation = 1;
		b->next_rtt_delivered = tp->delivered;
		*cwnd = tcp_packets_in_flight(tp) + acked;
	} else if (prev >= TCP_CA_Recovery && state < TCP_CA_Recovery) {
		*cwnd = max(*cwnd, b->prior_cwnd);
		b->packet_conservation = 0;
	}
	b->prev_ca_state = state;
	if (b->packet_conservation)
		*cwnd = max(*cwnd, tcp_packets_in_flight(tp) + acked);
	return b->packet_conservation;
}

/* Draft 4.2.3.6 */
static void bbr_set_cwnd(struct sock *sk, const struct rate_sample *rs,
			 u32 acked, u32 bw, u32 gain)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 cwnd = tp->snd_cwnd, target;

	if (acked && !bbr_recover_or_restore(sk, rs, acked, &cwnd)) {
		target = bbr_bdp(sk, bw, gain) + bbr_ack_aggregation_cwnd(b);
		target = bbr_quantization_budget(sk, target);
		if (b->full_bw_reached)
			cwnd = min(cwnd + acked, target);
		else if (cwnd < target || tp->delivered < TCP_INIT_CWND)
			cwnd += acked;
		cwnd = max(cwnd, MIN_CWND);
	}
	cwnd = min(cwnd, tp->snd_cwnd_clamp);
	if (b->mode == BBR_PROBE_RTT)
		cwnd = min(cwnd, MIN_CWND);
	tp->snd_cwnd = cwnd;
}

static u32 bbr_cycle_gain(u8 idx)
{
	/* Probe for more, drain what that queued, cruise. */
	return idx == 0 ? 320 : idx == 1 ? 192 : GAIN_UNIT;
}

static void bbr_advance_cycle(struct sock *sk)
{
	struct bbr *b = inet_csk_ca(sk);

	b->cycle_idx = (b->cycle_idx + 1) % CYCLE_LEN;
	b->cycle_mstamp = tcp_sk(sk)->delivered_mstamp;
}

/* Draft 4.3.4.2: is it time for the next phase? */
static bool bbr_is_next_cycle_phase(struct sock *sk,
				    const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	bool full = tcp_stamp_us_delta(tp->delivered_mstamp, b->cycle_mstamp) >
		    b->min_rtt_us;
	u32 bw = bbr_max_bw(b);

	if (b->pacing_gain == GAIN_UNIT)
		return full;
	if (b->pacing_gain > GAIN_UNIT)
		/* Until the larger amount is really in flight. */
		return full &&
		       (rs->losses || rs->prior_in_flight >=
					      bbr_inflight(sk, bw,
							   b->pacing_gain));
	return full || rs->prior_in_flight <= bbr_inflight(sk, bw, GAIN_UNIT);
}

static void bbr_reset_probe_bw(struct sock *sk)
{
	struct bbr *b = inet_csk_ca(sk);

	b->mode = BBR_PROBE_BW;
	/* Any phase but the draining one, so that flows do not march in step. */
	b->cycle_idx = CYCLE_LEN - 1 - get_random_u32_below(CYCLE_LEN - 1);
	bbr_advance_cycle(sk);
}

static void bbr_reset_mode(struct sock *sk)
{
	struct bbr *b = inet_csk_ca(sk);

	if (b->full_bw_reached)
		bbr_reset_probe_bw(sk);
	else
		b->mode = BBR_STARTUP;
}

/* LINUX: policers. */
static void bbr_lt_reset_interval(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);

	b->lt_last_stamp = (u32)(tp->delivered_mstamp / 1000);
	b->lt_last_delivered = tp->delivered;
	b->lt_last_lost = tp->lost;
	b->lt_rtt_cnt = 0;
}

static void bbr_lt_reset(struct sock *sk)
{
	struct bbr *b = inet_csk_ca(sk);

	b->lt_bw = 0;
	b->lt_use_bw = 0;
	b->lt_is_sampling = 0;
	bbr_lt_reset_interval(sk);
}

/* Two intervals in a row with the same rate: that is the policer's. */
static void bbr_lt_interval_done(struct sock *sk, u32 bw)
{
	struct bbr *b = inet_csk_ca(sk);
	u32 diff;

	if (b->lt_bw) {
		diff = bw > b->lt_bw ? bw - b->lt_bw : b->lt_bw - bw;
		if ((u64)diff * GAIN_UNIT <= (u64)LT_BW_RATIO * b->lt_bw ||
		    bbr_rate_bytes(sk, diff, GAIN_UNIT) <= LT_BW_DIFF) {
			b->lt_bw = (u32)(((u64)bw + b->lt_bw) >> 1);
			b->lt_use_bw = 1;
			b->lt_rtt_cnt = 0;
			return;
		}
	}
	b->lt_bw = bw;
	bbr_lt_reset_interval(sk);
}

static void bbr_lt_sampling(struct sock *sk, const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 lost, delivered, t;

	if (b->lt_use_bw) {
		if (b->mode == BBR_PROBE_BW && b->round_start &&
		    ++b->lt_rtt_cnt >= LT_USE_ROUNDS) {
			bbr_lt_reset(sk); /* does the policer still stand? */
			bbr_reset_probe_bw(sk);
		}
		return;
	}
	if (!b->lt_is_sampling) {
		/* From the first loss on: its bucket has just run empty. */
		if (!rs->losses)
			return;
		bbr_lt_reset_interval(sk);
		b->lt_is_sampling = 1;
	}
	if (rs->is_app_limited) {
		bbr_lt_reset(sk);
		return;
	}
	if (b->round_start)
		b->lt_rtt_cnt++;
	if (b->lt_rtt_cnt < LT_MIN_ROUNDS)
		return;
	if (b->lt_rtt_cnt > LT_MAX_ROUNDS) {
		bbr_lt_reset(sk);
		return;
	}
	if (!rs->losses)
		return;
	lost = tp->lost - b->lt_last_lost;
	delivered = tp->delivered - b->lt_last_delivered;
	if (!delivered || lost * 256ULL < (u64)LT_LOSS_THRESH * delivered)
		return;
	t = (u32)(tp->delivered_mstamp / 1000) - b->lt_last_stamp;
	if ((s32)t < 1)
		return;
	if (t >= ~0U / 1000)
		bbr_lt_reset(sk);
	else
		bbr_lt_interval_done(sk, (u32)(delivered * BW_UNIT /
					       (t * 1000)));
}

/* Draft 4.1.1: rounds, and the windowed maximum of the delivery rate. */
static void bbr_update_bw(struct sock *sk, const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u64 bw;

	b->round_start = 0;
	if (rs->delivered < 0 || rs->interval_us <= 0)
		return;
	if (!before(rs->prior_delivered, b->next_rtt_delivered)) {
		b->next_rtt_delivered = tp->delivered;
		b->rtt_cnt++;
		b->round_start = 1;
		b->packet_conservation = 0;
	}
	bbr_lt_sampling(sk, rs);
	bw = (u64)rs->delivered * BW_UNIT / (u64)rs->interval_us;
	/* What the program held back is no measure, unless it is more. */
	if (!rs->is_app_limited || bw >= bbr_max_bw(b))
		minmax_running_min(b->bw, BW_ROUNDS, b->rtt_cnt,
				   ~(u32)min_t(u64, bw, ~0U));
}

/* LINUX: by how much do ACKs come ahead of what bw explains? */
static void bbr_update_ack_aggregation(struct sock *sk,
				       const struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 expected, extra;

	if (!rs->acked_sacked || rs->delivered < 0 || rs->interval_us <= 0)
		return;
	if (b->round_start && ++b->extra_rounds >= EXTRA_ACKED_ROUNDS) {
		b->extra_rounds = 0;
		b->extra_idx ^= 1;
		b->extra_acked[b->extra_idx] = 0;
	}
	expected = (u32)((u64)bbr_bw(b) *
				 tcp_stamp_us_delta(tp->delivered_mstamp,
						    b->ack_epoch_mstamp) >>
			 BW_SCALE);
	if (b->ack_epoch_acked <= expected ||
	    b->ack_epoch_acked + rs->acked_sacked >= ACK_EPOCH_MAX) {
		b->ack_epoch_acked = 0;
		b->ack_epoch_mstamp = tp->delivered_mstamp;
		expected = 0;
	}
	b->ack_epoch_acked =
		min(b->ack_epoch_acked + rs->acked_sacked, ACK_EPOCH_MAX - 1);
	extra = min(b->ack_epoch_acked - expected, tp->snd_cwnd);
	if (extra > b->extra_acked[b->extra_idx])
		b->extra_acked[b->extra_idx] = (u16)min(extra, 0xffffU);
}

/* Draft 4.3.2.2: three rounds without growth: the pipe is full. */
static void bbr_check_full_bw(struct bbr *b, const struct rate_sample *rs)
{
	if (b->full_bw_reached || !b->round_start || rs->is_app_limited)
		return;
	if (bbr_max_bw(b) >= (u64)b->full_bw * FULL_BW_THRESH / GAIN_UNIT) {
		b->full_bw = bbr_max_bw(b);
		b->full_bw_cnt = 0;
		return;
	}
	b->full_bw_reached = ++b->full_bw_cnt >= FULL_BW_ROUNDS;
}

/* Draft 4.3.3 */
static void bbr_check_drain(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);

	if (b->mode == BBR_STARTUP && b->full_bw_reached) {
		b->mode = BBR_DRAIN;
		tp->snd_ssthresh =
			bbr_inflight(sk, bbr_max_bw(b), GAIN_UNIT);
	}
	if (b->mode == BBR_DRAIN &&
	    tcp_packets_in_flight(tp) <=
		    bbr_inflight(sk, bbr_max_bw(b), GAIN_UNIT))
		bbr_reset_probe_bw(sk);
}

static void bbr_check_probe_rtt_done(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 now = tcp_jiffies32();

	if (!b->probe_rtt_done_stamp || !after(now, b->probe_rtt_done_stamp))
		return;
	b->min_rtt_stamp = now; /* as good as seen */
	tp->snd_cwnd = max(tp->snd_cwnd, b->prior_cwnd);
	bbr_reset_mode(sk);
}

/* Draft 4.3.5: four in flight for 200 ms and a round trip. */
static void bbr_probe_rtt(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);
	u32 in_flight = tcp_packets_in_flight(tp);

	/* Its rates are of our own making. */
	tp->app_limited = tp->delivered + in_flight;
	if (!tp->app_limited)
		tp->app_limited = 1;
	if (!b->probe_rtt_done_stamp) {
		if (in_flight > MIN_CWND)
			return;
		b->probe_rtt_done_stamp = tcp_jiffies32() + PROBE_RTT_TIME;
		b->probe_rtt_done_stamp += !b->probe_rtt_done_stamp;
		b->probe_rtt_round_done = 0;
		b->next_rtt_delivered = tp->delivered;
		return;
	}
	if (b->round_start)
		b->probe_rtt_round_done = 1;
	if (b->probe_rtt_round_done)
		bbr_check_probe_rtt_done(sk);
}

/* Draft 4.1.2: the windowed minimum of the RTT. */
static void bbr_update_min_rtt(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *b = inet_csk_ca(sk);
	u32 now = tcp_jiffies32();
	bool expired = after(now, b->min_rtt_stamp + (u32)MIN_RTT_WIN);

	if (rs->rtt_us >= 0 && ((u32)rs->rtt_us < b->min_rtt_us ||
				(expired && !rs->is_ack_delayed))) {
		b->min_rtt_us = (u32)rs->rtt_us;
		b->min_rtt_stamp = now;
	}
	if (expired && !b->idle_restart && b->mode != BBR_PROBE_RTT) {
		b->mode = BBR_PROBE_RTT;
		bbr_save_cwnd(sk);
		b->probe_rtt_done_stamp = 0;
	}
	if (b->mode == BBR_PROBE_RTT)
		bbr_probe_rtt(sk);
	if (rs->delivered > 0)
		b->idle_restart = 0;
}

static void bbr_update_gains(struct bbr *b)
{
	switch (b->mode) {
	case BBR_STARTUP:
		b->pacing_gain = HIGH_GAIN;
		b->cwnd_gain = HIGH_GAIN;
		break;
	case BBR_DRAIN:
		b->pacing_gain = DRAIN_GAIN;
		b->cwnd_gain = HIGH_GAIN;
		break;
	case BBR_PROBE_BW:
		b->pacing_gain = b->lt_use_bw ? GAIN_UNIT
					      : bbr_cycle_gain(b->cycle_idx);
		b->cwnd_gain = CWND_GAIN;
		break;
	case BBR_PROBE_RTT:
		b->pacing_gain = GAIN_UNIT;
		b->cwnd_gain = GAIN_UNIT;
		break;
	}
}

static void bbr_main(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *b = inet_csk_ca(sk);

	bbr_update_bw(sk, rs);
	bbr_update_ack_aggregation(sk, rs);
	if (b->mode == BBR_PROBE_BW && bbr_is_next_cycle_phase(sk, rs))
		bbr_advance_cycle(sk);
	bbr_check_full_bw(b, rs);
	bbr_check_drain(sk);
	bbr_update_min_rtt(sk, rs);
	bbr_update_gains(b);
	bbr_set_pacing_rate(sk, bbr_bw(b), b->pacing_gain);
	bbr_set_cwnd(sk, rs, rs->acked_sacked, bbr_bw(b), b->cwnd_gain);
}

static void bbr_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);

	*b = (struct bbr){
		.min_rtt_us = tcp_min_rtt(tp),
		.min_rtt_stamp = tcp_jiffies32(),
		.next_rtt_delivered = tp->delivered,
		.ack_epoch_mstamp = tp->tcp_mstamp,
		.prev_ca_state = TCP_CA_Open,
	};
	minmax_reset(b->bw, 0, ~0U);
	bbr_update_gains(b);
	bbr_lt_reset(sk);
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	bbr_init_pacing_rate(sk);
	sk->sk_pacing_status = SK_PACING_NEEDED;
}

static u32 bbr_sndbuf_expand(struct sock *sk)
{
	(void)sk;
	return 3; /* PROBE_BW and a round of recovery */
}

/* A reduction was needless: measure anew, the rest cares for itself. */
static u32 bbr_undo_cwnd(struct sock *sk)
{
	struct bbr *b = inet_csk_ca(sk);

	b->full_bw = 0;
	b->full_bw_cnt = 0;
	bbr_lt_reset(sk);
	return tcp_sk(sk)->snd_cwnd;
}

/* A loss: it says nothing, but cwnd is about to be reduced. */
static u32 bbr_ssthresh(struct sock *sk)
{
	bbr_save_cwnd(sk);
	return tcp_sk(sk)->snd_ssthresh;
}

static void bbr_set_state(struct sock *sk, u8 new_state)
{
	static const struct rate_sample lost = { .losses = 1 };
	struct bbr *b = inet_csk_ca(sk);

	if (new_state != TCP_CA_Loss)
		return;
	b->prev_ca_state = TCP_CA_Loss;
	b->full_bw = 0;
	b->round_start = 1; /* a timeout ends a round */
	bbr_lt_sampling(sk, &lost);
}

/* Draft 4.3.4.3: after idling start at bw, with nothing in the queue. */
static void bbr_cwnd_event(struct sock *sk, enum tcp_ca_event ev)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *b = inet_csk_ca(sk);

	if (ev != CA_EVENT_TX_START || !tp->app_limited)
		return;
	b->idle_restart = 1;
	b->ack_epoch_mstamp = tp->tcp_mstamp;
	b->ack_epoch_acked = 0;
	if (b->mode == BBR_PROBE_BW)
		bbr_set_pacing_rate(sk, bbr_bw(b), GAIN_UNIT);
	else if (b->mode == BBR_PROBE_RTT)
		bbr_check_probe_rtt_done(sk);
}

static size_t bbr_get_info(struct sock *sk, void *info)
{
	const struct bbr *b = inet_csk_ca(sk);
	u64 bw = (u64)bbr_bw(b) * tcp_sk(sk)->mss_cache * 1000000 >> BW_SCALE;
	struct tcp_bbr_info i = {
		.bbr_bw_lo = (u32)bw,
		.bbr_bw_hi = (u32)(bw >> 32),
		.bbr_min_rtt = b->min_rtt_us,
		.bbr_pacing_gain = b->pacing_gain,
		.bbr_cwnd_gain = b->cwnd_gain,
	};

	memcpy(info, &i, sizeof(i));
	return sizeof(i);
}

const struct tcp_congestion_ops tcp_bbr = {
	.name = "bbr",
	.flags = TCP_CONG_NON_RESTRICTED,
	.init = bbr_init,
	.ssthresh = bbr_ssthresh,
	.cong_control = bbr_main,
	.set_state = bbr_set_state,
	.cwnd_event = bbr_cwnd_event,
	.undo_cwnd = bbr_undo_cwnd,
	.sndbuf_expand = bbr_sndbuf_expand,
	.min_tso_segs = bbr_min_tso_segs,
	.get_info = bbr_get_info,
};
