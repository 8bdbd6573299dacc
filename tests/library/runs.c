/* SPDX-License-Identifier: MIT */
/*
 * Runs: the same seed gives the same one, kernels share nothing, a thousand
 * hosts are not too many.
 */
#include "tests/library/library.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#define BYTES 200000
#define THREADS 6

/* ---- a run, and what became of all its packets ---- */

/* FNV-1a. */
static uint64_t mix(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3ULL;
	return h;
}

static void hash_packet(void *arg, const struct tg_packet *p)
{
	uint64_t *h = arg;
	const char *host = tg_host_name(p->host);

	*h = mix(*h, host, strlen(host));
	*h = mix(*h, p->dev, strlen(p->dev));
	*h = mix(*h, &p->outgoing, sizeof(p->outgoing));
	*h = mix(*h, &p->time, sizeof(p->time));
	*h = mix(*h, p->data, p->len);
}

static void serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;

	EXPECT(recv_bytes(fd), BYTES);
	EXPECT(tg_close(fd), 0);
}

/* Tasks of one process share its descriptors. */
static void server(void *arg)
{
	int l = listen_on("0.0.0.0", 80);

	for (int i = 0; i < 3; i++) {
		struct tg_task *t;
		int fd = tg_accept(l, NULL, NULL);

		EXPECT(tg_task_new(arg, serve_one, (void *)(intptr_t)fd, &t),
		       0);
		EXPECT(tg_task_join(t), 0);
		tg_task_free(t);
	}
	EXPECT(tg_close(l), 0);
}

static void client(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		int fd = connect_to("10.0.0.2", 80);

		EXPECT_TRUE(fd >= 0);
		EXPECT(send_bytes(fd, 0, BYTES), BYTES);
		EXPECT(tg_close(fd), 0);
		tg_sleep(123456789);
	}
}

/* All of it with the library only, so that threads may run it. */
static uint64_t run_hash(uint64_t seed)
{
	struct tg_link_params p = {
		.latency = 7 * TG_MSEC, .jitter = TG_MSEC, .rate = 20000000,
		.queue = 20, .loss = 20000, .duplicate = 5000,
		.corrupt = 5000, .reorder = 10000, .reorder_delay = TG_MSEC,
	};
	struct tg_kernel_params params = { .seed = seed };
	uint64_t h = 0xcbf29ce484222325ULL, now;
	struct tg_kernel *k;
	struct tg_host *a, *b;
	struct tg_proc *proc;
	struct tg_link *l;
	struct tg_tap *t;

	EXPECT(tg_kernel_new(&params, &k), 0);
	EXPECT(tg_tap_new(k, NULL, NULL, hash_packet, &h, &t), 0);
	EXPECT(tg_host_new(k, "a", &a), 0);
	EXPECT(tg_host_new(k, "b", &b), 0);
	EXPECT(tg_link_new(a, "eth0", b, "eth0", &p, &l), 0);
	EXPECT(tg_addr_add(a, "eth0", "10.0.0.1/24"), 0);
	EXPECT(tg_addr_add(b, "eth0", "10.0.0.2/24"), 0);
	EXPECT(tg_proc_new(b, &proc), 0);
	EXPECT(tg_task_new(proc, server, proc, NULL), 0);
	EXPECT(tg_spawn(a, client, NULL, NULL), 0);
	EXPECT(tg_run(k), 0);
	now = tg_now(k);
	EXPECT_TRUE(now > TG_SEC / 2);
	EXPECT(tg_kernel_free(k), 0);
	return mix(h, &now, sizeof(now));
}

static void same_seed_same_run(void **state)
{
	uint64_t h = run_hash(1);

	failures = 0;
	assert_int_equal(run_hash(1), h);
	assert_int_not_equal(run_hash(2), h);
	assert_int_equal(failures, 0);
}

/* Other addresses of everything, as each process gets them. */
static void same_seed_same_run_in_another_process(void **state)
{
	uint64_t h = run_hash(3), other = 0;
	FILE *f;
	char cmd[4096 + 8], path[4096];
	ssize_t n;

	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	assert_true(n > 0);
	path[n] = '\0';
	snprintf(cmd, sizeof(cmd), "'%s' hash", path);
	for (int i = 0; i < 2; i++) {
		f = popen(cmd, "r");
		assert_non_null(f);
		assert_int_equal(fscanf(f, "%" SCNx64, &other), 1);
		assert_int_equal(pclose(f), 0);
		assert_int_equal(other, h);
	}
}

