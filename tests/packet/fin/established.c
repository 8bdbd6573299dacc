/* SPDX-License-Identifier: MIT */
/* A FIN for an open connection: RFC 9293 3.10.7.4 eighth, half-close (3.6). */
#include "tests/packet/wire.h"

SCRIPT(peer_closes_first)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want_within(50 * SIM_MS, ACK, 1, 2, 0);
	CHECK(state_of(c) == TCP_CLOSE_WAIT);
	CHECK(u_recv(c, payload, 10, 0) == 0);
	/* Half-closed: we may still send. */
	CHECK(u_send(c, payload, 100, 0) == 100);
	want(ACK, 1, 2, 100);
	put(ACK, 2, 101, 65535, 0, none);
	u_close(c);
	want(FIN | ACK, 101, 2, 0);
	put(ACK, 2, 102, 65535, 0, none);
	EXPECT(time_waits(), 0);
	want_none(SIM_SEC);
	/* LAST-ACK -> CLOSED: nobody is there any more. */
	put(ACK, 2, 102, 65535, 0, none);
	want(RST, 102, 0, 0);
	u_close(l);
}

SCRIPT(data_before_the_fin_arrives_late)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(FIN | ACK, 101, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(ACK | PSH, 1, 1, 65535, 100, none);
	want(ACK, 1, 102, 0);
	CHECK(state_of(c) == TCP_CLOSE_WAIT);
	CHECK(u_recv(c, payload, 1000, 0) == 100);
	CHECK(u_recv(c, payload, 1000, 0) == 0);
	u_close(c);
	want(FIN | ACK, 1, 102, 0);
	put(ACK, 102, 2, 65535, 0, none);
	u_close(l);
}
