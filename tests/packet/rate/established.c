/* SPDX-License-Identifier: MIT */
/*
 * The delivery rate (draft-cheng-iccrg-delivery-rate-estimation), as TCP_INFO
 * tells it: what was delivered over the longer of the times that sending and
 * acknowledging it took.
 */
#include "tests/packet/wire.h"

/* A sleep may be a tick longer than was asked. */
static bool near(u64 rate, u64 want)
{
	return rate <= want && rate >= want * 20 / 22;
}

static int established(int l)
{
	handshake_ms = 20;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_SNDBUF, 200000), 0);
	return accepted(l, 65535, join(mss(1000), sackok()));
}

SCRIPT(a_window_in_a_round_trip)
{
	int l = listening(), c = established(l);
	struct tcp_info i;

	EXPECT(info_of(c).tcpi_delivery_rate, 0);
	CHECK(u_send(c, payload, 10000, 0) == 10000);
	sim_sleep(20 * SIM_MS);
	EXPECT(nr_seen - next_seen, 10);
	put(ACK, 1, 10001, 65535, 0, none);
	i = info_of(c);
	CHECK(near(i.tcpi_delivery_rate, 500000));
	skip_seen();
	/* There was no more to send. */
	EXPECT(i.tcpi_delivery_rate_app_limited, 1);
	EXPECT(i.tcpi_delivered, 11); /* our SYN counts */
	put(RST, 1, 0, 0, 0, none);
	want_none(SIM_SEC);
	u_close(c);
	u_close(l);
}

SCRIPT(stretched_acks_do_not_inflate_it)
{
	int l = listening(), c = established(l);

	CHECK(u_send(c, payload, 65000, 0) == 65000);
	sim_sleep(20 * SIM_MS);
	/* One ACK each 2 ms, then the rest at once: compressed. */
	for (u32 n = 1; n <= 5; n++) {
		put(ACK, 1, 1 + n * 1000, 65535, 0, none);
		sim_sleep(2 * SIM_MS);
	}
	put(ACK, 1, 10001, 65535, 0, none);
	/* Ten over 30 ms, whatever the last five took. */
	CHECK(info_of(c).tcpi_delivery_rate <= 334000);
	/* Still from before the connection was busy. */
	EXPECT(info_of(c).tcpi_delivery_rate_app_limited, 1);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(a_busy_connection_is_not_app_limited)
{
	int l = listening(), c = established(l);

	CHECK(u_send(c, payload, 65000, 0) == 65000);
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 10001, 65535, 0, none);
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 30001, 65535, 0, none);
	CHECK(near(info_of(c).tcpi_delivery_rate, 1000000));
	EXPECT(info_of(c).tcpi_delivery_rate_app_limited, 0);
	/* A trickle afterwards does not lower what is known. */
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 65001, 65535, 0, none);
	for (u32 at = 65001; at < 70001; at += 1000) {
		CHECK(u_send(c, payload, 1000, 0) == 1000);
		sim_sleep(20 * SIM_MS);
		put(ACK, 1, at + 1000, 65535, 0, none);
	}
	CHECK(info_of(c).tcpi_delivery_rate >= 950000);
	EXPECT(info_of(c).tcpi_delivery_rate_app_limited, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(what_is_sacked_counts_once)
{
	int l = listening(), c = established(l);

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 2001));
	EXPECT(info_of(c).tcpi_delivered, 2);
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 2001));
	EXPECT(info_of(c).tcpi_delivered, 2);
	put(ACK, 1, 10001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_delivered, 11);
	CHECK(near(info_of(c).tcpi_delivery_rate, 500000));
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/*
 * An ACK that takes no time makes no sample: no rate of 10^12. For us alone, as
 * only virtual time stands still; one that takes a microsecond counts, also on
 * Linux, whose shortest RTT is then that.
 */
SIM_SCRIPT(acks_of_a_liar_make_no_rate)
{
	int l = listening(), c = established(l);

	CHECK(u_send(c, payload, 60000, 0) == 60000);
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, 10001, 65535, 0, none);
	/* The next window is acknowledged before it can have arrived. */
	put(ACK, 1, 30001, 65535, 0, none);
	put(ACK, 1, 60001, 65535, 0, none);
	CHECK(info_of(c).tcpi_delivery_rate <= 3000000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
