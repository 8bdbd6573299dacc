/* SPDX-License-Identifier: MIT */
/*
 * The gate of the host port (ports/host) against hostile programs: the whole
 * supervisor runs, from host_run() on, on a host that is in memory
 * (gate_host.c) and does what the bytes of the input say.
 *
 * Programs make calls of both ABIs with arguments of arguments.h, where the
 * filter traps them. Their memory faults by the page and changes between two
 * looks; signals make calls void at any time; processes fork and die; files
 * get ready, and bytes come and go natively; and whatever the gate asks of its
 * host may fail. What must hold: a call that was taken is answered once, or
 * void, or has a task; and when everybody has ended nothing is left, no task,
 * no socket, no descriptor.
 */
#include "fuzz/gate.h"

#include "fuzz/arguments.h"
#include "kernel/slab.h"
#include "net/core/net_namespace.h"
#include "ports/host/host.h"
#include "ports/host/watcher.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

#define NR_PROGRAMS 4
#define NR_THREADS 6
#define FIRST_PID 100
#define MESSAGES_FD 3 /* of a program when it starts */
#define PAGE 4096
#define NR_PAGES (ARENA_SIZE / PAGE)
#define DAY (86400 * NSEC_PER_SEC)

const size_t fuzz_input_max = 4096;

/* ---- programs ---- */

struct program {
	int pid; /* 0: not there */
	bool dead;
	struct fd_table fds;
};

struct prog_thread {
	int tid; /* 0: not there */
	struct program *prog;
	enum { RUNS, CALLS, TAKEN } state; /* TAKEN: by the gate */
	u64 answered; /* id of the last call that was */
	u64 sp;
	struct seccomp_notif n;
};

static struct program programs[NR_PROGRAMS];
static struct prog_thread threads[NR_THREADS];
static struct supervisor *gate;
static struct sock_fprog filter;
static int next_pid;
static u64 next_id, socks_at_start;
static unsigned int fd_limit, prelude, ending;
static u64 chance; /* xorshift */
u64 host_now;

/* Pages that the programs cannot read, and not write. */
static bool no_read[NR_PAGES], no_write[NR_PAGES];
/* The @in-th look at memory finds another byte there. */
static struct {
	unsigned int in;
	u16 at;
	u8 value;
} change;
/* The @in-th thing that is asked of the host fails. */
static struct {
	unsigned int in;
	int err;
} failure;

_Noreturn void broken(const char *what)
{
	fprintf(stderr, "the gate: %s\n", what);
	abort();
}

int fault(void)
{
	if (!failure.in || --failure.in)
		return 0;
	return failure.err;
}

static struct program *program_of(int pid)
{
	for (int i = 0; i < NR_PROGRAMS; i++)
		if (programs[i].pid == pid && !programs[i].dead)
			return &programs[i];
	return NULL;
}

bool pid_gone(int pid)
{
	return !program_of(pid);
}

static struct prog_thread *thread_of(int tid)
{
	for (int i = 0; i < NR_THREADS; i++)
		if (threads[i].tid == tid)
			return &threads[i];
	return NULL;
}

static struct prog_thread *taken_by_id(u64 id)
{
	for (int i = 0; i < NR_THREADS; i++) {
		struct prog_thread *th = &threads[i];

		if (!th->tid)
			continue;
		if (th->answered == id)
			broken("a call is answered twice");
		if (th->state == TAKEN && th->n.id == id)
			return th;
	}
	return NULL;
}

u32 listener_poll(void)
{
	u32 mask = 0x10; /* EPOLLHUP: nobody has the filter */

	for (int i = 0; i < NR_THREADS; i++) {
		if (threads[i].tid)
			mask &= ~0x10U;
		if (threads[i].tid && threads[i].state == CALLS)
			mask |= 1;
	}
	return mask;
}

/* ---- their descriptors ---- */

static int fd_free(const struct fd_table *t, unsigned int from)
{
	for (unsigned int fd = from; fd < fd_limit; fd++)
		if (!t->at[fd])
			return (int)fd;
	return -EMFILE;
}

