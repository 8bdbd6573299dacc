/* SPDX-License-Identifier: MIT */
/*
 * SYN cookies, RFC 4987 3.6: what a listener without room for requests answers
 * with, and keeps nothing for.
 */
#include "tests/packet/wire.h"

/* A listener that answers with cookies only. */
static int cookie_listener(void)
{
	int l = u_listener(0, PORT, 8);

	EXPECT(u_nonblock(l), 0);
	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "2");
	return l;
}

static struct seen *syn_with(struct opts o)
{
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, o);
	return want(SYN | ACK, 0, 1, 0);
}

static u32 stamp_of(const struct seen *s)
{
	return option(s, 8) ? get_unaligned_be32(option(s, 8) + 2) : 0;
}

static void ends(int c, int l, struct opts o)
{
	put(RST | ACK, 1, 1, 0, 0, o);
	if (c >= 0)
		u_close(c);
	u_close(l);
	skip_seen();
}

/* What the SYN offered comes back in the time stamp. */
SCRIPT(options_come_back_in_the_stamp)
{
	int l = cookie_listener(), c;
	struct seen *s;
	u32 val;

	s = syn_with(join(join(mss(1400), wscale(5)),
			  join(sackok(), ts(500, 0))));
	EXPECT(stat(SyncookiesSent), 1);
	val = stamp_of(s);
	want_none(1500 * SIM_MS); /* nothing is kept, nothing is sent again */
	put(ACK, 1, 1, 100, 0, ts(501, val));
	EXPECT(stat(SyncookiesRecv), 1);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	/* 1400 rounded down to 1300. */
	CHECK((info_of(c).tcpi_options & 7) ==
	      (TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE));
	EXPECT(info_of(c).tcpi_snd_wscale, 5);
	EXPECT(info_of(c).tcpi_snd_mss, 1300 - 12);
	EXPECT(info_of(c).tcpi_snd_wnd, 100 << 5);
	ends(c, l, ts(502, val));
}

