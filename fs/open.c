/* SPDX-License-Identifier: MIT */
/*
 * open() of what the core has by name: the links of /proc/self/fd. A socket
 * refuses it (sock_no_open), and whatever else there is, the gate opens.
 */
#include "fs/fs.h"

#include "kernel/uaccess.h"
#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

int proc_fd_link(const char *path)
{
	static const char *const dirs[] = { "/proc/self/fd/",
					    "/proc/thread-self/fd/",
					    "/dev/fd/" };
	int fd = 0;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t n = strlen(dirs[i]);

		if (strncmp(path, dirs[i], n))
			continue;
		/* Larger than this is no descriptor. */
		for (path += n; *path >= '0' && *path <= '9' && fd < 1 << 24;
		     path++)
			fd = fd * 10 + *path - '0';
		return *path || path[-1] == '/' ? -1 : fd;
	}
	return -1;
}

static long do_open(const char __user *name)
{
	char path[PROC_FD_LINK_MAX];
	struct file *f;
	long ret = strncpy_from_user(path, name, sizeof(path));

	if (ret == -EFAULT)
		return fail(-EFAULT, "the path is not readable");
	f = ret < 0 ? NULL : fget(proc_fd_link(path));
	if (!f)
		return fail(-ENOENT, "only sockets are files here");
	ret = f->f_op->open ? f->f_op->open(f->f_inode, f)
			    : fail(-ENXIO, "cannot be opened once more");
	fput(f);
	return ret;
}

long sys_open(const char __user *path, int flags, int mode)
{
	(void)flags;
	(void)mode;
	return do_open(path);
}

long sys_openat(int dirfd, const char __user *path, int flags, int mode)
{
	/* What we know has an absolute name. */
	(void)dirfd;
	return sys_open(path, flags, mode);
}
