/* SPDX-License-Identifier: MIT */
/* Timers to the nanosecond against a naive model, on the virtual clock. */
#include "kernel/kernel.h"
#include "kernel/sched.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

#define NR_TIMERS 300

static struct {
	struct hrtimer timer;
	u64 due; /* 0: not started */
	u64 started; /* the how-manieth start */
} timers[NR_TIMERS];

static u64 last_due, last_started, starts;
static unsigned int fired;

static void on_timer(struct hrtimer *t)
{
	unsigned int i = 0;

	while (&timers[i].timer != t)
		i++;
	assert_int_equal(ktime_get_ns(), timers[i].due);
	assert_true(timers[i].due >= last_due);
	if (timers[i].due == last_due)
		assert_true(timers[i].started > last_started);
	last_due = timers[i].due;
	last_started = timers[i].started;
	timers[i].due = 0;
	fired++;
}

static void start(int i, u64 due)
{
	timers[i].due = due;
	timers[i].started = ++starts;
	hrtimer_start(&timers[i].timer, due);
}

static void timers_run_in_order_and_to_the_nanosecond(void **state)
{
	struct sim *s = sim_new(7);
	unsigned int pending = 0;

	assert_non_null(s);
	for (int i = 0; i < NR_TIMERS; i++)
		hrtimer_setup(&timers[i].timer, on_timer);
	for (int round = 0; round < 300; round++) {
		for (int i = 0; i < NR_TIMERS; i++) {
			u32 action = get_random_u32_below(8);
			bool was = timers[i].due != 0;

			if (action == 0) {
				assert_int_equal(
					hrtimer_cancel(&timers[i].timer), was);
				timers[i].due = 0;
			} else if (action < 4) {
				/* Few different times: many meet. */
				start(i, ktime_get_ns() + 1 +
						 get_random_u32_below(200));
			}
		}
		sim_run(s, get_random_u32_below(100));
		for (int i = 0; i < NR_TIMERS; i++)
			assert_true(!timers[i].due ||
				    timers[i].due > ktime_get_ns());
	}
	for (int i = 0; i < NR_TIMERS; i++)
		pending += timers[i].due != 0;
	fired = 0;
	sim_run(s, SIM_FOREVER);
	assert_int_equal(fired, pending);
	assert_int_equal(sim_free(s), 0);
}

static void sleeper(void *arg)
{
	u64 *woke = arg;

	set_current_state(TASK_INTERRUPTIBLE);
	schedule_hrtimeout(ktime_get_ns() + 12345);
	*woke = ktime_get_ns();
}

static void a_task_sleeps_to_the_nanosecond(void **state)
{
	struct sim *s = sim_new(1);
	u64 woke = 0, began;

	assert_non_null(s);
	began = ktime_get_ns();
	assert_non_null(sim_spawn(s, NULL, sleeper, &woke));
	sim_run(s, SIM_FOREVER);
	assert_int_equal(woke, began + 12345);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_run_in_order_and_to_the_nanosecond),
		cmocka_unit_test(a_task_sleeps_to_the_nanosecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
