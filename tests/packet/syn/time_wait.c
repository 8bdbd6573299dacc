/* SPDX-License-Identifier: MIT */
/* A new connection in place of TIME-WAIT: RFC 9293 3.6.1, RFC 6191. */
#include "tests/packet/wire.h"

SCRIPT(time_wait_gives_way_to_a_newer_syn)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 isn;

	u_close(c);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	skip_seen();
	/* An old SYN is not let in ... */
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(ACK, 2, 2, 0);
	/* ... one beyond what was received is. */
	isn = host_isn;
	host_isn_known = false;
	put(SYN, 1000, 0, 65535, 0, mss(1460));
	EXPECT(time_waits(), 0);
	want(SYN | ACK, 0, 1001, 0);
	CHECK(after(host_isn, isn + 65535));
	put(RST, 1001, 0, 0, 0, none);
	u_close(l);
}
