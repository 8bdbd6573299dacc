/* SPDX-License-Identifier: MIT */
/*
 * ACKs of data out of order that are held back and told together: tcp_comp_sack
 * (Linux; RFC 5681 4.2 has each sent at once, which three of a gap are).
 */
#include "tests/packet/wire.h"

#define LEN 1000U
/*
 * In order, at first: the host is beyond its quick ACKs then, and its window
 * as large as it gets (when it grows, one ACK is quick).
 */
#define BEFORE 40U
#define BASE (1 + (rounds ? rounds : BEFORE) * LEN)

/* Segments in place of BEFORE, one a millisecond: so the host knows the RTT. */
static u32 rounds;

/* A connection over 100 ms that has carried BEFORE segments. */
static int warm(int l)
{
	u32 n = rounds ? rounds : BEFORE;
	int c;

	handshake_ms = 100;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 60000), 0);
	c = accepted(l, 65535, join(mss(1460), sackok()));
	for (u32 i = 0; i < n; i++) {
		put(ACK, 1 + i * LEN, 1, 65535, LEN, none);
		EXPECT(u_recv(c, payload, LEN, 0), LEN);
		if (rounds)
			sim_sleep(SIM_MS);
	}
	sim_sleep(300 * SIM_MS);
	skip_seen();
	return c;
}

/* About 65 ms for a window of data. */
static int warm_slowly(int l)
{
	rounds = 160;
	return warm(l);
}

/* The @i-th segment behind the first, which is missing. */
static void put_behind(u32 i)
{
	put(ACK, BASE + i * LEN, 1, 65535, LEN, none);
}

static void ends(int c, int l)
{
	put(RST, BASE, 0, 0, 0, none);
	rounds = 0;
	u_close(c);
	u_close(l);
}

SCRIPT(three_at_once_the_rest_together)
{
	int l = listening(), c = warm_slowly(l);
	long before = (long)stat(TCPAckCompressed);
	struct seen *s = NULL;
	unsigned int n = 0;

	for (u32 i = 1; i <= 3; i++) {
		put_behind(i);
		s = want(ACK, 1, BASE, 0);
		CHECK(sacks(s, 0, BASE + LEN, BASE + (i + 1) * LEN));
	}
	for (u32 i = 4; i <= 9; i++)
		put_behind(i);
	sim_sleep(30 * SIM_MS);
	while (next_seen < nr_seen) {
		s = want(ACK, 1, BASE, 0);
		n++;
	}
	/* Six in a millisecond: one ACK, unless the machine was slow. */
	CHECK(n >= 1 && n < 6);
	CHECK(sacks(s, 0, BASE + LEN, BASE + 10 * LEN));
	CHECK((long)stat(TCPAckCompressed) - before == 6 - (long)n);
	/* The gap closes: at once. */
	put_behind(0);
	want(ACK, 1, BASE + 10 * LEN, 0);
	ends(c, l);
}

/* After a part of the gap has come three go at once again. */
SCRIPT(another_gap_counts_anew)
{
	int l = listening(), c = warm_slowly(l);

	for (u32 i = 2; i <= 4; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	put_behind(5); /* this one waits, and goes with the next */
	put_behind(0);
	want_within(30 * SIM_MS, ACK, 1, BASE + LEN, 0);
	sim_sleep(30 * SIM_MS);
	skip_seen();
	put_behind(6);
	want(ACK, 1, BASE + LEN, 0);
	put_behind(7);
	want(ACK, 1, BASE + LEN, 0);
	ends(c, l);
}

SCRIPT(without_sack_each_at_once)
{
	int l = listening(), c;
	long before;

	handshake_ms = 100;
	c = accepted(l, 65535, mss(1460));
	for (u32 i = 0; i < BEFORE; i++)
		put(ACK, 1 + i * LEN, 1, 65535, LEN, none);
	sim_sleep(300 * SIM_MS);
	skip_seen();
	before = (long)stat(TCPAckCompressed);
	for (u32 i = 1; i <= 9; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	EXPECT((long)stat(TCPAckCompressed) - before, 0);
	ends(c, l);
}

/* How long: a twentieth of the round trip, tcp_comp_sack_delay_ns at most. */
SIM_SCRIPT(delay_is_bounded)
{
	int l = listening(), c;

	c = warm_slowly(l);
	for (u32 i = 1; i <= 3; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	host->ipv4->sysctl_tcp_comp_sack_delay_ns = 1000 * NSEC_PER_MSEC;
	put_behind(4);
	put_behind(5);
	want_none(2 * SIM_MS);
	want_within(3 * SIM_MS, ACK, 1, BASE, 0);
	EXPECT(stat(TCPAckCompressed), 1);
	host->ipv4->sysctl_tcp_comp_sack_delay_ns = NSEC_PER_MSEC;
	put_behind(6);
	want_none(0);
	want_within(2 * SIM_MS, ACK, 1, BASE, 0);
	ends(c, l);
}

/* Not more than tcp_comp_sack_nr; 0 is off. */
SIM_SCRIPT(number_is_bounded)
{
	int l = listening(), c = warm_slowly(l);

	for (u32 i = 1; i <= 3; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	for (u32 i = 4; i < 4 + 44; i++)
		put_behind(i);
	want_none(0);
	put_behind(48);
	want(ACK, 1, BASE, 0);
	EXPECT(stat(TCPAckCompressed), 44);
	host->ipv4->sysctl_tcp_comp_sack_nr = 0;
	put_behind(49);
	want(ACK, 1, BASE, 0);
	ends(c, l);
}

/*
 * A third block: what waits is sent before its own is pushed back. The segment
 * that did so waits for the next one, without a timer.
 */
SCRIPT(blocks_are_not_lost_by_waiting)
{
	int l = listening(), c = warm_slowly(l);
	struct seen *s;

	for (u32 i = 1; i <= 3; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	put_behind(5);
	put_behind(7);
	s = want(ACK, 1, BASE, 0);
	CHECK(sacks(s, 0, BASE + 5 * LEN, BASE + 6 * LEN));
	want_none(50 * SIM_MS);
	put_behind(8);
	s = want_within(30 * SIM_MS, ACK, 1, BASE, 0);
	CHECK(sacks(s, 0, BASE + 7 * LEN, BASE + 9 * LEN));
	CHECK(sacks(s, 1, BASE + 5 * LEN, BASE + 6 * LEN));
	ends(c, l);
}

/* Data that leaves carries the news; nothing is left to send. */
SIM_SCRIPT(data_takes_it_along)
{
	int l = listening(), c = warm_slowly(l);
	struct seen *s;

	for (u32 i = 1; i <= 3; i++) {
		put_behind(i);
		want(ACK, 1, BASE, 0);
	}
	put_behind(4);
	EXPECT(u_send(c, payload, 10, 0), 10);
	s = want(PSH | ACK, 1, BASE, 10);
	CHECK(sacks(s, 0, BASE + LEN, BASE + 5 * LEN));
	EXPECT(stat(TCPAckCompressed), 1);
	want_none(100 * SIM_MS);
	ends(c, l);
}
