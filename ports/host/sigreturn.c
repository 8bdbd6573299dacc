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
 * The signal may also come before we see the call, and then nobody tells us.
 * A poll or select that is about to be made again is ended with EINTR then.
 * For a call that can sleep EINTR is right. What cannot sleep never ends so on
 * Linux, least of all sigreturn(2) itself, whose caller would run on behind
 * it: the frame is made to repeat those. The number is the one that the code
 * before the instruction loads. A call that the filter lets pass, or that the
 * program's own system serves after us and may sleep in (the lock of a file,
 * open() of a FIFO), knows best itself.
 *
 * Without a handler (SIGSTOP, SIGCONT) there is no sigreturn and the call is
 * repeated at once: call_retire() and replay_call() see to that.
 */
#include "ports/host/host.h"

#include "uapi/socket.h"
#include <asm/errno.h>
#include <linux/net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define NR_SIGRETURN 119 /* i386: the old frame */
#define NO_NUMBER (~0ULL)
/* fcntl(2) that waits for a lock; the second is i386's. */
#define SETLKW 7
#define SETLKW64 14
#define OFD_SETLKW 38
#define AT_FDCWD (-100)
#define PATH_BYTES 4096
#define NAP_US 20
#define MAX_NAPS 10000

/* What we look at and change of the frame's saved registers. */
struct frame {
	u64 at_ax, at_ip; /* addresses */
	u64 ax, ip, cx, sp;
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
	SP = 120,
	IP = 128,
	SIGCONTEXT_64 = 136,
};
#define UCONTEXT_MCONTEXT_64 40

