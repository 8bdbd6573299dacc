/* SPDX-License-Identifier: MIT */
/*
 * sendmsg(), recvmsg() and their many-at-a-time forms.
 *
 * A message header of either ABI (MSG_CMSG_COMPAT: i386's) is imported into a
 * struct msghdr: the name into kernel memory, the vectors into an iterator,
 * control data to send into kernel memory in the native layout. On receiving,
 * name, control length and flags go back into the program's header.
 *
 * Settling (kernel/sched.h): recvmmsg() takes several messages in one call.
 * Each but the last is settled before the next is received; from then on the
 * call has had an effect.
 */
#include "net/net.h"

#include "fs/iovec.h"
#include "kernel/slab.h"
#include "kernel/time.h"
#include "lib/string.h"
#include "net/compat.h"
#include "net/core/net_namespace.h"
#include "net/core/sock.h"
#include "net/sockfs.h"
#include "trace/trace.h"

/* Control data up to this needs no allocation. */
#define CTL_ON_STACK 64
/* Messages that one call handles at most. */
#define MMSG_MAX UIO_MAXIOV

struct import {
	struct msghdr m;
	struct sockaddr_storage address;
	struct iovec fast[UIO_FASTIOV];
	struct iovec *heap; /* vectors that did not fit, or NULL */
	void *ctl_heap; /* control data that did not fit, or NULL */
	u8 ctl[CTL_ON_STACK] __aligned(8);
	/* To receive: where the name goes. NULL: nowhere. */
	void __user *uaddr;
	unsigned int flags; /* msg_flags as the program's header has them */
};

static void import_free(struct import *in)
{
	kfree(in->heap);
	kfree(in->ctl_heap);
}

/* @receive: the name is asked for, not given. On error nothing is held. */
static int copy_msghdr_from_user(struct import *in, const void __user *umsg,
				 unsigned int flags, bool receive)
{
	struct msghdr *m = &in->m;
	struct user_msghdr u;
	void __user *name;
	long len;
	int err;

	in->heap = NULL;
	in->ctl_heap = NULL;
	err = get_user_msghdr(&u, umsg, flags);
	if (err)
		return err;
	name = u64_to_user_ptr(u.msg_name);
	memset(m, 0, sizeof(*m));
	in->flags = u.msg_flags;
	m->msg_control = u64_to_user_ptr(u.msg_control);
	m->msg_control_is_user = true;
	m->msg_controllen = u.msg_controllen;

	if (!name)
		u.msg_namelen = 0;
	if (u.msg_namelen < 0)
		return fail(-EINVAL, "negative name length");
	/* LINUX: a name that is too long is cut, not refused. */
	u.msg_namelen = min(u.msg_namelen, (s32)sizeof(in->address));
	in->uaddr = name;
	if (receive) {
		m->msg_name = &in->address;
	} else if (name && u.msg_namelen) {
		err = move_addr_to_kernel(name, u.msg_namelen, &in->address);
		if (err < 0)
			return err;
		m->msg_name = &in->address;
		m->msg_namelen = u.msg_namelen;
	}
	if (u.msg_iovlen > UIO_MAXIOV)
		return fail(-EMSGSIZE, "more than 1024 vectors");
	len = import_iovec(u.msg_iov, u.msg_iovlen, flags & MSG_CMSG_COMPAT,
			   in->fast, &in->heap, &m->msg_iter);
	if (len < 0)
		import_free(in);
	return len < 0 ? (int)len : 0;
}

/* Control data to send becomes kernel memory in the native layout. */
static int import_control(struct socket *sock, struct import *in,
			  unsigned int flags)
{
	size_t max = (size_t)sock->net->core.optmem_max;
	struct msghdr *m = &in->m;
	const void __user *uctl = m->msg_control;
	size_t len = m->msg_controllen;
	void *ctl = in->ctl;
	int err;

	m->msg_control_is_user = false;
	if (len > INT32_MAX)
		return fail(-ENOBUFS, "control data exceeds optmem_max");
	if (!len) {
		m->msg_control = NULL;
		return 0;
	}
	if (flags & MSG_CMSG_COMPAT) {
		err = cmsghdr_from_user_compat_to_kern(
			uctl, len, max, &in->ctl_heap, &m->msg_controllen);
		m->msg_control = in->ctl_heap;
		return err;
	}
	if (len > sizeof(in->ctl)) {
		if (len >= max)
			return fail(-ENOBUFS,
				    "control data exceeds optmem_max");
		ctl = in->ctl_heap = kmalloc(len);
		if (!ctl)
			return fail(-ENOBUFS, "no memory for control data");
	}
	if (copy_from_user(ctl, uctl, len))
		return fail(-EFAULT, "bad pointer to control data");
	m->msg_control = ctl;
	return 0;
}

