/* SPDX-License-Identifier: MIT */
/* What the peer's SACK blocks do: RFC 6675. */
#include "tests/packet/wire.h"

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
