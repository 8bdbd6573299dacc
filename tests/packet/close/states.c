/* SPDX-License-Identifier: MIT */
/* CLOSE in each state: RFC 9293 3.10.4. */
#include "tests/packet/states.h"

SCRIPT(syn_sent_is_forgotten)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	u_close(fd);
	want_none(0);
	put(SYN | ACK, 0, 1, 65535, 0, mss(1460));
	want(RST, 1, 0, 0);
}

SCRIPT(syn_received_sends_a_fin)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	u_close(fd);
	/* RFC 9293: once all is sent; nothing waits here. */
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	want_none(0);
	put(ACK, 1, 2, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	skip_seen();
}

SCRIPT(close_wait_makes_last_ack)
{
	struct conn c = in_close_wait();

	u_close(c.fd);
	want(FIN | ACK, 1, 2, 0);
	put(ACK, 2, 2, 65535, 0, none);
	/* Nobody is there any more. */
	put(ACK, 2, 2, 65535, 0, none);
	want(RST, 2, 0, 0);
	EXPECT(time_waits(), 0);
	u_close(c.l);
}

SCRIPT(twice_sends_one_fin)
{
	struct conn c = in_fin_wait_2();

	EXPECT(u_shutdown(c.fd, SHUT_WR), 0);
	u_close(c.fd);
	want_none(0);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	u_close(c.l);
}

SCRIPT(waits_for_what_is_to_be_sent)
{
	int l = listening(), c = accepted(l, 500, mss(500));

	EXPECT(u_send(c, payload, 600, 0), 600);
	u_close(c);
	want(ACK, 1, 1, 500);
	put(ACK, 1, 501, 500, 0, none);
	want(FIN | ACK, 501, 1, 100);
	put(ACK, 1, 602, 500, 0, none);
	put(FIN | ACK, 1, 602, 500, 0, none);
	want(ACK, 602, 2, 0);
	u_close(l);
}
