/* SPDX-License-Identifier: MIT */
/*
 * The timers of a connection: retransmission, window probes and keep-alive
 * (tcp_timer.c), and how long each takes.
 */
#ifndef NET_IPV4_TCP_TIMER_H
#define NET_IPV4_TCP_TIMER_H

#include "net/ipv4/tcp_sock.h"

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
unsigned long tcp_probe0_when(const struct sock *sk);
/* RFC 6298 2.5's upper bound, and RFC 8961's: TCP_RTO_MAX_MS. Jiffies. */
static inline u32 tcp_rto_max(const struct sock *sk)
{
	return inet_csk(sk)->icsk_rto_max;
}
static inline void tcp_reset_xmit_timer(struct sock *sk, int what,
					unsigned long when)
{
	inet_csk_reset_xmit_timer(sk, what, when, tcp_rto_max(sk));
}
static inline unsigned long tcp_probe0_base(const struct sock *sk)
{
	return max_t(unsigned long, inet_csk(sk)->icsk_rto, TCP_RTO_MIN);
}
static inline void tcp_check_probe_timer(struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && !inet_csk(sk)->icsk_pending)
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, tcp_probe0_base(sk));
}

#endif
