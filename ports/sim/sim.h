/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate (trapgate.h) for unit and packet tests, which look into the core
 * at the same time: handles are the core's own objects, and the end says what
 * was left behind.
 *
 * Programs are functions that run as tasks; they make system calls with
 * sim_call() and use their own memory. Time stands still while anything can
 * run and then jumps to the next timer, so ten minutes pass in milliseconds
 * and every run with the same seed is the same.
 *
 *	struct sim *s = sim_new(1);
 *	sim_spawn(s, server, &arg);
 *	sim_run(s, SIM_FOREVER);
 *	sim_free(s);
 *
 * One sim a thread at a time; sims share nothing.
 */
#ifndef PORTS_SIM_SIM_H
#define PORTS_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net;
struct sim;
struct task;

#define SIM_FOREVER UINT64_MAX
#define SIM_MS 1000000ULL
#define SIM_SEC 1000000000ULL

/* NULL: no memory. The first host, "host0", is up with lo at 127.0.0.1/8. */
struct sim *sim_new(uint64_t seed);
/*
 * Ends the kernel. Returns 0, or -1 after saying on stderr what was left
 * behind: tasks that still sleep, sockets, memory that is still out.
 */
int sim_free(struct sim *s);

/* Another host, with its lo up. NULL: no memory. */
struct net *sim_host(struct sim *s, const char *name);
struct net *sim_host0(struct sim *s);

/*
 * A program on @net (NULL: host0): runs fn(arg) as a task with descriptors of
 * its own when sim_run() comes to it. Its open files close when it returns.
 */
struct task *sim_spawn(struct sim *s, struct net *net, void (*fn)(void *arg),
		       void *arg);

/*
 * Run until nothing can happen any more, or until @ns of virtual time have
 * passed. Returns the virtual time now, in ns since sim_new().
 */
uint64_t sim_run(struct sim *s, uint64_t ns);
uint64_t sim_now(const struct sim *s);
/* Programs that have not returned yet. */
unsigned int sim_running(const struct sim *s);

/*
 * From within a program: a system call by its x86_64 number. The result as
 * the kernel gives it, errors as negative errno. Pointers are ours. Up to six
 * arguments, integers or pointers; those left out are zero.
 */
#define sim_call(...) SIM_CALL6(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SIM_CALL6(nr, a, b, c, d, e, f, ...)                       \
	sim_syscall(nr, (uintptr_t)(a), (uintptr_t)(b), (uintptr_t)(c), \
		    (uintptr_t)(d), (uintptr_t)(e), (uintptr_t)(f))
long sim_syscall(long nr, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d,
		 uintptr_t e, uintptr_t f);
/* Let @ns of virtual time pass for this program. */
void sim_sleep(uint64_t ns);

/* Lines that the kernel logged go here instead of stderr; NULL: stderr. */
void sim_log(struct sim *s, void (*fn)(int level, const char *line));

#endif
