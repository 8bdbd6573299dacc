/* SPDX-License-Identifier: MIT */
/* Active OPEN: RFC 9293 3.10.1. */
#include "tests/packet/wire.h"

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

SCRIPT(refused_connect_can_be_tried_again)
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
	want_none(1200 * SIM_MS);
}
