/* SPDX-License-Identifier: MIT */
/* Totals at the end: by call, and by socket. */
#include <stdlib.h>
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"

#define MAX_CALLS 128

struct total {
	const char *name;
	u64 calls, errors, ns, max;
};

struct totals {
	struct total row[MAX_CALLS];
	int nr;
};

static void summary_begin(struct session *s)
{
	s->private = calloc(1, sizeof(struct totals));
}

static struct total *find(struct totals *all, const char *name)
{
	int i;

	for (i = 0; i < all->nr; i++)
		if (!strcmp(all->row[i].name, name))
			return &all->row[i];
	if (all->nr == MAX_CALLS)
		return NULL;
	all->row[all->nr].name = name;
	return &all->row[all->nr++];
}

/* Does the call carry data, and which way? */
static void count_bytes(struct session *s, const struct call *c)
{
	struct sockinfo *i = sock_find(s, c->sock);
	int a;

	if (!i || c->ret <= 0 || !c->row)
		return;
	for (a = 0; a < c->row->nargs; a++) {
		switch (c->row->args[a].kind) {
		case ARG_BUF_IN:
		case ARG_MSGHDR_IN:
		case ARG_MSGHDR32_IN:
		case ARG_IOVEC_IN:
		case ARG_IOVEC32_IN:
			i->sent += c->ret;
			return;
		case ARG_BUF_OUT:
		case ARG_MSGHDR_OUT:
		case ARG_MSGHDR32_OUT:
		case ARG_IOVEC_OUT:
		case ARG_IOVEC32_OUT:
			i->received += c->ret;
			return;
		}
	}
	if (!strncmp(c->row->name, "sendfile", 8))
		i->sent += c->ret;
}

static void summary_leave(struct session *s, struct call *c)
{
	struct total *row = s->private ? find(s->private, call_name(c)) : NULL;
	u64 ns = c->end - c->begin;

	if (!row)
		return;
	row->calls++;
	row->errors += call_error(c) != 0;
	row->ns += ns;
	row->max = max(row->max, ns);
	count_bytes(s, c);
}

static int by_time(const void *a, const void *b)
{
	const struct total *x = a, *y = b;

	return x->ns < y->ns ? 1 : x->ns > y->ns ? -1 : 0;
}

static int by_id(const void *a, const void *b)
{
	const struct sockinfo *x = *(void *const *)a, *y = *(void *const *)b;

	return x->id < y->id ? -1 : 1;
}

static void calls_text(struct text *t, struct totals *all)
{
	struct total *row;
	int i;

	qsort(all->row, all->nr, sizeof(all->row[0]), by_time);
	text_printf(t, "%10s %8s %14s %12s %12s  %s\n", "calls", "errors",
		    "total ns", "average ns", "longest ns", "name");
	for (i = 0; i < all->nr; i++) {
		row = &all->row[i];
		text_printf(t, "%10llu %8llu %14llu %12llu %12llu  %s\n",
			    (unsigned long long)row->calls,
			    (unsigned long long)row->errors,
			    (unsigned long long)row->ns,
			    (unsigned long long)(row->ns / row->calls),
			    (unsigned long long)row->max, row->name);
	}
}

static void socks_text(struct session *s, struct text *t)
{
	struct sockinfo **all = NULL, *i, **more;
	size_t n = 0, size = 0, k;
	char name[24];

	for (k = 0; k < SOCK_BUCKETS; k++) {
		for (i = s->socks[k]; i; i = i->next) {
			if (n == size) {
				size = size ? 2 * size : 64;
				more = realloc(all, size * sizeof(*all));
				if (!more)
					break;
				all = more;
			}
			all[n++] = i;
		}
	}
	if (!n)
		return;
	qsort(all, n, sizeof(*all), by_id);
	text_printf(t, "\n%10s %8s %14s %14s  %s\n", "socket", "calls",
		    "bytes sent", "received", "what");
	for (k = 0; k < n; k++) {
		if (!all[k]->calls)
			continue;
		(void)snprintf(name, sizeof(name), "s%llu",
			       (unsigned long long)all[k]->id);
		text_printf(t, "%10s %8llu %14llu %14llu  ", name,
			    (unsigned long long)all[k]->calls,
			    (unsigned long long)all[k]->sent,
			    (unsigned long long)all[k]->received);
		text_name(t, NAMES_FAMILY, all[k]->family);
		text_char(t, ' ');
		text_name(t, NAMES_TYPE, all[k]->type);
		text_char(t, '\n');
	}
	free(all);
}

static void summary_finish(struct session *s)
{
	if (s->private)
		calls_text(&s->text, s->private);
	socks_text(s, &s->text);
	free(s->private);
}

const struct format format_summary = {
	.name = "summary",
	.needs = NEED_SOCKETS,
	.begin = summary_begin,
	.leave = summary_leave,
	.finish = summary_finish,
};
