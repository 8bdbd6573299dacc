/* SPDX-License-Identifier: MIT */
/*
 * read(), write() and their vectored and positioned forms.
 *
 * Sockets have no position: what asks for one gets -ESPIPE. Files of a gate
 * (foreign ones) answer through the same operations.
 */
#include "fs/fs.h"

#include "fs/iovec.h"
#include "kernel/slab.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <linux/fs.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

#ifndef SEEK_MAX
#define SEEK_MAX 4 /* SEEK_HOLE, the last that Linux knows */
#endif

enum rw { RW_READ, RW_WRITE };

#define RWF_NOAPPEND_ 0x20 /* later than Debian 12's <linux/fs.h> */
#define RWF_NOSIGNAL_ 0x100
/* RWF_x that a socket takes; most of them mean nothing to it. */
#define RWF_SOCKET                                                    \
	(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND | \
	 RWF_NOAPPEND_ | RWF_NOSIGNAL_)

static long vfs_iter(struct file *f, struct iov_iter *i, enum rw rw, int flags)
{
	long (*fn)(struct file *, struct iov_iter *);

	fn = rw == RW_READ ? f->f_op->read_iter : f->f_op->write_iter;
	if (!fn)
		return fail(-EINVAL, "the file cannot do that");
	if (flags & ~RWF_SOCKET)
		return fail(-EOPNOTSUPP, "RWF_ flags it does not know");
	i->nowait = flags & RWF_NOWAIT;
	i->nosignal = flags & RWF_NOSIGNAL_;
	return fn(f, i);
}

static long do_rw(int fd, void __user *buf, size_t count, enum rw rw)
{
	struct iov_iter i;
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	/* LINUX: the whole of it is looked at, and cut afterwards. */
	if (!access_ok((uintptr_t)buf, count))
		ret = fail(-EFAULT, "buffer is not in the program's memory");
	else
		ret = import_ubuf(buf, count, &i);
	if (!ret)
		ret = vfs_iter(f, &i, rw, 0);
	fput(f);
	return ret;
}

long sys_read(int fd, void __user *buf, size_t count)
{
	return do_rw(fd, buf, count, RW_READ);
}

long sys_write(int fd, void __user *buf, size_t count)
{
	return do_rw(fd, buf, count, RW_WRITE);
}

static long do_rwv(int fd, const void __user *vec, size_t vlen, bool compat,
		   enum rw rw, int flags)
{
	struct iovec fast[UIO_FASTIOV], *heap;
	struct iov_iter i;
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	ret = import_iovec((uintptr_t)vec, vlen, compat, fast, &heap, &i);
	/* LINUX: nothing to transfer, nothing done, not even a datagram. */
	if (ret > 0)
		ret = vfs_iter(f, &i, rw, flags);
	kfree(heap);
	fput(f);
	return ret;
}

long sys_readv(int fd, struct user_iovec __user *vec, unsigned long vlen)
{
	return do_rwv(fd, vec, vlen, false, RW_READ, 0);
}

long compat_sys_readv(int fd, struct compat_iovec __user *vec,
		      unsigned long vlen)
{
	return do_rwv(fd, vec, vlen, true, RW_READ, 0);
}

long sys_writev(int fd, struct user_iovec __user *vec, unsigned long vlen)
{
	return do_rwv(fd, vec, vlen, false, RW_WRITE, 0);
}

long compat_sys_writev(int fd, struct compat_iovec __user *vec,
		       unsigned long vlen)
{
	return do_rwv(fd, vec, vlen, true, RW_WRITE, 0);
}

/* A transfer at @pos: what no file here can do. */
static long no_position(int fd, s64 pos)
{
	struct file *f;

	if (pos < 0)
		return fail(-EINVAL, "negative position");
	f = fget(fd);
	if (!f)
		return fail(-EBADF, "no such descriptor");
	fput(f);
	return fail(-ESPIPE, "a socket has no position");
}

static s64 pos_of(unsigned int lo, unsigned int hi)
{
	return (s64)((u64)hi << 32 | lo);
}

