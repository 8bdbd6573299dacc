/* SPDX-License-Identifier: MIT */
/*
 * Connection-oriented sockets: timers, listening and accepting, the end.
 *
 * A connection that came in is born in softirq (inet_csk_clone_lock), waits in
 * its listener's accept queue with one reference held by the queue, and gets a
 * socket in accept().
 */
#include "net/ipv4/inet_connection_sock.h"
#include "lib/string.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp.h"

void sk_reset_timer(struct sock *sk, struct timer_list *t,
		    unsigned long expires)
{
	if (!mod_timer(t, expires))
		sock_hold(sk);
}

void sk_stop_timer(struct sock *sk, struct timer_list *t)
{
	if (del_timer(t))
		sock_put(sk);
}

void inet_csk_init_xmit_timers(struct sock *sk,
			       void (*retransmit)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *))
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	timer_setup(&icsk->icsk_retransmit_timer, retransmit);
	timer_setup(&icsk->icsk_delack_timer, delack);
	timer_setup(&sk->sk_timer, keepalive);
	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
}

void inet_csk_clear_xmit_timers(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
	sk_stop_timer(sk, &icsk->icsk_retransmit_timer);
	sk_stop_timer(sk, &icsk->icsk_delack_timer);
	sk_stop_timer(sk, &sk->sk_timer);
}

/*
 * A timer that is put off with each segment need not be moved each time: it
 * may run too early, finds when it is due and arms itself again.
 */
void sk_reset_timer_lazy(struct sock *sk, struct timer_list *t,
			 unsigned long expires)
{
	if (!timer_pending(t) || time_before(expires, t->expires))
		sk_reset_timer(sk, t, expires);
}

void inet_csk_reset_xmit_timer(struct sock *sk, int what, unsigned long when,
			       unsigned long max_when)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = what;
	icsk->icsk_timeout = jiffies + min(when, max_when);
	sk_reset_timer_lazy(sk, &icsk->icsk_retransmit_timer,
			    icsk->icsk_timeout);
}

void inet_csk_clear_xmit_timer(struct sock *sk, int what)
{
	(void)what;
	inet_csk(sk)->icsk_pending = 0;
	sk_stop_timer(sk, &inet_csk(sk)->icsk_retransmit_timer);
}

void inet_csk_reset_keepalive_timer(struct sock *sk, unsigned long len)
{
	sk_reset_timer(sk, &sk->sk_timer, jiffies + len);
}

void inet_csk_delete_keepalive_timer(struct sock *sk)
{
	sk_stop_timer(sk, &sk->sk_timer);
}

/* Listening. */
int inet_csk_listen_start(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct request_sock_queue *q = &icsk->icsk_accept_queue;
	int err;

	INIT_LIST_HEAD(&q->reqs);
	q->qlen = q->young = 0;
	q->head = q->tail = NULL;
	q->synflood_warned = false;
	sk->sk_ack_backlog = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));

	/* In LISTEN first: another listener on the port is a conflict now. */
	tcp_set_state(sk, TCP_LISTEN);
	err = sk->sk_prot->get_port(sk, sk->sk_num);
	if (err)
		goto out_close;
	inet_sk(sk)->inet_sport = htons(sk->sk_num);
	sk_dst_reset(sk);
	err = sk->sk_prot->hash(sk);
	if (err)
		goto out_close;
	return 0;

out_close:
	tcp_set_state(sk, TCP_CLOSE);
	return err;
}

/* Take the next connection; NULL when there is none. */
static struct sock *reqsk_queue_remove(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct sock *child = q->head;

	if (!child)
		return NULL;
	q->head = inet_csk(child)->icsk_accept_next;
	if (!q->head)
		q->tail = NULL;
	inet_csk(child)->icsk_accept_next = NULL;
	inet_csk(child)->icsk_listener = NULL;
	sk->sk_ack_backlog--;
	return child;
}

struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct sock *child)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	if (sk->sk_state != TCP_LISTEN) {
		inet_child_forget(child);
		return NULL;
	}
	inet_csk(child)->icsk_accept_next = NULL;
	inet_csk(child)->icsk_listener = sk;
	if (q->tail)
		inet_csk(q->tail)->icsk_accept_next = child;
	else
		q->head = child;
	q->tail = child;
	sk->sk_ack_backlog++;
	return child;
}

