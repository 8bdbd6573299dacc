/* SPDX-License-Identifier: MIT */
/*
 * TCP (RFC 9293).
 *
 * Life of data, sending: tcp_sendmsg() copies into fragments of skbs on
 * sk_write_queue; tcp_write_xmit() cuts them to what windows allow and gives
 * clones to ip_queue_xmit() (tcp_transmit_skb); what was sent waits on
 * tcp_rtx_queue until tcp_ack() sees it acknowledged. Receiving: tcp_v4_rcv()
 * finds the socket; tcp_rcv_established() or tcp_rcv_state_process() check and
 * acknowledge; tcp_data_queue() queues in order or out of order; tcp_recvmsg()
 * copies out.
 *
 * Sequence numbers (RFC 9293 3.3.1): snd_una <= snd_nxt <= write_seq, and
 * copied_seq <= rcv_nxt <= rcv_wup + rcv_wnd. rcv_wup is rcv_nxt as of the last
 * window we advertised.
 *
 * Congestion control is a table (tcp_cong.c); what is lost is decided by RACK
 * (tcp_recovery.c) on connections with SACK and by duplicate ACKs on others.
 */
#ifndef NET_IPV4_TCP_H
#define NET_IPV4_TCP_H

#include "lib/rbtree.h"
#include "net/core/tcp_states.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/inet_timewait.h"
#include "net/ipv4/ip.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp_fastopen.h"
#include "uapi/tcp_info.h"
#include <linux/tcp.h>

#define MAX_TCP_WINDOW 32767U
#define TCP_MIN_MSS 88U
#define TCP_MIN_GSO_SIZE 48
#define TCP_MAX_WSCALE 14U
#define TCP_FASTRETRANS_THRESH 3
#define TCP_MAX_QUICKACKS 16U
#define TCP_INIT_CWND 10 /* RFC 6928 */
#define TCP_INFINITE_SSTHRESH 0x7fffffff
#define TCP_DEFAULT_SCALING_RATIO 128 /* of 256: data in truesize */

#define TCP_RTO_MAX (120 * HZ)
#define TCP_RTO_MIN (HZ / 5) /* LINUX: not RFC 6298's second */
#define TCP_TIMEOUT_INIT HZ /* RFC 6298 2.1 */
#define TCP_TIMEOUT_FALLBACK (3 * HZ) /* RFC 6298 5.7 */
#define TCP_TIMEOUT_MIN 2UL
#define TCP_TIMEOUT_MIN_US (2 * 1000U)
#define TCP_DELACK_MAX (HZ / 5)
#define TCP_DELACK_MIN (HZ / 25)
#define TCP_ATO_MIN (HZ / 25)
#define TCP_RESOURCE_PROBE_INTERVAL (HZ / 2)
#define TCP_TIMEWAIT_LEN (60 * HZ)
#define TCP_FIN_TIMEOUT TCP_TIMEWAIT_LEN
#define TCP_FIN_TIMEOUT_MAX (120 * HZ)
#define TCP_PAWS_WRAP (24 * 24 * 3600) /* s: RFC 7323 5.5 */
#define TCP_PAWS_WINDOW 1
#define TCP_PAWS_MSL 60 /* s */
#define MAX_TCP_KEEPIDLE 32767
#define MAX_TCP_KEEPINTVL 32767
#define MAX_TCP_KEEPCNT 127
#define MAX_TCP_SYNCNT 127

#define TCPOPT_NOP 1
#define TCPOPT_EOL 0
#define TCPOPT_MSS 2
#define TCPOPT_WINDOW 3
#define TCPOPT_SACK_PERM 4
#define TCPOPT_SACK 5
#define TCPOPT_TIMESTAMP 8
#define TCPOPT_MD5SIG 19
#define TCPOPT_FASTOPEN 34
#define TCPOPT_EXP 254 /* RFC 6994: experiments, by a magic number */
#define TCPOPT_FASTOPEN_MAGIC 0xf989
#define TCPOLEN_FASTOPEN_BASE 2
#define TCPOLEN_EXP_FASTOPEN_BASE 4
#define TCPOLEN_MSS 4
#define TCPOLEN_WINDOW 3
#define TCPOLEN_SACK_PERM 2
#define TCPOLEN_TIMESTAMP 10
#define TCPOLEN_TSTAMP_ALIGNED 12
#define TCPOLEN_WSCALE_ALIGNED 4
#define TCPOLEN_SACKPERM_ALIGNED 4
#define TCPOLEN_SACK_BASE 2
#define TCPOLEN_SACK_BASE_ALIGNED 4
#define TCPOLEN_SACK_PERBLOCK 8
#define TCPOLEN_MSS_ALIGNED 4
#define TCP_NUM_SACKS 4
#define MAX_TCP_OPTION_SPACE 40

#define TCPHDR_FIN 0x01
#define TCPHDR_SYN 0x02
#define TCPHDR_RST 0x04
#define TCPHDR_PSH 0x08
#define TCPHDR_ACK 0x10
#define TCPHDR_URG 0x20
#define TCPHDR_ECE 0x40
#define TCPHDR_CWR 0x80
#define TCPHDR_SYN_ECN (TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

