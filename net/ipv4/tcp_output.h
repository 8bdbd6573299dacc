/* SPDX-License-Identifier: MIT */
/*
 * Segments sent: what and when (tcp_output.c), how large (tcp_tso.c, tcp_mtu.c),
 * again (tcp_retransmit.c), the first of a connection (tcp_connect.c), how fast
 * (tcp_pacing.c).
 */
#ifndef NET_IPV4_TCP_OUTPUT_H
#define NET_IPV4_TCP_OUTPUT_H

#include "net/ipv4/tcp_sock.h"

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

#endif
