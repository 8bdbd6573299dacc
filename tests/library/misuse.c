/* SPDX-License-Identifier: MIT */
/* Wrong use of the library gives an errno and changes nothing. */
#include "tests/library/library.h"

static struct world w;

static void nothing(void *arg)
{
	(void)arg;
}

static void bad_arguments(void **state)
{
	struct tg_kernel_params p = { .clock = (enum tg_clock)7 };
	struct tg_link_params bad = { .loss = TG_SURE + 1 };
	struct tg_kernel *k = NULL;
	struct tg_host *h = NULL;
	struct tg_link *l;
	struct tg_tap *tap;
	struct tg_pcap *pcap;
	char longname[40];

	assert_int_equal(tg_kernel_new(&p, &k), -EINVAL);
	assert_int_equal(tg_kernel_new(NULL, NULL), -EINVAL);
	assert_null(k);
	world_begin(&w, 1, NULL);
	memset(longname, 'x', sizeof(longname));
	longname[32] = '\0';
	assert_int_equal(tg_host_new(w.k, "", &h), -EINVAL);
	assert_int_equal(tg_host_new(w.k, longname, &h), -EINVAL);
	assert_int_equal(tg_host_new(w.k, "a", &h), -EEXIST);
	assert_int_equal(tg_host_new(NULL, "c", &h), -EINVAL);
	assert_null(h);
	assert_int_equal(tg_link_new(w.a, "eth1", w.b, "eth1", &bad, &l),
			 -EINVAL);
	bad = (struct tg_link_params){ .mtu = 67 };
	assert_int_equal(tg_link_set(w.link, TG_BOTH, &bad), -EINVAL);
	bad = (struct tg_link_params){ .pattern = "..?" };
	assert_int_equal(tg_link_set(w.link, TG_BOTH, &bad), -EINVAL);
	bad = (struct tg_link_params){ .latency = UINT64_MAX };
	assert_int_equal(tg_link_set(w.link, TG_BOTH, &bad), -EINVAL);
	assert_int_equal(tg_link_cut(w.link, 4, true), -EINVAL);
	assert_int_equal(tg_link_cut(w.link, 0, true), -EINVAL);
	assert_int_equal(tg_link_new(w.a, "eth0", w.b, "eth1", NULL, &l),
			 -EEXIST);
	assert_int_equal(tg_link_new(w.a, "a/b", w.b, "eth1", NULL, &l),
			 -EINVAL);
	assert_int_equal(tg_link_new(w.a, "eth1", w.b, "eth0", NULL, &l),
			 -EEXIST);
	/* What had been made of it by then is gone. */
	assert_int_equal(tg_dev_up(w.a, "eth1", true), -ENODEV);
	assert_int_equal(tg_tap_new(w.k, NULL, "", NULL, NULL, &tap), -EINVAL);
	assert_int_equal(tg_pcap_open(w.k, NULL, NULL, "/nonexistent/x",
				      &pcap),
			 -ENOENT);
	assert_int_equal(tg_spawn(w.a, NULL, NULL, NULL), -EINVAL);
	world_end(&w);
}

