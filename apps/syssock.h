/* SPDX-License-Identifier: MIT */
/*
 * The socket calls, one function each, with the arguments, results and errno
 * of socket(2) and its family. How the call enters the kernel is the whole
 * difference between syssock_x86_64.c and syssock_i386.c.
 */
#ifndef APPS_SYSSOCK_H
#define APPS_SYSSOCK_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

int call_socket(int family, int type, int protocol);
int call_bind(int fd, const struct sockaddr *addr, socklen_t len);
int call_connect(int fd, const struct sockaddr *addr, socklen_t len);
int call_listen(int fd, int backlog);
int call_accept(int fd, struct sockaddr *ret_addr, socklen_t *ret_len);
ssize_t call_send(int fd, const void *data, size_t len, int flags);
ssize_t call_recv(int fd, void *ret_data, size_t size, int flags);

#endif
