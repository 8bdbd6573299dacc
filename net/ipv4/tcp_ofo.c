/* SPDX-License-Identifier: MIT */
/*
 * TCP: what came out of order, and telling the sender of it.
 *
 * The queue is sorted by sequence and free of full overlaps. A tree over the
 * same skbs finds the place of a segment, so that a peer who fills the buffer
 * with tiny ones costs no more than the logarithm of their number; but most
 * segments continue the one before or the last, which are looked at first.
 * SACK blocks: RFC 2018 4 (the latest first); D-SACK: RFC 2883.
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"

/* RFC 2883 4: the next ACK reports [seq, end_seq) as received twice. */
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);

	if (!tcp_is_sack(tp) || !net->ipv4->sysctl_tcp_dsack)
		return;
	if (before(seq, tp->rcv_nxt))
		NET_INC_STATS(net, TCPDSACKOldSent);
	else
		NET_INC_STATS(net, TCPDSACKOfoSent);
	tp->rx_opt.dsack = true;
	tp->duplicate_sack[0].start_seq = seq;
	tp->duplicate_sack[0].end_seq = end_seq;
}

/* Do the ranges touch? Then @sp becomes their union. */
static bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (after(seq, sp->end_seq) || after(sp->start_seq, end_seq))
		return false;
	if (before(seq, sp->start_seq))
		sp->start_seq = seq;
	if (after(end_seq, sp->end_seq))
		sp->end_seq = end_seq;
	return true;
}

void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.dsack)
		tcp_dsack_set(sk, seq, end_seq);
	else
		tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
}

/* The first block grew: swallow those it touches now. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;
	int i = 1;

	while (i < tp->rx_opt.num_sacks) {
		if (!tcp_sack_extend(sp, sp[i].start_seq, sp[i].end_seq)) {
			i++;
			continue;
		}
		tp->rx_opt.num_sacks--;
		memmove(&sp[i], &sp[i + 1],
			(tp->rx_opt.num_sacks - i) * sizeof(*sp));
	}
}

/* Blocks that find room beside other options; LINUX. */
#define TCP_SACK_BLOCKS_EXPECTED 2

void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = tp->selective_acks, merged;
	int n = tp->rx_opt.num_sacks, i;

	for (i = 0; i < n; i++) {
		if (!tcp_sack_extend(&sp[i], seq, end_seq))
			continue;
		if (i >= TCP_SACK_BLOCKS_EXPECTED)
			tcp_sack_compress_send_ack(sk);
		/* RFC 2018 4: the block with the latest segment leads. */
		merged = sp[i];
		memmove(&sp[1], &sp[0], i * sizeof(*sp));
		sp[0] = merged;
		tcp_sack_maybe_coalesce(tp);
		return;
	}
	/*
	 * What waits must be told while its block is among the first. LINUX:
	 * this takes the ACK that @seq has asked for with it.
	 */
	if (n >= TCP_SACK_BLOCKS_EXPECTED)
		tcp_sack_compress_send_ack(sk);
	/* A new block; with all places taken the oldest goes. */
	if (n == TCP_NUM_SACKS)
		n--;
	memmove(&sp[1], &sp[0], n * sizeof(*sp));
	sp[0].start_seq = seq;
	sp[0].end_seq = end_seq;
	tp->rx_opt.num_sacks = n + 1;
}

