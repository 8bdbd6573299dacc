/* SPDX-License-Identifier: MIT */
/*
 * What came to the calls later: options with values like their own, sets of
 * descriptors, times, paths, routes. Apart from arguments.c so that older
 * inputs mean what they did.
 */
#include "fuzz/arguments.h"

#include "fs/fs.h"
#include "lib/string.h"
#include "uapi/if.h"
#include <linux/in.h>

struct option {
	u16 level, name, size; /* of its value */
};

static const struct option options[] = {
	{ 6, 44, 4 }, /* TCP_RTO_MAX_MS */
	{ 6, 45, 4 }, /* TCP_RTO_MIN_US */
	{ 6, 46, 4 }, /* TCP_DELACK_MAX_US */
	{ 6, 11, 256 }, /* TCP_INFO */
	{ 6, 13, 16 }, /* TCP_CONGESTION */
	{ 6, 22, 8 }, /* TCP_REPAIR_OPTIONS */
	{ 6, 33, 32 }, /* TCP_FASTOPEN_KEY */
	{ 6, 30, 4 }, /* TCP_FASTOPEN_CONNECT */
	{ 6, 23, 4 }, /* TCP_FASTOPEN */
	{ 6, 35, 64 }, /* TCP_ZEROCOPY_RECEIVE */
	{ 0, 35, 12 }, /* IP_ADD_MEMBERSHIP */
	{ 0, 36, 12 }, /* IP_DROP_MEMBERSHIP */
	{ 0, 37, 12 }, /* IP_UNBLOCK_SOURCE */
	{ 0, 38, 12 }, /* IP_BLOCK_SOURCE */
	{ 0, 39, 12 }, /* IP_ADD_SOURCE_MEMBERSHIP */
	{ 0, 40, 12 }, /* IP_DROP_SOURCE_MEMBERSHIP */
	{ 0, 41, 40 }, /* IP_MSFILTER */
	{ 0, 42, 136 }, /* MCAST_JOIN_GROUP */
	{ 0, 45, 136 }, /* MCAST_LEAVE_GROUP */
	{ 0, 43, 264 }, /* MCAST_BLOCK_SOURCE */
	{ 0, 46, 264 }, /* MCAST_JOIN_SOURCE_GROUP */
	{ 0, 47, 264 }, /* MCAST_LEAVE_SOURCE_GROUP */
	{ 0, 48, 400 }, /* MCAST_MSFILTER */
	{ 0, 4, 40 }, /* IP_OPTIONS */
	{ 0, 8, 4 }, /* IP_PKTINFO */
	{ 0, 32, 12 }, /* IP_MULTICAST_IF */
	{ 1, 37, 8 }, /* SO_TIMESTAMPING_OLD */
	{ 1, 65, 8 }, /* SO_TIMESTAMPING_NEW */
	{ 1, 29, 4 }, /* SO_TIMESTAMP_OLD */
	{ 1, 60, 4 }, /* SO_ZEROCOPY */
	{ 1, 26, 16 }, /* SO_ATTACH_FILTER */
	{ 1, 20, 16 }, /* SO_RCVTIMEO_OLD */
	{ 1, 13, 8 }, /* SO_LINGER */
	{ 1, 16, 4 }, /* SO_PASSCRED */
};

/* Addresses of groups and of sources, where their options have them. */
static void fill_option(u8 *p, const struct option *o)
{
	static const u32 groups[] = { 0xe0000001, 0xe1020304, 0xe8000001,
				      0x7f000001 };

	for (unsigned int i = 0; i < o->size; i += 4) {
		u32 v;

		switch (pick(4)) {
		case 0:
			v = htonl(PICK(groups));
			break;
		case 1:
			v = AF_INET; /* and the low half of flags */
			break;
		case 2:
			v = pick(64);
			break;
		default:
			v = (u32)odd_number();
			break;
		}
		memcpy(p + i, &v, sizeof(v));
	}
	if (o->level == 0 && o->size >= 136) {
		struct sockaddr_in *sin;

		/* i386 has them four bytes earlier. */
		sin = (struct sockaddr_in *)(p + (pick(2) ? 4 : 8));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = htonl(PICK(groups));
	}
}

void some_option(u64 *args, bool get)
{
	const struct option *o = &PICK(options);
	u64 at = arena_room(512), len = arena_room(sizeof(u32));

	args[0] = o->level;
	args[1] = o->name;
	if (!at)
		return;
	fill_option(arena_at(at), o);
	args[2] = at;
	args[3] = o->size;
	if (pick(8) == 7)
		args[3] = pick(600);
	if (!get)
		return;
	if (len)
		*(u32 *)arena_at(len) = (u32)args[3];
	args[3] = len;
}

static u64 some_pollfds(void)
{
	u64 at = arena_room(64 * 8);

	for (int i = 0; at && i < 8; i++) {
		((u32 *)arena_at(at))[2 * i] = (u32)some_fd();
		((u16 *)arena_at(at))[4 * i + 2] = in_u16(&choices);
	}
	return at;
}

