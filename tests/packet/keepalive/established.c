/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.8.4, RFC 1122 4.2.3.6: asking an idle peer whether it lives. */
#include "tests/packet/wire.h"

/* Ask after @idle seconds, then each second, @count times in all. */
static void keep_alive(int c, int idle, int count)
{
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPIDLE, idle), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPINTVL, 1), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPCNT, count), 0);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
}

/* A probe, @ms from @t on: a number that was acknowledged, no data. */
#define want_probe(t, ms, seq, ack)                                          \
	do {                                                                 \
		struct seen *s_ =                                            \
			want_within((ms)*SIM_MS, ACK, seq, ack, 0);          \
		CHECK(took((s_->t - (t)) / SIM_MS, (ms)-50, (ms) + 50));     \
	} while (0)

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(asks_and_gives_up)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);

	keep_alive(c, 1, 2);
	want_probe(t, 1000, 0, 1);
	EXPECT(info_of(c).tcpi_probes, 1);
	want_probe(t, 2000, 0, 1);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	want_within(1050 * SIM_MS, RST | ACK, 1, 1, 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	EXPECT(state_of(c), TCP_CLOSE);
	EXPECT(stat(TCPKeepAlive), 2);
	EXPECT(stat(TCPAbortOnTimeout), 1);
	u_close(c);
	u_close(l);
}

/* Who answers is asked again when it has been idle for as long again. */
SCRIPT(an_answer_starts_it_over)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);

	keep_alive(c, 2, 1);
	want_probe(t, 2000, 0, 1);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(info_of(c).tcpi_probes, 0);
	t = sim_now(sim);
	want_none(1800 * SIM_MS);
	want_probe(t, 2000, 0, 1);
	want_within(1050 * SIM_MS, RST | ACK, 1, 1, 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	u_close(c);
	u_close(l);
}

/* A peer that has forgotten us says so. */
SCRIPT(a_reset_is_an_answer)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	keep_alive(c, 1, 9);
	want_within(1050 * SIM_MS, ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	want_none(1200 * SIM_MS);
	u_close(c);
	u_close(l);
}

/* Data from either side counts as life. */
SCRIPT(idle_counts_from_the_last_segment)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t;

	keep_alive(c, 1, 9);
	sim_sleep(700 * SIM_MS);
	put(ACK | PSH, 1, 1, 65535, 10, none);
	t = sim_now(sim);
	skip_seen();
	sim_sleep(100 * SIM_MS);
	skip_seen(); /* its ACK */
	want_none(750 * SIM_MS);
	want_probe(t, 1000, 0, 11);
	ends(c, l);
}

/* What is in flight has a timer of its own, which asks as well. */
SCRIPT(not_while_data_is_in_flight)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	keep_alive(c, 1, 1);
	CHECK(u_send(c, payload, 100, 0) == 100);
	want(ACK, 1, 1, 100);
	for (int i = 0; i < 3; i++)
		want_within(2 * SIM_SEC, ACK, 1, 1, 100);
	EXPECT(stat(TCPKeepAlive), 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	ends(c, l);
}

SCRIPT(not_when_switched_off)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	keep_alive(c, 1, 9);
	want_within(1050 * SIM_MS, ACK, 0, 1, 0);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_KEEPALIVE, 0), 0);
	want_none(1500 * SIM_MS);
	ends(c, l);
}

/* Half of it is over; the other half may be idle. */
SCRIPT(in_close_wait_and_fin_wait_2)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want_within(50 * SIM_MS, ACK, 1, 2, 0);
	keep_alive(c, 1, 9);
	want_within(1050 * SIM_MS, ACK, 0, 2, 0);
	put(RST, 2, 0, 0, 0, none);
	u_close(c);
	new_peer(4001);
	c = accepted(l, 65535, mss(1000));
	keep_alive(c, 1, 9);
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(state_of(c), TCP_FIN_WAIT2);
	want_within(1050 * SIM_MS, ACK, 1, 1, 0);
	ends(c, l);
}

/* RFC 5482: TCP_USER_TIMEOUT rules, not the number of probes: sooner ... */
SCRIPT(user_timeout_ends_it_sooner)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 1500), 0);
	keep_alive(c, 1, 9);
	want_probe(t, 1000, 0, 1);
	/* Looked at when the next one is due. */
	want_within(1050 * SIM_MS, RST | ACK, 1, 1, 0);
	CHECK(took((sim_now(sim) - t) / SIM_MS, 1950, 2060));
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	EXPECT(stat(TCPKeepAlive), 1);
	u_close(c);
	u_close(l);
}

/* ... or later. */
SCRIPT(user_timeout_ends_it_later)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 2900), 0);
	keep_alive(c, 1, 1);
	want_probe(t, 1000, 0, 1);
	want_probe(t, 2000, 0, 1);
	want_within(1050 * SIM_MS, RST | ACK, 1, 1, 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	EXPECT(stat(TCPKeepAlive), 2);
	u_close(c);
	u_close(l);
}

/* The peer's probe: without data, or with one byte that we have. */
SCRIPT(probe_is_answered)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	sim_sleep(SIM_SEC);
	put(ACK, 0, 1, 65535, 1, none);
	want(ACK, 1, 1, 0);
	ends(c, l);
}
