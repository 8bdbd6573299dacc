/* SPDX-License-Identifier: MIT */
/*
 * Opening a connection: RFC 9293 3.5 and 3.10.7.1 to 3.10.7.4, RFC 7323 2 and
 * 3, RFC 2018 2, RFC 6298 5.7 and the limits of the SYN and accept queues.
 */
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

SCRIPT(active_open_offers_everything)
{
	int fd = connecting();
	struct seen *s = want(SYN, 0, 0, 0);

	CHECK(option(s, 2) && get_unaligned_be16(option(s, 2) + 2) == 1460);
	CHECK(option(s, 3) && option(s, 3)[2] == 7);
	CHECK(option(s, 4) && option(s, 8));
	put(SYN | ACK, 0, 1, 65535, 0, mss(1000));
	want(ACK, 1, 1, 0);
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	CHECK(info_of(fd).tcpi_snd_mss == 1000);
	CHECK(info_of(fd).tcpi_options == 0);
	put(RST | ACK, 1, 1, 0, 0, none);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(fd);
}

SIM_SCRIPT(syn_again_after_1_2_3_4_5_7_11_seconds)
{
	static const u64 when[] = { 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 };
	u64 t0 = sim_now(sim);
	int fd = connecting();
	struct seen *s;

	want(SYN, 0, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(when); i++) {
		s = want_within(40 * SIM_SEC, SYN, 0, 0, 0);
		EXPECT((s->t - t0 + SIM_SEC / 10) / SIM_SEC, when[i]);
	}
	want_none(63 * SIM_SEC);
	sim_sleep(2 * SIM_SEC);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	u_close(fd);
}

SIM_SCRIPT(syncnt_bounds_the_syns)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	EXPECT(u_setopt(fd, SOL_TCP, TCP_SYNCNT, 1), 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	for (int i = 0; i < 6; i++)
		want_within(5 * SIM_SEC, SYN, 0, 0, 0);
	want_none(60 * SIM_SEC);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	u_close(fd);
}

SCRIPT(syn_sent_rst_with_good_ack_refuses)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 1, 0, 0, none);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK(state_of(fd) == TCP_CLOSE);
	u_close(fd);
}

SCRIPT(syn_sent_rst_bad_ack_ignored)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 2, 0, 0, none);
	put(RST | ACK, 0, 0, 0, 0, none);
	put(RST, 0, 0, 0, 0, none);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	put(SYN | ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(fd);
}

SCRIPT(syn_sent_bad_ack_gives_rst)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(ACK, 0, 7, 0, 0, none);
	want(RST, 7, 0, 0);
	put(SYN | ACK, 0, 7, 0, 0, none);
	want(RST, 7, 0, 0);
	CHECK(state_of(fd) == TCP_SYN_SENT);
	u_close(fd);
}

SCRIPT(simultaneous_open)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	CHECK(state_of(fd) == TCP_SYN_RECV);
	want(SYN | ACK, 0, 1, 0);
	put(SYN | ACK, 0, 1, 65535, 0, mss(1460));
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	skip_seen();
	CHECK(u_send(fd, payload, 10, 0) == 10);
	want(ACK, 1, 1, 10);
	put(ACK, 1, 11, 65535, 100, none);
	CHECK(u_recv(fd, payload, 1000, 0) == 100);
	put(RST | ACK, 101, 11, 0, 0, none);
	u_close(fd);
}

SCRIPT(simultaneous_open_lost_synack_again)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	want_within(2 * SIM_SEC, SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(state_of(fd) == TCP_ESTABLISHED);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(fd);
}

SCRIPT(listen_ignores_rst_resets_ack)
{
	int l = listening();

	put(RST, 5, 0, 0, 0, none);
	want_none(0);
	put(ACK, 5, 9, 0, 0, none);
	CHECK(next_within(0) && seen[0].flags == RST);
	put(FIN, 5, 0, 0, 0, none);
	put(SYN | FIN, 5, 0, 0, 0, none);
	put(0, 5, 0, 0, 0, none);
	want_none(SIM_SEC);
	u_close(l);
}

SCRIPT(closed_port_resets)
{
	host_port = 77;
	put(SYN, 0, 0, 65535, 0, none);
	CHECK(next_within(0) && seen[0].flags == (RST | ACK) &&
	      seen[0].ack == 1);
	put(ACK, 5, 9, 0, 10, none);
	CHECK(next_within(0) && seen[1].flags == RST);
	put(RST, 5, 0, 0, 0, none);
	put(RST | ACK, 5, 3, 0, 0, none);
	want_none(0);
}

