// SPDX-License-Identifier: MIT
/* lib/format.c against the C library's snprintf. */
#include "lib/format.h"
#include "lib/string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define SAME(...)                                             \
	do {                                                  \
		char a[128], b[128];                          \
		int n = scnprintf(a, sizeof(a), __VA_ARGS__); \
		snprintf(b, sizeof(b), __VA_ARGS__);          \
		assert_string_equal(a, b);                    \
		assert_int_equal(n, strlen(b));               \
	} while (0)

static void numbers_are_as_in_c(void **state)
{
	SAME("%d %i %u", -5, 7, 4000000000U);
	SAME("%ld %lld %lu %llu %zu", -1L, (long long)INT64_MIN, ~0UL, ~0ULL,
	     (size_t)99);
	SAME("%x %X %o %lx", 0xbeef, 0xBEEF, 0755, 0x123456789abUL);
	SAME("[%5d] [%-5d] [%05d] [%.3d] [%8.3d]", 42, 42, -42, 7, -7);
	SAME("[%04X] [%08X] [%-8x]", 0x1b, 0, 0xabc);
	SAME("%d %u %x", 0, 0, 0);
	SAME("[%*d] [%-*d] [%.*s]", 6, 1, 6, 1, 2, "abc");
	SAME("%hd %hhu", -3, 200);
}

static void strings_are_as_in_c(void **state)
{
	SAME("%s|%10s|%-10s|%.2s|%c%%", "abc", "abc", "abc", "abc", 'z');
}

static void addresses_have_their_own_letter(void **state)
{
	static const u8 a[4] = { 192, 168, 0, 255 };
	char buf[64];

	scnprintf(buf, sizeof(buf), "%pI4:%d", a, 80);
	assert_string_equal(buf, "192.168.0.255:80");
	scnprintf(buf, sizeof(buf), "%-16pI4|", a);
	assert_string_equal(buf, "192.168.0.255   |");
	scnprintf(buf, sizeof(buf), "%p", (void *)0x1234);
	assert_string_equal(buf, "0x1234");
}

static void output_is_cut_and_terminated(void **state)
{
	char buf[4] = "xxx";

	assert_int_equal(scnprintf(buf, sizeof(buf), "%d", 123456), 3);
	assert_string_equal(buf, "123");
	assert_int_equal(scnprintf(buf, 1, "abc"), 0);
	assert_string_equal(buf, "");
	assert_int_equal(scnprintf(buf, 0, "abc"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_as_in_c),
		cmocka_unit_test(strings_are_as_in_c),
		cmocka_unit_test(addresses_have_their_own_letter),
		cmocka_unit_test(output_is_cut_and_terminated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
