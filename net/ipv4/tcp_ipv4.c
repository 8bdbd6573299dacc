/* SPDX-License-Identifier: MIT */
/*
 * TCP over IPv4: opening, the way in, ICMP, and answers without a socket.
 * RFC 9293 3.9.2 (lower level), 3.10.1, RFC 5461 and 5927 (ICMP), RFC 6528.
 */
#include "lib/checksum.h"
#include "lib/string.h"
#include "net/ipv4/icmp.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"
#include <linux/in_route.h>
#include <linux/rtnetlink.h>

#define TCP_CSUM_OFFSET offsetof(struct tcphdr, check)
#define MAX_ICMP_UNREACH 15

int tcp_v4_init_sock(struct sock *sk)
{
	return tcp_init_sock(sk);
}

void tcp_v4_destroy_sock(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_clear_xmit_timers(sk);
	tcp_cleanup_congestion_control(sk);
	tcp_write_queue_purge(sk);
	tcp_ofo_purge(sk, SKB_DROP_REASON_SOCKET_CLOSE);
	if (inet_csk(sk)->icsk_bind_hash)
		inet_put_port(sk);
	tcp_free_fastopen_req(sk);
	reqsk_fastopen_remove(sk, false);
	tcp_fastopen_queue_free(sk);
	tcp_pacing_free(sk);
	tcp_comp_ack_free(sk);
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
	sock_net(sk)->ipv4->tcp_sockets_allocated--;
}

/*
 * RFC 6528: the clock (here 64 ns, RFC 9293 wants about 4 us or faster) plus
 * a keyed hash of the connection.
 */
u32 secure_tcp_seq(struct net *net, __be32 saddr, __be32 daddr, __be16 sport,
		   __be16 dport)
{
	u32 h = (u32)siphash_4u32(saddr, daddr, (u32)sport << 16 | dport, 1,
				  &net->ipv4->tcp_secret);

	return h + (u32)(ktime_get_ns() >> 6);
}

/* RFC 7323 7.1: a time stamp that does not tell the uptime. */
u32 secure_tcp_ts_off(struct net *net, __be32 saddr, __be32 daddr)
{
	if (net->ipv4->sysctl_tcp_timestamps != 1)
		return 0;
	return (u32)siphash_2u64(saddr, daddr, &net->ipv4->tcp_ts_secret);
}

int tcp_v4_pre_connect(struct sock *sk, struct sockaddr *a, int len)
{
	(void)sk;
	(void)a;
	if (len < (int)sizeof(struct sockaddr_in))
		return fail(-EINVAL, "address too short");
	return 0;
}

/*
 * tcp_tw_reuse: may the TIME-WAIT stand-in @sktw give way to @sk? RFC 6191:
 * when its time stamps protect the new connection. LINUX: who bound the port
 * itself (@bound) is not asked for the setting, nor to wait a second.
 * Test: packet/open/time_wait
 */
int tcp_twsk_unique(struct sock *sk, struct sock *sktw, bool bound)
{
	const struct inet_timewait_sock *tw = inet_twsk(sktw);
	int reuse = sock_net(sk)->ipv4->sysctl_tcp_tw_reuse;
	struct tcp_sock *tp = tcp_sk(sk);

	if (reuse == 2 && !ipv4_is_loopback(tw->h.sk_daddr) &&
	    !ipv4_is_loopback(tw->h.sk_rcv_saddr))
		reuse = 0;
	if (!tw->tw_ts_recent_stamp || tw->tw_substate != TCP_TIME_WAIT)
		return 0;
	if (!bound &&
	    (!reuse || tcp_clock_us() - tw->tw_entry_stamp < 1000000))
		return 0;
	tp->write_seq = tw->tw_snd_nxt + 65535 + 2;
	if (!tp->write_seq)
		tp->write_seq = 1;
	tp->tsoffset = tw->tw_ts_offset;
	tp->rx_opt.ts_recent = tw->tw_ts_recent;
	tp->rx_opt.ts_recent_stamp = tw->tw_ts_recent_stamp;
	return 1;
}

