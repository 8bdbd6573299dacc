/* SPDX-License-Identifier: MIT */
/*
 * Readiness: what the socket's poll says is made true of A, so that the
 * program's own poll, select and epoll find it there, in the host's system.
 *
 *   readable       D sends a marker byte; taken back when it is not any more
 *   not writable   A's buffer is filled; D takes the filler when it is again
 *   RDHUP, HUP     D is shut down. Final: AF_UNIX knows no way back
 *   PRI            an out-of-band byte
 *   a new edge     one more marker, for those who watch for edges
 *
 * A function on the socket's wait queue notes that something changed; what it
 * is now is looked at once before the loop's answers go out, when every
 * waiting reader has had its turn. So a socket that is only ever read by
 * blocked calls never has a marker. Becoming not readable or not writable is
 * always some call's doing, so there is a process to reach A by.
 *
 * DEVIATION: ERR is shown as readable, and a connection that never was (a
 * refused connect, a new socket) shows no HUP: AF_UNIX could not take it back
 * for the next connect(); docs/LIMITS.md
 */
#include "ports/host/host.h"

#include "net/net.h"
#include "ports/host/pump.h"
#include <asm/errno.h>

#define FILLER_BYTES 1024

static bool mirror_wake(struct wait_queue_entry *e, u32 key)
{
	struct placeholder *ph = e->private;

	if (!key || (key & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP)))
		ph->edge = true;
	mirror_dirty(ph);
	return false;
}

void mirror_start(struct placeholder *ph)
{
	struct socket *sock = sock_from_file(ph->file);

	if (!sock)
		return;
	init_waitqueue_func_entry(&ph->wait, mirror_wake, ph);
	add_wait_queue(&sock->wq, &ph->wait);
	mirror_dirty(ph);
}

void mirror_stop(struct placeholder *ph)
{
	struct socket *sock = sock_from_file(ph->file);

	if (sock)
		remove_wait_queue(&sock->wq, &ph->wait);
	list_del_init(&ph->dirty);
}

static void take_markers(struct placeholder *ph, int a)
{
	char buf[256];

	if (ph->pri) {
		(void)os_recv_oob(a);
		ph->pri = false;
	}
	/* An edge more or less may have been lost to a full buffer. */
	while (os_recv(a, buf, sizeof(buf)) > 0)
		;
	ph->markers = 0;
}

static void take_filler(struct placeholder *ph)
{
	static char buf[4 * FILLER_BYTES];

	while (os_recv(ph->d, buf, sizeof(buf)) > 0)
		;
	ph->filled = false;
}

static void fill(struct placeholder *ph, int a)
{
	static const char filler[FILLER_BYTES];

	while (os_send(a, filler, sizeof(filler)) > 0)
		;
	ph->filled = true;
}

static void mark(struct placeholder *ph, int *a)
{
	if (os_send(ph->d, "!", 1) == 1) {
		ph->markers++;
		return;
	}
	/* Full of edges that nobody took: begin again. */
	if (*a < 0)
		*a = placeholder_a(ph);
	if (*a < 0)
		return;
	take_markers(ph, *a);
	if (os_send(ph->d, "!", 1) == 1)
		ph->markers++;
}

static void hang_up(struct placeholder *ph, bool hup, int *a)
{
	if (!ph->markers)
		mark(ph, a);
	if (hup)
		ph->hup = true;
	ph->rdhup = true;
	/*
	 * Reading from D goes on after a half shutdown only; and the filler
	 * must not stay in the way of a program that waits for an error.
	 */
	if (ph->filled && hup)
		take_filler(ph);
	(void)os_shutdown(ph->d, hup, true);
}

void mirror_update(struct placeholder *ph)
{
	struct file *f = ph->file;
	int a = ph->a;
	u32 mask;
	bool in, out, rdhup, hup;

	list_del_init(&ph->dirty);
	if (!f || ph->pump || (ph->low && pump_check(ph)))
		return;
	mask = f->f_op->poll(f);
	if ((mask & EPOLLOUT) && !(mask & EPOLLHUP))
		ph->was_connected = true;
	in = mask & (EPOLLIN | EPOLLERR);
	out = mask & (EPOLLOUT | EPOLLERR | EPOLLHUP);
	rdhup = (mask & EPOLLRDHUP) && ph->was_connected;
	hup = (mask & EPOLLHUP) && rdhup;

	if ((!in && (ph->markers || ph->pri) && !ph->rdhup) ||
	    (!out && !ph->filled) || (ph->pri && !(mask & EPOLLPRI)))
		if (a < 0)
			a = placeholder_a(ph);

	if (in && (!ph->markers || (ph->edge && ph->et)))
		mark(ph, &a);
	else if (!in && ph->markers && !ph->rdhup && a >= 0)
		take_markers(ph, a);
	ph->edge = false;
	if (!ph->packets && (mask & EPOLLPRI) && !ph->pri)
		ph->pri = os_send_oob(ph->d) == 1;
	else if (ph->pri && !(mask & EPOLLPRI) && a >= 0) {
		(void)os_recv_oob(a);
		ph->pri = false;
	}
	if (!out && !ph->filled && a >= 0)
		fill(ph, a);
	else if (out && ph->filled)
		take_filler(ph);
	if ((rdhup && !ph->rdhup) || (hup && !ph->hup))
		hang_up(ph, hup, &a);
	if (a >= 0 && a != ph->a)
		os_close(a);
}

void mirror_flush(void)
{
	struct supervisor *sv = supervisor();

	while (!list_empty(&sv->dirty))
		mirror_update(list_first_entry(&sv->dirty, struct placeholder,
					       dirty));
}

void mirror_clear(struct placeholder *ph, int a)
{
	take_markers(ph, a);
	if (ph->filled)
		take_filler(ph);
	list_del_init(&ph->dirty);
}
