/* SPDX-License-Identifier: MIT */
/* Names of the numbers that socket calls use. The tables are data. */
#ifndef TRACE_OUT_NAMES_H
#define TRACE_OUT_NAMES_H

#include <stdint.h>

#include "trace/out/text.h"

enum names {
	NAMES_FAMILY, /* AF_INET */
	NAMES_TYPE, /* SOCK_STREAM, with flags */
	NAMES_PROTOCOL, /* IPPROTO_TCP */
	NAMES_LEVEL, /* SOL_SOCKET */
	NAMES_MSG, /* MSG_PEEK, flags */
	NAMES_HOW, /* SHUT_RD */
	NAMES_FCNTL, /* F_GETFL */
	NAMES_IOCTL, /* FIONREAD */
	NAMES_OPEN, /* O_NONBLOCK, flags */
	NAMES_POLL, /* EPOLLIN, flags */
	NAMES_SOCKCALL, /* SYS_CONNECT */
	NAMES_STATE, /* ESTABLISHED */
	NAMES_SOCKET_STATE, /* SS_CONNECTED */
	NAMES_MAX
};

/* NULL: it has none. */
const char *name_of(enum names which, int64_t value);
/* The name of an option of @level. */
const char *option_name(int level, int option);
/* "ECONNREFUSED" of 111 */
const char *errno_name(int err);

/* A name, or flags joined with '|', or the number. */
void text_name(struct text *t, enum names which, int64_t value);
void text_option(struct text *t, int level, int option);

/* An IPv4 address, in network byte order as it lies in memory. */
void text_ip4(struct text *t, uint32_t addr);
/* A sockaddr of any family: 127.0.0.1:5001, [::1]:80, unix:/run/x, ... */
void text_sockaddr(struct text *t, const void *sa, size_t len);

#endif
