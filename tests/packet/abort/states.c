/* SPDX-License-Identifier: MIT */
/* ABORT in each state: RFC 9293 3.10.5. */
#include "tests/packet/states.h"

static void abort_it(int fd)
{
	struct linger lg = { 1, 0 };

	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
			(long)SO_LINGER, U(&lg), sizeof(lg), 0L),
	       0);
	u_close(fd);
}

SCRIPT(syn_sent_says_nothing)
{
	int fd = connecting();

	want(SYN, 0, 0, 0);
	abort_it(fd);
	want_none(0);
}

SCRIPT(fin_wait_1_resets)
{
	struct conn c = in_fin_wait_1();

	abort_it(c.fd);
	want(RST | ACK, 2, 1, 0);
	u_close(c.l);
}

SCRIPT(fin_wait_2_resets)
{
	struct conn c = in_fin_wait_2();

	abort_it(c.fd);
	want(RST | ACK, 2, 1, 0);
	EXPECT(time_waits(), 0);
	u_close(c.l);
}

SCRIPT(close_wait_resets)
{
	struct conn c = in_close_wait();

	abort_it(c.fd);
	want(RST | ACK, 1, 2, 0);
	u_close(c.l);
}

SCRIPT(closing_and_last_ack_just_end)
{
	struct conn c = in_closing();

	abort_it(c.fd);
	want_none(0);
	u_close(c.l);
	new_peer(4001);
	c = in_last_ack();
	abort_it(c.fd);
	want_none(0);
	EXPECT(time_waits(), 0);
	u_close(c.l);
}
