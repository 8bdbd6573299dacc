/* SPDX-License-Identifier: MIT */
/* A FIN in FIN-WAIT-2: RFC 9293 3.10.7.4 eighth. */
#include "tests/packet/states.h"

SCRIPT(makes_time_wait)
{
	struct conn c = in_fin_wait_2();

	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	CHECK(state_of(c.fd) == TCP_CLOSE);
	EXPECT(u_recv(c.fd, payload, 10, 0), 0);
	leave(c, 2);
}

SCRIPT(with_data_is_read_after_it)
{
	struct conn c = in_fin_wait_2();

	put(FIN | ACK, 1, 2, 65535, 50, none);
	want(ACK, 2, 52, 0);
	EXPECT(time_waits(), 1);
	EXPECT(u_recv(c.fd, payload, 100, 0), 50);
	EXPECT(u_recv(c.fd, payload, 100, 0), 0);
	leave(c, 52);
}

SCRIPT(ahead_of_data_waits_for_it)
{
	struct conn c = in_fin_wait_2();

	put(FIN | ACK, 51, 2, 65535, 0, none);
	want(ACK, 2, 1, 0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	put(ACK | PSH, 1, 2, 65535, 50, none);
	want(ACK, 2, 52, 0);
	EXPECT(time_waits(), 1);
	leave(c, 52);
}
