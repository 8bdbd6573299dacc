/* SPDX-License-Identifier: MIT */
/* Connections without an owner: tcp_orphan_retries, tcp_max_orphans. */
#include "tests/packet/states.h"

LONG_SCRIPT(gives_up_after_its_retries)
{
	struct conn c;

	sysctl("ipv4/tcp_orphan_retries", "2");
	c = in_established();
	u_close(c.fd);
	want(FIN | ACK, 1, 1, 0);
	want_within(3 * SIM_SEC, FIN | ACK, 1, 1, 0);
	want_within(5 * SIM_SEC, FIN | ACK, 1, 1, 0);
	/* LINUX: counted from the first one that was sent again. */
	want_within(5 * SIM_SEC, FIN | ACK, 1, 1, 0);
	want_none(12 * SIM_SEC);
	EXPECT(stat(TCPAbortOnTimeout), 1);
	u_close(c.l);
}

/* Not Linux: its count is the machine's, and approximate. */
SIM_SCRIPT(too_many_are_reset)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_max_orphans", "2");
	for (int i = 0; i < 4; i++) {
		new_peer(4000 + i);
		c = accepted(l, 65535, mss(1460));
		u_close(c);
		if (orphans() <= 2 && i < 2)
			want(FIN | ACK, 1, 1, 0);
		else
			skip_seen();
	}
	CHECK(orphans() <= 3);
	CHECK(stat(TCPAbortOnMemory) >= 1);
	skip_seen();
	u_close(l);
	sim_sleep(1200 * SIM_SEC);
	skip_seen();
	EXPECT(orphans(), 0);
}
