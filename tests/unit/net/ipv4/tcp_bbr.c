/* SPDX-License-Identifier: MIT */
/*
 * BBR: what its model is for. It fills a link that loses packets by chance,
 * where CUBIC collapses; it keeps the queue short; it looks for the RTT of the
 * empty path every ten seconds.
 */
#include "tests/unit/net/ipv4/flows.h"
#include <linux/inet_diag.h>

#define MBIT10 1250000ULL

/* Percent of 10 Mbit/s that @ca uses of a 40 ms path losing 1%, 10 queued. */
static unsigned int lossy_share(const char *ca)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 10,
				 .loss = LINK_SURE / 100 };
	struct flow f = { .ca = ca, .port = PORT };
	u64 before;

	flows_begin(&p, &f, 1);
	run_ms(3000);
	before = f.got;
	run_ms(20000);
	before = f.got - before;
	flows_end();
	return share_of(before, 20000, MBIT10);
}

static void fills_a_lossy_link_where_cubic_collapses(void **state)
{
	unsigned int bbr = lossy_share("bbr"), cubic = lossy_share("cubic");

	if (bbr < 90 || cubic > 60)
		print_message("bbr %u%% cubic %u%%\n", bbr, cubic);
	assert_in_range(bbr, 90, 100);
	assert_in_range(cubic, 5, 60);
}

static void no_drop_after_startup(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 33 };
	struct flow f = { .ca = "bbr", .port = PORT };
	struct net_device *dev;
	u64 drops, before;

	flows_begin(&p, &f, 1);
	dev = dev_get_by_name(host_a, "eth0");
	run_ms(2000);
	drops = dev->stats.tx_dropped;
	before = f.got;
	run_ms(7000);
	assert_in_range(share_of(f.got - before, 7000, MBIT10), 95, 100);
	run_ms(30000);
	assert_int_equal(dev->stats.tx_dropped, drops);
	/* The RTT stays near that of the empty path. */
	assert_in_range(flow_tp(&f)->srtt_us >> 3, 40000, 60000);
	flows_end();
}

static void probes_for_the_rtt_every_ten_seconds(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 100 };
	struct flow f = { .ca = "bbr", .port = PORT };
	unsigned int probes = 0, lasted = 0, since = 0;
	bool low = false;

	flows_begin(&p, &f, 1);
	run_ms(1000);
	for (int ms = 0; ms < 40000; ms += 10) {
		bool now = flow_tp(&f)->snd_cwnd <= 4;

		if (now && !low) {
			if (probes)
				assert_in_range(since, 10000, 10600);
			probes++;
			lasted = since = 0;
		}
		if (low && !now)
			assert_in_range(lasted, 200, 400);
		lasted += 10;
		since += 10;
		low = now;
		run_ms(10);
	}
	assert_in_range(probes, 3, 4);
	flows_end();
}

/* TCP_CC_INFO of the test's own flow, in the program that has it. */
static struct tcp_bbr_info cc_info;
static int cc_info_len;

static void ask_info(void *arg)
{
	int fd = u_socket(SOCK_STREAM, 0), len = 4;
	struct tcp_bbr_info cut = { .bbr_bw_hi = 77 };

	EXPECT(u_connect(fd, R1, PORT), 0);
	for (int i = 0; i < 60; i++)
		EXPECT(u_send(fd, flow_data, sizeof(flow_data), 0),
		       sizeof(flow_data));
	cc_info_len = 64;
	EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_CC_INFO, U(&cc_info), U(&cc_info_len)),
	       0);
	EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_CC_INFO, U(&cut), U(&len)),
	       0);
	EXPECT(len, 4);
	EXPECT(cut.bbr_bw_hi, 77);
	u_close(fd);
}

static void tells_its_model_and_comes_by_sysctl(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 100 };
	struct flow f = { .port = PORT };

	two_hosts(&p);
	host_a->ipv4->tcp_congestion_control = tcp_ca_find("bbr");
	sim_spawn(sim, host_b, flow_sink, &f);
	sim_spawn(sim, host_a, ask_info, NULL);
	hosts_done();
	assert_int_equal(cc_info_len, sizeof(cc_info));
	assert_int_equal(cc_info.bbr_bw_hi, 0);
	assert_in_range(cc_info.bbr_bw_lo, MBIT10 * 9 / 10, MBIT10 * 105 / 100);
	assert_in_range(cc_info.bbr_min_rtt, 40000, 43000);
	assert_in_range(cc_info.bbr_pacing_gain, 192, 320);
	assert_int_equal(cc_info.bbr_cwnd_gain, 512);
	assert_int_equal(f.got, 60 * sizeof(flow_data));
}

