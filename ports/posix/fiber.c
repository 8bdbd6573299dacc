/* SPDX-License-Identifier: MIT */
/*
 * Telling AddressSanitizer about changes of stacks; nothing without it.
 */
#include "port.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

/* The stack that kernel_run() runs on, learnt when it is left. */
static __thread const void *idle_stack;
static __thread size_t idle_size;
/* The stack of the fiber that was entered last. */
static __thread const void *fiber_stack;
static __thread size_t fiber_size;

void port_switch_begin(void **save, const void *stack, size_t size)
{
	/* A fiber ends without returning: its frames must not stay poisoned. */
	if (!save)
		__asan_unpoison_memory_region(fiber_stack, fiber_size);
	if (stack) {
		fiber_stack = stack;
		fiber_size = size;
	} else {
		stack = idle_stack;
		size = idle_size;
	}
	__sanitizer_start_switch_fiber(save, stack, size);
}

void port_switch_end(void *save)
{
	const void *from;
	size_t size;

	__sanitizer_finish_switch_fiber(save, &from, &size);
	/* A new stack has nothing saved: it was entered from the idle one. */
	if (!save) {
		idle_stack = from;
		idle_size = size;
	}
}
#else
void port_switch_begin(void **save, const void *stack, size_t size)
{
	(void)save;
	(void)stack;
	(void)size;
}

void port_switch_end(void *save)
{
	(void)save;
}
#endif
