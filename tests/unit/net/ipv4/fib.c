/* SPDX-License-Identifier: MIT */
/*
 * Forwarding tables: longest prefix against a naive model, order of aliases,
 * walking, what addresses put in and take out, rules, the errors of routes.
 */
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/slab.h"
#include "net/core/netdevice.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/inetdevice.h"
#include "net/ipv4/netns.h"
#include "ports/sim/sim.h"
#include <linux/fib_rules.h>

#include "tests/unit/unit.h"

static struct sim *sim;
static struct net *net;

static int setup(void **state)
{
	sim = sim_new(7);
	net = sim ? sim_host0(sim) : NULL;
	return net ? 0 : -1;
}

static int teardown(void **state)
{
	return sim_free(sim);
}

static u64 rnd_state = 88172645463325252ULL;
static u32 rnd(void)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return (u32)(rnd_state >> 16);
}

static u32 mask_of(unsigned int plen)
{
	return plen ? ~0U << (32 - plen) : 0;
}

static int change(bool add, u32 table, u32 key, unsigned int plen, u32 prio,
		  u8 type, int nlflags)
{
	struct fib_config cfg = {
		.fc_dst = htonl(key),
		.fc_dst_len = (u8)plen,
		.fc_type = type,
		.fc_table = table,
		.fc_priority = prio,
		.fc_protocol = RTPROT_STATIC,
		.fc_scope =
			type == RTN_UNICAST ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.fc_oif = type == RTN_UNICAST ? 1 : 0,
		.fc_nlflags = (u32)nlflags,
	};
	struct fib_table *tb = fib_new_table(net, table);

	return add ? fib_table_insert(net, tb, &cfg)
		   : fib_table_delete(net, tb, &cfg);
}

static int add(u32 key, unsigned int plen, u32 prio)
{
	return change(true, 100, key, plen, prio, RTN_UNICAST,
		      NLM_F_CREATE | NLM_F_EXCL);
}

/* Prefix length found for @addr in table 100, -1: none. */
static int lookup(u32 addr)
{
	struct flowi4 fl4 = { .daddr = htonl(addr) };
	struct fib_result res;

	if (fib_table_lookup(fib_get_table(net, 100), &fl4, &res))
		return -1;
	assert_int_equal(ntohl(res.prefix), addr & mask_of(res.prefixlen));
	return res.prefixlen;
}

/* The naive model: for each length a sorted list of the prefixes there are. */
#define MODEL 100000
static u32 model[33][MODEL / 8];
static unsigned int model_n[33];

static int model_find(unsigned int plen, u32 key)
{
	int lo = 0, hi = (int)model_n[plen] - 1;

	while (lo <= hi) {
		int mid = (lo + hi) / 2;

		if (model[plen][mid] == key)
			return mid;
		if (model[plen][mid] < key)
			lo = mid + 1;
		else
			hi = mid - 1;
	}
	return -1;
}

static int model_lookup(u32 addr)
{
	int plen;

	for (plen = 32; plen >= 0; plen--) {
		if (model_find(plen, addr & mask_of(plen)) >= 0)
			return plen;
	}
	return -1;
}

