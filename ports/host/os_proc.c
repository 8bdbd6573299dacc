/* SPDX-License-Identifier: MIT */
/* Who has a socket, by what /proc says of the processes. */
#include "ports/host/os.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHILDREN_BYTES 65536

bool os_has_socket(pid_t pid, uint64_t ino)
{
	char path[40], link[40], want[40];
	struct dirent *e;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	snprintf(want, sizeof(want), "socket:[%llu]", (unsigned long long)ino);
	d = opendir(path);
	if (!d)
		return false;
	while (!found && (e = readdir(d))) {
		ssize_t n =
			readlinkat(dirfd(d), e->d_name, link, sizeof(link) - 1);

		if (n <= 0)
			continue;
		link[n] = 0;
		found = !strcmp(link, want);
	}
	closedir(d);
	return found;
}

/* Nothing but its exit status is left of it. */
static bool is_zombie(pid_t pid)
{
	char path[40], buf[1024];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return os_read_file(path, buf, sizeof(buf)) <= 0 ||
	       (strstr(buf, "\nState:\tZ") && strstr(buf, "\nThreads:\t1\n"));
}

/* Among the children of one thread, and theirs. */
static bool children_have(const char *path, uint64_t ino)
{
	char *buf = malloc(CHILDREN_BYTES), *s, *end;
	ssize_t n = buf ? os_read_file(path, buf, CHILDREN_BYTES) : -ENOMEM;
	bool found = n == -ENOMEM || n == CHILDREN_BYTES - 1;
	long pid;

	for (s = buf; n > 0 && !found; s = end) {
		pid = strtol(s, &end, 10);
		if (end == s)
			break;
		found = os_has_socket((pid_t)pid, ino) ||
			os_tree_has_socket((pid_t)pid, ino);
	}
	free(buf);
	return found;
}

bool os_tree_has_socket(pid_t pid, uint64_t ino)
{
	char path[80];
	struct dirent *e;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	if (access(path, R_OK | X_OK) && !is_zombie(pid))
		return true;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && !found && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.12s/children",
			 pid, e->d_name);
		found = children_have(path, ino);
	}
	if (d)
		closedir(d);
	return found;
}
