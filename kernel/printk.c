/* SPDX-License-Identifier: MIT */
#include "kernel/kernel.h"

#include "lib/format.h"

#define LOG_LINE_MAX 256

void printk(int level, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vscnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	port_log(level, line);
}
