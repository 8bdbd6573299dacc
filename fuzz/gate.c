/* SPDX-License-Identifier: MIT */
/*
 * The gate of the host port (ports/host) against hostile programs: the whole
 * supervisor runs, from host_run() on, on a host that is in memory
 * (gate.h) and does what the bytes of the input say.
 *
 * Programs make calls of both ABIs with arguments of arguments.h, where the
 * filter traps them. Their memory faults by the page and changes between two
 * looks; signals make calls void at any time; processes fork and die; files
 * get ready, and bytes come and go natively; and whatever the gate asks of its
 * host may fail. What must hold: a call that was taken is answered once, or
 * void, or has a task; and when everybody has ended nothing is left, no task,
 * no socket, no descriptor.
 */
#include "fuzz/gate.h"

#include "kernel/slab.h"
#include "net/core/net_namespace.h"
#include "ports/host/host.h"
#include "ports/host/watcher.h"
#include <asm/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY (86400 * NSEC_PER_SEC)

const size_t fuzz_input_max = 4096;

struct world world;

_Noreturn void broken(const char *what)
{
	fprintf(stderr, "the gate: %s\n", what);
	abort();
}

int fault(void)
{
	if (!world.failure.in || --world.failure.in)
		return 0;
	return world.failure.err;
}

/* ---- what happens ---- */

static struct prog_thread *some_thread(void)
{
	struct prog_thread *th = &world.threads[pick(NR_THREADS)];

	return th->tid ? th : &world.threads[0];
}

static void fork_or_clone(struct prog_thread *by)
{
	struct program *p = by->prog;
	struct prog_thread *th = NULL;

	for (int i = 0; i < NR_THREADS; i++)
		if (!world.threads[i].tid)
			th = &world.threads[i];
	if (!th)
		return;
	if (pick(2)) {
		p = NULL;
		for (int i = 0; i < NR_PROGRAMS; i++)
			if (!world.programs[i].pid || world.programs[i].dead)
				p = &world.programs[i];
		if (!p)
			return;
		*p = (struct program){ .pid = world.next_pid };
		for (unsigned int fd = 0; fd < PROGRAM_FDS; fd++)
			if (by->prog->fds.at[fd])
				(void)fd_put(&p->fds, (int)fd, 0,
					     by->prog->fds.at[fd]);
	}
	*th = (struct prog_thread){ .tid = world.next_pid++, .prog = p };
	th->n.data = by->n.data;
}

/* Somebody sends @o a message with some of the program's own descriptors. */
static void some_message(struct object *o, struct fd_table *t)
{
	struct object *pass;
	struct message *m;

	if (o->nr_msgs == ARRAY_SIZE(o->msg))
		return;
	m = &o->msg[o->nr_msgs++];
	*m = (struct message){ .bytes = pick(100), .cred = pick(2) };
	for (unsigned int i = pick(RIGHTS_MAX + 1); i; i--) {
		pass = fd_object(t, some_fd());
		/* No cycle: nobody would collect it. */
		if (!pass || pass->kind == OBJ_MESSAGES)
			continue;
		pass->refs++;
		m->right[m->nr_rights++] = pass;
	}
}

/* A file of the program's gets bytes, or is read, without a call of ours. */
static void native_event(struct object *o, struct fd_table *t)
{
	bool in_or_out = pick(2);
	u32 n = pick(200);

	if (!o)
		return;
	o->seq++;
	if (o->kind == OBJ_MESSAGES)
		some_message(o, t);
	else if (o->kind == OBJ_ANON)
		o->ready = !o->ready;
	if ((o->kind != OBJ_SOCKET && o->kind != OBJ_PIPE) || o->packets)
		return;
	if (!in_or_out) {
		o->queued -= min(o->queued, (size_t)n);
	} else if (o->peer && !o->wr_shut && o->peer->queued < o->sndbuf) {
		o->peer->queued += n;
		o->peer->seq++;
	}
}

static void some_failure(void)
{
	static const int err[] = { -ENOMEM, -EPERM,  -ESRCH,  -EMFILE, -ENOENT,
				   -EBADF,  -EAGAIN, -ENFILE, -EINVAL, -EIO };

	switch (pick(3)) {
	case 0:
		world.failure.in = 1 + pick(32);
		world.failure.err = PICK(err);
		return;
	case 1:
		kmem_fail_at(1 + pick(64));
		return;
	default:
		world.change.in = 1 + pick(16);
		world.change.at = in_u16(&choices);
		world.change.value = in_u8(&choices);
		return;
	}
}

/* The next thing that happens. */
static void happen(void)
{
	struct prog_thread *th = some_thread();
	struct fd_table *fds;
	u32 what = pick(16);

	if (!th->tid) {
		choices.left = 0; /* nobody is left */
		return;
	}
	fds = &th->prog->fds;
	switch (what) {
	case 8:
		if (th->state != RUNS)
			make_void(th);
		return;
	case 9:
		if (th->state != RUNS)
			return;
		if (pick(2))
			make_call(th);
		else
			some_sigreturn(th);
		return;
	case 10:
		if (pick(4) == 3)
			program_ends(th->prog);
		else
			fork_or_clone(th);
		return;
	case 11:
		world.now += pick(256) * 20 * NSEC_PER_MSEC;
		return;
	case 12:
		native_event(fd_object(fds, some_fd()), fds);
		return;
	case 13:
		native_event(fds->at[MESSAGES_FD], fds);
		return;
	case 14:
		some_failure();
		return;
	case 15:
		what = pick(NR_PAGES);
		if (pick(2))
			world.no_read[what] = !world.no_read[what];
		else
			world.no_write[what] = !world.no_write[what];
		return;
	default:
		if (th->state == RUNS)
			some_call(th);
		return;
	}
}