static int fd_put(struct fd_table *t, int fd, unsigned int from,
		  struct object *o)
{
	if (fd < 0)
		fd = fd_free(t, from);
	else if ((unsigned int)fd >= fd_limit)
		fd = -EBADF;
	if (fd < 0)
		return fd;
	o->refs++;
	object_put(t->at[fd]);
	t->at[fd] = o;
	return fd;
}

static void fd_close(struct fd_table *t, u64 fd)
{
	if (fd >= PROGRAM_FDS)
		return;
	object_put(t->at[fd]);
	t->at[fd] = NULL;
}

static struct object *fd_object(struct fd_table *t, u64 fd)
{
	return (u32)fd < PROGRAM_FDS ? t->at[(u32)fd] : NULL;
}

u64 some_fd(void)
{
	u32 v = pick(32);

	if (v == 31)
		return odd_number();
	return v < 24 ? gate->line + v % 12 : v - 20;
}

/* A fresh program's: files, a socket of messages, what polls by caller. */
static void first_fds(struct fd_table *t)
{
	static const enum object_kind kind[] = {
		OBJ_FILE, OBJ_FILE, OBJ_FILE, OBJ_MESSAGES,
		OBJ_FILE, OBJ_ANON, OBJ_ANON, OBJ_ANON,
	};
	struct object *o[2];

	for (unsigned int i = 0; i < ARRAY_SIZE(kind); i++) {
		t->at[i] = object_new(kind[i]);
		t->at[i]->name = i == 5	  ? "eventfd"
				 : i == 6 ? "signalfd"
					  : "eventpoll";
	}
	object_pair(o, OBJ_PIPE, false);
	o[0]->wr_shut = o[1]->rd_shut = true;
	t->at[8] = o[0];
	t->at[9] = o[1];
}

/* ---- what is not trapped, or let go on ---- */

static void thread_ends(struct prog_thread *th)
{
	th->tid = 0;
	th->state = RUNS;
}

static void program_ends(struct program *p)
{
	if (!p->pid || p->dead)
		return;
	p->dead = true;
	for (int i = 0; i < NR_THREADS; i++)
		if (threads[i].tid && threads[i].prog == p)
			thread_ends(&threads[i]);
	for (unsigned int fd = 0; fd < PROGRAM_FDS; fd++)
		fd_close(&p->fds, fd);
}

static void exec_ends_others(struct prog_thread *th)
{
	for (int i = 0; i < NR_THREADS; i++)
		if (threads[i].tid && threads[i].prog == th->prog &&
		    &threads[i] != th)
			thread_ends(&threads[i]);
	th->tid = th->prog->pid;
}

static void native(struct prog_thread *th)
{
	const u64 *a = (const u64 *)th->n.data.args;
	struct fd_table *t = &th->prog->fds;
	struct object *o = fd_object(t, a[0]);

	th->state = RUNS;
	switch (gate_kind_of(abi_of(&th->n), (u32)th->n.data.nr)) {
	case GK_CLOSE:
		fd_close(t, (u32)a[0]);
		return;
	case GK_CLOSE_RANGE:
		for (u64 fd = (u32)a[0];
		     fd <= (u32)a[1] && fd < PROGRAM_FDS && !(a[2] & 4); fd++)
			fd_close(t, fd);
		return;
	case GK_DUP:
		if (o)
			(void)fd_put(t, -1, 0, o);
		return;
	case GK_DUP2:
	case GK_DUP3:
		if (o && (u32)a[0] != (u32)a[1] && (int)(u32)a[1] >= 0)
			(void)fd_put(t, (int)(u32)a[1], 0, o);
		return;
	case GK_FCNTL:
		if (o && ((u32)a[1] == F_DUPFD || (u32)a[1] == F_DUPFD_CLOEXEC))
			(void)fd_put(t, -1, (u32)a[2], o);
		return;
	case GK_EXIT:
		thread_ends(th);
		for (int i = 0; i < NR_THREADS; i++)
			if (threads[i].tid && threads[i].prog == th->prog)
				return;
		program_ends(th->prog);
		return;
	case GK_EXEC:
		if (th->n.data.args[0] & 1)
			exec_ends_others(th);
		return;
	default:
		return;
	}
}

