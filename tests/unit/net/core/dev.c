/* SPDX-License-Identifier: MIT */
/*
 * Devices and links that drop: why, what is counted, and that nothing is left
 * (docs/DROPS.md).
 *
 *	a 10.0.1.1 ---- 10.0.1.2 b
 */
#include "net/core/dropreason.h"
#include "net/core/dst.h"
#include "net/ipv4/ip_fragment.h"
#include "net/ipv4/ip_output.h"
#include "tests/unit/net/drops.h"
#include "tests/unit/net/ipv4/hosts.h"
#include <linux/if_ether.h>

static u8 buf[1000];

static void begin(const struct link_params *p)
{
	two_hosts(p);
	drops_mark();
}

#define eth0(net) dev_get_by_name(net, "eth0")

static void assert_dropped(const char *why)
{
	assert_string_equal(drops_seen(), why);
}

/* @n datagrams to b, that nobody there wants. */
static void sender(void *arg)
{
	int fd = u_socket(SOCK_DGRAM, 0);

	for (long n = (long)(intptr_t)arg; n; n--)
		EXPECT(u_sendto(fd, buf, 500, R1, 9), 500);
}

static void send_some(long n)
{
	assert_non_null(sim_spawn(sim, host_a, sender, (void *)(intptr_t)n));
	sim_run(sim, SIM_MS);
	assert_int_equal(sim_running(sim), 0);
}

/* A packet of @protocol for @dev, with nothing in it. */
static struct sk_buff *packet(struct net_device *dev, u16 protocol)
{
	struct sk_buff *skb = alloc_skb(100);

	assert_non_null(skb);
	skb_put(skb, 20);
	skb_reset_network_header(skb);
	skb->protocol = htons(protocol);
	skb->dev = dev;
	return skb;
}

static const struct link_params slow = { .latency = 10 * SIM_MS };

static void arrives_at_a_device_that_is_down(void **state)
{
	begin(&slow);
	send_some(1);
	dev_close(eth0(host_b));
	assert_dropped("");
	sim_run(sim, SIM_SEC);
	assert_dropped("DEV_DOWN");
	assert_int_equal(eth0(host_b)->stats.rx_packets, 0);
	hosts_done();
}

static void link_goes_with_what_is_under_way(void **state)
{
	begin(&slow);
	send_some(2);
	link_del(eth0(host_a));
	assert_dropped("DEV_CLOSE=2");
	assert_int_equal(sim_free(sim), 0);
}

/* 500 bytes take half a second; one waits, the third has no place. */
static void queue_of_a_link_is_full(void **state)
{
	struct link_params p = { .rate = 1000, .queue = 1 };

	begin(&p);
	send_some(4);
	assert_dropped("QDISC_DROP=2");
	assert_int_equal(eth0(host_a)->stats.tx_dropped, 2);
	assert_int_equal(eth0(host_a)->stats.tx_packets, 2);
	link_del(eth0(host_a));
	assert_dropped("DEV_CLOSE=2");
	assert_int_equal(sim_free(sim), 0);
}

static void backlog_is_full(void **state)
{
	struct net_device *dev;

	begin(&plain_link);
	dev = eth0(host_b);
	host_b->core.netdev_max_backlog = 1;
	local_bh_disable();
	assert_int_equal(netif_rx(packet(dev, ETH_P_IPV6)), NET_RX_SUCCESS);
	assert_int_equal(netif_rx(packet(dev, ETH_P_IPV6)), NET_RX_DROP);
	assert_dropped("BACKLOG_FULL");
	assert_int_equal(dev->stats.rx_dropped, 1);
	local_bh_enable();
	assert_dropped("UNHANDLED_PROTO");
	assert_int_equal(dev->stats.rx_dropped, 2);
	hosts_done();
}

/* LINUX: what a tap has seen was not for nothing. */
static void tap(void *arg)
{
	long fd = sim_call(__NR_socket, 17L /* PF_PACKET */, (long)SOCK_RAW,
			   (long)htons(ETH_P_ALL), 0L, 0L, 0L);

	EXPECT(fd >= 0, true);
	drops_mark();
	(void)netif_rx(packet(eth0(host_b), ETH_P_IPV6));
	EXPECT(strcmp(drops_seen(), ""), 0);
	EXPECT(eth0(host_b)->stats.rx_dropped, 0);
}

static void unknown_protocol_that_a_tap_saw_is_no_drop(void **state)
{
	begin(&plain_link);
	assert_non_null(sim_spawn(sim, host_b, tap, NULL));
	hosts_done();
}

static void device_goes_down_before_its_packet_is_looked_at(void **state)
{
	struct net_device *dev;

	begin(&plain_link);
	dev = eth0(host_b);
	local_bh_disable();
	assert_int_equal(netif_rx(packet(dev, ETH_P_IP)), NET_RX_SUCCESS);
	dev_close(dev);
	local_bh_enable();
	assert_dropped("DEV_DOWN");
	assert_int_equal(host_b->mib.ip[IPSTATS_MIB_InReceives], 0);
	assert_int_equal(dev->stats.rx_dropped, 0);
	hosts_done();
}

static void nothing_leaves_by_a_device_that_is_down(void **state)
{
	struct net_device *dev;

	begin(&plain_link);
	dev = eth0(host_b);
	dev_close(dev);
	assert_int_equal(dev_queue_xmit(packet(dev, ETH_P_IP)), -ENETDOWN);
	assert_dropped("DEV_DOWN");
	assert_int_equal(dev->stats.tx_packets, 0);
	hosts_done();
}

