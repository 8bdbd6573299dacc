/* SPDX-License-Identifier: MIT */
/* poll(2), ppoll(2): sets, timeouts, mixtures. Masks: pollmask.c. */
#include "harness.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

TEST(negative_descriptors_are_skipped)
{
	int sv[2];
	struct pollfd p[2] = { { -1, POLLIN, 0x77 }, { 0, POLLIN, 0 } };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	p[1].fd = sv[1];
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
	CHECK_EQ(p[0].revents, 0);
	CHECK_EQ(p[1].revents, POLLIN);
}

TEST(closed_descriptor_is_pollnval)
{
	struct pollfd p[2] = { { 9999, POLLIN, 0 }, { 0, POLLOUT, 0 } };

	p[1].fd = udp_socket();
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 2);
	CHECK_EQ(p[0].revents, POLLNVAL);
	CHECK_EQ(p[1].revents, POLLOUT);
}

TEST(zero_timeout_returns_at_once)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_EQ(poll_now(sv[0], POLLIN), 0);
}

TEST(timeout_passes)
{
	int sv[2];
	struct pollfd p = { 0, POLLIN, 0x77 };
	double t = now();

	tcp_pair(sv);
	p.fd = sv[0];
	CHECK_EQ(CHECK_OK(poll(&p, 1, 50)), 0);
	CHECK_EQ(p.revents, 0);
	CHECK(now() - t >= 0.049);
}

TEST(blocked_poll_is_woken_by_data)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "x");
	}
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	join(pid);
}

TEST(blocked_poll_is_woken_by_connection)
{
	sin_t a;
	int l = tcp_listener(&a);
	pid_t pid, parent = getpid();

	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	}
	CHECK_EQ(poll_for(l, POLLIN), POLLIN);
	join(pid);
}

TEST(blocked_poll_is_woken_by_room)
{
	int sv[2];
	size_t n;
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	n = fill_up(sv[0]);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		drain(sv[1], n);
	}
	CHECK_EQ(poll_for(sv[0], POLLOUT), POLLOUT);
	join(pid);
}

TEST(blocked_poll_is_woken_by_close_of_the_peer)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid)
		wait_asleep(parent, parent);
	CHECK_OK(close(sv[0]));
	CHECK_EQ(poll_for(sv[1], POLLIN | POLLRDHUP), POLLIN | POLLRDHUP);
	join(pid);
}

TEST(blocked_poll_is_woken_by_reset)
{
	int sv[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		set_linger(sv[0], 1, 0);
		CHECK_OK(close(sv[0]));
	}
	CHECK_OK(close(sv[0]));
	CHECK(poll_for(sv[1], 0) & POLLERR);
	join(pid);
}

