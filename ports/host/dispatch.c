/* SPDX-License-Identifier: MIT */
/*
 * What to do with a trapped call.
 *
 * The descriptor decides: a socket of ours is served by the core, anything
 * else goes on in the host's system, as if it had not been trapped. Calls that
 * change what numbers mean are noted on the way. A socket call on a number
 * that is no socket at all is served by the core too, which knows its error.
 */
#include "ports/host/host.h"

#include "ports/host/pump.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/errno.h>

#define CLOSE_RANGE_CLOEXEC 4

static int arg_fd(const struct seccomp_notif *n, int i)
{
	return (int)(u32)n->data.args[i];
}

/* Data goes through the pump: the host's system moves it. */
static bool pumped(const struct placeholder *ph)
{
	return ph && ph->pump;
}

/* ---- socket calls ---- */

static void do_socket(struct thread *th, const struct seccomp_notif *n,
		      int family)
{
	if (family == AF_UNIX) {
		resume(th, n);
		return;
	}
	serve(th, n, NULL, -1, serve_system_call);
}

/* Before shutdown() and the like: what was written by the pump goes first. */
static void serve_pumped(struct task *t)
{
	struct call *c = call_of(t);

	if (c->ph->file && pumped(c->ph))
		pump_drain(c->ph);
	serve_system_call(t);
}

static void do_sockfd(struct thread *th, const struct seccomp_notif *n,
		      enum gate_kind kind, int fd)
{
	struct placeholder *ph;
	enum fd_is is = process_fd(th->proc, fd, &ph);
	bool data = kind == GK_DATA || kind == GK_SENDMSG ||
		    kind == GK_RECVMSG;
	void (*fn)(struct task *) = serve_system_call;

	if (is == FD_NATIVE_SOCKET || (data && pumped(ph))) {
		if (kind == GK_SENDMSG)
			supervisor()->passed = supervisor()->births + 1;
		resume(th, n);
		return;
	}
	if (pumped(ph))
		fn = serve_pumped;
	serve(th, n, ph, fd, fn);
}

static void do_recvmsg(struct thread *th, const struct seccomp_notif *n, int fd,
		       u64 msg, u64 flags)
{
	struct placeholder *ph;

	/* Also while there is no socket of ours: one may come yet. */
	if (process_fd(th->proc, fd, &ph) == FD_NATIVE_SOCKET &&
	    scm_recvmsg(th, n, fd, msg, flags))
		return;
	do_sockfd(th, n, GK_RECVMSG, fd);
}

/* The i386 call that is all of them: its arguments lie in memory. */
static void do_socketcall(struct thread *th, const struct seccomp_notif *n)
{
	static const u8 kind_of[NR_SOCKETCALLS] = {
		[1] = GK_SOCKET,  [2] = GK_SOCKFD,   [3] = GK_SOCKFD,
		[4] = GK_SOCKFD,  [5] = GK_ACCEPT,   [6] = GK_SOCKFD,
		[7] = GK_SOCKFD,  [8] = GK_SOCKET,   [9] = GK_DATA,
		[10] = GK_DATA,	  [11] = GK_DATA,    [12] = GK_DATA,
		[13] = GK_SOCKFD, [14] = GK_SOCKFD,  [15] = GK_SOCKFD,
		[16] = GK_SENDMSG, [17] = GK_RECVMSG, [18] = GK_ACCEPT,
		[19] = GK_DATA,	  [20] = GK_SENDMSG,
	};
	u32 call = (u32)n->data.args[0], arg[3] = { 0 };
	size_t words, left;

	if (!call || call >= NR_SOCKETCALLS) {
		serve(th, n, NULL, -1, serve_system_call);
		return;
	}
	/* No more than the call has: there may be no memory behind. */
	words = kind_of[call] == GK_RECVMSG ? 3 : 1;
	left = umem_peek(th->tid, arg, (u32)n->data.args[1],
			 words * sizeof(arg[0]));
	if (left) {
		serve(th, n, NULL, -1, serve_system_call);
		return;
	}
	if (kind_of[call] == GK_SOCKET)
		do_socket(th, n, (int)arg[0]);
	else if (kind_of[call] == GK_RECVMSG)
		do_recvmsg(th, n, (int)arg[0], arg[1], arg[2]);
	else
		do_sockfd(th, n, kind_of[call], (int)arg[0]);
}

/* ---- calls of any file ---- */

static void do_file(struct thread *th, const struct seccomp_notif *n)
{
	struct placeholder *ph;
	int fd = arg_fd(n, 0);

	if (process_fd(th->proc, fd, &ph) != FD_OURS || pumped(ph))
		resume(th, n);
	else
		serve(th, n, ph, fd, serve_system_call);
}

/* A says whether its untrapped readers and writers wait. */
static void set_nonblock(struct placeholder *ph, bool on)
{
	int a = placeholder_a(ph);

	if (a < 0)
		return;
	(void)os_set_nonblock(a, on);
	os_close(a);
}

