/* SPDX-License-Identifier: MIT */
/*
 * The host that the gate is fuzzed on: objects and who refers to them, our own
 * descriptors, and an epoll that knows level and edge. An error of the caller
 * that a host would only answer (a descriptor closed twice, one that is not
 * open) ends the run.
 */
#include "fuzz/gate.h"

#include "fs/fs.h"
#include "ports/host/os.h"
#include <asm/errno.h>
#include <string.h>
#include <stdlib.h>

#define NR_WATCHED 512
#define EV_IN 1U
#define EV_PRI 2U
#define EV_OUT 4U
#define EV_ERR 8U
#define EV_HUP 0x10U
#define EV_RDHUP 0x2000U
#define EV_ONESHOT (1U << 30)
#define EV_EDGE (1U << 31)

struct watched {
	struct object *o;
	int fd;
	u32 events, told;
	unsigned int seq;
	u64 data;
	bool off;
};

static struct object *own[OWN_FDS];
static struct watched watched[NR_WATCHED];
static unsigned int nr_watched, nr_objects;
static u64 next_ino;

/* ---- objects ---- */

struct object *object_new(enum object_kind kind)
{
	struct object *o = calloc(1, sizeof(*o));

	if (!o)
		abort();
	o->kind = kind;
	o->refs = 1;
	o->ino = ++next_ino;
	o->sndbuf = SNDBUF;
	o->fl = 2; /* O_RDWR */
	nr_objects++;
	return o;
}

void object_pair(struct object *o[2], enum object_kind kind, bool packets)
{
	for (int i = 0; i < 2; i++) {
		o[i] = object_new(kind);
		o[i]->packets = packets;
	}
	o[0]->peer = o[1];
	o[1]->peer = o[0];
}

void object_drop_messages(struct object *o, unsigned int n)
{
	for (; n && o->nr_msgs; n--) {
		struct message m = o->msg[0];

		o->nr_msgs--;
		memmove(o->msg, o->msg + 1, o->nr_msgs * sizeof(m));
		for (unsigned int i = 0; i < m.nr_rights; i++)
			object_put(m.right[i]);
	}
}

/* The last descriptor of it is closed. */
void object_put(struct object *o)
{
	if (!o || --o->refs)
		return;
	for (unsigned int i = 0; i < nr_watched;)
		if (watched[i].o == o)
			watched[i] = watched[--nr_watched];
		else
			i++;
	if (o->peer) {
		o->peer->peer = NULL;
		o->peer->error |= o->queued || o->nr_msgs;
		o->peer->seq++;
	}
	object_drop_messages(o, 4);
	free(o);
	nr_objects--;
}

size_t object_room(const struct object *o)
{
	const struct object *to = o->peer;

	if (!to || to->records == RECORDS_MAX || to->queued >= o->sndbuf)
		return 0;
	return o->sndbuf - to->queued;
}

u32 object_poll(const struct object *o)
{
	u32 mask = 0;

	switch (o->kind) {
	case OBJ_SOCKET:
	case OBJ_PIPE:
		if (o->queued || o->nr_msgs || o->rd_shut || !o->peer)
			mask |= EV_IN;
		if (object_room(o))
			mask |= EV_OUT;
		if (o->rd_shut || !o->peer)
			mask |= EV_RDHUP;
		if (!o->peer || (o->rd_shut && o->wr_shut))
			mask |= EV_HUP;
		if (o->error)
			mask |= EV_ERR;
		if (o->oob)
			mask |= EV_PRI;
		return mask;
	case OBJ_MESSAGES:
		return EV_OUT | (o->nr_msgs ? EV_IN : 0);
	case OBJ_ANON:
		return o->ready ? EV_IN : 0;
	case OBJ_PIDFD:
		return pid_gone(o->pid) ? EV_IN : 0;
	case OBJ_TIMER:
		return o->at && o->at <= world.now ? EV_IN : 0;
	case OBJ_LISTENER:
		return listener_poll();
	default:
		return EV_IN | EV_OUT;
	}
}

/* ---- descriptors of ours ---- */

int own_fd(struct object *o)
{
	for (int fd = 3; fd < OWN_FDS; fd++) {
		if (own[fd])
			continue;
		own[fd] = o;
		return fd;
	}
	object_put(o);
	return -EMFILE;
}

struct object *own_object(int fd)
{
	if (fd < 0 || fd >= OWN_FDS || !own[fd])
		broken("a descriptor that is none of ours");
	return own[fd];
}

unsigned int own_fds_open(void)
{
	unsigned int n = 0;

	for (int i = 0; i < OWN_FDS; i++)
		n += !!own[i];
	return n;
}

unsigned int objects_alive(void)
{
	return nr_objects;
}