/*
 * One message. @allowed: flags that the header may add. *ret_left: bytes that
 * were not sent.
 */
static int ___sys_sendmsg(struct socket *sock, const void __user *umsg,
			  unsigned int flags, unsigned int allowed,
			  size_t *ret_left)
{
	struct import in;
	int err = copy_msghdr_from_user(&in, umsg, flags, false);
	size_t len;

	if (err)
		return err;
	flags |= in.flags & allowed;
	err = import_control(sock, &in, flags);
	if (err)
		goto out_free;
	in.m.msg_flags = flags;
	if (sock->file->f_flags & O_NONBLOCK)
		in.m.msg_flags |= MSG_DONTWAIT;
	len = iov_iter_count(&in.m.msg_iter);
	err = sock_sendmsg(sock, &in.m);
	*ret_left = err > 0 ? len - (size_t)err : len;
out_free:
	import_free(&in);
	return err;
}

static int refuse_compat(unsigned int flags, bool forbid_cmsg_compat)
{
	if (forbid_cmsg_compat && (flags & MSG_CMSG_COMPAT))
		return fail(-EINVAL, "MSG_CMSG_COMPAT is not a program's");
	return 0;
}

long __sys_sendmsg(int fd, struct user_msghdr __user *msg, unsigned int flags,
		   bool forbid_cmsg_compat)
{
	struct file *file;
	struct socket *sock;
	size_t left;
	int err = refuse_compat(flags, forbid_cmsg_compat);

	if (err)
		return err;
	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = ___sys_sendmsg(sock, msg, flags, 0, &left);
	fput(file);
	return err;
}

/* The sizes of a struct mmsghdr, and where msg_len is in it. */
static size_t mmsg_size(unsigned int flags)
{
	return flags & MSG_CMSG_COMPAT ? sizeof(struct compat_mmsghdr)
				       : sizeof(struct mmsghdr);
}

static int put_msg_len(char __user *entry, unsigned int flags, int len)
{
	size_t off = flags & MSG_CMSG_COMPAT
			     ? offsetof(struct compat_mmsghdr, msg_len)
			     : offsetof(struct mmsghdr, msg_len);

	if (put_user((u32)len, (u32 __user *)(entry + off)))
		return fail(-EFAULT, "bad pointer to the messages");
	return 0;
}

int __sys_sendmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		   unsigned int flags, bool forbid_cmsg_compat)
{
	char __user *entry = (char __user *)vec;
	struct file *file;
	struct socket *sock;
	unsigned int done = 0;
	int err = refuse_compat(flags, forbid_cmsg_compat);

	if (err)
		return err;
	vlen = min(vlen, (unsigned int)MMSG_MAX);
	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	err = 0;
	while (done < vlen) {
		unsigned int f = flags;
		size_t left;

		if (done < vlen - 1)
			f |= MSG_BATCH;
		err = ___sys_sendmsg(sock, entry, f, MSG_EOR, &left);
		if (err < 0)
			break;
		err = put_msg_len(entry, flags, err);
		if (err)
			break;
		done++;
		entry += mmsg_size(flags);
		if (left)
			break;
	}
	fput(file);
	return done ? (int)done : err;
}

/* Name, flags and control length for the program. */
static int export_msg(struct import *in, char __user *umsg, unsigned int flags,
		      const void *control)
{
	bool compat = flags & MSG_CMSG_COMPAT;
	struct msghdr *m = &in->m;
	size_t ctl_len =
		(size_t)((char *)m->msg_control - (const char *)control);
	size_t at_len = compat ? offsetof(struct compat_msghdr, msg_namelen)
			       : offsetof(struct user_msghdr, msg_namelen);
	size_t at_flags = compat ? offsetof(struct compat_msghdr, msg_flags)
				 : offsetof(struct user_msghdr, msg_flags);
	int err;

	if (in->uaddr) {
		err = move_addr_to_user(&in->address, m->msg_namelen, in->uaddr,
					(int __user *)(umsg + at_len));
		if (err < 0)
			return err;
	}
	if (put_user(m->msg_flags & ~MSG_CMSG_COMPAT,
		     (u32 __user *)(umsg + at_flags)))
		goto efault;
	if (compat) {
		umsg += offsetof(struct compat_msghdr, msg_controllen);
		err = put_user((u32)ctl_len, (u32 __user *)umsg);
	} else {
		umsg += offsetof(struct user_msghdr, msg_controllen);
		err = put_user((u64)ctl_len, (u64 __user *)umsg);
	}
	if (!err)
		return 0;
efault:
	return fail(-EFAULT, "bad pointer to the message");
}

