/* SPDX-License-Identifier: MIT */
/*
 * Programs as the gate knows them: threads, processes, and what their
 * descriptors refer to.
 *
 * A thread is known from its first trap on, its process with it. That a thread
 * id still means the same thread is certain in three ways: exit(2) of a thread
 * traps, the pidfd of a process becomes readable before its ids are used
 * again, and of the events of one batch those come first. A new id is looked
 * up while its notification holds the thread in place, which is asked for
 * after the look.
 *
 * Numbers from the line on are cached. They change by calls that trap (close,
 * dup2, execve, ...), except where processes share a table without being
 * threads of one; a slot whose placeholder is not in use any more counts for
 * nothing. Numbers below the line change unseen and are never cached.
 */
#include "ports/host/host.h"

#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODE_TYPE 0170000
#define MODE_SOCKET 0140000
#define FD_MAX (1U << 30)

static struct hlist_head *tid_bucket(int tid)
{
	return &supervisor()->tids[(unsigned int)tid % TID_BUCKETS];
}

static struct thread *thread_lookup(int tid)
{
	struct thread *th;

	hlist_for_each_entry(th, tid_bucket(tid), node)
		if (th->tid == tid)
			return th;
	return NULL;
}

static struct thread *thread_new(struct process *p, int tid)
{
	struct thread *th = calloc(1, sizeof(*th));

	if (!th)
		return NULL;
	th->tid = tid;
	th->proc = p;
	hlist_add_head(&th->node, tid_bucket(tid));
	list_add_tail(&th->list, &p->threads);
	return th;
}

void thread_free(struct thread *th)
{
	if (th->call)
		call_cancel(th->call);
	closing_settle(th);
	hlist_del_init(&th->node);
	list_del(&th->list);
	free(th);
}

void process_get(struct process *p)
{
	p->refs++;
}

void process_put(struct process *p)
{
	if (!p || --p->refs)
		return;
	process_forget_all(p);
	free(p->chunk);
	/* Events of this batch may still point to it. */
	list_add(&p->link, &supervisor()->dead_processes);
}

static void closing_settle_all(struct process *p)
{
	struct thread *th;
	bool any = false;

	list_for_each_entry(th, &p->threads, list) {
		any |= th->closing != NULL;
		closing_settle(th);
	}
	if (any)
		(void)answer_all();
}

static void process_died(struct process *p)
{
	struct supervisor *sv = supervisor();

	if (p->dead)
		return;
	if (sv->observer) {
		/* While its stacks can be named. */
		closing_settle_all(p);
		if (sv->observer->process_exit)
			sv->observer->process_exit(p->pid);
	}
	p->dead = true;
	os_epoll_del(sv->ep, p->pidfd);
	os_close(p->pidfd);
	p->pidfd = -1;
	while (!list_empty(&p->threads))
		thread_free(list_first_entry(&p->threads, struct thread, list));
	process_forget_all(p);
	list_del(&p->all);
	process_put(p);
}

static void pidfd_event(struct watch *w, u32 events)
{
	(void)events;
	process_died(container_of(w, struct process, watch));
}

static void read_comm(struct process *p)
{
	char path[40];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", p->pid);
	n = os_read_file(path, p->comm, sizeof(p->comm));
	if (n > 0 && p->comm[n - 1] == '\n')
		p->comm[n - 1] = 0;
}

static struct process *process_new(int pid, int pidfd)
{
	struct supervisor *sv = supervisor();
	struct process *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->watch.fn = pidfd_event;
	p->files.ops = &host_files_ops;
	p->files.count = 1;
	p->refs = 1;
	p->pid = pid;
	p->pidfd = pidfd;
	p->born = ++sv->births;
	p->next = sv->line;
	INIT_LIST_HEAD(&p->threads);
	if (sv->observer)
		read_comm(p);
	if (os_epoll_add(sv->ep, pidfd, OS_EPOLLIN, &p->watch)) {
		free(p);
		return NULL;
	}
	list_add_tail(&p->all, &sv->processes);
	return p;
}

