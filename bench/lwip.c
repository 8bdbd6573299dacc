/* SPDX-License-Identifier: MIT */
/*
 * lwip WHAT N: lwIP's raw API in one process, two interfaces back to back in
 * memory, no system calls. bench/stack.c is its counterpart.
 *
 *	rtt N		ns of a 1-byte round trip, of N
 *	bulk MIB	Mbit/s of one stream
 *	connect N	ns to connect, accept and abort, of N
 *	connect-fin N	the same, closed by FIN, the client first
 *	idle N		N connections that do nothing: ns to open one, bytes of an
 *			end, ns of a round trip on one more before and after
 *
 * Debian's library is built for threads (NO_SYS=0), but its raw API needs none:
 * this program is the one thread of the core. TCP_MSS is 1460, the window
 * 64 KiB and the memory malloc's; all checksums are made and checked.
 */
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PORT 1000
#define CHUNK 65535
#define RTT_TRIPS 100000
/* Connections after which those in TIME_WAIT are made to end, untimed. */
#define FIN_BATCH 100

static struct netif side[2]; /* client, server */
static struct tcp_pcb *listener, *pcb_c, *pcb_s;
static bool connected, closed;
static long trips, received, to_send;
static char buf[CHUNK];

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "lwip: %s\n", what);
	exit(1);
}

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* The cable: what one side sends waits for the other. */
static struct wire {
	struct pbuf *p;
	struct netif *to;
} wires[4096];
static unsigned int wire_head, wire_tail;

/* A copy, as over lwIP's own loopback: the sender keeps what it sends. */
static err_t wire_output(struct netif *from, struct pbuf *p,
			 const ip4_addr_t *to)
{
	struct wire *w = &wires[wire_tail % 4096];

	(void)to;
	check(wire_tail - wire_head < 4096, "the wire is full");
	w->p = pbuf_alloc(PBUF_RAW, p->tot_len, PBUF_RAM);
	check(w->p && pbuf_copy(w->p, p) == ERR_OK, "no memory");
	w->to = from == &side[0] ? &side[1] : &side[0];
	wire_tail++;
	return ERR_OK;
}

static bool wire_poll(void)
{
	struct wire *w = &wires[wire_head % 4096];

	if (wire_head == wire_tail)
		return false;
	wire_head++;
	check(w->to->input(w->p, w->to) == ERR_OK, "input");
	return true;
}

static void settle(void)
{
	while (wire_poll())
		;
}

