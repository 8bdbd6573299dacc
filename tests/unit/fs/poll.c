/* SPDX-License-Identifier: MIT */
/*
 * poll() and select() on the core's own descriptors: what is asked, waited
 * for and written back, in both ABIs and in virtual time.
 */
#include "fs/fs.h"
#include "net/net.h"
#include "tests/unit/prog.h"
#include <linux/in.h>
#include <linux/poll.h>

#define FDS (U_BASE + 0x100)
#define TIME (U_BASE + 0x80)
#define SETS (U_BASE + 0x1000)
#define DATA (U_BASE + 0x8000)

static struct pollfd *fds(void)
{
	return u_ptr(FDS);
}

static void set_fd(int i, int fd, short events)
{
	fds()[i] = (struct pollfd){ fd, events, 0x7777 };
}

static int udp(void)
{
	return (int)call64(__NR64_socket, AF_INET, SOCK_DGRAM, 0);
}

/* 127.0.0.1:4000 */
static void put_addr(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(4000),
				 .sin_addr.s_addr = htonl(0x7f000001) };

	memcpy(u_ptr(DATA), &a, sizeof(a));
}

static void bind_4000(int fd)
{
	put_addr();
	EXPECT(call64(__NR64_bind, fd, DATA, 16), 0);
}

/* A datagram for the socket that it comes from. */
static void feed(int fd)
{
	bind_4000(fd);
	EXPECT(call64(__NR64_sendto, fd, DATA, 1, 0, DATA, 16), 1);
}

static void prog_masks(void *arg)
{
	int fd = udp();

	set_fd(0, fd, POLLIN | POLLOUT);
	set_fd(1, -5, POLLIN);
	set_fd(2, 99, POLLIN);
	EXPECT(call64(__NR64_poll, FDS, 3, -1), 2);
	EXPECT(fds()[0].revents, POLLOUT);
	EXPECT(fds()[1].revents, 0);
	EXPECT(fds()[2].revents, POLLNVAL);
	feed(fd);
	EXPECT(call32(__NR32_poll, FDS, 1, -1), 1);
	EXPECT(fds()[0].revents, POLLIN | POLLOUT);
}

static void poll_masks(void **state)
{
	run_prog(prog_masks);
}

static void prog_bad(void *arg)
{
	int fd = udp();

	EXPECT(call64(__NR64_poll, U_END - 8, 2, 0), -EFAULT);
	EXPECT(call64(__NR64_poll, FDS, 1 << 30, 0), -EINVAL);
	EXPECT(call64(__NR64_ppoll, FDS, 0, U_END, 0, 0), -EFAULT);
	EXPECT(call64(__NR64_ppoll, FDS, 0, 0, FDS, 4), -EINVAL);
	EXPECT(call64(__NR64_ppoll, FDS, 0, 0, U_END, 8), -EFAULT);
	*(struct timespec64 *)u_ptr(TIME) = (struct timespec64){ 0, 1000000000 };
	EXPECT(call64(__NR64_ppoll, FDS, 0, TIME, 0, 0), -EINVAL);
	EXPECT(call64(__NR64_select, -1, 0, 0, 0, 0), -EINVAL);
	EXPECT(call64(__NR64_select, 1, U_END, 0, 0, 0), -EFAULT);
	*(u64 *)u_ptr(SETS) = 1UL << fd | 1UL << 40;
	*(struct timespec64 *)u_ptr(TIME) = (struct timespec64){ 0, 0 };
	EXPECT(call64(__NR64_select, 64, SETS, 0, 0, TIME), -EBADF);
	EXPECT(call64(__NR64_select, 40, SETS, 0, 0, TIME), 0);
	EXPECT(*(u64 *)u_ptr(SETS), 0);
	EXPECT(call32(__NR32_old_select, U_END - 16), -EFAULT);
}

static void bad_arguments(void **state)
{
	run_prog(prog_bad);
}

