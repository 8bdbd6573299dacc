/* SPDX-License-Identifier: MIT */
/*
 * Fragmentation and reassembly over a link with MTU 1500.
 */
#include "tests/unit/net/ipv4/hosts.h"

static u8 big[65507], got[65535];

static void receiver(void *arg)
{
	long want = (long)(intptr_t)arg;
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_bind(fd, 0, 7), 0);
	EXPECT(u_recv(fd, got, sizeof(got), 0), want);
	EXPECT(filled(got, (size_t)want), true);
}

static void sender(void *arg)
{
	long n = (long)(intptr_t)arg;
	int fd = u_socket(SOCK_DGRAM, 0);

	fill(big, sizeof(big));
	EXPECT(u_sendto(fd, big, (size_t)n, R1, 7), n);
}

static void transfer(const struct link_params *p, long n)
{
	two_hosts(p);
	sim_spawn(sim, host_b, receiver, (void *)n);
	sim_spawn(sim, host_a, sender, (void *)n);
}

static void large_datagrams_are_cut_and_joined(void **state)
{
	static const long sizes[] = { 1472, 1473, 2952, 8000, 65507 };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned int frags =
			sizes[i] <= 1472
				? 0
				: (unsigned int)(sizes[i] + 8 + 1479) / 1480;

		transfer(&plain_link, sizes[i]);
		sim_run(sim, SIM_FOREVER);
		assert_int_equal(host_a->mib.ip[IPSTATS_MIB_FragCreates],
				 frags);
		assert_int_equal(host_b->mib.ip[IPSTATS_MIB_ReasmOKs], !!frags);
		hosts_done();
	}
}

/* Each fragment later than the one sent after it. */
static enum link_verdict reverse(void *arg, struct net_device *dev,
				 const struct sk_buff *skb, u64 *delay)
{
	int *left = arg;

	*delay += (u64)(--*left) * 10 * NSEC_PER_MSEC;
	return LINK_PASS;
}

static void order_does_not_matter(void **state)
{
	int left = 6;
	struct link_params p = { .judge = reverse, .judge_arg = &left };

	transfer(&p, 8000);
	hosts_done();
}

static enum link_verdict duplicate(void *arg, struct net_device *dev,
				   const struct sk_buff *skb, u64 *delay)
{
	return LINK_DUPLICATE;
}

static void duplicates_are_ignored(void **state)
{
	struct link_params p = { .judge = duplicate };

	two_hosts(&p);
	sim_spawn(sim, host_b, receiver, (void *)8000L);
	sim_spawn(sim, host_a, sender, (void *)8000L);
	hosts_done();
}

static enum link_verdict drop_third(void *arg, struct net_device *dev,
				    const struct sk_buff *skb, u64 *delay)
{
	int *nr = arg;

	return ++*nr == 3 ? LINK_DROP : LINK_PASS;
}

static void hole_times_out_and_is_told(void **state)
{
	int nr = 0;
	struct link_params p = { .judge = drop_third, .judge_arg = &nr };
	uint64_t t;

	two_hosts(&p);
	sim_spawn(sim, host_a, sender, (void *)8000L);
	t = sim_now(sim);
	sim_run(sim, SIM_FOREVER);
	assert_true(sim_now(sim) - t >= 30 * SIM_SEC);
	assert_true(sim_now(sim) - t < 31 * SIM_SEC);
	assert_int_equal(host_b->mib.ip[IPSTATS_MIB_ReasmTimeout], 1);
	assert_int_equal(host_b->mib.ip[IPSTATS_MIB_ReasmFails], 1);
	assert_int_equal(host_a->mib.icmp[ICMP_MIB_InTimeExcds], 1);
	hosts_done();
}

static void corrupt_sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	fill(big, sizeof(big));
	EXPECT(u_setopt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
	EXPECT(u_sendto(fd, big, 1472, R1, 7), 1472);
	EXPECT(u_sendto(fd, big, 1473, R1, 7), -EMSGSIZE);
	/* Full or not at all, when the program wants it so. */
	EXPECT(u_setopt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT), 0);
	EXPECT(u_sendto(fd, big, 1473, R1, 7), 1473);
	EXPECT(u_sendto(fd, big, 65508, R1, 7), -EMSGSIZE);
}

static void pmtudisc_do_refuses_to_cut(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, corrupt_sender, NULL);
	hosts_done();
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(large_datagrams_are_cut_and_joined),
		T(order_does_not_matter),
		T(duplicates_are_ignored),
		T(hole_times_out_and_is_told),
		T(pmtudisc_do_refuses_to_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
