/* SPDX-License-Identifier: MIT */
/*
 * Programs for unit tests: a task whose memory is a window of 64 KiB at
 * address 0x10000, everything else being a bad pointer, so that EFAULT can be
 * claimed to the byte. Calls of both ABIs.
 *
 *	static void prog(void *arg)
 *	{
 *		EXPECT(call64(__NR64_socket, 99, 1, 0), -EAFNOSUPPORT);
 *	}
 *	static void socket_family_out_of_range(void **state)
 *	{
 *		run_prog(prog);
 *	}
 *
 * A failed EXPECT is counted; run_prog() fails the test at its end (a cmocka
 * assertion must not jump out of a task's stack).
 */
#ifndef TESTS_UNIT_PROG_H
#define TESTS_UNIT_PROG_H

#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/syscalls.h"
#include "ports/sim/sim.h"
#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#include "tests/unit/unit.h"
#include <errno.h>
#include <stdio.h>

#define U_BASE 0x10000UL
#define U_SIZE 0x10000UL
/* The first address behind the window. */
#define U_END (U_BASE + U_SIZE)

static char u_mem[U_SIZE];
static int prog_failures;

/* The program's memory at an address of the program. */
__attribute__((unused)) static void *u_ptr(unsigned long addr)
{
	return u_mem + (addr - U_BASE);
}

static size_t u_reach(uint64_t addr, size_t n)
{
	if (addr < U_BASE || addr >= U_END)
		return 0;
	return n < U_END - addr ? n : U_END - addr;
}

static size_t prog_copy_in(struct task *t, void *to, u64 from, size_t n)
{
	size_t ok = u_reach(from, n);

	(void)t;
	if (ok)
		memcpy(to, u_ptr(from), ok);
	return n - ok;
}

static size_t prog_copy_out(struct task *t, u64 to, const void *from, size_t n)
{
	size_t ok = u_reach(to, n);

	(void)t;
	if (ok)
		memcpy(u_ptr(to), from, ok);
	return n - ok;
}

/* Tests may fill in more. */
static struct gate prog_gate = {
	.name = "prog",
	.copy_in = prog_copy_in,
	.copy_out = prog_copy_out,
};

static long prog_call(enum abi abi, long nr, const long *a)
{
	struct task *t = current;

	t->regs.nr = (u64)nr;
	t->regs.arch = abi;
	for (int i = 0; i < 6; i++)
		t->regs.args[i] = (u64)a[i];
	t->flags &= ~(TASK_SIGPENDING | TASK_EFFECT | TASK_SIGPIPE);
	t->settle = NULL;
	kernel_tick();
	system_call(t);
	task_settle(t, true);
	return (long)t->regs.ret;
}

#define call64(nr, ...) \
	prog_call(ABI_X86_64, nr, (const long[6]){ __VA_ARGS__ })
#define call32(nr, ...) \
	prog_call(ABI_I386, nr, (const long[6]){ __VA_ARGS__ })

#define EXPECT(expr, want)                                                   \
	do {                                                                 \
		long got_ = (long)(expr), want_ = (long)(want);              \
		if (got_ != want_) {                                         \
			fprintf(stderr, "%s:%d: %s is %ld, not %ld\n",       \
				__FILE__, __LINE__, #expr, got_, want_);     \
			prog_failures++;                                     \
		}                                                            \
	} while (0)

static void (*prog_fn)(void *arg);

static void prog_main(void *arg)
{
	current->gate = &prog_gate;
	prog_fn(arg);
}

/* Run one program on a kernel of its own; nothing may be left behind. */
__attribute__((unused)) static void run_prog(void (*fn)(void *arg))
{
	struct sim *s = sim_new(1);

	assert_non_null(s);
	prog_failures = 0;
	memset(u_mem, 0, sizeof(u_mem));
	prog_fn = fn;
	assert_non_null(sim_spawn(s, NULL, prog_main, NULL));
	sim_run(s, SIM_FOREVER);
	assert_int_equal(sim_running(s), 0);
	assert_int_equal(sim_free(s), 0);
	assert_int_equal(prog_failures, 0);
}

#endif
