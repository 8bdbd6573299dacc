/* SPDX-License-Identifier: MIT */
/* The whole poll mask of a socket in each state, as tcp_poll and udp_poll. */
#include "harness.h"

#define ALL	(POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLRDNORM | \
		 POLLRDBAND | POLLWRNORM | POLLWRBAND | POLLMSG)
#define IN	(POLLIN | POLLRDNORM)
#define OUT	(POLLOUT | POLLWRNORM)

/* States change by packets: wait until the mask is there. */
#define MASK(fd, want)	poll_until(fd, ALL, want)

TEST(tcp_fresh)
{
	CHECK_EQ(poll_now(tcp_socket(), ALL), OUT | POLLHUP);
}

TEST(tcp_bound)
{
	sin_t a;
	int fd = tcp_socket();

	bind_lo(fd, &a);
	CHECK_EQ(poll_now(fd, ALL), OUT | POLLHUP);
}

TEST(tcp_listening)
{
	sin_t a;

	CHECK_EQ(poll_now(tcp_listener(&a), ALL), 0);
}

TEST(tcp_listening_with_connection)
{
	sin_t a;
	int l = tcp_listener(&a);

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	MASK(l, IN);
	CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(poll_now(l, ALL), 0);
}

TEST(tcp_syn_sent)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 0), i, fd = -1;

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	for (i = 0; i < 4; i++) {
		fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
		CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	}
	CHECK_EQ(poll_now(fd, ALL), 0);
}

TEST(tcp_refused)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	MASK(fd, IN | OUT | POLLRDHUP | POLLERR | POLLHUP);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_EQ(poll_now(fd, ALL), IN | OUT | POLLRDHUP | POLLHUP);
}

TEST(tcp_established)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(poll_now(sv[0], ALL), OUT);
	CHECK_EQ(poll_now(sv[1], ALL), OUT);
}

TEST(tcp_established_with_data)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	MASK(sv[1], IN | OUT);
	CHECK_READS(sv[1], "x");
	CHECK_EQ(poll_now(sv[1], ALL), OUT);
}

TEST(tcp_established_full)
{
	int sv[2];
	size_t n;

	tcp_pair(sv);
	n = fill_up(sv[0]);
	CHECK_EQ(poll_now(sv[0], ALL), 0);
	MASK(sv[1], IN | OUT);
	drain(sv[1], n);
	MASK(sv[0], OUT);
}

TEST(tcp_full_and_readable)
{
	int sv[2];

	tcp_pair(sv);
	fill_up(sv[0]);
	CHECK_WRITES(sv[1], "x");
	MASK(sv[0], IN);
}

TEST(tcp_urgent)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	MASK(sv[1], OUT | POLLPRI);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_OOB)), 1);
	CHECK_EQ(poll_now(sv[1], ALL), OUT);
}

TEST(tcp_urgent_behind_data)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "ab!", 3, MSG_OOB)), 3);
	MASK(sv[1], IN | OUT | POLLPRI);
}

TEST(tcp_close_wait)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	MASK(sv[1], IN | OUT | POLLRDHUP);
	CHECK_EOF(sv[1]);
	CHECK_EQ(poll_now(sv[1], ALL), IN | OUT | POLLRDHUP);
}

TEST(tcp_fin_wait)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EQ(poll_now(sv[0], ALL), OUT);
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
	CHECK_EQ(poll_now(sv[0], ALL), OUT);
	CHECK_WRITES(sv[1], "x");
	MASK(sv[0], IN | OUT);
}

TEST(tcp_own_shutdown_rd)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_EQ(poll_now(sv[0], ALL), IN | OUT | POLLRDHUP);
}

TEST(tcp_own_shutdown_both)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RDWR));
	CHECK_EQ(poll_now(sv[0], ALL), IN | OUT | POLLRDHUP | POLLHUP);
}

TEST(tcp_closed_both_ways)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	MASK(sv[0], IN | OUT | POLLRDHUP | POLLHUP);
	MASK(sv[1], IN | OUT | POLLRDHUP | POLLHUP);
}

TEST(tcp_reset)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	MASK(sv[1], IN | OUT | POLLRDHUP | POLLERR | POLLHUP);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), ECONNRESET);
	CHECK_EQ(poll_now(sv[1], ALL), IN | OUT | POLLRDHUP | POLLHUP);
}

TEST(tcp_reset_while_full)
{
	int sv[2];

	tcp_pair(sv);
	fill_up(sv[0]);
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	MASK(sv[0], IN | OUT | POLLRDHUP | POLLERR | POLLHUP);
}

TEST(tcp_write_to_closed_peer)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(close(sv[1]));
	MASK(sv[0], IN | OUT | POLLRDHUP);
	CHECK_WRITES(sv[0], "x");
	MASK(sv[0], IN | OUT | POLLRDHUP | POLLERR | POLLHUP);
}

TEST(tcp_listener_shut_down)
{
	sin_t a;
	int l = tcp_listener(&a);

	CHECK_OK(shutdown(l, SHUT_RD));
	CHECK_EQ(poll_now(l, ALL), OUT | POLLHUP);	/* as if fresh */
}

TEST(tcp_disconnected_by_unspec)
{
	int sv[2];
	sin_t u = { .sin_family = AF_UNSPEC };

	tcp_pair(sv);
	CHECK_OK(connect(sv[0], SA(&u), sizeof(u)));
	CHECK_EQ(poll_now(sv[0], ALL), OUT | POLLERR | POLLHUP);
}

TEST(only_asked_events_and_error_hangup_come)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(poll_now(sv[1], POLLRDNORM), POLLRDNORM);
	CHECK_EQ(poll_now(sv[1], POLLOUT), POLLOUT);
	CHECK_EQ(poll_now(sv[1], POLLPRI | POLLRDBAND), 0);
	CHECK_EQ(poll_now(tcp_socket(), 0), POLLHUP);
}

TEST(udp_fresh)
{
	CHECK_EQ(poll_now(udp_socket(), ALL), OUT | POLLWRBAND);
}

TEST(udp_with_datagram)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(poll_now(sv[1], ALL), OUT | POLLWRBAND);
	CHECK_WRITES(sv[0], "x");
	MASK(sv[1], IN | OUT | POLLWRBAND);
	CHECK_READS(sv[1], "x");
	CHECK_EQ(poll_now(sv[1], ALL), OUT | POLLWRBAND);
}

TEST(udp_with_empty_datagram)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "", 0, 0)), 0);
	MASK(sv[1], IN | OUT | POLLWRBAND);
}

TEST(udp_with_error)
{
	sin_t a = udp_refusing();
	int fd = udp_socket();

	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_WRITES(fd, "x");
	MASK(fd, OUT | POLLWRBAND | POLLERR);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_EQ(poll_now(fd, ALL), OUT | POLLWRBAND);
}

TEST(udp_shut_down_rd)
{
	int sv[2];

	udp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_EQ(poll_now(sv[0], ALL), IN | OUT | POLLWRBAND | POLLRDHUP);
}

TEST(udp_shut_down_both)
{
	int sv[2];

	udp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RDWR));
	CHECK_EQ(poll_now(sv[0], ALL),
		 IN | OUT | POLLWRBAND | POLLRDHUP | POLLHUP);
}

HARNESS_MAIN