/* ---- threads ---- */

static void *run_thread(void *arg)
{
	uint64_t *h = arg;

	*h = run_hash(*h);
	return NULL;
}

static void kernels_on_threads_share_nothing(void **state)
{
	uint64_t alone[THREADS], h[THREADS];
	pthread_t t[THREADS];

	failures = 0;
	for (int i = 0; i < THREADS; i++) {
		alone[i] = run_hash((uint64_t)i);
		h[i] = (uint64_t)i;
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, run_thread, &h[i]),
				 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(t[i], NULL), 0);
		assert_int_equal(h[i], alone[i]);
	}
	assert_int_equal(failures, 0);
}

static void *run_on(void *arg)
{
	return (void *)(intptr_t)tg_run(arg);
}

static void sleeps_twice(void *arg)
{
	int *n = arg;

	for (; *n < 2; ++*n)
		EXPECT(tg_sleep(TG_SEC), 0);
}

static void a_kernel_may_move_between_threads(void **state)
{
	struct world w;
	pthread_t t;
	void *left;
	int n = 0;

	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.a, sleeps_twice, &n, NULL));
	assert_int_equal(tg_run_for(w.k, TG_SEC + 1), 1);
	assert_int_equal(n, 1);
	OK(pthread_create(&t, NULL, run_on, w.k));
	OK(pthread_join(t, &left));
	assert_int_equal((intptr_t)left, 0);
	assert_int_equal(n, 2);
	world_end(&w);
}

static void two_kernels_on_one_thread(void **state)
{
	struct world u, v;
	int n = 0, m = 0;

	world_begin(&u, 1, NULL);
	world_begin(&v, 1, NULL);
	OK(tg_spawn(u.a, sleeps_twice, &n, NULL));
	OK(tg_spawn(v.a, sleeps_twice, &m, NULL));
	assert_int_equal(tg_run_for(u.k, TG_SEC + 1), 1);
	assert_int_equal(tg_now(v.k), 0);
	assert_int_equal(tg_run(v.k), 0);
	assert_int_equal(m, 2);
	assert_int_equal(tg_now(u.k), TG_SEC + 1);
	world_end(&v);
	world_end(&u);
}

/* ---- many hosts ---- */

#define LEAVES 999

static int answers;

static void name_server(void *arg)
{
	struct sockaddr_in from = addr_of("0.0.0.0", 53);
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);
	unsigned int len = sizeof(from);
	char buf[64];

	(void)arg;
	EXPECT(tg_bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	for (int i = 0; i < LEAVES; i++) {
		long n = tg_recvfrom(fd, buf, sizeof(buf), 0,
				     (struct sockaddr *)&from, &len);

		EXPECT(tg_sendto(fd, buf, (size_t)n, 0,
				 (struct sockaddr *)&from, len),
		       n);
	}
}

static void last_leaf(void *arg)
{
	int l = listen_on("0.0.0.0", 80), fd = tg_accept(l, NULL, NULL);

	(void)arg;
	EXPECT(recv_bytes(fd), 1000);
	answers++;
}

/* Everybody asks the hub, the first talks to the last through it. */
static void leaf(void *arg)
{
	struct sockaddr_in a = addr_of("10.0.0.1", 53);
	int i = (int)(intptr_t)arg, fd = tg_socket(AF_INET, SOCK_DGRAM, 0);
	char buf[64], name[32];
	int n;

	tg_sleep((uint64_t)i * TG_MSEC);
	n = snprintf(name, sizeof(name), "leaf %d", i);
	EXPECT(tg_sendto(fd, name, (size_t)n, 0, (struct sockaddr *)&a,
			 sizeof(a)),
	       n);
	EXPECT(tg_recv(fd, buf, sizeof(buf), 0), n);
	EXPECT(memcmp(buf, name, (size_t)n), 0);
	answers++;
	if (i)
		return;
	snprintf(name, sizeof(name), "10.%d.%d.2", (LEAVES - 1) / 200 + 1,
		 (LEAVES - 1) % 200);
	fd = connect_to(name, 80);
	EXPECT_TRUE(fd >= 0);
	EXPECT(send_bytes(fd, 0, 1000), 1000);
	EXPECT(tg_close(fd), 0);
}

