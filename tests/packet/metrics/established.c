/* SPDX-License-Identifier: MIT */
/* What a host remembers of a destination: RFC 9040, as Linux keeps it. */
#include "tests/packet/wire.h"

/* A connection whose round trip takes @ms for data, ended in good order. */
static void visit(int l, u64 ms)
{
	int c;

	handshake_ms = ms;
	c = accepted(l, 65535, mss(1000));
	EXPECT(u_send(c, payload, 1000, 0), 1000);
	want(ACK, 1, 1, 1000);
	sim_sleep(ms * SIM_MS);
	put(ACK, 1, 1001, 65535, 0, none);
	u_close(c);
	want(FIN | ACK, 1001, 1, 0);
	sim_sleep(ms * SIM_MS);
	put(FIN | ACK, 1, 1002, 65535, 0, none);
	want(ACK, 1002, 2, 0);
	peer_port++;
	handshake_ms = 0;
}

SCRIPT(a_known_rtt_makes_the_first_rto)
{
	int l = listening(), c;

	c = accepted(l, 65535, mss(1000));
	CHECK(info_of(c).tcpi_rto <= 210000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	peer_port++;
	visit(l, 300);
	c = accepted(l, 65535, mss(1000));
	/* The handshake was fast; data will not be: 300 + 2 * 300. */
	CHECK(info_of(c).tcpi_rto >= 890000 && info_of(c).tcpi_rto <= 910000);
	/* Only the first: a sample of this connection rules. */
	EXPECT(u_send(c, payload, 1000, 0), 1000);
	put(ACK, 1, 1001, 65535, 0, none);
	CHECK(info_of(c).tcpi_rto <= 210000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SCRIPT(nothing_is_saved_when_told_so)
{
	int l = listening(), c;

	sysctl("ipv4/tcp_no_metrics_save", "1");
	visit(l, 300);
	c = accepted(l, 65535, mss(1000));
	CHECK(info_of(c).tcpi_rto <= 210000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

SIM_SCRIPT(an_hour_later_it_is_forgotten)
{
	int l = listening(), c;

	visit(l, 300);
	sim_sleep(3601 * SIM_SEC);
	c = accepted(l, 65535, mss(1000));
	CHECK(info_of(c).tcpi_rto <= 210000);
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
}

/* A window that met its limit, and a connection after it. */
static u32 ssthresh_after_loss(int l)
{
	u32 got;
	int c;

	handshake_ms = 20;
	EXPECT(u_setopt(l, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	c = accepted(l, 65535, join(mss(1000), sackok()));
	CHECK(u_send(c, payload, 30000, 0) == 30000);
	sim_sleep(20 * SIM_MS);
	/* The first of ten is lost, and comes at the second try. */
	put(ACK, 1, 1, 65535, 0, sack1(host_isn, 1001, 10001));
	sim_sleep(20 * SIM_MS);
	put(ACK, 1, nr_seen ? seen[nr_seen - 1].seq + 1000 : 0, 65535, 0, none);
	for (int i = 0; i < 40 && u_getopt(c, SOL_TCP, TCP_MAXSEG) > 0; i++) {
		u32 top = 0;

		for (unsigned int k = 0; k < nr_seen; k++)
			if (after(seen[k].seq + seen[k].len, top))
				top = seen[k].seq + seen[k].len;
		sim_sleep(20 * SIM_MS);
		put(ACK, 1, top, 65535, 0, none);
		if (top == 30001)
			break;
	}
	CHECK(info_of(c).tcpi_snd_ssthresh < 100);
	skip_seen();
	u_close(c);
	want(FIN | ACK, 30001, 1, 0);
	put(FIN | ACK, 1, 30002, 65535, 0, none);
	want(ACK, 30002, 2, 0);
	peer_port++;
	c = accepted(l, 65535, mss(1000));
	got = info_of(c).tcpi_snd_ssthresh;
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	return got;
}

SCRIPT(ssthresh_is_not_kept)
{
	int l = listening();

	EXPECT(ssthresh_after_loss(l), TCP_INFINITE_SSTHRESH);
	u_close(l);
}

SCRIPT(ssthresh_is_kept_when_asked)
{
	int l = listening();

	sysctl("ipv4/tcp_no_ssthresh_metrics_save", "0");
	CHECK(ssthresh_after_loss(l) < 100);
	u_close(l);
}
