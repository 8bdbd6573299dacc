// SPDX-License-Identifier: MIT
/*
 * Memberships: groups that a device shall listen to for this socket, and
 * promiscuous mode. They end with the socket.
 */
#include "net/packet/af_packet.h"

#include "kernel/slab.h"
#include "lib/string.h"

/* Tell the device. 0 or -errno. */
static int packet_dev_mc(struct net_device *dev, const struct packet_mclist *i,
			 int what)
{
	switch (i->type) {
	case PACKET_MR_MULTICAST:
		if (i->alen != dev->addr_len)
			return fail(-EINVAL, "not an address of this link");
		if (what > 0)
			return dev_mc_add(dev, i->addr);
		dev_mc_del(dev, i->addr);
		return 0;
	case PACKET_MR_PROMISC:
		dev_set_promiscuity(dev, what);
		return 0;
	default:
		/* All groups, further own addresses: nothing is filtered. */
		return 0;
	}
}

static bool mc_same(const struct packet_mclist *a,
		    const struct packet_mclist *b)
{
	return a->ifindex == b->ifindex && a->type == b->type &&
	       a->alen == b->alen && !memcmp(a->addr, b->addr, a->alen);
}

int packet_mc_add(struct sock *sk, const struct packet_mclist *mreq)
{
	struct packet_sock *po = pkt_sk(sk);
	struct packet_mclist *ml;
	struct net_device *dev;
	int err;

	dev = dev_get_by_index(sock_net(sk), mreq->ifindex);
	if (!dev)
		return fail(-ENODEV, "no device with this index");
	if (mreq->alen > dev->addr_len)
		return fail(-EINVAL, "address too long for the device");
	for (ml = po->mclist; ml; ml = ml->next) {
		if (mc_same(ml, mreq)) {
			ml->count++;
			return 0;
		}
	}
	ml = kmemdup(mreq, sizeof(*mreq));
	if (!ml)
		return fail(-ENOBUFS, "no memory for a membership");
	err = packet_dev_mc(dev, ml, 1);
	if (err) {
		kfree(ml);
		return err;
	}
	ml->count = 1;
	ml->next = po->mclist;
	po->mclist = ml;
	return 0;
}

/* Take **p off its list. */
static void packet_mc_del(struct sock *sk, struct packet_mclist **p)
{
	struct packet_mclist *ml = *p;
	struct net_device *dev = dev_get_by_index(sock_net(sk), ml->ifindex);

	*p = ml->next;
	if (dev)
		(void)packet_dev_mc(dev, ml, -1);
	kfree(ml);
}

void packet_mc_drop(struct sock *sk, const struct packet_mclist *mreq)
{
	struct packet_mclist **p;

	for (p = &pkt_sk(sk)->mclist; *p; p = &(*p)->next) {
		if (!mc_same(*p, mreq))
			continue;
		if (!--(*p)->count)
			packet_mc_del(sk, p);
		return;
	}
}

void packet_flush_mclist(struct sock *sk, struct net_device *dev)
{
	struct packet_mclist **p = &pkt_sk(sk)->mclist;

	while (*p) {
		if (!dev || (*p)->ifindex == dev->ifindex)
			packet_mc_del(sk, p);
		else
			p = &(*p)->next;
	}
}
