/* SPDX-License-Identifier: MIT */
/* Reductions taken back: RFC 5682, RFC 3522 and 4015 (by D-SACK). */
#include "tests/packet/wire.h"

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
