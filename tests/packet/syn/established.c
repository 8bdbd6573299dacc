/* SPDX-License-Identifier: MIT */
/* SYN in a synchronised state: RFC 9293 3.10.7.4 fourth, RFC 5961 4. */
#include "tests/packet/wire.h"

SCRIPT(syn_is_challenged_wherever_it_is)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(SYN, 1, 0, 65535, 0, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPSYNChallenge), 1);
	sim_sleep(600 * SIM_MS);
	put(SYN, 0x7000000, 0, 65535, 0, none);
	want(ACK, 1, 1, 0);
	sim_sleep(600 * SIM_MS);
	put(SYN | ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
