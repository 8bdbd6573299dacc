/* SPDX-License-Identifier: MIT */
/*
 * Making sockets, and the calls on them that carry no data.
 *
 * Each __sys_x() is the body that the direct call and sys_socketcall() share.
 * They run in process context and may sleep in the family's operation. The
 * order of checks is Linux's, as far as a program can see it.
 *
 * A new socket:  sock_create -> __sock_create -> sock_alloc, pf->create
 *                sock_map_fd -> get_unused_fd_flags, sock_alloc_file,
 *                               fd_install
 */
#include "net/net.h"

#include "net/core/net_namespace.h"
#include "net/core/sock.h"
#include "net/sockfs.h"
#include "security/security.h"
#include "trace/trace.h"

static_assert(SOCK_NONBLOCK == O_NONBLOCK, "one value for both");
static_assert(SOCK_CLOEXEC == O_CLOEXEC, "one value for both");

/* Addresses */

int move_addr_to_kernel(void __user *uaddr, int ulen,
			struct sockaddr_storage *kaddr)
{
	if (ulen < 0 || (size_t)ulen > sizeof(*kaddr))
		return fail(-EINVAL, "address length out of range");
	if (ulen == 0)
		return 0;
	if (copy_from_user(kaddr, uaddr, (size_t)ulen))
		return fail(-EFAULT, "bad pointer to the address");
	return 0;
}

/*
 * *ulen says how much room the program has and becomes the length of the whole
 * address, which may be more.
 */
int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen,
		      void __user *uaddr, int __user *ulen)
{
	int len;

	if (get_user(len, ulen))
		return fail(-EFAULT, "bad pointer to the address length");
	if (len > klen)
		len = klen;
	if (len < 0)
		return fail(-EINVAL, "negative address length");
	if (put_user(klen, ulen))
		return fail(-EFAULT, "bad pointer to the address length");
	if (len && copy_to_user(uaddr, kaddr, (size_t)len))
		return fail(-EFAULT, "bad pointer to the address");
	return 0;
}

/* Creating */

static const struct net_proto_family *find_family(int family)
{
	struct kernel *k = this_kernel;

	return k->net_families[array_index_nospec((unsigned int)family,
						  NPROTO)];
}

int __sock_create(struct net *net, int family, int type, int protocol,
		  struct socket **ret_sock, int kern)
{
	const struct net_proto_family *pf;
	struct socket *sock;
	int err;

	if (family < 0 || family >= NPROTO)
		return fail(-EAFNOSUPPORT, "family out of range");
	if (type < 0 || type >= SOCK_MAX)
		return fail(-EINVAL, "type out of range");

	/* The obsolete way to a packet socket. */
	if (family == PF_INET && type == SOCK_PACKET) {
		if (!this_kernel->warned_sock_packet) {
			this_kernel->warned_sock_packet = true;
			pr_info("pid %d uses obsolete (PF_INET,SOCK_PACKET)",
				current ? current->pid : 0);
		}
		family = PF_PACKET;
	}

	err = security_socket_create(family, type, protocol, kern);
	if (err)
		return err;

	sock = sock_alloc(net);
	if (!sock) {
		if (net_ratelimit(net))
			pr_warn("socket: no more sockets");
		return fail(-ENFILE, "no memory for a socket");
	}
	sock->type = (short)type;

	pf = find_family(family);
	if (!pf) {
		(void)request_module("net-pf-%d", family);
		pf = find_family(family);
	}
	if (!pf) {
		err = fail(-EAFNOSUPPORT, "no such family here");
		goto out_release;
	}
	/* Of ours while create() runs. */
	if (!try_module_get(pf->owner)) {
		err = fail(-EAFNOSUPPORT, "the family is going away");
		goto out_release;
	}

	err = pf->create(net, sock, protocol, kern);
	if (err < 0)
		goto out_module_put;
	/* Of the socket's, until sock_release(). */
	if (!try_module_get(pf->owner))
		goto out_module_busy;
	sock->family = pf;
	module_put(pf->owner);

	err = security_socket_post_create(sock, family, type, protocol, kern);
	if (err)
		goto out_sock_release;
	*ret_sock = sock;
	return 0;

out_module_busy:
	err = fail(-EAFNOSUPPORT, "the family is going away");
	(void)sock->ops->release(sock);
out_module_put:
	sock->ops = NULL;
	module_put(pf->owner);
out_release:
out_sock_release:
	sock_release(sock);
	return err;
}

int sock_create(int family, int type, int protocol, struct socket **ret_sock)
{
	return __sock_create(current->net, family, type, protocol, ret_sock, 0);
}