/* A line "Name:\tnumber" of /proc/TID/status. */
static long status_field(const char *text, const char *name, int nth)
{
	const char *s = strstr(text, name);
	long v = -1;

	if (!s)
		return -1;
	s += strlen(name);
	for (int i = 0; i <= nth; i++) {
		char *end;

		v = strtol(s, &end, 10);
		if (end == s)
			return -1;
		s = end;
	}
	return v;
}

static int read_status(int tid, char *buf, size_t size)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	return os_read_file(path, buf, size) > 0 ? 0 : -ESRCH;
}

static int tgid_of(int tid)
{
	char buf[1024];

	if (read_status(tid, buf, sizeof(buf)))
		return -1;
	return (int)status_field(buf, "\nTgid:", 0);
}

/* The process with its first thread; which exists for as long as it does. */
static struct thread *leader_find(int pid)
{
	struct thread *th = thread_lookup(pid);
	struct process *p;
	int pidfd;

	if (th)
		return th;
	pidfd = os_pidfd_open(pid);
	if (pidfd < 0)
		return NULL;
	p = process_new(pid, pidfd);
	if (!p) {
		os_close(pidfd);
		return NULL;
	}
	th = thread_new(p, pid);
	if (!th)
		process_died(p);
	return th;
}

struct thread *thread_find(int tid, u64 id)
{
	struct thread *th = thread_lookup(tid), *leader;
	int pid;

	if (th)
		return th;
	/* Only the first thread of a process has a pidfd. */
	th = leader_find(tid);
	if (!th) {
		pid = tgid_of(tid);
		if (pid <= 0)
			return NULL;
		leader = leader_find(pid);
		if (!leader)
			return NULL;
		th = thread_new(leader->proc, tid);
		if (!th)
			return NULL;
	}
	if (!os_notif_valid(supervisor()->listener, id)) {
		/* Gone while we looked; who knows whom we looked at. */
		if (th->tid == th->proc->pid)
			process_died(th->proc);
		else
			thread_free(th);
		return NULL;
	}
	return th;
}

static u64 status_mask(const char *text, const char *name)
{
	const char *s = strstr(text, name);

	return s ? strtoull(s + strlen(name), NULL, 16) : 0;
}

/*
 * The network is a machine of its own, and who started trapgate is its owner:
 * he may do all of it. Another user, or root who has given up capabilities,
 * has those that the host says.
 */
void process_cred(struct process *p)
{
	struct supervisor *sv = supervisor();
	char buf[4096];
	u64 caps;

	if (p->cred_known)
		return;
	p->cred_known = true;
	p->cred.euid = p->cred.fsuid = sv->euid;
	p->cred.fsgid = sv->egid;
	p->cred.caps = ~0ULL;
	/* Who is not root cannot supervise anybody else's programs. */
	if (sv->euid || read_status(p->pid, buf, sizeof(buf)))
		return;
	p->cred.euid = (u32)status_field(buf, "\nUid:", 1);
	p->cred.fsuid = (u32)status_field(buf, "\nUid:", 3);
	p->cred.fsgid = (u32)status_field(buf, "\nGid:", 3);
	caps = status_mask(buf, "\nCapEff:");
	if (!sv->caps && !read_status((int)getpid(), buf, sizeof(buf)))
		sv->caps = status_mask(buf, "\nCapEff:");
	if (p->cred.euid || (caps & sv->caps) != sv->caps)
		p->cred.caps = caps;
}

/* ---- execve ---- */

void process_exec(struct thread *th)
{
	struct supervisor *sv = supervisor();
	struct process *p = th->proc;

	p->exec_tid = th->tid;
	p->cred_known = false;
	process_forget_all(p);
	if (sv->observer && sv->observer->process_exec)
		sv->observer->process_exec(p->pid);
}

/*
 * @th makes a call and some thread of its process went into execve() before.
 * Has that ended by now? All that was cached meanwhile goes, if so.
 */
