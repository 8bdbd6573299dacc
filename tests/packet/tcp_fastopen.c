/* SPDX-License-Identifier: MIT */
/*
 * Fast Open told segment by segment: RFC 7413. Both sides; cookies that are
 * asked for, given, wrong, of odd length; SYNs that are lost or taken without
 * their data; peers that spoof and reset.
 */
#include "tests/packet/wire.h"

/* Options: a cookie of @n bytes; @n 0 asks for one. */
static struct opts fo(const void *cookie, u8 n)
{
	struct opts o = { (u8)(2 + n), { 34, (u8)(2 + n) } };

	if (n)
		memcpy(o.b + 2, cookie, n);
	while (o.len & 3)
		o.b[o.len++] = 1;
	return o;
}

static int fast_listening(int qlen)
{
	host->ipv4->sysctl_tcp_fastopen = 3;
	int l = listening();

	EXPECT(u_setopt(l, SOL_TCP, TCP_FASTOPEN, qlen), 0);
	EXPECT(u_nonblock(l), 0);
	return l;
}

static void new_peer(u16 port)
{
	peer_port = port;
	host_isn_known = false;
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

SCRIPT(synack_is_sent_again_and_given_up)
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

SCRIPT(closing_before_the_handshake_is_over)
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

SCRIPT(a_reset_of_a_taken_child_counts_for_a_minute)
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

/* The client. */
static int fast_socket(void)
{
	host_isn_known = false;
	return u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static long fast_send(int fd, size_t n)
{
	struct sockaddr_in a = sin_of(PEER_ADDR, peer_port);

	return sim_call(__NR_sendto, (long)fd, U(payload), n,
			(long)MSG_FASTOPEN, U(&a), sizeof(a));
}

/* The host asks, and gets @cookie. */
static void learn_cookie(const void *cookie, u8 n)
{
	int c = fast_socket();
	const u8 *p;

	EXPECT(fast_send(c, 100), -EINPROGRESS);
	p = option(want(SYN, 0, 0, 0), 34);
	CHECK(p && p[1] == 2);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1000), fo(cookie, n)));
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(client_puts_data_in_its_syn)
{
	const u8 *p;
	int c;

	learn_cookie("kookaburra", 10);
	c = fast_socket();
	EXPECT(fast_send(c, 3000), 960);
	p = option(want(SYN, 0, 0, 960), 34);
	CHECK(p && p[1] == 12 && !memcmp(p + 2, "kookaburra", 10));
	put(SYN | ACK, 0, 961, 65535, 0, mss(1000));
	want(ACK, 961, 1, 0);
	CHECK(info_of(c).tcpi_options & TCPI_OPT_SYN_DATA);
	EXPECT(stat(TCPFastOpenActive), 1);
	EXPECT(u_send(c, payload, 10, 0), 10);
	want(ACK, 961, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(data_that_was_not_taken_goes_again_at_once)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(SYN | ACK, 0, 1, 65535, 0, mss(1000));
	want(ACK, 1, 1, 500);
	EXPECT(info_of(c).tcpi_fastopen_client_fail, TFO_DATA_NOT_ACKED);
	CHECK(!(info_of(c).tcpi_options & TCPI_OPT_SYN_DATA));
	EXPECT(stat(TCPFastOpenActiveFail), 1);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_lost_syn_goes_again_without_data_and_option)
{
	struct seen *s;
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	s = want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	CHECK(!option(s, 34));
	put(SYN | ACK, 0, 1, 65535, 0, mss(1000));
	want(ACK, 1, 1, 500);
	EXPECT(info_of(c).tcpi_fastopen_client_fail, TFO_SYN_RETRANSMITTED);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(part_of_the_data_may_be_taken)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(SYN | ACK, 0, 201, 65535, 0, mss(1000));
	want(ACK, 201, 1, 300);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_synack_may_carry_data)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(SYN | ACK, 0, 101, 65535, 300, mss(1000));
	EXPECT(u_recv(c, payload, 1000, 0), 300);
	CHECK(next_within(SIM_SEC) && seen[nr_seen - 1].ack == 301);
	put(RST, 301, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_refused_syn_with_data)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(RST | ACK, 0, 101, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	/* The same socket may try again, once its failure was told. */
	EXPECT(fast_send(c, 100), -ECONNABORTED);
	host_isn_known = false;
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(RST | ACK, 0, 101, 0, 0, none);
	u_close(c);
}

SCRIPT(an_unwanted_cookie_is_not_kept)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1000), fo("cookie", 6)));
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	c = fast_socket();
	EXPECT(fast_send(c, 100), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
}

SCRIPT(black_holes_switch_it_off_for_a_while)
{
	int c;

	host->ipv4->sysctl_tcp_fastopen_blackhole_timeout = 3600;
	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	EXPECT(stat(TCPFastOpenBlackhole), 1);
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
	c = fast_socket();
	EXPECT(fast_send(c, 500), -EINPROGRESS);
	CHECK(!option(want(SYN, 0, 0, 0), 34));
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
	/* The cookie is an hour old then, and the host asks anew. */
	sim_sleep(3601 * SIM_SEC);
	learn_cookie("newone", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(RST | ACK, 0, 501, 0, 0, none);
	u_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_of_the_syn_is_taken_with_a_cookie),
		cmocka_unit_test(wrong_cookies_make_a_plain_handshake),
		cmocka_unit_test(cut_options_are_no_cookie),
		cmocka_unit_test(experimental_option),
		cmocka_unit_test(synack_is_sent_again_and_given_up),
		cmocka_unit_test(closing_before_the_handshake_is_over),
		cmocka_unit_test(a_reset_of_a_taken_child_counts_for_a_minute),
		cmocka_unit_test(more_than_the_queue_holds_shake_hands),
		cmocka_unit_test(a_bad_syn_does_not_end_a_child),
		cmocka_unit_test(client_puts_data_in_its_syn),
		cmocka_unit_test(data_that_was_not_taken_goes_again_at_once),
		cmocka_unit_test(a_lost_syn_goes_again_without_data_and_option),
		cmocka_unit_test(part_of_the_data_may_be_taken),
		cmocka_unit_test(a_synack_may_carry_data),
		cmocka_unit_test(a_refused_syn_with_data),
		cmocka_unit_test(an_unwanted_cookie_is_not_kept),
		cmocka_unit_test(black_holes_switch_it_off_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
