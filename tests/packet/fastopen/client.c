/* SPDX-License-Identifier: MIT */
/* RFC 7413 4.1: the client. Cookies learnt, SYNs lost, data not taken. */
#include "tests/packet/fastopen/cookie.h"

/* The client. */
static int fast_socket(void)
{
	host_isn_known = false;
	return u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static long fast_send(int fd, size_t n)
{
	struct sockaddr_in a = sin_of(PEER_ADDR, peer_port);

	return sim_call(__NR_sendto, (long)fd, U(payload), n,
			(long)MSG_FASTOPEN, U(&a), sizeof(a));
}

/* The host asks, and gets @cookie. */
static void learn_cookie(const void *cookie, u8 n)
{
	int c = fast_socket();
	const u8 *p;

	EXPECT(fast_send(c, 100), -EINPROGRESS);
	p = option(want(SYN, 0, 0, 0), 34);
	CHECK(p && p[1] == 2);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1000), fo(cookie, n)));
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(client_puts_data_in_its_syn)
{
	const u8 *p;
	int c;

	learn_cookie("kookaburra", 10);
	c = fast_socket();
	EXPECT(fast_send(c, 3000), 960);
	p = option(want(SYN, 0, 0, 960), 34);
	CHECK(p && p[1] == 12 && !memcmp(p + 2, "kookaburra", 10));
	put(SYN | ACK, 0, 961, 65535, 0, mss(1000));
	want(ACK, 961, 1, 0);
	CHECK(info_of(c).tcpi_options & TCPI_OPT_SYN_DATA);
	EXPECT(stat(TCPFastOpenActive), 1);
	EXPECT(u_send(c, payload, 10, 0), 10);
	want(ACK, 961, 1, 10);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(data_that_was_not_taken_goes_again_at_once)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(SYN | ACK, 0, 1, 65535, 0, mss(1000));
	want(ACK, 1, 1, 500);
	EXPECT(info_of(c).tcpi_fastopen_client_fail, TFO_DATA_NOT_ACKED);
	CHECK(!(info_of(c).tcpi_options & TCPI_OPT_SYN_DATA));
	EXPECT(stat(TCPFastOpenActiveFail), 1);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_lost_syn_goes_again_without_data_and_option)
{
	struct seen *s;
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	s = want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	CHECK(!option(s, 34));
	put(SYN | ACK, 0, 1, 65535, 0, mss(1000));
	want(ACK, 1, 1, 500);
	EXPECT(info_of(c).tcpi_fastopen_client_fail, TFO_SYN_RETRANSMITTED);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(part_of_the_data_may_be_taken)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(SYN | ACK, 0, 201, 65535, 0, mss(1000));
	want(ACK, 201, 1, 300);
	put(ACK, 1, 501, 65535, 0, none);
	want_none(SIM_SEC);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_synack_may_carry_data)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(SYN | ACK, 0, 101, 65535, 300, mss(1000));
	EXPECT(u_recv(c, payload, 1000, 0), 300);
	CHECK(next_within(SIM_SEC) && seen[nr_seen - 1].ack == 301);
	put(RST, 301, 0, 0, 0, none);
	u_close(c);
}

SCRIPT(a_refused_syn_with_data)
{
	int c;

	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(RST | ACK, 0, 101, 0, 0, none);
	EXPECT(u_getopt(c, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	/* The same socket may try again, once its failure was told. */
	EXPECT(fast_send(c, 100), -ECONNABORTED);
	host_isn_known = false;
	EXPECT(fast_send(c, 100), 100);
	want(SYN, 0, 0, 100);
	put(RST | ACK, 0, 101, 0, 0, none);
	u_close(c);
}

SCRIPT(an_unwanted_cookie_is_not_kept)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1000), fo("cookie", 6)));
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	c = fast_socket();
	EXPECT(fast_send(c, 100), -EINPROGRESS);
	want(SYN, 0, 0, 0);
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
}

SIM_SCRIPT(black_holes_switch_it_off_for_a_while)
{
	int c;

	sysctl("ipv4/tcp_fastopen_blackhole_timeout_sec", "3600");
	learn_cookie("cookie", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	want_within(2 * SIM_SEC, SYN, 0, 0, 0);
	EXPECT(stat(TCPFastOpenBlackhole), 1);
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
	c = fast_socket();
	EXPECT(fast_send(c, 500), -EINPROGRESS);
	CHECK(!option(want(SYN, 0, 0, 0), 34));
	put(RST | ACK, 0, 1, 0, 0, none);
	u_close(c);
	/* The cookie is an hour old then, and the host asks anew. */
	sim_sleep(3601 * SIM_SEC);
	learn_cookie("newone", 6);
	c = fast_socket();
	EXPECT(fast_send(c, 500), 500);
	want(SYN, 0, 0, 500);
	put(RST | ACK, 0, 501, 0, 0, none);
	u_close(c);
}