long sys_pread64(int fd, void __user *buf, size_t count, s64 pos)
{
	return no_position(fd, pos);
}

long compat_sys_pread64(int fd, void __user *buf, size_t count,
			unsigned int pos_lo, unsigned int pos_hi)
{
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

long sys_pwrite64(int fd, void __user *buf, size_t count, s64 pos)
{
	return no_position(fd, pos);
}

long compat_sys_pwrite64(int fd, void __user *buf, size_t count,
			 unsigned int pos_lo, unsigned int pos_hi)
{
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

/* On x86_64 the low word is the whole position. */
long sys_preadv(int fd, struct user_iovec __user *vec, unsigned long vlen,
		unsigned long pos_lo, unsigned long pos_hi)
{
	return no_position(fd, (s64)pos_lo);
}

long compat_sys_preadv(int fd, struct compat_iovec __user *vec,
		       unsigned long vlen, unsigned int pos_lo,
		       unsigned int pos_hi)
{
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

long sys_pwritev(int fd, struct user_iovec __user *vec, unsigned long vlen,
		 unsigned long pos_lo, unsigned long pos_hi)
{
	return no_position(fd, (s64)pos_lo);
}

long compat_sys_pwritev(int fd, struct compat_iovec __user *vec,
			unsigned long vlen, unsigned int pos_lo,
			unsigned int pos_hi)
{
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

/* Position -1: the file's own, that is, none; then these work on sockets. */
long sys_preadv2(int fd, struct user_iovec __user *vec, unsigned long vlen,
		 unsigned long pos_lo, unsigned long pos_hi, int flags)
{
	if ((s64)pos_lo == -1)
		return do_rwv(fd, vec, vlen, false, RW_READ, flags);
	return no_position(fd, (s64)pos_lo);
}

long compat_sys_preadv2(int fd, struct compat_iovec __user *vec,
			unsigned long vlen, unsigned int pos_lo,
			unsigned int pos_hi, int flags)
{
	if (pos_of(pos_lo, pos_hi) == -1)
		return do_rwv(fd, vec, vlen, true, RW_READ, flags);
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

long sys_pwritev2(int fd, struct user_iovec __user *vec, unsigned long vlen,
		  unsigned long pos_lo, unsigned long pos_hi, int flags)
{
	if ((s64)pos_lo == -1)
		return do_rwv(fd, vec, vlen, false, RW_WRITE, flags);
	return no_position(fd, (s64)pos_lo);
}

long compat_sys_pwritev2(int fd, struct compat_iovec __user *vec,
			 unsigned long vlen, unsigned int pos_lo,
			 unsigned int pos_hi, int flags)
{
	if (pos_of(pos_lo, pos_hi) == -1)
		return do_rwv(fd, vec, vlen, true, RW_WRITE, flags);
	return no_position(fd, pos_of(pos_lo, pos_hi));
}

static s64 do_lseek(int fd, s64 offset, unsigned int whence)
{
	struct file *f = fget(fd);
	s64 ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	if (whence > SEEK_MAX)
		ret = fail(-EINVAL, "whence out of range");
	else if (!f->f_op->llseek)
		ret = fail(-ESPIPE, "the file has no position");
	else
		ret = f->f_op->llseek(f, offset, (int)whence);
	fput(f);
	return ret;
}

long sys_lseek(int fd, s64 offset, unsigned int whence)
{
	return do_lseek(fd, offset, whence);
}

long compat_sys_lseek(int fd, int offset, unsigned int whence)
{
	return do_lseek(fd, offset, whence);
}

long sys_llseek(int fd, unsigned int off_hi, unsigned int off_lo,
		void __user *result, unsigned int whence)
{
	s64 ret = do_lseek(fd, pos_of(off_lo, off_hi), whence);

	if (ret < 0)
		return (long)ret;
	if (copy_to_user(result, &ret, sizeof(ret)))
		return fail(-EFAULT, "bad pointer to the result");
	return 0;
}
