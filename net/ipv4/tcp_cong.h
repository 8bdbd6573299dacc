/* SPDX-License-Identifier: MIT */
/*
 * Congestion control: the table of algorithms (tcp_cong.c), what they are told,
 * and cwnd as the sender asks for it. RTT and pacing rate, which they live on.
 */
#ifndef NET_IPV4_TCP_CONG_H
#define NET_IPV4_TCP_CONG_H

#include "net/ipv4/tcp_sock.h"

/* Delivery rate (draft-cheng-iccrg-delivery-rate-estimation). */
struct rate_sample {
	u64 prior_mstamp;
	u32 prior_delivered;
	s32 delivered; /* packets over the interval, < 0: invalid */
	long interval_us;
	u32 snd_interval_us, rcv_interval_us;
	long rtt_us;
	int losses;
	u32 acked_sacked;
	u32 prior_in_flight;
	u32 last_end_seq;
	bool is_app_limited, is_retrans, is_ack_delayed;
};

enum tcp_ca_event {
	CA_EVENT_TX_START,
	CA_EVENT_CWND_RESTART,
	CA_EVENT_COMPLETE_CWR,
	CA_EVENT_LOSS,
	CA_EVENT_ECN_NO_CE,
	CA_EVENT_ECN_IS_CE,
};
struct ack_sample {
	u32 pkts_acked;
	s32 rtt_us;
	u32 in_flight;
};
#define TCP_CONG_NON_RESTRICTED 1

struct tcp_congestion_ops {
	const char *name;
	u32 flags;
	void (*init)(struct sock *sk);
	void (*release)(struct sock *sk);
	/* Required: the new ssthresh after a loss. */
	u32 (*ssthresh)(struct sock *sk);
	/* This or cong_control: grow by @acked segments. */
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	/* Takes over cwnd and pacing altogether (BBR). */
	void (*cong_control)(struct sock *sk, const struct rate_sample *rs);
	void (*set_state)(struct sock *sk, u8 new_state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event ev);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *s);
	/* Required: cwnd when a reduction proves needless. */
	u32 (*undo_cwnd)(struct sock *sk);
	u32 (*sndbuf_expand)(struct sock *sk);
	u32 (*min_tso_segs)(struct sock *sk);
	/* TCP_CC_INFO: bytes written to @info (at most 20), 0: none. */
	size_t (*get_info)(struct sock *sk, void *info);
};
#define TCP_CA_NAME_MAX 16
extern const struct tcp_congestion_ops tcp_reno, cubictcp, tcp_bbr;
const struct tcp_congestion_ops *tcp_ca_find(const char *name);
/* The i-th, NULL beyond the last. */
const struct tcp_congestion_ops *tcp_ca_nth(unsigned int i);
void tcp_assign_congestion_control(struct sock *sk);
void tcp_init_congestion_control(struct sock *sk);
void tcp_cleanup_congestion_control(struct sock *sk);
int tcp_set_congestion_control(struct sock *sk, const char *name);
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked);
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked);
u32 tcp_reno_ssthresh(struct sock *sk);
u32 tcp_reno_undo_cwnd(struct sock *sk);
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked);

static inline bool tcp_in_slow_start(const struct tcp_sock *tp)
{
	return tp->snd_cwnd < tp->snd_ssthresh;
}
static inline bool tcp_in_initial_slowstart(const struct tcp_sock *tp)
{
	return tp->snd_ssthresh >= TCP_INFINITE_SSTHRESH;
}
static inline bool tcp_in_cwnd_reduction(const struct sock *sk)
{
	return (TCPF_CA_CWR | TCPF_CA_Recovery) &
	       (1 << inet_csk(sk)->icsk_ca_state);
}
/* LINUX: cwnd may grow only when it was what limited sending. */
static inline bool tcp_is_cwnd_limited(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->is_cwnd_limited)
		return true;
	return tcp_in_slow_start(tp) && tp->snd_cwnd < 2 * tp->max_packets_out;
}
static inline void tcp_ca_event(struct sock *sk, enum tcp_ca_event ev)
{
	if (inet_csk(sk)->icsk_ca_ops->cwnd_event)
		inet_csk(sk)->icsk_ca_ops->cwnd_event(sk, ev);
}
static inline void tcp_set_ca_state(struct sock *sk, u8 state)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->set_state)
		icsk->icsk_ca_ops->set_state(sk, state);
	icsk->icsk_ca_state = state;
}

/* RFC 5681 3.2, RFC 6937: where cwnd stands as seen from ssthresh. */
static inline u32 tcp_current_ssthresh(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_in_cwnd_reduction(sk))
		return tp->snd_ssthresh;
	return max(tp->snd_ssthresh, (tp->snd_cwnd >> 1) + (tp->snd_cwnd >> 2));
}

#endif
