/* SPDX-License-Identifier: MIT */
/* A window of 0: RFC 9293 3.8.6.1, RFC 1122 4.2.2.17. */
#include "tests/packet/wire.h"

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}

/* ms until @fd ends, within 20 s. */
static u64 ends_after(int fd)
{
	u64 t = sim_now(sim);

	while (state_of(fd) != TCP_CLOSE && sim_now(sim) - t < 20 * SIM_SEC)
		sim_sleep(10 * SIM_MS);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	return (sim_now(sim) - t) / SIM_MS;
}

/* Probes go on, less and less often, as long as they are answered. */
SCRIPT(is_probed)
{
	int l = listening(), c = accepted(l, 0, mss(1000));
	u64 t = sim_now(sim);
	struct seen *s;

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (u64 i = 0, wait = 200; i < 5; i++, wait *= 2) {
		s = want_within(30 * SIM_SEC, ACK, 0, 1, 0);
		EXPECT(info_of(c).tcpi_probes, 1);
		CHECK(took((s->t - t) / SIM_MS, wait - 20, wait * 21 / 20));
		t = s->t;
		put(ACK, 1, 1, 0, 0, none);
		EXPECT(info_of(c).tcpi_probes, 0);
	}
	EXPECT(stat(TCPWinProbe), 5);
	EXPECT(stat(TCPTimeouts), 0);
	put(ACK, 1, 1, 2000, 0, none);
	want(ACK, 1, 1, 1000);
	want(ACK, 1001, 1, 1000);
	want_none(0);
	put(ACK, 1, 2001, 1000, 0, none);
	want(ACK, 2001, 1, 1000);
	ends(c, l);
}

/* However many: an answer begins the count anew. */
SCRIPT(an_answer_begins_the_count_anew)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_retries2", "2");
	c = accepted(l, 0, mss(1000));
	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (int i = 0; i < 5; i++) {
		want_within(5 * SIM_SEC, ACK, 0, 1, 0);
		put(ACK, 1, 1, 0, 0, none);
	}
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	ends(c, l);
}

/* tcp_retries2 of them without: it is over. */
SCRIPT(silent_peer_is_given_up)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_retries2", "3");
	c = accepted(l, 0, mss(1000));
	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (int i = 1; i <= 3; i++) {
		want_within(2 * SIM_SEC, ACK, 0, 1, 0);
		EXPECT(info_of(c).tcpi_probes, i);
		EXPECT(info_of(c).tcpi_backoff, i);
	}
	want_none(1200 * SIM_MS);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	CHECK(ends_after(c) <= 600);
	EXPECT(stat(TCPAbortOnTimeout), 1);
	want_none(0); /* without a word */
	u_close(c);
	u_close(l);
}

/* The same with all of Linux's retries: a quarter of an hour. */
SIM_SCRIPT(silent_peer_is_given_up_after_15)
{
	int l = listening(), c = accepted(l, 0, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	sim_sleep(3000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	CHECK(nr_seen - next_seen >= 14 && nr_seen - next_seen <= 18);
	skip_seen();
	u_close(c);
	u_close(l);
}

/* A window that opens by less than is worth sending: probed with data. */
SCRIPT(small_opening_is_used_by_the_probe)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1, 1, 1000);
	put(ACK, 1, 1001, 0, 0, none);
	CHECK(u_send(c, payload, 3000, 0) == 3000);
	want_within(SIM_SEC, ACK, 1000, 1, 0);
	put(ACK, 1, 1001, 100, 0, none);
	want_none(0);
	want_within(SIM_SEC, ACK, 1001, 1, 100);
	put(ACK, 1, 1101, 0, 0, none);
	want_within(SIM_SEC, ACK, 1100, 1, 0);
	ends(c, l);
}

/* Nothing to send: nothing to ask. */
SCRIPT(not_probed_without_data)
{
	int l = listening(), c = accepted(l, 0, mss(1000));

	want_none(1500 * SIM_MS);
	ends(c, l);
}

/* A FIN needs the window as data does. */
SCRIPT(holds_back_the_fin)
{
	int l = listening(), c = accepted(l, 0, mss(1000));

	CHECK(u_send(c, payload, 10, 0) == 10);
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want_within(SIM_SEC, ACK, 0, 1, 0);
	put(ACK, 1, 1, 1000, 0, none);
	want(FIN | ACK, 1, 1, 10);
	ends(c, l);
}

/*
 * The peer takes its window back over what is in flight: it is probed with
 * that, which backs off, but is no sign of congestion to count.
 */
SCRIPT(shut_over_data_in_flight)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t, wait = 0;
	struct seen *s;

	CHECK(u_send(c, payload, 1000, 0) == 1000);
	s = want(ACK, 1, 1, 1000);
	put(ACK, 1, 1, 0, 0, none);
	for (int i = 0; i < 4; i++) {
		t = s->t;
		s = want_within(5 * SIM_SEC, ACK, 1, 1, 1000);
		CHECK(!wait || took((s->t - t) / SIM_MS, 2 * wait - 60,
				    2 * wait + 10));
		wait = (s->t - t) / SIM_MS;
		put(ACK, 1, 1, 0, 0, none);
	}
	EXPECT(stat(TCPTimeouts), 0);
	EXPECT(info_of(c).tcpi_retransmits, 0);
	EXPECT(info_of(c).tcpi_backoff, 4);
	put(ACK, 1, 1001, 65535, 0, none);
	/* RFC 6298 3 (Karn): which one arrived nobody knows: still so slow. */
	EXPECT(info_of(c).tcpi_backoff, 4);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1001, 1, 1000);
	put(ACK, 1, 2001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_backoff, 0);
	ends(c, l);
}

/* It answers no more: LINUX: over after two of the longest timeouts. */
LONG_SCRIPT(shut_over_data_in_flight_and_silent)
{
	int l = listening(), c = accepted(l, 65535, mss(1000)), n = 0;
	u64 t = sim_now(sim);

	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1, 1, 1000);
	put(ACK, 1, 1, 0, 0, none);
	/* From 200 ms on, each twice as late, and the last in two minutes. */
	while (next_within(121 * SIM_SEC))
		n++;
	EXPECT(n, 10);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	t = (seen[nr_seen - 1].t - t) / SIM_SEC;
	CHECK(t >= 200 && t <= 240); /* Linux rounds long times up */
	EXPECT(stat(TCPTimeouts), 0);
	u_close(c);
	u_close(l);
}

/* RFC 5482: TCP_USER_TIMEOUT is about progress; answers are none. */
SCRIPT(shut_over_data_in_flight_for_too_long)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 1000), 0);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1, 1, 1000);
	put(ACK, 1, 1, 0, 0, none);
	while (next_within(SIM_SEC) && sim_now(sim) - t < 10 * SIM_SEC)
		put(ACK, 1, 1, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	u_close(c);
	u_close(l);
}
