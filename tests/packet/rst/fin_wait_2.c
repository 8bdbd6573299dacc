/* SPDX-License-Identifier: MIT */
/* RST in FIN-WAIT-2: RFC 9293 3.10.7.4 second, RFC 5961 3. */
#include "tests/packet/states.h"

SCRIPT(at_rcv_nxt_resets)
{
	struct conn c = in_fin_wait_2();

	put(RST, 1, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	EXPECT(u_getopt(c.fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c.fd);
	u_close(c.l);
}

SCRIPT(in_the_window_is_challenged)
{
	struct conn c = in_fin_wait_2();

	put(RST, 2, 0, 0, 0, none);
	want(ACK, 2, 1, 0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	leave(c, 1);
}

SCRIPT(outside_the_window_is_ignored)
{
	struct conn c = in_fin_wait_2();

	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	leave(c, 1);
}