/* ---- os.h: processes and memory ---- */

int os_pidfd_open(pid_t pid)
{
	struct object *o;
	int err = fault();

	if (err)
		return err;
	if (!program_of(pid))
		return -ESRCH;
	o = object_new(OBJ_PIDFD);
	o->pid = pid;
	return own_fd(o);
}

int os_pidfd_open_thread(pid_t tid)
{
	struct prog_thread *th = thread_of(tid);
	struct object *o;
	int err = fault();

	if (err || !th)
		return err ? err : -ESRCH;
	o = object_new(OBJ_PIDFD);
	o->pid = th->prog->pid;
	o->ready = true;
	return own_fd(o);
}

int os_pidfd_getfd(int pidfd, int fd)
{
	struct object *by = own_object(pidfd), *o;
	struct program *p = program_of(by->pid);
	int err = fault();

	if (err)
		return err;
	if (!p || (!by->ready && !thread_of(by->pid)))
		return -ESRCH;
	o = fd < 0 ? NULL : fd_object(&p->fds, (u64)fd);
	if (!o)
		return -EBADF;
	o->refs++;
	return own_fd(o);
}

int os_tgkill(pid_t pid, pid_t tid, int sig)
{
	struct prog_thread *th = thread_of(tid);

	return th && th->prog->pid == pid ? 0 : -ESRCH;
}

int os_kill(pid_t pid, int sig)
{
	return program_of(pid < 0 ? -pid : pid) ? 0 : -ESRCH;
}

int os_kill_owner(int fd, int sig)
{
	(void)own_object(fd);
	return fault();
}

int64_t os_nofile(pid_t pid)
{
	int err = fault();

	return err ? err : (int64_t)fd_limit;
}

/* By the page, as far as memory goes. */
static ssize_t vm_move(pid_t tid, const struct os_iovec *v, size_t nr, u8 *buf,
		       size_t n, bool write)
{
	ssize_t done = 0;
	u64 sum = 0;
	int err = fault();

	if (err)
		return err;
	if (!thread_of(tid))
		return -ESRCH;
	if (nr > 1024)
		return -EINVAL;
	for (size_t i = 0; i < nr; i++) {
		sum += v[i].len;
		if ((s64)v[i].len < 0 || (s64)sum < 0)
			return -EINVAL;
	}
	if (change.in && !--change.in)
		arena[change.at % ARENA_SIZE] = change.value;
	for (; nr && n; nr--, v++) {
		for (u64 i = 0; i < v->len && n;) {
			u64 at = v->base + i - ARENA_BASE, part;

			if (at >= ARENA_SIZE || no_read[at / PAGE] ||
			    (write && no_write[at / PAGE]))
				return done ? done : -EFAULT;
			part = min(min(v->len - i, PAGE - at % PAGE), (u64)n);
			if (write)
				memcpy(arena + at, buf, part);
			else
				memcpy(buf, arena + at, part);
			buf += part;
			n -= part;
			i += part;
			done += (ssize_t)part;
		}
	}
	return done;
}

ssize_t os_vm_read(pid_t pid, void *to, const struct os_iovec *from, size_t nr,
		   size_t n)
{
	return vm_move(pid, from, nr, to, n, false);
}

ssize_t os_vm_write(pid_t pid, const struct os_iovec *to, size_t nr,
		    const void *from, size_t n)
{
	return vm_move(pid, to, nr, (u8 *)from, n, true);
}