void process_exec_check(struct thread *th)
{
	struct process *p = th->proc;
	struct thread *t, *n;

	process_forget_all(p);
	if (th->tid != p->exec_tid &&
	    os_tgkill(p->pid, p->exec_tid, 0) != -ESRCH)
		return;
	p->exec_tid = 0;
	if (supervisor()->observer)
		read_comm(p);
	list_for_each_entry_safe(t, n, &p->threads, list)
		if (t != th && t->tid != p->pid &&
		    os_tgkill(p->pid, t->tid, 0) == -ESRCH)
			thread_free(t);
}

/* ---- descriptors ---- */

static struct placeholder **slot_of(struct process *p, unsigned int fd,
				    bool make)
{
	unsigned int i = (fd - supervisor()->line) / FD_CHUNK;
	unsigned int at = (fd - supervisor()->line) % FD_CHUNK;

	if (i >= p->nr_chunks) {
		unsigned int nr = max(i + 1, p->nr_chunks * 2);
		struct fd_chunk **c;

		if (!make)
			return NULL;
		c = realloc(p->chunk, nr * sizeof(struct fd_chunk *));
		if (!c)
			return NULL;
		memset(c + p->nr_chunks, 0,
		       (nr - p->nr_chunks) * sizeof(struct fd_chunk *));
		p->chunk = c;
		p->nr_chunks = nr;
	}
	if (!p->chunk[i]) {
		if (!make)
			return NULL;
		p->chunk[i] = calloc(1, sizeof(struct fd_chunk));
		if (!p->chunk[i])
			return NULL;
	}
	return &p->chunk[i]->ph[at];
}

bool process_has(struct process *p, int fd, const struct placeholder *ph)
{
	struct placeholder **s;

	if ((unsigned int)fd < supervisor()->line)
		return false;
	s = slot_of(p, (unsigned int)fd, false);
	return s && *s == ph;
}

void process_set_fd(struct process *p, int fd, struct placeholder *ph)
{
	struct placeholder **s;

	if ((unsigned int)fd < supervisor()->line || p->dead)
		return;
	s = slot_of(p, (unsigned int)fd, true);
	if (!s || *s == ph)
		return;
	if (*s)
		placeholder_put(*s);
	placeholder_get(ph);
	*s = ph;
}

void process_forget_fd(struct process *p, int fd)
{
	struct placeholder **s;

	if ((unsigned int)fd < supervisor()->line)
		return;
	p->next = min(p->next, (unsigned int)fd);
	s = slot_of(p, (unsigned int)fd, false);
	if (!s || !*s)
		return;
	placeholder_put(*s);
	*s = NULL;
}

void process_forget_range(struct process *p, u32 first, u32 last)
{
	u64 end = supervisor()->line + (u64)p->nr_chunks * FD_CHUNK;

	for (u64 fd = max(first, supervisor()->line); fd <= last && fd < end;
	     fd++)
		process_forget_fd(p, (int)fd);
}

void process_forget_all(struct process *p)
{
	for (unsigned int i = 0; i < p->nr_chunks; i++) {
		if (!p->chunk[i])
			continue;
		for (int j = 0; j < FD_CHUNK; j++)
			if (p->chunk[i]->ph[j])
				placeholder_put(p->chunk[i]->ph[j]);
		free(p->chunk[i]);
		p->chunk[i] = NULL;
	}
	p->next = supervisor()->line;
}

void placeholder_hold(struct placeholder *ph, struct process *p, int fd)
{
	if (ph->holder != p) {
		process_get(p);
		process_put(ph->holder);
		ph->holder = p;
	}
	ph->holder_fd = fd;
}

int process_getfd(struct process *p, int fd)
{
	int a = os_pidfd_getfd(p->pidfd, fd), via;
	struct thread *th;

	if (a != -ESRCH)
		return a;
	/* The thread that it began with has ended, and so lost its numbers. */
	list_for_each_entry(th, &p->threads, list) {
		via = th->tid == p->pid ? -ESRCH : os_pidfd_open_thread(th->tid);
		if (via < 0)
			continue;
		a = os_pidfd_getfd(via, fd);
		os_close(via);
		if (a != -ESRCH)
			break;
	}
	return a;
}

