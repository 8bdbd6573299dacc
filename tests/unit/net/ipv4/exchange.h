/* SPDX-License-Identifier: MIT */
/*
 * For tests of TCP over a bad link: two programs that send to each other at
 * once, each byte being of the pattern, and a link whose faults hang on a seed
 * alone.
 *
 *	a 10.0.1.1 ---- 10.0.1.2 b
 */
#ifndef TESTS_UNIT_NET_IPV4_EXCHANGE_H
#define TESTS_UNIT_NET_IPV4_EXCHANGE_H

#include "tests/unit/net/ipv4/stream.h"
#include <linux/sockios.h>
#include <poll.h>
#include <sys/time.h>

struct fault {
	u32 loss, dup, corrupt, delay; /* of 1000 */
	u32 max_delay; /* ms, 0: 20 */
	u32 seed;
};

static u32 next_random(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

__attribute__((unused)) static enum link_verdict
judge(void *arg, struct net_device *dev, const struct sk_buff *skb, u64 *delay)
{
	struct fault *f = arg;

	if (next_random(&f->seed) % 1000 < f->delay)
		*delay += (1 + next_random(&f->seed) %
				       (f->max_delay ? f->max_delay : 20)) *
			  NSEC_PER_MSEC;
	if (next_random(&f->seed) % 1000 < f->loss)
		return LINK_DROP;
	if (next_random(&f->seed) % 1000 < f->dup)
		return LINK_DUPLICATE;
	if (next_random(&f->seed) % 1000 < f->corrupt)
		return LINK_CORRUPT;
	return LINK_PASS;
}

/* One program. */
struct side {
	u64 bytes; /* to send */
	size_t chunk; /* most in one call */
	int rcvbuf; /* SO_RCVBUF, 0: as it is */
	u32 pause; /* ms to sleep after a piece was read, 0: none */
	u64 sent, got;
	long err; /* of the call that failed, 0: none */
	bool stalled; /* a day, and nothing happened */
	bool done;
};

struct ends {
	struct side a, b;
};

#define EXCHANGE_MAX (1U << 20)
#define EXCHANGE_STALL (24 * 3600) /* s */

/* The whole pattern: made once, sent from and compared with. */
static const u8 *pattern_table(void)
{
	static u8 table[EXCHANGE_MAX];

	if (!table[0] && !table[1] && !table[2])
		pattern_fill(table, 0, sizeof(table));
	return table;
}

/* > 0: moved so much; 0: would wait; < 0: failed. */
static long side_send(struct side *s, int fd)
{
	u64 want = s->bytes - s->sent;
	long n;

	if (want > s->chunk)
		want = s->chunk;
	n = u_send(fd, pattern_table() + s->sent, want, MSG_DONTWAIT);
	if (n > 0)
		s->sent += (u64)n;
	if (n > 0 && s->sent == s->bytes)
		EXPECT(u_shutdown(fd, SHUT_WR), 0);
	return n == -EAGAIN ? 0 : n;
}

/* As above; *ret_end: the peer has sent all. */
static long side_recv(struct side *s, int fd, bool *ret_end)
{
	static u8 buf[65536];
	long n = u_recv(fd, buf, s->chunk, MSG_DONTWAIT);

	if (n > 0) {
		EXPECT(memcmp(buf, pattern_table() + s->got, (size_t)n), 0);
		s->got += (u64)n;
	}
	if (!n)
		*ret_end = true;
	return n == -EAGAIN ? 0 : n;
}

/* Send and receive at once, without waiting in either. */
static void side_exchange(struct side *s, int fd)
{
	bool end = false;
	long in, out;

	if (!s->bytes)
		EXPECT(u_shutdown(fd, SHUT_WR), 0);
	while (!end || s->sent < s->bytes) {
		struct pollfd p = { .fd = fd };

		out = s->sent < s->bytes ? side_send(s, fd) : 0;
		in = end ? 0 : side_recv(s, fd, &end);
		if (in < 0 || out < 0) {
			s->err = in < 0 ? in : out;
			return;
		}
		if (in && s->pause)
			sim_sleep(s->pause * SIM_MS);
		if (in || out)
			continue;
		p.events = (s16)((end ? 0 : POLLIN) |
				 (s->sent < s->bytes ? POLLOUT : 0));
		if (p.events && !u_call(__NR_poll, (long)U(&p), 1,
					EXCHANGE_STALL * 1000, 0)) {
			s->stalled = true;
			return;
		}
	}
	s->done = true;
}

/*
 * A socket that nobody has any more gives up after eight tries, and the peer
 * would wait for ever: stay until all is acknowledged, or it has given up.
 */
static void side_close(struct side *s, int fd)
{
	u64 wait = SIM_MS;

	for (;;) {
		struct tcp_info i = { 0 };
		int left, len = sizeof(i);

		EXPECT(sim_call(__NR_ioctl, (long)fd, (long)SIOCOUTQ, U(&left),
				0L, 0L, 0L),
		       0);
		EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
				(long)TCP_INFO, U(&i), U(&len), 0L),
		       0);
		if (!left || i.tcpi_state == TCP_CLOSE)
			break;
		sim_sleep(wait);
		if (wait < 10 * SIM_SEC)
			wait += wait / 8;
	}
	if (!s->err)
		s->err = -u_getopt(fd, SOL_SOCKET, SO_ERROR);
	EXPECT(u_close(fd), 0);
}

static void side_b(void *arg)
{
	struct side *s = &((struct ends *)arg)->b;
	int fd = u_listener(0, PORT, 8), c;
	struct timeval t = { .tv_sec = EXCHANGE_STALL };

	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
			(long)SO_RCVTIMEO, U(&t), sizeof(t), 0L),
	       0);
	if (s->rcvbuf)
		EXPECT(u_setopt(fd, SOL_SOCKET, SO_RCVBUF, s->rcvbuf), 0);
	c = (int)u_accept(fd, 0);
	if (c >= 0) {
		side_exchange(s, c);
		side_close(s, c);
	} else {
		s->stalled = true;
	}
	EXPECT(u_close(fd), 0);
}

static void side_a(void *arg)
{
	struct side *s = &((struct ends *)arg)->a;
	int fd = u_socket(SOCK_STREAM, 0);

	if (s->rcvbuf)
		EXPECT(u_setopt(fd, SOL_SOCKET, SO_RCVBUF, s->rcvbuf), 0);
	s->err = u_connect(fd, R1, PORT);
	if (!s->err) {
		side_exchange(s, fd);
		side_close(s, fd);
	} else {
		EXPECT(u_close(fd), 0);
	}
}

/* Both until they end. The hosts are up; hosts_done() is left to the caller. */
static void exchange(struct ends *e)
{
	(void)pattern_table();
	sim_spawn(sim, host_b, side_b, e);
	sim_spawn(sim, host_a, side_a, e);
	sim_run(sim, 10UL * EXCHANGE_STALL * SIM_SEC);
	assert_int_equal(sim_running(sim), 0);
}

#endif
