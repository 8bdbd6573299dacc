/* SPDX-License-Identifier: MIT */
/*
 * epoll: sets of files that remember which of them are ready, for gates whose
 * descriptors are our own. (Programs under the seccomp gate use their system's
 * epoll, which sees placeholders.)
 *
 *	eventpoll	the set: a file, whose private_data it is
 *	epitem		one (file, descriptor) in it, in a tree by these
 *	   wait		the item's entry on the queue of its file
 *
 * A wake-up of a file calls ep_poll_callback(), which puts the item on the
 * set's ready list and wakes who waits for the set. epoll_wait() asks only
 * items on that list, so it costs what is ready, not what is watched:
 *
 *	not ready any more	leaves the list
 *	level-triggered		goes back to its end: asked again next time
 *	EPOLLET			leaves the list until the next wake-up
 *	EPOLLONESHOT		leaves it, and its interest is empty until MOD
 *
 * An item holds no reference on its file: the last fput() takes the file out of
 * all sets (eventpoll_release). A set may be in a set: its file polls as
 * readable while an item is ready.
 *
 * LINUX: the memory of items is limited by user (ENOSPC); here by the kernel's.
 * A set in many sets is refused by no number of paths, only by their depth.
 */
#include "fs/eventpoll.h"

#include "fs/poll.h"
#include "kernel/slab.h"
#include "kernel/uaccess.h"
#include "lib/rbtree.h"
#include "trace/trace.h"
#include <asm/errno.h>

#define WANT_SYSCALL_PROTOTYPES
#include "syscalls_gen.h"

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3
#define EPOLL_CLOEXEC O_CLOEXEC
#define EPOLLEXCLUSIVE (1U << 28)
#define EPOLLWAKEUP (1U << 29)
#define EPOLLONESHOT (1U << 30)

/* Bits that say how to tell, not what. */
#define EP_PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
/* All that may go with EPOLLEXCLUSIVE. */
#define EP_EXCLUSIVE_OK                                                     \
	(EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM | EPOLLERR |        \
	 EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)
/* Sets in sets: edges on a path. */
#define EP_MAX_NESTS 4

/* The program's, of both ABIs. */
struct epoll_event {
	u32 events;
	u64 data;
} __attribute__((packed));
static_assert(sizeof(struct epoll_event) == 12, "struct epoll_event");

#define EP_MAX_EVENTS (INT32_MAX / (int)sizeof(struct epoll_event))

struct eventpoll {
	struct rb_root items;
	struct list_head ready; /* struct epitem.ready, in order of waking */
	struct wait_queue_head wq; /* epoll_wait() */
	struct wait_queue_head poll_wq; /* who polls the set as a file */
	struct file *file;
};

struct epitem {
	struct rb_node node; /* eventpoll.items */
	struct hlist_node of_file; /* file.f_ep */
	struct list_head ready; /* eventpoll.ready, or empty */
	struct eventpoll *ep;
	struct file *file; /* no reference */
	int fd;
	struct epoll_event event; /* no events at all: oneshot and spent */
	struct wait_queue_head *wq; /* of the file; NULL: it never changes */
	struct wait_queue_entry wait;
};

static const struct file_operations eventpoll_fops;

static inline bool is_file_epoll(const struct file *f)
{
	return f->f_op == &eventpoll_fops;
}

/* ---- items ---- */

/* Which way from @i to (@f, @fd): < 0 less, > 0 greater, 0: it is there. */
static int item_cmp(const struct epitem *i, const struct file *f, int fd)
{
	if (f != i->file)
		return (uintptr_t)f < (uintptr_t)i->file ? -1 : 1;
	return fd < i->fd ? -1 : fd > i->fd;
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *f,
			      int fd)
{
	struct rb_node *n = ep->items.node;

	while (n) {
		struct epitem *i = rb_entry(n, struct epitem, node);
		int cmp = item_cmp(i, f, fd);

		if (!cmp)
			return i;
		n = n->child[cmp > 0];
	}
	return NULL;
}

static void ep_rbtree_insert(struct eventpoll *ep, struct epitem *item)
{
	struct rb_node *n = ep->items.node, *parent = NULL;
	int dir = 0;

	while (n) {
		parent = n;
		dir = item_cmp(rb_entry(n, struct epitem, node), item->file,
			       item->fd) > 0;
		n = n->child[dir];
	}
	rb_insert(&ep->items, &item->node, parent, dir);
}

