/* SPDX-License-Identifier: MIT */
/*
 * The memory of programs. Everything goes through the gate of the current
 * task; a bad pointer gives -EFAULT, never a crash.
 *
 * A user pointer of an i386 task is its 32-bit value, zero-extended.
 */
#ifndef KERNEL_UACCESS_H
#define KERNEL_UACCESS_H

#include "kernel/sched.h"
#include "lib/types.h"

/* Return the number of bytes not copied: 0 is success. */
size_t copy_from_user(void *to, const void __user *from, size_t n);
size_t copy_to_user(void __user *to, const void *from, size_t n);

/* 0 or -EFAULT. @x is a kernel lvalue, @ptr a user pointer to its type. */
#define get_user(x, ptr) \
	(copy_from_user(&(x), ptr, sizeof(*(ptr))) ? -EFAULT : 0)
#define put_user(x, ptr)                                                \
	({                                                              \
		__typeof__(*(ptr)) __v = (x);                           \
		copy_to_user(ptr, &__v, sizeof(__v)) ? -EFAULT : 0;     \
	})

/*
 * Copy a string with its NUL, at most @size bytes. Length without NUL,
 * -EFAULT, or -ENAMETOOLONG when there is no NUL within @size.
 */
long strncpy_from_user(char *dst, const char __user *src, size_t size);

/* Does the current call come from a 32-bit program? */
static inline bool in_compat_syscall(void)
{
	return current && current->regs.arch == ABI_I386;
}

static inline void __user *u64_to_user_ptr(u64 v)
{
	return (void __user *)(uintptr_t)v;
}

/*
 * Option values as setsockopt gets them: user memory, or (from within the
 * kernel, and from tests) kernel memory.
 */
typedef struct {
	const void *ptr;
	bool is_kernel;
} sockptr_t;

static inline sockptr_t USER_SOCKPTR(const void __user *p)
{
	return (sockptr_t){ (const void *)p, false };
}
static inline sockptr_t KERNEL_SOCKPTR(const void *p)
{
	return (sockptr_t){ p, true };
}
/* 0 or -EFAULT. */
int copy_from_sockptr(void *dst, sockptr_t src, size_t n);
int copy_from_sockptr_offset(void *dst, sockptr_t src, size_t off, size_t n);
int copy_to_sockptr(sockptr_t dst, const void *src, size_t n);

#endif
