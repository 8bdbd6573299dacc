/* SPDX-License-Identifier: MIT */
/*
 * What every AF_INET socket has beyond struct sock. tcp_sock, udp_sock and
 * raw_sock begin with it.
 */
#ifndef NET_IPV4_INET_SOCK_H
#define NET_IPV4_INET_SOCK_H

#include "net/core/sock.h"
#include <linux/in.h>

struct ip_mc_socklist;

/* IP options of a header (RFC 791), as parsed by ip_options.c. */
struct ip_options {
	__be32 faddr; /* first hop of a source route, else 0 */
	u8 optlen; /* bytes at data[], a multiple of 4 */
	u8 srr, rr, ts; /* offsets from the IP header, 0: absent */
	u8 is_strictroute:1, srr_is_hit:1, is_changed:1;
	u8 rr_needaddr:1, ts_needtime:1, ts_needaddr:1;
	u8 router_alert;
	u8 data[40];
};

struct inet_sock {
	struct sock sk; /* first */
	__be32 inet_saddr; /* source of what is sent */
	__be16 inet_sport;
	u16 inet_id; /* next IP identification */
	s16 uc_ttl; /* -1: the host's default */
	u8 mc_ttl;
	u8 tos, min_ttl;
	u8 pmtudisc; /* IP_PMTUDISC_x */
	u16 cmsg_flags; /* IP_CMSG_x: what recvmsg tells */
	u8 recverr:1, hdrincl:1, mc_loop:1, mc_all:1, nodefrag:1;
	u8 freebind:1, transparent:1, bind_address_no_port:1;
	u8 recverr_rfc4884:1, defer_connect:1, is_icsk:1, router_alert:1;
	u32 uc_index, mc_index; /* IP_UNICAST_IF, IP_MULTICAST_IF */
	__be32 mc_addr;
	u32 local_port_range; /* IP_LOCAL_PORT_RANGE: low | high << 16 */
	struct ip_options *inet_opt; /* to send, or NULL */
	struct ip_mc_socklist *mc_list;
	/* Corked datagram (UDP_CORK, MSG_MORE, IP_HDRINCL): ip_output.c */
	struct ip_cork *cork;
};

#define inet_daddr sk.sk_daddr
#define inet_rcv_saddr sk.sk_rcv_saddr
#define inet_dport sk.sk_dport
#define inet_num sk.sk_num

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)sk;
}

#define IP_CMSG_PKTINFO BIT(0)
#define IP_CMSG_TTL BIT(1)
#define IP_CMSG_TOS BIT(2)
#define IP_CMSG_RECVOPTS BIT(3)
#define IP_CMSG_RETOPTS BIT(4)
#define IP_CMSG_PASSSEC BIT(5)
#define IP_CMSG_ORIGDSTADDR BIT(6)
#define IP_CMSG_CHECKSUM BIT(7)
#define IP_CMSG_RECVFRAGSIZE BIT(8)

/* A transport protocol above IP: one row of the table in net/ipv4/protocol.c */
struct net_protocol {
	int (*handler)(struct sk_buff *skb);
	/* ICMP error about a packet of ours; skb->data is at its IP header. */
	int (*err_handler)(struct sk_buff *skb, u32 info);
};
extern const struct net_protocol *const inet_protos[256];

/* (type, protocol) -> operations: one row of the table in net/ipv4/af_inet.c */
struct inet_protosw {
	u16 type, protocol; /* IPPROTO_IP: any */
	struct proto *prot;
	const struct proto_ops *ops;
	u8 flags; /* INET_PROTOSW_x */
};
#define INET_PROTOSW_REUSE 0x01 /* port reuse allowed from the start */
#define INET_PROTOSW_PERMANENT 0x02
#define INET_PROTOSW_ICSK 0x04 /* connection oriented: is_icsk */

extern const struct proto_ops inet_stream_ops, inet_dgram_ops, inet_sockraw_ops;

int inet_release(struct socket *sock);
int inet_bind(struct socket *sock, struct sockaddr *a, int len);
int inet_stream_connect(struct socket *sock, struct sockaddr *a, int len,
			int flags);
int inet_dgram_connect(struct socket *sock, struct sockaddr *a, int len,
		       int flags);
int inet_accept(struct socket *sock, struct socket *n, int flags, bool kern);
void inet_accept_undo(struct socket *sock, struct socket *newsock);
int inet_getname(struct socket *sock, struct sockaddr *a, int peer);
int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int inet_listen(struct socket *sock, int backlog);
int inet_shutdown(struct socket *sock, int how);
int inet_sendmsg(struct socket *sock, struct msghdr *m, size_t len);
int inet_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags);
int inet_send_prepare(struct sock *sk);
void inet_sock_destruct(struct sock *sk);
int inet_recv_error(struct sock *sk, struct msghdr *m, int len, int *alen);

/* Per-host limits: net.ipv4.ip_local_port_range and friends. */
void inet_get_local_port_range(const struct net *net, int *low, int *high);
void inet_sk_get_local_port_range(const struct sock *sk, int *low, int *high);

#endif
