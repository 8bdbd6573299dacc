// SPDX-License-Identifier: MIT
/*
 * Sending: a frame as the program made it (SOCK_RAW), or a packet that gets
 * its header here (SOCK_DGRAM), straight to a device.
 */
#include "net/packet/af_packet.h"

#include "kernel/sched.h"
#include "lib/string.h"
#include "net/core/tstamp.h"
#include <linux/capability.h>
#include <linux/if_ether.h>

/* Where a message goes. */
struct packet_dest {
	struct net_device *dev;
	__be16 proto;
	const void *addr; /* SOCK_DGRAM: on the link; NULL: none given */
};

static int packet_dest(struct sock *sk, const struct msghdr *m,
		       struct packet_dest *d)
{
	const size_t head = offsetof(struct sockaddr_ll, sll_addr);
	const struct sockaddr_ll *sll = m->msg_name;
	struct packet_sock *po = pkt_sk(sk);
	size_t len = (size_t)m->msg_namelen;

	d->addr = NULL;
	if (!sll || !len) {
		d->dev = dev_get_by_index(sock_net(sk), po->ifindex);
		d->proto = po->num;
		return 0;
	}
	if (len < sizeof(*sll) || len < head + sll->sll_halen)
		return fail(-EINVAL, "shorter than struct sockaddr_ll");
	d->dev = dev_get_by_index(sock_net(sk), sll->sll_ifindex);
	d->proto = sll->sll_protocol;
	if (sk->sk_type != SOCK_DGRAM)
		return 0;
	if (d->dev && len < head + d->dev->addr_len)
		return fail(-EINVAL, "address too short for the device");
	d->addr = sll->sll_addr;
	return 0;
}

static int check_device(const struct net_device *dev, size_t len,
			size_t reserve)
{
	if (!dev)
		return fail(-ENXIO, "no device to send on");
	if (!(dev->flags & IFF_UP))
		return fail(-ENETDOWN, "the device is down");
	if (len > dev->mtu + reserve)
		return fail(-EMSGSIZE, "larger than the device takes");
	if (len < reserve)
		return fail(-EINVAL, "shorter than the link header");
	return 0;
}

/* The packet with its data; its network header stands behind a link header. */
static struct sk_buff *packet_alloc(struct sock *sk, struct msghdr *m,
				    size_t len, const struct packet_dest *d,
				    size_t reserve, int *ret_err)
{
	size_t room = ALIGN(d->dev->hard_header_len + 16UL, 16UL);
	struct sk_buff *skb;

	skb = sock_alloc_send_skb(sk, room + len, m->msg_flags & MSG_DONTWAIT,
				  ret_err);
	if (!skb)
		return NULL;
	skb_reserve(skb, (unsigned int)(room - reserve));
	skb_set_network_header(skb, (int)reserve);
	if (!copy_from_iter_full(skb_put(skb, (unsigned int)len), len,
				 &m->msg_iter)) {
		consume_skb(skb);
		*ret_err = fail(-EFAULT, "bad pointer to the packet");
		return NULL;
	}
	skb->dev = d->dev;
	skb->protocol = d->proto;
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	return skb;
}

static int packet_xmit(struct sk_buff *skb, size_t len)
{
	int err;

	skb->transport_header = skb->network_header;
	if (current)
		current->flags |= TASK_EFFECT;
	err = dev_queue_xmit(skb);
	if (err > 0)
		err = fail(-ENOBUFS, "the device dropped it");
	return err ? err : (int)len;
}

int packet_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;
	struct sockcm_cookie sockc = { .mark = sk->sk_mark,
				       .tsflags = sk->sk_tsflags,
				       .priority = sk->sk_priority };
	struct packet_dest d;
	struct sk_buff *skb;
	size_t reserve;
	int err;

	err = packet_dest(sk, m, &d);
	if (err)
		return err;
	reserve = d.dev && sock->type == SOCK_RAW ? d.dev->hard_header_len : 0;
	err = check_device(d.dev, len, reserve);
	if (!err && m->msg_controllen)
		err = sock_cmsg_send(sk, m, &sockc);
	if (err)
		return err;
	skb = packet_alloc(sk, m, len, &d, reserve, &err);
	if (!skb)
		return err;
	skb->mark = sockc.mark;
	skb->priority = sockc.priority;
	skb_setup_tx_timestamp(skb, sk, &sockc);
	if (sock->type == SOCK_DGRAM) {
		if (dev_hard_header(skb, d.dev, ntohs(d.proto), d.addr, NULL,
				    (unsigned int)len) < 0) {
			kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
			return fail(-EINVAL, "no complete link header");
		}
	} else if (dev_has_header(d.dev) &&
		   (!d.proto || d.proto == htons(ETH_P_ALL))) {
		skb_reset_mac_header(skb);
		skb->protocol = d.dev->header_ops->parse_protocol(skb);
	}
	return packet_xmit(skb, len);
}

int packet_sendmsg_spkt(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sockaddr_pkt *spkt = m->msg_name;
	struct sock *sk = sock->sk;
	struct packet_dest d = { 0 };
	struct sk_buff *skb;
	int err;

	if (!spkt || !m->msg_namelen)
		return fail(-ENOTCONN, "SOCK_PACKET sends to an address only");
	if (m->msg_namelen < (int)sizeof(struct sockaddr))
		return fail(-EINVAL, "shorter than struct sockaddr");
	if (m->msg_namelen == (int)sizeof(*spkt))
		d.proto = spkt->spkt_protocol;
	spkt->spkt_device[sizeof(spkt->spkt_device) - 1] = '\0';
	d.dev = dev_get_by_name(sock_net(sk), (char *)spkt->spkt_device);
	if (!d.dev)
		return fail(-ENODEV, "no device of this name");
	err = check_device(d.dev, len, d.dev->hard_header_len);
	if (err)
		return err;
	skb = packet_alloc(sk, m, len, &d, d.dev->hard_header_len, &err);
	return skb ? packet_xmit(skb, len) : err;
}
