/* SPDX-License-Identifier: MIT */
/* Several threads of one process on the same and on different sockets. */
#include "harness.h"

#include <pthread.h>
#include <sys/epoll.h>

static void start(pthread_t *t, void *(*fn)(void *), void *arg)
{
	CHECK(!pthread_create(t, NULL, fn, arg));
}

static void *echo(void *arg)
{
	int fd = *(int *)arg;
	char b[4096];
	ssize_t n;

	while ((n = CHECK_OK(read(fd, b, sizeof(b)))) > 0)
		write_all(fd, b, n);
	CHECK_OK(shutdown(fd, SHUT_WR));
	return NULL;
}

TEST(thread_serves_its_own_process)
{
	int sv[2], i;
	pthread_t t;

	tcp_pair(sv);
	start(&t, echo, &sv[1]);
	for (i = 0; i < 200; i++) {
		CHECK_WRITES(sv[0], "ping");
		char b[4];

		read_all(sv[0], b, 4);
	}
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[0]);
	pthread_join(t, NULL);
}

TEST(twenty_echo_threads)
{
	sin_t a;
	int l = tcp_listener_backlog(&a, 32), sv[20][2], i, j;
	pthread_t t[20];

	for (i = 0; i < 20; i++) {
		tcp_pair_on(l, &a, sv[i]);
		start(&t[i], echo, &sv[i][1]);
	}
	for (j = 0; j < 20; j++) {
		for (i = 0; i < 20; i++)
			CHECK_WRITES(sv[i][0], "data");
		for (i = 0; i < 20; i++) {
			char b[4];

			read_all(sv[i][0], b, 4);
		}
	}
	for (i = 0; i < 20; i++)
		CHECK_OK(close(sv[i][0]));
	for (i = 0; i < 20; i++)
		pthread_join(t[i], NULL);
}

static int shared;

static void *write_numbers(void *arg)
{
	uint32_t base = (uint32_t)(unsigned long)arg << 16, i;

	for (i = 0; i < 2000; i++) {
		uint32_t v = base | i;

		CHECK_EQ(CHECK_OK(write(shared, &v, 4)), 4);
	}
	return NULL;
}

TEST(writers_on_one_socket_do_not_mix_small_writes)
{
	int sv[2], i, next[4] = { 0 };
	pthread_t t[4];

	tcp_pair(sv);
	shared = sv[0];
	for (i = 0; i < 4; i++)
		start(&t[i], write_numbers, (void *)(long)i);
	for (i = 0; i < 8000; i++) {
		uint32_t v;

		read_all(sv[1], &v, 4);
		CHECK(v >> 16 < 4);
		CHECK_EQ(v & 0xffff, next[v >> 16]);
		next[v >> 16]++;
	}
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

static int taken[4];

static void *take(void *arg)
{
	int me = (int)(long)arg;
	char c;

	while (read(shared, &c, 1) == 1)
		taken[me]++;
	return NULL;
}

TEST(readers_on_one_socket_take_each_byte_once)
{
	int sv[2], i, sum = 0;
	static char b[20000];
	pthread_t t[4];

	tcp_pair(sv);
	shared = sv[1];
	for (i = 0; i < 4; i++)
		start(&t[i], take, (void *)(long)i);
	write_all(sv[0], b, sizeof(b));
	CHECK_OK(close(sv[0]));
	for (i = 0; i < 4; i++) {
		pthread_join(t[i], NULL);
		sum += taken[i];
	}
	CHECK_EQ(sum, sizeof(b));
}

static void *accept_some(void *arg)
{
	(void)arg;
	for (;;) {
		int s = accept(shared, NULL, NULL);
		char c = 0;

		if (s < 0)
			return NULL;
		CHECK_EQ(CHECK_OK(read(s, &c, 1)), 1);
		CHECK_EQ(CHECK_OK(write(s, &c, 1)), 1);
		CHECK_OK(close(s));
	}
}

TEST(acceptors_on_one_listener)
{
	sin_t a;
	int i, c[60];
	pthread_t t[4];

	shared = tcp_listener_backlog(&a, 64);
	for (i = 0; i < 4; i++)
		start(&t[i], accept_some, NULL);
	for (i = 0; i < 60; i++) {
		c[i] = tcp_socket();
		CHECK_OK(connect(c[i], SA(&a), sizeof(a)));
		CHECK_WRITES(c[i], "x");
	}
	for (i = 0; i < 60; i++) {
		CHECK_READS(c[i], "x");
		CHECK_EOF(c[i]);
	}
	CHECK_OK(shutdown(shared, SHUT_RD));	/* wakes all of them */
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

static void *open_close(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 300; i++) {
		int fd = i & 1 ? tcp_socket() : udp_socket();

		CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE),
			 i & 1 ? SOCK_STREAM : SOCK_DGRAM);
		CHECK_OK(close(fd));
	}
	return NULL;
}

