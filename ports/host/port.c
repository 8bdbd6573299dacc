/* SPDX-License-Identifier: MIT */
/*
 * What the core asks of its port: clock, entropy, log. Memory and stacks are
 * shared with other POSIX ports (ports/posix).
 */
#include "port.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t port_clock_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t port_realtime_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void port_random(void *buf, size_t n)
{
	char *p = buf;

	while (n) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0)
			continue; /* a signal */
		p += got;
		n -= (size_t)got;
	}
}

void port_log(int level, const char *line)
{
	(void)level;
	fprintf(stderr, "%s\n", line);
}

_Noreturn void port_panic(const char *what, const char *file, int line)
{
	fprintf(stderr, "trapgate: kernel bug: %s at %s:%d\n", what, file,
		line);
	abort();
}
