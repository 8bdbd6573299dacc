/* SPDX-License-Identifier: MIT */
/* Wild pointers, and calls that must not like them: for badptr*.c. */
#ifndef TESTS_SYSCALL_WILD_H
#define TESTS_SYSCALL_WILD_H

#include "harness.h"

/* Addresses where nothing may be read or written. */
static long wild[8];
static int nr_wild;

static void make_wild(void)
{
	char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	CHECK(none != MAP_FAILED);
	nr_wild = 0;
	wild[nr_wild++] = 8;
	wild[nr_wild++] = P(none);
	wild[nr_wild++] = P(none) + 4095;
	wild[nr_wild++] = P(page_end(1));	/* one byte, then nothing */
#ifdef __x86_64__
	wild[nr_wild++] = 0x800000000000L;	/* not canonical */
	wild[nr_wild++] = (long)0xffff888000000000UL;	/* the kernel's */
	wild[nr_wild++] = -4096L;
#else
	wild[nr_wild++] = (long)0xffffe000UL;
	wild[nr_wild++] = -16L;
#endif
}

/*
 * EACH_WILD(g, w) { ... }: the block runs for each gate g and each wild
 * address w.
 */
#define EACH_WILD(g, w)							\
	for (make_wild(); nr_wild; nr_wild = 0)				\
		EACH_GATE(g)						\
			for (long i_ = 0, w; i_ < nr_wild &&		\
			     (w = wild[i_], 1); i_++)

#define CHECK_FAULT(expr) do {						\
	long r_ = (expr);						\
									\
	if (r_ != -EFAULT)						\
		FAIL("%s gives %ld for pointer %#lx through gate %d",	\
		     #expr, r_, w, g);					\
} while (0)

#endif
