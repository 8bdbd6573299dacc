/* SPDX-License-Identifier: MIT */
/*
 * A test of a small protocol under a partition.
 *
 * A client adds to a counter on a server, by datagrams "ID", each repeated
 * every half second until its answer "ID VALUE" comes. From 2 s on the answers
 * are lost, from 4 s on the requests, too; at 7 s the link is whole again. A
 * server that does not remember the last request it has done counts repeated
 * ones twice: give any argument, and the test finds that.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <trapgate.h>

#define REQUESTS 8

static int counter, forgetful;

static void must(long ret, const char *what)
{
	if (ret < 0) {
		fprintf(stderr, "%s: %s\n", what, strerror((int)-ret));
		exit(1);
	}
}

static void server(void *arg)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(4000) };
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0), last = 0;

	(void)arg;
	must(tg_bind(fd, (struct sockaddr *)&a, sizeof(a)), "bind");
	for (;;) {
		unsigned int len = sizeof(a);
		char buf[32] = "";
		int id;

		must(tg_recvfrom(fd, buf, sizeof(buf) - 1, 0,
				 (struct sockaddr *)&a, &len),
		     "recvfrom");
		id = atoi(buf);
		if (id != last || forgetful)
			counter++;
		last = id;
		snprintf(buf, sizeof(buf), "%d %d", id, counter);
		must(tg_sendto(fd, buf, strlen(buf), 0, (struct sockaddr *)&a,
			       len),
		     "sendto");
	}
}

static void add_one(int fd, int id)
{
	char buf[32] = "";
	int tries = 0;
	long n;

	do {
		snprintf(buf, sizeof(buf), "%d", id);
		tries++;
		must(tg_send(fd, buf, strlen(buf), 0), "send");
		n = tg_recv(fd, buf, sizeof(buf) - 1, 0);
	} while (n == -EAGAIN || (n > 0 && atoi(buf) != id));
	must(n, "recv");
	buf[n] = '\0';
	printf("%7.3f s: %s after %d %s\n", (double)tg_now(NULL) / TG_SEC, buf,
	       tries, tries > 1 ? "tries" : "try");
}

static void client(void *arg)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(4000) };
	struct timeval half = { .tv_usec = 500000 };
	int fd = tg_socket(AF_INET, SOCK_DGRAM, 0);

	(void)arg;
	a.sin_addr.s_addr = inet_addr("10.0.0.2");
	must(tg_connect(fd, (struct sockaddr *)&a, sizeof(a)), "connect");
	must(tg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof(half)),
	     "setsockopt");
	for (int id = 1; id <= REQUESTS; id++) {
		add_one(fd, id);
		tg_sleep(700 * TG_MSEC);
	}
}

int main(int argc, char **argv)
{
	struct tg_link_params wire = { .latency = 20 * TG_MSEC };
	struct tg_task *task;
	struct tg_host *c, *s;
	struct tg_kernel *k;
	struct tg_link *l;

	(void)argv;
	forgetful = argc > 1;
	must(tg_kernel_new(NULL, &k), "kernel");
	must(tg_host_new(k, "client", &c), "host");
	must(tg_host_new(k, "server", &s), "host");
	must(tg_link_new(c, "eth0", s, "eth0", &wire, &l), "link");
	must(tg_addr_add(c, "eth0", "10.0.0.1/24"), "address");
	must(tg_addr_add(s, "eth0", "10.0.0.2/24"), "address");
	must(tg_spawn(s, server, NULL, NULL), "server");
	must(tg_spawn(c, client, NULL, &task), "client");

	must(tg_run_until(k, 2 * TG_SEC), "run");
	must(tg_link_cut(l, TG_B, true), "cut");
	must(tg_run_until(k, 4 * TG_SEC), "run");
	must(tg_link_cut(l, TG_A, true), "cut");
	must(tg_run_until(k, 7 * TG_SEC), "run");
	must(tg_link_cut(l, TG_BOTH, false), "mend");
	must(tg_run_task(k, task), "run");

	printf("%d requests, counted to %d\n", REQUESTS, counter);
	tg_kernel_free(k);
	return counter == REQUESTS ? 0 : 1;
}
