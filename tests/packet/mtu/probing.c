/* SPDX-License-Identifier: MIT */
/* RFC 4821: the path MTU by probes; black holes; what ICMP adds (RFC 1191). */
#include "tests/packet/wire.h"

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	if (l >= 0)
		u_close(l);
}

static bool arrived[1000000];

/* Send @total bytes to a receiver that no segment beyond @mtu reaches. */
static void transfer(int c, u32 total, u32 mtu)
{
	u32 sent = 0, acked = 1, from = nr_seen, start, end;

	memset(arrived, 0, sizeof(arrived));
	while (acked < total + 1) {
		long n;

		/* More than the window holds: it waits to be probed with. */
		while (sent < total && (n = u_send(c, payload,
						   min(total - sent, 65536U),
						   0)) > 0)
			sent += (u32)n;
		sim_sleep(10 * SIM_MS);
		for (; from < nr_seen; from++)
			if (seen[from].len + 40 <= mtu)
				memset(arrived + seen[from].seq, true,
				       seen[from].len);
		while (arrived[acked])
			acked++;
		for (start = acked; start <= total && !arrived[start];)
			start++;
		for (end = start; arrived[end];)
			end++;
		put(ACK, 1, acked, 65535, 0,
		    end > start ? sack1(host_isn, start, end) : none);
		if (nr_seen > MAX_PKTS / 2)
			nr_seen = next_seen = from = 0;
	}
}

SCRIPT(probes_find_a_full_ethernet)
{
	struct tcp_info i;
	int c;

	sysctl("ipv4/tcp_mtu_probing", "2");
	handshake_ms = 10;
	c = connected(65535, join(mss(1460), sackok()));
	transfer(c, 400000, 1500);
	i = info_of(c);
	/* Within the threshold of 1500 bytes. */
	CHECK(i.tcpi_snd_mss > 1452 && i.tcpi_snd_mss <= 1460);
	CHECK(stat(TCPMTUPSuccess) >= 4);
	EXPECT(stat(TCPMTUPFail), 0);
	EXPECT(i.tcpi_total_retrans, 0);
	ends(c, -1);
}

SCRIPT(probes_stop_at_what_passes)
{
	struct tcp_info i;
	int c;

	sysctl("ipv4/tcp_mtu_probing", "2");
	handshake_ms = 10;
	c = connected(65535, join(mss(1460), sackok()));
	transfer(c, 600000, 1300);
	i = info_of(c);
	CHECK(i.tcpi_snd_mss + 40 > 1292 && i.tcpi_snd_mss + 40 <= 1300);
	CHECK(stat(TCPMTUPSuccess) >= 1 && stat(TCPMTUPFail) >= 1);
	/* 7.4: a lost probe is no congestion. */
	EXPECT(stat(TCPSackRecovery), 0);
	EXPECT(stat(TCPTimeouts), 0);
	CHECK(i.tcpi_snd_cwnd >= 10);
	ends(c, -1);
}

SCRIPT(no_probes_unless_asked_for)
{
	int l = listening(), c = accepted(l, 65535, join(mss(1460), sackok()));

	transfer(c, 200000, 1500);
	EXPECT(info_of(c).tcpi_snd_mss, 1460);
	EXPECT(stat(TCPMTUPSuccess), 0);
	ends(c, l);
}

/* Full segments vanish: after some timeouts try small ones. */
static void black_hole(const char *probing, const u32 *want)
{
	int l = listening(), c;
	struct seen *s;

	sysctl("ipv4/tcp_mtu_probing", probing);
	c = accepted(l, 65535, mss(1460));
	CHECK(u_send(c, payload, 5000, 0) == 5000);
	skip_seen();
	for (int i = 0; i < 6 && (s = next_within(60 * SIM_SEC)); i++)
		EXPECT(s->len, i < 4 ? 1460 : want[i - 4]);
	EXPECT(info_of(c).tcpi_snd_mss, want[1]);
	ends(c, l);
}

SCRIPT(black_hole_is_found)
{
	static const u32 want[] = { 1024, 512 };

	black_hole("1", want);
}

LONG_SCRIPT(black_hole_is_not_looked_for)
{
	static const u32 want[] = { 1460, 1460 };

	black_hole("0", want);
}

/* The setting takes any number; sizes above any packet's are the packet's. */
SCRIPT(no_base_is_too_large_or_too_small)
{
	static const char *const base[] = { "2147483647", "-2147483648", "0" };

	sysctl("ipv4/tcp_mtu_probing", "2");
	for (int i = 0; i < 3; i++) {
		int l, c;

		sysctl("ipv4/tcp_base_mss", base[i]);
		l = listening();
		c = accepted(l, 20000, mss(1000));
		CHECK(u_send(c, payload, 100, 0) == 100);
		want(ACK, 1, 1, 100);
		ends(c, l);
	}
}