/* rcv_nxt moved: blocks it has passed go. */
void tcp_sack_remove(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = tp->selective_acks;
	int n = tp->rx_opt.num_sacks, i = 0;

	if (skb_queue_empty(&tp->out_of_order_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}
	while (i < n) {
		if (before(tp->rcv_nxt, sp[i].start_seq)) {
			i++;
			continue;
		}
		n--;
		memmove(&sp[i], &sp[i + 1], (n - i) * sizeof(*sp));
	}
	tp->rx_opt.num_sacks = n;
}

void tcp_ofo_link(struct tcp_sock *tp, struct sk_buff *skb,
		  struct sk_buff *prev)
{
	struct sk_buff_head *q = &tp->out_of_order_queue;
	struct rb_node *n = &TCP_SKB_CB(skb)->rx.ooo_node, *up;

	if (!prev)
		prev = (struct sk_buff *)q;
	/* Of two neighbours in order one has no child between them. */
	if (prev != (struct sk_buff *)q &&
	    !TCP_SKB_CB(prev)->rx.ooo_node.child[1]) {
		rb_insert(&tp->ooo_tree, n, &TCP_SKB_CB(prev)->rx.ooo_node, 1);
	} else {
		up = prev->next == (struct sk_buff *)q
			     ? NULL
			     : &TCP_SKB_CB(prev->next)->rx.ooo_node;
		rb_insert(&tp->ooo_tree, n, up, 0);
	}
	__skb_queue_after(q, prev, skb);
}

void tcp_ofo_unlink(struct tcp_sock *tp, struct sk_buff *skb)
{
	if (skb == tp->ooo_last_skb)
		tp->ooo_last_skb = NULL;
	rb_erase(&tp->ooo_tree, &TCP_SKB_CB(skb)->rx.ooo_node);
	__skb_unlink(skb, &tp->out_of_order_queue);
}

void tcp_ofo_purge(struct sock *sk, enum skb_drop_reason reason)
{
	struct tcp_sock *tp = tcp_sk(sk);

	skb_queue_purge_reason(&tp->out_of_order_queue, reason);
	tp->ooo_tree.node = NULL;
	tp->ooo_last_skb = NULL;
}

static void tcp_ofo_drop(struct sock *sk, struct sk_buff *skb)
{
	tcp_ofo_unlink(tcp_sk(sk), skb);
	tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_OFOMERGE);
}

/*
 * No memory: give up what is farthest from being of use, at the end, until
 * an eighth of the buffer is free. RFC 2018 8 allows to renege.
 */
bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	bool pruned = false;
	int goal = sk->sk_rcvbuf >> 3;

	while ((skb = skb_peek_tail(&tp->out_of_order_queue))) {
		/* Never for the sake of something still farther away. */
		if (after(TCP_SKB_CB(in_skb)->seq, TCP_SKB_CB(skb)->seq))
			break;
		goal -= skb->truesize;
		tcp_ofo_unlink(tp, skb);
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE);
		pruned = true;
		if (goal <= 0 && sk->sk_rmem_alloc <= sk->sk_rcvbuf)
			break;
	}
	if (pruned) {
		NET_INC_STATS(sock_net(sk), OfoPruned);
		tp->rx_opt.num_sacks = 0;
	}
	return pruned;
}

/* rcv_nxt moved: take over what is in order now. */
void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	bool stolen, fin;

	while ((skb = skb_peek(&tp->out_of_order_queue))) {
		struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

		if (after(cb->seq, tp->rcv_nxt))
			break;
		if (before(cb->seq, tp->rcv_nxt))
			tcp_dsack_extend(sk, cb->seq,
					 before(cb->end_seq, tp->rcv_nxt)
						 ? cb->end_seq
						 : tp->rcv_nxt);
		if (!after(cb->end_seq, tp->rcv_nxt)) {
			tcp_ofo_drop(sk, skb);
			continue;
		}
		tcp_ofo_unlink(tp, skb);
		fin = cb->tcp_flags & TCPHDR_FIN;
		/* Charged already: the queue charges it anew. */
		skb_orphan(skb);
		tcp_queue_rcv(sk, skb, &stolen);
		if (stolen)
			consume_skb(skb);
		if (fin) {
			tcp_fin(sk);
			break;
		}
	}
}

/* The last skb that starts at or before @seq; NULL: none. */
static struct sk_buff *tcp_ofo_find(struct tcp_sock *tp, u32 seq)
{
	struct sk_buff_head *q = &tp->out_of_order_queue;
	struct sk_buff *skb = tp->ooo_last_skb, *best = NULL;
	struct rb_node *n = tp->ooo_tree.node;
	bool greater;

