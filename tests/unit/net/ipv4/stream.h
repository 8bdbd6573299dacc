/* SPDX-License-Identifier: MIT */
/*
 * For tests of TCP: calls on streams, a byte pattern that knows its place, and
 * a server and a client that carry it.
 */
#ifndef TESTS_UNIT_NET_IPV4_STREAM_H
#define TESTS_UNIT_NET_IPV4_STREAM_H

#include "kernel/syscalls.h"
#include "net/ipv4/tcp.h"
#include "tests/unit/net/ipv4/hosts.h"

#define LO 0x7f000001U
#define PORT 5001

static inline u8 pattern(u64 at)
{
	return (u8)(at * 2654435761U >> 13 ^ at >> 20);
}

__attribute__((unused)) static void pattern_fill(u8 *b, u64 at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b[i] = pattern(at + i);
}

__attribute__((unused)) static bool pattern_ok(const u8 *b, u64 at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (b[i] != pattern(at + i))
			return false;
	return true;
}

__attribute__((unused)) static long u_call(long nr, long a, long b, long c,
					   long d)
{
	return sim_call(nr, a, b, c, d, 0L, 0L);
}
#define u_close(fd) u_call(__NR_close, fd, 0, 0, 0)
#define u_listen(fd, n) u_call(__NR_listen, fd, n, 0, 0)
#define u_accept(fd, flags) u_call(__NR_accept4, fd, 0, 0, flags)
#define u_shutdown(fd, how) u_call(__NR_shutdown, fd, how, 0, 0)
__attribute__((unused)) static long u_send(long fd, const void *buf, size_t n,
					   int flags)
{
	return sim_call(__NR_sendto, fd, U(buf), n, (long)flags, 0UL, 0UL);
}

__attribute__((unused)) static int u_listener(u32 addr, u16 port, int backlog)
{
	int fd = u_socket(SOCK_STREAM, 0);

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT(u_bind(fd, addr, port), 0);
	EXPECT(u_listen(fd, backlog), 0);
	return fd;
}

/* Run programs until they end, or @sec virtual seconds have passed. */
__attribute__((unused)) static void run_for(u64 sec)
{
	sim_run(sim, sec * SIM_SEC);
	assert_int_equal(sim_running(sim), 0);
}

#endif
