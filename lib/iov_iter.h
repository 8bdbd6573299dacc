/* SPDX-License-Identifier: MIT */
/*
 * An iterator over the memory that a transfer reads from or writes to: one or
 * more ranges of a program's memory, or of the kernel's. sock_sendmsg() and
 * sock_recvmsg() work on these only, so a call need not come from a trap.
 *
 * The copy functions live in kernel/uaccess.c.
 */
#ifndef LIB_IOV_ITER_H
#define LIB_IOV_ITER_H

#include "lib/types.h"

enum iter_type { ITER_USER, ITER_KERNEL, ITER_DISCARD };

struct iovec {
	u64 iov_base; /* address in the program or the kernel */
	u64 iov_len;
};

#define UIO_FASTIOV 8
#define UIO_MAXIOV 1024
/* A transfer is cut to this (as Linux does), whatever was asked for. */
#define MAX_RW_COUNT 0x7ffff000UL

struct iov_iter {
	enum iter_type type;
	size_t count; /* bytes left */
	const struct iovec *iov; /* the current range */
	size_t nr_segs; /* ranges left, the current one included */
	size_t iov_offset; /* into the current range */
	/* RWF_NOWAIT, RWF_NOSIGNAL of preadv2(): set by fs/, for files only. */
	bool nowait, nosignal;
	struct iovec one; /* storage for single ranges */
};

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

void iov_iter_user(struct iov_iter *i, const void __user *buf, size_t n);
void iov_iter_kernel(struct iov_iter *i, const void *buf, size_t n);
void iov_iter_discard(struct iov_iter *i, size_t n);
void iov_iter_init(struct iov_iter *i, enum iter_type type,
		   const struct iovec *iov, size_t nr_segs, size_t count);
void iov_iter_advance(struct iov_iter *i, size_t n);
void iov_iter_truncate(struct iov_iter *i, size_t n);
/* A single-range iterator is copied with its storage. */
void iov_iter_dup(struct iov_iter *to, const struct iov_iter *from);

/*
 * Both return the bytes copied, which the iterator then has advanced by; fewer
 * than asked for means a bad address.
 */
size_t copy_from_iter(void *to, size_t n, struct iov_iter *i) __must_check;
size_t copy_to_iter(const void *from, size_t n, struct iov_iter *i)
	__must_check;
/* The same of @n bytes that lie in @nr ranges of the kernel's memory. */
size_t copy_ranges_to_iter(const struct iovec *from, size_t nr, size_t n,
			   struct iov_iter *i) __must_check;
static inline bool copy_from_iter_full(void *to, size_t n, struct iov_iter *i)
{
	return copy_from_iter(to, n, i) == n;
}

#endif