static err_t side_init(struct netif *n)
{
	n->name[0] = 'w';
	n->name[1] = n == &side[0] ? 'a' : 'b';
	n->mtu = 1500;
	n->output = wire_output;
	n->flags = NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

static ip_addr_t side_address(int i)
{
	ip_addr_t a;

	IP_ADDR4(&a, 10, 0, 0, i + 1);
	return a;
}

static void world(void)
{
	ip4_addr_t mask, gw;

	lwip_init();
	IP4_ADDR(&mask, 255, 255, 255, 0);
	IP4_ADDR(&gw, 0, 0, 0, 0);
	for (int i = 0; i < 2; i++) {
		ip_addr_t a = side_address(i);

		check(netif_add(&side[i], ip_2_ip4(&a), &mask, &gw, NULL,
				side_init, netif_input),
		      "netif_add");
		netif_set_up(&side[i]);
	}
}

static void on_error(void *arg, err_t err)
{
	(void)err;
	*(struct tcp_pcb **)arg = NULL;
	closed = true;
}

/* The server's answers: to a byte a byte, to the end the end. */
static err_t recv_s(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	(void)arg;
	(void)err;
	if (!p) {
		pcb_s = NULL;
		tcp_err(pcb, NULL);
		check(tcp_close(pcb) == ERR_OK, "tcp_close");
		closed = true;
		return ERR_OK;
	}
	tcp_recved(pcb, p->tot_len);
	received += p->tot_len;
	if (trips)
		tcp_write(pcb, buf, 1, TCP_WRITE_FLAG_COPY);
	pbuf_free(p);
	return ERR_OK;
}

static err_t recv_c(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	(void)arg;
	(void)err;
	if (!p) /* closed: it is in TIME_WAIT */
		return ERR_OK;
	tcp_recved(pcb, p->tot_len);
	pbuf_free(p);
	if (trips && --trips)
		tcp_write(pcb, buf, 1, TCP_WRITE_FLAG_COPY);
	return ERR_OK;
}

/* As much as there is room for. */
static err_t sent_c(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	(void)arg;
	(void)len;
	while (to_send && tcp_sndbuf(pcb)) {
		u16_t n = (u16_t)LWIP_MIN(to_send, (long)tcp_sndbuf(pcb));

		if (tcp_write(pcb, buf, n, 0) != ERR_OK)
			break;
		to_send -= n;
	}
	return ERR_OK;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	(void)arg;
	check(err == ERR_OK, "accept");
	pcb_s = pcb;
	tcp_arg(pcb, &pcb_s);
	tcp_recv(pcb, recv_s);
	tcp_err(pcb, on_error);
	tcp_nagle_disable(pcb);
	return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	(void)arg;
	(void)pcb;
	check(err == ERR_OK, "connect");
	connected = true;
	return ERR_OK;
}

static void listen_on(void)
{
	ip_addr_t a = side_address(1);
	struct tcp_pcb *pcb = tcp_new();

	check(pcb != NULL, "no memory");
	tcp_bind_netif(pcb, &side[1]);
	check(tcp_bind(pcb, &a, PORT) == ERR_OK, "bind");
	listener = tcp_listen(pcb);
	check(listener != NULL, "listen");
	tcp_accept(listener, on_accept);
}

static void dial(void)
{
	ip_addr_t a = side_address(0), to = side_address(1);

	connected = closed = false;
	pcb_c = tcp_new();
	check(pcb_c != NULL, "no memory");
	tcp_arg(pcb_c, &pcb_c);
	tcp_bind_netif(pcb_c, &side[0]);
	check(tcp_bind(pcb_c, &a, 0) == ERR_OK, "no port");
	tcp_recv(pcb_c, recv_c);
	tcp_sent(pcb_c, sent_c);
	tcp_err(pcb_c, on_error);
	tcp_nagle_disable(pcb_c);
	check(tcp_connect(pcb_c, &to, PORT, on_connected) == ERR_OK, "connect");
	settle();
	check(connected && pcb_s, "not connected");
}

static double rtt(struct tcp_pcb *pcb, long n)
{
	double t = now_ns();

	trips = n;
	tcp_write(pcb, buf, 1, TCP_WRITE_FLAG_COPY);
	tcp_output(pcb);
	while (trips && wire_poll())
		;
	check(!trips, "a byte is lost");
	settle();
	return (now_ns() - t) / (double)n;
}

static double bulk(struct tcp_pcb *pcb, long mib)
{
	double t = now_ns();

	received = 0;
	to_send = mib << 20;
	sent_c(NULL, pcb, 0);
	tcp_output(pcb);
	settle();
	check(received == mib << 20, "bytes are lost");
	return (double)received * 8e3 / (now_ns() - t);
}

static double connects(long n, bool fin)
{
	double t = now_ns(), skipped = 0;

	for (long i = 0; i < n; i++) {
		dial();
		if (fin) {
			tcp_err(pcb_c, NULL);
			check(tcp_close(pcb_c) == ERR_OK, "close");
		} else {
			tcp_abort(pcb_c);
		}
		settle();
		check(closed && !pcb_s, "not closed");
		if (fin && i % FIN_BATCH == FIN_BATCH - 1) {
			double from = now_ns();

			while (tcp_tw_pcbs)
				tcp_slowtmr();
			skipped += now_ns() - from;
		}
	}
	return (now_ns() - t - skipped) / (double)n;
}

static void idle(long n)
{
	struct tcp_pcb *pcb;
	double before, t, each;
	size_t first, all;

	dial();
	pcb = pcb_c;
	tcp_arg(pcb, NULL);
	before = rtt(pcb, RTT_TRIPS);
	first = mallinfo2().uordblks;
	t = now_ns();
	for (long i = 0; i < n; i++)
		dial();
	each = (now_ns() - t) / (double)n;
	all = mallinfo2().uordblks - first;
	printf("%.0f %.0f %.0f %.1f %.1f\n", each, (double)all / (double)n / 2,
	       (double)all / (double)n / 2, before, rtt(pcb, RTT_TRIPS));
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	long n = argc > 2 ? atol(argv[2]) : 0;

	world();
	listen_on();
	if (!strcmp(what, "rtt") && n > 0) {
		dial();
		(void)rtt(pcb_c, n / 10 + 1);
		printf("%.1f\n", rtt(pcb_c, n));
	} else if (!strcmp(what, "bulk") && n > 0) {
		dial();
		(void)bulk(pcb_c, n / 10 + 1);
		printf("%.0f\n", bulk(pcb_c, n));
	} else if (!strcmp(what, "connect") && n > 0) {
		printf("%.0f\n", connects(n, false));
	} else if (!strcmp(what, "connect-fin") && n > 0) {
		printf("%.0f\n", connects(n, true));
	} else if (!strcmp(what, "idle") && n > 0) {
		idle(n);
	} else {
		fprintf(stderr, "usage: lwip rtt|bulk|connect|connect-fin|"
				"idle N\n");
		return 2;
	}
	return 0;
}
