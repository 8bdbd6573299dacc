/* SPDX-License-Identifier: MIT */
/*
 * Files of /proc that tell of the network: the program opens them as any file,
 * and gets a file in memory with what our kernel says. The link to a socket of
 * ours in /proc/self/fd is the core's to refuse.
 */
#include "ports/host/host.h"

#include "fs/seq.h"
#include "kernel/slab.h"
#include "net/core/proc_net.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 96

/* The program's string, cut; reads no page that it does not reach. */
static bool read_path(int tid, u64 addr, char *buf)
{
	size_t done = 0;

	while (done < PATH_BYTES - 1) {
		size_t page = 4096 - ((addr + done) & 4095);
		size_t n = min((size_t)PATH_BYTES - 1 - done, page);

		if (umem_peek(tid, buf + done, addr + done, n))
			return false;
		if (memchr(buf + done, 0, n))
			return true;
		done += n;
	}
	buf[done] = 0;
	return true;
}

/*
 * What comes behind /proc/net/, or the same seen from a process; NULL: another
 * file.
 */
static const char *proc_net_name_of(const char *path)
{
	const char *s;

	if (strncmp(path, "/proc/", 6))
		return NULL;
	s = path + 6;
	if (!strncmp(s, "self/", 5))
		s += 5;
	else if (!strncmp(s, "thread-self/", 12))
		s += 12;
	else if (*s >= '0' && *s <= '9')
		s += strspn(s, "0123456789") + 1;
	return strncmp(s, "net/", 4) ? NULL : s + 4;
}

/* What /proc/net/unix says is the host's to say; so are its settings. */
static bool hosts_own(const char *name)
{
	return !strcmp(name, "unix") || !strncmp(name, "unix/", 5);
}

/* How the kernel itself fares; tests look whether everything came back. */
static void trapgate_show(struct seq *s)
{
	struct kernel *k = this_kernel;

	seq_printf(s, "tasks %u\n", k->nr_tasks);
	seq_printf(s, "memory %zu\n", kmem_used());
	seq_printf(s, "sockets %u\n", k->sockets_in_use);
	seq_printf(s, "placeholders %u\n", supervisor()->nr_placeholders);
}

/* Give the program @fd as what its open() returns. */
static void give(const struct seccomp_notif *n, int fd, u32 flags)
{
	int err = fd < 0 ? fd
			 : os_notif_addfd(supervisor()->listener, n->id, fd, -1,
					  flags & O_CLOEXEC, true);

	os_close(fd);
	if (err < 0 && err != -ENOENT && err != -ESRCH)
		answer_now(n, fd < 0 ? fd : -EMFILE);
}

static void open_text(const struct seccomp_notif *n, const char *name,
		      bool setting, u32 flags)
{
	struct net *net = this_kernel->init_net;
	struct seq s;
	int err = 0;

	seq_init(&s);
	if (setting)
		err = proc_sys_read(net, name, &s);
	else if (!strcmp(name, "trapgate"))
		trapgate_show(&s);
	else
		err = proc_net_read(net, name, &s);
	if (!err && s.failed)
		err = -ENOMEM;
	if (err)
		answer_now(n, err);
	else
		give(n, os_memfd(name, s.buf, s.len), flags);
	seq_free(&s);
}

/* ---- writing a setting: by a pipe, of which we read ---- */

struct setting {
	struct watch watch; /* first */
	int fd;
	char name[PATH_BYTES];
};

static void setting_event(struct watch *w, u32 events)
{
	struct setting *st = container_of(w, struct setting, watch);
	char text[256];
	ssize_t n;
	int err;

	(void)events;
	while ((n = os_read_nowait(st->fd, text, sizeof(text))) > 0) {
		err = proc_sys_write(this_kernel->init_net, st->name, text,
				     (size_t)n);
		if (err)
			pr_warn("trapgate: /proc/sys/net/%s: not set (%d)",
				st->name, err);
	}
	if (n == -EAGAIN)
		return;
	os_epoll_del(supervisor()->ep, st->fd);
	os_close(st->fd);
	free(st);
}

/*
 * DEVIATION: a bad value is told on our standard error, not by write();
 * docs/LIMITS.md
 */
static void open_setting(const struct seccomp_notif *n, const char *name,
			 u32 flags)
{
	struct seq s;
	int err, fd[2];
	struct setting *st;

	seq_init(&s);
	err = proc_sys_read(this_kernel->init_net, name, &s);
	seq_free(&s);
	if (err == -EACCES) /* only to be written */
		err = 0;
	if (!err && (flags & O_ACCMODE) != O_WRONLY)
		err = -EACCES;
	st = err ? NULL : calloc(1, sizeof(*st));
	if (!st) {
		answer_now(n, err ? err : -ENOMEM);
		return;
	}
	err = os_pipe(fd);
	if (err) {
		free(st);
		answer_now(n, err);
		return;
	}
	st->watch.fn = setting_event;
	st->fd = fd[0];
	strcpy(st->name, name);
	if (os_epoll_add(supervisor()->ep, fd[0], EPOLLIN, &st->watch)) {
		os_close(fd[0]);
		free(st);
	}
	give(n, fd[1], flags);
}

bool procfs_open(struct thread *th, const struct seccomp_notif *n, u64 path,
		 u32 flags)
{
	struct placeholder *ph;
	char buf[PATH_BYTES];
	const char *name;
	bool setting;
	int fd;

	if (!read_path(th->tid, path, buf))
		return false;
	fd = proc_fd_link(buf);
	if (fd >= 0 && process_fd(th->proc, fd, &ph) == FD_OURS) {
		serve(th, n, ph, fd, serve_system_call);
		return true;
	}
	setting = !strncmp(buf, "/proc/sys/net/", 14);
	name = setting ? buf + 14 : proc_net_name_of(buf);
	if (!name || hosts_own(name))
		return false;
	if ((flags & O_ACCMODE) == O_RDONLY)
		open_text(n, name, setting, flags);
	else if (setting)
		open_setting(n, name, flags);
	else
		answer_now(n, -EACCES);
	return true;
}
