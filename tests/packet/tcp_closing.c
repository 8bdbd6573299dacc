/* SPDX-License-Identifier: MIT */
/*
 * Ending a connection: RFC 9293 3.6 and 3.10.4, half-close, simultaneous
 * close, TIME-WAIT and its reuse (RFC 6191, 1337), linger, orphans.
 */
#include "tests/packet/wire.h"

SCRIPT(peer_closes_first)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want_within(50 * SIM_MS, ACK, 1, 2, 0);
	CHECK(state_of(c) == TCP_CLOSE_WAIT);
	CHECK(u_recv(c, payload, 10, 0) == 0);
	/* Half-closed: we may still send. */
	CHECK(u_send(c, payload, 100, 0) == 100);
	want(ACK, 1, 2, 100);
	put(ACK, 2, 101, 65535, 0, none);
	u_close(c);
	want(FIN | ACK, 101, 2, 0);
	put(ACK, 2, 102, 65535, 0, none);
	EXPECT(time_waits(), 0);
	want_none(SIM_SEC);
	/* LAST-ACK -> CLOSED: nobody is there any more. */
	put(ACK, 2, 102, 65535, 0, none);
	want(RST, 102, 0, 0);
	u_close(l);
}

SIM_SCRIPT(we_close_first_time_wait_60_s)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1); /* the stand-in of FIN-WAIT-2 */
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	sim_sleep(59 * SIM_SEC);
	EXPECT(time_waits(), 1);
	sim_sleep(2 * SIM_SEC);
	EXPECT(time_waits(), 0);
}

SIM_SCRIPT(fin_wait_2_orphan_ends_after_60_s)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	sim_sleep(61 * SIM_SEC);
	EXPECT(time_waits(), 0);
}

SIM_SCRIPT(fin_wait_2_with_owner_waits_for_ever)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_FIN_WAIT1);
	put(ACK, 1, 2, 65535, 0, none);
	CHECK(state_of(c) == TCP_FIN_WAIT2);
	sim_sleep(1000 * SIM_SEC);
	put(ACK | PSH, 1, 2, 65535, 50, none);
	CHECK(u_recv(c, payload, 100, 0) == 50);
	skip_seen();
	put(FIN | ACK, 51, 2, 65535, 0, none);
	want(ACK, 2, 52, 0);
	EXPECT(time_waits(), 1);
	CHECK(u_recv(c, payload, 100, 0) == 0);
	u_close(c);
	u_close(l);
}

SCRIPT(fin_and_ack_in_one_segment)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	u_close(l);
}

SCRIPT(simultaneous_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 1, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c) == TCP_CLOSING);
	put(ACK, 2, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	u_close(c);
	u_close(l);
}

SCRIPT(fin_is_sent_again)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	/* LINUX: RTO of a connection that measured no RTT yet, then twice. */
	want_within(2 * SIM_SEC, FIN | ACK, 1, 1, 0);
	want_within(3 * SIM_SEC, FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	u_close(l);
}

SIM_SCRIPT(orphan_gives_up_at_last)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	u_close(l);
	sim_sleep(1200 * SIM_SEC);
	CHECK(nr_seen > 6 && nr_seen < 16);
	EXPECT(host->ipv4->tcp_orphan_count, 0);
	EXPECT(stat(TCPAbortOnTimeout), 1);
	skip_seen();
}

SIM_SCRIPT(time_wait_answers_fin_again_and_starts_over)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(l);
	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	sim_sleep(40 * SIM_SEC);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	sim_sleep(40 * SIM_SEC);
	EXPECT(time_waits(), 1);
	/* Old data: an ACK; a RST at rcv_nxt ends it (sysctl rfc1337 = 0). */
	put(ACK, 1, 2, 65535, 0, none);
	skip_seen();
	put(RST, 2, 0, 0, 0, none);
	EXPECT(time_waits(), 0);
}

SIM_SCRIPT(time_wait_rfc1337_ignores_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	host->ipv4->sysctl_tcp_rfc1337 = 1;
	u_close(l);
	u_close(c);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	EXPECT(time_waits(), 1);
	skip_seen();
}

SCRIPT(time_wait_gives_way_to_a_newer_syn)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 isn;

	u_close(c);
	put(FIN | ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	skip_seen();
	/* An old SYN is not let in ... */
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(ACK, 2, 2, 0);
	/* ... one beyond what was received is. */
	isn = host_isn;
	host_isn_known = false;
	put(SYN, 1000, 0, 65535, 0, mss(1460));
	EXPECT(time_waits(), 0);
	want(SYN | ACK, 0, 1001, 0);
	CHECK(after(host_isn, isn + 65535));
	put(RST, 1001, 0, 0, 0, none);
	u_close(l);
}

