/* SPDX-License-Identifier: MIT */
/*
 * Sockets of ours that come by SCM_RIGHTS over an AF_UNIX socket of the host.
 *
 * The host would give them the lowest free numbers, which are below the line.
 * So recvmsg() with room for control data is looked at: when a message waits
 * that carries a placeholder, we receive it for the program, give each
 * descriptor its number, and write everything where the host would have. Any
 * other message is left to the host. When none waits yet, we wait for it.
 *
 * DEVIATION: recvmmsg() is not looked at; docs/LIMITS.md
 */
#include "ports/host/host.h"

#include "fs/iovec.h"
#include "kernel/slab.h"
#include "net/core/scm.h"
#include "net/net.h"
#include "ports/host/pump.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <string.h>

#define CONTROL_MAX 4096
#define DATA_MAX (256UL << 10)
#define FDS_MAX 253 /* SCM_MAX_FD */
#define SCM_PIDFD 4

/* The fields of the program's struct msghdr, whichever its ABI. */
struct user_message {
	u64 addr, name, iov, iovlen, control, controllen;
	u32 namelen;
	bool compat;
};

static int message_from(struct user_message *m, int tid, u64 addr, bool compat)
{
	struct user_msghdr w;
	struct compat_msghdr c;

	if (!compat) {
		if (umem_peek(tid, &w, addr, sizeof(w)))
			return -EFAULT;
		*m = (struct user_message){
			.name = w.msg_name,
			.namelen = (u32)w.msg_namelen,
			.iov = w.msg_iov,
			.iovlen = w.msg_iovlen,
			.control = w.msg_control,
			.controllen = w.msg_controllen,
		};
	} else {
		if (umem_peek(tid, &c, (u32)addr, sizeof(c)))
			return -EFAULT;
		*m = (struct user_message){
			.name = c.msg_name,
			.namelen = (u32)c.msg_namelen,
			.iov = c.msg_iov,
			.iovlen = c.msg_iovlen,
			.control = c.msg_control,
			.controllen = c.msg_controllen,
			.compat = true,
		};
	}
	m->addr = addr;
	return 0;
}

/* Length of the name, length of control data, flags. */
static int message_to(const struct user_message *m, u32 namelen,
		      size_t controllen, u32 flags)
{
	struct user_msghdr __user *w = u64_to_user_ptr(m->addr);
	struct compat_msghdr __user *c = u64_to_user_ptr(m->addr);
	int err;

	if (m->compat) {
		err = put_user((s32)namelen, &c->msg_namelen);
		err |= put_user((u32)controllen, &c->msg_controllen);
		err |= put_user(flags, &c->msg_flags);
	} else {
		err = put_user((s32)namelen, &w->msg_namelen);
		err |= put_user((u64)controllen, &w->msg_controllen);
		err |= put_user(flags, &w->msg_flags);
	}
	return err ? -EFAULT : 0;
}

/* ---- what waits ---- */

struct control {
	size_t len;
	char buf[CONTROL_MAX] __aligned(8);
};

static struct cmsghdr *next_cmsg(struct control *c, struct cmsghdr *h)
{
	char *p = h ? (char *)h + CMSG_ALIGN(h->cmsg_len) : c->buf;

	if (p + sizeof(*h) > c->buf + c->len)
		return NULL;
	h = (struct cmsghdr *)p;
	if (h->cmsg_len < sizeof(*h) || p + h->cmsg_len > c->buf + c->len)
		return NULL;
	return h;
}

static bool brings_fds(const struct cmsghdr *h)
{
	return h->cmsg_level == SOL_SOCKET &&
	       (h->cmsg_type == SCM_RIGHTS || h->cmsg_type == SCM_PIDFD);
}

static unsigned int nr_fds(const struct cmsghdr *h)
{
	return (unsigned int)((h->cmsg_len - sizeof(*h)) / sizeof(int));
}

/* Close the descriptors that came; was one of ours among them? */
static bool drop_fds(struct control *c)
{
	bool ours = false;

	for (struct cmsghdr *h = next_cmsg(c, NULL); h; h = next_cmsg(c, h)) {
		int *fd = CMSG_DATA(h);

		for (unsigned int i = 0; brings_fds(h) && i < nr_fds(h); i++) {
			if (placeholder_by_inode(os_inode(fd[i], NULL)))
				ours = true;
			os_close(fd[i]);
		}
	}
	return ours;
}

/* 1: a message with a socket of ours waits. 0: another one. -EAGAIN: none. */
static int look(int fd, struct control *c)
{
	unsigned int namelen = 0;
	int flags;
	char byte;
	ssize_t n;

	c->len = sizeof(c->buf);
	n = os_recvmsg(fd, &byte, 1, NULL, &namelen, c->buf, &c->len, MSG_PEEK,
		       &flags);
	if (n < 0)
		return n == -EAGAIN ? -EAGAIN : 0;
	return drop_fds(c);
}

/* ---- receiving it for the program ---- */

/* A number in the program for our @fd. */
static int give_fd(struct call *c, int fd, u32 flags)
{
	struct supervisor *sv = supervisor();
	struct placeholder *ph = placeholder_by_inode(os_inode(fd, NULL));
	int at = ph ? process_new_fd(c->proc) : FD_LOWEST;

	if (at < FD_LOWEST)
		return at;
	if (ph && at == FD_LOWEST && !sv->opt->lowest_fd)
		pump_lower(ph, fd);
	at = os_notif_addfd(sv->listener, c->id, fd, at, flags, false);
	if (at >= 0 && ph)
		process_set_fd(c->proc, at, ph);
	return at;
}

