/* SPDX-License-Identifier: MIT */
/* Taking stacks, and what processes have mapped. Unwinding is unwind.c. */
#include "trace/out/stack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "trace/out/maps.h"

#define PID_BUCKETS 256
#define TID_SLOTS 256
#define VDSO_MAX 16384

struct process_maps {
	struct process_maps *next;
	int pid;
	struct map *maps; /* in order of address */
	size_t nr;
	bool again; /* read anew before giving up on an address */
};

static struct process_maps *processes[PID_BUCKETS];

/* Open /proc/TID/syscall, of the threads that made calls last. */
static struct {
	int tid, fd;
} tids[TID_SLOTS];

static struct module *vdso_module(int pid, u64 start, u64 end)
{
	struct iovec local, remote = { (void *)start, end - start };
	static char image[VDSO_MAX];

	if (end - start > sizeof(image))
		return NULL;
	local.iov_base = image;
	local.iov_len = end - start;
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) !=
	    (ssize_t)(end - start))
		return NULL;
	return module_image(image, end - start);
}

static void add_map(struct process_maps *p, const char *line)
{
	unsigned long long start, end, offset, inode;
	struct map *maps, *m;
	char perms[5];
	int path = 0;

	if (sscanf(line, "%llx-%llx %4s %llx %*s %llu %n", &start, &end, perms,
		   &offset, &inode, &path) < 5 ||
	    perms[2] != 'x')
		return;
	maps = realloc(p->maps, (p->nr + 1) * sizeof(*maps));
	if (!maps)
		return;
	p->maps = maps;
	m = &maps[p->nr++];
	*m = (struct map){ start, end, offset, true, NULL };
	if (inode)
		m->module = module_open(p->pid, line + path, inode);
	else if (!strcmp(line + path, "[vdso]"))
		m->module = vdso_module(p->pid, start, end);
}

static void read_maps(struct process_maps *p)
{
	char name[32], *line = NULL;
	struct map *old = p->maps;
	size_t size = 0, old_nr = p->nr;
	ssize_t len;
	FILE *f;

	(void)snprintf(name, sizeof(name), "/proc/%d/maps", p->pid);
	f = fopen(name, "re");
	p->maps = NULL;
	p->nr = 0;
	while (f && (len = getline(&line, &size, f)) > 0) {
		line[len - 1] = '\0';
		add_map(p, line);
	}
	free(line);
	if (f)
		fclose(f);
	/* The process is gone: what we knew is still good for its stacks. */
	if (!p->nr) {
		free(p->maps);
		p->maps = old;
		p->nr = old_nr;
	} else {
		free(old);
	}
}

static struct process_maps *process_get(int pid)
{
	struct process_maps *p;

	for (p = processes[pid % PID_BUCKETS]; p; p = p->next)
		if (p->pid == pid)
			return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->pid = pid;
	p->next = processes[pid % PID_BUCKETS];
	processes[pid % PID_BUCKETS] = p;
	read_maps(p);
	return p;
}

static const struct map *find_map(const struct process_maps *p, u64 addr)
{
	size_t lo = 0, hi = p->nr, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (addr < p->maps[mid].start)
			hi = mid;
		else if (addr >= p->maps[mid].end)
			lo = mid + 1;
		else
			return &p->maps[mid];
	}
	return NULL;
}

const struct map *map_find(int pid, u64 addr)
{
	struct process_maps *p = process_get(pid);
	const struct map *m;

	if (!p)
		return NULL;
	m = find_map(p, addr);
	if (m || !p->again)
		return m;
	/* It may have loaded a library since. */
	p->again = false;
	read_maps(p);
	return find_map(p, addr);
}

static void process_free(struct process_maps *p)
{
	free(p->maps);
	free(p);
}

void stacks_forget(int pid)
{
	struct process_maps **pp, *p;

	for (pp = &processes[pid % PID_BUCKETS]; (p = *pp); pp = &p->next) {
		if (p->pid != pid)
			continue;
		*pp = p->next;
		process_free(p);
		return;
	}
}

