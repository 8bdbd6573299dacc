/* SPDX-License-Identifier: MIT */
/*
 * Arguments of system calls, by their kind in kernel/syscalls.tbl: mostly
 * plausible, sometimes absurd, chosen by the bytes of the input. What they
 * point to lies in an arena, the memory of the programs. Included by one
 * source, which says some_fd().
 */
#ifndef FUZZ_ARGUMENTS_H
#define FUZZ_ARGUMENTS_H

#include "fs/fs.h"
#include "kernel/syscalls.h"
#include "lib/string.h"
#include "uapi/if.h"

#include "fuzz/input.h"
#include <linux/in.h>

#define ARENA_BASE 0x20000000UL
#define ARENA_SIZE (64UL << 10)

static u8 arena[ARENA_SIZE];
static struct input in;
/* Also what came to the calls later; without, old inputs mean what they did. */
static bool rich;

u64 some_fd(void);

static u32 pick(u32 n)
{
	return in_below(&in, n);
}

#define PICK(array) ((array)[pick(ARRAY_SIZE(array))])

static u64 odd_number(void)
{
	static const u64 odd[] = {
		0,	1,	 2,	     3,	    4,		7,
		8,	16,	 128,	     129,   255,	256,
		4095,	4096,	 65535,	     65536, 0x7fffffff, 0x80000000,
		~0U,	~0ULL,	 1ULL << 63, -2ULL, -4095ULL,	1ULL << 32,
		212992, 1000000, 0x7ffff000,
	};

	switch (pick(4)) {
	case 0:
		return (u64)in_u32(&in) << 32 | in_u32(&in);
	case 1:
		return pick(64);
	default:
		return PICK(odd);
	}
}

static u64 arena_address(void)
{
	switch (pick(16)) {
	case 0:
		return 0;
	case 1:
		return odd_number();
	case 2: /* at the very end */
		return ARENA_BASE + ARENA_SIZE - pick(64);
	default:
		return ARENA_BASE + pick(ARENA_SIZE / 8) * 8;
	}
}

static void *arena_at(u64 address)
{
	return arena + (address - ARENA_BASE);
}

/* An address of room for @n bytes that may be filled in, or 0. */
static u64 arena_room(size_t n)
{
	u64 a = ARENA_BASE + pick((ARENA_SIZE - n) / 8) * 8;

	return pick(8) ? a : 0;
}

static u64 some_sockaddr(void)
{
	u64 at = arena_room(sizeof(struct sockaddr_in));
	static const u32 addresses[] = { 0x7f000001, 0,		 0xe0000001,
					 0x7fffffff, 0x7f000002, 0x0a000001,
					 ~0U };
	static const u16 families[] = { AF_INET,  AF_INET,   AF_INET,
					AF_INET,  AF_UNSPEC, AF_NETLINK,
					AF_INET6, 77 };
	struct sockaddr_in *sin;

	if (!at)
		return arena_address();
	sin = arena_at(at);
	sin->sin_family = PICK(families);
	sin->sin_port = htons((u16)(5000 + pick(6)));
	sin->sin_addr.s_addr = htonl(pick(3) ? 0x7f000001 : PICK(addresses));
	return at;
}

static void fill_iovec(u64 *ret_base, u64 *ret_len)
{
	*ret_base = arena_address();
	*ret_len = pick(4) ? pick(5000) : odd_number();
}

static u64 some_iovec(bool compat, unsigned int nr)
{
	u64 at = arena_room(16 * 16), base, len;

	if (!at)
		return arena_address();
	for (unsigned int i = 0; i < min(nr, 16U); i++) {
		fill_iovec(&base, &len);
		if (compat)
			((struct compat_iovec *)arena_at(at))[i] =
				(struct compat_iovec){ (u32)base, (u32)len };
		else
			((struct user_iovec *)arena_at(at))[i] =
				(struct user_iovec){ base, len };
	}
	return at;
}

