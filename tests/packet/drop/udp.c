/* SPDX-License-Identifier: MIT */
/* Datagrams that are dropped: RFC 768, RFC 1122 4.1.3, RFC 4113. */
#include "tests/packet/drop/drop.h"

#include <linux/filter.h>

#define udp ((struct udphdr *)pkt_payload)

SCRIPT(length_wrong)
{
	counters_mark();
	udp_begin(7, 8);
	pkt_ip->tot_len = htons(27);
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("Udp.InErrors");
	udp_begin(7, 8);
	udp->len = htons(9);
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("Udp.InErrors");
	udp->len = htons(7);
	ip_put();
	dropped("PKT_TOO_SMALL");
	moved("Udp.InErrors");
}

SCRIPT(checksum)
{
	int fd = udp_bound(7);

	counters_mark();
	udp_begin(7, 20);
	udp->check = 0x1234;
	ip_put();
	dropped("UDP_CSUM");
	moved("Udp.InErrors Udp.InCsumErrors");
	udp_begin(9, 20); /* nobody there, and no answer */
	udp->check = 0x1234;
	ip_put();
	dropped("UDP_CSUM");
	moved("Udp.InErrors Udp.InCsumErrors");
	u_close(fd);
}

SCRIPT(no_port)
{
	counters_mark();
	udp_begin(9, 20);
	ip_put();
	dropped("NO_SOCKET");
	moved("Icmp.OutDestUnreachs Udp.NoPorts");
}

SCRIPT(broadcast_that_nobody_wants)
{
	counters_mark();
	udp_begin(9, 20);
	pkt_ip->daddr = 0xffffffff;
	ip_put();
	dropped("NO_SOCKET");
	moved("Udp.IgnoredMulti IpExt.InBcastPkts IpExt.InBcastOctets=40");
}

SCRIPT(receive_buffer_full)
{
	int fd = udp_bound(7), n = 0;

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_RCVBUF, 1), 0);
	udp_begin(7, 1400);
	do {
		counters_mark();
		ip_put();
		counters_moved[0] = 0;
		counters_walk(counter_compare);
	} while (!strcmp(counters_moved, "") && ++n < 10);
	counters_mark();
	ip_put();
	dropped("SOCKET_RCVBUFF");
	moved("Udp.InErrors Udp.RcvbufErrors");
	u_close(fd);
}

SCRIPT(filter)
{
	struct sock_filter none_of_it = { 0x06, 0, 0, 0 };
	struct sock_fprog prog = { 1, &none_of_it };
	int fd = udp_bound(7);

	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
			(long)SO_ATTACH_FILTER, U(&prog), sizeof(prog), 0L),
	       0);
	counters_mark();
	udp_begin(7, 20);
	ip_put();
	dropped("SOCKET_FILTER");
	moved("Udp.InErrors");
	u_close(fd);
}

/* The datagram is lost to a bad address, but not by looking at it. */
SCRIPT(bad_address_of_a_reader)
{
	int fd = udp_bound(7);

	udp_begin(7, 20);
	ip_put();
	counters_mark();
	EXPECT(sim_call(__NR_recvfrom, (long)fd, 8UL, 12UL, (long)MSG_PEEK, 0UL,
			0UL),
	       -EFAULT);
	moved("");
	EXPECT(sim_call(__NR_recvfrom, (long)fd, 8UL, 12UL, 0L, 0UL, 0UL),
	       -EFAULT);
	moved("Udp.InErrors");
	u_close(fd);
}
