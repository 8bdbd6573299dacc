/* SPDX-License-Identifier: MIT */
/*
 * Sending again: RFC 6298 (timer), 5681 and 6582 (fast retransmit without
 * SACK), 2018, 8985 (RACK, tail loss probe), 5682 (F-RTO), 2883 (D-SACK), 6937;
 * and giving up, RFC 1122 4.2.3.5 and 5482.
 */
#include "tests/packet/wire.h"

/* A connection with an RTT of @ms measured, and no SACK or stamps. */
static int measured(int l, u64 ms, struct opts o)
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

/* Seconds are Linux's: 200 ms at least, doubling up to 120 s. */
SIM_SCRIPT(rto_200_ms_doubling)
{
	int l = listening(), c = measured(l, 10, mss(1000));
	u64 t = sim_now(sim), want_ms = 0, step, first;
	struct seen *s;

	step = info_of(c).tcpi_rto / 1000;
	CHECK(step >= 200 && step < 400);
	first = step;
	CHECK(u_send(c, payload, 500, 0) == 500);
	want(ACK, 2, 1, 500);
	for (int i = 0; i < 8; i++) {
		want_ms += step;
		s = want_within(60 * SIM_SEC, ACK, 2, 1, 500);
		CHECK((s->t - t) / SIM_MS >= want_ms - 2 &&
		      (s->t - t) / SIM_MS <= want_ms + 5);
		step *= 2;
	}
	EXPECT(info_of(c).tcpi_retransmits, 8);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Loss);
	EXPECT(info_of(c).tcpi_snd_cwnd, 1);
	put(ACK, 1, 502, 65535, 0, none);
	EXPECT(info_of(c).tcpi_retransmits, 0);
	EXPECT(info_of(c).tcpi_total_retrans, 8);
	EXPECT(info_tail_of(c).tcpi_total_rto, 8);
	EXPECT(info_tail_of(c).tcpi_total_rto_recoveries, 1);
	EXPECT(info_tail_of(c).tcpi_rehash, 8);
	/* From the first timeout to the ACK: of 256 RTOs the first is before. */
	EXPECT(info_tail_of(c).tcpi_total_rto_time, sim_now(sim) / SIM_MS -
						    (t / SIM_MS + first));
	EXPECT(stat(TcpTimeoutRehash), 8);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(gives_up_after_15_retransmissions)
{
	int l = listening(), c = measured(l, 10, mss(1000));
	u64 t = sim_now(sim);
	int n = 0;

	CHECK(u_send(c, payload, 500, 0) == 500);
	while (next_within(200 * SIM_SEC))
		n++;
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	CHECK(n == 16);
	t = (seen[nr_seen - 1].t - t) / SIM_SEC;
	CHECK(t > 700 && t < 1000); /* 924.6 s in all with an RTO of 200 ms */
	u_close(c);
	u_close(l);
}

