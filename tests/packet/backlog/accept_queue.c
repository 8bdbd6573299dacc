/* SPDX-License-Identifier: MIT */
/*
 * A listener whose queue of connections nobody accepts is full. LINUX: a
 * backlog of n holds n + 1.
 */
#include "tests/packet/wire.h"

static int listener(int backlog)
{
	int l = u_listener(0, PORT, backlog);

	host_port = PORT;
	return l;
}

/* The peer on @port opens; the host's first number, to come back to it. */
static u32 syn_from(u16 port)
{
	new_peer(port);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	return host_isn;
}

static void back_to(u16 port, u32 isn)
{
	peer_port = port;
	host_isn = isn;
	host_isn_known = true;
}

/* Whole connections from ports @from on, which nobody accepts. */
static void connections(u16 from, int n)
{
	for (; n--; from++) {
		syn_from(from);
		put(ACK, 1, 1, 65535, 0, none);
	}
}

/* A SYN for which there is no room is not answered. */
SCRIPT(full_queue_drops_the_syn)
{
	int l = listener(1), c;

	sysctl("ipv4/tcp_syncookies", "0");
	connections(4000, 2);
	new_peer(4002);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want_none(150 * SIM_MS);
	EXPECT(stat(ListenOverflows), 1);
	EXPECT(stat(ListenDrops), 1);
	/* The peer tries again, and by then there is. */
	c = (int)u_accept(l, 0);
	CHECK(c >= 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	u_close(c);
	c = (int)u_accept(l, 0);
	u_close(c);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	CHECK(c >= 0);
	u_close(c);
	u_close(l);
	skip_seen();
}

/* Cookies do not help: the queue they save is the other one. */
SCRIPT(full_queue_drops_the_syn_with_cookies_too)
{
	int l = listener(1);

	sysctl("ipv4/tcp_syncookies", "2");
	connections(4000, 2);
	new_peer(4002);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want_none(150 * SIM_MS);
	EXPECT(stat(ListenOverflows), 1);
	u_close(l);
	skip_seen();
}

/*
 * It filled up between SYN and ACK: the ACK is dropped, and the SYN-ACK comes
 * again until there is room. The peer has a connection all the while.
 */
SCRIPT(full_queue_drops_the_third_segment)
{
	int l = listener(0), c;
	u32 isn;

	/* The last of the two: younger requests go by the timer. */
	isn = syn_from(4000);
	syn_from(4001);
	put(ACK, 1, 1, 65535, 0, none);
	back_to(4000, isn);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(stat(ListenOverflows), 1);
	EXPECT(stat(ListenDrops), 1);
	/* Its data as well. */
	put(ACK | PSH, 1, 1, 65535, 10, none);
	want_none(0);
	EXPECT(stat(ListenOverflows), 2);
	want_within(1500 * SIM_MS, SYN | ACK, 0, 1, 0);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	CHECK(c >= 0);
	u_close(c);
	skip_seen();
	put(ACK | PSH, 1, 1, 65535, 10, none);
	want(ACK, 1, 11, 0);
	c = (int)u_accept(l, SOCK_NONBLOCK);
	EXPECT(u_recv(c, payload, 100, 0), 10);
	u_close(c);
	u_close(l);
	skip_seen();
}

SCRIPT(full_queue_resets_when_told_so)
{
	int l = listener(0);
	u32 isn;

	sysctl("ipv4/tcp_abort_on_overflow", "1");
	isn = syn_from(4000);
	syn_from(4001);
	put(ACK, 1, 1, 65535, 0, none);
	back_to(4000, isn);
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	EXPECT(stat(ListenOverflows), 1);
	/* And it is forgotten. */
	put(ACK, 1, 1, 65535, 0, none);
	want(RST, 1, 0, 0);
	want_none(1200 * SIM_MS);
	u_close(l);
	skip_seen();
}
