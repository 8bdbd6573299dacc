/* SPDX-License-Identifier: MIT */
/*
 * Times as programs give them, in the layouts of both ABIs.
 *
 * All of these return 0 or -EFAULT.
 */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include "lib/types.h"
#include "uapi/socket.h"

int get_timespec64(struct timespec64 *ts, const struct timespec64 __user *u);
int get_old_timespec32(struct timespec64 *ts,
		       const struct old_timespec32 __user *u);
int put_old_timespec32(const struct timespec64 *ts,
		       struct old_timespec32 __user *u);

#endif