static void prog_timeout(void *arg)
{
	struct timespec64 *ts = u_ptr(TIME);
	int fd = udp();
	u64 begin = ktime_get_ns();

	set_fd(0, fd, POLLIN);
	EXPECT(call64(__NR64_poll, FDS, 1, 50), 0);
	EXPECT(fds()[0].revents, 0);
	EXPECT(ktime_get_ns() - begin, 50 * NSEC_PER_MSEC);
	begin = ktime_get_ns();
	*ts = (struct timespec64){ 0, 1500 };
	EXPECT(call64(__NR64_ppoll, FDS, 1, TIME, 0, 0), 0);
	EXPECT(ktime_get_ns() - begin, 1500);
	EXPECT(ts->tv_nsec, 0);
	/* A set that is ready leaves the whole time. */
	*(u64 *)u_ptr(SETS) = 1UL << fd;
	*ts = (struct timespec64){ 7, 2000001 };
	EXPECT(call64(__NR64_select, fd + 1, 0, SETS, 0, TIME), 1);
	EXPECT(*(u64 *)u_ptr(SETS), 1UL << fd);
	EXPECT(ts->tv_sec, 9);
	EXPECT(ts->tv_nsec, 1);
}

static void timeouts(void **state)
{
	run_prog(prog_timeout);
}

/* ---- woken by others ---- */

/* What the second one sleeps. */
#define WAITS NSEC_PER_SEC

static struct task *sleeper;

static void program(void *arg)
{
	void (*fn)(void) = *(void (**)(void))arg;

	current->gate = &prog_gate;
	fn();
}

/* Both at the same moment on one kernel, @first first. */
static void run_two(void (*first)(void), void (*second)(void))
{
	struct sim *s = sim_new(1);

	prog_failures = 0;
	memset(u_mem, 0, sizeof(u_mem));
	sleeper = sim_spawn(s, NULL, program, &first);
	sim_spawn(s, NULL, program, &second);
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_running(s), 0);
	assert_int_equal(sim_free(s), 0);
	assert_int_equal(prog_failures, 0);
}

static void second_sends(void)
{
	int fd = udp();

	sim_sleep(NSEC_PER_SEC);
	put_addr();
	EXPECT(call64(__NR64_sendto, fd, DATA, 1, 0, DATA, 16), 1);
}

static void second_interrupts(void)
{
	sim_sleep(NSEC_PER_SEC);
	task_interrupt(sleeper);
}

static void first_polls(void)
{
	u64 begin = ktime_get_ns();
	int fd = udp(), i;

	bind_4000(fd);
	/* More than one chunk of entries; the last is the one. */
	for (i = 0; i < 100; i++)
		set_fd(i, i & 1 ? udp() : -1, POLLIN);
	set_fd(i, fd, POLLIN);
	EXPECT(call64(__NR64_poll, FDS, 101, 5000), 1);
	EXPECT(fds()[100].revents, POLLIN);
	EXPECT(fds()[99].revents, 0);
	EXPECT(ktime_get_ns() - begin, WAITS);
}

static void poll_is_woken(void **state)
{
	run_two(first_polls, second_sends);
}

static void first_selects(void)
{
	u32 *args = u_ptr(TIME);
	int fd = udp();

	bind_4000(fd);
	args[0] = (u32)fd + 1;
	args[1] = SETS;
	args[3] = SETS + 8;
	*(u64 *)u_ptr(SETS) = *(u64 *)u_ptr(SETS + 8) = 1UL << fd;
	EXPECT(call32(__NR32_old_select, TIME), 1);
	EXPECT(*(u64 *)u_ptr(SETS), 1UL << fd);
	EXPECT(*(u64 *)u_ptr(SETS + 8), 0);
}

static void old_select_is_woken(void **state)
{
	run_two(first_selects, second_sends);
}

static void first_is_interrupted(void)
{
	struct timespec64 *ts = u_ptr(TIME);
	int fd = udp();

	kernel_tick();
	*ts = (struct timespec64){ 3, 500 };
	set_fd(0, fd, POLLIN);
	EXPECT(call64(__NR64_ppoll, FDS, 1, TIME, 0, 0), -ERESTARTNOHAND);
	EXPECT(fds()[0].revents, 0x7777);
	EXPECT(ts->tv_sec, 2);
	EXPECT(ts->tv_nsec, 500);
}

static void interrupted_says_what_is_left(void **state)
{
	run_two(first_is_interrupted, second_interrupts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(poll_masks),
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(timeouts),
		cmocka_unit_test(poll_is_woken),
		cmocka_unit_test(old_select_is_woken),
		cmocka_unit_test(interrupted_says_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
