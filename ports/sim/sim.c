/* SPDX-License-Identifier: MIT */
#include "ports/sim/sim.h"

#include "fs/fs.h"
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "kernel/slab.h"
#include "kernel/syscalls.h"
#include "net/core/net_namespace.h"
#include "net/net.h"
#include "ports/sim/lo.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIM_MAX_FDS 65536
/* Virtual clocks start here, not at 0: a zero time must mean "none". */
#define SIM_START_NS (1000 * SIM_SEC)

struct sim {
	struct kernel kernel;
	uint64_t now; /* virtual ns */
	uint64_t seed; /* of port_random(), advances */
	unsigned int running;
	void (*log)(int level, const char *line);
};

struct program {
	struct sim *sim;
	void (*fn)(void *arg);
	void *arg;
};

static __thread struct sim *this_sim;

/* port.h: the parts that are not the system's. */

uint64_t port_clock_ns(void)
{
	return this_sim->now;
}

uint64_t port_realtime_ns(void)
{
	return this_sim->now;
}

/* splitmix64: repeatable, and good enough to spread. Never for secrets. */
void port_random(void *buf, size_t n)
{
	unsigned char *p = buf;

	while (n) {
		uint64_t z = this_sim->seed += 0x9e3779b97f4a7c15ULL;
		size_t part = n < sizeof(z) ? n : sizeof(z);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
		z ^= z >> 31;
		memcpy(p, &z, part);
		p += part;
		n -= part;
	}
}

void port_log(int level, const char *line)
{
	if (this_sim && this_sim->log)
		this_sim->log(level, line);
	else
		fprintf(stderr, "<%d>%s\n", level, line);
}

_Noreturn void port_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "kernel bug: %s at %s:%d\n", what, file, line);
	abort();
}

/* The direct gate: the program's memory is ours. */

static size_t direct_copy_in(struct task *t, void *to, u64 from, size_t n)
{
	(void)t;
	if (from < 4096) /* what a null pointer and its fields would be */
		return n;
	memcpy(to, (const void *)(uintptr_t)from, n);
	return 0;
}

static size_t direct_copy_out(struct task *t, u64 to, const void *from,
			      size_t n)
{
	(void)t;
	if (to < 4096)
		return n;
	memcpy((void *)(uintptr_t)to, from, n);
	return 0;
}

static const struct gate direct_gate = {
	.name = "direct",
	.copy_in = direct_copy_in,
	.copy_out = direct_copy_out,
};

/* Always six arguments: the macro adds what the caller left out. */
long sim_syscall(long nr, ...)
{
	struct task *t = current;
	va_list ap;

	va_start(ap, nr);
	t->regs.nr = (u64)nr;
	t->regs.arch = ABI_X86_64;
	for (int i = 0; i < 6; i++)
		t->regs.args[i] = va_arg(ap, u64);
	va_end(ap);
	t->flags &= ~(TASK_SIGPENDING | TASK_EFFECT | TASK_SIGPIPE);
	t->settle = NULL;
	kernel_tick();
	system_call(t);
	if (t->settle) {
		void (*settle)(struct task *, bool) = t->settle;

		t->settle = NULL;
		settle(t, true);
	}
	return (long)t->regs.ret;
}

void sim_sleep(uint64_t ns)
{
	long left = (long)((ns + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC);

	while (left > 0 && !signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		left = schedule_timeout(left);
	}
}

static void program_main(struct task *t)
{
	struct program *p = t->arg;

	p->fn(p->arg);
	put_files_struct(t->files);
	p->sim->running--;
	free(p);
}

struct task *sim_spawn(struct sim *s, struct net *net, void (*fn)(void *arg),
		       void *arg)
{
	struct program *p = malloc(sizeof(*p));
	struct files_struct *files = alloc_fdtable(SIM_MAX_FDS);
	struct task *t = NULL;

	if (p && files)
		t = task_create(program_main, p);
	if (!t) {
		if (files)
			put_files_struct(files);
		free(p);
		return NULL;
	}
	*p = (struct program){ s, fn, arg };
	t->files = files;
	t->gate = &direct_gate;
	t->net = net ? net : s->kernel.init_net;
	t->pid = t->tid = (int)t->id;
	t->cred.caps = ~0ULL;
	memcpy(t->comm, "program", sizeof("program"));
	s->running++;
	task_wake_new(t);
	return t;
}

uint64_t sim_now(const struct sim *s)
{
	return s->now - SIM_START_NS;
}

unsigned int sim_running(const struct sim *s)
{
	return s->running;
}

void sim_log(struct sim *s, void (*fn)(int level, const char *line))
{
	s->log = fn;
}

uint64_t sim_run(struct sim *s, uint64_t ns)
{
	uint64_t end = ns == SIM_FOREVER ? SIM_FOREVER : s->now + ns;

	for (;;) {
		uint64_t next;

		kernel_tick();
		next = kernel_run();
		if (next == ~0ULL || next > end)
			break;
		s->now = next > s->now ? next : s->now;
	}
	if (end != SIM_FOREVER && end > s->now) {
		s->now = end;
		kernel_tick();
	}
	return sim_now(s);
}

static void bring_lo_up(void *arg)
{
	(void)arg;
	sim_lo_up();
}

struct net *sim_host(struct sim *s, const char *name)
{
	struct net *net = net_alloc(name);

	if (net && sim_spawn(s, net, bring_lo_up, NULL))
		(void)sim_run(s, 0);
	return net;
}

struct net *sim_host0(struct sim *s)
{
	return s->kernel.init_net;
}

struct sim *sim_new(uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	this_sim = s;
	s->now = SIM_START_NS;
	s->seed = seed;
	if (kernel_init(&s->kernel))
		goto out_sim;
	if (net_init())
		goto out_kernel;
	if (!sim_spawn(s, NULL, bring_lo_up, NULL))
		goto out_net;
	(void)sim_run(s, 0);
	return s;

out_net:
	net_exit();
out_kernel:
	kernel_exit(&s->kernel);
out_sim:
	this_sim = NULL;
	free(s);
	return NULL;
}

int sim_free(struct sim *s)
{
	int bad = 0;

	if (s->kernel.nr_tasks) {
		fprintf(stderr, "sim: %u tasks still sleep\n",
			s->kernel.nr_tasks);
		bad = -1;
	}
	if (!bad) {
		net_exit();
		if (kmem_used()) {
			fprintf(stderr, "sim: %zu bytes still out\n",
				kmem_used());
			bad = -1;
		}
	}
	if (!bad) {
		kernel_exit(&s->kernel);
		this_sim = NULL;
		free(s);
	}
	return bad;
}
