/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: kernels, their clocks, and what the core asks of its port.
 */
#include "ports/sim/library.h"

#include "fs/fs.h"
#include "kernel/slab.h"
#include "net/core/net_namespace.h"
#include "net/net.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_MAX_FDS 65536

const char *tg_version(void)
{
	return TRAPGATE_VERSION;
}

/* include/port.h: the parts that are not the system's. */

static u64 monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * TG_SEC + (u64)ts.tv_nsec;
}

uint64_t port_clock_ns(void)
{
	const struct tg_kernel *k = tg_this();

	if (!k)
		return 0; /* the tracer asks also when the kernel has ended */
	return k->clock == TG_CLOCK_REAL ? monotonic_ns() : k->now;
}

uint64_t port_realtime_ns(void)
{
	return port_clock_ns() + (u64)tg_this()->wall;
}

/* splitmix64: repeatable, and good enough to spread. Never for secrets. */
void port_random(void *buf, size_t n)
{
	struct tg_kernel *k = tg_this();
	unsigned char *p = buf;

	while (n) {
		uint64_t z = k->seed += 0x9e3779b97f4a7c15ULL;
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
	struct tg_kernel *k = tg_this();
	bool before;

	if (!k || !k->log) {
		fprintf(stderr, "<%d>%s\n", level, line);
		return;
	}
	before = k->in_callback;
	k->in_callback = true;
	k->log(k->log_arg, level, line);
	k->in_callback = before;
}

_Noreturn void port_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "kernel bug: %s at %s:%d\n", what, file, line);
	abort();
}

/* Life */

int tg_kernel_new(const struct tg_kernel_params *params,
		  struct tg_kernel **ret_kernel)
{
	static const struct tg_kernel_params none;
	const struct tg_kernel_params *p = params ? params : &none;
	struct kernel *before = this_kernel;
	struct tg_kernel *k;
	int err;

	if (!ret_kernel || (p->clock != TG_CLOCK_VIRTUAL &&
			    p->clock != TG_CLOCK_REAL))
		return -EINVAL;
	k = calloc(1, sizeof(*k));
	if (!k)
		return -ENOMEM;
	k->clock = p->clock;
	k->start = p->clock == TG_CLOCK_REAL ? monotonic_ns() : TG_START_NS;
	k->now = k->start;
	k->seed = p->seed;
	k->max_fds = p->max_fds ? p->max_fds : DEFAULT_MAX_FDS;
	k->log = p->log;
	k->log_arg = p->log_arg;
	k->timer_fd = -1;
	INIT_LIST_HEAD(&k->hosts);
	INIT_LIST_HEAD(&k->taps);
	INIT_LIST_HEAD(&k->pcaps);
	INIT_LIST_HEAD(&k->dead_tasks);
	this_kernel = &k->kernel;
	if (p->clock == TG_CLOCK_REAL) {
		struct timespec ts;

		clock_gettime(CLOCK_REALTIME, &ts);
		k->wall = (s64)((u64)ts.tv_sec * TG_SEC + (u64)ts.tv_nsec -
				k->start);
	}
	err = kernel_init(&k->kernel);
	if (err)
		goto out_free;
	kmem_set_limit(p->memory_limit);
	k->kernel.files_max = max(k->max_fds, FILES_MAX);
	err = net_init();
	if (err)
		goto out_kernel;
	this_kernel = before;
	*ret_kernel = k;
	return 0;

out_kernel:
	kernel_exit(&k->kernel);
out_free:
	this_kernel = before;
	free(k);
	return err;
}

int tg_kernel_free(struct tg_kernel *k)
{
	struct tg_host *h, *hn;
	struct tg_task *t, *tn;

	if (!k)
		return 0;
	if (tg_inside(k))
		return -EDEADLK;
	ENTER(k);
	tg_pcaps_free(k);
	tg_taps_free(k);
	list_for_each_entry_safe(h, hn, &k->hosts, list)
		tg_host_destroy(h);
	tg_outside_exit(k);
	list_for_each_entry_safe(t, tn, &k->dead_tasks, list)
		free(t);
	net_exit();
	if (k->kernel.nr_tasks || kmem_used()) {
		pr_err("kernel: %u tasks and %zu bytes are lost",
		       k->kernel.nr_tasks, kmem_used());
		return -ENOTRECOVERABLE;
	}
	kernel_exit(&k->kernel);
	if (k->timer_fd >= 0)
		close(k->timer_fd);
	if (before_ == &k->kernel)
		before_ = NULL;
	free(k->packet);
	free(k);
	return 0;
}

/* Running */

