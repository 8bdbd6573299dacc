// SPDX-License-Identifier: MIT
/*
 * The Internet checksum (RFC 1071).
 *
 * A ones' complement sum may be taken in any word size and folded later. The
 * inner loop adds 32-bit words into 64-bit lanes, which cannot overflow for
 * less than 2^32 words: no carry to chase, so the lanes are independent and
 * the compiler uses vector registers.
 */
#include "lib/checksum.h"

typedef u64 lanes_t __attribute__((vector_size(16)));

#define BLOCK 64 /* bytes of one turn of the inner loop */

static inline lanes_t load_lanes(const u8 *p)
{
	lanes_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

/* Sum of @n blocks as a 64-bit sum of 32-bit words, folded to 33 bits. */
static inline u64 csum_blocks(const u8 *p, size_t n)
{
	const lanes_t low = { 0xffffffff, 0xffffffff };
	lanes_t a = { 0, 0 }, b = a, c = a, d = a;
	u64 x, y;

	for (; n; n--, p += BLOCK) {
		lanes_t v0 = load_lanes(p), v1 = load_lanes(p + 16);
		lanes_t v2 = load_lanes(p + 32), v3 = load_lanes(p + 48);

		a += (v0 & low) + (v1 & low);
		b += (v0 >> 32) + (v1 >> 32);
		c += (v2 & low) + (v3 & low);
		d += (v2 >> 32) + (v3 >> 32);
	}
	a = (a & low) + (a >> 32) + (b & low) + (b >> 32);
	c = (c & low) + (c >> 32) + (d & low) + (d >> 32);
	a += c;
	x = a[0];
	y = a[1];
	return x + y;
}

static inline u64 load(const u8 *p, int bytes)
{
	u32 w = 0;
	u16 h;

	if (bytes == 4) {
		__builtin_memcpy(&w, p, 4);
		return w;
	}
	if (bytes == 2) {
		__builtin_memcpy(&h, p, 2);
		return h;
	}
	return *p;
}

__wsum csum_partial(const void *buf, size_t len, __wsum sum)
{
	const u8 *p = buf;
	u64 s = (u32)sum;

	if (len >= BLOCK) {
		s += csum_blocks(p, len / BLOCK);
		p += len & ~(size_t)(BLOCK - 1);
		len %= BLOCK;
	}
	for (; len >= 4; len -= 4, p += 4)
		s += load(p, 4);
	if (len & 2) {
		s += load(p, 2);
		p += 2;
	}
	/* An odd last byte is the first of a pair: low on little endian. */
	if (len & 1)
		s += load(p, 1);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	return (__wsum)(u32)s;
}

__sum16 csum_fold(__wsum sum)
{
	u32 s = (u32)sum;

	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return (__sum16)~s;
}

/* The header checksum of RFC 791; @ihl is in 32-bit words, five at least. */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	const u8 *p = iph;
	u64 s = load(p, 4) + load(p + 4, 4) + load(p + 8, 4) +
		load(p + 12, 4) + load(p + 16, 4);

	for (p += 20; ihl > 5; ihl--, p += 4)
		s += load(p, 4);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	return csum_fold((__wsum)(u32)s);
}

/* The pseudo header of RFC 9293 3.1 and RFC 768. */
__wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, u32 len, u8 proto,
			  __wsum sum)
{
	u64 s = (u64)(u32)sum + (u32)saddr + (u32)daddr;

	s += (u64)(u32)htonl(len) + (u32)htonl(proto);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	return (__wsum)(u32)s;
}

__wsum csum_add(__wsum a, __wsum b)
{
	u32 s = (u32)a + (u32)b;

	return (__wsum)(s + (s < (u32)a));
}

__wsum csum_block_add(__wsum a, __wsum b, size_t offset)
{
	/* RFC 1071 2 (B): at an odd offset the bytes of each pair trade places. */
	if (offset & 1)
		b = (__wsum)((u32)b >> 8 | (u32)b << 24);
	return csum_add(a, b);
}
