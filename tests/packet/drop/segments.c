/* SPDX-License-Identifier: MIT */
/* More segments that are dropped, in the states where few come. */
#include "tests/packet/drop/drop.h"

#include <linux/filter.h>

#define tcp ((struct tcphdr *)pkt_payload)

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
	skip_seen();
}

/* The first SYN of the peer, from and to whatever address. */
static void put_syn(u32 saddr, u32 daddr)
{
	memset(pkt_payload, 0, sizeof(*tcp));
	ip_begin(IPPROTO_TCP, sizeof(*tcp));
	pkt_ip->saddr = htonl(saddr);
	pkt_ip->daddr = htonl(daddr);
	tcp->source = htons(PEER_PORT);
	tcp->dest = htons(PORT);
	tcp->doff = 5;
	tcp->syn = 1;
	tcp->window = 0xffff;
	tcp->check = csum_tcpudp_magic(pkt_ip->saddr, pkt_ip->daddr,
				       sizeof(*tcp), IPPROTO_TCP,
				       csum_partial(tcp, sizeof(*tcp), 0));
	ip_put();
}

/* RFC 1122 4.2.3.10 */
SCRIPT(syn_to_all)
{
	int l = listening();

	counters_mark();
	put_syn(PEER_ADDR, 0xffffffff);
	dropped("OTHERHOST");
	moved("TcpExt.ListenDrops IpExt.InBcastPkts IpExt.InBcastOctets=40");
	u_close(l);
}

SCRIPT(syn_from_nowhere)
{
	int l = listening();

	counters_mark();
	put_syn(0xc0000201, HOST_ADDR);
	dropped("IP_OUTNOROUTES");
	moved("Ip.OutNoRoutes TcpExt.ListenDrops");
	u_close(l);
}

SCRIPT(all_of_it_acknowledged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 1, 1, 65535, 10, none);
	skip_seen();
	counters_mark();
	put(ACK, 1, 1, 65535, 5, none);
	want(ACK, 1, 11, 0);
	dropped("TCP_OLD_DATA");
	moved("TcpExt.DelayedACKLost");
	ends(c, l);
}

SCRIPT(data_beyond_the_fin)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 21, 1, 65535, 10, none);
	want(ACK, 1, 1, 0);
	counters_mark();
	put(ACK | FIN, 1, 1, 65535, 5, none);
	dropped("TCP_OLD_DATA");
	moved("");
	ends(c, l);
}

SCRIPT(out_of_order_when_the_socket_goes)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 21, 1, 65535, 10, none);
	want(ACK, 1, 1, 0);
	put(RST, 1, 0, 0, 0, none);
	counters_mark();
	u_close(c);
	dropped("SOCKET_CLOSE");
	moved("");
	u_close(l);
}

SCRIPT(unread_when_disconnected)
{
	struct sockaddr unspec = { 0 };
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 1, 1, 65535, 10, none);
	put(ACK, 21, 1, 65535, 10, none);
	skip_seen();
	counters_mark();
	EXPECT(sim_call(__NR_connect, (long)c, U(&unspec), sizeof(unspec), 0L,
			0L, 0L),
	       0);
	dropped("SOCKET_CLOSE=2");
	moved("Tcp.EstabResets Tcp.CurrEstab=-1 Tcp.OutRsts");
	u_close(c);
	u_close(l);
}

SCRIPT(filtered)
{
	struct sock_filter none_of_it = { 0x06, 0, 0, 0 };
	struct sock_fprog prog = { 1, &none_of_it };
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(sim_call(__NR_setsockopt, (long)c, (long)SOL_SOCKET,
			(long)SO_ATTACH_FILTER, U(&prog), sizeof(prog), 0L),
	       0);
	counters_mark();
	put(ACK, 1, 1, 65535, 10, none);
	want_none(0);
	dropped("SOCKET_FILTER");
	moved("");
	EXPECT(drops_of(c), 1);
	EXPECT(u_setopt(c, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
	ends(c, l);
}

/* A FIN where the window ends, and nothing before it. */
SCRIPT(fin_at_the_end_of_the_window)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	put(ACK | FIN, 1 + info_tail_of(c).tcpi_rcv_wnd, 1, 65535, 0, none);
	want(ACK, 1, 1, 0);
	dropped("TCP_OVERWINDOW");
	moved("");
	ends(c, l);
}

/* With the ACK of our FIN, to a program that has gone. */
SCRIPT(data_with_the_ack_of_the_fin)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	counters_mark();
	put(ACK, 1, 2, 65535, 10, none);
	want(RST, 2, 0, 0);
	dropped("TCP_ABORT_ON_DATA");
	moved("Tcp.OutRsts TcpExt.TCPAbortOnData");
	u_close(l);
	skip_seen();
}

