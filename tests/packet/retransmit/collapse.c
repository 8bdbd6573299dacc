/* SPDX-License-Identifier: MIT */
/* Small segments that are sent again go together: tcp_retrans_collapse. */
#include "tests/packet/wire.h"

/* Each call a segment: no Nagle. */
static int eager(int c)
{
	EXPECT(u_setopt(c, SOL_TCP, TCP_NODELAY, 1), 0);
	return c;
}

/* @n segments of 100 bytes leave, from number 1 on. */
static void send_hundreds(int c, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		CHECK(u_send(c, payload, 100, 0) == 100);
		want(ACK, 1 + i * 100, 1, 100);
	}
}

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(small_segments_go_as_one)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));

	send_hundreds(c, 3);
	want_within(1500 * SIM_MS, ACK, 1, 1, 300);
	EXPECT(info_of(c).tcpi_unacked, 1);
	EXPECT(info_of(c).tcpi_retrans, 1);
	EXPECT(info_of(c).tcpi_total_retrans, 1);
	EXPECT(info_of(c).tcpi_bytes_retrans, 300);
	put(ACK, 1, 301, 65535, 0, none);
	want_none(0);
	EXPECT(info_of(c).tcpi_unacked, 0);
	EXPECT(info_of(c).tcpi_lost, 0);
	EXPECT(info_of(c).tcpi_retrans, 0);
	ends(c, l);
}

/* A part that arrived is no hindrance. */
SCRIPT(acknowledged_in_the_middle)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));

	send_hundreds(c, 3);
	want_within(1500 * SIM_MS, ACK, 1, 1, 300);
	/* The first of them was only late. */
	put(ACK, 1, 101, 65535, 0, none);
	want_within(3 * SIM_SEC, ACK, 101, 1, 200);
	put(ACK, 1, 301, 65535, 0, none);
	EXPECT(info_of(c).tcpi_unacked, 0);
	ends(c, l);
}

SCRIPT(no_more_than_a_full_segment)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(250)));

	send_hundreds(c, 3);
	want_within(1500 * SIM_MS, ACK, 1, 1, 200);
	EXPECT(info_of(c).tcpi_unacked, 2);
	put(ACK, 1, 201, 65535, 0, none);
	want(ACK, 201, 1, 100);
	put(ACK, 1, 301, 65535, 0, none);
	EXPECT(info_of(c).tcpi_unacked, 0);
	ends(c, l);
}

SCRIPT(exactly_a_full_segment)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(200)));

	send_hundreds(c, 3);
	want_within(1500 * SIM_MS, ACK, 1, 1, 200);
	put(ACK, 1, 301, 65535, 0, none);
	want_none(0);
	ends(c, l);
}

/* What follows is large: it stays as it is. */
SCRIPT(a_large_neighbour_stays_apart)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1000)));

	send_hundreds(c, 1);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 101, 1, 1000);
	want_within(1500 * SIM_MS, ACK, 1, 1, 100);
	put(ACK, 1, 101, 65535, 0, none);
	want(ACK, 101, 1, 1000);
	put(ACK, 1, 1101, 65535, 0, none);
	want_none(0);
	ends(c, l);
}

/* Nor does what the peer has go out once more. */
SCRIPT(not_over_one_that_was_sacked)
{
	int l = listening(), c;

	c = eager(accepted(l, 65535, join(mss(1460), sackok())));
	send_hundreds(c, 4);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 201, 301));
	want_within(SIM_SEC, ACK, 1, 1, 200);
	EXPECT(info_of(c).tcpi_sacked, 1);
	EXPECT(info_of(c).tcpi_unacked, 3);
	put(ACK, 1, 301, 65535, 0, none);
	put(ACK, 1, 401, 65535, 0, none);
	skip_seen();
	EXPECT(info_of(c).tcpi_unacked, 0);
	EXPECT(info_of(c).tcpi_sacked, 0);
	EXPECT(info_of(c).tcpi_lost, 0);
	ends(c, l);
}

/* Where three duplicate ACKs ask for the first (no SACK): with its next. */
SCRIPT(fast_retransmission_as_well)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(250)));

	send_hundreds(c, 5);
	for (int i = 0; i < 3; i++)
		put(ACK, 1, 1, 65535, 0, none);
	want(ACK, 1, 1, 200);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(0);
	EXPECT(info_of(c).tcpi_unacked, 0);
	EXPECT(info_of(c).tcpi_sacked, 0);
	ends(c, l);
}

/* The urgent pointer goes with it. */
SCRIPT(urgent_data_too)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));
	struct seen *s;

	send_hundreds(c, 1);
	CHECK(u_send(c, payload, 1, MSG_OOB) == 1);
	want(ACK | URG, 101, 1, 1);
	CHECK(u_send(c, payload, 100, 0) == 100);
	want(ACK, 102, 1, 100);
	s = want_within(1500 * SIM_MS, ACK | URG, 1, 1, 201);
	EXPECT(s->urg, 101);
	put(ACK, 1, 202, 65535, 0, none);
	ends(c, l);
}

/* What was to end a record ends one. */
SCRIPT(not_over_the_end_of_a_record)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));

	send_hundreds(c, 1);
	CHECK(u_send(c, payload, 100, MSG_EOR) == 100);
	want(ACK, 101, 1, 100);
	CHECK(u_send(c, payload, 100, 0) == 100);
	want(ACK, 201, 1, 100);
	want_within(1500 * SIM_MS, ACK, 1, 1, 200);
	put(ACK, 1, 201, 65535, 0, none);
	want(ACK, 201, 1, 100);
	ends(c, l);
}

/* The FIN moves to the data before it. */
SCRIPT(the_fin_too)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));

	send_hundreds(c, 2);
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 201, 1, 0);
	want_within(1500 * SIM_MS, FIN | ACK, 1, 1, 200);
	put(ACK, 1, 202, 65535, 0, none);
	EXPECT(state_of(c), TCP_FIN_WAIT2);
	EXPECT(info_of(c).tcpi_unacked, 0);
	ends(c, l);
}

/* A peer that took back some of its window gets what it still takes. */
SCRIPT(within_the_window)
{
	int l = listening(), c = eager(accepted(l, 65535, mss(1460)));

	send_hundreds(c, 3);
	put(ACK, 2, 1, 250, 0, none); /* a later number: believed */
	skip_seen();
	want_within(1500 * SIM_MS, ACK, 1, 1, 200);
	put(ACK, 1, 301, 65535, 0, none);
	ends(c, l);
}

SCRIPT(never_when_told_so)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_retrans_collapse", "0");
	c = eager(accepted(l, 65535, mss(1460)));
	send_hundreds(c, 3);
	want_within(1500 * SIM_MS, ACK, 1, 1, 100);
	put(ACK, 1, 101, 65535, 0, none);
	want(ACK, 101, 1, 100);
	want(ACK, 201, 1, 100);
	put(ACK, 1, 301, 65535, 0, none);
	ends(c, l);
}
