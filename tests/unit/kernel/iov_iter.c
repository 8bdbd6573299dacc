/* SPDX-License-Identifier: MIT */
/* Iterators: any cut of any ranges gives the same bytes. */
#include "lib/iov_iter.h"
#include "kernel/kernel.h"
#include "ports/sim/sim.h"
#include "tests/unit/unit.h"

#define MAX_BYTES 3000

static u8 memory[MAX_BYTES], copied[MAX_BYTES];
static struct iovec iov[16];

static size_t random_ranges(size_t *ret_nr)
{
	size_t at = 0, nr = 1 + get_random_u32_below(15);

	for (size_t i = 0; i < nr; i++) {
		iov[i].iov_base = (uintptr_t)memory + at;
		iov[i].iov_len = get_random_u32_below(3) ?
					 get_random_u32_below(200) :
					 0;
		at += iov[i].iov_len;
	}
	*ret_nr = nr;
	return at;
}

static void any_cut_copies_all_in_order(void **state)
{
	struct sim *s = sim_new(5);

	for (int i = 0; i < MAX_BYTES; i++)
		memory[i] = (u8)(i * 7);
	for (int round = 0; round < 2000; round++) {
		struct iov_iter it;
		size_t nr, total = random_ranges(&nr), done = 0;

		iov_iter_init(&it, ITER_KERNEL, iov, nr, total);
		while (done < total) {
			size_t n = 1 + get_random_u32_below(300);
			size_t got = copy_from_iter(copied + done, n, &it);

			assert_int_equal(got, n < total - done ? n :
							     total - done);
			done += got;
			assert_int_equal(iov_iter_count(&it), total - done);
		}
		assert_memory_equal(copied, memory, total);
		assert_int_equal(copy_from_iter(copied, 1, &it), 0);
	}
	assert_int_equal(sim_free(s), 0);
}

static void advance_and_truncate_skip_bytes(void **state)
{
	struct sim *s = sim_new(5);
	struct iov_iter it;
	u8 b[4];

	iov[0] = (struct iovec){ (uintptr_t)memory, 3 };
	iov[1] = (struct iovec){ (uintptr_t)memory + 10, 5 };
	iov_iter_init(&it, ITER_KERNEL, iov, 2, 8);
	iov_iter_truncate(&it, 6);
	iov_iter_advance(&it, 4);
	assert_int_equal(iov_iter_count(&it), 2);
	assert_int_equal(copy_from_iter(b, 4, &it), 2);
	assert_int_equal(b[0], memory[11]);
	assert_int_equal(b[1], memory[12]);
	assert_int_equal(sim_free(s), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_cut_copies_all_in_order),
		cmocka_unit_test(advance_and_truncate_skip_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
