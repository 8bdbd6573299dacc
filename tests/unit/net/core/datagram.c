/* SPDX-License-Identifier: MIT */
/*
 * Datagrams that are received by calls whose answers are refused come back,
 * in order; and the options of SOL_SOCKET, as Linux 6.18 answers.
 */
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/syscalls.h"
#include "net/core/errqueue.h"
#include "net/core/sock.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"
#include <asm/errno.h>
#include <linux/in.h>
#include <linux/net_tstamp.h>
#include <stdio.h>
#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

static int failures;
static bool taken = true;

#define EXPECT(expr, want)                                               \
	do {                                                             \
		long got_ = (long)(expr), want_ = (long)(want);          \
		if (got_ != want_) {                                     \
			fprintf(stderr, "%s:%d: %s is %ld, not %ld\n",   \
				__FILE__, __LINE__, #expr, got_, want_); \
			failures++;                                      \
		}                                                        \
	} while (0)

static long do_call(long nr, const long *a)
{
	struct task *t = current;

	t->regs.nr = (u64)nr;
	t->regs.arch = ABI_X86_64;
	for (int i = 0; i < 6; i++)
		t->regs.args[i] = (u64)a[i];
	t->flags &= ~(TASK_SIGPENDING | TASK_EFFECT | TASK_SIGPIPE);
	t->settle = NULL;
	kernel_tick();
	system_call(t);
	task_settle(t, taken);
	return (long)t->regs.ret;
}
#define CALL(nr, ...) do_call(nr, (const long[6]){ __VA_ARGS__ })

static void run(void (*prog)(void *arg))
{
	struct sim *s = sim_new(1);

	failures = 0;
	assert_non_null(s);
	assert_non_null(sim_spawn(s, NULL, prog, NULL));
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_running(s), 0);
	assert_int_equal(sim_free(s), 0);
	assert_int_equal(failures, 0);
}

static int udp_socket(void)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(4000),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = (int)CALL(__NR64_socket, AF_INET, SOCK_DGRAM, 0);

	EXPECT(CALL(__NR64_bind, fd, (long)&a, sizeof(a)), 0);
	EXPECT(CALL(__NR64_connect, fd, (long)&a, sizeof(a)), 0);
	return fd;
}

static void put(int fd, const char *text)
{
	EXPECT(CALL(__NR64_sendto, fd, (long)text, (long)strlen(text)),
	       strlen(text));
}

/* The first character received, or -errno. */
static long get(int fd, int flags)
{
	char b[16] = "";
	long n = CALL(__NR64_recvfrom, fd, (long)b, sizeof(b), flags);

	return n < 0 ? n : b[0];
}

static void settle_prog(void *arg)
{
	int fd = udp_socket();

	(void)arg;
	put(fd, "a");
	put(fd, "b");
	taken = false;
	EXPECT(get(fd, 0), 'a');
	EXPECT(get(fd, 0), 'a');
	taken = true;
	EXPECT(get(fd, MSG_PEEK), 'a');
	EXPECT(get(fd, 0), 'a');
	taken = false;
	EXPECT(get(fd, 0), 'b');
	taken = true;
	EXPECT(get(fd, 0), 'b');
	EXPECT(get(fd, MSG_DONTWAIT), -EAGAIN);
	CALL(__NR64_close, fd);
}

static void refused_datagrams_come_back(void **state)
{
	run(settle_prog);
}

/* The number of the first message of the error queue, or -errno. */
static long get_stamp(int fd)
{
	union {
		struct cmsghdr c;
		char room[256];
	} u;
	struct user_msghdr m = { .msg_control = (u64)&u,
				 .msg_controllen = sizeof(u) };
	struct sock_extended_err ee;
	long n = CALL(__NR64_recvmsg, fd, (long)&m, MSG_ERRQUEUE);

	if (n < 0)
		return n;
	EXPECT(u.c.cmsg_type, IP_RECVERR);
	memcpy(&ee, &u.c + 1, sizeof(ee));
	return (long)ee.ee_data;
}

