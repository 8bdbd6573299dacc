// SPDX-License-Identifier: MIT
/* lib/string.c */
#include "lib/string.h"

#include <asm/errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void strscpy_cuts_and_says_so(void **state)
{
	char buf[4];

	assert_int_equal(strscpy(buf, "abc", sizeof(buf)), 3);
	assert_string_equal(buf, "abc");
	assert_int_equal(strscpy(buf, "abcd", sizeof(buf)), -E2BIG);
	assert_string_equal(buf, "abc");
	assert_int_equal(strscpy(buf, "", sizeof(buf)), 0);
	assert_string_equal(buf, "");
	assert_int_equal(strscpy(buf, "a", 0), -E2BIG);
}

static void comparison_is_of_unsigned_characters(void **state)
{
	char high[2] = { (char)0x80, 0 };

	assert_true(strcmp(high, "a") > 0);
	assert_true(strcmp("a", "ab") < 0);
	assert_int_equal(strcmp("lo", "lo"), 0);
	assert_int_equal(strncmp("eth0", "eth1", 3), 0);
	assert_true(strncmp("eth0", "eth1", 4) < 0);
	assert_int_equal(strncmp("a", "a", 100), 0);
	assert_int_equal(strlen(high), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strscpy_cuts_and_says_so),
		cmocka_unit_test(comparison_is_of_unsigned_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
