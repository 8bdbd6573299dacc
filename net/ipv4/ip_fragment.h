/* SPDX-License-Identifier: MIT */
#ifndef NET_IPV4_IP_FRAGMENT_H
#define NET_IPV4_IP_FRAGMENT_H

#include "net/core/skbuff.h"

struct net;

/* Who asks for reassembly; fragments of different askers do not mix. */
enum ip_defrag_users { IP_DEFRAG_LOCAL_DELIVER, IP_DEFRAG_CALL_RA_CHAIN };

int ip_frag_init(struct net *net);
void ip_frag_exit(struct net *net);
/*
 * Add a fragment. The whole datagram once it is complete, else NULL (the
 * fragment is kept or was dropped).
 */
struct sk_buff *ip_defrag(struct net *net, struct sk_buff *skb, u32 user);
/* "FRAG: inuse N memory M" of /proc/net/sockstat. */
void ip_frag_usage(struct net *net, unsigned int *ret_queues,
		   unsigned long *ret_bytes);

#endif
