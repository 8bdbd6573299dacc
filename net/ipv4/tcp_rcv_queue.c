/* SPDX-License-Identifier: MIT */
/*
 * TCP: queueing what came in order, and what to do when the buffer is full.
 * RFC 9293 3.10.7.4, step "process the segment text".
 */
#include "net/ipv4/tcp.h"

/* An skb of collapsed data: small ones are copied together into this. */
#define TCP_COLLAPSE_SIZE 4096U

/* Tell a reader, when there is enough for one. */
void tcp_data_ready(struct sock *sk)
{
	if (tcp_stream_is_readable(sk, sk->sk_rcvlowat) ||
	    sock_flag(sk, SOCK_DONE))
		sk->sk_data_ready(sk);
}

static inline void tcp_rcv_nxt_update(struct tcp_sock *tp, u32 seq)
{
	tp->bytes_received += seq - tp->rcv_nxt;
	tp->rcv_nxt = seq;
}

bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
		      bool *ret_stolen)
{
	int delta;

	*ret_stolen = false;
	if (TCP_SKB_CB(from)->seq != TCP_SKB_CB(to)->end_seq)
		return false;
	if (!skb_try_coalesce(to, from, &delta))
		return false;
	*ret_stolen = true;
	sk->sk_rmem_alloc += delta;
	sk_mem_charge(sk, delta);
	NET_INC_STATS(sock_net(sk), TCPRcvCoalesce);
	TCP_SKB_CB(to)->end_seq = TCP_SKB_CB(from)->end_seq;
	TCP_SKB_CB(to)->ack_seq = TCP_SKB_CB(from)->ack_seq;
	TCP_SKB_CB(to)->tcp_flags |= TCP_SKB_CB(from)->tcp_flags;
	if (from->tstamp)
		to->tstamp = from->tstamp;
	return true;
}

/*
 * Append to the receive queue; rcv_nxt advances. *ret_stolen: the data went to
 * the queue's last skb and @skb is the caller's to free.
 */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *ret_stolen)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	bool eaten = tail && tcp_try_coalesce(sk, tail, skb, ret_stolen);

	tcp_rcv_nxt_update(tcp_sk(sk), TCP_SKB_CB(skb)->end_seq);
	if (!eaten) {
		*ret_stolen = false;
		skb->dev = NULL; /* it may outlive the device */
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		skb_set_owner_r(skb, sk);
	}
	return eaten;
}

/* Queues of received skbs: in order, or out of it with the tree over them. */
static void tcp_rcv_unlink(struct sock *sk, struct sk_buff_head *q,
			   struct sk_buff *skb)
{
	if (q == &sk->sk_receive_queue)
		__skb_unlink(skb, q);
	else
		tcp_ofo_unlink(tcp_sk(sk), skb);
}

static void tcp_rcv_link(struct sock *sk, struct sk_buff_head *q,
			 struct sk_buff *skb, struct sk_buff *prev)
{
	if (q == &sk->sk_receive_queue)
		__skb_queue_after(q, prev, skb);
	else
		tcp_ofo_link(tcp_sk(sk), skb,
			     prev == (struct sk_buff *)q ? NULL : prev);
}

/*
 * Small skbs cost more than they hold: copy runs of them together. Data that
 * was read but not settled is kept like any other.
 */
static void tcp_collapse_run(struct sock *sk, struct sk_buff_head *q,
			     struct sk_buff *first)
{
	struct sk_buff *n = alloc_skb(TCP_COLLAPSE_SIZE), *skb = first, *next;
	struct sk_buff *prev = first->prev;

	if (!n)
		return;
	*TCP_SKB_CB(n) = *TCP_SKB_CB(first);
	TCP_SKB_CB(n)->end_seq = TCP_SKB_CB(first)->seq;
	n->tstamp = first->tstamp;
	while (skb != (struct sk_buff *)q &&
	       TCP_SKB_CB(skb)->seq == TCP_SKB_CB(n)->end_seq &&
	       !(TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN)) &&
	       skb->len <= skb_tailroom(n)) {
		next = skb->next;
		if (skb_copy_bits(skb, 0, skb_put(n, skb->len), skb->len))
			BUG_ON(1);
		TCP_SKB_CB(n)->end_seq = TCP_SKB_CB(skb)->end_seq;
		tcp_rcv_unlink(sk, q, skb);
		consume_skb(skb);
		NET_INC_STATS(sock_net(sk), TCPRcvCollapsed);
		skb = next;
	}
	if (!n->len) {
		consume_skb(n);
		return;
	}
	tcp_rcv_link(sk, q, n, prev);
	skb_set_owner_r(n, sk);
}

static bool tcp_worth_collapsing(const struct sk_buff_head *q,
				 const struct sk_buff *skb)
{
	const struct sk_buff *next = skb->next;

	return !(TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN)) &&
	       skb->len < TCP_COLLAPSE_SIZE / 2 &&
	       skb->truesize > 2 * skb->len && !skb_queue_is_last(q, skb) &&
	       next->len < TCP_COLLAPSE_SIZE / 2 &&
	       TCP_SKB_CB(next)->seq == TCP_SKB_CB(skb)->end_seq;
}