/* RFC 9293 3.10.1, OPEN, active. The socket is locked. */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int len)
{
	const struct sockaddr_in *usin = (const struct sockaddr_in *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	__be32 daddr, nexthop;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	if (len < (int)sizeof(*usin))
		return fail(-EINVAL, "address too short");
	if (usin->sin_family != AF_INET)
		return fail(-EAFNOSUPPORT, "not an AF_INET address");
	nexthop = daddr = usin->sin_addr.s_addr;
	if (inet->inet_opt && inet->inet_opt->srr) {
		if (!daddr)
			return fail(-EINVAL, "source route to nowhere");
		nexthop = inet->inet_opt->faddr;
	}
	memset(&fl4, 0, sizeof(fl4));
	rt = ip_route_connect(&fl4, nexthop, inet->inet_saddr,
			      sk->sk_bound_dev_if, IPPROTO_TCP,
			      inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(net, OutNoRoutes);
		return (int)PTR_ERR(rt);
	}
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		dst_release(&rt->dst);
		return fail(-ENETUNREACH, "TCP to a multicast address");
	}
	if (!inet->inet_opt || !inet->inet_opt->srr)
		daddr = fl4.daddr;
	if (!inet->inet_saddr)
		inet->inet_saddr = fl4.saddr;
	sk->sk_rcv_saddr = inet->inet_saddr;
	if (tp->rx_opt.ts_recent_stamp && sk->sk_daddr != daddr) {
		tp->rx_opt.ts_recent = 0;
		tp->rx_opt.ts_recent_stamp = 0;
		tp->write_seq = 0;
	}
	sk->sk_dport = usin->sin_port;
	sk->sk_daddr = daddr;
	inet_csk(sk)->icsk_ext_hdr_len =
		inet->inet_opt ? inet->inet_opt->optlen : 0;
	tp->rx_opt.mss_clamp = TCP_MSS_DEFAULT;

	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet_hash_connect(sk);
	if (err)
		goto out_failure;
	rt = ip_route_newports(&fl4, rt, inet->inet_sport, sk->sk_dport, sk);
	if (IS_ERR(rt)) {
		err = (int)PTR_ERR(rt);
		rt = NULL;
		goto out_failure;
	}
	sk_dst_set(sk, &rt->dst);
	rt = NULL;
	if (!tp->write_seq) {
		tp->write_seq =
			secure_tcp_seq(net, inet->inet_saddr, daddr,
				       inet->inet_sport, usin->sin_port);
		tp->tsoffset = secure_tcp_ts_off(net, inet->inet_saddr, daddr);
	}
	inet->inet_id = (u16)get_random_u32();
	if (tcp_fastopen_defer_connect(sk, &err))
		return 0;
	if (!err)
		err = tcp_connect(sk);
	if (!err)
		return 0;

out_failure:
	tcp_set_state(sk, TCP_CLOSE);
	if (rt)
		dst_release(&rt->dst);
	sk_dst_reset(sk);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_saddr = 0;
		sk->sk_rcv_saddr = 0;
	}
	sk->sk_dport = 0;
	return err;
}

/* RFC 9293 3.10.7.1: a RST for a segment that has no place here. */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);
	struct net *net = sk ? sock_net(sk) : skb->dev->net;
	struct tcphdr rep;

	if (th->rst)
		return;
	if (!sk && skb_rtable(skb) && skb_rtable(skb)->rt_type != RTN_LOCAL)
		return;
	memset(&rep, 0, sizeof(rep));
	rep.dest = th->source;
	rep.source = th->dest;
	rep.doff = sizeof(rep) / 4;
	rep.rst = 1;
	if (th->ack) {
		rep.seq = th->ack_seq;
	} else {
		rep.ack = 1;
		rep.ack_seq = htonl(ntohl(th->seq) + th->syn + th->fin +
				    skb->len - (th->doff << 2));
	}
	ip_send_unicast_reply(
		net, skb, iph->saddr, iph->daddr, &rep, sizeof(rep),
		TCP_CSUM_OFFSET, sk ? inet_sk(sk)->tos : 0,
		sk ? sk->sk_bound_dev_if : 0, sk ? sk->sk_mark : 0);
	TCP_INC_STATS(net, OutSegs);
	TCP_INC_STATS(net, OutRsts);
}

