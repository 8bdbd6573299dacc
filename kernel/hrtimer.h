/* SPDX-License-Identifier: MIT */
/*
 * Timers to the nanosecond, for what a tick is too coarse for: packets on a
 * wire, pacing, a program's sleep. Where milliseconds do, kernel/timer.h is
 * cheaper.
 *
 * A timer belongs to whoever embeds it; that one cancels it before freeing.
 * Its function runs in softirq context, once, not before its time; it may
 * start the timer anew. Timers of one time run in the order they were started.
 */
#ifndef KERNEL_HRTIMER_H
#define KERNEL_HRTIMER_H

#include "lib/types.h"

struct hrtimer {
	u64 expires; /* ns of ktime_get_ns() */
	u64 seq; /* order among equal times */
	void (*function)(struct hrtimer *t);
	/* The heap: first child, next sibling, previous sibling or parent. */
	struct hrtimer *child, *next, *prev;
	bool pending;
};

/* Part of struct kernel. */
struct hrtimer_heap {
	struct hrtimer *first;
	u64 next_seq;
};

void hrtimer_setup(struct hrtimer *t, void (*fn)(struct hrtimer *));
/* (Re)start. A time that has passed is as good as now. */
void hrtimer_start(struct hrtimer *t, u64 expires);
/* Returns true when the timer was pending. */
bool hrtimer_cancel(struct hrtimer *t);
static inline bool hrtimer_active(const struct hrtimer *t)
{
	return t->pending;
}

#define from_hrtimer(var, t, field) container_of(t, __typeof__(*var), field)

/* For kernel_run(): run those that are due. */
void run_hrtimers(void);

#endif
