/* SPDX-License-Identifier: MIT */
/* What files know of epoll: that sets watch them. fs/eventpoll.c. */
#ifndef FS_EVENTPOLL_H
#define FS_EVENTPOLL_H

#include "fs/fs.h"

/* @f goes: take it out of every set. */
void eventpoll_release(struct file *f);

#endif