/* Writes now and then: the low rate is the program's, not the path's. */
static void trickle(void *arg)
{
	int fd = u_socket(SOCK_STREAM, 0);
	u64 before;

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_SNDBUF, 400000), 0);
	EXPECT(u_connect(fd, R1, PORT), 0);
	for (int i = 0; i < 30; i++)
		EXPECT(u_send(fd, flow_data, sizeof(flow_data), 0),
		       sizeof(flow_data));
	for (int i = 0; i < 80; i++) {
		EXPECT(u_send(fd, flow_data, 1000, 0), 1000);
		sim_sleep(100 * SIM_MS);
	}
	before = sim_now(sim);
	EXPECT(u_send(fd, flow_data, sizeof(flow_data), 0), sizeof(flow_data));
	for (int left = 1; left;) {
		EXPECT(sim_call(__NR_ioctl, (long)fd, (long)SIOCOUTQ, U(&left)),
		       0);
		sim_sleep(SIM_MS);
	}
	/* 65536 bytes at 10 Mbit/s, and a round trip. */
	EXPECT(sim_now(sim) - before < 130 * SIM_MS, true);
	u_close(fd);
}

static void an_idle_program_does_not_lower_the_rate(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 100 };
	struct flow f = { .port = PORT };

	two_hosts(&p);
	host_a->ipv4->tcp_congestion_control = tcp_ca_find("bbr");
	sim_spawn(sim, host_b, flow_sink, &f);
	sim_spawn(sim, host_a, trickle, NULL);
	hosts_done();
}

/* A token bucket lets 2 Mbit/s through of 50, and drops the rest. */
struct policer {
	u64 last, tokens; /* ns of line, bytes */
	u64 passed;
};

static enum link_verdict police(void *arg, struct net_device *dev,
				const struct sk_buff *skb, u64 *delay)
{
	struct policer *p = arg;
	u64 now = ktime_get_ns();

	p->tokens += (now - p->last) * 250000;
	p->tokens = min_t(u64, p->tokens, 60000 * SIM_SEC);
	p->last = now;
	if (p->tokens < skb->len * SIM_SEC)
		return LINK_DROP;
	p->tokens -= skb->len * SIM_SEC;
	p->passed += skb->len;
	return LINK_PASS;
}

static void a_policed_rate_is_found(void **state)
{
	struct policer pol = { 0 };
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = 5 * MBIT10,
				 .queue = 200,
				 .judge = police,
				 .judge_arg = &pol };
	struct flow f = { .ca = "bbr", .port = PORT };
	struct tcp_sock *tp;
	u32 sent, lost;

	flows_begin(&p, &f, 1);
	run_ms(8000);
	tp = flow_tp(&f);
	sent = tp->data_segs_out;
	lost = tp->lost;
	run_ms(4000);
	/* It sends what the policer lets through: few are lost. */
	assert_in_range((tp->lost - lost) * 100 / (tp->data_segs_out - sent), 0,
			10);
	flows_end();
}

static void survives_loss_of_everything_for_a_while(void **state)
{
	struct link_params p = { .latency = 20 * SIM_MS,
				 .rate = MBIT10,
				 .queue = 50 },
			   down = p;
	struct flow f = { .ca = "bbr", .port = PORT };
	u64 before;

	down.down = true;
	flows_begin(&p, &f, 1);
	run_ms(3000);
	link_set(dev_get_by_name(host_a, "eth0"), &down);
	run_ms(2000);
	link_set(dev_get_by_name(host_a, "eth0"), &p);
	run_ms(3000);
	before = f.got;
	run_ms(4000);
	assert_in_range(share_of(f.got - before, 4000, MBIT10), 85, 100);
	flows_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_a_lossy_link_where_cubic_collapses),
		cmocka_unit_test(no_drop_after_startup),
		cmocka_unit_test(probes_for_the_rtt_every_ten_seconds),
		cmocka_unit_test(tells_its_model_and_comes_by_sysctl),
		cmocka_unit_test(an_idle_program_does_not_lower_the_rate),
		cmocka_unit_test(a_policed_rate_is_found),
		cmocka_unit_test(survives_loss_of_everything_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