void inet_csk_accept_undo(struct sock *sk, struct sock *child)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	lock_sock(sk);
	sock_reset_flag(child, SOCK_DEAD);
	if (sk->sk_state != TCP_LISTEN) {
		inet_child_forget(child);
	} else {
		inet_csk(child)->icsk_accept_next = q->head;
		inet_csk(child)->icsk_listener = sk;
		q->head = child;
		if (!q->tail)
			q->tail = child;
		sk->sk_ack_backlog++;
		sk->sk_data_ready(sk);
	}
	release_sock(sk);
}

/* Sleep until a connection is there. Lock held, released inside. */
static int inet_csk_wait_for_connect(struct sock *sk, long timeo)
{
	DEFINE_WAIT(wait);
	int err;

	for (;;) {
		/* One connection wakes one accept(). */
		prepare_to_wait_exclusive(sk_sleep(sk), &wait);
		release_sock(sk);
		if (reqsk_queue_empty(sk) && !signal_pending(current))
			timeo = schedule_timeout(timeo);
		lock_sock(sk);
		err = 0;
		if (!reqsk_queue_empty(sk))
			break;
		if (sk->sk_state != TCP_LISTEN) {
			err = fail(-EINVAL, "the listener was shut down");
			break;
		}
		if (signal_pending(current)) {
			err = sock_intr_errno(timeo);
			break;
		}
		if (!timeo) {
			err = fail(-EAGAIN, "no connection in time");
			break;
		}
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

struct sock *inet_csk_accept(struct sock *sk, int flags, int *ret_err,
			     bool kern)
{
	struct sock *child = NULL;
	long timeo;
	int err = 0;

	(void)kern;
	lock_sock(sk);
	if (sk->sk_state != TCP_LISTEN) {
		err = fail(-EINVAL, "not a listening socket");
		goto out;
	}
	if (reqsk_queue_empty(sk)) {
		timeo = sock_rcvtimeo(sk, flags & O_NONBLOCK);
		if (!timeo) {
			err = fail(-EAGAIN, "no connection waits");
			goto out;
		}
		err = inet_csk_wait_for_connect(sk, timeo);
		if (err)
			goto out;
	}
	child = reqsk_queue_remove(sk);
out:
	release_sock(sk);
	if (!child)
		*ret_err = err;
	return child;
}

void inet_child_forget(struct sock *child)
{
	local_bh_disable();
	child->sk_prot->disconnect(child, O_NONBLOCK);
	sock_orphan(child);
	sock_net(child)->ipv4->tcp_orphan_count++;
	inet_csk_destroy_sock(child);
	local_bh_enable();
}

void inet_csk_listen_stop(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;
	struct sock *child;

	while ((req = list_first_entry_or_null(&q->reqs, struct request_sock,
					       rsk_list)))
		inet_csk_reqsk_queue_drop(sk, req);
	/* LINUX: what nobody accepted is reset. */
	while ((child = reqsk_queue_remove(sk)))
		inet_child_forget(child);
}

struct sock *inet_csk_clone_lock(const struct sock *sk,
				 const struct request_sock *req)
{
	struct sock *newsk = sk_clone_lock(sk);
	struct inet_connection_sock *icsk;

	if (!newsk)
		return NULL;
	icsk = inet_csk(newsk);
	/* Born in softirq: nobody else can have it yet. */
	newsk->sk_lock_owned = false;
	newsk->sk_backlog.head = newsk->sk_backlog.tail = NULL;
	newsk->sk_backlog_len = 0;
	sk_set_state_traced(newsk, TCP_SYN_RECV);
	INIT_HLIST_NODE(&newsk->sk_node);
	INIT_HLIST_NODE(&newsk->sk_bind_node);
	icsk->icsk_bind_hash = NULL;
	newsk->sk_dport = req->h.sk_dport;
	newsk->sk_num = req->h.sk_num;
	newsk->sk_daddr = req->h.sk_daddr;
	newsk->sk_rcv_saddr = req->h.sk_rcv_saddr;
	newsk->sk_bound_dev_if = req->h.sk_bound_dev_if;
	newsk->sk_mark = req->ir_mark;
	inet_sk(newsk)->inet_sport = htons(req->h.sk_num);
	inet_sk(newsk)->inet_saddr = req->h.sk_rcv_saddr;
	inet_sk(newsk)->mc_list = NULL;
	inet_sk(newsk)->cork = NULL;
	inet_sk(newsk)->inet_opt = NULL;
	memset(&icsk->icsk_accept_queue, 0, sizeof(icsk->icsk_accept_queue));
	INIT_LIST_HEAD(&icsk->icsk_accept_queue.reqs);
	icsk->icsk_accept_next = NULL;
	icsk->icsk_listener = NULL;
	icsk->icsk_retransmits = 0;
	icsk->icsk_backoff = 0;
	icsk->icsk_probes_out = 0;
	icsk->icsk_probes_tstamp = 0;
	memset(&icsk->icsk_ack, 0, sizeof(icsk->icsk_ack));
	newsk->sk_dst_cache = NULL;
	newsk->sk_err = newsk->sk_err_soft = 0;
	newsk->sk_ack_backlog = 0;
	return newsk;
}

void inet_csk_destroy_sock(struct sock *sk)
{
	BUG_ON(sk->sk_state != TCP_CLOSE);
	BUG_ON(!sock_flag(sk, SOCK_DEAD));
	sock_net(sk)->ipv4->tcp_orphan_count--;
	sk->sk_prot->destroy(sk);
	sk_stream_kill_queues(sk);
	sock_put(sk);
}

/* A child is given up before anybody could have it. */
void inet_csk_prepare_forced_close(struct sock *sk)
{
	sock_set_flag(sk, SOCK_DEAD);
	sock_net(sk)->ipv4->tcp_orphan_count++;
}

/* Routes. */
static void inet_csk_flow(struct flowi4 *fl4, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	memset(fl4, 0, sizeof(*fl4));
	fl4->flowi4_oif = sk->sk_bound_dev_if;
	fl4->flowi4_mark = sk->sk_mark;
	fl4->flowi4_tos = inet->tos;
	fl4->flowi4_proto = sk->sk_protocol;
	fl4->flowi4_uid = sk->sk_uid;
	fl4->daddr = inet->inet_opt && inet->inet_opt->srr
			     ? inet->inet_opt->faddr
			     : sk->sk_daddr;
	fl4->saddr = inet->inet_saddr;
	fl4->fl4_sport = inet->inet_sport;
	fl4->fl4_dport = sk->sk_dport;
}

static struct dst_entry *flow_to_dst(const struct sock *sk, struct flowi4 *fl4)
{
	struct rtable *rt = ip_route_output_flow(sock_net(sk), fl4, sk);

	if (IS_ERR(rt)) {
		IP_INC_STATS(sock_net(sk), OutNoRoutes);
		return NULL;
	}
	return &rt->dst;
}

struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req)
{
	inet_csk_flow(fl4, sk);
	fl4->flowi4_oif = req->h.sk_bound_dev_if;
	fl4->flowi4_mark = req->ir_mark;
	fl4->daddr =
		req->opt && req->opt->srr ? req->opt->faddr : req->h.sk_daddr;
	fl4->saddr = req->h.sk_rcv_saddr;
	fl4->fl4_sport = htons(req->h.sk_num);
	fl4->fl4_dport = req->h.sk_dport;
	return flow_to_dst(sk, fl4);
}

struct dst_entry *inet_csk_route_child_sock(const struct sock *sk,
					    struct sock *newsk,
					    const struct request_sock *req)
{
	struct flowi4 fl4;

	(void)sk;
	(void)req;
	inet_csk_flow(&fl4, newsk);
	return flow_to_dst(newsk, &fl4);
}

struct dst_entry *inet_csk_rebuild_route(struct sock *sk)
{
	struct dst_entry *dst;
	struct flowi4 fl4;

	inet_csk_flow(&fl4, sk);
	dst = flow_to_dst(sk, &fl4);
	if (dst)
		sk_dst_set(sk, dst);
	return dst;
}

struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);

	if (!dst)
		dst = inet_csk_rebuild_route(sk);
	if (!dst)
		return NULL;
	dst->ops->update_pmtu(dst, sk, NULL, mtu);
	dst = __sk_dst_check(sk, 0);
	return dst ? dst : inet_csk_rebuild_route(sk);
}
