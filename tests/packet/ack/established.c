/* SPDX-License-Identifier: MIT */
/* The ACK field: RFC 9293 3.10.7.4 fifth, RFC 5961 5. */
#include "tests/packet/wire.h"

SCRIPT(no_ack_bit_is_dropped)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(PSH, 1, 0, 65535, 100, none);
	put(0, 1, 0, 65535, 100, none);
	put(FIN, 1, 0, 65535, 0, none);
	want_none(SIM_SEC);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* RFC 9293 3.10.7.4 fifth: "send an ACK, drop the segment". */
SCRIPT(ack_of_the_future_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1, 500, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(ack_far_in_the_past_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	/* RFC 5961 5.2: farther back than any window was. */
	put(ACK | PSH, 1, (u32)-200000, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
