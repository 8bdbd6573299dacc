/* SPDX-License-Identifier: MIT */
/*
 * What an idle connection costs (net/ipv4/tcp_park.c): memory by the kernel's
 * own account, and how it comes back.
 */
#include "tests/unit/net/drops.h"
#include "tests/unit/net/ipv4/stream.h"

#include "fs/fs.h"
#include "fs/seq.h"
#include "net/core/proc_net.h"
#include "net/ipv4/tcp_park.h"
#include "net/net.h"
#include <stdlib.h>
#include <time.h>

/* Of an idle end: less than 1 KiB is asked, the ehash bucket and all. */
#define END_MAX 640UL
/* A pair of programs has so many connections, on a port of its own. */
#define GROUP 4000U

static u32 nr_groups, groups_up;
static u8 got[1000];

static struct socket *socket_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f->private_data;

	fput(f);
	return sock;
}

static void group_server(void *arg)
{
	u16 port = (u16)(PORT + (uintptr_t)arg);
	int l = u_listener(0, port, 4096), *fds;

	fds = test_malloc(GROUP * sizeof(int));
	for (u32 i = 0; i < GROUP; i++)
		fds[i] = (int)u_accept(l, 0);
	/* Until the other side closes. */
	for (u32 i = 0; i < GROUP; i++) {
		EXPECT(u_recv(fds[i], got, 100, 0), i % 2 ? 2 : 0);
		if (i % 2)
			EXPECT(u_recv(fds[i], got, 100, 0), 0);
		EXPECT(u_close(fds[i]), 0);
	}
	EXPECT(u_close(l), 0);
	test_free(fds);
}

static void group_client(void *arg)
{
	u16 port = (u16)(PORT + (uintptr_t)arg);
	int *fds = test_malloc(GROUP * sizeof(int));

	sim_sleep(SIM_MS);
	for (u32 i = 0; i < GROUP; i++) {
		fds[i] = u_socket(SOCK_STREAM, 0);
		EXPECT(u_connect(fds[i], R1, port), 0);
	}
	groups_up++;
	/* Not all at once: a host's queue of arrivals is bounded. */
	sim_sleep((100 + (uintptr_t)arg) * SIM_SEC);
	for (u32 i = 0; i < GROUP; i++) {
		if (i % 2)
			EXPECT(u_send(fds[i], "hi", 2, 0), 2);
		EXPECT(u_close(fds[i]), 0);
	}
	test_free(fds);
}

static u32 longest_chain(const struct net *net)
{
	const struct inet_hashinfo *h = net->ipv4->tcp_hash;
	const struct hlist_node *n;
	u32 longest = 0;

	for (u32 i = 0; i <= h->ehash_mask; i++) {
		u32 len = 0;

		for (n = h->ehash[i].first; n; n = n->next)
			len++;
		longest = max(longest, len);
	}
	return longest;
}

/* Round trips of a byte beside all of these. */
#define TRIPS 20000
static void trips_server(void *arg)
{
	int l = u_listener(0, PORT - 1, 8), c = (int)u_accept(l, 0);
	u8 b;

	while (u_recv(c, &b, 1, 0) == 1)
		EXPECT(u_send(c, &b, 1, 0), 1);
	u_close(c);
	u_close(l);
}

static double trip_us;
static void trips_client(void *arg)
{
	int c = u_socket(SOCK_STREAM, 0);
	struct timespec a, b;
	u8 x = 0;

	sim_sleep(SIM_MS);
	EXPECT(u_connect(c, R1, PORT - 1), 0);
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < TRIPS; i++) {
		EXPECT(u_send(c, &x, 1, 0), 1);
		EXPECT(u_recv(c, &x, 1, 0), 1);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	trip_us = ((double)(b.tv_sec - a.tv_sec) * 1e9 +
		   (double)(b.tv_nsec - a.tv_nsec)) / 1e3 / TRIPS;
	u_close(c);
}

/* A connection unlike the others: much was sent, and it is the first. */
static void odd_client(void *arg)
{
	int c = u_socket(SOCK_STREAM, 0);
	u8 x = 0;

	EXPECT(u_connect(c, R1, PORT - 2), 0);
	for (int i = 0; i < 200; i++) {
		EXPECT(u_send(c, got, sizeof(got), 0), sizeof(got));
		EXPECT(u_recv(c, &x, 1, 0), 1);
	}
	sim_sleep(95 * SIM_SEC);
	u_close(c);
}

static void odd_server(void *arg)
{
	int l = u_listener(0, PORT - 2, 8), c = (int)u_accept(l, 0);

	while (u_recv(c, got, sizeof(got), MSG_WAITALL) == sizeof(got))
		EXPECT(u_send(c, got, 1, 0), 1);
	u_close(c);
	u_close(l);
}

