/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: processes, tasks, and the direct gate by which they call.
 *
 * A call is served in the task that makes it, with the arguments as they are:
 * the program's memory is ours. For those that are no tasks one task of the
 * kernel stands in ("outside"): it runs alone until the call is done, and where
 * it would sleep it is interrupted instead, so that such calls do not block.
 *
 * A killed process ends as by SIGKILL: its sleeping calls are interrupted,
 * give up what they hold in the kernel, and then the task ends instead of
 * returning to its function.
 */
#include "ports/sim/library.h"

#include "fs/fs.h"
#include "kernel/syscalls.h"
#include "net/core/net_namespace.h"
#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static __thread struct tg_proc *acting_for;

/* The direct gate. What a null pointer and its fields would be is bad. */
#define BAD_POINTER 4096

static size_t direct_copy_in(struct task *t, void *to, u64 from, size_t n)
{
	(void)t;
	if (from < BAD_POINTER)
		return n;
	memcpy(to, (const void *)(uintptr_t)from, n);
	return 0;
}

static size_t direct_copy_out(struct task *t, u64 to, const void *from,
			      size_t n)
{
	(void)t;
	if (to < BAD_POINTER)
		return n;
	memcpy((void *)(uintptr_t)to, from, n);
	return 0;
}

static const struct gate direct_gate = {
	.name = "direct",
	.copy_in = direct_copy_in,
	.copy_out = direct_copy_out,
};

/* Calls */

static void task_becomes(struct task *t, const struct tg_proc *p)
{
	t->files = p->files;
	t->gate = &direct_gate;
	t->net = p->host->net;
	t->pid = t->tid = p->pid;
	t->cred.caps = ~0ULL;
}

/* The call in t->regs, by @t, which is the current task. */
static void serve(struct task *t)
{
	t->regs.arch = ABI_X86_64;
	t->flags &= ~(TASK_SIGPENDING | TASK_EFFECT | TASK_SIGPIPE);
	t->settle = NULL;
	kernel_tick();
	system_call(t);
	task_settle(t, true);
}

/* What the kernel says to be restarted has no one here to restart it. */
static long result_of(long ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTARTNOHAND ? -EINTR : ret;
}

static void outside_main(struct task *t)
{
	struct tg_kernel *k = t->arg;

	while (!k->outside_quit) {
		serve(t);
		k->outside_busy = false;
		set_current_state(TASK_SLEEPING);
		schedule();
	}
}

static long outside_call(struct tg_kernel *k, struct tg_proc *p, long nr,
			 const u64 args[6])
{
	struct task *t = k->outside;
	long ret;

	if (!t) {
		t = task_create(outside_main, k);
		if (!t)
			return -ENOMEM;
		memcpy(t->comm, "outside", sizeof("outside"));
		k->outside = t;
	}
	task_becomes(t, p);
	t->regs.nr = (u64)nr;
	memcpy(t->regs.args, args, sizeof(t->regs.args));
	k->outside_busy = true;
	(void)wake_up_process(t);
	kernel_run_task(t);
	while (k->outside_busy) {
		/* It would block. */
		task_interrupt(t);
		kernel_run_task(t);
	}
	ret = result_of((long)t->regs.ret);
	if (ret == -EINTR)
		ret = nr == __NR64_connect ? -EINPROGRESS : -EAGAIN;
	tg_realtime_arm(k);
	return ret;
}

/* In a task of another process: it acts for @p during the call. */
static long borrowed_call(struct task *t, struct tg_proc *p, long nr,
			  const u64 args[6])
{
	struct task before = *t;

	task_becomes(t, p);
	t->regs.nr = (u64)nr;
	memcpy(t->regs.args, args, sizeof(t->regs.args));
	serve(t);
	t->files = before.files;
	t->net = before.net;
	t->pid = before.pid;
	t->tid = before.tid;
	return result_of((long)t->regs.ret);
}

void tg_outside_exit(struct tg_kernel *k)
{
	struct task *t = k->outside;

	if (!t)
		return;
	k->outside_quit = true;
	(void)wake_up_process(t);
	kernel_run_task(t);
	k->outside = NULL;
}

