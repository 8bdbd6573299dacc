/* SPDX-License-Identifier: MIT */
/*
 * Files of /proc that tell of the network: the program opens them as any file,
 * and gets a file in memory with what our kernel says.
 */
#include "ports/host/host.h"

#include <string.h>

#define PATH_BYTES 96

/* The program's string, cut; reads no page that it does not reach. */
static bool read_path(int tid, u64 addr, char *buf)
{
	size_t done = 0;

	while (done < PATH_BYTES - 1) {
		size_t page = 4096 - ((addr + done) & 4095);
		size_t n = min((size_t)PATH_BYTES - 1 - done, page);

		if (umem_peek(tid, buf + done, addr + done, n))
			return false;
		if (memchr(buf + done, 0, n))
			return true;
		done += n;
	}
	buf[done] = 0;
	return true;
}

/*
 * What comes behind /proc/net/, or the same seen from a process; NULL: another
 * file.
 */
static const char *proc_net_name(const char *path)
{
	const char *s;

	if (strncmp(path, "/proc/", 6))
		return NULL;
	s = path + 6;
	if (!strncmp(s, "self/", 5))
		s += 5;
	else if (!strncmp(s, "thread-self/", 12))
		s += 12;
	else if (*s >= '0' && *s <= '9')
		s += strspn(s, "0123456789") + 1;
	return strncmp(s, "net/", 4) ? NULL : s + 4;
}

bool procfs_open(struct thread *th, const struct seccomp_notif *n, u64 path)
{
	char buf[PATH_BYTES];
	const char *name;

	if (!read_path(th->tid, path, buf))
		return false;
	name = proc_net_name(buf);
	if (!name)
		return false;
	return false;
}
