/* SPDX-License-Identifier: MIT */
/*
 * The loop: one event, all that follows from it, the answers, sleep.
 *
 * Of one batch of events the trapped call comes last: a socket that was closed
 * before it is closed, a process that ended before it is forgotten. One call
 * is taken at a time, so that this holds for the next one as well.
 */
#include "ports/host/host.h"

#include "uapi/socket.h"
#include <asm/errno.h>
#include <stdlib.h>

#define MAX_EVENTS 64

/*
 * Only noted here; taken after the other events of the batch. Also comes when
 * no supervised program is left.
 */
void listener_event(struct watch *w, u32 events)
{
	struct supervisor *sv =
		container_of(w, struct supervisor, listener_watch);

	sv->trapped = events & EPOLLIN;
	if (!(events & EPOLLIN) && (events & EPOLLHUP))
		os_epoll_del(sv->ep, sv->listener);
}

static void take_call(struct supervisor *sv)
{
	struct seccomp_notif n;

	sv->trapped = false;
	if (os_notif_recv(sv->listener, &n))
		return;
	/* They are numbered: some became void before we took them. */
	if (sv->next_id)
		sv->missed += n.id - sv->next_id;
	sv->next_id = n.id + 1;
	dispatch(&n);
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

void supervisor_loop(struct supervisor *sv)
{
	struct os_event ev[MAX_EVENTS];

	for (;;) {
		u64 next = answer_all();
		int n;

		supervisor_reap(sv);
		if (!sv->first_pid)
			break;
		placeholder_fill_pool();
		if (next != ~0ULL) {
			u64 now = port_clock_ns();

			next = next > now ? next - now : 0;
		}
		n = os_epoll_wait(sv->ep, ev, MAX_EVENTS, next);
		sv->epoch++;
		kernel_tick();
		for (int i = 0; i < n; i++) {
			struct watch *w = (struct watch *)(uintptr_t)ev[i].data;

			w->fn(w, ev[i].events);
		}
		if (!sv->trapped)
			continue;
		if (n > 1)
			(void)answer_all();
		take_call(sv);
	}
}
