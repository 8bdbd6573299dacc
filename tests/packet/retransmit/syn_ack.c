/* SPDX-License-Identifier: MIT */
/* Our SYN-ACK again: RFC 6298 5. */
#include "tests/packet/wire.h"

SCRIPT(simultaneous_open_lost_synack_again)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	want_within(2 * SIM_SEC, SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(fd);
}

SIM_SCRIPT(synack_again_until_given_up)
{
	int l = listening();
	u64 t0 = sim_now(sim);
	struct seen *s;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	for (u64 i = 0, at = 1; i < 5; i++, at = 2 * at + 1) {
		s = want_within(40 * SIM_SEC, SYN | ACK, 0, 1, 0);
		EXPECT((s->t - t0 + SIM_SEC / 10) / SIM_SEC, at);
	}
	want_none(100 * SIM_SEC);
	/* Forgotten: its ACK is nobody's. */
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
