/* SPDX-License-Identifier: MIT */
/*
 * void switch_to(void **save_sp, void *new_sp)
 *
 * Leave one stack and go on with another: what the x86-64 psABI says a
 * function must preserve is pushed, the stack pointer stored, the other one
 * taken. Signal masks and floating-point control words are the same for all
 * tasks and not touched.
 *
 * task_entry is where a new task's stack "returns" to: it calls task_main(),
 * which never comes back.
 */
	.text
	.globl	switch_to
	.hidden	switch_to
	.type	switch_to, @function
switch_to:
	.cfi_startproc
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.cfi_endproc
	.size	switch_to, . - switch_to

	.globl	task_entry
	.hidden	task_entry
	.type	task_entry, @function
task_entry:
	.cfi_startproc
	.cfi_undefined rip
	xorl	%ebp, %ebp
	call	task_main
	ud2
	.cfi_endproc
	.size	task_entry, . - task_entry

	.section .note.GNU-stack, "", @progbits
