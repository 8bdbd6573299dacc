/* SPDX-License-Identifier: MIT */
/* Memory: no two objects overlap, all is accounted, failure is by order. */
#include "kernel/slab.h"
#include "kernel/kernel.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

#define NR_OBJECTS 2000

static struct {
	u8 *p;
	u32 size;
	u8 fill;
} objects[NR_OBJECTS];

static void check_and_free(int i)
{
	for (u32 b = 0; b < objects[i].size; b++)
		assert_int_equal(objects[i].p[b], objects[i].fill);
	kfree(objects[i].p);
	objects[i].p = NULL;
}

static void objects_do_not_overlap(void **state)
{
	struct sim *s = sim_new(3);
	size_t before = kmem_used();

	for (int step = 0; step < 40000; step++) {
		int i = (int)get_random_u32_below(NR_OBJECTS);
		u32 size = get_random_u32_below(
			1U << get_random_u32_below(step % 100 ? 12 : 19));

		if (objects[i].p) {
			check_and_free(i);
			continue;
		}
		objects[i].p = kmalloc(size);
		assert_non_null(objects[i].p);
		assert_int_equal((uintptr_t)objects[i].p % 16, 0);
		assert_true(ksize(objects[i].p) >= size);
		objects[i].size = size;
		objects[i].fill = (u8)step;
		memset(objects[i].p, objects[i].fill, size);
	}
	for (int i = 0; i < NR_OBJECTS; i++)
		if (objects[i].p)
			check_and_free(i);
	assert_int_equal(kmem_used(), before);
	assert_int_equal(sim_free(s), 0);
}

static void too_large_is_refused(void **state)
{
	struct sim *s = sim_new(3);
	void *p = kmalloc(KMALLOC_MAX);

	assert_non_null(p);
	kfree(p);
	assert_null(kmalloc(KMALLOC_MAX + 1));
	assert_null(kcalloc(SIZE_MAX / 2, 3));
	assert_int_equal(sim_free(s), 0);
}

static void nth_allocation_fails_once(void **state)
{
	struct sim *s = sim_new(3);
	void *a, *b;

	kmem_fail_at(2);
	a = kmalloc(10);
	assert_non_null(a);
	assert_null(kmalloc(10));
	b = kmalloc(10);
	assert_non_null(b);
	kfree(a);
	kfree(b);
	kfree(NULL);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_do_not_overlap),
		cmocka_unit_test(too_large_is_refused),
		cmocka_unit_test(nth_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
