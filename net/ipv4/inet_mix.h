/* SPDX-License-Identifier: MIT */
/*
 * A keyed hash for tables: of its value a peer sees no more than how long a
 * chain is. What is sent (sequence numbers, cookies, ports) takes SipHash.
 */
#ifndef NET_IPV4_INET_MIX_H
#define NET_IPV4_INET_MIX_H

#include "lib/siphash.h"

static inline u64 inet_mix(u64 a, u64 b, const siphash_key_t *key)
{
	unsigned __int128 m;

	m = (unsigned __int128)(a ^ key->key[0]) * (b ^ key->key[1]);
	m = (unsigned __int128)((u64)m ^ key->key[1]) *
	    ((u64)(m >> 64) ^ key->key[0]);
	return (u64)m ^ (u64)(m >> 64);
}

#endif
