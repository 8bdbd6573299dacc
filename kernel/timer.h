/* SPDX-License-Identifier: MIT */
/*
 * Timers on a hierarchical wheel of one-jiffy ticks.
 *
 * A timer belongs to whoever embeds it; that one deletes it before freeing.
 * Its function runs in softirq context, once, not before its time.
 */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include "lib/list.h"
#include "lib/types.h"

#define WHEEL_BITS 6
#define WHEEL_SLOTS (1 << WHEEL_BITS)
#define WHEEL_LEVELS 6 /* 64^6 ticks: two years; later ones wait in the last */

struct timer_list {
	struct list_head entry; /* entry.next NULL: not pending */
	unsigned long expires; /* jiffies */
	void (*function)(struct timer_list *t);
	u8 level, slot; /* where it hangs, valid while pending */
};

struct timer_wheel {
	unsigned long now; /* every timer up to this tick has run */
	u64 busy[WHEEL_LEVELS]; /* bit set: the slot is not empty */
	struct list_head slots[WHEEL_LEVELS][WHEEL_SLOTS];
	unsigned int nr_pending;
};

void timer_setup(struct timer_list *t, void (*fn)(struct timer_list *));
/* (Re)arm. Returns true when the timer was pending. */
bool mod_timer(struct timer_list *t, unsigned long expires);
/* Returns true when the timer was pending. */
bool del_timer(struct timer_list *t);
static inline bool timer_pending(const struct timer_list *t)
{
	return t->entry.next != NULL;
}

#define from_timer(var, t, field) container_of(t, __typeof__(*var), field)

/* For kernel_run(): the wheel's side. */
void timer_wheel_init(struct timer_wheel *w, unsigned long now);
void run_timers(void);
/* Earliest tick at which a timer may expire; false when none is pending. */
bool timer_wheel_next(const struct timer_wheel *w, unsigned long *ret_tick);

#endif
