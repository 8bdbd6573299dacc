/* SPDX-License-Identifier: MIT */
/*
 * Memory from the hosted allocator, one call an object, so that a checker sees
 * each of them. Takes the place of kernel/slab.c in sanitizer builds (-Dslab=
 * malloc).
 */
#include "kernel/slab.h"

#include "kernel/kernel.h"
#include "trace/trace.h"
#include <asm/errno.h>

void *malloc(size_t size);
void free(void *p);

/* Before each object; keeps the alignment of 16. */
struct object {
	size_t size;
	struct kmem *owner;
};

struct kmem {
	size_t used, limit;
	u64 count;
	u64 fail_at;
};

int kmem_init(void)
{
	struct kmem *m = malloc(sizeof(*m));

	if (!m)
		return -ENOMEM;
	*m = (struct kmem){ .limit = SIZE_MAX };
	this_kernel->mem = m;
	return 0;
}

void kmem_exit(void)
{
	BUG_ON(this_kernel->mem->used);
	free(this_kernel->mem);
	this_kernel->mem = NULL;
}

void *kmalloc(size_t size)
{
	struct kmem *m = this_kernel->mem;
	struct object *o;

	if (++m->count == m->fail_at || size > KMALLOC_MAX ||
	    size > m->limit - m->used)
		goto none;
	o = malloc(sizeof(*o) + size);
	if (!o)
		goto none;
	o->size = size;
	o->owner = m;
	m->used += size;
	return o + 1;
none:
	(void)fail(-ENOMEM, "no memory");
	return NULL;
}

void kfree(const void *p)
{
	struct object *o;

	if (!p)
		return;
	o = (struct object *)p - 1;
	BUG_ON(o->owner != this_kernel->mem);
	o->owner->used -= o->size;
	free(o);
}

size_t ksize(const void *p)
{
	return p ? ((const struct object *)p - 1)->size : 0;
}

size_t kmem_used(void)
{
	return this_kernel->mem->used;
}

u64 kmem_count(void)
{
	return this_kernel->mem->count;
}

void kmem_set_limit(size_t bytes)
{
	struct kmem *m = this_kernel->mem;

	m->limit = max(bytes ? bytes : SIZE_MAX, m->used);
}

void kmem_fail_at(u64 n)
{
	struct kmem *m = this_kernel->mem;

	m->fail_at = n ? m->count + n : 0;
}
