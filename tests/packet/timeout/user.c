/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.8.3, 3.10.8 and 5482: the user timeout. */
#include "tests/packet/wire.h"

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
