/* SPDX-License-Identifier: MIT */
/* How TCP connections end: half-close, orderly close, reset, linger. */
#include "harness.h"

#include <linux/sockios.h>

/* ---- half-close and close ---- */

TEST(half_close_leaves_the_other_way_open)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "request");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_READS(sv[1], "request");
	CHECK_EOF(sv[1]);
	CHECK_WRITES(sv[1], "answer");
	CHECK_OK(close(sv[1]));
	CHECK_READS(sv[0], "answer");
	CHECK_EOF(sv[0]);
}

TEST(end_of_file_stays)
{
	int sv[2], i;

	tcp_pair(sv);
	CHECK_OK(close(sv[0]));
	for (i = 0; i < 3; i++)
		CHECK_EOF(sv[1]);
}

TEST(close_delivers_what_was_written)
{
	int sv[2];
	size_t n = 200000;
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		send_pattern(sv[0], n, n);
		CHECK_OK(close(sv[0]));
	}
	CHECK_OK(close(sv[0]));
	recv_pattern(sv[1], n, 5000);
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(writer_exit_delivers_what_was_written)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		CHECK_WRITES(sv[0], "last words");
	CHECK_OK(close(sv[0]));
	join(pid);
	CHECK_READS(sv[1], "last words");
	CHECK_EOF(sv[1]);
}

TEST(both_shut_down_at_once_end_clean)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	CHECK_EOF(sv[0]);
	CHECK_EOF(sv[1]);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_ERROR), 0);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), 0);
}

TEST(states_of_an_orderly_close)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK_EQ(tcp_state(sv[1]), TCP_CLOSE_WAIT);
	while (tcp_state(sv[0]) == TCP_FIN_WAIT1)
		sched_yield();
	CHECK_EQ(tcp_state(sv[0]), TCP_FIN_WAIT2);
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	CHECK_EOF(sv[0]);
	while (tcp_state(sv[1]) == TCP_LAST_ACK)
		sched_yield();
	CHECK_EQ(tcp_state(sv[1]), TCP_CLOSE);
	CHECK_EQ(tcp_state(sv[0]), TCP_CLOSE);	/* its TIME-WAIT lives apart */
}

TEST(write_to_a_closed_peer_is_reset)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	CHECK_WRITES(sv[0], "anybody?");
	CHECK(poll_for(sv[0], 0) & (POLLERR | POLLHUP));
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(write_to_a_closed_peer_leaves_epipe_as_so_error)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	CHECK_WRITES(sv[0], "anybody?");
	while (tcp_state(sv[0]) != TCP_CLOSE)
		sched_yield();
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_ERROR), EPIPE);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_ERROR), 0);
	CHECK_EOF(sv[0]);
}

TEST(write_after_own_shutdown_epipe)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_ERRNO(write(sv[0], "x", 1), EPIPE);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_ERRNO(send(sv[0], "", 0, MSG_NOSIGNAL), EPIPE);
}

TEST(read_after_own_shutdown_rd_is_end_of_file)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_EOF(sv[0]);
	CHECK_EQ(tcp_state(sv[0]), TCP_ESTABLISHED);
}

TEST(data_before_shutdown_rd_can_be_read)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[1], "kept");
	CHECK_EQ(poll_for(sv[0], POLLIN), POLLIN);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_READS(sv[0], "kept");
	CHECK_EOF(sv[0]);
}

TEST(data_after_shutdown_rd_can_be_read_too)
{
	int sv[2], n = 0;

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	CHECK_EOF(sv[0]);
	CHECK_WRITES(sv[1], "still");
	while (!n) {
		CHECK_OK(ioctl(sv[0], SIOCINQ, &n));
		sched_yield();
	}
	CHECK_READS(sv[0], "still");
	CHECK_EOF(sv[0]);
}

/* ---- resets ---- */

TEST(close_with_unread_data_resets)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "never read");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
	CHECK_EQ(tcp_state(sv[0]), TCP_CLOSE);
}

TEST(close_with_all_read_does_not_reset)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "read");
	CHECK_READS(sv[1], "read");
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
}

TEST(exit_with_unread_data_resets)
{
	int sv[2];
	pid_t pid;
	char c;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "never read");
	IN_CHILD(pid)
		CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_OK(close(sv[1]));
	join(pid);
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
}

TEST(peeked_data_counts_as_unread)
{
	int sv[2];
	char b[10];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "peek");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 10, MSG_PEEK)), 4);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], b, 1), ECONNRESET);
}

TEST(linger_zero_resets)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
}

