/* SPDX-License-Identifier: MIT */
/*
 * The memory that all connections of a host share (net/core/sock_mem.c):
 * tcp_mem's three numbers, what happens beyond each, and who is ended first.
 *
 *	a 10.0.1.1, the client ---- 10.0.1.2 b, the server
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fs/fs.h"
#include "fs/seq.h"
#include "net/core/proc_net.h"
#include "net/net.h"

#define TOTAL 300000U
/* Pages that a bound may be passed by: what is forced, and rounding. */
#define SLACK 8
#define mib_of(net, name) ((net)->mib.netstat[LINUX_MIB_##name])

static u8 out[TOTAL], in[TOTAL];
static long most; /* pages that the watched host ever had */
static struct net *watched;
static u32 zero_windows; /* that the server told */
static u32 ssthresh_at_rest; /* the server's, before it reads */

static void limits(struct net *net, const char *pages)
{
	EXPECT(proc_sys_write(net, "ipv4/tcp_mem", pages, strlen(pages)), 0);
}

static struct tcp_sock *tp_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f->private_data;

	fput(f);
	return tcp_sk(sock->sk);
}

/* Watch the pool with every segment; the link carries all. */
static enum link_verdict watch(void *arg, struct net_device *dev,
			       const struct sk_buff *skb, u64 *delay)
{
	most = max(most, watched->ipv4->tcp_memory_allocated);
	zero_windows += dev->net == host_b && !tcp_hdr(skb)->window;
	return LINK_PASS;
}

static const struct link_params watched_link = {
	.judge = watch,
	.latency = 5 * NSEC_PER_MSEC,
};

static void begin(bool watch_b)
{
	two_hosts(&watched_link);
	watched = watch_b ? host_b : host_a;
	most = zero_windows = 0;
	ssthresh_at_rest = 0;
	pattern_fill(out, 0, TOTAL);
	memset(in, 0, TOTAL);
}

/* All programs have ended, and given back what they had. */
static void ended(void)
{
	run_for(3000);
	assert_int_equal(host_a->ipv4->tcp_memory_allocated, 0);
	assert_int_equal(host_b->ipv4->tcp_memory_allocated, 0);
	assert_int_equal(host_a->ipv4->tcp_memory_pressure, 0);
	assert_int_equal(host_b->ipv4->tcp_memory_pressure, 0);
}

/* Sleeps for ten seconds, then reads what came. */
static void late_reader(void *arg)
{
	int l = u_socket(SOCK_STREAM, 0), c;
	long n, at = 0;

	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 212992), 0);
	EXPECT(u_bind(l, R1, PORT), 0);
	EXPECT(u_listen(l, 8), 0);
	c = (int)u_accept(l, 0);
	sim_sleep(10 * SIM_SEC);
	ssthresh_at_rest = tp_of(c)->rcv_ssthresh;
	while ((n = u_recv(c, in + at, TOTAL - (size_t)at, 0)) > 0)
		at += n;
	EXPECT(n, 0);
	EXPECT(at, TOTAL);
	EXPECT(pattern_ok(in, 0, TOTAL), true);
	u_close(c);
	u_close(l);
}

static void writer(void *arg)
{
	int c = u_socket(SOCK_STREAM, 0);

	sim_sleep(SIM_MS);
	EXPECT(u_connect(c, R1, PORT), 0);
	EXPECT(u_send(c, out, TOTAL, 0), TOTAL);
	u_close(c);
}

static void below_the_low_number_is_no_pressure(void **state)
{
	begin(true);
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	assert_int_equal(mib_of(host_b, TCPMemoryPressures), 0);
	assert_int_equal(mib_of(host_b, TCPMemoryPressuresChrono), 0);
	assert_true(most > 32);
	assert_true(ssthresh_at_rest > 4 * 1460);
	hosts_done();
}

static const char *press_of(struct net *net, char *line)
{
	struct seq s;
	const char *at;

	seq_init(&s);
	protocols_seq_show(net, &s);
	at = memmem(s.buf, s.len, "\nTCP ", 5);
	memcpy(line, at + 1, 50);
	line[50] = 0;
	seq_free(&s);
	return line;
}

static void looker(void *arg)
{
	char line[51];

	sim_sleep(5 * SIM_SEC);
	EXPECT(!!strstr(press_of(host_b, line), " yes "), true);
	EXPECT(!!strstr(press_of(host_a, line), " no "), true);
}

