/* SPDX-License-Identifier: MIT */
/*
 * stack WHAT N: libtrapgate in one process, two hosts and a cable between
 * them, real clock, no system calls. bench/lwip.c is its counterpart.
 *
 *	client 10.0.0.1 ---- no delay, no limit ---- 10.0.0.2 server
 *
 *	rtt N		ns of a 1-byte round trip, of N
 *	bulk MIB [MTU]	Mbit/s of one stream, MTU 1500
 *	connect N	ns to connect, accept and close by RST, of N
 *	connect-fin N	the same, closed by FIN, the client first
 *	idle N		N connections that do nothing: ns to open one, bytes of a
 *			client's and of a server's end, ns of a round trip on
 *			one more before and after
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <trapgate.h>

#define CHUNK (128 << 10)
/* Listeners: a client's address has this many ports for each. */
#define PORT 1000
#define PORTS_EACH 15000
#define RTT_TRIPS 100000

static struct tg_kernel *kernel;
static struct tg_host *host_s;
static struct tg_proc *client, *server;
static long count;
static int listener, fd_c, fd_s;
static char buf_c[CHUNK], buf_s[CHUNK];

static int must_(long ret, const char *what)
{
	if (ret < 0) {
		fprintf(stderr, "%s: %s\n", what, strerror((int)-ret));
		exit(1);
	}
	return (int)ret;
}
#define must(call) must_(call, #call)

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static struct sockaddr_in address(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port) };

	a.sin_addr.s_addr = htonl(10 << 24 | 2); /* 10.0.0.2 */
	return a;
}

/* Run @a of the server and @b of the client to their ends. */
static void both(void (*a)(void *), void (*b)(void *))
{
	struct tg_task *s, *c;

	must(tg_task_new(server, a, NULL, &s));
	must(tg_task_new(client, b, NULL, &c));
	must(tg_run_task(kernel, c));
	must(tg_run_task(kernel, s));
	tg_task_free(s);
	tg_task_free(c);
}

static void world(const char *mtu)
{
	struct tg_kernel_params kp = { .clock = TG_CLOCK_REAL,
				       .max_fds = 3U << 20 };
	struct tg_link_params lp = { .mtu = mtu ? (uint32_t)atoi(mtu) : 0,
				     .queue = 100000 };
	struct tg_host *a, *b;
	struct tg_link *l;

	must(tg_kernel_new(&kp, &kernel));
	must(tg_host_new(kernel, "client", &a));
	must(tg_host_new(kernel, "server", &b));
	must(tg_link_new(a, "eth0", b, "eth0", &lp, &l));
	must(tg_addr_add(a, "eth0", "10.0.0.1/24"));
	must(tg_addr_add(b, "eth0", "10.0.0.2/24"));
	must(tg_sysctl_set(a, "net.ipv4.ip_local_port_range", "2000 65000"));
	must(tg_proc_new(a, &client));
	must(tg_proc_new(b, &server));
	host_s = b;
}

static void listen_on(int port)
{
	struct sockaddr_in a = address(port);

	listener = must(tg_socket(AF_INET, SOCK_STREAM, 0));
	must(tg_bind(listener, (struct sockaddr *)&a, sizeof(a)));
	must(tg_listen(listener, 128));
}

static int dial(int port)
{
	struct sockaddr_in a = address(port);
	int fd = must(tg_socket(AF_INET, SOCK_STREAM, 0));

	must(tg_connect(fd, (struct sockaddr *)&a, sizeof(a)));
	return fd;
}

