/* SPDX-License-Identifier: MIT */
/* RST for an open connection: RFC 9293 3.10.7.4 second, RFC 5961 3. */
#include "tests/packet/wire.h"

SCRIPT(rst_at_rcv_nxt_resets)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_recv(c, payload, 10, 0), -ECONNRESET);
	EXPECT(u_recv(c, payload, 10, 0), 0);
	CHECK(state_of(c) == TCP_CLOSE);
	want_none(0);
	u_close(c);
	u_close(l);
}

SCRIPT(rst_in_window_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 2, 0, 0, 0, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	/* One in half a second. */
	put(RST, 500, 0, 0, 0, none);
	want_none(0);
	EXPECT(stat(TCPACKSkippedChallenge), 1);
	sim_sleep(600 * SIM_MS);
	put(RST, 500, 0, 0, 0, none);
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rst_outside_the_window_is_ignored)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
