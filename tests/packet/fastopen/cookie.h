/* SPDX-License-Identifier: MIT */
/* The option of RFC 7413. */
#ifndef TESTS_PACKET_FASTOPEN_COOKIE_H
#define TESTS_PACKET_FASTOPEN_COOKIE_H

#include "tests/packet/wire.h"

/* Options: a cookie of @n bytes; @n 0 asks for one. */
static struct opts fo(const void *cookie, u8 n)
{
	struct opts o = { (u8)(2 + n), { 34, (u8)(2 + n) } };

	if (n)
		memcpy(o.b + 2, cookie, n);
	while (o.len & 3)
		o.b[o.len++] = 1;
	return o;
}

#endif
