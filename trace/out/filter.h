/* SPDX-License-Identifier: MIT */
/*
 * Which calls are shown. Each -e adds a condition, and all must hold:
 *
 *	call=NAME,...	one of these calls (socketcall's go by their own name)
 *	socket=sN,...	about one of these sockets
 *	pid=N,...	of one of these processes
 *	errors		that failed
 *	slow=TIME	that took at least TIME: 500us, 1ms, 2s (plain: ns)
 */
#ifndef TRACE_OUT_FILTER_H
#define TRACE_OUT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct call;

#define FILTER_LIST 32

struct filter {
	char *names[FILTER_LIST]; /* malloc'ed; NULL ends */
	uint64_t socks[FILTER_LIST]; /* 0 ends */
	int pids[FILTER_LIST]; /* 0 ends */
	bool errors;
	uint64_t slow; /* ns; 0: any */
};

/* NULL, or what is wrong. */
const char *filter_parse(struct filter *f, const char *expr);
void filter_free(struct filter *f);

/* Is the answer certain before the call has ended? */
bool filter_needs_end(const struct filter *f);
/* What can be said at entry: false, it will never be shown. */
bool filter_at_entry(const struct filter *f, const struct call *c);
/* The call has ended: is it shown? */
bool filter_at_end(const struct filter *f, const struct call *c);

#endif
