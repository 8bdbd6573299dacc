/* SPDX-License-Identifier: MIT */
/* An ACK in TIME-WAIT: RFC 9293 3.10.7.4. */
#include "tests/packet/states.h"

SCRIPT(at_rcv_nxt_is_not_answered)
{
	struct conn c = in_time_wait();

	put(ACK, 2, 2, 65535, 0, none);
	put(ACK, 2, 700, 65535, 0, none);
	want_none(0);
	EXPECT(time_waits(), 1);
	leave(c, 2);
}

SCRIPT(elsewhere_is_answered)
{
	struct conn c = in_time_wait();

	put(ACK, 900, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	leave(c, 2);
}
