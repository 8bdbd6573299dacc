/* SPDX-License-Identifier: MIT */
/*
 * Unwinding the stack of a hostile program: the ELF file that it has mapped
 * (or what it made of its vdso), the words of its stack and its registers are
 * the input's. Whatever they are, it ends, within the frames asked for.
 *
 * The input: how, registers and stack; then the file.
 *
 * libdw takes as much memory as the highest register number asks for that
 * unwind tables name. Here it does not get it: docs/LIMITS.md, Trace.
 */
#include "fuzz/input.h"
#include "kernel/sched.h"
#include "trace/out/maps.h"
#include "trace/out/stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef __has_feature /* gcc says __SANITIZE_ADDRESS__ */
#define __has_feature(x) 0
#endif

#define MEMORY_MAX (512UL << 20)
#define TEXT 0x400000UL
#define STACK 0x7ffd0000UL

const size_t fuzz_input_max = 16384;

static struct map map;
/* All that was told of frames: that it is read is what counts. */
static volatile size_t told;

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

/* Without ASan, which needs room of its own. */
static void bound_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
	struct rlimit r = { MEMORY_MAX, MEMORY_MAX };
	static bool done;

	if (!done && setrlimit(RLIMIT_DATA, &r))
		perror("setrlimit");
	done = true;
#endif
}

/* One file is mapped, and nothing else. */
const struct map *map_find(int pid, u64 addr)
{
	(void)pid;
	return addr >= map.start && addr < map.end ? &map : NULL;
}

/* As a file, which has more ways to tell, or as an image. */
static struct module *load(const struct input *in, bool file)
{
	char path[40];
	int fd;

	if (!file)
		return module_image(in->p, in->left);
	fd = memfd_create("elf", MFD_CLOEXEC);
	if (fd < 0 || write(fd, in->p, in->left) != (ssize_t)in->left) {
		perror("memfd");
		exit(2);
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	map.module = module_open(getpid(), path, 1);
	close(fd);
	return map.module;
}

/* What a word of the stack or a register may be. */
static u64 word(struct input *in, unsigned int size)
{
	u64 v = in_u16(in);

	switch (v & 3) {
	case 0: /* code */
		v = TEXT + (v >> 2);
		break;
	case 1: /* stack */
		v = STACK + (v >> 2) % (STACK_BYTES + 64);
		break;
	case 2:
		v = v >> 2;
		break;
	default:
		v = (u64)in_u32(in) << 32 | v << 16;
		break;
	}
	return size == 4 ? (u32)v : v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	static struct stack_snapshot s;
	struct stack_frame frames[STACK_FRAMES];
	u8 how = in_u8(&in);
	int abi = how & 1 ? ABI_I386 : ABI_X86_64, n, max;
	unsigned int wide = how & 1 ? 4 : 8, words = in_u8(&in) * 2U;
	u64 regs[6], ip = TEXT + in_u16(&in), v;

	for (int i = 0; i < 6; i++)
		regs[i] = word(&in, wide);
	memset(&s, 0, sizeof(s));
	s.pid = 1;
	s.sp = how & 2 ? ~0ULL - in_u16(&in) : STACK;
	for (unsigned int i = 0; i < words; i++) {
		v = word(&in, wide);
		memcpy(s.bytes + (size_t)i * wide, &v, wide);
	}
	s.len = how & 4 ? in_u16(&in) % (STACK_BYTES + 1) : words * wide;
	max = how & 8 ? 1 + in_u8(&in) % STACK_FRAMES : STACK_FRAMES;
	bound_memory();
	map = (struct map){ .start = TEXT, .end = TEXT + 0x10000,
			    .offset = how & 16 ? in_u16(&in) & ~4095U : 0,
			    .exec = how & 32 };
	map.module = in.left ? load(&in, how & 64) : NULL;

	n = stack_unwind(&s, abi, ip, regs, frames, max);
	if (n < 1 || n > max)
		abort();
	/* What is told of a frame can be read. */
	for (int i = 0; i < n; i++) {
		if (frames[i].name)
			told += strlen(frames[i].name);
		if (frames[i].file)
			told += strlen(frames[i].file);
		if (frames[i].module)
			told += strlen(frames[i].module);
	}
	modules_free();
	return 0;
}
