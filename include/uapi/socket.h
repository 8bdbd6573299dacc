/* SPDX-License-Identifier: MIT */
/*
 * ABI of the socket calls that linux-libc-dev leaves to libc: families,
 * types, flags, message headers. Numbers are Linux's.
 */
#ifndef UAPI_SOCKET_H
#define UAPI_SOCKET_H

#include <asm/errno.h>
#include <asm/socket.h>
#include <asm/sockios.h>
#include <linux/sockios.h>
#include <linux/types.h>

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17
#define AF_MAX 46
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#define PF_NETLINK AF_NETLINK
#define PF_PACKET AF_PACKET
#define NPROTO AF_MAX

enum sock_type {
	SOCK_STREAM = 1,
	SOCK_DGRAM = 2,
	SOCK_RAW = 3,
	SOCK_RDM = 4,
	SOCK_SEQPACKET = 5,
	SOCK_DCCP = 6,
	SOCK_PACKET = 10,
};
#define SOCK_MAX 11
#define SOCK_TYPE_MASK 0xf
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define SOMAXCONN 4096

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_CTRUNC 0x8
#define MSG_PROBE 0x10
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_FIN 0x200
#define MSG_SYN 0x400
#define MSG_CONFIRM 0x800
#define MSG_RST 0x1000
#define MSG_ERRQUEUE 0x2000
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000
#define MSG_WAITFORONE 0x10000
#define MSG_BATCH 0x40000
#define MSG_ZEROCOPY 0x4000000
#define MSG_FASTOPEN 0x20000000
#define MSG_CMSG_CLOEXEC 0x40000000
#define MSG_CMSG_COMPAT 0x80000000U
#define MSG_EOF MSG_FIN

#define SOL_IP 0
#define SOL_TCP 6
#define SOL_UDP 17
#define SOL_IPV6 41
#define SOL_RAW 255
#define SOL_PACKET 263
#define SOL_NETLINK 270

#define SCM_RIGHTS 1
#define SCM_CREDENTIALS 2

typedef __u16 sa_family_t;
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

#define SOCKADDR_STORAGE_SIZE 128
struct sockaddr_storage {
	sa_family_t ss_family;
	char __data[SOCKADDR_STORAGE_SIZE - sizeof(sa_family_t)];
} __attribute__((aligned(8)));

struct linger {
	int l_onoff;
	int l_linger;
};

/* As x86_64 programs lay them out. */
struct user_iovec {
	__u64 iov_base;
	__u64 iov_len;
};
struct user_msghdr {
	__u64 msg_name;
	__s32 msg_namelen;
	__u32 __pad0;
	__u64 msg_iov;
	__u64 msg_iovlen;
	__u64 msg_control;
	__u64 msg_controllen;
	__u32 msg_flags;
	__u32 __pad1;
};
struct mmsghdr {
	struct user_msghdr msg_hdr;
	__u32 msg_len;
	__u32 __pad;
};
struct cmsghdr {
	__u64 cmsg_len; /* header and data */
	__s32 cmsg_level;
	__s32 cmsg_type;
};
#define CMSG_ALIGN(len) (((len) + 7UL) & ~7UL)
#define CMSG_LEN(len) (sizeof(struct cmsghdr) + (len))
#define CMSG_SPACE(len) (sizeof(struct cmsghdr) + CMSG_ALIGN(len))

/* As i386 programs lay them out. */
struct compat_iovec {
	__u32 iov_base;
	__u32 iov_len;
};
struct compat_msghdr {
	__u32 msg_name;
	__s32 msg_namelen;
	__u32 msg_iov;
	__u32 msg_iovlen;
	__u32 msg_control;
	__u32 msg_controllen;
	__u32 msg_flags;
};
struct compat_mmsghdr {
	struct compat_msghdr msg_hdr;
	__u32 msg_len;
};
struct compat_cmsghdr {
	__u32 cmsg_len;
	__s32 cmsg_level;
	__s32 cmsg_type;
};
#define CMSG_COMPAT_ALIGN(len) (((len) + 3UL) & ~3UL)
#define CMSG_COMPAT_LEN(len) (sizeof(struct compat_cmsghdr) + (len))
#define CMSG_COMPAT_SPACE(len) \
	(sizeof(struct compat_cmsghdr) + CMSG_COMPAT_ALIGN(len))

_Static_assert(sizeof(struct user_msghdr) == 56, "x86_64 struct msghdr");
_Static_assert(sizeof(struct mmsghdr) == 64, "x86_64 struct mmsghdr");
_Static_assert(sizeof(struct compat_msghdr) == 28, "i386 struct msghdr");
_Static_assert(sizeof(struct sockaddr_storage) == 128, "sockaddr_storage");

/* Times as programs give them. */
struct old_timeval32 {
	__s32 tv_sec, tv_usec;
};
struct old_timeval64 {
	__s64 tv_sec, tv_usec;
};
struct old_timespec32 {
	__s32 tv_sec, tv_nsec;
};
struct timespec64 {
	__s64 tv_sec, tv_nsec;
};

/* open(2) flags that reach sockets. */
#define O_ACCMODE 03
#define O_RDONLY 00
#define O_WRONLY 01
#define O_RDWR 02
#define O_NONBLOCK 04000
#define FASYNC 020000
#define O_CLOEXEC 02000000

/* fcntl(2) */
#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_GETLK 5
#define F_SETOWN 8
#define F_GETOWN 9
#define F_SETSIG 10
#define F_GETSIG 11
#define F_SETOWN_EX 15
#define F_GETOWN_EX 16
#define F_DUPFD_CLOEXEC 1030
#define FD_CLOEXEC 1

/* ioctl(2) requests of any file */
#define FIONCLEX 0x5450
#define FIOCLEX 0x5451
#define FIONREAD 0x541b
#define FIONBIO 0x5421
#define FIOASYNC 0x5452
#define FIOQSIZE 0x5460
#define TIOCOUTQ 0x5411

/* poll and epoll masks */
#define EPOLLIN 0x001
#define EPOLLPRI 0x002
#define EPOLLOUT 0x004
#define EPOLLERR 0x008
#define EPOLLHUP 0x010
#define EPOLLNVAL 0x020
#define EPOLLRDNORM 0x040
#define EPOLLRDBAND 0x080
#define EPOLLWRNORM 0x100
#define EPOLLWRBAND 0x200
#define EPOLLMSG 0x400
#define EPOLLRDHUP 0x2000
#define EPOLLET (1U << 31)

#define SIGURG 23
#define SIGIO 29
#define SIGPIPE 13

/* si_code of SIGIO */
#ifndef POLL_IN
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6
#endif

#endif
