/* SPDX-License-Identifier: MIT */
/* A full queue of connections nobody accepted. */
#include "tests/packet/wire.h"

/* LINUX: a full accept queue: the third segment is dropped. */
SIM_SCRIPT(accept_queue_overflow_drops_the_third_segment)
{
	int l = u_listener(0, PORT, 0), c;
	struct seen *s;

	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "0");
	EXPECT(u_listen(l, 1), 0);
	for (peer_port = 4000; peer_port < 4002; peer_port++) {
		host_isn_known = false;
		put(SYN, 0, 0, 65535, 0, mss(1460));
		want(SYN | ACK, 0, 1, 0);
		put(ACK, 1, 1, 65535, 0, none);
	}
	/* backlog 1 holds two; a third SYN is not answered at all. */
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want_none(100 * SIM_MS);
	EXPECT(stat(ListenOverflows), 1);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	s = want(SYN | ACK, 0, 1, 0);
	(void)s;
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(abort_on_overflow_resets)
{
	int l = u_listener(0, PORT, 0);

	host_port = PORT;
	sysctl("ipv4/tcp_abort_on_overflow", "1");
	EXPECT(u_listen(l, 1), 0);
	/* Two requests while there is room, both completed: one too many. */
	peer_port = 4000;
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	peer_port = 4001;
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	u32 isn1 = host_isn;

	EXPECT(u_listen(l, 0), 0);
	host_isn = isn1;
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
