/* SPDX-License-Identifier: MIT */
/*
 * The state of a connection.
 *
 * Sequence numbers (RFC 9293 3.3.1): snd_una <= snd_nxt <= write_seq, and
 * copied_seq <= rcv_nxt <= rcv_wup + rcv_wnd. rcv_wup is rcv_nxt as of the last
 * window we advertised.
 */
#ifndef NET_IPV4_TCP_SOCK_H
#define NET_IPV4_TCP_SOCK_H

#include "lib/rbtree.h"
#include "net/core/tcp_states.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp_proto.h"
#include "net/ipv4/tcp_skb.h"

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

struct tcp_rack {
	u64 mstamp; /* us: when the latest delivered packet left */
	u32 rtt_us, end_seq, last_delivered;
	u8 reo_wnd_steps, reo_wnd_persist;
	bool dsack_seen, advanced;
};

/*
 * Fields that every segment of an established connection touches come first,
 * by who touches them together; then what recovery needs, what a program asks
 * for, what is counted. Sockets begin at a cache line (kernel/slab.c).
 */
struct tcp_sock {
	struct inet_connection_sock inet_conn; /* first */
	struct tcp_options_received rx_opt;

	/* Both ways: header prediction, sequence numbers and windows. */
	u32 pred_flags; /* word 4 of the header as expected; 0: off */
	u32 rcv_nxt; /* next byte expected */
	u32 copied_seq; /* next byte for the program */
	u32 rcv_wup; /* rcv_nxt at the last window update sent */
	u32 rcv_wnd; /* advertised */
	u32 snd_nxt; /* next byte to send */
	u32 snd_una; /* oldest unacknowledged byte */
	u32 snd_wl1; /* seq of the segment that last set snd_wnd */
	u32 snd_wnd; /* window of the peer, bytes */
	u32 max_window; /* largest it ever was */
	u32 write_seq; /* one beyond the last byte queued */
	u16 tcp_header_len; /* of a segment without SACK */
	u16 advmss; /* MSS option we sent */
	u64 tcp_mstamp; /* us: now, as of tcp_mstamp_refresh() */
	u32 mss_cache; /* payload of a full segment, SACK not counted */
	u8 nonagle; /* TCP_NAGLE_* */
	u8 scaling_ratio; /* of 256: data in truesize */
	u8 ecn_flags; /* TCP_ECN_* */
	u8 chrono_type; /* enum tcp_chrono: what is timed now */

	/* Receiving. */
	u64 bytes_received;
	u32 segs_in, data_segs_in;
	u32 rcv_tstamp; /* jiffies: last ACK received */
	u32 rcv_ssthresh; /* current bound of the window we advertise */
	u32 window_clamp; /* most we ever do */
	u32 rcv_rtt_last_tsecr;
	struct {
		u32 rtt_us, seq;
		u64 time; /* us */
	} rcv_rtt_est;
	struct {
		u32 space, seq;
		u64 time;
	} rcvq_space;

	/* Sending. */
	struct sk_buff_head tcp_rtx_queue; /* sent, by sequence */
	struct list_head tsorted_sent_queue; /* the same, by time sent */
	u64 bytes_sent, bytes_acked;
	u32 segs_out, data_segs_out;
	u32 lsndtime; /* jiffies: last data sent */
	u32 tsoffset;
	u32 snd_sml; /* last byte of the latest small segment (Nagle) */
	u32 snd_up; /* RFC 9293 SND.UP */
	u32 pushed_seq; /* last byte sent with PSH */
	u32 chrono_start; /* jiffies */

	/* Congestion: RFC 5681. Counts are segments. */
	u32 packets_out; /* on tcp_rtx_queue */
	u32 retrans_out; /* of these sent again and not yet seen */
	u32 sacked_out; /* SACKed, or without SACK duplicate ACKs */
	u32 lost_out;
	u32 snd_cwnd, snd_ssthresh, snd_cwnd_cnt;
	u32 max_packets_out, cwnd_usage_seq;
	u32 snd_cwnd_used, snd_cwnd_stamp, snd_cwnd_clamp;
	u32 delivered, delivered_ce, lost, app_limited;
	u64 first_tx_mstamp, delivered_mstamp;
	u32 rate_delivered, rate_interval_us;
	struct tcp_rack rack;

	/* RTT: RFC 6298. */
	u32 srtt_us; /* << 3 */
	u32 mdev_us; /* << 2 */
	u32 mdev_max_us, rttvar_us, rtt_seq;
	struct minmax_sample rtt_min[3];

