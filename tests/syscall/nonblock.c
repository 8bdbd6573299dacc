/* SPDX-License-Identifier: MIT */
/* O_NONBLOCK, SOCK_NONBLOCK and MSG_DONTWAIT: every call that may wait. */
#include "harness.h"

static void both(int sv[2])
{
	tcp_pair(sv);
	set_nonblock(sv[0]);
	set_nonblock(sv[1]);
}

TEST(recv_family_eagain)
{
	int sv[2];
	char c;
	struct iovec v = { &c, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };

	both(sv);
	CHECK_ERRNO(read(sv[0], &c, 1), EAGAIN);
	CHECK_ERRNO(readv(sv[0], &v, 1), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, 0), EAGAIN);
	CHECK_ERRNO(recvfrom(sv[0], &c, 1, 0, NULL, NULL), EAGAIN);
	CHECK_ERRNO(recvmsg(sv[0], &m, 0), EAGAIN);
	CHECK_ERRNO(recvmmsg(sv[0], &mm, 1, 0, NULL), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, MSG_PEEK), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, MSG_WAITALL), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, MSG_TRUNC), EAGAIN);
}

TEST(send_family_eagain_when_full)
{
	int sv[2];
	struct iovec v = { (void *)"x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };

	both(sv);
	fill_up(sv[0]);
	CHECK_ERRNO(write(sv[0], "x", 1), EAGAIN);
	CHECK_ERRNO(writev(sv[0], &v, 1), EAGAIN);
	CHECK_ERRNO(send(sv[0], "x", 1, 0), EAGAIN);
	CHECK_ERRNO(sendto(sv[0], "x", 1, 0, NULL, 0), EAGAIN);
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EAGAIN);
	CHECK_ERRNO(sendmmsg(sv[0], &mm, 1, 0), EAGAIN);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_MORE), EAGAIN);
}

TEST(waitall_takes_what_is_there)
{
	int sv[2];
	char b[10];

	both(sv);
	CHECK_WRITES(sv[1], "abc");
	CHECK_EQ(poll_for(sv[0], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[0], b, 10, MSG_WAITALL)), 3);
}

TEST(udp_eagain)
{
	int sv[2];
	char c;

	udp_pair(sv);
	set_nonblock(sv[0]);
	CHECK_ERRNO(read(sv[0], &c, 1), EAGAIN);
	CHECK_ERRNO(recv(sv[0], &c, 1, 0), EAGAIN);
	CHECK_EQ(CHECK_OK(write(sv[0], "x", 1)), 1);
}

TEST(end_of_file_is_not_eagain)
{
	int sv[2];
	char c;

	both(sv);
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	CHECK_EQ(poll_for(sv[0], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(read(sv[0], &c, 1)), 0);
}

TEST(timeout_does_not_make_it_wait)
{
	int sv[2];
	char c;
	double t = now();

	both(sv);
	set_rcvtimeo(sv[0], 5000);
	CHECK_ERRNO(read(sv[0], &c, 1), EAGAIN);
	CHECK(now() - t < 2);
}

TEST(flag_is_of_the_file_not_of_the_socket)
{
	sin_t a;
	int l = tcp_listener(&a), s;
	double t;
	char c;

	set_nonblock(l);
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	s = CHECK_OK(accept(l, NULL, NULL));
	/* The accepted one blocks: it needs a timeout to come back. */
	set_rcvtimeo(s, 50);
	t = now();
	CHECK_ERRNO(read(s, &c, 1), EAGAIN);
	CHECK(now() - t >= 0.045);
}

TEST(set_while_another_process_is_blocked_does_not_wake_it)
{
	int sv[2], p[2];
	pid_t pid;
	char c;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_READS(sv[0], "late");
		CHECK_WRITES(p[1], "x");
	}
	wait_asleep(pid, pid);
	set_nonblock(sv[0]);
	CHECK_EQ(poll_now(p[0], POLLIN), 0);
	CHECK_WRITES(sv[1], "late");
	CHECK_EQ(CHECK_OK(read(p[0], &c, 1)), 1);
	join(pid);
}

TEST(connect_many_at_once)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 64), fd[50], i;

	for (i = 0; i < 50; i++) {
		fd[i] = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK,
					0));
		CHECK_ERRNO(connect(fd[i], SA(&a), sizeof(a)), EINPROGRESS);
	}
	for (i = 0; i < 50; i++) {
		CHECK_EQ(poll_for(fd[i], POLLOUT), POLLOUT);
		CHECK_EQ(get_opt(fd[i], SOL_SOCKET, SO_ERROR), 0);
		CHECK_OK(accept(l, NULL, NULL));
	}
}

TEST(echo_loop_by_poll)
{
	static char out[300000], in[300000];
	int sv[2];
	size_t sent = 0, got = 0, i;
	pid_t pid;

	both(sv);
	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 31 >> 3;
	IN_CHILD(pid) {
		static char b[4096];
		size_t have = 0, left = sizeof(out);

		while (left) {
			ssize_t n;

			if (!have) {
				poll_for(sv[1], POLLIN);
				n = read(sv[1], b, sizeof(b));
				if (n < 0) {
					CHECK_EQ(errno, EAGAIN);
					continue;
				}
				have = n;
			}
			poll_for(sv[1], POLLOUT);
			n = write(sv[1], b, have);
			if (n < 0) {
				CHECK_EQ(errno, EAGAIN);
				continue;
			}
			memmove(b, b + n, have - n);
			have -= n;
			left -= n;
		}
	}
	while (got < sizeof(in)) {
		struct pollfd p = { sv[0], POLLIN, 0 };
		ssize_t n;

		if (sent < sizeof(out))
			p.events |= POLLOUT;
		CHECK_OK(poll(&p, 1, -1));
		if (p.revents & POLLOUT) {
			n = write(sv[0], out + sent, sizeof(out) - sent);
			if (n > 0)
				sent += n;
		}
		if (p.revents & POLLIN) {
			n = CHECK_OK(read(sv[0], in + got, sizeof(in) - got));
			CHECK(n > 0);
			got += n;
		}
	}
	CHECK(!memcmp(in, out, sizeof(in)));
	join(pid);
}

HARNESS_MAIN
