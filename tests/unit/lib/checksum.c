// SPDX-License-Identifier: MIT
/* lib/checksum.c against a checksum that adds one pair of bytes at a time. */
#include "lib/checksum.h"
#include "lib/string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static u16 naive(const u8 *p, size_t n, u32 start)
{
	u64 s = start;

	for (; n > 1; n -= 2, p += 2)
		s += p[0] | p[1] << 8;
	if (n)
		s += p[0];
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (u16)~s;
}

/* 0 and 0xffff are the same number in ones' complement. */
static void assert_same_sum(u16 a, u16 b)
{
	assert_int_equal(a % 0xffff, b % 0xffff);
}

static u8 *noise(size_t n)
{
	u8 *p = malloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = rand();
	return p;
}

static void checksum_is_right_at_every_alignment_and_length(void **state)
{
	u8 *p = noise(1024);

	for (size_t at = 0; at < 33; at++) {
		for (size_t n = 0; n < 600; n++) {
			__wsum s = csum_partial(p + at, n, (__wsum)0xfffffff0);

			assert_same_sum(csum_fold(s),
					naive(p + at, n, 0xfffffff0));
		}
	}
	free(p);
}

static void checksum_of_large_blocks_of_ones_does_not_overflow(void **state)
{
	size_t n = 1 << 20;
	u8 *p = malloc(n);

	memset(p, 0xff, n);
	for (size_t cut = 0; cut < 70; cut++)
		assert_same_sum(csum_fold(csum_partial(p, n - cut, 0)),
				naive(p, n - cut, 0));
	free(p);
}

static void checksum_of_parts_adds_up(void **state)
{
	u8 *p = noise(300);
	__wsum all, a, b;

	for (size_t cut = 0; cut <= 300; cut++) {
		all = csum_partial(p, 300, 0);
		a = csum_partial(p, cut, 0);
		b = csum_partial(p + cut, 300 - cut, 0);
		assert_same_sum(csum_fold(csum_block_add(a, b, cut)),
				csum_fold(all));
	}
	free(p);
}

/* The example of RFC 1071 3: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2. */
static void checksum_matches_rfc1071_example(void **state)
{
	static const u8 data[] = { 0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7 };
	u16 want = (u16)~0xddf2;

	assert_int_equal(ip_compute_csum(data, 8), (u16)htons(want));
}

static void header_checksum_is_that_of_its_bytes(void **state)
{
	u8 header[60];

	for (size_t i = 0; i < sizeof(header); i++)
		header[i] = (u8)(i * 151 + 7);
	for (unsigned int ihl = 5; ihl <= 15; ihl++)
		assert_int_equal(ip_fast_csum(header, ihl),
				 ip_compute_csum(header, ihl * 4));
}

static void pseudo_header_is_that_of_the_bytes(void **state)
{
	u8 h[12] = { 127, 0, 0, 1, 10, 9, 8, 7, 0, 17, 0x12, 0x34 };
	__be32 s, d;

	memcpy(&s, h, 4);
	memcpy(&d, h + 4, 4);
	/* Every length: the low bytes of length and protocol carry. */
	for (u32 n = 0; n < 65536; n++) {
		h[10] = (u8)(n >> 8);
		h[11] = (u8)n;
		assert_same_sum(csum_tcpudp_magic(s, d, n, 17, 0),
				naive(h, 12, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			checksum_is_right_at_every_alignment_and_length),
		cmocka_unit_test(
			checksum_of_large_blocks_of_ones_does_not_overflow),
		cmocka_unit_test(checksum_of_parts_adds_up),
		cmocka_unit_test(checksum_matches_rfc1071_example),
		cmocka_unit_test(header_checksum_is_that_of_its_bytes),
		cmocka_unit_test(pseudo_header_is_that_of_the_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
