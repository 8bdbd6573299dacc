/* SPDX-License-Identifier: MIT */
/* CLOSE: RFC 9293 3.10.4. */
#include "tests/packet/wire.h"

SCRIPT(linger_waits_for_the_ack)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	struct linger lg = { 1, 3 };
	u64 t = sim_now(sim);

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&lg), sizeof(lg), 0L),
	       0);
	CHECK(u_send(c, payload, 100, 0) == 100);
	u_close(c);
	CHECK(sim_now(sim) - t >= 3 * SIM_SEC);
	CHECK(sim_now(sim) - t < 4 * SIM_SEC);
	put(RST | ACK, 1, 1, 0, 0, none);
	skip_seen();
	u_close(l);
}
