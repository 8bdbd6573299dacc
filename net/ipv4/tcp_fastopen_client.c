/* SPDX-License-Identifier: MIT */
/*
 * TCP Fast Open, the client's side: RFC 7413 4.1.3, 4.2.1.
 *
 * A sendmsg() with MSG_FASTOPEN, or the first one after a connect() that
 * TCP_FASTOPEN_CONNECT put off, connects: with a cookie of this destination
 * (tcp_metrics.c) its data goes in the SYN, without one the SYN asks for a
 * cookie. On the retransmission queue are two skbs then, the SYN and its data;
 * what is sent again is the SYN alone, for something on the path may drop SYNs
 * with data.
 */
#include "kernel/slab.h"
#include "net/ipv4/af_inet.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_fastopen.h"

void tcp_free_fastopen_req(struct sock *sk)
{
	kfree(tcp_sk(sk)->fastopen_req);
	tcp_sk(sk)->fastopen_req = NULL;
}

/*
 * LINUX: where middle boxes swallow what follows a SYN with data, nobody on
 * the host tries for a while: tcp_fastopen_blackhole_timeout_sec, twice as long
 * each time.
 */
void tcp_fastopen_active_disable(struct sock *sk)
{
	struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;

	if (!ipv4->sysctl_tcp_fastopen_blackhole_timeout)
		return;
	ipv4->tfo_active_disable_stamp = jiffies;
	ipv4->tfo_active_disable_times++;
	NET_INC_STATS(sock_net(sk), TCPFastOpenBlackhole);
}

static bool fastopen_active_should_disable(const struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = sock_net(sk)->ipv4;
	u32 times = ipv4->tfo_active_disable_times;
	unsigned long wait;

	if (!times || !ipv4->sysctl_tcp_fastopen_blackhole_timeout)
		return false;
	wait = (unsigned long)ipv4->sysctl_tcp_fastopen_blackhole_timeout * HZ;
	wait <<= min(times - 1, 6U);
	return time_before(jiffies, ipv4->tfo_active_disable_stamp + wait);
}

/* A timeout; @expired: the connection is given up for it. */
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired)
{
	u32 timeouts = inet_csk(sk)->icsk_retransmits;
	const struct tcp_sock *tp = tcp_sk(sk);

	if ((tp->syn_fastopen || tp->syn_data || tp->syn_data_acked) &&
	    (timeouts == 2 || (timeouts < 2 && expired)))
		tcp_fastopen_active_disable(sk);
}

/* May the SYN carry data? *ret_cookie: with which option. */
static bool fastopen_cookie_check(struct sock *sk, u16 *ret_mss,
				  struct tcp_fastopen_cookie *ret_cookie)
{
	*ret_cookie = (struct tcp_fastopen_cookie){ .len = 0 };
	tcp_fastopen_cache_get(sk, ret_mss, ret_cookie);
	if (fastopen_active_should_disable(sk)) {
		ret_cookie->len = -1;
		return false;
	}
	if (tcp_fastopen_no_cookie(sk, TFO_CLIENT_NO_COOKIE)) {
		ret_cookie->len = -1;
		return true;
	}
	if (ret_cookie->len > 0)
		return true;
	tcp_sk(sk)->fastopen_client_fail = TFO_COOKIE_UNAVAILABLE;
	return false;
}

/*
 * connect() with TCP_FASTOPEN_CONNECT. True: put off until there is data;
 * else it goes on, with a SYN that asks for a cookie (or *ret_err).
 */
bool tcp_fastopen_defer_connect(struct sock *sk, int *ret_err)
{
	struct tcp_fastopen_cookie cookie;
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss;

	if (!tp->fastopen_connect || tp->fastopen_req)
		return false;
	if (fastopen_cookie_check(sk, &mss, &cookie)) {
		inet_sk(sk)->defer_connect = 1;
		return true;
	}
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req));
	if (tp->fastopen_req)
		tp->fastopen_req->cookie = cookie;
	else
		*ret_err = fail(-ENOBUFS, "no memory for fast open");
	return false;
}

/* As much of the program's data as @syn_data may carry; false: not all. */
static bool fastopen_copy(struct sock *sk, struct sk_buff *syn_data, u32 space)
{
	struct tcp_fastopen_request *fo = tcp_sk(sk)->fastopen_req;
	u32 n;

	while (space) {
		if (!sk_page_frag_refill(sk, 0))
			return false;
		n = min(space, sk->sk_frag->size - sk->sk_frag_off);
		if (copy_from_iter(sk->sk_frag->data + sk->sk_frag_off, n,
				   &fo->data->msg_iter) < n)
			return false;
		if (!skb_append_frag(syn_data, sk->sk_frag, sk->sk_frag_off, n))
			return false;
		sk->sk_frag_off += n;
		space -= n;
	}
	return true;
}

