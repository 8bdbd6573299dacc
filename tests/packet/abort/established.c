/* SPDX-License-Identifier: MIT */
/* ABORT: RFC 9293 3.10.5, RFC 2525 2.17. */
#include "tests/packet/wire.h"

SCRIPT(unread_data_at_close_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1, 1, 65535, 100, none);
	skip_seen();
	u_close(c);
	want(RST | ACK, 1, 101, 0);
	EXPECT(stat(TCPAbortOnClose), 1);
	u_close(l);
}

SCRIPT(linger_zero_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	struct linger lg = { 1, 0 };

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&lg), sizeof(lg), 0L),
	       0);
	u_close(c);
	want(RST | ACK, 1, 1, 0);
	EXPECT(stat(TCPAbortOnData), 1);
	u_close(l);
}
