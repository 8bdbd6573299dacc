/* SPDX-License-Identifier: MIT */
/*
 * TCP told segment by segment: a host whose only wire ends in the test.
 *
 *	host 10.0.0.1 ---- wire0 ---- 10.0.0.2: the script
 *
 * A script is one program on the host: it makes system calls, puts segments on
 * the wire and says which ones it expects there. Sequence numbers are relative:
 * the script's first SYN has 0, as has the first one of the host. Time is
 * virtual; what is expected "at once" must be there before time passes.
 *
 *	int l = listening();
 *	put(SYN, 0, 0, 65535, 0, mss(1460));
 *	want(SYN | ACK, 0, 1, 0);
 *	put(ACK, 1, 1, 65535, 0, none);
 *	want_none(SIM_SEC);
 *
 * The same script runs against Linux (wire_linux.h), which so judges what we
 * expect; there time is real. What looks into our host is a SIM_SCRIPT, what
 * takes longer than a few seconds a LONG_SCRIPT.
 */
#ifndef TESTS_PACKET_WIRE_H
#define TESTS_PACKET_WIRE_H

#include "tests/packet/wire_seen.h"
#include <stdlib.h>

void script_add(const char *file, const char *name, void (*fn)(void **state));

/* Who judges: tests/packet/wire_sim.h, or Linux itself. */
#ifdef WIRE_LINUX
#include "tests/packet/wire_linux.h"
#else
#include "tests/packet/wire_sim.h"
#endif

/* Put a segment on the wire; the host has dealt with it on return. */
__attribute__((unused)) static void put(u8 flags, u32 seq, u32 ack, u32 win,
					size_t len, struct opts o)
{
	static u8 b[65536];
	unsigned int olen = (o.len + 3U) & ~3U, n;
	struct iphdr *iph = (struct iphdr *)b;
	struct tcphdr *th = (struct tcphdr *)(iph + 1);

	memset(b, 0, sizeof(*iph) + sizeof(*th) + olen);
	memcpy(th + 1, o.b, o.len);
	pattern_fill((u8 *)(th + 1) + olen, seq - 1, len);
	n = sizeof(*th) + olen + (unsigned int)len;
	th->source = htons(peer_port);
	th->dest = htons(host_port);
	th->seq = htonl(peer_isn + seq);
	th->ack_seq = flags & ACK ? htonl(host_isn + ack) : 0;
	th->doff = (sizeof(*th) + olen) / 4;
	((u8 *)th)[13] = flags;
	th->window = htons((u16)win);
	th->urg_ptr = flags & URG ? htons(put_urg) : 0;
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = put_tos;
	iph->tot_len = htons((u16)(sizeof(*iph) + n));
	iph->ttl = 64;
	iph->protocol = IPPROTO_TCP;
	iph->saddr = htonl(PEER_ADDR);
	iph->daddr = htonl(HOST_ADDR);
	iph->check = ip_fast_csum(iph, iph->ihl);
	th->check = csum_fold(csum_partial(
		th, n,
		csum_tcpudp_nofold(iph->saddr, iph->daddr, n, IPPROTO_TCP, 0)));
	wire_put(b, sizeof(*iph) + n);
}

static const char *flag_names(u8 f)
{
	static char b[9];
	int n = 0;

	for (int i = 0; i < 8; i++)
		if (f & 1 << i)
			b[n++] = "FSRPAUEC"[i];
	b[n] = 0;
	return b;
}

static void show_seen(const struct seen *s)
{
	fprintf(stderr, "  %8.3f %s %u:%u(%u) ack %u win %u\n",
		(double)s->t / 1e9, flag_names(s->flags), s->seq,
		s->seq + s->len, s->len, s->ack, s->win);
}

/* The next segment from the host, within @ns; NULL: none. */
__attribute__((unused)) static struct seen *next_within(u64 ns)
{
	u64 end = sim_now(sim) + ns;

	while (next_seen == nr_seen && sim_now(sim) < end)
		sim_sleep(SIM_MS);
	return next_seen < nr_seen ? &seen[next_seen++] : NULL;
}