/* Something has become ready in @ep: tell one who waits and all who poll. */
static bool ep_wake(struct eventpoll *ep)
{
	bool any = waitqueue_active(&ep->wq);

	wake_up_interruptible(&ep->wq);
	if (waitqueue_active(&ep->poll_wq))
		wake_up_poll(&ep->poll_wq, EPOLLIN | EPOLLRDNORM);
	return any;
}

/* Of EPOLLEXCLUSIVE waiters one is enough: true ends the round. */
static bool ep_poll_callback(struct wait_queue_entry *w, u32 key)
{
	struct epitem *item = w->private;
	u32 events = item->event.events;
	bool woken;

	if (!(events & ~EP_PRIVATE_BITS) || (key && !(key & events)))
		return false;
	if (list_empty(&item->ready))
		list_add_tail(&item->ready, &item->ep->ready);
	woken = ep_wake(item->ep);
	return events & EPOLLEXCLUSIVE ? woken : false;
}

struct ep_pqueue {
	struct poll_table pt;
	struct epitem *item;
};

/* struct poll_table.qproc */
static void ep_queue(struct file *f, struct wait_queue_head *wq,
		     struct poll_table *pt)
{
	struct epitem *item = container_of(pt, struct ep_pqueue, pt)->item;

	(void)f;
	BUG_ON(item->wq);
	item->wq = wq;
	init_waitqueue_func_entry(&item->wait, ep_poll_callback, item);
	if (item->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(wq, &item->wait);
	else
		add_wait_queue(wq, &item->wait);
}

/* What of its interest holds now. */
static u32 ep_item_poll(const struct epitem *item)
{
	return vfs_poll(item->file, NULL) & item->event.events;
}

static void ep_remove(struct eventpoll *ep, struct epitem *item)
{
	if (item->wq)
		remove_wait_queue(item->wq, &item->wait);
	list_del(&item->ready);
	hlist_del_init(&item->of_file);
	rb_erase(&ep->items, &item->node);
	kfree(item);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event,
		     struct file *f, int fd)
{
	struct epitem *item = kzalloc(sizeof(*item));
	struct ep_pqueue q = { .pt.qproc = ep_queue, .item = item };

	if (!item)
		return fail(-ENOMEM, "no memory for an item of the set");
	INIT_LIST_HEAD(&item->ready);
	item->ep = ep;
	item->file = f;
	item->fd = fd;
	item->event = *event;
	ep_rbtree_insert(ep, item);
	hlist_add_head(&item->of_file, &f->f_ep);
	if (vfs_poll(f, &q.pt) & event->events) {
		list_add_tail(&item->ready, &ep->ready);
		(void)ep_wake(ep);
	}
	return 0;
}

static void ep_modify(struct eventpoll *ep, struct epitem *item,
		      const struct epoll_event *event)
{
	item->event = *event;
	if (ep_item_poll(item) && list_empty(&item->ready)) {
		list_add_tail(&item->ready, &ep->ready);
		(void)ep_wake(ep);
	}
}

void eventpoll_release(struct file *f)
{
	struct hlist_node *n;

	while ((n = f->f_ep.first)) {
		struct epitem *item = hlist_entry(n, struct epitem, of_file);

		ep_remove(item->ep, item);
	}
}

/* ---- sets as files ---- */

static int ep_release(struct file *f)
{
	struct eventpoll *ep = f->private_data;
	struct rb_node *n;

	while ((n = rb_end(&ep->items, 0)))
		ep_remove(ep, rb_entry(n, struct epitem, node));
	kfree(ep);
	return 0;
}

static u32 ep_poll_file(struct file *f, struct poll_table *pt)
{
	struct eventpoll *ep = f->private_data;
	struct epitem *item, *next;

	poll_wait(f, &ep->poll_wq, pt);
	list_for_each_entry_safe(item, next, &ep->ready, ready) {
		if (ep_item_poll(item))
			return EPOLLIN | EPOLLRDNORM;
		/* It was ready, and nobody came for it. */
		list_del_init(&item->ready);
	}
	return 0;
}

static const struct file_operations eventpoll_fops = {
	.poll = ep_poll_file,
	.release = ep_release,
};

static long do_epoll_create(int flags)
{
	struct eventpoll *ep;
	struct file *f;
	int fd, ret;

	if (flags & ~EPOLL_CLOEXEC)
		return fail(-EINVAL, "no such flag");
	ep = kzalloc(sizeof(*ep));
	if (!ep)
		return fail(-ENOMEM, "no memory for a set");
	INIT_LIST_HEAD(&ep->ready);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wq);
	fd = get_unused_fd_flags((unsigned int)flags);
	if (fd < 0) {
		ret = fd;
		goto out_ep;
	}
	f = alloc_file(NULL, O_RDWR, &eventpoll_fops);
	if (IS_ERR(f)) {
		ret = (int)PTR_ERR(f);
		goto out_fd;
	}
	f->private_data = ep;
	ep->file = f;
	ret = fd_install(fd, f, (unsigned int)flags);
	if (ret >= 0)
		return ret;
	put_unused_fd(fd);
	fput(f);
	return ret;

out_fd:
	put_unused_fd(fd);
out_ep:
	kfree(ep);
	return ret;
}

