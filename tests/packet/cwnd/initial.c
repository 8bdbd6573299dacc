/* SPDX-License-Identifier: MIT */
/* RFC 6928, RFC 5681 3.1 */
#include "tests/packet/wire.h"

SCRIPT(initial_window_of_ten)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u32 n = 0;

	CHECK(u_send(c, payload, 20000, 0) == 20000);
	wire_settle();
	while (next_seen < nr_seen) {
		n++;
		next_seen++;
	}
	EXPECT(n, 10);
	put(ACK, 1, 1001, 65535, 0, none);
	wire_settle();
	/* RFC 5681: slow start: two for one. */
	EXPECT(nr_seen - next_seen, 2);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
