/* SPDX-License-Identifier: MIT */
/* dup, dup2, dup3: copies anywhere, also on 0, 1 and 2. */
#include "harness.h"

TEST(dup_is_the_same_socket)
{
	int sv[2], d;
	struct stat a, b;

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[0]));
	CHECK(d != sv[0]);
	CHECK_OK(fstat(sv[0], &a));
	CHECK_OK(fstat(d, &b));
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_WRITES(d, "by the copy");
	CHECK_READS(sv[1], "by the copy");
	set_opt(d, SOL_SOCKET, SO_KEEPALIVE, 1);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_KEEPALIVE), 1);
}

TEST(dup2_to_a_high_number)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], 900)), 900);
	CHECK_WRITES(900, "from 900");
	CHECK_READS(sv[1], "from 900");
}

TEST(dup2_on_itself)
{
	int fd = tcp_socket();

	CHECK_EQ(CHECK_OK(dup2(fd, fd)), fd);
	CHECK_ERRNO(dup3(fd, fd, 0), EINVAL);
	CHECK_ERRNO(dup2(-1, fd), EBADF);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
}

TEST(dup2_over_a_socket_closes_it)
{
	int sv[2], fd = udp_socket();

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(fd, sv[0])), sv[0]);
	CHECK_EOF(sv[1]);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
}

TEST(dup2_of_a_file_over_a_socket_closes_it)
{
	int sv[2], null = CHECK_OK(open("/dev/null", O_RDWR));

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(null, sv[0])), sv[0]);
	CHECK_EOF(sv[1]);
	CHECK_EQ(CHECK_OK(write(sv[0], "x", 1)), 1);
	CHECK_ERRNO(send(sv[0], "x", 1, 0), ENOTSOCK);
}

TEST(dup3_cloexec)
{
	int d = CHECK_OK(dup3(tcp_socket(), 901, O_CLOEXEC));

	CHECK_EQ(CHECK_OK(fcntl(d, F_GETFD)), FD_CLOEXEC);
	CHECK_ERRNO(dup3(tcp_socket(), 902, O_NONBLOCK), EINVAL);
}

TEST(dup_of_a_listener_accepts)
{
	sin_t a;
	int l = tcp_listener(&a), d = CHECK_OK(dup(l));

	CHECK_OK(close(l));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(accept(d, NULL, NULL));
}

TEST(both_copies_poll_alike)
{
	int sv[2], d;

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[1]));
	CHECK_EQ(poll_now(d, POLLIN), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(poll_now(d, POLLIN), POLLIN);
	CHECK_READS(d, "x");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(thousand_copies)
{
	int sv[2], i;

	tcp_pair(sv);
	for (i = 0; i < 1000; i++)
		CHECK_OK(close(CHECK_OK(dup(sv[0]))));
	CHECK_WRITES(sv[0], "alive");
	CHECK_READS(sv[1], "alive");
}

/* ---- low numbers: inetd's children, shells ---- */

/* A number below 512 (and free): where servers put sockets by dup2. */
#define LOW	60

TEST(low_number_read_and_write)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_OK(close(sv[0]));
	CHECK_WRITES(LOW, "out of a low number");
	CHECK_READS(sv[1], "out of a low number");
	CHECK_WRITES(sv[1], "into a low number");
	CHECK_READS(LOW, "into a low number");
}

TEST(low_number_end_of_file_both_ways)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_OK(close(sv[0]));
	CHECK_WRITES(sv[1], "last");
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	CHECK_READS(LOW, "last");
	CHECK_EOF(LOW);
	CHECK_WRITES(LOW, "answer");
	CHECK_OK(close(LOW));
	CHECK_READS(sv[1], "answer");
	CHECK_EOF(sv[1]);
}

