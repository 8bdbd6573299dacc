/* SPDX-License-Identifier: MIT */
/*
 * Importing a program's buffers and vectors, of both ABIs.
 */
#include "fs/iovec.h"

#include "kernel/slab.h"
#include "trace/trace.h"
#include "uapi/socket.h"

static_assert(sizeof(struct iovec) == sizeof(struct user_iovec),
	      "x86_64 vectors are copied as they are");

int import_ubuf(void __user *buf, size_t len, struct iov_iter *i)
{
	len = min(len, MAX_RW_COUNT);
	if (!access_ok((uintptr_t)buf, len))
		return fail(-EFAULT, "buffer is not in the program's memory");
	iov_iter_user(i, buf, len);
	return 0;
}

static int copy_compat_iovec(struct iovec *iov, u64 uvec, size_t nr)
{
	/* Into the upper half, then spread out from the front. */
	struct compat_iovec *c = (struct compat_iovec *)iov + nr;

	if (copy_from_user(c, u64_to_user_ptr(uvec), nr * sizeof(*c)))
		return -EFAULT;
	for (size_t n = 0; n < nr; n++) {
		struct compat_iovec v = c[n];

		iov[n].iov_base = v.iov_base;
		iov[n].iov_len = (u64)(s64)(s32)v.iov_len;
	}
	return 0;
}

static int copy_iovec(struct iovec *iov, u64 uvec, size_t nr, bool compat)
{
	int err = 0;

	if (compat)
		err = copy_compat_iovec(iov, uvec, nr);
	else if (copy_from_user(iov, u64_to_user_ptr(uvec), nr * sizeof(*iov)))
		err = -EFAULT;
	if (err)
		return fail(err, "bad address of the vectors");
	for (size_t n = 0; n < nr; n++)
		if ((s64)iov[n].iov_len < 0)
			return fail(-EINVAL, "vector of negative length");
	return 0;
}

long import_iovec(u64 uvec, size_t nr, bool compat, struct iovec *fast,
		  struct iovec **ret_heap, struct iov_iter *i)
{
	struct iovec *iov = fast;
	size_t total = 0;
	int err;

	*ret_heap = NULL;
	if (nr > UIO_MAXIOV)
		return fail(-EINVAL, "more than 1024 vectors");
	if (nr > UIO_FASTIOV) {
		iov = kcalloc(nr, sizeof(*iov));
		if (!iov)
			return fail(-ENOMEM, "no memory for the vectors");
		*ret_heap = iov;
	}
	err = copy_iovec(iov, uvec, nr, compat);
	if (err)
		return err;
	/* LINUX: one vector alone is cut before it is looked at. */
	if (nr == 1)
		iov->iov_len = min(iov->iov_len, (u64)MAX_RW_COUNT);
	for (size_t n = 0; n < nr; n++) {
		if (!access_ok(iov[n].iov_base, iov[n].iov_len))
			return fail(-EFAULT, "not the program's memory");
		/* LINUX: what exceeds MAX_RW_COUNT is cut off, not refused. */
		if (iov[n].iov_len > MAX_RW_COUNT - total)
			iov[n].iov_len = MAX_RW_COUNT - total;
		total += iov[n].iov_len;
	}
	iov_iter_init(i, ITER_USER, iov, nr, total);
	return (long)total;
}