/* One message. *ret_flags: MSG_x that it came with. */
static int ___sys_recvmsg(struct socket *sock, void __user *umsg,
			  unsigned int flags, unsigned int *ret_flags)
{
	struct import in;
	void *control;
	int len, err = copy_msghdr_from_user(&in, umsg, flags, true);

	if (err)
		return err;
	control = in.m.msg_control;
	in.m.msg_flags = flags & (MSG_CMSG_CLOEXEC | MSG_CMSG_COMPAT);
	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	len = sock_recvmsg(sock, &in.m, (int)flags);
	if (len < 0)
		goto out_free;
	err = export_msg(&in, umsg, flags, control);
	*ret_flags = in.m.msg_flags;
	if (err)
		len = err;
out_free:
	import_free(&in);
	return len;
}

long __sys_recvmsg(int fd, struct user_msghdr __user *msg, unsigned int flags,
		   bool forbid_cmsg_compat)
{
	struct file *file;
	struct socket *sock;
	unsigned int got;
	int ret = refuse_compat(flags, forbid_cmsg_compat);

	if (ret)
		return ret;
	sock = sockfd_lookup(fd, &file, &ret);
	if (!sock)
		return ret;
	ret = ___sys_recvmsg(sock, msg, flags, &got);
	fput(file);
	return ret;
}

/*
 * What is left of a timeout that ends at @end. False: nothing. LINUX: it is
 * looked at after each message, it does not wake a sleeping receive.
 */
static bool timeout_left(u64 end, struct timespec64 *ret_left)
{
	u64 now = ktime_get_ns(), left = end > now ? end - now : 0;

	ret_left->tv_sec = (s64)(left / NSEC_PER_SEC);
	ret_left->tv_nsec = (s64)(left % NSEC_PER_SEC);
	return left != 0;
}

/*
 * Receive up to @vlen messages. Their number; *ret_err: what stopped it short,
 * or 0.
 */
static unsigned int recv_messages(struct socket *sock, char __user *entry,
				  unsigned int vlen, unsigned int flags,
				  const u64 *end, struct timespec64 *timeout,
				  int *ret_err)
{
	unsigned int done = 0, got;
	int len;

	*ret_err = 0;
	while (done < vlen) {
		if (done) {
			task_settle(current, true);
			current->flags |= TASK_EFFECT;
		}
		len = ___sys_recvmsg(sock, entry, flags & ~MSG_WAITFORONE,
				     &got);
		if (len < 0) {
			*ret_err = len;
			break;
		}
		*ret_err = put_msg_len(entry, flags, len);
		if (*ret_err)
			break;
		done++;
		entry += mmsg_size(flags);
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (end && !timeout_left(*end, timeout))
			break;
		if (got & MSG_OOB)
			break;
	}
	return done;
}

static int do_recvmmsg(int fd, void __user *vec, unsigned int vlen,
		       unsigned int flags, struct timespec64 *timeout)
{
	struct file *file;
	struct socket *sock;
	unsigned int done;
	u64 end = 0;
	int err;

	if (timeout) {
		if (timeout->tv_sec < 0 ||
		    (u64)timeout->tv_nsec >= NSEC_PER_SEC)
			return fail(-EINVAL, "timeout out of range");
		/* A day more or less does not matter after 200 years. */
		end = ktime_get_ns() + (u64)timeout->tv_nsec +
		      (u64)min(timeout->tv_sec, (s64)1 << 32) * NSEC_PER_SEC;
	}
	sock = sockfd_lookup(fd, &file, &err);
	if (!sock)
		return err;
	if (!(flags & MSG_ERRQUEUE)) {
		err = sock_error(sock->sk);
		if (err)
			goto out_put;
	}
	done = recv_messages(sock, vec, vlen, flags, timeout ? &end : NULL,
			     timeout, &err);
	if (done) {
		/*
		 * What stopped it is told to the next call. -EAGAIN says
		 * nothing, and a restart there is none to make.
		 */
		if (err < 0 && err != -EAGAIN && err != -ERESTARTSYS)
			sk_set_err(sock->sk, -err,
				   "what stopped the last recvmmsg");
		err = (int)done;
	}
out_put:
	fput(file);
	return err;
}

int __sys_recvmmsg(int fd, struct mmsghdr __user *vec, unsigned int vlen,
		   unsigned int flags, struct timespec64 __user *timeout,
		   struct old_timespec32 __user *timeout32)
{
	struct timespec64 ts;
	int ret, err;

	if (!timeout && !timeout32)
		return do_recvmmsg(fd, vec, vlen, flags, NULL);
	err = timeout ? get_timespec64(&ts, timeout)
		      : get_old_timespec32(&ts, timeout32);
	if (err)
		return err;
	ret = do_recvmmsg(fd, vec, vlen, flags, &ts);
	if (ret <= 0)
		return ret;
	if (timeout32)
		err = put_old_timespec32(&ts, timeout32);
	else if (copy_to_user(timeout, &ts, sizeof(ts)))
		err = fail(-EFAULT, "bad pointer to the timeout");
	return err ? err : ret;
}
