/* SPDX-License-Identifier: MIT */
/* The accept queue: how many fit, what happens to the next, wake-ups. */
#include "harness.h"

/* Nonblocking connections until one is not established any more. */
static int fill_queue(const sin_t *a, int *fd, int max)
{
	int n;

	for (n = 0; n < max; n++) {
		struct pollfd p = { .events = POLLOUT };

		fd[n] = p.fd = CHECK_OK(socket(AF_INET, SOCK_STREAM |
					       SOCK_NONBLOCK, 0));
		CHECK_ERRNO(connect(p.fd, SA(a), sizeof(*a)), EINPROGRESS);
		if (poll(&p, 1, 200) == 0)
			break;
	}
	return n;
}

TEST(backlog_plus_one_connections_fit)
{
	int backlog, fd[16];

	for (backlog = 0; backlog < 4; backlog++) {
		sin_t a;

		tcp_listener_backlog(&a, backlog);
		CHECK_EQ(fill_queue(&a, fd, 16), backlog + 1);
	}
}

TEST(the_next_one_waits_in_syn_sent)
{
	sin_t a;
	int fd[8], n;

	tcp_listener_backlog(&a, 1);
	n = fill_queue(&a, fd, 8);
	CHECK_EQ(tcp_state(fd[n - 1]), TCP_ESTABLISHED);
	CHECK_EQ(tcp_state(fd[n]), TCP_SYN_SENT);
}

/* Its SYN is sent again after a second. */
TEST(the_next_one_gets_in_when_there_is_room)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 1), fd[8], n, i;

	n = fill_queue(&a, fd, 8);
	for (i = 0; i < n; i++)
		CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(poll_for(fd[n], POLLOUT), POLLOUT);
	CHECK_EQ(get_opt(fd[n], SOL_SOCKET, SO_ERROR), 0);
	CHECK_OK(accept(l, NULL, NULL));
}

TEST(queued_ones_can_send_before_accept)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 5), c[4], i;
	char b;

	for (i = 0; i < 4; i++) {
		c[i] = tcp_socket();
		CHECK_OK(connect(c[i], SA(&a), sizeof(a)));
		b = '0' + i;
		CHECK_EQ(CHECK_OK(write(c[i], &b, 1)), 1);
	}
	for (i = 0; i < 4; i++) {
		int s = CHECK_OK(accept(l, NULL, NULL));

		CHECK_EQ(CHECK_OK(read(s, &b, 1)), 1);
		CHECK_EQ(b, '0' + i);
	}
}

TEST(large_backlog_takes_many)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 200), i;

	for (i = 0; i < 200; i++)
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	for (i = 0; i < 200; i++)
		CHECK_OK(close(CHECK_OK(accept(l, NULL, NULL))));
	set_nonblock(l);
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
}

TEST(one_connection_wakes_one_of_many_accepting_processes)
{
	sin_t a;
	int l = tcp_listener(&a), i, p[2], n;
	pid_t pid[4];
	char b[8];

	CHECK_OK(pipe(p));
	for (i = 0; i < 4; i++)
		IN_CHILD(pid[i]) {
			CHECK_OK(accept(l, NULL, NULL));
			CHECK_WRITES(p[1], "x");
			pause();
		}
	for (i = 0; i < 4; i++)
		wait_asleep(pid[i], pid[i]);
	for (n = 1; n <= 4; n++) {
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		CHECK_EQ(CHECK_OK(read(p[0], b, 8)), 1);
		CHECK_EQ(poll_now(p[0], POLLIN), 0);
	}
}

HARNESS_MAIN
