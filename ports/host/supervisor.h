/* SPDX-License-Identifier: MIT */
/*
 * The host port as the commands use it: run a program, and all that it
 * starts, with its sockets served by a kernel in this process.
 */
#ifndef PORTS_HOST_SUPERVISOR_H
#define PORTS_HOST_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

struct task;

/*
 * Who watches the calls (the tracer). Every function may be NULL; without an
 * observer none of this costs anything. They run on the kernel's thread and
 * may not sleep.
 */
struct host_observer {
	/*
	 * A call has trapped and is about to be served: registers, pid, tid,
	 * comm and host are set (regs.sp is not: the trap does not tell it).
	 * The program's thread stands still at the instruction.
	 */
	void (*call_begin)(struct task *t);
	/*
	 * Its result, t->regs.ret, is about to be given. What it left in the
	 * program's memory can be read now.
	 */
	void (*call_answer)(struct task *t);
	/* It is answered: t->regs.ret. @taken false: the call was void. */
	/* @host: it was left to the program's own system. */
	void (*call_end)(struct task *t, bool taken, bool host);
	/*
	 * A task that no call began, such as the last close of a socket by
	 * exit, is about to run on behalf of process @t->pid.
	 */
	void (*task_begin)(struct task *t);
	/*
	 * A call that the host's system serves itself (AF_UNIX and what
	 * concerns no socket of ours): its result is not known here. There is
	 * no task; @nr, @abi, @args as in struct pt_regs. @sock: id of the
	 * socket of ours that it is about all the same, or 0.
	 */
	void (*call_native)(int pid, int tid, int abi, uint64_t nr,
			    const uint64_t args[6], uint64_t ip, uint64_t sock);
	/* The memory of @pid is about to be another program's. */
	void (*process_exec)(int pid);
	void (*process_exit)(int pid);
	/* Everything that can run has run, and answers were given. */
	void (*idle)(void);
	/* The kernel stands ready; the program has not started. */
	void (*started)(void);
	/* Everything has ended; the kernel is still there. */
	void (*stopped)(void);
};

struct host_options {
	char **argv; /* the program and its arguments, NULL at the end */
	bool lowest_fd; /* sockets get the lowest free number */
	const char *const *deny; /* rules, NULL at the end; or NULL */
	const struct host_observer *observer; /* or NULL */
};

/*
 * Run the program to its end. Returns the exit status for our own exit: the
 * program's; 125 when we could not run anything (said on stderr), 126 when the
 * program is there but cannot be run, 127 when it was not found. A program
 * that was killed makes us die of the same signal: call host_end() with the
 * value at the very end.
 */
int host_run(const struct host_options *opt);

/* Exit with what host_run() returned. */
_Noreturn void host_end(int status);

#endif