/* tcp_sock.nonagle */
#define TCP_NAGLE_OFF 1
#define TCP_NAGLE_CORK 2
#define TCP_NAGLE_PUSH 4

/* tcp_sock.ecn_flags */
#define TCP_ECN_OK 1
#define TCP_ECN_QUEUE_CWR 2
#define TCP_ECN_DEMAND_CWR 4
#define TCP_ECN_SEEN 8

/* tcp_sock.urg_data */
#define TCP_URG_VALID 0x0100
#define TCP_URG_NOTYET 0x0200
#define TCP_URG_READ 0x0400

static inline bool before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}
#define after(a, b) before(b, a)
/* low <= seq <= high */
static inline bool between(u32 seq, u32 low, u32 high)
{
	return high - low >= seq - low;
}

struct tcp_sack_block {
	u32 start_seq, end_seq;
};

struct tcp_options_received {
	u32 ts_recent_stamp; /* seconds: when ts_recent was taken; 0: never */
	u32 ts_recent; /* RFC 7323 TS.Recent */
	u32 rcv_tsval, rcv_tsecr; /* of the segment at hand */
	bool saw_tstamp; /* it had the option */
	bool tstamp_ok, sack_ok, wscale_ok; /* negotiated */
	bool dsack; /* the next SACK we send starts with a D-SACK */
	bool saw_unknown_md5;
	u8 snd_wscale, rcv_wscale;
	u8 num_sacks; /* blocks to send */
	u16 user_mss; /* TCP_MAXSEG */
	u16 mss_clamp; /* the peer's MSS option, bounded */
};

/* TCP_SAVE_SYN: the headers of a SYN. */
struct saved_syn {
	u32 len;
	u8 data[];
};

/* Lowest RTT of a sliding window (three best of three sub-windows). */
struct minmax_sample {
	u32 t, v;
};

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

struct tcp_rack {
	u64 mstamp; /* us: when the latest delivered packet left */
	u32 rtt_us, end_seq, last_delivered;
	u8 reo_wnd_steps, reo_wnd_persist;
	bool dsack_seen, advanced;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn; /* first */
	u16 tcp_header_len; /* of a segment without SACK */
	u32 pred_flags; /* header prediction: word 4 as expected; 0: off */
	u64 bytes_received, bytes_acked, bytes_sent, bytes_retrans;
	u32 segs_in, segs_out, data_segs_in, data_segs_out;
	u32 dsack_dups;

	u32 rcv_nxt; /* next byte expected */
	u32 copied_seq; /* next byte for the program */
	u32 rcv_wup; /* rcv_nxt at the last window update sent */
	u32 snd_nxt; /* next byte to send */
	u32 snd_una; /* oldest unacknowledged byte */
	u32 snd_sml; /* last byte of the latest small segment (Nagle) */
	u32 snd_up; /* RFC 9293 SND.UP */
	u32 write_seq; /* one beyond the last byte queued */
	u32 pushed_seq; /* last byte sent with PSH */
	u32 snd_wl1; /* seq of the segment that last set snd_wnd */
	u32 snd_wnd; /* window of the peer, bytes */
	u32 max_window; /* largest it ever was */
	u32 mss_cache; /* payload of a full segment, SACK not counted */
	u32 rcv_tstamp; /* jiffies: last ACK received */
	u32 lsndtime; /* jiffies: last data sent */

	u32 window_clamp; /* most we ever advertise */
	u32 rcv_ssthresh; /* current bound of it */
	u32 rcv_wnd; /* advertised */
	u8 scaling_ratio;
	u16 advmss; /* MSS option we sent */
	struct {
		u32 rtt_us, seq;
		u64 time; /* us */
	} rcv_rtt_est;
	struct {
		u32 space, seq;
		u64 time;
	} rcvq_space;
	u32 rcv_rtt_last_tsecr;

	/* RTT: RFC 6298. */
	u32 srtt_us; /* << 3 */
	u32 mdev_us; /* << 2 */
	u32 mdev_max_us, rttvar_us, rtt_seq;
	struct minmax_sample rtt_min[3];

	/* Congestion: RFC 5681. Counts are segments. */
	u32 packets_out; /* on tcp_rtx_queue */
	u32 retrans_out; /* of these sent again and not yet seen */
	u32 sacked_out; /* SACKed, or without SACK duplicate ACKs */
	u32 lost_out;
	u32 max_packets_out, cwnd_usage_seq;
	bool is_cwnd_limited;
	u32 snd_ssthresh, snd_cwnd, snd_cwnd_cnt, snd_cwnd_clamp;
	u32 snd_cwnd_used, snd_cwnd_stamp;
	u32 prior_cwnd, prior_ssthresh;
	u32 prr_delivered, prr_out; /* RFC 6937 */
	u32 high_seq; /* snd_nxt when recovery began */
	u32 undo_marker; /* snd_una when it began; 0: no undoing */
	int undo_retrans; /* retransmissions that may prove needless */
	u32 retrans_stamp; /* TS clock: first retransmission of the round */
	u32 total_retrans;
	u32 lost;
	u32 reordering, reord_seen;
	bool frto; /* RFC 5682 runs */
	bool is_sack_reneg;
	u32 tlp_high_seq; /* snd_nxt at the loss probe; 0: none */
	bool tlp_retrans;
	u32 delivered, delivered_ce, app_limited;
	u64 first_tx_mstamp, delivered_mstamp;
	u32 rate_delivered, rate_interval_us;
	bool rate_app_limited;
	struct tcp_rack rack;
	u8 ecn_flags;