ssize_t os_vm_write_many(pid_t pid, const struct os_iovec *to, size_t nr,
			 const struct os_iovec *from, size_t nr_from)
{
	size_t n = 0;
	u8 *all, *at;
	ssize_t ret;

	for (size_t i = 0; i < nr_from; i++)
		n += from[i].len;
	all = at = malloc(n + 1);
	for (size_t i = 0; all && i < nr_from; i++) {
		memcpy(at, (void *)(uintptr_t)from[i].base, from[i].len);
		at += from[i].len;
	}
	ret = all ? vm_move(pid, to, nr, all, n, true) : -ENOMEM;
	free(all);
	return ret;
}

ssize_t os_read_file(const char *path, char *buf, size_t size)
{
	struct prog_thread *th;
	char *what;
	int err = fault(), id;

	if (err)
		return err;
	if (strncmp(path, "/proc/", 6))
		return -ENOENT;
	id = (int)strtol(path + 6, &what, 10);
	th = thread_of(id);
	if (!th && !program_of(id) && id < FIRST_PID + 100)
		return -ENOENT;
	if (!strcmp(what, "/comm"))
		return snprintf(buf, size, "prog\n");
	if (!strcmp(what, "/syscall") && th)
		return snprintf(
			buf, size, "%d 0x0 0x0 0x0 0x0 0x0 0x0 0x%llx 0x%llx\n",
			th->n.data.nr, (unsigned long long)th->sp,
			(unsigned long long)th->n.data.instruction_pointer);
	return snprintf(buf, size,
			"Name:\tTgid:\t7\nTgid:\t%d\nUid:\t%d\t0\t0\t%d\n"
			"Gid:\t0\t0\t0\t0\nFDSize:\t8192\nSigPnd:\t%x\n"
			"ShdPnd:\t0\nSigBlk:\t%x\nCapEff:\t%x\n",
			th ? th->prog->pid : id, id & 1, id & 1, id & 2, id & 4,
			id & 1 ? 0 : 0xfff);
}

bool os_has_socket(pid_t pid, uint64_t ino)
{
	struct program *p = program_of(pid);

	for (unsigned int fd = 0; p && fd < PROGRAM_FDS; fd++)
		if (p->fds.at[fd] && p->fds.at[fd]->ino == ino)
			return true;
	return false;
}

bool os_tree_has_socket(pid_t pid, uint64_t ino)
{
	for (int i = 0; i < NR_PROGRAMS; i++)
		if (programs[i].pid && os_has_socket(programs[i].pid, ino))
			return true;
	return false;
}

/* ---- os.h: the listener ---- */

int os_notif_recv(int listener, struct seccomp_notif *n)
{
	for (int i = 0; i < NR_THREADS; i++) {
		if (!threads[i].tid || threads[i].state != CALLS)
			continue;
		threads[i].state = TAKEN;
		*n = threads[i].n;
		return 0;
	}
	return -ENOENT;
}

static void make_void(struct prog_thread *th)
{
	th->state = RUNS;
}

int os_notif_send(int listener, uint64_t id, int64_t val, int32_t error,
		  uint32_t flags)
{
	struct prog_thread *th = taken_by_id(id);
	int err = fault();

	if (th && err)
		make_void(th);
	if (!th || err)
		return th ? err : -ENOENT;
	if (error < -4095 || error > 0 || (error && val))
		broken("an answer that is no answer");
	th->answered = id;
	if (flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		native(th);
	th->state = RUNS;
	return 0;
}

bool os_notif_valid(int listener, uint64_t id)
{
	struct prog_thread *th = taken_by_id(id);

	if (th && fault())
		make_void(th);
	return th && th->state == TAKEN;
}

int os_notif_addfd(int listener, uint64_t id, int srcfd, int newfd,
		   uint32_t newfd_flags, bool send)
{
	struct object *o = own_object(srcfd);
	struct prog_thread *th = taken_by_id(id);
	int err = fault(), fd;

	if (!th)
		return -ENOENT;
	if (o->kind == OBJ_PIPE && !o->peer)
		broken("a pipe for the program that nobody reads");
	if (err == -ENOENT || err == -ESRCH)
		make_void(th);
	if (err)
		return err;
	fd = fd_put(&th->prog->fds, newfd, 0, o);
	if (fd >= 0 && send) {
		th->answered = id;
		th->state = RUNS;
	}
	return fd;
}

void os_nap(unsigned int us)
{
	host_now += us * 1000ULL;
}

/* ---- calls ---- */

/* What the filter says of it. */
static bool trapped(const struct seccomp_data *d)
{
	const struct sock_filter *p = filter.filter;
	u32 a = 0;

	for (;; p++) {
		bool yes = false;

		if (p < filter.filter || p >= filter.filter + filter.len)
			broken("a filter that leads nowhere");
		switch (p->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const u8 *)d + p->k, sizeof(a));
			continue;
		case BPF_RET | BPF_K:
			return p->k == SECCOMP_RET_USER_NOTIF;
		case BPF_JMP | BPF_JA:
			p += p->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == p->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= p->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = a > p->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			yes = a & p->k;
			break;
		default:
			broken("an instruction of no filter");
		}
		p += yes ? p->jt : p->jf;
	}
}

