/* SPDX-License-Identifier: MIT */
/*
 * The loop: one call, all that follows from it, the answers, sleep.
 *
 * It sleeps where the next call arrives (watcher.h says how other events wake
 * it), and a call that has come is taken together with whatever else has
 * happened. Of these the call comes last: a socket that was closed before it
 * is closed, a process that ended before it is forgotten. One call is taken at
 * a time, so that this holds for the next one as well.
 *
 * The way of an event by the watcher is long. Where they are as frequent as
 * calls (connections that come and go, bytes that are carried) the loop sleeps
 * in its epoll, which then has the listener, too, until there were none for a
 * while. So it does at the end, when nobody is left to make a call.
 */
#include "ports/host/host.h"

#include "ports/host/watcher.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdlib.h>

#define MAX_EVENTS 64
/* As many calls in a row without any other event: more of them will come. */
#define QUIET_CALLS 16

/*
 * Only noted here; taken after the other events of the batch. Also comes when
 * no supervised program is left.
 */
void listener_event(struct watch *w, u32 events)
{
	struct supervisor *sv =
		container_of(w, struct supervisor, listener_watch);

	sv->trapped = events & EPOLLIN;
	if (!(events & EPOLLIN) && (events & EPOLLHUP)) {
		os_epoll_del(sv->ep, sv->listener);
		sv->deserted = true;
	}
}

/* The timer is only a reason to look: kernel_run() knows what is due. */
static void timer_event(struct watch *w, u32 events)
{
	struct supervisor *sv = container_of(w, struct supervisor, timer_watch);

	(void)events;
	sv->timer_at = ~0ULL;
}

/*
 * Timers of connections are put off all the time. The host's is left where it
 * is unless it would be late: early costs one look.
 */
static void timer_arm(struct supervisor *sv, u64 next)
{
	if (next >= sv->timer_at)
		return;
	os_timer_set(sv->timer_fd, next);
	sv->timer_at = next;
}

static void take_call(struct supervisor *sv, const struct seccomp_notif *n)
{
	/* They are numbered: some became void before we took them. */
	if (sv->next_id)
		sv->missed += n->id - sv->next_id;
	sv->next_id = n->id + 1;
	sv->quiet++;
	dispatch(n);
}

/* True: something has happened, beside a call. */
static bool take_events(struct supervisor *sv, const struct os_event *ev, int n)
{
	bool other = false;

	sv->trapped = false;
	sv->epoch++;
	kernel_tick();
	for (int i = 0; i < n; i++) {
		struct watch *w = (struct watch *)(uintptr_t)ev[i].data;

		w->fn(w, ev[i].events);
		other |= w != &sv->listener_watch && w != &sv->timer_watch;
	}
	if (other)
		sv->quiet = 0;
	return n > sv->trapped;
}

static void sleep_in_epoll(struct supervisor *sv, u64 next)
{
	struct os_event ev[MAX_EVENTS];
	struct seccomp_notif call;
	int n;

	if (next != ~0ULL) {
		u64 now = port_clock_ns();

		next = next > now ? next - now : 0;
	}
	n = os_epoll_wait(sv->ep, ev, MAX_EVENTS, next);
	if (take_events(sv, ev, n) && sv->trapped)
		(void)answer_all();
	if (sv->trapped && !os_notif_recv(sv->listener, &call))
		take_call(sv, &call);
}

static void sleep_in_listener(struct supervisor *sv, u64 next)
{
	struct os_event ev[MAX_EVENTS];
	struct seccomp_notif call;
	int err, n;

	timer_arm(sv, next);
	err = watcher_recv(sv->watcher, sv->listener, &call);
	n = os_epoll_now(sv->ep, ev, MAX_EVENTS);
	if (take_events(sv, ev, n))
		(void)answer_all();
	if (!err)
		take_call(sv, &call);
	/* A call that became void; or there will be none any more. */
	else if (err == -ENOENT && (os_poll_now(sv->listener, 0) & EPOLLHUP))
		sv->deserted = true;
}

/* Where to sleep. The watcher stands still while that is in epoll. */
static bool in_listener(struct supervisor *sv)
{
	bool listen = sv->watcher && !sv->deserted && sv->quiet >= QUIET_CALLS;

	if (sv->listens && !listen && !sv->deserted &&
	    os_epoll_add(sv->ep, sv->listener, OS_EPOLLIN, &sv->listener_watch))
		listen = true; /* no memory: slower, that is all */
	if (!sv->listens && listen)
		os_epoll_del(sv->ep, sv->listener);
	if (listen)
		watcher_go(sv->watcher);
	sv->listens = listen;
	return listen;
}

void supervisor_reap(struct supervisor *sv)
{
	struct process *p, *n;

	if (!list_empty(&sv->dead))
		placeholders_reap();
	list_for_each_entry_safe(p, n, &sv->dead_processes, link) {
		list_del(&p->link);
		free(p);
	}
}

int loop_init(struct supervisor *sv)
{
	sv->timer_at = ~0ULL;
	sv->timer_watch.fn = timer_event;
	sv->timer_fd = os_timer_create();
	if (sv->timer_fd < 0)
		return sv->timer_fd;
	return os_epoll_add(sv->ep, sv->timer_fd, EPOLLIN | EPOLLET,
			    &sv->timer_watch);
}

void loop_exit(struct supervisor *sv)
{
	os_timer_set(sv->timer_fd, 1);
	watcher_stop(sv->watcher);
	sv->watcher = NULL;
}

void supervisor_loop(struct supervisor *sv)
{
	/* Not before the program's fork; without it things are only slower. */
	sv->watcher = watcher_start(sv->ep);
	for (;;) {
		u64 next = answer_all();

		supervisor_reap(sv);
		if (!sv->first_pid)
			break;
		placeholder_fill_pool();
		if (in_listener(sv))
			sleep_in_listener(sv, next);
		else
			sleep_in_epoll(sv, next);
	}
}
