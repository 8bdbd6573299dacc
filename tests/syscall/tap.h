/* SPDX-License-Identifier: MIT */
/* For claims about AF_PACKET: taps of lo, and what they see. */
#ifndef TESTS_SYSCALL_TAP_H
#define TESTS_SYSCALL_TAP_H

#include "ownnet.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>

#define ETH_OURS 0x88b5 /* IEEE 802: local experiments */
#define LO_INDEX 1

typedef struct sockaddr_ll sll_t;

UNUSED static int packet_socket(int type, int proto)
{
	int fd = socket(AF_PACKET, type, htons(proto));

	if (fd < 0 && errno == EPERM)
		SKIP("no CAP_NET_RAW");
	if (fd < 0 && errno == EAFNOSUPPORT && !on_trapgate())
		SKIP_HOST("no packet sockets");
	return CHECK_OK(fd);
}

UNUSED static sll_t sll_of(int proto)
{
	return (sll_t){ .sll_family = AF_PACKET, .sll_protocol = htons(proto),
			.sll_ifindex = LO_INDEX };
}

/* In a net of one's own, on lo. */
UNUSED static int tap(int type, int proto)
{
	sll_t a = sll_of(proto);
	int fd;

	quiet_net();
	fd = packet_socket(type, 0);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	return fd;
}

UNUSED static int another_tap(int type, int proto)
{
	sll_t a = sll_of(proto);
	int fd = packet_socket(type, 0);

	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	return fd;
}

static unsigned char frame[70000];

/* A packet and where it came from. Its length. */
UNUSED static int sniff(int fd, sll_t *a)
{
	socklen_t len = sizeof(*a);
	int n = CHECK_OK(recvfrom(fd, frame, sizeof(frame), 0, SA(a), &len));

	CHECK_GE(len, offsetof(sll_t, sll_addr));
	CHECK_EQ(a->sll_family, AF_PACKET);
	return n;
}

UNUSED static void nothing_more(int fd)
{
	CHECK_ERRNO(recv(fd, frame, sizeof(frame), MSG_DONTWAIT), EAGAIN);
}

/* One UDP datagram of @n bytes to a socket that takes it. The port. */
UNUSED static int send_udp(int n)
{
	static char b[65000];
	sin_t to;
	int in = udp_bound(&to), out = udp_socket();

	memset(b, 'x', sizeof(b));
	CHECK_EQ(CHECK_OK(sendto(out, b, n, 0, SA(&to), sizeof(to))), n);
	CHECK_EQ(CHECK_OK(recv(in, b, sizeof(b), 0)), n);
	close(in);
	close(out);
	return to.sin_port;
}

UNUSED static void check_udp_at(const unsigned char *p, int n, int payload, int port)
{
	const struct iphdr *ip = (const void *)p;
	const struct udphdr *udp = (const void *)(p + 20);

	CHECK_EQ(n, 28 + payload);
	CHECK_EQ(ip->version, 4);
	CHECK_EQ(ip->protocol, IPPROTO_UDP);
	CHECK_EQ(ntohs(ip->tot_len), 28 + payload);
	CHECK_EQ(udp->dest, port);
	if (payload)
		CHECK_EQ(p[28], 'x');
}

#endif
