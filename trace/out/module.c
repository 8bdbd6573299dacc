/* SPDX-License-Identifier: MIT */
#include "trace/out/module.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SLOTS 1024

struct module {
	struct module *next;
	char *path;
	u64 inode;
	int fd; /* -1: an image */
	Elf *elf;
	Dwfl *dwfl; /* NULL: an image */
	Dwfl_Module *mod;
	u64 bias; /* of the file's addresses within dwfl */
	Dwarf_CFI *cfi; /* of an image */
	void *image;
	struct {
		u64 addr;
		const char *name, *file;
		int line;
		bool named, lined;
	} names[NAME_SLOTS]; /* by address: symbols are asked for again */
};

static struct module *modules;

/*
 * Debug information of its own file is looked for by build id only, where the
 * system keeps it. A debug link names a file beside the program, and so in the
 * program's hands: a FIFO there would hold us up.
 */
static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_build_id_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

static struct module *module_new(const char *path, u64 inode)
{
	struct module *m = calloc(1, sizeof(*m));

	(void)elf_version(EV_CURRENT);
	if (!m)
		return NULL;
	m->path = strdup(path);
	m->inode = inode;
	m->fd = -1;
	m->next = modules;
	modules = m;
	return m;
}

/* Read it. What fails leaves an entry that knows nothing. */
static void load(struct module *m)
{
	GElf_Addr bias;
	int fd;

	m->elf = elf_begin(m->fd, ELF_C_READ_MMAP, NULL);
	if (!m->elf || elf_kind(m->elf) != ELF_K_ELF)
		return;
	/* Never ask servers on the network for debug information. */
	(void)unsetenv("DEBUGINFOD_URLS");
	m->dwfl = dwfl_begin(&callbacks);
	fd = dup(m->fd);
	if (!m->dwfl || fd < 0)
		return;
	m->mod = dwfl_report_offline(m->dwfl, m->path, m->path, fd);
	if (!m->mod) {
		close(fd);
		return;
	}
	(void)dwfl_report_end(m->dwfl, NULL, NULL);
	if (dwfl_module_getelf(m->mod, &bias))
		m->bias = bias;
}

/* What was mapped was a file; what has its name now may be anything. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || (!fstat(fd, &st) && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	return -1;
}

struct module *module_open(int pid, const char *path, u64 inode)
{
	struct module *m;
	char name[64];

	for (m = modules; m; m = m->next)
		if (m->inode == inode && m->path && !strcmp(m->path, path))
			return m->elf ? m : NULL;
	m = module_new(path, inode);
	if (!m)
		return NULL;
	m->fd = open_file(path);
	if (m->fd < 0) {
		(void)snprintf(name, sizeof(name), "/proc/%d/exe", pid);
		m->fd = open_file(name);
	}
	if (m->fd >= 0)
		load(m);
	return m->elf ? m : NULL;
}

struct module *module_image(const void *image, size_t n)
{
	struct module *m;

	for (m = modules; m; m = m->next)
		if (m->image && m->inode == n && !memcmp(m->image, image, n))
			return m;
	m = module_new("[vdso]", n);
	if (!m)
		return NULL;
	m->image = malloc(n);
	if (!m->image)
		return NULL;
	memcpy(m->image, image, n);
	m->elf = elf_memory(m->image, n);
	if (m->elf)
		m->cfi = dwarf_getcfi_elf(m->elf);
	return m;
}

void modules_free(void)
{
	struct module *m;

	while ((m = modules)) {
		modules = m->next;
		if (m->cfi)
			(void)dwarf_cfi_end(m->cfi);
		if (m->dwfl)
			dwfl_end(m->dwfl);
		if (m->elf)
			(void)elf_end(m->elf);
		if (m->fd >= 0)
			close(m->fd);
		free(m->image);
		free(m->path);
		free(m);
	}
}

u64 module_address(const struct map *map, u64 addr)
{
	GElf_Phdr ph;
	size_t i, n;

	addr = addr - map->start + map->offset; /* in the file */
	if (!map->module->elf || elf_getphdrnum(map->module->elf, &n))
		return addr;
	for (i = 0; i < n; i++) {
		if (!gelf_getphdr(map->module->elf, i, &ph) ||
		    ph.p_type != PT_LOAD || addr < (ph.p_offset & ~4095UL) ||
		    addr >= ph.p_offset + ph.p_filesz)
			continue;
		/* Segments share pages: take the one this mapping is of. */
		if (map->exec && !(ph.p_flags & PF_X))
			continue;
		return addr - ph.p_offset + ph.p_vaddr;
	}
	return addr;
}

