// SPDX-License-Identifier: MIT
/*
 * What stream protocols share: waiting for a connection, for data, for room,
 * and the buffer that payload is copied into.
 *
 * Every wait unlocks the socket, so what the caller knew of it may have
 * changed; the conditions are tested again afterwards.
 */
#include "net/core/sock.h"

/* Payload buffers of 32 KiB with their head. */
#define SK_FRAG_SIZE ((32U << 10) - sizeof(struct frag_buf))
/* Who writes this much at once gets buffers that take 128 KiB in one copy. */
#define SK_FRAG_BULK (64U << 10)
#define SK_FRAG_LARGE ((132U << 10) - sizeof(struct frag_buf))

/*
 * Sleep with the socket unlocked unless @cond holds then. Yields @cond, as it
 * is afterwards.
 */
#define sk_wait_event(sk, timeo, cond)                         \
	({                                                     \
		DEFINE_WAIT(__w);                              \
		prepare_to_wait(sk_sleep(sk), &__w);           \
		release_sock(sk);                              \
		if (!(cond))                                   \
			*(timeo) = schedule_timeout(*(timeo)); \
		finish_wait(sk_sleep(sk), &__w);               \
		lock_sock(sk);                                 \
		(cond);                                        \
	})

bool sk_stream_memory_free(const struct sock *sk)
{
	if (sk->sk_wmem_queued >= sk->sk_sndbuf)
		return false;
	return !sk->sk_prot->stream_memory_free ||
	       sk->sk_prot->stream_memory_free(sk);
}

bool sk_stream_is_writeable(const struct sock *sk)
{
	return sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) &&
	       sk_stream_memory_free(sk);
}

int sk_stream_wait_connect(struct sock *sk, long *timeo)
{
	const int ready = TCPF_ESTABLISHED | TCPF_CLOSE_WAIT;
	int err, done;

	do {
		err = sock_error(sk);
		if (err)
			return err;
		if ((1 << sk->sk_state) & ready)
			return 0;
		if ((1 << sk->sk_state) & ~(TCPF_SYN_SENT | TCPF_SYN_RECV))
			return fail(-EPIPE, "not connected");
		if (!*timeo)
			return fail(-EAGAIN, "not connected yet");
		if (signal_pending(current))
			return sock_intr_errno(*timeo);
		sk->sk_write_pending++;
		done = sk_wait_event(sk, timeo,
				     !sk->sk_err &&
					     ((1 << sk->sk_state) & ready));
		sk->sk_write_pending--;
	} while (!done);
	return 0;
}

static inline bool stream_has_room(const struct sock *sk)
{
	return sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN) ||
	       sk_stream_memory_free(sk);
}

/* There is room in the buffer but none in the pool: time must help. */
static void stream_wait_pool(struct sock *sk, long *timeo)
{
	long nap = get_random_u32_below(HZ / 5) + 2, left = nap;

	left = min(nap, *timeo);
	nap = left;
	(void)sk_wait_event(sk, &left,
			    sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN));
	if (*timeo != MAX_SCHEDULE_TIMEOUT)
		*timeo -= nap - left;
}

int sk_stream_wait_memory(struct sock *sk, long *timeo)
{
	struct socket *sock = sk->sk_socket;
	bool vm_wait = sk_stream_memory_free(sk);

	for (;;) {
		if (sock)
			sock->flags |= SOCK_ASYNC_NOSPACE;
		if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN))
			return -EPIPE; /* sk_stream_error() says why */
		if (!*timeo) {
			/* Asked for, so that a poller is told of room. */
			if (sock)
				sock->flags |= SOCK_NOSPACE;
			return fail(-EAGAIN, "send buffer is full");
		}
		if (signal_pending(current))
			return sock_intr_errno(*timeo);
		if (sock)
			sock->flags &= ~SOCK_ASYNC_NOSPACE;
		if (vm_wait) {
			stream_wait_pool(sk, timeo);
			return 0;
		}
		if (sk_stream_memory_free(sk))
			return 0;
		if (sock)
			sock->flags |= SOCK_NOSPACE;
		(void)sk_wait_event(sk, timeo, stream_has_room(sk));
	}
}

void sk_stream_wait_close(struct sock *sk, long timeout)
{
	const int closing = TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK;

	while (timeout && !signal_pending(current)) {
		if (sk_wait_event(sk, &timeout,
				  !((1 << sk->sk_state) & closing)))
			break;
	}
}

int sk_stream_error(struct sock *sk, int flags, int err)
{
	if (err != -EPIPE)
		return err;
	err = sock_error(sk);
	if (!err)
		err = fail(-EPIPE, "not connected, or shut down for sending");
	if (err == -EPIPE && !(flags & MSG_NOSIGNAL) && current)
		current->flags |= TASK_SIGPIPE;
	return err;
}

void sk_stream_kill_queues(struct sock *sk)
{
	skb_queue_purge(&sk->sk_receive_queue);
	skb_queue_purge(&sk->sk_error_queue);
	sk_mem_reclaim(sk);
}

int sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *skb)
{
	struct socket *sock = sk->sk_socket;
	int rc;

	sock->flags |= SOCK_ASYNC_WAITDATA;
	rc = sk_wait_event(sk, timeo,
			   skb_peek_tail(&sk->sk_receive_queue) != skb);
	sock->flags &= ~SOCK_ASYNC_WAITDATA;
	return rc;
}

bool sk_page_frag_refill(struct sock *sk, size_t want)
{
	struct frag_buf *b = sk->sk_frag;
	bool bulk = want >= SK_FRAG_BULK;

	if (b) {
		/* All that was in it has been read: start again. */
		if (b->refs == 1)
			sk->sk_frag_off = 0;
		if (b->size - sk->sk_frag_off >=
		    (bulk ? min_t(size_t, want, SK_FRAG_BULK) : 1))
			return true;
		frag_buf_put(b);
	}
	sk->sk_frag_off = 0;
	sk->sk_frag = frag_buf_alloc(bulk ? SK_FRAG_LARGE : SK_FRAG_SIZE);
	if (!sk->sk_frag)
		sk_alloc_failed(sk);
	return sk->sk_frag != NULL;
}