static void lost_on_the_wire(void **state)
{
	static const struct link_params lossy = { .pattern = ".x" };

	begin(&lossy);
	host_b->ipv4->sysctl_icmp_ratemask = 0;
	send_some(4);
	/* The ports are unreachable, and half of the answers is lost too. */
	assert_dropped("NO_SOCKET=2 NETEM_LOSS=3");
	assert_int_equal(eth0(host_b)->stats.rx_packets, 2);
	hosts_done();
}

static void device_goes_with_its_part_of_the_backlog(void **state)
{
	begin(&plain_link);
	local_bh_disable();
	(void)netif_rx(packet(eth0(host_b), ETH_P_IP));
	(void)netif_rx(packet(host_b->loopback_dev, ETH_P_IP));
	(void)netif_rx(packet(eth0(host_b), ETH_P_IP));
	link_del(eth0(host_a));
	assert_dropped("DEV_CLOSE=2");
	local_bh_enable();
	assert_dropped("IP_INHDR");
	assert_int_equal(sim_free(sim), 0);
}

/* A route is for one direction; one whose device has gone for none. */
static void route_that_leads_nowhere(void **state)
{
	struct flowi4 fl4 = { .daddr = htonl(R1) };
	struct sk_buff *skb;
	struct rtable *rt;

	begin(&plain_link);
	rt = ip_route_output_key(host_a, &fl4);
	assert_false(IS_ERR(rt));
	for (int gone = 0; gone < 2; gone++) {
		if (gone)
			link_del(eth0(host_a));
		skb = packet(host_a->loopback_dev, ETH_P_IP);
		dst_hold(&rt->dst);
		skb_dst_set(skb, &rt->dst);
		(void)dst_input(skb);
		assert_dropped("OTHERHOST");
	}
	skb = packet(host_a->loopback_dev, ETH_P_IP);
	skb_dst_set(skb, &rt->dst);
	(void)dst_output(host_a, NULL, skb);
	assert_dropped("IP_OUTNOROUTES");
	assert_int_equal(sim_free(sim), 0);
}

static void host_goes_with_its_backlog(void **state)
{
	begin(&plain_link);
	local_bh_disable();
	(void)netif_rx(packet(eth0(host_b), ETH_P_IP));
	(void)netif_rx(packet(eth0(host_b), ETH_P_IP));
	net_backlog_purge(host_b);
	local_bh_enable();
	assert_dropped("DEV_CLOSE=2");
	hosts_done();
}

static void fragments_go_with_their_host(void **state)
{
	struct sk_buff *skb;
	unsigned int queues;
	unsigned long bytes;
	struct iphdr *iph;

	begin(&plain_link);
	skb = packet(eth0(host_b), ETH_P_IP);
	skb_put(skb, 8);
	iph = ip_hdr(skb);
	memset(iph, 0, 28);
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 1;
	iph->protocol = IPPROTO_UDP;
	iph->saddr = htonl(A1);
	iph->daddr = htonl(R1);
	iph->tot_len = htons(28);
	iph->frag_off = htons(0x2000);
	ip_send_check(iph);
	(void)netif_rx(skb);
	ip_frag_usage(host_b, &queues, &bytes);
	assert_int_equal(queues, 1);
	link_del(eth0(host_a));
	assert_dropped("");
	assert_int_equal(sim_free(sim), 0);
	assert_dropped("DEV_CLOSE");
}

static int no_header(struct sk_buff *skb, struct net_device *dev,
		     unsigned short type, const void *daddr, const void *saddr,
		     unsigned int len)
{
	return -14;
}

static int no_address(const struct sk_buff *skb, u8 *haddr)
{
	return 0;
}

/* A device that cannot tell where to, as one does that resolves nothing. */
static const struct header_ops incomplete = { .create = no_header,
					      .parse = no_address };

static void asks_for_the_impossible(void *arg)
{
	struct {
		u16 family, protocol;
		s32 ifindex;
		u16 hatype;
		u8 pkttype, halen, addr[8];
	} to = { 17, htons(ETH_P_IP), eth0(host_a)->ifindex, 0, 0, 0, { 0 } };
	int fd = u_socket(SOCK_DGRAM, 0);
	long p = sim_call(__NR_socket, 17L, (long)SOCK_DGRAM, 0L, 0L, 0L, 0L);

	EXPECT(u_sendto(fd, buf, 10, R1, 9), -EINVAL);
	EXPECT(strcmp(drops_seen(), "NEIGH_FAILED"), 0);
	EXPECT(sim_call(__NR_sendto, p, U(buf), 100L, 0L, U(&to), sizeof(to)),
	       -EINVAL);
	EXPECT(strcmp(drops_seen(), "NEIGH_FAILED"), 0);
	EXPECT(eth0(host_a)->stats.tx_packets, 0);
}

static void link_header_that_is_not_complete(void **state)
{
	begin(&plain_link);
	eth0(host_a)->header_ops = &incomplete;
	assert_non_null(
		sim_spawn(sim, host_a, asks_for_the_impossible, NULL));
	sim_run(sim, SIM_SEC);
	hosts_done();
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(arrives_at_a_device_that_is_down),
		T(link_goes_with_what_is_under_way),
		T(queue_of_a_link_is_full),
		T(backlog_is_full),
		T(unknown_protocol_that_a_tap_saw_is_no_drop),
		T(device_goes_down_before_its_packet_is_looked_at),
		T(nothing_leaves_by_a_device_that_is_down),
		T(lost_on_the_wire),
		T(device_goes_with_its_part_of_the_backlog),
		T(route_that_leads_nowhere),
		T(host_goes_with_its_backlog),
		T(fragments_go_with_their_host),
		T(link_header_that_is_not_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
