/* SPDX-License-Identifier: MIT */
/*
 * Formatting text, as printf: %d %u %x %X %o %ld %lu %lld %llu %zu %s %c %p
 * %%, with flags '-', '0', width and precision (also '*'); %pI4 prints the
 * IPv4 address a pointer points to.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include "lib/types.h"
#include <stdarg.h>

/* Always ends with NUL (size > 0). Returns the characters written. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list ap);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

#endif
