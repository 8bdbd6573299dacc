/* SPDX-License-Identifier: MIT */
/*
 * TCP: finding the path MTU without ICMP (RFC 4821). net.ipv4.tcp_mtu_probing:
 * 0 never, 1 after timeouts that look like a black hole (RFC 2923 2.1), 2 from
 * the start.
 *
 * Between search_low, a size known to pass, and search_high, now and then one
 * segment is sent whose size lies in the middle. When it is acknowledged the
 * middle is the new low end; when it alone is lost, it is the new high end,
 * and the loss says nothing of congestion (7.4). Sizes are of IP packets.
 */
#include "net/ipv4/tcp.h"

#define TCP_MTUP_MIN_CWND 11 /* else its loss would cost too much */

static int tcp_mss_to_mtu(const struct sock *sk, int mss)
{
	return mss + tcp_sk(sk)->tcp_header_len +
	       inet_csk(sk)->icsk_ext_hdr_len + (int)sizeof(struct iphdr);
}

static int tcp_mtup_ceiling(const struct sock *sk)
{
	return tcp_sk(sk)->rx_opt.mss_clamp + (int)sizeof(struct tcphdr) +
	       (int)sizeof(struct iphdr);
}

/* The setting may be any number; no segment is longer than a packet. */
static int tcp_base_mss(const struct netns_ipv4 *ipv4)
{
	return clamp(ipv4->sysctl_tcp_base_mss, 0, 65535);
}

void tcp_mtup_init(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;

	icsk->icsk_mtup.enabled = ipv4->sysctl_tcp_mtu_probing > 1;
	icsk->icsk_mtup.search_high = tcp_mtup_ceiling(sk);
	icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, tcp_base_mss(ipv4));
	icsk->icsk_mtup.probe_size = 0;
	if (icsk->icsk_mtup.enabled)
		icsk->icsk_mtup.probe_timestamp = tcp_jiffies32();
}

/* 7.7: timeouts in a row: perhaps all our segments are too large. */
void tcp_mtu_probing(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	int mss;

	if (!ipv4->sysctl_tcp_mtu_probing)
		return;
	if (!icsk->icsk_mtup.enabled) {
		icsk->icsk_mtup.enabled = 1;
		icsk->icsk_mtup.probe_timestamp = tcp_jiffies32();
	} else {
		mss = tcp_mtu_to_mss(sk, icsk->icsk_mtup.search_low) >> 1;
		mss = min(tcp_base_mss(ipv4), mss);
		mss = max(mss, ipv4->sysctl_tcp_mtu_probe_floor);
		mss = max(mss, ipv4->sysctl_tcp_min_snd_mss);
		icsk->icsk_mtup.search_low = tcp_mss_to_mtu(sk, mss);
	}
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
}

/* 7.3: after a while the path may carry more. */
static void tcp_mtu_check_reprobe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u32 interval = sock_net(sk)->ipv4->sysctl_tcp_probe_interval * HZ;
	u32 now = tcp_jiffies32();

	if ((s32)(now - icsk->icsk_mtup.probe_timestamp) < (s32)interval)
		return;
	icsk->icsk_mtup.probe_size = 0;
	icsk->icsk_mtup.search_high = tcp_mtup_ceiling(sk);
	icsk->icsk_mtup.search_low =
		tcp_mss_to_mtu(sk, (int)tcp_current_mss(sk));
	icsk->icsk_mtup.probe_timestamp = now;
}

/* An empty skb with room for @size bytes in a fragment; NULL: no memory. */
static struct sk_buff *tcp_mtu_probe_alloc(struct sock *sk, u32 size)
{
	struct frag_buf *b = frag_buf_alloc(size);
	struct sk_buff *n;

	if (!b)
		return NULL;
	n = tcp_stream_alloc_skb(sk, false);
	if (n && sk_wmem_schedule(sk, (int)(n->truesize + size)))
		skb_append_frag(n, b, 0, size);
	frag_buf_put(b);
	if (!n || n->len)
		return n;
	consume_skb(n);
	return NULL;
}

/* The first @size bytes of the write queue as one skb at its head, or NULL. */
static struct sk_buff *tcp_mtu_probe_skb(struct sock *sk, u32 size)
{
	struct sk_buff *skb = tcp_send_head(sk), *next, *n;
	u32 copy, done = 0;

