/* SPDX-License-Identifier: MIT */
/*
 * Waiting for many files at once: poll(), select() and their kin.
 *
 * A file's poll operation tells what holds now, and names by poll_wait() the
 * queue that is woken when that changes. The calls gather the files in a
 * struct poll_set, which keeps a reference on each while it waits, as Linux
 * does: a socket that another thread closes meanwhile lives until the end.
 */
#ifndef FS_POLL_H
#define FS_POLL_H

#include "fs/fs.h"
#include "kernel/wait.h"
#include "lib/types.h"
#include "uapi/socket.h"

struct poll_table {
	/* Puts the waiter on @wq; NULL: it will not wait (any more). */
	void (*qproc)(struct file *f, struct wait_queue_head *wq,
		      struct poll_table *pt);
	u32 key; /* what it waits for: only that need wake it */
};

static inline void poll_wait(struct file *f, struct wait_queue_head *wq,
			     struct poll_table *pt)
{
	if (pt && pt->qproc)
		pt->qproc(f, wq, pt);
}

/* What a file without the operation is: always ready. */
#define DEFAULT_POLLMASK (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)

static inline u32 vfs_poll(struct file *f, struct poll_table *pt)
{
	return f->f_op->poll ? f->f_op->poll(f, pt) : DEFAULT_POLLMASK;
}

/* ---- for fs/poll.c and fs/select.c ---- */

/* A file of a set. The fields from @user on are the caller's. */
struct poll_entry {
	struct file *file; /* a reference; NULL: revents stays as it is */
	struct wait_queue_head *wq; /* NULL: not waiting */
	struct wait_queue_entry wait;
	struct poll_set *set;
	u32 events; /* what counts */
	u32 revents; /* what of it holds */
	u32 user;
};

#define POLL_CHUNK 48

struct poll_chunk {
	struct poll_chunk *next;
	unsigned int nr;
	struct poll_entry entry[POLL_CHUNK];
};

struct poll_set {
	struct poll_table pt;
	struct poll_entry *at; /* the one whose file is being asked */
	struct task *task;
	bool triggered; /* one of them was woken */
	struct poll_chunk *last;
	struct poll_chunk first;
};

#define poll_for_each_entry(e, c, set)                       \
	for (c = &(set)->first; c; c = c->next)              \
		for (e = c->entry; e < c->entry + c->nr; e++)

void poll_initwait(struct poll_set *set);
/* Leave the queues, drop the files. */
void poll_freewait(struct poll_set *set);
/* One more, with no file yet. NULL: no memory. */
struct poll_entry *poll_add(struct poll_set *set);

/*
 * Wait until an entry has revents or the clock says @end (0: at once, ~0:
 * never). Number of entries that have, 0, -ERESTARTNOHAND, or what the gate
 * says to @sigmask (NULL: the thread's own).
 */
int do_poll(struct poll_set *set, u64 end, const u64 *sigmask);

/* The timeouts of these calls. */
enum poll_time_type { PT_TIMEVAL, PT_TIMESPEC, PT_OLD_TIMESPEC };
/* @p NULL: for ever. 0, -EFAULT or -EINVAL. */
int poll_select_set_timeout(const void __user *p, enum poll_time_type type,
			    u64 *ret_end);
/*
 * What is left until @end, as the program's memory shall have it. Its size; 0:
 * nothing is written back.
 */
union poll_rest {
	struct timespec64 ts;
	struct old_timespec32 ts32;
	struct old_timeval64 tv;
	struct old_timeval32 tv32;
};
size_t poll_select_rest(enum poll_time_type type, u64 end,
			union poll_rest *ret);
/* Write what is left back, and what the call returns: mostly @ret. */
long poll_select_finish(void __user *p, enum poll_time_type type, u64 end,
			long ret);
/* Let the gate know that the call is to wait with @mask: struct gate. */
int ask_sigmask(u64 mask, bool sleep);
/* Copy the mask, if there is one. 0, -EINVAL or -EFAULT. */
int set_user_sigmask(const void __user *p, u64 size, u64 *ret_mask);

#endif
