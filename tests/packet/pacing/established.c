/* SPDX-License-Identifier: MIT */
/*
 * Pacing: SO_MAX_PACING_RATE is a rate that is kept, to the microsecond, and
 * costs nothing to those who did not ask.
 */
#include "tests/packet/wire.h"

#define RATE 100000 /* bytes a second: 10 ms a segment of 1000 */

static int paced(int l, u32 rate)
{
	EXPECT(u_setopt(l, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT(u_setopt(l, SOL_SOCKET, SO_MAX_PACING_RATE, (int)rate), 0);
	return accepted(l, 65535, join(mss(1000), sackok()));
}

/* Let everything through that was sent so far. Acknowledges all. */
static u32 take(u32 ack)
{
	wire_settle();
	while (next_seen < nr_seen) {
		struct seen *s = &seen[next_seen++];

		if (after(s->seq + s->len, ack))
			ack = s->seq + s->len;
	}
	put(ACK, 1, ack, 65535, 0, none);
	return ack;
}

SCRIPT(first_ten_segments_leave_at_once)
{
	int l = listening(), c = paced(l, RATE);

	CHECK(u_send(c, payload, 30000, 0) == 30000);
	wire_settle();
	EXPECT(nr_seen - next_seen, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(segments_leave_at_the_rate)
{
	int l = listening(), c = paced(l, RATE);
	u64 t = 0, first = 0;
	u32 ack = 1, n = 0;

	CHECK(u_send(c, payload, 60000, 0) == 60000);
	ack = take(ack);
	/* The tenth set the time of the next: 10 ms each from here on. */
	while (n < 40) {
		struct seen *s = next_within(50 * SIM_MS);

		CHECK(s && s->len == 1000 && s->seq == ack);
		if (!s)
			break;
		if (t && !WIRE_GRACE)
			EXPECT(s->t - t, 10 * SIM_MS);
		t = s->t;
		if (!first)
			first = t;
		ack = s->seq + s->len;
		put(ACK, 1, ack, 65535, 0, none);
		n++;
	}
	CHECK(took((t - first) / SIM_MS, 380, 390));
	EXPECT(stat(TCPTimeouts), 0);
	EXPECT(stat(TCPWinProbe), 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* Longer than the probe timer of a closed window waits. */
SCRIPT(a_slow_rate_is_no_closed_window)
{
	int l = listening(), c = paced(l, 1000), n = 0;
	u32 ack = 1;
	u64 t = 0;

	CHECK(u_send(c, payload, 20000, 0) == 20000);
	ack = take(ack);
	while (n < 5) {
		struct seen *s = next_within(3 * SIM_SEC);

		CHECK(s && s->len == 1000 && s->seq == ack);
		if (!s)
			break;
		if (t)
			CHECK(took((s->t - t) / SIM_MS, 950, 1000));
		t = s->t;
		ack = s->seq + s->len;
		put(ACK, 1, ack, 65535, 0, none);
		n++;
	}
	EXPECT(stat(TCPTimeouts), 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(idle_time_is_not_saved_up)
{
	int l = listening(), c = paced(l, RATE);
	u32 ack = 1, n;

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	ack = take(ack);
	sim_sleep(100 * SIM_MS);
	CHECK(u_send(c, payload, 10000, 0) == 10000);
	/* The first at once, the second half a segment's time early. */
	want(ACK, ack, 1, 1000);
	want_none(2 * SIM_MS);
	n = nr_seen;
	sim_sleep(55 * SIM_MS);
	CHECK(nr_seen - n >= 5 && (nr_seen - n <= 6 || WIRE_GRACE));
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(retransmissions_keep_the_rate)
{
	int l = listening(), c;
	u64 t = 0;
	u32 seq;

	handshake_ms = 20;
	c = paced(l, RATE);
	CHECK(u_send(c, payload, 10000, 0) == 10000);
	wire_settle();
	EXPECT(nr_seen - next_seen, 10);
	skip_seen();
	sim_sleep(20 * SIM_MS);
	/* All but the last two are lost. */
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 8001, 10001));
	sim_sleep(20 * SIM_MS);
	for (seq = 1; seq < 4001; seq += 1000) {
		struct seen *s = next_within(50 * SIM_MS);

		CHECK(s && s->seq == seq && s->len == 1000);
		if (t && s)
			CHECK(s->t - t >= 5 * SIM_MS);
		t = s ? s->t : 0;
		put(ACK, 1, seq + 1000, 65535, 0, sack1(host_isn, 8001, 10001));
	}
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(not_asked_not_paced)
{
	int l = listening(), c;
	u32 ack;

	EXPECT(u_setopt(l, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	c = accepted(l, 65535, mss(1000));
	CHECK(u_send(c, payload, 60000, 0) == 60000);
	sim_sleep(50 * SIM_MS);
	ack = take(1);
	EXPECT(ack, 10001);
	/* Slow start's burst comes with the ACK. */
	wire_settle();
	EXPECT(nr_seen - next_seen, 20);
	CHECK(info_of(c).tcpi_pacing_rate > 0);
	EXPECT(info_of(c).tcpi_max_pacing_rate, -1L);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rate_is_told)
{
	int l = listening(), c = paced(l, RATE);
	struct tcp_info i = info_of(c);

	EXPECT(i.tcpi_max_pacing_rate, RATE);
	CHECK(i.tcpi_pacing_rate <= RATE);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_MAX_PACING_RATE, 5000), 0);
	EXPECT(info_of(c).tcpi_pacing_rate, 5000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

LONG_SCRIPT(close_sends_what_waits)
{
	int l = listening(), c = paced(l, RATE);
	u32 ack = 1;
	struct seen *s;

	CHECK(u_send(c, payload, 15000, 0) == 15000);
	u_close(c);
	u_close(l);
	ack = take(ack);
	while ((s = next_within(50 * SIM_MS))) {
		EXPECT(s->seq, ack);
		ack = s->seq + s->len;
		if (s->flags & FIN)
			ack++;
		put(ACK, 1, ack, 65535, 0, none);
		if (s->flags & FIN)
			break;
	}
	EXPECT(ack, 15002);
	put(FIN | ACK, 1, ack, 65535, 0, none);
	want(ACK, ack, 2, 0);
	sim_sleep(61 * SIM_SEC);
}

SCRIPT(a_reset_forgets_what_waits)
{
	int l = listening(), c = paced(l, RATE);

	CHECK(u_send(c, payload, 15000, 0) == 15000);
	take(1);
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
	want_none(SIM_SEC);
	u_close(c);
	u_close(l);
}
