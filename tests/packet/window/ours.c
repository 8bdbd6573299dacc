/* SPDX-License-Identifier: MIT */
/* The window we offer never shrinks: RFC 9293 3.8.6. */
#include "tests/packet/wire.h"

SCRIPT(advertised_window_never_shrinks_and_closes)
{
	int l = u_listener(0, PORT, 8), c;
	u32 right = 0, seq = 1, w = 1;
	int n = 0;

	host_port = PORT;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	c = accepted(l, 65535, mss(1460));
	right = 1 + seen[nr_seen - 1].win;
	/* Fill it; nobody reads. */
	while (n++ < 200 && before(seq, right)) {
		u32 len = right - seq < 1000 ? right - seq : 1000;

		put(ACK | PSH, seq, 1, 65535, len, none);
		seq += len;
		sim_sleep(250 * SIM_MS);
		while (next_seen < nr_seen) {
			struct seen *s = &seen[next_seen++];

			CHECK(!before(s->ack + s->win, right));
			right = s->ack + s->win;
			w = s->win;
		}
	}
	EXPECT(w, 0);
	/* A byte beyond is not taken, but answered. */
	put(ACK | PSH, seq, 1, 65535, 1, none);
	want(ACK, 1, seq, 0);
	/* Reading opens it again, at once and by much. */
	CHECK(u_recv(c, payload, 65536, 0) > 4000);
	wire_settle();
	CHECK(next_within(0) && seen[nr_seen - 1].win > 2000);
	put(RST, seq, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