	u64 tcp_mstamp; /* us: now, as of tcp_mstamp_refresh() */
	u32 tsoffset;
	u32 last_oow_ack_time; /* jiffies */

	struct sk_buff_head tcp_rtx_queue; /* sent, by sequence */
	struct list_head tsorted_sent_queue; /* the same, by time sent */
	struct sk_buff *highest_sack; /* after the last SACKed; NULL: the end */
	struct sk_buff *retransmit_skb_hint;
	struct sk_buff_head out_of_order_queue; /* received, by sequence */
	struct rb_root ooo_tree; /* the same, to search */
	struct sk_buff *ooo_last_skb; /* last inserted there */
	struct tcp_sack_block duplicate_sack[1]; /* RFC 2883 */
	struct tcp_sack_block selective_acks[4];
	struct tcp_sack_block recv_sack_cache[4];
	u32 rcv_ooopack;

	struct tcp_options_received rx_opt;
	u8 nonagle;
	bool repair;
	u8 keepalive_probes; /* 0: the host's */
	u8 defer_accept; /* seconds of TCP_DEFER_ACCEPT, in SYN-ACK rounds */
	bool recvmsg_inq, thin_lto;
	bool recv_cut; /* a receive that a signal ended is to be repeated */
	u8 save_syn; /* TCP_SAVE_SYN: 1 from IP on, 2 from the link header */
	struct saved_syn *saved_syn; /* of a child, until it was asked for */
	bool fastopen_connect, fastopen_no_cookie; /* options */
	bool syn_fastopen; /* our SYN had the option of Fast Open */
	bool syn_fastopen_exp; /* the experimental one */
	bool syn_data, syn_data_acked; /* it had data; which was taken */
	u8 fastopen_client_fail; /* enum tcp_fastopen_client_fail */
	struct tcp_fastopen_request *fastopen_req; /* of a sendmsg() */
	struct request_sock *fastopen_rsk; /* of a child, see there */
	u32 keepalive_time, keepalive_intvl; /* jiffies, 0: the host's */
	int linger2; /* jiffies; 0: the host's, < 0: no FIN-WAIT-2 */
	u32 notsent_lowat;
	u16 urg_data; /* TCP_URG_* and the byte */
	u32 urg_seq; /* of the urgent byte */
	bool rcv_urg_mode; /* a SIGURG was sent for it */

	struct tcp_pacing *pacing; /* tcp_pacing.c; NULL: nothing paced yet */

	/* Time spent busy and limited: TCP_INFO. us. */
	u8 chrono_type;
	u32 chrono_start; /* jiffies */
	u32 chrono_stat[3];

	/* Actions that found the socket owned: tcp_release_cb(). */
	u32 tsq_flags;
	u32 timeout_rehash;

	struct {
		u32 probe_seq_start, probe_seq_end;
	} mtu_probe;
	u32 mtu_info; /* of an ICMP error, until tcp_release_cb() */

	/* Retransmission timeouts, for TCP_INFO. */
	u16 total_rto, total_rto_recoveries; /* all; series that ended well */
	u32 total_rto_time, rto_stamp; /* ms in series; TS clock: since, or 0 */
	/* Bytes received by their ECN field, ECT(1), ECT(0), CE; segments. */
	u32 received_ecn_bytes[3], received_ce;
};

#define TCP_WRITE_TIMER_DEFERRED BIT(0)
#define TCP_DELACK_TIMER_DEFERRED BIT(1)
#define TCP_MTU_REDUCED_DEFERRED BIT(2)
#define TCP_PACING_DEFERRED BIT(3)

enum tcp_chrono {
	TCP_CHRONO_UNSPEC,
	TCP_CHRONO_BUSY,
	TCP_CHRONO_RWND_LIMITED,
	TCP_CHRONO_SNDBUF_LIMITED,
};

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}

/* skb->cb of a segment within TCP. */
struct tcp_skb_cb {
	u32 seq, end_seq; /* SYN and FIN counted */
	u16 tcp_gso_segs, tcp_gso_size;
	u8 tcp_flags; /* TCPHDR_* */
	u8 sacked; /* TCPCB_* */
	u8 ip_dsfield;
	u8 eor:1, has_rxtstamp:1, is_app_limited:1;
	u32 ack_seq; /* received: the ACK field */
	union {
		struct {
			u32 delivered; /* tp->delivered when it left */
			u32 in_flight;
			u64 first_tx_mstamp, delivered_mstamp;
			struct list_head tsorted_anchor;
		} tx;
		struct {
			struct rb_node ooo_node; /* in tcp_sock.ooo_tree */
			int iif;
			u32 tw_isn; /* ISN that a TIME-WAIT chose, or 0 */
		} rx;
	};
};
#define TCP_SKB_CB(skb) ((struct tcp_skb_cb *)(skb)->cb)
static_assert(sizeof(struct tcp_skb_cb) <= sizeof(((struct sk_buff *)0)->cb),
	      "tcp_skb_cb fits");

