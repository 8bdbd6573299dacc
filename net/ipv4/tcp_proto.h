/* SPDX-License-Identifier: MIT */
/*
 * TCP as the RFCs and Linux's limits give it: sequence numbers, options, flags of
 * the header, times. Nothing of a socket.
 */
#ifndef NET_IPV4_TCP_PROTO_H
#define NET_IPV4_TCP_PROTO_H

#include "kernel/time.h"
#include "lib/types.h"

#define MAX_TCP_WINDOW 32767U
#define TCP_MIN_MSS 88U
#define TCP_MIN_GSO_SIZE 48
#define TCP_MAX_WSCALE 14U
#define TCP_FASTRETRANS_THRESH 3
#define TCP_MAX_QUICKACKS 16U
#define TCP_INIT_CWND 10 /* RFC 6928 */
#define TCP_INFINITE_SSTHRESH 0x7fffffff
#define TCP_DEFAULT_SCALING_RATIO 128 /* of 256: data in truesize */

#define TCP_RTO_MAX (120 * HZ)
#define TCP_RTO_MIN (HZ / 5) /* LINUX: not RFC 6298's second */
#define TCP_TIMEOUT_INIT HZ /* RFC 6298 2.1 */
#define TCP_TIMEOUT_FALLBACK (3 * HZ) /* RFC 6298 5.7 */
#define TCP_TIMEOUT_MIN 2UL
#define TCP_TIMEOUT_MIN_US (2 * 1000U)
#define TCP_DELACK_MAX (HZ / 5)
#define TCP_DELACK_MIN (HZ / 25)
#define TCP_ATO_MIN (HZ / 25)
#define TCP_RESOURCE_PROBE_INTERVAL (HZ / 2)
#define TCP_TIMEWAIT_LEN (60 * HZ)
#define TCP_FIN_TIMEOUT TCP_TIMEWAIT_LEN
#define TCP_FIN_TIMEOUT_MAX (120 * HZ)
#define TCP_PAWS_WRAP (24 * 24 * 3600) /* s: RFC 7323 5.5 */
#define TCP_PAWS_WINDOW 1
#define TCP_PAWS_MSL 60 /* s */
#define MAX_TCP_KEEPIDLE 32767
#define MAX_TCP_KEEPINTVL 32767
#define MAX_TCP_KEEPCNT 127
#define MAX_TCP_SYNCNT 127

#define TCPOPT_NOP 1
#define TCPOPT_EOL 0
#define TCPOPT_MSS 2
#define TCPOPT_WINDOW 3
#define TCPOPT_SACK_PERM 4
#define TCPOPT_SACK 5
#define TCPOPT_TIMESTAMP 8
#define TCPOPT_MD5SIG 19
#define TCPOPT_FASTOPEN 34
#define TCPOPT_EXP 254 /* RFC 6994: experiments, by a magic number */
#define TCPOPT_FASTOPEN_MAGIC 0xf989
#define TCPOLEN_FASTOPEN_BASE 2
#define TCPOLEN_EXP_FASTOPEN_BASE 4
#define TCPOLEN_MSS 4
#define TCPOLEN_WINDOW 3
#define TCPOLEN_SACK_PERM 2
#define TCPOLEN_TIMESTAMP 10
#define TCPOLEN_TSTAMP_ALIGNED 12
#define TCPOLEN_WSCALE_ALIGNED 4
#define TCPOLEN_SACKPERM_ALIGNED 4
#define TCPOLEN_SACK_BASE 2
#define TCPOLEN_SACK_BASE_ALIGNED 4
#define TCPOLEN_SACK_PERBLOCK 8
#define TCPOLEN_MSS_ALIGNED 4
#define TCP_NUM_SACKS 4
#define MAX_TCP_OPTION_SPACE 40

#define TCPHDR_FIN 0x01
#define TCPHDR_SYN 0x02
#define TCPHDR_RST 0x04
#define TCPHDR_PSH 0x08
#define TCPHDR_ACK 0x10
#define TCPHDR_URG 0x20
#define TCPHDR_ECE 0x40
#define TCPHDR_CWR 0x80
#define TCPHDR_SYN_ECN (TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

static inline bool before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}
#define after(a, b) before(b, a)
/* low <= seq <= high */
static inline bool between(u32 seq, u32 low, u32 high)
{
	return high - low >= seq - low;
}

#endif