/* O_NONBLOCK of low numbers is set untrapped, on A. */
static void follow_nonblock(struct placeholder *ph, int a)
{
	int fl = os_getfl(a);

	if (fl >= 0)
		ph->file->f_flags = (ph->file->f_flags & ~(u32)O_NONBLOCK) |
				    ((u32)fl & O_NONBLOCK);
}

enum fd_is process_fd(struct process *p, int fd, struct placeholder **ret)
{
	struct supervisor *sv = supervisor();
	struct placeholder **s, *ph;
	unsigned int mode = 0;
	u64 ino;
	int a;

	*ret = NULL;
	if (fd < 0)
		return FD_BAD;
	if ((unsigned int)fd >= sv->line) {
		s = slot_of(p, (unsigned int)fd, false);
		if (s && *s && (*s)->file) {
			*ret = *s;
			placeholder_hold(*s, p, fd);
			return FD_OURS;
		}
	} else if (!sv->nr_low && !sv->observer) {
		return FD_NATIVE_SOCKET; /* at least not ours */
	}
	if (!sv->nr_placeholders && !sv->observer)
		return FD_NATIVE_SOCKET;
	a = process_getfd(p, fd);
	if (a == -EBADF)
		return FD_BAD;
	if (a < 0)
		return FD_NATIVE_SOCKET;
	ino = os_inode(a, &mode);
	ph = (mode & MODE_TYPE) == MODE_SOCKET ? placeholder_by_inode(ino)
					       : NULL;
	if (ph && ph->low)
		follow_nonblock(ph, a);
	os_close(a);
	if ((mode & MODE_TYPE) != MODE_SOCKET)
		return FD_NATIVE;
	if (!ph)
		return FD_NATIVE_SOCKET;
	process_set_fd(p, fd, ph);
	placeholder_hold(ph, p, fd);
	*ret = ph;
	return FD_OURS;
}

/*
 * The number is taken, by us or by something of the program's own. -errno: the
 * host does not say, as of a process that is being killed.
 */
static int fd_in_use(struct process *p, unsigned int fd)
{
	struct placeholder **s = slot_of(p, fd, false), *ph;
	int a;

	if (s && *s && (*s)->file)
		return true;
	a = process_getfd(p, (int)fd);
	if (a < 0)
		return a == -EBADF ? false : a;
	ph = placeholder_by_inode(os_inode(a, NULL));
	os_close(a);
	if (ph)
		process_set_fd(p, (int)fd, ph);
	return true;
}

int process_free_fd(struct process *p, unsigned int from)
{
	unsigned int line = supervisor()->line;
	unsigned int fd = max(from, p->next);
	int used = true;

	while (fd < FD_MAX && (used = fd_in_use(p, fd)) > 0)
		fd++;
	/* One answer that is no number ends the search: so would the next. */
	if (used)
		return -EMFILE;
	if (from <= line)
		p->next = fd;
	return (int)fd;
}

int process_new_fd(struct process *p)
{
	int fd;

	if (supervisor()->opt->lowest_fd)
		return FD_LOWEST;
	fd = process_free_fd(p, 0);
	if (fd >= 0 && fd < os_nofile(p->pid))
		return fd;
	return process_may_have_fd(p) ? FD_LOWEST : -EMFILE;
}

bool process_may_have_fd(struct process *p)
{
	s64 limit = os_nofile(p->pid);

	if (p->next < limit)
		return true;
	for (unsigned int fd = 0; fd < limit; fd++)
		if (fd_in_use(p, fd) <= 0)
			return true;
	return false;
}

void processes_exit(void)
{
	struct supervisor *sv = supervisor();

	while (!list_empty(&sv->processes))
		process_died(
			list_first_entry(&sv->processes, struct process, all));
}
