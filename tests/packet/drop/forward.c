/* SPDX-License-Identifier: MIT */
/*
 * Packets that a router drops: RFC 1812 5.3, RFC 4293. What is forwarded goes
 * back to the wire.
 */
#include "tests/packet/drop/drop.h"

#define BEYOND 0x0a000009U

static void forwarding(void)
{
	sysctl("ipv4/ip_forward", "1");
	udp_begin(7, 100);
	pkt_ip->daddr = htonl(BEYOND);
	counters_mark();
}

SCRIPT(forwarded)
{
	forwarding();
	show_traffic = true;
	ip_put();
	moved("Ip.InReceives Ip.ForwDatagrams Ip.OutRequests "
	      "Ip.OutTransmits=2 Icmp.OutMsgs Icmp.OutRedirects "
	      "IcmpMsg.OutType5 IpExt.InOctets=120 IpExt.OutOctets=268 "
	      "IpExt.InNoECTPkts");
	show_traffic = false;
}

/* conf/DEV/forwarding: one device forwards what it receives, or does not. */
SCRIPT(a_device_of_its_own_mind)
{
	forwarding();
	sysctl("ipv4/conf/wire0/forwarding", "0");
	ip_put();
	dropped("IP_INNOROUTES");
	moved("Ip.InAddrErrors");
	sysctl("ipv4/ip_forward", "0");
	sysctl("ipv4/conf/wire0/forwarding", "1");
	counters_mark();
	ip_put();
	moved("Ip.ForwDatagrams Icmp.OutRedirects");
}

SCRIPT(redirects_that_are_not_sent)
{
	forwarding();
	sysctl("ipv4/conf/all/send_redirects", "0");
	ip_put();
	moved("Ip.ForwDatagrams Icmp.OutRedirects");
	sysctl("ipv4/conf/wire0/send_redirects", "0");
	ip_put();
	moved("Ip.ForwDatagrams");
}

SCRIPT(time_to_live)
{
	forwarding();
	pkt_ip->ttl = 1;
	ip_put();
	dropped("IP_TTL");
	moved("Ip.InHdrErrors Icmp.OutTimeExcds");
}

SCRIPT(too_big)
{
	forwarding();
	udp_begin(7, 3000);
	pkt_ip->daddr = htonl(BEYOND);
	pkt_ip->frag_off = htons(0x4000);
	ip_put();
	dropped("PKT_TOO_BIG");
	moved("Ip.ForwDatagrams Ip.FragFails Icmp.OutDestUnreachs");
	pkt_ip->frag_off = 0;
	ip_put();
	moved("Ip.ForwDatagrams Ip.FragOKs Ip.FragCreates=3 "
	      "Icmp.OutRedirects");
}

SCRIPT(no_route)
{
	forwarding();
	pkt_ip->daddr = htonl(0xc0000201);
	ip_put();
	dropped("IP_INNOROUTES");
	moved("Icmp.OutDestUnreachs IpExt.InNoRoutes");
}

/* RFC 1812 5.3.7: not a martian that a host would be silent about, either. */
SCRIPT(to_a_broadcast_or_a_martian)
{
	forwarding();
	pkt_ip->daddr = htonl(0x7f000009);
	ip_put();
	dropped("IP_MARTIAN");
	moved("");
}
