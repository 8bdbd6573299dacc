/* SPDX-License-Identifier: MIT */
/* The FIN again in LAST-ACK: RFC 9293 3.10.7.4 eighth. */
#include "tests/packet/states.h"

SCRIPT(again_is_acknowledged_again)
{
	struct conn c = in_last_ack();

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_LAST_ACK);
	leave(c, 2);
}

SCRIPT(behind_the_first_one_changes_nothing)
{
	struct conn c = in_last_ack();

	put(FIN | ACK, 2, 1, 65535, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_LAST_ACK);
	leave(c, 2);
}
