/* SPDX-License-Identifier: MIT */
/* RFC 3168 6.1: agreed on, marked, told, obeyed. */
#include "tests/packet/wire.h"

SCRIPT(ecn_accepted_when_asked)
{
	int l = listening(), c;
	struct seen *s;

	put(SYN | ECE | CWR, 0, 0, 65535, 0, mss(1000));
	want(SYN | ACK | ECE, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	s = want(ACK, 1, 1, 1000);
	EXPECT(s->tos & 3, 2);
	/* CE arrives: ECE on each ACK until CWR. */
	put_tos = 3;
	put(ACK | PSH, 1, 1001, 65535, 100, none);
	put_tos = 2;
	s = want_within(SIM_SEC, ACK | ECE, 1001, 101, 0);
	put(ACK | PSH | CWR, 101, 1001, 65535, 100, none);
	s = want_within(SIM_SEC, ACK, 1001, 201, 0);
	/* The peer saw CE: we reduce, and say so on the next data. */
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1001, 201, 1000);
	put(ACK | ECE, 201, 2001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_CWR);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK | CWR, 2001, 201, 1000);
	put(RST, 201, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