TEST(low_number_bulk)
{
	static unsigned char b[65536];
	int sv[2];
	size_t n = 4 << 20, at = 0;
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_OK(dup2(sv[0], STDOUT_FILENO));
		CHECK_OK(close(sv[0]));
		CHECK_OK(close(sv[1]));
		while (at < n) {
			fill_pattern(b, sizeof(b), at);
			write_all(STDOUT_FILENO, b, sizeof(b));
			at += sizeof(b);
		}
	}
	CHECK_OK(close(sv[0]));
	while (at < n) {
		ssize_t k = CHECK_OK(read(sv[1], b, sizeof(b)));

		CHECK(k > 0);
		check_pattern(b, k, at);
		at += k;
	}
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(low_number_socket_calls)
{
	int sv[2];
	char b[8];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_EQ(CHECK_OK(send(LOW, "sent", 4, MSG_NOSIGNAL)), 4);
	CHECK_READS(sv[1], "sent");
	CHECK_WRITES(sv[1], "back");
	CHECK_EQ(CHECK_OK(recv(LOW, b, 8, 0)), 4);
	peer_of(LOW);
	name_of(LOW);
	CHECK_EQ(get_opt(LOW, SOL_SOCKET, SO_DOMAIN), AF_INET);
	set_opt(LOW, IPPROTO_TCP, TCP_NODELAY, 1);
	CHECK_OK(shutdown(LOW, SHUT_WR));
	CHECK_EOF(sv[1]);
}

TEST(low_number_poll)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_EQ(poll_now(LOW, POLLIN | POLLOUT), POLLOUT);
	CHECK_WRITES(sv[1], "x");
	CHECK_EQ(poll_for(LOW, POLLIN), POLLIN);
	CHECK_READS(LOW, "x");
	CHECK_EQ(poll_now(LOW, POLLIN), 0);
}

TEST(low_number_data_waiting_before_the_dup)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[1], "early");
	CHECK_EQ(poll_for(sv[0], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_OK(close(sv[0]));
	CHECK_READS(LOW, "early");
}

TEST(low_number_killed_holder_closes)
{
	int sv[2], p[2], st;
	pid_t pid;
	char c;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
		CHECK_OK(close(sv[0]));
		CHECK_WRITES(p[1], "x");
		read(LOW, &c, 1);
	}
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(read(p[0], &c, 1)), 1);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EOF(sv[1]);
	CHECK_OK(waitpid(pid, &st, 0));
}

TEST(low_number_of_a_datagram_socket_keeps_boundaries)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(dup2(sv[0], LOW)), LOW);
	CHECK_OK(close(sv[0]));
	CHECK_WRITES(LOW, "one");
	CHECK_WRITES(LOW, "two");
	CHECK_READS(sv[1], "one");
	CHECK_READS(sv[1], "two");
	CHECK_WRITES(sv[1], "three");
	CHECK_WRITES(sv[1], "four");
	CHECK_READS(LOW, "three");
	CHECK_READS(LOW, "four");
}

TEST(low_number_of_a_listener)
{
	sin_t a;
	int l = tcp_listener(&a), s;

	CHECK_EQ(CHECK_OK(dup2(l, LOW)), LOW);
	CHECK_OK(close(l));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(LOW, POLLIN), POLLIN);
	s = CHECK_OK(accept(LOW, NULL, NULL));
	name_of(s);
}

TEST(stdio_of_an_exec_is_the_connection)
{
	sin_t a;
	int l = tcp_listener(&a), c = tcp_socket(), s, i;
	pid_t pid;

	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	IN_CHILD(pid) {
		CHECK_OK(close(c));
		for (i = 0; i < 2; i++)
			CHECK_OK(dup2(s, i));
		CHECK_OK(close(s));
		execl("/bin/cat", "cat", NULL);
		_exit(1);
	}
	CHECK_OK(close(s));
	CHECK_WRITES(c, "hello, cat");
	CHECK_READS(c, "hello, cat");
	CHECK_OK(shutdown(c, SHUT_WR));
	CHECK_EOF(c);
	join(pid);
}

HARNESS_MAIN
