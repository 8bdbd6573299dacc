/* SPDX-License-Identifier: MIT */
/*
 * The seccomp filter: a program for the host's BPF machine that says for each
 * system call of the supervised programs whether it runs as it is or is handed
 * to us (USER_NOTIF).
 *
 * Layout: by architecture, then a binary search over the numbers, then what
 * its kind asks of the arguments. Calls that are allowed whatever their
 * arguments cost next to nothing: the host finds that out once, for each
 * number, when the filter is installed. Only the low half of an argument is
 * looked at, as a descriptor and a flag word are ints.
 *
 * Not by libseccomp: its rules name single numbers, and we also want all those
 * that no call has (badsys), x32's among them. And it compares arguments by 64
 * bits, so an int with something left in the upper half would trap.
 */
#include "ports/host/calls.h"

#include <asm/errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define AF_UNIX_FAMILY 1
#define SET_DUMPABLE 4 /* PR_SET_DUMPABLE */
/* O_DIRECTORY | O_PATH: no way to read or write a file of /proc. */
#define OPEN_NOT_PROC (0200000U | 010000000U)

/* Numbers of calls of our own table (kernel/syscalls.tbl) by name. */
#define BOTH(name, kind)                               \
	{                                              \
		{ __NR64_##name, __NR32_##name }, kind \
	}
#define X86_64(name, kind)                  \
	{                                   \
		{ __NR64_##name, -1 }, kind \
	}
#define I386(name, kind)                    \
	{                                   \
		{ -1, __NR32_##name }, kind \
	}

const struct gate_call gate_calls[] = {
	BOTH(socket, GK_SOCKET),
	BOTH(socketpair, GK_SOCKET),
	I386(socketcall, GK_SOCKETCALL),
	BOTH(connect, GK_SOCKFD),
	X86_64(accept, GK_ACCEPT),
	BOTH(accept4, GK_ACCEPT),
	BOTH(sendto, GK_DATA),
	BOTH(recvfrom, GK_DATA),
	BOTH(sendmsg, GK_SENDMSG),
	BOTH(recvmsg, GK_RECVMSG),
	BOTH(sendmmsg, GK_SENDMSG),
	BOTH(recvmmsg, GK_DATA),
	I386(recvmmsg_time64, GK_DATA),
	BOTH(shutdown, GK_SOCKFD),
	BOTH(bind, GK_SOCKFD),
	BOTH(listen, GK_SOCKFD),
	BOTH(getsockname, GK_SOCKFD),
	BOTH(getpeername, GK_SOCKFD),
	BOTH(setsockopt, GK_SOCKFD),
	BOTH(getsockopt, GK_SOCKFD),

	BOTH(read, GK_FILE),
	BOTH(write, GK_FILE),
	BOTH(readv, GK_FILE),
	BOTH(writev, GK_FILE),
	BOTH(preadv2, GK_FILE),
	BOTH(pwritev2, GK_FILE),
	BOTH(ioctl, GK_IOCTL),
	BOTH(fcntl, GK_FCNTL),
	I386(fcntl64, GK_FCNTL),
	BOTH(close, GK_CLOSE),
	BOTH(close_range, GK_CLOSE_RANGE),
	BOTH(dup, GK_DUP),
	BOTH(dup2, GK_DUP2),
	BOTH(dup3, GK_DUP3),
	X86_64(sendfile64, GK_SENDFILE),
	I386(sendfile, GK_SENDFILE),
	I386(sendfile64, GK_SENDFILE),
	BOTH(splice, GK_SPLICE),
	BOTH(poll, GK_POLL),
	BOTH(ppoll, GK_POLL),
	I386(ppoll_time64, GK_POLL),
	BOTH(select, GK_SELECT),
	BOTH(pselect6, GK_SELECT),
	I386(pselect6_time64, GK_SELECT),
	I386(old_select, GK_OLD_SELECT),
	BOTH(epoll_create, GK_EPOLL),
	BOTH(epoll_create1, GK_EPOLL),
	BOTH(epoll_ctl, GK_SEEN),

	BOTH(open, GK_OPEN),
	BOTH(openat, GK_OPENAT),
	{ { 59, 11 }, GK_EXEC }, /* execve */
	{ { 322, 358 }, GK_EXEC }, /* execveat */
	{ { 60, 1 }, GK_EXIT }, /* exit */
	{ { 15, 173 }, GK_SIGRETURN }, /* rt_sigreturn */
	{ { -1, 119 }, GK_SIGRETURN }, /* sigreturn */
	{ { 157, 172 }, GK_PRCTL }, /* prctl */
	{ { 105, 23 }, GK_CRED }, /* setuid */
	{ { -1, 213 }, GK_CRED }, /* setuid32 */
	{ { 106, 46 }, GK_CRED }, /* setgid */
	{ { -1, 214 }, GK_CRED }, /* setgid32 */
	{ { 113, 70 }, GK_CRED }, /* setreuid */
	{ { -1, 203 }, GK_CRED }, /* setreuid32 */
	{ { 114, 71 }, GK_CRED }, /* setregid */
	{ { -1, 204 }, GK_CRED }, /* setregid32 */
	{ { 117, 164 }, GK_CRED }, /* setresuid */
	{ { -1, 208 }, GK_CRED }, /* setresuid32 */
	{ { 119, 170 }, GK_CRED }, /* setresgid */
	{ { -1, 210 }, GK_CRED }, /* setresgid32 */
	{ { 122, 138 }, GK_CRED }, /* setfsuid */
	{ { -1, 215 }, GK_CRED }, /* setfsuid32 */
	{ { 123, 139 }, GK_CRED }, /* setfsgid */
	{ { -1, 216 }, GK_CRED }, /* setfsgid32 */
	{ { 126, 185 }, GK_CRED }, /* capset */
	/* Would go round us. */
	BOTH(io_uring_setup, GK_BADSYS),
};
const size_t nr_gate_calls = sizeof(gate_calls) / sizeof(gate_calls[0]);

/* What a kind asks of the arguments. */
struct rule {
	enum { ALWAYS, FROM_LINE, ABOVE_LINE, NOT_EQUAL, EQUAL, NO_BITS } test;
	int8_t arg[2]; /* x_LINE: either of them; -1: none */
	uint32_t value;
};

static const struct rule rules[NR_GATE_KINDS] = {
	[GK_SOCKET] = { NOT_EQUAL, { 0, -1 }, AF_UNIX_FAMILY },
	[GK_SOCKFD] = { ALWAYS, { -1, -1 }, 0 },
	[GK_ACCEPT] = { ALWAYS, { -1, -1 }, 0 },
	[GK_DATA] = { ALWAYS, { -1, -1 }, 0 },
	[GK_SENDMSG] = { ALWAYS, { -1, -1 }, 0 },
	[GK_RECVMSG] = { ALWAYS, { -1, -1 }, 0 },
	[GK_SOCKETCALL] = { ALWAYS, { -1, -1 }, 0 },
	[GK_FILE] = { FROM_LINE, { 0, -1 }, 0 },
	[GK_IOCTL] = { FROM_LINE, { 0, -1 }, 0 },
	[GK_FCNTL] = { FROM_LINE, { 0, -1 }, 0 },
	[GK_CLOSE] = { FROM_LINE, { 0, -1 }, 0 },
	[GK_CLOSE_RANGE] = { FROM_LINE, { 1, -1 }, 0 },
	[GK_DUP] = { FROM_LINE, { 0, -1 }, 0 },
	[GK_DUP2] = { FROM_LINE, { 0, 1 }, 0 },
	[GK_DUP3] = { FROM_LINE, { 0, 1 }, 0 },
	[GK_SENDFILE] = { FROM_LINE, { 0, 1 }, 0 },
	[GK_SPLICE] = { FROM_LINE, { 0, 2 }, 0 },
	/* None: a way to sleep. */
	[GK_POLL] = { NOT_EQUAL, { 1, -1 }, 0 },
	/* The number is one more than the highest descriptor. */
	[GK_SELECT] = { ABOVE_LINE, { 0, -1 }, 0 },
	[GK_OLD_SELECT] = { ALWAYS, { -1, -1 }, 0 },
	[GK_EPOLL] = { ALWAYS, { -1, -1 }, 0 },
	[GK_SEEN] = { ALWAYS, { -1, -1 }, 0 },
	[GK_OPEN] = { NO_BITS, { 1, -1 }, OPEN_NOT_PROC },
	[GK_OPENAT] = { NO_BITS, { 2, -1 }, OPEN_NOT_PROC },
	[GK_EXEC] = { ALWAYS, { -1, -1 }, 0 },
	[GK_EXIT] = { ALWAYS, { -1, -1 }, 0 },
	[GK_SIGRETURN] = { ALWAYS, { -1, -1 }, 0 },
	[GK_CRED] = { ALWAYS, { -1, -1 }, 0 },
	[GK_PRCTL] = { EQUAL, { 0, -1 }, SET_DUMPABLE },
	[GK_BADSYS] = { ALWAYS, { -1, -1 }, 0 },
};

/* As the host's BPF machine makes it: a jump, with the line or rule.value. */
static const struct {
	uint16_t jump;
	bool line;
	bool traps; /* if it is taken; else if it is not */
} tests[] = {
	[FROM_LINE] = { BPF_JGE, true, true },
	[ABOVE_LINE] = { BPF_JGT, true, true },
	[EQUAL] = { BPF_JEQ, false, true },
	[NOT_EQUAL] = { BPF_JEQ, false, false },
	[NO_BITS] = { BPF_JSET, false, false },
};

struct key {
	uint32_t nr;
	uint8_t kind;
};

struct emitter {
	struct sock_filter *insn;
	size_t n, size;
	bool failed;
	const struct filter_options *opt;
	struct key key[80]; /* of the ABI at hand, by number */
};

static size_t emit(struct emitter *e, uint16_t code, uint8_t jt, uint8_t jf,
		   uint32_t k)
{
	if (e->n == e->size) {
		size_t size = e->size ? e->size * 2 : 256;
		struct sock_filter *p = realloc(e->insn, size * sizeof(*p));

		if (!p) {
			e->failed = true;
			return 0;
		}
		e->insn = p;
		e->size = size;
	}
	e->insn[e->n] = (struct sock_filter){ code, jt, jf, k };
	return e->n++;
}

static void emit_return(struct emitter *e, uint32_t action)
{
	emit(e, BPF_RET | BPF_K, 0, 0, action);
}

static void emit_load(struct emitter *e, size_t offset)
{
	emit(e, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

/* If the test holds (@want) trap, else go on behind. */
static void emit_trap_if(struct emitter *e, uint16_t test, uint32_t k,
			 bool want)
{
	emit(e, BPF_JMP | test | BPF_K, want ? 0 : 1, want ? 1 : 0, k);
	emit_return(e, SECCOMP_RET_USER_NOTIF);
}

static bool is_always(const struct filter_options *opt, uint8_t kind)
{
	return rules[kind].test == ALWAYS || (kind == GK_SOCKET && opt->trace);
}

static uint32_t compared_with(const struct filter_options *opt,
			      const struct rule *r)
{
	return tests[r->test].line ? opt->line : r->value;
}

static void emit_rule(struct emitter *e, uint8_t kind)
{
	const struct rule *r = &rules[kind];

	if (is_always(e->opt, kind)) {
		emit_return(e, SECCOMP_RET_USER_NOTIF);
		return;
	}
	for (int i = 0; i < 2 && r->arg[i] >= 0; i++) {
		emit_load(e, offsetof(struct seccomp_data, args) +
				     8 * (size_t)r->arg[i]);
		emit_trap_if(e, tests[r->test].jump, compared_with(e->opt, r),
			     tests[r->test].traps);
	}
	emit_return(e, SECCOMP_RET_ALLOW);
}

static bool jumps(uint16_t jump, uint32_t v, uint32_t k)
{
	switch (jump) {
	case BPF_JGE:
		return v >= k;
	case BPF_JGT:
		return v > k;
	case BPF_JEQ:
		return v == k;
	default: /* BPF_JSET */
		return v & k;
	}
}

bool filter_traps(const struct filter_options *opt, enum gate_kind kind,
		  const uint64_t *args)
{
	const struct rule *r = &rules[kind];

	if (kind == GK_NONE || is_always(opt, kind))
		return kind != GK_NONE;
	for (int i = 0; i < 2 && r->arg[i] >= 0; i++)
		if (jumps(tests[r->test].jump, (uint32_t)args[r->arg[i]],
			  compared_with(opt, r)) == tests[r->test].traps)
			return true;
	return false;
}

/* Binary search over key[lo, hi), the number being loaded. */
static void emit_search(struct emitter *e, size_t lo, size_t hi)
{
	size_t mid = (lo + hi) / 2, jump;

	if (hi - lo == 1) {
		emit(e, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, e->key[lo].nr);
		emit_return(e, SECCOMP_RET_ALLOW);
		emit_rule(e, e->key[lo].kind);
		return;
	}
	/* Upper half: a long jump over the lower one, which stands next. */
	emit(e, BPF_JMP | BPF_JGE | BPF_K, 0, 1, e->key[mid].nr);
	jump = emit(e, BPF_JMP | BPF_JA, 0, 0, 0);
	emit_search(e, lo, mid);
	if (!e->failed)
		e->insn[jump].k = (uint32_t)(e->n - jump - 1);
	emit_search(e, mid, hi);
}

static int key_cmp(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

static void emit_abi(struct emitter *e, int abi)
{
	size_t n = 0;

	_Static_assert(sizeof(gate_calls) / sizeof(gate_calls[0]) <=
			       sizeof(e->key) / sizeof(e->key[0]),
		       "room for all keys");
	for (size_t i = 0; i < nr_gate_calls; i++) {
		if (gate_calls[i].nr[abi] < 0 ||
		    (gate_calls[i].kind == GK_SEEN && !e->opt->trace))
			continue;
		e->key[n].nr = (uint32_t)gate_calls[i].nr[abi];
		e->key[n++].kind = gate_calls[i].kind;
	}
	qsort(e->key, n, sizeof(e->key[0]), key_cmp);
	emit_load(e, offsetof(struct seccomp_data, nr));
	emit_trap_if(e, BPF_JGE, NR_GATE_NUMBERS, true);
	emit_search(e, 0, n);
}

int filter_build(const struct filter_options *opt, struct sock_fprog *ret)
{
	struct emitter e = { .opt = opt };
	size_t jump;

	emit_load(&e, offsetof(struct seccomp_data, arch));
	emit(&e, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AUDIT_ARCH_X86_64);
	jump = emit(&e, BPF_JMP | BPF_JA, 0, 0, 0);
	emit_abi(&e, 0);
	if (!e.failed)
		e.insn[jump].k = (uint32_t)(e.n - jump - 1);
	emit(&e, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AUDIT_ARCH_I386);
	emit_return(&e, SECCOMP_RET_ERRNO | ENOSYS);
	emit_abi(&e, 1);
	if (e.failed) {
		free(e.insn);
		return -ENOMEM;
	}
	ret->len = (unsigned short)e.n;
	ret->filter = e.insn;
	return 0;
}
