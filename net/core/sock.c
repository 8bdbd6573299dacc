// SPDX-License-Identifier: MIT
/*
 * Sockets of all protocols: their life and their "lock".
 *
 * sk_alloc() -> sock_init_data() joins it to a socket; sock_orphan() takes it
 * off again when the file is closed; the last sock_put() destroys it. Packets
 * that a socket has sent and that are still on their way hold a reference, so
 * that what they were charged can be paid back.
 */
#include "net/core/sock.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "net/core/dst.h"
#include "net/core/sock_reuseport.h"

struct sock *sk_alloc(struct net *net, int family, struct proto *prot, int kern)
{
	struct sock *sk = kzalloc(prot->obj_size);

	(void)kern;
	if (!sk)
		return NULL;
	sk->sk_family = family;
	sk->sk_prot = prot;
	sk->sk_net = net;
	sk->sk_refcnt = 1;
	sk->sk_id = ++this_kernel->next_sock_id;
	list_add_tail(&sk->sk_all, &net->socks);
	net->nr_socks++;
	return sk;
}

static void sock_init_callbacks(struct sock *sk)
{
	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_readable;
	sk->sk_write_space = sock_def_write_space;
	sk->sk_error_report = sock_def_error_report;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
	sk->sk_destruct = sock_def_destruct;
}

/* What a new socket and the clone of a listener start with. */
void sock_init_queues(struct sock *sk)
{
	__skb_queue_head_init(&sk->sk_receive_queue);
	__skb_queue_head_init(&sk->sk_write_queue);
	__skb_queue_head_init(&sk->sk_error_queue);
	sk->sk_backlog.head = NULL;
	sk->sk_backlog.tail = NULL;
	sk->sk_backlog_len = 0;
}

void sock_init_data(struct socket *sock, struct sock *sk)
{
	struct net *net = sock_net(sk);

	sock_init_queues(sk);
	sock_init_callbacks(sk);
	timer_setup(&sk->sk_timer, NULL);
	sk->sk_rcvbuf = net->core.rmem_default;
	sk->sk_sndbuf = net->core.wmem_default;
	sk->sk_state = TCP_CLOSE;
	sk->sk_rcvlowat = 1;
	sk->sk_rcvtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_peek_off = -1;
	sk->sk_txrehash = 1;
	sk->sk_incoming_cpu = -1;
	sk->sk_stamp = ~0ULL;
	sk->sk_max_pacing_rate = ~0ULL;
	sk->sk_pacing_rate = ~0ULL;
	sk->sk_uid = current ? current->cred.fsuid : 0;
	if (sock) {
		sk->sk_type = sock->type;
		sk->sk_socket = sock;
		sk->sk_wq = &sock->wq;
		sock->sk = sk;
	}
	trace_event(TRACE_SOCK_NEW, sk->sk_id, sk->sk_family, sk->sk_type,
		    sk->sk_protocol, NULL);
}

void sock_def_destruct(struct sock *sk)
{
	(void)sk;
}

/* All that hangs on it. Its timers hold references, so none is left. */
static void destroy_sock(struct sock *sk)
{
	BUG_ON(sk->sk_backlog.head || timer_pending(&sk->sk_timer));
	sk->sk_destruct(sk);
	skb_queue_purge(&sk->sk_receive_queue);
	skb_queue_purge(&sk->sk_write_queue);
	skb_queue_purge(&sk->sk_error_queue);
	sk_mem_reclaim(sk);
	sk_dst_reset(sk);
	if (sk->sk_frag)
		frag_buf_put(sk->sk_frag);
	sk_filter_put(sk->sk_filter);
	reuseport_detach_sock(sk);
	sock_disable_timestamp(sk);
}

void sk_free(struct sock *sk)
{
	struct net *net = sock_net(sk);

	destroy_sock(sk);
	list_del(&sk->sk_all);
	net->nr_socks--;
	trace_event(TRACE_SOCK_FREE, sk->sk_id, 0, 0, 0, NULL);
	kfree(sk);
}

int sock_intr_errno(long timeo)
{
	return fail(timeo == MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : -EINTR,
		    "a signal came");
}

void sock_put(struct sock *sk)
{
	if (!--sk->sk_refcnt)
		sk_free(sk);
}

