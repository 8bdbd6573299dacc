/* SPDX-License-Identifier: MIT */
/* RFC 9293 3.8.5, RFC 6093 */
#include "tests/packet/wire.h"

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
