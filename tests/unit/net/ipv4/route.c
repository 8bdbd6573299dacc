/* SPDX-License-Identifier: MIT */
/*
 * The route cache: hits, bounds, staleness; path MTU; forwarding; what happens
 * to routes when their device goes.
 */
#include "net/ipv4/route_cache.h"
#include "tests/unit/net/ipv4/hosts.h"

static struct rtable *route_to(struct net *net, u32 addr)
{
	struct flowi4 fl4 = { .daddr = htonl(addr) };

	return ip_route_output_key(net, &fl4);
}

static void same_question_same_route(void **state)
{
	struct rtable *a, *b;
	struct rt_cache *c;
	u64 slow;

	two_hosts(&plain_link);
	c = host_a->ipv4->rt;
	a = route_to(host_a, R1);
	assert_false(IS_ERR(a));
	assert_int_equal(a->rt_src, htonl(A1));
	slow = c->out_slow;
	b = route_to(host_a, R1);
	assert_ptr_equal(a, b);
	assert_int_equal(c->out_slow, slow);
	assert_true(a->dst.use > 0);
	/* Configuration changes: the old one is stale, a new one is made. */
	rt_cache_flush(host_a);
	assert_null(a->dst.ops->check(&a->dst, 0));
	ip_rt_put(b);
	b = route_to(host_a, R1);
	assert_ptr_not_equal(a, b);
	ip_rt_put(a);
	ip_rt_put(b);
	hosts_done();
}

static struct hlist_head *bucket_of(const struct rtable *rt)
{
	struct hlist_head *table = host_a->ipv4->rt->rt_hash_table;
	struct rtable *pos;

	for (unsigned int i = 0; i < RT_HASH_SIZE; i++)
		hlist_for_each_entry(pos, &table[i], rt_node)
			if (pos == rt)
				return &table[i];
	return NULL;
}

static struct rt_key key_of(const struct rtable *rt)
{
	return (struct rt_key){ .dst = rt->rt_key_dst, .src = rt->rt_key_src,
				.oif = rt->rt_key_oif, .iif = rt->rt_key_iif,
				.tos = rt->rt_key_tos,
				.mark = rt->rt_key_mark };
}

/* A new key goes to the head of its bucket, a known one moves there. */
static void bucket_has_the_last_used_in_front(void **state)
{
	u32 first = 0xc0000000, addr = first;
	struct rtable *a, *b, *c;
	struct hlist_head *head;
	unsigned int entries, use;
	struct rt_key key;

	two_hosts(&plain_link);
	default_via(host_a, R1);
	a = route_to(host_a, first);
	head = bucket_of(a);
	assert_non_null(head);
	assert_ptr_equal(head->first, &a->rt_node);
	while (head->first == &a->rt_node)
		ip_rt_put(route_to(host_a, ++addr));
	b = route_to(host_a, addr);
	assert_ptr_equal(head->first, &b->rt_node);
	assert_ptr_equal(b->rt_node.next, &a->rt_node);
	/* A hit is counted, and comes to the front. */
	use = a->dst.use;
	ip_rt_put(route_to(host_a, first));
	assert_int_equal(a->dst.use, use + 1);
	assert_ptr_equal(head->first, &a->rt_node);
	assert_ptr_equal(a->rt_node.next, &b->rt_node);
	/* Interned under a known key: the known one, from the front. */
	entries = host_a->ipv4->rt->entries;
	key = key_of(b);
	c = rt_dst_alloc(host_a, b->dst.dev, 0, RTN_UNICAST, false);
	assert_non_null(c);
	assert_ptr_equal(rt_intern_hash(host_a, &key, c), b);
	assert_ptr_equal(head->first, &b->rt_node);
	assert_int_equal(host_a->ipv4->rt->entries, entries);
	ip_rt_put(b);
	ip_rt_put(b);
	ip_rt_put(a);
	hosts_done();
}

/* One entry answers one destination, source, device and type of service. */
static void each_part_of_the_key_makes_a_question(void **state)
{
	int oif;
	struct rt_cache *c;

	two_hosts(&plain_link);
	c = host_a->ipv4->rt;
	oif = dev_get_by_name(host_a, "eth0")->ifindex;
	for (unsigned int i = 0; i < 16; i++) {
		u64 slow = c->out_slow, hit = c->out_hit;

		for (int again = 0; again < 2; again++) {
			struct flowi4 fl4 = {
				.daddr = htonl(i & 1 ? R1 : R1 + 1),
				.saddr = i & 2 ? htonl(A1) : 0,
				.flowi4_oif = i & 4 ? oif : 0,
				.flowi4_tos = i & 8 ? 0x10 : 0,
			};

			ip_rt_put(ip_route_output_key(host_a, &fl4));
			assert_int_equal(c->out_slow, slow + 1);
			assert_int_equal(c->out_hit, hit + (u64)again);
		}
	}
	hosts_done();
}

static void cache_is_bounded(void **state)
{
	unsigned int i;

	two_hosts(&plain_link);
	default_via(host_a, R1);
	for (i = 0; i < 3 * RT_HASH_SIZE * RT_CHAIN_MAX; i++)
		ip_rt_put(route_to(host_a, 0xc0000000 + i * 7));
	assert_true(host_a->ipv4->rt->entries <= RT_HASH_SIZE * RT_CHAIN_MAX);
	assert_true(host_a->ipv4->rt->entries >
		    RT_HASH_SIZE * RT_CHAIN_MAX / 2);
	hosts_done();
}

