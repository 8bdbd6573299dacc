/* SPDX-License-Identifier: MIT */
/*
 * The record of a trace: binary events in memory, in order of time, written by
 * the traced thread and read by whoever formats them.
 *
 * The reader takes all there is each time the kernel has come to rest, so the
 * buffer only ever grows from its start: no wrap. The last part of it is kept
 * for typed events, for functions are what comes in floods.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include "lib/types.h"
#include "trace/trace.h"

/*
 * One event. v[] by type:
 *   TRACE_FUNC_ENTER  site index, registers (site->nargs), copies: each
 *                     copied argument has its length (0: not readable) and
 *                     then the bytes, padded to 8
 *   TRACE_FUNC_EXIT   site index, result (or the id it stands for), result
 *   others            a, b, c, d, p, q as given to trace_record(); where p is
 *                     a packet, a length word and the bytes follow
 */
struct trace_rec {
	u16 type; /* enum trace_type */
	u16 depth; /* functions open on this stack */
	u32 size; /* bytes, this header included; a multiple of 8 */
	u32 ctx; /* the stack it happened on: a number, from 1 */
	u32 spare;
	u64 time; /* port_clock_ns() */
	u64 v[];
};

#define TRACE_REC_WORDS 6 /* v[] of a typed event before its copy */
#define TRACE_PACKET_MAX 128 /* bytes of a packet that are copied */

/* The memory for events. 0 or -ENOMEM. */
int trace_buffer_init(size_t size);
void trace_buffer_free(void);

/*
 * The oldest event not yet read, or NULL: then the buffer is empty again, and
 * pointers got before are invalid.
 */
const struct trace_rec *trace_next(void);

/* Space for an event with @words of v[], header filled; NULL: lost. */
struct trace_rec *trace_reserve(enum trace_type type, unsigned int words);

/* Of the context that runs now; trace/graph.c. */
u32 trace_ctx_id(void);
u16 trace_ctx_depth(void);
bool trace_is_owner(void);

#endif
