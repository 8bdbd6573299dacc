/* SPDX-License-Identifier: MIT */
/*
 * long watcher_ioctl(int fd, unsigned long cmd, void *arg, const int *stop)
 *
 * ioctl(2), unless *stop: then -EINTR. A signal handler that finds the thread
 * between watcher_ioctl and watcher_ioctl_end has come before the sleep, or
 * broke it off: it goes on at watcher_ioctl_stop.
 */
#include <asm/errno.h>
#include <asm/unistd.h>

	.text
	.globl	watcher_ioctl, watcher_ioctl_end, watcher_ioctl_stop
	.hidden	watcher_ioctl, watcher_ioctl_end, watcher_ioctl_stop
	.type	watcher_ioctl, @function
watcher_ioctl:
	.cfi_startproc
	movl	$__NR_ioctl, %eax
	cmpl	$0, (%rcx)
	jne	watcher_ioctl_stop
	syscall
watcher_ioctl_end:
	ret
watcher_ioctl_stop:
	movq	$-EINTR, %rax
	ret
	.cfi_endproc
	.size	watcher_ioctl, . - watcher_ioctl

	.section .note.GNU-stack, "", @progbits
