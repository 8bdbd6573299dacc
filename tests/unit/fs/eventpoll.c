/* SPDX-License-Identifier: MIT */
/*
 * epoll on descriptors of our own. The same claims hold on Linux; what programs
 * see of it there is in tests/syscall/epoll.c and epoll_ctl.c.
 */
#include "tests/library/library.h"

#include <poll.h>
#include <sys/epoll.h>

static struct world w;

static int ctl(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return tg_epoll_ctl(ep, op, fd, &e);
}
#define add(ep, fd, events) ctl(ep, EPOLL_CTL_ADD, fd, events)

/* The one ready descriptor's events, 0: none is; at once. */
static uint32_t ready(int ep, int fd)
{
	struct epoll_event e[4];
	int n = tg_epoll_wait(ep, e, 4, 0);

	EXPECT_TRUE(n == 0 || n == 1);
	if (n == 1)
		EXPECT(e[0].data.fd, fd);
	return n == 1 ? e[0].events : 0;
}

/* A UDP socket on a port of 127.0.0.1. */
static int udp(uint16_t port)
{
	struct sockaddr_in a = addr_of("127.0.0.1", port);
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);

	EXPECT(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void feed(int fd, uint16_t port)
{
	struct sockaddr_in a = addr_of("127.0.0.1", port);

	EXPECT(tg_sendto(fd, "x", 1, 0, (struct sockaddr *)&a, sizeof(a)), 1);
}

static void drain(int fd)
{
	char c;

	EXPECT(tg_recv(fd, &c, 1, MSG_DONTWAIT), 1);
}

static void run_task(void (*fn)(void *arg))
{
	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.a, fn, NULL, NULL));
	world_end(&w);
}

#define TASK(name)                   \
	static void task_##name(void *arg); \
	static void name(void **state)      \
	{                                   \
		run_task(task_##name);      \
	}                                   \
	static void task_##name(void *arg)

TASK(wrong_calls)
{
	int ep = tg_epoll_create(0), fd = udp(1);
	struct epoll_event e[1];

	EXPECT(tg_epoll_create(4), -EINVAL);
	EXPECT(add(ep, ep, EPOLLIN), -EINVAL);
	EXPECT(add(fd, ep, EPOLLIN), -EINVAL);
	EXPECT(add(ep, 99, EPOLLIN), -EBADF);
	EXPECT(add(99, fd, EPOLLIN), -EBADF);
	EXPECT(tg_epoll_ctl(99, EPOLL_CTL_ADD, 98, NULL), -EFAULT);
	EXPECT(ctl(ep, 7, fd, EPOLLIN), -EINVAL);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), -ENOENT);
	EXPECT(tg_epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), -ENOENT);
	EXPECT(add(ep, fd, EPOLLIN), 0);
	EXPECT(add(ep, fd, EPOLLIN), -EEXIST);
	EXPECT(tg_epoll_wait(fd, e, 1, 0), -EINVAL);
	EXPECT(tg_epoll_wait(ep, e, 0, 0), -EINVAL);
	EXPECT(tg_epoll_wait(99, e, 0, 0), -EBADF);
	EXPECT(tg_read(ep, e, 1), -EINVAL);
	EXPECT(tg_recv(ep, e, 1, 0), -ENOTSOCK);
	feed(fd, 1);
	EXPECT(tg_epoll_wait(ep, NULL, 1, 0), -EFAULT);
	EXPECT(ready(ep, fd), EPOLLIN);
}

TASK(level_tells_until_it_is_drained)
{
	int ep = tg_epoll_create(0), fd = udp(1);

	EXPECT(add(ep, fd, EPOLLIN), 0);
	EXPECT(ready(ep, fd), 0);
	feed(fd, 1);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ready(ep, fd), EPOLLIN);
	drain(fd);
	EXPECT(ready(ep, fd), 0);
	feed(fd, 1);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT), 0);
	EXPECT(ready(ep, fd), EPOLLOUT);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, 0), 0);
	EXPECT(ready(ep, fd), 0);
	EXPECT(ctl(ep, EPOLL_CTL_DEL, fd, 0), 0);
	EXPECT(ready(ep, fd), 0);
}

