/* SPDX-License-Identifier: MIT */
/* An ACK for nobody: RFC 9293 3.10.7.1. */
#include "tests/packet/states.h"

SCRIPT(is_reset_at_its_own_number)
{
	struct seen *s;

	host_port = 77;
	put(ACK, 5, 9, 0, 10, none);
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == RST && s->seq == 9 && s->ack == 0);
	put(SYN | ACK, 5, 9, 0, 0, none);
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == RST && s->seq == 9);
}
