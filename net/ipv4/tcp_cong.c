/* SPDX-License-Identifier: MIT */
/*
 * Congestion control: the table of algorithms, their choice, and what they
 * have in common (RFC 5681 3.1, window growth counted in segments).
 *
 * An algorithm is a file with one struct tcp_congestion_ops and one row of
 * tcp_ca_table. TCP_CONGESTION and net.ipv4.tcp_congestion_control choose by
 * name.
 */
#include "net/ipv4/tcp.h"

#include "kernel/sched.h"
#include "lib/string.h"
#include <linux/capability.h>

static const struct tcp_congestion_ops *const tcp_ca_table[] = {
	&cubictcp,
	&tcp_reno,
};

const struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tcp_ca_table); i++)
		if (!strcmp(tcp_ca_table[i]->name, name))
			return tcp_ca_table[i];
	return NULL;
}

const struct tcp_congestion_ops *tcp_ca_nth(unsigned int i)
{
	return i < ARRAY_SIZE(tcp_ca_table) ? tcp_ca_table[i] : NULL;
}

/* A new socket: the host's choice. Its private state begins at zero. */
void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_ops = sock_net(sk)->ipv4->tcp_congestion_control;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
}

/* The connection is established, or changes its algorithm. */
void tcp_init_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_sk(sk)->prior_ssthresh = 0;
	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
}

void tcp_cleanup_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops && icsk->icsk_ca_ops->release)
		icsk->icsk_ca_ops->release(sk);
}

/* 0, -ENOENT: unknown, -EPERM: restricted. */
int tcp_set_congestion_control(struct sock *sk, const char *name)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca = tcp_ca_find(name);

	if (!ca)
		return fail(-ENOENT, "no congestion control of this name");
	if (ca == icsk->icsk_ca_ops)
		return 0;
	if (!(ca->flags & TCP_CONG_NON_RESTRICTED) && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "congestion control is restricted");
	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	if (sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN)
		tcp_init_congestion_control(sk);
	return 0;
}

/*
 * RFC 5681 3.1, RFC 3465: one segment for each acknowledged, up to ssthresh.
 * Returns the acknowledged segments that are left for congestion avoidance.
 */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tp->snd_cwnd + acked, tp->snd_ssthresh);

	acked -= cwnd - tp->snd_cwnd;
	tp->snd_cwnd = min(cwnd, tp->snd_cwnd_clamp);
	return acked;
}

/* One segment for each @w acknowledged (RFC 5681 (3), counted). */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	w = max(w, 1U);
	/* Credit from before @w became smaller is worth one segment. */
	if (tp->snd_cwnd_cnt >= w) {
		tp->snd_cwnd_cnt = 0;
		tp->snd_cwnd++;
	}
	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 grow = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= grow * w;
		tp->snd_cwnd += grow;
	}
	tp->snd_cwnd = min(tp->snd_cwnd, tp->snd_cwnd_clamp);
}
