/* SPDX-License-Identifier: MIT */
/*
 * For the test programs of this directory: a call that must succeed, a claim
 * that must hold. Either ends the program with a line that says where.
 */
#ifndef TESTS_APPS_MUST_H
#define TESTS_APPS_MUST_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define must(call)                                                             \
	({                                                                     \
		__typeof__(call) must_ret = (call);                            \
		if (must_ret == (__typeof__(call))-1) {                        \
			fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, \
				#call, strerror(errno));                       \
			exit(1);                                               \
		}                                                              \
		must_ret;                                                      \
	})

#define claim(condition)                                                 \
	do {                                                             \
		if (!(condition)) {                                      \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				__LINE__, #condition);                   \
			exit(1);                                         \
		}                                                        \
	} while (0)

static inline struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

#define PORT 7000

/* What connection or datagram number says in its byte i. */
static inline unsigned char pattern(int number, size_t i)
{
	return number * 31 + i * 7 + (i >> 8);
}

static inline void fill(unsigned char *data, size_t len, int number)
{
	for (size_t i = 0; i < len; i++)
		data[i] = pattern(number, i);
}

static inline int matches(const unsigned char *data, size_t len, int number)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != pattern(number, i))
			return 0;
	return 1;
}

#endif
