/* SPDX-License-Identifier: MIT */
/* Zero-window probes: RFC 9293 3.8.6.1. */
#include "tests/packet/wire.h"

SIM_SCRIPT(zero_window_probes)
{
	int l = listening(), c = accepted(l, 0, mss(1000));
	u64 t = sim_now(sim), wait = 0;
	struct seen *s;

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (int i = 0; i < 6; i++) {
		s = want_within(30 * SIM_SEC, ACK, 0, 1, 0);
		CHECK(!i || (s->t - t) / SIM_MS >= 2 * wait - 10);
		CHECK(!i || (s->t - t) / SIM_MS <= 2 * wait + 10);
		wait = (s->t - t) / SIM_MS;
		t = s->t;
		put(ACK, 1, 1, 0, 0, none);
	}
	EXPECT(stat(TCPWinProbe), 6);
	/* Probes go on as long as they are answered. */
	put(ACK, 1, 1, 2000, 0, none);
	want(ACK, 1, 1, 1000);
	want(ACK, 1001, 1, 1000);
	want_none(0);
	put(ACK, 1, 2001, 1000, 0, none);
	want(ACK, 2001, 1, 1000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(zero_window_without_answer_gives_up)
{
	int l = listening(), c = accepted(l, 0, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	sim_sleep(3000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	CHECK(nr_seen - next_seen >= 14 && nr_seen - next_seen <= 18);
	skip_seen();
	u_close(c);
	u_close(l);
}
