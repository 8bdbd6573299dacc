/* SPDX-License-Identifier: MIT */
/*
 * TCP over a bad link: every byte arrives once and in order, both ways,
 * whatever is lost, doubled, delayed or damaged; with and without SACK and
 * time stamps.
 */
#include "tests/unit/net/ipv4/exchange.h"

static const char *run_ca = "cubic";

static void run_faults(struct fault f, int seeds, u64 bytes, int sack, int ts)
{
	for (int i = 0; i < seeds; i++) {
		struct fault g = f;
		struct link_params p = { .latency = 5 * NSEC_PER_MSEC,
					 .rate = 5000000,
					 .judge = judge,
					 .judge_arg = &g };
		struct ends e = { .a = { .bytes = bytes, .chunk = 65536 } };

		e.b = e.a;
		g.seed = (u32)i * 7919 + 1;
		two_hosts(&p);
		host_a->ipv4->sysctl_tcp_sack = sack;
		host_a->ipv4->tcp_congestion_control = tcp_ca_find(run_ca);
		host_a->ipv4->sysctl_tcp_timestamps = ts;
		exchange(&e);
		if (e.a.got != bytes || e.b.got != bytes)
			print_message("seed %d: a %lu %ld b %lu %ld\n", i,
				      (unsigned long)e.a.got, e.a.err,
				      (unsigned long)e.b.got, e.b.err);
		assert_true(e.a.done && e.b.done);
		assert_int_equal(e.a.got, bytes);
		assert_int_equal(e.b.got, bytes);
		hosts_done();
	}
}

static void clean_link(void **state)
{
	run_faults((struct fault){ 0 }, 1, 500000, 1, 1);
}

static void loss_1_percent(void **state)
{
	run_faults((struct fault){ .loss = 10 }, 10, 1000000, 1, 1);
}

static void loss_10_percent(void **state)
{
	run_faults((struct fault){ .loss = 100 }, 20, 300000, 1, 1);
}

static void loss_30_percent(void **state)
{
	run_faults((struct fault){ .loss = 300 }, 10, 30000, 1, 1);
}

static void loss_without_sack(void **state)
{
	run_faults((struct fault){ .loss = 50 }, 20, 300000, 0, 1);
}

static void loss_without_sack_and_time_stamps(void **state)
{
	run_faults((struct fault){ .loss = 50 }, 20, 300000, 0, 0);
}

static void loss_without_time_stamps(void **state)
{
	run_faults((struct fault){ .loss = 50 }, 20, 300000, 1, 0);
}

static void reordering(void **state)
{
	run_faults((struct fault){ .delay = 200 }, 20, 500000, 1, 1);
}

static void duplication(void **state)
{
	run_faults((struct fault){ .dup = 200 }, 10, 300000, 1, 1);
}

static void corruption(void **state)
{
	run_faults((struct fault){ .corrupt = 50 }, 20, 300000, 1, 1);
}

static void all_at_once(void **state)
{
	run_faults(
		(struct fault){
			.loss = 50, .dup = 50, .corrupt = 20, .delay = 100 },
		30, 300000, 1, 1);
}

static void all_at_once_without_sack(void **state)
{
	run_faults(
		(struct fault){
			.loss = 50, .dup = 50, .corrupt = 20, .delay = 100 },
		30, 300000, 0, 1);
}

static void all_at_once_with_bbr(void **state)
{
	struct fault f = {
		.loss = 50, .dup = 50, .corrupt = 20, .delay = 100
	};

	run_ca = "bbr";
	run_faults(f, 4, 200000, 1, 1);
	run_faults(f, 4, 200000, 0, 0);
	run_ca = "cubic";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_link),
		cmocka_unit_test(loss_1_percent),
		cmocka_unit_test(loss_10_percent),
		cmocka_unit_test(loss_30_percent),
		cmocka_unit_test(loss_without_sack),
		cmocka_unit_test(loss_without_sack_and_time_stamps),
		cmocka_unit_test(loss_without_time_stamps),
		cmocka_unit_test(reordering),
		cmocka_unit_test(duplication),
		cmocka_unit_test(corruption),
		cmocka_unit_test(all_at_once),
		cmocka_unit_test(all_at_once_without_sack),
		cmocka_unit_test(all_at_once_with_bbr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
