/* SPDX-License-Identifier: MIT */
/*
 * Signals that hit a call: making the program see what it would on Linux.
 *
 * A signal takes the thread out of the wait for our answer, and the host has
 * it either repeat the call after the handler (SA_RESTART) or see EINTR. But
 * the call may have come to a result: part of the data was sent, its timeout
 * makes it end with EINTR whatever the handler, or our answer was given and
 * came too late (the host accepts it even then).
 *
 * When the handler returns it calls sigreturn(2), which traps. The frame on
 * the thread's stack says what comes next: at the instruction of its last
 * call with the number in AX, about to repeat it; or behind it with -EINTR. If
 * that call has a result, the frame is made to say so: behind the instruction,
 * with the result in AX. That frame alone is evidence; whether the next call
 * that looks alike is a repeated one could not be told.
 *
 * Without a handler (SIGSTOP, SIGCONT) there is no sigreturn and the call is
 * repeated at once: call_retire() and replay_call() see to that.
 */
#include "ports/host/host.h"

#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NR_SIGRETURN 119 /* i386: the old frame */

/* What we look at and change of the frame's saved registers. */
struct frame {
	u64 at_ax, at_ip; /* addresses */
	u64 ax, ip, cx;
	u64 args[6];
	unsigned int nr_args; /* of these are known */
	bool compat;
};

/* struct sigcontext_64 */
enum {
	R8 = 0,
	R9 = 8,
	R10 = 16,
	DI = 64,
	SI = 72,
	DX = 96,
	AX = 104,
	CX = 112,
	IP = 128,
	SIGCONTEXT_64 = 136,
};
#define UCONTEXT_MCONTEXT_64 40

/* struct sigcontext_32 */
enum {
	EDI = 16,
	ESI = 20,
	EBX = 32,
	EDX = 36,
	ECX = 40,
	EAX = 44,
	EIP = 56,
	SIGCONTEXT_32 = 60,
};
/* struct rt_sigframe_ia32: four words, siginfo; ucontext: five words. */
#define RT_FRAME_MCONTEXT_32 (16 + 128 + 20)

static u64 word(const char *p, size_t size)
{
	u64 v = 0;

	memcpy(&v, p, size);
	return v;
}

/* The stack pointer of a thread that stands in a call. */
static u64 stack_pointer(int tid)
{
	char path[40], buf[256], *s;

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return 0;
	/* Number, six arguments, stack pointer, instruction pointer. */
	s = strrchr(buf, ' ');
	if (!s)
		return 0;
	*s = 0;
	s = strrchr(buf, ' ');
	return s ? strtoull(s + 1, NULL, 16) : 0;
}

static bool read_frame_64(int tid, u64 sp, struct frame *f)
{
	u64 at = sp + UCONTEXT_MCONTEXT_64;
	char c[SIGCONTEXT_64];
	static const u8 arg[6] = { DI, SI, DX, R10, R8, R9 };

	if (umem_peek(tid, c, at, sizeof(c)))
		return false;
	for (int i = 0; i < 6; i++)
		f->args[i] = word(c + arg[i], 8);
	f->nr_args = 6;
	f->ax = word(c + AX, 8);
	f->cx = word(c + CX, 8);
	f->ip = word(c + IP, 8);
	f->at_ax = at + AX;
	f->at_ip = at + IP;
	return true;
}

static bool read_frame_32(int tid, u64 sp, bool old, struct frame *f)
{
	u64 at = old ? sp : sp - 4 + RT_FRAME_MCONTEXT_32;
	char c[SIGCONTEXT_32];
	static const u8 arg[5] = { EBX, ECX, EDX, ESI, EDI };

	if (umem_peek(tid, c, at, sizeof(c)))
		return false;
	for (int i = 0; i < 5; i++)
		f->args[i] = word(c + arg[i], 4);
	f->nr_args = 5; /* EBP is the vdso's, if the call came from there */
	f->ax = (u64)(s64)(s32)word(c + EAX, 4);
	f->ip = word(c + EIP, 4);
	f->at_ax = at + EAX;
	f->at_ip = at + EIP;
	f->compat = true;
	return true;
}

/* Did the signal take the thread out of this call? */
static bool interrupted_call(const struct frame *f, const struct last_call *l)
{
	if (f->compat != (l->arch == ABI_I386))
		return false;
	for (unsigned int i = 0; i < f->nr_args; i++)
		if (f->args[i] != l->args[i])
			return false;
	if (f->ip == l->ip)
		return f->ax == (u64)-EINTR;
	/*
	 * About to execute the instruction: once more, or for the first time?
	 * It leaves the address behind it in CX, which a program that came
	 * round to it again has most likely used since.
	 */
	return f->ip == l->ip - 2 && f->ax == l->nr &&
	       (f->compat || f->cx == l->ip);
}

/* Make the frame say that the call has ended with @ret. */
static bool write_frame(int tid, const struct frame *f, u64 ip, s64 ret)
{
	size_t n = f->compat ? 4 : 8;
	struct os_iovec to[2] = { { f->at_ax, n }, { f->at_ip, n } };
	char v[16];

	memcpy(v, &ret, n);
	memcpy(v + n, &ip, n);
	return os_vm_write(tid, to, 2, v, 2 * n) == (ssize_t)(2 * n);
}

void handler_ended(struct thread *th, const struct seccomp_notif *n)
{
	bool old = abi_of(n) == ABI_I386 && n->data.nr == NR_SIGRETURN;
	struct supervisor *sv = supervisor();
	struct last_call *l = &th->last;
	struct frame f = { 0 };
	u64 sp;
	s64 ret;

	if (!l->valid)
		return;
	sp = stack_pointer(th->tid);
	if (!sp ||
	    !(abi_of(n) == ABI_I386 ? read_frame_32(th->tid, sp, old, &f)
				    : read_frame_64(th->tid, sp, &f)) ||
	    !interrupted_call(&f, l))
		return;
	if (th->call) {
		if (call_end(th, true, &ret))
			(void)write_frame(th->tid, &f, l->ip, ret);
		else if (l->again)
			(void)write_frame(th->tid, &f, l->ip - 2, (s64)l->nr);
	} else if (l->again) {
		(void)write_frame(th->tid, &f, l->ip - 2, (s64)l->nr);
	} else if (l->nohand) {
		(void)write_frame(th->tid, &f, l->ip, -EINTR);
	} else if (l->ended && (l->refused || l->missed == sv->missed)) {
		/*
		 * Accepted, but did the thread get it? What the signal hit may
		 * also be its next call, the same once more, before we saw it;
		 * then we have missed one.
		 */
		(void)write_frame(th->tid, &f, l->ip, l->ret);
	}
	l->valid = false;
}
