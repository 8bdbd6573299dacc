/* SPDX-License-Identifier: MIT */
/*
 * The timer wheel: level L has 64 slots of 64^L ticks each. A timer hangs at
 * the lowest level whose 64 slots, counted from now, reach its expiry; when the
 * wheel comes to a slot above level 0 its timers move down.
 *
 * Time may jump (a virtual clock, a laptop that slept): the wheel goes from
 * one occupied slot to the next and never ticks through empty ones.
 */
#include "kernel/timer.h"

#include "kernel/kernel.h"
#include "trace/trace.h"

static inline unsigned long level_tick(unsigned long tick, int level)
{
	return tick >> (level * WHEEL_BITS);
}

static void wheel_add(struct timer_wheel *w, struct timer_list *t)
{
	unsigned long expires = t->expires;
	int level = 0;

	if (time_before_eq(expires, w->now))
		expires = w->now + 1;
	while (level_tick(expires, level) - level_tick(w->now, level) >=
	       WHEEL_SLOTS) {
		if (level == WHEEL_LEVELS - 1) {
			/* Beyond the wheel: as late as it can say, then again. */
			expires = (level_tick(w->now, level) + WHEEL_SLOTS - 1)
				  << (level * WHEEL_BITS);
			break;
		}
		level++;
	}
	t->level = (u8)level;
	t->slot = level_tick(expires, level) % WHEEL_SLOTS;
	list_add_tail(&t->entry, &w->slots[level][t->slot]);
	w->busy[level] |= BIT(t->slot);
	w->nr_pending++;
}

static void wheel_del(struct timer_wheel *w, struct timer_list *t)
{
	list_del(&t->entry);
	if (list_empty(&w->slots[t->level][t->slot]))
		w->busy[t->level] &= ~BIT(t->slot);
	w->nr_pending--;
}

void timer_wheel_init(struct timer_wheel *w, unsigned long now)
{
	w->now = now;
	w->nr_pending = 0;
	for (int l = 0; l < WHEEL_LEVELS; l++) {
		w->busy[l] = 0;
		for (int s = 0; s < WHEEL_SLOTS; s++)
			INIT_LIST_HEAD(&w->slots[l][s]);
	}
}

void timer_setup(struct timer_list *t, void (*fn)(struct timer_list *))
{
	t->entry.next = NULL;
	t->entry.prev = NULL;
	t->function = fn;
	t->expires = 0;
}

bool mod_timer(struct timer_list *t, unsigned long expires)
{
	struct timer_wheel *w = &this_kernel->timers;
	bool was_pending = timer_pending(t);

	if (was_pending) {
		if (t->expires == expires)
			return true;
		wheel_del(w, t);
	}
	t->expires = expires;
	wheel_add(w, t);
	return was_pending;
}

bool del_timer(struct timer_list *t)
{
	if (!timer_pending(t))
		return false;
	wheel_del(&this_kernel->timers, t);
	return true;
}

bool timer_wheel_next(const struct timer_wheel *w, unsigned long *ret_tick)
{
	unsigned long best = 0;
	bool found = false;

	for (int l = 0; l < WHEEL_LEVELS; l++) {
		unsigned long base = level_tick(w->now, l);
		unsigned int at = base % WHEEL_SLOTS;
		u64 busy = w->busy[l];
		unsigned long tick;

		if (!busy)
			continue;
		if (at)
			busy = busy >> at | busy << (WHEEL_SLOTS - at);
		tick = (base + __builtin_ctzll(busy)) << (l * WHEEL_BITS);
		if (!found || time_before(tick, best))
			best = tick;
		found = true;
	}
	if (found)
		*ret_tick = best;
	return found;
}

/* The wheel stands at w->now: move higher slots down, run what is due. */
static void wheel_turn(struct timer_wheel *w)
{
	struct list_head due;

	for (int l = WHEEL_LEVELS - 1; l >= 0; l--) {
		unsigned int slot = level_tick(w->now, l) % WHEEL_SLOTS;

		if (!(w->busy[l] & BIT(slot)))
			continue;
		INIT_LIST_HEAD(&due);
		list_splice_tail_init(&w->slots[l][slot], &due);
		w->busy[l] &= ~BIT(slot);
		while (!list_empty(&due)) {
			struct timer_list *t = list_first_entry(
				&due, struct timer_list, entry);

			/* It is on @due: nobody else looks at its slot. */
			list_del(&t->entry);
			w->nr_pending--;
			if (time_after(t->expires, w->now)) {
				wheel_add(w, t);
				continue;
			}
			trace_event(TRACE_TIMER, 0, 0, 0, 0,
				    (const void *)t->function);
			t->function(t);
		}
	}
}

void run_timers(void)
{
	struct timer_wheel *w = &this_kernel->timers;
	unsigned long tick;

	while (timer_wheel_next(w, &tick) && time_before_eq(tick, jiffies)) {
		w->now = tick;
		wheel_turn(w);
	}
	if (time_after(jiffies, w->now))
		w->now = jiffies;
}
