/* SPDX-License-Identifier: MIT */
/*
 * Signals at any instant: what cannot sleep is not interrupted, and a handler
 * that another one interrupts as it returns still returns. A wrong end of
 * either is rare, so three timers fire, out of step, faster than calls end.
 */
#include "harness.h"

#include <sys/ioctl.h>
#include <sys/param.h>
#include <time.h>

static volatile sig_atomic_t count;
static volatile int handler_fd = -1; /* which the handler makes a call on */

static void on_signal(int sig)
{
	sin_t a;
	socklen_t len = sizeof(a);
	int e = errno;

	(void)sig;
	count++;
	if (handler_fd >= 0)
		getpeername(handler_fd, SA(&a), &len);
	errno = e;
}

static void storm(int flags, long ns)
{
	static const int sig[3] = { SIGALRM, SIGUSR1, SIGUSR2 };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	for (int i = 0; i < 3; i++) {
		struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL,
				       .sigev_signo = sig[i] };
		struct timespec every = { .tv_nsec = ns + ns / 8 * i };
		struct itimerspec it = { every, every };
		timer_t timer;

		CHECK_OK(sigaction(sig[i], &sa, NULL));
		CHECK_OK(timer_create(CLOCK_MONOTONIC, &ev, &timer));
		CHECK_OK(timer_settime(timer, 0, &it, NULL));
	}
}

static void handlers_return(int flags)
{
	volatile unsigned long sum = 0;

	storm(flags, 300000);
	while (count < 5000)
		for (int i = 0; i < 1000; i++)
			sum += i;
}

TEST(handlers_in_handlers_return)
{
	handlers_return(0);
}

/* On i386 this is another way to return. */
TEST(handlers_with_siginfo_in_handlers_return)
{
	handlers_return(SA_SIGINFO);
}

TEST(handlers_that_restart_in_handlers_return)
{
	handlers_return(SA_RESTART);
}

TEST(what_cannot_sleep_is_not_interrupted)
{
	sin_t any = { .sin_family = AF_INET };
	int on = 1, n;

	storm(0, 300000);
	while (count < 5000) {
		socklen_t len = sizeof(any);
		int fd, other;

		CHECK_OK(fd = socket(AF_INET, SOCK_STREAM, 0));
		CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on,
				    sizeof(on)));
		CHECK_OK(bind(fd, SA(&any), sizeof(any)));
		CHECK_OK(getsockname(fd, SA(&any), &len));
		any.sin_port = 0;
		CHECK_OK(listen(fd, 1));
		CHECK_OK(ioctl(fd, FIONBIO, &n));
		CHECK_OK(other = dup(fd));
		CHECK_OK(fcntl(other, F_SETFL, 0));
		CHECK_OK(close(other));
		CHECK_OK(close(fd));
		CHECK_OK(fd = open("/dev/null", O_RDONLY));
		CHECK_OK(close(fd));
		CHECK_OK(setuid(getuid()));
	}
}

/* What a handler calls is not what it has interrupted. */
TEST(data_is_whole_though_handlers_make_calls)
{
	static unsigned char b[3000];
	size_t n = 300000, at = 0;
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	handler_fd = sv[0];
	IN_CHILD(pid) {
		storm(0, 2000000);
		while (at < n) {
			ssize_t k;

			fill_pattern(b, sizeof(b), at);
			k = send(sv[0], b, MIN(n - at, sizeof(b)), 0);
			if (k < 0)
				CHECK_EQ(errno, EINTR);
			else
				at += k;
		}
	}
	CHECK_OK(close(sv[0]));
	handler_fd = sv[1];
	storm(0, 2000000);
	while (at < n) {
		ssize_t k = recv(sv[1], b, sizeof(b), 0);

		if (k < 0) {
			CHECK_EQ(errno, EINTR);
			continue;
		}
		CHECK(k > 0);
		check_pattern(b, k, at);
		at += k;
	}
	join(pid);
}

HARNESS_MAIN
