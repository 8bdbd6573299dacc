/* SPDX-License-Identifier: MIT */
/*
 * sendfile() and splice() between one of our files and one of the gate's.
 *
 * The gate traps these calls only when one of the descriptors is ours; the
 * other one then comes as a struct file with the gate's operations. The socket
 * moves the data (net/sock_splice.c); here the arguments are checked and
 * positions kept.
 */
#include "fs/fs.h"

#include "kernel/uaccess.h"
#include "trace/trace.h"
#include "uapi/socket.h"

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

#define SPLICE_F_MOVE 1
#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_MORE 4
#define SPLICE_F_GIFT 8
#define SPLICE_F_ALL \
	(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

static unsigned int file_kind(const struct file *f)
{
	return f->f_inode ? f->f_inode->i_mode & S_IFMT : 0;
}

/* What can be read at a position of one's choice. */
static bool file_seeks(const struct file *f)
{
	unsigned int kind = file_kind(f);

	return kind == S_IFREG || kind == S_IFBLK;
}

static bool can_read(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_WRONLY;
}

static bool can_write(const struct file *f)
{
	return (f->f_flags & O_ACCMODE) != O_RDONLY;
}

/* @pos: read from there and move it on; NULL: the file's own position. */
static long send_file(struct file *out, struct file *in, s64 *pos, size_t count)
{
	long ret;

	if (!can_read(in))
		return fail(-EBADF, "the source is not open for reading");
	if (pos && !file_seeks(in))
		return fail(-ESPIPE, "the source has no position");
	if (pos && *pos < 0)
		return fail(-EINVAL, "negative position");
	if (!can_write(out))
		return fail(-EBADF, "the target is not open for writing");
	count = min(count, MAX_RW_COUNT);
	/* LINUX: to a pipe even from a socket, as splice() does. */
	if (file_kind(out) == S_IFIFO && in->f_op->splice_read)
		return in->f_op->splice_read(in, out, count, 0);
	if (!file_seeks(in))
		return fail(-EINVAL, "the source is not a file");
	if (!out->f_op->splice_write)
		return fail(-EINVAL, "the target cannot take from a file");
	in->f_ppos = pos;
	ret = out->f_op->splice_write(in, out, count, 0);
	in->f_ppos = NULL;
	return ret;
}

static long do_sendfile(int out_fd, int in_fd, s64 *pos, size_t count)
{
	struct file *in = fget(in_fd), *out;
	long ret;

	if (!in)
		return fail(-EBADF, "no such descriptor to read from");
	out = fget(out_fd);
	if (out)
		ret = send_file(out, in, pos, count);
	else
		ret = fail(-EBADF, "no such descriptor to write to");
	fput(out);
	fput(in);
	return ret;
}

long sys_sendfile64(int out_fd, int in_fd, s64 __user *offset, size_t count)
{
	s64 pos;
	long ret;

	if (!offset)
		return do_sendfile(out_fd, in_fd, NULL, count);
	if (get_user(pos, offset))
		return fail(-EFAULT, "bad pointer to the position");
	ret = do_sendfile(out_fd, in_fd, &pos, count);
	if (put_user(pos, offset))
		return fail(-EFAULT, "bad pointer to the position");
	return ret;
}

long compat_sys_sendfile(int out_fd, int in_fd, s32 __user *offset,
			 size_t count)
{
	s32 pos32;
	s64 pos;
	long ret;

	if (!offset)
		return do_sendfile(out_fd, in_fd, NULL, count);
	if (get_user(pos32, offset))
		return fail(-EFAULT, "bad pointer to the position");
	pos = pos32;
	ret = do_sendfile(out_fd, in_fd, &pos, count);
	if (put_user((s32)pos, offset))
		return fail(-EFAULT, "bad pointer to the position");
	return ret;
}

static long do_splice(struct file *in, s64 __user *off_in, struct file *out,
		      s64 __user *off_out, size_t len, unsigned int flags)
{
	bool ipipe = file_kind(in) == S_IFIFO;
	bool opipe = file_kind(out) == S_IFIFO;

	s64 pos;

	if ((ipipe && off_in) || (opipe && off_out))
		return fail(-ESPIPE, "a pipe has no position");
	if ((off_out && get_user(pos, off_out)) ||
	    (off_in && get_user(pos, off_in)))
		return fail(-EFAULT, "bad pointer to the position");
	if (!can_read(in) || !can_write(out))
		return fail(-EBADF, "not open for that");
	if (ipipe == opipe)
		return fail(-EINVAL, "one of the two must be a pipe");
	if (off_in || off_out)
		return fail(-EINVAL, "a socket has no position");
	len = min(len, MAX_RW_COUNT);
	if (ipipe && out->f_op->splice_write)
		return out->f_op->splice_write(in, out, len, flags);
	if (opipe && in->f_op->splice_read)
		return in->f_op->splice_read(in, out, len, flags);
	return fail(-EINVAL, "the file cannot splice");
}

long sys_splice(int fd_in, s64 __user *off_in, int fd_out, s64 __user *off_out,
		size_t len, unsigned int flags)
{
	struct file *in, *out;
	long ret;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return fail(-EINVAL, "unknown flag bits");
	in = fget(fd_in);
	if (!in)
		return fail(-EBADF, "no such descriptor to read from");
	out = fget(fd_out);
	if (out)
		ret = do_splice(in, off_in, out, off_out, len, flags);
	else
		ret = fail(-EBADF, "no such descriptor to write to");
	fput(out);
	fput(in);
	return ret;
}
