/* SPDX-License-Identifier: MIT */
/*
 * TCP over a bad link: every byte arrives once and in order, both ways,
 * whatever is lost, doubled, delayed or damaged; with and without SACK and
 * time stamps.
 *
 *	a 10.0.1.1 ---- 10.0.1.2 b
 */
#include "tests/unit/net/ipv4/stream.h"

static u8 abuf[65536], bbuf[65536];

struct fault {
	u32 loss, dup, corrupt, delay; /* of 1000 */
	u32 seed;
};

static u32 next_random(struct fault *f)
{
	f->seed = f->seed * 1664525 + 1013904223;
	return (f->seed >> 8) % 1000;
}

static enum link_verdict judge(void *arg, struct net_device *dev,
			       const struct sk_buff *skb, u64 *delay)
{
	struct fault *f = arg;

	if (next_random(f) < f->delay)
		*delay += (1 + next_random(f) % 20) * NSEC_PER_MSEC;
	if (next_random(f) < f->loss)
		return LINK_DROP;
	if (next_random(f) < f->dup)
		return LINK_DUPLICATE;
	if (next_random(f) < f->corrupt)
		return LINK_CORRUPT;
	return LINK_PASS;
}

struct ends {
	u64 bytes;
	u64 got_a, got_b;
	bool failed;
};

/* Send and receive at once, without waiting in either. */
static void exchange(struct ends *e, int fd, bool is_a, u8 *buf)
{
	u64 sent = 0, at = 0;
	bool shut = false;
	long n;

	for (;;) {
		size_t want = e->bytes - sent < 65536 ? e->bytes - sent : 65536;
		bool moved = false;

		if (want) {
			pattern_fill(buf, sent, want);
			n = u_send(fd, buf, want, MSG_DONTWAIT);
			if (n > 0) {
				sent += (u64)n;
				moved = true;
			} else if (n != -EAGAIN) {
				e->failed = true;
				return;
			}
		} else if (!shut) {
			EXPECT(u_shutdown(fd, SHUT_WR), 0);
			shut = true;
		}
		n = u_recv(fd, buf, 65536, MSG_DONTWAIT);
		if (n > 0) {
			EXPECT(pattern_ok(buf, at, (size_t)n), true);
			at += (u64)n;
			moved = true;
		} else if (n == 0) {
			if (sent == e->bytes)
				break;
		} else if (n != -EAGAIN) {
			e->failed = true;
			return;
		}
		if (!moved)
			sim_sleep(SIM_MS);
	}
	/*
	 * A socket that nobody has any more gives up after eight tries, and
	 * the peer would wait for ever: stay until all is acknowledged.
	 */
	for (int left = 1; left;) {
		EXPECT(sim_call(__NR_ioctl, (long)fd, (long)SIOCOUTQ, U(&left),
				0L, 0L, 0L),
		       0);
		if (left)
			sim_sleep(SIM_MS);
	}
	if (is_a)
		e->got_a = at;
	else
		e->got_b = at;
}

static void side_b(void *arg)
{
	int fd = u_listener(0, PORT, 8);
	int c = (int)u_accept(fd, 0);

	if (c >= 0) {
		exchange(arg, c, false, bbuf);
		EXPECT(u_close(c), 0);
	}
	EXPECT(u_close(fd), 0);
}

static void side_a(void *arg)
{
	struct ends *e = arg;
	int fd = u_socket(SOCK_STREAM, 0);

	if (u_connect(fd, R1, PORT)) {
		e->failed = true;
	} else {
		exchange(e, fd, true, abuf);
	}
	EXPECT(u_close(fd), 0);
}

static const char *run_ca = "cubic";

static void run_faults(struct fault f, int seeds, u64 bytes, int sack, int ts)
{
	for (int i = 0; i < seeds; i++) {
		struct fault g = f;
		struct link_params p = { .latency = 5 * NSEC_PER_MSEC,
					 .rate = 5000000,
					 .judge = judge,
					 .judge_arg = &g };
		struct ends e = { .bytes = bytes };

		g.seed = (u32)i * 7919 + 1;
		two_hosts(&p);
		host_a->ipv4->sysctl_tcp_sack = sack;
		host_a->ipv4->tcp_congestion_control = tcp_ca_find(run_ca);
		host_a->ipv4->sysctl_tcp_timestamps = ts;
		sim_spawn(sim, host_b, side_b, &e);
		sim_spawn(sim, host_a, side_a, &e);
		sim_run(sim, 3600 * SIM_SEC);
		if (e.failed || e.got_a != bytes || e.got_b != bytes)
			print_message("seed %d: a %lu b %lu failed %d\n", i,
				      (unsigned long)e.got_a,
				      (unsigned long)e.got_b, e.failed);
		assert_int_equal(sim_running(sim), 0);
		assert_false(e.failed);
		assert_int_equal(e.got_a, bytes);
		assert_int_equal(e.got_b, bytes);
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
