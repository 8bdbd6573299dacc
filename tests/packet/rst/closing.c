/* SPDX-License-Identifier: MIT */
/* RST while a connection ends: RFC 9293 3.10.7.4 second. */
#include "tests/packet/wire.h"

SIM_SCRIPT(rst_in_each_closing_state)
{
	int l = listening(), c;

	/* CLOSE-WAIT: EPIPE for the writer. */
	c = accepted(l, 65535, mss(1460));
	put(FIN | ACK, 1, 1, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	CHECK(state_of(c) == TCP_CLOSE);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EPIPE);
	u_close(c);
	/* FIN-WAIT-1 */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c);
	/* FIN-WAIT-2 */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(ACK, 1, 2, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c);
	/* CLOSING */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(FIN | ACK, 1, 1, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	CHECK(state_of(c) == TCP_CLOSE);
	u_close(c);
	/* LAST-ACK, orphaned */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	put(FIN | ACK, 1, 1, 65535, 0, none);
	u_close(c);
	put(RST, 2, 0, 0, 0, none);
	EXPECT(orphans(), 0);
	skip_seen();
	want_none(10 * SIM_SEC);
	EXPECT(time_waits(), 0);
	u_close(l);
}
