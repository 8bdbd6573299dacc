/* SPDX-License-Identifier: MIT */
/*
 * What a connection-oriented AF_INET socket has beyond inet_sock: its port,
 * its accept queue, its timers.
 */
#ifndef NET_IPV4_INET_CONNECTION_SOCK_H
#define NET_IPV4_INET_CONNECTION_SOCK_H

#include "net/ipv4/inet_hashtables.h"
#include "net/ipv4/request_sock.h"
#include "net/ipv4/route.h"
#include <linux/tcp.h>

struct tcp_congestion_ops;

/* icsk_pending: what the one retransmission timer is armed for. */
#define ICSK_TIME_RETRANS 1
#define ICSK_TIME_PROBE0 3
#define ICSK_TIME_LOSS_PROBE 5
#define ICSK_TIME_REO_TIMEOUT 6

/* icsk_ack.pending */
#define ICSK_ACK_SCHED 1 /* an ACK is owed */
#define ICSK_ACK_TIMER 2 /* the timer runs for it */
#define ICSK_ACK_PUSHED 4 /* a full segment or PSH came */
#define ICSK_ACK_PUSHED2 8 /* and a second */
#define ICSK_ACK_NOW 16 /* at the next chance */
#define ICSK_ACK_NOMEM 32 /* data was dropped for lack of memory */

struct inet_connection_sock {
	struct inet_sock icsk_inet; /* first */
	struct request_sock_queue icsk_accept_queue; /* listeners */
	struct sock *icsk_accept_next; /* in the listener's accept queue */
	struct sock *icsk_listener; /* whose accept queue that is */
	struct inet_bind_bucket *icsk_bind_hash;
	struct { /* RFC 4821: tcp_mtu.c. Sizes of IP packets */
		int search_high, search_low;
		u32 probe_size : 31; /* of the probe in flight, 0: none */
		u32 enabled : 1;
		u32 probe_timestamp; /* jiffies: the search began */
	} icsk_mtup;
	u32 icsk_probes_tstamp; /* jiffies of the first unanswered probe */
	u32 icsk_user_timeout; /* ms */

	unsigned long icsk_timeout; /* jiffies: when icsk_pending is due */
	struct timer_list icsk_retransmit_timer;
	struct timer_list icsk_delack_timer;
	u32 icsk_rto, icsk_rto_min, icsk_rto_max; /* jiffies */
	u32 icsk_pmtu_cookie;
	const struct tcp_congestion_ops *icsk_ca_ops;
	u8 icsk_ca_state; /* enum tcp_ca_state */
	bool icsk_ca_initialized, icsk_ca_setsockopt;
	u8 icsk_retransmits; /* of the segment at snd_una, by RTO */
	u8 icsk_pending;
	u8 icsk_backoff;
	u8 icsk_syn_retries; /* TCP_SYNCNT, 0: the host's */
	u8 icsk_probes_out; /* zero-window or keepalive, unanswered */
	u8 icsk_delack_max; /* jiffies */
	u16 icsk_ext_hdr_len; /* IP options */
	struct {
		u8 pending; /* ICSK_ACK_* */
		u8 quick; /* ACKs to send at once */
		u8 pingpong; /* > 0: interactive, delay ACKs */
		u8 retry;
		u32 ato; /* jiffies: predicted delay */
		unsigned long timeout;
		u32 lrcvtime; /* jiffies: last data segment */
		u16 last_seg_size;
		u32 rcv_mss; /* estimate of the peer's segments */
	} icsk_ack;
	u64 icsk_ca_priv[13]; /* the congestion control's own */
};
#define ICSK_CA_PRIV_SIZE \
	sizeof(((struct inet_connection_sock *)0)->icsk_ca_priv)

static inline struct inet_connection_sock *inet_csk(const struct sock *sk)
{
	return (struct inet_connection_sock *)sk;
}
static inline void *inet_csk_ca(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ca_priv;
}

/* Timers of a socket: armed, each holds a reference. */
void sk_reset_timer(struct sock *sk, struct timer_list *t,
		    unsigned long expires);
void sk_reset_timer_lazy(struct sock *sk, struct timer_list *t,
			 unsigned long expires);
void sk_stop_timer(struct sock *sk, struct timer_list *t);

void inet_csk_init_xmit_timers(struct sock *sk,
			       void (*retransmit)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *));
void inet_csk_clear_xmit_timers(struct sock *sk);
/* Arm for @what in @when jiffies, at most @max_when. */
void inet_csk_reset_xmit_timer(struct sock *sk, int what, unsigned long when,
			       unsigned long max_when);
void inet_csk_clear_xmit_timer(struct sock *sk, int what);
void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long len);
void inet_csk_delete_keepalive_timer(struct sock *sk);

static inline void inet_csk_schedule_ack(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_SCHED;
}
static inline bool inet_csk_ack_scheduled(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pending & ICSK_ACK_SCHED;
}
static inline bool inet_csk_in_pingpong_mode(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pingpong >= 1;
}
static inline void inet_csk_enter_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = 1;
}
static inline void inet_csk_exit_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = 0;
}

/* Ports. 0, -EADDRINUSE, -ENOMEM. */
int inet_csk_get_port(struct sock *sk, unsigned short snum);

/* Listening. */
int inet_csk_listen_start(struct sock *sk);
void inet_csk_listen_stop(struct sock *sk);
struct sock *inet_csk_accept(struct sock *sk, int flags, int *ret_err,
			     bool kern);
/*
 * The accept() that got @child is void: put it back at the head of the
 * queue. @child must have no socket (sock_orphan() or never grafted). When
 * @listener closed meanwhile, @child is reset as its queue was.
 */
void inet_csk_accept_undo(struct sock *listener, struct sock *child);
static inline bool reqsk_queue_empty(const struct sock *sk)
{
	return !inet_csk(sk)->icsk_accept_queue.head;
}
static inline bool sk_acceptq_is_full(const struct sock *sk)
{
	return sk->sk_ack_backlog > sk->sk_max_ack_backlog;
}
/* LINUX: as many and one; so that a backlog of 0 takes one at a time. */
static inline bool inet_csk_reqsk_queue_is_full(const struct sock *sk)
{
	return inet_csk(sk)->icsk_accept_queue.qlen > sk->sk_max_ack_backlog;
}
/* NULL: the listener is closed; @child is dropped. */
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct sock *child);
struct sock *inet_csk_clone_lock(const struct sock *sk,
				 const struct request_sock *req);
/* A child that never reached its owner. */
void inet_child_forget(struct sock *child);
void inet_csk_prepare_forced_close(struct sock *sk);
void inet_csk_destroy_sock(struct sock *sk);

struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req);
struct dst_entry *inet_csk_route_child_sock(const struct sock *sk,
					    struct sock *newsk,
					    const struct request_sock *req);
struct dst_entry *inet_csk_rebuild_route(struct sock *sk);
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu);

#endif
