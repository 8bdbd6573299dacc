/* SPDX-License-Identifier: MIT */
/* SYN for a listener: RFC 9293 3.10.7.2, 7323 2 and 3, 2018 2. */
#include "tests/packet/wire.h"

SCRIPT(passive_open_answers_options)
{
	int l = listening();
	struct seen *s;

	put(SYN, 0, 0, 65535, 0,
	    join(join(mss(1460), wscale(7)), join(sackok(), ts(1000, 0))));
	s = want(SYN | ACK, 0, 1, 0);
	CHECK(option(s, 2) && get_unaligned_be16(option(s, 2) + 2) == 1460);
	CHECK(option(s, 3) && option(s, 3)[2] == 7);
	CHECK(option(s, 4));
	CHECK(option(s, 8) && get_unaligned_be32(option(s, 8) + 6) == 1000);
	CHECK(s->win == 64240 - 64240 % 1448 || s->win >= 60000);
	put(RST, 1, 0, 0, 0, none);
	u_close(l);
}

SCRIPT(passive_open_offers_only_what_was_offered)
{
	int l = listening();
	struct seen *s;

	put(SYN, 0, 0, 65535, 0, none);
	s = want(SYN | ACK, 0, 1, 0);
	CHECK(option(s, 2));
	CHECK(!option(s, 3) && !option(s, 4) && !option(s, 8));
	put(ACK, 1, 1, 65535, 0, none);
	/* RFC 9293 3.7.1: no MSS option means 536. */
	int c = (int)u_accept(l, 0);

	CHECK(info_of(c).tcpi_snd_mss == 536);
	CHECK(u_send(c, payload, 2000, 0) == 2000);
	want(ACK, 1, 1, 536);
	u_close(l);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(c);
}

/* RFC 9293 3.10.7.2 third: text of a SYN may wait; LINUX: it comes again. */
SCRIPT(data_of_a_syn_is_not_taken)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 100, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK | PSH, 1, 1, 65535, 100, none);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	CHECK(u_recv(c, payload, 1000, 0) == 100);
	put(RST, 101, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(with_ack_is_reset)
{
	int l = listening();
	struct seen *s;

	put(SYN | ACK, 5, 9, 65535, 0, none);
	s = next_within(WIRE_GRACE);
	CHECK(s && s->flags == RST && s->seq == 9);
	want_none(0);
	u_close(l);
}

SCRIPT(with_fin_is_dropped)
{
	int l = listening();

	put(SYN | FIN, 0, 0, 65535, 0, none);
	want_none(0);
	u_close(l);
}