SCRIPT(no_flags)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK | FIN, 1, 1, 65535, 0, none);
	skip_seen();
	counters_mark();
	put(0, 2, 0, 65535, 0, none);
	put(PSH, 2, 0, 65535, 10, none);
	want_none(0);
	dropped("TCP_FLAGS=2");
	moved("");
	ends(c, l);
}

/* Both sides open, and the peer acknowledges what was before our SYN. */
SCRIPT(crossed_syn_not_acknowledged)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	counters_mark();
	put(ACK, 1, (u32)-1, 65535, 0, none);
	want(RST, (u32)-1, 0, 0);
	dropped("TCP_INVALID_ACK");
	moved("Tcp.OutRsts");
	u_close(c);
	skip_seen();
}

/*
 * The port of a connection in TIME-WAIT is used again, and what was heard of
 * the peer's clock is kept: a SYN that is older.
 */
SCRIPT(crossed_syn_with_an_old_stamp)
{
	int c;

	for (int again = 0; again < 2; again++) {
		c = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
		EXPECT(u_setopt(c, SOL_SOCKET, SO_REUSEADDR, 1), 0);
		EXPECT(u_bind(c, 0, 6000), 0);
		host_isn_known = false;
		EXPECT(u_connect(c, PEER_ADDR, PEER_PORT), -EINPROGRESS);
		want(SYN, 0, 0, 0);
		if (again)
			break;
		put(SYN | ACK, 0, 1, 65535, 0, join(mss(1460), ts(1000, 0)));
		skip_seen();
		u_close(c);
		want(FIN | ACK, 1, 1, 0);
		put(FIN | ACK, 1, 2, 65535, 0, ts(1000, 0));
		skip_seen();
	}
	counters_mark();
	put(SYN, 0, 0, 65535, 0, join(mss(1460), ts(10, 0)));
	want_none(0);
	dropped("TCP_PAWS");
	moved("");
	u_close(c);
	skip_seen();
}

SCRIPT(acknowledges_what_is_long_past)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	put(ACK, 1, (u32)-100000, 65535, 0, none);
	want(ACK, 1, 1, 0);
	dropped("TCP_INVALID_ACK");
	moved("TcpExt.TCPChallengeACK");
	ends(c, l);
}

SCRIPT(out_of_order_again)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 21, 1, 65535, 10, none);
	skip_seen();
	counters_mark();
	put(ACK, 23, 1, 65535, 5, none);
	dropped("TCP_OFOMERGE");
	moved("TcpExt.TCPOFOQueue TcpExt.TCPOFOMerge");
	/* More of it: what waits is dropped for that. */
	put(ACK, 11, 1, 65535, 40, none);
	dropped("TCP_OFOMERGE");
	moved("TcpExt.TCPOFOQueue TcpExt.TCPOFOMerge");
	ends(c, l);
}

SCRIPT(syn_sent_takes_little)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	counters_mark();
	put(ACK, 0, 1, 65535, 0, none);
	put(FIN, 0, 0, 65535, 0, none);
	dropped("TCP_FLAGS=2");
	moved("");
	put(RST, 0, 0, 0, 0, none);
	dropped("TCP_RESET");
	moved("");
	put(RST | ACK, 0, 1, 0, 0, none);
	dropped("TCP_RESET");
	moved("Tcp.AttemptFails");
	u_close(c);
	skip_seen();
}

