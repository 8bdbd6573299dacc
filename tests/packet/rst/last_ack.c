/* SPDX-License-Identifier: MIT */
/* RST in LAST-ACK: RFC 9293 3.10.7.4 second, RFC 5961 3. */
#include "tests/packet/states.h"

SCRIPT(at_rcv_nxt_resets)
{
	struct conn c = in_last_ack();

	put(RST, 2, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	EXPECT(u_getopt(c.fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c.fd);
	u_close(c.l);
}

SCRIPT(in_the_window_is_challenged)
{
	struct conn c = in_last_ack();

	put(RST, 3, 0, 0, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_LAST_ACK);
	leave(c, 2);
}

SCRIPT(outside_the_window_is_ignored)
{
	struct conn c = in_last_ack();

	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c.fd) == TCP_LAST_ACK);
	leave(c, 2);
}

/* LINUX: some peers count no FIN in the number of their RST. */
SCRIPT(at_the_fin_resets)
{
	struct conn c = in_last_ack();

	put(RST, 1, 0, 0, 0, none);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	u_close(c.fd);
	u_close(c.l);
}

SCRIPT(of_an_orphan_frees_it)
{
	struct conn c = in_close_wait();

	u_close(c.fd);
	want(FIN | ACK, 1, 2, 0);
	put(RST, 2, 0, 0, 0, none);
	EXPECT(time_waits(), 0);
	want_none(1200 * SIM_MS);
	/* Nobody knows it any more. */
	put(ACK, 2, 2, 65535, 0, none);
	want(RST, 2, 0, 0);
	u_close(c.l);
}