static inline struct sk_buff *tcp_skb_of_cb(const struct tcp_skb_cb *cb)
{
	return container_of((const char(*)[64])cb, struct sk_buff, cb);
}

#define TCPCB_SACKED_ACKED 0x01
#define TCPCB_SACKED_RETRANS 0x02
#define TCPCB_LOST 0x04
#define TCPCB_TAGBITS 0x07
#define TCPCB_REPAIRED 0x10
#define TCPCB_EVER_RETRANS 0x80
#define TCPCB_RETRANS (TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS)

/* When it (last) left, us. */
static inline u64 tcp_skb_timestamp_us(const struct sk_buff *skb)
{
	return skb->tstamp;
}
static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}
static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = segs;
}
static inline u32 tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}

/* Congestion control. */
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

static inline bool tcp_is_sack(const struct tcp_sock *tp)
{
	return tp->rx_opt.sack_ok;
}
static inline bool tcp_is_reno(const struct tcp_sock *tp)
{
	return !tcp_is_sack(tp);
}
static inline u32 tcp_left_out(const struct tcp_sock *tp)
{
	return tp->sacked_out + tp->lost_out;
}
static inline u32 tcp_packets_in_flight(const struct tcp_sock *tp)
{
	return tp->packets_out - tcp_left_out(tp) + tp->retrans_out;
}
/* RFC 5681 3.2, RFC 6937: where cwnd stands as seen from ssthresh. */
static inline u32 tcp_current_ssthresh(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_in_cwnd_reduction(sk))
		return tp->snd_ssthresh;
	return max(tp->snd_ssthresh, (tp->snd_cwnd >> 1) + (tp->snd_cwnd >> 2));
}

/* Windows. */
static inline int tcp_win_from_space(const struct sock *sk, int space)
{
	return (int)(((s64)space * tcp_sk(sk)->scaling_ratio) >> 8);
}
static inline int tcp_space_from_win(const struct sock *sk, int win)
{
	return (int)(((s64)win << 8) / tcp_sk(sk)->scaling_ratio);
}
static inline int tcp_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf - sk->sk_backlog.len -
					      sk->sk_rmem_alloc);
}
static inline int tcp_full_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf);
}
/* What is left of the window we advertised. */
static inline u32 tcp_receive_window(const struct tcp_sock *tp)
{
	s32 win = tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt;

	return win < 0 ? 0 : win;
}
static inline u32 tcp_wnd_end(const struct tcp_sock *tp)
{
	return tp->snd_una + tp->snd_wnd;
}
static inline void tcp_init_wl(struct tcp_sock *tp, u32 seq)
{
	tp->snd_wl1 = seq;
}

/* Time. */
static inline u32 tcp_jiffies32(void)
{
	return (u32)jiffies;
}
static inline u64 tcp_clock_us(void)
{
	return ktime_get_ns() / NSEC_PER_USEC;
}
static inline u32 tcp_seconds(void)
{
	return (u32)(ktime_get_ns() / NSEC_PER_SEC);
}
static inline void tcp_mstamp_refresh(struct tcp_sock *tp)
{
	tp->tcp_mstamp = tcp_clock_us();
}
static inline u32 tcp_stamp_us_delta(u64 t1, u64 t0)
{
	return t1 > t0 ? (u32)(t1 - t0) : 0;
}
/* The clock of the time stamp option: ms. */
static inline u32 tcp_time_stamp_ts(const struct tcp_sock *tp)
{
	return (u32)(tp->tcp_mstamp / 1000);
}
static inline u32 tcp_skb_timestamp_ts(const struct sk_buff *skb)
{
	return (u32)(skb->tstamp / 1000);
}
static inline u32 tcp_usecs_to_jiffies(u32 us)
{
	return DIV_ROUND_UP(us, 1000);
}
static inline u32 tcp_min_rtt(const struct tcp_sock *tp)
{
	return tp->rtt_min[0].v;
}
u32 minmax_running_min(struct minmax_sample *m, u32 win, u32 t, u32 meas);
void minmax_reset(struct minmax_sample *m, u32 t, u32 meas);

static inline int keepalive_intvl_when(const struct tcp_sock *tp)
{
	return tp->keepalive_intvl ? tp->keepalive_intvl
				   : (u32)sock_net((struct sock *)tp)
					     ->ipv4->sysctl_tcp_keepalive_intvl;
}
static inline int keepalive_time_when(const struct tcp_sock *tp)
{
	return tp->keepalive_time ? tp->keepalive_time
				  : (u32)sock_net((struct sock *)tp)
					    ->ipv4->sysctl_tcp_keepalive_time;
}
static inline int keepalive_probes(const struct tcp_sock *tp)
{
	return tp->keepalive_probes
		       ? tp->keepalive_probes
		       : sock_net((struct sock *)tp)
				 ->ipv4->sysctl_tcp_keepalive_probes;
}
static inline u32 keepalive_time_elapsed(const struct tcp_sock *tp)
{
	return min_t(u32, tcp_jiffies32() - tp->inet_conn.icsk_ack.lrcvtime,
		     tcp_jiffies32() - tp->rcv_tstamp);
}
static inline int tcp_fin_time(const struct sock *sk)
{
	int fin = tcp_sk(sk)->linger2
			  ? tcp_sk(sk)->linger2
			  : sock_net(sk)->ipv4->sysctl_tcp_fin_timeout;
	int rto = inet_csk(sk)->icsk_rto;

	return max(fin, (rto << 2) - (rto >> 1));
}