static void source_and_device_are_checked(void **state)
{
	struct flowi4 fl4;
	struct rtable *rt;

	two_hosts(&plain_link);
	fl4 = (struct flowi4){ .daddr = htonl(R1), .saddr = htonl(0x0a000163) };
	assert_int_equal(PTR_ERR(ip_route_output_key(host_a, &fl4)), -EINVAL);
	fl4 = (struct flowi4){ .daddr = htonl(R1), .flowi4_oif = 99 };
	assert_int_equal(PTR_ERR(ip_route_output_key(host_a, &fl4)), -ENODEV);
	fl4 = (struct flowi4){ .daddr = htonl(0xc0000001) };
	assert_int_equal(PTR_ERR(ip_route_output_key(host_a, &fl4)),
			 -ENETUNREACH);
	/* With a device given, everything is on its link. */
	fl4 = (struct flowi4){
		.daddr = htonl(0xc0000001),
		.flowi4_oif = dev_get_by_name(host_a, "eth0")->ifindex,
	};
	rt = ip_route_output_key(host_a, &fl4);
	assert_false(IS_ERR(rt));
	ip_rt_put(rt);
	/* 0.0.0.0 is this host. */
	fl4 = (struct flowi4){ .daddr = 0 };
	rt = ip_route_output_key(host_a, &fl4);
	assert_int_equal(fl4.daddr, htonl(INADDR_LOOPBACK));
	assert_ptr_equal(rt->dst.dev, host_a->loopback_dev);
	ip_rt_put(rt);
	hosts_done();
}

static void route_outlives_its_device(void **state)
{
	struct rtable *rt;

	two_hosts(&plain_link);
	rt = route_to(host_a, R1);
	link_del(dev_get_by_name(host_a, "eth0"));
	/* A socket may hold it still: it leads nowhere, but to no freed memory. */
	assert_ptr_equal(rt->dst.dev, host_a->loopback_dev);
	assert_null(rt->dst.ops->check(&rt->dst, 0));
	ip_rt_put(rt);
	assert_int_equal(PTR_ERR(route_to(host_a, R1)), -ENETUNREACH);
	assert_int_equal(sim_free(sim), 0);
}

static u8 buf[4000], got[4000];

static void pmtu_sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	fill(buf, sizeof(buf));
	EXPECT(u_connect(fd, B2, 7), 0);
	EXPECT(u_getopt(fd, SOL_IP, IP_MTU), 1500);
	/* Too large for the second link: dropped there, and we are told. */
	EXPECT(u_sendto(fd, buf, 1400, 0, 0), 1400);
	sim_sleep(100 * SIM_MS);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), EMSGSIZE);
	/* The connected socket's route is found anew with what was learnt. */
	EXPECT(u_connect(fd, B2, 7), 0);
	EXPECT(u_getopt(fd, SOL_IP, IP_MTU), 1000);
	EXPECT(u_sendto(fd, buf, 1400, 0, 0), 1400);
	sim_sleep(11 * 60 * SIM_SEC);
	EXPECT(u_connect(fd, B2, 7), 0);
	EXPECT(u_getopt(fd, SOL_IP, IP_MTU), 1500);
}

static void pmtu_receiver(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_bind(fd, 0, 7), 0);
	EXPECT(u_recv(fd, got, sizeof(got), 0), 1400);
	EXPECT(filled(got, 1400), true);
}

static void path_mtu_is_learnt_and_forgotten(void **state)
{
	struct link_params narrow = { .mtu = 1000 };

	three_hosts(&plain_link, &narrow);
	sim_spawn(sim, host_b, pmtu_receiver, NULL);
	sim_spawn(sim, host_a, pmtu_sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_true(host_r->mib.ip[IPSTATS_MIB_ForwDatagrams] >= 2);
	assert_int_equal(host_a->mib.ip[IPSTATS_MIB_FragOKs], 1);
	assert_int_equal(host_b->mib.ip[IPSTATS_MIB_ReasmOKs], 1);
	hosts_done();
}

static void ttl_sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_setopt(fd, SOL_IP, IP_TTL, 1), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_sendto(fd, buf, 10, B2, 7), 10);
	sim_sleep(100 * SIM_MS);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
}

static void router_tells_when_ttl_is_used_up(void **state)
{
	three_hosts(&plain_link, &plain_link);
	sim_spawn(sim, host_a, ttl_sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_r->mib.icmp[ICMP_MIB_OutTimeExcds], 1);
	hosts_done();
}

static void no_route_sender(void *arg)
{
	int want = (int)(intptr_t)arg, fd = u_socket(SOCK_DGRAM, 0);

	EXPECT(u_connect(fd, 0xc0000001, 7), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_sendto(fd, buf, 10, 0, 0), 10);
	sim_sleep(100 * SIM_MS);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), want);
}

static void router_without_route_says_so(void **state)
{
	three_hosts(&plain_link, &plain_link);
	sim_spawn(sim, host_a, no_route_sender, (void *)ENETUNREACH);
	hosts_done();
}

static void plain_host_forwards_nothing(void **state)
{
	three_hosts(&plain_link, &plain_link);
	inet_forward_change(host_r, 0);
	sim_spawn(sim, host_a, no_route_sender, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(host_r->mib.ip[IPSTATS_MIB_ForwDatagrams], 0);
	assert_int_equal(host_r->mib.icmp[ICMP_MIB_OutMsgs], 0);
	assert_int_equal(host_r->mib.ip[IPSTATS_MIB_InAddrErrors], 1);
	hosts_done();
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(same_question_same_route),
		T(bucket_has_the_last_used_in_front),
		T(each_part_of_the_key_makes_a_question),
		T(cache_is_bounded),
		T(source_and_device_are_checked),
		T(route_outlives_its_device),
		T(path_mtu_is_learnt_and_forgotten),
		T(router_tells_when_ttl_is_used_up),
		T(router_without_route_says_so),
		T(plain_host_forwards_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
