/* SPDX-License-Identifier: MIT */
/* SYN cookies: RFC 4987 3.6. */
#include "tests/packet/wire.h"

SIM_SCRIPT(syn_cookie_when_the_queue_is_full)
{
	int l = u_listener(0, PORT, 0), c;
	struct seen *s;
	u32 val;

	host_port = PORT;
	EXPECT(u_listen(l, 0), 0);
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0,
	    join(join(mss(1400), wscale(5)), join(sackok(), ts(500, 0))));
	s = want(SYN | ACK, 0, 1, 0);
	EXPECT(stat(SyncookiesSent), 1);
	val = get_unaligned_be32(option(s, 8) + 2);
	want_none(10 * SIM_SEC); /* nothing is kept, nothing is sent again */
	put(ACK, 1, 1, 100, 0, ts(501, val));
	EXPECT(stat(SyncookiesRecv), 1);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	/* What the stamp brought back; 1400 rounded down to 1300. */
	CHECK(info_of(c).tcpi_options ==
	      (TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE));
	CHECK(info_of(c).tcpi_snd_wscale == 5);
	CHECK(info_of(c).tcpi_snd_mss == 1300 - 12);
	put(RST | ACK, 1, 1, 0, 0, ts(502, val));
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(syn_cookie_forged_or_old_is_reset)
{
	int l = u_listener(0, PORT, 0);

	host_port = PORT;
	EXPECT(u_listen(l, 0), 0);
	put(SYN, 0, 0, 65535, 0, mss(1400));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 4711, 100, 0, none);
	want(RST, 4711, 0, 0);
	EXPECT(stat(SyncookiesFailed), 1);
	sim_sleep(200 * SIM_SEC);
	put(ACK, 1, 1, 100, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