TEST(mixture_of_kinds)
{
	int sv[2], us[2], p[2], ev;
	struct pollfd f[5];
	int i;

	tcp_pair(sv);
	udp_pair(us);
	CHECK_OK(pipe(p));
	ev = CHECK_OK(eventfd(0, 0));
	f[0].fd = sv[1];
	f[1].fd = us[1];
	f[2].fd = p[0];
	f[3].fd = ev;
	f[4].fd = CHECK_OK(open("/dev/null", O_RDONLY));
	for (i = 0; i < 5; i++)
		f[i].events = POLLIN;
	CHECK_EQ(CHECK_OK(poll(f, 4, 0)), 0);
	CHECK_EQ(CHECK_OK(poll(f, 5, -1)), 1);
	CHECK_WRITES(sv[0], "x");
	CHECK_WRITES(us[0], "x");
	CHECK_WRITES(p[1], "x");
	CHECK_OK(eventfd_write(ev, 1));
	for (i = 0; i < 4; i++)
		CHECK_EQ(poll_for(f[i].fd, POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(poll(f, 5, -1)), 5);
}

TEST(same_socket_twice_in_a_set)
{
	int sv[2];
	struct pollfd p[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	p[0].fd = p[1].fd = sv[1];
	p[0].events = POLLIN;
	p[1].events = POLLOUT;
	CHECK_EQ(CHECK_OK(poll(p, 2, 0)), 2);
	CHECK_EQ(p[0].revents, POLLIN);
	CHECK_EQ(p[1].revents, POLLOUT);
}

TEST(hundred_sockets_one_ready)
{
	sin_t a;
	int l = tcp_listener(&a), sv[100][2], i;
	struct pollfd p[100];

	for (i = 0; i < 100; i++) {
		tcp_pair_on(l, &a, sv[i]);
		p[i].fd = sv[i][1];
		p[i].events = POLLIN;
	}
	CHECK_WRITES(sv[61][0], "x");
	CHECK_EQ(CHECK_OK(poll(p, 100, -1)), 1);
	CHECK_EQ(p[61].revents, POLLIN);
}

TEST(ppoll_timeout_and_mask)
{
	int sv[2];
	struct pollfd p = { 0, POLLIN, 0 };
	struct timespec ts = { 0, 20000000 };
	sigset_t set;

	tcp_pair(sv);
	p.fd = sv[1];
	sigemptyset(&set);
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, &ts, &set)), 0);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, NULL, &set)), 1);
}

TEST(ready_and_taken_again_and_again)
{
	int sv[2], i;

	tcp_pair(sv);
	for (i = 0; i < 500; i++) {
		CHECK_WRITES(sv[0], "x");
		CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
		CHECK_READS(sv[1], "x");
		CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	}
}

TEST(thousand_entries_of_sockets_and_pipes)
{
	struct pollfd p[1000];
	int pair[2], pipes[2], i, idle = udp_socket();

	udp_pair(pair);
	CHECK_OK(pipe(pipes));
	for (i = 0; i < 1000; i++) {
		p[i].fd = i % 3 ? idle : pipes[0];
		p[i].events = POLLIN;
		p[i].revents = 0x55;
	}
	p[777].fd = pair[1];
	CHECK_EQ(CHECK_OK(poll(p, 1000, 0)), 0);
	CHECK_WRITES(pair[0], "x");
	CHECK_EQ(CHECK_OK(poll(p, 1000, -1)), 1);
	CHECK_EQ(p[777].revents, POLLIN);
	CHECK_WRITES(pipes[1], "x");
	CHECK_EQ(CHECK_OK(poll(p, 1000, -1)), 334);
	for (i = 0; i < 1000; i++)
		CHECK_EQ(p[i].revents, i % 3 && i != 777 ? 0 : POLLIN);
}

/* A blocked poll of everything that ends when the child writes to `wfd`. */
static void woken_by(struct pollfd *p, int n, int wfd, int which)
{
	uint64_t one = 1;
	pid_t pid, parent = getpid();
	int i;

	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_EQ(CHECK_OK(write(wfd, &one, sizeof(one))), sizeof(one));
	}
	CHECK_EQ(CHECK_OK(poll(p, n, 5000)), 1);
	for (i = 0; i < n; i++)
		CHECK_EQ(p[i].revents, i == which ? POLLIN : 0);
	join(pid);
	CHECK_EQ(CHECK_OK(read(p[which].fd, &one, sizeof(one))), sizeof(one));
}

TEST(each_of_a_mixed_set_wakes_the_rest_idle)
{
	int sv[2], us[2], p[2], un[2], i;
	struct pollfd f[5];

	tcp_pair(sv);
	udp_pair(us);
	CHECK_OK(pipe(p));
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, un));
	f[0].fd = sv[1];
	f[1].fd = p[0];
	f[2].fd = us[1];
	f[3].fd = CHECK_OK(eventfd(0, 0));
	f[4].fd = un[1];
	for (i = 0; i < 5; i++)
		f[i].events = POLLIN;
	for (i = 0; i < 2; i++) {
		woken_by(f, 5, p[1], 1);
		woken_by(f, 5, sv[0], 0);
		woken_by(f, 5, f[3].fd, 3);
		woken_by(f, 5, us[0], 2);
		woken_by(f, 5, un[0], 4);
	}
}

