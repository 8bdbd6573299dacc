/* SPDX-License-Identifier: MIT */
/* SYN in CLOSING: RFC 9293 3.10.7.4 fourth, RFC 5961 4. */
#include "tests/packet/states.h"

SCRIPT(in_the_window_is_challenged)
{
	struct conn c = in_closing();

	put(SYN, 2, 0, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(stat(TCPSYNChallenge), 1);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(outside_the_window_is_challenged)
{
	struct conn c = in_closing();

	put(SYN, 0x7000000, 0, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}

SCRIPT(the_first_one_again_is_challenged)
{
	struct conn c = in_closing();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	leave(c, 2);
}
