/* SPDX-License-Identifier: MIT */
/*
 * Inodes, open files, and what a program's descriptors refer to.
 *
 * A struct file is an open file description: descriptors of many processes
 * may share it. It is counted; the last fput() calls f_op->release. How
 * numbers become files is the business of the gate's files_struct.
 */
#ifndef FS_FS_H
#define FS_FS_H

#include "kernel/sched.h"
#include "kernel/wait.h"
#include "lib/iov_iter.h"
#include "lib/list.h"
#include "lib/types.h"
#include "trace/trace.h"

struct file;
struct fasync_struct;
struct poll_table;

struct inode {
	u64 i_ino;
	u32 i_mode; /* S_IFSOCK | 0777 */
	u32 i_uid, i_gid;
};

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFIFO 0010000
#define S_IRWXUGO 00777

struct file_operations {
	s64 (*llseek)(struct file *f, s64 off, int whence);
	long (*read_iter)(struct file *f, struct iov_iter *to);
	long (*write_iter)(struct file *f, struct iov_iter *from);
	/*
	 * Mask of EPOLL* that hold now. Never sleeps. poll_wait() with the
	 * queue that is woken when it changes: fs/poll.h. @pt may be NULL.
	 */
	u32 (*poll)(struct file *f, struct poll_table *pt);
	long (*ioctl)(struct file *f, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *f);
	int (*open)(struct inode *i, struct file *f);
	int (*release)(struct file *f);
	int (*fasync)(int fd, struct file *f, int on);
	/* Optional, for the trace: the call at hand is about @f. */
	void (*use)(struct file *f);
	/*
	 * splice_read moves at most @len bytes of the file to @out, a file
	 * that is not a socket; splice_write the other way round. Positions
	 * are the other file's own. Bytes moved or -errno.
	 */
	long (*splice_read)(struct file *in, struct file *out, size_t len,
			    unsigned int flags);
	long (*splice_write)(struct file *in, struct file *out, size_t len,
			     unsigned int flags);
};

/* Who is told by SIGIO. */
struct fown_struct {
	const struct gate *gate; /* that knows the process; NULL: nobody */
	int pid; /* > 0: process or thread; < 0: process group; 0: nobody */
	int type; /* F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP */
	int signum; /* 0: SIGIO */
};

struct file {
	const struct file_operations *f_op;
	struct inode *f_inode;
	void *private_data; /* struct socket for socket_file_ops */
	unsigned int f_flags; /* O_NONBLOCK, FASYNC, O_RDWR */
	unsigned int f_count;
	struct fown_struct f_owner;
	struct hlist_head f_ep; /* items of epoll sets that it is in */
	void *f_port; /* the gate's: the placeholder */
	/*
	 * For files of the gate that have a position: read and write there
	 * instead, and leave it alone (the caller moves it). NULL: their own.
	 */
	s64 *f_ppos;
};

/* Open files that a kernel may have, unless kernel.files_max says another. */
#define FILES_MAX (1U << 20)

/* ERR_PTR(-ENFILE) or ERR_PTR(-ENOMEM). All files come from here. */
struct file *alloc_file(struct inode *inode, unsigned int flags,
			const struct file_operations *fop);
static inline struct file *get_file(struct file *f)
{
	f->f_count++;
	return f;
}
/* Drop a reference; the last one releases the file. NULL is allowed. */
void fput(struct file *f);
static inline void file_use(struct file *f)
{
	if (unlikely(trace_active) && f->f_op->use)
		f->f_op->use(f);
}

/* Asynchronous notification (O_ASYNC). */
struct fasync_struct {
	struct fasync_struct *fa_next;
	struct file *fa_file;
	int fa_fd;
};
/* Add (@on) or remove @f. > 0: added or removed, 0: nothing to do, -ENOMEM. */
int fasync_helper(int fd, struct file *f, int on, struct fasync_struct **list);
/* Signal every owner on the list: @sig is SIGIO or SIGURG. */
void kill_fasync(struct fasync_struct **list, int sig, int band);
/* Of @f; not only with O_ASYNC. */
void send_sigurg(struct file *f);

/*
 * Descriptors. One files_struct is what CLONE_FILES shares; the gate makes it
 * and supplies its operations, fs/file.c has the plain table that the direct
 * and idt gates use.
 */
struct files_ops {
	/*
	 * Reserve a descriptor for @flags (O_CLOEXEC). -EMFILE. A gate whose
	 * numbers are given by the program's own system may return a token
	 * that only install() and put_unused() understand.
	 */
	int (*get_unused)(struct files_struct *fs, unsigned int flags);
	void (*put_unused)(struct files_struct *fs, int fd);
	/*
	 * Bind @f (its reference passes over) to the descriptor got by
	 * get_unused(). Returns the number the program sees, or -errno with
	 * the reference still the caller's and the descriptor still reserved.
	 */
	int (*install)(struct files_struct *fs, int fd, struct file *f,
		       unsigned int flags);
	/*
	 * The file behind a number, with a reference, or NULL (-EBADF). A file
	 * that is not ours comes with foreign_file_ops of the gate.
	 */
	struct file *(*get)(struct files_struct *fs, int fd);
	/*
	 * The same for poll() and select(), if not get. ERR_PTR: the call
	 * cannot be served, and ends with that.
	 */
	struct file *(*get_poll)(struct files_struct *fs, int fd);
	/* RLIMIT_NOFILE; NULL: none. */
	unsigned int (*limit)(struct files_struct *fs);
	/*
	 * Linux's files_struct.max_fds, which cuts the sets of select(): @n,
	 * or less when the table is not as large. NULL: @n.
	 */
	unsigned int (*table_size)(struct files_struct *fs, unsigned int n);
	/*
	 * What the core can do itself only where the numbers are its own: NULL
	 * where the program's system does it.
	 */
	int (*close)(struct files_struct *fs, int fd);
	/* Reserve the lowest number from @from on. -EINVAL, -EMFILE. */
	int (*get_unused_from)(struct files_struct *fs, unsigned int from,
			       unsigned int flags);
	/* Bind @f to @fd, whatever was there (dup2). @fd or -errno. */
	int (*replace)(struct files_struct *fs, int fd, struct file *f,
		       unsigned int flags);
	/* Read FD_CLOEXEC (@on < 0) or set it. The old value or -EBADF. */
	int (*cloexec)(struct files_struct *fs, int fd, int on);
	/* The last user is gone. */
	void (*destroy)(struct files_struct *fs);
};

struct files_struct {
	const struct files_ops *ops;
	unsigned int count;
};

int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(int fd);
int fd_install(int fd, struct file *f, unsigned int flags) __must_check;
struct file *fget(int fd);
/* The number in the name of a link in /proc/self/fd, or -1. */
int proc_fd_link(const char *path);
#define PROC_FD_LINK_MAX 40 /* bytes of such a name */
/* For poll() and select(): may be an ERR_PTR, too. */
struct file *fget_poll(int fd);

/*
 * fs/fdtable.c: a table of its own, for gates whose programs have no other
 * descriptors. NULL: no memory.
 */
struct files_struct *alloc_fdtable(unsigned int max_fds);
static inline struct files_struct *get_files_struct(struct files_struct *fs)
{
	fs->count++;
	return fs;
}
void put_files_struct(struct files_struct *fs);
int close_fd(struct files_struct *fs, int fd);

/* fs/fcntl.c. @type F_OWNER_x (<asm-generic/fcntl.h>). 0, -ESRCH, -EINVAL. */
int f_setown(struct file *f, int type, int who);
/* As F_GETOWN tells it: negative for a group. */
int f_getown(const struct file *f);

#endif
