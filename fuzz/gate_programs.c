/* SPDX-License-Identifier: MIT */
/*
 * The programs that the gate is fuzzed with: their threads, memory and
 * descriptors, and what becomes of these by calls that the host's system
 * serves. Of ports/host/os.h what asks for another process, and the listener,
 * by which their calls come and are answered.
 */
#include "fuzz/gate.h"

#include "fs/fs.h"
#include "ports/host/host.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct program *program_of(int pid)
{
	for (int i = 0; i < NR_PROGRAMS; i++)
		if (world.programs[i].pid == pid && !world.programs[i].dead)
			return &world.programs[i];
	return NULL;
}

bool pid_gone(int pid)
{
	return !program_of(pid);
}

struct prog_thread *thread_of(int tid)
{
	for (int i = 0; i < NR_THREADS; i++)
		if (world.threads[i].tid == tid)
			return &world.threads[i];
	return NULL;
}

static struct prog_thread *taken_by_id(u64 id)
{
	for (int i = 0; i < NR_THREADS; i++) {
		struct prog_thread *th = &world.threads[i];

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
		if (world.threads[i].tid)
			mask &= ~0x10U;
		if (world.threads[i].tid && world.threads[i].state == CALLS)
			mask |= 1;
	}
	return mask;
}

/* ---- their descriptors ---- */

static int fd_free(const struct fd_table *t, unsigned int from)
{
	for (unsigned int fd = from; fd < world.fd_limit; fd++)
		if (!t->at[fd])
			return (int)fd;
	return -EMFILE;
}

int fd_put(struct fd_table *t, int fd, unsigned int from, struct object *o)
{
	if (fd < 0)
		fd = fd_free(t, from);
	else if ((unsigned int)fd >= world.fd_limit)
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

struct object *fd_object(struct fd_table *t, u64 fd)
{
	return (u32)fd < PROGRAM_FDS ? t->at[(u32)fd] : NULL;
}

/* A fresh program's: files, a socket of messages, what polls by caller. */
void first_fds(struct fd_table *t)
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

void program_ends(struct program *p)
{
	if (!p->pid || p->dead)
		return;
	p->dead = true;
	for (int i = 0; i < NR_THREADS; i++)
		if (world.threads[i].tid && world.threads[i].prog == p)
			thread_ends(&world.threads[i]);
	for (unsigned int fd = 0; fd < PROGRAM_FDS; fd++)
		fd_close(&p->fds, fd);
}

static void exec_ends_others(struct prog_thread *th)
{
	for (int i = 0; i < NR_THREADS; i++)
		if (world.threads[i].tid && world.threads[i].prog == th->prog &&
		    &world.threads[i] != th)
			thread_ends(&world.threads[i]);
	th->tid = th->prog->pid;
}

void native(struct prog_thread *th)
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
			if (world.threads[i].tid &&
			    world.threads[i].prog == th->prog)
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

	return err ? err : (int64_t)world.fd_limit;
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
	if (world.change.in && !--world.change.in)
		arena[world.change.at % ARENA_SIZE] = world.change.value;
	for (; nr && n; nr--, v++) {
		for (u64 i = 0; i < v->len && n;) {
			u64 at = v->base + i - ARENA_BASE, part;

			if (at >= ARENA_SIZE || world.no_read[at / PAGE] ||
			    (write && world.no_write[at / PAGE]))
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

bool os_open_sleeps(pid_t tid, int dirfd, const char *name)
{
	(void)tid;
	(void)dirfd;
	(void)name;
	return fault();
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
		if (world.programs[i].pid &&
		    os_has_socket(world.programs[i].pid, ino))
			return true;
	return false;
}

/* ---- os.h: the listener ---- */

int os_notif_recv(int listener, struct seccomp_notif *n)
{
	for (int i = 0; i < NR_THREADS; i++) {
		if (!world.threads[i].tid || world.threads[i].state != CALLS)
			continue;
		world.threads[i].state = TAKEN;
		*n = world.threads[i].n;
		return 0;
	}
	return -ENOENT;
}

void make_void(struct prog_thread *th)
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
	world.now += us * 1000ULL;
}
