/* SPDX-License-Identifier: MIT */
/* What a host remembers of its destinations: tcp_metrics.c. */
#ifndef NET_IPV4_TCP_METRICS_H
#define NET_IPV4_TCP_METRICS_H

#include "lib/types.h"

#define TCP_FASTOPEN_COOKIE_MIN 4 /* RFC 7413 4.1.1 */
#define TCP_FASTOPEN_COOKIE_MAX 16
#define TCP_FASTOPEN_COOKIE_SIZE 8 /* of those that we give */

struct tcp_fastopen_cookie {
	u8 val[TCP_FASTOPEN_COOKIE_MAX];
	s8 len; /* 0: asks for one; < 0: no option */
	bool exp; /* by the experimental option (RFC 6994) */
};

struct net;
struct sock;

void tcp_update_metrics(struct sock *sk);
void tcp_init_metrics(struct sock *sk);
void tcp_metrics_flush(struct net *net);
void tcp_fastopen_cache_get(const struct sock *sk, u16 *ret_mss,
			    struct tcp_fastopen_cookie *ret_cookie);
void tcp_fastopen_cache_set(const struct sock *sk, u16 mss,
			    const struct tcp_fastopen_cookie *cookie,
			    u8 try_exp);

#endif