long sys_epoll_create1(int flags)
{
	return do_epoll_create(flags);
}

long sys_epoll_create(int size)
{
	if (size <= 0)
		return fail(-EINVAL, "a set of that size");
	return do_epoll_create(0);
}

/* ---- sets in sets ---- */

/*
 * Edges on the longest path of sets below @ep, -1: it leads to @top. Paths are
 * no longer than EP_MAX_NESTS, so this ends.
 */
static int ep_depth_below(struct eventpoll *ep, const struct eventpoll *top)
{
	struct rb_node *stack[64], *n = ep->items.node;
	unsigned int sp = 0;
	int depth = 0;

	if (ep == top)
		return -1;
	/* Each node once, whatever the order. */
	while (n || sp) {
		struct epitem *item;
		int sub;

		if (!n)
			n = stack[--sp];
		item = rb_entry(n, struct epitem, node);
		if (is_file_epoll(item->file)) {
			sub = ep_depth_below(item->file->private_data, top);
			if (sub < 0)
				return -1;
			depth = max(depth, sub + 1);
		}
		if (n->child[1])
			stack[sp++] = n->child[1];
		n = n->child[0];
	}
	return depth;
}

/* Edges on the longest path of sets that @ep is in. */
static int ep_depth_above(const struct eventpoll *ep)
{
	struct epitem *item;
	int depth = 0;

	hlist_for_each_entry(item, &ep->file->f_ep, of_file)
		depth = max(depth, ep_depth_above(item->ep) + 1);
	return depth;
}

static int ep_loop_check(struct eventpoll *ep, struct eventpoll *inner)
{
	int below = ep_depth_below(inner, ep);

	if (below < 0)
		return fail(-ELOOP, "the set would contain itself");
	if (ep_depth_above(ep) + 1 + below > EP_MAX_NESTS)
		return fail(-ELOOP, "sets nested too deep");
	return 0;
}

/* ---- epoll_ctl ---- */

static long ep_ctl_item(struct eventpoll *ep, int op, struct file *f, int fd,
			struct epoll_event *event)
{
	struct epitem *item = ep_find(ep, f, fd);

	event->events |= EPOLLERR | EPOLLHUP;
	switch (op) {
	case EPOLL_CTL_ADD:
		if (item)
			return fail(-EEXIST, "the set has it already");
		return ep_insert(ep, event, f, fd);
	case EPOLL_CTL_DEL:
		if (!item)
			return fail(-ENOENT, "the set does not have it");
		ep_remove(ep, item);
		return 0;
	case EPOLL_CTL_MOD:
		if (!item)
			return fail(-ENOENT, "the set does not have it");
		/* LINUX: what was added with EPOLLEXCLUSIVE stays as it is. */
		if (item->event.events & EPOLLEXCLUSIVE)
			return fail(-EINVAL, "EPOLLEXCLUSIVE cannot change");
		ep_modify(ep, item, event);
		return 0;
	}
	return fail(-EINVAL, "no such operation");
}

static long do_epoll_ctl(struct file *epf, int op, struct file *f, int fd,
			 struct epoll_event *event)
{
	int err;

	if (!f->f_op->poll)
		return fail(-EPERM, "a file that cannot be polled");
	if (epf == f || !is_file_epoll(epf))
		return fail(-EINVAL, "not a set, or the set itself");
	event->events &= ~EPOLLWAKEUP;
	if (op != EPOLL_CTL_DEL && event->events & EPOLLEXCLUSIVE) {
		if (op == EPOLL_CTL_MOD)
			return fail(-EINVAL, "EPOLLEXCLUSIVE is only for ADD");
		if (is_file_epoll(f) || event->events & ~EP_EXCLUSIVE_OK)
			return fail(-EINVAL, "cannot be EPOLLEXCLUSIVE");
	}
	if (op == EPOLL_CTL_ADD && is_file_epoll(f)) {
		err = ep_loop_check(epf->private_data, f->private_data);
		if (err)
			return err;
	}
	return ep_ctl_item(epf->private_data, op, f, fd, event);
}

