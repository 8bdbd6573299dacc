/* SPDX-License-Identifier: MIT */
/*
 * Sending IP datagrams: what udp, raw, ping and icmp use of ip_output.c and
 * ip_append.c. (What TCP uses is in net/ipv4/ip.h.)
 */
#ifndef NET_IPV4_IP_OUTPUT_H
#define NET_IPV4_IP_OUTPUT_H

#include "net/ipv4/ip.h"

/* What one sendmsg() asks for: the socket's settings, then its cmsgs. */
struct ipcm_cookie {
	struct sockcm_cookie sockc;
	__be32 addr; /* source, 0: any; of a source route: the last hop */
	int oif;
	const struct ip_options *opt;
	struct ip_options opt_buf; /* storage of those given by cmsg */
	s16 ttl; /* 0: not given */
	s16 tos; /* -1: not given */
	u8 protocol;
	u16 gso_size;
};
void ipcm_init_sk(struct ipcm_cookie *ipc, const struct sock *sk);
int ip_cmsg_send(struct sock *sk, struct msghdr *m, struct ipcm_cookie *ipc);

/* A datagram that is being put together: MSG_MORE, UDP_CORK. */
struct ip_cork {
	struct sk_buff_head queue; /* a piece a sendmsg() */
	struct rtable *rt;
	struct flowi4 fl4;
	struct ip_options opt;
	bool has_opt;
	unsigned int length; /* of all pieces, transport header included */
	unsigned int mtu;
	s16 ttl, tos;
	u32 priority, mark;
	u16 gso_size;
};

/*
 * ip_make_skb - one datagram of @length bytes (@transhdrlen of them, at the
 * start, are left for the caller to fill in), with its IP header. May sleep
 * for buffer space; no socket may be locked. NULL with *ret_err.
 */
struct sk_buff *ip_make_skb(struct sock *sk, const struct flowi4 *fl4,
			    struct msghdr *m, unsigned int length,
			    unsigned int transhdrlen,
			    const struct ipcm_cookie *ipc, struct rtable *rt,
			    unsigned int flags, int *ret_err);
int ip_send_skb(struct net *net, struct sk_buff *skb);

/*
 * Corking. ip_append_piece() copies the data and may sleep, ip_append_data()
 * puts it into the cork (made on first use, taking over @rt).
 */
struct sk_buff *ip_append_piece(struct sock *sk, struct msghdr *m,
				unsigned int length, unsigned int transhdrlen,
				const struct rtable *rt, unsigned int flags,
				int *ret_err);
int ip_append_data(struct sock *sk, const struct flowi4 *fl4,
		   struct sk_buff *piece, const struct ipcm_cookie *ipc,
		   struct rtable *rt);
/* The whole datagram, with its IP header. NULL with *ret_err. */
struct sk_buff *ip_finish_skb(struct sock *sk, int *ret_err);
void ip_flush_pending_frames(struct sock *sk);

/*
 * Send the transport packet @skb by @rt (taken over) without a socket's
 * settings: ICMP, RST. DF as asked.
 */
int ip_send_reply(struct net *net, struct sk_buff *skb, struct rtable *rt,
		  __be32 saddr, __be32 daddr, u8 protocol, u8 tos, u8 ttl,
		  bool df, const struct ip_options *opt);

int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_forward(struct sk_buff *skb);
int ip_rt_no_input(struct sk_buff *skb);
void ip_send_check(struct iphdr *iph);
/* @whole: it is never fragmented. @segs: how many numbers it takes. */
void ip_select_ident(struct net *net, struct iphdr *iph, struct sock *sk,
		     bool whole, unsigned int segs);
int ip_select_ttl(const struct inet_sock *inet, const struct dst_entry *dst);
/* Which MTU bounds a datagram of @sk's, and may it be cut? */
unsigned int ip_sk_mtu(const struct sock *sk, const struct rtable *rt);
static inline bool ip_sk_ignore_df(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc < IP_PMTUDISC_DO ||
	       inet_sk(sk)->pmtudisc == IP_PMTUDISC_OMIT;
}
/* Cut an oversized packet into fragments and send them. Owns @skb. */
int ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		unsigned int mtu,
		int (*output)(struct net *, struct sock *, struct sk_buff *));

/* ip_options.c */
/* Options of @len bytes from a program. 0, -EINVAL, -EPERM, -EFAULT. */
int ip_options_get(struct net *net, struct ip_options *ret, sockptr_t data,
		   unsigned int len);
/* Parse the options behind @skb's header, or those in @opt->data (no skb). */
int ip_options_compile(struct net *net, struct ip_options *opt,
		       struct sk_buff *skb, __be32 *ret_info);
void ip_options_build(struct sk_buff *skb, const struct ip_options *opt,
		      __be32 daddr, const struct rtable *rt);
/* The options to answer @skb's with. 0 or -EINVAL. */
int ip_options_echo(struct net *net, struct ip_options *dopt,
		    const struct ip_options *sopt, const struct sk_buff *skb);
void ip_options_fragment(struct sk_buff *skb);
/* From the form on the wire to that of getsockopt. */
void ip_options_undo(struct ip_options *opt);

/* struct inet_skb_parm.flags */
#define IPSKB_FORWARDED BIT(0)
#define IPSKB_FRAG_COMPLETE BIT(3)
#define IPSKB_FRAG_PMTU BIT(6)

#endif
