/* SPDX-License-Identifier: MIT */
/*
 * What goes through the descriptors of gate_objects.c: bytes, packets, and
 * messages that pass descriptors.
 */
#include "fuzz/gate.h"

#include "fs/fs.h"
#include "net/core/scm.h"
#include "ports/host/os.h"
#include "uapi/socket.h"
#include <asm/errno.h>
#include <string.h>

#define SNDBUF_LEAST 1024
#define FILE_BYTES 100000

/* ---- reading and writing ---- */

/* What is written is looked at by the sanitizer. */
static void must_be_there(const void *p, size_t n)
{
	static volatile u8 sum;

	for (size_t i = 0; i < n; i++)
		sum ^= ((const u8 *)p)[i];
	(void)sum;
}

static ssize_t take(struct object *o, void *buf, size_t n)
{
	if (o->error) {
		o->error = false;
		return -ECONNRESET;
	}
	if (o->nr_msgs) {
		object_drop_messages(o, 1);
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
	size_t can = object_room(o);

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

int os_memfd(const char *name, const void *data, size_t n)
{
	must_be_there(name, 1);
	must_be_there(data, n);
	return own_new(OBJ_FILE);
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
		object_drop_messages(o, 1);
	return (ssize_t)n;
}