long sys_epoll_ctl(int epfd, int op, int fd, void __user *uevent)
{
	struct epoll_event event = { 0 };
	struct file *epf, *f;
	long ret = -EBADF;

	if (op != EPOLL_CTL_DEL &&
	    copy_from_user(&event, uevent, sizeof(event)))
		return fail(-EFAULT, "bad pointer to the event");
	epf = fget(epfd);
	f = epf ? fget(fd) : NULL;
	if (f)
		ret = do_epoll_ctl(epf, op, f, fd, &event);
	else
		(void)fail(-EBADF, "no such descriptor");
	fput(f);
	fput(epf);
	return ret;
}

/* ---- epoll_wait ---- */

static int ep_put_event(struct epoll_event __user *to,
			const struct epitem *item, u32 revents)
{
	struct epoll_event e = { revents, item->event.data };

	return copy_to_user(to, &e, sizeof(e)) ? -EFAULT : 0;
}

/* Tell of at most @max ready items. How many, or -EFAULT. */
static int ep_send_events(struct eventpoll *ep,
			  struct epoll_event __user *events, int max)
{
	struct list_head again;
	struct epitem *item;
	int n = 0, err = 0;

	INIT_LIST_HEAD(&again);
	while (n < max && !list_empty(&ep->ready)) {
		u32 revents;

		item = list_first_entry(&ep->ready, struct epitem, ready);
		list_del_init(&item->ready);
		revents = ep_item_poll(item);
		if (!revents)
			continue;
		err = ep_put_event(events + n, item, revents);
		if (err) {
			list_add(&item->ready, &ep->ready);
			break;
		}
		n++;
		if (item->event.events & EPOLLONESHOT)
			item->event.events &= EP_PRIVATE_BITS;
		else if (!(item->event.events & EPOLLET))
			list_add_tail(&item->ready, &again);
	}
	list_splice_tail_init(&again, &ep->ready);
	/* There is more than one waiter could take. */
	if (!list_empty(&ep->ready))
		wake_up_interruptible(&ep->wq);
	return n ? n : err;
}

static void ep_sleep(struct eventpoll *ep, u64 end)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&ep->wq, &wait);
	if (end == ~0ULL)
		schedule();
	else
		schedule_hrtimeout(end);
	finish_wait(&ep->wq, &wait);
}

/* @end: as poll_select_set_timeout() gives it. */
static int ep_poll(struct eventpoll *ep, struct epoll_event __user *events,
		   int max, u64 end, const u64 *sigmask)
{
	bool over = !end;

	for (;;) {
		int n = ep_send_events(ep, events, max);

		if (n)
			return n;
		if (over)
			return 0;
		if (signal_pending(current))
			return fail(-EINTR, "a signal came");
		if (sigmask)
			n = ask_sigmask(*sigmask, true);
		if (n)
			return n;
		sigmask = NULL;
		ep_sleep(ep, end);
		over = ktime_get_ns() >= end;
	}
}

static long do_epoll_wait(int epfd, void __user *events, int max, u64 end,
			  const u64 *sigmask)
{
	struct file *f = fget(epfd);
	long ret;

	if (!f)
		return fail(-EBADF, "no such descriptor");
	if (max <= 0 || max > EP_MAX_EVENTS)
		ret = fail(-EINVAL, "no room for that many events");
	else if (!is_file_epoll(f))
		ret = fail(-EINVAL, "not a set");
	else
		ret = ep_poll(f->private_data, events, max, end, sigmask);
	fput(f);
	return ret;
}

static u64 end_of_ms(int ms)
{
	if (ms < 0)
		return ~0ULL;
	return ms ? ktime_get_ns() + (u64)ms * NSEC_PER_MSEC : 0;
}

long sys_epoll_wait(int epfd, void __user *events, int max, int timeout)
{
	return do_epoll_wait(epfd, events, max, end_of_ms(timeout), NULL);
}

long sys_epoll_pwait(int epfd, void __user *events, int max, int timeout,
		     void __user *sigmask, size_t size)
{
	u64 mask;
	int err = set_user_sigmask(sigmask, size, &mask);

	if (err)
		return err;
	return do_epoll_wait(epfd, events, max, end_of_ms(timeout),
			     sigmask ? &mask : NULL);
}

long sys_epoll_pwait2(int epfd, void __user *events, int max,
		      void __user *timeout, void __user *sigmask, size_t size)
{
	u64 mask, end;
	int err = poll_select_set_timeout(timeout, PT_TIMESPEC, &end);

	if (!err)
		err = set_user_sigmask(sigmask, size, &mask);
	if (err)
		return err;
	return do_epoll_wait(epfd, events, max, end, sigmask ? &mask : NULL);
}
