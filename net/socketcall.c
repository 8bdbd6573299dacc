/* SPDX-License-Identifier: MIT */
/*
 * The handlers of the socket calls: one number each (x86_64, and i386 since
 * 359), or all twenty behind one number (socketcall, 102 of i386).
 */
#include "net/net.h"

#include "net/sockfs.h"
#include "security/audit.h"
#include "trace/trace.h"

#define WANT_SYSCALL_PROTOTYPES
#define WANT_SYSCALL_NUMBERS
#include "syscalls_gen.h"

long sys_socket(int family, int type, int protocol)
{
	return __sys_socket(family, type, protocol);
}

long sys_bind(int fd, struct sockaddr __user *addr, int len)
{
	return __sys_bind(fd, addr, len);
}

long sys_connect(int fd, struct sockaddr __user *addr, int len)
{
	return __sys_connect(fd, addr, len);
}

long sys_listen(int fd, int backlog)
{
	return __sys_listen(fd, backlog);
}

long sys_accept(int fd, struct sockaddr __user *addr, int __user *len)
{
	return __sys_accept4(fd, addr, len, 0);
}

long sys_accept4(int fd, struct sockaddr __user *addr, int __user *len,
		 int flags)
{
	return __sys_accept4(fd, addr, len, flags);
}

long sys_getsockname(int fd, struct sockaddr __user *addr, int __user *len)
{
	return __sys_getsockname(fd, addr, len);
}

long sys_getpeername(int fd, struct sockaddr __user *addr, int __user *len)
{
	return __sys_getpeername(fd, addr, len);
}

long sys_socketpair(int family, int type, int protocol, int __user *vec)
{
	return __sys_socketpair(family, type, protocol, vec);
}

long sys_sendto(int fd, void __user *buf, size_t len, unsigned int flags,
		struct sockaddr __user *addr, int addr_len)
{
	return __sys_sendto(fd, buf, len, flags, addr, addr_len);
}

long sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags,
		  struct sockaddr __user *addr, int __user *addr_len)
{
	return __sys_recvfrom(fd, buf, len, flags, addr, addr_len);
}

long sys_shutdown(int fd, int how)
{
	return __sys_shutdown(fd, how);
}

long sys_setsockopt(int fd, int level, int name, char __user *val, int len)
{
	return __sys_setsockopt(fd, level, name, val, len);
}

long sys_getsockopt(int fd, int level, int name, char __user *val,
		    int __user *len)
{
	return __sys_getsockopt(fd, level, name, val, len);
}

long sys_sendmsg(int fd, struct user_msghdr __user *msg, unsigned int flags)
{
	return __sys_sendmsg(fd, msg, flags, true);
}

long sys_recvmsg(int fd, struct user_msghdr __user *msg, unsigned int flags)
{
	return __sys_recvmsg(fd, msg, flags, true);
}

long sys_sendmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		  unsigned int flags)
{
	return __sys_sendmmsg(fd, vec, vlen, flags, true);
}

long sys_recvmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		  unsigned int flags, struct timespec64 __user *timeout)
{
	if (flags & MSG_CMSG_COMPAT)
		return fail(-EINVAL, "MSG_CMSG_COMPAT is not a program's");
	return __sys_recvmmsg(fd, vec, vlen, flags, timeout, NULL);
}

/*
 * i386. The layouts of messages differ, which MSG_CMSG_COMPAT says to all
 * below; the pointers' types are then those of the native calls by name only.
 */
long compat_sys_sendmsg(int fd, struct compat_msghdr __user *msg,
			unsigned int flags)
{
	return __sys_sendmsg(fd, (struct user_msghdr __user *)msg,
			     flags | MSG_CMSG_COMPAT, false);
}

long compat_sys_recvmsg(int fd, struct compat_msghdr __user *msg,
			unsigned int flags)
{
	return __sys_recvmsg(fd, (struct user_msghdr __user *)msg,
			     flags | MSG_CMSG_COMPAT, false);
}

long compat_sys_sendmmsg(int fd, struct compat_mmsghdr __user *vec,
			 unsigned int vlen, unsigned int flags)
{
	return __sys_sendmmsg(fd, (struct mmsghdr __user *)vec, vlen,
			      flags | MSG_CMSG_COMPAT, false);
}

long compat_sys_recvmmsg(int fd, struct compat_mmsghdr __user *vec,
			 unsigned int vlen, unsigned int flags,
			 struct old_timespec32 __user *timeout)
{
	return __sys_recvmmsg(fd, (struct mmsghdr __user *)vec, vlen,
			      flags | MSG_CMSG_COMPAT, NULL, timeout);
}

