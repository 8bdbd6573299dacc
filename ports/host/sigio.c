/* SPDX-License-Identifier: MIT */
/*
 * SIGIO and SIGURG, by the host's system: only it may send a signal that
 * carries si_fd and si_band, and only it knows a process by more than its
 * number. So what a program says about owner, signal and O_ASYNC is noted by
 * the core, and then goes on natively to A; and what happens to the socket is
 * made to happen to A, which is what the mirror does anyway.
 *
 *   POLL_IN     a marker; the end of the peer's data
 *   POLL_OUT    A is filled, and the filler taken
 *   POLL_HUP    the end of the connection
 *   SIGURG      an out-of-band byte; datagram sockets: a signal of ours
 *
 * DEVIATION: AF_UNIX has no POLL_ERR: an error comes as POLL_IN or POLL_HUP;
 * docs/LIMITS.md
 */
#include "ports/host/host.h"

#include "net/sockfs.h"
#include "uapi/socket.h"
#include <asm/errno.h>

bool sigio_is_request(u32 cmd)
{
	return cmd == FIOASYNC || cmd == FIOSETOWN || cmd == FIOGETOWN ||
	       cmd == SIOCSPGRP || cmd == SIOCGPGRP;
}

void serve_owner_call(struct task *t)
{
	struct call *c = call_of(t);
	struct file *f = c->ph->file;
	unsigned int was = f ? f->f_flags : 0;
	bool flags = (u32)t->regs.args[1] == F_SETFL;

	system_call(t);
	if ((s64)t->regs.ret >= 0 && c->ph->file &&
	    (!flags || ((was ^ f->f_flags) & FASYNC))) {
		c->resume = c->also = true;
		if (f->f_flags & FASYNC)
			mirror_arm(c->ph);
	}
	call_finish(t);
}

static bool tell_owner(struct placeholder *ph, int sig)
{
	int a = placeholder_a(ph);

	if (a < 0)
		return false;
	(void)os_kill_owner(a, sig);
	os_close(a);
	return true;
}

bool gate_sigio(struct file *f, int sig, int band)
{
	struct placeholder *ph = f->f_port;

	if (!ph)
		return false;
	if (sig != SIGURG && !ph->armed)
		return false;
	if (sig != SIGURG) {
		if (band == POLL_OUT && !ph->pump) {
			ph->space = true;
			mirror_dirty(ph);
		}
		return true;
	}
	if (band) /* POLL_PRI of F_SETSIG comes with the byte itself */
		return true;
	if (!ph->armed || ph->packets || ph->pump || ph->pri || ph->rdhup)
		return tell_owner(ph, sig);
	ph->urg = true;
	mirror_dirty(ph);
	return true;
}

void sigio_missed(struct placeholder *ph)
{
	ph->urg = false;
	(void)tell_owner(ph, SIGURG);
}
