/* SPDX-License-Identifier: MIT */
/*
 * poll and select: their descriptors lie in the program's memory, so the calls
 * are trapped whatever is in it.
 *
 *	none of ours            go on in the host's system
 *	ours, also among others served by the core (fs/poll.c): exact masks.
 *	                        Those of the host are files of foreign.c then
 *	what we cannot do       go on in the host's system, on what A shows
 *
 * What we cannot do: wait with another signal mask than the thread has (ppoll,
 * pselect6), and ask a file whose answer depends on who asks (a signalfd, or
 * an epoll, which may hold one).
 */
#include "ports/host/host.h"

#include "ports/host/pump.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define PIECE 64 /* pollfds, or words of a set, read at a time */

/* Where the descriptors are. */
struct pollset {
	int tid;
	bool maps; /* three bit maps; else pollfds */
	u64 at[3];
	unsigned int n;
};

/* True: go on. */
typedef bool (*pollset_fn)(struct process *p, int fd);

/* ---- the set ---- */

/*
 * Linux cuts the sets of select() to the size of the process's table. It is a
 * power of two of 128 numbers, and large enough for a descriptor of ours.
 */
static unsigned int table_size(struct process *p, unsigned int n)
{
	unsigned int sure = 128;
	char path[40], buf[4096], *s;

	while (sure <= supervisor()->line)
		sure *= 2;
	if (n <= sure)
		return n;
	snprintf(path, sizeof(path), "/proc/%d/status", p->pid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return n;
	s = strstr(buf, "\nFDSize:");
	return s ? min(n, (unsigned int)strtoul(s + 8, NULL, 10)) : n;
}

unsigned int host_table_size(struct files_struct *fs, unsigned int n)
{
	return table_size(container_of(fs, struct process, files), n);
}

static bool decode(struct pollset *ps, struct thread *th, enum gate_kind kind,
		   const u64 *args)
{
	u32 old[4];

	ps->tid = th->tid;
	ps->maps = kind != GK_POLL;
	if (kind == GK_POLL) {
		ps->at[0] = args[0];
		ps->n = (unsigned int)args[1];
		return true;
	}
	if (kind == GK_SELECT) {
		ps->n = (unsigned int)args[0];
		memcpy(ps->at, args + 1, sizeof(ps->at));
	} else {
		if (umem_peek(th->tid, old, args[0], sizeof(old)))
			return false;
		ps->n = old[0];
		for (int i = 0; i < 3; i++)
			ps->at[i] = old[1 + i];
	}
	if ((int)ps->n < 0)
		return false;
	ps->n = table_size(th->proc, ps->n);
	return true;
}

static size_t fetch_sets(const struct pollset *ps, enum abi abi,
			 struct os_iovec *v)
{
	unsigned int word = abi == ABI_I386 ? 32 : 64;
	size_t nr = 0;

	if (!ps->maps) {
		v[nr].base = ps->at[0];
		v[nr++].len = (u64)ps->n * sizeof(struct pollfd);
		return nr;
	}
	for (int k = 0; k < 3; k++) {
		if (!ps->at[k])
			continue;
		v[nr].base = ps->at[k];
		v[nr++].len = DIV_ROUND_UP(ps->n, word) * (word / 8);
	}
	return nr;
}

/*
 * All that the call reads: here, to see whose the descriptors are, and by the
 * core once more. The timeout and the mask of pselect6 come last.
 */
static void fetch(const struct pollset *ps, const struct seccomp_notif *n)
{
	struct os_iovec v[FETCH_RANGES];
	size_t nr = fetch_sets(ps, abi_of(n), v);

	for (int i = 4; i < 6; i++) {
		if (abi_of(n) == ABI_I386 || n->data.nr != __NR64_pselect6 ||
		    !n->data.args[i])
			continue;
		v[nr].base = n->data.args[i];
		v[nr++].len = 2 * sizeof(u64);
	}
	umem_fetch(ps->tid, v, nr);
}

/* To the end, or where @fn is false, or memory cannot be read. */
static bool each_pollfd(const struct pollset *ps, struct process *p,
			pollset_fn fn)
{
	struct pollfd piece[PIECE];

	for (unsigned int i = 0; i < ps->n; i += PIECE) {
		unsigned int n = min(ps->n - i, (unsigned int)PIECE);

		if (umem_peek(ps->tid, piece, ps->at[0] + i * sizeof(*piece),
			      n * sizeof(*piece)))
			return true;
		for (unsigned int j = 0; j < n; j++)
			if (piece[j].fd >= 0 && !fn(p, piece[j].fd))
				return false;
	}
	return true;
}

static bool each_bit(const struct pollset *ps, struct process *p, pollset_fn fn)
{
	unsigned int words = DIV_ROUND_UP(ps->n, 32);

	for (unsigned int i = 0; i < words; i += PIECE) {
		unsigned int n = min(words - i, (unsigned int)PIECE);
		u32 piece[3 * PIECE];
		struct os_iovec v[3];
		size_t sets = 0;

		for (int k = 0; k < 3; k++)
			if (ps->at[k])
				v[sets++] =
					(struct os_iovec){ ps->at[k] + i * 4,
							   n * 4 };
		if (umem_peek_many(ps->tid, piece, v, sets, sets * n * 4))
			return true;
		for (unsigned int j = 0; sets && j < n; j++) {
			u32 b = piece[j];

			for (size_t k = 1; k < sets; k++)
				b |= piece[k * n + j];
			for (; b; b &= b - 1)
				if (!fn(p, (int)((i + j) * 32 +
						 (u32)__builtin_ctz(b))))
					return false;
		}
	}
	return true;
}

static bool pollset_each(const struct pollset *ps, struct process *p,
			 pollset_fn fn)
{
	return ps->maps ? each_bit(ps, p, fn) : each_pollfd(ps, p, fn);
}

/* ---- one of ours? ---- */

/* Low numbers are the host's to look at: A shows there what it must. */
static bool is_ours(struct process *p, int fd, struct placeholder **ret)
{
	return (unsigned int)fd >= supervisor()->line &&
	       process_fd(p, fd, ret) == FD_OURS && !(*ret)->pump;
}

static bool not_ours(struct process *p, int fd)
{
	struct placeholder *ph;

	return !is_ours(p, fd, &ph);
}

static bool arm(struct process *p, int fd)
{
	struct placeholder *ph;

	if (is_ours(p, fd, &ph))
		mirror_arm(ph);
	return true;
}

/* ---- the call ---- */

static enum gate_kind kind_of(const struct task *t)
{
	return supervisor()->kind[t->regs.arch][t->regs.nr];
}

static void serve_poll(struct task *t)
{
	struct call *c = call_of(t);
	struct pollset ps;

	system_call(t);
	/* Whatever it found, the program has not got it. */
	if (c->cancelled)
		t->regs.ret = -ERESTARTNOHAND;
	else if (c->resume && c->thread &&
		 decode(&ps, c->thread, kind_of(t), t->regs.args))
		(void)pollset_each(&ps, c->proc, arm);
	call_finish(t);
}

void do_poll_call(struct thread *th, const struct seccomp_notif *n,
		  enum gate_kind kind)
{
	struct pollset ps;

	if (!supervisor()->nr_placeholders ||
	    !decode(&ps, th, kind, (const u64 *)n->data.args)) {
		resume_silently(th, n);
		return;
	}
	fetch(&ps, n);
	if (pollset_each(&ps, th->proc, not_ours))
		resume_silently(th, n);
	else
		serve(th, n, NULL, -1, serve_poll);
}

/* The host's system shall do it. */
static void *give_up(const char *why)
{
	call_of(current)->resume = true;
	return ERR_PTR(fail(-EOPNOTSUPP, why));
}

struct file *host_get_poll(struct files_struct *fs, int fd)
{
	struct process *p = container_of(fs, struct process, files);
	struct placeholder *ph;
	struct file *f;

	switch (process_fd(p, fd, &ph)) {
	case FD_OURS:
		/* What was carried already waits in A. */
		if (ph->pump)
			break;
		return get_file(ph->file);
	case FD_BAD:
		return NULL;
	default:
		break;
	}
	f = foreign_file(p, fd);
	if (IS_ERR(f))
		return PTR_ERR(f) == -EBADF
			       ? NULL
			       : give_up("a file that we cannot get");
	if (foreign_polls_by_caller(f)) {
		fput(f);
		return give_up("what the file says depends on who asks");
	}
	return f;
}

/* ---- signal masks ---- */

#define SIG(n) (1ULL << ((n)-1))
#define SIGKILL_NR 9
#define SIGSTOP_NR 19

static u64 status_mask(const char *text, const char *name)
{
	const char *s = strstr(text, name);

	return s ? strtoull(s + strlen(name), NULL, 16) : 0;
}

int host_sigmask(struct task *t, u64 mask, bool sleep)
{
	struct call *c = call_of(t);
	char path[40], buf[4096];
	u64 pending;

	snprintf(path, sizeof(path), "/proc/%d/status", c->tid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return 0;
	mask &= ~(SIG(SIGKILL_NR) | SIG(SIGSTOP_NR));
	pending = status_mask(buf, "\nSigPnd:") | status_mask(buf, "\nShdPnd:");
	if (!(pending & ~mask) &&
	    (!sleep || mask == status_mask(buf, "\nSigBlk:")))
		return 0;
	return (int)PTR_ERR(give_up("a signal mask of its own"));
}
