/* SPDX-License-Identifier: MIT */
/*
 * Echo a megabyte over a bad link, and say how long that would have taken.
 *
 *	client 10.0.0.1 ---- 20 Mbit/s, 15 ms, 1 % lost ---- 10.0.0.2 server
 *
 *	cc echo.c $(pkg-config --cflags --libs libtrapgate) && ./a.out [SEED]
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <trapgate.h>

#define BYTES 1000000

static struct tg_proc *client;
static long echoed;
static uint64_t done_at; /* ns of virtual time */

static void must(long ret, const char *what)
{
	if (ret < 0) {
		fprintf(stderr, "%s: %s\n", what, strerror((int)-ret));
		exit(1);
	}
}

static struct sockaddr_in server_address(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7) };

	a.sin_addr.s_addr = inet_addr("10.0.0.2");
	return a;
}

static void server(void *arg)
{
	struct sockaddr_in a = server_address();
	int l = tg_socket(AF_INET, SOCK_STREAM, 0), fd;
	char buf[16384];
	long n;

	(void)arg;
	must(tg_bind(l, (struct sockaddr *)&a, sizeof(a)), "bind");
	must(tg_listen(l, 1), "listen");
	fd = tg_accept(l, NULL, NULL);
	must(fd, "accept");
	while ((n = tg_recv(fd, buf, sizeof(buf), 0)) > 0)
		must(tg_send(fd, buf, (size_t)n, 0), "server: send");
	must(n, "server: recv");
}

/* Tasks of one process share its descriptors: one writes, the other reads. */
static void reader(void *arg)
{
	int fd = *(int *)arg;
	char buf[16384];
	long n;

	while ((n = tg_recv(fd, buf, sizeof(buf), 0)) > 0)
		echoed += n;
	must(n, "client: recv");
	done_at = tg_now(NULL);
}

static void writer(void *arg)
{
	static int fd;
	static char buf[BYTES];
	struct sockaddr_in a = server_address();

	(void)arg;
	fd = tg_socket(AF_INET, SOCK_STREAM, 0);
	must(tg_connect(fd, (struct sockaddr *)&a, sizeof(a)), "connect");
	must(tg_task_new(client, reader, &fd, NULL), "task");
	for (long at = 0, n; at < BYTES; at += n) {
		n = tg_send(fd, buf + at, (size_t)(BYTES - at), 0);
		must(n, "client: send");
	}
	must(tg_shutdown(fd, SHUT_WR), "shutdown");
}

int main(int argc, char **argv)
{
	struct tg_kernel_params params = {
		.seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
	};
	struct tg_link_params wire = {
		.latency = 15 * TG_MSEC,
		.rate = 20000000,
		.queue = 50,
		.loss = TG_SURE / 100,
	};
	struct tg_host *c, *s;
	struct tg_kernel *k;
	struct tg_link *l;
	uint64_t again;

	must(tg_kernel_new(&params, &k), "kernel");
	must(tg_host_new(k, "client", &c), "host");
	must(tg_host_new(k, "server", &s), "host");
	must(tg_link_new(c, "eth0", s, "eth0", &wire, &l), "link");
	must(tg_addr_add(c, "eth0", "10.0.0.1/24"), "address");
	must(tg_addr_add(s, "eth0", "10.0.0.2/24"), "address");
	must(tg_proc_new(c, &client), "process");

	must(tg_spawn(s, server, NULL, NULL), "task");
	must(tg_task_new(client, writer, NULL, NULL), "task");
	must(tg_run(k), "run");

	must(tg_counter(c, "TcpRetransSegs", &again), "counter");
	printf("%ld bytes came back after %.3f s, %" PRIu64
	       " segments were sent again\n",
	       echoed, (double)done_at / TG_SEC, again);
	tg_kernel_free(k);
	return echoed == BYTES ? 0 : 1;
}
