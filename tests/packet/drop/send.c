/* SPDX-License-Identifier: MIT */
/* What does not leave: RFC 4293 ipSystemStatsOutDiscards and its neighbours. */
#include "tests/packet/drop/drop.h"

static long datagram(int fd, const void *b, size_t n, u32 addr, int flags)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(addr) };

	return sim_call(__NR_sendto, (long)fd, U(b), n, (long)flags, U(&to),
			sizeof(to));
}

SCRIPT(no_route)
{
	int fd = udp_bound(7);

	counters_mark();
	EXPECT(datagram(fd, payload, 10, 0xc0000201, 0), -ENETUNREACH);
	moved("Ip.OutNoRoutes");
	u_close(fd);
}

SCRIPT(bad_address)
{
	int fd = udp_bound(7);

	counters_mark();
	EXPECT(datagram(fd, (void *)8, 10, PEER_ADDR, 0), -EFAULT);
	moved("Ip.OutDiscards");
	EXPECT(datagram(fd, (void *)8, 10, PEER_ADDR, MSG_MORE), -EFAULT);
	moved("Ip.OutDiscards");
	u_close(fd);
}

SCRIPT(too_large)
{
	int fd = udp_bound(7);

	EXPECT(u_setopt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
	counters_mark();
	EXPECT(datagram(fd, payload, 2000, PEER_ADDR, 0), -EMSGSIZE);
	moved("");
	u_close(fd);
}

/* A program's own header that says more than there is. */
SCRIPT(raw_header)
{
	int fd = u_socket(SOCK_RAW, IPPROTO_RAW);

	ip_begin(200, 0);
	pkt_ip->daddr = htonl(PEER_ADDR);
	pkt_ip->ihl = 6;
	counters_mark();
	EXPECT(datagram(fd, pkt, 20, PEER_ADDR, 0), -EINVAL);
	dropped("IP_INHDR");
	moved("Ip.OutDiscards");
	EXPECT(datagram(fd, (void *)8, 20, PEER_ADDR, 0), -EFAULT);
	moved("Ip.OutDiscards");
	EXPECT(datagram(fd, pkt, 2000, PEER_ADDR, 0), -EMSGSIZE);
	moved("");
	u_close(fd);
}

/* In fragments: each is a transmission, the datagram one request. */
SCRIPT(fragments)
{
	int fd = udp_bound(7);

	counters_mark();
	show_traffic = true;
	EXPECT(datagram(fd, payload, 2992, PEER_ADDR, 0), 2992);
	moved("Ip.OutRequests Ip.FragOKs Ip.FragCreates=3 Ip.OutTransmits=3 "
	      "Udp.OutDatagrams IpExt.OutOctets=3060");
	show_traffic = false;
	u_close(fd);
}

/* UDP_SEGMENT, to a wire: one request, cut at the last moment. */
SCRIPT(segments)
{
	int fd = udp_bound(7);

	EXPECT(u_setopt(fd, SOL_UDP, UDP_SEGMENT, 1000), 0);
	counters_mark();
	show_traffic = true;
	EXPECT(datagram(fd, payload, 2992, PEER_ADDR, 0), 2992);
	moved("Ip.OutRequests Ip.OutTransmits Udp.OutDatagrams "
	      "IpExt.OutOctets=3020");
	EXPECT(datagram(fd, payload, 129000, PEER_ADDR, 0), -EMSGSIZE);
	moved("");
	show_traffic = false;
	u_close(fd);
}

/* Larger than what is known of the path, and not to be cut. */
SCRIPT(path_too_narrow)
{
	int u = udp_bound(7), fd = u_socket(SOCK_RAW, IPPROTO_RAW);
	struct icmphdr *icmp = (struct icmphdr *)pkt_payload;
	struct iphdr *in = (struct iphdr *)(icmp + 1);
	struct udphdr *uh = (struct udphdr *)(in + 1);

	EXPECT(u_connect(u, PEER_ADDR, 9), 0);
	memset(pkt_payload, 0, 40);
	ip_begin(IPPROTO_ICMP, 40);
	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_FRAG_NEEDED;
	icmp->un.frag.mtu = htons(1000);
	in->version = 4;
	in->ihl = 5;
	in->ttl = 64;
	in->tot_len = htons(1400);
	in->protocol = IPPROTO_UDP;
	in->saddr = htonl(HOST_ADDR);
	in->daddr = htonl(PEER_ADDR);
	uh->source = htons(7);
	uh->dest = htons(9);
	uh->len = htons(1380);
	icmp->checksum = ip_compute_csum(icmp, 40);
	ip_put();
	/* Whoever it says it is from is told. */
	ip_begin(200, 1380);
	pkt_ip->saddr = htonl(PEER_ADDR + 7);
	pkt_ip->daddr = htonl(PEER_ADDR);
	pkt_ip->frag_off = htons(0x4000);
	counters_mark();
	EXPECT(datagram(fd, pkt, 1400, PEER_ADDR, 0), -EMSGSIZE);
	dropped("PKT_TOO_BIG");
	moved("Ip.OutDiscards Ip.FragFails Icmp.OutDestUnreachs");
	u_close(fd);
	u_close(u);
}

/* Nobody is there, and the kernel has no such port. */
SCRIPT(netlink_to_nobody)
{
	struct {
		u16 family, pad;
		u32 pid, groups;
	} to = { .family = 16, .pid = 4711 };
	int fd = (int)u_call(__NR_socket, 16 /* PF_NETLINK */, SOCK_RAW, 0, 0);
	memset(payload, 0, 16);
	counters_mark();
	EXPECT(sim_call(__NR_sendto, (long)fd, U(payload), 16L, 0L, U(&to),
			sizeof(to)),
	       -ECONNREFUSED);
	dropped("NO_SOCKET");
	moved("");
	u_close(fd);
}