SCRIPT(syn_sent_and_another_number)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	counters_mark();
	put(SYN | ACK, 0, 100, 65535, 0, none);
	want(RST, 100, 0, 0);
	dropped("TCP_INVALID_ACK");
	moved("Tcp.OutRsts");
	u_close(c);
	skip_seen();
}

/* Two have a cookie, and the queue has room for one. */
SCRIPT(no_room_for_who_has_a_cookie)
{
	int l = u_listener(0, PORT, 0);
	u32 isn;

	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "2");
	put(SYN, 0, 0, 65535, 0, none);
	want(SYN | ACK, 0, 1, 0);
	isn = host_isn;
	new_peer(4001);
	put(SYN, 0, 0, 65535, 0, none);
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	peer_port = PEER_PORT;
	host_isn = isn;
	counters_mark();
	put(ACK, 1, 1, 65535, 0, none);
	want_none(0);
	dropped("TCP_LISTEN_OVERFLOW");
	moved("TcpExt.SyncookiesRecv TcpExt.ListenOverflows "
	      "TcpExt.ListenDrops");
	u_close(l);
	skip_seen();
}

/* SO_MEMINFO: each segment that a socket does not take. */
SCRIPT(socket_counts_what_it_drops)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 n = 0;

	put(ACK, 1, 1, 65535, 10, none);
	EXPECT(drops_of(c), n);
	put(ACK, 1, 1, 65535, 5, none); /* below what was acknowledged */
	EXPECT(drops_of(c), ++n);
	put(ACK, 1, 1, 65535, 10, none); /* received already */
	EXPECT(drops_of(c), ++n);
	put(SYN, 11, 0, 65535, 0, none);
	EXPECT(drops_of(c), ++n);
	put(RST, 12, 0, 0, 0, none); /* not where the next is expected */
	EXPECT(drops_of(c), ++n);
	put(ACK, 11, 100, 65535, 0, none); /* what was never sent */
	EXPECT(drops_of(c), ++n);
	put(PSH, 11, 0, 65535, 10, none);
	EXPECT(drops_of(c), ++n);
	put(ACK, 31, 1, 65535, 10, none);
	EXPECT(drops_of(c), n);
	put(ACK, 31, 1, 65535, 10, none); /* waits already */
	EXPECT(drops_of(c), ++n);
	put(ACK, 21, 1, 65535, 30, none); /* with this one the other is had */
	EXPECT(drops_of(c), ++n);
	put(ACK | FIN, 11, 1, 65535, 5, none); /* nothing can follow */
	put(0, 17, 0, 65535, 0, none); /* CLOSE-WAIT */
	EXPECT(drops_of(c), ++n);
	put(RST, 17, 0, 0, 0, none);
	EXPECT(drops_of(c), n);
	u_close(c);
	skip_seen();
	new_peer(PEER_PORT + 1);
	EXPECT(drops_of(l), 0);
	put(RST, 1, 0, 0, 0, none);
	EXPECT(drops_of(l), 1);
	put(FIN, 1, 0, 65535, 0, none);
	EXPECT(drops_of(l), 2);
	put(ACK, 1, 1, 65535, 0, none); /* answered by a RST */
	EXPECT(drops_of(l), 2);
	put_syn(0xc0000201, HOST_ADDR); /* no way back */
	EXPECT(drops_of(l), 3);
	put_syn(PEER_ADDR, 0xffffffff);
	EXPECT(drops_of(l), 4);
	u_close(l);
	skip_seen();
}

SCRIPT(socket_counts_before_it_is_connected)
{
	int c = connecting();

	want(SYN, 0, 0, 0);
	put(ACK, 1, 1, 65535, 0, none);
	EXPECT(drops_of(c), 1);
	put(RST, 0, 0, 0, 0, none);
	EXPECT(drops_of(c), 2);
	put(ACK, 1, 100, 65535, 0, none); /* answered by a RST */
	EXPECT(drops_of(c), 2);
	put(RST | ACK, 0, 100, 0, 0, none);
	EXPECT(drops_of(c), 2);
	put(RST | ACK, 0, 1, 0, 0, none);
	EXPECT(drops_of(c), 2);
	u_close(c);
	skip_seen();
}