void host_reset(void)
{
	next_ino = 0;
	nr_watched = 0;
}

void os_close(int fd)
{
	struct object *o;

	if (fd < 0)
		return;
	o = own_object(fd);
	own[fd] = NULL;
	object_put(o);
}

uint64_t os_inode(int fd, unsigned int *ret_mode)
{
	static const unsigned int mode[] = {
		[OBJ_SOCKET] = 0140777, [OBJ_MESSAGES] = 0140777,
		[OBJ_FILE] = 0100644,	[OBJ_PIPE] = 0010600,
		[OBJ_ANON] = 0600,	[OBJ_LISTENER] = 0600,
	};
	const struct object *o = own_object(fd);

	if (ret_mode)
		*ret_mode = mode[o->kind];
	return o->ino;
}

int os_dup(int fd)
{
	struct object *o = own_object(fd);

	o->refs++;
	return own_fd(o);
}

static int give(struct object *o[2], int ret_fd[2])
{
	ret_fd[0] = own_fd(o[0]);
	ret_fd[1] = own_fd(o[1]);
	if (ret_fd[0] >= 0 && ret_fd[1] >= 0)
		return 0;
	os_close(ret_fd[0]);
	os_close(ret_fd[1]);
	return -EMFILE;
}

int os_socketpair(bool packets, int ret_fd[2])
{
	struct object *o[2];
	int err = fault();

	if (err)
		return err;
	object_pair(o, OBJ_SOCKET, packets);
	return give(o, ret_fd);
}

int os_pipe(int ret_fd[2])
{
	struct object *o[2];
	int err = fault();

	if (err)
		return err;
	object_pair(o, OBJ_PIPE, false);
	o[0]->wr_shut = o[1]->rd_shut = true;
	return give(o, ret_fd);
}

int own_new(enum object_kind kind)
{
	int err = fault();

	return err ? err : own_fd(object_new(kind));
}

int os_open_null(void)
{
	return own_new(OBJ_FILE);
}

int os_timer_create(void)
{
	return own_new(OBJ_TIMER);
}

void os_timer_set(int fd, uint64_t at)
{
	struct object *o = own_object(fd);

	o->at = at;
	o->seq++;
}

/* ---- epoll ---- */

int os_poll_now(int fd, int want)
{
	return (int)(object_poll(own_object(fd)) &
		     ((u32)want | EV_ERR | EV_HUP));
}

int os_epoll_create(void)
{
	return own_fd(object_new(OBJ_EPOLL));
}

static struct watched *watched_find(int fd)
{
	struct object *o = own_object(fd);

	for (unsigned int i = 0; i < nr_watched; i++)
		if (watched[i].o == o && watched[i].fd == fd)
			return &watched[i];
	return NULL;
}

int os_epoll_add(int ep, int fd, uint32_t events, void *data)
{
	struct object *o = own_object(fd);
	int err = fault();

	(void)own_object(ep);
	if (err)
		return err;
	if (o->kind == OBJ_FILE)
		return -EPERM;
	if (watched_find(fd))
		return -EEXIST;
	if (nr_watched == NR_WATCHED)
		return -ENOSPC;
	watched[nr_watched++] = (struct watched){
		.o = o,
		.fd = fd,
		.events = events,
		.data = (uintptr_t)data,
		.seq = o->seq - 1,
	};
	return 0;
}

int os_epoll_mod(int ep, int fd, uint32_t events, void *data)
{
	struct watched *w = watched_find(fd);
	int err = fault();

	if (err || !w)
		return err ? err : -ENOENT;
	w->events = events;
	w->data = (uintptr_t)data;
	w->off = false;
	w->seq = w->o->seq - 1;
	w->told = 0;
	return 0;
}

void os_epoll_del(int ep, int fd)
{
	struct watched *w = watched_find(fd);

	(void)own_object(ep);
	if (w)
		*w = watched[--nr_watched];
}

int epoll_collect(struct os_event *ev, int max)
{
	int n = 0;

	for (unsigned int i = 0; i < nr_watched && n < max; i++) {
		struct watched *w = &watched[i];
		u32 mask = object_poll(w->o) & (w->events | EV_ERR | EV_HUP);

		w->told &= mask;
		if (!mask || w->off)
			continue;
		if ((w->events & EV_EDGE) && w->seq == w->o->seq &&
		    !(mask & ~w->told))
			continue;
		w->seq = w->o->seq;
		w->told = mask;
		w->off = w->events & EV_ONESHOT;
		ev[n++] = (struct os_event){ mask, w->data };
	}
	return n;
}

int os_epoll_now(int ep, struct os_event *ev, int max)
{
	return epoll_collect(ev, max);
}
