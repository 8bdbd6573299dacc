/* SPDX-License-Identifier: MIT */
/*
 * Deferred work, and the kernel's clock.
 *
 * A softirq runs as soon as the code that raised it allows bottom halves
 * again, within that call and on its stack; so a packet sent over the loopback
 * is received before the sending call returns, as on Linux. Softirqs do not
 * nest: what one raises runs after it. Under a storm the rest is left to
 * kernel_run(), which lets tasks run in between.
 */
#include "kernel/kernel.h"

#include "kernel/sched.h"
#include "kernel/slab.h"
#include "trace/trace.h"

#define MAX_SOFTIRQ_RESTART 64

__thread struct kernel *this_kernel;

static const char *const softirq_names[NR_SOFTIRQS] = {
	[TIMER_SOFTIRQ] = "TIMER",
	[NET_TX_SOFTIRQ] = "NET_TX",
	[NET_RX_SOFTIRQ] = "NET_RX",
};

void open_softirq(enum softirq nr, softirq_fn fn)
{
	this_kernel->softirq_vec[nr] = fn;
}

void raise_softirq(enum softirq nr)
{
	this_kernel->softirq_pending |= BIT(nr);
}

void local_bh_disable(void)
{
	this_kernel->bh_disabled++;
}

void local_bh_enable(void)
{
	struct kernel *k = this_kernel;

	BUG_ON(k->bh_disabled <= 0);
	if (--k->bh_disabled == 0 && k->softirq_pending && !in_softirq())
		do_softirq();
}

void do_softirq(void)
{
	struct kernel *k = this_kernel;
	int left = MAX_SOFTIRQ_RESTART;

	if (in_softirq() || k->bh_disabled)
		return;
	k->softirq_depth++;
	while (k->softirq_pending && left-- > 0) {
		u32 pending = k->softirq_pending;

		k->softirq_pending = 0;
		for (; pending; pending &= pending - 1) {
			int nr = __builtin_ctz(pending);

			trace_event(TRACE_SOFTIRQ_ENTER, nr, 0, 0, 0,
				    softirq_names[nr]);
			if (k->softirq_vec[nr])
				k->softirq_vec[nr]();
			trace_event(TRACE_SOFTIRQ_EXIT, nr, 0, 0, 0, NULL);
		}
	}
	k->softirq_depth--;
}

void kernel_tick(void)
{
	struct kernel *k = this_kernel;
	u64 now = port_clock_ns();

	if (now <= k->clock_ns)
		return;
	k->clock_ns = now;
	k->ticks = now / (NSEC_PER_SEC / HZ);
}

static void timer_softirq(void)
{
	run_timers();
	run_hrtimers();
}

int kernel_init(struct kernel *k)
{
	int err;

	this_kernel = k;
	k->clock_ns = port_clock_ns();
	k->ticks = k->clock_ns / (NSEC_PER_SEC / HZ);
	timer_wheel_init(&k->timers, k->ticks);
	tasks_init(k);
	INIT_LIST_HEAD(&k->nets);
	INIT_LIST_HEAD(&k->net_rx);
	err = kmem_init();
	if (err) {
		this_kernel = NULL;
		return err;
	}
	open_softirq(TIMER_SOFTIRQ, timer_softirq);
	return 0;
}

void kernel_exit(struct kernel *k)
{
	BUG_ON(this_kernel != k);
	tasks_exit(k);
	kmem_exit();
	this_kernel = NULL;
}
