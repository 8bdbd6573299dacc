/* SPDX-License-Identifier: MIT */
/*
 * RFC 7413 4.2: the server. Cookies asked for, given, wrong, odd; peers that
 * spoof and reset.
 */
#include "tests/packet/fastopen/cookie.h"

static int fast_listening(int qlen)
{
	sysctl("ipv4/tcp_fastopen", "3");
	int l = listening();

	EXPECT(u_setopt(l, SOL_TCP, TCP_FASTOPEN, qlen), 0);
	EXPECT(u_nonblock(l), 0);
	return l;
}

/* Ask the host for its cookie. */
static void get_cookie(u8 *cookie)
{
	const u8 *p;

	new_peer(3999);
	put(SYN, 0, 0, 65535, 0, join(mss(1000), fo(NULL, 0)));
	p = option(want(SYN | ACK, 0, 1, 0), 34);
	CHECK(p && p[1] == 10);
	if (p)
		memcpy(cookie, p + 2, 8);
	put(RST, 1, 0, 0, 0, none);
	new_peer(PEER_PORT);
}

SCRIPT(data_of_the_syn_is_taken_with_a_cookie)
{
	int l = fast_listening(5), c;
	u8 cookie[8];

	get_cookie(cookie);
	EXPECT(stat(TCPFastOpenCookieReqd), 1);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	/* Its pattern is that of the numbers: a SYN takes one. */
	CHECK(!option(want(SYN | ACK, 0, 501, 0), 34));
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	EXPECT(state_of(c), TCP_SYN_RECV);
	CHECK(info_of(c).tcpi_options & TCPI_OPT_SYN_DATA);
	EXPECT(u_recv(c, payload, 1000, 0), 500);
	/* The answer goes before the handshake is over. */
	EXPECT(u_send(c, payload, 100, 0), 100);
	want(ACK, 1, 501, 100);
	put(ACK, 501, 101, 65535, 0, none);
	EXPECT(state_of(c), TCP_ESTABLISHED);
	EXPECT(stat(TCPFastOpenPassive), 1);
	want_none(5 * SIM_SEC);
	put(RST, 501, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(wrong_cookies_make_a_plain_handshake)
{
	int l = fast_listening(5);
	u8 cookie[16], right[8];
	const u8 *p;

	get_cookie(right);
	memcpy(cookie, right, 8);
	memset(cookie + 8, 0, 8);
	cookie[3] ^= 1;
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	p = option(want(SYN | ACK, 0, 1, 0), 34);
	/* With the right one for the next time. */
	CHECK(p && p[1] == 10 && !memcmp(p + 2, right, 8));
	EXPECT(u_accept(l, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	/* Of other lengths: too long, too short, odd, empty with data. */
	cookie[3] ^= 1;
	for (u8 n = 0; n <= 16; n += n == 4 ? 1 : n == 5 ? 1 : 2) {
		if (n == 8)
			continue;
		new_peer(5000 + n);
		put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, n)));
		want(SYN | ACK, 0, 1, 0);
		EXPECT(u_accept(l, 0), -EAGAIN);
		put(RST, 1, 0, 0, 0, none);
	}
	EXPECT(stat(TCPFastOpenPassive), 0);
	u_close(l);
}

SCRIPT(cut_options_are_no_cookie)
{
	struct opts o = { 4, { 34, 40, 1, 2 } }, one = { 4, { 1, 1, 1, 34 } };
	int l = fast_listening(5);

	put(SYN, 0, 0, 65535, 100, o);
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	new_peer(4001);
	put(SYN, 0, 0, 65535, 100, one);
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_accept(l, 0), -EAGAIN);
	u_close(l);
}

