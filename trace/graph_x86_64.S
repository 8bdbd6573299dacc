/* SPDX-License-Identifier: MIT */
/*
 * The two ends of a traced function, on x86_64: trace/graph.h.
 *
 * Neither may change a register that carries an argument or a result, nor the
 * flags' meaning to anyone: the x86_64 ABI has no flags at a call.
 */
	.text

/*
 * Reached by the call at the head of a function. On the stack: the address
 * after that call, then the function's own return address.
 */
	.p2align 4
	.globl	trace_entry_thunk
	.hidden	trace_entry_thunk
	.type	trace_entry_thunk, @function
trace_entry_thunk:
	.cfi_startproc
	push	%r10			/* the static chain */
	.cfi_adjust_cfa_offset 8
	push	%rax			/* al: vector registers of a variadic call */
	.cfi_adjust_cfa_offset 8
	push	%r9
	.cfi_adjust_cfa_offset 8
	push	%r8
	.cfi_adjust_cfa_offset 8
	push	%rcx
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	%rdi
	.cfi_adjust_cfa_offset 8
	mov	64(%rsp), %rdi
	sub	$5, %rdi		/* the function */
	lea	72(%rsp), %rsi		/* where its return address lies */
	mov	%rsp, %rdx		/* the registers, in argument order */
	call	trace_enter_hook
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	%r8
	.cfi_adjust_cfa_offset -8
	pop	%r9
	.cfi_adjust_cfa_offset -8
	pop	%rax
	.cfi_adjust_cfa_offset -8
	pop	%r10
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size	trace_entry_thunk, .-trace_entry_thunk

/*
 * Reached by the return of a function whose return address was replaced. The
 * stack pointer stands above that address.
 *
 * For unwinders: the frame "trace_return" has the stack pointer of the
 * true caller and returns to the address that the shadow stack holds for it.
 * The expression looks for it, from trace_top downwards:
 *
 *	for (f = trace_top; f->slot + 8 < cfa; f--)
 *		;
 *	return f->ret;
 *
 * A sentinel below each shadow stack ends the search. Unwinders look one byte
 * before a return address, hence the nop.
 */
	.p2align 4
	.type	trace_return, @function
trace_return:
	.cfi_startproc
	.cfi_def_cfa %rsp, 0
	.cfi_escape 0x16, 16, 26,			/* rip = value of: */ \
		0x80, 0x7b, 0x12, 0x94, 4, 0x22, 0x06,	/* f = trace_top */ \
		0x12, 0x23, 8, 0x06, 0x23, 8,		/* again: f->slot + 8 */ \
		0x15, 2, 0x2a,				/* >= cfa? */ \
		0x28, 6, 0,				/* yes: found */ \
		0x08, 24, 0x1c,				/* f-- */ \
		0x2f, 0xee, 0xff,			/* goto again */ \
		0x06					/* found: f->ret */
1:	.long	trace_top - 1b
	nop
	.globl	trace_return_thunk
	.hidden	trace_return_thunk
trace_return_thunk:
	sub	$8, %rsp		/* the return address again */
	.cfi_def_cfa %rsp, 8
	.cfi_undefined %rip
	push	%rax
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	sub	$8, %rsp
	.cfi_adjust_cfa_offset 8
	mov	%rax, %rdi
	lea	24(%rsp), %rsi
	call	trace_return_hook
	mov	%rax, 24(%rsp)
	add	$8, %rsp
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rax
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rip
	ret
	.cfi_endproc
	.size	trace_return, .-trace_return

	.section .note.GNU-stack, "", @progbits
