// SPDX-License-Identifier: MIT
/*
 * /proc/net: a table of files, and those of them that belong to no protocol.
 *
 * IPv6 is not there, and neither are its files (tcp6, ...): only if_inet6, as
 * an empty list of addresses.
 */
#include "net/core/proc_net.h"

#include "lib/string.h"
#include "net/core/netdevice.h"
#include "trace/trace.h"
#include <asm/errno.h>

static void dev_seq_show(struct net *net, struct seq *s)
{
	struct net_device *dev;

	seq_puts(s, "Inter-|   Receive                            "
		    "                    |  Transmit\n"
		    " face |bytes    packets errs drop fifo frame "
		    "compressed multicast|bytes    packets errs "
		    "drop fifo colls carrier compressed\n");
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		const struct net_device_stats *st = &dev->stats;

		seq_printf(s,
			   "%6s: %7llu %7llu %4llu %4llu %4u %5u %10u %9llu "
			   "%8llu %7llu %4llu %4llu %4u %5u %7u %10u\n",
			   dev->name, (unsigned long long)st->rx_bytes,
			   (unsigned long long)st->rx_packets,
			   (unsigned long long)st->rx_errors,
			   (unsigned long long)st->rx_dropped, 0, 0, 0,
			   (unsigned long long)st->multicast,
			   (unsigned long long)st->tx_bytes,
			   (unsigned long long)st->tx_packets,
			   (unsigned long long)st->tx_errors,
			   (unsigned long long)st->tx_dropped, 0, 0, 0, 0);
	}
}

static void empty_seq_show(struct net *net, struct seq *s)
{
	(void)net;
	(void)s;
}

static const struct {
	const char *name;
	void (*show)(struct net *net, struct seq *s);
} proc_net_files[] = {
	{ "arp", arp_seq_show },
	{ "dev", dev_seq_show },
	{ "dev_mcast", dev_mcast_seq_show },
	{ "icmp", ping_seq_show },
	{ "if_inet6", empty_seq_show },
	{ "igmp", igmp_seq_show },
	{ "netlink", netlink_seq_show },
	{ "netstat", netstat_seq_show },
	{ "packet", packet_seq_show },
	{ "protocols", protocols_seq_show },
	{ "ptype", ptype_seq_show },
	{ "raw", raw_seq_show },
	{ "route", fib_route_seq_show },
	{ "snmp", snmp_seq_show },
	{ "sockstat", sockstat_seq_show },
	{ "tcp", tcp4_seq_show },
	{ "udp", udp4_seq_show },
	{ "udplite", udplite4_seq_show },
};

const char *proc_net_name(unsigned int i)
{
	return i < ARRAY_SIZE(proc_net_files) ? proc_net_files[i].name : NULL;
}

int proc_net_read(struct net *net, const char *path, struct seq *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(proc_net_files); i++) {
		if (strcmp(proc_net_files[i].name, path))
			continue;
		proc_net_files[i].show(net, out);
		return out->failed ? -ENOMEM : 0;
	}
	return fail(-ENOENT, "no such file");
}
