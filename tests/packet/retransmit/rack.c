/* SPDX-License-Identifier: MIT */
/* RFC 8985 6: lost by time. */
#include "tests/packet/wire.h"

SCRIPT(rack_reordering_of_one_is_not_loss)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));

	CHECK(u_send(c, payload, 4000, 0) == 4000);
	skip_seen();
	sim_sleep(40 * SIM_MS);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 2002));
	want_none(2 * SIM_MS);
	put(ACK, 1, 4002, 65535, 0, none);
	EXPECT(info_of(c).tcpi_total_retrans, 0);
	CHECK(info_of(c).tcpi_reord_seen == 1);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rack_waits_a_quarter_of_the_rtt)
{
	int l = listening(), c = measured(l, 40, join(mss(1000), sackok()));
	u64 t;
	struct seen *s;

	CHECK(u_send(c, payload, 4000, 0) == 4000);
	skip_seen();
	sim_sleep(40 * SIM_MS);
	t = sim_now(sim);
	put(ACK, 1, 2, 65535, 0, sack1(host_isn, 1002, 2002));
	s = want_within(SIM_SEC, ACK, 2, 1, 1000);
	CHECK(took((s->t - t) / SIM_MS, 4, 14));
	put(ACK, 1, 4002, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
