/* SPDX-License-Identifier: MIT */
/*
 * From a next hop to a link-layer address (RFC 826).
 */
#ifndef NET_IPV4_ARP_H
#define NET_IPV4_ARP_H

#include "net/core/skbuff.h"

/*
 * Give the IP packet @skb its link header for @next_hop and send it, at once
 * or when the address is known. Owns @skb. 0 or -errno.
 */
int arp_output(struct sk_buff *skb, __be32 next_hop);

#endif
