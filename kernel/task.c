/* SPDX-License-Identifier: MIT */
/*
 * Tasks: fibers on pooled stacks.
 *
 * kernel_run() is the idle loop: it switches to the first runnable task, which
 * runs until schedule() or its end switches back. Tasks never switch to each
 * other, so the order is that of the run queue.
 *
 * A task and its stack are one allocation from the port; struct task lies at
 * the top, the stack grows down from it. Both are reused.
 */
#include "kernel/sched.h"

#include "kernel/slab.h"
#include "kernel/wait.h"
#include "lib/string.h"
#include "trace/trace.h"

#define TASK_STACK_SIZE (128UL << 10)
#define TASK_POOL_MAX 64

void switch_to(void **save_sp, void *new_sp);
void task_entry(void);
_Noreturn void task_main(void);

static void *task_stack_alloc(void)
{
	struct kernel *k = this_kernel;
	struct list_head *e;

	if (list_empty(&k->stacks))
		return port_stack_alloc(TASK_STACK_SIZE);
	e = k->stacks.next;
	list_del(e);
	k->nr_stacks--;
	return container_of(e, struct task, all)->stack;
}

static struct task *task_of_stack(void *stack)
{
	return (struct task *)((char *)stack + TASK_STACK_SIZE -
			       sizeof(struct task));
}

static void task_free(struct task *t)
{
	struct kernel *k = this_kernel;

	list_del(&t->all);
	k->nr_tasks--;
	trace_release(&t->trace);
	if (k->nr_stacks >= TASK_POOL_MAX) {
		port_stack_free(t->stack, TASK_STACK_SIZE);
		return;
	}
	list_add(&t->all, &k->stacks);
	k->nr_stacks++;
}

struct task *task_create(void (*fn)(struct task *t), void *arg)
{
	struct kernel *k = this_kernel;
	void *stack = task_stack_alloc();
	struct task *t;
	void **sp;

	if (!stack)
		return NULL;
	t = task_of_stack(stack);
	memset(t, 0, sizeof(*t));
	t->stack = stack;
	t->id = ++k->next_task_id;
	t->state = TASK_SLEEPING;
	t->fn = fn;
	t->arg = arg;
	t->net = k->init_net;
	INIT_LIST_HEAD(&t->run);
	list_add_tail(&t->all, &k->tasks);
	k->nr_tasks++;

	/*
	 * The frame switch_to() pops: six registers, then where to go. On
	 * entry to a function rsp + 8 is a multiple of 16; task_entry calls
	 * task_main, so here rsp must be a multiple of 16 after the return.
	 */
	sp = (void **)((uintptr_t)t & ~15UL);
	*--sp = NULL;
	*--sp = NULL;
	*--sp = (void *)task_entry;
	for (int i = 0; i < 6; i++)
		*--sp = NULL;
	t->sp = sp;
	return t;
}

void task_wake_new(struct task *t)
{
	(void)wake_up_process(t);
}

/* The first function of every task, on its own stack. */
notrace _Noreturn void task_main(void)
{
	struct task *t = current;

	port_switch_end(t->fake);
	t->fn(t);
	do_exit();
}

notrace _Noreturn void do_exit(void)
{
	void *dead;

	current->state = TASK_DEAD;
	port_switch_begin(NULL, NULL, 0);
	switch_to(&dead, this_kernel->idle_sp);
	__builtin_unreachable();
}

notrace void schedule(void)
{
	struct kernel *k = this_kernel;
	struct task *t = k->curr;

	BUG_ON(!t || in_softirq());
	if (t->state == TASK_RUNNING)
		list_add_tail(&t->run, &k->runqueue);
	else
		t->flags |= TASK_SLEPT;
	port_switch_begin(&t->fake, NULL, 0);
	switch_to(&t->sp, k->idle_sp);
	port_switch_end(t->fake);
}

/* Let @t run until it sleeps or ends. */
static notrace void task_run(struct task *t)
{
	struct kernel *k = this_kernel;

	k->curr = t;
	if (unlikely(trace_active)) {
		trace_switch(&t->trace);
		trace_record(TRACE_TASK_RUN, t->id, 0, 0, 0, NULL, NULL);
	}
	port_switch_begin(&k->idle_fake, t->stack, TASK_STACK_SIZE);
	switch_to(&k->idle_sp, t->sp);
	port_switch_end(k->idle_fake);
	k->curr = NULL;
	if (unlikely(trace_active)) {
		trace_switch(&k->idle_trace);
		trace_record(TRACE_TASK_RUN, 0, 0, 0, 0, NULL, NULL);
	}
	if (t->state == TASK_DEAD)
		task_free(t);
}