SCRIPT(experimental_option)
{
	struct opts ask = { 4, { 254, 4, 0xf9, 0x89 } }, use = { 12,
		{ 254, 12, 0xf9, 0x89 } };
	int l = fast_listening(5), c;
	const u8 *p;

	put(SYN, 0, 0, 65535, 0, join(mss(1000), ask));
	p = option(want(SYN | ACK, 0, 1, 0), 254);
	CHECK(p && p[1] == 12 && p[2] == 0xf9 && p[3] == 0x89);
	if (p)
		memcpy(use.b + 4, p + 4, 8);
	put(RST, 1, 0, 0, 0, none);
	new_peer(4001);
	put(SYN, 0, 0, 65535, 300, join(mss(1000), use));
	want(SYN | ACK, 0, 301, 0);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(RST, 301, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

LONG_SCRIPT(synack_is_sent_again_and_given_up)
{
	int l = fast_listening(5), c;
	u8 cookie[8];
	u64 t = 0;

	get_cookie(cookie);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	c = (int)u_accept(l, 0);
	EXPECT(u_send(c, payload, 100, 0), 100);
	want(ACK, 1, 501, 100);
	for (int i = 0; i < 6; i++) {
		struct seen *s = want_within(70 * SIM_SEC, SYN | ACK, 0, 501,
					     0);

		if (t)
			CHECK((s->t - t) / SIM_SEC == 1ULL << i);
		t = s->t;
	}
	/* The same SYN again is answered by the same SYN-ACK. */
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	sim_sleep(130 * SIM_SEC);
	skip_seen();
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	u_close(c);
	u_close(l);
}

LONG_SCRIPT(closing_before_the_handshake_is_over)
{
	int l = fast_listening(5), c;
	u8 cookie[8];

	get_cookie(cookie);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	c = (int)u_accept(l, 0);
	EXPECT(u_recv(c, payload, 1000, 0), 500);
	EXPECT(u_send(c, payload, 100, 0), 100);
	want(ACK, 1, 501, 100);
	u_close(c);
	want(FIN | ACK, 101, 501, 0);
	put(ACK, 501, 1, 65535, 0, none);
	put(ACK, 501, 102, 65535, 0, none);
	put(FIN | ACK, 501, 102, 65535, 0, none);
	want_within(SIM_SEC, ACK, 102, 502, 0);
	sim_sleep(61 * SIM_SEC);
	u_close(l);
}

LONG_SCRIPT(a_reset_of_a_taken_child_counts_for_a_minute)
{
	int l = fast_listening(1), c;
	u8 cookie[8];

	get_cookie(cookie);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	c = (int)u_accept(l, 0);
	put(RST, 501, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c);
	new_peer(4001);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 1, 0);
	EXPECT(stat(TCPFastOpenListenOverflow), 1);
	put(RST, 1, 0, 0, 0, none);
	sim_sleep(61 * SIM_SEC);
	new_peer(4002);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	/* Closing the listener resets what nobody took. */
	u_close(l);
	want(RST | ACK, 1, 501, 0);
}

SCRIPT(more_than_the_queue_holds_shake_hands)
{
	int l = fast_listening(2);
	u8 cookie[8];

	get_cookie(cookie);
	for (u16 i = 0; i < 4; i++) {
		new_peer(6000 + i);
		put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
		want(SYN | ACK, 0, i < 2 ? 501 : 1, 0);
	}
	EXPECT(stat(TCPFastOpenListenOverflow), 2);
	skip_seen();
	u_close(l);
}

SCRIPT(a_bad_syn_does_not_end_a_child)
{
	int l = fast_listening(5), c;
	u8 cookie[8];

	get_cookie(cookie);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	c = (int)u_accept(l, 0);
	put(SYN, 600, 0, 65535, 0, mss(1000));
	EXPECT(state_of(c), TCP_SYN_RECV);
	/* Nor does a RST outside the window. */
	put(RST, 4000000, 0, 0, 0, none);
	EXPECT(state_of(c), TCP_SYN_RECV);
	skip_seen();
	put(ACK, 501, 1, 65535, 0, none);
	EXPECT(state_of(c), TCP_ESTABLISHED);
	put(RST, 501, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* RFC 5961 3.2, before the handshake is over as well. */
SCRIPT(a_reset_in_the_window_is_challenged)
{
	int l = fast_listening(5), c;
	u8 cookie[8];

	get_cookie(cookie);
	put(SYN, 0, 0, 65535, 500, join(mss(1000), fo(cookie, 8)));
	want(SYN | ACK, 0, 501, 0);
	c = (int)u_accept(l, 0);
	/* Below it and beyond: not. */
	put(RST, 400, 0, 0, 0, none);
	put(RST, 501 + 70000, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	skip_seen();
	put(RST, 511, 0, 0, 0, none);
	want(ACK, 1, 501, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), 0);
	EXPECT(state_of(c), TCP_SYN_RECV);
	put(RST, 501, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	EXPECT(state_of(c), TCP_CLOSE);
	u_close(c);
	u_close(l);
}
