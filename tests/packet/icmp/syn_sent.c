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

/* RFC 1122 3.2.2.2: the route to a peer beyond the first gateway changes. */
SIM_SCRIPT(redirect_changes_the_route)
{
	const u32 beyond = 0xc0000201, better = 0x0a000009;
	struct flowi4 fl4 = { .daddr = htonl(beyond) };
	struct rtable *rt;
	int fd;

	default_via(host, PEER_ADDR);
	fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
	host_isn_known = false;
	EXPECT(u_connect(fd, beyond, peer_port), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	rt = ip_route_output_key(host, &fl4);
	EXPECT(ntohl(rt->rt_gw4), PEER_ADDR);
	ip_rt_put(rt);
	/* One about what was never sent, and one that is true. */
	for (u32 seq = 1000;; seq = 0) {
		put_icmp_about(beyond, ICMP_REDIRECT, ICMP_REDIR_HOST, better,
			       seq);
		fl4 = (struct flowi4){ .daddr = htonl(beyond) };
		rt = ip_route_output_key(host, &fl4);
		EXPECT(ntohl(rt->rt_gw4), seq ? PEER_ADDR : better);
		ip_rt_put(rt);
		if (!seq)
			break;
	}
	EXPECT(state_of(fd), TCP_SYN_SENT);
	u_close(fd);
	skip_seen();
}
