/* SPDX-License-Identifier: MIT */
/*
 * The protocols above IP: one row each.
 */
#include "net/ipv4/icmp.h"
#include "net/ipv4/igmp.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/udp.h"

static const struct net_protocol icmp_protocol = {
	.handler = icmp_rcv,
	.err_handler = icmp_err,
};

static const struct net_protocol tcp_protocol = {
	.handler = tcp_v4_rcv,
	.err_handler = tcp_v4_err,
};

static const struct net_protocol udp_protocol = {
	.handler = udp_rcv,
	.err_handler = udp_err,
};

const struct net_protocol *const inet_protos[256] = {
	[IPPROTO_ICMP] = &icmp_protocol,
	[IPPROTO_TCP] = &tcp_protocol,
	[IPPROTO_UDP] = &udp_protocol,
};
