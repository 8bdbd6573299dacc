/* SPDX-License-Identifier: MIT */
/*
 * The end of a socket, and for a trace what it belongs to.
 *
 * The host's system closes the number; whether that was the last one shows
 * when D hangs up. Closing a socket may sleep, so it is a task's work. While
 * somebody traces, that task is made when close() traps, for then the
 * program's stack can be seen, and waits (thread.closing) for what comes first:
 *
 *   D hangs up                     it closes the socket
 *   the thread goes on (or ends)   it was not the last number: nothing to do
 *
 * A last number that vanishes otherwise (exit, exec, dup2) is closed by a task
 * on behalf of the process that had it.
 */
#include "ports/host/host.h"

#include "net/core/sock.h"
#include "net/net.h"
#include "trace/trace.h"
#include <string.h>

static void close_task(struct task *t)
{
	fput(t->arg);
}

static void traced_close_task(struct task *t)
{
	const struct host_observer *o = supervisor()->observer;
	struct file *f = t->arg;

	trace_event(TRACE_TASK_START, t->id, 0, 0, 0, NULL);
	t->regs.ret = 0;
	if (f) {
		sock_use(sock_from_file(f));
		fput(f);
	}
	trace_event(TRACE_TASK_END, t->id, 0, 0, 0, NULL);
	if (o->call_answer)
		o->call_answer(t);
	if (o->call_end)
		o->call_end(t, true, false);
}

void closing_begin(struct thread *th, const struct seccomp_notif *n,
		   struct placeholder *ph)
{
	const struct host_observer *o = supervisor()->observer;
	struct task *t;

	/* Another thread closed another number of it. */
	if (ph->closer)
		closing_settle(ph->closer);
	t = task_create(traced_close_task, NULL);
	if (!t)
		return;
	t->pid = th->proc->pid;
	t->tid = th->tid;
	t->flags |= TASK_TRACED;
	t->regs.nr = (u64)(s64)n->data.nr;
	memcpy(t->regs.args, n->data.args, sizeof(t->regs.args));
	t->regs.ip = n->data.instruction_pointer;
	t->regs.arch = abi_of(n);
	memcpy(t->comm, th->proc->comm, sizeof(t->comm));
	if (o->call_begin)
		o->call_begin(t);
	th->closing = t;
	th->closing_ph = ph;
	placeholder_get(ph);
	ph->closer = th;
}

/* Its task may run: with the last reference to the file, or without. */
static void closing_end(struct thread *th, struct file *f)
{
	struct task *t = th->closing;
	struct placeholder *ph = th->closing_ph;

	th->closing = NULL;
	th->closing_ph = NULL;
	ph->closer = NULL;
	/* For it to say what was closed. */
	if (!f && ph->file)
		f = get_file(ph->file);
	t->arg = f;
	task_wake_new(t);
	placeholder_put(ph);
}

void closing_settle(struct thread *th)
{
	if (!th->closing)
		return;
	placeholder_look(th->closing_ph);
	if (th->closing)
		closing_end(th, NULL);
}

void last_close(struct placeholder *ph)
{
	const struct host_observer *o = supervisor()->observer;
	struct thread *th = ph->closer;
	struct process *p = ph->holder;
	struct task *t;

	if (!ph->file)
		return;
	if (th) {
		closing_end(th, placeholder_take(ph));
		return;
	}
	t = task_create(close_task, NULL);
	if (!t) {
		pr_err("trapgate: no memory to close a socket: it is lost");
		(void)placeholder_take(ph);
		return;
	}
	if (o && o->task_begin && p) {
		t->pid = t->tid = p->pid;
		memcpy(t->comm, p->comm, sizeof(t->comm));
		o->task_begin(t);
	}
	t->arg = placeholder_take(ph);
	task_wake_new(t);
}
