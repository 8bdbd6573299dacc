/* SPDX-License-Identifier: MIT */
/*
 * libtrapgate: the system calls by name. Each is tg_syscall() with its number.
 */
#include "ports/sim/library.h"

#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"
#include <asm/errno.h>
#include <asm/fcntl.h>

/* The number, then what there is of six arguments. */
#define CALL(...) CALL_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_(nr, a, b, c, d, e, f, ...)                         \
	tg_syscall(__NR64_##nr, (uintptr_t)(a), (uintptr_t)(b),  \
		   (uintptr_t)(c), (uintptr_t)(d), (uintptr_t)(e), \
		   (uintptr_t)(f))

int tg_socket(int family, int type, int protocol)
{
	return (int)CALL(socket, family, type, protocol);
}

int tg_bind(int fd, const struct sockaddr *addr, unsigned int len)
{
	return (int)CALL(bind, fd, addr, len);
}

int tg_listen(int fd, int backlog)
{
	return (int)CALL(listen, fd, backlog);
}

int tg_accept(int fd, struct sockaddr *addr, unsigned int *len)
{
	return (int)CALL(accept, fd, addr, len);
}

int tg_accept4(int fd, struct sockaddr *addr, unsigned int *len, int flags)
{
	return (int)CALL(accept4, fd, addr, len, flags);
}

int tg_connect(int fd, const struct sockaddr *addr, unsigned int len)
{
	return (int)CALL(connect, fd, addr, len);
}

int tg_shutdown(int fd, int how)
{
	return (int)CALL(shutdown, fd, how);
}

int tg_close(int fd)
{
	return (int)CALL(close, fd);
}

int tg_dup(int fd)
{
	return (int)CALL(dup, fd);
}

int tg_getsockname(int fd, struct sockaddr *addr, unsigned int *len)
{
	return (int)CALL(getsockname, fd, addr, len);
}

int tg_getpeername(int fd, struct sockaddr *addr, unsigned int *len)
{
	return (int)CALL(getpeername, fd, addr, len);
}

int tg_getsockopt(int fd, int level, int name, void *val, unsigned int *len)
{
	return (int)CALL(getsockopt, fd, level, name, val, len);
}

int tg_setsockopt(int fd, int level, int name, const void *val,
		  unsigned int len)
{
	return (int)CALL(setsockopt, fd, level, name, val, len);
}

int tg_ioctl(int fd, unsigned int request, void *arg)
{
	return (int)CALL(ioctl, fd, request, arg);
}

int tg_fcntl(int fd, int cmd, unsigned long arg)
{
	return (int)CALL(fcntl, fd, cmd, arg);
}

int tg_nonblock(int fd, bool on)
{
	int flags = tg_fcntl(fd, F_GETFL, 0);

	if (flags < 0)
		return flags;
	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	return tg_fcntl(fd, F_SETFL, (unsigned long)flags);
}

long tg_read(int fd, void *buf, size_t len)
{
	return CALL(read, fd, buf, len);
}

long tg_write(int fd, const void *buf, size_t len)
{
	return CALL(write, fd, buf, len);
}

long tg_readv(int fd, const struct iovec *v, int n)
{
	return CALL(readv, fd, v, n);
}

long tg_writev(int fd, const struct iovec *v, int n)
{
	return CALL(writev, fd, v, n);
}

long tg_send(int fd, const void *buf, size_t len, int flags)
{
	return CALL(sendto, fd, buf, len, flags);
}

long tg_recv(int fd, void *buf, size_t len, int flags)
{
	return CALL(recvfrom, fd, buf, len, flags);
}

long tg_sendto(int fd, const void *buf, size_t len, int flags,
	       const struct sockaddr *addr, unsigned int addr_len)
{
	return CALL(sendto, fd, buf, len, flags, addr, addr_len);
}

long tg_recvfrom(int fd, void *buf, size_t len, int flags,
		 struct sockaddr *addr, unsigned int *addr_len)
{
	return CALL(recvfrom, fd, buf, len, flags, addr, addr_len);
}

long tg_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return CALL(sendmsg, fd, msg, flags);
}

long tg_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return CALL(recvmsg, fd, msg, flags);
}

int tg_sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags)
{
	return (int)CALL(sendmmsg, fd, vec, n, flags);
}

/* Who is no task does not wait. */
static int wait_time(int timeout_ms)
{
	return tg_self() ? timeout_ms : 0;
}

int tg_poll(struct pollfd *fds, unsigned long n, int timeout_ms)
{
	return (int)CALL(poll, fds, n, wait_time(timeout_ms));
}

int tg_epoll_create(int flags)
{
	return (int)CALL(epoll_create1, flags);
}

int tg_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return (int)CALL(epoll_ctl, epfd, op, fd, event);
}

int tg_epoll_wait(int epfd, struct epoll_event *events, int max,
		  int timeout_ms)
{
	return (int)CALL(epoll_wait, epfd, events, max, wait_time(timeout_ms));
}
