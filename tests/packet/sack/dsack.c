/* SPDX-License-Identifier: MIT */
/* RFC 2018 4, RFC 2883 4: what is told, and what came twice. */
#include "tests/packet/wire.h"

SCRIPT(out_of_order_is_acknowledged_at_once_with_sack)
{
	int l = listening(), c;
	struct seen *s;

	c = accepted(l, 65535, join(mss(1000), sackok()));
	put(ACK, 1001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 1001, 2001));
	put(ACK, 3001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 3001, 4001) && sacks(s, 1, 1001, 2001));
	/* Twice: D-SACK first. */
	put(ACK, 3001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 3001, 4001) && sacks(s, 1, 3001, 4001));
	put(ACK, 2001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 1001, 4001));
	put(ACK, 1, 1, 65535, 1000, none);
	s = want(ACK, 1, 4001, 0);
	CHECK(!option(s, 5));
	CHECK(u_recv(c, payload, 65536, 0) == 4000);
	CHECK(pattern_ok(payload, 0, 4000));
	/* Old data: a D-SACK below rcv_nxt. */
	put(ACK, 1, 1, 65535, 1000, none);
	s = want(ACK, 1, 4001, 0);
	CHECK(sacks(s, 0, 1, 1001));
	put(RST, 4001, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