TASK(edge_tells_once_for_each_wake_up)
{
	int ep = tg_epoll_create(0), fd = udp(1);

	feed(fd, 1);
	EXPECT(add(ep, fd, EPOLLIN | EPOLLET), 0);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ready(ep, fd), 0);
	feed(fd, 1);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ready(ep, fd), 0);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLET), 0);
	EXPECT(ready(ep, fd), EPOLLIN);
}

TASK(oneshot_tells_once_until_mod)
{
	int ep = tg_epoll_create(0), fd = udp(1);

	EXPECT(add(ep, fd, EPOLLIN | EPOLLONESHOT), 0);
	feed(fd, 1);
	EXPECT(ready(ep, fd), EPOLLIN);
	feed(fd, 1);
	EXPECT(ready(ep, fd), 0);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT), 0);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ready(ep, fd), 0);
}

TASK(exclusive_has_rules)
{
	int ep = tg_epoll_create(0), in = tg_epoll_create(0), fd = udp(1);

	EXPECT(add(ep, in, EPOLLIN | EPOLLEXCLUSIVE), -EINVAL);
	EXPECT(add(ep, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT), -EINVAL);
	EXPECT(add(ep, fd, EPOLLIN | EPOLLEXCLUSIVE), 0);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), -EINVAL);
	EXPECT(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLEXCLUSIVE), -EINVAL);
	feed(fd, 1);
	EXPECT(ready(ep, fd), EPOLLIN);
	EXPECT(ctl(ep, EPOLL_CTL_DEL, fd, 0), 0);
}

TASK(the_last_close_takes_a_file_out)
{
	int ep = tg_epoll_create(0), fd = udp(1), copy = tg_dup(fd), other;

	EXPECT(add(ep, fd, EPOLLIN), 0);
	feed(fd, 1);
	EXPECT(tg_close(fd), 0);
	EXPECT(ready(ep, fd), EPOLLIN);
	/* The number is free, and may be watched for another file. */
	other = udp(2);
	EXPECT(other, fd);
	EXPECT(add(ep, other, EPOLLIN), 0);
	EXPECT(tg_close(copy), 0);
	EXPECT(ready(ep, fd), 0);
	feed(other, 2);
	EXPECT(ready(ep, other), EPOLLIN);
	EXPECT(tg_close(ep), 0);
	drain(other);
}

TASK(sets_in_sets)
{
	int in = tg_epoll_create(0), out = tg_epoll_create(0), fd = udp(1);
	struct pollfd p = { .fd = out, .events = POLLIN };

	EXPECT(add(in, fd, EPOLLIN), 0);
	EXPECT(add(out, in, EPOLLIN), 0);
	EXPECT(tg_poll(&p, 1, 0), 0);
	feed(fd, 1);
	EXPECT(tg_poll(&p, 1, 0), 1);
	EXPECT(ready(out, in), EPOLLIN);
	EXPECT(ready(in, fd), EPOLLIN);
	drain(fd);
	EXPECT(ready(out, in), 0);
	EXPECT(tg_poll(&p, 1, 0), 0);
	feed(fd, 1);
	EXPECT(tg_close(in), 0);
	EXPECT(ready(out, in), 0);
}

TASK(sets_nest_four_deep_and_in_no_circle)
{
	int up[7], down[7];

	for (int i = 0; i < 7; i++) {
		up[i] = tg_epoll_create(0);
		down[i] = tg_epoll_create(0);
	}
	for (int i = 1; i < 7; i++) {
		EXPECT(add(up[i], up[i - 1], EPOLLIN), i == 5 ? -ELOOP : 0);
		EXPECT(add(down[i - 1], down[i], EPOLLIN),
		       i == 5 ? -ELOOP : 0);
	}
	EXPECT(add(up[0], up[1], EPOLLIN), -ELOOP);
	EXPECT(add(up[0], up[4], EPOLLIN), -ELOOP);
}

