/* SPDX-License-Identifier: MIT */
/*
 * Segments received: states (tcp_input.c, tcp_rcv_state.c), data (tcp_rcv_queue.c,
 * tcp_ofo.c, tcp_urg.c) and the window that is told to the peer (tcp_rcvwin.c).
 */
#ifndef NET_IPV4_TCP_INPUT_H
#define NET_IPV4_TCP_INPUT_H

#include "net/ipv4/tcp_sock.h"

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
void tcp_rcv_rtt_measure(struct tcp_sock *tp);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_ack_snd_check(struct sock *sk);
void tcp_incr_quickack(struct sock *sk, unsigned int max_quickacks);
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss,
			       u32 *rcv_wnd, u32 *window_clamp, bool wscale_ok,
			       u8 *rcv_wscale);
u32 __tcp_select_window(struct sock *sk);
u16 tcp_select_window(struct sock *sk);

/* tcp_comp_sack.c */
bool tcp_compress_ack(struct sock *sk);
void tcp_sack_compress_send_ack(struct sock *sk);
void __tcp_comp_ack_sent(struct sock *sk);
void tcp_comp_ack_cancel(struct sock *sk);
void tcp_comp_ack_free(struct sock *sk);
static inline void tcp_comp_ack_sent(struct sock *sk)
{
	if (unlikely(tcp_sk(sk)->comp_ack))
		__tcp_comp_ack_sent(sk);
}

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

#endif
