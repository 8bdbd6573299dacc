/* SPDX-License-Identifier: MIT */
/*
 * The stacks of programs. Taken raw while the program stands in its call - no
 * ptrace, a few microseconds - and unwound when somebody wants to read them.
 *
 * What is known at the trap is the stack pointer, the address of the
 * instruction and the registers of arguments. Registers that functions save
 * for their callers (rbp, rbx, ...) are not: a frame whose size hangs on one
 * of them is found by looking for the return address of a call to it.
 */
#ifndef TRACE_OUT_STACK_H
#define TRACE_OUT_STACK_H

#include "lib/types.h"

#define STACK_BYTES 4096
#define STACK_FRAMES 32

struct stack_snapshot {
	int pid;
	u32 len; /* bytes, from sp upwards; 0: not readable */
	u64 sp, ip;
	u8 bytes[STACK_BYTES];
};

struct stack_frame {
	u64 ip;
	const char *name; /* NULL: not known. Lives until stacks_free(). */
	const char *file; /* of the source, or NULL */
	int line;
	const char *module; /* file name of the program or library, or NULL */
};

/*
 * Take the stack of thread @tid of process @pid into *@s (made when NULL).
 * Cheap: 3 system calls. What cannot be read leaves an empty snapshot.
 */
void stack_take(struct stack_snapshot **s, int pid, int tid);

/*
 * Unwind. @abi: enum abi; @regs: the six argument registers of the call.
 * Frames from the innermost outwards, up to main; their number.
 */
int stack_unwind(const struct stack_snapshot *s, int abi, u64 ip,
		 const u64 regs[6], struct stack_frame *frames, int max);

/* The instruction before @ip: "int80", "sysenter", "syscall", or NULL. */
const char *stack_instruction(int pid, u64 ip);

/* @pid has another program, or is gone. */
void stacks_forget(int pid);
void stacks_free(void);

#endif
