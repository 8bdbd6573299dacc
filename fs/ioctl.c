/* SPDX-License-Identifier: MIT */
/*
 * ioctl(): the requests of any file, then the file's own.
 */
#include "fs/fs.h"

#include "kernel/uaccess.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/ioctl.h>

#ifndef FIGETBSZ
#define FIGETBSZ _IO(0x00, 2)
#endif
#define SOCKFS_BLOCK_SIZE 4096

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

static long ioctl_cloexec(int fd, bool on)
{
	struct files_struct *fs = current->files;

	if (!fs->ops->cloexec)
		return fail(-ENOTTY, "the gate has its own numbers");
	return fs->ops->cloexec(fs, fd, on) < 0 ? -EBADF : 0;
}

static int ioctl_fionbio(struct file *f, const int __user *arg)
{
	int on;

	if (get_user(on, arg))
		return fail(-EFAULT, "bad pointer to the flag");
	if (on)
		f->f_flags |= O_NONBLOCK;
	else
		f->f_flags &= ~O_NONBLOCK;
	return 0;
}

static int ioctl_fioasync(int fd, struct file *f, const int __user *arg)
{
	int on, err = 0;

	if (get_user(on, arg))
		return fail(-EFAULT, "bad pointer to the flag");
	if (!on == !(f->f_flags & FASYNC))
		return 0;
	if (!f->f_op->fasync)
		return fail(-ENOTTY, "the file cannot signal");
	err = f->f_op->fasync(fd, f, on);
	return err < 0 ? err : 0;
}

static long do_ioctl(int fd, struct file *f, unsigned int cmd,
		     unsigned long arg)
{
	long ret;

	switch (cmd) {
	case FIOCLEX:
		return ioctl_cloexec(fd, true);
	case FIONCLEX:
		return ioctl_cloexec(fd, false);
	case FIONBIO:
		return ioctl_fionbio(f, u64_to_user_ptr(arg));
	case FIOASYNC:
		return ioctl_fioasync(fd, f, u64_to_user_ptr(arg));
	case FIGETBSZ:
		if (put_user(SOCKFS_BLOCK_SIZE, (int __user *)arg))
			return fail(-EFAULT, "bad pointer to the size");
		return 0;
	case FIOQSIZE:
		return fail(-ENOTTY, "a socket has no size");
	}
	if (!f->f_op->ioctl)
		return fail(-ENOTTY, "the file has no requests");
	ret = f->f_op->ioctl(f, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = fail(-ENOTTY, "no such request");
	return ret;
}

long sys_ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	file_use(f);
	ret = do_ioctl(fd, f, cmd, arg);
	fput(f);
	return ret;
}
