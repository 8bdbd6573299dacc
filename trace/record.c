/* SPDX-License-Identifier: MIT */
/* The buffer of events, and the typed ones: trace/record.h. */
#include "trace/record.h"

#include <asm/errno.h>

#include "lib/string.h"
#include "port.h"
#include "trace/graph.h"

#define CHUNK (64UL << 10)
#define RESERVE CHUNK /* the last bytes: not for functions */

static char *buffer;
static size_t buffer_size, filled, taken;

int trace_buffer_init(size_t size)
{
	size = (size + CHUNK - 1) & ~(CHUNK - 1);
	if (size < 2 * RESERVE)
		size = 2 * RESERVE;
	if (buffer && buffer_size == size)
		return 0;
	trace_buffer_free();
	buffer = port_alloc(size);
	if (!buffer)
		return -ENOMEM;
	buffer_size = size;
	return 0;
}

void trace_buffer_free(void)
{
	if (buffer)
		port_free(buffer, buffer_size);
	buffer = NULL;
	buffer_size = 0;
	filled = 0;
	taken = 0;
}

const struct trace_rec *trace_next(void)
{
	const struct trace_rec *r;

	if (taken == filled) {
		taken = 0;
		filled = 0;
		return NULL;
	}
	r = (const struct trace_rec *)(buffer + taken);
	taken += r->size;
	return r;
}

struct trace_rec *trace_reserve(enum trace_type type, unsigned int words)
{
	size_t size = sizeof(struct trace_rec) + words * sizeof(u64);
	size_t limit = buffer_size;
	struct trace_rec *r;

	if (type == TRACE_FUNC_ENTER || type == TRACE_FUNC_EXIT)
		limit -= min(limit, RESERVE);
	if (filled + size > limit) {
		trace_stats.lost++;
		return NULL;
	}
	r = (struct trace_rec *)(buffer + filled);
	filled += size;
	r->type = type;
	r->depth = 0;
	r->size = size;
	r->ctx = trace_ctx_id();
	r->spare = 0;
	r->time = port_clock_ns();
	return r;
}

/* How many bytes at @p are to be copied: the start of a packet. */
static size_t packet_bytes(enum trace_type type, u64 length, const void *p)
{
	if ((type != TRACE_SKB_XMIT && type != TRACE_SKB_RCV) || !p)
		return 0;
	return min_t(size_t, length, TRACE_PACKET_MAX);
}

void trace_record(enum trace_type type, u64 a, u64 b, u64 c, u64 d,
		  const void *p, const void *q)
{
	size_t copy = packet_bytes(type, d, p);
	unsigned int words = TRACE_REC_WORDS;
	struct trace_rec *r;

	if (!trace_is_owner())
		return;
	if (type == TRACE_SKB_XMIT || type == TRACE_SKB_RCV)
		words += 1 + DIV_ROUND_UP(copy, 8);
	r = trace_reserve(type, words);
	if (!r)
		return;
	r->depth = trace_ctx_depth();
	r->v[0] = a;
	r->v[1] = b;
	r->v[2] = c;
	r->v[3] = d;
	r->v[4] = (u64)p;
	r->v[5] = (u64)q;
	if (words > TRACE_REC_WORDS) {
		r->v[6] = copy;
		memcpy(&r->v[7], p, copy);
	}
}