TEST(reset_is_told_once_then_end_of_file)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
	CHECK_EOF(sv[1]);
	CHECK_ERRNO(send(sv[1], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(reset_is_told_by_so_error)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], POLLIN) & POLLERR);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), ECONNRESET);
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), 0);
	CHECK_EOF(sv[1]);
}

TEST(reset_is_told_by_send)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], POLLIN) & POLLERR);
	CHECK_ERRNO(send(sv[1], "x", 1, MSG_NOSIGNAL), ECONNRESET);
	CHECK_ERRNO(send(sv[1], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(data_before_a_reset_can_be_read)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "first");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], 0) & POLLERR);
	CHECK_READS(sv[1], "first");
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
}

TEST(reset_socket_has_no_peer)
{
	int sv[2];
	sin_t a;
	socklen_t len = sizeof(a);
	char c;

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
	CHECK_ERRNO(getpeername(sv[1], SA(&a), &len), ENOTCONN);
	CHECK_ERRNO(shutdown(sv[1], SHUT_WR), ENOTCONN);
}

TEST(linger_with_time_waits_and_delivers)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 5);
	CHECK_WRITES(sv[0], "lingering");
	CHECK_OK(close(sv[0]));
	CHECK_READS(sv[1], "lingering");
	CHECK_EOF(sv[1]);
}

TEST(linger_with_time_ends_although_nobody_reads)
{
	int sv[2];
	double t = now();

	tcp_pair(sv);
	fill_up(sv[0]);
	set_linger(sv[0], 1, 1);
	CHECK_OK(close(sv[0]));
	CHECK(now() - t >= 0.9);
}

TEST(linger_waits_at_the_last_close_only)
{
	int sv[2], other;
	pid_t pid;
	double t = now();

	tcp_pair(sv);
	fill_up(sv[0]);
	set_linger(sv[0], 1, 1);
	other = CHECK_OK(dup(sv[0]));
	pid = CHECK_OK(fork());
	if (!pid) {
		pause();
		_exit(0);
	}
	CHECK_OK(close(sv[0]));
	CHECK_OK(close(other));
	CHECK(now() - t < 0.9);
	CHECK_EQ(poll_now(sv[1], POLLRDHUP), 0);
	CHECK_OK(kill(pid, SIGKILL));
}

TEST(linger_ends_when_the_peer_has_read_all)
{
	int sv[2], p[2];
	size_t n;
	pid_t pid, parent = getpid();
	double t = now();

	tcp_pair(sv);
	n = fill_up(sv[0]);
	set_linger(sv[0], 1, 9);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_OK(close(sv[0]));
		CHECK_WRITES(p[1], "mine is closed");
		wait_asleep(parent, parent);
		drain(sv[1], n);
		CHECK_EOF(sv[1]);
	}
	CHECK_OK(close(sv[1]));
	CHECK_READS(p[0], "mine is closed");
	CHECK_OK(close(sv[0]));
	CHECK(now() - t < 8);
	join(pid);
}

static volatile int caught;

static void catch(int sig)
{
	(void)sig;
	caught = 1;
}

TEST(handler_ends_the_linger_and_the_number_is_closed)
{
	struct sigaction sa = { .sa_handler = catch, .sa_flags = SA_RESTART };
	int sv[2], p[2];
	pid_t pid, parent = getpid();
	double t = now();

	CHECK_OK(sigaction(SIGUSR1, &sa, NULL));
	tcp_pair(sv);
	fill_up(sv[0]);
	set_linger(sv[0], 1, 9);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_OK(close(sv[0]));
		CHECK_WRITES(p[1], "mine is closed");
		/* Again and again: the first may come before the close. */
		for (;;) {
			wait_asleep(parent, parent);
			CHECK_OK(kill(parent, SIGUSR1));
		}
	}
	CHECK_READS(p[0], "mine is closed");
	CHECK_OK(close(sv[0]));
	CHECK(now() - t < 8);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK(caught);
	CHECK_ERRNO(fcntl(sv[0], F_GETFD), EBADF);
}

TEST(linger_off_close_does_not_wait)
{
	int sv[2];
	double t;

	tcp_pair(sv);
	fill_up(sv[0]);
	t = now();
	CHECK_OK(close(sv[0]));
	CHECK(now() - t < 0.9);
}

TEST(second_process_keeps_the_connection_open)
{
	int sv[2], p[2];
	pid_t pid;
	char c;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_OK(close(p[1]));
		CHECK_EQ(CHECK_OK(read(p[0], &c, 1)), 0);
		CHECK_WRITES(sv[0], "from the child");
	}
	CHECK_OK(close(sv[0]));
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	CHECK_OK(close(p[1]));
	CHECK_READS(sv[1], "from the child");
	CHECK_EOF(sv[1]);
	join(pid);
}

HARNESS_MAIN
