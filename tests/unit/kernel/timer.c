/* SPDX-License-Identifier: MIT */
/* Timers against a naive model, on the virtual clock. */
#include "kernel/kernel.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

#define NR_TIMERS 400

static struct {
	struct timer_list timer;
	unsigned long due; /* 0: not armed */
	unsigned int fired;
} timers[NR_TIMERS];

static unsigned long last_fire;

static void on_timer(struct timer_list *t)
{
	unsigned int i = 0;

	while (&timers[i].timer != t)
		i++;
	/* Not before its time, and with a clock that never ticks late here. */
	assert_int_equal(jiffies, timers[i].due);
	assert_true(time_after_eq(jiffies, last_fire));
	last_fire = jiffies;
	timers[i].due = 0;
	timers[i].fired++;
}

static void timers_run_in_order_and_on_time(void **state)
{
	struct sim *s = sim_new(7);
	unsigned int fired = 0;

	assert_non_null(s);
	last_fire = jiffies;
	for (int i = 0; i < NR_TIMERS; i++)
		timer_setup(&timers[i].timer, on_timer);
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < NR_TIMERS; i++) {
			/* Spread over every level of the wheel. */
			u32 range = 1U << get_random_u32_below(31);
			u32 action = get_random_u32_below(8);

			if (action == 0) {
				bool was = timers[i].due != 0;

				assert_int_equal(del_timer(&timers[i].timer),
						 was);
				timers[i].due = 0;
			} else if (action < 4 || !timers[i].due) {
				timers[i].due =
					jiffies + 1 +
					get_random_u32_below(range);
				mod_timer(&timers[i].timer, timers[i].due);
			}
		}
		sim_run(s, (uint64_t)get_random_u32_below(1 << 20) * SIM_MS);
		for (int i = 0; i < NR_TIMERS; i++) {
			if (timers[i].due)
				assert_true(time_after(timers[i].due, jiffies));
			assert_int_equal(timer_pending(&timers[i].timer),
					 timers[i].due != 0);
		}
	}
	sim_run(s, SIM_FOREVER);
	for (int i = 0; i < NR_TIMERS; i++) {
		assert_int_equal(timers[i].due, 0);
		fired += timers[i].fired;
	}
	assert_true(fired > NR_TIMERS);
	assert_int_equal(sim_free(s), 0);
}

static struct timer_list again;
static unsigned int again_left;

static void rearm(struct timer_list *t)
{
	if (--again_left)
		mod_timer(t, jiffies); /* in the past: the next tick */
}

static void timer_may_rearm_itself(void **state)
{
	struct sim *s = sim_new(1);
	unsigned long start;

	timer_setup(&again, rearm);
	again_left = 1000;
	start = jiffies;
	mod_timer(&again, jiffies + 1);
	sim_run(s, SIM_FOREVER);
	assert_int_equal(again_left, 0);
	assert_int_equal(jiffies - start, 1000);
	assert_int_equal(sim_free(s), 0);
}

static void beyond_the_wheel_is_not_early(void **state)
{
	struct sim *s = sim_new(1);
	unsigned long far = 1UL << (WHEEL_BITS * WHEEL_LEVELS + 3);

	memset(timers, 0, sizeof(timers[0]));
	last_fire = jiffies;
	timer_setup(&timers[0].timer, on_timer);
	timers[0].due = jiffies + far;
	mod_timer(&timers[0].timer, timers[0].due);
	sim_run(s, SIM_FOREVER);
	assert_int_equal(timers[0].fired, 1);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_run_in_order_and_on_time),
		cmocka_unit_test(timer_may_rearm_itself),
		cmocka_unit_test(beyond_the_wheel_is_not_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
