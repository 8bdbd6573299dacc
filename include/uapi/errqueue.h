/* SPDX-License-Identifier: MIT */
/*
 * ABI of the error queue. <linux/errqueue.h> wants libc's struct timespec.
 */
#ifndef UAPI_ERRQUEUE_H
#define UAPI_ERRQUEUE_H

#include <linux/types.h>

/* Where the extensions of an ICMP message are (RFC 4884). */
struct sock_ee_data_rfc4884 {
	__u16 len; /* of the datagram before them, as the program gets it */
	__u8 flags;
	__u8 reserved;
};

#define SO_EE_RFC4884_FLAG_INVALID 1

struct sock_extended_err {
	__u32 ee_errno;
	__u8 ee_origin;
	__u8 ee_type;
	__u8 ee_code;
	__u8 ee_pad;
	__u32 ee_info;
	union {
		__u32 ee_data;
		struct sock_ee_data_rfc4884 ee_rfc4884;
	};
};

#define SO_EE_ORIGIN_NONE 0
#define SO_EE_ORIGIN_LOCAL 1
#define SO_EE_ORIGIN_ICMP 2
#define SO_EE_ORIGIN_ICMP6 3
#define SO_EE_ORIGIN_TXSTATUS 4
#define SO_EE_ORIGIN_TIMESTAMPING SO_EE_ORIGIN_TXSTATUS
#define SO_EE_ORIGIN_ZEROCOPY 5

_Static_assert(sizeof(struct sock_extended_err) == 16, "sock_extended_err");

#endif
