/* SPDX-License-Identifier: MIT */
#include "kernel/time.h"

#include "kernel/uaccess.h"
#include "trace/trace.h"
#include <asm/errno.h>

int get_timespec64(struct timespec64 *ts, const struct timespec64 __user *u)
{
	if (copy_from_user(ts, u, sizeof(*ts)))
		return fail(-EFAULT, "bad pointer to the timeout");
	/* tv_nsec is a long of the program: padding above 32 bits. */
	if (in_compat_syscall())
		ts->tv_nsec = (u32)ts->tv_nsec;
	return 0;
}

int get_old_timespec32(struct timespec64 *ts,
		       const struct old_timespec32 __user *u)
{
	struct old_timespec32 c;

	if (copy_from_user(&c, u, sizeof(c)))
		return fail(-EFAULT, "bad pointer to the timeout");
	ts->tv_sec = c.tv_sec;
	ts->tv_nsec = c.tv_nsec;
	return 0;
}

int put_old_timespec32(const struct timespec64 *ts,
		       struct old_timespec32 __user *u)
{
	struct old_timespec32 c = { (s32)ts->tv_sec, (s32)ts->tv_nsec };

	if (copy_to_user(u, &c, sizeof(c)))
		return fail(-EFAULT, "bad pointer to the timeout");
	return 0;
}
