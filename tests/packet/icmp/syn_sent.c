/* SPDX-License-Identifier: MIT */
/* ICMP errors about our SYN: hard ones end it. RFC 5461, RFC 5927 4. */
#include "tests/packet/icmp/icmp.h"

SCRIPT(unreachable_ends_a_handshake)
{
	static const struct {
		int type, code, err;
	} t[] = {
		{ ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ECONNREFUSED },
		{ ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, EHOSTUNREACH },
		{ ICMP_DEST_UNREACH, ICMP_NET_UNREACH, ENETUNREACH },
		{ ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, ENOPROTOOPT },
		{ ICMP_TIME_EXCEEDED, 0, EHOSTUNREACH },
		{ ICMP_PARAMETERPROB, 0, EPROTO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		int fd = connecting();

		want(SYN, 0, 0, 0);
		put_icmp(t[i].type, t[i].code, 0, 0);
		EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), t[i].err);
		CHECK(state_of(fd) == TCP_CLOSE);
		u_close(fd);
	}
}

SCRIPT(quench_and_redirect_are_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put_icmp(4, 0, 0, 0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}

SCRIPT(about_something_never_sent_is_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put_icmp(ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 5000);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	EXPECT(stat(OutOfWindowIcmps), 1);
	u_close(fd);
}
