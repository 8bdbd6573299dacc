/* SPDX-License-Identifier: MIT */
/*
 * A host: devices, addresses, routes, sockets, counters, settings. One kernel
 * serves many; they see of each other only what links carry.
 *
 * Each protocol keeps its per-host state behind a pointer here and makes it in
 * its pernet row, so that the core of networking need not know it.
 */
#ifndef NET_CORE_NET_NAMESPACE_H
#define NET_CORE_NET_NAMESPACE_H

#include "lib/list.h"
#include "lib/siphash.h"
#include "lib/types.h"
#include "net/core/skbuff.h"

struct fib_state;
struct net_device;
struct netns_ipv4;
struct netns_netlink;
struct sock;

/* Protocol counters: /proc/net/snmp and /proc/net/netstat. */
#include "net/core/snmp.h"

struct net {
	struct list_head list; /* kernel.nets */
	char name[32];
	unsigned int ifindex_next;
	struct list_head dev_base; /* struct net_device.dev_list, by ifindex */
	struct net_device *loopback_dev;
	struct list_head ptype_all; /* taps of every device */
	struct sk_buff_head backlog; /* received, waiting for NET_RX */
	struct list_head rx_list; /* kernel.net_rx, while it has a backlog */
	struct netns_ipv4 *ipv4; /* net/ipv4/netns.h */
	struct netns_netlink *netlink;
	struct {
		int somaxconn; /* 4096 */
		int rmem_default, rmem_max, wmem_default, wmem_max;
		int optmem_max;
		int netdev_max_backlog;
		int message_cost; /* jiffies, 5 s */
		int message_burst; /* 10 */
		int tstamp_allow_data; /* stamps of what is sent carry it */
	} core;
	/* What was logged since: net_ratelimit(). */
	struct {
		unsigned long begin; /* jiffies */
		int printed, missed;
	} messages;
	struct net_mib mib;
	siphash_key_t hash_key; /* of this host's hash tables */
	u64 net_cookie;
	unsigned int sockets_inuse; /* "sockets: used" */
	/* Every struct sock, for /proc/net and to see leaks. */
	struct list_head socks;
	unsigned int nr_socks;
	unsigned int netstamp_needed; /* sockets that want time stamps */
};

/*
 * Make a host with a loopback device (down, as on Linux; the port or a program
 * brings it up). NULL: no memory.
 */
struct net *net_alloc(const char *name);
/* Its sockets must be gone. */
void net_free(struct net *net);

/*
 * For messages that programs and packets bring about: may one more be logged?
 * message_burst of them each message_cost; how many were not is logged, too.
 */
bool net_ratelimit(struct net *net);

/* One row per protocol with per-host state, run in order, undone in reverse. */
struct pernet_operations {
	int (*init)(struct net *net);
	void (*exit)(struct net *net);
};

/* The rows of the table in net/core/net_namespace.c, in its order. */
extern const struct pernet_operations ipv4_net_ops; /* net/ipv4/af_inet.c */
extern const struct pernet_operations tcp_net_ops; /* net/ipv4/tcp_ipv4.c */
extern const struct pernet_operations netlink_net_ops; /* net/netlink */

#endif