/* Queues. */
static inline struct sk_buff *tcp_send_head(const struct sock *sk)
{
	return skb_peek(&sk->sk_write_queue);
}
static inline struct sk_buff *tcp_write_queue_tail(const struct sock *sk)
{
	return skb_peek_tail(&sk->sk_write_queue);
}
static inline struct sk_buff *tcp_rtx_queue_head(const struct sock *sk)
{
	return skb_peek(&tcp_sk(sk)->tcp_rtx_queue);
}
static inline struct sk_buff *tcp_rtx_queue_tail(const struct sock *sk)
{
	return skb_peek_tail(&tcp_sk(sk)->tcp_rtx_queue);
}
static inline bool tcp_rtx_queue_empty(const struct sock *sk)
{
	return skb_queue_empty(&tcp_sk(sk)->tcp_rtx_queue);
}
static inline bool tcp_write_queue_empty(const struct sock *sk)
{
	return tcp_sk(sk)->write_seq == tcp_sk(sk)->snd_nxt;
}
/* The next in sequence, NULL after the last. */
static inline struct sk_buff *tcp_rtx_next(const struct sock *sk,
					   const struct sk_buff *skb)
{
	return skb_queue_is_last(&tcp_sk(sk)->tcp_rtx_queue, skb) ? NULL
								  : skb->next;
}
static inline bool tcp_skb_is_last(const struct sock *sk,
				   const struct sk_buff *skb)
{
	return skb_queue_is_last(&sk->sk_write_queue, skb);
}
static inline void sk_wmem_queued_add(struct sock *sk, int val)
{
	sk->sk_wmem_queued += val;
}
/* An skb of ours that is queued, and its charge, go. */
static inline void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb)
{
	sk_wmem_queued_add(sk, -(int)skb->truesize);
	sk_mem_uncharge(sk, skb->truesize);
	consume_skb(skb);
}
static inline u32 tcp_highest_sack_seq(const struct tcp_sock *tp)
{
	if (!tp->sacked_out)
		return tp->snd_una;
	if (!tp->highest_sack)
		return tp->snd_nxt;
	return TCP_SKB_CB(tp->highest_sack)->seq;
}

/* tcp.c, tcp_recvmsg.c, tcp_sendmsg.c, tcp_close.c */
int tcp_init_sock(struct sock *sk);
void tcp_set_state(struct sock *sk, int state);
void tcp_init_buffer_space(struct sock *sk);
int tcp_sendmsg(struct sock *sk, struct msghdr *m, size_t size);
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *m, size_t size);
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle,
	      int size_goal);
int tcp_send_mss(struct sock *sk, int *ret_size_goal, int flags);
int tcp_recvmsg(struct sock *sk, struct msghdr *m, size_t len, int flags,
		int *addr_len);
void tcp_cleanup_rbuf(struct sock *sk, int copied);
u32 tcp_poll(struct file *f, struct socket *sock);
int tcp_ioctl(struct sock *sk, int cmd, int *karg);
int tcp_inq(struct sock *sk);
void tcp_close(struct sock *sk, long timeout);
void __tcp_close(struct sock *sk, long timeout);
void tcp_shutdown(struct sock *sk, int how);
int tcp_disconnect(struct sock *sk, int flags);
int tcp_abort(struct sock *sk, int err);
void tcp_done(struct sock *sk);
void tcp_reset(struct sock *sk, struct sk_buff *skb);
void tcp_write_queue_purge(struct sock *sk);
bool tcp_check_oom(struct sock *sk, int shift);
bool tcp_stream_memory_free(const struct sock *sk);
int tcp_set_rcvlowat(struct sock *sk, int val);
int tcp_net_init(struct net *net);
void tcp_net_exit(struct net *net);
extern const struct pernet_operations tcp_net_ops;

/* tcp_sockopt.c, tcp_info.c */
int tcp_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
		   unsigned int len);
int tcp_getsockopt(struct sock *sk, int level, int name, char __user *val,
		   int __user *len);
void tcp_get_info(struct sock *sk, struct tcp_info *info);
void tcp_get_info_tail(const struct sock *sk, struct tcp_info_tail *t);
/*
 * The timer that runs, as /proc/net/tcp and sock_diag number them (1 repeat,
 * 2 keep-alive, 4 window probe, 0 none), and when it is due: proc_sock.c.
 */
int tcp_timer_active(const struct sock *sk, unsigned long *ret_expires);
void __tcp_sock_set_cork(struct sock *sk, bool on);
void __tcp_sock_set_nodelay(struct sock *sk, bool on);
void tcp_set_keepalive(struct sock *sk, int val);
int tcp_set_window_clamp(struct sock *sk, int val);
void tcp_chrono_start(struct sock *sk, enum tcp_chrono type);
void tcp_chrono_stop(struct sock *sk, enum tcp_chrono type);

