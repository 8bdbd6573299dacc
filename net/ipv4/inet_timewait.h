/* SPDX-License-Identifier: MIT */
/*
 * What stays of a connection in TIME-WAIT, or in FIN-WAIT-2 with nobody to
 * read: a small stand-in in ehash that keeps the addresses, answers strays
 * (tcp_timewait_state_process) and goes by its timer.
 */
#ifndef NET_IPV4_INET_TIMEWAIT_H
#define NET_IPV4_INET_TIMEWAIT_H

#include "net/ipv4/inet_hashtables.h"

struct inet_timewait_sock {
	struct sock_head h; /* first; sk_state is TCP_TIME_WAIT */
	struct timer_list tw_timer;
	struct inet_bind_bucket *tw_tb;
	u8 tw_substate; /* TCP_FIN_WAIT2 or TCP_TIME_WAIT */
	u8 tw_rcv_wscale, tw_tos;
	bool tw_tstamp_ok;
	__be16 tw_sport;
	__be32 tw_saddr;
	u32 tw_mark;
	u64 tw_cookie; /* as SO_COOKIE; 0: nobody has asked yet */

	u32 tw_rcv_nxt, tw_snd_nxt, tw_rcv_wnd;
	u32 tw_ts_offset, tw_ts_recent;
	u32 tw_ts_recent_stamp; /* seconds */
	u64 tw_entry_stamp; /* us */
	u32 tw_last_oow_ack_time; /* jiffies */
};

static inline struct inet_timewait_sock *inet_twsk(const struct sock *sk)
{
	return (struct inet_timewait_sock *)sk;
}

/* NULL: too many, or no memory. */
struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state);
/* Take @sk's place in the tables. */
void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk);
void inet_twsk_schedule(struct inet_timewait_sock *tw, unsigned long timeo);
/* Out of the tables and freed, now. */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw);
/* All of a host, when it ends. */
void inet_twsk_purge(struct net *net);

#endif
