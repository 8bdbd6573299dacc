/* SPDX-License-Identifier: MIT */
/*
 * Sleeping in the listener itself.
 *
 * To receive a call by sleeping in epoll_wait() first costs a third more than
 * to sleep in the receiving ioctl, and the loop does little else. But it also
 * waits for other things: sockets that are closed, processes that end, timers.
 * So a second thread, the watcher, sleeps on their epoll; when that has events
 * it takes none, but breaks off the ioctl of the loop's thread by a signal and
 * stands still until that one has taken them.
 *
 *	loop	    recv: asleep = 1; seen? -> -EINTR : ioctl; asleep = 0
 *	watcher	    poll(epoll) -> seen = 1; asleep? -> signal; until !seen
 *	loop	    epoll_wait(0); watcher_go: seen = 0
 *
 * One of the two always sees the other's word. A signal that comes between the
 * loop's look at `seen` and its sleep is not lost: its handler finds the thread
 * between these two instructions and leads it to the end (watcher_ioctl.S).
 * Other system calls that it hits are restarted; seccomp's, which are not, are
 * repeated by their callers (os.c).
 *
 * The watcher touches nothing of the kernel: that stays on one thread.
 */
#ifndef PORTS_HOST_WATCHER_H
#define PORTS_HOST_WATCHER_H

#include <stdbool.h>

struct seccomp_notif;
struct watcher;

/* Watch @ep for the thread that calls. NULL: no memory, no thread. */
struct watcher *watcher_start(int ep);
/* @ep must have an event by now. */
void watcher_stop(struct watcher *w);
/*
 * Receive a call, or sleep until there is one. -EINTR: there are events (or
 * may be); -errno of the ioctl.
 */
int watcher_recv(struct watcher *w, int listener, struct seccomp_notif *n);
/* The events have been taken: go on. */
void watcher_go(struct watcher *w);

#endif
