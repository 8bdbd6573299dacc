/* SPDX-License-Identifier: MIT */
/* Without SACK: RFC 5681 3.2, RFC 6582. */
#include "tests/packet/wire.h"

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
