/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, taken from the port in larger portions.
 */
#include "kernel/kernel.h"

#include "lib/string.h"

void get_random_bytes(void *buf, size_t n)
{
	struct kernel *k = this_kernel;

	if (n > sizeof(k->random)) {
		port_random(buf, n);
		return;
	}
	if (n > k->random_left) {
		port_random(k->random, sizeof(k->random));
		k->random_left = sizeof(k->random);
	}
	k->random_left -= n;
	memcpy(buf, k->random + k->random_left, n);
	/* What was handed out is not kept. */
	memset(k->random + k->random_left, 0, n);
}

u32 get_random_u32(void)
{
	u32 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

u32 get_random_u32_below(u32 ceil)
{
	return (u32)(((u64)get_random_u32() * ceil) >> 32);
}
