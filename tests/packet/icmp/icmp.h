/* SPDX-License-Identifier: MIT */
/* ICMP errors as a script's peer sends them: RFC 792. */
#ifndef TESTS_PACKET_ICMP_ICMP_H
#define TESTS_PACKET_ICMP_ICMP_H

#include "tests/packet/wire.h"

#include "uapi/icmp.h"

/*
 * An ICMP error from the peer about our segment to @to at @seq; @info: its
 * second word, host order.
 */
static void put_icmp_about(u32 to, int type, int code, u32 info, u32 seq)
{
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
		struct iphdr in;
		__be16 source, dest; /* RFC 792: eight bytes of it */
		__be32 seq;
	} m = {
		.ip.protocol = IPPROTO_ICMP,
		.ip.tot_len = htons(sizeof(m)),
		.icmp.type = (u8)type,
		.icmp.code = (u8)code,
		.icmp.un.gateway = htonl(info),
		.in.protocol = IPPROTO_TCP,
		.in.tot_len = htons(1500),
		.source = htons(host_port),
		.dest = htons(peer_port),
		.seq = htonl(host_isn + seq),
	};

	m.ip.version = m.in.version = 4;
	m.ip.ihl = m.in.ihl = 5;
	m.ip.ttl = m.in.ttl = 64;
	m.ip.saddr = htonl(PEER_ADDR);
	m.in.daddr = htonl(to);
	m.ip.daddr = m.in.saddr = htonl(HOST_ADDR);
	m.ip.check = ip_fast_csum(&m.ip, 5);
	m.in.check = ip_fast_csum(&m.in, 5);
	m.icmp.checksum = ip_compute_csum(&m.icmp, sizeof(m) - sizeof(m.ip));
	wire_put(&m, sizeof(m));
}

/* The same about one to the peer itself. */
__attribute__((unused)) static void put_icmp(int type, int code, u32 mtu,
					     u32 seq)
{
	put_icmp_about(PEER_ADDR, type, code, mtu, seq);
}

#endif
