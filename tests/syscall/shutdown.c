/* SPDX-License-Identifier: MIT */
/* shutdown(2): arguments, states, both directions. Data: tcp_data.c, udp.c. */
#include "harness.h"

TEST(bad_arguments)
{
	int sv[2], p[2];

	CHECK_OK(pipe(p));
	tcp_pair(sv);
	CHECK_ERRNO(shutdown(-1, SHUT_RD), EBADF);
	CHECK_ERRNO(shutdown(p[0], SHUT_RD), ENOTSOCK);
	CHECK_ERRNO(shutdown(sv[0], 3), EINVAL);
	CHECK_ERRNO(shutdown(sv[0], -1), EINVAL);
	CHECK_ERRNO(shutdown(sv[0], 0x7fffffff), EINVAL);
	CHECK_ERRNO(shutdown(-1, 3), EBADF);
}

TEST(how_checked_before_connected)
{
	CHECK_ERRNO(shutdown(tcp_socket(), 3), EINVAL);
	CHECK_ERRNO(shutdown(udp_socket(), 99), EINVAL);
}

TEST(unconnected_enotconn)
{
	int fd = tcp_socket();
	sin_t a;

	CHECK_ERRNO(shutdown(fd, SHUT_RD), ENOTCONN);
	CHECK_ERRNO(shutdown(fd, SHUT_WR), ENOTCONN);
	CHECK_ERRNO(shutdown(fd, SHUT_RDWR), ENOTCONN);
	bind_lo(fd, &a);
	CHECK_ERRNO(shutdown(fd, SHUT_RDWR), ENOTCONN);
}

/* LINUX: ENOTCONN, yet the directions are marked. */
TEST(unconnected_is_marked_all_the_same)
{
	int fd = tcp_socket();

	CHECK_EQ(poll_now(fd, POLLIN | POLLRDHUP), POLLHUP);
	CHECK_ERRNO(shutdown(fd, SHUT_RD), ENOTCONN);
	CHECK_EQ(poll_now(fd, POLLIN | POLLRDHUP),
		 POLLIN | POLLRDHUP | POLLHUP);
}

TEST(twice_works)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_OK(shutdown(sv[0], SHUT_RDWR));
	CHECK_EOF(sv[1]);
}

TEST(rdwr_sends_fin_and_ends_reading)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RDWR));
	CHECK_EOF(sv[0]);
	CHECK_EOF(sv[1]);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(rd_does_not_tell_the_peer)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_EQ(poll_now(sv[1], POLLIN | POLLRDHUP | POLLOUT), POLLOUT);
	CHECK_WRITES(sv[1], "x");
	CHECK_EQ(tcp_state(sv[1]), TCP_ESTABLISHED);
}

TEST(wr_keeps_unsent_data_in_order)
{
	int sv[2];
	size_t n;

	tcp_pair(sv);
	n = fill_up(sv[0]);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	drain(sv[1], n);
	CHECK_EOF(sv[1]);
}

TEST(acts_on_all_copies)
{
	int sv[2], d;
	pid_t pid;

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[0]));
	IN_CHILD(pid)
		CHECK_OK(shutdown(sv[0], SHUT_WR));
	join(pid);
	CHECK_ERRNO(write(d, "x", 1), EPIPE);
	CHECK_ERRNO(write(sv[0], "x", 1), EPIPE);
	CHECK_EOF(sv[1]);
}

TEST(after_the_end_enotconn)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	while (tcp_state(sv[1]) != TCP_CLOSE)
		sched_yield();
	CHECK_ERRNO(shutdown(sv[1], SHUT_RDWR), ENOTCONN);
}

TEST(descriptor_stays_open)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RDWR));
	CHECK_OK(fcntl(sv[0], F_GETFL));
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	CHECK_OK(close(sv[0]));
	CHECK_ERRNO(close(sv[0]), EBADF);
}

TEST(while_connecting)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 0), i, fd = -1;

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	for (i = 0; i < 4; i++) {
		fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
		CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	}
	CHECK_EQ(tcp_state(fd), TCP_SYN_SENT);
	CHECK_OK(shutdown(fd, SHUT_WR));
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
}

TEST(wakes_a_blocked_reader_in_another_process)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(shutdown(sv[0], SHUT_RD));
	}
	CHECK_EOF(sv[0]);
	join(pid);
}

TEST(wakes_a_blocked_writer_in_another_process)
{
	int sv[2];
	pid_t pid, parent = getpid();
	static char junk[1 << 20];
	ssize_t n;

	tcp_pair(sv);
	fill_up(sv[0]);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(shutdown(sv[0], SHUT_WR));
	}
	do
		n = send(sv[0], junk, sizeof(junk), MSG_NOSIGNAL);
	while (n >= 0);
	CHECK_EQ(errno, EPIPE);
	join(pid);
}

HARNESS_MAIN
