/* SPDX-License-Identifier: MIT */
/* RST in CLOSE-WAIT: RFC 9293 3.10.7.4 second, RFC 5961 3. */
#include "tests/packet/states.h"

SCRIPT(at_rcv_nxt_resets)
{
	struct conn c = in_close_wait();

	put(RST, 2, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	EXPECT(u_getopt(c.fd, SOL_SOCKET, SO_ERROR), EPIPE);
	u_close(c.fd);
	u_close(c.l);
}

SCRIPT(in_the_window_is_challenged)
{
	struct conn c = in_close_wait();

	put(RST, 3, 0, 0, 0, none);
	want(ACK, 1, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	leave(c, 2);
}

SCRIPT(outside_the_window_is_ignored)
{
	struct conn c = in_close_wait();

	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	leave(c, 2);
}

/* LINUX: some peers count no FIN in the number of their RST. */
SCRIPT(at_the_fin_resets)
{
	struct conn c = in_close_wait();

	put(RST, 1, 0, 0, 0, none);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	u_close(c.fd);
	u_close(c.l);
}
