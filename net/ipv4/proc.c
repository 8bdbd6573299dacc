// SPDX-License-Identifier: MIT
/*
 * Counters of IPv4 as files: /proc/net/snmp, netstat, sockstat; and the lists
 * arp, igmp and route.
 */
#include "net/core/proc_net.h"

#include "lib/string.h"
#include "net/core/sock.h"
#include "net/ipv4/fib.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/inet_hashtables.h"
#include "net/ipv4/ip_fragment.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/raw.h"
#include "net/ipv4/udp.h"

/* A line of names and a line of values. */
static void mib_show(struct seq *s, const char *title, const char *const *names,
		     const u64 *values, int n)
{
	seq_printf(s, "%s:", title);
	for (int i = 0; i < n; i++)
		seq_printf(s, " %s", names[i]);
	seq_printf(s, "\n%s:", title);
	for (int i = 0; i < n; i++)
		seq_printf(s, " %llu", (unsigned long long)values[i]);
	seq_puts(s, "\n");
}

#define X(name) #name,
static const char *const ip_names[] = { IP_MIB_LIST(X) };
static const char *const icmp_names[] = { ICMP_MIB_LIST(X) };
static const char *const tcp_names[] = { TCP_MIB_LIST(X) };
static const char *const udp_names[] = { UDP_MIB_LIST(X) };
static const char *const linux_names[] = { LINUX_MIB_LIST(X) };
static const char *const ipext_names[] = { IPEXT_MIB_LIST(X) };
#undef X

/* Only types that were seen: "IcmpMsg: InType8 OutType0". */
static void icmpmsg_show(struct net *net, struct seq *s)
{
	const u64 *in = net->mib.icmpmsg_in, *out = net->mib.icmpmsg_out;
	bool any = false;

	for (int i = 0; i < 256; i++)
		any |= in[i] || out[i];
	if (!any)
		return;
	seq_puts(s, "IcmpMsg:");
	for (int i = 0; i < 256; i++) {
		if (in[i])
			seq_printf(s, " InType%d", i);
	}
	for (int i = 0; i < 256; i++) {
		if (out[i])
			seq_printf(s, " OutType%d", i);
	}
	seq_puts(s, "\nIcmpMsg:");
	for (int i = 0; i < 256; i++) {
		if (in[i])
			seq_printf(s, " %llu", (unsigned long long)in[i]);
	}
	for (int i = 0; i < 256; i++) {
		if (out[i])
			seq_printf(s, " %llu", (unsigned long long)out[i]);
	}
	seq_puts(s, "\n");
}

/* Tcp differs: some of it is constant, and MaxConn has a sign. */
static void tcp_mib_show(struct net *net, struct seq *s)
{
	seq_puts(s, "Tcp:");
	for (size_t i = 0; i < ARRAY_SIZE(tcp_names); i++)
		seq_printf(s, " %s", tcp_names[i]);
	/* RFC 4022: algorithm "other", bounds in ms, no limit of sockets. */
	seq_puts(s, "\nTcp: 1 200 120000 -1");
	for (size_t i = TCP_MIB_MaxConn + 1; i < ARRAY_SIZE(tcp_names); i++)
		seq_printf(s, " %llu", (unsigned long long)net->mib.tcp[i]);
	seq_puts(s, "\n");
}

void snmp_seq_show(struct net *net, struct seq *s)
{
	static const u64 udplite[__UDP_MIB_MAX];
	u64 ip[__IPSTATS_MIB_MAX];

	memcpy(ip, net->mib.ip, sizeof(ip));
	ip[IPSTATS_MIB_Forwarding] = IPV4_DEVCONF_ALL(net, FORWARDING) ? 1 : 2;
	ip[IPSTATS_MIB_DefaultTTL] = net->ipv4->sysctl_ip_default_ttl;
	mib_show(s, "Ip", ip_names, ip, ARRAY_SIZE(ip_names));
	mib_show(s, "Icmp", icmp_names, net->mib.icmp, ARRAY_SIZE(icmp_names));
	icmpmsg_show(net, s);
	tcp_mib_show(net, s);
	mib_show(s, "Udp", udp_names, net->mib.udp, ARRAY_SIZE(udp_names));
	mib_show(s, "UdpLite", udp_names, udplite, ARRAY_SIZE(udp_names));
}

void netstat_seq_show(struct net *net, struct seq *s)
{
	mib_show(s, "TcpExt", linux_names, net->mib.netstat,
		 ARRAY_SIZE(linux_names));
	mib_show(s, "IpExt", ipext_names, net->mib.ipext,
		 ARRAY_SIZE(ipext_names));
}