long tg_call(struct tg_proc *p, long nr, const u64 args[6])
{
	struct tg_kernel *k = p->host->k;

	if (k->in_callback || tg_abroad(k))
		return -EDEADLK;
	if (!p->files)
		return -ESRCH;
	ENTER(k);
	if (k->kernel.curr)
		return borrowed_call(k->kernel.curr, p, nr, args);
	return outside_call(k, p, nr, args);
}

struct tg_task *tg_self(void)
{
	struct kernel *k = this_kernel;
	struct task *t = k ? k->curr : NULL;

	return t && t->gate_data && !tg_this()->in_callback ? t->gate_data :
							      NULL;
}

static _Noreturn void task_ends(struct tg_task *self);

long tg_syscall(long nr, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
		uintptr_t e, uintptr_t f)
{
	const u64 args[6] = { a, b, c, d, e, f };
	struct tg_task *self = tg_self();
	struct task *t;

	if (!self)
		return acting_for ? tg_call(acting_for, nr, args) : -ESRCH;
	t = self->task;
	t->regs.nr = (u64)nr;
	memcpy(t->regs.args, args, sizeof(args));
	serve(t);
	if (self->proc->killed)
		task_ends(self);
	return result_of((long)t->regs.ret);
}

struct tg_proc *tg_act_for(struct tg_proc *p)
{
	struct tg_proc *before = acting_for;

	acting_for = p;
	return before;
}

/* Processes */

struct tg_proc *tg_proc_make(struct tg_host *h)
{
	struct tg_proc *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->files = alloc_fdtable(h->k->max_fds);
	if (!p->files) {
		free(p);
		return NULL;
	}
	p->host = h;
	p->pid = (int)++h->k->next_pid;
	INIT_LIST_HEAD(&p->tasks);
	list_add_tail(&p->list, &h->procs);
	return p;
}

int tg_proc_new(struct tg_host *h, struct tg_proc **ret_proc)
{
	struct tg_proc *p;

	if (!h || !ret_proc)
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	if (h->dying)
		return -ESRCH;
	ENTER(h->k);
	p = tg_proc_make(h);
	if (!p)
		return -ENOMEM;
	p->held = true;
	*ret_proc = p;
	return 0;
}

/*
 * Close its descriptors. LINUX: the end of a process does not wait by
 * SO_LINGER, which close() does: so this is done as nobody.
 */
static void proc_close_files(struct tg_proc *p)
{
	struct kernel *k = &p->host->k->kernel;
	struct files_struct *files = p->files;
	struct task *t = k->curr;

	if (!files)
		return;
	p->files = NULL;
	k->curr = NULL;
	put_files_struct(files);
	k->curr = t;
}

/* Its tasks have ended: is there a reason for it to be? */
static void proc_settle(struct tg_proc *p)
{
	if (!list_empty(&p->tasks) || (p->held && !p->killed))
		return;
	proc_close_files(p);
	if (p->held)
		return;
	list_del(&p->list);
	if (acting_for == p)
		acting_for = NULL;
	free(p);
}

void tg_proc_kill(struct tg_proc *p)
{
	struct kernel *k = &p->host->k->kernel;
	struct tg_task *t;

	p->killed = true;
	list_for_each_entry(t, &p->tasks, list) {
		if (t->task != k->curr)
			task_interrupt(t->task);
	}
	if (k->curr)
		return; /* the others end when they are run */
	while (!list_empty(&p->tasks)) {
		t = list_first_entry(&p->tasks, struct tg_task, list);
		task_interrupt(t->task);
		kernel_run_task(t->task);
	}
}

void tg_proc_free(struct tg_proc *p)
{
	struct tg_task *self = tg_self();
	struct tg_kernel *k;

	if (!p)
		return;
	k = p->host->k;
	if (k->in_callback || tg_abroad(k))
		return;
	ENTER(k);
	/* Held until all is done: the last of its tasks would free it. */
	p->held = true;
	tg_proc_kill(p);
	p->held = false;
	if (self && self->proc == p)
		task_ends(self);
	proc_settle(p);
}

/* Tasks */

static _Noreturn void task_ends(struct tg_task *self)
{
	struct tg_proc *p = self->proc;
	struct tg_kernel *k = self->k;

	list_del(&self->list);
	self->proc = NULL;
	self->task->files = NULL;
	k->tasks--;
	proc_settle(p);
	wake_up_interruptible_all(&self->ended);
	if (self->held)
		list_add_tail(&self->list, &k->dead_tasks);
	else
		free(self);
	do_exit();
}