/* Without one there is room for an MSS only. */
SCRIPT(without_stamps_no_options)
{
	int l = cookie_listener(), c;
	struct seen *s;

	s = syn_with(join(mss(1460), join(wscale(5), sackok())));
	CHECK(option(s, 2) && !option(s, 3) && !option(s, 4) && !option(s, 8));
	put(ACK, 1, 1, 8000, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	EXPECT(info_of(c).tcpi_options & 7, 0);
	EXPECT(info_of(c).tcpi_snd_mss, 1460);
	EXPECT(info_of(c).tcpi_snd_wnd, 8000);
	ends(c, l, none);
}

/* The sizes that a cookie can tell. */
SCRIPT(mss_is_one_of_four)
{
	static const u16 offered[] = { 536, 1299, 1300, 1439, 1440, 1460, 9000,
				       0 };
	static const u16 kept[] = { 536, 536, 1300, 1300, 1440, 1460, 1460,
				    536 };
	int l = cookie_listener(), c;

	for (size_t i = 0; i < ARRAY_SIZE(offered); i++) {
		new_peer((u16)(4000 + i));
		syn_with(offered[i] ? mss(offered[i]) : none);
		put(ACK, 1, 1, 65535, 0, none);
		c = (int)u_accept(l, 0);
		CHECK(c >= 0);
		EXPECT(info_of(c).tcpi_snd_mss, kept[i]);
		put(RST | ACK, 1, 1, 0, 0, none);
		u_close(c);
	}
	u_close(l);
}

/* The third segment may be lost: the first data does as well. */
SCRIPT(data_brings_the_cookie_too)
{
	int l = cookie_listener(), c;

	syn_with(mss(1460));
	put(ACK | PSH, 1, 1, 100, 10, none);
	want(ACK, 1, 11, 0);
	c = (int)u_accept(l, 0);
	EXPECT(u_recv(c, payload, 100, 0), 10);
	put(RST | ACK, 11, 1, 0, 0, none);
	u_close(c);
	u_close(l);
	skip_seen();
}

SCRIPT(a_forged_one_is_reset)
{
	int l = cookie_listener();

	syn_with(mss(1400));
	put(ACK, 1, 4711, 100, 0, none);
	want(RST, 4711, 0, 0);
	/* Of another port. */
	peer_port++;
	put(ACK, 1, 1, 100, 0, none);
	want(RST, 1, 0, 0);
	/* Of another first number. */
	peer_port--;
	put(ACK, 1000, 1, 100, 0, none);
	want(RST, 1, 0, 0);
	EXPECT(stat(SyncookiesFailed), 3);
	EXPECT(stat(SyncookiesRecv), 0);
	EXPECT(u_accept(l, 0), -EAGAIN);
	/* The true one all the same. */
	put(ACK, 1, 1, 100, 0, none);
	EXPECT(stat(SyncookiesRecv), 1);
	ends(-1, l, none);
}

/*
 * What overtook the first bytes of the stream brings no cookie. Linux takes it
 * for the one of the next MSS class, and loses the bytes.
 */
SIM_SCRIPT(data_that_came_too_early_brings_none)
{
	int l = cookie_listener(), c;

	for (u32 lost = 1; lost <= 3; lost++) {
		new_peer((u16)(4000 + lost));
		syn_with(mss(1460));
		put(ACK | PSH, 1 + lost, 1, 100, 10, none);
		want(RST, 1, 0, 0);
		EXPECT(stat(SyncookiesFailed), lost);
		EXPECT(u_accept(l, 0), -EAGAIN);
		put(ACK | PSH, 1, 1, 100, lost, none);
		want(ACK, 1, 1 + lost, 0);
		c = (int)u_accept(l, 0);
		CHECK(c >= 0);
		put(RST | ACK, 1 + lost, 1, 0, 0, none);
		u_close(c);
	}
	u_close(l);
	skip_seen();
}

/* Nobody who has none to expect takes one. */
SCRIPT(not_taken_unless_sent_lately)
{
	int l = u_listener(0, PORT, 8);

	host_port = PORT;
	put(ACK, 1, 1, 100, 0, none);
	CHECK(next_within(WIRE_GRACE) && seen[0].flags == RST);
	EXPECT(stat(SyncookiesFailed), 0); /* not even looked at */
	ends(-1, l, none);
}

/* The queue of requests overflows: only now, and it is said so. */
SCRIPT(sent_when_requests_overflow)
{
	int l = u_listener(0, PORT, 2), n = 0;

	host_port = PORT;
	for (u16 port = 4000; port < 4008; port++) {
		new_peer(port);
		syn_with(mss(1460));
		if (stat(SyncookiesSent)) {
			n = port - 4000;
			break;
		}
	}
	EXPECT(n, 3);
	EXPECT(stat(TCPReqQFullDoCookies), 1);
	put(ACK, 1, 1, 100, 0, none);
	EXPECT(stat(SyncookiesRecv), 1);
	u_close(l);
	skip_seen();
}

/* No cookies: the SYN is dropped. */
SCRIPT(dropped_where_cookies_are_off)
{
	int l = u_listener(0, PORT, 2);

	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "0");
	for (u16 port = 4000; port < 4003; port++) {
		new_peer(port);
		syn_with(mss(1460));
	}
	new_peer(4003);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want_none(150 * SIM_MS);
	EXPECT(stat(TCPReqQFullDrop), 1);
	EXPECT(stat(ListenDrops), 1);
	u_close(l);
	skip_seen();
}

/* A cookie for which there is no room any more waits for the next try. */
SCRIPT(full_accept_queue_drops_it)
{
	int l = u_listener(0, PORT, 0), c;
	u32 isn;

	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "2");
	syn_with(mss(1460));
	isn = host_isn;
	new_peer(4001);
	syn_with(mss(1460));
	put(ACK, 1, 1, 100, 0, none);
	peer_port = 4000;
	host_isn = isn;
	put(ACK, 1, 1, 100, 0, none);
	want_none(0);
	EXPECT(stat(ListenOverflows), 1);
	c = (int)u_accept(l, 0);
	u_close(c);
	skip_seen();
	put(ACK, 1, 1, 100, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	ends(c, l, none);
}

/* Two minutes are enough for the longest round trip. */
SIM_SCRIPT(an_old_one_is_reset)
{
	int l = cookie_listener();

	syn_with(mss(1400));
	sim_sleep(200 * SIM_SEC);
	put(ACK, 1, 1, 100, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}
