// SPDX-License-Identifier: MIT
/*
 * Receiving: what a tap does with a packet, and how a program gets it.
 *
 * A packet that comes has its data behind the MAC header, one that goes before
 * it. SOCK_RAW wants it whole, SOCK_DGRAM without that header, in both cases.
 */
#include "net/packet/af_packet.h"

#include "lib/string.h"
#include "net/core/filter.h"
#include "net/core/scm.h"

/* Before a filter sees it: from where this kind of socket wants it. */
static void packet_align(const struct sock *sk, struct sk_buff *skb,
			 const struct net_device *dev)
{
	if (!dev_has_header(dev))
		return;
	if (sk->sk_type != SOCK_DGRAM)
		(void)skb_push(skb, (unsigned int)-skb_mac_offset(skb));
	else if (skb->pkt_type == PACKET_OUTGOING)
		(void)skb_pull(skb, (unsigned int)skb_network_offset(skb));
}

/* Bytes that the socket wants, 0: none. */
static u32 run_filter(const struct sk_buff *skb, const struct sock *sk)
{
	u32 want = sk->sk_filter ? bpf_prog_run(sk->sk_filter->insns, skb)
				 : skb->len;

	return min(want, skb->len);
}

static void fill_address(const struct packet_sock *po, struct sk_buff *skb,
			 struct net_device *dev)
{
	struct packet_skb_cb *cb = PACKET_SKB_CB(skb);
	struct sockaddr_ll *sll = &cb->ll;

	memset(cb, 0, sizeof(*cb));
	sll->sll_family = AF_PACKET;
	sll->sll_hatype = dev->type;
	sll->sll_pkttype = skb->pkt_type;
	sll->sll_ifindex = dev->ifindex;
	if (dev_has_header(dev))
		sll->sll_halen = (u8)dev->header_ops->parse(skb, sll->sll_addr);
	cb->origlen = skb->len;
}

int packet_rcv(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
	struct sock *sk = pt->sk;
	struct packet_sock *po = pkt_sk(sk);
	u32 want;

	/* The copy for this host of what was seen going out. */
	if (skb->pkt_type == PACKET_LOOPBACK) {
		consume_skb(skb);
		return 0;
	}
	packet_align(sk, skb, dev);
	want = run_filter(skb, sk);
	/* LINUX: not wanted is no drop, and not counted. */
	if (!want) {
		consume_skb(skb);
		return 0;
	}
	if (sk->sk_rmem_alloc >= sk->sk_rcvbuf)
		goto out_drop;
	fill_address(po, skb, dev);
	if (pskb_trim(skb, want)) {
		reason = SKB_DROP_REASON_NOMEM;
		goto out_drop;
	}
	if (skb->dst)
		skb_dst_drop(skb);
	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	skb->dropcount = sk->sk_drops;
	po->stats.tp_packets++;
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	sk->sk_data_ready(sk);
	return 0;

out_drop:
	po->stats.tp_drops++;
	sk->sk_drops++;
	kfree_skb_reason(skb, reason);
	return 0;
}

int packet_rcv_spkt(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt)
{
	struct sockaddr_pkt *spkt = &PACKET_SKB_CB(skb)->pkt;
	enum skb_drop_reason reason;

	if (skb->pkt_type == PACKET_LOOPBACK) {
		consume_skb(skb);
		return 0;
	}
	packet_align(pt->sk, skb, dev);
	memset(PACKET_SKB_CB(skb), 0, sizeof(struct packet_skb_cb));
	spkt->spkt_family = dev->type;
	(void)strscpy((char *)spkt->spkt_device, dev->name,
		      sizeof(spkt->spkt_device));
	spkt->spkt_protocol = skb->protocol;
	if (sock_queue_rcv_skb_reason(pt->sk, skb, &reason))
		kfree_skb_reason(skb, reason);
	return 0;
}

static void put_auxdata(struct msghdr *m, const struct sk_buff *skb)
{
	struct tpacket_auxdata aux = {
		.tp_status = TP_STATUS_USER,
		.tp_len = PACKET_SKB_CB(skb)->origlen,
		.tp_snaplen = skb->len,
		.tp_net = (u16)skb_network_offset(skb),
	};

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		aux.tp_status |= TP_STATUS_CSUMNOTREADY;
	else if (skb->pkt_type != PACKET_OUTGOING &&
		 skb->ip_summed == CHECKSUM_UNNECESSARY)
		aux.tp_status |= TP_STATUS_CSUM_VALID;
	(void)put_cmsg(m, SOL_PACKET, PACKET_AUXDATA, sizeof(aux), &aux);
}

static void put_name(struct msghdr *m, const struct sock *sk,
		     const struct sk_buff *skb)
{
	struct sockaddr_ll sll = PACKET_SKB_CB(skb)->ll;

	if (sk->sk_type == SOCK_PACKET) {
		memcpy(m->msg_name, &PACKET_SKB_CB(skb)->pkt,
		       sizeof(struct sockaddr_pkt));
		m->msg_namelen = sizeof(struct sockaddr_pkt);
		return;
	}
	sll.sll_protocol = skb->protocol;
	memcpy(m->msg_name, &sll, sizeof(sll));
	m->msg_namelen = sizeof(sll);
}

int packet_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int copied, err = 0;

	if (flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC | MSG_ERRQUEUE |
		      (int)MSG_CMSG_COMPAT))
		return fail(-EINVAL, "flags that mean nothing here");
	if (flags & MSG_ERRQUEUE)
		return sock_recv_errqueue(sk, m, (int)len, SOL_PACKET,
					  PACKET_TX_TIMESTAMP);
	skb = skb_recv_datagram(sk, flags, &err);
	if (!skb)
		return err;
	copied = (int)min_t(size_t, len, skb->len);
	if (copied < (int)skb->len)
		m->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, m, copied);
	if (!err) {
		sock_recv_cmsgs(m, sk, skb);
		if (m->msg_name)
			put_name(m, sk, skb);
		if (pkt_sk(sk)->auxdata)
			put_auxdata(m, skb);
		err = (flags & MSG_TRUNC) ? (int)skb->len : copied;
	}
	skb_settle_datagram(sk, skb, flags);
	return err;
}
