/* SPDX-License-Identifier: MIT */
/*
 * The SYN queue: see the header. RFC 9293 3.10.7.2, RFC 4987.
 */
#include "net/ipv4/request_sock.h"
#include "net/ipv4/netns.h"
#include "net/ipv4/tcp.h"

struct request_sock *reqsk_alloc(struct sock *listener)
{
	struct request_sock *req = kzalloc(sizeof(*req));

	if (!req)
		return NULL;
	req->h.sk_family = listener->sk_family;
	req->h.sk_state = TCP_NEW_SYN_RECV;
	req->h.sk_net = listener->sk_net;
	req->h.sk_prot = listener->sk_prot;
	req->rsk_listener = listener;
	return req;
}

void reqsk_free(struct request_sock *req)
{
	BUG_ON(req->hashed);
	kfree(req->opt);
	kfree(req->saved_syn);
	kfree(req);
}

void reqsk_unlink(struct request_sock *req)
{
	struct request_sock_queue *q;

	if (!req->hashed)
		return;
	req->hashed = false;
	q = &inet_csk(req->rsk_listener)->icsk_accept_queue;
	del_timer(&req->rsk_timer);
	inet_ehash_del_head(req->h.sk_net, &req->h);
	list_del(&req->rsk_list);
	q->qlen--;
	if (!req->num_timeout)
		q->young--;
	sock_put(req->rsk_listener);
}

void inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req)
{
	(void)sk;
	reqsk_unlink(req);
	reqsk_free(req);
}

/*
 * Half of a full queue is kept for young requests: the old ones of a queue
 * that is more than half full are tried less often.
 */
static int max_synack_retries(const struct sock *sk)
{
	const struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	int max = inet_csk(sk)->icsk_syn_retries;
	u32 young = q->young << 1;

	if (!max)
		max = sock_net(sk)->ipv4->sysctl_tcp_synack_retries;
	if (q->qlen << 1 <= max_t(u32, 8, sk->sk_max_ack_backlog))
		return max;
	for (; max > 2; max--) {
		if (q->qlen < young)
			break;
		young <<= 1;
	}
	return max;
}

/* RFC 6298: the SYN-ACK again, 1, 2, 4... seconds after the first. */
static void reqsk_timer_handler(struct timer_list *t)
{
	struct request_sock *req = from_timer(req, t, rsk_timer);
	struct sock *sk = req->rsk_listener;
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	int max = max_synack_retries(sk), defer = q->rskq_defer_accept;
	bool expire = req->num_timeout >= max, resend = true;

	if (sk->sk_state != TCP_LISTEN) {
		inet_csk_reqsk_queue_drop(sk, req);
		return;
	}
	tcp_syn_ack_timeout(req);
	/* TCP_DEFER_ACCEPT: acknowledged, but the data did not come yet. */
	if (defer && req->acked) {
		expire = expire && req->num_timeout >= defer;
		resend = req->num_timeout >= defer - 1;
	}
	if (expire || (resend && tcp_rtx_synack(sk, req) && !req->acked)) {
		inet_csk_reqsk_queue_drop(sk, req);
		return;
	}
	if (req->num_timeout++ == 0)
		q->young--;
	mod_timer(&req->rsk_timer,
		  jiffies + min_t(unsigned long,
				  req->timeout << req->num_timeout,
				  tcp_rto_max(sk)));
}

void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req,
				   unsigned long timeout)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	timer_setup(&req->rsk_timer, reqsk_timer_handler);
	mod_timer(&req->rsk_timer, jiffies + timeout);
	req->timeout = timeout;
	req->hashed = true;
	sock_hold(sk);
	inet_ehash_add_head(req->h.sk_net, &req->h);
	list_add_tail(&req->rsk_list, &q->reqs);
	q->qlen++;
	q->young++;
}