static void stamp_prog(void *arg)
{
	int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
		    SOF_TIMESTAMPING_OPT_TSONLY;
	int fd = udp_socket();

	(void)arg;
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_TIMESTAMPING,
		    (long)&flags, sizeof(flags)),
	       0);
	put(fd, "a");
	put(fd, "b");
	taken = false;
	EXPECT(get_stamp(fd), 0);
	EXPECT(get_stamp(fd), 0);
	taken = true;
	EXPECT(get_stamp(fd), 0);
	taken = false;
	EXPECT(get_stamp(fd), 1);
	taken = true;
	EXPECT(get_stamp(fd), 1);
	EXPECT(get_stamp(fd), -EAGAIN);
	CALL(__NR64_close, fd);
}

/* So do errors and stamps. */
static void refused_messages_of_the_error_queue_too(void **state)
{
	run(stamp_prog);
}

static void peek_off_prog(void *arg)
{
	int fd = udp_socket(), off = 0;

	(void)arg;
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_PEEK_OFF, (long)&off,
		    sizeof(off)),
	       0);
	put(fd, "abc");
	put(fd, "xyz");
	EXPECT(get(fd, MSG_PEEK), 'a');
	EXPECT(get(fd, MSG_PEEK), 'x');
	EXPECT(get(fd, 0), 'a');
	off = 1;
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_PEEK_OFF, (long)&off,
		    sizeof(off)),
	       0);
	EXPECT(get(fd, MSG_PEEK), 'y');
	EXPECT(get(fd, 0), 'x');
	CALL(__NR64_close, fd);
}

static void peek_offset_moves_over_datagrams(void **state)
{
	run(peek_off_prog);
}

static long set(int fd, int name, int val)
{
	return CALL(__NR64_setsockopt, fd, SOL_SOCKET, name, (long)&val,
		    sizeof(val));
}

static long getv(int fd, int name)
{
	int v = -1, len = sizeof(v);
	long err = CALL(__NR64_getsockopt, fd, SOL_SOCKET, name, (long)&v,
			(long)&len);

	return err ? err : v;
}

/* Name, value set, result, value read back. Measured on Linux 6.18. */
static const struct {
	int name, val;
	long set, get;
} options[] = {
	{ SO_REUSEADDR, 1, 0, 1 },
	{ SO_REUSEADDR, -5, 0, 1 },
	{ SO_TYPE, 1, -ENOPROTOOPT, SOCK_DGRAM },
	{ SO_ERROR, 1, -ENOPROTOOPT, 0 },
	{ SO_DOMAIN, 1, -ENOPROTOOPT, AF_INET },
	{ SO_PROTOCOL, 1, -ENOPROTOOPT, 17 },
	{ SO_ACCEPTCONN, 1, -ENOPROTOOPT, 0 },
	{ SO_SNDBUF, 1, 0, 4608 },
	{ SO_SNDBUF, 100000, 0, 200000 },
	{ SO_SNDBUF, -1, 0, 2 * 4194304 },
	{ SO_RCVBUF, 1, 0, 2304 },
	{ SO_RCVBUF, 100000, 0, 200000 },
	{ SO_BUF_LOCK, 3, 0, 3 },
	{ SO_BUF_LOCK, 4, -EINVAL, 3 },
	{ SO_PRIORITY, 7, 0, 7 },
	{ SO_PASSCRED, 1, -EOPNOTSUPP, -EOPNOTSUPP },
	{ SO_RCVLOWAT, 0, 0, 1 },
	{ SO_SNDLOWAT, 1, -ENOPROTOOPT, 1 },
	{ SO_MARK, 9, 0, 9 },
	{ SO_PEEK_OFF, -2, 0, -2 },
	{ SO_RXQ_OVFL, 5, 0, 1 },
	{ SO_LOCK_FILTER, 1, 0, 1 },
	{ SO_LOCK_FILTER, 0, -EPERM, 1 },
	{ SO_DETACH_FILTER, 0, -EPERM, -ENOPROTOOPT },
	{ SO_BUSY_POLL, -1, -EINVAL, 0 },
	{ SO_BPF_EXTENSIONS, 1, -ENOPROTOOPT, 64 },
	{ SO_INCOMING_CPU, 3, 0, 3 },
	{ SO_INCOMING_NAPI_ID, 1, -ENOPROTOOPT, 0 },
	{ SO_BINDTOIFINDEX, -1, -EINVAL, 0 },
	{ SO_BINDTOIFINDEX, 1, 0, 1 },
	{ SO_TIMESTAMP_OLD, 1, 0, 1 },
	{ SO_TIMESTAMPNS_OLD, 1, 0, 1 },
	{ SO_TIMESTAMP_OLD, 0, 0, 0 },
	{ SO_TIMESTAMPING_OLD, 0x18, 0, 0x18 },
	{ SO_TIMESTAMPING_OLD, 0x7fffffff, -EINVAL, 0x18 },
	{ SO_TXREHASH, 1, -EOPNOTSUPP, -EOPNOTSUPP },
	{ SO_LINGER, 1, -EINVAL, 0 },
	{ SO_RCVTIMEO_OLD, 1, -EINVAL, 0 },
	{ 22, 1, -ENOPROTOOPT, -ENOPROTOOPT },
	{ 1000, 1, -ENOPROTOOPT, -ENOPROTOOPT },
};