SCRIPT(user_timeout)
{
	int l = listening(), c = measured(l, 10, mss(1000));
	u64 t;

	EXPECT(u_setopt(c, SOL_TCP, TCP_USER_TIMEOUT, 3000), 0);
	CHECK(u_send(c, payload, 500, 0) == 500);
	t = sim_now(sim);
	while (state_of(c) == TCP_ESTABLISHED)
		sim_sleep(SIM_MS);
	t = (sim_now(sim) - t) / SIM_MS;
	CHECK(took(t, 2900, 3500));
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(three_duplicate_acks_without_sack)
{
	int l = listening(), c = measured(l, 10, mss(1000));

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	for (u32 i = 0; i < 10; i++)
		want(ACK, 2 + i * 1000, 1, 1000);
	put(ACK, 1, 2, 65535, 0, none);
	put(ACK, 1, 2, 65535, 0, none);
	want_none(0);
	put(ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 1, 1000);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Recovery);
	EXPECT(stat(TCPRenoRecovery), 1);
	/* RFC 6582: a partial ACK: the next hole at once. */
	put(ACK, 1, 5002, 65535, 0, none);
	want(ACK, 5002, 1, 1000);
	put(ACK, 1, 10002, 65535, 0, none);
	skip_seen();
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	put(ACK, 1, 11002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	/* 7/10 of 10: CUBIC's beta */
	EXPECT(info_of(c).tcpi_snd_ssthresh, 7);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(reno_halves)
{
	int l = listening(), c = measured(l, 10, mss(1000));

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_TCP,
			(long)TCP_CONGESTION, U("reno"), 4UL, 0L),
	       0);
	CHECK(u_send(c, payload, 10000, 0) == 10000);
	for (int i = 0; i < 3; i++)
		put(ACK, 1, 2, 65535, 0, none);
	EXPECT(info_of(c).tcpi_snd_ssthresh, 5);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(sack_marks_and_resends_only_the_hole)
{
	int l = listening(), c = measured(l, 10, join(mss(1000), sackok()));

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	skip_seen();
	sim_sleep(10 * SIM_MS);
	/* 2..1001 is missing, the next three arrived one by one. */
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 2002));
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 3002));
	EXPECT(info_of(c).tcpi_sacked, 2);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 4002));
	want(ACK, 2, 1, 1000);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Recovery);
	EXPECT(info_of(c).tcpi_sacked, 3);
	EXPECT(info_of(c).tcpi_lost, 1);
	EXPECT(info_of(c).tcpi_retrans, 1);
	EXPECT(stat(TCPSackRecovery), 1);
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 10002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(info_of(c).tcpi_sacked, 0);
	EXPECT(info_of(c).tcpi_unacked, 0);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rack_reordering_of_one_is_not_loss)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));

	CHECK(u_send(c, payload, 4000, 0) == 4000);
	skip_seen();
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 2002));
	want_none(2 * SIM_MS);
	put(ACK, 1, 4002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_total_retrans, 0);
	CHECK(info_of(c).tcpi_reord_seen == 1);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rack_waits_a_quarter_of_the_rtt)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));
	u64 t;
	struct seen *s;

	CHECK(u_send(c, payload, 4000, 0) == 4000);
	skip_seen();
	sim_sleep(40 * SIM_MS);
	t = sim_now(sim);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 2002));
	s = want_within(SIM_SEC, ACK, 2, 1, 1000);
	CHECK(took((s->t - t) / SIM_MS, 4, 14));
	put(ACK, 1, 4002, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(tail_loss_probe_after_two_rtts)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));
	u64 t = sim_now(sim);
	struct seen *s;

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	skip_seen();
	s = want_within(SIM_SEC, ACK, 2002, 1, 1000);
	CHECK(took((s->t - t) / SIM_MS, 80, 90));
	EXPECT(stat(TCPLossProbes), 1);
	/* It tells of the others' loss. */
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 2002, 3002));
	want_within(20 * SIM_MS, ACK, 2, 1, 1000);
	/* RFC 6937: one for each that was delivered. */
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 1002, 65535, 0, sack1(host_isn, 2002, 3002));
	want_within(20 * SIM_MS, ACK, 1002, 1, 1000);
	put(ACK, 1, 3002, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(no_probe_without_sack)
{
	int l = listening(), c = measured(l, 40, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	skip_seen();
	want_none(199 * SIM_MS);
	want_within(100 * SIM_MS, ACK, 2, 1, 1000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(after_a_timeout_slow_start)
{
	int l = listening(), c = measured(l, 10, mss(1000));

	CHECK(u_send(c, payload, 5000, 0) == 5000);
	skip_seen();
	want_within(SIM_SEC, ACK, 2, 1, 1000);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Loss);
	put(ACK, 1, 1002, 65535, 0, none);
	/* cwnd 2: two more; without new data to send F-RTO cannot help. */
	want(ACK, 1002, 1, 1000);
	want(ACK, 2002, 1, 1000);
	want_none(0);
	put(ACK, 1, 5002, 65535, 0, none);
	EXPECT(stat(TCPTimeouts), 1);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(frto_undoes_a_spurious_timeout)
{
	int l = listening(), c = measured(l, 10, join(mss(1000), sackok()));

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	skip_seen();
	/* Silence: probe, then timeout; then all ACKs of the originals. */
	sim_sleep(800 * SIM_MS);
	CHECK(info_of(c).tcpi_ca_state == TCP_CA_Loss);
	CHECK(u_send(c, payload, 4000, 0) == 4000);
	skip_seen();
	put(ACK, 1, 1002, 65535, 0, none);
	/* RFC 5682 2.1 2b: new data instead of resending. */
	want(ACK, 10002, 1, 1000);
	want(ACK, 11002, 1, 1000);
	put(ACK, 1, 2002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(stat(TCPSpuriousRTOs), 1);
	CHECK(info_of(c).tcpi_snd_cwnd >= 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(dsack_undoes_a_needless_recovery)
{
	int l = listening(), c = measured(l, 10, join(mss(1000), sackok()));
	struct opts o = { 20, { 1, 1, 5, 18 } };

	CHECK(u_send(c, payload, 5000, 0) == 5000);
	skip_seen();
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 4002));
	want(ACK, 2, 1, 1000);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Recovery);
	sim_sleep(2 * SIM_MS);
	/* The original came late ... */
	put(ACK, 1, 4002, 65535, 0, none);
	/* ... and its copy is reported as a duplicate. */
	o = sack1(host_isn, 2, 1002);
	put(ACK, 1, 5002, 65535, 0, o);
	EXPECT(stat(TCPDSACKRecv), 1);
	EXPECT(info_of(c).tcpi_dsack_dups, 1);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(info_of(c).tcpi_snd_cwnd >= 10, 1);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(forged_sack_blocks_change_nothing)
{
	int l = listening(), c = measured(l, 10, join(mss(1000), sackok()));

	CHECK(u_send(c, payload, 5000, 0) == 5000);
	skip_seen();
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 9000, 20000));
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 3000, 2000));
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 0x80000000U, 10));
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 2002, 2002));
	EXPECT(info_of(c).tcpi_sacked, 0);
	put(ACK, 1, 5002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_unacked, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rto_200_ms_doubling),
		cmocka_unit_test(gives_up_after_15_retransmissions),
		cmocka_unit_test(user_timeout),
		cmocka_unit_test(three_duplicate_acks_without_sack),
		cmocka_unit_test(reno_halves),
		cmocka_unit_test(sack_marks_and_resends_only_the_hole),
		cmocka_unit_test(rack_reordering_of_one_is_not_loss),
		cmocka_unit_test(rack_waits_a_quarter_of_the_rtt),
		cmocka_unit_test(tail_loss_probe_after_two_rtts),
		cmocka_unit_test(no_probe_without_sack),
		cmocka_unit_test(after_a_timeout_slow_start),
		cmocka_unit_test(frto_undoes_a_spurious_timeout),
		cmocka_unit_test(dsack_undoes_a_needless_recovery),
		cmocka_unit_test(forged_sack_blocks_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
