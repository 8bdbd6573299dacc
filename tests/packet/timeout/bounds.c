/* SPDX-License-Identifier: MIT */
/*
 * The bounds of the RTO (RFC 6298 2.4, 2.5) and of a delayed ACK, by socket
 * and by host: Linux 6.15.
 */
#include "tests/packet/wire.h"
#include "uapi/tcp.h"

#ifdef WIRE_LINUX
#define KNOWN !access("/proc/sys/net/ipv4/tcp_rto_max_ms", F_OK)
#else
#define KNOWN true
#endif

SCRIPT_IF(KNOWN, rto_max_ends_the_doubling)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim), wait = info_of(c).tcpi_rto / 1000;
	struct seen *s;

	EXPECT(u_setopt(c, SOL_TCP, TCP_RTO_MAX_MS, 1000), 0);
	CHECK(u_send(c, payload, 500, 0) == 500);
	want(ACK, 1, 1, 500);
	for (int i = 0; i < 5; i++) {
		s = want_within(2 * SIM_SEC, ACK, 1, 1, 500);
		CHECK(took((s->t - t) / SIM_MS, wait - 5, wait * 21 / 20));
		t = s->t;
		wait = wait * 2 < 1000 ? wait * 2 : 1000;
	}
	EXPECT(info_of(c).tcpi_retransmits, 5);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* 0.2 + 0.4 + 0.8 + 1 + 1 s instead of 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s. */
SCRIPT_IF(KNOWN, rto_max_is_how_long_retries_take)
{
	int l = listening(), c;
	u64 t;

	sysctl("ipv4/tcp_retries2", "3");
	EXPECT(u_setopt(l, SOL_TCP, TCP_RTO_MAX_MS, 1000), 0);
	c = accepted(l, 65535, mss(1000));
	t = sim_now(sim);
	CHECK(u_send(c, payload, 500, 0) == 500);
	for (int i = 0; i < 5; i++)
		want_within(2 * SIM_SEC, ACK, 1, 1, 500);
	want_none(900 * SIM_MS);
	sim_sleep(300 * SIM_MS);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	CHECK(took((sim_now(sim) - t) / SIM_MS, 3400, 3800));
	u_close(c);
	u_close(l);
}

SCRIPT_IF(KNOWN, rto_max_bounds_probes)
{
	int l = listening(), c = accepted(l, 0, mss(1000));
	u64 t = sim_now(sim);
	struct seen *s;

	EXPECT(u_setopt(c, SOL_TCP, TCP_RTO_MAX_MS, 1000), 0);
	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (u64 i = 0, wait = 200; i < 5; i++) {
		s = want_within(2 * SIM_SEC, ACK, 0, 1, 0);
		CHECK(took((s->t - t) / SIM_MS, wait - 20, wait * 21 / 20));
		t = s->t;
		put(ACK, 1, 1, 0, 0, none);
		wait = wait * 2 < 1000 ? wait * 2 : 1000;
	}
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT_IF(KNOWN, rto_min_is_the_first_wait)
{
	int l = listening(), c;
	struct seen *s;
	u64 t, rto;

	EXPECT(u_setopt(l, SOL_TCP, TCP_RTO_MIN_US, 40000), 0);
	c = measured(l, 10, mss(1000));
	rto = info_of(c).tcpi_rto / 1000;
	CHECK(rto >= 40 && rto < 100);
	t = sim_now(sim);
	CHECK(u_send(c, payload, 500, 0) == 500);
	want(ACK, 2, 1, 500);
	s = want_within(SIM_SEC, ACK, 2, 1, 500);
	CHECK(took((s->t - t) / SIM_MS, rto - 5, rto + 10));
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT_IF(KNOWN, the_hosts_bounds)
{
	int l;

	sysctl("ipv4/tcp_rto_min_us", "40000");
	sysctl("ipv4/tcp_rto_max_ms", "2000");
	l = listening();
	EXPECT(u_getopt(l, SOL_TCP, TCP_RTO_MIN_US), 40000);
	EXPECT(u_getopt(l, SOL_TCP, TCP_RTO_MAX_MS), 2000);
	u_close(l);
}

/* Milliseconds that an interactive connection waits to acknowledge. */
static u64 delayed_by(int c)
{
	u64 t;

	put(ACK | PSH, 1, 1, 65535, 10, none);
	CHECK(u_recv(c, payload, 100, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	skip_seen();
	t = sim_now(sim);
	put(ACK | PSH, 11, 11, 65535, 10, none);
	return (want_within(SIM_SEC, ACK, 11, 21, 0)->t - t) / SIM_MS;
}

SCRIPT_IF(KNOWN, delack_max_bounds_the_delay)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u64 ms;

	EXPECT(u_setopt(c, SOL_TCP, TCP_DELACK_MAX_US, 20000), 0);
	ms = delayed_by(c);
	CHECK(took(ms, 16, 22));
	put(RST, 21, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* The peer is thought to have the same: its RTO must not come first. */
SCRIPT_IF(KNOWN, rto_min_bounds_the_delay)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u64 ms;

	EXPECT(u_setopt(c, SOL_TCP, TCP_RTO_MIN_US, 24000), 0);
	ms = delayed_by(c);
	CHECK(took(ms, 15, 24));
	put(RST, 21, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
