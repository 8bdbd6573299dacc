/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.7.4: small segments wait. */
#include "tests/packet/wire.h"

SCRIPT(nagle_holds_the_second_small_segment)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 1, 1, 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want_none(5 * SIM_MS);
	put(ACK, 1, 11, 65535, 0, none);
	want(ACK, 11, 1, 20);
	/* Full segments go, the rest waits. */
	CHECK(u_send(c, payload, 2500, 0) == 2500);
	want(ACK, 31, 1, 1000);
	want(ACK, 1031, 1, 1000);
	want_none(5 * SIM_MS);
	/* Switching it off lets it go. */
	EXPECT(u_setopt(c, SOL_TCP, TCP_NODELAY, 1), 0);
	want(ACK, 2031, 1, 500);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 2531, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