/* Who waits for an answer must have somebody who will give it. */
static void check_calls(void)
{
	for (int i = 0; i < NR_THREADS; i++) {
		struct prog_thread *p = &world.threads[i];
		struct hlist_head *b =
			&world.gate->tids[(unsigned int)p->tid % TID_BUCKETS];
		struct thread *th;
		bool found = false;

		if (!p->tid || p->state != TAKEN)
			continue;
		hlist_for_each_entry(th, b, node)
			if (th->tid == p->tid && th->call &&
			    th->call->id == p->n.id && !th->call->sent)
				found = true;
		if (!found)
			broken("a call that nobody will answer");
	}
}

/* All end; then time passes until nothing more can happen. */
static void come_to_the_end(u64 ns)
{
	world.failure.in = world.change.in = 0;
	kmem_fail_at(0);
	if (!world.ending++) {
		for (int i = 0; i < NR_PROGRAMS; i++)
			program_ends(&world.programs[i]);
		return;
	}
	world.now += min(ns, DAY);
	if (ns == ~0ULL)
		world.gate->first_pid = 0;
	else if (world.ending > 20000)
		broken("time passes, and it does not come to its end");
}

int os_epoll_wait(int ep, struct os_event *ev, int max, uint64_t ns)
{
	int n;

	(void)own_object(ep);
	check_calls();
	if (!world.ending && prelude_step())
		return epoll_collect(ev, max);
	if (choices.left) {
		/* Several at once now and then. */
		for (u32 i = pick(8) == 7 ? 4 : 1; i && choices.left; i--)
			happen();
		return epoll_collect(ev, max);
	}
	n = epoll_collect(ev, max);
	if (!n)
		come_to_the_end(ns);
	return n;
}

/* ---- the port's other seams ---- */

uint64_t port_clock_ns(void)
{
	return world.now;
}

uint64_t port_realtime_ns(void)
{
	return world.now + 1700000000 * NSEC_PER_SEC;
}

void port_random(void *buf, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		world.chance ^= world.chance << 13;
		world.chance ^= world.chance >> 7;
		world.chance ^= world.chance << 17;
		((u8 *)buf)[i] = (u8)world.chance;
	}
}

void port_log(int level, const char *line)
{
}

_Noreturn void port_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "kernel bug: %s at %s:%d\n", what, file, line);
	abort();
}

struct watcher *watcher_start(int ep)
{
	return NULL;
}

void watcher_stop(struct watcher *w)
{
}

void watcher_go(struct watcher *w)
{
}

int watcher_recv(struct watcher *w, int listener, struct seccomp_notif *n)
{
	return -EINTR;
}

int launch_signals(struct supervisor *sv)
{
	sv->listener_watch.fn = listener_event;
	return 0;
}

int launch(struct supervisor *sv)
{
	struct filter_options fo = { .trace = sv->observer != NULL };
	u8 how = in_u8(&choices);

	world.gate = sv;
	sv->line = fo.line = sv->opt->lowest_fd ? 0 : 512;
	sv->euid = how & 4 ? 1000 : 0;
	sv->caps = 0xfff;
	sv->first_pid = FIRST_PID;
	world.fd_limit = how & 8 ? sv->line + 16 : PROGRAM_FDS;
	world.socks_at_start = sv->kernel.init_net->nr_socks;
	if (filter_build(&fo, &world.filter))
		abort();
	sv->listener = own_fd(object_new(OBJ_LISTENER));
	world.programs[0] = (struct program){ .pid = FIRST_PID };
	first_fds(&world.programs[0].fds);
	world.threads[0] = (struct prog_thread){ .tid = FIRST_PID,
						 .prog = &world.programs[0] };
	return os_epoll_add(sv->ep, sv->listener, OS_EPOLLIN,
			    &sv->listener_watch);
}

/* Before the rest is undone by force: is there any? */
void launch_shutdown(struct supervisor *sv)
{
	if (sv->kernel.nr_tasks)
		broken("a task is left");
	if (sv->nr_placeholders || sv->kernel.sockets_in_use ||
	    sv->kernel.init_net->nr_socks != world.socks_at_start)
		broken("a socket is left");
	if (!list_empty(&sv->processes))
		broken("a process is left");
}

/* ---- a run ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct host_observer observer;
	char *argv[] = { "prog", NULL };
	struct host_options opt = { .argv = argv };
	u8 how;

	arguments_begin(data, size);
	rich_arguments = true;
	how = in_u8(&choices);
	opt.observer = how & 1 ? &observer : NULL;
	opt.lowest_fd = how & 2;
	memset(&world, 0, sizeof(world));
	world.prelude = how & 4 ? 100 : 0;
	world.next_pid = FIRST_PID + 1;
	world.next_id = 1;
	world.now = NSEC_PER_SEC;
	world.chance = 88172645463325252ULL;
	host_reset();
	if (host_run(&opt))
		broken("it did not run");
	free(world.filter.filter);
	if (own_fds_open() || objects_alive())
		broken("a descriptor is left");
	return 0;
}
