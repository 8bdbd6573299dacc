/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target reads its choices from: the bytes of its input, one after
 * the other, zeroes behind the end. The same input makes the same run.
 *
 * A target is one function, LLVMFuzzerTestOneInput() as libFuzzer calls it. It
 * is linked with libFuzzer (make fuzz), or with driver.c, which needs no
 * special compiler (make check).
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include "lib/types.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* How long inputs of this target should be, in bytes: for driver.c. */
extern const size_t fuzz_input_max;

struct input {
	const uint8_t *p;
	size_t left;
};

/* The next @n bytes. */
static inline void in_bytes(struct input *in, void *to, size_t n)
{
	size_t can = n < in->left ? n : in->left;

	memset(to, 0, n);
	if (!can)
		return;
	memcpy(to, in->p, can);
	in->p += can;
	in->left -= can;
}

static inline u8 in_u8(struct input *in)
{
	u8 v;

	in_bytes(in, &v, sizeof(v));
	return v;
}

static inline u16 in_u16(struct input *in)
{
	u16 v;

	in_bytes(in, &v, sizeof(v));
	return v;
}

static inline u32 in_u32(struct input *in)
{
	u32 v;

	in_bytes(in, &v, sizeof(v));
	return v;
}

/* A number below @n; of one byte where that is enough. */
static inline u32 in_below(struct input *in, u32 n)
{
	return (n <= 256 ? in_u8(in) : in_u32(in)) % n;
}

#endif
