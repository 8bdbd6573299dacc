/* SPDX-License-Identifier: MIT */
/*
 * The whole core under the function graph: it does what it does untraced, every
 * function that is entered returns, on whatever stack, and nothing is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>
#undef fail /* the core has one of its own */

#include "ports/sim/sim.h"
#include "trace/graph.h"
#include "trace/record.h"
#include "uapi/socket.h"
#include <linux/in.h>

#define NR_READ 0
#define NR_WRITE 1
#define NR_CLOSE 3
#define NR_SOCKET 41
#define NR_CONNECT 42
#define NR_ACCEPT 43
#define NR_BIND 49
#define NR_LISTEN 50
#define PORT 5001
#define ROUNDS 20

static const struct sockaddr_in server_addr = {
	.sin_family = AF_INET,
	.sin_port = __builtin_bswap16(PORT),
	.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK),
};

static int rounds; /* that the client has seen */

static void server(void *arg)
{
	long fd = sim_call(NR_SOCKET, AF_INET, SOCK_STREAM, 0), peer, n;
	char buf[64];

	assert_int_equal(
		sim_call(NR_BIND, fd, &server_addr, sizeof(server_addr)), 0);
	assert_int_equal(sim_call(NR_LISTEN, fd, 5), 0);
	peer = sim_call(NR_ACCEPT, fd, NULL, NULL);
	assert_true(peer >= 0);
	while ((n = sim_call(NR_READ, peer, buf, sizeof(buf))) > 0)
		assert_int_equal(sim_call(NR_WRITE, peer, buf, n), n);
	assert_int_equal(n, 0);
}

static void client(void *arg)
{
	long fd = sim_call(NR_SOCKET, AF_INET, SOCK_STREAM, 0);
	char buf[64];

	sim_sleep(SIM_MS);
	assert_int_equal(
		sim_call(NR_CONNECT, fd, &server_addr, sizeof(server_addr)), 0);
	for (rounds = 0; rounds < ROUNDS; rounds++) {
		assert_int_equal(sim_call(NR_WRITE, fd, "hello", 5), 5);
		assert_int_equal(sim_call(NR_READ, fd, buf, sizeof(buf)), 5);
		assert_memory_equal(buf, "hello", 5);
	}
	assert_int_equal(sim_call(NR_CLOSE, fd), 0);
}

static void converse(void)
{
	struct sim *s = sim_new(1);

	assert_non_null(s);
	rounds = 0;
	assert_non_null(sim_spawn(s, NULL, server, NULL));
	assert_non_null(sim_spawn(s, NULL, client, NULL));
	(void)sim_run(s, SIM_FOREVER);
	assert_int_equal(rounds, ROUNDS);
	assert_int_equal(sim_free(s), 0);
}

static int protect(void *start, size_t size, bool writable)
{
	uintptr_t lo = (uintptr_t)start & ~(uintptr_t)4095;

	return mprotect((void *)lo, (uintptr_t)start + size - lo,
			PROT_READ | PROT_EXEC | (writable ? PROT_WRITE : 0));
}

static bool peek(void *to, const void *from, size_t n)
{
	return false;
}

static struct trace_config config = {
	.protect = protect,
	.peek = peek,
	.ring_size = 64 << 20,
};

static int want_all(void **state)
{
	struct trace_site *sites;
	int i, n = trace_sites(&sites);

	assert_true(n > 500);
	for (i = 0; i < n; i++)
		sites[i].wanted = true;
	trace_stats = (struct trace_stats){ 0 };
	return 0;
}

/* A kernel from its first function to its last. */
static void every_entry_has_its_return(void **state)
{
	const struct trace_rec *r;
	long open[4096] = { 0 }, events = 0;

	config.returns = true;
	assert_int_equal(trace_on(&config), 0);
	converse();
	while ((r = trace_next())) {
		events++;
		if (r->type == TRACE_FUNC_ENTER)
			assert_int_equal(open[r->ctx % 4096]++, r->depth);
		else if (r->type == TRACE_FUNC_EXIT)
			assert_int_equal(--open[r->ctx % 4096], r->depth);
	}
	trace_off();
	assert_int_equal(trace_active, 0);
	assert_true(events > 10000);
	for (size_t i = 0; i < ARRAY_SIZE(open); i++)
		assert_int_equal(open[i], 0);
	assert_int_equal(trace_stats.lost, 0);
	assert_int_equal(trace_stats.deep, 0);
}

static void entries_only(void **state)
{
	config.returns = false;
	assert_int_equal(trace_on(&config), 0);
	converse();
	trace_off();
	assert_int_equal(trace_active, 0);
}

static struct sim *paused;

static void sleeper(void *arg)
{
	sim_sleep(SIM_SEC);
	++*(int *)arg;
}

/* A task sleeps in the middle of a call while tracing ends, and begins. */
static void tracing_ends_within_calls(void **state)
{
	int woken = 0;

	for (int turn = 0; turn < 3; turn++) {
		paused = sim_new(1);
		assert_non_null(sim_spawn(paused, NULL, sleeper, &woken));
		config.returns = true;
		assert_int_equal(trace_on(&config), 0);
		(void)sim_run(paused, SIM_MS);
		trace_off();
		(void)sim_run(paused, SIM_FOREVER);
		assert_int_equal(woken, turn + 1);
		assert_int_equal(sim_free(paused), 0);
	}
	assert_int_equal(trace_active, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_has_its_return),
		cmocka_unit_test(entries_only),
		cmocka_unit_test(tracing_ends_within_calls),
	};

	return cmocka_run_group_tests(tests, want_all, NULL);
}