static void nodelay(int fd)
{
	int on = 1;

	must(tg_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
}

static void pair_s(void *arg)
{
	(void)arg;
	listen_on(PORT);
	fd_s = must(tg_accept(listener, NULL, NULL));
	nodelay(fd_s);
}

static void pair_c(void *arg)
{
	(void)arg;
	fd_c = dial(PORT);
	nodelay(fd_c);
}

static void rtt_s(void *arg)
{
	(void)arg;
	for (long i = 0; i < count; i++) {
		must(tg_recv(fd_s, buf_s, sizeof(buf_s), 0));
		must(tg_send(fd_s, buf_s, 1, 0));
	}
}

static void rtt_c(void *arg)
{
	(void)arg;
	for (long i = 0; i < count; i++) {
		must(tg_send(fd_c, buf_c, 1, 0));
		must(tg_recv(fd_c, buf_c, sizeof(buf_c), 0));
	}
}

static double rtt(long n)
{
	double t = now_ns();

	count = n;
	both(rtt_s, rtt_c);
	return (now_ns() - t) / (double)n;
}

static void bulk_s(void *arg)
{
	(void)arg;
	for (long got = 0; got < count;)
		got += must(tg_recv(fd_s, buf_s, sizeof(buf_s), 0));
}

static void bulk_c(void *arg)
{
	(void)arg;
	for (long sent = 0; sent < count;)
		sent += must(tg_send(fd_c, buf_c, sizeof(buf_c), 0));
}

static double bulk(long mib)
{
	double t = now_ns();

	count = mib << 20;
	both(bulk_s, bulk_c);
	return (double)count * 8e3 / (now_ns() - t);
}

static void connect_s(void *arg)
{
	(void)arg;
	for (long i = 0; i < count; i++) {
		int fd = must(tg_accept(listener, NULL, NULL));

		(void)tg_recv(fd, buf_s, 1, 0);
		must(tg_close(fd));
	}
}

/* The server must come to accept each: the backlog is short. */
static void connect_rst_c(void *arg)
{
	const struct linger now = { .l_onoff = 1 };

	(void)arg;
	for (long i = 0; i < count; i++) {
		int fd = dial(PORT);

		must(tg_setsockopt(fd, SOL_SOCKET, SO_LINGER, &now,
				   sizeof(now)));
		must(tg_close(fd));
		must(tg_sleep(0));
	}
}

static void connect_fin_c(void *arg)
{
	(void)arg;
	for (long i = 0; i < count; i++) {
		must(tg_close(dial(PORT)));
		must(tg_sleep(0));
	}
}

static double connects(long n, void (*c)(void *))
{
	double t = now_ns();

	count = n;
	both(connect_s, c);
	return (now_ns() - t) / (double)n;
}

/* Opened from outside of tasks: nobody sleeps in a call meanwhile. */
static double idle_open(long n)
{
	double t = now_ns();

	for (long i = 0; i < n; i++) {
		int fd, port = PORT + 1 + (int)(i / PORTS_EACH);
		struct sockaddr_in a = address(port);

		(void)tg_act_for(server);
		if (i % PORTS_EACH == 0)
			listen_on(port);
		(void)tg_act_for(client);
		fd = must(tg_socket(AF_INET, SOCK_STREAM, 0));
		(void)tg_connect(fd, (struct sockaddr *)&a, sizeof(a));
		(void)tg_act_for(server);
		while ((fd = tg_accept(listener, NULL, NULL)) == -EAGAIN)
			must(tg_run_realtime(kernel, NULL));
		must(fd);
	}
	return (now_ns() - t) / (double)n;
}

/* Idle connections are packed after a while: until that is done. */
static void rest(void)
{
	size_t before;

	do {
		before = tg_memory(kernel);
		must(tg_run_for(kernel, 3 * TG_SEC));
	} while (tg_memory(kernel) < before);
}

/* What an end has is what is given back when its host is switched off. */
static void idle(long n)
{
	double each, before, with;
	size_t first, all, c;

	both(pair_s, pair_c);
	before = rtt(RTT_TRIPS);
	first = tg_memory(kernel);
	each = idle_open(n);
	rest();
	with = rtt(RTT_TRIPS);
	all = tg_memory(kernel) - first;
	must(tg_host_free(host_s));
	c = tg_memory(kernel) - first;
	printf("%.0f %.0f %.0f %.1f %.1f\n", each, (double)c / (double)n,
	       (double)(all - c) / (double)n, before, with);
}

static void listen_s(void *arg)
{
	(void)arg;
	listen_on(PORT);
}

static void nothing(void *arg)
{
	(void)arg;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	long n = argc > 2 ? atol(argv[2]) : 0;

	world(argc > 3 ? argv[3] : NULL);
	if (!strcmp(what, "rtt") && n > 0) {
		both(pair_s, pair_c);
		(void)rtt(n / 10 + 1);
		printf("%.1f\n", rtt(n));
	} else if (!strcmp(what, "bulk") && n > 0) {
		both(pair_s, pair_c);
		(void)bulk(n / 10 + 1);
		printf("%.0f\n", bulk(n));
	} else if (!strcmp(what, "connect") && n > 0) {
		both(listen_s, nothing);
		printf("%.0f\n", connects(n, connect_rst_c));
	} else if (!strcmp(what, "connect-fin") && n > 0) {
		both(listen_s, nothing);
		printf("%.0f\n", connects(n, connect_fin_c));
	} else if (!strcmp(what, "idle") && n > 0) {
		idle(n);
	} else {
		fprintf(stderr, "usage: stack rtt|bulk|connect|connect-fin|"
				"idle N [MTU]\n");
		return 2;
	}
	return 0;
}
