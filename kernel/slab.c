/* SPDX-License-Identifier: MIT */
/*
 * Memory by size class.
 *
 * The port gives spans of 1 MiB, aligned to their size, so that the span of an
 * object is found by masking its address. A span serves one class; objects are
 * carved from it as they are first needed, so what was never used is never
 * touched. Freed objects go on the span's list. An empty span goes back to the
 * port unless it is the last one of its class; of a class that payload lies in
 * a few are kept, since mapping one anew costs more than the copying. Larger
 * pieces are spans of their own.
 *
 * kernel/slab_malloc.c replaces this file where a checker (AddressSanitizer)
 * shall see each object.
 */
#include "kernel/slab.h"

#include "kernel/kernel.h"
#include "lib/list.h"
#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>

#define SPAN_SIZE (1UL << 20)
#define SPAN_HEADER 128UL
/* 128 KiB of payload, and some room. */
#define MAX_CLASS_SIZE (132UL << 10)
#define PORT_UNIT (64UL << 10)
/* Empty spans kept: of small objects, and of those that payload lies in. */
#define EMPTY_KEPT 1
#define EMPTY_KEPT_LARGE 4
#define LARGE_OBJECT (24UL << 10)

static const u32 class_sizes[] = {
	16,   32,   48,	  64,	96,   128,  192,   256,	  384,	 512,	768,
	1024, 1536, 1664, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576,
	33024, 49152, 66560, MAX_CLASS_SIZE,
};
#define NR_CLASSES ARRAY_SIZE(class_sizes)

struct span {
	struct list_head list; /* in the class, while it has room */
	void *free; /* freed objects; the first word links them */
	u32 carved; /* objects ever handed out */
	u32 capacity; /* objects that fit */
	u32 used; /* objects out now */
	u32 class; /* index, or NR_CLASSES: one large piece */
	size_t size; /* of an object */
	size_t mapped; /* bytes got from the port */
};
static_assert(sizeof(struct span) <= SPAN_HEADER, "span header");

struct kmem {
	struct list_head partial[NR_CLASSES]; /* spans with room */
	unsigned int nr_empty[NR_CLASSES]; /* of these, with nothing out */
	u8 class_of[MAX_CLASS_SIZE / 16 + 1];
	size_t used, limit;
	u64 count;
	u64 fail_at;
};

static inline struct span *span_of(const void *p)
{
	return (struct span *)((uintptr_t)p & ~(SPAN_SIZE - 1));
}

int kmem_init(void)
{
	size_t size = ALIGN(sizeof(struct kmem), PORT_UNIT);
	struct kmem *m = port_alloc(size);
	unsigned int class = 0;

	if (!m)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(m->class_of); i++) {
		while (class_sizes[class] < i * 16)
			class ++;
		m->class_of[i] = (u8)class;
	}
	for (size_t i = 0; i < NR_CLASSES; i++)
		INIT_LIST_HEAD(&m->partial[i]);
	m->limit = SIZE_MAX;
	this_kernel->mem = m;
	return 0;
}

void kmem_exit(void)
{
	struct kmem *m = this_kernel->mem;
	struct span *s, *n;

	BUG_ON(m->used);
	for (size_t i = 0; i < NR_CLASSES; i++)
		list_for_each_entry_safe(s, n, &m->partial[i], list)
			port_free(s, s->mapped);
	port_free(m, ALIGN(sizeof(struct kmem), PORT_UNIT));
	this_kernel->mem = NULL;
}

/* A span of @mapped bytes from the port, for @capacity objects of @size. */
static struct span *span_map(size_t mapped, unsigned int class, size_t size,
			     u32 capacity)
{
	struct span *s = port_alloc(mapped);

	if (!s)
		return NULL;
	s->class = class;
	s->size = size;
	s->mapped = mapped;
	s->free = NULL;
	s->carved = 0;
	s->used = 0;
	s->capacity = capacity;
	return s;
}

/* The rare ways are functions of their own, so that the common ones are short. */
static noinline struct span *span_alloc(struct kmem *m, unsigned int class)
{
	size_t size = class_sizes[class];
	struct span *s = span_map(SPAN_SIZE, class, size,
				  (u32)((SPAN_SIZE - SPAN_HEADER) / size));

	if (!s)
		return NULL;
	list_add(&s->list, &m->partial[class]);
	m->nr_empty[class]++;
	return s;
}

static noinline void *kmalloc_none(void)
{
	(void)fail(-ENOMEM, "no memory");
	return NULL;
}

static noinline void *kmalloc_large(struct kmem *m, size_t size)
{
	struct span *s;

	if (size > KMALLOC_MAX || size > m->limit - m->used)
		return kmalloc_none();
	s = span_map(ALIGN(size + SPAN_HEADER, PORT_UNIT), NR_CLASSES, size, 1);
	if (!s)
		return kmalloc_none();
	s->used = 1;
	m->used += size;
	return (char *)s + SPAN_HEADER;
}

void *kmalloc(size_t size)
{
	struct kmem *m = this_kernel->mem;
	unsigned int class;
	struct span *s;
	void *p;

	if (unlikely(++m->count == m->fail_at))
		return kmalloc_none();
	if (unlikely(size > MAX_CLASS_SIZE))
		return kmalloc_large(m, size);
	class = m->class_of[(size + 15) / 16];
	if (unlikely(class_sizes[class] > m->limit - m->used))
		return kmalloc_none();
	s = list_first_entry_or_null(&m->partial[class], struct span, list);
	if (unlikely(!s)) {
		s = span_alloc(m, class);
		if (!s)
			return kmalloc_none();
	}
	p = s->free;
	if (likely(p))
		s->free = *(void **)p;
	else
		p = (char *)s + SPAN_HEADER + s->carved++ * s->size;
	if (s->used++ == 0)
		m->nr_empty[class]--;
	if (s->used == s->capacity)
		list_del(&s->list);
	m->used += s->size;
	return p;
}

/* The last object of a span came back. */
static noinline void span_empty(struct kmem *m, struct span *s)
{
	unsigned int kept = s->size > LARGE_OBJECT ? EMPTY_KEPT_LARGE :
						     EMPTY_KEPT;

	if (s->class < NR_CLASSES) {
		if (m->nr_empty[s->class] < kept) {
			m->nr_empty[s->class]++;
			return;
		}
		list_del(&s->list);
	}
	port_free(s, s->mapped);
}

void kfree(const void *p)
{
	struct kmem *m = this_kernel->mem;
	struct span *s;

	if (!p)
		return;
	s = span_of(p);
	m->used -= s->size;
	*(void **)p = s->free;
	s->free = (void *)p;
	if (unlikely(s->used == s->capacity && s->class < NR_CLASSES))
		list_add(&s->list, &m->partial[s->class]);
	if (--s->used == 0)
		span_empty(m, s);
}

size_t ksize(const void *p)
{
	return p ? span_of(p)->size : 0;
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
