/* SPDX-License-Identifier: MIT */
/*
 * Memory and stacks, for every port that runs on a POSIX system.
 */
#define _GNU_SOURCE
#include "port.h"

#include <sys/mman.h>
#include <unistd.h>

#define SPAN_ALIGN (1UL << 20)

void *port_alloc(size_t size)
{
	size_t room = size + SPAN_ALIGN;
	char *p = mmap(NULL, room, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before, after;

	if (p == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)p & (SPAN_ALIGN - 1);
	after = room - before - size;
	if (before)
		munmap(p, before);
	if (after)
		munmap(p + before + size, after);
	return p + before;
}

void port_free(void *p, size_t size)
{
	munmap(p, size);
}

void *port_stack_alloc(size_t size)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, size + guard, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
			       MAP_STACK,
		       -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p, guard, PROT_NONE)) {
		munmap(p, size + guard);
		return NULL;
	}
	return p + guard;
}

void port_stack_free(void *stack, size_t size)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);

	munmap((char *)stack - guard, size + guard);
}