TEST(timerfd_wakes_a_poll_with_a_socket)
{
	struct itimerspec its = { .it_value.tv_nsec = 20000000 };
	struct pollfd p[2] = { { udp_socket(), POLLIN, 0 } };

	p[1].fd = CHECK_OK(timerfd_create(CLOCK_MONOTONIC, 0));
	p[1].events = POLLIN;
	CHECK_OK(timerfd_settime(p[1].fd, 0, &its, NULL));
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
	CHECK_EQ(p[1].revents, POLLIN);
}

TEST(hangup_of_a_pipe_beside_a_socket)
{
	struct pollfd f[2] = { { udp_socket(), POLLIN, 0 } };
	int p[2];

	CHECK_OK(pipe(p));
	f[1].fd = p[0];
	f[1].events = 0;
	CHECK_OK(close(p[1]));
	CHECK_EQ(CHECK_OK(poll(f, 2, -1)), 1);
	CHECK_EQ(f[1].revents, POLLHUP);
}

TEST(signalfd_beside_a_socket)
{
	struct pollfd f[2] = { { udp_socket(), POLLIN, 0 } };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
	f[1].fd = CHECK_OK(signalfd(-1, &set, 0));
	f[1].events = POLLIN;
	CHECK_EQ(CHECK_OK(poll(f, 2, 0)), 0);
	CHECK_OK(kill(getpid(), SIGUSR1));
	CHECK_EQ(CHECK_OK(poll(f, 2, -1)), 1);
	CHECK_EQ(f[1].revents, POLLIN);
}

static void *closer(void *arg)
{
	int *fd = arg;

	wait_asleep(getpid(), getpid());
	CHECK_OK(close(fd[0]));
	CHECK_WRITES(fd[1], "x");
	return NULL;
}

TEST(descriptor_closed_meanwhile_does_not_end_the_wait)
{
	int sv[2], p[2], fd[2];
	struct pollfd f[2];
	pthread_t th;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	f[0].fd = fd[0] = sv[1];
	f[1].fd = p[0];
	f[0].events = f[1].events = POLLIN;
	fd[1] = p[1];
	CHECK_EQ(pthread_create(&th, NULL, closer, fd), 0);
	CHECK_GE(CHECK_OK(poll(f, 2, -1)), 1);
	CHECK_EQ(f[1].revents, POLLIN);
	CHECK_EQ(pthread_join(th, NULL), 0);
}

static volatile int caught;

static void catch(int sig)
{
	(void)sig;
	caught++;
}

static void on_signal(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = catch, .sa_flags = flags };

	CHECK_OK(sigaction(sig, &sa, NULL));
}

TEST(handler_ends_poll_even_with_sa_restart)
{
	struct pollfd p = { udp_socket(), POLLIN, 0 };
	pid_t pid, parent = getpid();

	on_signal(SIGUSR1, SA_RESTART);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(kill(parent, SIGUSR1));
	}
	CHECK_ERRNO(poll(&p, 1, -1), EINTR);
	CHECK_EQ(caught, 1);
	join(pid);
}

