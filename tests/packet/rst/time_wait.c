/* SPDX-License-Identifier: MIT */
/* RST to a stand-in: RFC 1337. */
#include "tests/packet/wire.h"

SCRIPT(time_wait_rfc1337_ignores_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	sysctl("ipv4/tcp_rfc1337", "1");
	u_close(l);
	u_close(c);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	EXPECT(time_waits(), 1);
	skip_seen();
}

SCRIPT(elsewhere_is_ignored)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	skip_seen();
	put(RST, 3, 0, 0, 0, none);
	put(RST, 1, 0, 0, 0, none);
	put(RST, 0x7000000, 0, 0, 0, none);
	want_none(0);
	EXPECT(time_waits(), 1);
	u_close(l);
}
