/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.8.4 */
#include "tests/packet/wire.h"

SIM_SCRIPT(keepalive_asks_and_gives_up)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);
	struct seen *s;

	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPIDLE, 100), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPINTVL, 10), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPCNT, 3), 0);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	s = want_within(200 * SIM_SEC, ACK, 0, 1, 0);
	EXPECT((s->t - t) / SIM_SEC, 100);
	put(ACK, 1, 1, 65535, 0, none);
	s = want_within(200 * SIM_SEC, ACK, 0, 1, 0);
	CHECK((s->t - t) / SIM_SEC >= 200 && (s->t - t) / SIM_SEC <= 211);
	want_within(11 * SIM_SEC, ACK, 0, 1, 0);
	want_within(11 * SIM_SEC, ACK, 0, 1, 0);
	want_within(11 * SIM_SEC, RST | ACK, 1, 1, 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	EXPECT(stat(TCPKeepAlive), 4);
	u_close(c);
	u_close(l);
}

SCRIPT(keepalive_probe_is_answered)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	sim_sleep(SIM_SEC);
	put(ACK, 0, 1, 65535, 1, none);
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
