/* SPDX-License-Identifier: MIT */
/*
 * Moving data between a socket and a file of the gate, through a buffer of the
 * kernel's, piece by piece.
 *
 * What was taken from one side and not yet given to the other must not get
 * lost when a side refuses:
 * - a file is read ahead of its position and the position set back;
 * - a pipe cannot be set back: as much is read from it as the socket has room
 *   for, and that much is then sent, waiting if it must;
 * - a socket is peeked at, and its data consumed once the file has it.
 * Either way the call has had its effect with the first piece (TASK_EFFECT).
 */
#include "net/sockfs.h"

#include "kernel/slab.h"
#include "net/core/sock.h"
#include "trace/trace.h"

#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_MORE 4
#define SEEK_CUR 1

/* A piece: large enough for speed, small enough to wait for in memory. */
#define SPLICE_PIECE 65536UL
/* A pipe's: what fits when the socket says it is writable at all. */
#define SPLICE_PIPE_MIN 1024L

static bool is_pipe(const struct file *f)
{
	return f->f_inode && (f->f_inode->i_mode & S_IFMT) == S_IFIFO;
}

/* Send @n bytes of the kernel's. Bytes sent, or -errno when none were. */
static long send_kernel(struct socket *sock, const void *buf, size_t n,
			unsigned int msg_flags)
{
	struct msghdr m = { .msg_flags = msg_flags };

	iov_iter_kernel(&m.msg_iter, buf, n);
	return sock_sendmsg(sock, &m);
}

/* Send all of it or fail: what came from a pipe has nowhere else to go. */
static long send_all(struct socket *sock, const char *buf, size_t n,
		     unsigned int msg_flags)
{
	bool stream = sock->type == SOCK_STREAM;
	size_t done = 0;

	if (stream)
		msg_flags &= ~(unsigned int)MSG_DONTWAIT;
	while (done < n) {
		long ret = send_kernel(sock, buf + done, n - done, msg_flags);

		/* Memory comes back. */
		if (stream && (ret == -ENOMEM || ret == -ENOBUFS) &&
		    !signal_pending(current)) {
			(void)schedule_timeout(1);
			continue;
		}
		if (ret <= 0)
			return done ? (long)done : ret;
		done += (size_t)ret;
	}
	return (long)done;
}

/* How much to read from @in next. 0: the socket has no room just now. */
static size_t next_piece(struct socket *sock, const struct file *in, size_t len)
{
	long room;

	len = min(len, SPLICE_PIECE);
	if (!is_pipe(in))
		return len;
	if (sock_unpark(sock))
		return 0;
	/* Half: the buffer counts more than the bytes. */
	room = sk_stream_wspace(sock->sk) / 2;
	if (room < SPLICE_PIPE_MIN)
		room = sock->ops->poll(sock->file, sock) & EPOLLOUT
			       ? SPLICE_PIPE_MIN
			       : 0;
	return min(len, (size_t)max(room, 0L));
}

/* Set the position of @in on by what was sent of the @got that were read. */
static void settle_position(struct file *in, long got, long sent)
{
	if (in->f_ppos)
		*in->f_ppos += max(sent, 0L);
	else if (sent < got && !is_pipe(in) && in->f_op->llseek)
		(void)in->f_op->llseek(in, max(sent, 0L) - got, SEEK_CUR);
}

/* A file to a stream or datagram socket. */
long sock_splice_write(struct file *in, struct file *out, size_t len,
		       unsigned int flags)
{
	struct socket *sock = out->private_data;
	unsigned int base = 0;
	size_t done = 0;
	long ret = 0;
	char *buf;

	if (!in->f_op->read_iter)
		return fail(-EINVAL, "the source cannot be read");
	buf = kmalloc(SPLICE_PIECE);
	if (!buf)
		return fail(-ENOMEM, "no memory for a piece");
	/* LINUX: SPLICE_F_NONBLOCK is about the pipe, not about the socket. */
	if (out->f_flags & O_NONBLOCK)
		base |= MSG_DONTWAIT;
	while (done < len) {
		size_t piece = next_piece(sock, in, len - done);
		unsigned int f = base;
		struct iov_iter to;
		long sent;

		if (!piece && (base & MSG_DONTWAIT)) {
			ret = fail(-EAGAIN, "send buffer is full");
			break;
		}
		piece = max(piece, min((size_t)SPLICE_PIPE_MIN, len - done));
		iov_iter_kernel(&to, buf, piece);
		to.nowait =
			is_pipe(in) && (done || (flags & SPLICE_F_NONBLOCK));
		ret = in->f_op->read_iter(in, &to);
		if (ret <= 0)
			break;
		/* LINUX: corked while more of the file is to come. */
		if ((flags & SPLICE_F_MORE) || done + (size_t)ret < len)
			f |= MSG_MORE;
		if ((size_t)ret < piece && !(flags & SPLICE_F_MORE))
			f &= ~(unsigned int)MSG_MORE;
		sent = is_pipe(in) ? send_all(sock, buf, (size_t)ret, f)
				   : send_kernel(sock, buf, (size_t)ret, f);
		settle_position(in, ret, sent);
		if (sent <= 0) {
			ret = sent;
			break;
		}
		current->flags |= TASK_EFFECT;
		done += (size_t)sent;
		if (sent < ret || (is_pipe(in) && (size_t)ret < piece))
			break;
	}
	kfree(buf);
	return done ? (long)done : ret;
}

/* Take @n bytes, or the one datagram, that were peeked at and passed on. */
static void consume(struct socket *sock, size_t n)
{
	while (n) {
		struct msghdr m = { .msg_flags = 0 };
		long ret;

		iov_iter_discard(&m.msg_iter, n);
		ret = sock_recvmsg(sock, &m, MSG_DONTWAIT);
		task_settle(current, true);
		if (ret <= 0 || sock->type != SOCK_STREAM)
			return;
		n -= min(n, (size_t)ret);
	}
}

/* A socket to a file that is not one. */
long sock_splice_read(struct file *in, struct file *out, size_t len,
		      unsigned int flags)
{
	struct socket *sock = in->private_data;
	int msg_flags = MSG_PEEK;
	struct msghdr m = { .msg_flags = 0 };
	struct iov_iter from;
	long got, ret;
	char *buf;

	if (!out->f_op->write_iter)
		return fail(-EINVAL, "the target cannot be written");
	len = min(len, SPLICE_PIECE);
	buf = kmalloc(len);
	if (!buf)
		return fail(-ENOMEM, "no memory for a piece");
	if (in->f_flags & O_NONBLOCK)
		msg_flags |= MSG_DONTWAIT;
	iov_iter_kernel(&m.msg_iter, buf, len);
	ret = got = sock_recvmsg(sock, &m, msg_flags);
	if (got <= 0)
		goto out_free;
	task_settle(current, true);
	iov_iter_kernel(&from, buf, (size_t)got);
	from.nowait = flags & SPLICE_F_NONBLOCK;
	ret = out->f_op->write_iter(out, &from);
	if (ret <= 0)
		goto out_free;
	current->flags |= TASK_EFFECT;
	consume(sock, (size_t)ret);
out_free:
	kfree(buf);
	return ret;
}
