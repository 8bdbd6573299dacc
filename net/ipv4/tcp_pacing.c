/* SPDX-License-Identifier: MIT */
/*
 * TCP: pacing. Segments leave no faster than sk_pacing_rate, evenly, instead
 * of in bursts as their ACKs come. LINUX: as its internal pacing does without
 * the fq queueing discipline, and only where somebody asked: a socket with
 * SO_MAX_PACING_RATE or a congestion control that works by rates (BBR).
 *
 * What left sets the earliest time of the next one (wstamp_ns); until then
 * tcp_pacing_check() holds sending back and a timer goes on with it. Clock and
 * timer of a connection are made with the first segment that it paces.
 */
#include "net/ipv4/tcp.h"

#include "kernel/hrtimer.h"
#include "kernel/slab.h"

struct tcp_pacing {
	struct hrtimer timer; /* pending: holds a reference to the socket */
	struct sock *sk;
	u64 wstamp_ns; /* the next segment leaves not before */
};

/* Go on where tcp_pacing_check() stopped. */
void tcp_pacing_resume(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(BIT(sk->sk_state) &
	      (TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_CLOSING |
	       TCPF_CLOSE_WAIT | TCPF_LAST_ACK)))
		return;
	if (tp->lost_out > tp->retrans_out &&
	    tp->snd_cwnd > tcp_packets_in_flight(tp)) {
		tcp_mstamp_refresh(tp);
		tcp_xmit_retransmit_queue(sk);
	}
	/* Meanwhile the window may have closed: then nobody else probes it. */
	if (tcp_write_xmit(sk, tcp_current_mss(sk), tp->nonagle, 0))
		tcp_check_probe_timer(sk);
}

static void tcp_pacing_timer(struct hrtimer *t)
{
	struct sock *sk = from_hrtimer((struct tcp_pacing *)NULL, t, timer)->sk;

	if (sock_owned_by_user(sk))
		tcp_defer(sk, TCP_PACING_DEFERRED);
	else
		tcp_pacing_resume(sk);
	sock_put(sk);
}

/* True: too early for another segment; the timer will see to it. */
bool __tcp_pacing_check(struct sock *sk)
{
	struct tcp_pacing *p = tcp_sk(sk)->pacing;

	if (!p || p->wstamp_ns <= ktime_get_ns())
		return false;
	if (!hrtimer_active(&p->timer)) {
		p->sk = sk; /* it may have been parked, and moved */
		sock_hold(sk);
		hrtimer_start(&p->timer, p->wstamp_ns);
	}
	return true;
}

/* @len bytes of data left now. */
void __tcp_pacing_sent(struct sock *sk, u32 len)
{
	u64 rate = sk->sk_pacing_rate, now = ktime_get_ns(), len_ns;
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_pacing *p = tp->pacing;

	/* LINUX: the first ten segments of a connection are not held back. */
	if (!rate || rate == ~0ULL || tp->data_segs_out < TCP_INIT_CWND)
		return;
	if (!p) {
		p = kzalloc(sizeof(*p));
		if (!p)
			return; /* not paced, this time */
		hrtimer_setup(&p->timer, tcp_pacing_timer);
		tp->pacing = p;
	}
	len_ns = len * NSEC_PER_SEC / rate;
	/* A late timer is made up for, by half a segment at most. */
	p->wstamp_ns = max(p->wstamp_ns, now - len_ns / 2) + len_ns;
}

void tcp_pacing_cancel(struct sock *sk)
{
	struct tcp_pacing *p = tcp_sk(sk)->pacing;

	if (p && hrtimer_cancel(&p->timer))
		sock_put(sk);
}

void tcp_pacing_free(struct sock *sk)
{
	tcp_pacing_cancel(sk);
	kfree(tcp_sk(sk)->pacing);
	tcp_sk(sk)->pacing = NULL;
}

/*
 * Bytes that one transmission should hold: what the rate sends in a
 * millisecond, and more on short paths, where bursts do no harm.
 */
u32 tcp_tso_autosize(const struct sock *sk, u32 room)
{
	int log = sock_net(sk)->ipv4->sysctl_tcp_tso_rtt_log;
	u64 bytes = sk->sk_pacing_rate >> 10;
	/* LINUX: any byte may be set, of which a shift takes five bits. */
	u32 r = log ? tcp_min_rtt(tcp_sk(sk)) >> (log & 31) : 32;

	if (r < 32)
		bytes += room >> r;
	return (u32)min_t(u64, bytes, room);
}