static void a_thousand_hosts(void **state)
{
	struct tg_link_params p = { .latency = 3 * TG_MSEC };
	struct tg_host *hub, *h;
	struct tg_kernel *k;
	struct tg_link *l;
	char name[16], addr[24];

	failures = 0;
	answers = 0;
	OK(tg_kernel_new(NULL, &k));
	OK(tg_host_new(k, "hub", &hub));
	OK(tg_addr_add(hub, "lo", "10.0.0.1"));
	OK(tg_sysctl_set(hub, "net.ipv4.ip_forward", "1"));
	OK(tg_spawn(hub, name_server, NULL, NULL));
	for (int i = 0; i < LEAVES; i++) {
		snprintf(name, sizeof(name), "leaf%d", i);
		OK(tg_host_new(k, name, &h));
		snprintf(name, sizeof(name), "to%d", i);
		OK(tg_link_new(hub, name, h, "eth0", &p, &l));
		snprintf(addr, sizeof(addr), "10.%d.%d.1/30", i / 200 + 1,
			 i % 200);
		OK(tg_addr_add(hub, name, addr));
		snprintf(addr, sizeof(addr), "10.%d.%d.2/30", i / 200 + 1,
			 i % 200);
		OK(tg_addr_add(h, "eth0", addr));
		snprintf(addr, sizeof(addr), "10.%d.%d.1", i / 200 + 1,
			 i % 200);
		OK(tg_route_add(h, "default", addr, NULL));
		OK(tg_spawn(h, leaf, (void *)(intptr_t)i, NULL));
	}
	OK(tg_spawn(h, last_leaf, NULL, NULL));
	printf("# %zu bytes a host\n", tg_memory(k) / (LEAVES + 1));
	assert_true(tg_memory(k) / (LEAVES + 1) < 64 << 10);
	assert_int_equal(tg_run(k), 0);
	assert_int_equal(answers, LEAVES + 1);
	assert_int_equal(failures, 0);
	OK(tg_kernel_free(k));
}

/* ---- memory ---- */

#define CROWD 300

static int crowd_client[CROWD], crowd_server[CROWD];

/* @n connections at once, each ended by RST. */
static void a_crowd(struct tg_proc *pa, struct tg_proc *pb, int n)
{
	const struct linger now = { .l_onoff = 1 };
	struct sockaddr_in to = addr_of("10.0.0.2", 80);
	int l;

	(void)tg_act_for(pb);
	l = listen_on("0.0.0.0", 80);
	for (int i = 0; i < n; i++) {
		(void)tg_act_for(pa);
		crowd_client[i] = tg_socket(AF_INET, SOCK_STREAM, 0);
		OK(tg_setsockopt(crowd_client[i], SOL_SOCKET, SO_LINGER, &now,
				 sizeof(now)));
		OK(tg_connect(crowd_client[i], (struct sockaddr *)&to,
			      sizeof(to)));
		(void)tg_act_for(pb);
		crowd_server[i] = tg_accept(l, NULL, NULL);
		assert_true(crowd_server[i] >= 0);
	}
	for (int i = 0; i < n; i++) {
		(void)tg_act_for(pa);
		OK(tg_close(crowd_client[i]));
		(void)tg_act_for(pb);
		OK(tg_close(crowd_server[i]));
	}
	OK(tg_close(l));
	tg_act_for(NULL);
}

/* Tables that grew for a crowd are small again when it has gone. */
static void a_crowd_leaves_no_memory_behind(void **state)
{
	struct tg_proc *pa, *pb;
	struct world w;
	size_t before;

	world_begin(&w, 1, NULL);
	OK(tg_proc_new(w.a, &pa));
	OK(tg_proc_new(w.b, &pb));
	a_crowd(pa, pb, 1);
	assert_int_equal(tg_run(w.k), 0);
	before = tg_memory(w.k);
	a_crowd(pa, pb, CROWD);
	assert_int_equal(tg_run(w.k), 0);
	/* The descriptors' tables grew, too: they are the processes'. */
	tg_proc_free(pa);
	tg_proc_free(pb);
	assert_true(tg_memory(w.k) <= before);
	world_end(&w);
}

