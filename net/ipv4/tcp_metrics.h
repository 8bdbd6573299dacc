/* SPDX-License-Identifier: MIT */
/* What a host remembers of its destinations: tcp_metrics.c. */
#ifndef NET_IPV4_TCP_METRICS_H
#define NET_IPV4_TCP_METRICS_H

#include "lib/list.h"
#include "lib/types.h"

#define TCP_FASTOPEN_COOKIE_MIN 4 /* RFC 7413 4.1.1 */
#define TCP_FASTOPEN_COOKIE_MAX 16
#define TCP_FASTOPEN_COOKIE_SIZE 8 /* of those that we give */

struct tcp_fastopen_cookie {
	u8 val[TCP_FASTOPEN_COOKIE_MAX];
	s8 len; /* 0: asks for one; < 0: no option */
	bool exp; /* by the experimental option (RFC 6994) */
};

#define TCP_METRICS_BITS 8

struct tcp_metrics_block {
	struct hlist_node node;
	__be32 saddr, daddr;
	unsigned long stamp; /* jiffies: last written */
	u32 rtt_us, rttvar_us; /* scaled as srtt_us and mdev_us; 0: unknown */
	u32 ssthresh, cwnd, reordering; /* 0: unknown */
	struct tcp_fastopen_cookie cookie;
	u16 fastopen_mss; /* 0: unknown */
	u16 syn_loss; /* SYNs with data that were lost, in a row */
	unsigned long last_syn_loss; /* jiffies */
	u8 try_exp; /* 1: next time ask by the experimental option */
};

struct tcp_metrics_table {
	struct hlist_head chain[1 << TCP_METRICS_BITS];
};

struct net;
struct sock;

void tcp_update_metrics(struct sock *sk);
void tcp_init_metrics(struct sock *sk);
/* Forget what is about @daddr and @saddr (0: any). How many entries it was. */
unsigned int tcp_metrics_delete(struct net *net, __be32 saddr, __be32 daddr);
void tcp_metrics_flush(struct net *net);
void tcp_fastopen_cache_get(const struct sock *sk, u16 *ret_mss,
			    struct tcp_fastopen_cookie *ret_cookie);
void tcp_fastopen_cache_set(const struct sock *sk, u16 mss,
			    const struct tcp_fastopen_cookie *cookie,
			    bool syn_lost, u8 try_exp);

#endif
