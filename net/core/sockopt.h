/* SPDX-License-Identifier: MIT */
/*
 * What setting and reading the options of SOL_SOCKET share. Only
 * net/core/sockopt*.c and sock_cmsg.c include this.
 */
#ifndef NET_CORE_SOCKOPT_H
#define NET_CORE_SOCKOPT_H

#include "net/core/sock.h"

/* Newer than the headers of Debian 12. */
#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#define SO_PEERPIDFD 77
#endif
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#define SO_PASSRIGHTS 83
#endif

/* An option that is a flag of the socket and nothing more. */
struct sock_flag_opt {
	int name;
	enum sock_flags flag;
};
/* NULL: it is not one of those. */
const struct sock_flag_opt *sock_find_flag_opt(int name);

#ifndef SCM_TS_OPT_ID
#define SCM_TS_OPT_ID 81
#endif

/* SO_TIMESTAMPING's bits, numbers of <linux/net_tstamp.h>. */
#define SOF_TIMESTAMPING_TX_HARDWARE BIT(0)
#define SOF_TIMESTAMPING_TX_SOFTWARE BIT(1)
#define SOF_TIMESTAMPING_RX_SOFTWARE BIT(3)
#define SOF_TIMESTAMPING_SOFTWARE BIT(4)
#define SOF_TIMESTAMPING_OPT_ID BIT(7)
#define SOF_TIMESTAMPING_TX_SCHED BIT(8)
#define SOF_TIMESTAMPING_TX_ACK BIT(9)
#define SOF_TIMESTAMPING_OPT_CMSG BIT(10)
#define SOF_TIMESTAMPING_OPT_TSONLY BIT(11)
#define SOF_TIMESTAMPING_OPT_STATS BIT(12)
#define SOF_TIMESTAMPING_BIND_PHC BIT(15)
#define SOF_TIMESTAMPING_OPT_ID_TCP BIT(16)
#define SOF_TIMESTAMPING_TX_COMPLETION BIT(18)
#define SOF_TIMESTAMPING_MASK (BIT(19) - 1)

struct so_timestamping_val {
	int flags, bind_phc;
};
struct sock_txtime_val {
	s32 clockid;
	u32 flags;
};

static inline bool sk_is_inet(const struct sock *sk)
{
	return sk->sk_family == AF_INET || sk->sk_family == AF_INET6;
}
static inline bool sk_is_tcp(const struct sock *sk)
{
	return sk_is_inet(sk) && sk->sk_type == SOCK_STREAM &&
	       sk->sk_protocol == 6;
}
static inline bool sk_is_udp(const struct sock *sk)
{
	return sk_is_inet(sk) && sk->sk_type == SOCK_DGRAM &&
	       sk->sk_protocol == 17;
}
/* SO_PEEK_OFF: streams and datagrams of IP, not raw sockets. */
static inline bool sk_has_peek_off(const struct sock *sk)
{
	return sk_is_inet(sk) && sk->sk_type != SOCK_RAW;
}

#endif
