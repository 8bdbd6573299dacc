/* SPDX-License-Identifier: MIT */
/*
 * Carrying bytes between D and its socket: see pump.h.
 *
 *	program --write--> A D --recv--> out task --sock_sendmsg--> socket
 *	program <--read--- A D <--send--- in task <--sock_recvmsg-- socket
 *
 * Both tasks sleep: on the host's descriptor by its events in the loop, on the
 * socket as any reader and writer does. The end of the socket's stream is
 * shown to A by shutting D down for sending. Its receiving side is left open,
 * for its end is how the last close is told; unless the connection broke, when
 * A's writers must see EPIPE (struct placeholder.blind then).
 */
#include "ports/host/pump.h"

#include "net/core/sock.h"
#include "net/core/tcp_states.h"
#include "net/net.h"
#include "trace/trace.h"
#include <asm/errno.h>
#include <stdlib.h>

#define PUMP_BYTES 32768
/* As any other AF_UNIX socket of the host. */
#define PUMP_SNDBUF 212992
#define EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

struct pump {
	struct placeholder *ph; /* NULL: A is closed everywhere */
	struct file *file; /* counted, by each task */
	int d;
	struct task *out, *in; /* NULL: ended */
	struct wait_queue_head wq; /* events on D; progress */
	unsigned int seq; /* number of events so far */
	unsigned int draining; /* calls in pump_drain() */
	bool idle; /* out: nothing to carry at last look */
	bool closed; /* A is */
	char out_buf[PUMP_BYTES], in_buf[PUMP_BYTES];
};

static void pump_put(struct pump *p)
{
	if (!p->out && !p->in && !p->ph && !p->draining)
		free(p);
}

/* Wait for the next event on D after number @seq. False: stop. */
static bool pump_wait(struct pump *p, unsigned int seq)
{
	return !wait_event_interruptible(p->wq, p->seq != seq || p->closed) &&
	       !p->closed;
}

/* ---- program to socket ---- */

static bool out_send(struct socket *sock, const char *buf, size_t n)
{
	size_t done = 0;

	do {
		struct msghdr m = { .msg_flags = MSG_NOSIGNAL };
		int ret;

		iov_iter_kernel(&m.msg_iter, buf + done, n - done);
		ret = sock_sendmsg(sock, &m);
		/* A datagram that is refused is lost, as on the wire. */
		if (ret < 0 && sock->type != SOCK_STREAM &&
		    !signal_pending(current))
			return true;
		if (ret < 0)
			return false;
		done += (size_t)ret;
	} while (done < n);
	return true;
}

/* Carry until D is empty. False: no more will come, or none can go. */
static bool out_carry(struct pump *p, struct socket *sock)
{
	for (;;) {
		ssize_t n = os_recv(p->d, p->out_buf, PUMP_BYTES);

		if (n == -EAGAIN)
			return true;
		if (n < 0 || (!n && sock->type == SOCK_STREAM)) {
			p->closed = true;
			return false;
		}
		if (!n && (os_poll_now(p->d, EPOLLIN) & EPOLLHUP)) {
			p->closed = true;
			return false;
		}
		if (!out_send(sock, p->out_buf, (size_t)n)) {
			/* The writers shall know: EPIPE. */
			(void)os_shutdown(p->d, true, true);
			if (p->ph)
				p->ph->blind = true;
			return false;
		}
	}
}

static void out_task(struct task *t)
{
	struct pump *p = t->arg;
	struct file *f = p->file;
	struct socket *sock = sock_from_file(f);

	while (!p->closed) {
		unsigned int seq = p->seq;

		p->idle = false;
		if (!out_carry(p, sock))
			break;
		p->idle = true;
		wake_up_interruptible_all(&p->wq);
		if (!pump_wait(p, seq))
			break;
	}
	p->idle = true;
	wake_up_interruptible_all(&p->wq);
	if (p->closed && p->in)
		task_interrupt(p->in);
	/* It stops the pump, and must not be the one to free it. */
	if (p->closed && p->ph)
		placeholder_closed(p->ph);
	p->out = NULL;
	pump_put(p);
	fput(f);
}

/* ---- socket to program ---- */

static bool in_send(struct pump *p, const char *buf, size_t n)
{
	while (n) {
		unsigned int seq = p->seq;
		ssize_t ret = os_send(p->d, buf, n);

		if (ret == -EAGAIN) {
			if (!pump_wait(p, seq))
				return false;
			continue;
		}
		if (ret < 0)
			return false;
		buf += ret;
		n -= (size_t)ret;
	}
	return true;
}

