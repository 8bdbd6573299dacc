/* SPDX-License-Identifier: MIT */
/* Segments that are dropped: RFC 9293 3.10.7, RFC 5961, RFC 7323 5. */
#include "tests/packet/drop/drop.h"

#define tcp ((struct tcphdr *)pkt_payload)

/* A bare header of @len bytes, its checksum wrong. */
static void tcp_begin(size_t len)
{
	memset(pkt_payload, 0, len);
	ip_begin(IPPROTO_TCP, len);
	tcp->source = htons(PEER_PORT);
	tcp->dest = htons(PORT);
	tcp->doff = 5;
	tcp->ack = 1;
	tcp->check = 0x1234;
}

SCRIPT(header_too_short)
{
	counters_mark();
	tcp_begin(20);
	pkt_ip->tot_len = htons(39);
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("");
	/* Longer than the segment. */
	tcp_begin(20);
	tcp->doff = 6;
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("");
	tcp_begin(20);
	tcp->doff = 4;
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("Tcp.InErrs");
}

SCRIPT(checksum)
{
	counters_mark();
	tcp_begin(20);
	ip_put();
	dropped("TCP_CSUM");
	moved("Tcp.InErrs Tcp.InCsumErrors");
}

SCRIPT(no_socket)
{
	host_isn_known = true;
	counters_mark();
	put(ACK, 1, 1, 65535, 0, none);
	dropped("NO_SOCKET");
	moved("Tcp.OutRsts");
	put(RST, 1, 1, 65535, 0, none);
	dropped("NO_SOCKET");
	moved("");
	skip_seen();
}

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
	skip_seen();
}

SCRIPT(minimum_ttl)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_IP, IP_MINTTL, 100), 0);
	counters_mark();
	put(ACK, 1, 1, 65535, 10, none);
	dropped("TCP_MINTTL");
	moved("TcpExt.TCPMinTTLDrop");
	EXPECT(drops_of(c), 1);
	EXPECT(u_setopt(c, SOL_IP, IP_MINTTL, 0), 0);
	ends(c, l);
}

/* With the time stamps of each side. */
static int stamped(int l)
{
	put(SYN, 0, 0, 65535, 0, join(mss(1460), ts(5000, 0)));
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, ts(5001, 0));
	return (int)u_accept(l, SOCK_NONBLOCK);
}

SCRIPT(paws)
{
	int l = listening(), c = stamped(l);
	char b[100];

	put(ACK, 1, 1, 65535, 100, ts(5002, 0));
	EXPECT(u_recv(c, b, 100, 0), 100);
	skip_seen();
	counters_mark();
	put(ACK, 101, 1, 65535, 10, ts(4000, 0));
	want(ACK, 1, 101, 0);
	dropped("TCP_PAWS");
	moved("TcpExt.PAWSEstab");
	/* One that was overtaken: no answer. */
	put(ACK, 51, 1, 65535, 0, ts(4000, 0));
	want_none(0);
	dropped("TCP_PAWS_ACK");
	moved("TcpExt.PAWSOldAck");
	ends(c, l);
}

/* No answer to a SYN of ours with such a stamp: RFC 7323 3.2. */
SCRIPT(paws_syn_sent)
{
	int c = connecting();
	struct seen *s = next_within(WIRE_GRACE + SIM_MS);
	u32 val;

	CHECK(s && option(s, 8));
	val = get_unaligned_be32(option(s, 8) + 2);
	counters_mark();
	put(SYN | ACK, 0, 1, 65535, 0, join(mss(1460), ts(1, val - 100000)));
	want(RST, 1, 0, 0);
	dropped("TCP_PAWS");
	moved("Tcp.OutRsts TcpExt.PAWSActive");
	u_close(c);
	skip_seen();
}

SCRIPT(paws_time_wait)
{
	int l = listening(), c = stamped(l);

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	put(FIN | ACK, 1, 2, 65535, 0, ts(5002, 0));
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	counters_mark();
	put(ACK, 2, 2, 65535, 0, ts(4000, 0));
	dropped("TCP_OLD_DATA");
	moved("TcpExt.PAWSTimewait");
	u_close(l);
	skip_seen();
}

/* The third segment echoes a stamp that was never sent. */
SCRIPT(stamp_never_sent)
{
	int l = listening();
	struct seen *s;
	u32 val;

	put(SYN, 0, 0, 65535, 0, join(mss(1460), ts(5000, 0)));
	s = want(SYN | ACK, 0, 1, 0);
	CHECK(option(s, 8));
	val = get_unaligned_be32(option(s, 8) + 2);
	counters_mark();
	put(ACK, 1, 1, 65535, 0, ts(5001, val + 1));
	want(ACK, 1, 1, 0);
	dropped("TCP_FLAGS");
	moved("TcpExt.TSEcrRejected");
	put(ACK, 1, 1, 65535, 0, ts(5001, val - 1));
	dropped("TCP_FLAGS");
	moved("TcpExt.TSEcrRejected TcpExt.TCPACKSkippedSynRecv");
	put(ACK, 1, 1, 65535, 0, ts(5001, val));
	moved("Tcp.PassiveOpens Tcp.CurrEstab");
	ends((int)u_accept(l, SOCK_NONBLOCK), l);
}

