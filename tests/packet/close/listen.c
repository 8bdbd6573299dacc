/* SPDX-License-Identifier: MIT */
/* CLOSE of a listener: RFC 9293 3.10.4. */
#include "tests/packet/wire.h"

SCRIPT(listener_close_resets_what_waits)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	u_close(l);
	want(RST | ACK, 1, 1, 0);
}
