/* SPDX-License-Identifier: MIT */
/*
 * Open files, and the calls on descriptors that do not care what table is
 * behind them.
 *
 * A kernel has at most files_max open files: -ENFILE beyond. Who calls
 * alloc_file() owns one reference.
 */
#include "fs/fs.h"

#include "fs/eventpoll.h"
#include "kernel/slab.h"
#include "lib/string.h"
#include "trace/trace.h"
#include "uapi/socket.h"

struct file *alloc_file(struct inode *inode, unsigned int flags,
			const struct file_operations *fop)
{
	struct kernel *k = this_kernel;
	unsigned int max = k->files_max ? k->files_max : FILES_MAX;
	struct file *f;

	if (k->nr_files >= max)
		return ERR_PTR(fail(-ENFILE, "too many open files"));
	f = kzalloc(sizeof(*f));
	if (!f)
		return ERR_PTR(fail(-ENOMEM, "no memory for a file"));
	f->f_op = fop;
	f->f_inode = inode;
	f->f_flags = flags;
	f->f_count = 1;
	k->nr_files++;
	return f;
}

static void __fput(struct file *f)
{
	if (!hlist_empty(&f->f_ep))
		eventpoll_release(f);
	if (f->f_op->release)
		(void)f->f_op->release(f);
	this_kernel->nr_files--;
	kfree(f);
}

void fput(struct file *f)
{
	if (!f)
		return;
	BUG_ON(!f->f_count);
	if (--f->f_count == 0)
		__fput(f);
}

int get_unused_fd_flags(unsigned int flags)
{
	struct files_struct *fs = current->files;

	return fs->ops->get_unused(fs, flags);
}

void put_unused_fd(int fd)
{
	struct files_struct *fs = current->files;

	fs->ops->put_unused(fs, fd);
}

int fd_install(int fd, struct file *f, unsigned int flags)
{
	struct files_struct *fs = current->files;

	return fs->ops->install(fs, fd, f, flags);
}

struct file *fget(int fd)
{
	struct files_struct *fs = current->files;

	return fs->ops->get(fs, fd);
}

struct file *fget_poll(int fd)
{
	struct files_struct *fs = current->files;

	return fs->ops->get_poll ? fs->ops->get_poll(fs, fd) : fget(fd);
}

int close_fd(struct files_struct *fs, int fd)
{
	if (!fs->ops->close)
		return fail(-EINVAL, "the gate has no close");
	return fs->ops->close(fs, fd);
}

void put_files_struct(struct files_struct *fs)
{
	if (!fs)
		return;
	BUG_ON(!fs->count);
	if (--fs->count == 0 && fs->ops->destroy)
		fs->ops->destroy(fs);
}
