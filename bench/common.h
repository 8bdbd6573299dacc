/* SPDX-License-Identifier: MIT */
/* Small helpers of the benchmark programs: each prints one number and ends. */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define must(expr)                                                     \
	({                                                             \
		__typeof__(expr) _v = (expr);                          \
		if (_v < 0) {                                          \
			perror(#expr);                                 \
			exit(1);                                       \
		}                                                      \
		_v;                                                    \
	})

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* A listener on a free port of 127.0.0.1; its address in *a. */
static inline int listener(struct sockaddr_in *a, int backlog)
{
	socklen_t len = sizeof(*a);
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));

	memset(a, 0, sizeof(*a));
	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(bind(fd, (struct sockaddr *)a, sizeof(*a)));
	must(listen(fd, backlog));
	must(getsockname(fd, (struct sockaddr *)a, &len));
	return fd;
}

static inline int dial(const struct sockaddr_in *a)
{
	int fd = must(socket(AF_INET, SOCK_STREAM, 0));

	must(connect(fd, (const struct sockaddr *)a, sizeof(*a)));
	return fd;
}

#endif