static void configuration_errors(void **state)
{
	char buf[64];
	uint64_t v;

	world_begin(&w, 1, NULL);
	assert_int_equal(tg_addr_add(w.a, "eth7", "10.1.0.1/24"), -ENODEV);
	assert_int_equal(tg_addr_add(w.a, "eth0", "10.1.0/24"), -EINVAL);
	assert_int_equal(tg_addr_add(w.a, "eth0", "10.1.0.1/33"), -EINVAL);
	assert_int_equal(tg_addr_add(w.a, "eth0", "10.1.0.1/"), -EINVAL);
	assert_int_equal(tg_addr_add(w.a, "eth0", "10.0.0.1/24"), -EEXIST);
	assert_int_equal(tg_addr_del(w.a, "eth0", "10.0.0.9/24"),
			 -EADDRNOTAVAIL);
	assert_int_equal(tg_route_add(w.a, "10.5.0.0/16", NULL, NULL), -EINVAL);
	assert_int_equal(tg_route_add(w.a, "10.5.0.0/16", "10.9.9.9", NULL),
			 -ENETUNREACH);
	OK(tg_route_add(w.a, "10.5.0.0/16", "10.0.0.2", NULL));
	assert_int_equal(tg_route_add(w.a, "10.5.0.0/16", "10.0.0.2", NULL),
			 -EEXIST);
	OK(tg_route_del(w.a, "10.5.0.0/16", NULL, "eth0"));
	assert_int_equal(tg_route_del(w.a, "10.5.0.0/16", NULL, "eth0"),
			 -ESRCH);
	OK(tg_route_add(w.a, "default", "10.0.0.2", "eth0"));
	assert_int_equal(tg_dev_mtu(w.a, "eth0", 60), -EINVAL);
	OK(tg_dev_mtu(w.a, "eth0", 1400));
	assert_int_equal(tg_sysctl_set(w.a, "net.ipv4.nonsense", "1"),
			 -ENOENT);
	assert_int_equal(tg_sysctl_set(w.a, "kernel.panic", "1"), -ENOENT);
	assert_int_equal(tg_sysctl_set(w.a, "net.ipv4.tcp_rmem", "x"),
			 -EINVAL);
	OK(tg_sysctl_set(w.a, "net.ipv4.tcp_congestion_control", "reno"));
	assert_int_equal(tg_sysctl_get(w.a, "net/ipv4/tcp_congestion_control",
				       buf, sizeof(buf)),
			 5);
	assert_string_equal(buf, "reno\n");
	assert_int_equal(tg_sysctl_get(w.a, "net.ipv4.tcp_congestion_control",
				       buf, 3),
			 5);
	assert_string_equal(buf, "re");
	assert_int_equal(tg_proc_net(w.a, "nonsense", buf, sizeof(buf)),
			 -ENOENT);
	assert_true(tg_proc_net(w.a, "route", NULL, 0) > 100);
	assert_int_equal(tg_counter(w.a, "TcpNonsense", &v), -ENOENT);
	OK(tg_counter(w.a, "TcpActiveOpens", &v));
	assert_int_equal(v, 0);
	OK(tg_counter(w.a, "TcpExtTCPTimeouts", &v));
	world_end(&w);
}

/* ---- where a call comes from ---- */

static struct tg_task *self;

static void in_a_task(void *arg)
{
	(void)arg;
	EXPECT(tg_run(w.k), -EDEADLK);
	EXPECT(tg_step(w.k), -EDEADLK);
	EXPECT(tg_kernel_free(w.k), -EDEADLK);
	EXPECT(tg_host_free(w.a), -EDEADLK);
	EXPECT(tg_task_join(self), -EDEADLK);
	EXPECT(tg_syscall(9999, 0, 0, 0, 0, 0, 0), -ENOSYS);
	EXPECT(tg_close(5), -EBADF);
	/* Its own world may be changed from here. */
	EXPECT(tg_addr_add(w.b, "eth0", "10.7.0.1/24"), 0);
	EXPECT(tg_close(0), -EBADF);
}

static void tasks_cannot_run_their_kernel(void **state)
{
	world_begin(&w, 1, NULL);
	OK(tg_spawn(w.a, in_a_task, NULL, &self));
	assert_int_equal(tg_run(w.k), 0);
	assert_true(tg_task_done(self));
	OK(tg_task_join(self));
	assert_int_equal(tg_task_interrupt(self), -ESRCH);
	tg_task_free(self);
	world_end(&w);
}

