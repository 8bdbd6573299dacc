/* SPDX-License-Identifier: MIT */
/*
 * Wait queues: sleeping until something happens.
 *
 * An entry is a task or a function. A function entry (the mirror of a
 * descriptor's readiness, epoll) is called at each wake-up with the poll mask
 * that caused it and must not sleep. Exclusive tasks are woken one at a time,
 * after all the others.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include "kernel/sched.h"
#include "lib/list.h"

#define WQ_FLAG_EXCLUSIVE 1

struct wait_queue_entry;
/* Returns true when a task was woken. */
typedef bool (*wait_queue_func)(struct wait_queue_entry *e, u32 key);

struct wait_queue_entry {
	struct list_head entry; /* entry.next NULL: in no queue */
	unsigned int flags;
	wait_queue_func func;
	void *private; /* the task, or the function's own */
	bool woken; /* an exclusive wake-up was spent on it */
};

struct wait_queue_head {
	struct list_head head;
};

void init_waitqueue_head(struct wait_queue_head *wq);
void init_waitqueue_entry(struct wait_queue_entry *e, struct task *t);
void init_waitqueue_func_entry(struct wait_queue_entry *e, wait_queue_func fn,
			       void *private);
void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e);
void add_wait_queue_exclusive(struct wait_queue_head *wq,
			      struct wait_queue_entry *e);
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e);
/* Does a task sleep here (and not only functions wait for events)? */
bool waitqueue_has_task(const struct wait_queue_head *wq);

/* Queue (if not yet) and become TASK_SLEEPING: call, test, then schedule(). */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *e);
void prepare_to_wait_exclusive(struct wait_queue_head *wq,
			       struct wait_queue_entry *e);
/*
 * Become running and leave the queue. A wake-up that was spent on a task whose
 * call is void by now is passed on to the next one.
 */
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *e);

/*
 * Wake functions, all non-exclusive tasks and @nr exclusive ones (0: all).
 * @key: EPOLLIN etc., what happened; 0: anything.
 */
void __wake_up(struct wait_queue_head *wq, int nr, u32 key);
#define wake_up_interruptible(wq) __wake_up(wq, 1, 0)
#define wake_up_interruptible_all(wq) __wake_up(wq, 0, 0)
#define wake_up_interruptible_poll(wq, key) __wake_up(wq, 1, key)
#define wake_up_poll(wq, key) __wake_up(wq, 1, key)

static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

#define DEFINE_WAIT(name)            \
	struct wait_queue_entry name; \
	init_waitqueue_entry(&name, current)

/* Sleep until @cond. 0, or -ERESTARTSYS. */
#define wait_event_interruptible(wq, cond)                        \
	({                                                        \
		int __ret = 0;                                    \
		DEFINE_WAIT(__w);                                 \
		for (;;) {                                        \
			prepare_to_wait(&(wq), &__w);             \
			if (cond)                                 \
				break;                            \
			if (signal_pending(current)) {            \
				__ret = -ERESTARTSYS;             \
				break;                            \
			}                                         \
			schedule();                               \
		}                                                 \
		finish_wait(&(wq), &__w);                         \
		__ret;                                            \
	})

#endif
