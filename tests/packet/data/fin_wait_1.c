/* SPDX-License-Identifier: MIT */
/* Data that nobody will read: RFC 1122 4.2.2.13. */
#include "tests/packet/wire.h"

SCRIPT(data_after_close_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK | PSH, 1, 1, 65535, 10, none);
	want(RST, 1, 0, 0);
	EXPECT(stat(TCPAbortOnData), 1);
	u_close(l);
}