SCRIPT(unread_data_at_close_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1, 1, 65535, 100, none);
	skip_seen();
	u_close(c);
	want(RST | ACK, 1, 101, 0);
	EXPECT(stat(TCPAbortOnClose), 1);
	u_close(l);
}

SCRIPT(linger_zero_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	struct linger lg = { 1, 0 };

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&lg), sizeof(lg), 0L),
	       0);
	u_close(c);
	want(RST | ACK, 1, 1, 0);
	EXPECT(stat(TCPAbortOnData), 1);
	u_close(l);
}

SCRIPT(linger_waits_for_the_ack)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	struct linger lg = { 1, 3 };
	u64 t = sim_now(sim);

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&lg), sizeof(lg), 0L),
	       0);
	CHECK(u_send(c, payload, 100, 0) == 100);
	u_close(c);
	CHECK(sim_now(sim) - t >= 3 * SIM_SEC);
	CHECK(sim_now(sim) - t < 4 * SIM_SEC);
	put(RST | ACK, 1, 1, 0, 0, none);
	skip_seen();
	u_close(l);
}

SCRIPT(data_after_close_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK | PSH, 1, 1, 65535, 10, none);
	want(RST, 1, 0, 0);
	EXPECT(stat(TCPAbortOnData), 1);
	u_close(l);
}

SCRIPT(data_after_close_in_fin_wait_2_gives_rst)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	put(ACK | PSH, 1, 2, 65535, 10, none);
	want(RST, 2, 0, 0);
	EXPECT(time_waits(), 0);
	u_close(l);
}

SCRIPT(data_before_the_fin_arrives_late)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(FIN | ACK, 101, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(ACK | PSH, 1, 1, 65535, 100, none);
	want(ACK, 1, 102, 0);
	CHECK(state_of(c) == TCP_CLOSE_WAIT);
	CHECK(u_recv(c, payload, 1000, 0) == 100);
	CHECK(u_recv(c, payload, 1000, 0) == 0);
	u_close(c);
	want(FIN | ACK, 1, 102, 0);
	put(ACK, 102, 2, 65535, 0, none);
	u_close(l);
}

SIM_SCRIPT(linger2_shortens_fin_wait_2)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_TCP, TCP_LINGER2, 5), 0);
	u_close(c);
	put(ACK, 1, 2, 65535, 0, none);
	EXPECT(time_waits(), 1);
	sim_sleep(6 * SIM_SEC);
	EXPECT(time_waits(), 0);
	skip_seen();
	u_close(l);
}

SIM_SCRIPT(listener_close_resets_what_waits)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	u_close(l);
	want(RST | ACK, 1, 1, 0);
	EXPECT(host->ipv4->tcp_orphan_count, 0);
}

SIM_SCRIPT(connect_again_after_time_wait_of_loopback_reuse)
{
	/* tcp_tw_reuse is for loopback only by default: here it is refused. */
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, 0, 6000), 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1460), ts(10, 0)));
	skip_seen();
	u_close(fd);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, ts(20, 0));
	EXPECT(time_waits(), 1);
	skip_seen();
	sim_sleep(2 * SIM_SEC);
	fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, 0, 6000), 0);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EADDRNOTAVAIL);
	host->ipv4->sysctl_tcp_tw_reuse = 1;
	host_isn_known = false;
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	EXPECT(time_waits(), 0);
	EXPECT(stat(TWRecycled), 1);
	u_close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peer_closes_first),
		cmocka_unit_test(we_close_first_time_wait_60_s),
		cmocka_unit_test(fin_wait_2_orphan_ends_after_60_s),
		cmocka_unit_test(fin_wait_2_with_owner_waits_for_ever),
		cmocka_unit_test(fin_and_ack_in_one_segment),
		cmocka_unit_test(simultaneous_close),
		cmocka_unit_test(fin_is_sent_again),
		cmocka_unit_test(orphan_gives_up_at_last),
		cmocka_unit_test(time_wait_answers_fin_again_and_starts_over),
		cmocka_unit_test(time_wait_rfc1337_ignores_rst),
		cmocka_unit_test(time_wait_gives_way_to_a_newer_syn),
		cmocka_unit_test(unread_data_at_close_gives_rst),
		cmocka_unit_test(linger_zero_gives_rst),
		cmocka_unit_test(linger_waits_for_the_ack),
		cmocka_unit_test(data_after_close_gives_rst),
		cmocka_unit_test(data_after_close_in_fin_wait_2_gives_rst),
		cmocka_unit_test(data_before_the_fin_arrives_late),
		cmocka_unit_test(linger2_shortens_fin_wait_2),
		cmocka_unit_test(listener_close_resets_what_waits),
		cmocka_unit_test(
			connect_again_after_time_wait_of_loopback_reuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