SCRIPT(beyond_the_window)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 win;

	put(ACK, 1, 1, 65535, 10, none);
	sim_sleep(100 * SIM_MS);
	win = info_tail_of(c).tcpi_rcv_wnd;
	CHECK(win > 20000);
	skip_seen();
	counters_mark();
	/* Begins outside. */
	put(ACK, 12 + win, 1, 65535, 10, none);
	want(ACK, 1, 11, 0);
	dropped("TCP_INVALID_SEQUENCE");
	moved("TcpExt.BeyondWindow");
	/* Ends outside, while there is something to be read. */
	put(ACK, 11 + win - 5, 1, 65535, 10, none);
	want(ACK, 1, 11, 0);
	dropped("TCP_INVALID_END_SEQUENCE");
	moved("TcpExt.BeyondWindow");
	put(ACK, 11 + win - 10, 1, 65535, 10, none);
	want(ACK, 1, 11, 0);
	moved("TcpExt.TCPOFOQueue");
	ends(c, l);
}

SCRIPT(old_data)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 1, 1, 65535, 10, none);
	skip_seen();
	counters_mark();
	put(ACK, 1, 1, 65535, 10, none);
	want(ACK, 1, 11, 0);
	dropped("TCP_OLD_DATA");
	moved("TcpExt.DelayedACKLost");
	ends(c, l);
}

SCRIPT(syn_and_rst_challenged)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	put(SYN, 1, 0, 65535, 0, none);
	want(ACK, 1, 1, 0);
	dropped("TCP_INVALID_SYN");
	moved("Tcp.InErrs TcpExt.TCPChallengeACK TcpExt.TCPSYNChallenge");
	put(RST, 2, 0, 65535, 0, none);
	dropped("TCP_RESET");
	moved("TcpExt.TCPACKSkippedChallenge");
	ends(c, l);
}

SCRIPT(acknowledges_too_much_or_nothing)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	put(ACK, 1, 1000, 65535, 0, none);
	want(ACK, 1, 1, 0);
	dropped("TCP_ACK_UNSENT_DATA");
	moved("TcpExt.TCPChallengeACK");
	put(0, 1, 0, 65535, 10, none);
	dropped("TCP_FLAGS");
	moved("");
	ends(c, l);
}

SCRIPT(handshake)
{
	int l = listening();

	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	counters_mark();
	put(SYN, 0, 0, 65535, 0, mss(1460));
	want(SYN | ACK, 0, 1, 0);
	dropped("TCP_FLAGS");
	moved("Tcp.RetransSegs TcpExt.TCPSynRetrans");
	put(ACK, 1, 77, 65535, 0, none);
	want(RST, 77, 0, 0);
	dropped("TCP_FLAGS");
	moved("Tcp.OutRsts");
	put(RST, 1, 0, 0, 0, none);
	dropped("TCP_FLAGS");
	moved("Tcp.AttemptFails TcpExt.EmbryonicRsts");
	u_close(l);
	skip_seen();
}

SCRIPT(listener_without_syn)
{
	int l = listening();

	host_isn_known = true;
	counters_mark();
	put(RST, 1, 0, 0, 0, none);
	put(SYN | FIN, 1, 0, 0, 0, none);
	put(0, 1, 0, 0, 0, none);
	dropped("TCP_FLAGS=2 TCP_RESET");
	moved("");
	/* An ACK might answer a cookie, if any had been sent. */
	put(ACK, 1, 1, 0, 0, none);
	dropped("TCP_FLAGS");
	moved("Tcp.OutRsts");
	u_close(l);
	skip_seen();
}

SCRIPT(accept_queue_full)
{
	int l = u_listener(0, PORT, 0);

	host_port = PORT;
	put(SYN, 0, 0, 65535, 0, none);
	want(SYN | ACK, 0, 1, 0);
	put(ACK, 1, 1, 65535, 0, none);
	new_peer(4001);
	host_port = PORT;
	counters_mark();
	put(SYN, 0, 0, 65535, 0, none);
	want_none(0);
	dropped("TCP_LISTEN_OVERFLOW");
	moved("TcpExt.ListenOverflows TcpExt.ListenDrops");
	u_close(l);
	skip_seen();
}

SCRIPT(data_after_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	u_close(c);
	want(FIN | ACK, 1, 1, 0);
	counters_mark();
	put(ACK, 1, 1, 65535, 10, none);
	want(RST, 1, 0, 0);
	dropped("TCP_ABORT_ON_DATA");
	moved("Tcp.OutRsts TcpExt.TCPAbortOnData");
	u_close(l);
	skip_seen();
}

