/* SPDX-License-Identifier: MIT */
/* RFC 6298 5, with Linux's 200 ms to 120 s; RFC 1122 4.2.3.5. */
#include "tests/packet/wire.h"

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
