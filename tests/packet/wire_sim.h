/* SPDX-License-Identifier: MIT */
/*
 * A script's host is trapgate, in virtual time: the end of its wire is a
 * device of this file.
 */
#ifndef TESTS_PACKET_WIRE_SIM_H
#define TESTS_PACKET_WIRE_SIM_H

#include "net/core/proc_net.h"
#include "net/ipv4/inetdevice.h"
#include "tests/packet/wire_seen.h"

#define WIRE_GRACE 0
#define WIRE_LATE(time) 0
#define wire_settle() ((void)0)
#define stat(name) (host->mib.netstat[LINUX_MIB_##name])
/* TIME-WAIT stand-ins of the host. */
#define time_waits() (host->ipv4->tcp_tw_count)
#define orphans() (host->ipv4->tcp_orphan_count)

static struct net_device *wire;
static void (*the_script)(void);

static int wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	u8 hdr[120];
	int n = skb->len < sizeof(hdr) ? (int)skb->len : (int)sizeof(hdr);

	(void)dev;
	if (!skb_copy_bits(skb, 0, hdr, n))
		wire_saw(hdr);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
};

static void wire_setup(struct net_device *dev)
{
	dev->type = 0xfffe; /* ARPHRD_NONE */
	dev->mtu = 1500;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->netdev_ops = &wire_ops;
}

static u64 wire_fail_at; /* the allocation that fails meanwhile; 0: none */
static u8 wire_pkt_type; /* of what is put: PACKET_HOST */

__attribute__((unused)) static void wire_put(const void *packet, size_t n)
{
	struct sk_buff *skb = alloc_skb((unsigned int)n);

	skb_reset_network_header(skb);
	memcpy(skb_put(skb, (unsigned int)n), packet, n);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = wire;
	skb->ip_summed = CHECKSUM_NONE;
	skb->pkt_type = wire_pkt_type;
	kmem_fail_at(wire_fail_at);
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
	kmem_fail_at(0);
}

/* A setting of the host: "ipv4/tcp_rfc1337". */
__attribute__((unused)) static void sysctl(const char *path, const char *value)
{
	assert_int_equal(proc_sys_write(host, path, value, strlen(value)), 0);
}

/* The files snmp and netstat of /proc/net. */
__attribute__((unused)) static void wire_counters(char *text, size_t size)
{
	struct seq s;

	seq_init(&s);
	snmp_seq_show(host, &s);
	netstat_seq_show(host, &s);
	assert_true(s.len < size);
	memcpy(text, s.buf, s.len);
	text[s.len] = 0;
	seq_free(&s);
}

static void script_program(void *arg)
{
	(void)arg;
	the_script();
}

__attribute__((unused)) static void run_script(void (*fn)(void))
{
	sim = sim_new(5);
	assert_non_null(sim);
	host = sim_host(sim, "h");
	host_a = host;
	wire = alloc_netdev(0, "wire0", wire_setup);
	assert_non_null(wire);
	assert_int_equal(register_netdev(host, wire), 0);
	dev_up(host, "wire0", HOST_ADDR);
	the_script = fn;
	sim_spawn(sim, host, script_program, NULL);
	sim_run(sim, SIM_FOREVER);
	assert_int_equal(sim_running(sim), 0);
	unregister_netdev(wire);
	free_netdev(wire);
	assert_int_equal(sim_free(sim), 0);
	assert_int_equal(prog_failures, 0);
}

#endif
