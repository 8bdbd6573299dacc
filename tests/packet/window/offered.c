/* SPDX-License-Identifier: MIT */
/* What the peer offers: RFC 9293 3.8.6.2.1, RFC 7323 2. */
#include "tests/packet/wire.h"

SCRIPT(a_small_window_takes_small_segments)
{
	int l = listening(), c = accepted(l, 300, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	/* RFC 9293 3.8.6.2.1: half of the largest window it ever had. */
	want(ACK, 1, 1, 300);
	put(ACK, 1, 301, 300, 0, none);
	want(ACK, 301, 1, 300);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(scaled_window_is_obeyed)
{
	int l = listening(), c;
	u32 total = 0;

	put(SYN, 0, 0, 65535, 0, join(mss(1000), wscale(4)));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 300, 0, none); /* 4800 bytes */
	c = (int)u_accept(l, 0);
	EXPECT(info_of(c).tcpi_snd_wnd, 4800);
	CHECK(u_send(c, payload, 20000, 0) == 20000);
	wire_settle();
	while (next_seen < nr_seen)
		total += seen[next_seen++].len;
	CHECK(total <= 4800 && total >= 4000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