/* Many files, few ready: each is told once in turn, none is forgotten. */
TASK(more_ready_than_asked_for)
{
	int ep = tg_epoll_create(0), fd[10], seen[64] = { 0 };
	struct epoll_event e[3];

	for (int i = 0; i < 10; i++) {
		fd[i] = udp((uint16_t)(100 + i));
		EXPECT(add(ep, fd[i], EPOLLIN), 0);
		feed(fd[0], (uint16_t)(100 + i));
	}
	for (int round = 0; round < 10; round++) {
		EXPECT(tg_epoll_wait(ep, e, 3, 0), 3);
		for (int i = 0; i < 3; i++)
			seen[e[i].data.fd]++;
	}
	for (int i = 0; i < 10; i++)
		EXPECT(seen[fd[i]], 3);
}

/* ---- waiting ---- */

static int shared;
static unsigned int woken;

static void waiter(void *arg)
{
	struct epoll_event e[1];
	int ep = arg ? *(int *)arg : tg_epoll_create(0);

	if (!arg)
		EXPECT(add(ep, shared, EPOLLIN | EPOLLEXCLUSIVE), 0);
	if (tg_epoll_wait(ep, e, 1, arg ? -1 : 5000) == 1)
		woken++;
}

static void feeder(void *arg)
{
	(void)arg;
	tg_sleep(TG_SEC);
	feed(shared, 1);
}

static void wait_for(unsigned int waiters, int *ep, unsigned int want)
{
	struct tg_proc *p, *before;
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };

	world_begin(&w, 1, NULL);
	OK(tg_proc_new(w.a, &p));
	before = tg_act_for(p);
	woken = 0;
	shared = udp(1);
	if (ep) {
		*ep = tg_epoll_create(0);
		OK(tg_epoll_ctl(*ep, EPOLL_CTL_ADD, shared, &e));
	}
	for (unsigned int i = 0; i < waiters; i++)
		OK(tg_task_new(p, waiter, ep, NULL));
	OK(tg_task_new(p, feeder, NULL, NULL));
	(void)tg_run_for(w.k, 2 * TG_SEC);
	assert_int_equal(woken, want);
	(void)tg_run(w.k);
	assert_int_equal(woken, want);
	tg_act_for(before);
	tg_proc_free(p);
	world_end(&w);
}

static void exclusive_wakes_one_of_many(void **state)
{
	wait_for(4, NULL, 1);
}

static void one_of_those_who_wait_for_a_set(void **state)
{
	int ep;

	wait_for(3, &ep, 1);
}

TASK(timeouts_are_exact)
{
	int ep = tg_epoll_create(0);
	struct epoll_event e[1];
	uint64_t began = tg_now(NULL);
	struct timespec ts = { 0, 1500 };

	EXPECT(tg_epoll_wait(ep, e, 1, 20), 0);
	EXPECT(tg_now(NULL) - began, 20 * TG_MSEC);
	EXPECT(tg_syscall(441, (uintptr_t)ep, (uintptr_t)e, 1, (uintptr_t)&ts,
			  0, 0),
	       0);
	EXPECT(tg_now(NULL) - began, 20 * TG_MSEC + 1500);
}

static void never_ready(void *arg)
{
	int ep = tg_epoll_create(0);
	struct epoll_event e[1];

	EXPECT(tg_epoll_wait(ep, e, 1, -1), -EINTR);
}

static void a_wait_can_be_interrupted(void **state)
{
	struct tg_task *t;

	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.a, never_ready, NULL, &t));
	assert_int_equal(tg_run(w.k), 1);
	OK(tg_task_interrupt(t));
	tg_task_free(t);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_calls),
		cmocka_unit_test(level_tells_until_it_is_drained),
		cmocka_unit_test(edge_tells_once_for_each_wake_up),
		cmocka_unit_test(oneshot_tells_once_until_mod),
		cmocka_unit_test(exclusive_has_rules),
		cmocka_unit_test(the_last_close_takes_a_file_out),
		cmocka_unit_test(sets_in_sets),
		cmocka_unit_test(sets_nest_four_deep_and_in_no_circle),
		cmocka_unit_test(more_ready_than_asked_for),
		cmocka_unit_test(exclusive_wakes_one_of_many),
		cmocka_unit_test(one_of_those_who_wait_for_a_set),
		cmocka_unit_test(timeouts_are_exact),
		cmocka_unit_test(a_wait_can_be_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