TEST(stop_and_continue_do_not_end_poll)
{
	int sv[2];
	struct pollfd p = { 0, POLLIN, 0 };
	pid_t pid;
	int status;

	tcp_pair(sv);
	p.fd = sv[1];
	pid = CHECK_OK(fork());
	if (!pid) {
		CHECK_EQ(CHECK_OK(poll(&p, 1, -1)), 1);
		CHECK_EQ(p.revents, POLLIN);
		_exit(0);
	}
	wait_asleep(pid, pid);
	CHECK_OK(kill(pid, SIGSTOP));
	CHECK_EQ(CHECK_OK(waitpid(pid, &status, WUNTRACED)), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_OK(kill(pid, SIGCONT));
	wait_asleep(pid, pid);
	CHECK_WRITES(sv[0], "x");
	join(pid);
}

TEST(ppoll_mask_lets_a_blocked_signal_in)
{
	struct pollfd p = { udp_socket(), POLLIN, 0 };
	struct timespec none = { 0, 0 }, long_time = { 5, 0 };
	sigset_t set, empty;
	pid_t pid, parent = getpid();

	sigemptyset(&empty);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_OK(sigprocmask(SIG_BLOCK, &set, NULL));
	on_signal(SIGUSR1, 0);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(kill(parent, SIGUSR1));
	}
	CHECK_ERRNO(ppoll(&p, 1, &long_time, &empty), EINTR);
	CHECK_EQ(caught, 1);
	join(pid);
	/* One that waits already, and no time to wait. */
	CHECK_OK(kill(getpid(), SIGUSR1));
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, &none, &set)), 0);
	CHECK_EQ(caught, 1);
	CHECK_ERRNO(ppoll(&p, 1, &none, &empty), EINTR);
	CHECK_EQ(caught, 2);
	/* What is ready comes first. */
	p.events = POLLOUT;
	CHECK_OK(kill(getpid(), SIGUSR1));
	CHECK_EQ(CHECK_OK(ppoll(&p, 1, &long_time, &empty)), 1);
	CHECK_EQ(caught, 2);
}

TEST(ppoll_writes_the_rest_of_the_time)
{
	struct pollfd p = { udp_socket(), POLLOUT, 0 };
	struct timespec ts = { 7, 999999999 };

	CHECK_EQ(RAW(SYS_ppoll, P(&p), 1, P(&ts), 0, 0), 1);
	CHECK_GE(ts.tv_sec, 6);
	CHECK(ts.tv_sec < 7 || ts.tv_nsec < 999999999);
	ts = (struct timespec){ 0, 10000000 };
	p.events = POLLIN;
	CHECK_EQ(RAW(SYS_ppoll, P(&p), 1, P(&ts), 0, 0), 0);
	CHECK_EQ(ts.tv_sec, 0);
	CHECK_EQ(ts.tv_nsec, 0);
}

TEST(bad_memory_beside_a_socket)
{
	struct pollfd p = { udp_socket(), POLLOUT, 0 }, *end = page_end(12);
	struct timespec ts = { 0, 1000000000 };

	CHECK_ERRNO(poll(page_readonly(&p, sizeof(p)), 1, 0), EFAULT);
	end[0] = p;
	CHECK_ERRNO(poll(end, 2, 0), EFAULT);
	CHECK_RAW(RAW(SYS_ppoll, P(&p), 1, P(&ts), 0, 0), -EINVAL);
	CHECK_RAW(RAW(SYS_ppoll, P(&p), 1, P(BAD_PTR), 0, 0), -EFAULT);
	CHECK_RAW(RAW(SYS_ppoll, P(&p), 1, 0, P(&ts), 7), -EINVAL);
	CHECK_RAW(RAW(SYS_ppoll, P(&p), 1, 0, P(BAD_PTR), 8), -EFAULT);
}

TEST(more_than_the_limit_einval)
{
	struct pollfd p[9] = { { udp_socket(), POLLOUT, 0 } };
	struct rlimit rl;
	int i;

	for (i = 1; i < 9; i++)
		p[i].fd = -1;
	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = 8;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	CHECK_ERRNO(poll(p, 9, 0), EINVAL);
	CHECK_EQ(CHECK_OK(poll(p, 8, 0)), 1);
}

TEST(bad_arguments)
{
	CHECK_ERRNO(poll(BAD_PTR, 1, 0), EFAULT);
	CHECK_ERRNO(poll(NULL, 0x7fffffff, 0), EINVAL);
	CHECK_EQ(CHECK_OK(poll(NULL, 0, 0)), 0);
}

HARNESS_MAIN
