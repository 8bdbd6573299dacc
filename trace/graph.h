/* SPDX-License-Identifier: MIT */
/*
 * Function-graph tracing: who called what, with which registers, and what
 * came back, of code that was compiled with NOPs at the head of functions.
 *
 * Theory of operation. -fpatchable-function-entry=5 puts five NOPs before the
 * first instruction of each function and its address into the section
 * __patchable_function_entries. trace_on() writes `call trace_entry_thunk`
 * over them. The thunk saves the argument registers and calls
 * trace_enter_hook(), which records the entry, remembers the function's return
 * address on a shadow stack and puts trace_return_thunk in its place; that one
 * records the result and goes on where the caller waits.
 *
 * Each stack has its own shadow stack (a context), since a task may sleep in
 * the middle of a function. Depth and memory are bounded: what does not fit
 * is counted in trace_stats and left alone, the code itself runs on.
 *
 * One thread is traced: the one that called trace_on(). Functions that other
 * threads run pass the hook unrecorded. trace_off() may be called with
 * functions still open: their returns go through the thunk once more.
 */
#ifndef TRACE_GRAPH_H
#define TRACE_GRAPH_H

#include "lib/types.h"

/* What a register of a function means to the recorder. */
enum trace_arg {
	TRACE_ARG_RAW, /* the value as it is */
	TRACE_ARG_SKB, /* struct sk_buff *: its id is recorded */
	TRACE_ARG_SOCK, /* struct sock *: its id */
	TRACE_ARG_SOCKET, /* struct socket *: the id of its sock */
	TRACE_ARG_BLOB, /* the value, and a copy of what it points to */
};

/*
 * An id is recorded as it is; a pointer that has none (NULL, an error) as its
 * value with this bit set. No id grows as large.
 */
#define TRACE_NO_ID (1ULL << 63)

#define TRACE_MAX_ARGS 6
#define TRACE_BLOB_MAX 64

/* One function that can be traced. */
struct trace_site {
	unsigned long addr;
	u8 nargs; /* registers to record */
	u8 ret; /* enum trace_arg of the result; no blob */
	u8 arg[TRACE_MAX_ARGS]; /* enum trace_arg */
	u8 blob; /* bytes to copy for TRACE_ARG_BLOB, <= TRACE_BLOB_MAX */
	bool wanted; /* trace_on() shall patch it */
	bool patched;
};

struct trace_config {
	/* Make the text writable or executable-only again. 0 or -errno. */
	int (*protect)(void *start, size_t size, bool writable);
	/* Copy memory that may not be there. False: it is not. */
	bool (*peek)(void *to, const void *from, size_t n);
	bool returns; /* record results as well as entries */
	/* Where ids lie: bytes into sk_buff, sock; of `sk` into socket. */
	size_t skb_id, sock_id, socket_sk;
	size_t ring_size; /* bytes of events kept between two drains */
};

struct trace_stats {
	u64 lost; /* events that found the buffer full */
	u64 deep; /* functions nested too deeply, or no memory for a context */
};

extern struct trace_stats trace_stats;

/* The functions, by address. Their number, or -ENOMEM. May be called again. */
int trace_sites(struct trace_site **ret_sites);

/*
 * Begin to record: set trace_active, and patch what is wanted. 0, -ENOMEM, or
 * what protect() said; then nothing is patched.
 */
int trace_on(const struct trace_config *cfg);
void trace_off(void);

#endif