long compat_sys_recvmmsg_time64(int fd, struct compat_mmsghdr __user *vec,
				unsigned int vlen, unsigned int flags,
				struct timespec64 __user *timeout)
{
	return __sys_recvmmsg(fd, (struct mmsghdr __user *)vec, vlen,
			      flags | MSG_CMSG_COMPAT, timeout, NULL);
}

/* How many words each call takes. */
static const u8 nargs[NR_SOCKETCALLS] = SOCKETCALL_NARGS;
#define SOCKETCALL_MAX_WORDS 6

static inline void __user *ptr(u32 word)
{
	return u64_to_user_ptr(word);
}

/* The calls on messages, in the layouts of i386. */
static long socketcall_msg(int call, const u32 *a)
{
	unsigned int compat = MSG_CMSG_COMPAT;

	switch (call) {
	case SYS_SENDMSG:
		return __sys_sendmsg((int)a[0], ptr(a[1]), a[2] | compat,
				     false);
	case SYS_SENDMMSG:
		return __sys_sendmmsg((int)a[0], ptr(a[1]), a[2], a[3] | compat,
				      false);
	case SYS_RECVMSG:
		return __sys_recvmsg((int)a[0], ptr(a[1]), a[2] | compat,
				     false);
	case SYS_RECVMMSG:
		return __sys_recvmmsg((int)a[0], ptr(a[1]), a[2], a[3] | compat,
				      NULL, ptr(a[4]));
	}
	return fail(-EINVAL, "no such call");
}

long sys_socketcall(int call, u32 __user *args)
{
	u32 a[SOCKETCALL_MAX_WORDS];
	unsigned int words;
	int a0, a1, err;

	if (call < SYS_SOCKET || call > SYS_SENDMMSG)
		return fail(-EINVAL, "socketcall number out of range");
	call = (int)array_index_nospec((unsigned int)call, NR_SOCKETCALLS);
	words = nargs[call];
	if (copy_from_user(a, args, words * sizeof(a[0])))
		return fail(-EFAULT, "bad pointer to the arguments");
	err = audit_socketcall((int)words, a);
	if (err)
		return err;
	a0 = (int)a[0];
	a1 = (int)a[1];

	switch (call) {
	case SYS_SOCKET:
		return __sys_socket(a0, a1, (int)a[2]);
	case SYS_BIND:
		return __sys_bind(a0, ptr(a[1]), (int)a[2]);
	case SYS_CONNECT:
		return __sys_connect(a0, ptr(a[1]), (int)a[2]);
	case SYS_LISTEN:
		return __sys_listen(a0, a1);
	case SYS_ACCEPT:
		return __sys_accept4(a0, ptr(a[1]), ptr(a[2]), 0);
	case SYS_GETSOCKNAME:
		return __sys_getsockname(a0, ptr(a[1]), ptr(a[2]));
	case SYS_GETPEERNAME:
		return __sys_getpeername(a0, ptr(a[1]), ptr(a[2]));
	case SYS_SOCKETPAIR:
		return __sys_socketpair(a0, a1, (int)a[2], ptr(a[3]));
	case SYS_SEND:
		return __sys_sendto(a0, ptr(a[1]), a[2], a[3], NULL, 0);
	case SYS_RECV:
		return __sys_recvfrom(a0, ptr(a[1]), a[2], a[3], NULL, NULL);
	case SYS_SENDTO:
		return __sys_sendto(a0, ptr(a[1]), a[2], a[3], ptr(a[4]),
				    (int)a[5]);
	case SYS_RECVFROM:
		return __sys_recvfrom(a0, ptr(a[1]), a[2], a[3], ptr(a[4]),
				      ptr(a[5]));
	case SYS_SHUTDOWN:
		return __sys_shutdown(a0, a1);
	case SYS_SETSOCKOPT:
		return __sys_setsockopt(a0, a1, (int)a[2], ptr(a[3]),
					(int)a[4]);
	case SYS_GETSOCKOPT:
		return __sys_getsockopt(a0, a1, (int)a[2], ptr(a[3]),
					ptr(a[4]));
	case SYS_ACCEPT4:
		return __sys_accept4(a0, ptr(a[1]), ptr(a[2]), (int)a[3]);
	case SYS_SENDMSG:
	case SYS_SENDMMSG:
	case SYS_RECVMSG:
	case SYS_RECVMMSG:
		return socketcall_msg(call, a);
	}
	return fail(-EINVAL, "no such call");
}
