/* SPDX-License-Identifier: MIT */
/*
 * Drops that take what nobody outside has: a socket that a call owns, a device
 * that marks what it brings, or goes; memory that fails at the right time.
 */
#include "tests/packet/drop/drop.h"

#include "net/core/sock.h"

#define icmp ((struct icmphdr *)pkt_payload)
#define BEYOND 0x0a000009U

static struct sock *sock_of(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f->private_data;

	fput(f);
	return sock->sk;
}

static void ends(int c, int l)
{
	put(RST, 1, 0, 0, 0, none);
	u_close(c);
	u_close(l);
	skip_seen();
}

/* Brought in a frame for others, or for all. */
static void put_marked(u8 type)
{
	wire_pkt_type = type;
	ip_put();
	wire_pkt_type = PACKET_HOST;
}

SIM_SCRIPT(frame_for_another)
{
	counters_mark();
	udp_begin(9, 20);
	put_marked(PACKET_OTHERHOST);
	dropped("OTHERHOST");
	moved("");
}

SIM_SCRIPT(segment_in_a_frame_for_all)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	counters_mark();
	wire_pkt_type = PACKET_BROADCAST;
	put(ACK, 1, 1, 65535, 10, none);
	wire_pkt_type = PACKET_HOST;
	want_none(0);
	dropped("OTHERHOST");
	moved("");
	ends(c, l);
}

SIM_SCRIPT(not_forwarded_for_all)
{
	sysctl("ipv4/ip_forward", "1");
	counters_mark();
	udp_begin(9, 20);
	pkt_ip->daddr = htonl(BEYOND);
	put_marked(PACKET_BROADCAST);
	put_marked(PACKET_MULTICAST);
	dropped("OTHERHOST=2");
	moved("");
}

/* An error about the segment that is in flight. */
static void put_unreachable(void)
{
	struct iphdr *in = (struct iphdr *)(icmp + 1);
	struct tcphdr *th = (struct tcphdr *)(in + 1);

	memset(pkt_payload, 0, 36);
	ip_begin(IPPROTO_ICMP, 36);
	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_HOST_UNREACH;
	in->version = 4;
	in->ihl = 5;
	in->ttl = 64;
	in->tot_len = htons(60);
	in->protocol = IPPROTO_TCP;
	in->saddr = htonl(HOST_ADDR);
	in->daddr = htonl(PEER_ADDR);
	th->source = htons(host_port);
	th->dest = htons(peer_port);
	th->seq = htonl(host_isn + 1);
	icmp->checksum = ip_compute_csum(icmp, 36);
	ip_put();
}

/* LINUX: soft errors are lost to a call that owns the socket, and counted. */
SIM_SCRIPT(icmp_while_a_call_owns_the_socket)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	EXPECT(u_send(c, payload, 10, 0), 10);
	want(ACK, 1, 1, 10);
	counters_mark();
	put_unreachable();
	EXPECT(sock_of(c)->sk_err_soft, EHOSTUNREACH);
	dropped("");
	moved("Icmp.InDestUnreachs");
	sock_of(c)->sk_err_soft = 0;
	lock_sock(sock_of(c));
	put_unreachable();
	release_sock(sock_of(c));
	dropped("");
	moved("Icmp.InDestUnreachs TcpExt.LockDroppedIcmps");
	ends(c, l);
}

SIM_SCRIPT(closed_before_the_backlog_is_looked_at)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	lock_sock(sock_of(c));
	put(RST, 1, 0, 0, 0, none);
	put(ACK, 1, 1, 65535, 10, none);
	counters_mark();
	release_sock(sock_of(c));
	dropped("TCP_RESET TCP_CLOSE");
	moved("Tcp.EstabResets Tcp.CurrEstab=-1");
	ends(c, l);
}

/* All was read, but there was no memory to say so. */
SIM_SCRIPT(zero_window)
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
	skip_seen();
	kmem_fail_at(1);
	EXPECT(u_recv(c, (void *)payload, 20000, 0), at - 1);
	kmem_fail_at(0);
	want_none(0);
	counters_mark();
	put(ACK, at, 1, 65535, 1, none);
	want_within(SIM_SEC, ACK, 1, at, 0);
	dropped("TCP_ZEROWINDOW");
	moved("TcpExt.TCPFromZeroWindowAdv TcpExt.TCPZeroWindowDrop");
	ends(c, l);
}

SIM_SCRIPT(route_of_a_connection_goes)
{
	int l = listening(), c = accepted(l, 65535, mss(1460));

	dev_close(wire);
	counters_mark();
	EXPECT(u_send(c, payload, 10, 0), 10);
	dropped("IP_OUTNOROUTES");
	moved("Ip.OutNoRoutes");
	u_close(c);
	u_close(l);
}
