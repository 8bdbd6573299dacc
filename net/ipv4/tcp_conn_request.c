/* SPDX-License-Identifier: MIT */
/*
 * TCP: a SYN for a listener (RFC 9293 3.10.7.2): a request is made, queued and
 * answered; or answered by a cookie when the queue is full (RFC 4987 3.6).
 */
#include "lib/string.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_ecn.h"

/* The SYN queue is full. True: answer by a cookie, keeping nothing. */
static bool tcp_syn_flood_action(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;
	struct net *net = sock_net(sk);
	int cookies = net->ipv4->sysctl_tcp_syncookies;

	if (cookies)
		NET_INC_STATS(net, TCPReqQFullDoCookies);
	else
		NET_INC_STATS(net, TCPReqQFullDrop);
	if (!q->synflood_warned && cookies != 2) {
		q->synflood_warned = true;
		pr_info("TCP: request_sock_TCP: Possible SYN flooding on port "
			"%d. %s",
			sk->sk_num,
			cookies ? "Sending cookies." : "Dropping request.");
	}
	return cookies;
}

static void tcp_openreq_init(struct request_sock *req,
			     const struct tcp_options_received *opt,
			     const struct sk_buff *skb, const struct sock *sk)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);

	req->rcv_isn = TCP_SKB_CB(skb)->seq;
	req->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	req->mss = opt->mss_clamp;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
	req->tstamp_ok = opt->saw_tstamp;
	req->sack_ok = opt->sack_ok;
	req->snd_wscale = opt->snd_wscale;
	req->wscale_ok = opt->wscale_ok;
	req->h.sk_dport = th->source;
	req->h.sk_num = ntohs(th->dest);
	req->h.sk_rcv_saddr = iph->daddr;
	req->h.sk_daddr = iph->saddr;
	req->h.sk_bound_dev_if = sk->sk_bound_dev_if;
	req->ir_iif = skb->skb_iif;
	req->ir_mark = sk->sk_mark;
	req->tos = iph->tos;
}

/* TCP_SAVE_SYN. Best effort: without memory there is nothing to be asked for. */
static void tcp_reqsk_record_syn(const struct sock *sk,
				 struct request_sock *req,
				 const struct sk_buff *skb)
{
	const u8 *from = skb_network_header(skb);
	const u8 *end = (const u8 *)tcp_hdr(skb) + tcp_hdr(skb)->doff * 4;

	if (!tcp_sk(sk)->save_syn)
		return;
	if (tcp_sk(sk)->save_syn == 2)
		from = skb_mac_header(skb);
	req->saved_syn = kmalloc(sizeof(*req->saved_syn) + (end - from));
	if (!req->saved_syn)
		return;
	req->saved_syn->len = (u32)(end - from);
	memcpy(req->saved_syn->data, from, end - from);
}

/* RFC 3168 6.1.1: the peer asks for ECN with ECE and CWR. */
static void tcp_ecn_create_request(struct request_sock *req,
				   const struct sk_buff *skb,
				   const struct sock *sk)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (th->ece && th->cwr &&
	    !(TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK) &&
	    sock_net(sk)->ipv4->sysctl_tcp_ecn)
		req->ecn_ok = true;
}

void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk,
			   const struct dst_entry *dst)
{
	int full_space = tcp_full_space(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u16 user = tp->rx_opt.user_mss;
	u32 mss = dst->ops->default_advmss(dst);

	if (user && user < mss)
		mss = user;
	req->rsk_window_clamp = tp->window_clamp;
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    (req->rsk_window_clamp > (u32)full_space || !req->rsk_window_clamp))
		req->rsk_window_clamp = full_space;
	tcp_select_initial_window(
		sk, full_space,
		mss - (req->tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0),
		&req->rsk_rcv_wnd, &req->rsk_window_clamp, req->wscale_ok,
		&req->rcv_wscale);
}

/* A listener lost a SYN, or a connection that was to be. */
void tcp_listendrop(struct sock *sk)
{
	sk->sk_drops++;
	NET_INC_STATS(sock_net(sk), ListenDrops);
}