	n = tcp_mtu_probe_alloc(sk, size);
	if (!n)
		return NULL;
	TCP_SKB_CB(n)->tcp_flags = TCPHDR_ACK;
	TCP_SKB_CB(n)->seq = TCP_SKB_CB(skb)->seq;
	TCP_SKB_CB(n)->end_seq = TCP_SKB_CB(skb)->seq + size;
	for (; done < size; skb = next) {
		next = skb->next;
		copy = min(skb->len, size - done);
		if (skb_copy_bits(skb, 0,
				  skb_shinfo(n)->frags[0].buf->data + done,
				  (int)copy))
			BUG_ON(1);
		done += copy;
		if (copy < skb->len) {
			/* Not cloned, as it was never sent: cannot fail. */
			if (tcp_trim_head(sk, skb, copy))
				BUG_ON(1);
			continue;
		}
		TCP_SKB_CB(n)->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
		TCP_SKB_CB(n)->eor = TCP_SKB_CB(skb)->eor;
		__skb_unlink(skb, &sk->sk_write_queue);
		tcp_wmem_free_skb(sk, skb);
	}
	__skb_queue_head(&sk->sk_write_queue, n);
	sk_wmem_queued_add(sk, (int)n->truesize);
	sk_mem_charge(sk, (int)n->truesize);
	tcp_set_skb_tso_segs(n, size);
	return n;
}

/* Do state and numbers allow a probe at all? */
static bool tcp_mtu_may_probe(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	return icsk->icsk_mtup.enabled && !icsk->icsk_mtup.probe_size &&
	       icsk->icsk_ca_state == TCP_CA_Open &&
	       tp->snd_cwnd >= TCP_MTUP_MIN_CWND && !tp->rx_opt.num_sacks &&
	       !tp->rx_opt.dsack && tp->snd_una == tp->snd_up;
}

/*
 * Send a probe when it is time. 1: sent; 0: wait, it may be in a moment; -1:
 * not now, go on as usual.
 */
int __tcp_mtu_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int low = icsk->icsk_mtup.search_low;
	int high = icsk->icsk_mtup.search_high, size;
	struct sk_buff *skb;
	u32 needed;

	if (!tcp_mtu_may_probe(sk))
		return -1;
	(void)tcp_current_mss(sk);
	size = tcp_mtu_to_mss(sk, (high + low) >> 1);
	/* 7.2: segments behind it, so that its loss alone is seen. */
	needed = (u32)size + (tp->reordering + 1) * tp->mss_cache;
	if (size > tcp_mtu_to_mss(sk, high) ||
	    high - low < sock_net(sk)->ipv4->sysctl_tcp_probe_threshold) {
		tcp_mtu_check_reprobe(sk);
		return -1;
	}
	if (tp->write_seq - tp->snd_nxt < needed || tp->snd_wnd < needed)
		return -1;
	if (after(tp->snd_nxt + needed, tcp_wnd_end(tp)))
		return 0;
	if (tcp_packets_in_flight(tp) + 2 > tp->snd_cwnd)
		return tcp_packets_in_flight(tp) ? 0 : -1;
	skb = tcp_mtu_probe_skb(sk, (u32)size);
	if (!skb || tcp_transmit_skb(sk, skb, true, tp->rcv_nxt))
		return -1;
	/* It counts for two: given back when it fails. */
	tp->snd_cwnd--;
	tp->mtu_probe.probe_seq_start = TCP_SKB_CB(skb)->seq;
	tp->mtu_probe.probe_seq_end = TCP_SKB_CB(skb)->end_seq;
	tcp_event_new_data_sent(sk, skb);
	icsk->icsk_mtup.probe_size = tcp_mss_to_mtu(sk, size);
	return 1;
}

/* 7.6.1: it was acknowledged. The window was in segments of the old size. */
void tcp_mtup_probe_success(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 cwnd = (u64)tp->snd_cwnd *
		   (u32)tcp_mss_to_mtu(sk, (int)tp->mss_cache) /
		   (u32)icsk->icsk_mtup.probe_size;

	tp->prior_ssthresh = tcp_current_ssthresh(sk);
	tp->snd_cwnd = max_t(u32, 1, (u32)cwnd);
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = tcp_jiffies32();
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	icsk->icsk_mtup.search_low = icsk->icsk_mtup.probe_size;
	icsk->icsk_mtup.probe_size = 0;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	NET_INC_STATS(sock_net(sk), TCPMTUPSuccess);
}

/*
 * Something is lost: the probe, and nothing before it? 7.6.2: it goes again in
 * pieces, and no window is reduced. True: that was it.
 */
bool tcp_mtup_probe_failed(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state >= TCP_CA_CWR || !icsk->icsk_mtup.probe_size ||
	    tp->snd_una != tp->mtu_probe.probe_seq_start)
		return false;
	icsk->icsk_mtup.search_high = icsk->icsk_mtup.probe_size - 1;
	icsk->icsk_mtup.probe_size = 0;
	NET_INC_STATS(sock_net(sk), TCPMTUPFail);
	tp->snd_cwnd++;
	tcp_simple_retransmit(sk);
	return true;
}