/* An ACK for a request or a TIME-WAIT stand-in. */
void tcp_v4_send_ack(struct net *net, struct sk_buff *skb, u32 seq, u32 ack,
		     u32 win, u32 tsval, u32 tsecr, int oif, u8 tos, u32 mark)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);
	struct tcp_out_options opts;
	struct {
		struct tcphdr th;
		u8 opt[TCPOLEN_TSTAMP_ALIGNED];
	} rep;
	unsigned int len = sizeof(rep.th);

	memset(&rep, 0, sizeof(rep));
	memset(&opts, 0, sizeof(opts));
	if (tsecr) {
		opts.ts = true;
		opts.tsval = tsval;
		opts.tsecr = tsecr;
		len += TCPOLEN_TSTAMP_ALIGNED;
	}
	rep.th.dest = th->source;
	rep.th.source = th->dest;
	rep.th.doff = len / 4;
	rep.th.seq = htonl(seq);
	rep.th.ack_seq = htonl(ack);
	rep.th.ack = 1;
	rep.th.window = htons((u16)win);
	tcp_options_write(&rep.th, NULL, &opts);
	ip_send_unicast_reply(net, skb, iph->saddr, iph->daddr, &rep, len,
			      TCP_CSUM_OFFSET, tos, oif, mark);
	TCP_INC_STATS(net, OutSegs);
}

static void tcp_v4_timewait_ack(struct inet_timewait_sock *tw,
				struct sk_buff *skb)
{
	tcp_v4_send_ack(tw->h.sk_net, skb, tw->tw_snd_nxt, tw->tw_rcv_nxt,
			tw->tw_rcv_wnd >> tw->tw_rcv_wscale,
			(u32)(tcp_clock_us() / 1000) + tw->tw_ts_offset,
			tw->tw_ts_recent, tw->h.sk_bound_dev_if, tw->tw_tos,
			tw->tw_mark);
}

void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req)
{
	tcp_v4_send_ack(sock_net(sk), skb, req->snt_isn + 1, req->rcv_nxt,
			req->rsk_rcv_wnd >> req->rcv_wscale,
			(u32)(tcp_clock_us() / 1000) + req->ts_off,
			req->ts_recent, sk->sk_bound_dev_if, req->tos,
			req->ir_mark);
}

int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst,
		       struct request_sock *req,
		       const struct tcp_fastopen_cookie *foc)
{
	struct flowi4 fl4;
	struct sk_buff *skb;

	if (!dst)
		dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst)
		return fail(-EHOSTUNREACH, "no route back");
	skb = tcp_make_synack(sk, dst, req, foc);
	if (!skb)
		return -ENOMEM;
	return ip_build_and_send_pkt(skb, sk, req->h.sk_rcv_saddr,
				     req->h.sk_daddr, req->opt,
				     inet_sk(sk)->tos);
}

enum skb_drop_reason tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	/* RFC 1122 4.2.3.10: never to a broadcast. */
	if (rt && rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		tcp_listendrop(sk);
		return SKB_DROP_REASON_OTHERHOST;
	}
	return tcp_conn_request(sk, skb);
}

/* The connection of a request. NULL: no room or no memory. */
struct sock *tcp_v4_syn_recv_sock(struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req)
{
	struct net *net = sock_net(sk);
	struct dst_entry *dst;
	struct sock *newsk;

	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(net, ListenOverflows);
		goto out_drop;
	}
	newsk = tcp_create_openreq_child(sk, req, skb);
	if (!newsk)
		goto out_drop;
	inet_sk(newsk)->inet_opt = req->opt;
	req->opt = NULL;
	inet_csk(newsk)->icsk_ext_hdr_len =
		inet_sk(newsk)->inet_opt ? inet_sk(newsk)->inet_opt->optlen : 0;
	inet_sk(newsk)->inet_id = (u16)get_random_u32();
	dst = inet_csk_route_child_sock(sk, newsk, req);
	if (!dst)
		goto out_forget;
	sk_dst_set(newsk, dst);
	tcp_ca_openreq_child(newsk, dst);
	tcp_sync_mss(newsk, dst_mtu(dst));
	tcp_sk(newsk)->advmss = dst->ops->default_advmss(dst);
	if (tcp_sk(sk)->rx_opt.user_mss &&
	    tcp_sk(sk)->rx_opt.user_mss < tcp_sk(newsk)->advmss)
		tcp_sk(newsk)->advmss = tcp_sk(sk)->rx_opt.user_mss;
	tcp_initialize_rcv_mss(newsk);
	if (__inet_inherit_port(sk, newsk))
		goto out_forget;
	if (!inet_ehash_nolisten(newsk, req->hashed ? req_to_sk(req) : NULL))
		goto out_forget;
	return newsk;

out_forget:
	inet_csk_prepare_forced_close(newsk);
	tcp_done(newsk);
out_drop:
	tcp_listendrop(sk);
	return NULL;
}

