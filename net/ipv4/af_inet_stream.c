/* SPDX-License-Identifier: MIT */
/*
 * PF_INET: the calls of connection-oriented sockets. struct socket.state says
 * how far a connect() has come, independently of the protocol's sk_state:
 *
 *	SS_UNCONNECTED -> SS_CONNECTING -> SS_CONNECTED
 *	                        |
 *	                        +-> failed: told once, then SS_UNCONNECTED
 */
#include "net/ipv4/af_inet.h"

#include "kernel/sched.h"
#include "net/ipv4/inet_connection_sock.h"
#include "net/ipv4/tcp.h"

#define TCPF_CONNECTING (TCPF_SYN_SENT | TCPF_SYN_RECV)

/* LINUX: sysctl tcp_fastopen may switch it on for all listeners. */
static int inet_listen_fastopen(struct sock *sk, int backlog)
{
	int mode = sock_net(sk)->ipv4->sysctl_tcp_fastopen;
	struct fastopen_queue *q;

	if (!(mode & TFO_SERVER_WO_SOCKOPT1) || !(mode & TFO_SERVER_ENABLE))
		return 0;
	q = tcp_fastopen_queue(sk);
	if (!q)
		return fail(-ENOMEM, "no memory for the queue");
	if (!q->max_qlen)
		q->max_qlen = backlog;
	return 0;
}

int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = 0;

	lock_sock(sk);
	if (sock->state != SS_UNCONNECTED || sock->type != SOCK_STREAM) {
		err = fail(-EINVAL, "connected or connecting");
		goto out;
	}
	if (!(BIT(sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		err = fail(-EINVAL, "not in a state to listen");
		goto out;
	}
	/* LINUX: a second listen() only changes the backlog. */
	sk->sk_max_ack_backlog = backlog;
	if (sk->sk_state != TCP_LISTEN) {
		err = inet_listen_fastopen(sk, backlog);
		if (!err)
			err = inet_csk_listen_start(sk);
	}
out:
	release_sock(sk);
	return err;
}

/*
 * Sleep until the handshake ended, one way or the other. @writing: then there
 * is data to send. Returns time left.
 */
static long inet_wait_for_connect(struct sock *sk, long timeo, bool writing)
{
	DEFINE_WAIT(wait);

	sk->sk_write_pending += writing;
	while (BIT(sk->sk_state) & TCPF_CONNECTING) {
		prepare_to_wait(sk_sleep(sk), &wait);
		/* Over the loopback this alone completes the handshake. */
		release_sock(sk);
		if ((BIT(sk->sk_state) & TCPF_CONNECTING) &&
		    !signal_pending(current))
			timeo = schedule_timeout(timeo);
		lock_sock(sk);
		if (signal_pending(current) || !timeo)
			break;
	}
	finish_wait(sk_sleep(sk), &wait);
	sk->sk_write_pending -= writing;
	return timeo;
}

static int inet_stream_connect_failed(struct socket *sock, int flags)
{
	struct sock *sk = sock->sk;
	int err = sock_error(sk);

	if (!err)
		err = fail(-ECONNABORTED, "closed while it was connecting");
	sock->state = SS_UNCONNECTED;
	if (sk->sk_prot->disconnect(sk, flags))
		sock->state = SS_DISCONNECTING;
	/* The error was told: a restarted call would not find it again. */
	if (current)
		current->flags |= TASK_EFFECT;
	return err;
}

static int inet_stream_disconnect(struct socket *sock, int flags)
{
	struct sock *sk = sock->sk;
	int err = sk->sk_prot->disconnect(sk, flags);

	sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
	return err;
}

/* Begin to connect. 0: under way (or deferred: *ret_done), or -errno. */
static int inet_stream_begin(struct socket *sock, struct sockaddr *uaddr,
			     int len, bool *ret_done)
{
	struct sock *sk = sock->sk;
	int err;

	if (sk->sk_state != TCP_CLOSE)
		return fail(-EISCONN, "listening or connected");
	if (sk->sk_prot->pre_connect) {
		err = sk->sk_prot->pre_connect(sk, uaddr, len);
		if (err)
			return err;
	}
	err = sk->sk_prot->connect(sk, uaddr, len);
	if (err < 0)
		return err;
	sock->state = SS_CONNECTING;
	/* TCP_FASTOPEN_CONNECT: the first write sends the SYN. */
	*ret_done = inet_sk(sk)->defer_connect;
	return 0;
}

int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int len,
			  int flags, bool is_sendmsg)
{
	struct sock *sk = sock->sk;
	bool done = false;
	long timeo;
	int err;

	if (uaddr && len < (int)sizeof(uaddr->sa_family))
		return fail(-EINVAL, "address too short to name a family");
	if (uaddr && uaddr->sa_family == AF_UNSPEC)
		return inet_stream_disconnect(sock, flags);

	switch (sock->state) {
	case SS_CONNECTED:
		return fail(-EISCONN, "already connected");
	case SS_CONNECTING:
		err = -EALREADY;
		/* LINUX: a second connect() that blocks waits for the write. */
		if (inet_sk(sk)->defer_connect)
			err = is_sendmsg ? -EINPROGRESS : -EISCONN;
		break;
	case SS_UNCONNECTED:
		err = inet_stream_begin(sock, uaddr, len, &done);
		if (err || done)
			return err;
		err = -EINPROGRESS;
		break;
	default:
		return fail(-EINVAL, "disconnecting");
	}

	if (BIT(sk->sk_state) & TCPF_CONNECTING) {
		timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
		if (!timeo)
			return fail(err, "not yet connected");
		timeo = inet_wait_for_connect(sk, timeo, is_sendmsg);
		if (BIT(sk->sk_state) & TCPF_CONNECTING)
			return timeo ? sock_intr_errno(timeo)
				     : fail(err, "not yet connected");
	}
	if (sk->sk_state == TCP_CLOSE)
		return inet_stream_connect_failed(sock, flags);
	sock->state = SS_CONNECTED;
	/* A restart would say EISCONN. */
	if (current)
		current->flags |= TASK_EFFECT;
	return 0;
}