static void make_call(struct prog_thread *th)
{
	th->n.id = next_id++;
	th->n.pid = (u32)th->tid;
	th->state = CALLS;
	if (trapped(&th->n.data))
		return;
	next_id--;
	native(th);
}

static const struct syscall *row_of(enum abi abi, int nr)
{
	for (unsigned int i = 0; i < nr_syscall_rows; i++)
		if (syscall_rows[i]->nr[abi] == nr)
			return syscall_rows[i];
	return NULL;
}

static void some_call(struct prog_thread *th)
{
	const struct gate_call *g = &gate_calls[pick((u32)nr_gate_calls)];
	struct seccomp_data *d = &th->n.data;
	enum abi abi = pick(2);
	const struct syscall *row;
	u64 args[SYSCALL_MAX_ARGS] = { 0 };

	if (g->nr[abi] < 0)
		abi ^= 1;
	row = row_of(abi, g->nr[abi]);
	if (row)
		some_arguments(row, args);
	else
		for (int i = 0; i < 3; i++)
			args[i] = pick(2) ? odd_number() : pick(8);
	if (g->kind == GK_PRCTL)
		args[0] = 4;
	if (g->kind == GK_DUP2 || g->kind == GK_DUP3 || g->kind == GK_FCNTL)
		args[g->kind == GK_FCNTL ? 2 : 1] = some_fd();
	if (g->kind == GK_SELECT)
		args[0] = pick(8) ? gate->line + pick(64) : in_u16(&in);
	if (g->kind == GK_CLOSE_RANGE)
		args[1] = (args[0] = some_fd()) + pick(4);
	if (g->kind == GK_RECVMSG && pick(4))
		args[0] = MESSAGES_FD;
	if (g->kind == GK_POLL)
		args[1] = pick(16) ? pick(9) : (u64)in_u16(&in);
	for (int i = 0; i < 6; i++)
		d->args[i] = abi == ABI_I386 ? (u32)args[i] : args[i];
	d->nr = pick(64) == 63 ? (int)odd_number() : g->nr[abi];
	d->arch = abi == ABI_I386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	d->instruction_pointer = ARENA_BASE + 0x1000 + pick(4) * 64;
	make_call(th);
}

