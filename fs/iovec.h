/* SPDX-License-Identifier: MIT */
/*
 * A program's description of a transfer, made into an iterator.
 */
#ifndef FS_IOVEC_H
#define FS_IOVEC_H

#include "kernel/uaccess.h"
#include "lib/iov_iter.h"

/* Where the memory of x86_64 programs ends; that of i386 ones does before. */
#define TASK_SIZE_MAX 0x7ffffffff000ULL

/*
 * Could @n bytes at @addr be a program's at all? As on Linux this is checked
 * before anything is looked up: -EFAULT comes before -EBADF then.
 */
static inline bool access_ok(u64 addr, u64 n)
{
	return n <= TASK_SIZE_MAX && addr <= TASK_SIZE_MAX - n;
}

/* One range, cut to MAX_RW_COUNT. 0 or -EFAULT. */
int import_ubuf(void __user *buf, size_t len, struct iov_iter *i);

/*
 * @nr vectors at @uvec, in the layout of the calling program (@compat). @fast
 * has room for UIO_FASTIOV; more come from kmalloc: *ret_heap is then to be
 * freed by the caller (NULL otherwise), also after an error. Bytes in all, or
 * -EINVAL (a negative length, too many), -EFAULT, -ENOMEM.
 */
long import_iovec(u64 uvec, size_t nr, bool compat, struct iovec *fast,
		  struct iovec **ret_heap, struct iov_iter *i);

#endif
