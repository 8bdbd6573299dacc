/* SPDX-License-Identifier: MIT */
/*
 * Options of a segment: tcp_options.c.
 */
#ifndef NET_IPV4_TCP_OPTIONS_H
#define NET_IPV4_TCP_OPTIONS_H

#include "net/ipv4/tcp_sock.h"

/* Options of a segment to send. */
struct tcp_out_options {
	u16 mss; /* 0: none */
	u8 num_sack_blocks;
	u8 ws;
	bool ts, wscale, sack_perm;
	u32 tsval, tsecr;
	const struct tcp_fastopen_cookie *foc; /* NULL: none; SYNs only */
};

void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt, bool estab);
bool tcp_fast_parse_options(struct sock *sk, const struct sk_buff *skb,
			    const struct tcphdr *th);
unsigned int tcp_syn_options(struct sock *sk, struct tcp_out_options *o);
unsigned int tcp_synack_options(const struct sock *sk, struct request_sock *req,
				unsigned int mss,
				const struct tcp_fastopen_cookie *foc,
				struct tcp_out_options *o);
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *o);
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp,
		       const struct tcp_out_options *o);

#endif
