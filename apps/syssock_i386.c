/* SPDX-License-Identifier: MIT */
/*
 * i386: the socket calls share one system call, socketcall (number 102). The
 * first register says which of them, the second points to its arguments.
 *
 * libc of today enters by sysenter; the classic gate is `int $0x80`, and that
 * is the one to watch here.
 */
#include "apps/syssock.h"

#include <errno.h>
#include <linux/net.h>
#include <sys/syscall.h>

static long socketcall(long call, const long *args)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(SYS_socketcall), "b"(call), "c"(args)
			 : "memory");

	/* The kernel answers -errno; no good result is among the last 4095. */
	if ((unsigned long)ret >= -4095UL) {
		errno = -ret;
		return -1;
	}
	return ret;
}

int call_socket(int family, int type, int protocol)
{
	long args[] = { family, type, protocol };

	return socketcall(SYS_SOCKET, args);
}

int call_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	long args[] = { fd, (long)addr, len };

	return socketcall(SYS_BIND, args);
}

int call_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	long args[] = { fd, (long)addr, len };

	return socketcall(SYS_CONNECT, args);
}

int call_listen(int fd, int backlog)
{
	long args[] = { fd, backlog };

	return socketcall(SYS_LISTEN, args);
}

int call_accept(int fd, struct sockaddr *ret_addr, socklen_t *ret_len)
{
	long args[] = { fd, (long)ret_addr, (long)ret_len };

	return socketcall(SYS_ACCEPT, args);
}

ssize_t call_send(int fd, const void *data, size_t len, int flags)
{
	long args[] = { fd, (long)data, len, flags };

	return socketcall(SYS_SEND, args);
}

ssize_t call_recv(int fd, void *ret_data, size_t size, int flags)
{
	long args[] = { fd, (long)ret_data, size, flags };

	return socketcall(SYS_RECV, args);
}