int sock_create_kern(struct net *net, int family, int type, int protocol,
		     struct socket **ret_sock)
{
	return __sock_create(net, family, type, protocol, ret_sock, 1);
}

/* Split SOCK_NONBLOCK and SOCK_CLOEXEC from *type. The flags or -EINVAL. */
static int sock_type_flags(int *type)
{
	int flags = *type & ~SOCK_TYPE_MASK;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return fail(-EINVAL, "unknown flag bits in the type");
	*type &= SOCK_TYPE_MASK;
	return flags;
}

int __sys_socket(int family, int type, int protocol)
{
	struct socket *sock;
	int err, flags = sock_type_flags(&type);

	if (flags < 0)
		return flags;
	err = sock_create(family, type, protocol, &sock);
	if (err < 0)
		return err;
	return sock_map_fd(sock, flags);
}

/* Two sockets of a family that knows how to join them. */
static int create_pair(int family, int type, int protocol,
		       struct socket **ret_a, struct socket **ret_b)
{
	struct socket *a, *b;
	int err = sock_create(family, type, protocol, &a);

	if (err < 0)
		return err;
	err = sock_create(family, type, protocol, &b);
	if (err < 0) {
		sock_release(a);
		return err;
	}
	err = a->ops->socketpair ? a->ops->socketpair(a, b)
				 : sock_no_socketpair(a, b);
	if (err < 0) {
		sock_release(b);
		sock_release(a);
		return err;
	}
	*ret_a = a;
	*ret_b = b;
	return 0;
}

/* Files for a joined pair; releases both sockets when it fails. */
static int alloc_pair_files(struct socket *a, struct socket *b, int flags,
			    struct file **ret_file)
{
	struct file *fa, *fb;

	fa = sock_alloc_file(a, flags);
	if (IS_ERR(fa)) {
		sock_release(b);
		sock_release(a);
		return (int)PTR_ERR(fa);
	}
	fb = sock_alloc_file(b, flags);
	if (IS_ERR(fb)) {
		sock_release(b);
		fput(fa);
		return (int)PTR_ERR(fb);
	}
	ret_file[0] = fa;
	ret_file[1] = fb;
	return 0;
}

/*
 * A gate whose numbers are not known before fd_install() returns a token from
 * get_unused: hence the second put_user().
 */
static int install_pair(const int *fd, struct file **file, int flags,
			int __user *vec)
{
	int got[2];

	got[0] = fd_install(fd[0], file[0], flags);
	if (got[0] < 0) {
		put_unused_fd(fd[0]);
		put_unused_fd(fd[1]);
		fput(file[0]);
		fput(file[1]);
		return got[0];
	}
	got[1] = fd_install(fd[1], file[1], flags);
	if (got[1] < 0) {
		put_unused_fd(fd[1]);
		fput(file[1]);
		(void)close_fd(current->files, got[0]);
		return got[1];
	}
	if ((got[0] != fd[0] && put_user(got[0], &vec[0])) ||
	    (got[1] != fd[1] && put_user(got[1], &vec[1]))) {
		(void)close_fd(current->files, got[0]);
		(void)close_fd(current->files, got[1]);
		return fail(-EFAULT, "bad pointer to the pair");
	}
	return 0;
}

int __sys_socketpair(int family, int type, int protocol, int __user *vec)
{
	struct socket *a, *b;
	struct file *file[2] = { NULL, NULL };
	int err, fd[2], flags = sock_type_flags(&type);

	if (flags < 0)
		return flags;
	/* LINUX: the numbers are written before there are any sockets. */
	fd[0] = get_unused_fd_flags(flags);
	if (fd[0] < 0)
		return fd[0];
	fd[1] = get_unused_fd_flags(flags);
	if (fd[1] < 0) {
		err = fd[1];
		goto out_put_first;
	}
	if (put_user(fd[0], &vec[0]) || put_user(fd[1], &vec[1])) {
		err = fail(-EFAULT, "bad pointer to the pair");
		goto out_put_second;
	}
	err = create_pair(family, type, protocol, &a, &b);
	if (err)
		goto out_put_second;
	err = alloc_pair_files(a, b, flags, file);
	if (err)
		goto out_put_second;
	return install_pair(fd, file, flags, vec);

out_put_second:
	put_unused_fd(fd[1]);
out_put_first:
	put_unused_fd(fd[0]);
	return err;
}

/* Names */

