/* SPDX-License-Identifier: MIT */
/*
 * A connection request: a SYN was answered, the third segment is awaited.
 *
 * RFC 4987: a listener's SYN queue holds these small entries, not sockets.
 * They stand in ehash under their addresses, each with its SYN-ACK timer; the
 * listener counts them. One is owned by ehash and its timer together, from
 * inet_csk_reqsk_queue_hash_add() until reqsk_unlink().
 */
#ifndef NET_IPV4_REQUEST_SOCK_H
#define NET_IPV4_REQUEST_SOCK_H

#include "net/ipv4/inet_hashtables.h"

struct fastopen_queue;
struct saved_syn;

struct request_sock {
	struct sock_head h; /* first; sk_state is TCP_NEW_SYN_RECV */
	struct sock *rsk_listener; /* counted once queued */
	struct timer_list rsk_timer;
	struct list_head rsk_list; /* in its listener's queue */
	u16 mss; /* the peer's */
	u8 num_retrans; /* SYN-ACKs sent again */
	u8 num_timeout; /* times the timer ran */
	bool hashed;
	bool syncookie; /* came of a cookie: never queued */
	unsigned long timeout; /* jiffies, of the first wait */

	u8 snd_wscale, rcv_wscale;
	bool tstamp_ok, sack_ok, wscale_ok, ecn_ok;
	bool acked; /* the third segment came, without data or room */
	int ir_iif;
	u32 ir_mark;
	u64 ir_cookie; /* as SO_COOKIE; 0: nobody has asked yet */
	u8 tos;
	struct ip_options *opt;
	struct saved_syn *saved_syn; /* TCP_SAVE_SYN */

	u32 rsk_rcv_wnd, rsk_window_clamp;
	u32 rcv_isn, snt_isn;
	u32 rcv_nxt;
	u32 ts_recent, ts_off;
	u32 snt_tsval_first, snt_tsval_last; /* stamps of our SYN-ACKs */
	u64 snt_synack; /* us, when the first SYN-ACK left */
	u32 last_oow_ack_time; /* jiffies */
};

static inline struct request_sock *inet_reqsk(const struct sock *sk)
{
	return (struct request_sock *)sk;
}
static inline struct sock *req_to_sk(struct request_sock *req)
{
	return (struct sock *)req;
}

/* SYN queue and accept queue of a listener. */
struct request_sock_queue {
	struct list_head reqs; /* struct request_sock.rsk_list */
	u32 qlen; /* requests in the SYN queue */
	u32 young; /* of these never retransmitted */
	struct sock *head, *tail; /* children, by icsk_accept_next */
	u8 rskq_defer_accept; /* SYN-ACK rounds to wait for data */
	bool synflood_warned;
	unsigned long cookie_stamp; /* jiffies of the last SYN cookie; 0 */
	struct fastopen_queue *fastopenq; /* NULL: no option of it was set */
};

struct request_sock *reqsk_alloc(struct sock *listener);
/* Frees one that is not queued. */
void reqsk_free(struct request_sock *req);
/* Out of ehash, the queue's count and its timer; then freed. */
void inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req);
/* As above without freeing: its place is about to be taken by a child. */
void reqsk_unlink(struct request_sock *req);
void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req,
				   unsigned long timeout);

#endif
