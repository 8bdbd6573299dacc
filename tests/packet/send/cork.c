/* SPDX-License-Identifier: MIT */
/* TCP_CORK and MSG_MORE: a program says that more comes. */
#include "tests/packet/wire.h"

SCRIPT(cork_and_msg_more_fill_segments)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 1), 0);
	CHECK(u_send(c, payload, 600, 0) == 600);
	want_none(5 * SIM_MS);
	CHECK(u_send(c, payload, 600, 0) == 600);
	want(ACK, 1, 1, 1000);
	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 0), 0);
	want(ACK, 1001, 1, 200);
	put(ACK, 1, 1201, 65535, 0, none);
	CHECK(u_send(c, payload, 10, MSG_MORE) == 10);
	want_none(5 * SIM_MS);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 1201, 1, 20);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(corked_data_goes_after_200_ms_or_at_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 1), 0);
	CHECK(u_send(c, payload, 600, 0) == 600);
	/* LINUX: the probe timer lets it go. */
	want_within(SIM_SEC * 2, ACK, 1, 1, 600);
	put(ACK, 1, 601, 65535, 0, none);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want_none(5 * SIM_MS);
	u_close(c);
	want(FIN | ACK, 601, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(l);
}
