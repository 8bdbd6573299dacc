/* SPDX-License-Identifier: MIT */
/*
 * The host of gate.c: objects and who refers to them, our own descriptors,
 * socket pairs with their queues, and an epoll that knows level and edge. An
 * error of the caller that a host would only answer (a descriptor closed twice,
 * one that is not open) ends the run.
 */
#include "fuzz/gate.h"

#include "fs/fs.h"
#include "net/core/scm.h"
#include "ports/host/os.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <string.h>
#include <stdlib.h>

#define NR_WATCHED 512
#define SNDBUF 8192 /* of a pair */
#define SNDBUF_LEAST 1024
#define FILE_BYTES 100000
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

/* What is written is looked at by the sanitizer. */
static void must_be_there(const void *p, size_t n)
{
	static volatile u8 sum;

	for (size_t i = 0; i < n; i++)
		sum ^= ((const u8 *)p)[i];
	(void)sum;
}

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

static void messages_drop(struct object *o, unsigned int n)
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
	messages_drop(o, 4);
	free(o);
	nr_objects--;
}

static size_t room(const struct object *o)
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
		if (room(o))
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
		return o->at && o->at <= host_now ? EV_IN : 0;
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

static int own_new(enum object_kind kind)
{
	int err = fault();

	return err ? err : own_fd(object_new(kind));
}

int os_open_null(void)
{
	return own_new(OBJ_FILE);
}

