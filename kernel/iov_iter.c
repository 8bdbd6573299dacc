/* SPDX-License-Identifier: MIT */
/*
 * Iterators over the memory of a transfer. The current range may be used up
 * or empty; copying steps over such ranges.
 */
#include "lib/iov_iter.h"

#include "kernel/uaccess.h"
#include "lib/string.h"
#include "trace/trace.h"
#include <asm/errno.h>

void iov_iter_init(struct iov_iter *i, enum iter_type type,
		   const struct iovec *iov, size_t nr_segs, size_t count)
{
	i->type = type;
	i->count = count;
	i->iov = iov;
	i->nr_segs = nr_segs;
	i->iov_offset = 0;
}

static void iov_iter_single(struct iov_iter *i, enum iter_type type, u64 base,
			    size_t n)
{
	i->one.iov_base = base;
	i->one.iov_len = n;
	iov_iter_init(i, type, &i->one, 1, n);
}

void iov_iter_user(struct iov_iter *i, const void __user *buf, size_t n)
{
	iov_iter_single(i, ITER_USER, (uintptr_t)buf, n);
}

void iov_iter_kernel(struct iov_iter *i, const void *buf, size_t n)
{
	iov_iter_single(i, ITER_KERNEL, (uintptr_t)buf, n);
}

void iov_iter_discard(struct iov_iter *i, size_t n)
{
	iov_iter_single(i, ITER_DISCARD, 0, n);
}

void iov_iter_dup(struct iov_iter *to, const struct iov_iter *from)
{
	*to = *from;
	if (from->iov == &from->one)
		to->iov = &to->one;
}

void iov_iter_truncate(struct iov_iter *i, size_t n)
{
	if (i->count > n)
		i->count = n;
}

void iov_iter_advance(struct iov_iter *i, size_t n)
{
	n = min(n, i->count);
	i->count -= n;
	n += i->iov_offset;
	while (i->nr_segs > 1 && n >= i->iov->iov_len) {
		n -= i->iov->iov_len;
		i->iov++;
		i->nr_segs--;
	}
	i->iov_offset = n;
}

enum direction { FROM_ITER, TO_ITER };

/* Copy within the current range. Bytes copied; fewer than @n: a bad address. */
static size_t copy_range(const struct iov_iter *i, void *buf, size_t n,
			 enum direction dir)
{
	u64 at = i->iov->iov_base + i->iov_offset;

	switch (i->type) {
	case ITER_USER:
		if (dir == FROM_ITER)
			return n - copy_from_user(buf, u64_to_user_ptr(at), n);
		return n - copy_to_user(u64_to_user_ptr(at), buf, n);
	case ITER_KERNEL:
		if (dir == FROM_ITER)
			memcpy(buf, (void *)(uintptr_t)at, n);
		else
			memcpy((void *)(uintptr_t)at, buf, n);
		return n;
	case ITER_DISCARD:
		return n;
	}
	return 0;
}

/* The gate's way of doing many ranges at once, where it has one. */
static bool copy_many(struct iov_iter *i, void *buf, size_t n,
		      enum direction dir, size_t *ret_done)
{
	struct iovec one = { (uintptr_t)buf, n };
	struct task *t = current;
	size_t left;

	if (i->type != ITER_USER || i->nr_segs < 2 || !t || !t->gate ||
	    i->iov_offset + n <= i->iov->iov_len)
		return false;
	if (dir == FROM_ITER && t->gate->copy_in_iov)
		left = t->gate->copy_in_iov(t, buf, i, n);
	else if (dir == TO_ITER && t->gate->copy_out_iov)
		left = t->gate->copy_out_iov(t, i, &one, 1, n);
	else
		return false;
	if (unlikely(left))
		(void)fail(-EFAULT, "the program has no such memory");
	iov_iter_advance(i, n - left);
	*ret_done = n - left;
	return true;
}

static size_t copy_iter(struct iov_iter *i, void *buf, size_t n,
			enum direction dir)
{
	size_t done = 0;

	n = min(n, i->count);
	if (copy_many(i, buf, n, dir, &done))
		return done;
	while (done < n) {
		size_t part = min(n - done, i->iov->iov_len - i->iov_offset);
		size_t got = part ? copy_range(i, (char *)buf + done, part,
					       dir) : 0;

		if (!part && i->nr_segs == 1)
			break;
		done += got;
		if (!part) { /* an empty range */
			i->iov++;
			i->nr_segs--;
			i->iov_offset = 0;
			continue;
		}
		iov_iter_advance(i, got);
		if (got < part)
			break;
	}
	return done;
}

size_t copy_from_iter(void *to, size_t n, struct iov_iter *i)
{
	return copy_iter(i, to, n, FROM_ITER);
}

size_t copy_to_iter(const void *from, size_t n, struct iov_iter *i)
{
	return copy_iter(i, (void *)from, n, TO_ITER);
}

size_t copy_ranges_to_iter(const struct iovec *from, size_t nr, size_t n,
			   struct iov_iter *i)
{
	struct task *t = current;
	size_t done = 0;

	if (i->type == ITER_USER && nr > 1 && n <= i->count && t && t->gate &&
	    t->gate->copy_out_iov) {
		done = n - t->gate->copy_out_iov(t, i, from, nr, n);
		if (unlikely(done < n))
			(void)fail(-EFAULT, "the program has no such memory");
		iov_iter_advance(i, done);
		return done;
	}
	for (; nr; nr--, from++) {
		size_t got = copy_to_iter((void *)(uintptr_t)from->iov_base,
					  from->iov_len, i);

		done += got;
		if (got < from->iov_len)
			break;
	}
	return done;
}
