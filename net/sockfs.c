/* SPDX-License-Identifier: MIT */
/*
 * Sockets as files: inode, file, descriptor.
 *
 *	descriptor -> struct file -> struct socket -> struct sock
 *	                   |              |
 *	                   +-> inode <----+ (one allocation: socket_alloc)
 *
 * A socket and its inode are one object. Until sock_alloc_file() it belongs to
 * who made it, afterwards to the file: the last fput() ends in sock_close(),
 * which releases it. Everything here can fail but release.
 */
#include "net/sockfs.h"

#include "fs/poll.h"
#include "kernel/slab.h"
#include "net/core/sock.h"
#include "trace/trace.h"

struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

struct socket *SOCKET_I(struct inode *inode)
{
	return &container_of(inode, struct socket_alloc, vfs_inode)->socket;
}

struct inode *SOCK_INODE(struct socket *sock)
{
	return &container_of(sock, struct socket_alloc, socket)->vfs_inode;
}

struct socket *sock_alloc(struct net *net)
{
	struct kernel *k = this_kernel;
	struct task *t = current;
	struct socket_alloc *sa = kzalloc(sizeof(*sa));
	struct socket *sock;
	struct inode *inode;

	if (!sa)
		return NULL;
	inode = &sa->vfs_inode;
	inode->i_ino = ++k->next_ino;
	inode->i_mode = S_IFSOCK | S_IRWXUGO;
	inode->i_uid = t ? t->cred.fsuid : 0;
	inode->i_gid = t ? t->cred.fsgid : 0;

	sock = SOCKET_I(inode);
	sock->state = SS_UNCONNECTED;
	sock->net = net;
	init_waitqueue_head(&sock->wq);
	k->sockets_in_use++;
	net->sockets_inuse++;
	return sock;
}

static void iput_socket(struct socket *sock)
{
	this_kernel->sockets_in_use--;
	sock->net->sockets_inuse--;
	kfree(container_of(sock, struct socket_alloc, socket));
}

void sock_release(struct socket *sock)
{
	if (sock->ops) {
		if (sock->parked)
			(void)sock->ops->unpark(sock, true);
		(void)sock->ops->release(sock);
		sock->sk = NULL;
		sock->ops = NULL;
	}
	if (sock->family) {
		module_put(sock->family->owner);
		sock->family = NULL;
	}
	if (sock->fasync_list)
		pr_err("sock_release: fasync list not empty");
	iput_socket(sock);
}

int socket_seq_used(struct net *net)
{
	return (int)net->sockets_inuse;
}

/* struct file_operations */

static s64 no_llseek(struct file *f, s64 off, int whence)
{
	return fail(-ESPIPE, "a socket has no position");
}

static u32 sock_poll(struct file *f, struct poll_table *pt)
{
	struct socket *sock = f->private_data;

	poll_wait(f, &sock->wq, pt);
	return sock->ops->poll ? sock->ops->poll(f, sock) : 0;
}

static int sock_mmap(struct file *f)
{
	struct socket *sock = f->private_data;

	if (!sock->ops->mmap)
		return sock_no_mmap(f, sock);
	return sock->ops->mmap(f, sock);
}

/* Opening the link in /proc/PID/fd. */
static int sock_no_open(struct inode *inode, struct file *f)
{
	return fail(-ENXIO, "a socket cannot be opened by name");
}

static int sock_fasync(int fd, struct file *f, int on)
{
	struct socket *sock = f->private_data;
	int ret = sock_unpark(sock);

	if (ret)
		return ret;
	if (!sock->sk)
		return fail(-EINVAL, "socket is already released");
	ret = fasync_helper(fd, f, on, &sock->fasync_list);
	if (sock->fasync_list)
		sock_set_flag(sock->sk, SOCK_FASYNC);
	else
		sock_reset_flag(sock->sk, SOCK_FASYNC);
	return ret < 0 ? ret : 0;
}

static void sock_file_use(struct file *f)
{
	sock_use(f->private_data);
}

static int sock_close(struct file *f)
{
	struct socket *sock = f->private_data;

	if (f->f_flags & FASYNC)
		(void)sock_fasync(-1, f, 0);
	sock_release(sock);
	return 0;
}

const struct file_operations socket_file_ops = {
	.llseek = no_llseek,
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.poll = sock_poll,
	.ioctl = sock_ioctl,
	.mmap = sock_mmap,
	.open = sock_no_open,
	.release = sock_close,
	.fasync = sock_fasync,
	.use = sock_file_use,
	.splice_read = sock_splice_read,
	.splice_write = sock_splice_write,
};

/* An error leaves @sock the caller's. */
struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *f =
		alloc_file(SOCK_INODE(sock), O_RDWR | (flags & O_NONBLOCK),
			   &socket_file_ops);

	if (IS_ERR(f))
		return f;
	sock->file = f;
	f->private_data = sock;
	return f;
}

int sock_map_fd(struct socket *sock, int flags)
{
	struct file *newfile;
	int ret, fd = get_unused_fd_flags(flags);

	if (fd < 0) {
		sock_release(sock);
		return fd;
	}
	newfile = sock_alloc_file(sock, flags);
	if (IS_ERR(newfile)) {
		sock_release(sock);
		ret = (int)PTR_ERR(newfile);
		goto out_put_fd;
	}
	ret = fd_install(fd, newfile, flags);
	if (ret >= 0)
		return ret;
	fput(newfile);
out_put_fd:
	put_unused_fd(fd);
	return ret;
}

struct socket *sock_from_file(struct file *f)
{
	return f->f_op == &socket_file_ops ? f->private_data : NULL;
}

bool sock_identity(const struct socket *sock, int *ret_family,
		   int *ret_protocol)
{
	if (!sock->sk)
		return false;
	*ret_family = sock->sk->sk_family;
	*ret_protocol = sock->sk->sk_protocol;
	return true;
}

struct socket *sockfd_lookup(int fd, struct file **ret_file, int *ret_err)
{
	struct file *f = fget(fd);
	struct socket *sock;

	if (!f) {
		*ret_err = fail(-EBADF, "no such descriptor");
		return NULL;
	}
	sock = sock_from_file(f);
	if (!sock) {
		fput(f);
		*ret_err = fail(-ENOTSOCK, "the descriptor is not a socket");
		return NULL;
	}
	*ret_err = sock_unpark(sock);
	if (*ret_err) {
		fput(f);
		return NULL;
	}
	sock_use(sock);
	*ret_file = f;
	return sock;
}

int sock_wake_async(struct socket *sock, int how, int band)
{
	if (!sock || !sock->fasync_list)
		return -1;
	switch (how) {
	case SOCK_WAKE_WAITD:
		if (sock->flags & SOCK_ASYNC_WAITDATA)
			return 0;
		break;
	case SOCK_WAKE_SPACE:
		if (!(sock->flags & SOCK_NOSPACE))
			return 0;
		sock->flags &= ~SOCK_NOSPACE;
		break;
	case SOCK_WAKE_URG:
		kill_fasync(&sock->fasync_list, SIGURG, band);
		return 0;
	}
	kill_fasync(&sock->fasync_list, SIGIO, band);
	return 0;
}
