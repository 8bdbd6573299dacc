/* SPDX-License-Identifier: MIT */
/*
 * RST and SYN in synchronised states, and other segments that are not
 * acceptable: RFC 9293 3.10.7.4, RFC 5961, RFC 7323 5 (PAWS).
 */
#include "tests/packet/wire.h"

SCRIPT(rst_at_rcv_nxt_resets)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_recv(c, payload, 10, 0), -ECONNRESET);
	EXPECT(u_recv(c, payload, 10, 0), 0);
	CHECK(state_of(c) == TCP_CLOSE);
	want_none(0);
	u_close(c);
	u_close(l);
}

SCRIPT(rst_in_window_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 2, 0, 0, 0, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	/* One in half a second. */
	put(RST, 500, 0, 0, 0, none);
	want_none(0);
	EXPECT(stat(TCPACKSkippedChallenge), 1);
	sim_sleep(600 * SIM_MS);
	put(RST, 500, 0, 0, 0, none);
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(rst_outside_the_window_is_ignored)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(RST, 0x7000000, 0, 0, 0, none);
	put(RST, (u32)-5, 0, 0, 0, none);
	want_none(0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(syn_is_challenged_wherever_it_is)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(SYN, 1, 0, 65535, 0, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPSYNChallenge), 1);
	sim_sleep(600 * SIM_MS);
	put(SYN, 0x7000000, 0, 65535, 0, none);
	want(ACK, 1, 1, 0);
	sim_sleep(600 * SIM_MS);
	put(SYN | ACK, 0, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(rst_in_each_closing_state)
{
	int l = listening(), c;

	/* CLOSE-WAIT: EPIPE for the writer. */
	c = accepted(l, 65535, mss(1460));
	put(FIN | ACK, 1, 1, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	CHECK(state_of(c) == TCP_CLOSE);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), EPIPE);
	u_close(c);
	/* FIN-WAIT-1 */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c);
	/* FIN-WAIT-2 */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(ACK, 1, 2, 65535, 0, none);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNRESET);
	u_close(c);
	/* CLOSING */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	put(FIN | ACK, 1, 1, 65535, 0, none);
	put(RST, 2, 0, 0, 0, none);
	CHECK(state_of(c) == TCP_CLOSE);
	u_close(c);
	/* LAST-ACK, orphaned */
	peer_port++;
	skip_seen();
	c = accepted(l, 65535, mss(1460));
	put(FIN | ACK, 1, 1, 65535, 0, none);
	u_close(c);
	put(RST, 2, 0, 0, 0, none);
	EXPECT(host->ipv4->tcp_orphan_count, 0);
	skip_seen();
	want_none(10 * SIM_SEC);
	EXPECT(time_waits(), 0);
	u_close(l);
}

SCRIPT(no_ack_bit_is_dropped)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(PSH, 1, 0, 65535, 100, none);
	put(0, 1, 0, 65535, 100, none);
	put(FIN, 1, 0, 65535, 0, none);
	want_none(SIM_SEC);
	CHECK(state_of(c) == TCP_ESTABLISHED);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* RFC 9293 3.10.7.4 fifth: "send an ACK, drop the segment". */
SCRIPT(ack_of_the_future_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1, 500, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(ack_far_in_the_past_is_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	/* RFC 5961 5.2: farther back than any window was. */
	put(ACK | PSH, 1, (u32)-200000, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(stat(TCPChallengeACK), 1);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(data_outside_the_window_is_acknowledged_only)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | PSH, 1000000, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	put(ACK | PSH, (u32)-200, 1, 65535, 100, none);
	want(ACK, 1, 1, 0);
	EXPECT(u_nonblock(c), 0);
	EXPECT(u_recv(c, payload, 10, 0), -EAGAIN);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(paws_old_stamp_is_dropped_and_acknowledged)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, join(mss(1460), ts(5000, 0)));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, ts(5001, 0));
	c = (int)u_accept(l, SOCK_NONBLOCK);
	put(ACK | PSH, 1, 1, 65535, 100, ts(4000, 0));
	want(ACK, 1, 1, 0);
	EXPECT(stat(PAWSEstab), 1);
	EXPECT(u_recv(c, payload, 1000, 0), -EAGAIN);
	put(ACK | PSH, 1, 1, 65535, 100, ts(5002, 0));
	EXPECT(u_recv(c, payload, 1000, 0), 100);
	/* After 24 days of silence the clock may have turned over. */
	skip_seen();
	sim_sleep(25ULL * 24 * 3600 * SIM_SEC);
	put(ACK | PSH, 101, 1, 65535, 10, ts(4000, 0));
	EXPECT(u_recv(c, payload, 1000, 0), 10);
	put(RST, 111, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(refused_connect_can_be_tried_again)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 1, 0, 0, none);
	EXPECT(u_getopt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -ECONNABORTED);
	host_isn_known = false;
	EXPECT(u_connect(fd, PEER_ADDR, PEER_PORT), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	u_close(fd);
	want_none(100 * SIM_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rst_at_rcv_nxt_resets),
		cmocka_unit_test(rst_in_window_is_challenged),
		cmocka_unit_test(rst_outside_the_window_is_ignored),
		cmocka_unit_test(syn_is_challenged_wherever_it_is),
		cmocka_unit_test(rst_in_each_closing_state),
		cmocka_unit_test(no_ack_bit_is_dropped),
		cmocka_unit_test(ack_of_the_future_is_challenged),
		cmocka_unit_test(ack_far_in_the_past_is_challenged),
		cmocka_unit_test(data_outside_the_window_is_acknowledged_only),
		cmocka_unit_test(paws_old_stamp_is_dropped_and_acknowledged),
		cmocka_unit_test(refused_connect_can_be_tried_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