/* Owns @skb. */
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;
	struct sock *nsk;

	if (likely(sk->sk_state == TCP_ESTABLISHED)) {
		tcp_rcv_established(sk, skb);
		return 0;
	}
	if (sk->sk_state == TCP_LISTEN && !tcp_hdr(skb)->syn) {
		nsk = cookie_v4_check(sk, skb);
		if (!nsk) {
			kfree_skb_reason(skb,
					 SKB_DROP_REASON_TCP_LISTEN_OVERFLOW);
			return 0;
		}
		if (nsk != sk) {
			if (tcp_child_process(sk, nsk, skb)) {
				reason = SKB_DROP_REASON_TCP_FLAGS;
				goto reset;
			}
			return 0;
		}
	}
	reason = tcp_rcv_state_process(sk, skb);
	if (!reason)
		return 0;
reset:
	tcp_v4_send_reset(sk, skb);
	kfree_skb_reason(skb, reason);
	return 0;
}

/* The socket is a task's at the moment: it will look at @skb itself. */
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb,
		     enum skb_drop_reason *ret_reason)
{
	unsigned int limit = 2U * (unsigned int)sk->sk_rcvbuf +
			     (unsigned int)sk->sk_sndbuf / 2 + 64 * 1024;

	if (sk_add_backlog(sk, skb, limit)) {
		NET_INC_STATS(sock_net(sk), TCPBacklogDrop);
		*ret_reason = SKB_DROP_REASON_SOCKET_BACKLOG;
		return false;
	}
	return true;
}

static inline void tcp_v4_fill_cb(struct sk_buff *skb, const struct iphdr *iph,
				  const struct tcphdr *th)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	memset(cb, 0, sizeof(*cb));
	cb->seq = ntohl(th->seq);
	cb->end_seq = cb->seq + th->syn + th->fin + skb->len - th->doff * 4;
	cb->ack_seq = ntohl(th->ack_seq);
	cb->tcp_flags = ((const u8 *)th)[13];
	cb->ip_dsfield = iph->tos;
	cb->rx.iif = skb->skb_iif;
}

/* Header whole and sum right? 0 or the reason to drop. */
static inline enum skb_drop_reason tcp_v4_check(struct net *net,
						struct sk_buff *skb)
{
	const struct tcphdr *th;

	if (!pskb_may_pull(skb, sizeof(*th)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	th = (const struct tcphdr *)skb->data;
	/* LINUX: of all that is too short this alone is counted. */
	if (th->doff < sizeof(*th) / 4) {
		TCP_INC_STATS(net, InErrs);
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	if (!pskb_may_pull(skb, th->doff * 4))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	skb_reset_transport_header(skb);
	if (tcp_v4_checksum_bad(skb)) {
		TCP_INC_STATS(net, InCsumErrors);
		TCP_INC_STATS(net, InErrs);
		return SKB_DROP_REASON_TCP_CSUM;
	}
	return SKB_CONSUMED;
}

/* For a TIME-WAIT stand-in. Returns a listener to go on with, or NULL: done. */
static struct sock *tcp_v4_timewait(struct net *net, struct sock *sk,
				    struct sk_buff *skb)
{
	struct inet_timewait_sock *tw = inet_twsk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);
	struct sock *listener;
	u32 isn = 0;

	switch (tcp_timewait_state_process(tw, skb, th, &isn)) {
	case TCP_TW_SYN:
		listener = __inet_lookup_listener(net, skb, th->doff * 4,
						  iph->saddr, th->source,
						  iph->daddr, ntohs(th->dest),
						  skb->skb_iif);
		if (listener) {
			inet_twsk_deschedule_put(tw);
			TCP_SKB_CB(skb)->rx.tw_isn = isn;
			return listener;
		}
		fallthrough;
	case TCP_TW_ACK:
		tcp_v4_timewait_ack(tw, skb);
		break;
	case TCP_TW_RST:
		tcp_v4_send_reset(NULL, skb);
		inet_twsk_deschedule_put(tw);
		break;
	case TCP_TW_SUCCESS:
		break;
	}
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_OLD_DATA);
	return NULL;
}

/* For a request. True: done; else @skb goes on to the listener. */
static bool tcp_v4_reqsk(struct request_sock *req, struct sk_buff *skb)
{
	struct sock *sk = req->rsk_listener, *nsk;

	sock_hold(sk);
	nsk = tcp_check_req(sk, skb, req, false);
	if (nsk == sk) {
		sock_put(sk);
		return false;
	}
	if (!nsk) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
	} else if (tcp_child_process(sk, nsk, skb)) {
		tcp_v4_send_reset(NULL, skb);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
	}
	sock_put(sk);
	return true;
}

