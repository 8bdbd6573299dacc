/* SPDX-License-Identifier: MIT */
/*
 * What <linux/tcp.h> has in Linux 6.18 and older ones have not: options, and
 * what follows tcpi_snd_wnd in struct tcp_info, which ends there in those.
 */
#ifndef UAPI_TCP_H
#define UAPI_TCP_H

#include <linux/tcp.h>

#ifndef TCP_IS_MPTCP
#define TCP_IS_MPTCP 43
#endif
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#define TCP_RTO_MIN_US 45
#define TCP_DELACK_MAX_US 46
#endif

struct tcp_info_tail {
	__u32 tcpi_rcv_wnd;
	__u32 tcpi_rehash;
	__u16 tcpi_total_rto;
	__u16 tcpi_total_rto_recoveries;
	__u32 tcpi_total_rto_time; /* ms */
	__u32 tcpi_received_ce; /* segments */
	/* AccECN: bytes that the peer reports, by ECT(1), ECT(0), CE */
	__u32 tcpi_delivered_e1_bytes;
	__u32 tcpi_delivered_e0_bytes;
	__u32 tcpi_delivered_ce_bytes;
	__u32 tcpi_received_e1_bytes;
	__u32 tcpi_received_e0_bytes;
	__u32 tcpi_received_ce_bytes;
	__u16 tcpi_accecn_fail_mode;
	__u16 tcpi_accecn_opt_seen;
};

/* Where it starts, and the length of the whole. */
#define TCP_INFO_HEAD (__builtin_offsetof(struct tcp_info, tcpi_snd_wnd) + 4)
#define TCP_INFO_SIZE (TCP_INFO_HEAD + sizeof(struct tcp_info_tail))
_Static_assert(TCP_INFO_SIZE == 280, "struct tcp_info of Linux 6.18");

/* Of SCM_TIMESTAMPING_OPT_STATS, later than the headers of Debian 12. */
#define TCP_NLA_REHASH 27

#endif