/* @skb stays the caller's. 0: answered, else why not. */
enum skb_drop_reason tcp_conn_request(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_TCP_REQQ_FULL;
	struct net *net = sock_net(sk);
	const struct netns_ipv4 *ipv4 = net->ipv4;
	struct tcp_options_received opt;
	u32 isn = TCP_SKB_CB(skb)->rx.tw_isn;
	struct tcp_sock *tp = tcp_sk(sk);
	struct request_sock *req;
	struct tcp_fastopen_cookie foc;
	struct sock *child = NULL;
	bool want_cookie = false;
	struct dst_entry *dst;
	struct flowi4 fl4;

	if (!isn && (ipv4->sysctl_tcp_syncookies == 2 ||
		     inet_csk_reqsk_queue_is_full(sk))) {
		want_cookie = tcp_syn_flood_action(sk);
		if (!want_cookie)
			goto out_drop;
	}
	if (sk_acceptq_is_full(sk)) {
		reason = SKB_DROP_REASON_TCP_LISTEN_OVERFLOW;
		NET_INC_STATS(net, ListenOverflows);
		goto out_drop;
	}
	reason = SKB_DROP_REASON_NOMEM;
	req = reqsk_alloc(sk);
	if (!req)
		goto out_drop;
	memset(&opt, 0, sizeof(opt));
	opt.mss_clamp = TCP_MSS_DEFAULT;
	opt.user_mss = tp->rx_opt.user_mss;
	tcp_parse_options(net, skb, &opt, false);
	/* A cookie has room for other options in its time stamp only. */
	if (want_cookie && !opt.saw_tstamp)
		opt.sack_ok = opt.wscale_ok = false;
	tcp_openreq_init(req, &opt, skb, sk);
	reason = SKB_DROP_REASON_IP_OUTNOROUTES;
	dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst)
		goto out_free;
	reason = SKB_DROP_REASON_TCP_REQQ_FULL;
	if (req->tstamp_ok)
		req->ts_off = secure_tcp_ts_off(net, req->h.sk_rcv_saddr,
						req->h.sk_daddr);
	if (!want_cookie && !isn) {
		/* LINUX: without cookies the last quarter is for peers that
		 * are known to be real; none is known here.
		 */
		if (!ipv4->sysctl_tcp_syncookies &&
		    (long)ipv4->sysctl_tcp_max_syn_backlog -
				    inet_csk(sk)->icsk_accept_queue.qlen <
			    ipv4->sysctl_tcp_max_syn_backlog >> 2)
			goto out_release;
		isn = secure_tcp_seq(net, req->h.sk_rcv_saddr, req->h.sk_daddr,
				     htons(req->h.sk_num), req->h.sk_dport);
	}
	tcp_ecn_create_request(req, skb, sk);
	tcp_reqsk_record_syn(sk, req, skb);
	if (want_cookie) {
		isn = cookie_v4_init_sequence(sk, skb, &req->mss);
		req->syncookie = true;
		if (!req->tstamp_ok)
			req->ecn_ok = false;
		inet_csk(sk)->icsk_accept_queue.cookie_stamp = jiffies | 1;
	}
	req->snt_isn = isn;
	tcp_openreq_init_rwin(req, sk, dst);
	if (want_cookie) {
		tcp_v4_send_synack(sk, dst, req, NULL);
		reqsk_free(req);
		return 0;
	}
	tcp_parse_fastopen(skb, &foc);
	if (foc.len >= 0 || skb->len > tcp_hdr(skb)->doff * 4U)
		child = tcp_try_fastopen(sk, skb, req, &foc);
	if (child) {
		tcp_v4_send_synack(child, dst, req, &foc);
		if (inet_csk_reqsk_queue_add(sk, child))
			sk->sk_data_ready(sk);
		return 0;
	}
	inet_csk_reqsk_queue_hash_add(sk, req, TCP_TIMEOUT_INIT);
	tcp_v4_send_synack(sk, dst, req, &foc);
	return 0;

out_release:
	dst_release(dst);
out_free:
	reqsk_free(req);
out_drop:
	tcp_listendrop(sk);
	return reason;
}
