/* SPDX-License-Identifier: MIT */
/*
 * The library as tests use it: see sim.h. The kernel stays this thread's
 * between calls, so that a test may look into the core.
 */
#include "ports/sim/sim.h"

#include "kernel/slab.h"
#include "net/core/net_namespace.h"
#include "ports/sim/library.h"
#include <stdio.h>
#include <stdlib.h>

struct sim {
	struct tg_kernel *k;
	struct tg_host *host0;
	void (*log)(int level, const char *line);
};

static void log_line(void *arg, int level, const char *line)
{
	struct sim *s = arg;

	if (s->log)
		s->log(level, line);
	else
		fprintf(stderr, "<%d>%s\n", level, line);
}

struct sim *sim_new(uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));
	struct tg_kernel_params params = {
		.seed = seed,
		.log = log_line,
		.log_arg = s,
	};

	if (!s)
		return NULL;
	if (tg_kernel_new(&params, &s->k))
		goto out_sim;
	this_kernel = &s->k->kernel;
	s->host0 = tg_host_around(s->k, s->k->kernel.init_net);
	if (!s->host0)
		goto out_kernel;
	return s;

out_kernel:
	(void)tg_kernel_free(s->k);
	this_kernel = NULL;
out_sim:
	free(s);
	return NULL;
}

int sim_free(struct sim *s)
{
	unsigned int socks = 0;
	struct tg_host *h;

	list_for_each_entry(h, &s->k->hosts, list)
		socks += h->net->nr_socks;
	if (s->k->tasks || socks) {
		fprintf(stderr, "sim: %u tasks still sleep, %u sockets live\n",
			s->k->tasks, socks);
		return -1;
	}
	if (tg_kernel_free(s->k))
		return -1;
	this_kernel = NULL;
	free(s);
	return 0;
}

struct net *sim_host(struct sim *s, const char *name)
{
	struct tg_host *h;

	return tg_host_new(s->k, name, &h) ? NULL : h->net;
}

struct net *sim_host0(struct sim *s)
{
	return s->host0->net;
}

struct task *sim_spawn(struct sim *s, struct net *net, void (*fn)(void *arg),
		       void *arg)
{
	struct tg_host *h = s->host0, *each;
	struct tg_task *t;

	list_for_each_entry(each, &s->k->hosts, list) {
		if (each->net == net)
			h = each;
	}
	if (tg_spawn(h, fn, arg, &t))
		return NULL;
	tg_task_free(t);
	return t->task;
}

uint64_t sim_run(struct sim *s, uint64_t ns)
{
	if (ns == SIM_FOREVER)
		(void)tg_run(s->k);
	else
		(void)tg_run_for(s->k, ns);
	return sim_now(s);
}

uint64_t sim_now(const struct sim *s)
{
	return tg_now(s->k);
}

unsigned int sim_running(const struct sim *s)
{
	return s->k->tasks;
}

void sim_log(struct sim *s, void (*fn)(int level, const char *line))
{
	s->log = fn;
}

/* Always six arguments: the macro adds what the caller left out. */
long sim_syscall(long nr, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
		 uintptr_t e, uintptr_t f)
{
	return tg_syscall(nr, a, b, c, d, e, f);
}

void sim_sleep(uint64_t ns)
{
	(void)tg_sleep(ns);
}
