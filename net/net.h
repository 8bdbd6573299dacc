/* SPDX-License-Identifier: MIT */
/*
 * The socket layer: what lies between a system call and a protocol family.
 *
 * file -> socket -> sock. A struct socket lives in an inode of sockfs and
 * belongs to its file; a struct sock is the protocol's side and may outlive it
 * (a TCP connection that still closes). proto_ops is the family's answer to
 * each system call, struct proto (net/core/sock.h) that of the protocol.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "fs/fs.h"
#include "kernel/uaccess.h"
#include "kernel/wait.h"
#include "lib/iov_iter.h"
#include "uapi/socket.h"

struct net;
struct page;
struct sock;
struct socket;

enum socket_state {
	SS_FREE,
	SS_UNCONNECTED,
	SS_CONNECTING,
	SS_CONNECTED,
	SS_DISCONNECTING,
};

/* struct socket.flags */
#define SOCK_ASYNC_NOSPACE BIT(0)
#define SOCK_ASYNC_WAITDATA BIT(1)
#define SOCK_NOSPACE BIT(2)
#define SOCK_PASSCRED BIT(3)

struct socket {
	enum socket_state state;
	short type;
	unsigned long flags;
	struct file *file;
	struct sock *sk; /* NULL before it has one, and while @parked */
	void *parked; /* what ops->unpark() makes @sk of again */
	const struct proto_ops *ops;
	const struct net_proto_family *family; /* holds a module reference */
	struct net *net; /* in whose sockets_inuse it counts */
	struct wait_queue_head wq;
	struct fasync_struct *fasync_list;
};

/* A message as the protocols see it. */
struct msghdr {
	void *msg_name; /* kernel memory of sockaddr_storage size, or NULL */
	int msg_namelen;
	struct iov_iter msg_iter;
	/*
	 * Control data: on send kernel memory (already in the native layout),
	 * on receive the program's buffer, filled by put_cmsg().
	 */
	void *msg_control;
	bool msg_control_is_user;
	size_t msg_controllen;
	unsigned int msg_flags;
};

struct proto_ops {
	int family;
	int (*release)(struct socket *sock);
	int (*bind)(struct socket *sock, struct sockaddr *addr, int len);
	int (*connect)(struct socket *sock, struct sockaddr *addr, int len,
		       int flags);
	int (*socketpair)(struct socket *a, struct socket *b);
	/* flags: O_NONBLOCK of the listening file. */
	int (*accept)(struct socket *sock, struct socket *newsock, int flags,
		      bool kern);
	/* @peer: 0 own, 1 peer's. Length or -errno. */
	int (*getname)(struct socket *sock, struct sockaddr *addr, int peer);
	u32 (*poll)(struct file *f, struct socket *sock);
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	/* @newtype: SO_TIMESTAMP and SIOCGSTAMP flavours, see SOCK_TSTAMP_NEW. */
	int (*gettstamp)(struct socket *sock, void __user *to, bool timeval,
			 bool time32);
	int (*listen)(struct socket *sock, int backlog);
	int (*shutdown)(struct socket *sock, int how);
	int (*setsockopt)(struct socket *sock, int level, int name,
			  sockptr_t val, unsigned int len);
	int (*getsockopt)(struct socket *sock, int level, int name,
			  char __user *val, int __user *len);
	int (*sendmsg)(struct socket *sock, struct msghdr *m, size_t len);
	/*
	 * Data is copied out but given up only when the call's answer was
	 * taken: see "Settling" in kernel/sched.h.
	 */
	int (*recvmsg)(struct socket *sock, struct msghdr *m, size_t len,
		       int flags);
	int (*mmap)(struct file *f, struct socket *sock);
	int (*set_rcvlowat)(struct sock *sk, int val);
	/*
	 * Optional: the accept() that gave @newsock its sock is void. Take the
	 * sock off @newsock and put it back as the next to be accepted.
	 */
	void (*accept_undo)(struct socket *sock, struct socket *newsock);
	/*
	 * Optional: bring back the sock of a socket whose `parked` is set.
	 * 0 or -ENOMEM; when @closing, the family then has taken over.
	 */
	int (*unpark)(struct socket *sock, bool closing);
};

/* Before `sk` is used: 0, or -ENOMEM and there is none. */
static inline int sock_unpark(struct socket *sock)
{
	return likely(!sock->parked) ? 0 : sock->ops->unpark(sock, false);
}

