/* SPDX-License-Identifier: MIT */
/*
 * Arguments of system calls, by their kind in kernel/syscalls.tbl: mostly
 * plausible, sometimes absurd, chosen by the bytes of the input. What they
 * point to lies in an arena, the memory of the programs.
 */
#ifndef FUZZ_ARGUMENTS_H
#define FUZZ_ARGUMENTS_H

#include "fuzz/input.h"
#include "kernel/syscalls.h"

#define ARENA_BASE 0x20000000UL
#define ARENA_SIZE (64UL << 10)

/* At ARENA_BASE in the programs' eyes. */
extern u8 arena[ARENA_SIZE];
/* The input that all choices are read from. */
extern struct input choices;
/* Also what came to the calls later; without, old inputs mean what they did. */
extern bool rich_arguments;

/* A new input; the arena is as ever. */
void arguments_begin(const u8 *data, size_t size);

/* A number below @n. */
u32 pick(u32 n);
#define PICK(array) ((array)[pick(ARRAY_SIZE(array))])
u64 odd_number(void);
/* Mostly in the arena. */
u64 arena_address(void);
void *arena_at(u64 address);
/* An address of room for @n bytes that may be filled in, or 0. */
u64 arena_room(size_t n);

/* All arguments of the call of @row. */
void some_arguments(const struct syscall *row, u64 *args);
/* The target's: a descriptor, as often as not one that is open. */
u64 some_fd(void);

/* arguments_rich.c: is there more to choose from for @kind? */
bool rich_argument(unsigned int kind, u64 *ret);
/* An option with a value that is like its own: level, name, value, length. */
void some_option(u64 *args, bool get);

#endif
