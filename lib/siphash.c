// SPDX-License-Identifier: MIT
/*
 * SipHash-2-4: "SipHash: a fast short-input PRF", Aumasson and Bernstein.
 * Two rounds a word, four to finish; v0..v3 are the paper's.
 */
#include "lib/siphash.h"

#include "lib/string.h"

struct sip {
	u64 v0, v1, v2, v3;
};

static inline u64 rol64(u64 x, int n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rol64(s->v1, 13) ^ s->v0;
	s->v3 = rol64(s->v3, 16) ^ s->v2;
	s->v0 = rol64(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rol64(s->v1, 17) ^ s->v2;
	s->v3 = rol64(s->v3, 21) ^ s->v0;
	s->v2 = rol64(s->v2, 32);
}

static inline void sip_init(struct sip *s, const siphash_key_t *key)
{
	/* "somepseudorandomlygeneratedbytes" */
	s->v0 = key->key[0] ^ 0x736f6d6570736575ULL;
	s->v1 = key->key[1] ^ 0x646f72616e646f6dULL;
	s->v2 = key->key[0] ^ 0x6c7967656e657261ULL;
	s->v3 = key->key[1] ^ 0x7465646279746573ULL;
}

static inline void sip_word(struct sip *s, u64 m)
{
	s->v3 ^= m;
	sip_round(s);
	sip_round(s);
	s->v0 ^= m;
}

/* @last: the bytes left over, little endian. */
static inline u64 sip_end(struct sip *s, u64 last, size_t len)
{
	sip_word(s, last | (u64)len << 56);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	const u8 *p = data;
	size_t left = len;
	struct sip s;
	u64 m;

	sip_init(&s, key);
	for (; left >= 8; left -= 8, p += 8) {
		__builtin_memcpy(&m, p, 8);
		sip_word(&s, m);
	}
	for (m = 0; left; left--)
		m = m << 8 | p[left - 1];
	return sip_end(&s, m, len);
}

u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	struct sip s;

	sip_init(&s, key);
	sip_word(&s, a);
	sip_word(&s, b);
	return sip_end(&s, 0, 16);
}

u64 siphash_4u32(u32 a, u32 b, u32 c, u32 d, const siphash_key_t *key)
{
	return siphash_2u64((u64)b << 32 | a, (u64)d << 32 | c, key);
}
