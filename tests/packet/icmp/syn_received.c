/* SPDX-License-Identifier: MIT */
/* ICMP errors about our SYN-ACK. */
#include "tests/packet/icmp/icmp.h"

SCRIPT(unreachable_ends_a_request)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0);
	want_none(10 * SIM_SEC);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