int __sys_bind(int fd, struct sockaddr __user *addr, int len)
{
	struct sockaddr_storage address;
	struct sockaddr *a = (struct sockaddr *)&address;
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = move_addr_to_kernel(addr, len, &address);
	if (!err)
		err = security_socket_bind(sock, a, len);
	if (!err)
		err = sock->ops->bind(sock, a, len);
	fput(file);
	return err;
}

int __sys_connect(int fd, struct sockaddr __user *addr, int len)
{
	struct sockaddr_storage address;
	struct sockaddr *a = (struct sockaddr *)&address;
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = move_addr_to_kernel(addr, len, &address);
	if (!err)
		err = security_socket_connect(sock, a, len);
	if (!err)
		err = sock->ops->connect(sock, a, len, (int)file->f_flags);
	fput(file);
	return err;
}

/* @peer: 0 own name, 1 the peer's. */
static int sock_getname(struct socket *sock, int peer,
			struct sockaddr __user *addr, int __user *len)
{
	struct sockaddr_storage address = { 0 };
	int ret;

	ret = peer ? security_socket_getpeername(sock)
		   : security_socket_getsockname(sock);
	if (ret)
		return ret;
	ret = sock->ops->getname(sock, (struct sockaddr *)&address, peer);
	if (ret < 0)
		return ret;
	return move_addr_to_user(&address, ret, addr, len);
}

int __sys_getsockname(int fd, struct sockaddr __user *addr, int __user *len)
{
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = sock_getname(sock, 0, addr, len);
	fput(file);
	return err;
}

int __sys_getpeername(int fd, struct sockaddr __user *addr, int __user *len)
{
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = sock_getname(sock, 1, addr, len);
	fput(file);
	return err;
}

/* Listening */

int __sys_listen(int fd, int backlog)
{
	struct file *file;
	struct socket *sock;
	int err, somaxconn;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	/* LINUX: clamped, not refused; a negative one is a large one. */
	somaxconn = sock->net->core.somaxconn;
	if ((unsigned int)backlog > (unsigned int)somaxconn)
		backlog = somaxconn;
	err = security_socket_listen(sock, backlog);
	if (!err)
		err = sock->ops->listen(sock, backlog);
	fput(file);
	return err;
}

int __sys_shutdown(int fd, int how)
{
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = security_socket_shutdown(sock, how);
	if (!err)
		err = sock->ops->shutdown(sock, how);
	fput(file);
	return err;
}

/* Options */

int __sys_setsockopt(int fd, int level, int name, char __user *val, int len)
{
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	if (len < 0)
		err = fail(-EINVAL, "negative option length");
	else
		err = security_socket_setsockopt(sock, level, name);
	if (err)
		goto out_put;
	if (level == SOL_SOCKET)
		err = sock_setsockopt(sock, level, name, USER_SOCKPTR(val),
				      (unsigned int)len);
	else if (!sock->ops->setsockopt)
		err = fail(-EOPNOTSUPP, "the family has no options");
	else
		err = sock->ops->setsockopt(sock, level, name,
					    USER_SOCKPTR(val),
					    (unsigned int)len);
out_put:
	fput(file);
	return err;
}

int __sys_getsockopt(int fd, int level, int name, char __user *val,
		     int __user *len)
{
	struct file *file;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = security_socket_getsockopt(sock, level, name);
	if (err)
		goto out_put;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, level, name, val, len);
	else if (!sock->ops->getsockopt)
		err = fail(-EOPNOTSUPP, "the family has no options");
	else
		err = sock->ops->getsockopt(sock, level, name, val, len);
out_put:
	fput(file);
	return err;
}

/* Defaults of proto_ops */

int sock_no_bind(struct socket *s, struct sockaddr *a, int len)
{
	return fail(-EOPNOTSUPP, "this kind of socket cannot be bound");
}

int sock_no_connect(struct socket *s, struct sockaddr *a, int len, int flags)
{
	return fail(-EOPNOTSUPP, "this kind of socket cannot connect");
}

int sock_no_socketpair(struct socket *a, struct socket *b)
{
	return fail(-EOPNOTSUPP, "this kind of socket does not come in pairs");
}

int sock_no_accept(struct socket *s, struct socket *n, int flags, bool kern)
{
	return fail(-EOPNOTSUPP, "this kind of socket does not accept");
}

int sock_no_listen(struct socket *s, int backlog)
{
	return fail(-EOPNOTSUPP, "this kind of socket does not listen");
}

int sock_no_shutdown(struct socket *s, int how)
{
	return fail(-EOPNOTSUPP, "this kind of socket cannot be shut down");
}

int sock_no_mmap(struct file *f, struct socket *s)
{
	return fail(-ENODEV, "sockets of this family cannot be mapped");
}
