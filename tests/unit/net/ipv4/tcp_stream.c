/* SPDX-License-Identifier: MIT */
/*
 * TCP as programs see it: connections over the loopback and over a link, and
 * what they carry.
 *
 *	a 10.0.1.1 ---- 10.0.1.2 b
 */
#include "tests/unit/net/ipv4/stream.h"

static u8 buf[1 << 20], got[1 << 20];

/* Over the loopback of one host. */
static void hi_server(void *arg)
{
	int fd = u_listener(LO, PORT, 1024), c;

	c = (int)u_accept(fd, 0);
	EXPECT(c >= 0, true);
	EXPECT(u_recv(c, got, 1024, 0), 5);
	EXPECT(!memcmp(got, "hello", 5), true);
	EXPECT(u_send(c, "hi", 2, 0), 2);
	EXPECT(u_recv(c, got, 1024, 0), 0);
	EXPECT(u_close(c), 0);
	EXPECT(u_close(fd), 0);
}

static void hi_client(void *arg)
{
	static u8 answer[16];
	int fd = u_socket(SOCK_STREAM, 0);

	EXPECT(u_connect(fd, LO, PORT), 0);
	EXPECT(u_send(fd, "hello", 5, 0), 5);
	EXPECT(u_recv(fd, answer, sizeof(answer), 0), 2);
	EXPECT(!memcmp(answer, "hi", 2), true);
	EXPECT(u_close(fd), 0);
}

static void hello_and_hi_over_loopback(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, hi_server, NULL);
	sim_spawn(sim, host_a, hi_client, NULL);
	run_for(1);
	hosts_done();
}

/* Bulk: @bytes one way, in pieces of any size. */
struct bulk {
	u64 bytes;
	size_t wsize, rsize;
	u32 addr;
	int rcvbuf, sndbuf;
	u64 done_ns;
};

static void bulk_server(void *arg)
{
	struct bulk *k = arg;
	int fd = u_listener(0, PORT, 8), c;
	u64 at = 0;
	long n;

	if (k->rcvbuf)
		EXPECT(u_setopt(fd, SOL_SOCKET, SO_RCVBUF, k->rcvbuf), 0);
	c = (int)u_accept(fd, 0);
	EXPECT(c >= 0, true);
	while ((n = u_recv(c, got, k->rsize, 0)) > 0) {
		EXPECT(pattern_ok(got, at, (size_t)n), true);
		at += (u64)n;
	}
	EXPECT(n, 0);
	EXPECT(at, k->bytes);
	k->done_ns = sim_now(sim);
	EXPECT(u_close(c), 0);
	EXPECT(u_close(fd), 0);
}

static void bulk_client(void *arg)
{
	struct bulk *k = arg;
	int fd = u_socket(SOCK_STREAM, 0);
	u64 at = 0;

	if (k->sndbuf)
		EXPECT(u_setopt(fd, SOL_SOCKET, SO_SNDBUF, k->sndbuf), 0);
	EXPECT(u_connect(fd, k->addr, PORT), 0);
	while (at < k->bytes) {
		size_t n = k->bytes - at < k->wsize ? k->bytes - at : k->wsize;
		long r;

		pattern_fill(buf, at, n);
		r = u_send(fd, buf, n, 0);
		if (r <= 0) {
			EXPECT(r, n);
			break;
		}
		at += (u64)r;
	}
	EXPECT(u_close(fd), 0);
}

static void bulk_run(struct bulk *k, const struct link_params *p, u64 sec)
{
	two_hosts(p);
	sim_spawn(sim, k->addr == LO ? host_a : host_b, bulk_server, k);
	sim_spawn(sim, host_a, bulk_client, k);
	run_for(sec);
	hosts_done();
}

static void bulk_over_loopback(void **state)
{
	static const size_t sizes[][2] = {
		{ 1 << 20, 1 << 20 }, { 65536, 65536 }, { 1000, 7000 },
		{ 200000, 333 },      { 1, 10 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct bulk k = { .bytes = sizes[i][0] == 1 ? 20000 : 20000000,
				  .wsize = sizes[i][0],
				  .rsize = sizes[i][1],
				  .addr = LO };

		bulk_run(&k, &plain_link, 10);
	}
}

static void bulk_over_a_link(void **state)
{
	struct link_params p = { .latency = 10 * NSEC_PER_MSEC, .rate = 12500000 };
	struct bulk k = {
		.bytes = 20000000, .wsize = 65536, .rsize = 65536, .addr = R1
	};

	bulk_run(&k, &p, 20);
	/* 1.6 s at 100 Mbit/s; headers, and slow start. */
	assert_in_range(k.done_ns / 1000000, 1600, 2600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_and_hi_over_loopback),
		cmocka_unit_test(bulk_over_loopback),
		cmocka_unit_test(bulk_over_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
