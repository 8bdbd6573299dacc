/* SPDX-License-Identifier: MIT */
/* select(2), pselect(2) on sockets. */
#include "harness.h"

#include <sys/select.h>

/* libc has it that pselect6 is select, too. */
#ifdef __i386__
#define NR_SELECT SYS__newselect
#else
#define NR_SELECT SYS_select
#endif

/* 1: readable, 2: writable, 4: exceptional; at once. */
static int sel(int fd)
{
	fd_set r, w, e;
	struct timeval tv = { 0, 0 };

	CHECK(fd < FD_SETSIZE);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(fd, &r);
	FD_SET(fd, &w);
	FD_SET(fd, &e);
	CHECK_OK(select(fd + 1, &r, &w, &e, &tv));
	return (FD_ISSET(fd, &r) ? 1 : 0) | (FD_ISSET(fd, &w) ? 2 : 0) |
	       (FD_ISSET(fd, &e) ? 4 : 0);
}

static void sel_until(int fd, int want)
{
	while (sel(fd) != want)
		sched_yield();
}

TEST(established)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(sel(sv[0]), 2);
	CHECK_WRITES(sv[0], "x");
	sel_until(sv[1], 3);
}

TEST(listener)
{
	sin_t a;
	int l = tcp_listener(&a);

	CHECK_EQ(sel(l), 0);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	sel_until(l, 1);
}

TEST(fresh_is_readable_and_writable)
{
	CHECK_EQ(sel(tcp_socket()), 3);
	CHECK_EQ(sel(udp_socket()), 2);
}

TEST(full_is_not_writable)
{
	int sv[2];

	tcp_pair(sv);
	fill_up(sv[0]);
	CHECK_EQ(sel(sv[0]), 0);
}

TEST(end_of_file_is_readable)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	sel_until(sv[1], 3);
}

TEST(reset_is_readable_and_writable)
{
	int sv[2];

	tcp_pair(sv);
	set_linger(sv[0], 1, 0);
	CHECK_OK(close(sv[0]));
	sel_until(sv[1], 3);
}

TEST(urgent_is_exceptional)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "!", 1, MSG_OOB)), 1);
	sel_until(sv[1], 6);
}

TEST(refused_connect)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EINPROGRESS);
	sel_until(fd, 3);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
}

TEST(count_is_the_number_of_bits)
{
	int sv[2];
	fd_set r, w;
	struct timeval tv = { 5, 0 };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(sv[0], &r);
	FD_SET(sv[1], &r);
	FD_SET(sv[0], &w);
	FD_SET(sv[1], &w);
	CHECK_EQ(CHECK_OK(select((sv[0] > sv[1] ? sv[0] : sv[1]) + 1, &r, &w,
				 NULL, &tv)), 3);
	CHECK(!FD_ISSET(sv[0], &r));
	CHECK_GE(tv.tv_sec, 4);		/* Linux writes the rest back */
}

TEST(blocked_select_is_woken)
{
	int sv[2];
	fd_set r;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "x");
	}
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	CHECK_EQ(CHECK_OK(select(sv[1] + 1, &r, NULL, NULL, NULL)), 1);
	join(pid);
}

TEST(timeout_passes)
{
	int sv[2];
	fd_set r;
	struct timeval tv = { 0, 50000 };
	double t = now();

	tcp_pair(sv);
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	CHECK_EQ(CHECK_OK(select(sv[1] + 1, &r, NULL, NULL, &tv)), 0);
	CHECK(!FD_ISSET(sv[1], &r));
	CHECK(now() - t >= 0.049);
}

TEST(closed_descriptor_ebadf)
{
	fd_set r;
	struct timeval tv = { 0, 0 };
	int fd = udp_socket();

	FD_ZERO(&r);
	FD_SET(fd, &r);
	CHECK_OK(close(fd));
	CHECK_ERRNO(select(fd + 1, &r, NULL, NULL, &tv), EBADF);
}

TEST(blocked_select_writes_the_rest_back)
{
	int sv[2], p[2], i, max;
	fd_set r;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	max = sv[1] > p[0] ? sv[1] : p[0];
	/* Once the socket wakes it, once the pipe. */
	for (i = 0; i < 2; i++) {
		struct timeval tv = { 9, 999999 };

		IN_CHILD(pid) {
			wait_asleep(parent, parent);
			CHECK_WRITES(i ? p[1] : sv[0], "x");
		}
		FD_ZERO(&r);
		FD_SET(sv[1], &r);
		FD_SET(p[0], &r);
		CHECK_EQ(CHECK_OK(select(max + 1, &r, NULL, NULL, &tv)), 1);
		CHECK(FD_ISSET(i ? p[0] : sv[1], &r));
		CHECK(!FD_ISSET(i ? sv[1] : p[0], &r));
		CHECK(tv.tv_sec < 10 && tv.tv_usec < 1000000);
		CHECK(tv.tv_sec < 9 || tv.tv_usec < 999999);
		CHECK_READS(i ? p[0] : sv[1], "x");
		join(pid);
	}
}

