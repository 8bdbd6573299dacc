/* SPDX-License-Identifier: MIT */
/*
 * Calls from their task's start to their end.
 *
 *	serve -> task: system_call() -> call_finish: on the list of done calls
 *	answer_all: when nothing runs any more: mirror, answer, wake the task
 *	task: settle(taken), free
 *
 * An answer is refused when the call has become void: a signal took its
 * thread out of it. Then the program either sees EINTR and decides, or its
 * system repeats the call by itself, and neither is told to us. What cannot be
 * undone must not be done twice, so the result is kept for the thread's next
 * call; if that is the same one (instruction, number, arguments), it is the
 * answer. That is also how a call with a timeout, which Linux never restarts,
 * comes to its EINTR.
 */
#include "ports/host/host.h"

#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS_KEPT 64

static struct call *call_alloc(void)
{
	struct supervisor *sv = supervisor();
	struct call *c;

	if (list_empty(&sv->calls))
		return calloc(1, sizeof(*c));
	c = list_first_entry(&sv->calls, struct call, link);
	list_del(&c->link);
	sv->nr_calls--;
	memset(c, 0, sizeof(*c));
	return c;
}

static void call_free(struct call *c)
{
	struct supervisor *sv = supervisor();

	if (c->ph)
		placeholder_put(c->ph);
	process_put(c->proc);
	if (sv->nr_calls >= CALLS_KEPT) {
		free(c);
		return;
	}
	list_add(&c->link, &sv->calls);
	sv->nr_calls++;
}

void calls_exit(struct supervisor *sv)
{
	struct call *c, *n;

	list_for_each_entry_safe(c, n, &sv->calls, link)
		free(c);
}

void serve(struct thread *th, const struct seccomp_notif *n,
	   struct placeholder *ph, int fd, void (*fn)(struct task *))
{
	struct supervisor *sv = supervisor();
	struct process *p = th->proc;
	struct call *c = call_alloc();
	struct task *t = c ? task_create(fn, NULL) : NULL;

	if (!t) {
		free(c);
		answer_now(n, -ENOMEM);
		return;
	}
	c->task = t;
	c->thread = th;
	c->proc = p;
	process_get(p);
	c->ph = ph;
	if (ph)
		placeholder_get(ph);
	c->fd = fd;
	c->id = n->id;
	c->epoch = sv->epoch;
	c->pid = p->pid;
	c->tid = th->tid;
	th->call = c;

	t->pid = p->pid;
	t->tid = th->tid;
	t->gate = &seccomp_gate;
	t->gate_data = c;
	t->files = &p->files;
	process_cred(p);
	t->cred = p->cred;
	t->regs.nr = (u64)(s64)n->data.nr;
	memcpy(t->regs.args, n->data.args, sizeof(t->regs.args));
	t->regs.ip = n->data.instruction_pointer;
	t->regs.arch = abi_of(n);
	if (sv->observer) {
		memcpy(t->comm, p->comm, sizeof(t->comm));
		if (sv->observer->call_begin)
			sv->observer->call_begin(t);
	}
	task_wake_new(t);
}

void answer_now(const struct seccomp_notif *n, s64 ret)
{
	/* Refused: the call is void, and nothing was done. */
	(void)os_notif_send(supervisor()->listener, n->id, ret < 0 ? 0 : ret,
			     ret < 0 ? (s32)ret : 0, 0);
}

