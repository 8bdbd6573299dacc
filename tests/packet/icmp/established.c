/* SPDX-License-Identifier: MIT */
/* ICMP errors about data are soft: RFC 1122 4.2.3.9, RFC 5461. */
#include "tests/packet/icmp/icmp.h"

LONG_SCRIPT(soft_once_established_and_told_at_the_end)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	sim_sleep(2000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
	skip_seen();
	u_close(c);
	u_close(l);
}

LONG_SCRIPT(an_answer_makes_it_forgotten)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	put(ACK, 1, 101, 65535, 0, none);
	CHECK(u_send(c, payload, 100, 0) == 100);
	sim_sleep(2000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(recverr_makes_it_hard)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_IP, IP_RECVERR, 1), 0);
	CHECK(u_send(c, payload, 100, 0) == 100);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EHOSTUNREACH);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}
