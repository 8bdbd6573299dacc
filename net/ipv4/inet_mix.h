/* SPDX-License-Identifier: MIT */
/*
 * A cheap keyed hash for tables whose chains are bounded, or whose entries only
 * programs of this host can make. What a peer can fill without bound takes
 * SipHash.
 */
#ifndef NET_IPV4_INET_MIX_H
#define NET_IPV4_INET_MIX_H

#include "lib/siphash.h"

static inline u64 inet_mix(u64 a, u64 b, const siphash_key_t *key)
{
	unsigned __int128 m;

	a ^= key->key[0] | 1;
	b ^= key->key[1] | 2;
	m = (unsigned __int128)a * b;
	return (u64)m ^ (u64)(m >> 64);
}

#endif
