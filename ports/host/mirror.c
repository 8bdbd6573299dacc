/* SPDX-License-Identifier: MIT */
/*
 * Readiness: what the socket's poll says is made true of A, so that the
 * program's own epoll finds it there, in the host's system. Also polls that
 * the core cannot serve (pollset.c), and anything that looks at low numbers.
 * Nothing is done until one of these may look: from the first epoll_create()
 * of any program for all sockets (what epoll_ctl() adds is not worth a trap: a
 * server may call it several times a request), else for one: mirror_arm().
 *
 *   readable       D sends a marker byte; taken back when it is not any more
 *   not writable   A's buffer is filled; D takes the filler when it is again
 *   RDHUP          D is shut down for sending
 *   HUP            D is shut down
 *   ERR            D is closed with data unread
 *   PRI            an out-of-band byte
 *   a new edge     one more marker, for those who watch for edges
 *
 * A function on the socket's wait queue notes that something changed; what it
 * is now is looked at once before the loop's answers go out, when every
 * waiting reader has had its turn. So a socket that is only ever read by
 * blocked calls never has a marker. Becoming not readable or not writable is
 * always some call's doing, so there is a process to reach A by.
 *
 * DEVIATION: the ends are final, as AF_UNIX knows no way back. So HUP without
 * RDHUP (a new socket) is not shown at all; and ERR without HUP (datagrams) as
 * readable; docs/LIMITS.md
 */
#include "ports/host/host.h"

#include "net/net.h"
#include "ports/host/pump.h"
#include <asm/errno.h>

#define FILLER_BYTES 1024
/*
 * Who watches for edges is not known, so all get them: so many markers, then
 * they are taken back.
 */
#define MARKERS_MAX 16

static bool mirror_wake(struct wait_queue_entry *e, u32 key)
{
	struct placeholder *ph = e->private;

	if (!key || (key & (EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP)))
		ph->edge = true;
	mirror_dirty(ph);
	return false;
}

void mirror_arm(struct placeholder *ph)
{
	struct socket *sock = sock_from_file(ph->file);

	if (!sock || ph->armed)
		return;
	ph->armed = true;
	init_waitqueue_func_entry(&ph->wait, mirror_wake, ph);
	add_wait_queue(&sock->wq, &ph->wait);
	mirror_dirty(ph);
}

void mirror_arm_all(void)
{
	struct supervisor *sv = supervisor();
	struct placeholder *ph;

	if (sv->mirrored)
		return;
	sv->mirrored = true;
	for (unsigned int i = 0; i < INO_BUCKETS; i++)
		hlist_for_each_entry(ph, &sv->inodes[i], node)
			if (ph->file)
				mirror_arm(ph);
	mirror_flush();
}

void mirror_stop(struct placeholder *ph)
{
	struct socket *sock = sock_from_file(ph->file);

	if (sock && ph->armed)
		remove_wait_queue(&sock->wq, &ph->wait);
	list_del_init(&ph->dirty);
}

static void take_markers(struct placeholder *ph, int a)
{
	char buf[2 * MARKERS_MAX];

	if (ph->pri) {
		(void)os_recv_oob(a);
		ph->pri = false;
	}
	/* A stream gives all at once, packets come one by one. */
	do
		if (os_recv(a, buf, sizeof(buf)) <= 0)
			break;
	while (ph->packets && --ph->markers);
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

	/* So small that one filler is enough; a pump sets it back. */
	if (!ph->small)
		(void)os_set_sndbuf(a, 1);
	ph->small = true;
	while (os_send(a, filler, sizeof(filler)) > 0)
		;
	ph->filled = true;
}

/* A's owner is told that it is writable, which it was already. */
static void tell_space(struct placeholder *ph, int *a)
{
	if (*a < 0)
		*a = placeholder_a(ph);
	if (*a < 0)
		return;
	fill(ph, *a);
	take_filler(ph);
}

/* A's owner gets SIGURG by that. */
static void send_pri(struct placeholder *ph)
{
	ph->pri = os_send_oob(ph->d) == 1;
	if (ph->pri)
		ph->urg = false;
}