/* Above the second number until the program reads: ten seconds. */
static void pressure_is_counted_and_shrinks_the_window(void **state)
{
	begin(true);
	limits(host_b, "16 32 1000");
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	sim_spawn(sim, host_a, looker, NULL);
	ended();
	assert_true(mib_of(host_b, TCPMemoryPressures) >= 1);
	assert_in_range(mib_of(host_b, TCPMemoryPressuresChrono), 9500, 11000);
	assert_true(ssthresh_at_rest <= 4 * 1460);
	/* Less than its share: nothing was refused. */
	assert_int_equal(mib_of(host_b, TCPRcvQDrop), 0);
	assert_int_equal(mib_of(host_a, TCPMemoryPressures), 0);
	hosts_done();
}

/* What comes beyond the third is dropped, the sender told to wait. */
static void beyond_the_last_number_data_is_dropped(void **state)
{
	begin(true);
	limits(host_b, "8 16 24");
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	assert_true(most <= 24 + SLACK);
	assert_true(mib_of(host_b, TCPRcvQDrop) +
			    mib_of(host_b, TCPOFODrop) > 0);
	assert_true(zero_windows > 0);
	assert_true(mib_of(host_b, PruneCalled) > 0);
	hosts_done();
}

/* No page is to be had: data reaches a reader all the same, bit by bit. */
static void a_reader_with_nothing_gets_something(void **state)
{
	begin(true);
	limits(host_b, "1 1 1");
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	assert_true(most <= 2 * SLACK);
	hosts_done();
}

/* A sender waits for its memory, and goes on. */
static void a_sender_waits_beyond_the_last_number(void **state)
{
	begin(false);
	limits(host_a, "8 16 24");
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	assert_true(most <= 24 + SLACK);
	assert_true(mib_of(host_a, TCPMemoryPressures) >= 1);
	hosts_done();
}

/* The buffer of who sends is not enlarged from the first number on. */
static void above_the_low_number_no_buffer_grows(void **state)
{
	long grown;

	begin(false);
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	grown = most;
	hosts_done();
	begin(false);
	limits(host_a, "1 1000 1001");
	sim_spawn(sim, host_b, late_reader, NULL);
	sim_spawn(sim, host_a, writer, NULL);
	ended();
	assert_int_equal(mib_of(host_a, TCPMemoryPressures), 0);
	assert_true(most < grown);
	hosts_done();
}

/*
 * Orphans. The server never reads, so the client's data stays in its queue
 * when the client closes.
 */
static long reader_err;

static void silent_server(void *arg)
{
	int l = u_socket(SOCK_STREAM, 0), c;

	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 4096), 0);
	EXPECT(u_bind(l, R1, PORT), 0);
	EXPECT(u_listen(l, 8), 0);
	c = (int)u_accept(l, 0);
	sim_sleep(1000 * SIM_SEC);
	while ((reader_err = u_recv(c, in, TOTAL, 0)) > 0)
		;
	u_close(c);
	u_close(l);
}

static int stuck_client(void)
{
	int c = u_socket(SOCK_STREAM, 0);

	sim_sleep(SIM_MS);
	EXPECT(u_connect(c, R1, PORT), 0);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT(u_send(c, out, 50000, 0), 50000);
	sim_sleep(SIM_SEC);
	return c;
}

#define aborted() mib_of(host_a, TCPAbortOnMemory)

static void closes_without_memory(void *arg)
{
	int c = stuck_client();

	limits(host_a, "1 2 3");
	EXPECT(u_close(c), 0);
	EXPECT(aborted(), 1);
	EXPECT(host_a->ipv4->tcp_orphan_count, 0);
	EXPECT(host_a->mib.tcp[TCP_MIB_OutRsts], 1);
}

static void orphan_without_memory_is_reset(void **state)
{
	begin(false);
	sim_spawn(sim, host_b, silent_server, NULL);
	sim_spawn(sim, host_a, closes_without_memory, NULL);
	ended();
	assert_int_equal(reader_err, -ECONNRESET);
	hosts_done();
}

/* The same while it waits for the window: at its next probe. */
static void is_short_of_memory_later(void *arg)
{
	int c = stuck_client();

	EXPECT(u_close(c), 0);
	sim_sleep(10 * SIM_SEC);
	EXPECT(aborted(), 0);
	EXPECT(host_a->ipv4->tcp_orphan_count, 1);
	limits(host_a, "1 2 3");
	sim_sleep(100 * SIM_SEC);
	EXPECT(aborted(), 1);
	EXPECT(host_a->ipv4->tcp_orphan_count, 0);
}

static void orphan_is_reset_when_memory_runs_short(void **state)
{
	begin(false);
	sim_spawn(sim, host_b, silent_server, NULL);
	sim_spawn(sim, host_a, is_short_of_memory_later, NULL);
	ended();
	assert_int_equal(reader_err, -ECONNRESET);
	hosts_done();
}