static void options_prog(void *arg)
{
	int fd = udp_socket(), len;
	s64 tv[2] = { 1, 500000 };
	struct linger l = { 1, 5 };
	char name[16] = "lo";

	(void)arg;
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		int before = failures;

		EXPECT(set(fd, options[i].name, options[i].val),
		       options[i].set);
		EXPECT(getv(fd, options[i].name), options[i].get);
		if (failures != before)
			fprintf(stderr, "  option %d\n", options[i].name);
	}
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO_OLD,
		    (long)tv, sizeof(tv)),
	       0);
	tv[0] = tv[1] = 0;
	len = sizeof(tv);
	EXPECT(CALL(__NR64_getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO_NEW,
		    (long)tv, (long)&len),
	       0);
	EXPECT(tv[0] == 1 && tv[1] == 500000 && len == 16, 1);
	tv[1] = 1000000;
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO_OLD,
		    (long)tv, sizeof(tv)),
	       -EDOM);
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_LINGER, (long)&l,
		    sizeof(l)),
	       0);
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE,
		    (long)name, 3),
	       0);
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE,
		    (long)"none", 5),
	       -ENODEV);
	len = sizeof(name);
	EXPECT(CALL(__NR64_getsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE,
		    (long)name, (long)&len),
	       0);
	EXPECT(len == 3 && !strcmp(name, "lo"), 1);
	len = 3;
	EXPECT(CALL(__NR64_getsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE,
		    (long)name, (long)&len),
	       -EINVAL);
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, (long)&len,
		    3),
	       -EINVAL);
	EXPECT(CALL(__NR64_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, 1, 4),
	       -EFAULT);
	CALL(__NR64_close, fd);
}

static void options_answer_as_linux(void **state)
{
	run(options_prog);
}

static void full_buffer_prog(void *arg)
{
	int fd = udp_socket(), n = 0;

	(void)arg;
	EXPECT(set(fd, SO_RCVBUF, 5000), 0);
	for (int i = 0; i < 100; i++)
		put(fd, "x");
	while (get(fd, MSG_DONTWAIT) == 'x')
		n++;
	/* truesize counts, not bytes; what is lost is counted */
	EXPECT(n > 2 && n < 30, 1);
	put(fd, "y");
	EXPECT(get(fd, MSG_DONTWAIT), 'y');
	CALL(__NR64_close, fd);
}

static void receive_buffer_bounds_what_waits(void **state)
{
	run(full_buffer_prog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_datagrams_come_back),
		cmocka_unit_test(refused_messages_of_the_error_queue_too),
		cmocka_unit_test(peek_offset_moves_over_datagrams),
		cmocka_unit_test(options_answer_as_linux),
		cmocka_unit_test(receive_buffer_bounds_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