/* Of 1024 bits; the descriptors of the first words and those that count. */
static u64 some_fdset(void)
{
	u64 at = arena_room(128);

	if (!at) {
		at = arena_address();
		return pick(2) ? 0 : at;
	}
	memset(arena_at(at), 0, 128);
	for (int i = 0; i < 4; i++) {
		u64 fd = some_fd() % 1024;

		((u8 *)arena_at(at))[fd / 8] |= (u8)(1 << fd % 8);
	}
	return at;
}

static u64 some_time(void)
{
	u64 at = pick(3) ? arena_room(16) : 0;

	if (!at)
		return 0;
	memset(arena_at(at), 0, 16);
	if (pick(2))
		((u32 *)arena_at(at))[1 + pick(2)] = pick(100) * 1000;
	else
		((u64 *)arena_at(at))[pick(2)] = odd_number();
	return at;
}

static u64 some_path(void)
{
	static const char *const paths[] = {
		"/proc/net/tcp",
		"/proc/self/net/udp",
		"/proc/1/net/route",
		"/proc/thread-self/net/snmp",
		"/proc/net/unix",
		"/proc/net/trapgate",
		"/proc/self/fd/512",
		"/proc/100/fd/513",
		"/proc/sys/net/ipv4/tcp_rmem",
		"/proc/sys/net/core/somaxconn",
		"/proc/sys/net/ipv4/route/flush",
		"/proc/7",
		"/etc/hosts",
		"/proc/net/none",
		"/proc/sys/net/",
		"/proc/99999999999/net/a",
	};
	const char *path = PICK(paths);
	/* Also such that end where memory does, or do not end. */
	u64 at = pick(4) ? arena_room(64)
			 : ARENA_BASE + ARENA_SIZE - strlen(path) - pick(2);

	if (at)
		memcpy(arena_at(at), path,
		       min(strlen(path) + 1,
			   (size_t)(ARENA_BASE + ARENA_SIZE - at)));
	return at;
}

static u64 some_select_args(void)
{
	u64 at = arena_room(5 * sizeof(u32));

	if (!at)
		return arena_address();
	((u32 *)arena_at(at))[0] = pick(8) ? 512 + pick(64) : (u32)odd_number();
	for (int i = 1; i < 4; i++)
		((u32 *)arena_at(at))[i] = (u32)some_fdset();
	((u32 *)arena_at(at))[4] = (u32)some_time();
	return at;
}

/* Where a mask is, and its size: two words of either size. */
static u64 some_sigset_pair(void)
{
	u64 at = pick(2) ? arena_room(16) : 0;

	if (!at)
		return pick(4) ? 0 : arena_address();
	if (pick(2)) {
		((u64 *)arena_at(at))[0] = arena_address();
		((u64 *)arena_at(at))[1] = pick(8) ? 8 : odd_number();
	} else {
		((u32 *)arena_at(at))[0] = (u32)arena_address();
		((u32 *)arena_at(at))[1] = pick(8) ? 8 : (u32)odd_number();
	}
	return at;
}

/* struct rtentry of 64 bits, or 32: words that are addresses in most places. */
static u64 some_rtentry(void)
{
	static const u32 addresses[] = { 0,	     0x0a000000, 0x0a000001,
					 0x7f000001, 0xffffff00, 0xff000000,
					 ~0U };
	u64 at = arena_room(128), pad = pick(2) ? 8 : 4;
	u8 *p;

	if (!at)
		return arena_address();
	p = arena_at(at);
	memset(p, 0, 128);
	for (int i = 0; i < 3; i++) {
		struct sockaddr_in *sin = (void *)(p + pad + 16 * i);

		sin->sin_family = pick(8) ? AF_INET : AF_UNSPEC;
		sin->sin_addr.s_addr = htonl(PICK(addresses));
	}
	*(u16 *)(p + pad + 48) = (u16)in_u8(&choices); /* RTF_x */
	/* The rest: metric, the device's name, MTU, window. */
	for (unsigned int i = 52; i < 120; i += 4)
		*(u32 *)(p + i) = pick(4) ? 0 : (u32)arena_address();
	return at;
}

bool rich_argument(unsigned int kind, u64 *ret)
{
	switch (kind) {
	case ARG_POLLFDS_INOUT:
		*ret = some_pollfds();
		return true;
	case ARG_FDSET_INOUT:
		*ret = some_fdset();
		return true;
	case ARG_TIMESPEC_INOUT:
	case ARG_TIMESPEC32_INOUT:
	case ARG_TIMEVAL_INOUT:
		*ret = some_time();
		return true;
	case ARG_PATH_IN:
		*ret = some_path();
		return true;
	case ARG_OPENFLAGS:
		*ret = pick(4) ? pick(4) : odd_number();
		return true;
	case ARG_SELECT_ARGS_IN:
		*ret = some_select_args();
		return true;
	case ARG_SIGSET_PAIR_IN:
		*ret = some_sigset_pair();
		return true;
	case ARG_IOCTL:
		if (pick(4))
			return false;
		*ret = 0x890b + pick(2); /* SIOCADDRT, SIOCDELRT */
		return true;
	case ARG_IOCTL_ARG:
		if (pick(2))
			return false;
		*ret = some_rtentry();
		return true;
	}
	return false;
}
