/* SPDX-License-Identifier: MIT */
/*
 * Families: the table of those that are there, and loading those that are not.
 *
 * A module's life:   known --load--> live --unload--> known
 * Loading runs init(), which calls sock_register(). References (a create() in
 * progress, each socket) keep a live module from being unloaded. Built-in
 * families have no module: every function here takes NULL for that.
 */
#include "kernel/kernel.h"
#include "lib/format.h"
#include "lib/string.h"
#include "net/net.h"
#include "trace/trace.h"

#define MODULE_NAME_LEN 56

static_assert(ARRAY_SIZE(((struct kernel *)0)->net_families) == NPROTO,
	      "kernel.net_families has a place for every family");

int sock_register(const struct net_proto_family *ops)
{
	struct kernel *k = this_kernel;

	if (ops->family < 0 || ops->family >= NPROTO) {
		pr_err("protocol %d >= NPROTO(%d)", ops->family, NPROTO);
		return fail(-ENOBUFS, "no such family number");
	}
	if (k->net_families[ops->family])
		return fail(-EEXIST, "the family is there");
	k->net_families[ops->family] = ops;
	return 0;
}

void sock_unregister(int family)
{
	BUG_ON(family < 0 || family >= NPROTO);
	this_kernel->net_families[family] = NULL;
}

void module_add(struct module *m)
{
	struct kernel *k = this_kernel;

	m->users = 0;
	m->live = false;
	m->next = k->modules;
	k->modules = m;
}

static int module_load(struct module *m)
{
	int err;

	if (m->live)
		return 0;
	err = m->init();
	if (!err)
		m->live = true;
	return err;
}

int module_unload(struct module *m)
{
	if (!m->live)
		return fail(-ENOENT, "module is not loaded");
	if (m->users)
		return fail(-EWOULDBLOCK, "module is in use");
	m->live = false;
	if (m->exit)
		m->exit();
	return 0;
}

bool try_module_get(struct module *m)
{
	if (!m)
		return true;
	if (!m->live)
		return false;
	m->users++;
	return true;
}

void module_put(struct module *m)
{
	if (!m)
		return;
	BUG_ON(m->users <= 0);
	m->users--;
}

int request_module(const char *fmt, ...)
{
	char name[MODULE_NAME_LEN];
	struct module *m;
	va_list ap;

	va_start(ap, fmt);
	(void)vscnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	for (m = this_kernel->modules; m; m = m->next)
		if (!strcmp(m->name, name))
			return module_load(m);
	return fail(-ENOENT, "no module of that name");
}