/* The SYN with data; @syn is on the queue. False: it was not sent. */
static bool fastopen_send_data(struct sock *sk, struct sk_buff *syn)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	struct iov_iter before = fo->data->msg_iter;
	struct sk_buff *data;
	int space, mss;

	/* 4.1.3: as much as fits, with all options that may be added. */
	mss = tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	mss += tp->tcp_header_len - (int)sizeof(struct tcphdr);
	space = (int)min_t(size_t, max(mss - MAX_TCP_OPTION_SPACE, 0),
			   fo->size);
	data = space ? tcp_stream_alloc_skb(sk, true) : NULL;
	if (!data)
		return false;
	*TCP_SKB_CB(data) = *TCP_SKB_CB(syn);
	INIT_LIST_HEAD(&TCP_SKB_CB(data)->tx.tsorted_anchor);
	if (!fastopen_copy(sk, data, space)) {
		fo->data->msg_iter = before;
		consume_skb(data);
		return false;
	}
	TCP_SKB_CB(data)->end_seq += space;
	tcp_connect_queue_skb(sk, data);
	fo->copied = space;
	if (fo->size == (size_t)space)
		fo->data = NULL;
	tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	tp->syn_data = !tcp_transmit_skb(sk, data, true, 0);
	/* What was sent was SYN and data; what may be sent again is data. */
	syn->tstamp = data->tstamp;
	TCP_SKB_CB(data)->seq++;
	TCP_SKB_CB(data)->tcp_flags = TCPHDR_ACK | TCPHDR_PSH;
	if (tp->syn_data) {
		NET_INC_STATS(sock_net(sk), TCPOrigDataSent);
		return true;
	}
	/* Not sent: it waits for the handshake. */
	__skb_unlink(data, &tp->tcp_rtx_queue);
	tp->packets_out--;
	__skb_queue_tail(&sk->sk_write_queue, data);
	return false;
}

/* Send @syn, with the data of the sendmsg() that connects if it may be. */
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	u16 mss = tp->advmss;
	int err = 0;

	if (fastopen_cookie_check(sk, &mss, &fo->cookie) && fo->size) {
		if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < mss)
			mss = tp->rx_opt.user_mss;
		tp->rx_opt.mss_clamp = mss;
		if (fastopen_send_data(sk, syn))
			goto done;
	}
	/* A plain SYN; it asks for a cookie. */
	if (fo->cookie.len > 0)
		fo->cookie.len = 0;
	err = tcp_transmit_skb(sk, syn, true, 0);
	if (err)
		tp->syn_fastopen = false;
done:
	/* 4.1.3: SYNs sent again are plain. */
	fo->cookie.len = -1;
	return err;
}

/* What the SYN-ACK tells, to be remembered. */
static void fastopen_learn(struct sock *sk, struct tcp_fastopen_cookie *foc,
			   bool data)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool syn_lost = false;
	u8 try_exp = 0;

	if (!tp->syn_fastopen)
		foc->len = -1; /* nobody asked */
	else if (tp->total_retrans)
		/* Only a SYN without data came through. */
		syn_lost = foc->len < 0 && data;
	else if (foc->len < 0 && !tp->syn_data)
		/* LINUX: asked in vain: by the other option next time. */
		try_exp = tp->syn_fastopen_exp ? 2 : 1;
	tcp_fastopen_cache_set(sk, tp->rx_opt.mss_clamp, foc, syn_lost,
			       try_exp);
}

bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
			     struct tcp_fastopen_cookie *foc)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data = tp->syn_data ? tcp_rtx_queue_head(sk) : NULL;

	fastopen_learn(sk, foc, data);
	if (data) {
		/* 4.2.1: the SYN alone was acknowledged: its data again. */
		tp->fastopen_client_fail = tp->total_retrans
						   ? TFO_SYN_RETRANSMITTED
						   : TFO_DATA_NOT_ACKED;
		for (; data; data = tcp_rtx_next(sk, data))
			tcp_mark_skb_lost(sk, data);
		tcp_non_congestion_loss_retransmit(sk);
		NET_INC_STATS(sock_net(sk), TCPFastOpenActiveFail);
		return true;
	}
	tp->syn_data_acked = tp->syn_data;
	if (tp->syn_data_acked) {
		NET_INC_STATS(sock_net(sk), TCPFastOpenActive);
		/* SYN and data were one segment. */
		if (tp->delivered > 1)
			tp->delivered--;
	}
	tcp_fastopen_add_skb(sk, synack);
	return false;
}

/*
 * A sendmsg() that connects. *ret_copied: bytes of it that went with the SYN,
 * also when the call does not wait for the answer (-EINPROGRESS).
 */
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *m, int *ret_copied)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sockaddr *addr = m->msg_name;
	int err;

	if (!(sock_net(sk)->ipv4->sysctl_tcp_fastopen & TFO_CLIENT_ENABLE) ||
	    (addr && m->msg_namelen >= (int)sizeof(addr->sa_family) &&
	     addr->sa_family == AF_UNSPEC))
		return fail(-EOPNOTSUPP, "fast open is switched off");
	if (tp->fastopen_req)
		return fail(-EALREADY, "another call is connecting");
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req));
	if (unlikely(!tp->fastopen_req))
		return fail(-ENOBUFS, "no memory for fast open");
	tp->fastopen_req->data = m;
	tp->fastopen_req->size = iov_iter_count(&m->msg_iter);
	if (inet_sk(sk)->defer_connect) {
		err = tcp_connect(sk);
		if (err) {
			tcp_set_state(sk, TCP_CLOSE);
			sk->sk_dport = 0;
		}
	}
	err = __inet_stream_connect(sk->sk_socket, addr, m->msg_namelen,
				    m->msg_flags & MSG_DONTWAIT ? O_NONBLOCK
								: 0,
				    true);
	/* It is gone when the connection failed meanwhile. */
	if (tp->fastopen_req) {
		*ret_copied = tp->fastopen_req->copied;
		tcp_free_fastopen_req(sk);
		inet_sk(sk)->defer_connect = 0;
	}
	return err;
}
