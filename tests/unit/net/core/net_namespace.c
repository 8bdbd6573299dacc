/* SPDX-License-Identifier: MIT */
/* Hosts: made whole or not at all, and gone without a trace. */
#include "net/core/net_namespace.h"

#include "kernel/kernel.h"
#include "kernel/slab.h"
#include "net/core/netdevice.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

static void no_memory_at_any_step_leaves_nothing(void **state)
{
	struct sim *s = sim_new(1);
	size_t used = kmem_used();
	struct net *net = NULL;
	int n;

	for (n = 1; !net && n < 200; n++) {
		kmem_fail_at(n);
		net = net_alloc("host1");
		kmem_fail_at(0);
		if (net && !net->loopback_dev->ip_ptr) {
			/* A device without IPv4 is not a failure. */
			net_free(net);
			net = NULL;
		}
		if (!net)
			assert_int_equal(kmem_used(), used);
	}
	assert_non_null(net);
	assert_true(n > 5);
	net_free(net);
	assert_int_equal(kmem_used(), used);
	assert_int_equal(sim_free(s), 0);
}

static void device_names_are_checked(void **state)
{
	struct sim *s = sim_new(1);
	struct net_device *lo = sim_host0(s)->loopback_dev;

	assert_int_equal(lo->ifindex, 1);
	assert_int_equal(dev_change_name(lo, ""), -22);
	assert_int_equal(dev_change_name(lo, "a/b"), -22);
	assert_int_equal(dev_change_name(lo, "a b"), -22);
	assert_int_equal(dev_change_name(lo, ".."), -22);
	assert_int_equal(dev_change_name(lo, "0123456789abcdef"), -22);
	assert_int_equal(dev_change_name(lo, "lo"), 0);
	assert_int_equal(dev_change_name(lo, "loop%d"), 0);
	assert_string_equal(lo->name, "loop0");
	assert_ptr_equal(dev_get_by_name(sim_host0(s), "loop0"), lo);
	assert_null(dev_get_by_name(sim_host0(s), "lo"));
	assert_null(dev_get_by_index(sim_host0(s), 2));
	assert_int_equal(sim_free(s), 0);
}

static int logged, suppressed;

static void count_log(int level, const char *line)
{
	logged++;
	suppressed += strstr(line, "suppressed") != NULL;
}

static int allowed(struct net *net, int tries)
{
	int n = 0;

	while (tries--)
		n += net_ratelimit(net);
	return n;
}

static void log_much(void *arg)
{
	struct net *net = arg;

	assert_int_equal(allowed(net, 25), 10);
	sim_sleep(4900000000ULL);
	assert_int_equal(allowed(net, 5), 0);
	assert_int_equal(logged, 0);
	sim_sleep(200000000ULL);
	assert_int_equal(allowed(net, 10), 10);
	assert_int_equal(logged, 1);
	assert_int_equal(suppressed, 1);
	/* None was kept back: nothing is told. */
	sim_sleep(6000000000ULL);
	assert_int_equal(allowed(net, 10), 10);
	assert_int_equal(logged, 1);
	net->core.message_cost = 0;
	assert_int_equal(allowed(net, 100), 100);
}

static void messages_are_limited_in_their_rate(void **state)
{
	struct sim *s = sim_new(1);

	logged = suppressed = 0;
	sim_log(s, count_log);
	assert_non_null(sim_spawn(s, NULL, log_much, sim_host0(s)));
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_running(s), 0);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_at_any_step_leaves_nothing),
		cmocka_unit_test(device_names_are_checked),
		cmocka_unit_test(messages_are_limited_in_their_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