static void mark(struct placeholder *ph, int *a)
{
	if (ph->markers == MARKERS_MAX) {
		if (*a < 0)
			*a = placeholder_a(ph);
		if (*a < 0)
			return;
		take_markers(ph, *a);
	}
	if (os_send(ph->d, "!", 1) == 1)
		ph->markers++;
}

/*
 * The end of a connection by an error: A shows ERR when D is closed with data
 * unread. With D goes our sign of A's last close; so before, A is sent the end
 * of another pair, which lies in its queue and is closed with it.
 */
static void hang_up_error(struct placeholder *ph, int *a)
{
	struct supervisor *sv = supervisor();
	int pair[2];

	if (*a < 0)
		*a = placeholder_a(ph);
	if (*a < 0 || os_socketpair(true, pair))
		return;
	if (!ph->filled)
		fill(ph, *a);
	if (os_epoll_add(sv->ep, pair[0], OS_EPOLLIN, &ph->watch) ||
	    os_send_fd(ph->d, pair[1]) != 1) {
		os_close(pair[0]);
		os_close(pair[1]);
		return;
	}
	/* At once: A is readable by now, and the rest should come with it. */
	os_close(ph->d);
	os_close(pair[1]);
	ph->d = pair[0];
	ph->hup = ph->err = true;
	ph->filled = false;
}

/*
 * The end of a connection. From now on D is hung up by our own doing; see
 * d_event() for how A's last close is told then.
 */
static void hang_up(struct placeholder *ph, bool err, int *a)
{
	/* A half closed D cannot send any more. */
	if (err && !ph->rdhup)
		hang_up_error(ph, a);
	if (ph->hup)
		return;
	if (ph->filled)
		take_filler(ph);
	ph->hup = ph->blind = true;
	(void)os_shutdown(ph->d, true, true);
}

/* The connection is over; what may still change is whether an error waits. */
static void update_ended(struct placeholder *ph, u32 mask)
{
	int a;

	if (!ph->err || (mask & EPOLLERR))
		return;
	a = placeholder_a(ph);
	if (a < 0)
		return;
	(void)os_take_error(a);
	os_close(a);
	ph->err = false;
}

void mirror_update(struct placeholder *ph)
{
	struct file *f = ph->file;
	int a = ph->a;
	u32 mask;
	bool in, out, rdhup;

	list_del_init(&ph->dirty);
	if (!f || ph->pump || (ph->low && pump_check(ph)))
		return;
	mask = f->f_op->poll(f, NULL);
	if (ph->hup) {
		update_ended(ph, mask);
		return;
	}
	in = mask & (EPOLLIN | EPOLLERR);
	out = mask & (EPOLLOUT | EPOLLERR | EPOLLHUP);
	rdhup = mask & EPOLLRDHUP;

	if ((!in && (ph->markers || ph->pri) && !ph->rdhup) ||
	    (!out && !ph->filled) || (ph->pri && !(mask & EPOLLPRI)))
		if (a < 0)
			a = placeholder_a(ph);

	if (rdhup && (mask & EPOLLHUP)) {
		hang_up(ph, mask & EPOLLERR, &a);
		goto out;
	}
	if (rdhup && !ph->rdhup) {
		ph->rdhup = true;
		(void)os_shutdown(ph->d, false, true);
	}
	if (in && !ph->rdhup && (!ph->markers || ph->edge))
		mark(ph, &a);
	else if (!in && ph->markers && !ph->rdhup && a >= 0)
		take_markers(ph, a);
	if (!ph->packets && (mask & EPOLLPRI) && !ph->pri && !ph->rdhup)
		send_pri(ph);
	else if (ph->pri && !(mask & EPOLLPRI) && a >= 0) {
		(void)os_recv_oob(a);
		ph->pri = false;
	}
	if (!out && !ph->filled && a >= 0)
		fill(ph, a);
	else if (out && ph->filled)
		take_filler(ph);
	else if (out && ph->space)
		tell_space(ph, &a);
out:
	if (ph->urg)
		sigio_missed(ph);
	ph->edge = ph->space = false;
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