/* tcp_ipv4.c */
int tcp_v4_init_sock(struct sock *sk);
void tcp_v4_destroy_sock(struct sock *sk);
int tcp_v4_connect(struct sock *sk, struct sockaddr *a, int len);
int tcp_v4_pre_connect(struct sock *sk, struct sockaddr *a, int len);
int tcp_v4_rcv(struct sk_buff *skb);
int tcp_v4_err(struct sk_buff *skb, u32 info);
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
void tcp_v4_mtu_reduced(struct sock *sk, u32 mtu);
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb);
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst,
		       struct request_sock *req,
		       const struct tcp_fastopen_cookie *foc);
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req);
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req);
void tcp_v4_send_ack(struct net *net, struct sk_buff *skb, u32 seq, u32 ack,
		     u32 win, u32 tsval, u32 tsecr, int oif, u8 tos, u32 mark);
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb,
		     enum skb_drop_reason *ret_reason);
int tcp_twsk_unique(struct sock *sk, struct sock *sktw);
u32 secure_tcp_seq(struct net *net, __be32 saddr, __be32 daddr, __be16 sport,
		   __be16 dport);
u32 secure_tcp_ts_off(struct net *net, __be32 saddr, __be32 daddr);

/* tcp_syncookies.c */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb,
			    u16 *mss);
u32 cookie_init_timestamp(const struct request_sock *req, u64 now_us);
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb);

/* tcp_conn_request.c */
int tcp_conn_request(struct sock *sk, struct sk_buff *skb);

/* tcp_minisocks.c */
enum tcp_tw_status { TCP_TW_SUCCESS, TCP_TW_RST, TCP_TW_ACK, TCP_TW_SYN };
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw,
					      struct sk_buff *skb,
					      const struct tcphdr *th,
					      u32 *ret_isn);
void tcp_time_wait(struct sock *sk, int state, int timeo);
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req, bool fastopen);
struct sock *tcp_create_openreq_child(const struct sock *sk,
				      struct request_sock *req,
				      struct sk_buff *skb);
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk,
			   const struct dst_entry *dst);
int tcp_child_process(struct sock *parent, struct sock *child,
		      struct sk_buff *skb);
void tcp_ca_openreq_child(struct sock *sk, const struct dst_entry *dst);

/* tcp_input.c: states and dispatch */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);
enum skb_drop_reason tcp_rcv_state_process(struct sock *sk,
					   struct sk_buff *skb);
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb);
void tcp_init_transfer(struct sock *sk);
void tcp_fin(struct sock *sk);
void tcp_send_challenge_ack(struct sock *sk);
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb,
			  int mib_idx, u32 *last_oow_ack_time);
bool tcp_paws_check(const struct tcp_options_received *rx_opt, int win);
bool tcp_paws_reject(const struct tcp_options_received *rx_opt, int rst);
void tcp_rcv_space_adjust(struct sock *sk);
void tcp_initialize_rcv_mss(struct sock *sk);
void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks);
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb);
void tcp_data_snd_check(struct sock *sk);
void tcp_sndbuf_expand(struct sock *sk);
void tcp_fast_path_on(struct tcp_sock *tp);
bool tcp_validate_segment(struct sock *sk, struct sk_buff *skb, bool syn_inerr);
/* Verify the checksum when nobody did. */
bool tcp_v4_checksum_bad(struct sk_buff *skb);
void tcp_fast_path_check(struct sock *sk);
void __tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb);

/* tcp_rcvwin.c: what is told to the peer of our buffer */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb);
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb);
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb);
void tcp_clamp_window(struct sock *sk);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_ack_snd_check(struct sock *sk);
void tcp_incr_quickack(struct sock *sk, unsigned int max_quickacks);
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss,
			       u32 *rcv_wnd, u32 *window_clamp, bool wscale_ok,
			       u8 *rcv_wscale);
u32 __tcp_select_window(struct sock *sk);
u16 tcp_select_window(struct sock *sk);

/* tcp_options.c */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt, bool estab);
bool tcp_fast_parse_options(struct sock *sk, const struct sk_buff *skb,
			    const struct tcphdr *th);
struct tcp_out_options;
unsigned int tcp_syn_options(struct sock *sk, struct tcp_out_options *o);
unsigned int tcp_synack_options(const struct sock *sk, struct request_sock *req,
				unsigned int mss,
				const struct tcp_fastopen_cookie *foc,
				struct tcp_out_options *o);
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *o);
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp,
		       const struct tcp_out_options *o);

/* Options of a segment to send. */
struct tcp_out_options {
	u16 mss; /* 0: none */
	u8 num_sack_blocks;
	u8 ws;
	bool ts, wscale, sack_perm;
	u32 tsval, tsecr;
	const struct tcp_fastopen_cookie *foc; /* NULL: none; SYNs only */
};

/* tcp_rcv_queue.c, tcp_ofo.c, tcp_urg.c */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *ret_stolen);
bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
		      bool *ret_stolen);
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb,
			  unsigned int size);
