/* SPDX-License-Identifier: MIT */
/*
 * Memory and string routines. The mem* four are those that the compiler
 * itself calls; every port supplies them. The rest is lib/string.c.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include "lib/types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/*
 * Copy at most size - 1 bytes and always end with NUL (size > 0). Returns the
 * length copied, or -E2BIG when @src did not fit.
 */
long strscpy(char *dst, const char *src, size_t size);

#endif