static void do_ioctl(struct thread *th, const struct seccomp_notif *n)
{
	u32 cmd = (u32)n->data.args[1];
	struct placeholder *ph;
	int fd = arg_fd(n, 0), on;

	if (process_fd(th->proc, fd, &ph) != FD_OURS || cmd == FIOCLEX ||
	    cmd == FIONCLEX || (pumped(ph) && cmd == FIONREAD)) {
		resume(th, n);
		return;
	}
	if (ph->low && cmd == FIONBIO &&
	    !umem_peek(th->tid, &on, n->data.args[2], sizeof(on)))
		set_nonblock(ph, on);
	serve(th, n, ph, fd,
	      sigio_is_request(cmd) ? serve_owner_call : serve_system_call);
}

/*
 * Give A one more number: @at, or the lowest free one from @from on that is
 * ours to give. The number, or -errno.
 */
static s64 dup_to(struct call *c, int at, unsigned int from, u32 flags)
{
	struct supervisor *sv = supervisor();
	struct placeholder *ph = c->ph;
	struct process *p = c->proc;
	int fd = at, a, ret;

	if (at < 0)
		fd = from ? process_free_fd(p, from) : process_new_fd(p);
	if (fd < FD_LOWEST)
		return fail(fd, "no descriptor free");
	a = fd < (int)sv->line ? pump_low(&ph) : placeholder_a(ph);
	if (a < 0) {
		c->resume = true;
		return 0;
	}
	ret = os_notif_addfd(sv->listener, c->id, a, fd, flags & O_CLOEXEC,
			     true);
	os_close(a);
	if (ret < 0 && ret != -ENOENT && ret != -ESRCH)
		return fail(at < 0 ? -EMFILE : -EBADF, "descriptor limit");
	c->sent = true;
	if (ret < 0)
		return -ERESTARTSYS;
	c->taken = true;
	if ((unsigned int)ret == p->next)
		p->next++;
	process_set_fd(p, ret, ph);
	placeholder_hold(ph, p, ret);
	return ret;
}

/*
 * close(0); dup(fd): the old way to make it standard input. So a gap among the
 * first three is filled, as the program expects.
 */
static int standard_gap(struct process *p)
{
	for (int fd = 0; fd < 3; fd++) {
		int a = process_getfd(p, fd);

		if (a == -EBADF)
			return fd;
		if (a >= 0)
			os_close(a);
	}
	return -1;
}

static s64 do_dup(struct call *c, const struct pt_regs *regs)
{
	const u64 *arg = regs->args;

	switch (gate_kind_of(regs->arch, (u32)regs->nr)) {
	case GK_DUP:
		return dup_to(c, standard_gap(c->proc), 0, 0);
	case GK_DUP2:
		return dup_to(c, (int)arg[1], 0, 0);
	case GK_DUP3:
		return dup_to(c, (int)arg[1], 0, (u32)arg[2]);
	default: /* F_DUPFD */
		if ((u32)arg[2] >= os_nofile(c->pid))
			return fail(-EINVAL, "no number can be that large");
		return dup_to(c, -1, (u32)arg[2],
			      (u32)arg[1] == F_DUPFD ? 0 : O_CLOEXEC);
	}
}

/* The core knows no numbers that are the host's to give. */
static void serve_dup(struct task *t)
{
	struct call *c = call_of(t);

	trace_event(TRACE_TASK_START, t->id, 0, 0, 0, NULL);
	if (c->ph->file) {
		file_use(c->ph->file);
		t->regs.ret = (u64)do_dup(c, &t->regs);
	} else {
		c->resume = true;
	}
	trace_event(TRACE_TASK_END, t->id, t->regs.ret, 0, 0, NULL);
	call_finish(t);
}

static void do_fcntl(struct thread *th, const struct seccomp_notif *n)
{
	u32 cmd = (u32)n->data.args[1];
	struct placeholder *ph;
	int fd = arg_fd(n, 0);

	if (process_fd(th->proc, fd, &ph) != FD_OURS) {
		resume(th, n);
		return;
	}
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (supervisor()->opt->lowest_fd)
			break;
		serve(th, n, ph, fd, serve_dup);
		return;
	case F_SETFL:
		if (ph->low)
			set_nonblock(ph, n->data.args[2] & O_NONBLOCK);
		fallthrough;
	case F_SETOWN:
	case F_GETOWN:
	case F_SETSIG:
	case F_SETOWN_EX:
	case F_GETOWN_EX:
		serve(th, n, ph, fd, serve_owner_call);
		return;
	case F_GETFL:
	case F_GETSIG:
		serve(th, n, ph, fd, serve_system_call);
		return;
	}
	resume(th, n);
}

static void do_dup1(struct thread *th, const struct seccomp_notif *n)
{
	struct placeholder *ph;

	if (process_fd(th->proc, arg_fd(n, 0), &ph) != FD_OURS ||
	    supervisor()->opt->lowest_fd)
		resume(th, n);
	else
		serve(th, n, ph, arg_fd(n, 0), serve_dup);
}