int os_memfd(const char *name, const void *data, size_t n)
{
	must_be_there(name, 1);
	must_be_there(data, n);
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

/* ---- reading and writing ---- */

static ssize_t take(struct object *o, void *buf, size_t n)
{
	if (o->error) {
		o->error = false;
		return -ECONNRESET;
	}
	if (o->nr_msgs) {
		messages_drop(o, 1);
		memset(buf, 0, n ? 1 : 0);
		return n ? 1 : 0;
	}
	if (!o->queued && !o->records)
		return o->rd_shut || !o->peer ? 0 : -EAGAIN;
	if (o->packets) {
		size_t whole = o->record[0];

		memmove(o->record, o->record + 1,
			--o->records * sizeof(o->record[0]));
		o->queued -= whole;
		n = n < whole ? n : whole;
	} else {
		n = n < o->queued ? n : o->queued;
		o->queued -= n;
	}
	memset(buf, 'x', n);
	if (o->peer)
		o->peer->seq++;
	return (ssize_t)n;
}

static ssize_t put(struct object *o, const void *buf, size_t n)
{
	size_t can = room(o);

	if (o->wr_shut || !o->peer || o->peer->rd_shut)
		return -EPIPE;
	if (!can || (o->packets && n > can && o->peer->queued))
		return -EAGAIN;
	n = n < can ? n : can;
	must_be_there(buf, n);
	o->peer->queued += n;
	if (o->packets)
		o->peer->record[o->peer->records++] = (u32)n;
	o->peer->seq++;
	return (ssize_t)n;
}

static ssize_t file_io(struct object *o, void *buf, size_t n, u64 *pos,
		       bool write)
{
	if (*pos >= FILE_BYTES)
		return write ? -ENOSPC : 0;
	if (n > FILE_BYTES - *pos)
		n = (size_t)(FILE_BYTES - *pos);
	if (!write)
		memset(buf, 'f', n);
	*pos += n;
	return (ssize_t)n;
}

static ssize_t any_io(int fd, void *buf, size_t n, bool write)
{
	struct object *o = own_object(fd);
	int err = fault();

	if (err)
		return err;
	switch (o->kind) {
	case OBJ_SOCKET:
	case OBJ_PIPE:
		return write ? put(o, buf, n) : take(o, buf, n);
	case OBJ_FILE:
		return file_io(o, buf, n, &o->at, write);
	case OBJ_ANON:
		if (!o->ready)
			return -EAGAIN;
		o->ready = false;
		if (!write)
			memset(buf, 0, n < 8 ? n : 8);
		return n < 8 ? (ssize_t)n : 8;
	default:
		return -EAGAIN;
	}
}

ssize_t os_read(int fd, void *buf, size_t n)
{
	return any_io(fd, buf, n, false);
}

ssize_t os_read_nowait(int fd, void *buf, size_t n)
{
	return any_io(fd, buf, n, false);
}

ssize_t os_recv(int fd, void *buf, size_t n)
{
	return any_io(fd, buf, n, false);
}

ssize_t os_write(int fd, const void *buf, size_t n)
{
	return any_io(fd, (void *)buf, n, true);
}

ssize_t os_write_nowait(int fd, const void *buf, size_t n)
{
	return any_io(fd, (void *)buf, n, true);
}

ssize_t os_send(int fd, const void *buf, size_t n)
{
	return any_io(fd, (void *)buf, n, true);
}

ssize_t os_vmsplice(int fd, const void *buf, size_t n)
{
	return any_io(fd, (void *)buf, n, true);
}

static ssize_t at_io(int fd, void *buf, size_t n, int64_t off, bool write)
{
	struct object *o = own_object(fd);
	u64 pos = (u64)off;

	if (o->kind != OBJ_FILE)
		return -ESPIPE;
	return off < 0 ? -EINVAL : file_io(o, buf, n, &pos, write);
}

ssize_t os_pread(int fd, void *buf, size_t n, int64_t off)
{
	return at_io(fd, buf, n, off, false);
}

ssize_t os_pwrite(int fd, const void *buf, size_t n, int64_t off)
{
	return at_io(fd, (void *)buf, n, off, true);
}

int64_t os_lseek(int fd, int64_t off, int whence)
{
	struct object *o = own_object(fd);

	if (o->kind != OBJ_FILE)
		return -ESPIPE;
	if (off < 0 || whence)
		return -EINVAL;
	o->at = (u64)off;
	return off;
}

int os_getfl(int fd)
{
	int err = fault();

	return err ? err : (int)own_object(fd)->fl;
}

int os_set_nonblock(int fd, bool on)
{
	struct object *o = own_object(fd);

	o->fl = on ? o->fl | O_NONBLOCK : o->fl & ~(unsigned int)O_NONBLOCK;
	return 0;
}

int os_fchown(int fd, uint32_t uid, uint32_t gid)
{
	(void)own_object(fd);
	return fault();
}

int os_poll_now(int fd, int want)
{
	return (int)(object_poll(own_object(fd)) &
		     ((u32)want | EV_ERR | EV_HUP));
}

/* ---- pairs ---- */

ssize_t os_send_oob(int fd)
{
	struct object *o = own_object(fd);

	if (o->wr_shut || !o->peer)
		return -EPIPE;
	o->peer->oob = true;
	o->peer->seq++;
	return 1;
}

ssize_t os_recv_oob(int fd)
{
	struct object *o = own_object(fd);

	if (!o->oob)
		return -EINVAL;
	o->oob = false;
	return 1;
}

ssize_t os_send_fd(int fd, int pass)
{
	struct object *o = own_object(fd), *to = o->peer;
	struct message *m;
	int err = fault();

	if (err)
		return err;
	if (o->wr_shut || !to)
		return -EPIPE;
	if (to->nr_msgs == 4)
		return -EAGAIN;
	m = &to->msg[to->nr_msgs++];
	*m = (struct message){ .nr_rights = 1, .bytes = 1 };
	m->right[0] = own_object(pass);
	m->right[0]->refs++;
	to->seq++;
	return 1;
}

int os_take_error(int fd)
{
	struct object *o = own_object(fd);
	int err = o->error ? ECONNRESET : 0;

	o->error = false;
	return err;
}

int os_shutdown(int fd, bool rd, bool wr)
{
	struct object *o = own_object(fd);

	o->rd_shut |= rd;
	o->wr_shut |= wr;
	o->seq++;
	if (o->peer) {
		o->peer->rd_shut |= wr;
		o->peer->wr_shut |= rd;
		o->peer->seq++;
	}
	return 0;
}

int os_set_sndbuf(int fd, int bytes)
{
	own_object(fd)->sndbuf = bytes < SNDBUF_LEAST ? SNDBUF_LEAST : SNDBUF;
	return 0;
}

int os_outq(int fd)
{
	struct object *o = own_object(fd);

	return o->peer ? (int)o->peer->queued : 0;
}

bool os_is_anon(int fd, const char *name)
{
	struct object *o = own_object(fd);

	return o->kind == OBJ_ANON && !strcmp(o->name, name);
}

bool os_is_unix_socket(int fd)
{
	enum object_kind kind = own_object(fd)->kind;

	return kind == OBJ_SOCKET || kind == OBJ_MESSAGES;
}

/* Of messages to the program: their control data is the host's, so in order. */
ssize_t os_recvmsg(int fd, void *buf, size_t n, void *name, unsigned int *len,
		   void *control, size_t *control_len, int flags,
		   int *ret_flags)
{
	struct object *o = own_object(fd);
	struct message *m = o->msg;
	struct cmsghdr *h = control;
	size_t used = 0;
	int err = fault();

	if (err)
		return err;
	if (o->kind != OBJ_MESSAGES && o->kind != OBJ_SOCKET)
		return -ENOTSOCK;
	if (!o->nr_msgs)
		return o->kind == OBJ_SOCKET && !o->peer ? 0 : -EAGAIN;
	*ret_flags = m->bytes > n ? MSG_TRUNC : 0;
	if (*len)
		memset(name, 1, *len < 2 ? *len : 2);
	*len = *len < 2 ? *len : 2;
	if (m->cred) {
		*h = (struct cmsghdr){ sizeof(*h) + 12, SOL_SOCKET, 2 };
		memset(CMSG_DATA(h), 0, 12);
		used = CMSG_ALIGN(h->cmsg_len);
	}
	if (m->nr_rights) {
		h = (struct cmsghdr *)((char *)control + used);
		*h = (struct cmsghdr){ sizeof(*h), SOL_SOCKET, SCM_RIGHTS };
		for (unsigned int i = 0; i < m->nr_rights; i++) {
			int own;

			m->right[i]->refs++;
			own = own_fd(m->right[i]);
			if (own < 0)
				break;
			memcpy((char *)CMSG_DATA(h) + 4 * i, &own, 4);
			h->cmsg_len += 4;
		}
		used += CMSG_ALIGN(h->cmsg_len);
	}
	if (used > *control_len)
		broken("less room for control data than any message may have");
	*control_len = used;
	n = n < m->bytes ? n : m->bytes;
	memset(buf, 'm', n);
	if (!(flags & MSG_PEEK))
		messages_drop(o, 1);
	return (ssize_t)n;
}

/* ---- epoll ---- */

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
