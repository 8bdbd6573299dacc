/* SPDX-License-Identifier: MIT */
/*
 * TCP_INFO: the connection as programs may see it; and the stop watch behind
 * its busy and limited times.
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

static inline void tcp_chrono_set(struct tcp_sock *tp, enum tcp_chrono type)
{
	u32 now = tcp_jiffies32();

	if (tp->chrono_type > TCP_CHRONO_UNSPEC)
		tp->chrono_stat[tp->chrono_type - 1] += now - tp->chrono_start;
	tp->chrono_start = now;
	tp->chrono_type = type;
}

/* One runs at a time; one that limits more takes over from one that less. */
void tcp_chrono_start(struct sock *sk, enum tcp_chrono type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (type > tp->chrono_type)
		tcp_chrono_set(tp, type);
}

void tcp_chrono_stop(struct sock *sk, enum tcp_chrono type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (skb_queue_empty(&sk->sk_write_queue) && tcp_rtx_queue_empty(sk))
		tcp_chrono_set(tp, TCP_CHRONO_UNSPEC);
	else if (type == tp->chrono_type)
		tcp_chrono_set(tp, TCP_CHRONO_BUSY);
}

static u64 tcp_chrono_us(const struct tcp_sock *tp, enum tcp_chrono type)
{
	u64 ms = tp->chrono_stat[type - 1];

	if (tp->chrono_type == type)
		ms += tcp_jiffies32() - tp->chrono_start;
	return ms * 1000;
}

static void tcp_info_options(const struct tcp_sock *tp, struct tcp_info *info)
{
	if (tp->rx_opt.tstamp_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcp_is_sack(tp))
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->rx_opt.wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->rx_opt.snd_wscale;
		info->tcpi_rcv_wscale = tp->rx_opt.rcv_wscale;
	}
	if (tp->ecn_flags & TCP_ECN_OK)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tp->ecn_flags & TCP_ECN_SEEN)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tp->syn_data_acked)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
}

static void tcp_info_times(struct sock *sk, struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 now = tcp_jiffies32();

	info->tcpi_rto = icsk->icsk_rto * 1000;
	info->tcpi_ato = icsk->icsk_ack.ato * 1000;
	info->tcpi_last_data_sent = now - tp->lsndtime;
	info->tcpi_last_data_recv = now - icsk->icsk_ack.lrcvtime;
	info->tcpi_last_ack_recv = now - tp->rcv_tstamp;
	info->tcpi_rtt = tp->srtt_us >> 3;
	info->tcpi_rttvar = tp->mdev_us >> 2;
	info->tcpi_rcv_rtt = tp->rcv_rtt_est.rtt_us >> 3;
	info->tcpi_min_rtt = tcp_min_rtt(tp);
	info->tcpi_rwnd_limited = tcp_chrono_us(tp, TCP_CHRONO_RWND_LIMITED);
	info->tcpi_sndbuf_limited =
		tcp_chrono_us(tp, TCP_CHRONO_SNDBUF_LIMITED);
	info->tcpi_busy_time = tcp_chrono_us(tp, TCP_CHRONO_BUSY) +
			       info->tcpi_rwnd_limited +
			       info->tcpi_sndbuf_limited;
}

static void tcp_info_counts(struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	info->tcpi_unacked = tp->packets_out;
	info->tcpi_sacked = tp->sacked_out;
	info->tcpi_lost = tp->lost_out;
	info->tcpi_retrans = tp->retrans_out;
	info->tcpi_total_retrans = tp->total_retrans;
	info->tcpi_bytes_acked = tp->bytes_acked;
	info->tcpi_bytes_received = tp->bytes_received;
	info->tcpi_notsent_bytes = max_t(int, 0, tp->write_seq - tp->snd_nxt);
	info->tcpi_segs_out = tp->segs_out;
	info->tcpi_segs_in = tp->segs_in;
	info->tcpi_data_segs_in = tp->data_segs_in;
	info->tcpi_data_segs_out = tp->data_segs_out;
	info->tcpi_delivered = tp->delivered;
	info->tcpi_delivered_ce = tp->delivered_ce;
	info->tcpi_bytes_sent = tp->bytes_sent;
	info->tcpi_bytes_retrans = tp->bytes_retrans;
	info->tcpi_dsack_dups = tp->dsack_dups;
	info->tcpi_reord_seen = tp->reord_seen;
	info->tcpi_rcv_ooopack = tp->rcv_ooopack;
}

void tcp_get_info(struct sock *sk, struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 rate = sk->sk_pacing_rate;

	memset(info, 0, sizeof(*info));
	if (sk->sk_type != SOCK_STREAM)
		return;
	info->tcpi_state = sk->sk_state;
	info->tcpi_pacing_rate = rate ? rate : ~0ULL;
	info->tcpi_max_pacing_rate = sk->sk_max_pacing_rate;
	info->tcpi_reordering = tp->reordering;
	info->tcpi_snd_cwnd = tp->snd_cwnd;
	if (sk->sk_state == TCP_LISTEN) {
		/* LINUX: the two lengths of the accept queue. */
		info->tcpi_unacked = sk->sk_ack_backlog;
		info->tcpi_sacked = sk->sk_max_ack_backlog;
		return;
	}
	info->tcpi_ca_state = icsk->icsk_ca_state;
	info->tcpi_retransmits = icsk->icsk_retransmits;
	info->tcpi_probes = icsk->icsk_probes_out;
	info->tcpi_backoff = icsk->icsk_backoff;
	info->tcpi_snd_mss = tp->mss_cache;
	info->tcpi_rcv_mss = icsk->icsk_ack.rcv_mss;
	info->tcpi_pmtu = icsk->icsk_pmtu_cookie;
	info->tcpi_rcv_ssthresh = tp->rcv_ssthresh;
	info->tcpi_snd_ssthresh = tp->snd_ssthresh;
	info->tcpi_advmss = tp->advmss;
	info->tcpi_rcv_space = tp->rcvq_space.space;
	info->tcpi_snd_wnd = tp->snd_wnd;
	info->tcpi_fastopen_client_fail = tp->fastopen_client_fail;
	tcp_info_options(tp, info);
	tcp_info_times(sk, info);
	tcp_info_counts(sk, info);
	if (tp->rate_delivered && tp->rate_interval_us) {
		info->tcpi_delivery_rate = (u64)tp->rate_delivered *
					   tp->mss_cache * 1000000 /
					   tp->rate_interval_us;
		info->tcpi_delivery_rate_app_limited = tp->rate_app_limited;
	}
}

void tcp_get_info_tail(const struct sock *sk, struct tcp_info_tail *t)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	memset(t, 0, sizeof(*t));
	if (sk->sk_type != SOCK_STREAM || sk->sk_state == TCP_LISTEN)
		return;
	t->tcpi_rcv_wnd = tp->rcv_wnd;
	t->tcpi_rehash = tp->timeout_rehash;
	t->tcpi_total_rto = tp->total_rto;
	t->tcpi_total_rto_recoveries = tp->total_rto_recoveries;
	t->tcpi_total_rto_time = tp->total_rto_time;
	if (tp->rto_stamp)
		t->tcpi_total_rto_time +=
			(u32)(tcp_clock_us() / 1000) - tp->rto_stamp;
	t->tcpi_received_ce = tp->received_ce;
	t->tcpi_received_e1_bytes = tp->received_ecn_bytes[0];
	t->tcpi_received_e0_bytes = tp->received_ecn_bytes[1];
	t->tcpi_received_ce_bytes = tp->received_ecn_bytes[2];
}