/* A control message or two; the length that is said need not be true. */
static u64 some_control(bool compat, u64 *ret_len)
{
	static const int levels[] = { 0, 1, 6, 17, 41, 255 };
	u64 at = arena_room(128);
	size_t header =
		compat ? sizeof(struct compat_cmsghdr) : sizeof(struct cmsghdr);
	u64 len = header + pick(40);

	*ret_len = pick(3) ? len : odd_number();
	if (!at)
		return arena_address();
	if (!pick(4))
		len = odd_number();
	if (compat)
		*(struct compat_cmsghdr *)arena_at(at) =
			(struct compat_cmsghdr){ (u32)len, PICK(levels),
						 (int)pick(64) };
	else
		*(struct cmsghdr *)arena_at(at) =
			(struct cmsghdr){ len, PICK(levels), (int)pick(64) };
	for (size_t i = header; rich && i < 48; i += 4)
		*(u32 *)((u8 *)arena_at(at) + i) = (u32)some_fd();
	return at;
}

static void fill_msghdr(void *p, bool compat)
{
	unsigned int nr = pick(8) ? pick(4) : (unsigned int)odd_number();
	u64 name = pick(2) ? some_sockaddr() : 0, control_len = 0;
	u64 control =
		pick(rich ? 2 : 3) ? 0 : some_control(compat, &control_len);
	u64 iov = some_iovec(compat, nr);
	int name_len = pick(4) ? 16 : (int)odd_number();

	if (compat)
		*(struct compat_msghdr *)p = (struct compat_msghdr){
			(u32)name,    name_len,		(u32)iov,   nr,
			(u32)control, (u32)control_len, in_u32(&in)
		};
	else
		*(struct user_msghdr *)p =
			(struct user_msghdr){ name,	   name_len,	0,
					      iov,	   nr,		control,
					      control_len, in_u32(&in), 0 };
}

static u64 some_msghdr(bool compat, unsigned int nr)
{
	size_t size =
		compat ? sizeof(struct compat_mmsghdr) : sizeof(struct mmsghdr);
	u64 at = arena_room(size * 4);

	if (!at)
		return arena_address();
	for (unsigned int i = 0; i < nr; i++)
		fill_msghdr((u8 *)arena_at(at) + i * size, compat);
	return at;
}

static u64 some_int(void)
{
	u64 at = arena_room(sizeof(int));

	if (!at)
		return arena_address();
	*(int *)arena_at(at) = (int)(pick(3) ? pick(130) : odd_number());
	return at;
}

static u64 some_option_value(void)
{
	u64 at = arena_room(256);

	if (!at)
		return arena_address();
	for (int i = 0; i < 64; i++)
		((u32 *)arena_at(at))[i] =
			pick(2) ? pick(100) : (u32)odd_number();
	return at;
}

static u64 some_ifreq(void)
{
	u64 at = arena_room(sizeof(struct ifreq));

	if (!at)
		return arena_address();
	memcpy(((struct ifreq *)arena_at(at))->ifr_name, "lo", 3);
	return at;
}

static u64 some_ioctl(void)
{
	switch (pick(6)) {
	case 0:
		return FIONBIO;
	case 1:
		return FIONREAD;
	case 2:
		return odd_number();
	default:
		return 0x8900 + pick(0x60);
	}
}

/* ---- rich ---- */

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

/* An option with a value that is like its own: level, name, value, length. */
static void some_option(u64 *args, bool get)
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
		((u16 *)arena_at(at))[4 * i + 2] = in_u16(&in);
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
	*(u16 *)(p + pad + 48) = (u16)in_u8(&in); /* RTF_x */
	/* The rest: metric, the device's name, MTU, window. */
	for (unsigned int i = 52; i < 120; i += 4)
		*(u32 *)(p + i) = pick(4) ? 0 : (u32)arena_address();
	return at;
}

static bool rich_argument(unsigned int kind, u64 *ret)
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

