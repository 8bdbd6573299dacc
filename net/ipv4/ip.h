/* SPDX-License-Identifier: MIT */
/*
 * IPv4 (RFC 791, 1122, 1812): what the transports use of it.
 */
#ifndef NET_IPV4_IP_H
#define NET_IPV4_IP_H

#include "net/ipv4/inet_sock.h"
#include "net/ipv4/route.h"
#include <linux/ip.h>

#define IP_CE 0x8000
#define IP_DF 0x4000
#define IP_MF 0x2000
#define IP_OFFSET 0x1fff
#define IPDEFTTL 64
#define IP_MAX_MTU 0xffffU

/* skb->cb of a packet within IP. */
struct inet_skb_parm {
	int iif;
	struct ip_options opt;
	u16 flags;
	u16 frag_max_size;
};
#define IPCB(skb) ((struct inet_skb_parm *)((skb)->cb))
static_assert(sizeof(struct inet_skb_parm) <=
		      sizeof(((struct sk_buff *)0)->cb),
	      "IPCB fits");

/*
 * Send a segment of a connected socket: @skb starts at its transport header.
 * Routes (or uses the socket's cached route), pushes the IP header. Owns skb.
 * 0, or -errno (-EHOSTUNREACH: no route).
 */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi4 *fl4);
/* A SYN-ACK: route given, addresses explicit. */
int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk,
			  __be32 saddr, __be32 daddr, struct ip_options *opt,
			  u8 tos);
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
/* Deliver to the transports. */
int ip_local_deliver(struct sk_buff *skb);

/*
 * Send @len bytes at the transport header of @hdr in answer to @skb, without a
 * socket: TCP RST and TIME-WAIT ACK. Checksum field at @csum_offset is filled.
 */
int ip_send_unicast_reply(struct net *net, struct sk_buff *skb, __be32 daddr,
			  __be32 saddr, const void *hdr, unsigned int len,
			  int csum_offset, u8 tos, int bound_dev_if, u32 mark);

int ip_setsockopt(struct sock *sk, int level, int name, sockptr_t val,
		  unsigned int len);
int ip_getsockopt(struct sock *sk, int level, int name, char __user *val,
		  int __user *len);
/* Control messages of a received datagram. */
void ip_cmsg_recv_offset(struct msghdr *m, struct sock *sk,
			 struct sk_buff *skb, int tlen, int offset);
/* Keep in skb->cb what the cmsgs will need: the route is about to go. */
void ipv4_pktinfo_prepare(const struct sock *sk, struct sk_buff *skb);
void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port,
		   u32 info, u8 *payload);
void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 dport,
		    u32 info);
int ip_recv_error(struct sock *sk, struct msghdr *m, int len, int *addr_len);
void ip_mc_drop_socket(struct sock *sk);

void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info);
struct icmp_err {
	int errno;
	unsigned fatal : 1;
};
/* By code of ICMP_DEST_UNREACH, up to NR_ICMP_UNREACH. */
extern const struct icmp_err icmp_err_convert[];
const char *icmp_says(int type, int code);

/* May @sk fragment, and which MTU applies to it? */
static inline bool ip_sk_accept_pmtu(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc != IP_PMTUDISC_INTERFACE &&
	       inet_sk(sk)->pmtudisc != IP_PMTUDISC_OMIT;
}
static inline bool ip_dont_fragment(const struct sock *sk,
				    const struct dst_entry *dst)
{
	(void)dst;
	return inet_sk(sk)->pmtudisc == IP_PMTUDISC_DO ||
	       inet_sk(sk)->pmtudisc == IP_PMTUDISC_PROBE ||
	       inet_sk(sk)->pmtudisc == IP_PMTUDISC_WANT;
}
static inline bool ipv4_is_multicast(__be32 a)
{
	return (a & htonl(0xf0000000)) == htonl(0xe0000000);
}
static inline bool ipv4_is_loopback(__be32 a)
{
	return (a & htonl(0xff000000)) == htonl(0x7f000000);
}
static inline bool ipv4_is_zeronet(__be32 a)
{
	return !(a & htonl(0xff000000));
}
static inline bool ipv4_is_lbcast(__be32 a)
{
	return a == htonl(0xffffffff);
}

#endif
