/* SPDX-License-Identifier: MIT */
/* What every allocator has in common, on top of kmalloc(). */
#include "kernel/slab.h"

#include "lib/string.h"

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void *kcalloc(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc(bytes);
}

void *kmemdup(const void *src, size_t n)
{
	void *p = kmalloc(n);

	if (p)
		memcpy(p, src, n);
	return p;
}
