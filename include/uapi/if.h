/* SPDX-License-Identifier: MIT */
/*
 * ABI of the interface ioctls. <linux/if.h> pulls in libc's <sys/socket.h>,
 * which a freestanding core cannot use. Layouts are those of x86_64; the i386
 * ones are the compat_ structures.
 */
#ifndef UAPI_IF_H
#define UAPI_IF_H

#include "uapi/socket.h"

#define IFNAMSIZ 16

#define IFF_UP 0x1
#define IFF_BROADCAST 0x2
#define IFF_DEBUG 0x4
#define IFF_LOOPBACK 0x8
#define IFF_POINTOPOINT 0x10
#define IFF_RUNNING 0x40
#define IFF_NOARP 0x80
#define IFF_PROMISC 0x100
#define IFF_ALLMULTI 0x200
#define IFF_MULTICAST 0x1000
#define IFF_LOWER_UP 0x10000

#define IF_OPER_UNKNOWN 0
#define IF_OPER_DOWN 2
#define IF_OPER_UP 6

#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772
#define ARPHRD_NONE 0xfffe

struct ifmap {
	__u64 mem_start, mem_end;
	__u16 base_addr;
	__u8 irq, dma, port;
};

struct ifreq {
	char ifr_name[IFNAMSIZ];
	union {
		struct sockaddr ifr_addr;
		struct sockaddr ifr_hwaddr;
		__s16 ifr_flags;
		__s32 ifr_ifindex;
		__s32 ifr_mtu;
		__s32 ifr_metric;
		__s32 ifr_qlen;
		struct ifmap ifr_map;
		char ifr_newname[IFNAMSIZ];
		__u64 ifr_data;
	};
};

struct ifconf {
	__s32 ifc_len;
	__s32 __pad;
	__u64 ifc_buf;
};

#define COMPAT_IFREQ_SIZE 32
struct compat_ifconf {
	__s32 ifc_len;
	__u32 ifc_buf;
};

_Static_assert(sizeof(struct ifreq) == 40, "x86_64 struct ifreq");

#endif