static struct seen *want_at(const char *file, int line, u64 ns, u8 flags,
			    u32 seq, u32 ack, u32 len)
{
	static struct seen nothing;
	struct seen *s = next_within(ns + WIRE_LATE(ns) + WIRE_GRACE);

	if (s && (s->flags & ~PSH) == (flags & ~PSH) && s->seq == seq &&
	    s->ack == ack && s->len == len)
		return s;
	prog_failures++;
	fprintf(stderr, "%s:%d: want %s %u(%u) ack %u\n", file, line,
		flag_names(flags), seq, len, ack);
	if (s)
		show_seen(s);
	else
		fprintf(stderr, "  nothing came\n");
	return s ? s : &nothing;
}

__attribute__((unused)) static void want_none_at(const char *file, int line, u64 ns)
{
	struct seen *s = next_within(ns ? ns : WIRE_GRACE / 10);

	if (s) {
		prog_failures++;
		fprintf(stderr, "%s:%d: want nothing\n", file, line);
		show_seen(s);
	}
}

/* PSH is not compared. */
#define want(...) want_at(__FILE__, __LINE__, 0, __VA_ARGS__)
#define want_within(ns, ...) want_at(__FILE__, __LINE__, ns, __VA_ARGS__)
#define want_none(ns) want_none_at(__FILE__, __LINE__, ns)
/*
 * Is a time of @ms the expected one, but for what a busy machine adds at its
 * end, or (a segment was seen late) at its beginning?
 */
#define took(ms, low, high)                        \
	((ms) + WIRE_GRACE / SIM_MS >= (u64)(low) && \
	 (ms) <= (high) + WIRE_LATE(high) + WIRE_GRACE / SIM_MS)
/* Forget what was sent so far. */
#define skip_seen() (wire_settle(), next_seen = nr_seen)

/* Options. */
__attribute__((unused)) static struct opts mss(u16 v)
{
	return (struct opts){ 4, { 2, 4, v >> 8, (u8)v } };
}
__attribute__((unused)) static struct opts join(struct opts a, struct opts b)
{
	memcpy(a.b + a.len, b.b, b.len);
	a.len += b.len;
	return a;
}
__attribute__((unused)) static struct opts wscale(u8 v)
{
	return (struct opts){ 4, { 1, 3, 3, v } };
}
__attribute__((unused)) static struct opts sackok(void)
{
	return (struct opts){ 4, { 1, 1, 4, 2 } };
}
__attribute__((unused)) static struct opts ts(u32 val, u32 ecr)
{
	struct opts o = { 12, { 1, 1, 8, 10 } };

	put_unaligned_be32(val, o.b + 4);
	put_unaligned_be32(ecr, o.b + 8);
	return o;
}
/* Of our side's numbers (@base: host_isn) or the script's (peer_isn). */
__attribute__((unused)) static struct opts sack1(u32 base, u32 from, u32 to)
{
	struct opts o = { 12, { 1, 1, 5, 10 } };

	put_unaligned_be32(base + from, o.b + 4);
	put_unaligned_be32(base + to, o.b + 8);
	return o;
}
/* The bytes of option @kind of @s, NULL: absent. */
__attribute__((unused)) static const u8 *option(const struct seen *s, u8 kind)
{
	for (int i = 0; i < s->o.len;) {
		if (s->o.b[i] == 1) {
			i++;
			continue;
		}
		if (s->o.b[i] == kind)
			return s->o.b + i;
		if (!s->o.b[i] || !s->o.b[i + 1])
			return NULL;
		i += s->o.b[i + 1];
	}
	return NULL;
}
/* Is [from, to) of the script's numbers block @i of the SACK option? */
__attribute__((unused)) static bool sacks(const struct seen *s, int i, u32 from,
					  u32 to)
{
	const u8 *p = option(s, 5);

	return p && p[1] >= 10 + 8 * i &&
	       get_unaligned_be32(p + 2 + 8 * i) - peer_isn == from &&
	       get_unaligned_be32(p + 6 + 8 * i) - peer_isn == to;
}

__attribute__((unused)) static long u_nonblock(int fd)
{
	return u_call(__NR_fcntl, fd, F_SETFL, O_NONBLOCK, 0);
}