TEST(bits_above_the_number_are_left_alone)
{
	int fd = udp_socket();
	fd_set w;
	struct timeval tv = { 0, 0 };

	memset(&w, 0, sizeof(w));
	FD_SET(fd, &w);
	FD_SET(FD_SETSIZE - 1, &w);
	CHECK_EQ(CHECK_OK(select(fd + 1, NULL, &w, NULL, &tv)), 1);
	CHECK(FD_ISSET(fd, &w));
	/* Another word, unless the numbers are that high. */
	if (fd / 64 < FD_SETSIZE / 64 - 1)
		CHECK(FD_ISSET(FD_SETSIZE - 1, &w));
}

TEST(number_far_above_the_table_is_cut)
{
	int fd = udp_socket();
	fd_set *w = page_end(sizeof(*w));
	struct timeval tv = { 0, 0 };

	FD_ZERO(w);
	FD_SET(fd, w);
	/* 128 bytes, and what the program says would be far more. */
	CHECK_EQ(CHECK_OK(select(1 << 20, NULL, w, NULL, &tv)), 1);
	CHECK(FD_ISSET(fd, w));
}

TEST(bad_memory)
{
	int fd = udp_socket();
	struct timeval negative = { -1, 0 }, usec = { 0, 2000000 };
	fd_set w;

	FD_ZERO(&w);
	FD_SET(fd, &w);
	CHECK_ERRNO(select(fd + 1, BAD_PTR, NULL, NULL, NULL), EFAULT);
	CHECK_ERRNO(select(fd + 1, NULL, &w, BAD_PTR, NULL), EFAULT);
	CHECK_ERRNO(select(fd + 1, NULL, page_readonly(&w, sizeof(w)), NULL,
			   NULL), EFAULT);
	CHECK_ERRNO(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	CHECK_ERRNO(select(fd + 1, NULL, &w, NULL, &negative), EINVAL);
	CHECK_EQ(CHECK_OK(select(fd + 1, NULL, &w, NULL, &usec)), 1);
	/* That the rest of the time cannot be written is no error. */
	CHECK_RAW(RAW(NR_SELECT, fd + 1, 0, P(&w), 0,
		      P(page_readonly(&usec, sizeof(usec)))), 1);
}

static void catch(int sig)
{
	(void)sig;
}

TEST(handler_ends_select_even_with_sa_restart)
{
	struct sigaction sa = { .sa_handler = catch, .sa_flags = SA_RESTART };
	int fd = udp_socket();
	fd_set r;
	pid_t pid, parent = getpid();

	CHECK_OK(sigaction(SIGUSR1, &sa, NULL));
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(kill(parent, SIGUSR1));
	}
	FD_ZERO(&r);
	FD_SET(fd, &r);
	CHECK_ERRNO(select(fd + 1, &r, NULL, NULL, NULL), EINTR);
	CHECK(FD_ISSET(fd, &r));
	join(pid);
}

#ifdef __i386__
TEST(old_select_takes_its_arguments_from_memory)
{
	int fd = udp_socket();
	struct timeval tv = { 3, 0 };
	fd_set w;
	long arg[5] = { fd + 1, 0, P(&w), 0, P(&tv) };

	FD_ZERO(&w);
	FD_SET(fd, &w);
	CHECK_RAW(RAW(82, P(arg)), 1);
	CHECK(FD_ISSET(fd, &w));
	CHECK(tv.tv_sec <= 3);
	CHECK_RAW(RAW(82, P(page_end(16))), -EFAULT);
}
#endif

TEST(pselect_with_pipe_and_socket)
{
	int sv[2], p[2], max;
	fd_set r;
	struct timespec ts = { 5, 0 };
	sigset_t set;

	sigemptyset(&set);
	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(p[1], "x");
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	FD_ZERO(&r);
	FD_SET(sv[1], &r);
	FD_SET(p[0], &r);
	max = sv[1] > p[0] ? sv[1] : p[0];
	CHECK_EQ(CHECK_OK(pselect(max + 1, &r, NULL, NULL, &ts, &set)), 2);
}

HARNESS_MAIN
