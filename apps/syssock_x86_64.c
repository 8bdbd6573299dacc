/* SPDX-License-Identifier: MIT */
/*
 * x86_64: every socket call is a system call of its own, so libc's function
 * does: its number into rax, the arguments into rdi, rsi, rdx, ..., `syscall`.
 */
#include "apps/syssock.h"

int call_socket(int family, int type, int protocol)
{
	return socket(family, type, protocol);
}

int call_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return bind(fd, addr, len);
}

int call_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return connect(fd, addr, len);
}

int call_listen(int fd, int backlog)
{
	return listen(fd, backlog);
}

int call_accept(int fd, struct sockaddr *ret_addr, socklen_t *ret_len)
{
	return accept(fd, ret_addr, ret_len);
}

ssize_t call_send(int fd, const void *data, size_t len, int flags)
{
	return send(fd, data, len, flags);
}

ssize_t call_recv(int fd, void *ret_data, size_t size, int flags)
{
	return recv(fd, ret_data, size, flags);
}
