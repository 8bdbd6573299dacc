/* SPDX-License-Identifier: MIT */
/*
 * Calls from their task's start to their end.
 *
 *	serve -> task: system_call() -> call_finish: on the list of done calls
 *	answer_all: when nothing runs any more: mirror, answer, wake the task
 *	task: settle(taken), free
 *
 * An answer is refused when the call has become void: a signal took its
 * thread out of it. What cannot be undone must not be done twice, so the result
 * is kept for when the thread comes back: see sigreturn.c.
 */
#include "ports/host/host.h"

#include "net/core/sock.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS_KEPT 64

struct void_result {
	bool known;
	bool handler; /* of the program's has run */
	s64 ret;
};

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

static void last_call_begins(struct thread *th, const struct pt_regs *regs)
{
	struct last_call *l = &th->last;

	l->valid = true;
	l->ended = l->refused = l->nohand = l->again = false;
	l->arch = regs->arch;
	l->ip = regs->ip;
	l->nr = regs->nr;
	memcpy(l->args, regs->args, sizeof(l->args));
}

static void task_regs(struct pt_regs *regs, const struct seccomp_notif *n)
{
	regs->nr = (u64)(s64)n->data.nr;
	memcpy(regs->args, n->data.args, sizeof(regs->args));
	regs->ip = n->data.instruction_pointer;
	regs->arch = abi_of(n);
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
	task_regs(&t->regs, n);
	last_call_begins(th, &t->regs);
	if (sv->observer) {
		t->flags |= TASK_TRACED;
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

void resume_silently(struct thread *th, const struct seccomp_notif *n)
{
	struct pt_regs regs;

	if (!os_notif_send(supervisor()->listener, n->id, 0, 0,
			   SECCOMP_USER_NOTIF_FLAG_CONTINUE))
		return;
	/* It has not begun: whatever handler runs, it comes after that. */
	task_regs(&regs, n);
	last_call_begins(th, &regs);
	th->last.refused = th->last.again = true;
}

/* For the trace: the socket of ours whose number is about to change. */
static u64 sock_of(struct thread *th, const struct seccomp_notif *n)
{
	enum gate_kind kind = gate_kind_of(abi_of(n), (u32)n->data.nr);
	struct placeholder *ph;
	struct socket *sock;

	if ((kind != GK_FCNTL && kind != GK_IOCTL && kind != GK_DUP &&
	     kind != GK_DUP2 && kind != GK_DUP3) ||
	    process_fd(th->proc, (int)(u32)n->data.args[0], &ph) != FD_OURS)
		return 0;
	sock = sock_from_file(ph->file);
	return sock && sock->sk ? sock->sk->sk_id : 0;
}

void resume(struct thread *th, const struct seccomp_notif *n)
{
	struct supervisor *sv = supervisor();

	if (sv->observer && sv->observer->call_native)
		sv->observer->call_native(
			th->proc->pid, th->tid, abi_of(n), (u64)(s64)n->data.nr,
			(const u64 *)n->data.args, n->data.instruction_pointer,
			sock_of(th, n));
	resume_silently(th, n);
}

/* ---- repeated calls ---- */

static bool is_restart(s64 ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTARTNOHAND;
}

/* Is @n the call with these registers, made once more? */
static bool same_call(const struct seccomp_notif *n, u8 arch, u64 ip, u64 nr,
		      const u64 *args)
{
	u64 mask = abi_of(n) == ABI_I386 ? 0xffffffff : ~0ULL;

	if (arch != abi_of(n) || ip != n->data.instruction_pointer ||
	    nr != (u64)(s64)n->data.nr)
		return false;
	for (int i = 0; i < 6; i++)
		if (((args[i] ^ n->data.args[i]) & mask))
			return false;
	return true;
}

/* Before the call settles. */
static void last_call_ends(struct call *c)
{
	struct task *t = c->task;
	struct last_call *l = &c->thread->last;

	l->ret = t->regs.ret;
	l->refused = !c->taken;
	l->again = l->refused && c->again;
	l->nohand = l->refused && l->ret == -ERESTARTNOHAND;
	l->missed = supervisor()->missed;
	/* Refused: undone by settle(), never done, or as well done again. */
	l->ended = !c->resume &&
		   (c->taken || ((!t->settle || (t->flags & TASK_EFFECT)) &&
				 l->ret != -EAGAIN && !is_restart(l->ret)));
}

/* A handler makes calls of its own: the one it interrupted is kept. */
static void set_aside(struct thread *th)
{
	static const unsigned int room = ARRAY_SIZE(th->outer);

	if (!th->last.valid || !th->last.refused)
		return;
	if (th->nr_outer == room) /* some handlers never return */
		memmove(th->outer, th->outer + 1,
			--th->nr_outer * sizeof(th->outer[0]));
	th->outer[th->nr_outer++] = th->last;
}

bool replay_call(struct thread *th, const struct seccomp_notif *n)
{
	struct last_call *l = &th->last;
	bool again = l->valid && l->ended && l->refused &&
		     same_call(n, l->arch, l->ip, l->nr, l->args);

	if (!again) {
		set_aside(th);
		l->valid = false;
		return false;
	}
	l->valid = os_notif_send(supervisor()->listener, n->id,
				 l->ret < 0 ? 0 : l->ret,
				 l->ret < 0 ? (s32)l->ret : 0, 0) == -ENOENT;
	return true;
}

/* ---- the end of a call ---- */

/* The call with its second descriptor as the third argument. */
static bool is_splice(const struct task *t)
{
	return t->call && t->call->args[2].kind == ARG_FD;
}

/*
 * EPIPE comes with SIGPIPE, whose handler has run when the call returns. A
 * signal of ours would come before the answer, and void it, or after it. So
 * the host does both: A is shut down for sending, and the call let go on. Not
 * a splice, though: what it took from the pipe is gone, so it would wait there.
 */
static bool breaks_pipe(struct call *c)
{
	struct placeholder *ph = c->ph;
	int a;

	if (!ph || !ph->file || c->task->regs.ret != -EPIPE ||
	    !(c->task->flags & TASK_SIGPIPE) || is_splice(c->task))
		return false;
	a = placeholder_a(ph);
	if (a < 0)
		return false;
	/* D then hangs up if it is shut down for sending itself. */
	if (ph->rdhup)
		ph->blind = true;
	(void)os_shutdown(a, false, true);
	os_close(a);
	return true;
}

static void answer(struct call *c)
{
	struct supervisor *sv = supervisor();
	struct task *t = c->task;
	s64 ret = t->regs.ret;
	int err;

	if (c->result && c->result->handler && ret == -ERESTARTNOHAND)
		ret = -EINTR;
	if (c->result && !c->resume && !is_restart(ret)) {
		c->result->known = true;
		c->result->ret = ret;
		c->sent = c->taken = true;
		return;
	}
	/* Only void calls come to these: should this one not be, it sees .. */
	if (is_restart(ret))
		ret = -EINTR;
	if (c->resume || breaks_pipe(c))
		err = os_notif_send(sv->listener, c->id, 0, 0,
				    SECCOMP_USER_NOTIF_FLAG_CONTINUE);
	else
		err = os_notif_send(sv->listener, c->id, ret < 0 ? 0 : ret,
				    ret < 0 ? (s32)ret : 0, 0);
	c->sent = true;
	c->taken = !err;
	if (c->taken && (t->flags & TASK_SIGPIPE) && is_splice(t))
		(void)os_tgkill(c->pid, c->tid, SIGPIPE);
}

/* Tried here, but it is the program's own system that does it? */
static bool left_to_host(const struct call *c)
{
	return c->resume && !c->also && !c->again;
}

void call_finish(struct task *t)
{
	struct supervisor *sv = supervisor();
	struct call *c = call_of(t);

	/* A bad address, or memory that was not the call's any more? */
	if (c->cancelled && t->regs.ret == -EFAULT)
		t->regs.ret = -ERESTARTSYS;
	if (c->ph && c->ph->file)
		mirror_dirty(c->ph);
	if (sv->observer && sv->observer->call_answer && !left_to_host(c))
		sv->observer->call_answer(t);
	if (!c->sent) {
		c->queued = true;
		list_add_tail(&c->link, &sv->done);
	}
	while (!c->sent) {
		set_current_state(TASK_SLEEPING);
		schedule();
	}
	if (c->thread)
		last_call_ends(c);
	if (t->settle) {
		task_settle(t, c->taken);
		if (c->ph && c->ph->file)
			mirror_dirty(c->ph);
	}
	if (sv->observer && sv->observer->call_end)
		sv->observer->call_end(t, c->taken, left_to_host(c));
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
			struct call *c =
				list_first_entry(&sv->done, struct call, link);

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

bool call_end(struct thread *th, bool handler, s64 *ret)
{
	struct void_result r = { .handler = handler };
	struct call *c = th->call;

	c->cancelled = true;
	c->result = &r;
	task_interrupt(c->task);
	(void)answer_all();
	if (th->call) {
		/* A sleep that heeds no signal: it ends when it ends. */
		th->call->result = NULL;
		call_cancel(th->call);
	}
	*ret = r.ret;
	return r.known;
}

bool call_retire(struct thread *th, const struct seccomp_notif *n)
{
	const struct pt_regs *regs = &th->call->task->regs;
	s64 ret;

	if (!same_call(n, regs->arch, regs->ip, regs->nr, regs->args)) {
		if (call_end(th, true, &ret)) {
			th->last.ret = ret;
			th->last.ended = th->last.refused = true;
		}
		return false;
	}
	/* Once more the same one: it gets what this one came to. */
	if (!call_end(th, false, &ret))
		return false;
	th->last.ret = ret;
	th->last.refused =
		os_notif_send(supervisor()->listener, n->id, ret < 0 ? 0 : ret,
			      ret < 0 ? (s32)ret : 0, 0) == -ENOENT;
	return true;
}