	if (skb && !after(TCP_SKB_CB(skb)->seq, seq) &&
	    (skb_queue_is_last(q, skb) ||
	     after(TCP_SKB_CB(skb->next)->seq, seq)))
		return skb;
	skb = skb_peek_tail(q);
	if (skb && !after(TCP_SKB_CB(skb)->seq, seq))
		return skb;
	while (n) {
		skb = tcp_skb_of_cb(rb_entry(n, struct tcp_skb_cb,
					     rx.ooo_node));
		greater = !after(TCP_SKB_CB(skb)->seq, seq);
		if (greater)
			best = skb;
		n = n->child[greater];
	}
	return best;
}

/* Later skbs that @seq..@end_seq covers go. */
static void tcp_ofo_remove_covered(struct sock *sk, struct sk_buff *skb,
				   u32 end_seq)
{
	struct sk_buff_head *q = &tcp_sk(sk)->out_of_order_queue;
	struct sk_buff *next;

	while (!skb_queue_is_last(q, skb)) {
		next = skb->next;
		if (!after(end_seq, TCP_SKB_CB(next)->seq))
			break;
		if (before(end_seq, TCP_SKB_CB(next)->end_seq)) {
			tcp_dsack_extend(sk, TCP_SKB_CB(next)->seq, end_seq);
			break;
		}
		tcp_dsack_extend(sk, TCP_SKB_CB(next)->seq,
				 TCP_SKB_CB(next)->end_seq);
		NET_INC_STATS(sock_net(sk), TCPOFOMerge);
		tcp_ofo_drop(sk, next);
	}
}

/* Without SACK the sender counts ACKs that are the same, window and all. */
static void tcp_ofo_grow_window(struct sock *sk, const struct sk_buff *skb)
{
	if (tcp_is_sack(tcp_sk(sk)))
		tcp_grow_window(sk, skb);
}

/* Put @skb in its place. False: all of it was there; it was dropped. */
static bool tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff_head *q = &tp->out_of_order_queue;
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct sk_buff *prev = tcp_ofo_find(tp, seq);
	bool stolen;

	if (prev && !after(end_seq, TCP_SKB_CB(prev)->end_seq)) {
		NET_INC_STATS(sock_net(sk), TCPOFOMerge);
		tcp_dsack_set(sk, seq, end_seq);
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_TCP_OFOMERGE);
		return false;
	}
	if (prev && before(seq, TCP_SKB_CB(prev)->end_seq)) {
		u32 prev_end = TCP_SKB_CB(prev)->end_seq;

		tcp_dsack_set(sk, seq, prev_end);
		if (seq == TCP_SKB_CB(prev)->seq) {
			struct sk_buff *p = prev->prev;

			NET_INC_STATS(sock_net(sk), TCPOFOMerge);
			tcp_ofo_drop(sk, prev);
			prev = p == (struct sk_buff *)q ? NULL : p;
		}
	} else if (prev && tcp_try_coalesce(sk, prev, skb, &stolen)) {
		tp->ooo_last_skb = prev;
		tcp_ofo_grow_window(sk, skb);
		consume_skb(skb);
		tcp_ofo_remove_covered(sk, prev, end_seq);
		return true;
	}
	tcp_ofo_link(tp, skb, prev);
	tp->ooo_last_skb = skb;
	tcp_ofo_grow_window(sk, skb);
	skb_set_owner_r(skb, sk);
	tcp_ofo_remove_covered(sk, skb, end_seq);
	return true;
}

void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct tcp_sock *tp = tcp_sk(sk);

	__tcp_ecn_check_ce(sk, skb);
	/* RFC 5681 4.2: a duplicate ACK, at once. */
	inet_csk_schedule_ack(sk);
	if (tcp_try_rmem_schedule(sk, skb, skb->truesize)) {
		NET_INC_STATS(sock_net(sk), TCPOFODrop);
		sk->sk_data_ready(sk);
		tcp_drop_reason(sk, skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	tp->pred_flags = 0;
	tp->rcv_ooopack += max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	NET_INC_STATS(sock_net(sk), TCPOFOQueue);
	if (tcp_ofo_insert(sk, skb) && tcp_is_sack(tp))
		tcp_sack_new_ofo_skb(sk, seq, end_seq);
}
