/* SPDX-License-Identifier: MIT */
/* Packets that IP itself drops: RFC 1122 3.2.1, RFC 791, RFC 4293. */
#include "tests/packet/drop/drop.h"

#include <linux/filter.h>

/* What every packet moves, dropped or not. */
SCRIPT(counters_of_traffic)
{
	int fd = udp_bound(7);

	show_traffic = true;
	counters_mark();
	udp_begin(7, 12);
	ip_put();
	moved("Ip.InReceives Ip.InDelivers IpExt.InOctets=32 "
	      "IpExt.InNoECTPkts");
	pkt_ip->tos = 2;
	ip_put();
	moved("Ip.InReceives Ip.InDelivers IpExt.InOctets=32 "
	      "IpExt.InECT0Pkts");
	pkt_ip->tos = 1;
	ip_put();
	moved("Ip.InReceives Ip.InDelivers IpExt.InOctets=32 "
	      "IpExt.InECT1Pkts");
	pkt_ip->tos = 3;
	ip_put();
	moved("Ip.InReceives Ip.InDelivers IpExt.InOctets=32 "
	      "IpExt.InCEPkts");
	show_traffic = false;
	u_close(fd);
}

SCRIPT(header_too_short_or_not_ipv4)
{
	counters_mark();
	show_traffic = true;
	ip_begin(IPPROTO_UDP, 8);
	ip_put_wrong(19);
	dropped("IP_INHDR");
	moved("Ip.InReceives Ip.InHdrErrors IpExt.InOctets=19");
	pkt_ip->ihl = 4;
	ip_put_wrong(28);
	dropped("IP_INHDR");
	moved("Ip.InReceives Ip.InHdrErrors IpExt.InOctets=28");
	pkt_ip->ihl = 15;
	ip_put_wrong(28);
	dropped("IP_INHDR");
	moved("Ip.InReceives Ip.InHdrErrors IpExt.InOctets=28 "
	      "IpExt.InNoECTPkts");
	/* Shorter than its own header says. */
	ip_begin(IPPROTO_UDP, 0);
	pkt_ip->tot_len = htons(19);
	pkt_ip->check = ip_fast_csum(pkt_ip, 5);
	ip_put_wrong(28);
	dropped("IP_INHDR");
	moved("Ip.InReceives Ip.InHdrErrors IpExt.InOctets=28 "
	      "IpExt.InNoECTPkts");
	show_traffic = false;
}

SCRIPT(header_checksum)
{
	counters_mark();
	ip_begin(IPPROTO_UDP, 8);
	pkt_ip->check = 0x1234;
	ip_put_wrong(28);
	dropped("IP_CSUM");
	moved("Ip.InHdrErrors IpExt.InCsumErrors");
}

SCRIPT(truncated)
{
	counters_mark();
	ip_begin(IPPROTO_UDP, 100);
	pkt_ip->check = ip_fast_csum(pkt_ip, 5);
	ip_put_wrong(100);
	dropped("PKT_TOO_SMALL");
	moved("IpExt.InTruncatedPkts");
}

/* An option longer than the header: answered by a parameter problem. */
SCRIPT(options_malformed)
{
	counters_mark();
	ip_begin(IPPROTO_UDP, 12);
	pkt_ip->ihl = 6;
	memcpy(pkt_payload, "\x07\x20\x04\x00", 4);
	ip_put();
	dropped("IP_OPTIONS");
	moved("Ip.InHdrErrors Icmp.OutParmProbs");
}

/* A source route is refused, and not counted. */
SCRIPT(options_source_route)
{
	counters_mark();
	ip_begin(IPPROTO_UDP, 16);
	pkt_ip->ihl = 7;
	memcpy(pkt_payload, "\x83\x07\x04\x0a\x00\x00\x09\x00", 8);
	ip_put();
	dropped("IP_OPTIONS");
	moved("");
}

SCRIPT(no_protocol)
{
	counters_mark();
	ip_begin(200, 8);
	ip_put();
	dropped("IP_NOPROTO");
	moved("Ip.InUnknownProtos Icmp.OutDestUnreachs");
}

SCRIPT(not_for_us)
{
	counters_mark();
	udp_begin(7, 8);
	pkt_ip->daddr = htonl(0x0a000009);
	ip_put();
	dropped("IP_INNOROUTES");
	moved("Ip.InAddrErrors");
}

SCRIPT(martian)
{
	counters_mark();
	udp_begin(7, 8);
	pkt_ip->saddr = htonl(0x7f000001);
	ip_put();
	dropped("IP_MARTIAN");
	moved("");
	/* Our own address from outside. */
	pkt_ip->saddr = htonl(HOST_ADDR);
	ip_put();
	dropped("IP_MARTIAN");
	moved("");
	/* A group that nobody has joined. */
	pkt_ip->saddr = htonl(PEER_ADDR);
	pkt_ip->daddr = htonl(0xe0010203);
	ip_put();
	dropped("IP_MARTIAN");
	moved("");
}

