/* SPDX-License-Identifier: MIT */
/* close(2), close_range(2) and the last close of a socket. */
#include "harness.h"

#include <pthread.h>

#ifndef __NR_close_range
#define __NR_close_range	436
#endif

TEST(twice_ebadf)
{
	int fd = tcp_socket();

	CHECK_OK(close(fd));
	CHECK_ERRNO(close(fd), EBADF);
	CHECK_ERRNO(close(-1), EBADF);
}

TEST(calls_after_close_ebadf)
{
	int fd = tcp_socket(), v;
	socklen_t len = 4;
	char c;

	CHECK_OK(close(fd));
	CHECK_ERRNO(listen(fd, 1), EBADF);
	CHECK_ERRNO(read(fd, &c, 1), EBADF);
	CHECK_ERRNO(send(fd, &c, 1, 0), EBADF);
	CHECK_ERRNO(fcntl(fd, F_GETFL), EBADF);
	CHECK_ERRNO(ioctl(fd, FIONREAD, &v), EBADF);
	CHECK_ERRNO(getsockopt(fd, SOL_SOCKET, SO_TYPE, &v, &len), EBADF);
	CHECK_EQ(poll_now(fd, POLLIN), POLLNVAL);
}

TEST(one_copy_keeps_the_socket)
{
	int sv[2], d;

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[0]));
	CHECK_OK(close(sv[0]));
	CHECK_EQ(poll_now(sv[1], POLLIN | POLLRDHUP), 0);
	CHECK_WRITES(d, "alive");
	CHECK_READS(sv[1], "alive");
	CHECK_OK(close(d));
	CHECK_EOF(sv[1]);
}

TEST(child_exit_is_no_last_close)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		;
	join(pid);
	CHECK_WRITES(sv[0], "alive");
	CHECK_READS(sv[1], "alive");
}

TEST(killed_holder_closes)
{
	int sv[2], p[2], st;
	pid_t pid;
	char c;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		CHECK_WRITES(p[1], "x");
		pause();
	}
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(read(p[0], &c, 1)), 1);
	CHECK_EQ(poll_now(sv[1], POLLIN | POLLRDHUP), 0);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EOF(sv[1]);
	CHECK_OK(waitpid(pid, &st, 0));
}

TEST(killed_while_blocked_in_recv_closes)
{
	int sv[2], st;
	pid_t pid;
	char c;

	tcp_pair(sv);
	IN_CHILD(pid)
		read(sv[0], &c, 1);
	CHECK_OK(close(sv[0]));
	wait_asleep(pid, pid);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EOF(sv[1]);
	CHECK_OK(waitpid(pid, &st, 0));
}

TEST(killed_while_blocked_in_accept_frees_the_port)
{
	sin_t a;
	int l = tcp_listener(&a), st, fd = tcp_socket();
	pid_t pid;

	IN_CHILD(pid)
		accept(l, NULL, NULL);
	CHECK_OK(close(l));
	wait_asleep(pid, pid);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_OK(waitpid(pid, &st, 0));
	while (bind(fd, SA(&a), sizeof(a)) < 0) {
		CHECK_EQ(errno, EADDRINUSE);
		sched_yield();
	}
}

TEST(exec_of_holder_with_cloexec_closes)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		CHECK_OK(fcntl(sv[0], F_SETFD, FD_CLOEXEC));
		execl("/bin/cat", "cat", "/dev/null", NULL);
		_exit(1);
	}
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
	join(pid);
}

TEST(close_range_closes_sockets)
{
	int sv[2], lo_fd, hi;

	tcp_pair(sv);
	lo_fd = CHECK_OK(fcntl(sv[0], F_DUPFD, 800));
	hi = CHECK_OK(fcntl(sv[0], F_DUPFD, 805));
	CHECK_OK(close(sv[0]));
	if (syscall(__NR_close_range, lo_fd, hi, 0) < 0 && errno == ENOSYS)
		SKIP_HOST("no close_range");
	CHECK_ERRNO(fcntl(lo_fd, F_GETFD), EBADF);
	CHECK_ERRNO(fcntl(hi, F_GETFD), EBADF);
	CHECK_EOF(sv[1]);
}

TEST(close_range_cloexec_marks_only)
{
	int sv[2], fd;

	tcp_pair(sv);
	fd = CHECK_OK(fcntl(sv[0], F_DUPFD, 800));
	if (syscall(__NR_close_range, fd, fd, 4) < 0)
		SKIP_HOST("no close_range");
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
	CHECK_WRITES(fd, "open");
	CHECK_READS(sv[1], "open");
}

struct reader {
	int fd;
	pid_t tid;
	int ready;
	ssize_t got;
	char buf[8];
};

static void *reader(void *arg)
{
	struct reader *r = arg;

	r->tid = gettid();
	__atomic_store_n(&r->ready, 1, __ATOMIC_RELEASE);
	r->got = read(r->fd, r->buf, sizeof(r->buf));
	return NULL;
}

/* LINUX: a call in flight holds the file; the close does not wake it. */
TEST(close_in_another_thread_leaves_a_blocked_read_alone)
{
	int sv[2];
	struct reader r = { 0 };
	pthread_t t;

	tcp_pair(sv);
	r.fd = sv[0];
	CHECK(!pthread_create(&t, NULL, reader, &r));
	while (!__atomic_load_n(&r.ready, __ATOMIC_ACQUIRE))
		sched_yield();
	wait_asleep(getpid(), r.tid);
	CHECK_OK(close(sv[0]));
	CHECK_EQ(poll_now(sv[1], POLLRDHUP), 0);
	CHECK_WRITES(sv[1], "still");
	pthread_join(t, NULL);
	CHECK_EQ(r.got, 5);
	CHECK(!memcmp(r.buf, "still", 5));
	/* The reader's end was the last hold. */
	poll_until(sv[1], POLLRDHUP, POLLRDHUP);
}

TEST(many_connections_closed_in_any_order)
{
	int sv[60][2], i;
	sin_t a;
	int l = tcp_listener(&a);

	for (i = 0; i < 60; i++)
		tcp_pair_on(l, &a, sv[i]);
	for (i = 0; i < 60; i++) {
		int x = i * 37 % 60;

		CHECK_OK(close(sv[x][x & 1]));
	}
	for (i = 0; i < 60; i++)
		CHECK_EOF(sv[i][!(i & 1)]);
}

HARNESS_MAIN
