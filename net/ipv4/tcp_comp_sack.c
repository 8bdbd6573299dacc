/* SPDX-License-Identifier: MIT */
/*
 * TCP: ACKs of data out of order, held back and told together.
 *
 * Where packets come in another order than sent, or after a loss on a fast
 * path, each segment would make a duplicate ACK of its own. The first three
 * of a gap go at once (RFC 5681 4.2: the sender without RACK counts them);
 * further ones wait up to a twentieth of the round trip, a millisecond at
 * most, and 44 of them at most, as Linux has it. What a waiting one would say
 * is in the SACK blocks of the next that is sent, as long as these are few: a
 * third block sends it at once.
 *
 * A connection that never sees a gap has none of this but a pointer.
 */
#include "kernel/hrtimer.h"
#include "kernel/slab.h"
#include "net/ipv4/tcp.h"

struct tcp_comp_ack {
	struct hrtimer timer;
	struct sock *sk; /* as of the timer's start */
	u32 rcv_nxt; /* the gap that is counted for */
	u8 dup_acks; /* sent at once for it */
	u8 waiting; /* ACKs held back */
};

static void tcp_comp_ack_stop(struct sock *sk, struct tcp_comp_ack *c)
{
	c->waiting = 0;
	if (hrtimer_cancel(&c->timer))
		sock_put(sk);
}

/* One ACK says it all: one less was saved than waited. */
void tcp_sack_compress_send_ack(struct sock *sk)
{
	struct tcp_comp_ack *c = tcp_sk(sk)->comp_ack;

	if (!c || !c->waiting)
		return;
	NET_ADD_STATS(sock_net(sk), TCPAckCompressed, c->waiting - 1);
	tcp_comp_ack_stop(sk, c);
	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_send_ack(sk);
}

static void tcp_compressed_ack_kick(struct hrtimer *t)
{
	struct sock *sk =
		from_hrtimer((struct tcp_comp_ack *)NULL, t, timer)->sk;

	if (sock_owned_by_user(sk))
		tcp_defer(sk, TCP_DELACK_TIMER_DEFERRED);
	else
		tcp_sack_compress_send_ack(sk);
	sock_put(sk);
}

/* An ACK leaves with something else: those that wait have been saved. */
void __tcp_comp_ack_sent(struct sock *sk)
{
	struct tcp_comp_ack *c = tcp_sk(sk)->comp_ack;

	if (!c->waiting)
		return;
	NET_ADD_STATS(sock_net(sk), TCPAckCompressed, c->waiting);
	tcp_comp_ack_stop(sk, c);
}

void tcp_comp_ack_free(struct sock *sk)
{
	struct tcp_comp_ack *c = tcp_sk(sk)->comp_ack;

	if (!c)
		return;
	tcp_comp_ack_stop(sk, c);
	kfree(c);
	tcp_sk(sk)->comp_ack = NULL;
}

void tcp_comp_ack_cancel(struct sock *sk)
{
	if (tcp_sk(sk)->comp_ack)
		tcp_comp_ack_stop(sk, tcp_sk(sk)->comp_ack);
}

/* LINUX: round trips are kept eightfold; of both ways' the shorter. */
static u64 tcp_comp_ack_delay(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 rtt8 = tp->rcv_rtt_est.rtt_us;

	if (tp->srtt_us && tp->srtt_us < rtt8)
		rtt8 = tp->srtt_us;
	return min_t(u64, sock_net(sk)->ipv4->sysctl_tcp_comp_sack_delay_ns,
		     rtt8 * (NSEC_PER_USEC >> 3) / 20);
}

/* There is a gap, and nothing else asks for an ACK now: may this one wait? */
bool tcp_compress_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_comp_ack *c = tp->comp_ack;

	u64 delay = tcp_comp_ack_delay(sk);

	if (!tcp_is_sack(tp) || !delay)
		return false;
	if (!c) {
		c = kzalloc(sizeof(*c));
		if (!c)
			return false;
		hrtimer_setup(&c->timer, tcp_compressed_ack_kick);
		c->rcv_nxt = tp->rcv_nxt;
		tp->comp_ack = c;
	}
	if (c->waiting >= sock_net(sk)->ipv4->sysctl_tcp_comp_sack_nr)
		return false;
	if (c->rcv_nxt != tp->rcv_nxt) {
		c->rcv_nxt = tp->rcv_nxt;
		c->dup_acks = 0;
	}
	if (c->dup_acks < TCP_FASTRETRANS_THRESH) {
		c->dup_acks++;
		return false;
	}
	c->waiting++;
	if (!hrtimer_active(&c->timer)) {
		c->sk = sk; /* it may have been parked, and moved */
		sock_hold(sk);
		hrtimer_start(&c->timer, ktime_get_ns() + delay);
	}
	return true;
}
