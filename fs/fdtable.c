/* SPDX-License-Identifier: MIT */
/*
 * A table of descriptors for programs that have no other ones: those of the
 * direct gate (library) and the idt gate (booted kernel).
 *
 * Numbers are the lowest that are free (POSIX). A slot is free, reserved (used
 * without a file, between get_unused and install) or holds one reference on
 * its file.
 */
#include "fs/fs.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "trace/trace.h"
#include "uapi/socket.h"

#define FDTABLE_MIN 16U
#define NR_OPEN_DEFAULT 64U /* what no table of Linux is smaller than */

struct fd_slot {
	struct file *file;
	bool used;
	bool cloexec;
};

struct fdtable {
	struct files_struct fs; /* first */
	unsigned int max; /* RLIMIT_NOFILE */
	unsigned int size; /* of slot[] */
	unsigned int next; /* every number below it is in use */
	struct fd_slot *slot;
};

static struct fdtable *fdtable_of(struct files_struct *fs)
{
	return container_of(fs, struct fdtable, fs);
}

/* Room for number @fd. 0, or -ENOMEM with the table as it was. */
static int expand_fdtable(struct fdtable *t, unsigned int fd)
{
	unsigned int size = max(t->size, FDTABLE_MIN);
	struct fd_slot *slot;

	if (fd < t->size)
		return 0;
	while (size <= fd)
		size *= 2;
	slot = kcalloc(size, sizeof(*slot));
	if (!slot)
		return fail(-ENOMEM, "no memory for the descriptor table");
	if (t->slot)
		memcpy(slot, t->slot, t->size * sizeof(*slot));
	kfree(t->slot);
	t->slot = slot;
	t->size = size;
	return 0;
}

static int fdtable_get_unused_from(struct files_struct *fs, unsigned int from,
				   unsigned int flags)
{
	struct fdtable *t = fdtable_of(fs);
	unsigned int fd = max(from, t->next);
	int err;

	if (from >= t->max)
		return from ? fail(-EINVAL, "beyond the descriptor limit")
			    : fail(-EMFILE, "descriptor limit reached");
	while (fd < t->size && t->slot[fd].used)
		fd++;
	if (fd >= t->max)
		return fail(-EMFILE, "descriptor limit reached");
	err = expand_fdtable(t, fd);
	if (err)
		return err;
	t->slot[fd].used = true;
	t->slot[fd].cloexec = flags & O_CLOEXEC;
	if (from <= t->next)
		t->next = fd + 1;
	return (int)fd;
}

static int fdtable_get_unused(struct files_struct *fs, unsigned int flags)
{
	return fdtable_get_unused_from(fs, 0, flags);
}

static void fdtable_put_unused(struct files_struct *fs, int fd)
{
	struct fdtable *t = fdtable_of(fs);

	BUG_ON((unsigned int)fd >= t->size || !t->slot[fd].used ||
	       t->slot[fd].file);
	t->slot[fd].used = false;
	t->next = min(t->next, (unsigned int)fd);
}

static int fdtable_install(struct files_struct *fs, int fd, struct file *f,
			   unsigned int flags)
{
	struct fdtable *t = fdtable_of(fs);

	BUG_ON((unsigned int)fd >= t->size || !t->slot[fd].used ||
	       t->slot[fd].file);
	t->slot[fd].file = f;
	t->slot[fd].cloexec = flags & O_CLOEXEC;
	return fd;
}

static struct fd_slot *fdtable_slot(struct files_struct *fs, int fd)
{
	struct fdtable *t = fdtable_of(fs);

	if ((unsigned int)fd >= t->size)
		return NULL;
	fd = (int)array_index_nospec((unsigned int)fd, t->size);
	return t->slot[fd].file ? &t->slot[fd] : NULL;
}

static struct file *fdtable_get(struct files_struct *fs, int fd)
{
	struct fd_slot *s = fdtable_slot(fs, fd);

	return s ? get_file(s->file) : NULL;
}

static unsigned int fdtable_limit(struct files_struct *fs)
{
	return fdtable_of(fs)->max;
}

static unsigned int fdtable_table_size(struct files_struct *fs, unsigned int n)
{
	return min(n, max(fdtable_of(fs)->size, NR_OPEN_DEFAULT));
}

static int fdtable_close(struct files_struct *fs, int fd)
{
	struct fdtable *t = fdtable_of(fs);
	struct fd_slot *s = fdtable_slot(fs, fd);
	struct file *f;

	if (!s)
		return fail(-EBADF, "no such descriptor");
	f = s->file;
	s->file = NULL;
	s->used = false;
	t->next = min(t->next, (unsigned int)fd);
	fput(f);
	return 0;
}

static int fdtable_replace(struct files_struct *fs, int fd, struct file *f,
			   unsigned int flags)
{
	struct fdtable *t = fdtable_of(fs);
	struct fd_slot *s;
	struct file *old;
	int err;

	if ((unsigned int)fd >= t->max)
		return fail(-EBADF, "beyond the descriptor limit");
	err = expand_fdtable(t, (unsigned int)fd);
	if (err)
		return err;
	s = &t->slot[fd];
	if (s->used && !s->file)
		return fail(-EBUSY, "another call is about to use it");
	old = s->file;
	s->file = f;
	s->used = true;
	s->cloexec = flags & O_CLOEXEC;
	fput(old);
	return fd;
}

static int fdtable_cloexec(struct files_struct *fs, int fd, int on)
{
	struct fd_slot *s = fdtable_slot(fs, fd);
	bool was;

	if (!s)
		return fail(-EBADF, "no such descriptor");
	was = s->cloexec;
	if (on >= 0)
		s->cloexec = on;
	return was;
}

static void fdtable_destroy(struct files_struct *fs)
{
	struct fdtable *t = fdtable_of(fs);

	for (unsigned int fd = 0; fd < t->size; fd++) {
		struct file *f = t->slot[fd].file;

		t->slot[fd].file = NULL;
		fput(f);
	}
	kfree(t->slot);
	kfree(t);
}

static const struct files_ops fdtable_ops = {
	.get_unused = fdtable_get_unused,
	.put_unused = fdtable_put_unused,
	.install = fdtable_install,
	.get = fdtable_get,
	.limit = fdtable_limit,
	.table_size = fdtable_table_size,
	.close = fdtable_close,
	.get_unused_from = fdtable_get_unused_from,
	.replace = fdtable_replace,
	.cloexec = fdtable_cloexec,
	.destroy = fdtable_destroy,
};

struct files_struct *alloc_fdtable(unsigned int max_fds)
{
	struct fdtable *t = kzalloc(sizeof(*t));

	if (!t)
		return NULL;
	t->fs.ops = &fdtable_ops;
	t->fs.count = 1;
	t->max = min(max_fds,
		     (unsigned int)(KMALLOC_MAX / sizeof(struct fd_slot)));
	return &t->fs;
}
