/* SPDX-License-Identifier: MIT */
/*
 * A connection in each state of RFC 9293 3.3.2, for scripts about an event
 * there. In all of them the host accepted it and has no stamps and no SACK;
 * numbers next to come:
 *
 *			script	host
 *	ESTABLISHED	1	1
 *	FIN-WAIT-1	1	2	its FIN (1) is not acknowledged
 *	FIN-WAIT-2	1	2
 *	CLOSE-WAIT	2	1
 *	CLOSING		2	2	its FIN (1) is not acknowledged
 *	LAST-ACK	2	2	its FIN (1) is not acknowledged
 *	TIME-WAIT	2	2
 *
 * The program still has its descriptor.
 */
#ifndef TESTS_PACKET_STATES_H
#define TESTS_PACKET_STATES_H

#include "tests/packet/wire.h"

struct conn {
	int l, fd;
};

__attribute__((unused)) static struct conn in_established(void)
{
	struct conn c;

	c.l = listening();
	c.fd = accepted(c.l, 65535, mss(1460));
	CHECK(state_of(c.fd) == TCP_ESTABLISHED);
	return c;
}

__attribute__((unused)) static struct conn in_fin_wait_1(void)
{
	struct conn c = in_established();

	EXPECT(u_shutdown(c.fd, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT1);
	return c;
}

__attribute__((unused)) static struct conn in_fin_wait_2(void)
{
	struct conn c = in_fin_wait_1();

	put(ACK, 1, 2, 65535, 0, none);
	CHECK(state_of(c.fd) == TCP_FIN_WAIT2);
	return c;
}

__attribute__((unused)) static struct conn in_close_wait(void)
{
	struct conn c = in_established();

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want_within(50 * SIM_MS, ACK, 1, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSE_WAIT);
	return c;
}

__attribute__((unused)) static struct conn in_closing(void)
{
	struct conn c = in_fin_wait_1();

	put(FIN | ACK, 1, 1, 65535, 0, none);
	want(ACK, 2, 2, 0);
	CHECK(state_of(c.fd) == TCP_CLOSING);
	return c;
}

__attribute__((unused)) static struct conn in_last_ack(void)
{
	struct conn c = in_close_wait();

	EXPECT(u_shutdown(c.fd, SHUT_WR), 0);
	want(FIN | ACK, 1, 2, 0);
	CHECK(state_of(c.fd) == TCP_LAST_ACK);
	return c;
}

__attribute__((unused)) static struct conn in_time_wait(void)
{
	struct conn c = in_fin_wait_2();

	put(FIN | ACK, 1, 2, 65535, 0, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	return c;
}

/* Away with it: the script's next number is @seq. */
__attribute__((unused)) static void leave(struct conn c, u32 seq)
{
	put(RST, seq, 0, 0, 0, none);
	u_close(c.fd);
	u_close(c.l);
	skip_seen();
}

#endif
