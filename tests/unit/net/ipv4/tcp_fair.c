/* SPDX-License-Identifier: MIT */
/*
 * Flows that share a link: they fill it together, and each gets its part. The
 * link has a millisecond of jitter: without any noise it is always the packet
 * that a window just grew by which finds the queue full, so that losses go by
 * growth instead of by share (phase effects: Floyd and Jacobson 1992).
 */
#include "tests/unit/net/ipv4/flows.h"

#define MBIT100 12500000ULL
#define BDP 333 /* packets of 100 Mbit/s in 40 ms */

struct shares {
	unsigned int all, a, b; /* percent of the link */
};

/* Two flows of @ca, the second begins @later ms after the first. */
static struct shares two_flows(const char *ca, u64 later, u64 warm, u64 ms)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT100,
				 .queue = BDP,
				 .jitter = SIM_MS };
	struct flow f[2] = {
		{ .ca = ca, .port = PORT },
		{ .ca = ca, .port = PORT + 1, .start_ms = later },
	};
	struct shares s;
	u64 a, b;

	flows_begin(&p, f, 2);
	run_ms(warm);
	a = f[0].got;
	b = f[1].got;
	run_ms(ms);
	a = f[0].got - a;
	b = f[1].got - b;
	flows_end();
	s.all = share_of(a + b, ms, MBIT100);
	s.a = share_of(a, ms, MBIT100);
	s.b = share_of(b, ms, MBIT100);
	print_message("%s: %u%% = %u + %u\n", ca, s.all, s.a, s.b);
	return s;
}

/* Each within 20% of its half. */
static void is_shared(struct shares s)
{
	assert_in_range(s.all, 95, 100);
	assert_in_range(s.a, 40, 60);
	assert_in_range(s.b, 40, 60);
}

static void two_cubic_flows_share_a_link(void **state)
{
	is_shared(two_flows("cubic", 0, 5000, 160000));
	is_shared(two_flows("cubic", 2000, 15000, 160000));
}

static void two_reno_flows_share_a_link(void **state)
{
	is_shared(two_flows("reno", 2000, 12000, 160000));
}

static void two_bbr_flows_share_a_link(void **state)
{
	is_shared(two_flows("bbr", 2000, 12000, 40000));
}

/* RFC 9406: the round after the pipe was full shows it, not one before. */
static void slow_start_reaches_the_rate_of_the_link(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT100,
				 .queue = BDP };
	struct flow f = { .ca = "cubic", .port = PORT };

	flows_begin(&p, &f, 1);
	/* Connecting, and six doublings of ten: from here on it is full. */
	run_ms(290);
	assert_int_equal(flow_tp(&f)->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	assert_in_range(flow_tp(&f)->snd_cwnd, BDP, 2 * BDP);
	flows_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cubic_flows_share_a_link),
		cmocka_unit_test(two_reno_flows_share_a_link),
		cmocka_unit_test(two_bbr_flows_share_a_link),
		cmocka_unit_test(slow_start_reaches_the_rate_of_the_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
