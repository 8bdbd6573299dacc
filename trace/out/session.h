/* SPDX-License-Identifier: MIT */
/*
 * A trace, as the gate and the command line see it. All on the kernel's
 * thread.
 */
#ifndef TRACE_OUT_SESSION_H
#define TRACE_OUT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

struct session;
struct task;

#define SESSION_FILTERS 16

struct session_options {
	const char *format; /* "tree", "line", "json", "summary" */
	const char *file; /* NULL: stderr */
	const char
		*filters[SESSION_FILTERS]; /* trace/out/filter.h; NULL ends */
	bool no_stacks; /* do not look at the programs' stacks */
	int color; /* < 0: when it is a terminal */
};

/* What is wrong with the options, for a message; NULL: nothing. */
const char *session_check(const struct session_options *o);

/*
 * Make ready to trace: our own symbols are read now. NULL, with errno, and
 * *ret_why for a message.
 */
struct session *session_open(const struct session_options *o,
			     const char **ret_why);
/*
 * Trace from now on: 0, or -1 with errno. Stop, and write what is left. The
 * calling thread is the one that is traced.
 */
int session_start(struct session *s);
void session_stop(struct session *s);
/* Stops if need be. */
void session_close(struct session *s);

/*
 * The program stands in its call: @t->regs are filled, @t->id is its number.
 * Its answer, @t->regs.ret, is about to be given: its memory is read now.
 * The answer was given; @taken false: it was refused, the call was void.
 */
void session_enter(struct session *s, struct task *t);
void session_answer(struct session *s, struct task *t);
void session_leave(struct session *s, struct task *t, bool taken, bool host);
/* A task that no call began will run on behalf of process @t->pid. */
void session_task(struct session *s, struct task *t);
/*
 * A call that the host's system serves itself: its result is not known here.
 * Arguments as in struct pt_regs; @sock: the id of a socket of ours that it
 * is about, or 0.
 */
void session_native(struct session *s, int pid, int tid, int abi, uint64_t nr,
		    const uint64_t args[6], uint64_t ip, uint64_t sock);

/* Process @pid has another program now, or is gone. */
void session_exec(struct session *s, int pid);
void session_exit(struct session *s, int pid);

/* Write what was recorded. When the kernel has come to rest. */
void session_flush(struct session *s);

#endif
