/* SPDX-License-Identifier: MIT */
/*
 * Where every system call enters, whatever gate it came through.
 *
 *	system_call: nr out of range -------------------> badsys (-ENOSYS)
 *	             TASK_TRACED --> tracesys (may rewrite nr), then as below
 *	             table of the ABI [nr] --> handler --> regs.ret
 *
 * The call runs in process context, in the task's own fiber: it may sleep.
 */
#include "kernel/syscalls.h"

#include "trace/trace.h"
#include <asm/errno.h>

/* No such call, or one that is answered before it gets here. */
static noinline long badsys(struct task *t)
{
	return fail(-ENOSYS, "no such system call here");
}

static inline long do_syscall(struct task *t)
{
	struct pt_regs *regs = &t->regs;
	u64 nr = regs->nr;

	/* As EAX: the upper half of the register does not count. */
	if (regs->arch == ABI_I386) {
		nr = (u32)nr;
		if (nr >= ia32_nr_syscalls)
			return badsys(t);
		nr = array_index_nospec(nr, ia32_nr_syscalls);
		t->call = ia32_sys_call_table[nr];
	} else {
		if (nr >= nr_syscalls)
			return badsys(t);
		nr = array_index_nospec(nr, nr_syscalls);
		t->call = sys_call_table[nr];
	}
	if (!t->call || !t->call->handler)
		return badsys(t);
	return t->call->handler(regs->args);
}

/*
 * A traced task: its tracer sees the call before and after, and the result
 * that it sees before is -ENOSYS. It may have changed the number: to -1, then
 * a result that it left stands.
 */
static noinline long tracesys(struct task *t)
{
	const struct gate *gate = t->gate;

	t->regs.ret = -ENOSYS;
	if (gate->trace_enter)
		gate->trace_enter(t);
	if ((s64)t->regs.nr != -1 || t->regs.ret == -ENOSYS)
		t->regs.ret = do_syscall(t);
	if (gate->trace_exit)
		gate->trace_exit(t);
	return (long)t->regs.ret;
}

void system_call(struct task *t)
{
	if (t->regs.arch == ABI_I386)
		for (int i = 0; i < SYSCALL_MAX_ARGS; i++)
			t->regs.args[i] = (u32)t->regs.args[i];
	trace_event(TRACE_TASK_START, t->id, 0, 0, 0, NULL);
	if (unlikely(t->flags & TASK_TRACED))
		t->regs.ret = tracesys(t);
	else
		t->regs.ret = do_syscall(t);
	trace_event(TRACE_TASK_END, t->id, t->regs.ret, 0, 0, NULL);
}
