/* SPDX-License-Identifier: MIT */
/* RST before the handshake is over: RFC 9293 3.10.7.4 second. */
#include "tests/packet/wire.h"

SCRIPT(syn_received_rst_ends_it)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(stat(EmbryonicRsts), 1);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