static size_t idle_each;
static void many_idle(bool trips, bool odd)
{
	struct link_params p = { 0 };
	u32 nr = nr_groups * GROUP, awake;
	size_t base;

	groups_up = 0;
	two_hosts(&p);
	this_kernel->files_max = 1U << 30;
	base = kmem_used();
	if (odd) {
		sim_spawn(sim, host_b, odd_server, NULL);
		sim_spawn(sim, host_a, odd_client, NULL);
	}
	for (u32 i = 0; i < nr_groups; i++) {
		sim_spawn(sim, host_b, group_server, (void *)(uintptr_t)i);
		sim_spawn(sim, host_a, group_client, (void *)(uintptr_t)i);
	}
	sim_run(sim, 80 * SIM_SEC);
	assert_int_equal(groups_up, nr_groups);
	assert_int_equal(host_a->ipv4->tcp_parked, nr + odd);
	/* Of each group one is awake: the server sleeps in recv() on it. */
	awake = nr - host_b->ipv4->tcp_parked;
	assert_int_equal(awake, nr_groups);
	idle_each = (kmem_used() - base) / nr / 2;
	/* Chains do not grow with their number. */
	assert_true(longest_chain(host_a) < 16);
	if (trips) {
		sim_spawn(sim, host_b, trips_server, NULL);
		sim_spawn(sim, host_a, trips_client, NULL);
	}
	run_for(1000);
	assert_int_equal(host_a->ipv4->tcp_parked, 0);
	assert_int_equal(host_b->ipv4->tcp_parked, 0);
	hosts_done();
}

static void idle_connections_are_small(void **state)
{
	nr_groups = 1;
	many_idle(false, false);
	print_message("struct tcp_sock %zu, idle %zu bytes an end\n",
		      sizeof(struct tcp_sock), idle_each);
	assert_true(idle_each < END_MAX);
}

/* What each is packed by must be like it, whichever came first. */
static void an_odd_first_one_costs_nothing(void **state)
{
	nr_groups = 1;
	many_idle(false, true);
	print_message("idle %zu bytes an end\n", idle_each);
	assert_true(idle_each < END_MAX);
}

/*
 * One connection over the loopback, with so many sockets beside it that the
 * host parks: what each way back makes of it.
 */
static u32 mask_of(int fd)
{
	struct file *f = fget(fd);
	u32 mask = f->f_op->poll(f, NULL);

	fput(f);
	return mask;
}

static struct tcp_info info_of(int fd)
{
	struct tcp_info i;
	int len = sizeof(i);

	memset(&i, 0, sizeof(i));
	EXPECT(sim_call(__NR_getsockopt, (long)fd, (long)SOL_TCP,
			(long)TCP_INFO, U(&i), U(&len), 0L),
	       0);
	return i;
}

static int lone_c, lone_s;

