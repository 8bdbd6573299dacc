/* SPDX-License-Identifier: MIT */
/* TCP_DEFER_ACCEPT: a connection is none before its data. */
#include "tests/packet/wire.h"

static int deferring(int seconds)
{
	int l = u_listener(0, PORT, 8);

	host_port = PORT;
	EXPECT(u_setopt(l, SOL_TCP, TCP_DEFER_ACCEPT, seconds), 0);
	EXPECT(u_nonblock(l), 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	return l;
}

static void ends(int c, int l, u32 seq)
{
	put(RST | ACK, seq, 1, 0, 0, none);
	u_close(c);
	u_close(l);
	skip_seen();
}

SCRIPT(waits_for_data)
{
	int l = deferring(5), c;

	put(ACK, 1, 1, 65535, 0, none);
	want_none(0);
	EXPECT(stat(TCPDeferAcceptDrop), 1);
	EXPECT(u_accept(l, 0), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 7, none);
	c = (int)u_accept(l, 0);
	EXPECT(u_recv(c, payload, 1000, 0), 7);
	ends(c, l, 8);
}

/* Who said ACK is not asked again while there is time left. */
SCRIPT(is_not_asked_again_at_first)
{
	int l = deferring(3);

	put(ACK, 1, 1, 65535, 0, none);
	want_none(1500 * SIM_MS);
	want_within(2 * SIM_SEC, SYN | ACK, 0, 1, 0);
	EXPECT(u_accept(l, 0), -EAGAIN);
	ends(-1, l, 1);
}

/* When it is over the handshake is done once more, and that is enough. */
SCRIPT(a_connection_without_data_at_last)
{
	int l = deferring(1), c;

	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(u_accept(l, 0), -EAGAIN);
	want_within(1500 * SIM_MS, SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(stat(TCPDeferAcceptDrop), 1);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	ends(c, l, 1);
}

/* A FIN is as good as data: there will be none. */
SCRIPT(a_fin_will_do)
{
	int l = deferring(5), c;

	put(ACK, 1, 1, 65535, 0, none);
	put(FIN | ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, 0);
	EXPECT(u_recv(c, payload, 1000, 0), 0);
	ends(c, l, 2);
}

SCRIPT(a_reset_ends_it)
{
	int l = deferring(1);

	put(ACK, 1, 1, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	want_none(1200 * SIM_MS);
	EXPECT(u_accept(l, 0), -EAGAIN);
	u_close(l);
}