static void task_begins(struct task *t)
{
	struct tg_task *self = t->gate_data;

	if (!self->proc->killed)
		self->fn(self->arg);
	task_ends(self);
}

/* A process that begins has no task yet: it is its caller's to free then. */
static int task_make(struct tg_proc *p, void (*fn)(void *arg), void *arg,
		     struct tg_task **ret_task)
{
	struct tg_kernel *k = p->host->k;
	struct tg_task *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->task = task_create(task_begins, NULL);
	if (!t->task) {
		free(t);
		return -ENOMEM;
	}
	t->proc = p;
	t->k = k;
	t->fn = fn;
	t->arg = arg;
	t->held = ret_task;
	init_waitqueue_head(&t->ended);
	list_add_tail(&t->list, &p->tasks);
	task_becomes(t->task, p);
	t->task->gate_data = t;
	memcpy(t->task->comm, "task", sizeof("task"));
	k->tasks++;
	task_wake_new(t->task);
	if (ret_task)
		*ret_task = t;
	tg_realtime_arm(k);
	return 0;
}

int tg_task_new(struct tg_proc *p, void (*fn)(void *arg), void *arg,
		struct tg_task **ret_task)
{
	if (!p || !fn)
		return -EINVAL;
	if (p->host->k->in_callback)
		return -EDEADLK;
	if (p->killed)
		return -ESRCH;
	ENTER(p->host->k);
	return task_make(p, fn, arg, ret_task);
}

int tg_spawn(struct tg_host *h, void (*fn)(void *arg), void *arg,
	     struct tg_task **ret_task)
{
	struct tg_proc *p;
	int err;

	if (!h || !fn)
		return -EINVAL;
	if (h->k->in_callback)
		return -EDEADLK;
	if (h->dying)
		return -ESRCH;
	ENTER(h->k);
	p = tg_proc_make(h);
	if (!p)
		return -ENOMEM;
	err = task_make(p, fn, arg, ret_task);
	if (err)
		proc_settle(p);
	return err;
}

void tg_task_free(struct tg_task *t)
{
	if (!t)
		return;
	t->held = false;
	if (!t->proc) {
		list_del(&t->list);
		free(t);
	}
}

bool tg_task_done(const struct tg_task *t)
{
	return !t->proc;
}

int tg_task_interrupt(struct tg_task *t)
{
	if (!t)
		return -EINVAL;
	if (t->k->in_callback)
		return -EDEADLK;
	if (!t->proc)
		return -ESRCH;
	ENTER(t->k);
	if (t->task != t->k->kernel.curr)
		task_interrupt(t->task);
	tg_realtime_arm(t->k);
	return 0;
}

/* Before a wait of the library's own, and after it. */
static void wait_begins(struct task *t)
{
	t->flags &= ~TASK_SIGPENDING;
	kernel_tick();
}

static int wait_ends(struct tg_task *self, bool interrupted)
{
	if (self->proc->killed)
		task_ends(self);
	return interrupted ? -EINTR : 0;
}

int tg_task_join(struct tg_task *t)
{
	struct tg_task *self = tg_self();
	int err;

	if (!t)
		return -EINVAL;
	if (!t->proc)
		return 0;
	if (t == self || t->k->in_callback)
		return -EDEADLK;
	if (!self || self->k != t->k)
		return -EAGAIN;
	wait_begins(self->task);
	err = wait_event_interruptible(t->ended, !t->proc);
	return wait_ends(self, err);
}

int tg_sleep(uint64_t ns)
{
	struct tg_task *self = tg_self();
	struct task *t;
	u64 until;

	if (!self)
		return tg_this() && tg_this()->in_callback ? -EDEADLK : -ESRCH;
	t = self->task;
	wait_begins(t);
	until = ktime_get_ns();
	until = ns > ~0ULL - 1 - until ? ~0ULL - 1 : until + ns;
	if (!ns)
		schedule();
	while (ktime_get_ns() < until && !(t->flags & TASK_SIGPENDING)) {
		set_current_state(TASK_SLEEPING);
		schedule_hrtimeout(until);
	}
	return wait_ends(self, t->flags & TASK_SIGPENDING);
}