	/* Actions that found the socket owned: tcp_release_cb(). */
	u8 tsq_flags;
	bool is_cwnd_limited, rate_app_limited;
	bool rcv_urg_mode; /* a SIGURG was sent for urg_seq */
	u16 urg_data; /* TCP_URG_* and the byte */
	u8 save_syn; /* TCP_SAVE_SYN: 1 from IP on, 2 from the link header */
	bool recv_cut:1; /* a receive that a signal ended is to be repeated */
	bool recvmsg_inq:1, thin_lto:1;
	bool frto:1; /* RFC 5682 runs */
	bool is_sack_reneg:1, tlp_retrans:1;
	u32 notsent_lowat;
	struct tcp_pacing *pacing; /* tcp_pacing.c; NULL: nothing paced yet */

	/* Out of order, and what SACK says of it. */
	struct sk_buff_head out_of_order_queue; /* received, by sequence */
	struct rb_root ooo_tree; /* the same, to search */
	struct sk_buff *ooo_last_skb; /* last inserted there */
	struct tcp_sack_block duplicate_sack[1]; /* RFC 2883 */
	struct tcp_sack_block selective_acks[4];
	struct tcp_comp_ack *comp_ack; /* tcp_comp_sack.c; NULL: no gap yet */
	u32 rcv_ooopack;
	u32 last_oow_ack_time; /* jiffies */

	/* Loss and recovery. */
	struct tcp_sack_block recv_sack_cache[4];
	struct sk_buff *highest_sack; /* after the last SACKed; NULL: the end */
	struct sk_buff *retransmit_skb_hint;
	u32 prior_cwnd, prior_ssthresh;
	u32 prr_delivered, prr_out; /* RFC 6937 */
	u32 high_seq; /* snd_nxt when recovery began */
	u32 undo_marker; /* snd_una when it began; 0: no undoing */
	int undo_retrans; /* retransmissions that may prove needless */
	u32 retrans_stamp; /* TS clock: first retransmission of the round */
	u32 reordering, reord_seen;
	u32 tlp_high_seq; /* snd_nxt at the loss probe; 0: none */
	u32 urg_seq; /* of the urgent byte */
	struct {
		u32 probe_seq_start, probe_seq_end;
	} mtu_probe;
	u32 mtu_info; /* of an ICMP error, until tcp_release_cb() */

	/* What a program set. */
	int linger2; /* jiffies; 0: the host's, < 0: no FIN-WAIT-2 */
	u32 keepalive_time, keepalive_intvl; /* jiffies, 0: the host's */
	u8 keepalive_probes; /* 0: the host's */
	u8 defer_accept; /* seconds of TCP_DEFER_ACCEPT, in SYN-ACK rounds */
	u8 fastopen_client_fail; /* enum tcp_fastopen_client_fail */
	bool fastopen_connect:1, fastopen_no_cookie:1; /* options */
	bool syn_fastopen:1; /* our SYN had the option of Fast Open */
	bool syn_fastopen_exp:1; /* the experimental one */
	bool syn_data:1, syn_data_acked:1; /* it had data; which was taken */
	struct saved_syn *saved_syn; /* of a child, until it was asked for */
	struct tcp_fastopen_request *fastopen_req; /* of a sendmsg() */
	struct request_sock *fastopen_rsk; /* of a child, see there */

	/* Counted for TCP_INFO alone. */
	u64 bytes_retrans;
	u32 total_retrans, dsack_dups;
	u32 chrono_stat[3]; /* jiffies busy and limited, by enum tcp_chrono */
	u32 timeout_rehash;
	u16 total_rto, total_rto_recoveries; /* all; series that ended well */
	u32 total_rto_time, rto_stamp; /* ms in series; TS clock: since, or 0 */
	/* Bytes received by their ECN field, ECT(1), ECT(0), CE; segments. */
	u32 received_ecn_bytes[3], received_ce;
};

/* A line of its own for what both ways share, and one for receiving. */
#define TCP_SOCK_LINE(field) (offsetof(struct tcp_sock, field) / 64)
static_assert(TCP_SOCK_LINE(pred_flags) == TCP_SOCK_LINE(chrono_type),
	      "sequence numbers and windows share a cache line");
static_assert(TCP_SOCK_LINE(bytes_received) == TCP_SOCK_LINE(rcvq_space.time),
	      "receiving takes one cache line");
static_assert(TCP_SOCK_LINE(urg_data) - TCP_SOCK_LINE(rx_opt) < 7,
	      "a connection without losses touches seven");
static_assert(sizeof(struct tcp_sock) <= 1664, "a size class of kernel/slab.c");
#undef TCP_SOCK_LINE

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
	return tcp_win_from_space(sk, sk->sk_rcvbuf - sk->sk_backlog_len -
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

#endif
