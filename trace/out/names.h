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
	NAMES_ACCESS, /* O_RDONLY */
	NAMES_FD, /* FD_CLOEXEC, flags */
	NAMES_POLL, /* POLLIN, flags */
	NAMES_EPOLL, /* EPOLLIN, flags */
	NAMES_SOCKFLAGS, /* SOCK_CLOEXEC, flags */
	NAMES_EPOLL_CREATE, /* EPOLL_CLOEXEC, flags */
	NAMES_EPOLL_OP, /* EPOLL_CTL_ADD */
	NAMES_WHENCE, /* SEEK_SET */
	NAMES_RWF, /* RWF_NOWAIT, flags */
	NAMES_SPLICE, /* SPLICE_F_MOVE, flags */
	NAMES_CLOSE_RANGE, /* CLOSE_RANGE_UNSHARE, flags */
	NAMES_OWNER, /* F_OWNER_PID */
	NAMES_PMTUDISC, /* IP_PMTUDISC_DO */
	NAMES_STAMPS, /* SOF_TIMESTAMPING_SOFTWARE, flags */
	NAMES_IFF, /* IFF_UP, flags */
	NAMES_NETLINK, /* NETLINK_ROUTE */
	NAMES_ETHERTYPE, /* ETH_P_IP */
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
/* The protocol of a socket of @family. */
void text_protocol(struct text *t, int family, int protocol);
/* Flags of open(2), the access mode among them. */
void text_open_flags(struct text *t, uint32_t flags);
void text_errno(struct text *t, int err);
void text_signal(struct text *t, int signal);

/* An IPv4 address, in network byte order as it lies in memory. */
void text_ip4(struct text *t, uint32_t addr);
/* A sockaddr of any family: 127.0.0.1:5001, [::1]:80, unix:/run/x, ... */
void text_sockaddr(struct text *t, const void *sa, size_t len);

#endif
