/* SPDX-License-Identifier: MIT */
/*
 * Data in and out of sockets: sock_sendmsg() and sock_recvmsg(), which every
 * way leads to, and the calls that take one buffer.
 *
 * Buffers are checked before descriptors, as on Linux: -EFAULT for what cannot
 * be a program's address comes before -EBADF.
 */
#include "net/net.h"

#include "fs/iovec.h"
#include "net/core/sock.h"
#include "net/sockfs.h"
#include "security/security.h"
#include "trace/trace.h"

/* Flags that only the kernel gives to a protocol: not a program's to set. */
#define MSG_NO_SHARED_FRAGS 0x80000
#define MSG_SENDPAGE_DECRYPTED 0x100000
#define MSG_SPLICE_PAGES 0x8000000
#define MSG_INTERNAL_SENDMSG_FLAGS \
	(MSG_SPLICE_PAGES | MSG_SENDPAGE_DECRYPTED | MSG_NO_SHARED_FRAGS)

int sock_sendmsg(struct socket *sock, struct msghdr *m)
{
	size_t len = iov_iter_count(&m->msg_iter);
	int err = sock_unpark(sock);

	sock_use(sock);
	if (!err)
		err = security_socket_sendmsg(sock, m, (int)len);
	return err ? err : sock->ops->sendmsg(sock, m, len);
}

int sock_recvmsg(struct socket *sock, struct msghdr *m, int flags)
{
	size_t len = iov_iter_count(&m->msg_iter);
	int err = sock_unpark(sock);

	sock_use(sock);
	if (!err)
		err = security_socket_recvmsg(sock, m, (int)len, flags);
	return err ? err : sock->ops->recvmsg(sock, m, len, flags);
}

static bool file_nowait(const struct file *f, const struct iov_iter *i)
{
	return (f->f_flags & O_NONBLOCK) || i->nowait;
}

/* read(), readv() */
long sock_read_iter(struct file *f, struct iov_iter *to)
{
	struct socket *sock = f->private_data;
	struct msghdr m = { 0 };

	if (!iov_iter_count(to))
		return 0; /* LINUX: whatever state the socket is in */
	iov_iter_dup(&m.msg_iter, to);
	return sock_recvmsg(sock, &m, file_nowait(f, to) ? MSG_DONTWAIT : 0);
}

/* write(), writev() */
long sock_write_iter(struct file *f, struct iov_iter *from)
{
	struct socket *sock = f->private_data;
	struct msghdr m = { 0 };

	iov_iter_dup(&m.msg_iter, from);
	if (file_nowait(f, from))
		m.msg_flags = MSG_DONTWAIT;
	if (from->nosignal)
		m.msg_flags |= MSG_NOSIGNAL;
	if (sock->type == SOCK_SEQPACKET)
		m.msg_flags |= MSG_EOR;
	return sock_sendmsg(sock, &m);
}

int __sys_sendto(int fd, void __user *buf, size_t len, unsigned int flags,
		 struct sockaddr __user *addr, int addr_len)
{
	struct sockaddr_storage address;
	struct msghdr m = { 0 };
	struct socket *sock;
	struct file *file;
	int err;

	err = import_ubuf(buf, len, &m.msg_iter);
	if (err)
		return err;
	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	if (addr) {
		err = move_addr_to_kernel(addr, addr_len, &address);
		if (err < 0)
			goto out_fput;
		m.msg_name = &address;
		m.msg_namelen = addr_len;
	}
	flags &= ~MSG_INTERNAL_SENDMSG_FLAGS;
	if (file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	m.msg_flags = flags;
	err = sock_sendmsg(sock, &m);
out_fput:
	fput(file);
	return err;
}

int __sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags,
		   struct sockaddr __user *addr, int __user *addr_len)
{
	struct sockaddr_storage address;
	struct msghdr m = { 0 };
	struct socket *sock;
	struct file *file;
	int ret;

	/* The protocol fills in the name if it has one to tell. */
	m.msg_name = addr ? &address : NULL;
	ret = import_ubuf(buf, len, &m.msg_iter);
	if (ret)
		return ret;
	sock = sockfd_lookup(fd, &file, &ret);
	if (!sock)
		return ret;
	if (file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	ret = sock_recvmsg(sock, &m, (int)flags);
	if (ret >= 0 && addr) {
		int err = move_addr_to_user(&address, m.msg_namelen, addr,
					    addr_len);

		if (err < 0)
			ret = err;
	}
	fput(file);
	return ret;
}