static int give_control(struct call *c, struct control *from, struct msghdr *to,
			u32 fd_flags)
{
	int given[FDS_MAX], err = 0;

	for (struct cmsghdr *h = next_cmsg(from, NULL); h;
	     h = next_cmsg(from, h)) {
		size_t hdr = to->msg_flags & MSG_CMSG_COMPAT
				     ? sizeof(struct compat_cmsghdr)
				     : sizeof(struct cmsghdr);
		int *fd = CMSG_DATA(h);
		unsigned int n = 0, room;

		if (!brings_fds(h)) {
			err |= put_cmsg(to, h->cmsg_level, h->cmsg_type,
					(int)(h->cmsg_len - sizeof(*h)), fd);
			continue;
		}
		room = to->msg_controllen > hdr
			       ? (unsigned int)((to->msg_controllen - hdr) /
						sizeof(int))
			       : 0;
		while (n < min(min(nr_fds(h), room), (unsigned int)FDS_MAX)) {
			given[n] = give_fd(c, fd[n], fd_flags);
			if (given[n] < 0)
				break;
			n++;
		}
		if (n < nr_fds(h))
			to->msg_flags |= MSG_CTRUNC;
		if (n)
			err |= put_cmsg(to, h->cmsg_level, h->cmsg_type,
					(int)(n * sizeof(int)), given);
	}
	return err ? -EFAULT : 0;
}

static long receive(struct call *c, int fd, const struct user_message *m,
		    struct control *ctl, u32 flags)
{
	struct iovec fast[UIO_FASTIOV], *heap = NULL;
	struct sockaddr_storage name;
	unsigned int namelen = sizeof(name);
	struct iov_iter iter;
	struct msghdr to = {
		.msg_control = (void *)(uintptr_t)m->control,
		.msg_control_is_user = true,
		.msg_controllen = m->controllen,
		.msg_flags = m->compat ? MSG_CMSG_COMPAT : 0,
	};
	long ret =
		import_iovec(m->iov, m->iovlen, m->compat, fast, &heap, &iter);
	size_t room;
	int got_flags = 0;
	char *buf;

	if (ret < 0)
		goto out_iov;
	room = min((size_t)ret, DATA_MAX);
	buf = kmalloc(max(room, (size_t)1));
	if (!buf) {
		ret = -ENOMEM;
		goto out_iov;
	}
	ctl->len = sizeof(ctl->buf);
	ret = os_recvmsg(fd, buf, room, &name, &namelen, ctl->buf, &ctl->len,
			 (int)(flags & (MSG_PEEK | MSG_TRUNC)), &got_flags);
	if (ret < 0)
		goto out_buf;
	current->flags |= TASK_EFFECT;
	if (copy_to_iter(buf, min((size_t)ret, room), &iter) <
	    min((size_t)ret, room))
		ret = -EFAULT;
	if (give_control(c, ctl, &to, flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0))
		ret = -EFAULT;
	(void)drop_fds(ctl);
	to.msg_flags |=
		(u32)got_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_EOR | MSG_OOB);
	if (m->name && copy_to_user(u64_to_user_ptr(m->name), &name,
				    min(namelen, m->namelen)))
		ret = -EFAULT;
	if (message_to(m, m->name ? namelen : 0,
		       m->controllen - to.msg_controllen,
		       to.msg_flags & ~MSG_CMSG_COMPAT))
		ret = -EFAULT;
out_buf:
	kfree(buf);
out_iov:
	kfree(heap);
	return ret;
}

/* The program's own call, with arguments by socketcall or not. */
static int call_args(struct task *t, u64 *msg, u64 *flags)
{
	struct supervisor *sv = supervisor();
	u32 a[3];

	if (sv->kind[t->regs.arch][t->regs.nr] != GK_SOCKETCALL) {
		*msg = t->regs.args[1];
		*flags = (u32)t->regs.args[2];
		return 0;
	}
	if (umem_peek(t->tid, a, (u32)t->regs.args[1], sizeof(a)))
		return -EFAULT;
	*msg = a[1];
	*flags = a[2];
	return 0;
}

static void serve_recvmsg(struct task *t)
{
	struct call *c = call_of(t);
	struct control *ctl = kmalloc(sizeof(*ctl));
	struct user_message m;
	u64 msg, flags;
	int fd, is = 0;

	c->resume = true;
	fd = process_getfd(c->proc, c->fd);
	if (fd < 0 || !ctl || call_args(t, &msg, &flags) ||
	    message_from(&m, c->tid, msg, t->regs.arch == ABI_I386))
		goto out;
	for (;;) {
		is = look(fd, ctl);
		if (is != -EAGAIN || (flags & MSG_DONTWAIT) ||
		    (os_getfl(fd) & O_NONBLOCK) || wait_fd(fd, EPOLLIN))
			break;
	}
	if (is == 1) {
		c->resume = false;
		t->regs.ret = receive(c, fd, &m, ctl, (u32)flags);
	}
out:
	os_close(fd);
	kfree(ctl);
	call_finish(t);
}

bool scm_recvmsg(struct thread *th, const struct seccomp_notif *n, int fd,
		 u64 msg, u64 flags)
{
	struct user_message m;

	if ((flags & (MSG_ERRQUEUE | MSG_OOB)) ||
	    message_from(&m, th->tid, msg, abi_of(n) == ABI_I386) ||
	    !m.control || !m.controllen)
		return false;
	serve(th, n, NULL, fd, serve_recvmsg);
	return true;
}
