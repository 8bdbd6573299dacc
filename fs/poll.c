/* SPDX-License-Identifier: MIT */
/*
 * poll() and ppoll(); and what select() has in common with them.
 *
 *	poll_initwait, poll_add for each descriptor
 *	do_poll: ask every file -> something? done
 *	         none: sleep; each file's queue has an entry of ours by then
 *	poll_freewait
 *
 * The files are looked up once, before the first look. LINUX: a descriptor
 * that another thread closes meanwhile is POLLNVAL at the next look; here it
 * is what its file says to the end of the call.
 */
#include "fs/poll.h"

#include "kernel/slab.h"
#include "kernel/time.h"
#include "kernel/uaccess.h"
#include "lib/string.h"
#include "trace/trace.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <linux/poll.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

#define FOREVER (~0ULL)

/* ---- sets ---- */

void poll_initwait(struct poll_set *set)
{
	set->pt.qproc = NULL;
	set->at = NULL;
	set->task = current;
	set->triggered = false;
	set->last = &set->first;
	set->first.next = NULL;
	set->first.nr = 0;
}

void poll_freewait(struct poll_set *set)
{
	struct poll_chunk *c, *next;
	struct poll_entry *e;

	poll_for_each_entry(e, c, set) {
		if (e->wq)
			remove_wait_queue(e->wq, &e->wait);
		fput(e->file);
	}
	for (c = set->first.next; c; c = next) {
		next = c->next;
		kfree(c);
	}
}

struct poll_entry *poll_add(struct poll_set *set)
{
	struct poll_chunk *c = set->last;
	struct poll_entry *e;

	if (c->nr == POLL_CHUNK) {
		c = kmalloc(sizeof(*c));
		if (!c)
			return NULL;
		c->next = NULL;
		c->nr = 0;
		set->last->next = c;
		set->last = c;
	}
	e = &c->entry[c->nr++];
	e->file = NULL;
	e->wq = NULL;
	e->set = set;
	e->events = e->revents = 0;
	return e;
}

static bool pollwake(struct wait_queue_entry *w, u32 key)
{
	struct poll_entry *e = w->private;

	if (key && !(key & e->events))
		return false;
	e->set->triggered = true;
	return wake_up_process(e->set->task);
}

/* struct poll_table.qproc */
static void poll_queue(struct file *f, struct wait_queue_head *wq,
		       struct poll_table *pt)
{
	struct poll_set *set = container_of(pt, struct poll_set, pt);
	struct poll_entry *e = set->at;

	(void)f;
	BUG_ON(e->wq);
	e->wq = wq;
	init_waitqueue_func_entry(&e->wait, pollwake, e);
	add_wait_queue(wq, &e->wait);
}

/* Ask every file. The number of those that have something to tell. */
static int poll_look(struct poll_set *set)
{
	struct poll_chunk *c;
	struct poll_entry *e;
	int count = 0;

	poll_for_each_entry(e, c, set) {
		if (e->file) {
			set->at = e;
			set->pt.key = e->events;
			e->revents = vfs_poll(e->file, &set->pt) & e->events;
		}
		if (!e->revents)
			continue;
		count++;
		set->pt.qproc = NULL; /* it will not sleep */
	}
	set->pt.qproc = NULL; /* they know us by now */
	return count;
}

int ask_sigmask(u64 mask, bool sleep)
{
	const struct gate *gate = current->gate;

	return gate && gate->sigmask ? gate->sigmask(current, mask, sleep) : 0;
}

