/* SPDX-License-Identifier: MIT */
/*
 * Which counters of /proc/net/snmp and netstat a dropped packet moves, all of
 * them compared: docs/DROPS.md. Linux is asked the same; not so for the
 * reason, which is our own.
 */
#ifndef TESTS_PACKET_DROP_DROP_H
#define TESTS_PACKET_DROP_DROP_H

#include "net/ipv4/udp.h"
#include "tests/packet/wire.h"
#ifndef WIRE_LINUX
#include "tests/unit/net/drops.h"
#endif

#include "uapi/icmp.h"

#define MAX_COUNTERS 400

struct counter {
	char name[48]; /* "Ip.InHdrErrors" */
	unsigned long value;
};
static struct counter counters[MAX_COUNTERS];
static int nr_counters;

/* These move with every packet; counters_of_traffic looks at them. */
static const char *const traffic[] = {
	"Ip.InReceives", "Ip.InDelivers", "Ip.OutRequests", "Ip.OutTransmits",
	"IpExt.InOctets", "IpExt.OutOctets", "IpExt.InNoECTPkts",
	"Icmp.InMsgs", "Icmp.OutMsgs", "Tcp.InSegs", "Tcp.OutSegs",
	"TcpExt.TCPPureAcks", "TcpExt.TCPDelivered", "TcpExt.TCPOrigDataSent",
	"TcpExt.TCPAutoCorking", "TcpExt.DelayedACKs",
	"TcpExt.TCPWantZeroWindowAdv",
};
static bool show_traffic;

static bool is_traffic(const char *name)
{
	if (!strncmp(name, "IcmpMsg.", 8))
		return !show_traffic;
	for (size_t i = 0; i < ARRAY_SIZE(traffic); i++)
		if (!strcmp(name, traffic[i]))
			return !show_traffic;
	return false;
}

/* Calls @fn for each counter of the host. */
static void counters_walk(void (*fn)(const char *name, unsigned long value))
{
	static char text[32768];
	char *line = text, *next, *n, *v, *sn, *sv, name[80];

	wire_settle();
	wire_counters(text, sizeof(text));
	for (; (next = strchr(line, '\n')); line = next + 1) {
		char *values = next + 1;

		*next = 0;
		next = strchr(values, '\n');
		if (!next)
			break;
		*next = 0;
		n = strtok_r(line, ": ", &sn);
		strtok_r(values, ": ", &sv);
		while (n) {
			char *key = strtok_r(NULL, ": ", &sn);

			v = strtok_r(NULL, ": ", &sv);
			if (!key || !v)
				break;
			snprintf(name, sizeof(name), "%s.%s", n, key);
			fn(name, strtoul(v, NULL, 10));
		}
	}
}

static unsigned long *counter_of(const char *name)
{
	for (int i = 0; i < nr_counters; i++)
		if (!strcmp(counters[i].name, name))
			return &counters[i].value;
	return NULL;
}

static void counter_keep(const char *name, unsigned long value)
{
	if (nr_counters == MAX_COUNTERS)
		abort();
	strcpy(counters[nr_counters].name, name);
	counters[nr_counters++].value = value;
}

/* From here on. */
__attribute__((unused)) static void counters_mark(void)
{
#ifndef WIRE_LINUX
	drops_mark();
#endif
	nr_counters = 0;
	counters_walk(counter_keep);
	CHECK(nr_counters > 100);
}

static char counters_moved[2000];

static void counter_compare(const char *name, unsigned long value)
{
	unsigned long *was = counter_of(name), by = value - (was ? *was : 0);
	size_t at = strlen(counters_moved);

	if (!by || is_traffic(name))
		return;
	if (at)
		counters_moved[at++] = ' ';
	if (by == 1)
		snprintf(counters_moved + at, sizeof(counters_moved) - at,
			 "%s", name);
	else
		snprintf(counters_moved + at, sizeof(counters_moved) - at,
			 "%s=%ld", name, (long)by);
}

static bool moved_are(const char *expected)
{
	counters_moved[0] = 0;
	counters_walk(counter_compare);
	return !strcmp(counters_moved, expected);
}

__attribute__((unused)) static void moved_at(const char *file, int line,
					     const char *expected)
{
	if (!moved_are(expected)) {
		prog_failures++;
		fprintf(stderr, "%s:%d: moved \"%s\", not \"%s\"\n", file, line,
			counters_moved, expected);
	}
	counters_mark();
}