static int count_tcp(struct sock *sk, void *arg)
{
	if (sk->sk_state != TCP_TIME_WAIT && sk->sk_state != TCP_NEW_SYN_RECV)
		(*(unsigned int *)arg)++;
	return 0;
}

static unsigned int count_raw(struct net *net)
{
	unsigned int n = 0;
	struct sock *sk;

	for (int i = 0; i < RAW_HTABLE_SIZE; i++) {
		hlist_for_each_entry(sk, &net->ipv4->raw->ht[i], sk_node)
			n++;
	}
	return n;
}

void sockstat_seq_show(struct net *net, struct seq *s)
{
	const struct netns_ipv4 *ip = net->ipv4;
	unsigned int tcp = 0, queues;
	unsigned long bytes;

	(void)inet_hash_walk(net, count_tcp, &tcp);
	ip_frag_usage(net, &queues, &bytes);
	seq_printf(s, "sockets: used %d\n", socket_seq_used(net));
	seq_printf(s, "TCP: inuse %u orphan %d tw %d alloc %d mem %ld\n", tcp,
		   ip->tcp_orphan_count, ip->tcp_tw_count,
		   ip->tcp_sockets_allocated, ip->tcp_memory_allocated);
	seq_printf(s, "UDP: inuse %u mem %d\nUDPLITE: inuse %d\n",
		   ip->udp->inuse, 0, 0);
	seq_printf(s, "RAW: inuse %u\nFRAG: inuse %u memory %lu\n",
		   count_raw(net), queues, bytes);
}

void arp_seq_show(struct net *net, struct seq *s)
{
	(void)net;
	seq_puts(s, "IP address       HW type     Flags       "
		    "HW address            Mask     Device\n");
}

void igmp_seq_show(struct net *net, struct seq *s)
{
	struct net_device *dev;
	struct ip_mc_list *im;

	seq_puts(s, "Idx\tDevice    : Count Querier\t"
		    "Group    Users Timer\tReporter\n");
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		struct in_device *in_dev = __in_dev_get(dev);
		int n = 0;

		if (!in_dev)
			continue;
		list_for_each_entry(im, &in_dev->mc_list, list)
			n++;
		seq_printf(s, "%d\t%-10s: %5d %7s\n", dev->ifindex, dev->name,
			   n, "V3");
		list_for_each_entry(im, &in_dev->mc_list, list)
			seq_printf(s, "\t\t\t\t%08X %5u %d:%08X\t\t%d\n",
				   im->multiaddr, im->users, 0, 0, 0);
	}
}

#define RTF_UP 0x0001
#define RTF_GATEWAY 0x0002
#define RTF_HOST 0x0004
#define RTF_REJECT 0x0200
#define ROUTE_LINE 127

static void fib_route_show_one(const struct fib_entry *e, struct seq *s)
{
	const struct fib_info *fi = e->fa->fa_info;
	const struct fib_nh *nh = fi->fib_nhs ? &fi->fib_nh[0] : NULL;
	__be32 mask = inet_make_mask(e->dst_len);
	unsigned int flags = RTF_UP;
	size_t start = s->len;

	if (e->fa->fa_type == RTN_BROADCAST || e->fa->fa_type == RTN_MULTICAST)
		return;
	if (e->fa->fa_type == RTN_UNREACHABLE || e->fa->fa_type == RTN_PROHIBIT)
		flags = RTF_REJECT;
	if (nh && nh->nh_gw4)
		flags |= RTF_GATEWAY;
	if (e->dst_len == 32)
		flags |= RTF_HOST;
	seq_printf(s, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%u\t%08X\t%u\t%u\t%u",
		   nh && nh->nh_dev ? nh->nh_dev->name : "*", e->dst,
		   nh ? nh->nh_gw4 : 0, flags, 0, 0, fi->fib_priority, mask,
		   fi->fib_metrics[RTAX_ADVMSS - 1]
			   ? fi->fib_metrics[RTAX_ADVMSS - 1] + 40
			   : 0,
		   fi->fib_metrics[RTAX_WINDOW - 1],
		   fi->fib_metrics[RTAX_RTT - 1] >> 3);
	seq_pad_line(s, start, ROUTE_LINE);
}

void fib_route_seq_show(struct net *net, struct seq *s)
{
	struct fib_cursor c = { 0 };
	struct fib_entry e;
	size_t start = s->len;

	seq_puts(s, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\t"
		    "Metric\tMask\t\tMTU\tWindow\tIRTT");
	seq_pad_line(s, start, ROUTE_LINE);
	while (fib_table_next(net->ipv4->fib->main, &c, &e))
		fib_route_show_one(&e, s);
}