bool wake_up_process(struct task *t)
{
	if (t->state != TASK_SLEEPING)
		return false;
	t->state = TASK_RUNNING;
	/* It may have said it will sleep and not have done so yet. */
	if (t != current && list_empty(&t->run)) {
		list_add_tail(&t->run, &this_kernel->runqueue);
		trace_event(TRACE_WAKE, t->id, 0, 0, 0, NULL);
	}
	return true;
}

struct sleeper {
	struct timer_list timer;
	struct task *task;
};

static void process_timeout(struct timer_list *timer)
{
	struct sleeper *s = from_timer(s, timer, timer);

	(void)wake_up_process(s->task);
}

long schedule_timeout(long timeout)
{
	struct sleeper s;
	unsigned long expire;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout <= 0) {
		set_current_state(TASK_RUNNING);
		return 0;
	}
	/* The current tick has begun already: one more, so as not to be early.
	 */
	expire = jiffies + timeout + 1;
	timer_setup(&s.timer, process_timeout);
	s.task = current;
	(void)mod_timer(&s.timer, expire);
	schedule();
	(void)del_timer(&s.timer);
	timeout = (long)(expire - jiffies);
	return max(timeout - 1, 0L);
}

struct hrsleeper {
	struct hrtimer timer;
	struct task *task;
};

static void hrtimer_wakeup(struct hrtimer *timer)
{
	struct hrsleeper *s = from_hrtimer(s, timer, timer);

	(void)wake_up_process(s->task);
}

void schedule_hrtimeout(u64 expires)
{
	struct hrsleeper s = { .task = current };

	hrtimer_setup(&s.timer, hrtimer_wakeup);
	hrtimer_start(&s.timer, expires);
	schedule();
	(void)hrtimer_cancel(&s.timer);
}

bool signal_pending(struct task *t)
{
	if (t->flags & TASK_SIGPENDING)
		return true;
	if (!(t->flags & TASK_SLEPT))
		return false;
	t->flags &= ~TASK_SLEPT;
	if (t->gate && t->gate->interrupted && t->gate->interrupted(t))
		t->flags |= TASK_SIGPENDING;
	return t->flags & TASK_SIGPENDING;
}

void task_interrupt(struct task *t)
{
	t->flags |= TASK_SIGPENDING;
	(void)wake_up_process(t);
}

/* kernel_init()'s and kernel_exit()'s part. */
void tasks_init(struct kernel *k)
{
	INIT_LIST_HEAD(&k->runqueue);
	INIT_LIST_HEAD(&k->tasks);
	INIT_LIST_HEAD(&k->stacks);
}

void tasks_exit(struct kernel *k)
{
	struct task *t, *n;

	BUG_ON(k->nr_tasks);
	list_for_each_entry_safe(t, n, &k->stacks, all) {
		list_del(&t->all);
		port_stack_free(t->stack, TASK_STACK_SIZE);
	}
	k->nr_stacks = 0;
	trace_release(&k->idle_trace);
}

u64 kernel_next_timer(void)
{
	const struct kernel *k = this_kernel;
	const struct hrtimer *hr = k->hrtimers.first;
	u64 next = hr ? hr->expires : ~0ULL;
	unsigned long tick;

	if (timer_wheel_next(&k->timers, &tick))
		next = min(next, (u64)tick * (NSEC_PER_SEC / HZ));
	/* What is due already is as good as now. */
	return max(next, k->clock_ns);
}

void kernel_run_task(struct task *t)
{
	struct kernel *k = this_kernel;

	BUG_ON(k->curr || t->state != TASK_RUNNING);
	if (unlikely(trace_active))
		trace_switch(&k->idle_trace);
	list_del_init(&t->run);
	task_run(t);
}

u64 kernel_run(void)
{
	struct kernel *k = this_kernel;
	u64 next, looked = 0; /* at the timers, when */

	BUG_ON(k->curr);
	if (unlikely(trace_active))
		trace_switch(&k->idle_trace);
	for (;;) {
		if (k->clock_ns != looked) {
			looked = k->clock_ns;
			if (kernel_next_timer() <= looked)
				raise_softirq(TIMER_SOFTIRQ);
		}
		if (k->softirq_pending)
			do_softirq();
		if (!list_empty(&k->runqueue)) {
			struct task *t = list_first_entry(&k->runqueue,
							  struct task, run);

			list_del_init(&t->run);
			task_run(t);
		} else if (!k->softirq_pending) {
			next = kernel_next_timer();
			if (next > k->clock_ns)
				return next;
			raise_softirq(TIMER_SOFTIRQ);
		}
	}
}
