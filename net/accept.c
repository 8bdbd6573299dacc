/* SPDX-License-Identifier: MIT */
/*
 * accept(): the one call that gives the program a descriptor for something
 * that came in from outside and must not be lost.
 *
 *	get_unused_fd_flags - sock_alloc - sock_alloc_file - ops->accept (may
 *	sleep) - peer's name to the program - fd_install
 *
 * Each step is undone when a later one fails. Up to the peer's name that is
 * Linux's way, which closes the connection when the name cannot be written.
 * When fd_install() fails - the program has no number left, or its thread was
 * interrupted and the answer is void - the connection goes back to the head of
 * the accept queue: Linux would have seen that before it took it.
 */
#include "net/net.h"

#include "net/core/sock.h"
#include "net/sockfs.h"
#include "security/security.h"
#include "trace/trace.h"

/* A socket of the same kind as @sock, without a sock yet. */
static struct socket *sock_alloc_like(struct socket *sock)
{
	struct socket *newsock = sock_alloc(sock->net);

	if (!newsock)
		return NULL;
	newsock->type = sock->type;
	newsock->ops = sock->ops;
	newsock->family = sock->family;
	/* Never fails: @sock's own reference keeps the module live. */
	(void)try_module_get(sock->family ? sock->family->owner : NULL);
	return newsock;
}

static int accept_name(struct socket *newsock, struct sockaddr __user *addr,
		       int __user *len)
{
	struct sockaddr_storage address = { 0 };
	int ret =
		newsock->ops->getname(newsock, (struct sockaddr *)&address, 2);

	if (ret < 0)
		return fail(-ECONNABORTED, "the peer is gone already");
	return move_addr_to_user(&address, ret, addr, len);
}

/* The new file, its socket connected, or ERR_PTR(). */
static struct file *do_accept(struct socket *sock, struct file *file, int flags,
			      struct sockaddr __user *addr, int __user *len)
{
	struct socket *newsock;
	struct file *newfile;
	int err;

	newsock = sock_alloc_like(sock);
	if (!newsock)
		return ERR_PTR(fail(-ENFILE, "no memory for a socket"));
	newfile = sock_alloc_file(newsock, flags);
	if (IS_ERR(newfile)) {
		newsock->ops = NULL; /* nothing to release yet */
		sock_release(newsock);
		return newfile;
	}
	err = security_socket_accept(sock, newsock);
	if (err)
		goto out_fput;
	err = sock->ops->accept(sock, newsock, (int)file->f_flags, false);
	if (err < 0)
		goto out_fput;
	if (newsock->sk)
		trace_event(TRACE_SOCK_USE, newsock->sk->sk_id, 0, 0, 0, NULL);
	if (addr) {
		err = accept_name(newsock, addr, len);
		if (err < 0)
			goto out_fput;
	}
	return newfile;

out_fput:
	fput(newfile);
	return ERR_PTR(err);
}

/* The answer will not reach the program. */
static void accept_void(struct socket *sock, struct file *newfile)
{
	struct socket *newsock = newfile->private_data;

	if (newsock->sk && sock->ops->accept_undo)
		sock->ops->accept_undo(sock, newsock);
	fput(newfile);
}

int __sys_accept4(int fd, struct sockaddr __user *addr, int __user *len,
		  int flags)
{
	struct file *file, *newfile;
	struct socket *sock;
	int newfd, ret;

	file = fget(fd);
	if (!file)
		return fail(-EBADF, "no such descriptor");
	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) {
		ret = fail(-EINVAL, "unknown flag bits");
		goto out_fput;
	}
	/* LINUX: the new number is reserved before @fd is known a socket. */
	newfd = get_unused_fd_flags(flags);
	if (newfd < 0) {
		ret = newfd;
		goto out_fput;
	}
	sock = sock_from_file(file);
	if (!sock) {
		ret = fail(-ENOTSOCK, "the descriptor is not a socket");
		goto out_put_fd;
	}
	ret = sock_unpark(sock);
	if (ret)
		goto out_put_fd;
	sock_use(sock);
	newfile = do_accept(sock, file, flags, addr, len);
	if (IS_ERR(newfile)) {
		ret = (int)PTR_ERR(newfile);
		goto out_put_fd;
	}
	ret = fd_install(newfd, newfile, flags);
	if (ret >= 0)
		goto out_fput;
	accept_void(sock, newfile);
out_put_fd:
	put_unused_fd(newfd);
out_fput:
	fput(file);
	return ret;
}
