/* SPDX-License-Identifier: MIT */
/*
 * The sender's side of an ACK: what it acknowledges, what it says is lost, and
 * what RTT and delivery rate follow (tcp_ack.c, tcp_sack.c, tcp_loss.c,
 * tcp_recovery.c, tcp_rtt.c, tcp_rate.c).
 */
#ifndef NET_IPV4_TCP_ACK_H
#define NET_IPV4_TCP_ACK_H

#include "net/ipv4/tcp_cong.h"

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
/* RFC 6298 2.1, the host's lower bound, and how long an ACK may wait. */
void tcp_init_rto(struct sock *sk);
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

static inline u32 tcp_min_rtt(const struct tcp_sock *tp)
{
	return tp->rtt_min[0].v;
}
u32 minmax_running_min(struct minmax_sample *m, u32 win, u32 t, u32 meas);
void minmax_reset(struct minmax_sample *m, u32 t, u32 meas);

#endif
