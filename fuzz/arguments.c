/* SPDX-License-Identifier: MIT */
/*
 * What every call has: numbers, addresses, messages, values of options.
 */
#include "fuzz/arguments.h"

#include "fs/fs.h"
#include "lib/string.h"
#include "uapi/if.h"
#include <linux/in.h>

u8 arena[ARENA_SIZE];
struct input choices;
bool rich_arguments;

void arguments_begin(const u8 *data, size_t size)
{
	choices = (struct input){ data, size };
	for (size_t i = 0; i < sizeof(arena); i++)
		arena[i] = (u8)(i * 167 >> 3);
}

u32 pick(u32 n)
{
	return in_below(&choices, n);
}

u64 odd_number(void)
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
		return (u64)in_u32(&choices) << 32 | in_u32(&choices);
	case 1:
		return pick(64);
	default:
		return PICK(odd);
	}
}

u64 arena_address(void)
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

void *arena_at(u64 address)
{
	return arena + (address - ARENA_BASE);
}

u64 arena_room(size_t n)
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
	for (size_t i = header; rich_arguments && i < 48; i += 4)
		*(u32 *)((u8 *)arena_at(at) + i) = (u32)some_fd();
	return at;
}

static void fill_msghdr(void *p, bool compat)
{
	unsigned int nr = pick(8) ? pick(4) : (unsigned int)odd_number();
	u64 name = pick(2) ? some_sockaddr() : 0, control_len = 0;
	u64 control = pick(rich_arguments ? 2 : 3)
			      ? 0
			      : some_control(compat, &control_len);
	u64 iov = some_iovec(compat, nr);
	int name_len = pick(4) ? 16 : (int)odd_number();

	if (compat)
		*(struct compat_msghdr *)p = (struct compat_msghdr){
			(u32)name,    name_len,		(u32)iov,	 nr,
			(u32)control, (u32)control_len, in_u32(&choices)
		};
	else
		*(struct user_msghdr *)p = (struct user_msghdr){
			name,	     name_len,	       0, iov, nr, control,
			control_len, in_u32(&choices), 0
		};
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

	if (rich_arguments && rich_argument(kind, &value))
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

void some_arguments(const struct syscall *row, u64 *args)
{
	for (int i = 0; i < SYSCALL_MAX_ARGS; i++)
		args[i] = argument(row->args[i].kind);
	if (row->args[0].kind == ARG_SOCKETCALL)
		args[1] = socketcall_words(args[0]);
	if (rich_arguments && row->args[1].kind == ARG_LEVEL && pick(4))
		some_option(args + 1, row->args[3].kind == ARG_OPTVAL_OUT);
}
