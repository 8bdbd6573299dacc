/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.10.7.1 */
#include "tests/packet/wire.h"

SCRIPT(closed_port_resets)
{
	host_port = 77;
	put(SYN, 0, 0, 65535, 0, none);
	CHECK(next_within(0) && seen[0].flags == (RST | ACK) &&
	      seen[0].ack == 1);
	put(ACK, 5, 9, 0, 10, none);
	CHECK(next_within(0) && seen[1].flags == RST);
	put(RST, 5, 0, 0, 0, none);
	put(RST | ACK, 5, 3, 0, 0, none);
	want_none(0);
}