static void do_dup2(struct thread *th, const struct seccomp_notif *n,
		    bool has_flags)
{
	int old = arg_fd(n, 0), new = arg_fd(n, 1);
	u32 flags = has_flags ? (u32)n->data.args[2] : 0;
	struct placeholder *ph;

	if (old == new || new < 0 || (flags & ~(u32)O_CLOEXEC)) {
		resume(th, n);
		return;
	}
	if (process_fd(th->proc, old, &ph) == FD_OURS &&
	    !supervisor()->opt->lowest_fd) {
		serve(th, n, ph, old, serve_dup);
		return;
	}
	process_forget_fd(th->proc, new);
	resume(th, n);
}

static void do_close(struct thread *th, const struct seccomp_notif *n)
{
	struct placeholder *ph;
	int fd = arg_fd(n, 0);
	bool traced;

	if (linger_close(th, n, fd))
		return;
	traced = supervisor()->observer &&
		 process_fd(th->proc, fd, &ph) == FD_OURS && !pumped(ph);
	if (traced)
		closing_begin(th, n, ph);
	process_forget_fd(th->proc, fd);
	if (traced)
		resume_silently(th, n);
	else
		resume(th, n);
}

static void do_close_range(struct thread *th, const struct seccomp_notif *n)
{
	if (!((u32)n->data.args[2] & CLOSE_RANGE_CLOEXEC))
		process_forget_range(th->proc, (u32)n->data.args[0],
				     (u32)n->data.args[1]);
	resume(th, n);
}

/* sendfile and splice: either end may be ours. */
static void do_two(struct thread *th, const struct seccomp_notif *n, int out,
		   int in)
{
	struct placeholder *from, *to;
	bool ours = process_fd(th->proc, arg_fd(n, out), &to) == FD_OURS;

	ours |= process_fd(th->proc, arg_fd(n, in), &from) == FD_OURS;
	if (!ours || pumped(to) || pumped(from))
		resume(th, n);
	else if (to)
		serve(th, n, to, arg_fd(n, out), serve_system_call);
	else
		serve(th, n, from, arg_fd(n, in), serve_system_call);
}

void dispatch(const struct seccomp_notif *n)
{
	struct supervisor *sv = supervisor();
	struct thread *th = thread_find((int)n->pid, n->id);
	enum gate_kind kind;

	if (!th) {
		answer_now(n, -ENOMEM); /* or it has gone */
		return;
	}
	closing_settle(th);
	if (th->proc->exec_tid)
		process_exec_check(th);
	kind = gate_kind_of(abi_of(n), (u32)n->data.nr);
	if (kind == GK_SIGRETURN) {
		struct last_call last;

		handler_ended(th, n);
		/* It is not what an outer handler has interrupted. */
		last = th->last;
		resume(th, n);
		th->last = last;
		return;
	}
	if (th->call && call_retire(th, n))
		return;
	if (replay_call(th, n))
		return;
	switch (kind) {
	case GK_SOCKET:
		do_socket(th, n, arg_fd(n, 0));
		return;
	case GK_SOCKFD:
	case GK_ACCEPT:
	case GK_DATA:
	case GK_SENDMSG:
		do_sockfd(th, n, kind, arg_fd(n, 0));
		return;
	case GK_RECVMSG:
		do_recvmsg(th, n, arg_fd(n, 0), n->data.args[1],
			   n->data.args[2]);
		return;
	case GK_SOCKETCALL:
		do_socketcall(th, n);
		return;
	case GK_FILE:
		do_file(th, n);
		return;
	case GK_IOCTL:
		do_ioctl(th, n);
		return;
	case GK_FCNTL:
		do_fcntl(th, n);
		return;
	case GK_CLOSE:
		do_close(th, n);
		return;
	case GK_CLOSE_RANGE:
		do_close_range(th, n);
		return;
	case GK_DUP:
		do_dup1(th, n);
		return;
	case GK_DUP2:
		do_dup2(th, n, false);
		return;
	case GK_DUP3:
		do_dup2(th, n, true);
		return;
	case GK_SENDFILE:
		do_two(th, n, 0, 1);
		return;
	case GK_SPLICE:
		do_two(th, n, 2, 0);
		return;
	case GK_POLL:
	case GK_SELECT:
	case GK_OLD_SELECT:
		do_poll_call(th, n, kind);
		return;
	case GK_EPOLL:
		mirror_arm_all();
		resume(th, n);
		return;
	case GK_OPEN:
		if (!procfs_open(th, n, n->data.args[0]))
			resume(th, n);
		return;
	case GK_OPENAT:
		if (!procfs_open(th, n, n->data.args[1]))
			resume(th, n);
		return;
	case GK_BADSYS:
		serve(th, n, NULL, -1, serve_system_call);
		return;
	case GK_EXEC:
		process_exec(th);
		resume(th, n);
		return;
	case GK_EXIT:
		resume(th, n);
		if (th->tid != th->proc->pid)
			thread_free(th);
		return;
	case GK_CRED:
		th->proc->cred_known = false;
		resume(th, n);
		return;
	case GK_PRCTL:
		/*
		 * DEVIATION: PR_SET_DUMPABLE does nothing where it would shut
		 * us out; docs/LIMITS.md
		 */
		if (!sv->euid)
			resume(th, n);
		else
			answer_now(n, 0);
		return;
	default:
		resume(th, n);
	}
}
