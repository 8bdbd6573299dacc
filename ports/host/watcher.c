/* SPDX-License-Identifier: MIT */
#include "ports/host/watcher.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Nobody sends it to us: it is about urgent data on our own sockets. */
#define SIG_EVENTS SIGURG
#define STACK_SIZE (64UL << 10)

struct watcher {
	int ep;
	pid_t pid, tid; /* the loop's thread */
	pthread_t thread;
	int seen; /* futex: there are events, not taken yet */
	int asleep; /* the loop's thread receives */
	bool stop;
};

long watcher_ioctl(int fd, unsigned long cmd, void *arg, const int *stop);
extern const char watcher_ioctl_end[], watcher_ioctl_stop[];

static void on_events(int sig, siginfo_t *si, void *context)
{
	ucontext_t *uc = context;
	greg_t *ip = &uc->uc_mcontext.gregs[REG_RIP];

	(void)sig;
	(void)si;
	if (*ip >= (greg_t)watcher_ioctl && *ip < (greg_t)watcher_ioctl_end)
		*ip = (greg_t)watcher_ioctl_stop;
}

static void futex(int *word, int op, int val)
{
	(void)syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, val, NULL);
}

static void *watch(void *arg)
{
	struct watcher *w = arg;
	struct pollfd p = { .fd = w->ep, .events = POLLIN };

	for (;;) {
		if (poll(&p, 1, -1) <= 0)
			continue;
		if (__atomic_load_n(&w->stop, __ATOMIC_SEQ_CST))
			return NULL;
		__atomic_store_n(&w->seen, 1, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&w->asleep, __ATOMIC_SEQ_CST))
			(void)syscall(SYS_tgkill, w->pid, w->tid, SIG_EVENTS);
		/* A stop may have come before these events were told. */
		while (__atomic_load_n(&w->seen, __ATOMIC_SEQ_CST) &&
		       !__atomic_load_n(&w->stop, __ATOMIC_SEQ_CST))
			futex(&w->seen, FUTEX_WAIT, 1);
	}
}

struct watcher *watcher_start(int ep)
{
	struct sigaction sa = {
		.sa_sigaction = on_events,
		.sa_flags = SA_SIGINFO | SA_RESTART,
	};
	struct watcher *w = calloc(1, sizeof(*w));
	sigset_t all, old;
	pthread_attr_t attr;
	int err;

	if (!w)
		return NULL;
	w->ep = ep;
	w->pid = getpid();
	w->tid = (pid_t)syscall(SYS_gettid);
	(void)sigaction(SIG_EVENTS, &sa, NULL);
	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(&w->thread, &attr, watch, w);
	(void)pthread_attr_destroy(&attr);
	/* Whatever we were started with: this one must reach us. */
	sigdelset(&old, SIG_EVENTS);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!err)
		return w;
	free(w);
	return NULL;
}

void watcher_stop(struct watcher *w)
{
	if (!w)
		return;
	__atomic_store_n(&w->stop, true, __ATOMIC_SEQ_CST);
	watcher_go(w);
	(void)pthread_join(w->thread, NULL);
	free(w);
}

int watcher_recv(struct watcher *w, int listener, struct seccomp_notif *n)
{
	long ret;

	memset(n, 0, sizeof(*n));
	__atomic_store_n(&w->asleep, 1, __ATOMIC_SEQ_CST);
	ret = watcher_ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, n, &w->seen);
	__atomic_store_n(&w->asleep, 0, __ATOMIC_RELAXED);
	return (int)ret;
}

void watcher_go(struct watcher *w)
{
	if (!__atomic_load_n(&w->seen, __ATOMIC_SEQ_CST))
		return;
	__atomic_store_n(&w->seen, 0, __ATOMIC_SEQ_CST);
	futex(&w->seen, FUTEX_WAKE, 1);
}
