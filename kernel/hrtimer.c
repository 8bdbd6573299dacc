/* SPDX-License-Identifier: MIT */
/*
 * A pairing heap: the first timer is the root; no memory besides the timers'
 * own, start in constant time, the rest in logarithmic time as a rule.
 */
#include "kernel/hrtimer.h"

#include "kernel/kernel.h"
#include "trace/trace.h"

static inline bool earlier(const struct hrtimer *a, const struct hrtimer *b)
{
	return a->expires < b->expires ||
	       (a->expires == b->expires && a->seq < b->seq);
}

/* Two heaps into one: the later root becomes the first child of the other. */
static struct hrtimer *meld(struct hrtimer *a, struct hrtimer *b)
{
	struct hrtimer *top, *sub;

	if (!a || !b)
		return a ? a : b;
	top = earlier(a, b) ? a : b;
	sub = top == a ? b : a;
	sub->next = top->child;
	if (sub->next)
		sub->next->prev = sub;
	sub->prev = top;
	top->child = sub;
	return top;
}

/* Siblings into one heap: in pairs from the left, then those from the right. */
static struct hrtimer *meld_siblings(struct hrtimer *t)
{
	struct hrtimer *pairs = NULL, *top = NULL;

	while (t) {
		struct hrtimer *a = t, *b = t->next;

		t = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		a = meld(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs) {
		struct hrtimer *a = pairs;

		pairs = a->next;
		a->next = NULL;
		top = meld(top, a);
	}
	return top;
}

void hrtimer_setup(struct hrtimer *t, void (*fn)(struct hrtimer *))
{
	*t = (struct hrtimer){ .function = fn };
}

bool hrtimer_cancel(struct hrtimer *t)
{
	struct hrtimer_heap *h = &this_kernel->hrtimers;
	struct hrtimer *below;

	if (!t->pending)
		return false;
	below = meld_siblings(t->child);
	if (t == h->first) {
		h->first = below;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next)
			t->next->prev = t->prev;
		h->first = meld(h->first, below);
	}
	t->child = t->next = t->prev = NULL;
	t->pending = false;
	return true;
}

void hrtimer_start(struct hrtimer *t, u64 expires)
{
	struct hrtimer_heap *h = &this_kernel->hrtimers;

	(void)hrtimer_cancel(t);
	t->expires = expires;
	t->seq = h->next_seq++;
	t->pending = true;
	h->first = meld(h->first, t);
}

void run_hrtimers(void)
{
	struct hrtimer_heap *h = &this_kernel->hrtimers;
	struct hrtimer *t;

	while ((t = h->first) && t->expires <= ktime_get_ns()) {
		(void)hrtimer_cancel(t);
		trace_event(TRACE_TIMER, 0, 0, 0, 0,
			    (const void *)t->function);
		t->function(t);
	}
}
