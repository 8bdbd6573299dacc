/* SPDX-License-Identifier: MIT */
/*
 * The reasons of the packets dropped since somebody last asked, as the trace
 * has them: what kfree_skb_reason() was given (docs/DROPS.md).
 */
#ifndef TESTS_UNIT_NET_DROPS_H
#define TESTS_UNIT_NET_DROPS_H

#include "net/core/dropreason.h"
#include "trace/graph.h"
#include "trace/record.h"
#include <stdio.h>
#include <stdlib.h>

static char drops_text[400];

/* Nothing is patched: typed events are all we want. */
static int drops_protect(void *start, size_t size, bool writable)
{
	return 0;
}

static const struct trace_config drops_config = {
	.protect = drops_protect,
	.ring_size = 8 << 20,
};

/* "NOMEM DUP_FRAG=2": by reason. None is seen again. */
__attribute__((unused)) static const char *drops_seen(void)
{
	unsigned int count[SKB_DROP_REASON_MAX] = { 0 };
	const struct trace_rec *r;
	size_t at = 0;

	if (trace_stats.lost)
		abort();
	while ((r = trace_next()))
		if (r->type == TRACE_SKB_DROP)
			count[r->v[1]]++;
	drops_text[0] = 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(count); i++) {
		if (!count[i])
			continue;
		at += (size_t)snprintf(drops_text + at, sizeof(drops_text) - at,
				       count[i] > 1 ? "%s%s=%u" : "%s%s",
				       at ? " " : "", drop_reason_name(i),
				       count[i]);
	}
	return drops_text;
}

/* From here on. */
__attribute__((unused)) static void drops_mark(void)
{
	if (!trace_active && trace_on(&drops_config))
		abort();
	(void)drops_seen();
}

#endif