static void in_task(struct task *t)
{
	struct pump *p = t->arg;
	struct file *f = p->file;
	struct socket *sock = sock_from_file(f);

	while (!p->closed) {
		struct msghdr m = { .msg_flags = 0 };
		int n;

		iov_iter_kernel(&m.msg_iter, p->in_buf, PUMP_BYTES);
		n = sock_recvmsg(sock, &m, 0);
		task_settle(t, true);
		if (p->closed || signal_pending(t))
			break;
		if (n < 0 && sock->type != SOCK_STREAM)
			continue; /* an ICMP error, told once */
		if (n <= 0 && (sock->type == SOCK_STREAM ||
			       (sock->sk->sk_shutdown & RCV_SHUTDOWN))) {
			(void)os_shutdown(p->d, false, true);
			break;
		}
		if (!in_send(p, p->in_buf, (size_t)n))
			break;
	}
	p->in = NULL;
	pump_put(p);
	fput(f);
}

/* ---- start, events, end ---- */

static bool is_connected(struct socket *sock)
{
	if (!sock || !sock->sk)
		return sock && sock->parked;
	switch (sock->sk->sk_state) {
	case TCP_LISTEN:
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		return false;
	case TCP_CLOSE: /* data may be left */
		return sock->sk->sk_shutdown & RCV_SHUTDOWN;
	}
	return true;
}

static struct task *pump_task(struct pump *p, void (*fn)(struct task *))
{
	struct task *t = task_create(fn, p);

	if (!t)
		return NULL;
	t->cred.caps = ~0ULL;
	if (p->ph->holder)
		t->pid = p->ph->holder->pid;
	get_file(p->file);
	return t;
}

/* Both or none. */
static bool pump_tasks(struct pump *p)
{
	p->out = pump_task(p, out_task);
	p->in = p->out ? pump_task(p, in_task) : NULL;
	if (p->out)
		task_wake_new(p->out);
	if (p->in) {
		task_wake_new(p->in);
		return true;
	}
	p->closed = true; /* ends what there is */
	return false;
}

static void pump_start(struct placeholder *ph, int a)
{
	struct supervisor *sv = supervisor();
	struct pump *p = calloc(1, sizeof(*p));

	if (!p)
		return;
	p->ph = ph;
	p->file = ph->file;
	p->d = ph->d;
	init_waitqueue_head(&p->wq);
	mirror_clear(ph, a);
	if (ph->small)
		(void)os_set_sndbuf(a, PUMP_SNDBUF);
	ph->pump = p;
	if (!pump_tasks(p) || os_epoll_mod(sv->ep, ph->d, EVENTS, &ph->watch))
		pr_err("trapgate: no memory to carry a socket's bytes");
}

bool pump_check(struct placeholder *ph)
{
	int a;

	if (!ph->file || !ph->low)
		return false;
	if (ph->pump)
		return true;
	if (!is_connected(sock_from_file(ph->file)))
		return false;
	a = placeholder_a(ph);
	if (a < 0)
		return false;
	pump_start(ph, a);
	os_close(a);
	return ph->pump;
}

void pump_lower(struct placeholder *ph, int a)
{
	if (!ph->low) {
		ph->low = true;
		supervisor()->nr_low++;
		mirror_arm(ph); /* low numbers are looked at untrapped */
		(void)os_set_nonblock(a, ph->file->f_flags & O_NONBLOCK);
	}
	if (!ph->pump && is_connected(sock_from_file(ph->file)))
		pump_start(ph, a);
}

/*
 * D has been shut down already, as the stream ended before anybody thought of
 * a low number; but there may be data left to carry. So the low numbers get
 * another pair.
 */
static struct placeholder *twin_of(struct placeholder *ph)
{
	struct placeholder *twin = ph->twin;

	if (twin && twin->file)
		return twin;
	if (twin)
		placeholder_put(twin);
	ph->twin = twin = placeholder_new(ph->file);
	if (!twin)
		return NULL;
	get_file(ph->file);
	placeholder_get(twin);
	return twin;
}

int pump_low(struct placeholder **ret_ph)
{
	struct placeholder *ph = *ret_ph;
	int a;

	if (ph->rdhup || ph->hup)
		*ret_ph = ph = twin_of(ph);
	if (!ph)
		return -ENFILE;
	a = ph->a >= 0 ? ph->a : placeholder_a(ph);
	ph->a = -1;
	if (a >= 0)
		pump_lower(ph, a);
	return a;
}

void pump_event(struct placeholder *ph, u32 events)
{
	struct pump *p = ph->pump;

	(void)events;
	p->seq++;
	wake_up_interruptible_all(&p->wq);
}

void pump_stop(struct placeholder *ph)
{
	struct pump *p = ph->pump;

	if (!p)
		return;
	ph->pump = NULL;
	p->ph = NULL;
	p->closed = true;
	if (p->out && p->out != current)
		task_interrupt(p->out);
	if (p->in && p->in != current)
		task_interrupt(p->in);
	pump_put(p);
}

void pump_drain(struct placeholder *ph)
{
	struct pump *p = ph->pump;

	p->idle = !p->out;
	p->seq++;
	wake_up_interruptible_all(&p->wq);
	/* Until then A may be closed everywhere. */
	p->draining++;
	(void)wait_event_interruptible(p->wq, p->idle || p->closed);
	p->draining--;
	pump_put(p);
}