static void tcp_v4_deliver(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_SOCKET_FILTER;

	sock_hold(sk);
	if (unlikely(inet_sk(sk)->min_ttl &&
		     ip_hdr(skb)->ttl < inet_sk(sk)->min_ttl)) {
		NET_INC_STATS(sock_net(sk), TCPMinTTLDrop);
		reason = SKB_DROP_REASON_TCP_MINTTL;
		goto drop;
	}
	if (sk->sk_filter) {
		if (sk_filter(sk, skb) || skb->len < tcp_hdr(skb)->doff * 4U)
			goto drop;
		TCP_SKB_CB(skb)->end_seq =
			TCP_SKB_CB(skb)->seq + tcp_hdr(skb)->syn +
			tcp_hdr(skb)->fin + skb->len - tcp_hdr(skb)->doff * 4;
	}
	if (sk->sk_state == TCP_LISTEN) {
		tcp_v4_do_rcv(sk, skb);
		goto out;
	}
	tcp_sk(sk)->segs_in += max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	if (skb->len > tcp_hdr(skb)->doff * 4U)
		tcp_sk(sk)->data_segs_in +=
			max_t(u16, 1, skb_shinfo(skb)->gso_segs);
	if (!sock_owned_by_user(sk)) {
		tcp_v4_do_rcv(sk, skb);
		goto out;
	}
	if (tcp_add_backlog(sk, skb, &reason))
		goto out;
drop:
	sk->sk_drops++;
	kfree_skb_reason(skb, reason);
out:
	sock_put(sk);
}

/* From IP: skb->data is at the TCP header. Owns @skb. */
int tcp_v4_rcv(struct sk_buff *skb)
{
	struct net *net = skb->dev->net;
	enum skb_drop_reason reason;
	const struct tcphdr *th;
	const struct iphdr *iph;
	struct sock *sk;

	if (skb->pkt_type != PACKET_HOST) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return 0;
	}
	TCP_ADD_STATS(net, InSegs, max_t(u16, 1, skb_shinfo(skb)->gso_segs));
	reason = tcp_v4_check(net, skb);
	if (reason) {
		kfree_skb_reason(skb, reason);
		return 0;
	}
	th = tcp_hdr(skb);
	iph = ip_hdr(skb);
	tcp_v4_fill_cb(skb, iph, th);
	sk = __inet_lookup(net, skb, th->doff * 4, iph->saddr, th->source,
			   iph->daddr, th->dest, skb->skb_iif);
	if (sk && sk->sk_state == TCP_TIME_WAIT) {
		sk = tcp_v4_timewait(net, sk, skb);
		if (!sk)
			return 0;
	} else if (sk && sk->sk_state == TCP_PARKED) {
		sk = tcp_unpark(tcp_parked(sk));
		if (!sk) {
			kfree_skb_reason(skb, SKB_DROP_REASON_PROTO_MEM);
			return 0;
		}
	} else if (sk && sk->sk_state == TCP_NEW_SYN_RECV) {
		struct request_sock *req = inet_reqsk(sk);

		sk = req->rsk_listener;
		if (tcp_v4_reqsk(req, skb))
			return 0;
	}
	if (!sk) {
		tcp_v4_send_reset(NULL, skb);
		kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
		return 0;
	}
	tcp_v4_deliver(sk, skb);
	return 0;
}

/* RFC 1191: segments of the connection no longer fit the path. */
void tcp_v4_mtu_reduced(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst;

	if (BIT(sk->sk_state) & (TCPF_LISTEN | TCPF_CLOSE))
		return;
	dst = inet_csk_update_pmtu(sk, mtu);
	if (!dst)
		return;
	if (mtu < dst_mtu(dst) && ip_dont_fragment(sk, dst))
		sk->sk_err_soft = EMSGSIZE;
	mtu = dst_mtu(dst);
	if (inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT &&
	    ip_sk_accept_pmtu(sk) && inet_csk(sk)->icsk_pmtu_cookie > mtu) {
		tcp_sync_mss(sk, mtu);
		tcp_simple_retransmit(sk);
	}
}

static void tcp_v4_frag_needed(struct sock *sk, u32 mtu)
{
	if (sk->sk_state == TCP_LISTEN)
		return;
	tcp_sk(sk)->mtu_info = mtu;
	if (!sock_owned_by_user(sk)) {
		tcp_v4_mtu_reduced(sk, mtu);
	} else if (!(tcp_sk(sk)->tsq_flags & TCP_MTU_REDUCED_DEFERRED)) {
		tcp_sk(sk)->tsq_flags |= TCP_MTU_REDUCED_DEFERRED;
		sock_hold(sk);
	}
}

