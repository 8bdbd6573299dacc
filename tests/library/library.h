/* SPDX-License-Identifier: MIT */
/*
 * Tests of libtrapgate by its public face alone.
 *
 *	TEST(name) { two_hosts(NULL); run(server, client); }
 *
 * A failed EXPECT in a task is counted; the end of the test fails then (a
 * cmocka assertion must not jump out of a task's stack).
 */
#ifndef TESTS_LIBRARY_LIBRARY_H
#define TESTS_LIBRARY_LIBRARY_H

#include "trapgate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#define UNUSED __attribute__((unused))

static atomic_int failures;

#define EXPECT(expr, want)                                               \
	do {                                                             \
		long got_ = (long)(expr), want_ = (long)(want);          \
		if (got_ != want_) {                                     \
			fprintf(stderr, "%s:%d: %s is %ld, not %ld\n",   \
				__FILE__, __LINE__, #expr, got_, want_); \
			failures++;                                      \
		}                                                        \
	} while (0)
#define EXPECT_TRUE(expr) EXPECT(!!(expr), 1)

/* From outside of tasks. */
#define OK(expr) assert_int_equal(expr, 0)

UNUSED static struct sockaddr_in addr_of(const char *text, uint16_t port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	inet_pton(AF_INET, text, &a.sin_addr);
	return a;
}

UNUSED static int listen_on(const char *text, uint16_t port)
{
	struct sockaddr_in a = addr_of(text, port);
	int fd = tg_socket(AF_INET, SOCK_STREAM, 0);

	EXPECT_TRUE(fd >= 0);
	EXPECT(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	EXPECT(tg_listen(fd, 128), 0);
	return fd;
}

UNUSED static int connect_to(const char *text, uint16_t port)
{
	struct sockaddr_in a = addr_of(text, port);
	int fd = tg_socket(AF_INET, SOCK_STREAM, 0);
	int err = tg_connect(fd, (struct sockaddr *)&a, sizeof(a));

	if (err) {
		tg_close(fd);
		return err;
	}
	return fd;
}

/*
 *	a 10.0.0.1 eth0 ---- eth0 10.0.0.2 b
 */
struct world {
	struct tg_kernel *k;
	struct tg_host *a, *b;
	struct tg_link *link;
};

UNUSED static void world_begin(struct world *w, uint64_t seed,
			       const struct tg_link_params *p)
{
	struct tg_kernel_params params = { .seed = seed };

	OK(tg_kernel_new(&params, &w->k));
	OK(tg_host_new(w->k, "a", &w->a));
	OK(tg_host_new(w->k, "b", &w->b));
	OK(tg_link_new(w->a, "eth0", w->b, "eth0", p, &w->link));
	OK(tg_addr_add(w->a, "eth0", "10.0.0.1/24"));
	OK(tg_addr_add(w->b, "eth0", "10.0.0.2/24"));
	failures = 0;
}

/* All tasks have ended by themselves. */
UNUSED static void world_end(struct world *w)
{
	assert_int_equal(tg_run(w->k), 0);
	OK(tg_kernel_free(w->k));
	assert_int_equal(failures, 0);
}

/* A byte that knows its place in a stream. */
static inline unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 2654435761U >> 13);
}

/* Send bytes @from to @to of the stream. How many, or what went wrong. */
UNUSED static long send_bytes(int fd, size_t from, size_t to)
{
	unsigned char buf[8192];
	size_t at = from;

	while (at < to) {
		size_t n = to - at < sizeof(buf) ? to - at : sizeof(buf);
		long ret;

		for (size_t i = 0; i < n; i++)
			buf[i] = byte_at(at + i);
		ret = tg_send(fd, buf, n, 0);
		if (ret < 0)
			return ret;
		at += (size_t)ret;
	}
	return (long)(at - from);
}

/* Receive until the end of the stream, and see that it is what was sent. */
UNUSED static long recv_bytes(int fd)
{
	unsigned char buf[8192];
	size_t at = 0;

	for (;;) {
		long n = tg_recv(fd, buf, sizeof(buf), 0);

		if (n <= 0)
			return n ? n : (long)at;
		for (long i = 0; i < n; i++) {
			if (buf[i] != byte_at(at + (size_t)i))
				return -EBADMSG;
		}
		at += (size_t)n;
	}
}

#endif
