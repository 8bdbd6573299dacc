// SPDX-License-Identifier: MIT
/* TCP's row of sock_diag. */
#include "net/ipv4/inet_diag.h"
#include "net/ipv4/tcp.h"
#include "net/ipv4/tcp_park.h"

static struct sock *tcp_diag_find(struct net *net,
				  const struct inet_diag_req_v2 *req, int type)
{
	const struct inet_diag_sockid *id = &req->id;
	struct sock *sk;

	(void)type;
	sk = __inet_lookup(net, NULL, 0, id->idiag_dst[0], id->idiag_dport,
			   id->idiag_src[0], id->idiag_sport,
			   (int)id->idiag_if);
	if (sk && sk->sk_state == TCP_PARKED)
		sk = tcp_unpark(tcp_parked(sk));
	return sk;
}

static void tcp_diag_get_info(struct sock *sk, struct inet_diag_msg *r)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_LISTEN) {
		r->idiag_rqueue = sk->sk_ack_backlog;
		r->idiag_wqueue = sk->sk_max_ack_backlog;
		return;
	}
	r->idiag_rqueue = (u32)max((s32)(tp->rcv_nxt - tp->copied_seq), 0);
	r->idiag_wqueue = tp->write_seq - tp->snd_una;
}

static int tcp_diag_put_attrs(struct sock *sk, struct sk_buff *skb, u8 ext)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	union {
		struct tcp_info info;
		u8 bytes[TCP_INFO_SIZE];
	} u;
	u8 cc_info[32];
	size_t n;

	if (ext & (1 << (INET_DIAG_INFO - 1))) {
		tcp_get_info(sk, &u.info);
		tcp_get_info_tail(sk, (void *)(u.bytes + TCP_INFO_HEAD));
		if (nla_put(skb, INET_DIAG_INFO, TCP_INFO_SIZE, &u))
			return -EMSGSIZE;
	}
	if ((ext & (1 << (INET_DIAG_CONG - 1))) && ca &&
	    nla_put_string(skb, INET_DIAG_CONG, ca->name))
		return -EMSGSIZE;
	if (!(ext & (1 << (INET_DIAG_VEGASINFO - 1))) || !ca || !ca->get_info ||
	    sk->sk_state >= TCP_TIME_WAIT)
		return 0;
	/* BBR's, the only one there is. */
	n = ca->get_info(sk, cc_info);
	return n ? nla_put(skb, INET_DIAG_BBRINFO, (int)n, cc_info) : 0;
}

const struct inet_diag_handler tcp_diag_handler = {
	.protocol = IPPROTO_TCP,
	.walk = inet_hash_walk,
	.find = tcp_diag_find,
	.get_info = tcp_diag_get_info,
	.put_attrs = tcp_diag_put_attrs,
};
