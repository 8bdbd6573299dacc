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
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 96

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

/* A descriptor of ours for the program, or -errno. */
static int open_text(const char *name, bool setting)
{
	struct net *net = this_kernel->init_net;
	struct seq s;
	int err = 0, fd;

	seq_init(&s);
	if (setting)
		err = proc_sys_read(net, name, &s);
	else if (!strcmp(name, "trapgate"))
		trapgate_show(&s);
	else
		err = proc_net_read(net, name, &s);
	if (!err && s.failed)
		err = fail(-ENOMEM, "no memory for the file's content");
	fd = err ? err : os_memfd(name, s.buf, s.len);
	seq_free(&s);
	return fd;
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
static int open_setting(const char *name, u32 flags)
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
		err = fail(-EACCES, "a setting is read or written, not both");
	if (err)
		return err;
	st = calloc(1, sizeof(*st));
	if (!st)
		return -ENOMEM;
	err = os_pipe(fd);
	if (err) {
		free(st);
		return err;
	}
	st->watch.fn = setting_event;
	st->fd = fd[0];
	strcpy(st->name, name);
	err = os_epoll_add(supervisor()->ep, fd[0], EPOLLIN, &st->watch);
	if (err) {
		os_close(fd[0]);
		os_close(fd[1]);
		free(st);
		return err;
	}
	return fd[1];
}

/* Which of our files is it? In the path; NULL: none. */
static const char *file_of_ours(const char *path, bool *ret_setting)
{
	bool setting = !strncmp(path, "/proc/sys/net/", 14);
	const char *name = setting ? path + 14 : proc_net_name_of(path);

	*ret_setting = setting;
	return name && !hosts_own(name) ? name : NULL;
}

static int open_file(const char *name, bool setting, u32 flags)
{
	if ((flags & O_ACCMODE) == O_RDONLY)
		return open_text(name, setting);
	if (setting)
		return open_setting(name, flags);
	return fail(-EACCES, "a file of /proc/net is only read");
}

/* It passes to the program as what its open() returns. */
static s64 give(struct call *c, int fd, u32 flags)
{
	int ret = os_notif_addfd(supervisor()->listener, c->id, fd, -1,
				 flags & O_CLOEXEC, true);

	os_close(fd);
	if (ret < 0 && ret != -ENOENT && ret != -ESRCH)
		return fail(-EMFILE, "descriptor limit");
	c->sent = true;
	c->taken = ret >= 0;
	return ret < 0 ? -ERESTARTSYS : ret;
}

static void serve_open(struct task *t)
{
	struct call *c = call_of(t);
	bool at = gate_kind_of(t->regs.arch, (u32)t->regs.nr) == GK_OPENAT;
	u32 flags = (u32)t->regs.args[at + 1];
	char path[PATH_BYTES];
	const char *name = NULL;
	bool setting;
	int fd;

	trace_event(TRACE_TASK_START, t->id, 0, 0, 0, NULL);
	if (umem_peek_string(c->tid, path, t->regs.args[at], sizeof(path)))
		name = file_of_ours(path, &setting);
	if (name) {
		fd = open_file(name, setting, flags);
		t->regs.ret = (u64)(fd < 0 ? fd : give(c, fd, flags));
	} else {
		c->resume = true; /* it is another one by now */
	}
	trace_event(TRACE_TASK_END, t->id, t->regs.ret, 0, 0, NULL);
	call_finish(t);
}

bool procfs_open(struct thread *th, const struct seccomp_notif *n, u64 path)
{
	struct placeholder *ph;
	char buf[PATH_BYTES];
	bool setting;
	int fd;

	if (!umem_peek_string(th->tid, buf, path, sizeof(buf)))
		return false;
	fd = proc_fd_link(buf);
	if (fd >= 0 && process_fd(th->proc, fd, &ph) == FD_OURS) {
		serve(th, n, ph, fd, serve_system_call);
		return true;
	}
	if (!file_of_ours(buf, &setting))
		return false;
	serve(th, n, NULL, -1, serve_open);
	return true;
}