SCRIPT(unread_data_at_close)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	put(ACK, 1, 1, 65535, 10, none);
	skip_seen();
	counters_mark();
	u_close(c);
	want(RST | ACK, 1, 11, 0);
	dropped("SOCKET_CLOSE");
	moved("Tcp.EstabResets Tcp.CurrEstab=-1 Tcp.OutRsts "
	      "TcpExt.TCPAbortOnClose");
	u_close(l);
	skip_seen();
}

/* While data waits for the reader; but a FIN needs no room. */
SCRIPT(window_closed)
{
	int l = listening(), c;
	u32 at = 1, win;

	EXPECT(u_setopt(l, SOL_SOCKET, SO_RCVBUF, 2304), 0);
	c = accepted(l, 65535, mss(536));
	while ((win = info_tail_of(c).tcpi_rcv_wnd) && at < 20000) {
		win = min(win, 536U);
		put(ACK, at, 1, 65535, win, none);
		sim_sleep(50 * SIM_MS);
		at += win;
	}
	CHECK(at < 20000);
	skip_seen();
	counters_mark();
	put(ACK, at, 1, 65535, 1, none);
	want(ACK, 1, at, 0);
	dropped("TCP_INVALID_END_SEQUENCE");
	moved("TcpExt.BeyondWindow");
	put(ACK | FIN, at, 1, 65535, 0, none);
	want_within(200 * SIM_MS, ACK, 1, at + 1, 0);
	EXPECT(state_of(c), TCP_CLOSE_WAIT);
	ends(c, l);
}

/* The program shrinks its buffer below what the peer was offered. */
SCRIPT(receive_buffer_overrun)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_SOCKET, SO_RCVBUF, 2304), 0);
	for (u32 at = 1; !stat(RcvPruned) && at < 20000; at += 1460) {
		skip_seen();
		counters_mark();
		put(ACK, at, 1, 65535, 1460, none);
	}
	dropped("PROTO_MEM");
	moved("TcpExt.PruneCalled TcpExt.RcvPruned TcpExt.TCPRcvQDrop");
	ends(c, l);
}

/* Out of order, and less useful than what is there. */
SCRIPT(out_of_order_buffer_overrun)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 at = 3;

	EXPECT(u_setopt(c, SOL_SOCKET, SO_RCVBUF, 2304), 0);
	for (; !stat(TCPOFODrop) && at < 30000; at += 1462) {
		skip_seen();
		counters_mark();
		put(ACK, at, 1, 65535, 1460, none);
	}
	dropped("PROTO_MEM");
	moved("TcpExt.PruneCalled TcpExt.RcvPruned TcpExt.TCPOFODrop");
	/* What is nearer takes the place of what is farther. */
	put(ACK, 2, 1, 65535, 1, none);
	dropped("TCP_OFO_QUEUE_PRUNE");
	CHECK(stat(OfoPruned) == 1);
	ends(c, l);
}

SCRIPT(no_room_for_time_wait)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	sysctl("ipv4/tcp_max_tw_buckets", "0");
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	counters_mark();
	put(ACK | FIN, 1, 2, 65535, 0, none);
	moved("TcpExt.TCPTimeWaitOverflow");
	EXPECT(time_waits(), 0);
	u_close(c);
	u_close(l);
	skip_seen();
}

SCRIPT(no_wait_for_the_peers_fin)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_setopt(c, SOL_TCP, TCP_LINGER2, -1), 0);
	EXPECT(u_shutdown(c, SHUT_WR), 0);
	want(FIN | ACK, 1, 1, 0);
	put(ACK, 1, 2, 65535, 0, none);
	counters_mark();
	u_close(c);
	moved("Tcp.OutRsts TcpExt.TCPAbortOnLinger");
	u_close(l);
	skip_seen();
}

/* A listener's requests take part of what it may keep. */
SCRIPT(request_queue_full)
{
	int l = u_listener(0, PORT, 1);

	host_port = PORT;
	sysctl("ipv4/tcp_syncookies", "0");
	for (u16 i = 0; i < 2; i++) {
		new_peer(4000 + i);
		host_port = PORT;
		put(SYN, 0, 0, 65535, 0, none);
		want(SYN | ACK, 0, 1, 0);
	}
	new_peer(4010);
	host_port = PORT;
	counters_mark();
	put(SYN, 0, 0, 65535, 0, none);
	want_none(0);
	dropped("TCP_REQQ_FULL");
	moved("TcpExt.ListenDrops TcpExt.TCPReqQFullDrop");
	u_close(l);
	skip_seen();
}

static struct sock *sock_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f->private_data;

	fput(f);
	return sock->sk;
}

/* The socket is a call's all the while. */
SIM_SCRIPT(backlog_full)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));
	u32 at = 1;

	lock_sock(sock_of(c));
	for (; !stat(TCPBacklogDrop) && at < 2000000; at += 1460) {
		counters_mark();
		put(ACK, at, 1, 65535, 1460, none);
	}
	dropped("SOCKET_BACKLOG");
	moved("TcpExt.TCPBacklogDrop");
	EXPECT(drops_of(c), 1);
	release_sock(sock_of(c));
	ends(c, l);
}
