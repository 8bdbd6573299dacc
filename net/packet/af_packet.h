/* SPDX-License-Identifier: MIT */
/*
 * The packet family (packet(7)): sockets that see what devices carry.
 *
 * A socket is a tap (struct packet_type) on one device or all of them, of one
 * protocol or ETH_P_ALL. The tap is hung up while the socket has a protocol
 * and its device is up.
 */
#ifndef NET_PACKET_AF_PACKET_H
#define NET_PACKET_AF_PACKET_H

#include "net/core/netdevice.h"
#include "net/core/sock.h"
#include <linux/if_packet.h>

/* PACKET_ADD_MEMBERSHIP, as the program gave it, and how often. */
struct packet_mclist {
	struct packet_mclist *next;
	int ifindex, count;
	u16 type, alen;
	u8 addr[MAX_ADDR_LEN];
};

struct packet_sock {
	struct sock sk; /* first */
	struct packet_type prot_hook;
	__be16 num; /* ETH_P_*, 0: receives nothing */
	int ifindex; /* bound to it; 0: any device, -1: it is gone */
	bool running; /* prot_hook is on a list */
	struct packet_mclist *mclist;
	struct tpacket_stats stats; /* since they were last asked for */
	bool auxdata, origdev, loss, tx_has_off, qdisc_bypass;
	int tp_version, tp_tstamp, copy_thresh;
	u32 tp_reserve;
};

/* skb->cb of what waits to be received: where it came from. */
struct packet_skb_cb {
	union {
		struct sockaddr_ll ll;
		struct sockaddr_pkt pkt; /* SOCK_PACKET */
	};
	u32 origlen; /* before the filter cut it */
};
#define PACKET_SKB_CB(skb) ((struct packet_skb_cb *)(skb)->cb)

static inline struct packet_sock *pkt_sk(const struct sock *sk)
{
	return (struct packet_sock *)sk;
}

/* Register the family; the reverse. */
int packet_init(void);
void packet_exit(void);

/* packet_recv.c: the taps, and receiving. */
int packet_rcv(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt);
int packet_rcv_spkt(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt);
int packet_recvmsg(struct socket *sock, struct msghdr *m, size_t len,
		   int flags);

/* packet_send.c */
int packet_sendmsg(struct socket *sock, struct msghdr *m, size_t len);
int packet_sendmsg_spkt(struct socket *sock, struct msghdr *m, size_t len);

/* packet_mc.c: memberships. */
int packet_mc_add(struct sock *sk, const struct packet_mclist *mreq);
/* LINUX: one that is not there is no error. */
void packet_mc_drop(struct sock *sk, const struct packet_mclist *mreq);
/* Those on @dev, which goes; NULL: all, the socket goes. */
void packet_flush_mclist(struct sock *sk, struct net_device *dev);

/* packet_sockopt.c: options of SOL_PACKET. */
int packet_setsockopt(struct socket *sock, int level, int name, sockptr_t val,
		      unsigned int len);
int packet_getsockopt(struct socket *sock, int level, int name,
		      char __user *val, int __user *len);

#endif
