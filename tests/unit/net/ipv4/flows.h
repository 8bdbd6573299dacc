/* SPDX-License-Identifier: MIT */
/*
 * Flows that compete for a link, for tests of congestion control and for
 * bench/curves: each a source on host a and a sink on host b.
 *
 *	a 10.0.1.1 ---- the bottleneck ---- 10.0.1.2 b
 *
 * The caller starts them, lets time pass by sim_run(), looks at what arrived
 * (got) and at the senders (flow_tp), and ends with flows_end().
 */
#ifndef TESTS_UNIT_NET_IPV4_FLOWS_H
#define TESTS_UNIT_NET_IPV4_FLOWS_H

#include "tests/unit/net/ipv4/stream.h"

struct flow {
	const char *ca; /* congestion control */
	u16 port; /* of its own */
	u64 start_ms;
	u64 got; /* bytes that arrived and were read */
	int fd; /* of the source, in its program */
};

static bool flows_over; /* sources and sinks end */
static u8 flow_data[65536];

static void flow_sink(void *arg)
{
	static u8 sunk[65536];
	struct flow *f = arg;
	int l = u_listener(0, f->port, 1), c = (int)u_accept(l, 0);
	long n;

	EXPECT(c >= 0, true);
	while ((n = u_recv(c, sunk, sizeof(sunk), 0)) > 0)
		f->got += (u64)n;
	u_close(c);
	u_close(l);
}

static void flow_source(void *arg)
{
	struct flow *f = arg;
	struct linger hard = { .l_onoff = 1 };
	long n = 1;

	f->fd = u_socket(SOCK_STREAM, 0);
	EXPECT(sim_call(__NR_setsockopt, (long)f->fd, (long)SOL_TCP,
			(long)TCP_CONGESTION, U(f->ca), strlen(f->ca)),
	       0);
	EXPECT(sim_call(__NR_setsockopt, (long)f->fd, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&hard), sizeof(hard)),
	       0);
	sim_sleep(f->start_ms * SIM_MS);
	EXPECT(u_connect(f->fd, R1, f->port), 0);
	while (!flows_over && n > 0)
		n = u_send(f->fd, flow_data, sizeof(flow_data), 0);
	EXPECT(n > 0, true);
	u_close(f->fd);
}

/* @p: what a sends; the way back has the same latency and no limit. */
__attribute__((unused)) static void
flows_begin(const struct link_params *p, struct flow *f, unsigned int nr)
{
	struct link_params back = { .latency = p->latency, .jitter = p->jitter };

	two_hosts(&back);
	link_set(dev_get_by_name(host_a, "eth0"), p);
	flows_over = false;
	for (unsigned int i = 0; i < nr; i++) {
		sim_spawn(sim, host_b, flow_sink, &f[i]);
		sim_spawn(sim, host_a, flow_source, &f[i]);
	}
}

__attribute__((unused)) static void flows_end(void)
{
	flows_over = true;
	hosts_done();
}

/* The sender's end of @f; NULL: not connected. */
__attribute__((unused)) static struct tcp_sock *flow_tp(const struct flow *f)
{
	struct sock *sk;

	list_for_each_entry(sk, &host_a->socks, sk_all)
		if (sk->sk_state == TCP_ESTABLISHED &&
		    sk->sk_dport == htons(f->port))
			return tcp_sk(sk);
	return NULL;
}

__attribute__((unused)) static void run_ms(u64 ms)
{
	sim_run(sim, ms * SIM_MS);
}

/* What @bytes of data in @ms are of @rate, percent; headers count as sent. */
__attribute__((unused)) static unsigned int share_of(u64 bytes, u64 ms,
						     u64 rate)
{
	return (unsigned int)(bytes * 1500 / 1448 * 100000 / ms / rate);
}

#endif
