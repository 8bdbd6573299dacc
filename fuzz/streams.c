/* SPDX-License-Identifier: MIT */
/*
 * Two hosts and a hostile link between them: a stream arrives whole and in
 * order, or its connection fails; nobody waits for ever; nothing is left.
 *
 * The first bytes of the input are the link and the programs; then each byte
 * is the fate of one packet. Behind the last one all packets pass.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fuzz/input.h"
#include "net/core/proc_net.h"

#include <stdlib.h>

const size_t fuzz_input_max = 2048;

static struct input fates;

struct end {
	u32 to_send, chunk, pause_ms;
	u32 sent, got; /* bytes */
	bool eof; /* the other's end was read */
	long err; /* that ended it, 0: none */
};
static struct end ends[2]; /* client, server */
static bool corking;
static const char *congestion;

static enum link_verdict judge(void *arg, struct net_device *dev,
			       const struct sk_buff *skb, u64 *delay)
{
	u8 fate;

	(void)arg;
	(void)dev;
	(void)skb;
	if (!fates.left)
		return LINK_PASS;
	fate = in_u8(&fates);
	switch (fate >> 5) {
	case 0:
		return LINK_DROP;
	case 1:
		return LINK_DUPLICATE;
	case 2:
		return LINK_CORRUPT;
	case 3:
		*delay += (fate & 31) * NSEC_PER_MSEC;
		return LINK_PASS;
	default:
		return LINK_PASS;
	}
}

static void fail_stream(const char *what)
{
	fprintf(stderr, "%s\n", what);
	for (int i = 0; i < 2; i++)
		fprintf(stderr, "%s: sent %u of %u, got %u%s, error %ld\n",
			i ? "server" : "client", ends[i].sent, ends[i].to_send,
			ends[i].got, ends[i].eof ? " and the end" : "",
			ends[i].err);
	abort();
}

/* Send all, close that way, read to the end: as the other does. */
static void carry(int fd, struct end *e)
{
	static u8 out[2][65536], got[65536];
	u8 *buf = out[e - ends];
	u32 idle_ms = 1; /* longer, the longer nothing could be sent */
	long n;

	/* An end may give up and be gone before the other has heard of it. */
	(void)u_setopt(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	(void)u_setopt(fd, SOL_TCP, TCP_KEEPIDLE, 60);
	(void)u_setopt(fd, SOL_TCP, corking ? TCP_CORK : TCP_NODELAY, 1);
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_TCP,
		       (long)TCP_CONGESTION, U(congestion),
		       strlen(congestion), 0L);
	while (e->sent < e->to_send) {
		size_t part = min(e->chunk, e->to_send - e->sent);

		pattern_fill(buf, e->sent, part);
		n = u_send(fd, buf, part, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n == -EAGAIN)
			n = 0;
		if (n < 0) {
			e->err = n;
			return;
		}
		e->sent += (u32)n;
		idle_ms = n ? 1 : min(2 * idle_ms, 128U);
		if (e->pause_ms || !n)
			sim_sleep((e->pause_ms + idle_ms) * SIM_MS);
		/* So that neither fills the other's buffer for ever. */
		n = u_recv(fd, got, sizeof(got), MSG_DONTWAIT);
		if (n > 0 && !pattern_ok(got, e->got, (size_t)n))
			fail_stream("wrong bytes");
		if (n > 0)
			e->got += (u32)n;
		if (n == 0)
			e->eof = true;
		if (n < 0 && n != -EAGAIN) {
			e->err = n;
			return;
		}
	}
	(void)u_shutdown(fd, 1);
	while (!e->eof) {
		n = u_recv(fd, got, sizeof(got), 0);
		if (n < 0) {
			e->err = n;
			return;
		}
		if (!pattern_ok(got, e->got, (size_t)n))
			fail_stream("wrong bytes");
		e->got += (u32)n;
		e->eof = !n;
	}
}

static void server(void *arg)
{
	/* The client may give up before it was heard of. */
	const long patience[2] = { 1000, 0 }; /* seconds, us */
	int l = u_listener(0, PORT, 5), fd;

	(void)arg;
	(void)sim_call(__NR_setsockopt, (long)l, (long)SOL_SOCKET,
		       (long)SO_RCVTIMEO_OLD, U(patience), sizeof(patience));
	fd = (int)u_accept(l, 0);
	if (fd < 0)
		ends[1].err = fd;
	else
		carry(fd, &ends[1]);
}

static void client(void *arg)
{
	int fd = u_socket(SOCK_STREAM, 0);

	(void)arg;
	ends[0].err = u_connect(fd, R1, PORT);
	if (!ends[0].err)
		carry(fd, &ends[0]);
}

static void read_end(struct input *in, struct end *e)
{
	*e = (struct end){
		.to_send = in_u16(in) * (in_u8(in) & 1 ? 4U : 1U),
		.chunk = 1U + in_u16(in),
		.pause_ms = in_u8(in) & 1 ? in_u8(in) : 0,
	};
	/* Long runs find nothing that short ones do not. */
	e->chunk = max(e->chunk, e->to_send / 500);
}

/* How both hosts do TCP, by the bits of @how. */
static void choose(u8 how)
{
	static const char *const controls[] = { "cubic", "reno", "bbr",
						"cubic" };
	static const struct {
		const char *name, *value;
	} settings[] = {
		{ "ipv4/tcp_ecn", "1" },
		{ "ipv4/tcp_mtu_probing", "2" },
		{ "ipv4/tcp_syncookies", "2" },
		{ "ipv4/tcp_sack", "0" },
		{ "ipv4/tcp_timestamps", "0" },
	};

	corking = how & 1;
	congestion = controls[how >> 1 & 3];
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!(how >> 3 >> i & 1))
			continue;
		EXPECT(proc_sys_write(host_a, settings[i].name,
				      settings[i].value, 1), 0);
		EXPECT(proc_sys_write(host_b, settings[i].name,
				      settings[i].value, 1), 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct link_params p = { .judge = judge };
	u8 how;

	p.latency = in_u8(&in) * NSEC_PER_MSEC;
	p.rate = in_u8(&in) & 1 ? 1000ULL * (1 + in_u16(&in)) : 0;
	p.queue = in_u8(&in);
	p.mtu = in_u8(&in) & 1 ? 68U + in_u16(&in) % 9000 : 0;
	how = in_u8(&in);
	read_end(&in, &ends[0]);
	read_end(&in, &ends[1]);
	fates = in;

	two_hosts(&p);
	choose(how);
	(void)sim_spawn(sim, host_b, server, NULL);
	(void)sim_spawn(sim, host_a, client, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	if (sim_running(sim))
		fail_stream("somebody waits for ever");
	if (!ends[0].err && !ends[1].err &&
	    (ends[0].got != ends[1].sent || ends[1].got != ends[0].sent))
		fail_stream("not all arrived, and nobody was told");
	link_del(dev_get_by_name(host_a, "eth0"));
	if (sim_free(sim))
		fail_stream("something is left behind");
	return 0;
}
