/* SPDX-License-Identifier: MIT */
/*
 * Every single allocation of a scenario fails once, in a run of its own: the
 * calls around it say so, tasks go on or give up, and at the end nothing is
 * lost and nobody hangs.
 */
#include "tests/library/library.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#define BYTES 30000

static struct tg_kernel *k;

/* Each step may fail; a step that does ends the task. */
#define TRY(expr)                 \
	({                        \
		long r_ = (expr); \
		if (r_ < 0)       \
			return;   \
		r_;               \
	})

static void tcp_server(void *arg)
{
	struct sockaddr_in a = addr_of("0.0.0.0", 80);
	struct epoll_event e = { .events = EPOLLIN };
	int on = 1, ep, l, fd;

	(void)arg;
	ep = (int)TRY(tg_epoll_create(0));
	l = (int)TRY(tg_socket(AF_INET, SOCK_STREAM, 0));
	TRY(tg_setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	TRY(tg_bind(l, (struct sockaddr *)&a, sizeof(a)));
	TRY(tg_listen(l, 5));
	TRY(tg_epoll_ctl(ep, EPOLL_CTL_ADD, l, &e));
	TRY(tg_epoll_wait(ep, &e, 1, 60000));
	fd = (int)TRY(tg_accept(l, NULL, NULL));
	(void)recv_bytes(fd);
	(void)send_bytes(fd, 0, BYTES);
	TRY(tg_close(fd));
}

static void tcp_client(void *arg)
{
	int fd = (int)TRY(connect_to("10.0.0.2", 80)), copy;
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	(void)arg;
	copy = (int)TRY(tg_dup(fd));
	TRY(tg_poll(&p, 1, 1000));
	TRY(send_bytes(fd, 0, BYTES));
	TRY(tg_shutdown(copy, SHUT_WR));
	(void)recv_bytes(fd);
}

static void udp_server(void *arg)
{
	struct sockaddr_in a = addr_of("0.0.0.0", 53);
	struct timeval tv = { .tv_sec = 5 };
	unsigned int len = sizeof(a);
	static char buf[9000];
	int fd = (int)TRY(tg_socket(AF_INET, SOCK_DGRAM, 0));

	(void)arg;
	TRY(tg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	TRY(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)));
	for (;;)
		TRY(tg_recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&a,
				&len));
}

/* Fragments, ICMP errors, control messages, multicast, netlink, raw. */
static void others(void *arg)
{
	struct sockaddr_in a = addr_of("10.0.0.2", 53);
	static char buf[5000];
	struct iovec v[2] = { { buf, 2000 }, { buf, 3000 } };
	char control[64];
	struct msghdr m = { .msg_name = &a, .msg_namelen = sizeof(a),
			    .msg_iov = v, .msg_iovlen = 2 };
	struct ip_mreqn mr = {
		.imr_multiaddr.s_addr = htonl(0xe0000123),
		.imr_ifindex = 2,
	};
	int on = 1, fd, raw;

	(void)arg;
	tg_sleep(TG_SEC);
	fd = (int)TRY(tg_socket(AF_INET, SOCK_DGRAM, 0));
	(void)tg_setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on));
	(void)tg_setsockopt(fd, SOL_IP, IP_PKTINFO, &on, sizeof(on));
	(void)tg_setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &mr, sizeof(mr));
	(void)tg_sendmsg(fd, &m, 0);
	a.sin_port = htons(99);
	(void)tg_sendmsg(fd, &m, 0);
	tg_sleep(TG_SEC);
	m = (struct msghdr){ .msg_iov = v, .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control) };
	(void)tg_recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
	raw = (int)TRY(tg_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	(void)tg_sendto(raw, "\10\0\367\377\0\0\0\0", 8, 0,
			(struct sockaddr *)&a, sizeof(a));
	(void)tg_recv(raw, buf, sizeof(buf), 0);
	(void)tg_close(raw);
	(void)tg_close(fd);
	(void)tg_socket(AF_PACKET, SOCK_RAW, htons(3));
}

static int build(struct tg_host **ret_a, struct tg_host **ret_b)
{
	struct tg_link_params p = { .latency = TG_MSEC, .rate = 10000000,
				    .pattern = "........x.d...c..r",
				    .reorder_delay = 3 * TG_MSEC };
	struct tg_host *a, *b;
	struct tg_link *l;
	char buf[512];
	int err;

	err = tg_host_new(k, "a", &a);
	if (!err)
		err = tg_host_new(k, "b", &b);
	if (!err)
		err = tg_link_new(a, "eth0", b, "eth0", &p, &l);
	if (!err)
		err = tg_addr_add(a, "eth0", "10.0.0.1/24");
	if (!err)
		err = tg_addr_add(b, "eth0", "10.0.0.2/24");
	if (!err)
		err = tg_route_add(a, "default", "10.0.0.2", NULL);
	if (!err)
		err = tg_route_del(a, "default", "10.0.0.2", NULL);
	if (!err)
		err = tg_sysctl_set(a, "net.ipv4.tcp_timestamps", "0");
	if (err)
		return err;
	(void)tg_proc_net(a, "tcp", buf, sizeof(buf));
	*ret_a = a;
	*ret_b = b;
	return 0;
}

/* Allocations that it made. */
static uint64_t run_failing(uint64_t n)
{
	struct tg_host *a, *b;
	uint64_t before, made;
	int err;

	OK(tg_kernel_new(NULL, &k));
	before = tg_allocations(k);
	OK(tg_fail_allocation(k, n));
	err = build(&a, &b);
	if (!err)
		err = tg_spawn(b, tcp_server, NULL, NULL);
	if (!err)
		err = tg_spawn(b, udp_server, NULL, NULL);
	if (!err)
		err = tg_spawn(a, tcp_client, NULL, NULL);
	if (!err)
		err = tg_spawn(a, others, NULL, NULL);
	/* LINUX: the route of an address may be missing without a word. */
	if (err && err != -ENETUNREACH)
		assert_int_equal(err, -ENOMEM);
	/* Nobody waits longer than TCP does for one that is gone. */
	assert_true(tg_run_for(k, 3600 * 24 * TG_SEC) <= 2);
	made = tg_allocations(k) - before;
	/* Says when memory was lost. */
	OK(tg_kernel_free(k));
	return made;
}

static void quiet(void *arg, int level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static void every_allocation_fails_once(void **state)
{
	uint64_t n = 1, made;

	do
		made = run_failing(n);
	while (n++ <= made);
	printf("# %llu allocations\n", (unsigned long long)made);
	assert_true(made > 300);
}

/* No kernel, or one that works, for any amount of memory. */
static void kernels_that_do_not_fit(void **state)
{
	struct tg_kernel_params p = { .log = quiet };
	struct tg_host *h;
	int err = -ENOMEM;

	for (p.memory_limit = 16; err; p.memory_limit += 48) {
		err = tg_kernel_new(&p, &k);
		if (err) {
			assert_int_equal(err, -ENOMEM);
			continue;
		}
		err = tg_host_new(k, "h", &h);
		if (err)
			assert_int_equal(err, -ENOMEM);
		OK(tg_kernel_free(k));
		assert_true(p.memory_limit < 1 << 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_that_do_not_fit),
		cmocka_unit_test(every_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