/* A handler ends: with what the gate looks for in its frame, or nearly. */
static void some_sigreturn(struct prog_thread *th)
{
	bool compat = pick(2), old = compat && pick(2);
	struct seccomp_data last = th->n.data, *d = &th->n.data;
	u64 sp = ARENA_BASE + 0x4000 + pick(4) * 16, at;
	u64 ip = last.instruction_pointer - (pick(2) ? 2 : 0);
	u64 ax = pick(3) ? (u64)-EINTR : pick(2) ? (u64)last.nr : odd_number();
	static const u8 arg64[] = { 64, 72, 96, 16, 0, 8 };
	static const u8 arg32[] = { 32, 40, 36, 20, 16 };
	u8 *p;

	th->sp = pick(16) == 15 ? odd_number() : sp;
	if (pick(8) == 7)
		ip = arena_address();
	at = sp - ARENA_BASE;
	if (!compat) {
		p = arena + at + 40;
		for (int i = 0; i < 6; i++)
			memcpy(p + arg64[i], &last.args[i], 8);
		memcpy(p + 104, &ax, 8);
		memcpy(p + 112, &last.instruction_pointer, 8);
		memcpy(p + 128, &ip, 8);
	} else {
		p = arena + at + (old ? 0 : 160);
		for (int i = 0; i < 5; i++)
			memcpy(p + arg32[i], &last.args[i], 4);
		memcpy(p + 44, &ax, 4);
		memcpy(p + 56, &ip, 4);
	}
	if (pick(2)) /* code: mov $number, %eax; syscall */
		memcpy(arena + 0x1000 - 7 + pick(4) * 64,
		       "\xb8\x2a\x00\x00\x00\x0f\x05", 7);
	d->nr = compat ? (old ? 119 : 173) : 15;
	d->arch = compat ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	d->instruction_pointer = ARENA_BASE + 0x1800;
	make_call(th);
}

/* ---- what happens ---- */

/* Sockets to play with: a connection, a listening one, one of datagrams. */
static bool prelude_step(void)
{
	static const struct {
		int nr;
		u64 args[3];
	} step[] = {
		{ __NR64_socket, { AF_INET, SOCK_STREAM } },
		{ __NR64_bind, { 0, ARENA_BASE, 16 } },
		{ __NR64_listen, { 0, 5 } },
		{ __NR64_socket, { AF_INET, SOCK_STREAM } },
		{ __NR64_connect, { 1, ARENA_BASE, 16 } },
		{ __NR64_accept, { 0 } },
		{ __NR64_socket, { AF_INET, SOCK_DGRAM } },
	};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(5000),
		.sin_addr.s_addr = htonl(0x7f000001),
	};
	struct prog_thread *th = &threads[0];

	if (prelude >= ARRAY_SIZE(step))
		return false;
	if (th->state != RUNS)
		return true;
	memcpy(arena, &sin, sizeof(sin));
	th->n.data = (struct seccomp_data){
		.nr = step[prelude].nr,
		.arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = ARENA_BASE + 0x1000,
	};
	memcpy(th->n.data.args, step[prelude].args, sizeof(step[0].args));
	if (step[prelude].nr != __NR64_socket)
		th->n.data.args[0] += gate->opt->lowest_fd ? 10 : gate->line;
	prelude++;
	make_call(th);
	return true;
}

static struct prog_thread *some_thread(void)
{
	struct prog_thread *th = &threads[pick(NR_THREADS)];

	return th->tid ? th : &threads[0];
}

static void fork_or_clone(struct prog_thread *by)
{
	struct program *p = by->prog;
	struct prog_thread *th = NULL;

	for (int i = 0; i < NR_THREADS; i++)
		if (!threads[i].tid)
			th = &threads[i];
	if (!th)
		return;
	if (pick(2)) {
		p = NULL;
		for (int i = 0; i < NR_PROGRAMS; i++)
			if (!programs[i].pid || programs[i].dead)
				p = &programs[i];
		if (!p)
			return;
		*p = (struct program){ .pid = next_pid };
		for (unsigned int fd = 0; fd < PROGRAM_FDS; fd++)
			if (by->prog->fds.at[fd])
				(void)fd_put(&p->fds, (int)fd, 0,
					     by->prog->fds.at[fd]);
	}
	*th = (struct prog_thread){ .tid = next_pid++, .prog = p };
	th->n.data = by->n.data;
}

/* Somebody sends @o a message with some of the program's own descriptors. */
static void some_message(struct object *o, struct fd_table *t)
{
	struct object *pass;
	struct message *m;

	if (o->nr_msgs == ARRAY_SIZE(o->msg))
		return;
	m = &o->msg[o->nr_msgs++];
	*m = (struct message){ .bytes = pick(100), .cred = pick(2) };
	for (unsigned int i = pick(RIGHTS_MAX + 1); i; i--) {
		pass = fd_object(t, some_fd());
		/* No cycle: nobody would collect it. */
		if (!pass || pass->kind == OBJ_MESSAGES)
			continue;
		pass->refs++;
		m->right[m->nr_rights++] = pass;
	}
}

