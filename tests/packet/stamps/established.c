/* SPDX-License-Identifier: MIT */
/* RFC 7323: time stamps on an established connection, and window scaling. */
#include "tests/packet/wire.h"

static int stamped(int l, u32 tsval)
{
	struct seen *s;
	int c;

	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0,
	    join(join(mss(1000), sackok()), ts(tsval, 0)));
	s = want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0,
	    ts(tsval + 1, get_unaligned_be32(option(s, 8) + 2)));
	c = (int)u_accept(l, SOCK_NONBLOCK);
	CHECK(c >= 0);
	return c;
}

static u32 tsval_of(const struct seen *s)
{
	const u8 *p = option(s, 8);

	return p ? get_unaligned_be32(p + 2) : 0;
}

static u32 tsecr_of(const struct seen *s)
{
	const u8 *p = option(s, 8);

	return p ? get_unaligned_be32(p + 6) : 0;
}

static void ends(int c, int l, u32 seq)
{
	put(RST, seq, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* 3.2: on every segment but a RST; the echo is of what was received. */
SCRIPT(every_segment_has_one)
{
	int l = listening(), c = stamped(l, 1000);
	struct seen *s;
	u32 val;

	CHECK(u_send(c, payload, 100, 0) == 100);
	s = want(ACK, 1, 1, 100);
	EXPECT(tsecr_of(s), 1001);
	val = tsval_of(s);
	put(ACK, 1, 101, 65535, 50, ts(1005, val));
	EXPECT(u_recv(c, payload, 100, 0), 50);
	s = want_within(SIM_SEC, ACK, 101, 51, 0);
	EXPECT(tsecr_of(s), 1005);
	CHECK(tsval_of(s) - val < 1000);
	EXPECT(info_of(c).tcpi_options & TCPI_OPT_TIMESTAMPS,
	       TCPI_OPT_TIMESTAMPS);
	/* 3.2: 12 bytes less for data. */
	EXPECT(info_of(c).tcpi_snd_mss, 988);
	ends(c, l, 51);
}

/* 4.3: of a gap the stamp of the segment before it, (C) of the rules. */
SCRIPT(out_of_order_does_not_move_the_echo)
{
	int l = listening(), c = stamped(l, 1000);
	struct seen *s;

	put(ACK, 101, 1, 65535, 100, ts(1010, 0));
	s = want(ACK, 1, 1, 0);
	EXPECT(tsecr_of(s), 1001);
	put(ACK, 1, 1, 65535, 100, ts(1005, 0));
	s = want(ACK, 1, 201, 0);
	EXPECT(tsecr_of(s), 1005);
	ends(c, l, 201);
}

/* 5.3 R1: an old stamp: dropped, acknowledged. A RST is not looked at. */
SCRIPT(paws_drops_data_but_not_resets)
{
	int l = listening(), c = stamped(l, 1000);

	put(ACK | PSH, 1, 1, 65535, 100, ts(900, 0));
	want(ACK, 1, 1, 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	EXPECT(stat(PAWSEstab), 1);
	put(RST, 1, 0, 0, 0, ts(900, 0));
	EXPECT(u_recv(c, payload, 10, 0), -ECONNRESET);
	u_close(c);
	u_close(l);
}

/* 3.2: a segment without the option, once negotiated. LINUX: is taken. */
SCRIPT(missing_stamp_is_forgiven)
{
	int l = listening(), c = stamped(l, 1000);

	put(ACK | PSH, 1, 1, 65535, 100, none);
	EXPECT(u_recv(c, payload, 200, 0), 100);
	ends(c, l, 101);
}

/* 3.2 and RFC 6298: the RTT of each ACK, also of a retransmission. */
SCRIPT(stamps_measure_what_was_sent_twice)
{
	int l = listening(), c = stamped(l, 1000);
	struct seen *s;
	u32 rtt;

	CHECK(u_send(c, payload, 500, 0) == 500);
	want(ACK, 1, 1, 500);
	s = want_within(2 * SIM_SEC, ACK, 1, 1, 500);
	rtt = info_of(c).tcpi_rtt;
	sim_sleep(80 * SIM_MS);
	put(ACK, 1, 501, 65535, 0, ts(1500, tsval_of(s)));
	CHECK(info_of(c).tcpi_rtt > rtt + 5000);
	ends(c, l, 1);
}

/* 2.3: a shift above 14 is taken as 14. */
SCRIPT(window_scale_is_14_at_most)
{
	int l = listening(), c;

	put(SYN, 0, 0, 1000, 0, join(mss(1000), wscale(200)));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 10, 0, none);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	EXPECT(info_of(c).tcpi_snd_wscale, 14);
	EXPECT(info_of(c).tcpi_snd_wnd, 10 << 14);
	ends(c, l, 1);
}
