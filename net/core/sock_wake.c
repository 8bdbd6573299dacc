// SPDX-License-Identifier: MIT
/*
 * Telling the program: sleeping tasks, pollers and SIGIO.
 *
 * Keys say what has happened as a poll mask, so that a poller that waits for
 * something else can sleep on.
 */
#include "net/core/sock.h"

#define KEY_IN (EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND)
#define KEY_OUT (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)

static void sock_wake_async(struct socket *sock, int how, int band)
{
	switch (how) {
	case SOCK_WAKE_WAITD:
		/* A reader that sleeps needs no signal. */
		if (sock->flags & SOCK_ASYNC_WAITDATA)
			return;
		break;
	case SOCK_WAKE_SPACE:
		if (!(sock->flags & SOCK_ASYNC_NOSPACE))
			return;
		sock->flags &= ~SOCK_ASYNC_NOSPACE;
		break;
	case SOCK_WAKE_URG:
		kill_fasync(&sock->fasync_list, SIGURG, band);
		return;
	}
	kill_fasync(&sock->fasync_list, SIGIO, band);
}

void sk_wake_async(struct sock *sk, int how, int band)
{
	if (sock_flag(sk, SOCK_FASYNC) && sk->sk_socket)
		sock_wake_async(sk->sk_socket, how, band);
}

void sock_def_wakeup(struct sock *sk)
{
	if (sk->sk_wq)
		wake_up_interruptible_all(sk->sk_wq);
}

void sock_def_error_report(struct sock *sk)
{
	if (sk->sk_wq)
		wake_up_interruptible_poll(sk->sk_wq, EPOLLERR);
	sk_wake_async(sk, SOCK_WAKE_IO, POLL_ERR);
}

void sock_def_readable(struct sock *sk)
{
	if (sk->sk_wq)
		wake_up_interruptible_poll(sk->sk_wq, KEY_IN);
	sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
}

void sock_def_write_space(struct sock *sk)
{
	/* Not for each packet that leaves: once half the buffer is free. */
	if (sk->sk_wmem_alloc << 1 > sk->sk_sndbuf)
		return;
	if (sk->sk_wq)
		wake_up_interruptible_poll(sk->sk_wq, KEY_OUT);
	if (sock_writeable(sk))
		sk_wake_async(sk, SOCK_WAKE_SPACE, POLL_OUT);
}

void sk_stream_write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;

	if (!sock || !sk_stream_is_writeable(sk))
		return;
	sock->flags &= ~SOCK_NOSPACE;
	wake_up_interruptible_poll(&sock->wq, KEY_OUT);
	if (sock->fasync_list && !(sk->sk_shutdown & SEND_SHUTDOWN))
		sock_wake_async(sock, SOCK_WAKE_SPACE, POLL_OUT);
}

void sk_send_sigurg(struct sock *sk)
{
	if (!sk->sk_socket || !sk->sk_socket->file)
		return;
	send_sigurg(sk->sk_socket->file);
	sk_wake_async(sk, SOCK_WAKE_URG, POLL_PRI);
}