/*
 * Exactly these counters moved since the last time, in the order of the files:
 * "Ip.InHdrErrors IpExt.InCsumErrors=2"; those of all traffic left out.
 */
#define moved(expected) moved_at(__FILE__, __LINE__, expected)

/*
 * For exactly these reasons packets were dropped since the counters were
 * looked at: "NOMEM DUP_FRAG=2". To be asked before moved().
 */
#ifdef WIRE_LINUX
#define dropped(expected) ((void)(expected))
#else
#define dropped(expected) dropped_at(__FILE__, __LINE__, expected)

__attribute__((unused)) static void dropped_at(const char *file, int line,
					       const char *expected)
{
	const char *got = drops_seen();

	if (strcmp(got, expected)) {
		prog_failures++;
		fprintf(stderr, "%s:%d: dropped \"%s\", not \"%s\"\n", file,
			line, got, expected);
	}
}

/*
 * Memory fails while the host deals with the packets of @put: the first
 * allocation, the next time the second, and so on, then all the way back (by
 * then routes are known). One of them has just these drops, and moves these
 * counters; whichever fails, nothing is lost.
 */
#define without_memory(put, drops, counters) \
	without_memory_at(__FILE__, __LINE__, put, drops, counters)

__attribute__((unused)) static void
without_memory_at(const char *file, int line, void (*put)(void),
		  const char *drops, const char *counters)
{
	const int most = 16;
	bool found = false;

	for (int i = 1; i < 2 * most; i++) {
		const char *seen;

		counters_mark();
		wire_fail_at = (u64)(i < most ? i : 2 * most - i);
		put();
		wire_fail_at = 0;
		seen = drops_seen();
		found |= !strcmp(seen, drops) && moved_are(counters);
	}
	if (!found) {
		prog_failures++;
		fprintf(stderr, "%s:%d: never \"%s\" with \"%s\"\n", file,
			line, drops, counters);
	}
	counters_mark();
}
#endif

/* Any IP packet: a header that is right, then as the script changes it. */
static u8 pkt[65536];
#define pkt_ip ((struct iphdr *)pkt)
#define pkt_payload (pkt + sizeof(struct iphdr))

/* @len bytes of payload, that stand in @pkt already or do not matter. */
__attribute__((unused)) static void ip_begin(u8 protocol, size_t len)
{
	memset(pkt_ip, 0, sizeof(*pkt_ip));
	pkt_ip->version = 4;
	pkt_ip->ihl = 5;
	pkt_ip->ttl = 64;
	pkt_ip->protocol = protocol;
	pkt_ip->tot_len = htons((u16)(sizeof(*pkt_ip) + len));
	pkt_ip->saddr = htonl(PEER_ADDR);
	pkt_ip->daddr = htonl(HOST_ADDR);
}

__attribute__((unused)) static void ip_put_wrong(size_t n)
{
	wire_put(pkt, n);
}

/* With its checksum. */
__attribute__((unused)) static void ip_put(void)
{
	pkt_ip->check = 0;
	pkt_ip->check = ip_fast_csum(pkt_ip, pkt_ip->ihl);
	wire_put(pkt, ntohs(pkt_ip->tot_len));
}

/* A datagram to @port, of @len bytes with its UDP header. */
__attribute__((unused)) static void udp_begin(u16 port, size_t len)
{
	struct udphdr *uh = (struct udphdr *)pkt_payload;

	memset(pkt_payload, 0, len);
	ip_begin(IPPROTO_UDP, len);
	uh->source = htons(PEER_PORT);
	uh->dest = htons(port);
	uh->len = htons((u16)len);
}

/* sk_drops, as SO_MEMINFO tells. */
__attribute__((unused)) static u32 drops_of(int s)
{
	u32 mem[9] = { 0 };
	int len = sizeof(mem);

	EXPECT(sim_call(__NR_getsockopt, (long)s, (long)SOL_SOCKET,
			(long)SO_MEMINFO, U(mem), U(&len), 0L),
	       0);
	return mem[8];
}

__attribute__((unused)) static int udp_bound(u16 port)
{
	int fd = u_socket(SOCK_DGRAM | SOCK_NONBLOCK, 0);

	EXPECT(u_bind(fd, HOST_ADDR, port), 0);
	return fd;
}

#endif
