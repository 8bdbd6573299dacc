/* SPDX-License-Identifier: MIT */
/* Our SYN again: RFC 6298 2 and 5.7, RFC 1122 4.2.3.5. */
#include "tests/packet/wire.h"

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