void tcp_data_ready(struct sock *sk);
void tcp_check_space(struct sock *sk);
bool tcp_stream_is_readable(struct sock *sk, int target);
void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb);
void tcp_ofo_queue(struct sock *sk);
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb);
/* @skb into the queue behind @prev (NULL: first), or out of it. */
void tcp_ofo_link(struct tcp_sock *tp, struct sk_buff *skb,
		  struct sk_buff *prev);
void tcp_ofo_unlink(struct tcp_sock *tp, struct sk_buff *skb);
void tcp_ofo_purge(struct sock *sk, enum skb_drop_reason reason);
int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb);
void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq);
void tcp_sack_remove(struct tcp_sock *tp);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq);
void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th);
int tcp_recv_urg(struct sock *sk, struct msghdr *m, int len, int flags);

/* tcp_ack.c, tcp_rtt.c, tcp_loss.c, tcp_sack.c, tcp_recovery.c, tcp_rate.c */
#define FLAG_DATA 0x01 /* the segment carried data */
#define FLAG_WIN_UPDATE 0x02
#define FLAG_DATA_ACKED 0x04
#define FLAG_RETRANS_DATA_ACKED 0x08
#define FLAG_SYN_ACKED 0x10
#define FLAG_DATA_SACKED 0x20
#define FLAG_ECE 0x40
#define FLAG_LOST_RETRANS 0x80
#define FLAG_SLOWPATH 0x100
#define FLAG_ORIG_SACK_ACKED 0x200 /* something never retransmitted came */
#define FLAG_SND_UNA_ADVANCED 0x400
#define FLAG_DSACKING_ACK 0x800
#define FLAG_SET_XMIT_TIMER 0x1000
#define FLAG_SACK_RENEGING 0x2000
#define FLAG_UPDATE_TS_RECENT 0x4000
#define FLAG_NO_CHALLENGE_ACK 0x8000
#define FLAG_ACK_MAYBE_DELAYED 0x10000
#define FLAG_DSACK_TLP 0x20000
#define FLAG_ACKED (FLAG_DATA_ACKED | FLAG_SYN_ACKED)
#define FLAG_NOT_DUP (FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED)
#define FLAG_CA_ALERT (FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK)
#define FLAG_FORWARD_PROGRESS (FLAG_ACKED | FLAG_DATA_SACKED)

/* > 0: fine; 0: old; < 0: minus the drop reason, not acceptable. */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_rearm_rto(struct sock *sk);
void tcp_rtx_queue_unlink_and_free(struct sock *sk, struct sk_buff *skb);
void tcp_fastretrans_alert(struct sock *sk, u32 prior_snd_una, int num_dupack,
			   int *ack_flag, int *rexmit);
void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag);
void tcp_enter_loss(struct sock *sk);
void tcp_enter_recovery(struct sock *sk, bool ece_ack);
void tcp_simple_retransmit(struct sock *sk);
void tcp_non_congestion_loss_retransmit(struct sock *sk);
void tcp_enter_cwr(struct sock *sk);
void tcp_init_cwnd_reduction(struct sock *sk);
void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int newly_lost,
			int flag);
void tcp_clear_retrans(struct tcp_sock *tp);
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb);
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, int ts);
void tcp_add_reno_sack(struct sock *sk, int num_dupack, bool ece_ack);
void tcp_remove_reno_sacks(struct sock *sk, int acked, bool ece_ack);
void tcp_reset_reno_sack(struct tcp_sock *tp);
void tcp_count_delivered(struct tcp_sock *tp, u32 delivered, bool ece_ack);
bool tcp_limit_reno_sacked(struct tcp_sock *tp);
void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss);

struct tcp_sacktag_state {
	u64 first_sackt, last_sackt; /* us: sent, of what is newly SACKed */
	u32 reord; /* lowest sequence that shows reordering */
	u32 sack_delivered;
	int flag;
	struct rate_sample *rate;
};
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb,
			    u32 prior_snd_una, struct tcp_sacktag_state *st);

void tcp_rtt_estimator(struct sock *sk, long mrtt_us);
void tcp_set_rto(struct sock *sk);
u32 __tcp_set_rto(const struct tcp_sock *tp);
void tcp_bound_rto(struct sock *sk);
bool tcp_ack_update_rtt(struct sock *sk, int flag, long seq_rtt_us,
			long sack_rtt_us, long ca_rtt_us,
			struct rate_sample *rs);
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req);
void tcp_rtt_init(struct tcp_sock *tp);
void tcp_update_pacing_rate(struct sock *sk);
u32 tcp_rto_delta_us(const struct sock *sk);

bool tcp_rack_mark_lost(struct sock *sk);
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq,
		      u64 xmit_time);
void tcp_rack_reo_timeout(struct sock *sk);
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs);
s32 tcp_rack_skb_timeout(struct tcp_sock *tp, struct sk_buff *skb, u32 reo_wnd);
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced);

void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb);
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb,
			    struct rate_sample *rs);
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs);
void tcp_rate_check_app_limited(struct sock *sk);

/* tcp_output.c, tcp_tso.c, tcp_retransmit.c, tcp_connect.c */
int tcp_connect(struct sock *sk);
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, bool clone_it,
		     u32 rcv_nxt);
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle,
		    int push_one);