TEST(threads_open_and_close_at_once)
{
	pthread_t t[4];
	int i;

	for (i = 0; i < 4; i++)
		start(&t[i], open_close, NULL);
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

static void *dial_out(void *arg)
{
	sin_t *a = arg;
	int i;

	for (i = 0; i < 30; i++) {
		int fd = tcp_socket();

		CHECK_OK(connect(fd, SA(a), sizeof(*a)));
		CHECK_WRITES(fd, "x");
		CHECK_READS(fd, "x");
		CHECK_OK(close(fd));
	}
	return NULL;
}

TEST(threads_dial_threads)
{
	sin_t a;
	pthread_t s[2], c[4];
	int i;

	shared = tcp_listener_backlog(&a, 64);
	for (i = 0; i < 2; i++)
		start(&s[i], accept_some, NULL);
	for (i = 0; i < 4; i++)
		start(&c[i], dial_out, &a);
	for (i = 0; i < 4; i++)
		pthread_join(c[i], NULL);
	CHECK_OK(shutdown(shared, SHUT_RD));
	for (i = 0; i < 2; i++)
		pthread_join(s[i], NULL);
}

struct epoll_worker {
	int ep, seen;
};

static void *epoll_worker(void *arg)
{
	struct epoll_worker *w = arg;
	struct epoll_event e;

	for (;;) {
		char b[8];

		if (epoll_wait(w->ep, &e, 1, -1) != 1)
			continue;
		if (read(e.data.fd, b, 8) == 0)
			return NULL;
		w->seen++;
		e.events = EPOLLIN | EPOLLONESHOT;
		CHECK_OK(epoll_ctl(w->ep, EPOLL_CTL_MOD, e.data.fd, &e));
	}
}

TEST(oneshot_epoll_shared_by_threads)
{
	int sv[2], ep = CHECK_OK(epoll_create1(0)), i;
	struct epoll_event e = { .events = EPOLLIN | EPOLLONESHOT };
	struct epoll_worker w[3] = { { ep, 0 }, { ep, 0 }, { ep, 0 } };
	pthread_t t[3];

	tcp_pair(sv);
	e.data.fd = sv[1];
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, sv[1], &e));
	for (i = 0; i < 3; i++)
		start(&t[i], epoll_worker, &w[i]);
	for (i = 0; i < 100; i++) {
		int q;

		CHECK_WRITES(sv[0], "x");
		do
			CHECK_OK(ioctl(sv[1], FIONREAD, &q));
		while (q);
	}
	/* One sees the end; it leaves the entry disarmed: arm for the rest. */
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	for (i = 0; i < 3; i++) {
		while (pthread_tryjoin_np(t[i], NULL)) {
			e.events = EPOLLIN | EPOLLONESHOT;
			CHECK_OK(epoll_ctl(ep, EPOLL_CTL_MOD, sv[1], &e));
			sched_yield();
		}
	}
	CHECK_EQ(w[0].seen + w[1].seen + w[2].seen, 100);
}

static void *exit_group_later(void *arg)
{
	wait_asleep(getpid(), *(pid_t *)arg);
	_exit(0);
}

TEST(exit_of_the_process_ends_blocked_threads)
{
	int sv[2];
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid) {
		pid_t me = gettid();
		pthread_t t;
		char c;

		start(&t, exit_group_later, &me);
		read(sv[1], &c, 1);
		_exit(1);
	}
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	join(pid);
}

static void *udp_echo(void *arg)
{
	int fd = *(int *)arg, i;

	for (i = 0; i < 400; i++) {
		char b[16];
		sin_t from;
		socklen_t len = sizeof(from);
		ssize_t n = CHECK_OK(recvfrom(fd, b, 16, 0, SA(&from), &len));

		CHECK_EQ(CHECK_OK(sendto(fd, b, n, 0, SA(&from), len)), n);
	}
	return NULL;
}

static void *udp_ask(void *arg)
{
	int fd = udp_socket(), i;
	sin_t *a = arg;

	CHECK_OK(connect(fd, SA(a), sizeof(*a)));
	for (i = 0; i < 100; i++) {
		int v;

		CHECK_EQ(CHECK_OK(write(fd, &i, 4)), 4);
		CHECK_EQ(CHECK_OK(read(fd, &v, 4)), 4);
		CHECK_EQ(v, i);
	}
	return NULL;
}

TEST(udp_server_with_four_clients)
{
	sin_t a;
	int fd = udp_bound(&a), i;
	pthread_t s, c[4];

	start(&s, udp_echo, &fd);
	for (i = 0; i < 4; i++)
		start(&c[i], udp_ask, &a);
	for (i = 0; i < 4; i++)
		pthread_join(c[i], NULL);
	pthread_join(s, NULL);
}

static int leader_is_zombie(void)
{
	char path[40], text[400] = "", *s;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", getpid());
	f = fopen(path, "r");
	if (f) {
		CHECK(fread(text, 1, sizeof(text) - 1, f) > 0);
		fclose(f);
	}
	s = strrchr(text, ')');
	return s && s[2] == 'Z';
}

static void *alone(void *arg)
{
	sin_t a;
	int l, c, s, fd = *(int *)arg;

	/* Until the first thread is really gone. */
	while (!leader_is_zombie())
		sched_yield();
	CHECK_READS(fd, "x");
	l = tcp_listener(&a);
	c = tcp_socket();
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(CHECK_OK(write(c, "hello", 5)), 5);
	CHECK_OK(shutdown(c, SHUT_WR));
	CHECK_READS(s, "hello");
	CHECK_EOF(s);
	_exit(0);
}

TEST(sockets_serve_threads_that_outlive_the_first)
{
	static int sv[2];
	pthread_t t;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(write(sv[0], "x", 1)), 1);
	start(&t, alone, &sv[1]);
	pthread_exit(NULL);
}

HARNESS_MAIN
