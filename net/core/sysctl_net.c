// SPDX-License-Identifier: MIT
/*
 * /proc/sys/net: settings as text, and those of net/core.
 */
#include "net/core/proc_net.h"

#include "kernel/sched.h"
#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <linux/capability.h>

#define CORE(name, field, lo)                                           \
	CTL_ROW(name, CTL_INT, offsetof(struct net, core.field), 1, lo, \
		INT32_MAX)

static const struct ctl_table net_core_table[] = {
	CORE("somaxconn", somaxconn, 0),
	CORE("rmem_default", rmem_default, 2304),
	CORE("rmem_max", rmem_max, 2304),
	CORE("wmem_default", wmem_default, 4608),
	CORE("wmem_max", wmem_max, 4608),
	CORE("optmem_max", optmem_max, 0),
	CORE("netdev_max_backlog", netdev_max_backlog, 0),
	CORE("message_burst", message_burst, 0),
	CTL_ROW("tstamp_allow_data", CTL_INT,
		offsetof(struct net, core.tstamp_allow_data), 1, 0, 1),
	CTL_ROW("message_cost", CTL_SECONDS,
		offsetof(struct net, core.message_cost), 1, 0,
		INT32_MAX / (int)HZ),
};

static void *net_core_base(struct net *net, const char **name)
{
	(void)name;
	return net;
}

static const struct ctl_set net_core_ctl_set = {
	.dir = "core",
	.rows = net_core_table,
	.nr_rows = ARRAY_SIZE(net_core_table),
	.base = net_core_base,
};

static const struct ctl_set *const ctl_sets[] = {
	&net_core_ctl_set,
	&ipv4_ctl_set,
	&devconf_ctl_set,
};

static const struct ctl_table *ctl_find(struct net *net, const char *path,
					const struct ctl_set **ret_set,
					void **ret_base)
{
	for (size_t i = 0; i < ARRAY_SIZE(ctl_sets); i++) {
		const struct ctl_set *set = ctl_sets[i];
		size_t n = strlen(set->dir);
		const char *name = path + n + 1;

		if (strncmp(path, set->dir, n) || path[n] != '/')
			continue;
		*ret_set = set;
		*ret_base = set->base(net, &name);
		for (unsigned int j = 0; *ret_base && j < set->nr_rows; j++) {
			if (!strcmp(set->rows[j].name, name))
				return &set->rows[j];
		}
	}
	return NULL;
}

/* Jiffies in one unit of what is shown. */
static s64 ctl_unit(const struct ctl_table *row)
{
	switch (row->kind) {
	case CTL_SECONDS:
		return (s64)HZ;
	case CTL_MSECS:
		return (s64)HZ / 1000;
	default:
		return 1;
	}
}

static s64 ctl_get(const struct ctl_table *row, const void *base, int i)
{
	const char *p = (const char *)base + row->offset;

	if (row->kind == CTL_LONG)
		return ((const long *)p)[i];
	if (row->kind == CTL_UINT)
		return ((const u32 *)p)[i];
	return ((const int *)p)[i] / ctl_unit(row);
}

static void ctl_set(const struct ctl_table *row, void *base, int i, s64 v)
{
	char *p = (char *)base + row->offset;

	if (row->kind == CTL_LONG)
		((long *)p)[i] = (long)v;
	else
		((int *)p)[i] = (int)(v * ctl_unit(row));
}

int proc_sys_read(struct net *net, const char *path, struct seq *out)
{
	const struct ctl_set *set;
	void *base;
	const struct ctl_table *row = ctl_find(net, path, &set, &base);

	if (!row)
		return fail(-ENOENT, "no such setting");
	if (row->kind == CTL_FUNC && !row->show)
		return fail(-EACCES, "this setting is only to be written");
	if (row->kind == CTL_FUNC) {
		row->show(net, out);
		return out->failed ? -ENOMEM : 0;
	}
	for (int i = 0; i < row->n; i++)
		seq_printf(out, i ? "\t%lld" : "%lld",
			   (long long)ctl_get(row, base, i));
	seq_puts(out, "\n");
	return out->failed ? -ENOMEM : 0;
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One number at *p, which moves behind it. False: it is none. */
static bool ctl_number(const char **p, s64 *ret)
{
	bool minus = **p == '-';
	s64 v = 0;

	if (minus)
		(*p)++;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		if (v > INT64_MAX / 10 - 10)
			return false;
		v = v * 10 + **p - '0';
	}
	*ret = minus ? -v : v;
	return !**p || is_blank(**p);
}

int ctl_parse(const char *text, s64 *ret, int n)
{
	int got = 0;

	for (;;) {
		while (is_blank(*text))
			text++;
		if (!*text || got == n)
			return got;
		if (!ctl_number(&text, &ret[got++]))
			return fail(-EINVAL, "not a number");
	}
}

static int ctl_store(const struct ctl_table *row, void *base, const char *text)
{
	s64 v[4];
	int n = ctl_parse(text, v, row->n);

	if (n <= 0)
		return fail(-EINVAL, "not a number");
	for (int i = 0; i < n; i++) {
		if (v[i] < row->min || v[i] > row->max)
			return fail(-EINVAL, "setting out of range");
	}
	/* LINUX: numbers that are not given stay as they are. */
	for (int i = 0; i < n; i++)
		ctl_set(row, base, i, v[i]);
	return 0;
}

int proc_sys_write(struct net *net, const char *path, const char *text,
		   size_t len)
{
	const struct ctl_set *set;
	void *base;
	const struct ctl_table *row = ctl_find(net, path, &set, &base);
	char buf[128];
	s64 was;
	int err;

	if (!row)
		return fail(-ENOENT, "no such setting");
	if (current && !capable(CAP_NET_ADMIN))
		return fail(-EACCES, "settings need CAP_NET_ADMIN");
	if (len >= sizeof(buf))
		return fail(-EINVAL, "too long for a setting");
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (row->kind == CTL_FUNC)
		return row->store ? row->store(net, buf) :
				    fail(-EACCES,
					 "this setting is only to be read");
	was = ctl_get(row, base, 0);
	err = ctl_store(row, base, buf);
	if (!err && set->stored)
		set->stored(net, base, row, was);
	return err;
}