void stacks_free(void)
{
	struct process_maps *p;
	size_t i;

	for (i = 0; i < PID_BUCKETS; i++) {
		while ((p = processes[i])) {
			processes[i] = p->next;
			process_free(p);
		}
	}
	for (i = 0; i < TID_SLOTS; i++) {
		if (tids[i].tid)
			close(tids[i].fd);
		tids[i].tid = 0;
	}
	modules_free();
}

/* Read /proc/TID/syscall through a descriptor that is kept. */
static ssize_t read_syscall(int tid, char *buf, size_t size)
{
	unsigned int slot = tid % TID_SLOTS;
	char name[40];
	ssize_t n;
	int turn;

	for (turn = 0; turn < 2; turn++) {
		if (tids[slot].tid != tid) {
			if (tids[slot].tid)
				close(tids[slot].fd);
			tids[slot].tid = 0;
			(void)snprintf(name, sizeof(name), "/proc/%d/syscall",
				       tid);
			tids[slot].fd = open(name, O_RDONLY | O_CLOEXEC);
			if (tids[slot].fd < 0)
				return -1;
			tids[slot].tid = tid;
		}
		n = pread(tids[slot].fd, buf, size - 1, 0);
		if (n > 0)
			return n;
		/* Another thread of that number by now. */
		close(tids[slot].fd);
		tids[slot].tid = 0;
	}
	return -1;
}

/* The last two words of the line: stack pointer and instruction. */
static bool parse_syscall(char *line, u64 *sp, u64 *ip)
{
	char *last, *before;

	last = strrchr(line, ' ');
	if (!last)
		return false;
	*last = '\0';
	before = strrchr(line, ' ');
	if (!before)
		return false;
	*sp = strtoull(before + 1, NULL, 16);
	*ip = strtoull(last + 1, NULL, 16);
	return *sp != 0;
}

void stack_take(struct stack_snapshot **ret, int pid, int tid)
{
	struct iovec local, remote;
	struct process_maps *p;
	struct stack_snapshot *s = *ret;
	char line[256];
	ssize_t n;

	if (!s)
		s = *ret = malloc(sizeof(*s));
	if (!s)
		return;
	s->pid = pid;
	s->len = 0;
	s->sp = 0;
	s->ip = 0;
	n = read_syscall(tid, line, sizeof(line));
	if (n <= 0)
		return;
	line[n] = '\0';
	if (!parse_syscall(line, &s->sp, &s->ip))
		return;
	/* By pages: the stack may end within the next one. */
	local = (struct iovec){ s->bytes, sizeof(s->bytes) };
	remote = (struct iovec){ (void *)s->sp, sizeof(s->bytes) };
	n = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	if (n < 0) {
		local.iov_len = remote.iov_len = 4096 - s->sp % 4096;
		n = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	}
	s->len = n > 0 ? n : 0;
	/* While it lives: a short program is gone when we print. */
	p = process_get(pid);
	if (p)
		p->again = true;
}

const char *stack_instruction(int pid, u64 ip)
{
	const struct map *m = map_find(pid, ip);
	u8 code[4];

	if (!m || !m->module || ip - m->start < sizeof(code) ||
	    !module_bytes(m->module, ip - m->start + m->offset - sizeof(code),
			  code, sizeof(code)))
		return NULL;
	if (code[2] == 0x0f && code[3] == 0x05)
		return "syscall";
	if (code[2] != 0xcd || code[3] != 0x80)
		return NULL;
	/*
	 * In the vdso an int $0x80 stands behind a sysenter (or a syscall, on
	 * AMD): that is where the call came from, this is where it goes on.
	 */
	if (code[0] == 0x0f && code[1] == 0x34)
		return "sysenter";
	if (code[0] == 0x0f && code[1] == 0x05)
		return "syscall";
	return "int80";
}
