/* SPDX-License-Identifier: MIT */
/*
 * close() of a socket with SO_LINGER waits for the peer. Which close is the
 * last one shows only when A is gone, and then the call is over; so its number
 * is given to another file (/dev/null) while the call waits, and the whole tree
 * of programs searched for A. Nobody has it: then the socket is closed here
 * and now, with its wait, and the program's system closes the number at last.
 *
 * A that is on its way in a message (SCM_RIGHTS) is seen nowhere: a socket
 * that may be is closed without waiting.
 */
#include "ports/host/host.h"

#include "net/core/sock.h"
#include "net/core/tcp_states.h"
#include "net/net.h"
#include <unistd.h>

static bool lingers(const struct placeholder *ph)
{
	struct socket *sock = sock_from_file(ph->file);
	struct sock *sk = sock ? sock->sk : NULL;

	return sk && sock->type == SOCK_STREAM && sock_flag(sk, SOCK_LINGER) &&
	       sk->sk_lingertime && sk->sk_state != TCP_CLOSE &&
	       sk->sk_state != TCP_LISTEN;
}

static void serve_close(struct task *t)
{
	struct call *c = call_of(t);
	struct placeholder *ph = c->ph;
	int dummy = os_open_null(), fd = -1;
	struct file *f;

	/* A call that was begun meanwhile has the file to its end. */
	if (dummy >= 0 && ph->file && ph->file->f_count == 1)
		fd = os_notif_addfd(supervisor()->listener, c->id, dummy, c->fd,
				    O_CLOEXEC, false);
	os_close(dummy);
	process_forget_fd(c->proc, c->fd);
	if (fd >= 0 && !os_tree_has_socket(getpid(), ph->ino)) {
		f = placeholder_take(ph);
		fput(f);
	}
	/* Void: it must be made again, for the number is still open. */
	c->resume = c->again = true;
	t->regs.ret = 0;
	call_finish(t);
}

bool linger_close(struct thread *th, const struct seccomp_notif *n, int fd)
{
	struct placeholder *ph;

	if (process_fd(th->proc, fd, &ph) != FD_OURS || !lingers(ph) ||
	    ph->low || ph->born < supervisor()->passed)
		return false;
	serve(th, n, ph, fd, serve_close);
	return true;
}
