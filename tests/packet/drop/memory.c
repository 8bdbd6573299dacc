/* SPDX-License-Identifier: MIT */
/*
 * Packets that are dropped for lack of memory, whichever allocation fails: the
 * reason and the counters of each place, and nothing is left behind.
 */
#include "tests/packet/drop/drop.h"

#define icmp ((struct icmphdr *)pkt_payload)
#define BEYOND 0x0a000009U

/* With somebody who looks at all packets their heads are shared. */
static int tap(void)
{
	int fd = (int)u_call(__NR_socket, 17 /* PF_PACKET */, SOCK_RAW,
			     htons(ETH_P_ALL), 0);

	CHECK(fd >= 0);
	return fd;
}

/* The first fragment of a datagram, each time of another. */
static void new_fragment(void)
{
	static u16 id;

	udp_begin(7, 16);
	pkt_ip->id = htons(++id);
	pkt_ip->frag_off = htons(0x2000);
	ip_put();
}

SIM_SCRIPT(fragment)
{
	without_memory(new_fragment, "NOMEM", "Ip.ReasmReqds Ip.ReasmFails");
}

static void two_fragments(void)
{
	u64 fail_at = wire_fail_at;

	wire_fail_at = 0;
	new_fragment();
	wire_fail_at = fail_at;
	pkt_ip->frag_off = htons(2);
	ip_put();
}

SIM_SCRIPT(reassembly)
{
	without_memory(two_fragments, "NOMEM=2",
		       "Ip.ReasmReqds=2 Ip.ReasmFails");
}

/* An option that says nothing, but has to be looked at. */
static void with_options(void)
{
	udp_begin(7, 24);
	memset(pkt_payload, 1, 4);
	pkt_ip->ihl = 6;
	ip_put();
}

SIM_SCRIPT(options)
{
	int t = tap();

	without_memory(with_options, "NOMEM", "Ip.InDiscards");
	u_close(t);
}

static void ask_for_time(void)
{
	memset(pkt_payload, 0, 20);
	ip_begin(IPPROTO_ICMP, 20);
	icmp->type = ICMP_TIMESTAMP;
	icmp->checksum = ip_compute_csum(icmp, 20);
	ip_put();
}

SIM_SCRIPT(timestamp)
{
	int t = tap();

	without_memory(ask_for_time, "NOMEM", "Icmp.InTimestamps");
	u_close(t);
}

static void forwarded_packet(void)
{
	udp_begin(7, 100);
	pkt_ip->daddr = htonl(BEYOND);
	ip_put();
}

SIM_SCRIPT(forwarded)
{
	int t = tap();

	sysctl("ipv4/ip_forward", "1");
	without_memory(forwarded_packet, "NOMEM", "Ip.ForwDatagrams");
	u_close(t);
}

static void forwarded_in_pieces(void)
{
	udp_begin(7, 3000);
	pkt_ip->daddr = htonl(BEYOND);
	ip_put();
}

SIM_SCRIPT(cut_in_pieces)
{
	sysctl("ipv4/ip_forward", "1");
	without_memory(forwarded_in_pieces, "NOMEM",
		       "Ip.ForwDatagrams Ip.FragFails Icmp.OutRedirects");
}

static void no_route_known(void)
{
	udp_begin(7, 16);
	pkt_ip->saddr = htonl(HOST_ADDR ^ ++peer_port);
	ip_put();
}

/* Not a martian. */
SIM_SCRIPT(route)
{
	without_memory(no_route_known, "NOMEM", "");
}

static void ask_for_echo(void)
{
	memset(pkt_payload, 0, 20);
	ip_begin(IPPROTO_ICMP, 20);
	icmp->type = ICMP_ECHO;
	icmp->checksum = ip_compute_csum(icmp, 20);
	ip_put();
}

/* The answer has no room for so long a link header. */
SIM_SCRIPT(link_header)
{
	wire->hard_header_len = 1000;
	without_memory(ask_for_echo, "NOMEM", "Icmp.InEchos Icmp.OutEchoReps");
	wire->hard_header_len = 0;
}

static void a_syn(void)
{
	new_peer(peer_port + 1);
	put(SYN, 0, 0, 65535, 0, mss(1460));
}

SIM_SCRIPT(connection_request)
{
	int l = listening();

	without_memory(a_syn, "NOMEM", "TcpExt.ListenDrops");
	u_close(l);
}

static void to_all(void)
{
	udp_begin(7, 20);
	pkt_ip->daddr = 0xffffffff;
	ip_put();
}

/* Two sockets want it; the copy of one is never made, and so not dropped. */
SIM_SCRIPT(copy_for_another_socket)
{
	int fd[2];

	for (int i = 0; i < 2; i++) {
		fd[i] = u_socket(SOCK_DGRAM, 0);
		EXPECT(u_setopt(fd[i], SOL_SOCKET, SO_REUSEADDR, 1), 0);
		EXPECT(u_bind(fd[i], 0, 7), 0);
	}
	without_memory(to_all, "",
		       "Udp.InErrors Udp.RcvbufErrors IpExt.InBcastPkts "
		       "IpExt.InBcastOctets=40");
	EXPECT(drops_of(fd[0]) + drops_of(fd[1]) > 0, true);
	u_close(fd[0]);
	u_close(fd[1]);
}

static int segments_fd;

/* From one socket of the host to another, or to the wire. */
static void send_segments(void)
{
	kmem_fail_at(wire_fail_at);
	(void)u_send(segments_fd, payload, 2500, 0);
	kmem_fail_at(0);
}

SIM_SCRIPT(segments_for_a_plain_socket)
{
	int in = udp_bound(7);

	segments_fd = udp_bound(8);
	EXPECT(u_setopt(segments_fd, SOL_UDP, UDP_SEGMENT, 1000), 0);
	EXPECT(u_connect(segments_fd, HOST_ADDR, 7), 0);
	without_memory(send_segments, "NOMEM",
		       "Udp.InErrors=3 Udp.OutDatagrams");
	EXPECT(drops_of(in) >= 3, true);
	u_close(segments_fd);
	u_close(in);
}

SIM_SCRIPT(segments_for_the_wire)
{
	segments_fd = udp_bound(8);
	EXPECT(u_setopt(segments_fd, SOL_UDP, UDP_SEGMENT, 1000), 0);
	EXPECT(u_connect(segments_fd, PEER_ADDR, 7), 0);
	without_memory(send_segments, "NOMEM", "Ip.OutDiscards");
	u_close(segments_fd);
}