int do_poll(struct poll_set *set, u64 end, const u64 *sigmask)
{
	bool over = !end;
	int ret;

	set->pt.qproc = over ? NULL : poll_queue;
	for (;;) {
		set->triggered = false;
		ret = poll_look(set);
		if (ret)
			return ret;
		if (signal_pending(current))
			return fail(-ERESTARTNOHAND, "a signal came");
		if (sigmask)
			ret = ask_sigmask(*sigmask, !over);
		if (ret || over)
			return ret;
		sigmask = NULL;
		/* Nobody else has run since the look. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (end == FOREVER)
			schedule();
		else
			schedule_hrtimeout(end);
		over = ktime_get_ns() >= end;
	}
}

/* ---- timeouts and masks ---- */

static int get_timeval(struct timespec64 *ts, const void __user *p)
{
	struct old_timeval64 tv;
	struct old_timeval32 c;
	bool compat = in_compat_syscall();

	if (compat ? copy_from_user(&c, p, sizeof(c))
		   : copy_from_user(&tv, p, sizeof(tv)))
		return fail(-EFAULT, "bad pointer to the timeout");
	if (compat)
		tv = (struct old_timeval64){ c.tv_sec, c.tv_usec };
	/* LINUX: a second and more in tv_usec is no error. */
	ts->tv_sec = (s64)((u64)tv.tv_sec + (u64)(tv.tv_usec / 1000000));
	ts->tv_nsec = tv.tv_usec % 1000000 * 1000;
	return 0;
}

/* When a timeout that begins now ends. */
static int timeout_end(const struct timespec64 *ts, u64 *ret_end)
{
	u64 now = ktime_get_ns();

	if (ts->tv_sec < 0 || (u64)ts->tv_nsec >= NSEC_PER_SEC)
		return fail(-EINVAL, "no such time");
	if (!ts->tv_sec && !ts->tv_nsec)
		*ret_end = 0;
	else if ((u64)ts->tv_sec >= (FOREVER - now) / NSEC_PER_SEC - 1)
		*ret_end = FOREVER;
	else
		*ret_end = now + (u64)ts->tv_sec * NSEC_PER_SEC +
			   (u64)ts->tv_nsec;
	return 0;
}

int poll_select_set_timeout(const void __user *p, enum poll_time_type type,
			    u64 *ret_end)
{
	struct timespec64 ts;
	int err;

	if (!p) {
		*ret_end = FOREVER;
		return 0;
	}
	err = type == PT_TIMEVAL      ? get_timeval(&ts, p)
	      : type == PT_TIMESPEC ? get_timespec64(&ts, p)
				    : get_old_timespec32(&ts, p);
	return err ? err : timeout_end(&ts, ret_end);
}

size_t poll_select_rest(enum poll_time_type type, u64 end, union poll_rest *ret)
{
	/* Not the kernel's clock, which stands still during a call. */
	u64 now = port_clock_ns(), left = end > now ? end - now : 0;
	s64 sec = (s64)(left / NSEC_PER_SEC), nsec = (s64)(left % NSEC_PER_SEC);

	if (!end)
		return 0;
	if (type == PT_TIMESPEC) {
		ret->ts = (struct timespec64){ sec, nsec };
		return sizeof(ret->ts);
	}
	if (type == PT_OLD_TIMESPEC) {
		ret->ts32 = (struct old_timespec32){ (s32)sec, (s32)nsec };
		return sizeof(ret->ts32);
	}
	if (in_compat_syscall()) {
		ret->tv32 = (struct old_timeval32){ (s32)sec,
						    (s32)(nsec / 1000) };
		return sizeof(ret->tv32);
	}
	ret->tv = (struct old_timeval64){ sec, nsec / 1000 };
	return sizeof(ret->tv);
}

long poll_select_finish(void __user *p, enum poll_time_type type, u64 end,
			long ret)
{
	union poll_rest rest;
	size_t n = p ? poll_select_rest(type, end, &rest) : 0;

	/*
	 * LINUX: that the memory is read only is no error; but the call cannot
	 * be restarted then, as it would wait for the whole time again.
	 */
	return n && copy_to_user(p, &rest, n) && ret == -ERESTARTNOHAND ? -EINTR
									: ret;
}

int set_user_sigmask(const void __user *p, u64 size, u64 *ret_mask)
{
	if (!p)
		return 0;
	if (size != sizeof(*ret_mask))
		return fail(-EINVAL, "not the size of a signal mask");
	if (copy_from_user(ret_mask, p, sizeof(*ret_mask)))
		return fail(-EFAULT, "bad pointer to the signal mask");
	return 0;
}

/* ---- poll ---- */

/* The kernel's masks and the program's are the same bits. */
static_assert(POLLIN == EPOLLIN && POLLPRI == EPOLLPRI &&
		      POLLOUT == EPOLLOUT && POLLERR == EPOLLERR &&
		      POLLHUP == EPOLLHUP && POLLNVAL == EPOLLNVAL &&
		      POLLRDHUP == EPOLLRDHUP && POLLMSG == EPOLLMSG,
	      "POLLx are EPOLLx");
static_assert(sizeof(struct pollfd) == 8, "struct pollfd");

#define PIECE 32 /* pollfds that are copied at a time */

static int poll_add_fd(struct poll_set *set, const struct pollfd *pfd)
{
	struct poll_entry *e = poll_add(set);
	struct file *f;

	if (!e)
		return fail(-ENOMEM, "no memory for a file to wait for");
	e->user = (u16)pfd->revents;
	if (pfd->fd < 0)
		return 0;
	f = fget_poll(pfd->fd);
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	e->file = f;
	if (f)
		e->events = (u16)pfd->events | EPOLLERR | EPOLLHUP;
	else
		e->revents = EPOLLNVAL;
	return 0;
}

static int poll_get(struct poll_set *set, struct pollfd __user *ufds,
		    unsigned int nfds)
{
	struct pollfd piece[PIECE];

	for (unsigned int i = 0; i < nfds; i += PIECE) {
		unsigned int n = min(nfds - i, (unsigned int)PIECE);

		if (copy_from_user(piece, ufds + i, n * sizeof(*piece)))
			return fail(-EFAULT, "bad pointer to the descriptors");
		for (unsigned int j = 0; j < n; j++) {
			int err = poll_add_fd(set, &piece[j]);

			if (err)
				return err;
		}
	}
	return 0;
}

struct revents_out {
	struct iovec iov[PIECE];
	u16 value[PIECE];
	unsigned int n;
};

static int put_piece(struct revents_out *o)
{
	size_t size = o->n * sizeof(o->value[0]);
	struct iov_iter it;

	if (!o->n)
		return 0;
	iov_iter_init(&it, ITER_USER, o->iov, o->n, size);
	o->n = 0;
	if (copy_to_iter(o->value, size, &it) != size)
		return fail(-EFAULT, "cannot write to the descriptors");
	return 0;
}

/*
 * Only revents is written, for the rest may be changing; and only where it is
 * not what the program had left there (the first one in any case, in case the
 * memory is read only).
 */
static int poll_put(struct poll_set *set, struct pollfd __user *ufds)
{
	struct revents_out out;
	struct poll_chunk *c;
	struct poll_entry *e;
	unsigned int i = 0;
	int err;

	out.n = 0;
	poll_for_each_entry(e, c, set) {
		u64 at = (uintptr_t)ufds + i * sizeof(*ufds) +
			 offsetof(struct pollfd, revents);

		if (i++ && e->revents == e->user)
			continue;
		out.iov[out.n].iov_base = at;
		out.iov[out.n].iov_len = sizeof(u16);
		out.value[out.n++] = (u16)e->revents;
		if (out.n < PIECE)
			continue;
		err = put_piece(&out);
		if (err)
			return err;
	}
	return put_piece(&out);
}

static int do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, u64 end,
		       const u64 *sigmask)
{
	struct files_struct *fs = current->files;
	struct poll_set set;
	int ret, err;

	if (nfds && fs->ops->limit && nfds > fs->ops->limit(fs))
		return fail(-EINVAL, "more than the limit of descriptors");
	poll_initwait(&set);
	ret = poll_get(&set, ufds, nfds);
	if (!ret)
		ret = do_poll(&set, end, sigmask);
	if (ret >= 0) {
		err = poll_put(&set, ufds);
		ret = err ? err : ret;
	}
	poll_freewait(&set);
	return ret;
}

/* LINUX: restarted, if no handler ran, until the first call's timeout. */
long sys_poll(void __user *fds, unsigned int nfds, int timeout)
{
	u64 end = FOREVER;

	if (timeout >= 0)
		end = timeout ? ktime_get_ns() + (u64)timeout * NSEC_PER_MSEC
			      : 0;
	return do_sys_poll(fds, nfds, end, NULL);
}

static long do_ppoll(void __user *fds, unsigned int nfds, void __user *timeout,
		     enum poll_time_type type, void __user *sigmask,
		     size_t size)
{
	u64 end, mask;
	int ret = poll_select_set_timeout(timeout, type, &end);

	if (!ret)
		ret = set_user_sigmask(sigmask, size, &mask);
	if (ret)
		return ret;
	ret = do_sys_poll(fds, nfds, end, sigmask ? &mask : NULL);
	return poll_select_finish(timeout, type, end, ret);
}

long sys_ppoll(void __user *fds, unsigned int nfds,
	       struct timespec64 __user *timeout, void __user *sigmask,
	       size_t size)
{
	return do_ppoll(fds, nfds, timeout, PT_TIMESPEC, sigmask, size);
}

long compat_sys_ppoll(void __user *fds, unsigned int nfds,
		      struct old_timespec32 __user *timeout,
		      void __user *sigmask, size_t size)
{
	return do_ppoll(fds, nfds, timeout, PT_OLD_TIMESPEC, sigmask, size);
}
