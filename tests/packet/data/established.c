/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.10.7.4 first and seventh: which text is taken. */
#include "tests/packet/wire.h"

SCRIPT(data_outside_the_window_is_acknowledged_only)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1000000, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	put(ACK | PSH, (u32)-200, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(overlaps_are_taken_once)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(ACK, 501, 1, 65535, 1000, none);
	put(ACK, 801, 1, 65535, 1000, none);
	put(ACK, 401, 1, 65535, 200, none);
	put(ACK, 401, 1, 65535, 3000, none);
	put(ACK, 1, 1, 65535, 450, none);
	CHECK(u_recv(c, payload, 65536, 0) == 3400);
	CHECK(pattern_ok(payload, 0, 3400));
	put(RST, 3401, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}