SCRIPT(reverse_path)
{
	/* RFC 3704 2.2, strict. */
	sysctl("ipv4/conf/all/rp_filter", "1");
	counters_mark();
	udp_begin(7, 8);
	pkt_ip->saddr = htonl(0xc0000201);
	ip_put();
	dropped("IP_RPFILTER");
	moved("TcpExt.IPReversePathFilter");
}

static void lo_up(int fd)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	EXPECT(sim_call(__NR_ioctl, (long)fd, (long)SIOCSIFFLAGS, U(&r), 0L, 0L,
			0L),
	       0);
}

/* What net.ipv4.conf lets in that is a martian otherwise. */
SCRIPT(martians_that_are_let_in)
{
	int fd = udp_bound(7), local = u_socket(SOCK_DGRAM | SOCK_NONBLOCK, 0);
	char buf[8];

	lo_up(fd);
	EXPECT(u_bind(local, 0x7f000001, 7), 0);
	sysctl("ipv4/conf/wire0/accept_local", "1");
	sysctl("ipv4/conf/all/route_localnet", "1");
	udp_begin(7, 12);
	pkt_ip->saddr = htonl(HOST_ADDR);
	ip_put();
	EXPECT(u_recv(fd, buf, sizeof(buf), 0), 4);
	pkt_ip->saddr = htonl(PEER_ADDR);
	pkt_ip->daddr = htonl(0x7f000001);
	ip_put();
	EXPECT(u_recv(local, buf, sizeof(buf), 0), 4);
	sysctl("ipv4/conf/all/route_localnet", "0");
	counters_mark();
	ip_put();
	dropped("IP_MARTIAN");
	moved("");
	EXPECT(u_recv(local, buf, sizeof(buf), 0), -EAGAIN);
	u_close(local);
	u_close(fd);
}

/* @off in units of eight bytes. */
static void fragment(u16 id, u16 off, size_t len, bool more)
{
	udp_begin(7, len);
	pkt_ip->id = htons(id);
	pkt_ip->frag_off = htons(off | (more ? 0x2000 : 0));
	ip_put();
}

SCRIPT(fragment_again)
{
	int fd = udp_bound(7);

	counters_mark();
	fragment(1, 0, 16, true);
	moved("Ip.ReasmReqds");
	fragment(1, 0, 16, true);
	dropped("DUP_FRAG");
	moved("Ip.ReasmReqds");
	fragment(1, 2, 0, false);
	dropped("FRAG_TOO_FAR=2");
	moved("Ip.ReasmReqds Ip.ReasmFails");
	u_close(fd);
}

SCRIPT(fragment_overlaps)
{
	counters_mark();
	fragment(1, 0, 24, true);
	moved("Ip.ReasmReqds");
	fragment(1, 2, 24, true);
	dropped("FRAG_OVERLAP=2");
	moved("Ip.ReasmReqds Ip.ReasmFails IpExt.ReasmOverlaps");
}

/* The end is not where it was. */
SCRIPT(fragment_contradicts)
{
	counters_mark();
	fragment(1, 4, 16, false);
	moved("Ip.ReasmReqds");
	fragment(1, 6, 16, true);
	dropped("FRAG_TOO_FAR=2");
	moved("Ip.ReasmReqds Ip.ReasmFails");
	/* Empty ones. */
	fragment(2, 4, 0, true);
	dropped("FRAG_TOO_FAR");
	moved("Ip.ReasmReqds Ip.ReasmFails");
}

LONG_SCRIPT(fragments_time_out)
{
	counters_mark();
	fragment(1, 0, 16, true);
	moved("Ip.ReasmReqds");
	sim_sleep(31 * SIM_SEC);
	dropped("FRAG_REASM_TIMEOUT");
	moved("Ip.ReasmTimeout Ip.ReasmFails Icmp.OutTimeExcds");
}

SCRIPT(raw_socket_with_a_filter)
{
	struct sock_filter none_of_it = { 0x06, 0, 0, 0 };
	struct sock_fprog prog = { 1, &none_of_it };
	int fd = u_socket(SOCK_RAW | SOCK_NONBLOCK, 200);
	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
			(long)SO_ATTACH_FILTER, U(&prog), sizeof(prog), 0L),
	       0);
	EXPECT(drops_of(fd), 0);
	counters_mark();
	ip_begin(200, 20);
	ip_put();
	dropped("SOCKET_FILTER");
	moved("");
	EXPECT(drops_of(fd), 0);
	EXPECT(u_recv(fd, payload, 100, 0), -EAGAIN);
	u_close(fd);
}