static u64 argument(unsigned int kind)
{
	static const u64 levels[] = { 0, 1, 6, 17, 41, 255, 270, 263 };
	static const u64 families[] = { AF_INET,  AF_INET,    AF_INET,
					AF_INET,  AF_NETLINK, AF_UNIX,
					AF_INET6, AF_PACKET,  46,
					~0ULL };
	static const u64 protocols[] = { 0, 0, 0, 6, 17, 1, 255, 256, ~0ULL };
	static const u64 fcntls[] = { F_GETFL, F_SETFL, F_SETOWN, F_GETOWN,
				      F_DUPFD, F_GETFD, F_SETFD,  F_SETSIG };
	/* MSG_x, mostly such as let a call return. */
	u64 flags = pick(2) ? MSG_DONTWAIT : 0, value;

	if (rich && rich_argument(kind, &value))
		return value;
	switch (kind) {
	case ARG_FD:
		return some_fd();
	case ARG_FAMILY:
		return PICK(families);
	case ARG_SOCKTYPE:
		return (pick(8) ? 1 + pick(3) : pick(16)) |
		       (pick(2) ? SOCK_NONBLOCK : 0) |
		       (pick(9) ? 0 : (u64)odd_number());
	case ARG_PROTOCOL:
		return PICK(protocols);
	case ARG_LEVEL:
		return PICK(levels);
	case ARG_OPTNAME:
		return pick(10) ? pick(80) : odd_number();
	case ARG_MSGFLAGS:
		return flags | (pick(2) ? BIT(pick(31)) : 0);
	case ARG_HOW:
		return pick(5);
	case ARG_SIZE:
	case ARG_ULONG:
	case ARG_UINT:
	case ARG_INT:
	case ARG_DIRFD:
	case ARG_OPENFLAGS:
	case ARG_MODE:
	case ARG_WHENCE:
	case ARG_DUPFLAGS:
	case ARG_EPOLLOP:
	case ARG_EPOLLFLAGS:
		return pick(3) ? pick(3000) : odd_number();
	case ARG_ADDRLEN:
	case ARG_OPTLEN:
		return pick(3) ? PICK(((u64[]){ 4, 16, 8, 12, 1 }))
			       : odd_number();
	case ARG_ADDR_IN:
		return some_sockaddr();
	case ARG_LEN_INOUT:
		return some_int();
	case ARG_OPTVAL_IN:
		return some_option_value();
	case ARG_MSGHDR_IN:
	case ARG_MSGHDR_OUT:
		return some_msghdr(false, 1);
	case ARG_MMSGHDR_IN:
	case ARG_MMSGHDR_OUT:
		return some_msghdr(false, 3);
	case ARG_MSGHDR32_IN:
	case ARG_MSGHDR32_OUT:
		return some_msghdr(true, 1);
	case ARG_MMSGHDR32_IN:
	case ARG_MMSGHDR32_OUT:
		return some_msghdr(true, 3);
	case ARG_IOVEC_IN:
	case ARG_IOVEC_OUT:
		return some_iovec(false, 16);
	case ARG_IOVEC32_IN:
	case ARG_IOVEC32_OUT:
		return some_iovec(true, 16);
	case ARG_IOCTL:
		return some_ioctl();
	case ARG_IOCTL_ARG:
		return pick(2) ? some_ifreq() : arena_address();
	case ARG_FCNTL:
		return pick(6) ? PICK(fcntls) : odd_number();
	case ARG_SOCKETCALL:
		return pick(24);
	default:
		return pick(4) ? arena_address() : odd_number();
	}
}

/* socketcall(2) finds its arguments in memory. */
static u64 socketcall_words(u64 call)
{
	const struct syscall *row =
		call < NR_SOCKETCALLS ? socketcall_table[call] : NULL;
	u64 at = arena_room(6 * sizeof(u32));

	if (!at)
		return arena_address();
	for (int i = 0; i < 6; i++)
		((u32 *)arena_at(at))[i] = (u32)argument(
			row ? row->args[i].kind : (unsigned int)ARG_ULONG);
	return at;
}

/* All of the call of @row. */
static void some_arguments(const struct syscall *row, u64 *args)
{
	for (int i = 0; i < SYSCALL_MAX_ARGS; i++)
		args[i] = argument(row->args[i].kind);
	if (row->args[0].kind == ARG_SOCKETCALL)
		args[1] = socketcall_words(args[0]);
	if (rich && row->args[1].kind == ARG_LEVEL && pick(4))
		some_option(args + 1, row->args[3].kind == ARG_OPTVAL_OUT);
}

#endif
