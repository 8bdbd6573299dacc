/* SPDX-License-Identifier: MIT */
/*
 * Copying between the kernel and a program, by way of the task's gate. The
 * reason of an -EFAULT is given here, callers may have a better one.
 */
#include "kernel/uaccess.h"

#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>

size_t copy_from_user(void *to, const void __user *from, size_t n)
{
	struct task *t = current;
	size_t left;

	if (!n)
		return 0;
	if (!t || !t->gate)
		return n;
	left = t->gate->copy_in(t, to, (uintptr_t)from, n);
	if (unlikely(left))
		(void)fail(-EFAULT, "the program has no such memory");
	return left;
}

size_t copy_to_user(void __user *to, const void *from, size_t n)
{
	struct task *t = current;
	size_t left;

	if (!n)
		return 0;
	if (!t || !t->gate)
		return n;
	left = t->gate->copy_out(t, (uintptr_t)to, from, n);
	if (unlikely(left))
		(void)fail(-EFAULT, "the program has no such memory");
	return left;
}

long strncpy_from_user(char *dst, const char __user *src, size_t size)
{
	size_t done = 0;

	/* In pieces that do not cross a page which the string may not reach. */
	while (done < size) {
		size_t page = 4096 - (((uintptr_t)src + done) & 4095);
		size_t n = min(size - done, page);
		size_t got = n - copy_from_user(dst + done, src + done, n);

		for (size_t i = 0; i < got; i++)
			if (!dst[done + i])
				return (long)(done + i);
		if (got < n)
			return -EFAULT;
		done += n;
	}
	return fail(-ENAMETOOLONG, "a string longer than may be");
}

int copy_from_sockptr_offset(void *dst, sockptr_t src, size_t off, size_t n)
{
	const char *p = (const char *)src.ptr + off;

	if (src.is_kernel) {
		memcpy(dst, p, n);
		return 0;
	}
	return copy_from_user(dst, p, n) ? -EFAULT : 0;
}

int copy_from_sockptr(void *dst, sockptr_t src, size_t n)
{
	return copy_from_sockptr_offset(dst, src, 0, n);
}

int copy_to_sockptr(sockptr_t dst, const void *src, size_t n)
{
	if (dst.is_kernel) {
		memcpy((void *)dst.ptr, src, n);
		return 0;
	}
	return copy_to_user((void *)dst.ptr, src, n) ? -EFAULT : 0;
}
