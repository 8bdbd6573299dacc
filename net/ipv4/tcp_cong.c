/* SPDX-License-Identifier: MIT */
/*
 * TCP: the table of congestion controls, and NewReno's rules, which others
 * build on. One row a control; adding one is a file and a row.
 */
#include "net/ipv4/tcp_cong.h"
#include "lib/string.h"
#include "net/ipv4/tcp.h"

static const struct tcp_congestion_ops *const tcp_cong_list[] = {
	&cubictcp,
	&tcp_reno,
	&tcp_bbr,
};

const struct tcp_congestion_ops *tcp_ca_nth(unsigned int i)
{
	return i < ARRAY_SIZE(tcp_cong_list) ? tcp_cong_list[i] : NULL;
}

const struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	const struct tcp_congestion_ops *ca;
	unsigned int i;

	for (i = 0; (ca = tcp_ca_nth(i)); i++)
		if (!strcmp(ca->name, name))
			return ca;
	return NULL;
}

void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_ops = sock_net(sk)->ipv4->tcp_congestion_control;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
}

void tcp_init_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_sk(sk)->prior_ssthresh = 0;
	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
	icsk->icsk_ca_initialized = true;
}

void tcp_cleanup_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_initialized && icsk->icsk_ca_ops->release)
		icsk->icsk_ca_ops->release(sk);
	icsk->icsk_ca_initialized = false;
}

int tcp_set_congestion_control(struct sock *sk, const char *name)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca = tcp_ca_find(name);

	if (!ca)
		return fail(-ENOENT, "no such congestion control");
	if (!(ca->flags & TCP_CONG_NON_RESTRICTED) && !capable(12))
		return fail(-EPERM, "a restricted congestion control");
	icsk->icsk_ca_setsockopt = true;
	if (ca == icsk->icsk_ca_ops)
		return 0;
	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	if (!(BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		tcp_init_congestion_control(sk);
	return 0;
}

/* RFC 5681 3.1 with RFC 3465: a segment for each acknowledged, to ssthresh. */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tp->snd_cwnd + acked, tp->snd_ssthresh);

	acked -= cwnd - tp->snd_cwnd;
	tp->snd_cwnd = min(cwnd, tp->snd_cwnd_clamp);
	return acked;
}

/* A segment for each @w acknowledged. */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	if (tp->snd_cwnd_cnt >= w) {
		tp->snd_cwnd_cnt = 0;
		tp->snd_cwnd++;
	}
	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 delta = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= delta * w;
		tp->snd_cwnd += delta;
	}
	tp->snd_cwnd = min(tp->snd_cwnd, tp->snd_cwnd_clamp);
}
