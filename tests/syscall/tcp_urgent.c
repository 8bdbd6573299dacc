/* SPDX-License-Identifier: MIT */
/* TCP urgent data: MSG_OOB, SIOCATMARK, SO_OOBINLINE, POLLPRI. */
#include "harness.h"

#include <linux/sockios.h>

TEST(oob_byte_comes_by_msg_oob)
{
	int sv[2];
	char c = 0;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_EQ(c, '!');
}

TEST(oob_is_the_last_byte_of_the_send)
{
	int sv[2];
	char b[8];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "abc", 3, MSG_OOB)), 3);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 2);
	CHECK(!memcmp(b, "ab", 2));
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, MSG_OOB)), 1);
	CHECK_EQ(b[0], 'c');
}

TEST(oob_taken_twice_einval)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_ERRNO(recv(sv[1], &c, 1, MSG_OOB), EINVAL);
	CHECK_EQ(poll_now(sv[1], POLLPRI), 0);
}

TEST(oob_without_any_einval)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_ERRNO(recv(sv[1], &c, 1, MSG_OOB), EINVAL);
	CHECK_WRITES(sv[0], "plain");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_ERRNO(recv(sv[1], &c, 1, MSG_OOB), EINVAL);
}

TEST(oob_peek_leaves_it)
{
	int sv[2];
	char c = 0;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB | MSG_PEEK)), 1);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_EQ(c, '!');
}

TEST(oob_is_not_in_the_stream)
{
	int sv[2], n = 0;
	char b[8];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "ab");
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_WRITES(sv[0], "cd");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	while (n < 4) {
		ssize_t k = CHECK_OK(recv(sv[1], b + n, 8 - n, 0));

		CHECK(k > 0);
		n += k;
	}
	CHECK(!memcmp(b, "abcd", 4));
	CHECK_EOF(sv[1]);
}

TEST(recv_stops_before_the_mark)
{
	int sv[2], at;
	char b[8];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "ab");
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_WRITES(sv[0], "cd");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	poll_until(sv[1], POLLRDHUP | POLLPRI, POLLRDHUP | POLLPRI);
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &at));
	CHECK_EQ(at, 0);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 2);
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &at));
	CHECK_EQ(at, 1);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 2);
	CHECK(!memcmp(b, "cd", 2));
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &at));
	CHECK_EQ(at, 0);
}

TEST(oobinline_keeps_it_in_the_stream)
{
	int sv[2], at;
	char b[8];

	tcp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, SO_OOBINLINE, 1);
	CHECK_WRITES(sv[0], "ab");
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	CHECK_WRITES(sv[0], "cd");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	CHECK_ERRNO(recv(sv[1], b, 1, MSG_OOB), EINVAL);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 2);
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &at));
	CHECK_EQ(at, 1);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 3);
	CHECK(!memcmp(b, "!cd", 3));
}

/* LINUX: an urgent byte next in line is dropped when another one comes. */
TEST(second_oob_drops_the_first_when_it_is_next)
{
	int sv[2];
	char c = 0;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "1", 1, MSG_OOB)), 1);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(send(sv[0], "2", 1, MSG_OOB)), 1);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_EQ(c, '2');
	CHECK_EOF(sv[1]);
}

TEST(second_oob_makes_the_first_ordinary_behind_data)
{
	int sv[2];
	char c = 0, b[8];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "a1", 2, MSG_OOB)), 2);
	CHECK_EQ(poll_for(sv[1], POLLPRI), POLLPRI);
	CHECK_EQ(CHECK_OK(send(sv[0], "2", 1, MSG_OOB)), 1);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_EQ(c, '2');
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, 0)), 2);
	CHECK(!memcmp(b, "a1", 2));
	CHECK_EOF(sv[1]);
}

TEST(oob_recv_unconnected)
{
	sin_t a;
	char c;

	CHECK_ERRNO(recv(tcp_listener(&a), &c, 1, MSG_OOB), ENOTCONN);
	CHECK_ERRNO(recv(tcp_socket(), &c, 1, MSG_OOB), EINVAL);
}

HARNESS_MAIN
