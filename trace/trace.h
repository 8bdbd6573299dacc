/* SPDX-License-Identifier: MIT */
/*
 * The tracer as the core sees it.
 *
 * Function entries and exits need no annotation: the core is compiled with
 * NOPs at the head of each function, which are patched to call the tracer
 * while it is on. What a function graph cannot tell - which packet, which
 * state, why - is said with the typed events below. While tracing is off an
 * event costs one predictable branch.
 *
 * Tracing is of the whole process, as patched text is: hence the one global.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "lib/types.h"

/* Non-zero while a tracer listens. */
extern int trace_active;

enum trace_type {
	TRACE_FUNC_ENTER, /* a: function, b..: argument registers */
	TRACE_FUNC_EXIT, /* a: function, b: value returned */
	/* a: errno (negative), p: reason, q: function name, b: id of the sock
	 * whose next call gets it, or 0 */
	TRACE_FAIL,
	TRACE_TASK_START, /* a: task id: a system call begins */
	TRACE_TASK_END, /* a: task id, b: result */
	TRACE_TASK_RUN, /* a: task id: now running, 0: none */
	TRACE_SLEEP, /* p: on what (a wait queue's name) */
	TRACE_WAKE, /* a: id of the task woken */
	TRACE_SOFTIRQ_ENTER, /* p: name of the softirq */
	TRACE_SOFTIRQ_EXIT,
	TRACE_SKB_NEW, /* a: skb id, b: cause skb id or 0, c: sock id */
	TRACE_SKB_XMIT, /* a: skb id, b: ifindex, c: sock id, p: network header, d: length */
	TRACE_SKB_RCV, /* a: skb id, b: ifindex, p: network header, d: length */
	TRACE_SKB_DROP, /* a: skb id, b: enum skb_drop_reason, p: location */
	TRACE_SOCK_NEW, /* a: sock id, b: family, c: type, d: protocol */
	TRACE_SOCK_STATE, /* a: sock id, b: old state, c: new state */
	TRACE_SOCK_FREE, /* a: sock id */
	TRACE_SOCK_USE, /* a: sock id: the call at hand is about this socket */
	TRACE_ROUTE, /* a: sock id or 0, b: daddr, c: saddr, d: ifindex or -errno */
	TRACE_RETRANSMIT, /* a: sock id, b: sequence number, p: why */
	TRACE_TIMER, /* p: timer function: runs now */
	TRACE_STACK_END, /* a: number of a stack that is done (trace_release) */
	TRACE_TYPES
};

/*
 * Record one event. @p and @q must be constant strings or, where the table
 * says so, memory that the tracer copies before it returns.
 */
void trace_record(enum trace_type type, u64 a, u64 b, u64 c, u64 d,
		  const void *p, const void *q);

/*
 * Each stack that code runs on has a context of its own (its shadow stack of
 * return addresses). kernel/task.c says which stack runs now: *slot is that
 * context, made on first use. trace_release() frees it when the stack is done.
 */
void trace_switch(void **slot);
void trace_release(void **slot);

/* A function that must not be patched: it runs between two stacks. */
#define notrace __attribute__((patchable_function_entry(0, 0)))

#define trace_event(type, a, b, c, d, p)                                     \
	do {                                                                 \
		if (unlikely(trace_active))                                  \
			trace_record(type, (u64)(a), (u64)(b), (u64)(c),     \
				     (u64)(d), p, NULL);                     \
	} while (0)

/*
 * fail - the value of a failing path, with its reason for the trace:
 *
 *	return fail(-EADDRNOTAVAIL, "the address is not ours");
 *
 * Used where an error is first raised, not where it is passed on.
 */
#define fail(err, why)                                                      \
	({                                                                   \
		if (unlikely(trace_active))                                  \
			trace_record(TRACE_FAIL, (u64)(s64)(err), 0, 0, 0,   \
				     why, __func__);                         \
		(err);                                                       \
	})

#endif
