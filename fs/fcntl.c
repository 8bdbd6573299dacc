/* SPDX-License-Identifier: MIT */
/*
 * fcntl(), and the calls that make, copy and end descriptors. The latter work
 * where the numbers are the core's (fs/fdtable.c); elsewhere the gate does
 * them with the program's own system before they get here.
 */
#include "fs/fs.h"

#include "kernel/uaccess.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/fcntl.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

/* What F_SETFL may change; FASYNC goes by f_op->fasync. */
#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

/* In <linux/fcntl.h>, which <asm/fcntl.h> does not go with everywhere. */
#define F_GETLEASE 1025
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032

#define SIGRTMAX 64

int f_setown(struct file *f, int type, int who)
{
	const struct gate *gate = current->gate;
	int pid = type == F_OWNER_PGRP ? -who : who;

	if (pid && gate && gate->kill && gate->kill(current, pid, 0) == -ESRCH)
		return fail(-ESRCH, "no such process to be told");
	f->f_owner.gate = gate;
	f->f_owner.pid = pid;
	f->f_owner.type = type;
	return 0;
}

int f_getown(const struct file *f)
{
	return f->f_owner.pid;
}

static int fcntl_setown(struct file *f, unsigned long arg)
{
	int who = (int)arg;

	if (who == INT32_MIN)
		return fail(-EINVAL, "no such process group");
	if (who < 0)
		return f_setown(f, F_OWNER_PGRP, -who);
	return f_setown(f, F_OWNER_PID, who);
}

static int f_setown_ex(struct file *f, const void __user *arg)
{
	struct f_owner_ex owner;

	if (copy_from_user(&owner, arg, sizeof(owner)))
		return fail(-EFAULT, "bad pointer to the owner");
	if (owner.type != F_OWNER_TID && owner.type != F_OWNER_PID &&
	    owner.type != F_OWNER_PGRP)
		return fail(-EINVAL, "no such type of owner");
	if (owner.pid < 0)
		return fail(-ESRCH, "no such process to be told");
	return f_setown(f, owner.type, owner.pid);
}

static int f_getown_ex(struct file *f, void __user *arg)
{
	struct f_owner_ex owner = {
		.type = f->f_owner.type,
		.pid = f->f_owner.pid,
	};

	if (owner.type == F_OWNER_PGRP)
		owner.pid = -owner.pid;
	if (copy_to_user(arg, &owner, sizeof(owner)))
		return fail(-EFAULT, "bad pointer to the owner");
	return 0;
}

static int setfl(int fd, struct file *f, unsigned int arg)
{
	int err = 0;

	if (arg & O_DIRECT)
		return fail(-EINVAL, "O_DIRECT is for files");
	if (((arg ^ f->f_flags) & FASYNC) && f->f_op->fasync)
		err = f->f_op->fasync(fd, f, (arg & FASYNC) != 0);
	if (err < 0)
		return err;
	f->f_flags = (arg & SETFL_MASK) | (f->f_flags & ~SETFL_MASK);
	return 0;
}

static long f_dupfd(struct file *f, unsigned int from, unsigned int flags)
{
	struct files_struct *fs = current->files;
	int ret, fd;

	if (!fs->ops->get_unused_from)
		return fail(-EINVAL, "the gate has its own numbers");
	fd = fs->ops->get_unused_from(fs, from, flags);
	if (fd < 0)
		return fd;
	ret = fs->ops->install(fs, fd, get_file(f), flags);
	if (ret < 0) {
		fput(f);
		fs->ops->put_unused(fs, fd);
	}
	return ret;
}

static long fcntl_cloexec(int fd, int on)
{
	struct files_struct *fs = current->files;
	int was;

	if (!fs->ops->cloexec)
		return fail(-EINVAL, "the gate has its own numbers");
	was = fs->ops->cloexec(fs, fd, on);
	if (was < 0 || on >= 0)
		return was < 0 ? was : 0;
	return was ? FD_CLOEXEC : 0;
}

static long do_fcntl(int fd, struct file *f, unsigned int cmd,
		     unsigned long arg)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(f, (unsigned int)arg, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(f, (unsigned int)arg, O_CLOEXEC);
	case F_GETFD:
		return fcntl_cloexec(fd, -1);
	case F_SETFD:
		return fcntl_cloexec(fd, (arg & FD_CLOEXEC) != 0);
	case F_GETFL:
		return f->f_flags;
	case F_SETFL:
		return setfl(fd, f, (unsigned int)arg);
	case F_GETOWN:
		return f_getown(f);
	case F_SETOWN:
		return fcntl_setown(f, arg);
	case F_GETOWN_EX:
		return f_getown_ex(f, u64_to_user_ptr(arg));
	case F_SETOWN_EX:
		return f_setown_ex(f, u64_to_user_ptr(arg));
	case F_GETSIG:
		return f->f_owner.signum;
	case F_SETSIG:
		if (arg > SIGRTMAX)
			return fail(-EINVAL, "no such signal");
		f->f_owner.signum = (int)arg;
		return 0;
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return fail(-EBADF, "not a pipe");
	case F_GETLEASE:
		return F_UNLCK;
	}
	/* DEVIATION: no locks, leases, seals on sockets; docs/LIMITS.md */
	return fail(-EINVAL, "no such fcntl on a socket");
}

long sys_fcntl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	file_use(f);
	ret = do_fcntl(fd, f, cmd, arg);
	fput(f);
	return ret;
}

long sys_close(int fd)
{
	return close_fd(current->files, fd);
}

long sys_dup(int fd)
{
	struct file *f = fget(fd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	ret = f_dupfd(f, 0, 0);
	fput(f);
	return ret;
}

static long do_dup3(int oldfd, int newfd, unsigned int flags)
{
	struct files_struct *fs = current->files;
	struct file *f;
	int ret;

	if (!fs->ops->replace)
		return fail(-EINVAL, "the gate has its own numbers");
	f = fget(oldfd);
	if (!f)
		return fail(-EBADF, "no such descriptor");
	ret = fs->ops->replace(fs, newfd, f, flags);
	if (ret < 0)
		fput(f);
	return ret;
}

long sys_dup2(int oldfd, int newfd)
{
	struct file *f;

	if (oldfd != newfd)
		return do_dup3(oldfd, newfd, 0);
	f = fget(oldfd);
	if (!f)
		return fail(-EBADF, "no such descriptor");
	fput(f);
	return newfd;
}

long sys_dup3(int oldfd, int newfd, int flags)
{
	if (flags & ~O_CLOEXEC)
		return fail(-EINVAL, "unknown flag bits");
	if (oldfd == newfd)
		return fail(-EINVAL, "both descriptors are the same");
	return do_dup3(oldfd, newfd, (unsigned int)flags);
}
