/* SPDX-License-Identifier: MIT */
/* Text for nobody: RFC 9293 3.10.7.1. */
#include "tests/packet/states.h"

SCRIPT(without_ack_is_reset_and_counted)
{
	struct seen *s;

	host_port = 77;
	put(PSH, 5, 0, 0, 10, none);
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == (RST | ACK) && s->seq == 0 && s->ack == 15);
	put(FIN | PSH, 5, 0, 0, 10, none);
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == (RST | ACK) && s->ack == 16);
}