void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss,
			       int nonagle);
void tcp_push_one(struct sock *sk, unsigned int mss_now);
static inline void tcp_push_pending_frames(struct sock *sk);
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb);
void tcp_queue_skb(struct sock *sk, struct sk_buff *skb);
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, bool force_schedule);
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr);
int tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now);
int tcp_init_tso_segs(struct sk_buff *skb, unsigned int mss_now);
enum tcp_queue { TCP_FRAG_IN_WRITE_QUEUE, TCP_FRAG_IN_RTX_QUEUE };
int tcp_fragment(struct sock *sk, enum tcp_queue q, struct sk_buff *skb,
		 u32 len, unsigned int mss_now);
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len);
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now);
unsigned int tcp_mss_split_point(const struct sock *sk,
				 const struct sk_buff *skb,
				 unsigned int mss_now, unsigned int max_segs,
				 int nonagle);
int tcp_mtu_to_mss(struct sock *sk, int pmtu);
void tcp_mtup_init(struct sock *sk);
void tcp_mtu_probing(struct sock *sk);
int __tcp_mtu_probe(struct sock *sk);
static inline int tcp_mtu_probe(struct sock *sk)
{
	return likely(!inet_csk(sk)->icsk_mtup.enabled) ? -1
							 : __tcp_mtu_probe(sk);
}
void tcp_mtup_probe_success(struct sock *sk);
bool tcp_mtup_probe_failed(struct sock *sk);
u32 tcp_sync_mss(struct sock *sk, u32 pmtu);
u32 tcp_current_mss(struct sock *sk);
u16 tcp_advertise_mss(struct sock *sk);
int tcp_bound_to_half_wnd(struct tcp_sock *tp, int pktsize);
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		      unsigned int cur_mss);
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited);
void tcp_cwnd_restart(struct sock *sk, s32 delta);

int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs,
		       const char *why);
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs,
			 const char *why);
void tcp_xmit_retransmit_queue(struct sock *sk);
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto);
void tcp_send_loss_probe(struct sock *sk);

void tcp_send_fin(struct sock *sk);
void tcp_send_active_reset(struct sock *sk);
int tcp_send_synack(struct sock *sk);
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req,
				const struct tcp_fastopen_cookie *foc);
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb);
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req);
void tcp_send_ack(struct sock *sk);
void __tcp_send_ack(struct sock *sk, u32 rcv_nxt);
void tcp_send_delayed_ack(struct sock *sk);
void tcp_send_probe0(struct sock *sk);
int tcp_write_wakeup(struct sock *sk, int mib);

static inline void tcp_push_pending_frames(struct sock *sk)
{
	if (tcp_send_head(sk))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk),
					  tcp_sk(sk)->nonagle);
}

/* tcp_pacing.c */
bool __tcp_pacing_check(struct sock *sk);
void __tcp_pacing_sent(struct sock *sk, u32 len);
void tcp_pacing_resume(struct sock *sk);
void tcp_pacing_cancel(struct sock *sk);
void tcp_pacing_free(struct sock *sk);
u32 tcp_tso_autosize(const struct sock *sk, u32 room);
static inline bool tcp_needs_pacing(const struct sock *sk)
{
	return unlikely(sk->sk_pacing_status == SK_PACING_NEEDED);
}
static inline bool tcp_pacing_check(struct sock *sk)
{
	return tcp_needs_pacing(sk) && __tcp_pacing_check(sk);
}
static inline void tcp_pacing_sent(struct sock *sk, u32 len)
{
	if (tcp_needs_pacing(sk))
		__tcp_pacing_sent(sk, len);
}

/* tcp_timer.c */
void tcp_init_xmit_timers(struct sock *sk);
void tcp_clear_xmit_timers(struct sock *sk);
/* Leave the work of @flag to whoever owns the socket. */
void tcp_defer(struct sock *sk, u32 flag);
void tcp_write_timer_handler(struct sock *sk);
void tcp_delack_timer_handler(struct sock *sk);
void tcp_retransmit_timer(struct sock *sk);
void tcp_write_err(struct sock *sk, const char *why);
void tcp_syn_ack_timeout(const struct request_sock *req);
void tcp_release_cb(struct sock *sk);
u32 tcp_clamp_probe0_to_user_timeout(const struct sock *sk, u32 when);
unsigned long tcp_probe0_when(const struct sock *sk, unsigned long max_when);
static inline void tcp_reset_xmit_timer(struct sock *sk, int what,
					unsigned long when,
					unsigned long max_when)
{
	inet_csk_reset_xmit_timer(sk, what, when, max_when);
}
static inline unsigned long tcp_probe0_base(const struct sock *sk)
{
	return max_t(unsigned long, inet_csk(sk)->icsk_rto, TCP_RTO_MIN);
}
static inline void tcp_check_probe_timer(struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && !inet_csk(sk)->icsk_pending)
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, tcp_probe0_base(sk),
				     TCP_RTO_MAX);
}

/* Memory. */
static inline bool tcp_under_memory_pressure(const struct sock *sk)
{
	return sk_under_memory_pressure(sk);
}

#endif
