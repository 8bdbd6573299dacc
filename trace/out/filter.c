/* SPDX-License-Identifier: MIT */
#include "trace/out/filter.h"

#include <stdlib.h>
#include <string.h>

#include "trace/out/out.h"

static const char *parse_names(struct filter *f, const char *list)
{
	size_t n = 0, len;

	while (n < FILTER_LIST && f->names[n])
		n++;
	while (*list) {
		len = strcspn(list, ",");
		if (!len)
			return "an empty name of a call";
		if (n == FILTER_LIST - 1)
			return "too many names of calls";
		f->names[n] = strndup(list, len);
		if (!f->names[n++])
			return "no memory";
		list += len + (list[len] == ',');
	}
	return NULL;
}

/* Numbers behind @prefix, to @put them. */
static const char *parse_numbers(const char *list, const char *prefix,
				 const char *wrong, uint64_t *ret, size_t *n)
{
	char *end;

	while (*list) {
		if (!strncmp(list, prefix, strlen(prefix)))
			list += strlen(prefix);
		if (*n == FILTER_LIST - 1)
			return "too many numbers";
		ret[*n] = strtoull(list, &end, 10);
		if (end == list || !ret[*n] || (*end && *end != ','))
			return wrong;
		(*n)++;
		list = end + (*end == ',');
	}
	return *n ? NULL : wrong;
}

static const char *parse_pids(struct filter *f, const char *list)
{
	uint64_t pids[FILTER_LIST];
	size_t i, n = 0;
	const char *err;

	err = parse_numbers(list, "", "pid= wants process numbers", pids, &n);
	for (i = 0; i < n; i++)
		f->pids[i] = pids[i];
	return err;
}

static const char *parse_time(struct filter *f, const char *s)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = { { "", 1 },
		      { "ns", 1 },
		      { "us", 1e3 },
		      { "ms", 1e6 },
		      { "s", 1e9 } };
	char *end;
	double v = strtod(s, &end), ns;
	size_t i;

	for (i = 0; end != s && i < ARRAY_SIZE(units); i++) {
		if (strcmp(end, units[i].unit))
			continue;
		ns = v * units[i].ns;
		/* Not so for a NaN, either. */
		if (!(ns >= 1 && ns < 1e19))
			break;
		f->slow = (u64)ns;
		return NULL;
	}
	return "slow= wants a time like 500us, 1ms or 2s";
}

const char *filter_parse(struct filter *f, const char *expr)
{
	size_t n = 0;

	if (!strncmp(expr, "call=", 5))
		return parse_names(f, expr + 5);
	if (!strncmp(expr, "socket=", 7))
		return parse_numbers(expr + 7, "s",
				     "socket= wants names like s2", f->socks,
				     &n);
	if (!strncmp(expr, "pid=", 4))
		return parse_pids(f, expr + 4);
	if (!strcmp(expr, "errors")) {
		f->errors = true;
		return NULL;
	}
	if (!strncmp(expr, "slow=", 5))
		return parse_time(f, expr + 5);
	return "a filter is call=, socket=, pid=, errors or slow=";
}

void filter_free(struct filter *f)
{
	size_t i;

	for (i = 0; i < FILTER_LIST; i++)
		free(f->names[i]);
	*f = (struct filter){ 0 };
}

bool filter_needs_end(const struct filter *f)
{
	return f->socks[0] || f->errors || f->slow;
}

bool filter_at_entry(const struct filter *f, const struct call *c)
{
	size_t i;

	if (f->pids[0]) {
		for (i = 0; f->pids[i] && f->pids[i] != c->pid; i++)
			;
		if (!f->pids[i])
			return false;
	}
	if (f->names[0]) {
		for (i = 0; f->names[i]; i++)
			if (!strcmp(f->names[i], call_name(c)))
				return true;
		return false;
	}
	return true;
}

bool filter_at_end(const struct filter *f, const struct call *c)
{
	size_t i;

	if (f->errors && !call_error(c))
		return false;
	if (f->slow && c->end - c->begin < f->slow)
		return false;
	if (f->socks[0]) {
		for (i = 0; f->socks[i] && f->socks[i] != c->sock; i++)
			;
		if (!f->socks[i])
			return false;
	}
	return true;
}