SIM_SCRIPT(synack_again_until_given_up)
{
	int l = listening();
	u64 t0 = sim_now(sim);
	struct seen *s;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	for (u64 i = 0, at = 1; i < 5; i++, at = 2 * at + 1) {
		s = want_within(40 * SIM_SEC, SYN | ACK, 0, 1, 0);
		EXPECT((s->t - t0 + SIM_SEC / 10) / SIM_SEC, at);
	}
	want_none(100 * SIM_SEC);
	/* Forgotten: its ACK is nobody's. */
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}

SCRIPT(syn_again_is_answered_again)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(RST | ACK, 1, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(syn_received_bad_ack_gives_rst_and_stays)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 9, 65535, 0, none);
	want(RST, 9, 0, 0);
	put(ACK, 1, 1, 65535, 0, none);
	CHECK(u_accept(l, SOCK_NONBLOCK) >= 0);
	u_close(l);
}

SCRIPT(syn_received_rst_ends_it)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(stat(EmbryonicRsts), 1);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}

SCRIPT(data_with_the_third_segment)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK | PSH, 1, 1, 65535, 100, none);
	c = (int)u_accept(l, 0);
	CHECK(u_recv(c, payload, 1000, 0) == 100);
	CHECK(pattern_ok(payload, 0, 100));
	put(RST | ACK, 101, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(defer_accept_waits_for_data)
{
	int l = u_listener(0, PORT, 8), c;

	host_port = PORT;
	EXPECT(u_setopt(l, SOL_TCP, TCP_DEFER_ACCEPT, 5), 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(u_nonblock(l), 0);
	EXPECT(u_accept(l, 0), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 7, none);
	c = (int)u_accept(l, 0);
	CHECK(u_recv(c, payload, 1000, 0) == 7);
	put(RST | ACK, 8, 1, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* LINUX: a full accept queue: the third segment is dropped. */
SIM_SCRIPT(accept_queue_overflow_drops_the_third_segment)
{
	int l = u_listener(0, PORT, 0), c;
	struct seen *s;

	host_port = PORT;
	host->ipv4->sysctl_tcp_syncookies = 0;
	EXPECT(u_listen(l, 1), 0);
	for (peer_port = 4000; peer_port < 4002; peer_port++) {
		host_isn_known = false;
		put(SYN, 0, 0, 65535, 0, mss(1460));
		want(SYN | ACK, 0, 1, 0);
		put(ACK, 1, 1, 65535, 0, none);
	}
	/* backlog 1 holds two; a third SYN is not answered at all. */
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want_none(100 * SIM_MS);
	EXPECT(stat(ListenOverflows), 1);
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	s = want(SYN | ACK, 0, 1, 0);
	(void)s;
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(abort_on_overflow_resets)
{
	int l = u_listener(0, PORT, 0);

	host_port = PORT;
	host->ipv4->sysctl_tcp_abort_on_overflow = 1;
	EXPECT(u_listen(l, 1), 0);
	/* Two requests while there is room, both completed: one too many. */
	peer_port = 4000;
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	peer_port = 4001;
	host_isn_known = false;
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	u32 isn1 = host_isn;

	EXPECT(u_listen(l, 0), 0);
	host_isn = isn1;
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	u_close(l);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passive_open_answers_options),
		cmocka_unit_test(passive_open_offers_only_what_was_offered),
		cmocka_unit_test(active_open_offers_everything),
		cmocka_unit_test(syn_again_after_1_2_3_4_5_7_11_seconds),
		cmocka_unit_test(syncnt_bounds_the_syns),
		cmocka_unit_test(syn_sent_rst_with_good_ack_refuses),
		cmocka_unit_test(syn_sent_rst_bad_ack_ignored),
		cmocka_unit_test(syn_sent_bad_ack_gives_rst),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(simultaneous_open_lost_synack_again),
		cmocka_unit_test(listen_ignores_rst_resets_ack),
		cmocka_unit_test(closed_port_resets),
		cmocka_unit_test(synack_again_until_given_up),
		cmocka_unit_test(syn_again_is_answered_again),
		cmocka_unit_test(syn_received_bad_ack_gives_rst_and_stays),
		cmocka_unit_test(syn_received_rst_ends_it),
		cmocka_unit_test(data_with_the_third_segment),
		cmocka_unit_test(defer_accept_waits_for_data),
		cmocka_unit_test(accept_queue_overflow_drops_the_third_segment),
		cmocka_unit_test(abort_on_overflow_resets),
		cmocka_unit_test(syn_cookie_when_the_queue_is_full),
		cmocka_unit_test(syn_cookie_forged_or_old_is_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
