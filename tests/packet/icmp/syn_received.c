/* SPDX-License-Identifier: MIT */
/* ICMP errors about our SYN-ACK. */
#include "tests/packet/icmp/icmp.h"

SCRIPT(a_peer_without_a_way_to_it_ends_a_request)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 0);
	want_none(2 * SIM_SEC);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}

/* LINUX: not so a port that is denied: anybody may say that. */
SCRIPT(a_denied_port_does_not_end_a_request)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0);
	want_within(2 * SIM_SEC, SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}

SCRIPT(about_another_syn_ack_is_ignored)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 7);
	EXPECT(stat(OutOfWindowIcmps), 1);
	want_within(2 * SIM_SEC, SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(l);
}
