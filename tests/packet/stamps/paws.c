/* SPDX-License-Identifier: MIT */
/* Old stamps: RFC 7323 5. */
#include "tests/packet/wire.h"

SCRIPT(paws_old_stamp_is_dropped_and_acknowledged)
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
	put(RST, 101, 0, 0, 0, none);
	skip_seen();
	u_close(c);
	u_close(l);
}

/* After 24 days of silence the clock may have turned over. */
SIM_SCRIPT(paws_stamp_is_too_old_to_tell)
{
	int l = listening(), c;

	put(SYN, 0, 0, 65535, 0, join(mss(1460), ts(5000, 0)));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, ts(5001, 0));
	c = (int)u_accept(l, SOCK_NONBLOCK);
	put(ACK | PSH, 1, 1, 65535, 100, ts(5002, 0));
	EXPECT(u_recv(c, payload, 1000, 0), 100);
	skip_seen();
	sim_sleep(25ULL * 24 * 3600 * SIM_SEC);
	put(ACK | PSH, 101, 1, 65535, 10, ts(4000, 0));
	EXPECT(u_recv(c, payload, 1000, 0), 10);
	put(RST, 111, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}
