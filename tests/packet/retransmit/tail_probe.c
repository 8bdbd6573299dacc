/* SPDX-License-Identifier: MIT */
/* RFC 8985 7: tail loss probes. */
#include "tests/packet/wire.h"

SCRIPT(tail_loss_probe_after_two_rtts)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));
	u64 t = sim_now(sim);
	struct seen *s;

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	skip_seen();
	s = want_within(SIM_SEC, ACK, 2002, 1, 1000);
	CHECK(took((s->t - t) / SIM_MS, 80, 90));
	EXPECT(stat(TCPLossProbes), 1);
	/* It tells of the others' loss. */
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 2002, 3002));
	want_within(20 * SIM_MS, ACK, 2, 1, 1000);
	/* RFC 6937: one for each that was delivered. */
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 1002, 65535, 0, sack1(host_isn, 2002, 3002));
	want_within(20 * SIM_MS, ACK, 1002, 1, 1000);
	put(ACK, 1, 3002, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(no_probe_without_sack)
{
	int l = listening(), c = measured(l, 40, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	skip_seen();
	want_none(199 * SIM_MS);
	want_within(100 * SIM_MS, ACK, 2, 1, 1000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