/*
 * A protocol family. `module` is NULL for one that is built in; a loadable one
 * is registered by request_module("net-pf-N") and counts its users.
 */
struct module {
	const char *name; /* "net-pf-40" */
	int (*init)(void);
	void (*exit)(void); /* undoes init */
	int users; /* references: it cannot be unloaded */
	bool live; /* init has succeeded */
	struct module *next; /* in kernel.modules */
};

struct net_proto_family {
	int family;
	int (*create)(struct net *net, struct socket *sock, int protocol,
		      int kern);
	struct module *owner;
};

/*
 * Bring up the socket layer, the protocols and the first host (net/init.c), on
 * a kernel that kernel_init() made. 0 or -errno with nothing left behind.
 */
int net_init(void);
void net_exit(void);

int sock_register(const struct net_proto_family *ops);
void sock_unregister(int family);
bool try_module_get(struct module *m);
void module_put(struct module *m);
/*
 * Make @m known, so that request_module() can load it. Its memory stays the
 * caller's and must outlive the kernel.
 */
void module_add(struct module *m);
/* The reverse of loading. 0, -ENOENT when not loaded, -EWOULDBLOCK in use. */
int module_unload(struct module *m);
/* Load what serves @name, for instance "net-pf-40". 0 or -ENOENT. */
int request_module(const char *fmt, ...) __printf(1, 2);

int __sock_create(struct net *net, int family, int type, int protocol,
		  struct socket **ret_sock, int kern);
int sock_create(int family, int type, int protocol, struct socket **ret_sock);
int sock_create_kern(struct net *net, int family, int type, int protocol,
		     struct socket **ret_sock);
/* It counts on @net: "sockets: used". NULL when no more can be made. */
struct socket *sock_alloc(struct net *net);
void sock_release(struct socket *sock);
struct file *sock_alloc_file(struct socket *sock, int flags);
/* What protocol of which family is behind @sock. False: none yet. */
bool sock_identity(const struct socket *sock, int *ret_family,
		   int *ret_protocol);
/* Its `sk` may be parked: sock_unpark(). NULL: no socket. */
struct socket *sock_from_file(struct file *f);
struct inode *SOCK_INODE(struct socket *sock);
struct socket *SOCKET_I(struct inode *inode);
int sock_sendmsg(struct socket *sock, struct msghdr *m);
int sock_recvmsg(struct socket *sock, struct msghdr *m, int flags);
extern const struct file_operations socket_file_ops;

/* "sockets: used N" of /proc/net/sockstat. */
int socket_seq_used(struct net *net);

/* Defaults for proto_ops that a family does not have. */
int sock_no_bind(struct socket *s, struct sockaddr *a, int len);
int sock_no_connect(struct socket *s, struct sockaddr *a, int len, int flags);
int sock_no_socketpair(struct socket *a, struct socket *b);
int sock_no_accept(struct socket *s, struct socket *n, int flags, bool kern);
int sock_no_listen(struct socket *s, int backlog);
int sock_no_shutdown(struct socket *s, int how);
int sock_no_mmap(struct file *f, struct socket *s);

/* The system calls' bodies: net/socket.c. Pointers are the program's. */
int __sys_socket(int family, int type, int protocol);
int __sys_bind(int fd, struct sockaddr __user *addr, int len);
int __sys_listen(int fd, int backlog);
int __sys_accept4(int fd, struct sockaddr __user *addr, int __user *len,
		  int flags);
int __sys_connect(int fd, struct sockaddr __user *addr, int len);
int __sys_getsockname(int fd, struct sockaddr __user *addr, int __user *len);
int __sys_getpeername(int fd, struct sockaddr __user *addr, int __user *len);
int __sys_socketpair(int family, int type, int protocol, int __user *vec);
int __sys_sendto(int fd, void __user *buf, size_t len, unsigned int flags,
		 struct sockaddr __user *addr, int addr_len);
int __sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags,
		   struct sockaddr __user *addr, int __user *addr_len);
int __sys_shutdown(int fd, int how);
int __sys_setsockopt(int fd, int level, int name, char __user *val, int len);
int __sys_getsockopt(int fd, int level, int name, char __user *val,
		     int __user *len);

#endif
