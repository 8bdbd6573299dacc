/* SPDX-License-Identifier: MIT */
/*
 * Random system calls of both ABIs against a kernel on the sim port, chosen by
 * the bytes of the input.
 *
 * Each run is a fresh kernel with a few programs. Their memory is an arena
 * that only this gate knows: a pointer outside it faults, as a wild pointer
 * does. Arguments are chosen by their kind in kernel/syscalls.tbl, mostly
 * plausible, sometimes absurd. A call that sleeps is interrupted after a
 * virtual second. At the end everything is closed, time passes, and no task
 * and no byte may be left.
 */
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/timer.h"
#include "ports/sim/sim.h"

#include "fuzz/arguments.h"
#include <stdio.h>
#include <stdlib.h>

#define NR_PROGRAMS 4
#define NR_CALLS 300
#define NR_FDS 12

const size_t fuzz_input_max = 32768;

/* The gate */

static size_t arena_part(u64 at, size_t n)
{
	if (at < ARENA_BASE || at >= ARENA_BASE + ARENA_SIZE)
		return 0;
	return min(n, (size_t)(ARENA_BASE + ARENA_SIZE - at));
}

static size_t arena_in(struct task *t, void *to, u64 from, size_t n)
{
	size_t can = arena_part(from, n);

	memcpy(to, arena + (from - ARENA_BASE) * !!can, can);
	return n - can;
}

static size_t arena_out(struct task *t, u64 to, const void *from, size_t n)
{
	size_t can = arena_part(to, n);

	memcpy(arena + (to - ARENA_BASE) * !!can, from, can);
	return n - can;
}

static const struct gate arena_gate = {
	.name = "fuzz",
	.copy_in = arena_in,
	.copy_out = arena_out,
};

u64 some_fd(void)
{
	return pick(20) ? pick(NR_FDS) : odd_number();
}

/* The programs */

struct watchdog {
	struct timer_list timer;
	struct task *task;
};

static void bark(struct timer_list *timer)
{
	struct watchdog *w = from_timer(w, timer, timer);

	task_interrupt(w->task);
}

static void one_call(struct watchdog *w)
{
	struct task *t = current;
	const struct syscall *row;
	void (*settle)(struct task *, bool);

	do
		row = syscall_rows[pick(nr_syscall_rows)];
	while (!row->handler);
	t->regs.arch = pick(2) ? ABI_X86_64 : ABI_I386;
	if (row->nr[t->regs.arch] < 0)
		t->regs.arch ^= 1;
	if (row->nr[t->regs.arch] < 0)
		return;
	t->regs.nr = pick(200) ? (u64)row->nr[t->regs.arch] : odd_number();
	some_arguments(row, t->regs.args);

	t->flags &= ~(TASK_SIGPENDING | TASK_SLEPT | TASK_EFFECT |
		      TASK_SIGPIPE | TASK_TRACED);
	if (!pick(16))
		t->flags |= TASK_TRACED;
	t->settle = NULL;
	w->task = t;
	mod_timer(&w->timer, jiffies + HZ);
	system_call(t);
	del_timer(&w->timer);
	settle = t->settle;
	t->settle = NULL;
	if (settle)
		settle(t, pick(4) != 0);
}

static void program(void *arg)
{
	struct watchdog w = { .task = current };

	current->gate = &arena_gate;
	timer_setup(&w.timer, bark);
	for (int i = 0; i < NR_CALLS && choices.left; i++)
		one_call(&w);
}

/* What the kernel logs of absurd calls is of no interest here. */
static void quiet(int level, const char *line)
{
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim *s = sim_new(1);
	u8 how;

	if (!s)
		abort();
	arguments_begin(data, size);
	sim_log(s, quiet);
	how = in_u8(&choices);
	rich_arguments = how & 0x80;
	if (how % 4 == 0)
		kmem_fail_at(1 + in_u16(&choices) % 2000);
	for (int i = 0; i < NR_PROGRAMS; i++)
		(void)sim_spawn(s, NULL, program, NULL);
	(void)sim_run(s, SIM_FOREVER);
	kmem_fail_at(0);
	if (sim_running(s) || sim_free(s)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