/* A file of the program's gets bytes, or is read, without a call of ours. */
static void native_event(struct object *o, struct fd_table *t)
{
	bool in_or_out = pick(2);
	u32 n = pick(200);

	if (!o)
		return;
	o->seq++;
	if (o->kind == OBJ_MESSAGES)
		some_message(o, t);
	else if (o->kind == OBJ_ANON)
		o->ready = !o->ready;
	if ((o->kind != OBJ_SOCKET && o->kind != OBJ_PIPE) || o->packets)
		return;
	if (!in_or_out) {
		o->queued -= min(o->queued, (size_t)n);
	} else if (o->peer && !o->wr_shut && o->peer->queued < o->sndbuf) {
		o->peer->queued += n;
		o->peer->seq++;
	}
}

static void some_failure(void)
{
	static const int err[] = { -ENOMEM, -EPERM,  -ESRCH,  -EMFILE, -ENOENT,
				   -EBADF,  -EAGAIN, -ENFILE, -EINVAL, -EIO };

	switch (pick(3)) {
	case 0:
		failure.in = 1 + pick(32);
		failure.err = PICK(err);
		return;
	case 1:
		kmem_fail_at(1 + pick(64));
		return;
	default:
		change.in = 1 + pick(16);
		change.at = in_u16(&in);
		change.value = in_u8(&in);
		return;
	}
}

/* The next thing that happens. */
static void happen(void)
{
	struct prog_thread *th = some_thread();
	struct fd_table *fds;
	u32 what = pick(16);

	if (!th->tid) {
		in.left = 0; /* nobody is left */
		return;
	}
	fds = &th->prog->fds;
	switch (what) {
	case 8:
		if (th->state != RUNS)
			make_void(th);
		return;
	case 9:
		if (th->state != RUNS)
			return;
		if (pick(2))
			make_call(th);
		else
			some_sigreturn(th);
		return;
	case 10:
		if (pick(4) == 3)
			program_ends(th->prog);
		else
			fork_or_clone(th);
		return;
	case 11:
		host_now += pick(256) * 20 * NSEC_PER_MSEC;
		return;
	case 12:
		native_event(fd_object(fds, some_fd()), fds);
		return;
	case 13:
		native_event(fds->at[MESSAGES_FD], fds);
		return;
	case 14:
		some_failure();
		return;
	case 15:
		what = pick(NR_PAGES);
		if (pick(2))
			no_read[what] = !no_read[what];
		else
			no_write[what] = !no_write[what];
		return;
	default:
		if (th->state == RUNS)
			some_call(th);
		return;
	}
}

/* Who waits for an answer must have somebody who will give it. */
static void check_calls(void)
{
	for (int i = 0; i < NR_THREADS; i++) {
		struct prog_thread *p = &threads[i];
		struct hlist_head *b =
			&gate->tids[(unsigned int)p->tid % TID_BUCKETS];
		struct thread *th;
		bool found = false;

		if (!p->tid || p->state != TAKEN)
			continue;
		hlist_for_each_entry(th, b, node)
			if (th->tid == p->tid && th->call &&
			    th->call->id == p->n.id && !th->call->sent)
				found = true;
		if (!found)
			broken("a call that nobody will answer");
	}
}

/* All end; then time passes until nothing more can happen. */
static void come_to_the_end(u64 ns)
{
	failure.in = change.in = 0;
	kmem_fail_at(0);
	if (!ending++) {
		for (int i = 0; i < NR_PROGRAMS; i++)
			program_ends(&programs[i]);
		return;
	}
	host_now += min(ns, DAY);
	if (ns == ~0ULL)
		gate->first_pid = 0;
	else if (ending > 20000)
		broken("time passes, and it does not come to its end");
}

