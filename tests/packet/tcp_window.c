/* SPDX-License-Identifier: MIT */
/*
 * Flow control and when segments leave: RFC 9293 3.8.6 (windows, zero-window
 * probes, SWS), 3.7.4 (Nagle), RFC 1122 4.2.3.2 (delayed ACK), RFC 7323 2
 * (scaling), RFC 1122 4.2.3.6 (keep-alive), RFC 9293 3.8.5 (urgent).
 */
#include "tests/packet/wire.h"

SIM_SCRIPT(zero_window_probes)
{
	int l = listening(), c = accepted(l, 0, mss(1000));
	u64 t = sim_now(sim), wait = 0;
	struct seen *s;

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	for (int i = 0; i < 6; i++) {
		s = want_within(30 * SIM_SEC, ACK, 0, 1, 0);
		CHECK(!i || (s->t - t) / SIM_MS >= 2 * wait - 10);
		CHECK(!i || (s->t - t) / SIM_MS <= 2 * wait + 10);
		wait = (s->t - t) / SIM_MS;
		t = s->t;
		put(ACK, 1, 1, 0, 0, none);
	}
	EXPECT(stat(TCPWinProbe), 6);
	/* Probes go on as long as they are answered. */
	put(ACK, 1, 1, 2000, 0, none);
	want(ACK, 1, 1, 1000);
	want(ACK, 1001, 1, 1000);
	want_none(0);
	put(ACK, 1, 2001, 1000, 0, none);
	want(ACK, 2001, 1, 1000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(zero_window_without_answer_gives_up)
{
	int l = listening(), c = accepted(l, 0, mss(1000));

	CHECK(u_send(c, payload, 3000, 0) == 3000);
	sim_sleep(3000 * SIM_SEC);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	CHECK(nr_seen - next_seen >= 14 && nr_seen - next_seen <= 18);
	skip_seen();
	u_close(c);
	u_close(l);
}

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

SCRIPT(advertised_window_never_shrinks_and_closes)
{
	int l = u_listener(0, PORT, 8), c;
	u32 right = 0, seq = 1, w = 1;
	int n = 0;

	host_port = PORT;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	c = accepted(l, 65535, mss(1460));
	right = 1 + seen[nr_seen - 1].win;
	/* Fill it; nobody reads. */
	while (n++ < 200 && before(seq, right)) {
		u32 len = right - seq < 1000 ? right - seq : 1000;

		put(ACK | PSH, seq, 1, 65535, len, none);
		seq += len;
		sim_sleep(250 * SIM_MS);
		while (next_seen < nr_seen) {
			struct seen *s = &seen[next_seen++];

			CHECK(!before(s->ack + s->win, right));
			right = s->ack + s->win;
			w = s->win;
		}
	}
	EXPECT(w, 0);
	/* A byte beyond is not taken, but answered. */
	put(ACK | PSH, seq, 1, 65535, 1, none);
	want(ACK, 1, seq, 0);
	/* Reading opens it again, at once and by much. */
	CHECK(u_recv(c, payload, 65536, 0) > 4000);
	wire_settle();
	CHECK(next_within(0) && seen[nr_seen - 1].win > 2000);
	put(RST, seq, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(delayed_ack_after_40_ms_when_answers_flow)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u64 t;
	struct seen *s;

	/* Request, answer: the connection is interactive now. */
	put(ACK | PSH, 1, 1, 65535, 10, none);
	CHECK(u_recv(c, payload, 100, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	skip_seen();
	t = sim_now(sim);
	put(ACK | PSH, 11, 11, 65535, 10, none);
	s = want_within(SIM_SEC, ACK, 11, 21, 0);
	CHECK(took((s->t - t) / SIM_MS, 39, 42));
	EXPECT(stat(DelayedACKs), 1);
	put(RST, 21, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(answer_carries_the_ack)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1, 1, 65535, 10, none);
	CHECK(u_recv(c, payload, 100, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	skip_seen();
	put(ACK | PSH, 11, 11, 65535, 10, none);
	want_none(10 * SIM_MS);
	CHECK(u_recv(c, payload, 100, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 11, 21, 10);
	put(ACK, 21, 21, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 21, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(every_second_segment_is_acknowledged)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u32 acks = 0, seq = 1;

	for (int i = 0; i < 40; i++) {
		put(ACK, seq, 1, 65535, 1000, none);
		seq += 1000;
		CHECK(u_recv(c, payload, 65536, 0) == 1000);
	}
	while (next_seen < nr_seen) {
		acks++;
		next_seen++;
	}
	CHECK(acks >= 20);
	put(RST, seq, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(out_of_order_is_acknowledged_at_once_with_sack)
{
	int l = listening(), c;
	struct seen *s;

	c = accepted(l, 65535, join(mss(1000), sackok()));
	put(ACK, 1001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 1001, 2001));
	put(ACK, 3001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 3001, 4001) && sacks(s, 1, 1001, 2001));
	/* Twice: D-SACK first. */
	put(ACK, 3001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 3001, 4001) && sacks(s, 1, 3001, 4001));
	put(ACK, 2001, 1, 65535, 1000, none);
	s = want(ACK, 1, 1, 0);
	CHECK(sacks(s, 0, 1001, 4001));
	put(ACK, 1, 1, 65535, 1000, none);
	s = want(ACK, 1, 4001, 0);
	CHECK(!option(s, 5));
	CHECK(u_recv(c, payload, 65536, 0) == 4000);
	CHECK(pattern_ok(payload, 0, 4000));
	/* Old data: a D-SACK below rcv_nxt. */
	put(ACK, 1, 1, 65535, 1000, none);
	s = want(ACK, 1, 4001, 0);
	CHECK(sacks(s, 0, 1, 1001));
	put(RST, 4001, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(overlaps_are_taken_once)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(ACK, 501, 1, 65535, 1000, none);
	put(ACK, 801, 1, 65535, 1000, none);
	put(ACK, 401, 1, 65535, 200, none);
	put(ACK, 401, 1, 65535, 3000, none);
	put(ACK, 1, 1, 65535, 450, none);
	CHECK(u_recv(c, payload, 65536, 0) == 3400);
	CHECK(pattern_ok(payload, 0, 3400));
	put(RST, 3401, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}

SCRIPT(nagle_holds_the_second_small_segment)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 1, 1, 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want_none(5 * SIM_MS);
	put(ACK, 1, 11, 65535, 0, none);
	want(ACK, 11, 1, 20);
	/* Full segments go, the rest waits. */
	CHECK(u_send(c, payload, 2500, 0) == 2500);
	want(ACK, 31, 1, 1000);
	want(ACK, 1031, 1, 1000);
	want_none(5 * SIM_MS);
	/* Switching it off lets it go. */
	EXPECT(u_setopt(c, SOL_TCP, TCP_NODELAY, 1), 0);
	want(ACK, 2031, 1, 500);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 2531, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(cork_and_msg_more_fill_segments)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 1), 0);
	CHECK(u_send(c, payload, 600, 0) == 600);
	want_none(5 * SIM_MS);
	CHECK(u_send(c, payload, 600, 0) == 600);
	want(ACK, 1, 1, 1000);
	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 0), 0);
	want(ACK, 1001, 1, 200);
	put(ACK, 1, 1201, 65535, 0, none);
	CHECK(u_send(c, payload, 10, MSG_MORE) == 10);
	want_none(5 * SIM_MS);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want(ACK, 1201, 1, 20);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(corked_data_goes_after_200_ms_or_at_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	EXPECT(u_setopt(c, SOL_TCP, TCP_CORK, 1), 0);
	CHECK(u_send(c, payload, 600, 0) == 600);
	/* LINUX: the probe timer lets it go. */
	want_within(SIM_SEC * 2, ACK, 1, 1, 600);
	put(ACK, 1, 601, 65535, 0, none);
	CHECK(u_send(c, payload, 10, 0) == 10);
	want_none(5 * SIM_MS);
	u_close(c);
	want(FIN | ACK, 601, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(l);
}

SCRIPT(initial_window_of_ten)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u32 n = 0;

	CHECK(u_send(c, payload, 20000, 0) == 20000);
	wire_settle();
	while (next_seen < nr_seen) {
		n++;
		next_seen++;
	}
	EXPECT(n, 10);
	put(ACK, 1, 1001, 65535, 0, none);
	wire_settle();
	/* RFC 5681: slow start: two for one. */
	EXPECT(nr_seen - next_seen, 2);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(keepalive_asks_and_gives_up)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u64 t = sim_now(sim);
	struct seen *s;

	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPIDLE, 100), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPINTVL, 10), 0);
	EXPECT(u_setopt(c, SOL_TCP, TCP_KEEPCNT, 3), 0);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	s = want_within(200 * SIM_SEC, ACK, 0, 1, 0);
	EXPECT((s->t - t) / SIM_SEC, 100);
	put(ACK, 1, 1, 65535, 0, none);
	s = want_within(200 * SIM_SEC, ACK, 0, 1, 0);
	CHECK((s->t - t) / SIM_SEC >= 200 && (s->t - t) / SIM_SEC <= 211);
	want_within(11 * SIM_SEC, ACK, 0, 1, 0);
	want_within(11 * SIM_SEC, ACK, 0, 1, 0);
	want_within(11 * SIM_SEC, RST | ACK, 1, 1, 0);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ETIMEDOUT);
	EXPECT(stat(TCPKeepAlive), 4);
	u_close(c);
	u_close(l);
}

SCRIPT(keepalive_probe_is_answered)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));

	put(ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	sim_sleep(SIM_SEC);
	put(ACK, 0, 1, 65535, 1, none);
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(urgent_byte_goes_beside_the_stream)
{
	int l = listening(), c = accepted(l, 65535, mss(1000)), mark = -1;
	struct seen *s;
	u8 oob;

	put_urg = 3;
	put(ACK | URG | PSH, 1, 1, 65535, 5, none);
	EXPECT(sim_call(__NR_ioctl, (long)c, (long)SIOCATMARK, U(&mark), 0L, 0L,
			0L),
	       0);
	EXPECT(mark, 0);
	CHECK(u_recv(c, &oob, 1, MSG_OOB) == 1 && oob == pattern(2));
	EXPECT(u_recv(c, &oob, 1, MSG_OOB), -EINVAL);
	CHECK(u_recv(c, payload, 100, 0) == 2);
	EXPECT(sim_call(__NR_ioctl, (long)c, (long)SIOCATMARK, U(&mark), 0L, 0L,
			0L),
	       0);
	EXPECT(mark, 1);
	CHECK(u_recv(c, payload, 100, 0) == 2 && payload[0] == pattern(3));
	skip_seen();
	CHECK(u_send(c, payload, 4, MSG_OOB) == 4);
	s = want(ACK | URG, 1, 6, 4);
	EXPECT(s->urg, 4); /* points behind the urgent byte */
	put(RST, 6, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(urgent_inline)
{
	int l = listening(), c = accepted(l, 65535, mss(1000));
	u8 oob;

	EXPECT(u_setopt(c, SOL_SOCKET, SO_OOBINLINE, 1), 0);
	put_urg = 3;
	put(ACK | URG | PSH, 1, 1, 65535, 5, none);
	EXPECT(u_recv(c, &oob, 1, MSG_OOB), -EINVAL);
	CHECK(u_recv(c, payload, 100, 0) == 2);
	CHECK(u_recv(c, payload, 100, 0) == 3 && payload[0] == pattern(2));
	put(RST, 6, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(ecn_accepted_when_asked)
{
	int l = listening(), c;
	struct seen *s;

	put(SYN | ECE | CWR, 0, 0, 65535, 0, mss(1000));
	want(SYN | ACK | ECE, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	c = (int)u_accept(l, 0);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	s = want(ACK, 1, 1, 1000);
	EXPECT(s->tos & 3, 2);
	/* CE arrives: ECE on each ACK until CWR. */
	put_tos = 3;
	put(ACK | PSH, 1, 1001, 65535, 100, none);
	put_tos = 2;
	s = want_within(SIM_SEC, ACK | ECE, 1001, 101, 0);
	put(ACK | PSH | CWR, 101, 1001, 65535, 100, none);
	s = want_within(SIM_SEC, ACK, 1001, 201, 0);
	/* The peer saw CE: we reduce, and say so on the next data. */
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK, 1001, 201, 1000);
	put(ACK | ECE, 201, 2001, 65535, 0, none);
	EXPECT(info_of(c).tcpi_ca_state, TCP_CA_CWR);
	CHECK(u_send(c, payload, 1000, 0) == 1000);
	want(ACK | CWR, 2001, 201, 1000);
	put(RST, 201, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_window_probes),
		cmocka_unit_test(zero_window_without_answer_gives_up),
		cmocka_unit_test(a_small_window_takes_small_segments),
		cmocka_unit_test(scaled_window_is_obeyed),
		cmocka_unit_test(advertised_window_never_shrinks_and_closes),
		cmocka_unit_test(delayed_ack_after_40_ms_when_answers_flow),
		cmocka_unit_test(answer_carries_the_ack),
		cmocka_unit_test(every_second_segment_is_acknowledged),
		cmocka_unit_test(
			out_of_order_is_acknowledged_at_once_with_sack),
		cmocka_unit_test(overlaps_are_taken_once),
		cmocka_unit_test(nagle_holds_the_second_small_segment),
		cmocka_unit_test(cork_and_msg_more_fill_segments),
		cmocka_unit_test(corked_data_goes_after_200_ms_or_at_close),
		cmocka_unit_test(initial_window_of_ten),
		cmocka_unit_test(keepalive_asks_and_gives_up),
		cmocka_unit_test(keepalive_probe_is_answered),
		cmocka_unit_test(urgent_byte_goes_beside_the_stream),
		cmocka_unit_test(urgent_inline),
		cmocka_unit_test(ecn_accepted_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
