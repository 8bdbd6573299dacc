/* SPDX-License-Identifier: MIT */
/* The ACK field in CLOSING: RFC 9293 3.10.7.4 fifth, RFC 5961 5. */
#include "tests/packet/states.h"

SCRIPT(of_what_was_not_sent_is_challenged)
{
	struct conn c = in_closing();

	put(ACK, 2, 3, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(of_long_ago_is_challenged)
{
	struct conn c = in_closing();

	put(ACK, 2, (u32)-200000, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(without_the_bit_is_dropped)
{
	struct conn c = in_closing();

	put(FIN, 2, 0, 65535, 0, none);
	put(PSH, 2, 0, 65535, 10, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(of_the_fin_goes_on)
{
	struct conn c = in_closing();

	put(ACK, 2, 2, 65535, 0, none);
	want_none(0);
	EXPECT(time_waits(), 1);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	leave(c, 2);
}