/*
 * About a SYN-ACK that we sent. LINUX: the request ends when there is no way
 * to the peer; a port or protocol that it denies may be a forger's.
 * Test: packet/icmp/syn_received
 */
static void tcp_req_err(struct request_sock *req, u32 seq, int type, int code)
{
	struct net *net = req->h.sk_net;
	bool abort = type == ICMP_PARAMETERPROB || type == ICMP_TIME_EXCEEDED ||
		     (type == ICMP_DEST_UNREACH && (code == ICMP_NET_UNREACH ||
						    code == ICMP_HOST_UNREACH));

	if (seq != req->snt_isn) {
		NET_INC_STATS(net, OutOfWindowIcmps);
	} else if (abort) {
		tcp_listendrop(req->rsk_listener);
		inet_csk_reqsk_queue_drop(req->rsk_listener, req);
	}
}

/* Positive errno of an ICMP error, 0: ignored. *ret_mtu: fragmentation. */
static int tcp_icmp_errno(int type, int code, bool *ret_mtu)
{
	*ret_mtu = false;
	switch (type) {
	case ICMP_PARAMETERPROB:
		return EPROTO;
	case ICMP_TIME_EXCEEDED:
		return EHOSTUNREACH;
	case ICMP_DEST_UNREACH:
		if (code > MAX_ICMP_UNREACH)
			return 0;
		*ret_mtu = code == ICMP_FRAG_NEEDED;
		return icmp_err_convert[code].errno;
	}
	return 0; /* redirects are the route's; source quench: RFC 6633 */
}

/* skb->data is at the IP header of the packet of ours that it is about. */
int tcp_v4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct tcphdr *th =
		(const struct tcphdr *)(skb->data + iph->ihl * 4);
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code, err;
	struct net *net = skb->dev->net;
	struct tcp_sock *tp;
	struct sock *sk;
	bool mtu;
	u32 seq;

	sk = __inet_lookup_established(net, iph->daddr, th->dest, iph->saddr,
				       ntohs(th->source), skb->skb_iif);
	if (!sk) {
		ICMP_INC_STATS(net, InErrors);
		return -ENOENT; /* to no caller of ours */
	}
	/* Nothing of it is in flight that an error could be about. */
	if (sk->sk_state == TCP_PARKED) {
		NET_INC_STATS(net, OutOfWindowIcmps);
		return 0;
	}
	seq = ntohl(th->seq);
	err = tcp_icmp_errno(type, code, &mtu);
	if (sk->sk_state == TCP_TIME_WAIT)
		return 0;
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		tcp_req_err(inet_reqsk(sk), seq, type, code);
		return 0;
	}
	sock_hold(sk);
	tp = tcp_sk(sk);
	if (sock_owned_by_user(sk) && !mtu)
		NET_INC_STATS(net, LockDroppedIcmps);
	if (sk->sk_state == TCP_CLOSE)
		goto out;
	/* LINUX: of the quoted packet, which was ours. */
	if (iph->ttl < inet_sk(sk)->min_ttl) {
		NET_INC_STATS(net, TCPMinTTLDrop);
		goto out;
	}
	/* RFC 5927 4.1: about something that is in flight? */
	if (!between(seq, tp->snd_una, tp->snd_nxt)) {
		NET_INC_STATS(net, OutOfWindowIcmps);
		goto out;
	}
	if (type == ICMP_REDIRECT && !sock_owned_by_user(sk))
		ipv4_redirect(skb, net, ip_hdr(skb)->saddr, info);
	if (!err)
		goto out;
	if (mtu) {
		tcp_v4_frag_needed(sk, info);
		goto out;
	}
	/* RFC 5461 4.1: hard before the connection exists, soft later. */
	if (BIT(sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV) &&
	    !sock_owned_by_user(sk)) {
		sk_set_err(sk, err, icmp_says(type, code));
		if (!sock_flag(sk, SOCK_DEAD))
			sk->sk_error_report(sk);
		tcp_done(sk);
	} else if (!sock_owned_by_user(sk) && inet_sk(sk)->recverr) {
		sk_set_err(sk, err, icmp_says(type, code));
		sk->sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
out:
	sock_put(sk);
	return 0;
}
