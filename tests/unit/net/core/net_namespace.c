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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_at_any_step_leaves_nothing),
		cmocka_unit_test(device_names_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