/* ---- a machine that dies ---- */

static void switched_off(const struct tg_link_params *p)
{
	struct sockaddr_in to = addr_of("10.0.0.2", 80);
	struct tg_proc *client, *server;
	struct world w;
	char c;
	int fd;

	world_begin(&w, 1, p);
	OK(tg_proc_new(w.a, &client));
	OK(tg_proc_new(w.b, &server));
	(void)tg_act_for(server);
	(void)listen_on("0.0.0.0", 80);
	(void)tg_act_for(client);
	fd = tg_socket(AF_INET, SOCK_STREAM, 0);
	(void)tg_connect(fd, (struct sockaddr *)&to, sizeof(to));
	(void)tg_run_for(w.k, TG_SEC);
	assert_int_equal(tg_send(fd, "x", 1, 0), 1);
	OK(tg_host_free(w.b));
	(void)tg_run_for(w.k, TG_SEC);
	assert_int_equal(tg_recv(fd, &c, 1, MSG_DONTWAIT), -EAGAIN);
	OK(tg_close(fd));
	tg_act_for(NULL);
	world_end(&w);
}

/* Its peers hear nothing of it, however short the link. */
static void a_host_that_is_switched_off_is_silent(void **state)
{
	struct tg_link_params p = { .latency = TG_MSEC };

	switched_off(NULL);
	switched_off(&p);
}

/* ---- time ---- */

static void time_is_the_kernels(void **state)
{
	struct world w;
	struct tg_task *t;
	int n = 0;

	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.a, sleeps_twice, &n, &t));
	assert_int_equal(tg_run_until(w.k, TG_SEC - 1), 1);
	assert_int_equal(tg_now(w.k), TG_SEC - 1);
	assert_int_equal(n, 0);
	assert_int_equal(tg_step(w.k), 1);
	assert_int_equal(tg_now(w.k), TG_SEC);
	assert_int_equal(n, 1);
	/* Suspended in the middle of the second sleep. */
	OK(tg_clock_jump(w.k, 10 * TG_SEC));
	OK(tg_run_task(w.k, t));
	assert_int_equal(tg_now(w.k), 11 * TG_SEC);
	assert_int_equal(tg_step(w.k), 0);
	tg_task_free(t);
	assert_int_equal(tg_realtime_fd(w.k), -EINVAL);
	assert_int_equal(tg_run_realtime(w.k, NULL), -EINVAL);
	world_end(&w);
}

static void real_time_passes(void **state)
{
	struct tg_kernel_params p = { .clock = TG_CLOCK_REAL };
	struct tg_kernel *k;
	struct tg_host *h;
	uint64_t wait;
	int n = 1, fd;

	OK(tg_kernel_new(&p, &k));
	OK(tg_host_new(k, "h", &h));
	fd = tg_realtime_fd(k);
	assert_true(fd >= 0);
	OK(tg_spawn(h, sleeps_twice, &n, NULL));
	while (tg_run_realtime(k, &wait) > 0) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };

		assert_true(wait <= TG_SEC);
		assert_true(poll(&pfd, 1, -1) == 1);
	}
	assert_int_equal(n, 2);
	assert_true(tg_now(k) >= TG_SEC);
	assert_true(wait == TG_FOREVER);
	assert_int_equal(tg_clock_jump(k, 1), -EINVAL);
	OK(tg_spawn(h, sleeps_twice, &n, NULL));
	assert_int_equal(tg_run(k), 0);
	OK(tg_kernel_free(k));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_run),
		cmocka_unit_test(same_seed_same_run_in_another_process),
		cmocka_unit_test(kernels_on_threads_share_nothing),
		cmocka_unit_test(a_kernel_may_move_between_threads),
		cmocka_unit_test(two_kernels_on_one_thread),
		cmocka_unit_test(a_thousand_hosts),
		cmocka_unit_test(a_crowd_leaves_no_memory_behind),
		cmocka_unit_test(a_host_that_is_switched_off_is_silent),
		cmocka_unit_test(time_is_the_kernels),
		cmocka_unit_test(real_time_passes),
	};

	if (argc > 1 && !strcmp(argv[1], "hash")) {
		printf("%" PRIx64 "\n", run_hash(3));
		return failures;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