/* One with an owner is not ended for the memory it has. */
static void owner_stays(void *arg)
{
	int c = stuck_client();

	limits(host_a, "1 2 3");
	sim_sleep(2000 * SIM_SEC);
	EXPECT(aborted(), 0);
	EXPECT(u_close(c), 0);
}

static void a_connection_with_an_owner_is_spared(void **state)
{
	begin(false);
	sim_spawn(sim, host_b, silent_server, NULL);
	sim_spawn(sim, host_a, owner_stays, NULL);
	ended();
	assert_int_equal(reader_err, 0);
	hosts_done();
}

/* LINUX: one that has sent nothing for long counts twice. */
static void counts_twice(void *arg)
{
	int c = stuck_client();

	EXPECT(proc_sys_write(host_a, "ipv4/tcp_max_orphans", "1", 1), 0);
	/* Else it were over when its probes are two minutes apart. */
	EXPECT(proc_sys_write(host_a, "ipv4/tcp_orphan_retries", "20", 2), 0);
	EXPECT(u_close(c), 0);
	sim_sleep(200 * SIM_SEC);
	EXPECT(aborted(), 0);
	sim_sleep(300 * SIM_SEC);
	EXPECT(aborted(), 1);
}

static void a_silent_orphan_counts_twice(void **state)
{
	begin(false);
	sim_spawn(sim, host_b, silent_server, NULL);
	sim_spawn(sim, host_a, counts_twice, NULL);
	ended();
	assert_int_equal(reader_err, -ECONNRESET);
	hosts_done();
}

/* The system has no memory, whatever the pool says: pressure as well. */
static void finds_no_memory(void *arg)
{
	int l = u_listener(LO, PORT, 8), c = u_socket(SOCK_STREAM, 0), s;
	struct netns_ipv4 *ipv4 = host_a->ipv4;

	EXPECT(u_connect(c, LO, PORT), 0);
	s = (int)u_accept(l, 0);
	kmem_fail_at(1);
	EXPECT(u_send(c, out, 1000, MSG_DONTWAIT), -EAGAIN);
	kmem_fail_at(0);
	EXPECT(ipv4->tcp_memory_pressure != 0, true);
	EXPECT(mib_of(host_a, TCPMemoryPressures), 1);
	sim_sleep(SIM_SEC);
	EXPECT(u_send(c, out, 1000, 0), 1000);
	EXPECT(ipv4->tcp_memory_pressure, 0);
	EXPECT(mib_of(host_a, TCPMemoryPressuresChrono), 1000);
	EXPECT(u_recv(s, in, 2000, 0), 1000);
	u_close(c);
	u_close(s);
	u_close(l);
}

static void failed_allocation_is_pressure(void **state)
{
	begin(false);
	sim_spawn(sim, host_a, finds_no_memory, NULL);
	ended();
	hosts_done();
}

/* No memory for a FIN: it goes out as soon as there is some. */
static void ends_without_memory(void *arg)
{
	int l = u_listener(LO, PORT, 8), c, s;

	for (int orphan = 0; orphan < 2; orphan++) {
		c = u_socket(SOCK_STREAM, 0);
		EXPECT(u_connect(c, LO, PORT), 0);
		s = (int)u_accept(l, 0);
		kmem_fail_at(1);
		EXPECT(orphan ? u_close(c) : u_shutdown(c, SHUT_WR), 0);
		kmem_fail_at(0);
		EXPECT(u_recv(s, in, 10, MSG_DONTWAIT), -EAGAIN);
		/* What the other end still sends is no answer to it. */
		if (!orphan)
			EXPECT(u_send(s, out, 10, 0), 10);
		EXPECT(u_recv(s, in, 10, 0), 0);
		if (!orphan) {
			EXPECT(u_recv(c, in, 20, 0), 10);
			u_close(c);
		}
		u_close(s);
	}
	u_close(l);
}

static void fin_waits_for_memory(void **state)
{
	begin(false);
	sim_spawn(sim, host_a, ends_without_memory, NULL);
	ended();
	hosts_done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(below_the_low_number_is_no_pressure),
		cmocka_unit_test(pressure_is_counted_and_shrinks_the_window),
		cmocka_unit_test(beyond_the_last_number_data_is_dropped),
		cmocka_unit_test(a_reader_with_nothing_gets_something),
		cmocka_unit_test(a_sender_waits_beyond_the_last_number),
		cmocka_unit_test(above_the_low_number_no_buffer_grows),
		cmocka_unit_test(orphan_without_memory_is_reset),
		cmocka_unit_test(orphan_is_reset_when_memory_runs_short),
		cmocka_unit_test(a_connection_with_an_owner_is_spared),
		cmocka_unit_test(a_silent_orphan_counts_twice),
		cmocka_unit_test(failed_allocation_is_pressure),
		cmocka_unit_test(fin_waits_for_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
