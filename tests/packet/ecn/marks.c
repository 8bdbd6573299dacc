/* SPDX-License-Identifier: MIT */
/* RFC 3168: what is marked, and what a mark does. */
#include "tests/packet/wire.h"

static int ecn_pair(int l)
{
	handshake_ms = 10;
	host_isn_known = false;
	put(SYN | ECE | CWR, 0, 0, 65535, 0, join(mss(1000), sackok()));
	want(SYN | ACK | ECE, 0, 1, 0);
	sim_sleep(10 * SIM_MS);
	put(ACK, 1, 1, 65535, 0, none);
	return (int)u_accept(l, SOCK_NONBLOCK);
}

static void ends(int c, int l, u32 seq)
{
	put_tos = 0;
	put(RST, seq, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* 6.1.1: only SYNs with both bits ask; the answer has one. */
SCRIPT(asked_by_both_bits_only)
{
	int l = listening(), c;

	put(SYN | ECE, 0, 0, 65535, 0, mss(1000));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	EXPECT(info_of(c).tcpi_options & TCPI_OPT_ECN, 0);
	CHECK(u_send(c, payload, 100, 0) == 100);
	EXPECT(want(ACK, 1, 1, 100)->tos & 3, 0);
	ends(c, l, 1);
}

/* 6.1.4, 6.1.5: new data is ECT(0); ACKs and retransmissions are not. */
SCRIPT(only_new_data_is_ect)
{
	int l = listening(), c = ecn_pair(l);

	CHECK(u_send(c, payload, 100, 0) == 100);
	EXPECT(want(ACK, 1, 1, 100)->tos & 3, 2);
	EXPECT(want_within(SIM_SEC, ACK, 1, 1, 100)->tos & 3, 0);
	put(ACK, 1, 101, 65535, 0, none);
	skip_seen();
	put(ACK, 1001, 101, 65535, 100, none);
	EXPECT(want(ACK, 101, 1, 0)->tos & 3, 0);
	ends(c, l, 1);
}

/* 6.1.2: once per window of data, however many ECEs come. */
SCRIPT(window_is_reduced_once_a_round_trip)
{
	int l = listening(), c = ecn_pair(l);

	CHECK(u_send(c, payload, 10000, 0) == 10000);
	skip_seen();
	put(ACK | ECE, 1, 1001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_CWR);
	EXPECT(info_of(c).tcpi_snd_ssthresh, 7);
	for (u32 i = 2; i <= 10; i++)
		put(ACK | ECE, 1, 1 + i * 1000, 65535, 0, none);
	EXPECT(info_of(c).tcpi_snd_ssthresh, 7);
	/* LINUX: CWR goes with the first new data after that. */
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK | CWR, 10001, 1, 1000);
	put(ACK, 1, 11001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 11001, 1, 1000);
	ends(c, l, 1);
}

/* 6.1.3: ECE on every ACK until CWR comes, and TCP_INFO counts. */
SCRIPT(ece_until_cwr)
{
	int l = listening(), c = ecn_pair(l);

	put_tos = 3;
	put(ACK | PSH, 1, 1, 65535, 100, none);
	put_tos = 2;
	want_within(SIM_SEC, ACK | ECE, 1, 101, 0);
	put(ACK | PSH, 101, 1, 65535, 100, none);
	want_within(SIM_SEC, ACK | ECE, 1, 201, 0);
	put(ACK | PSH | CWR, 201, 1, 65535, 100, none);
	want_within(SIM_SEC, ACK, 1, 301, 0);
	EXPECT(info_of(c).tcpi_options & TCPI_OPT_ECN_SEEN,
	       TCPI_OPT_ECN_SEEN);
	EXPECT(info_tail_of(c).tcpi_received_ce, 1);
	EXPECT(info_tail_of(c).tcpi_received_ce_bytes, 100);
	EXPECT(info_tail_of(c).tcpi_received_e0_bytes, 200);
	EXPECT(info_of(c).tcpi_delivered_ce, 0);
	ends(c, l, 301);
}

/* Not negotiated: marks mean nothing. */
SCRIPT(marks_without_agreement_mean_nothing)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put_tos = 3;
	put(ACK | PSH, 1, 1, 65535, 100, none);
	want_within(SIM_SEC, ACK, 1, 101, 0);
	put_tos = 0;
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	EXPECT(want(ACK, 1, 101, 1000)->tos & 3, 0);
	put(ACK | ECE, 101, 1001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_Open);
	EXPECT(info_tail_of(c).tcpi_rcv_wnd > 0, true);
	ends(c, l, 101);
}