/* The symbol of an image: it has a few only. */
static const char *image_symbol(struct module *m, u64 addr)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	GElf_Sym sym;
	Elf_Data *data;
	size_t i;

	while ((scn = elf_nextscn(m->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_DYNSYM)
			continue;
		data = elf_getdata(scn, NULL);
		for (i = 0; data && gelf_getsym(data, i, &sym); i++)
			if (addr >= sym.st_value &&
			    addr - sym.st_value < max(sym.st_size, 1UL))
				return elf_strptr(m->elf, sh.sh_link,
						  sym.st_name);
	}
	return NULL;
}

static unsigned int slot(struct module *m, u64 addr)
{
	unsigned int i = (addr ^ addr >> 10) % NAME_SLOTS;

	if (m->names[i].addr != addr) {
		memset(&m->names[i], 0, sizeof(m->names[i]));
		m->names[i].addr = addr;
	}
	return i;
}

const char *module_symbol(struct module *m, u64 addr)
{
	unsigned int i = slot(m, addr);
	GElf_Off off;
	GElf_Sym sym;

	if (!m->names[i].named) {
		m->names[i].named = true;
		if (m->mod)
			m->names[i].name = dwfl_module_addrinfo(
				m->mod, addr + m->bias, &off, &sym, NULL, NULL,
				NULL);
		else if (m->image && m->elf)
			m->names[i].name = image_symbol(m, addr);
	}
	return m->names[i].name;
}

const char *module_line(struct module *m, u64 addr, int *ret_line)
{
	unsigned int i = slot(m, addr);
	Dwfl_Line *line;

	if (!m->names[i].lined) {
		m->names[i].lined = true;
		line = m->mod ? dwfl_module_getsrc(m->mod, addr + m->bias)
			      : NULL;
		if (line)
			m->names[i].file =
				dwfl_lineinfo(line, NULL, &m->names[i].line,
					      NULL, NULL, NULL);
	}
	*ret_line = m->names[i].line;
	return m->names[i].file;
}

const char *module_name(const struct module *m)
{
	const char *slash = strrchr(m->path, '/');

	return slash ? slash + 1 : m->path;
}

Dwarf_Frame *module_cfi(struct module *m, u64 addr)
{
	Dwarf_Frame *frame = NULL;
	Dwarf_Addr bias = 0;
	Dwarf_CFI *cfi;

	cfi = m->mod ? dwfl_module_eh_cfi(m->mod, &bias) : m->cfi;
	if (cfi && !dwarf_cfi_addrframe(cfi, addr + m->bias - bias, &frame))
		return frame;
	if (!m->mod)
		return NULL;
	cfi = dwfl_module_dwarf_cfi(m->mod, &bias);
	if (cfi && !dwarf_cfi_addrframe(cfi, addr + m->bias - bias, &frame))
		return frame;
	return NULL;
}

bool module_bytes(struct module *m, u64 offset, void *to, size_t n)
{
	if (m->fd >= 0)
		return pread(m->fd, to, n, offset) == (ssize_t)n;
	if (!m->image || offset > m->inode || n > m->inode - offset)
		return false;
	memcpy(to, (char *)m->image + offset, n);
	return true;
}