static void callback(void *arg, const struct tg_packet *p)
{
	struct tg_host *h;

	(void)arg;
	EXPECT(tg_run(w.k), -EDEADLK);
	EXPECT(tg_socket(AF_INET, SOCK_DGRAM, 0), -ESRCH);
	EXPECT(tg_host_new(w.k, "c", &h), -EDEADLK);
	EXPECT(tg_sleep(1), -EDEADLK);
	EXPECT(tg_inject(w.a, "eth0", "x", 1), -EDEADLK);
	EXPECT(tg_kernel_free(w.k), -EDEADLK);
	EXPECT(tg_now(w.k), p->time);
}

static void send_one(void *arg)
{
	struct sockaddr_in a = addr_of("10.0.0.2", 9);
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);

	(void)arg;
	EXPECT(tg_sendto(fd, "x", 1, 0, (struct sockaddr *)&a, sizeof(a)), 1);
}

static void callbacks_may_only_look(void **state)
{
	struct tg_tap *t;

	world_begin(&w, 1, NULL);
	OK(tg_tap_new(w.k, NULL, NULL, callback, NULL, &t));
	OK(tg_spawn(w.a, send_one, NULL, NULL));
	assert_int_equal(tg_run(w.k), 0);
	tg_tap_free(t);
	world_end(&w);
}

