/* SPDX-License-Identifier: MIT */
/*
 * What the first duplicates of an ACK bring: RFC 3042 (limited transmit), RFC
 * 5681 2 (what is one), RFC 6675 and 6937 (recovery by SACK), RFC 2018 8
 * (a receiver that gives up what it had), RFC 6298 5 with Karn's rule.
 */
#include "tests/packet/wire.h"

static int open_with(int l, struct opts o)
{
	handshake_ms = 100;
	return accepted(l, 65535, o);
}

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

static struct seen *sends(int c, u32 n)
{
	CHECK(u_send(c, payload, n * 1000, 0) == (long)n * 1000);
	wire_settle();
	return NULL;
}

/* 3042 2: each of the first two lets one new segment out. */
SCRIPT(limited_transmit_without_sack)
{
	int l = listening(), c = open_with(l, mss(1000));

	sends(c, 15);
	skip_seen(); /* ten of them */
	put(ACK, 1, 1, 65535, 0, none);
	want(ACK, 10001, 1, 1000);
	put(ACK, 1, 1, 65535, 0, none);
	want(ACK, 11001, 1, 1000);
	/* 5681 3.2: the third is a loss. */
	put(ACK, 1, 1, 65535, 0, none);
	want(ACK, 1, 1, 1000);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Recovery);
	ends(c, l);
}

SCRIPT(limited_transmit_with_sack)
{
	int l = listening(), c = open_with(l, join(mss(1000), sackok()));

	sends(c, 15);
	skip_seen();
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 2001));
	want(ACK, 10001, 1, 1000);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 3001));
	want(ACK, 11001, 1, 1000);
	ends(c, l);
}

/* 5681 2: with data, a larger window, or nothing in flight it is none. */
SCRIPT(what_is_no_duplicate)
{
	int l = listening(), c = open_with(l, mss(1000));

	sends(c, 10);
	skip_seen();
	for (u32 i = 0; i < 4; i++)
		put(ACK, 1 + i * 10, 1, 60000, 10, none);
	for (u16 i = 1; i <= 4; i++)
		put(ACK, 41, 1, 60000 + i * 100, 0, none);
	wire_settle();
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(info_of(c).tcpi_total_retrans, 0);
	put(ACK, 41, 10001, 65535, 0, none);
	for (int i = 0; i < 4; i++)
		put(ACK, 41, 10001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_total_retrans, 0);
	put(RST, 41, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* 6675 5: each hole once, in order, then new data. */
SCRIPT(two_holes_are_filled_in_order)
{
	int l = listening(), c = open_with(l, join(mss(1000), sackok()));
	struct opts o = sack1(host_isn, 5001, 10001);

	sends(c, 10);
	skip_seen();
	sim_sleep(10 * SIM_MS);
	/* 1..1000 and 4001..5000 are missing. */
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 4001));
	want(ACK, 1, 1, 1000);
	o.len = 20;
	o.b[3] = 18;
	put_unaligned_be32(host_isn + 1001, o.b + 12);
	put_unaligned_be32(host_isn + 4001, o.b + 16);
	put(ACK, 1, 1, 65535, 0, o);
	want(ACK, 4001, 1, 1000);
	want_none(0);
	EXPECT(info_of(c).tcpi_retrans, 2);
	EXPECT(info_of(c).tcpi_lost, 2);
	EXPECT(info_of(c).tcpi_sacked, 8);
	/* 6937: at the end the window is what ssthresh says. */
	put(ACK, 1, 10001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(info_of(c).tcpi_snd_cwnd, 7);
	EXPECT(info_of(c).tcpi_snd_ssthresh, 7);
	ends(c, l);
}

/* 8985 5.2: a retransmission that is lost is found by what left after it. */
SCRIPT(lost_retransmission_is_sent_again)
{
	int l = listening(), c = open_with(l, join(mss(1000), sackok()));

	sends(c, 10);
	skip_seen();
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 10001));
	want(ACK, 1, 1, 1000);
	sends(c, 3);
	want(ACK, 10001, 1, 1000);
	skip_seen();
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 11001));
	want_within(20 * SIM_MS, ACK, 1, 1, 1000);
	EXPECT(stat(TCPLostRetransmit), 1);
	ends(c, l);
}

/* 2018 8: the receiver dropped what it had: after a timeout all goes again. */
SCRIPT(reneging_is_survived)
{
	int l = listening(), c = open_with(l, join(mss(1000), sackok()));

	sends(c, 4);
	skip_seen();
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 4001));
	want(ACK, 1, 1, 1000);
	/* The hole is filled, and the ACK stops where the SACK began. */
	put(ACK, 1, 1001, 65535, 0, none);
	want_within(SIM_SEC, ACK, 1001, 1, 1000);
	EXPECT(stat(TCPSACKReneging), 1);
	put(ACK, 1, 4001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_unacked, 0);
	ends(c, l);
}

/* 6298 5.7, Karn: the ACK of something sent twice is no RTT. */
SCRIPT(karn_no_sample_of_a_retransmission)
{
	int l = listening(), c = open_with(l, mss(1000));
	u32 rtt = info_of(c).tcpi_rtt;

	CHECK(u_send(c, payload, 500, 0) == 500);
	want(ACK, 1, 1, 500);
	want_within(2 * SIM_SEC, ACK, 1, 1, 500);
	sim_sleep(50 * SIM_MS);
	put(ACK, 1, 501, 65535, 0, none);
	EXPECT(info_of(c).tcpi_rtt, rtt);
	/* The doubled RTO stays until there is one. */
	EXPECT(info_of(c).tcpi_backoff, 1);
	EXPECT(info_tail_of(c).tcpi_total_rto, 1);
	EXPECT(info_tail_of(c).tcpi_total_rto_recoveries, 1);
	EXPECT(info_tail_of(c).tcpi_rehash, 1);
	CHECK(took(info_tail_of(c).tcpi_total_rto_time, 50, 53));
	EXPECT(stat(TcpTimeoutRehash), 1);
	EXPECT(stat(TCPTimeouts), 1);
	ends(c, l);
}
