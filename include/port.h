/* SPDX-License-Identifier: MIT */
/*
 * What a port supplies to the core, and nothing else does.
 *
 * A port surrounds the core: `host` (the supervisor of programs), `sim` (the
 * library with its virtual clock), `x86` (booted). The core calls these
 * functions on the thread that runs its kernel; none of them may sleep or call
 * back into the core, unless said otherwise.
 */
#ifndef PORT_H
#define PORT_H

#include <stddef.h>
#include <stdint.h>

struct kernel;

/* Nanoseconds of a clock that never goes back; its start is arbitrary. */
uint64_t port_clock_ns(void);

/* Nanoseconds since 1970-01-01 UTC, for packet time stamps. */
uint64_t port_realtime_ns(void);

/* Fill @n bytes with unpredictable bytes (in `sim`: seeded, repeatable). */
void port_random(void *buf, size_t n);

/*
 * Memory in large pieces: @size is a multiple of 64 KiB, the address one of
 * 1 MiB. NULL when there is none; the core treats that as -ENOMEM or a counted
 * drop. Zeroed; pages not touched should cost nothing.
 */
void *port_alloc(size_t size);
void port_free(void *p, size_t size);

/*
 * A stack for one task, @size bytes with an unmapped page below it. Returns
 * its lowest usable address, or NULL.
 */
void *port_stack_alloc(size_t size);
void port_stack_free(void *stack, size_t size);

/* One line of the kernel's log, without newline. Levels as syslog(2): 0..7. */
void port_log(int level, const char *line);

/* Our own error: say it and end the kernel. Never returns. */
_Noreturn void port_panic(const char *what, const char *file, int line);

/*
 * Around a change of stacks, for tools that must know (AddressSanitizer): the
 * code about to run uses the stack at @stack; @save keeps what the tool needs
 * of the stack that is left. @save is NULL when that stack is never used
 * again; @stack is NULL for the stack that kernel_run() was called on.
 * port_switch_end() runs on the new stack, with what was saved of it (NULL the
 * first time).
 */
void port_switch_begin(void **save, const void *stack, size_t size);
void port_switch_end(void *save);

#endif
