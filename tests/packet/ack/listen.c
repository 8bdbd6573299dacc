/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.10.7.2 second */
#include "tests/packet/wire.h"

SCRIPT(listen_ignores_rst_resets_ack)
{
	int l = listening();

	put(RST, 5, 0, 0, 0, none);
	want_none(0);
	put(ACK, 5, 9, 0, 0, none);
	CHECK(next_within(0) && seen[0].flags == RST);
	put(FIN, 5, 0, 0, 0, none);
	put(SYN | FIN, 5, 0, 0, 0, none);
	put(0, 5, 0, 0, 0, none);
	want_none(SIM_SEC);
	u_close(l);
}
