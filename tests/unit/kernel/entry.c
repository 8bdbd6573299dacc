/* SPDX-License-Identifier: MIT */
/*
 * system_call: bounds, both tables, the tracer of a traced task.
 */
#include "tests/unit/net/family40.h"
#include "tests/unit/prog.h"

static void prog_badsys(void *arg)
{
	long bad[] = { 386, 9999, -1, 0x40000000 | 102, 1L << 40 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT(call64(bad[i], 0), -ENOSYS);
		if (bad[i] != 1L << 40)
			EXPECT(call32(bad[i], 0), -ENOSYS);
	}
	/* The gate's own never get here. */
	EXPECT(call64(__NR64_io_uring_setup, 0, 0), -ENOSYS);
	/* EAX is all that counts of the register. */
	EXPECT(call32((1L << 32) | __NR32_close, 3), -EBADF);
}

static void bad_numbers_give_enosys(void **state)
{
	run_prog(prog_badsys);
}

static void prog_tables(void *arg)
{
	EXPECT(__NR64_socket, 41);
	EXPECT(__NR32_socketcall, 102);
	EXPECT(__NR32_recvmmsg_time64, 417);
	for (unsigned int i = 0; i < nr_syscall_rows; i++) {
		const struct syscall *r = syscall_rows[i];

		if (r->nr[ABI_X86_64] >= 0)
			EXPECT(sys_call_table[r->nr[ABI_X86_64]] == r, true);
		if (r->nr[ABI_I386] >= 0)
			EXPECT(ia32_sys_call_table[r->nr[ABI_I386]] == r, true);
		if (r->socketcall)
			EXPECT(socketcall_table[r->socketcall] == r, true);
	}
	for (int i = 359; i <= 373; i++)
		EXPECT(syscall_row(ABI_I386, (u64)i)->trap, TRAP_ALWAYS);
	EXPECT(syscall_row(ABI_X86_64, 10000) == NULL, true);
}

static void every_row_is_where_it_says(void **state)
{
	run_prog(prog_tables);
}

/* i386 arguments are 32 bits: signed ones keep their sign, others do not. */
static void prog_args(void *arg)
{
	family40_add();
	EXPECT(call32(__NR32_socket, 0x500000000L | AF_40, SOCK_DGRAM, 0), 0);
	EXPECT(call32(__NR32_bind, 0, 8, 0xffffffffL), -EINVAL);
	EXPECT(call32(__NR32_write, 0, 0x700000000L | U_BASE, 4), 4);
	EXPECT(call64(__NR64_write, 0, 0x700000000L | U_BASE, 4), -EFAULT);
	EXPECT(call32(__NR32_lseek, 0, 0, 0), -ESPIPE);
	EXPECT(call64(__NR64_lseek, 0, 0, 9), -EINVAL);
}

static void i386_arguments_have_32_bits(void **state)
{
	run_prog(prog_args);
}

static int entered, left;
static s64 preset;
static u64 rewrite_to;

static void tracer_enter(struct task *t)
{
	entered++;
	preset = t->regs.ret;
	if (rewrite_to)
		t->regs.nr = rewrite_to;
}

static void tracer_exit(struct task *t)
{
	left++;
}

static void prog_traced(void *arg)
{
	struct gate gate = prog_gate;

	gate.trace_enter = tracer_enter;
	gate.trace_exit = tracer_exit;
	entered = left = 0;
	rewrite_to = 0;
	current->gate = &gate;
	current->flags |= TASK_TRACED;
	EXPECT(call64(__NR64_close, 5), -EBADF);
	EXPECT(entered, 1);
	EXPECT(left, 1);
	EXPECT(preset, -ENOSYS);
	rewrite_to = __NR64_socket;
	EXPECT(call64(__NR64_close, -1, 0, 0), -EAFNOSUPPORT);
	/* Number -1 skips the call; what the tracer left stands. */
	rewrite_to = (u64)-1;
	EXPECT(call64(__NR64_close, 5), -ENOSYS);
	current->flags &= ~TASK_TRACED;
	EXPECT(call64(__NR64_close, 5), -EBADF);
	EXPECT(entered, 3);
	EXPECT(left, 3);
	current->gate = &prog_gate;
}

static void tracesys_presets_and_rewrites(void **state)
{
	run_prog(prog_traced);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_numbers_give_enosys),
		cmocka_unit_test(every_row_is_where_it_says),
		cmocka_unit_test(i386_arguments_have_32_bits),
		cmocka_unit_test(tracesys_presets_and_rewrites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