static void calls_from_outside_do_not_block(void **state)
{
	const struct tg_link_params far = { .latency = TG_MSEC };
	struct sockaddr_in a = addr_of("10.0.0.2", 80);
	struct tg_proc *pa, *pb;
	int l, c, s;
	char buf[8];

	assert_int_equal(tg_socket(AF_INET, SOCK_STREAM, 0), -ESRCH);
	world_begin(&w, 1, &far);
	OK(tg_proc_new(w.a, &pa));
	OK(tg_proc_new(w.b, &pb));
	assert_null(tg_act_for(pb));
	l = listen_on("0.0.0.0", 80);
	assert_int_equal(tg_accept(l, NULL, NULL), -EAGAIN);
	assert_ptr_equal(tg_act_for(pa), pb);
	c = tg_socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(tg_connect(c, (struct sockaddr *)&a, sizeof(a)),
			 -EINPROGRESS);
	assert_int_equal(tg_run(w.k), 0);
	assert_int_equal(tg_connect(c, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(tg_connect(c, (struct sockaddr *)&a, sizeof(a)),
			 -EISCONN);
	assert_int_equal(tg_send(c, "hello", 5, 0), 5);
	(void)tg_act_for(pb);
	s = tg_accept(l, NULL, NULL);
	assert_true(s >= 0);
	assert_int_equal(tg_recv(s, buf, sizeof(buf), 0), -EAGAIN);
	(void)tg_run(w.k);
	assert_int_equal(tg_recv(s, buf, sizeof(buf), 0), 5);
	/* A killed process closes what it had. */
	tg_proc_free(pa);
	(void)tg_run(w.k);
	assert_int_equal(tg_recv(s, buf, sizeof(buf), 0), 0);
	tg_act_for(NULL);
	tg_proc_free(pb);
	world_end(&w);
}

/* A link without a delay is like a loopback: all is done within the call. */
static void calls_from_outside_over_no_distance_are_done_at_once(void **state)
{
	struct sockaddr_in a = addr_of("10.0.0.2", 80);
	struct tg_proc *pa, *pb;
	int l, c, s;
	char buf[8];

	world_begin(&w, 1, NULL);
	OK(tg_proc_new(w.a, &pa));
	OK(tg_proc_new(w.b, &pb));
	(void)tg_act_for(pb);
	l = listen_on("0.0.0.0", 80);
	(void)tg_act_for(pa);
	c = tg_socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(tg_connect(c, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(tg_send(c, "hello", 5, 0), 5);
	(void)tg_act_for(pb);
	s = tg_accept(l, NULL, NULL);
	assert_int_equal(tg_recv(s, buf, sizeof(buf), 0), 5);
	assert_int_equal(tg_recv(s, buf, sizeof(buf), 0), -EAGAIN);
	tg_act_for(NULL);
	tg_proc_free(pa);
	tg_proc_free(pb);
	world_end(&w);
}

/* ---- ends ---- */

static int reached;

static void blocks(void *arg)
{
	int fd = listen_on("0.0.0.0", 7);

	(void)arg;
	reached++;
	(void)tg_accept(fd, NULL, NULL);
	reached += 100; /* a killed process does not come here */
}

static void ends_itself(void *arg)
{
	tg_proc_free(arg);
	reached += 100;
}

static void killed_tasks_do_not_return(void **state)
{
	struct tg_proc *p;
	struct tg_task *t;

	world_begin(&w, 1, NULL);
	reached = 0;
	OK(tg_proc_new(w.a, &p));
	OK(tg_task_new(p, blocks, NULL, &t));
	OK(tg_task_new(p, nothing, NULL, NULL));
	assert_int_equal(tg_run(w.k), 1);
	tg_proc_free(p);
	assert_true(tg_task_done(t));
	tg_task_free(t);
	/* The port is free again. */
	OK(tg_proc_new(w.a, &p));
	OK(tg_task_new(p, blocks, NULL, NULL));
	OK(tg_task_new(p, ends_itself, p, NULL));
	assert_int_equal(tg_run(w.k), 0);
	assert_int_equal(reached, 2);
	world_end(&w);
}

static void talks(void *arg)
{
	int fd = connect_to("10.0.0.2", 80);

	(void)arg;
	EXPECT_TRUE(fd >= 0);
	(void)send_bytes(fd, 0, SIZE_MAX / 2);
	reached += 100;
}

static void listens(void *arg)
{
	(void)arg;
	(void)recv_bytes(tg_accept(listen_on("0.0.0.0", 80), NULL, NULL));
	reached += 100;
}

/* In the middle of everything: with packets under way, blocked calls. */
static void kernels_end_at_any_time(void **state)
{
	struct tg_link_params p = { .latency = TG_MSEC, .rate = 1000000,
				    .loss = 100000 };

	reached = 0;
	for (unsigned int i = 0; i < 40; i++) {
		struct tg_task *t;
		struct tg_pcap *c;

		world_begin(&w, i, &p);
		OK(tg_pcap_open(w.k, NULL, NULL, "/dev/null", &c));
		OK(tg_spawn(w.b, listens, NULL, NULL));
		OK(tg_spawn(w.a, talks, NULL, &t));
		for (unsigned int j = 0; j < 10 * i; j++)
			assert_int_equal(tg_step(w.k), 1);
		if (i % 3 == 1)
			OK(tg_host_free(w.b));
		if (i % 3 == 2)
			tg_link_free(w.link);
		if (i % 3)
			(void)tg_run_for(w.k, TG_SEC);
		OK(tg_kernel_free(w.k));
	}
	assert_int_equal(reached, 0);
	assert_int_equal(failures, 0);
}

static void memory_has_a_limit(void **state)
{
	struct tg_kernel_params p = { .memory_limit = 1 << 20 };
	struct tg_kernel *k;
	struct tg_host *h;
	char name[8];
	int err = 0;

	OK(tg_kernel_new(&p, &k));
	for (int i = 0; !err && i < 10000; i++) {
		snprintf(name, sizeof(name), "h%d", i);
		err = tg_host_new(k, name, &h);
	}
	assert_int_equal(err, -ENOMEM);
	assert_true(tg_memory(k) <= 1 << 20);
	assert_true(tg_memory(k) > 1 << 19);
	OK(tg_kernel_free(k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(configuration_errors),
		cmocka_unit_test(tasks_cannot_run_their_kernel),
		cmocka_unit_test(callbacks_may_only_look),
		cmocka_unit_test(calls_from_outside_do_not_block),
		cmocka_unit_test(
			calls_from_outside_over_no_distance_are_done_at_once),
		cmocka_unit_test(killed_tasks_do_not_return),
		cmocka_unit_test(kernels_end_at_any_time),
		cmocka_unit_test(memory_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
