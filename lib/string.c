// SPDX-License-Identifier: MIT
/*
 * String routines of the core. Plain loops: strings here are names and
 * options, never data.
 */
#include "lib/string.h"

#include <asm/errno.h>

/* The compiler recognises the loop below and would make it a call to itself. */
#ifdef __clang__
#define A_LOOP_IS_A_LOOP __attribute__((no_builtin("strlen")))
#else
#define A_LOOP_IS_A_LOOP \
	__attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

A_LOOP_IS_A_LOOP size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	}
	return 0;
}

long strscpy(char *dst, const char *src, size_t size)
{
	size_t i;

	if (!size)
		return -E2BIG;
	for (i = 0; i < size - 1 && src[i]; i++)
		dst[i] = src[i];
	dst[i] = '\0';
	return src[i] ? -E2BIG : (long)i;
}
