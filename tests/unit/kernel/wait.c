/* SPDX-License-Identifier: MIT */
/* Sleeping and waking, interrupts and time-outs. */
#include "kernel/wait.h"
#include "kernel/sched.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"
#include <errno.h>

static struct wait_queue_head wq;
static int order[8], nr_woken;
static struct task *tasks[8];

static void sleep_exclusive(void *arg)
{
	DEFINE_WAIT(w);

	tasks[(intptr_t)arg] = current;
	prepare_to_wait_exclusive(&wq, &w);
	schedule();
	finish_wait(&wq, &w);
	if (!signal_pending(current))
		order[nr_woken++] = (int)(intptr_t)arg;
}

static void sleep_shared(void *arg)
{
	DEFINE_WAIT(w);

	prepare_to_wait(&wq, &w);
	schedule();
	finish_wait(&wq, &w);
	order[nr_woken++] = (int)(intptr_t)arg;
}

static struct sim *start(void)
{
	struct sim *s = sim_new(1);

	assert_non_null(s);
	init_waitqueue_head(&wq);
	nr_woken = 0;
	return s;
}

static void exclusive_sleepers_wake_one_at_a_time_in_order(void **state)
{
	struct sim *s = start();

	for (intptr_t i = 0; i < 3; i++)
		sim_spawn(s, NULL, sleep_exclusive, (void *)i);
	sim_spawn(s, NULL, sleep_shared, (void *)7);
	sim_run(s, 0);
	wake_up_interruptible(&wq);
	sim_run(s, 0);
	assert_int_equal(nr_woken, 2);
	assert_int_equal(order[0], 7); /* the shared one comes along */
	assert_int_equal(order[1], 0);
	wake_up_interruptible(&wq);
	sim_run(s, 0);
	assert_int_equal(order[2], 1);
	wake_up_interruptible_all(&wq);
	sim_run(s, 0);
	assert_int_equal(nr_woken, 4);
	assert_false(waitqueue_active(&wq));
	assert_int_equal(sim_free(s), 0);
}

static void wakeup_of_an_interrupted_sleeper_is_passed_on(void **state)
{
	struct sim *s = start();

	for (intptr_t i = 0; i < 2; i++)
		sim_spawn(s, NULL, sleep_exclusive, (void *)i);
	sim_run(s, 0);
	/* The call goes void after the wake-up was spent on it. */
	wake_up_interruptible(&wq);
	task_interrupt(tasks[0]);
	sim_run(s, 0);
	assert_int_equal(nr_woken, 1);
	assert_int_equal(order[0], 1);
	assert_int_equal(sim_free(s), 0);
}

static int wait_result;

static void wait_for_condition(void *arg)
{
	int *flag = arg;

	tasks[0] = current;
	wait_result = wait_event_interruptible(wq, *flag);
}

static void wait_event_ends_by_condition_or_signal(void **state)
{
	struct sim *s = start();
	int flag = 0;

	wait_result = 1;
	sim_spawn(s, NULL, wait_for_condition, &flag);
	sim_run(s, 0);
	wake_up_interruptible(&wq); /* not true yet: sleeps on */
	sim_run(s, 0);
	assert_int_equal(wait_result, 1);
	flag = 1;
	wake_up_interruptible(&wq);
	sim_run(s, 0);
	assert_int_equal(wait_result, 0);

	flag = 0;
	sim_spawn(s, NULL, wait_for_condition, &flag);
	sim_run(s, 0);
	task_interrupt(tasks[0]);
	sim_run(s, 0);
	assert_int_equal(wait_result, -ERESTARTSYS);
	assert_int_equal(sim_free(s), 0);
}

static long time_left;

static void sleep_100ms(void *arg)
{
	tasks[0] = current;
	set_current_state(TASK_INTERRUPTIBLE);
	time_left = schedule_timeout(100);
}

static void timeout_is_never_early_and_tells_what_is_left(void **state)
{
	struct sim *s = start();

	time_left = -1;
	sim_spawn(s, NULL, sleep_100ms, NULL);
	sim_run(s, 99 * SIM_MS);
	assert_int_equal(time_left, -1);
	sim_run(s, 10 * SIM_MS);
	assert_int_equal(time_left, 0);

	sim_spawn(s, NULL, sleep_100ms, NULL);
	sim_run(s, 40 * SIM_MS);
	wake_up_process(tasks[0]);
	sim_run(s, 0);
	assert_int_equal(time_left, 60);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exclusive_sleepers_wake_one_at_a_time_in_order),
		cmocka_unit_test(wakeup_of_an_interrupted_sleeper_is_passed_on),
		cmocka_unit_test(wait_event_ends_by_condition_or_signal),
		cmocka_unit_test(timeout_is_never_early_and_tells_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