int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int len,
			int flags)
{
	int err;

	lock_sock(sock->sk);
	err = __inet_stream_connect(sock, uaddr, len, flags, false);
	release_sock(sock->sk);
	return err;
}

int inet_accept(struct socket *sock, struct socket *newsock, int flags,
		bool kern)
{
	struct sock *sk1 = sock->sk, *sk2;
	int err = -EINVAL;

	sk2 = sk1->sk_prot->accept(sk1, flags, &err, kern);
	if (!sk2)
		return err;
	lock_sock(sk2);
	sock_graft(sk2, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(sk2);
	return 0;
}

/*
 * The accept() that gave @newsock its sock is void: the connection goes back
 * to the head of the listener's queue.
 */
void inet_accept_undo(struct socket *sock, struct socket *newsock)
{
	struct sock *sk = newsock->sk;

	BUG_ON(newsock->parked); /* it came a moment ago */
	newsock->sk = NULL;
	newsock->state = SS_UNCONNECTED;
	sock_orphan(sk);
	inet_csk_accept_undo(sock->sk, sk);
}

int inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return fail(-EINVAL, "how is none of SHUT_RD, WR, RDWR");
	how++; /* 0, 1, 2 -> RCV_SHUTDOWN, SEND_SHUTDOWN, both */

	lock_sock(sk);
	if (sock->state == SS_CONNECTING)
		sock->state = BIT(sk->sk_state) & (TCPF_CONNECTING | TCPF_CLOSE)
				      ? SS_DISCONNECTING
				      : SS_CONNECTED;
	switch (sk->sk_state) {
	case TCP_CLOSE:
		/* LINUX: the flags are set nevertheless. */
		err = fail(-ENOTCONN, "not connected");
		fallthrough;
	default:
		sk->sk_shutdown |= how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
		break;
	case TCP_LISTEN:
		if (!(how & RCV_SHUTDOWN))
			break;
		fallthrough;
	case TCP_SYN_SENT:
		err = sk->sk_prot->disconnect(sk, O_NONBLOCK);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		break;
	}
	/* Wake whoever waits: the state may have ended the wait. */
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}