static int cmp_u32(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

void qsort(void *base, size_t n, size_t size,
	   int (*cmp)(const void *, const void *));

static void model_fill(void)
{
	unsigned int plen, i, n;

	memset(model_n, 0, sizeof(model_n));
	for (i = 0; i < MODEL; i++) {
		/* As in the Internet: most are /24 and /16../23. */
		plen = rnd() % 4 ? 16 + rnd() % 9 : rnd() % 33;
		if (model_n[plen] < MODEL / 8)
			model[plen][model_n[plen]++] =
				((rnd() % 64) << 26 | (rnd() & 0x3ffffff)) &
				mask_of(plen);
	}
	for (plen = 0; plen <= 32; plen++) {
		qsort(model[plen], model_n[plen], sizeof(u32), cmp_u32);
		for (i = n = 0; i < model_n[plen]; i++) {
			if (!n || model[plen][n - 1] != model[plen][i])
				model[plen][n++] = model[plen][i];
		}
		model_n[plen] = n;
	}
}

static void model_compare(void)
{
	unsigned int i, plen;

	for (i = 0; i < 200000; i++) {
		u32 addr = rnd();

		/* Half of the time at the edge of a prefix there is. */
		if (i & 1) {
			plen = rnd() % 33;
			if (model_n[plen])
				addr = model[plen][rnd() % model_n[plen]] +
				       (rnd() % 3) - 1;
		}
		assert_int_equal(lookup(addr), model_lookup(addr));
	}
}

static void longest_prefix_as_the_model_says(void **state)
{
	unsigned int plen, i, total = 0;
	struct fib_table *tb;
	struct fib_cursor c = { 0 };
	struct fib_entry e;
	u32 last = 0;
	u8 last_len = 0;

	model_fill();
	for (plen = 0; plen <= 32; plen++) {
		for (i = 0; i < model_n[plen]; i++) {
			assert_int_equal(add(model[plen][i], plen, 0), 0);
			total++;
		}
	}
	tb = fib_get_table(net, 100);
	assert_int_equal(tb->tb_num, total);
	assert_true(tb->tb_nodes < 2 * total);
	/* All say the same: one fib_info. */
	model_compare();

	/* The walk gives each once, in order. */
	for (i = 0; fib_table_next(tb, &c, &e); i++) {
		u32 key = ntohl(e.dst);

		assert_true(!i || key > last ||
			    (key == last && e.dst_len > last_len));
		assert_true(model_find(e.dst_len, key) >= 0);
		last = key;
		last_len = e.dst_len;
	}
	assert_int_equal(i, total);

	/* Take every other one away. */
	for (plen = 0; plen <= 32; plen++) {
		unsigned int n = 0;

		for (i = 0; i < model_n[plen]; i++) {
			if (i & 1) {
				model[plen][n++] = model[plen][i];
				continue;
			}
			assert_int_equal(change(false, 100, model[plen][i],
						plen, 0, RTN_UNICAST, 0),
					 0);
			total--;
		}
		model_n[plen] = n;
	}
	assert_int_equal(tb->tb_num, total);
	assert_true(tb->tb_nodes < 2 * total);
	model_compare();
	assert_int_equal(fib_table_flush(net, tb, true), total);
	assert_int_equal(tb->tb_nodes, 0);
	assert_null(tb->tb_root);
}

static void same_prefix_by_priority(void **state)
{
	struct flowi4 fl4 = { .daddr = htonl(0x0a010203) };
	struct fib_result res;

	assert_int_equal(add(0x0a000000, 8, 20), 0);
	assert_int_equal(add(0x0a000000, 8, 10), 0);
	assert_int_equal(add(0x0a000000, 8, 30), 0);
	assert_int_equal(add(0x0a000000, 8, 10), -EEXIST);
	assert_int_equal(fib_table_lookup(fib_get_table(net, 100), &fl4, &res),
			 0);
	assert_int_equal(res.fi->fib_priority, 10);
	assert_int_equal(change(false, 100, 0x0a000000, 8, 10, RTN_UNICAST, 0),
			 0);
	assert_int_equal(fib_table_lookup(fib_get_table(net, 100), &fl4, &res),
			 0);
	assert_int_equal(res.fi->fib_priority, 20);
	assert_int_equal(change(false, 100, 0x0a000000, 8, 99, RTN_UNICAST, 0),
			 -ESRCH);
	assert_int_equal(
		change(true, 100, 0x0a000001, 8, 0, RTN_UNICAST, NLM_F_CREATE),
		-EINVAL);
	assert_int_equal(change(true, 100, 0x0b000000, 8, 0, RTN_UNICAST, 0),
			 -ENOENT);
}

static int lookup_all(u32 addr)
{
	struct flowi4 fl4 = { .daddr = htonl(addr) };
	struct fib_result res;

	return fib_lookup(net, &fl4, &res);
}

static void refusing_routes_give_their_error(void **state)
{
	const int c = NLM_F_CREATE;

	assert_int_equal(lookup_all(0x0a000001), -ENETUNREACH);
	assert_int_equal(change(true, RT_TABLE_MAIN, 0x0a000000, 8, 0,
				RTN_UNREACHABLE, c),
			 0);
	assert_int_equal(
		change(true, RT_TABLE_MAIN, 0x0a010000, 16, 0, RTN_PROHIBIT, c),
		0);
	assert_int_equal(change(true, RT_TABLE_MAIN, 0x0a020000, 16, 0,
				RTN_BLACKHOLE, c),
			 0);
	assert_int_equal(
		change(true, RT_TABLE_MAIN, 0x0a030000, 16, 0, RTN_THROW, c),
		0);
	assert_int_equal(lookup_all(0x0a000001), -EHOSTUNREACH);
	assert_int_equal(lookup_all(0x0a010001), -EACCES);
	assert_int_equal(lookup_all(0x0a020001), -EINVAL);
	assert_int_equal(lookup_all(0x0a030001), -ENETUNREACH);
}

static void rules_choose_the_table(void **state)
{
	struct fib_rule r = {
		.pref = 1000,
		.table = 100,
		.action = FR_ACT_TO_TBL,
		.dst = htonl(0x0a000000),
		.dst_len = 8,
	};

	assert_int_equal(add(0, 0, 0), 0);
	assert_int_equal(lookup_all(0x0a000001), -ENETUNREACH);
	assert_int_equal(fib_rule_add(net, &r), 0);
	assert_int_equal(fib_rule_add(net, &r), -EEXIST);
	assert_int_equal(lookup_all(0x0a000001), 0);
	assert_int_equal(lookup_all(0x0b000001), -ENETUNREACH);
	assert_int_equal(lookup_all(0x7f000001), 0);
	assert_true(net->ipv4->fib->has_custom_rules);
	assert_int_equal(fib_rule_del(net, &r), 0);
	assert_int_equal(fib_rule_del(net, &r), -ENOENT);
	assert_false(net->ipv4->fib->has_custom_rules);
	assert_int_equal(lookup_all(0x0a000001), -ENETUNREACH);
}

static unsigned int count(u32 id)
{
	return fib_get_table(net, id)->tb_num;
}

static void addresses_bring_and_take_their_routes(void **state)
{
	struct net_device *lo = net->loopback_dev;
	struct in_ifaddr *ifa;

	/* 127.0.0.1/32, 127.0.0.0/8, the broadcast address of the net. */
	assert_int_equal(count(RT_TABLE_LOCAL), 3);
	assert_int_equal(inet_addr_type(net, htonl(0x7f123456)), RTN_LOCAL);
	assert_int_equal(inet_addr_type(net, htonl(0x7fffffff)), RTN_BROADCAST);
	assert_int_equal(inet_addr_add(lo, htonl(0xc0a80001), 24), 0);
	assert_int_equal(inet_addr_type(net, htonl(0xc0a80001)), RTN_LOCAL);
	assert_int_equal(inet_addr_add(lo, htonl(0xc0a80001), 24), -EEXIST);
	/* A second one of the subnet is secondary: only its own route. */
	assert_int_equal(inet_addr_add(lo, htonl(0xc0a80002), 24), 0);
	assert_int_equal(count(RT_TABLE_LOCAL), 3 + 3 + 1);
	list_for_each_entry(ifa, &__in_dev_get(lo)->ifa_list, ifa_list) {
		if (ifa->ifa_local == htonl(0xc0a80001))
			break;
	}
	/* It goes with its primary. */
	inet_del_ifa(__in_dev_get(lo), ifa);
	assert_int_equal(count(RT_TABLE_LOCAL), 3);
	assert_int_equal(inet_addr_type(net, htonl(0xc0a80002)), RTN_UNICAST);
	assert_int_equal(lookup_all(0xc0a80002), -ENETUNREACH);
}

static void full_table_fits(void **state)
{
	size_t before = kmem_used(), per;
	unsigned int i, ok = 0;

	for (i = 0; i < 200000; i++)
		ok += !add(rnd() & 0xffffff00, 24, 0);
	per = (kmem_used() - before) / ok;
	/* A node, its share of the forks above, an alias. */
	assert_true(per < 128);
	assert_int_equal(fib_table_flush(net, fib_get_table(net, 100), true),
			 ok);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(longest_prefix_as_the_model_says),
		T(same_prefix_by_priority),
		T(refusing_routes_give_their_error),
		T(rules_choose_the_table),
		T(addresses_bring_and_take_their_routes),
		T(full_table_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
