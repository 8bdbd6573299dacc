/* SPDX-License-Identifier: MIT */
/*
 * Files of the host's system as files of the core: the other end of sendfile()
 * and splice(), and what a socket call finds that was given no socket. A
 * descriptor of our own for the program's file (pidfd_getfd), for the time of
 * one call; position and flags are the program's.
 */
#include "ports/host/host.h"

#include "fs/poll.h"
#include "kernel/slab.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/errno.h>

#define EPOLLONESHOT (1U << 30)
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFBLK 0060000

/* ---- waiting for a descriptor of the host ---- */

struct fd_wait {
	struct watch watch; /* first */
	struct task *task;
	bool fired;
};

static void fd_wait_event(struct watch *w, u32 events)
{
	struct fd_wait *fw = container_of(w, struct fd_wait, watch);

	(void)events;
	fw->fired = true;
	(void)wake_up_process(fw->task);
}

int wait_fd(int fd, u32 events)
{
	struct fd_wait fw = {
		.watch.fn = fd_wait_event,
		.task = current,
	};
	int ep = supervisor()->ep, err, ret = 0;

	err = os_epoll_add(ep, fd, events, &fw.watch);
	if (err == -EPERM)
		return 0; /* always ready */
	if (err)
		return err;
	while (!fw.fired) {
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	os_epoll_del(ep, fd);
	return ret;
}

/* ---- the file ---- */

struct foreign {
	struct inode inode; /* first */
	int fd;
	/* For poll. */
	struct watch watch;
	struct wait_queue_head wq;
	bool watched; /* the loop's epoll has it */
	bool armed; /* and will tell */
};

static struct foreign *foreign_of(struct file *f)
{
	return f->private_data;
}

static bool seeks(const struct file *f)
{
	unsigned int kind = f->f_inode->i_mode & S_IFMT;

	return kind == S_IFREG || kind == S_IFBLK;
}

static void *range(struct iov_iter *i, size_t *ret_n)
{
	*ret_n = min(i->count, i->iov->iov_len - i->iov_offset);
	return (void *)(uintptr_t)(i->iov->iov_base + i->iov_offset);
}

static bool may_wait(const struct file *f, const struct iov_iter *i)
{
	return !i->nowait && !(f->f_flags & O_NONBLOCK);
}

static long said(long ret)
{
	return ret < 0 ? fail(ret, "the host's system says so") : ret;
}

static long foreign_read(struct file *f, struct iov_iter *to)
{
	int fd = foreign_of(f)->fd, err;
	size_t n;
	void *buf = range(to, &n);
	long ret;

	if (to->type != ITER_KERNEL)
		return fail(-EINVAL, "the host's own file");
	if (f->f_ppos)
		return os_pread(fd, buf, n, *f->f_ppos);
	if (seeks(f))
		return os_read(fd, buf, n);
	for (;;) {
		ret = os_read_nowait(fd, buf, n);
		if (ret != -EAGAIN || !may_wait(f, to))
			return said(ret);
		err = wait_fd(fd, EPOLLIN);
		if (err)
			return err;
	}
}

static long foreign_write(struct file *f, struct iov_iter *from)
{
	int fd = foreign_of(f)->fd, err;
	size_t n;
	const void *buf = range(from, &n);
	long ret;

	if (from->type != ITER_KERNEL)
		return fail(-EINVAL, "the host's own file");
	if (f->f_ppos)
		return os_pwrite(fd, buf, n, *f->f_ppos);
	for (;;) {
		ret = seeks(f) ? os_write(fd, buf, n)
			       : os_write_nowait(fd, buf, n);
		if (ret != -EAGAIN || !may_wait(f, from))
			return said(ret);
		err = wait_fd(fd, EPOLLOUT);
		if (err)
			return err;
	}
}

static s64 foreign_llseek(struct file *f, s64 off, int whence)
{
	return os_lseek(foreign_of(f)->fd, off, whence);
}

/* The loop's epoll says that something may have changed. */
static void foreign_event(struct watch *w, u32 events)
{
	struct foreign *fo = container_of(w, struct foreign, watch);

	(void)events;
	fo->armed = false;
	wake_up_interruptible_all(&fo->wq);
}

/*
 * Have the loop's epoll tell once: level-triggered, so that what happened
 * since we asked is told, too. One that cannot be watched is always ready.
 */
static void foreign_arm(struct foreign *fo, u32 events)
{
	int ep = supervisor()->ep;

	events |= EPOLLONESHOT;
	if (fo->watched)
		(void)os_epoll_mod(ep, fo->fd, events, &fo->watch);
	else
		fo->watched = !os_epoll_add(ep, fo->fd, events, &fo->watch);
	fo->armed = true;
}

bool foreign_polls_by_caller(const struct file *f)
{
	/* The cheap question first: they have no type. */
	return !(f->f_inode->i_mode & S_IFMT) &&
	       (os_is_anon(foreign_of((struct file *)f)->fd, "signalfd") ||
		os_is_anon(foreign_of((struct file *)f)->fd, "eventpoll"));
}

static u32 foreign_poll(struct file *f, struct poll_table *pt)
{
	struct foreign *fo = foreign_of(f);
	u32 want = pt ? pt->key : EPOLLIN | EPOLLOUT;
	u32 mask = (u32)os_poll_now(fo->fd, (int)want);
	bool waits = pt && pt->qproc;

	poll_wait(f, &fo->wq, pt);
	if (!mask && !fo->armed && (waits || fo->watched))
		foreign_arm(fo, want);
	return mask;
}

static int foreign_release(struct file *f)
{
	struct foreign *fo = foreign_of(f);

	/* The program's file lives on, and would go on telling. */
	if (fo->watched)
		os_epoll_del(supervisor()->ep, fo->fd);
	os_close(fo->fd);
	kfree(fo);
	return 0;
}

static const struct file_operations foreign_file_ops = {
	.llseek = foreign_llseek,
	.read_iter = foreign_read,
	.write_iter = foreign_write,
	.poll = foreign_poll,
	.release = foreign_release,
};

struct file *foreign_file(struct process *p, int fd)
{
	int own = process_getfd(p, fd);
	struct foreign *fo;
	struct file *f;

	if (own < 0)
		return ERR_PTR(own);
	fo = kzalloc(sizeof(*fo));
	if (!fo) {
		os_close(own);
		return ERR_PTR(-ENOMEM);
	}
	fo->fd = own;
	fo->watch.fn = foreign_event;
	init_waitqueue_head(&fo->wq);
	fo->inode.i_ino = os_inode(own, &fo->inode.i_mode);
	f = alloc_file(&fo->inode, (unsigned int)max(os_getfl(own), 0),
		       &foreign_file_ops);
	if (IS_ERR(f)) {
		os_close(own);
		kfree(fo);
		return f;
	}
	f->private_data = fo;
	return f;
}
