/* SPDX-License-Identifier: MIT */
/*
 * Basic types of the core.
 *
 * Network byte order has types of its own (__be16, __be32 from
 * <linux/types.h>); conversions happen at the edge of a header and nowhere
 * else.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef uint64_t u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef int64_t s64;

/* A pointer into the memory of a program: only uaccess.h may follow it. */
#ifdef __CHECKER__
#define __user __attribute__((noderef, address_space(1)))
#else
#define __user
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define __must_check __attribute__((warn_unused_result))
#define __printf(f, a) __attribute__((format(printf, f, a)))
#define fallthrough __attribute__((fallthrough))
#ifndef static_assert
#define static_assert _Static_assert
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1UL << (n))
#define ALIGN(x, a) (((x) + ((a)-1)) & ~((__typeof__(x))(a)-1))
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr)-offsetof(type, member)))

#define min(a, b)                          \
	({                                 \
		__typeof__(a) _a = (a);    \
		__typeof__(b) _b = (b);    \
		_a < _b ? _a : _b;         \
	})
#define max(a, b)                          \
	({                                 \
		__typeof__(a) _a = (a);    \
		__typeof__(b) _b = (b);    \
		_a > _b ? _a : _b;         \
	})
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi) clamp((t)(v), (t)(lo), (t)(hi))
#define swap(a, b)                         \
	do {                               \
		__typeof__(a) _t = (a);    \
		(a) = (b);                 \
		(b) = _t;                  \
	} while (0)

/* One level of volatility, for values that another agent may change. */
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

/* Errors in pointers: the last 4095 addresses are negative errno values. */
#define MAX_ERRNO 4095
static inline void *ERR_PTR(long error)
{
	return (void *)error;
}
static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}
static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-MAX_ERRNO;
}
static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

/* Byte order. x86 is little endian; so is every port there is. */
static inline __be16 htons(u16 v)
{
	return (__be16)__builtin_bswap16(v);
}
static inline u16 ntohs(__be16 v)
{
	return __builtin_bswap16((u16)v);
}
static inline __be32 htonl(u32 v)
{
	return (__be32)__builtin_bswap32(v);
}
static inline u32 ntohl(__be32 v)
{
	return __builtin_bswap32((u32)v);
}

static inline u16 get_unaligned_be16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] << 8 | b[1]);
}
static inline u32 get_unaligned_be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}
static inline void put_unaligned_be16(u16 v, void *p)
{
	u8 *b = p;

	b[0] = v >> 8;
	b[1] = (u8)v;
}
static inline void put_unaligned_be32(u32 v, void *p)
{
	u8 *b = p;

	b[0] = v >> 24;
	b[1] = (u8)(v >> 16);
	b[2] = (u8)(v >> 8);
	b[3] = (u8)v;
}

/*
 * array_index_nospec: index when index < size, else 0, computed without a
 * branch that a processor could guess (Spectre v1).
 */
static inline unsigned long array_index_nospec(unsigned long index,
					       unsigned long size)
{
	unsigned long mask;

	__asm__("cmp %1,%2; sbb %0,%0" : "=r"(mask) : "g"(size), "r"(index) :
		"cc");
	return index & mask;
}

#endif
