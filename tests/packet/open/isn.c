/* SPDX-License-Identifier: MIT */
/* The first number: RFC 6528 3 and RFC 9293 3.4.1: a clock and a secret. */
#include "tests/packet/wire.h"

static u32 isn_of(u16 port)
{
	u32 isn;

	new_peer(port);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	isn = host_isn;
	put(RST, 1, 0, 0, 0, none);
	return isn;
}

SCRIPT(of_the_same_pair_grows_with_time)
{
	int l = listening();
	u32 a = isn_of(4000), b, c;

	sim_sleep(20 * SIM_MS);
	b = isn_of(4000);
	sim_sleep(20 * SIM_MS);
	c = isn_of(4000);
	CHECK(after(b, a) && after(c, b));
	/* LINUX: a tick of 64 ns, where RFC 9293 says 4 us. */
	CHECK(b - a >= 20 * 15625 && b - a < 400 * 15625);
	u_close(l);
}

SCRIPT(of_another_pair_is_elsewhere)
{
	int l = listening(), near = 0;
	u32 last = isn_of(4000), isn;

	for (u16 port = 4001; port < 4017; port++) {
		isn = isn_of(port);
		near += isn - last < 1U << 24;
		last = isn;
	}
	/* Sixteen guesses, each right one time in 256. */
	CHECK(near < 4);
	u_close(l);
}
