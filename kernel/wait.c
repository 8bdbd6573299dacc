/* SPDX-License-Identifier: MIT */
/*
 * Wait queues. Non-exclusive entries stand before exclusive ones, so that a
 * wake-up reaches all of the former and then as many of the latter as it may.
 */
#include "kernel/wait.h"

#include "trace/trace.h"

static bool default_wake_function(struct wait_queue_entry *e, u32 key)
{
	struct task *t = e->private;

	(void)key;
	if (!wake_up_process(t))
		return false;
	e->woken = true;
	return true;
}

void init_waitqueue_head(struct wait_queue_head *wq)
{
	INIT_LIST_HEAD(&wq->head);
}

void init_waitqueue_func_entry(struct wait_queue_entry *e, wait_queue_func fn,
			       void *private)
{
	e->entry.next = NULL;
	e->entry.prev = NULL;
	e->flags = 0;
	e->func = fn;
	e->private = private;
	e->woken = false;
}

void init_waitqueue_entry(struct wait_queue_entry *e, struct task *t)
{
	init_waitqueue_func_entry(e, default_wake_function, t);
}

bool waitqueue_has_task(const struct wait_queue_head *wq)
{
	const struct wait_queue_entry *e;

	list_for_each_entry(e, &wq->head, entry)
		if (e->func == default_wake_function)
			return true;
	return false;
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	e->flags &= ~WQ_FLAG_EXCLUSIVE;
	list_add(&e->entry, &wq->head);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq,
			      struct wait_queue_entry *e)
{
	e->flags |= WQ_FLAG_EXCLUSIVE;
	list_add_tail(&e->entry, &wq->head);
}

void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	(void)wq;
	if (e->entry.next)
		list_del(&e->entry);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	if (!e->entry.next)
		add_wait_queue(wq, e);
	e->woken = false;
	set_current_state(TASK_INTERRUPTIBLE);
}

void prepare_to_wait_exclusive(struct wait_queue_head *wq,
			       struct wait_queue_entry *e)
{
	if (!e->entry.next)
		add_wait_queue_exclusive(wq, e);
	e->woken = false;
	set_current_state(TASK_INTERRUPTIBLE);
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	set_current_state(TASK_RUNNING);
	remove_wait_queue(wq, e);
	if ((e->flags & WQ_FLAG_EXCLUSIVE) && e->woken &&
	    signal_pending(current))
		__wake_up(wq, 1, 0);
}

void __wake_up(struct wait_queue_head *wq, int nr, u32 key)
{
	struct wait_queue_entry *e, *n;

	list_for_each_entry_safe(e, n, &wq->head, entry) {
		bool exclusive = e->flags & WQ_FLAG_EXCLUSIVE;

		if (e->func(e, key) && exclusive && --nr == 0)
			break;
	}
}
