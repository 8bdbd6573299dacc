/* SPDX-License-Identifier: MIT */
/*
 * Protocol counters under the names of /proc/net/snmp and /proc/net/netstat.
 * The lists are data: the enums, the struct and the files come from them, in
 * this order, which is Linux's.
 */
#ifndef NET_CORE_SNMP_H
#define NET_CORE_SNMP_H

#include "lib/types.h"
#include "net/core/snmp_lists.h"

enum ip_mib {
#define X(name) IPSTATS_MIB_##name,
	IP_MIB_LIST(X)
#undef X
	__IPSTATS_MIB_MAX
};
enum icmp_mib {
#define X(name) ICMP_MIB_##name,
	ICMP_MIB_LIST(X)
#undef X
	__ICMP_MIB_MAX
};
enum tcp_mib {
#define X(name) TCP_MIB_##name,
	TCP_MIB_LIST(X)
#undef X
	__TCP_MIB_MAX
};
enum udp_mib {
#define X(name) UDP_MIB_##name,
	UDP_MIB_LIST(X)
#undef X
	__UDP_MIB_MAX
};
enum linux_mib {
#define X(name) LINUX_MIB_##name,
	LINUX_MIB_LIST(X)
#undef X
	__LINUX_MIB_MAX
};
enum ipext_mib {
#define X(name) IPEXT_MIB_##name,
	IPEXT_MIB_LIST(X)
#undef X
	__IPEXT_MIB_MAX
};

struct net_mib {
	u64 ip[__IPSTATS_MIB_MAX];
	u64 icmp[__ICMP_MIB_MAX];
	u64 icmpmsg_in[256], icmpmsg_out[256]; /* by ICMP type */
	u64 tcp[__TCP_MIB_MAX];
	u64 udp[__UDP_MIB_MAX];
	u64 netstat[__LINUX_MIB_MAX];
	u64 ipext[__IPEXT_MIB_MAX];
};

#define IP_INC_STATS(net, f) ((net)->mib.ip[IPSTATS_MIB_##f]++)
#define IPEXT_ADD_STATS(net, f, n) ((net)->mib.ipext[IPEXT_MIB_##f] += (n))
#define ICMP_INC_STATS(net, f) ((net)->mib.icmp[ICMP_MIB_##f]++)
#define TCP_INC_STATS(net, f) ((net)->mib.tcp[TCP_MIB_##f]++)
#define TCP_ADD_STATS(net, f, n) ((net)->mib.tcp[TCP_MIB_##f] += (n))
#define TCP_DEC_STATS(net, f) ((net)->mib.tcp[TCP_MIB_##f]--)
#define UDP_INC_STATS(net, f) ((net)->mib.udp[UDP_MIB_##f]++)
#define UDP_ADD_STATS(net, f, n) ((net)->mib.udp[UDP_MIB_##f] += (n))
#define NET_INC_STATS(net, f) ((net)->mib.netstat[LINUX_MIB_##f]++)
#define NET_ADD_STATS(net, f, n) ((net)->mib.netstat[LINUX_MIB_##f] += (n))

#endif
