/* SPDX-License-Identifier: MIT */
/* The congestion window after a pause: RFC 2861 3, RFC 5681 4.1, RFC 7661. */
#include "tests/packet/wire.h"

/* A window of 20 with an RTO of 200 ms, used to the full. */
static int grown(int l)
{
	int c;

	handshake_ms = 10;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	c = accepted(l, 65535, mss(1000));
	CHECK(u_send(c, payload, 10000, 0) == 10000);
	wire_settle();
	EXPECT(nr_seen - next_seen, 10);
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 5001, 65535, 0, none);
	put(ACK, 1, 10001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_snd_cwnd, 20);
	skip_seen();
	return c;
}

/* How many of twenty segments leave at once after @ms. */
static u32 burst_after(int c, u64 ms)
{
	sim_sleep(ms * SIM_MS);
	CHECK(u_send(c, payload, 20000, 0) == 20000);
	wire_settle();
	return (nr_seen ? seen[nr_seen - 1].seq + seen[nr_seen - 1].len -
				  10001 : 0) / 1000;
}

SCRIPT(is_kept_for_less_than_an_rto)
{
	int l = listening(), c = grown(l);

	EXPECT(burst_after(c, 100), 20);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(halves_with_each_rto_down_to_the_initial_one)
{
	int l = listening(), c = grown(l);

	EXPECT(burst_after(c, 1500), 10);
	/* RFC 7661 and 5681: what was reached is remembered. */
	CHECK(info_of(c).tcpi_snd_ssthresh >= 15);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(is_kept_when_told_so)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_slow_start_after_idle", "0");
	c = grown(l);
	EXPECT(burst_after(c, 1500), 20);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
