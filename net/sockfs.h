/* SPDX-License-Identifier: MIT */
/*
 * What the files of the socket layer share among themselves. Families include
 * net/net.h only.
 */
#ifndef NET_SOCKFS_H
#define NET_SOCKFS_H

#include "net/net.h"

/*
 * Descriptor for @sock; @flags: SOCK_CLOEXEC, SOCK_NONBLOCK. The number, or
 * -errno with @sock released.
 */
int sock_map_fd(struct socket *sock, int flags);
/*
 * The socket behind @fd. A reference on *ret_file is the caller's. NULL with
 * *ret_err -EBADF or -ENOTSOCK.
 */
struct socket *sockfd_lookup(int fd, struct file **ret_file, int *ret_err);

/* Addresses in and out: see seed-walk of the calls in net/socket.c. */
int move_addr_to_kernel(void __user *uaddr, int ulen,
			struct sockaddr_storage *kaddr);
int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen,
		      void __user *uaddr, int __user *ulen);

/* net/sendrecv.c, net/sock_ioctl.c: of socket_file_ops. */
long sock_read_iter(struct file *f, struct iov_iter *to);
long sock_write_iter(struct file *f, struct iov_iter *from);
long sock_splice_read(struct file *in, struct file *out, size_t len,
		      unsigned int flags);
long sock_splice_write(struct file *in, struct file *out, size_t len,
		       unsigned int flags);
long sock_ioctl(struct file *f, unsigned int cmd, unsigned long arg);

/* The calls on messages: net/sendmsg.c. */
struct timespec64;
struct user_msghdr;
struct mmsghdr;
/* MSG_CMSG_COMPAT in @flags: the layouts are those of i386. */
long __sys_sendmsg(int fd, struct user_msghdr __user *msg, unsigned int flags,
		   bool forbid_cmsg_compat);
long __sys_recvmsg(int fd, struct user_msghdr __user *msg, unsigned int flags,
		   bool forbid_cmsg_compat);
int __sys_sendmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		   unsigned int flags, bool forbid_cmsg_compat);
/* At most one of @timeout and @timeout32 is not NULL. */
int __sys_recvmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		   unsigned int flags, struct timespec64 __user *timeout,
		   struct old_timespec32 __user *timeout32);

/* SIGIO or SIGURG to the owners of @sock: @how SOCK_WAKE_x. */
int sock_wake_async(struct socket *sock, int how, int band);

#endif
