/* SPDX-License-Identifier: MIT */
/* ELF files that programs have mapped: names, lines, unwind tables, code. */
#ifndef TRACE_OUT_MODULE_H
#define TRACE_OUT_MODULE_H

#include <elfutils/libdw.h>

#include "lib/types.h"

struct module;

/* A mapping of a process. */
struct map {
	u64 start, end, offset;
	bool exec;
	struct module *module; /* NULL: not a file that we can read */
};

/* The file at @path as @pid sees it. NULL: no ELF file. Kept. */
struct module *module_open(int pid, const char *path, u64 inode);
/* The same of an image in memory (the vdso), @n bytes. */
struct module *module_image(const void *image, size_t n);
void modules_free(void);

/* A run-time address in @m as one of the file. */
u64 module_address(const struct map *m, u64 addr);

/* @addr: of the file. The name of the function, "name" lives on; or NULL. */
const char *module_symbol(struct module *m, u64 addr);
const char *module_line(struct module *m, u64 addr, int *ret_line);
const char *module_name(const struct module *m);
/* How to unwind at @addr, to be freed. NULL: the file does not tell. */
Dwarf_Frame *module_cfi(struct module *m, u64 addr);
/* Bytes of the file at @offset. */
bool module_bytes(struct module *m, u64 offset, void *to, size_t n);

#endif
