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

/* RFC 5961 3.2 */
SCRIPT(in_the_window_is_challenged)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 2, 0, 0, 0, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	/* One in half a second. */
	put(RST, 3, 0, 0, 0, none);
	want_none(0);
	EXPECT(stat(TCPACKSkippedChallenge), 1);
	EXPECT(stat(EmbryonicRsts), 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}

SCRIPT(outside_the_window_is_ignored)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}

SCRIPT(of_a_crossed_open_refuses)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	CHECK(state_of(fd) == TCP_CLOSE);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(fd);
}
