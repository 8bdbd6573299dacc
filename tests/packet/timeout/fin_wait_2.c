/* SPDX-License-Identifier: MIT */
/* How long FIN-WAIT-2 lasts: RFC 1122 4.2.2.20 (f), Linux's tcp_fin_timeout. */
#include "tests/packet/wire.h"

SIM_SCRIPT(fin_wait_2_orphan_ends_after_60_s)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	sim_sleep(61 * SIM_SEC);
	EXPECT(time_waits(), 0);
}

SIM_SCRIPT(fin_wait_2_with_owner_waits_for_ever)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_FIN_WAIT1);
	put(ACK, 1, 2, 65535, 0, none);
	CHECK(state_of(c) == TCP_FIN_WAIT2);
	sim_sleep(1000 * SIM_SEC);
	put(ACK | PSH, 1, 2, 65535, 50, none);
	CHECK(u_recv(c, payload, 100, 0) == 50);
	skip_seen();
	put(FIN | ACK, 51, 2, 65535, 0, none);
	want(ACK, 2, 52, 0);
	EXPECT(time_waits(), 1);
	CHECK(u_recv(c, payload, 100, 0) == 0);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(linger2_shortens_fin_wait_2)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_TCP, TCP_LINGER2, 5), 0);
	u_close(c);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	sim_sleep(6 * SIM_SEC);
	EXPECT(time_waits(), 0);
	skip_seen();
	u_close(l);
}