struct sock *sk_clone_lock(const struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct sock *n = kmemdup(sk, sk->sk_prot->obj_size);

	if (!n)
		return NULL;
	sock_init_queues(n);
	INIT_HLIST_NODE(&n->sk_node);
	INIT_HLIST_NODE(&n->sk_bind_node);
	timer_setup(&n->sk_timer, sk->sk_timer.function);
	n->sk_socket = NULL;
	n->sk_wq = NULL;
	n->sk_lock_owned = true;
	n->sk_refcnt = 1;
	n->sk_id = ++this_kernel->next_sock_id;
	n->sk_rmem_alloc = 0;
	n->sk_wmem_alloc = 0;
	n->sk_wmem_queued = 0;
	n->sk_forward_alloc = 0;
	n->sk_dst_cache = NULL;
	n->sk_reuseport_cb = NULL;
	n->sk_frag = NULL;
	n->sk_frag_off = 0;
	n->sk_drops = 0;
	n->sk_err = 0;
	n->sk_err_soft = 0;
	n->sk_ack_backlog = 0;
	n->sk_userlocks &= ~SOCK_BINDPORT_LOCK;
	sock_reset_flag(n, SOCK_DONE);
	if (n->sk_flags & BIT(SOCK_TIMESTAMP))
		net->netstamp_needed++;
	sk_filter_get(n->sk_filter);
	list_add_tail(&n->sk_all, &net->socks);
	net->nr_socks++;
	trace_event(TRACE_SOCK_NEW, n->sk_id, n->sk_family, n->sk_type,
		    n->sk_protocol, NULL);
	return n;
}

void sock_orphan(struct sock *sk)
{
	sock_set_flag(sk, SOCK_DEAD);
	sk->sk_socket = NULL;
	sk->sk_wq = NULL;
}

void sock_graft(struct sock *sk, struct socket *parent)
{
	BUG_ON(parent->sk);
	parent->sk = sk;
	sk->sk_socket = parent;
	sk->sk_wq = &parent->wq;
	if (current)
		sk->sk_uid = current->cred.fsuid;
}

/* The release of protocols without a closing handshake. */
void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);
	/* Unhashed, no packet finds it any more; then its queues are final. */
	if (sk->sk_prot->unhash)
		sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	sock_put(sk);
}

void lock_sock(struct sock *sk)
{
	BUG_ON(sk->sk_lock_owned);
	sk->sk_lock_owned = true;
}

/* What arrived while the socket was locked; more may arrive meanwhile. */
static void __release_sock(struct sock *sk)
{
	struct sk_buff *skb, *next;

	while ((skb = sk->sk_backlog.head)) {
		sk->sk_backlog.head = NULL;
		sk->sk_backlog.tail = NULL;
		for (; skb; skb = next) {
			next = skb->next;
			skb->next = NULL;
			(void)sk->sk_backlog_rcv(sk, skb);
		}
	}
	/* Counted until here, so that a flood cannot keep us in this loop. */
	sk->sk_backlog_len = 0;
}

void release_sock(struct sock *sk)
{
	if (sk->sk_backlog.head)
		__release_sock(sk);
	/* What release_cb() sends may be answered at once: not before it is
	 * unlocked, else the answer would lie in the backlog.
	 */
	local_bh_disable();
	if (sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);
	sk->sk_lock_owned = false;
	local_bh_enable();
}

int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit)
{
	if ((unsigned int)(sk->sk_backlog_len + sk->sk_rmem_alloc) > limit)
		return -ENOBUFS; /* a packet is dropped */
	skb->next = NULL;
	if (sk->sk_backlog.tail)
		sk->sk_backlog.tail->next = skb;
	else
		sk->sk_backlog.head = skb;
	sk->sk_backlog.tail = skb;
	sk->sk_backlog_len += skb->truesize;
	return 0;
}

void sk_set_state_traced(struct sock *sk, int state)
{
	trace_event(TRACE_SOCK_STATE, sk->sk_id, sk->sk_state, state, 0, NULL);
	sk->sk_state = state;
}

u64 sock_i_ino(const struct sock *sk)
{
	return sk->sk_socket ? SOCK_INODE(sk->sk_socket)->i_ino : 0;
}

u64 sock_gen_cookie(struct sock *sk)
{
	return sk->sk_id;
}
