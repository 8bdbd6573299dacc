/* SPDX-License-Identifier: MIT */
/*
 * Structures that programs give to system calls and get of them, as tables of
 * their fields. A shape knows the layouts of both ABIs.
 */
#ifndef TRACE_OUT_SHAPES_H
#define TRACE_OUT_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/out/text.h"

enum shape {
	SHAPE_NONE, /* not looked at */
	SHAPE_INT,
	SHAPE_LONG,
	SHAPE_U64,
	SHAPE_HEX,
	SHAPE_STRING,
	SHAPE_IP4,
	SHAPE_ERRNO,
	SHAPE_FAMILY,
	SHAPE_TYPE,
	SHAPE_PROTOCOL,
	SHAPE_PMTUDISC,
	SHAPE_STAMPS,
	SHAPE_SIGNAL,
	SHAPE_FDS, /* as many as there are */
	SHAPE_INTS,
	SHAPE_LINGER,
	SHAPE_TIMEVAL,
	SHAPE_TIMEVAL64,
	SHAPE_TIMESPEC,
	SHAPE_TIMESPEC32,
	SHAPE_TIMESPEC64,
	SHAPE_TIMESPECS, /* of SO_TIMESTAMPING: three */
	SHAPE_TIMESPECS64,
	SHAPE_UCRED,
	SHAPE_MREQ,
	SHAPE_MREQ_SOURCE,
	SHAPE_PKTINFO,
	SHAPE_EXTERR,
	SHAPE_SOCKADDR,
	SHAPE_FPROG,
	SHAPE_TCP_INFO,
	SHAPE_TPACKET_STATS,
	SHAPE_PACKET_MREQ,
	SHAPE_AUXDATA,
	SHAPE_OWNER_EX,
	SHAPE_FLOCK,
	SHAPE_FLOCK64,
	SHAPE_EPOLL_EVENT,
	SHAPE_IFCONF,
	SHAPE_IFNAME,
	SHAPE_IFREQ_ADDR,
	SHAPE_IFREQ_FLAGS,
	SHAPE_IFREQ_INT,
	SHAPE_IFREQ_HW,
	SHAPE_RTENTRY,
	SHAPE_ARPREQ,
	SHAPES
};

/*
 * The structure at @p. @len bytes of it are there; what lies beyond them is
 * left out.
 */
void text_shape(struct text *t, enum shape shape, const void *p, size_t len,
		bool i386);
/* Bytes that are worth keeping of it. */
size_t shape_size(enum shape shape, bool i386);

/* What the values of an option look like; SHAPE_NONE: by their length. */
enum shape option_shape(int level, int option);
void text_optval(struct text *t, int level, int option, const void *p,
		 size_t len, size_t full, bool i386);
/* Control messages: those of the @full bytes that the first @len hold. */
void text_control(struct text *t, const void *p, size_t len, size_t full,
		  bool i386);

/* What an argument of ioctl or fcntl is. */
struct request {
	uint32_t cmd;
	uint8_t in, out; /* enum shape behind the address; out: afterwards */
	uint8_t value; /* enum request_value: no address */
};
enum request_value {
	VALUE_ADDRESS,
	VALUE_UNUSED,
	VALUE_NUMBER,
	VALUE_OPEN_FLAGS,
	VALUE_FD_FLAGS,
	VALUE_SIGNAL,
};
/* NULL: not known. */
const struct request *ioctl_request(uint32_t cmd);
const struct request *fcntl_request(uint32_t cmd);

#endif
