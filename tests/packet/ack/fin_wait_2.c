/* SPDX-License-Identifier: MIT */
/* The ACK field in FIN-WAIT-2: RFC 9293 3.10.7.4 fifth, RFC 5961 5. */
#include "tests/packet/states.h"

SCRIPT(of_what_was_not_sent_is_challenged)
{
	struct conn c = in_fin_wait_2();

	put(ACK, 1, 3, 65535, 0, none);
	want(ACK, 2, 1, 0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	leave(c, 1);
}

SCRIPT(of_long_ago_is_challenged)
{
	struct conn c = in_fin_wait_2();

	put(ACK, 1, (u32)-200000, 65535, 0, none);
	want(ACK, 2, 1, 0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	leave(c, 1);
}

SCRIPT(without_the_bit_is_dropped)
{
	struct conn c = in_fin_wait_2();

	put(FIN, 1, 0, 65535, 0, none);
	put(PSH, 1, 0, 65535, 10, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	leave(c, 1);
}
