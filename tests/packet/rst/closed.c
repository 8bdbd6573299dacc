/* SPDX-License-Identifier: MIT */
/* RST for nobody: RFC 9293 3.10.7.1: discarded. */
#include "tests/packet/states.h"

SCRIPT(is_never_answered)
{
	host_port = 77;
	put(RST, 5, 0, 0, 0, none);
	put(RST | ACK, 5, 3, 0, 0, none);
	put(RST | SYN, 5, 0, 0, 0, none);
	put(RST | FIN, 5, 0, 0, 10, none);
	want_none(0);
}