/* At most @budget bytes (of truesize) that cannot be collapsed are passed. */
static void tcp_collapse(struct sock *sk, struct sk_buff_head *q, int budget)
{
	struct sk_buff *skb = q->next, *prev;

	while (skb != (struct sk_buff *)q) {
		if (!tcp_worth_collapsing(q, skb)) {
			budget -= (int)skb->truesize;
			if (budget < 0)
				return;
			skb = skb->next;
			continue;
		}
		prev = skb->prev;
		tcp_collapse_run(sk, q, skb);
		if (prev->next == skb) /* no memory for it */
			return;
		skb = prev->next->next;
	}
}

/* The buffer is full: make room. 0: there is some, -1: none to be had. */
int tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct net *net = sock_net(sk);

	/* Not this socket's: there is nothing to be given up. */
	if (!sk->sk_rmem_alloc)
		return -1;
	NET_INC_STATS(net, PruneCalled);
	if (sk->sk_rmem_alloc >= sk->sk_rcvbuf)
		tcp_clamp_window(sk);
	else if (tcp_under_memory_pressure(sk))
		tcp_adjust_rcv_ssthresh(sk);
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	/* LINUX: who sends every other byte is not to get a walk for each. */
	tcp_collapse(sk, &tcp_sk(sk)->out_of_order_queue, sk->sk_rcvbuf >> 3);
	tcp_collapse(sk, &sk->sk_receive_queue, sk->sk_rmem_alloc);
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	tcp_prune_ofo_queue(sk, in_skb);
	if (sk->sk_rmem_alloc <= sk->sk_rcvbuf)
		return 0;
	/* The peer does not heed our window. */
	NET_INC_STATS(net, RcvPruned);
	tcp_sk(sk)->pred_flags = 0;
	return -1;
}

int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb,
			  unsigned int size)
{
	if (likely(sk->sk_rmem_alloc <= sk->sk_rcvbuf &&
		   sk_rmem_schedule(sk, skb, size)))
		return 0;
	if (tcp_prune_queue(sk, skb) < 0)
		return -1;
	while (!sk_rmem_schedule(sk, skb, size))
		if (!tcp_prune_ofo_queue(sk, skb))
			return -1;
	return 0;
}

/* In order, at least in part: take it. */
static void tcp_data_queue_inorder(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool stolen = false, fin;

	if (tcp_try_rmem_schedule(sk, skb, skb->truesize)) {
		icsk->icsk_ack.pending |=
			ICSK_ACK_NOMEM | ICSK_ACK_NOW | ICSK_ACK_SCHED;
		sk->sk_data_ready(sk);
		if (!skb_queue_empty(&sk->sk_receive_queue) && skb->len) {
			NET_INC_STATS(sock_net(sk), TCPRcvQDrop);
			tcp_drop_reason(sk, skb, SKB_DROP_REASON_PROTO_MEM);
			return;
		}
		/* A reader that has nothing gets something, to go on with. */
		sk_forced_mem_schedule(sk, skb->truesize);
	}
	fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
	/* Before the data may be merged away. */
	if (skb->len)
		tcp_event_data_recv(sk, skb);
	tcp_queue_rcv(sk, skb, &stolen);
	if (fin)
		tcp_fin(sk);
	if (!skb_queue_empty(&tp->out_of_order_queue)) {
		tcp_ofo_queue(sk);
		/* RFC 5681 4.2: at once when a gap is filled. */
		if (skb_queue_empty(&tp->out_of_order_queue))
			icsk->icsk_ack.pending |= ICSK_ACK_NOW;
	}
	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);
	tcp_fast_path_check(sk);
	if (stolen)
		consume_skb(skb);
	if (!sock_flag(sk, SOCK_DEAD))
		tcp_data_ready(sk);
}

void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	enum skb_drop_reason reason;

	if (cb->seq == cb->end_seq) {
		consume_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb_pull(skb, tcp_hdr(skb)->doff * 4);
	tp->rx_opt.dsack = false;
	if (cb->seq == tp->rcv_nxt ||
	    (before(cb->seq, tp->rcv_nxt) && after(cb->end_seq, tp->rcv_nxt))) {
		if (cb->seq != tp->rcv_nxt)
			tcp_dsack_set(sk, cb->seq, tp->rcv_nxt);
		if (tcp_receive_window(tp)) {
			tcp_data_queue_inorder(sk, skb);
			return;
		}
		/* LINUX: a FIN without data needs no room. */
		if (!skb->len && cb->seq == tp->rcv_nxt) {
			tcp_data_queue_inorder(sk, skb);
			return;
		}
		NET_INC_STATS(sock_net(sk), TCPZeroWindowDrop);
		reason = SKB_DROP_REASON_TCP_ZEROWINDOW;
	} else if (!after(cb->end_seq, tp->rcv_nxt)) {
		/* Its ACK was lost, or the sender was too quick. */
		NET_INC_STATS(sock_net(sk), DelayedACKLost);
		tcp_dsack_set(sk, cb->seq, cb->end_seq);
		reason = SKB_DROP_REASON_TCP_OLD_DATA;
	} else if (!before(cb->seq, tp->rcv_nxt + tcp_receive_window(tp))) {
		reason = SKB_DROP_REASON_TCP_OVERWINDOW;
	} else {
		tcp_data_queue_ofo(sk, skb);
		return;
	}
	tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
	inet_csk_schedule_ack(sk);
	tcp_drop_reason(sk, skb, reason);
}
