/* SPDX-License-Identifier: MIT */
/* The ACK field in CLOSE-WAIT: RFC 9293 3.10.7.4 fifth, RFC 5961 5. */
#include "tests/packet/states.h"

SCRIPT(of_what_was_not_sent_is_challenged)
{
	struct conn c = in_close_wait();

	put(ACK, 2, 2, 65535, 0, none);
	want(ACK, 1, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	leave(c, 2);
}

SCRIPT(of_long_ago_is_challenged)
{
	struct conn c = in_close_wait();

	put(ACK, 2, (u32)-200000, 65535, 0, none);
	want(ACK, 1, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	leave(c, 2);
}

SCRIPT(without_the_bit_is_dropped)
{
	struct conn c = in_close_wait();

	put(FIN, 2, 0, 65535, 0, none);
	put(PSH, 2, 0, 65535, 10, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	leave(c, 2);
}