/* Whatever Linux's default is on this machine. */
__attribute__((unused)) static void with_cubic(int fd)
{
	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_CONGESTION, U("cubic"), 5UL, 0L),
	       0);
}

__attribute__((unused)) static int listening(void)
{
	int fd = u_listener(0, PORT, 8);

	with_cubic(fd);
	host_port = PORT;
	return fd;
}

/* A connection by the host's accept(), with the script's SYN options. */
__attribute__((unused)) static int accepted(int l, u32 win, struct opts o)
{
	long c;

	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, o);
	want(SYN | ACK, 0, 1, 0);
	if (handshake_ms)
		sim_sleep(handshake_ms * SIM_MS);
	put(ACK, 1, 1, win, 0, none);
	c = u_accept(l, SOCK_NONBLOCK);
	CHECK(c >= 0);
	return (int)c;
}

/* A connection by the host's connect(). */
__attribute__((unused)) static int connecting(void)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	with_cubic(fd);
	host_isn_known = false;
	EXPECT(u_connect(fd, PEER_ADDR, peer_port), -EINPROGRESS);
	return fd;
}
__attribute__((unused)) static int connected(u32 win, struct opts o)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	if (handshake_ms)
		sim_sleep(handshake_ms * SIM_MS);
	put(SYN | ACK, 0, 1, win, 0, o);
	want(ACK, 1, 1, 0);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), 0);
	return fd;
}

__attribute__((unused)) static struct tcp_info info_of(int fd)
{
	struct tcp_info i;
	int len = sizeof(i);

	memset(&i, 0, sizeof(i));
	EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_INFO, U(&i), U(&len), 0L),
	       0);
	return i;
}
__attribute__((unused)) static struct tcp_info_tail info_tail_of(int fd)
{
	static u8 b[TCP_INFO_SIZE];
	struct tcp_info_tail t;
	int len = sizeof(b);

	EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_INFO, U(b), U(&len), 0L),
	       0);
	EXPECT(len, TCP_INFO_SIZE);
	memcpy(&t, b + TCP_INFO_HEAD, sizeof(t));
	return t;
}
#define state_of(fd) (info_of(fd).tcpi_state)

/* A connection with an RTT of @ms measured, and no SACK or stamps. */
__attribute__((unused)) static int
measured(int l, u64 ms, struct opts o)
{
	int c;

	handshake_ms = ms;
	c = accepted(l, 65535, o);
	CHECK(u_send(c, payload, 1, 0) == 1);
	want(ACK, 1, 1, 1);
	sim_sleep(ms * SIM_MS);
	put(ACK, 1, 2, 65535, 0, none);
	return c;
}

/* The next connection is from another port of the peer. */
__attribute__((unused)) static void new_peer(u16 port)
{
	peer_port = port;
	host_isn_known = false;
}

/* A script begins from scratch. */
static void wire_reset(void)
{
	prog_failures = 0;
	nr_seen = next_seen = 0;
	host_isn_known = false;
	peer_isn = PEER_ISN;
	peer_port = PEER_PORT;
	put_tos = 0;
	handshake_ms = 0;
}

/*
 * One claim: a script under its name. main.c runs them, file by file.
 * SIM_SCRIPT: for us alone. LONG_SCRIPT: Linux is asked too, when the
 * environment has WIRE_LONG=1.
 */
#define SCRIPT_IF(cond, name)                                             \
	static void script_##name(void);                                  \
	static void run_##name(void **state)                              \
	{                                                                 \
		(void)state;                                              \
		wire_reset();                                             \
		run_script(script_##name);                                \
	}                                                                 \
	__attribute__((constructor)) static void add_##name(void)         \
	{                                                                 \
		if (cond)                                                 \
			script_add(__FILE__, #name, run_##name);          \
	}                                                                 \
	static void script_##name(void)
#define SCRIPT(name) SCRIPT_IF(true, name)
#ifdef WIRE_LINUX
#define SIM_SCRIPT(name) SCRIPT_IF(false, name)
#define LONG_SCRIPT(name) SCRIPT_IF(getenv("WIRE_LONG"), name)
#else
#define SIM_SCRIPT SCRIPT
#define LONG_SCRIPT SCRIPT
#endif

#endif