void resume(struct thread *th, const struct seccomp_notif *n)
{
	struct supervisor *sv = supervisor();

	if (sv->observer && sv->observer->call_native)
		sv->observer->call_native(th->proc->pid, th->tid, abi_of(n),
					  (u64)(s64)n->data.nr,
					  (const u64 *)n->data.args,
					  n->data.instruction_pointer);
	(void)os_notif_send(sv->listener, n->id, 0, 0,
			     SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

/* ---- repeated calls ---- */

static void replay_record(struct call *c)
{
	struct task *t = c->task;
	struct thread *th = c->thread;
	s64 ret = t->regs.ret;
	struct replay *r;

	/* Undone by settle(), never done, or as well done again. */
	if (!th || c->resume || (t->settle && !(t->flags & TASK_EFFECT)) ||
	    ret == -EAGAIN || (ret <= -ERESTARTSYS && ret > -MAX_ERRNO))
		return;
	r = th->replay ? th->replay : malloc(sizeof(*r));
	if (!r)
		return;
	th->replay = r;
	r->valid = true;
	r->arch = t->regs.arch;
	r->ip = t->regs.ip;
	r->nr = t->regs.nr;
	memcpy(r->args, t->regs.args, sizeof(r->args));
	r->ret = ret;
}

bool replay_call(struct thread *th, const struct seccomp_notif *n)
{
	struct replay *r = th->replay;
	u64 mask = abi_of(n) == ABI_I386 ? 0xffffffff : ~0ULL;

	if (!r || !r->valid)
		return false;
	r->valid = false;
	if (r->arch != abi_of(n) || r->ip != n->data.instruction_pointer ||
	    r->nr != (u64)(s64)n->data.nr)
		return false;
	for (int i = 0; i < 6; i++)
		if (r->args[i] != (n->data.args[i] & mask))
			return false;
	if (os_notif_send(supervisor()->listener, n->id,
			   r->ret < 0 ? 0 : r->ret,
			   r->ret < 0 ? (s32)r->ret : 0, 0) == -ENOENT)
		r->valid = true; /* void again */
	return true;
}

/* ---- the end of a call ---- */

static u64 status_mask(const char *text, const char *name)
{
	const char *s = strstr(text, name);

	return s ? strtoull(s + strlen(name), NULL, 16) : 0;
}

/*
 * SIGPIPE goes to the thread that wrote. Sent while the thread waits for our
 * answer, it takes it out of the call; which is right if it kills, but a
 * handler's program must see EPIPE as well. Returns true when to send it after
 * the answer.
 */
static bool raise_sigpipe(struct call *c)
{
	char path[40], buf[4096];
	u64 bit = 1ULL << (SIGPIPE - 1);

	snprintf(path, sizeof(path), "/proc/%d/status", c->tid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return false;
	if (status_mask(buf, "\nSigIgn:") & bit)
		return false;
	if (status_mask(buf, "\nSigCgt:") & bit)
		return true;
	(void)os_tgkill(c->pid, c->tid, SIGPIPE);
	return false;
}

static void answer(struct call *c)
{
	struct supervisor *sv = supervisor();
	struct task *t = c->task;
	s64 ret = t->regs.ret;
	bool sigpipe = false;
	int err;

	/* Only void calls come to these: should this one not be, it sees .. */
	if (ret <= -ERESTARTSYS && ret > -MAX_ERRNO)
		ret = -EINTR;
	if ((t->flags & TASK_SIGPIPE) && call_valid(c))
		sigpipe = raise_sigpipe(c);
	if (c->resume)
		err = os_notif_send(sv->listener, c->id, 0, 0,
				     SECCOMP_USER_NOTIF_FLAG_CONTINUE);
	else
		err = os_notif_send(sv->listener, c->id, ret < 0 ? 0 : ret,
				     ret < 0 ? (s32)ret : 0, 0);
	c->sent = true;
	c->taken = !err;
	if (sigpipe && c->taken)
		(void)os_tgkill(c->pid, c->tid, SIGPIPE);
}

void call_finish(struct task *t)
{
	struct supervisor *sv = supervisor();
	struct call *c = call_of(t);

	if (c->ph && c->ph->file)
		mirror_dirty(c->ph);
	if (sv->observer && sv->observer->call_answer)
		sv->observer->call_answer(t);
	if (!c->sent) {
		c->queued = true;
		list_add_tail(&c->link, &sv->done);
	}
	while (!c->sent) {
		set_current_state(TASK_SLEEPING);
		schedule();
	}
	if (!c->taken)
		replay_record(c);
	if (t->settle) {
		task_settle(t, c->taken);
		if (c->ph && c->ph->file)
			mirror_dirty(c->ph);
	}
	if (sv->observer && sv->observer->call_end)
		sv->observer->call_end(t, c->taken);
	if (c->thread)
		c->thread->call = NULL;
	t->gate_data = NULL;
	call_free(c);
}

void serve_system_call(struct task *t)
{
	system_call(t);
	call_finish(t);
}

u64 answer_all(void)
{
	struct supervisor *sv = supervisor();
	u64 next;

	for (;;) {
		next = kernel_run();
		mirror_flush();
		if (list_empty(&sv->done))
			break;
		while (!list_empty(&sv->done)) {
			struct call *c = list_first_entry(&sv->done,
							  struct call, link);

			list_del(&c->link);
			c->queued = false;
			answer(c);
			(void)wake_up_process(c->task);
		}
	}
	if (sv->observer && sv->observer->idle)
		sv->observer->idle();
	return next;
}

/* ---- calls that have lost their thread ---- */

void call_cancel(struct call *c)
{
	if (c->thread) {
		c->thread->call = NULL;
		c->thread = NULL;
	}
	c->cancelled = true;
	task_interrupt(c->task);
}

void call_retire(struct thread *th)
{
	struct call *c = th->call;

	c->cancelled = true;
	task_interrupt(c->task);
	(void)answer_all();
	/* A sleep that heeds no signal: it ends when it ends. */
	if (th->call)
		call_cancel(th->call);
}