/* Real clock: wait until @until or for ever (no timer: nothing to wait for). */
static void wait_until(u64 until)
{
	struct timespec ts = {
		.tv_sec = (time_t)(until / TG_SEC),
		.tv_nsec = (long)(until % TG_SEC),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/* Let time come to @when, in ns of the kernel's clock. */
static void time_passes(struct tg_kernel *k, u64 when)
{
	if (k->clock == TG_CLOCK_REAL)
		wait_until(when);
	else if (when > k->now)
		k->now = when;
	kernel_tick();
}

/* Until @end of the kernel's clock, ~0: for ever, or until @task has ended. */
static int run(struct tg_kernel *k, u64 end, const struct tg_task *task)
{
	if (tg_inside(k))
		return -EDEADLK;
	ENTER(k);
	kernel_tick();
	for (;;) {
		u64 next = kernel_run();

		if (task && !task->proc)
			break;
		if (next == ~0ULL || next > end)
			break;
		time_passes(k, next);
	}
	if (end != ~0ULL && !(task && !task->proc))
		time_passes(k, end);
	tg_realtime_arm(k);
	return (int)k->tasks;
}

int tg_run(struct tg_kernel *k)
{
	return k ? run(k, ~0ULL, NULL) : -EINVAL;
}

int tg_run_until(struct tg_kernel *k, uint64_t time)
{
	if (!k)
		return -EINVAL;
	return run(k, time > ~0ULL - k->start ? ~0ULL : k->start + time, NULL);
}

int tg_run_for(struct tg_kernel *k, uint64_t ns)
{
	u64 now;

	if (!k)
		return -EINVAL;
	now = tg_now(k);
	return tg_run_until(k, ns > ~0ULL - now ? ~0ULL : now + ns);
}

int tg_run_task(struct tg_kernel *k, struct tg_task *task)
{
	int ret;

	if (!k || !task || task->k != k)
		return -EINVAL;
	ret = run(k, ~0ULL, task);
	if (ret >= 0)
		ret = task->proc ? -EDEADLK : 0;
	return ret;
}

int tg_step(struct tg_kernel *k)
{
	u64 next;

	if (!k)
		return -EINVAL;
	if (tg_inside(k))
		return -EDEADLK;
	ENTER(k);
	kernel_tick();
	if (list_empty(&k->kernel.runqueue) && !k->kernel.softirq_pending) {
		next = kernel_run();
		if (next == ~0ULL)
			return 0;
		time_passes(k, next);
	}
	(void)kernel_run();
	tg_realtime_arm(k);
	return 1;
}

int tg_run_realtime(struct tg_kernel *k, uint64_t *ret_wait)
{
	u64 next, now;

	if (!k || k->clock != TG_CLOCK_REAL)
		return -EINVAL;
	if (tg_inside(k))
		return -EDEADLK;
	ENTER(k);
	kernel_tick();
	next = kernel_run();
	tg_realtime_arm(k);
	if (!ret_wait)
		return (int)k->tasks;
	now = monotonic_ns();
	*ret_wait = next == ~0ULL ? TG_FOREVER : next > now ? next - now : 0;
	return (int)k->tasks;
}

int tg_realtime_fd(struct tg_kernel *k)
{
	if (!k || k->clock != TG_CLOCK_REAL)
		return -EINVAL;
	if (tg_inside(k))
		return -EDEADLK;
	if (k->timer_fd < 0) {
		k->timer_fd = timerfd_create(CLOCK_MONOTONIC,
					     TFD_CLOEXEC | TFD_NONBLOCK);
		if (k->timer_fd < 0)
			return -errno;
	}
	ENTER(k);
	tg_realtime_arm(k);
	return k->timer_fd;
}

/*
 * The descriptor becomes readable when the next timer is due: at once when a
 * task can run. Setting the time anew takes back that it is readable.
 */
void tg_realtime_arm(struct tg_kernel *k)
{
	struct itimerspec its = { 0 };
	u64 next;

	if (k->timer_fd < 0 || k->kernel.curr)
		return;
	if (list_empty(&k->kernel.runqueue) && !k->kernel.softirq_pending)
		next = kernel_next_timer();
	else
		next = 1;
	if (next != ~0ULL) {
		its.it_value.tv_sec = (time_t)(next / TG_SEC);
		its.it_value.tv_nsec = (long)(next % TG_SEC);
	}
	(void)timerfd_settime(k->timer_fd, TFD_TIMER_ABSTIME, &its, NULL);
}

uint64_t tg_now(const struct tg_kernel *k)
{
	if (!k)
		k = tg_this();
	if (!k)
		return 0;
	return (k->clock == TG_CLOCK_REAL ? monotonic_ns() : k->now) -
	       k->start;
}

/* Faults and accounts */

size_t tg_memory(const struct tg_kernel *k)
{
	if (!k)
		return 0;
	ENTER((struct tg_kernel *)k);
	return kmem_used();
}

uint64_t tg_allocations(const struct tg_kernel *k)
{
	if (!k)
		return 0;
	ENTER((struct tg_kernel *)k);
	return kmem_count();
}

int tg_fail_allocation(struct tg_kernel *k, uint64_t n)
{
	if (!k)
		return -EINVAL;
	ENTER(k);
	kmem_fail_at(n);
	return 0;
}

int tg_clock_jump(struct tg_kernel *k, uint64_t ns)
{
	if (!k || k->clock != TG_CLOCK_VIRTUAL || ns > INT64_MAX - k->now)
		return -EINVAL;
	if (k->in_callback)
		return -EDEADLK;
	ENTER(k);
	k->now += ns;
	kernel_tick();
	return 0;
}

int tg_wallclock_set(struct tg_kernel *k, uint64_t ns)
{
	if (!k)
		return -EINVAL;
	ENTER(k);
	k->wall = (s64)(ns - port_clock_ns());
	return 0;
}