static void lone_pair(void)
{
	int l;

	for (int i = 0; i < 520; i++)
		EXPECT(u_socket(SOCK_STREAM, 0) >= 0, true);
	l = u_listener(LO, PORT, 8);
	lone_c = u_socket(SOCK_STREAM, 0);
	EXPECT(u_setopt(lone_c, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT(u_setopt(lone_c, SOL_TCP, TCP_KEEPIDLE, 100), 0);
	EXPECT(u_connect(lone_c, LO, PORT), 0);
	lone_s = (int)u_accept(l, 0);
	EXPECT(u_send(lone_c, "ping", 4, 0), 4);
	EXPECT(u_recv(lone_s, got, 100, 0), 4);
	EXPECT(u_send(lone_s, "pong", 4, 0), 4);
	EXPECT(u_recv(lone_c, got, 100, 0), 4);
	sim_sleep(10 * SIM_SEC);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	EXPECT(socket_of(lone_s)->parked != NULL, true);
}

/* Established connections in /proc/net/tcp. */
static int shown_in_proc(void)
{
	char *line, *save, *text;
	struct seq s;
	int n = 0;

	seq_init(&s);
	tcp4_seq_show(host_a, &s);
	text = test_malloc(s.len + 1);
	memcpy(text, s.buf, s.len);
	text[s.len] = 0;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		n += strstr(line, ":1389 01 ") || /* PORT, established */
		     (strstr(line, "0100007F:1389 0100007F:") &&
		      strstr(line, " 01 0000"));
	test_free(text);
	seq_free(&s);
	return n;
}

static void parked_script(void *arg)
{
	struct tcp_info before, after;

	lone_pair();
	/* To poll it is open for writing, and stays parked. */
	EXPECT(mask_of(lone_c), EPOLLOUT | EPOLLWRNORM);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	/* A call brings it back as it was. */
	before = info_of(lone_c);
	EXPECT(before.tcpi_state, TCP_ESTABLISHED);
	EXPECT(before.tcpi_bytes_acked, 5);
	EXPECT(before.tcpi_bytes_received, 4);
	EXPECT(u_getopt(lone_c, SOL_TCP, TCP_KEEPIDLE), 100);
	sim_sleep(10 * SIM_SEC);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	after = info_of(lone_c);
	EXPECT((after.tcpi_last_data_sent - before.tcpi_last_data_sent) / 10,
	       1000);
	after.tcpi_last_data_sent = before.tcpi_last_data_sent;
	after.tcpi_last_data_recv = before.tcpi_last_data_recv;
	after.tcpi_last_ack_recv = before.tcpi_last_ack_recv;
	EXPECT(memcmp(&before, &after, sizeof(after)), 0);
	sim_sleep(10 * SIM_SEC);
	/* /proc/net/tcp shows it, and does not wake it. */
	EXPECT(shown_in_proc(), 2);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	/* A segment: the server is idle, the client sends. */
	EXPECT(u_send(lone_c, "more", 4, 0), 4);
	EXPECT(socket_of(lone_s)->parked == NULL, true);
	EXPECT(u_recv(lone_s, got, 100, 0), 4);
	/* Keep-alive goes on: 100 s after the last segment. */
	after = info_of(lone_c);
	EXPECT(socket_of(lone_c)->parked == NULL, true);
	sim_sleep(10 * SIM_SEC);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	sim_sleep(95 * SIM_SEC);
	EXPECT(info_of(lone_c).tcpi_segs_out, after.tcpi_segs_out + 1);
	EXPECT(info_of(lone_c).tcpi_last_ack_recv < 10000, true);
	/* Closing a parked one is closing. */
	sim_sleep(10 * SIM_SEC);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	/* A call that is not one of its own finds it, too. */
	EXPECT(u_accept(lone_c, 0), -EINVAL);
	EXPECT(socket_of(lone_c)->parked == NULL, true);
	sim_sleep(10 * SIM_SEC);
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	EXPECT(u_close(lone_c), 0);
	EXPECT(u_recv(lone_s, got, 100, 0), 0);
	EXPECT(u_close(lone_s), 0);
}

static void parked_connection_comes_back(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, parked_script, NULL);
	run_for(1000);
	assert_int_equal(host_a->ipv4->tcp_parked, 0);
	hosts_done();
}

static void needy_script(void *arg)
{
	lone_pair();
	/* Calls say so, and the connection is none the worse. */
	kmem_fail_at(1);
	EXPECT(u_getopt(lone_c, SOL_SOCKET, SO_ERROR), -ENOMEM);
	kmem_fail_at(1);
	EXPECT(u_send(lone_c, "x", 1, 0), -ENOMEM);
	EXPECT(u_send(lone_c, "x", 1, 0), 1);
	EXPECT(u_recv(lone_s, got, 10, 0), 1);
	sim_sleep(20 * SIM_SEC);
	/* Closing cannot fail: it is done when there is memory. */
	EXPECT(socket_of(lone_c)->parked != NULL, true);
	kmem_fail_at(1);
	EXPECT(u_close(lone_c), 0);
	EXPECT(host_a->ipv4->tcp_parked, 2);
	EXPECT(u_recv(lone_s, got, 10, 0), 0);
	EXPECT(u_close(lone_s), 0);
}

static void without_memory_it_stays_parked(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, needy_script, NULL);
	run_for(1000);
	assert_int_equal(host_a->ipv4->tcp_parked, 0);
	hosts_done();
}

/* A segment that finds no memory is lost, and sent again. */
static void lossy_script(void *arg)
{
	lone_pair();
	EXPECT(u_getopt(lone_c, SOL_SOCKET, SO_ERROR), 0);
	/* Small data is copied: skb, head, fragment, clone; then the peer. */
	drops_mark();
	for (int n = 1; n < 12; n++) {
		kmem_fail_at((u64)n);
		EXPECT(u_send(lone_c, "x", 1, 0) == 1 ||
			       socket_of(lone_c)->parked, true);
		kmem_fail_at(0);
		sim_sleep(10 * SIM_SEC);
		(void)u_recv(lone_s, got, 10, MSG_DONTWAIT);
		sim_sleep(10 * SIM_SEC);
	}
	EXPECT(!!strstr(drops_seen(), "PROTO_MEM"), true);
	EXPECT(u_close(lone_c), 0);
	while (u_recv(lone_s, got, 10, 0) > 0)
		;
	EXPECT(u_close(lone_s), 0);
}

static void segments_without_memory_come_again(void **state)
{
	two_hosts(&plain_link);
	sim_spawn(sim, host_a, lossy_script, NULL);
	run_for(1000);
	hosts_done();
}

/* With a number: so many connections, and what they cost. */
static void measured(void **state)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	many_idle(true, false);
	clock_gettime(CLOCK_MONOTONIC, &b);
	print_message("%u connections: %zu bytes an end, %.2f us to open, park "
		      "and close one, %.2f us a round trip beside them\n",
		      nr_groups * GROUP, idle_each,
		      ((double)(b.tv_sec - a.tv_sec) * 1e6 +
		       (double)(b.tv_nsec - a.tv_nsec) / 1e3) /
			      nr_groups / GROUP,
		      trip_us);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest measure[] = { cmocka_unit_test(measured) };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_connections_are_small),
		cmocka_unit_test(an_odd_first_one_costs_nothing),
		cmocka_unit_test(parked_connection_comes_back),
		cmocka_unit_test(without_memory_it_stays_parked),
		cmocka_unit_test(segments_without_memory_come_again),
	};

	if (argc > 1) {
		nr_groups = (u32)atoi(argv[1]) / GROUP;
		return cmocka_run_group_tests(measure, NULL, NULL);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
