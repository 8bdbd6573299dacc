// SPDX-License-Identifier: MIT
/*
 * lo: what is sent comes back to the same host.
 *
 * The packet itself comes back, not a copy, with the route that the sender
 * gave it; the sender is no longer charged for it once it is on the receiving
 * side. Segments up to 64 KiB pass whole and no checksum is computed: nothing
 * between the two ends can harm the data.
 */
#include "net/core/etherdevice.h"

#include "lib/string.h"
#include <asm/errno.h>

#define LOOPBACK_MTU 65536
/* The largest IP packet and what a link header could add. */
#define LOOPBACK_GSO_MAX_SIZE 65536

static int loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	unsigned int len = skb->len - ETH_HLEN;

	skb_orphan(skb);
	skb->tstamp = 0;
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, dev);
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += len;
	if (netif_rx(skb) == NET_RX_SUCCESS) {
		dev->stats.rx_packets++;
		dev->stats.rx_bytes += len;
	}
	return NETDEV_TX_OK;
}

static const struct net_device_ops loopback_ops = {
	.ndo_start_xmit = loopback_xmit,
};

static void loopback_setup(struct net_device *dev)
{
	dev->mtu = LOOPBACK_MTU;
	dev->type = ARPHRD_LOOPBACK;
	dev->addr_len = ETH_ALEN;
	dev->hard_header_len = ETH_HLEN;
	dev->header_ops = &eth_header_ops;
	dev->flags = IFF_LOOPBACK;
	dev->features = NETIF_F_LOOPBACK | NETIF_F_GSO | NETIF_F_NOCSUM;
	dev->gso_max_size = LOOPBACK_GSO_MAX_SIZE;
	dev->tx_queue_len = 1000;
	dev->netdev_ops = &loopback_ops;
}

int loopback_net_init(struct net *net)
{
	struct net_device *dev = alloc_netdev(0, "lo", loopback_setup);
	int err;

	if (!dev)
		return -ENOMEM;
	err = register_netdev(net, dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	net->loopback_dev = dev;
	return 0;
}

void loopback_net_exit(struct net *net)
{
	struct net_device *dev = net->loopback_dev;

	unregister_netdev(dev);
	net->loopback_dev = NULL;
	free_netdev(dev);
}
