/* SPDX-License-Identifier: MIT */
/* When data is acknowledged: RFC 1122 4.2.3.2, RFC 5681 4.2. */
#include "tests/packet/wire.h"

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
