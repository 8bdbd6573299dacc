/* SPDX-License-Identifier: MIT */
/* Devices with an Ethernet header (IEEE 802.3): making it, reading it. */
#ifndef NET_CORE_ETHERDEVICE_H
#define NET_CORE_ETHERDEVICE_H

#include "net/core/netdevice.h"
#include <linux/if_ether.h>

/*
 * The header of a packet that came: taken off the data, noted as the MAC
 * header. Sets skb->dev and pkt_type, gives skb->protocol.
 */
__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev);

extern const struct header_ops eth_header_ops;

#endif
