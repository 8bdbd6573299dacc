/* SPDX-License-Identifier: MIT */
/*
 * Memory of the kernel.
 *
 * kmalloc serves any size up to KMALLOC_MAX from free lists by size class;
 * memory is as large as malloc's alignment (16). All of it is accounted, and
 * a test may make the n-th allocation fail (kmem_fail_at). Failure is a normal
 * result: each caller has an error path.
 */
#ifndef KERNEL_SLAB_H
#define KERNEL_SLAB_H

#include "lib/types.h"

#define KMALLOC_MAX (32UL << 20)

void *kmalloc(size_t size) __must_check;
void *kzalloc(size_t size) __must_check;
void *kcalloc(size_t n, size_t size) __must_check;
void *kmemdup(const void *src, size_t n) __must_check;
/* NULL is allowed. */
void kfree(const void *p);
/* Usable bytes behind @p: at least what was asked for. */
size_t ksize(const void *p);

int kmem_init(void);
void kmem_exit(void);
/* Bytes handed out and not yet freed; allocations made so far. */
size_t kmem_used(void);
u64 kmem_count(void);
/* Let no more than @bytes be out at a time; 0: unlimited. */
void kmem_set_limit(size_t bytes);
/* Let allocation number kmem_count() + @n fail, once. 0: none. */
void kmem_fail_at(u64 n);

#endif