/* struct sigcontext_32 */
enum {
	EDI = 16,
	ESI = 20,
	ESP = 28,
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

/* The stack pointer of the thread, if it sleeps in sigreturn(2); or 0. */
static u64 stack_asleep(const struct thread *th, const struct seccomp_notif *n)
{
	char path[40], buf[256], *sp, *ip;

	snprintf(path, sizeof(path), "/proc/%d/syscall", th->tid);
	if (os_read_file(path, buf, sizeof(buf)) <= 0)
		return 0;
	/* Number, six arguments, stack pointer, instruction pointer. */
	ip = strrchr(buf, ' ');
	if (!ip || strtoll(buf, NULL, 10) != n->data.nr ||
	    strtoull(ip + 1, NULL, 16) != n->data.instruction_pointer)
		return 0;
	*ip = 0;
	sp = strrchr(buf, ' ');
	return sp ? strtoull(sp + 1, NULL, 16) : 0;
}

/* We hear of a call before its thread sleeps in it: wait for that. */
static u64 stack_pointer(const struct thread *th, const struct seccomp_notif *n)
{
	for (int naps = 0; naps < MAX_NAPS; naps++) {
		u64 sp = stack_asleep(th, n);

		if (sp || !os_notif_valid(supervisor()->listener, n->id))
			return sp;
		os_nap(NAP_US);
	}
	return 0;
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
	f->sp = word(c + SP, 8);
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
	f->sp = word(c + ESP, 4);
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

/*
 * The number that a call was made with which ended at @f->ip, by the code:
 *
 *	mov $number, %eax or %rax
 *	(other registers)
 *	syscall or int $0x80
 *
 * or with `mov register, %eax` last; or, on i386, a call of the vdso, which
 * has pushed three registers. NO_NUMBER: the code looks otherwise.
 */
static u64 number_loaded(int tid, const struct frame *f)
{
	static const u8 vdso_return[] = { 0x5d, 0x5a, 0x59, 0xc3 };
	/* Which argument lives in DX, BX, SI, DI: 2, 3, 6, 7 in code. */
	static const s8 arg_of[NR_ABIS][8] = {
		[ABI_X86_64] = { -1, -1, 2, -1, -1, -1, 1, 0 },
		[ABI_I386] = { -1, -1, 2, 0, -1, -1, 3, 4 },
	};
	u8 code[40]; /* up to the instruction */
	const u8 *mov = code + sizeof(code) - 2;
	u64 ip = f->ip - 2;
	int i;

	if (f->compat && !umem_peek(tid, code, f->ip, sizeof(vdso_return)) &&
	    !memcmp(code, vdso_return, sizeof(vdso_return))) {
		u32 to;

		if (umem_peek(tid, &to, f->sp + 12, sizeof(to)))
			return NO_NUMBER;
		ip = to - 7;
	}
	if (umem_peek(tid, code, ip - sizeof(code), sizeof(code)))
		return NO_NUMBER;
	if (mov[0] == 0x89 && (mov[1] & 0xc7) == 0xc0) {
		int arg = arg_of[f->compat][mov[1] >> 3 & 7];

		return arg < 0 ? NO_NUMBER : f->args[arg];
	}
	for (i = (int)sizeof(code) - 5; i >= 2; i--) {
		bool rax = code[i] == 0xc0 && code[i - 1] == 0xc7;
		u32 nr;

		if (code[i] != 0xb8 && !rax)
			continue;
		memcpy(&nr, code + i + 1, sizeof(nr));
		if (nr < NR_GATE_NUMBERS)
			return nr;
	}
	return NO_NUMBER;
}

/* Is this call trapped, and one that no signal interrupts? */
static bool never_sleeps(const struct frame *f, u64 nr)
{
	/* The kinds of calls that can; GK_SOCKFD: only connect. */
	static const bool sleeps[NR_GATE_KINDS] = {
		[GK_NONE] = true,     [GK_ACCEPT] = true,     [GK_DATA] = true,
		[GK_SENDMSG] = true,  [GK_RECVMSG] = true,    [GK_FILE] = true,
		[GK_SENDFILE] = true, [GK_SPLICE] = true,     [GK_POLL] = true,
		[GK_SELECT] = true,   [GK_OLD_SELECT] = true,
	};
	/* By number of socketcall(2). */
	static const u32 socketcalls =
		1 << SYS_SOCKET | 1 << SYS_BIND | 1 << SYS_LISTEN |
		1 << SYS_GETSOCKNAME | 1 << SYS_GETPEERNAME |
		1 << SYS_SOCKETPAIR | 1 << SYS_SHUTDOWN | 1 << SYS_SETSOCKOPT |
		1 << SYS_GETSOCKOPT;
	enum gate_kind kind = gate_kind_of(f->compat, nr);

	if (kind == GK_SOCKETCALL)
		return f->args[0] < 32 && socketcalls >> f->args[0] & 1;
	if (kind == GK_SOCKFD)
		return nr != (f->compat ? __NR32_connect : __NR64_connect);
	return !sleeps[kind];
}

/* May the program's own system have slept in this call, and say EINTR? */
static bool sleeps_natively(struct thread *th, const struct frame *f, u64 nr)
{
	const struct filter_options opt = { .line = supervisor()->line,
					    .trace = supervisor()->observer };
	enum gate_kind kind = gate_kind_of(f->compat, nr);
	bool at = kind == GK_OPENAT;
	struct placeholder *ph;
	char path[PATH_BYTES];

	if (!filter_traps(&opt, kind, f->args))
		return true;
	switch (kind) {
	case GK_OPEN:
	case GK_OPENAT:
		return umem_peek_string(th->tid, path, f->args[at],
					sizeof(path)) &&
		       os_open_sleeps(th->tid,
				      at ? (int)f->args[0] : AT_FDCWD, path);
	case GK_FCNTL:
		return f->args[1] == SETLKW || f->args[1] == SETLKW64 ||
		       f->args[1] == OFD_SETLKW;
	case GK_IOCTL:
		return process_fd(th->proc, (int)f->args[0], &ph) != FD_OURS;
	default:
		return false;
	}
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

/* One that a descriptor came of: the thread has got that, or nobody has. */
static bool makes_socket(const struct frame *f, const struct last_call *l)
{
	enum gate_kind kind = gate_kind_of(l->arch, l->nr);

	return kind == GK_SOCKET ||
	       (kind == GK_SOCKETCALL && f->args[0] == SYS_SOCKET);
}

static void repeat(struct thread *th, const struct frame *f, u64 ip, u64 nr)
{
	(void)write_frame(th->tid, f, ip - 2, (s64)nr);
}

/* A call that a task served, or is serving, was interrupted: what of it? */
static void served_call(struct thread *th, struct last_call *l,
			const struct frame *f)
{
	s64 ret;

	if (l == &th->last && th->call && call_end(th, true, &ret))
		(void)write_frame(th->tid, f, l->ip, ret);
	else if (l->again)
		repeat(th, f, l->ip, l->nr);
	else if (l->nohand)
		(void)write_frame(th->tid, f, l->ip, -EINTR);
	/*
	 * Accepted, but did the thread get it? What the signal hit may also be
	 * its next call, the same once more, before we saw it; then we have
	 * missed one.
	 */
	else if (l->ended && (l->refused || l->missed == supervisor()->missed))
		(void)write_frame(th->tid, f, l->ip, l->ret);
	/* One that cannot sleep: done twice is worse, but for a descriptor. */
	else if (l->ended && never_sleeps(f, l->nr) && !makes_socket(f, l))
		(void)write_frame(th->tid, f, l->ip, l->ret);
	else if (never_sleeps(f, l->nr))
		repeat(th, f, l->ip, l->nr);
	l->valid = false;
}

/* A call was interrupted that we have not seen. */
static void unseen_call(struct thread *th, const struct seccomp_notif *n,
			const struct frame *f)
{
	/* Behind this very sigreturn? It never comes there but so. */
	u64 nr = f->ip == n->data.instruction_pointer
			 ? (u64)n->data.nr
			 : number_loaded(th->tid, f);

	if (nr != NO_NUMBER && never_sleeps(f, nr) && !sleeps_natively(th, f, nr))
		repeat(th, f, f->ip, nr);
}

/*
 * Is a poll or select about to be repeated, or to be made for the first time?
 * Those end with EINTR after a handler, whatever its flags; and a signal that
 * came just before one could as well have come just after its start.
 */
static bool about_to_poll(int tid, const struct frame *f)
{
	static const u8 instruction[NR_ABIS][2] = {
		[ABI_X86_64] = { 0x0f, 0x05 }, /* syscall */
		[ABI_I386] = { 0xcd, 0x80 }, /* int $0x80; the vdso's, too */
	};
	enum gate_kind kind = gate_kind_of(f->compat, f->ax);
	u8 code[2];

	return (kind == GK_POLL || kind == GK_SELECT ||
		kind == GK_OLD_SELECT) &&
	       !umem_peek(tid, code, f->ip, sizeof(code)) &&
	       !memcmp(code, instruction[f->compat], sizeof(code));
}

void handler_ended(struct thread *th, const struct seccomp_notif *n)
{
	bool old = abi_of(n) == ABI_I386 && n->data.nr == NR_SIGRETURN;
	u64 sp = stack_pointer(th, n);
	struct frame f = { 0 };

	if (!sp || !(abi_of(n) == ABI_I386 ? read_frame_32(th->tid, sp, old, &f)
					   : read_frame_64(th->tid, sp, &f)))
		return;
	if (th->last.valid && interrupted_call(&f, &th->last)) {
		served_call(th, &th->last, &f);
		return;
	}
	for (unsigned int i = th->nr_outer; i--;) {
		if (!interrupted_call(&f, &th->outer[i]))
			continue;
		served_call(th, &th->outer[i], &f);
		th->nr_outer = i;
		return;
	}
	if (f.ax == (u64)-EINTR)
		unseen_call(th, n, &f);
	else if (about_to_poll(th->tid, &f))
		(void)write_frame(th->tid, &f, f.ip + 2, -EINTR);
}