int os_epoll_wait(int ep, struct os_event *ev, int max, uint64_t ns)
{
	int n;

	(void)own_object(ep);
	check_calls();
	if (!ending && prelude_step())
		return epoll_collect(ev, max);
	if (in.left) {
		/* Several at once now and then. */
		for (u32 i = pick(8) == 7 ? 4 : 1; i && in.left; i--)
			happen();
		return epoll_collect(ev, max);
	}
	n = epoll_collect(ev, max);
	if (!n)
		come_to_the_end(ns);
	return n;
}

/* ---- the port's other seams ---- */

uint64_t port_clock_ns(void)
{
	return host_now;
}

uint64_t port_realtime_ns(void)
{
	return host_now + 1700000000 * NSEC_PER_SEC;
}

void port_random(void *buf, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		chance ^= chance << 13;
		chance ^= chance >> 7;
		chance ^= chance << 17;
		((u8 *)buf)[i] = (u8)chance;
	}
}

void port_log(int level, const char *line)
{
}

_Noreturn void port_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "kernel bug: %s at %s:%d\n", what, file, line);
	abort();
}

struct watcher *watcher_start(int ep)
{
	return NULL;
}

void watcher_stop(struct watcher *w)
{
}

void watcher_go(struct watcher *w)
{
}

int watcher_recv(struct watcher *w, int listener, struct seccomp_notif *n)
{
	return -EINTR;
}

int launch_signals(struct supervisor *sv)
{
	sv->listener_watch.fn = listener_event;
	return 0;
}

int launch(struct supervisor *sv)
{
	struct filter_options fo = { .trace = sv->observer != NULL };
	u8 how = in_u8(&in);

	gate = sv;
	sv->line = fo.line = sv->opt->lowest_fd ? 0 : 512;
	sv->euid = how & 4 ? 1000 : 0;
	sv->caps = 0xfff;
	sv->first_pid = FIRST_PID;
	fd_limit = how & 8 ? sv->line + 16 : PROGRAM_FDS;
	socks_at_start = sv->kernel.init_net->nr_socks;
	if (filter_build(&fo, &filter))
		abort();
	sv->listener = own_fd(object_new(OBJ_LISTENER));
	programs[0] = (struct program){ .pid = FIRST_PID };
	first_fds(&programs[0].fds);
	threads[0] =
		(struct prog_thread){ .tid = FIRST_PID, .prog = &programs[0] };
	return os_epoll_add(sv->ep, sv->listener, OS_EPOLLIN,
			    &sv->listener_watch);
}

/* Before the rest is undone by force: is there any? */
void launch_shutdown(struct supervisor *sv)
{
	if (sv->kernel.nr_tasks)
		broken("a task is left");
	if (sv->nr_placeholders || sv->kernel.sockets_in_use ||
	    sv->kernel.init_net->nr_socks != socks_at_start)
		broken("a socket is left");
	if (!list_empty(&sv->processes))
		broken("a process is left");
}

/* ---- a run ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct host_observer observer;
	char *argv[] = { "prog", NULL };
	struct host_options opt = { .argv = argv };
	u8 how;

	in = (struct input){ data, size };
	rich = true;
	how = in_u8(&in);
	opt.observer = how & 1 ? &observer : NULL;
	opt.lowest_fd = how & 2;
	memset(programs, 0, sizeof(programs));
	memset(threads, 0, sizeof(threads));
	memset(no_read, 0, sizeof(no_read));
	memset(no_write, 0, sizeof(no_write));
	change.in = failure.in = 0;
	for (size_t i = 0; i < sizeof(arena); i++)
		arena[i] = (u8)(i * 167 >> 3);
	prelude = how & 4 ? 100 : 0;
	ending = 0;
	next_pid = FIRST_PID + 1;
	next_id = 1;
	host_now = NSEC_PER_SEC;
	chance = 88172645463325252ULL;
	host_reset();
	if (host_run(&opt))
		broken("it did not run");
	free(filter.filter);
	if (own_fds_open() || objects_alive())
		broken("a descriptor is left");
	return 0;
}
