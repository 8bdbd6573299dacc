/* SPDX-License-Identifier: MIT */
/*
 * Packets to be forwarded that ask a router to look at them (RFC 2113): they go
 * to the raw sockets with IP_ROUTER_ALERT, and no further.
 */
#include "tests/packet/drop/drop.h"

#define BEYOND 0x0a000009U
#define PROTO 200

static int alerted(int proto)
{
	int fd = u_socket(SOCK_RAW | SOCK_NONBLOCK, proto);

	EXPECT(u_setopt(fd, SOL_IP, IP_ROUTER_ALERT, 1), 0);
	return fd;
}

/* @len bytes of payload, of a datagram that has them at @off. */
static void put_alert(u32 daddr, u16 off, size_t len, u8 value)
{
	static const u8 option[4] = { 148, 4, 0, 0 };

	memset(pkt_payload, 0, 4 + len);
	ip_begin(PROTO, 4 + len);
	memcpy(pkt_payload, option, 4);
	pkt_payload[3] = value;
	pkt_ip->ihl = 6;
	pkt_ip->id = htons(4711);
	pkt_ip->frag_off = htons(off);
	pkt_ip->daddr = htonl(daddr);
	ip_put();
	wire_settle();
}

static long got(int fd)
{
	static u8 b[2000];

	return u_recv(fd, b, sizeof(b), 0);
}

SCRIPT(goes_to_all_that_ask)
{
	int a = alerted(PROTO), b = alerted(PROTO), other = alerted(PROTO + 1);

	sysctl("ipv4/ip_forward", "1");
	counters_mark();
	put_alert(BEYOND, 0, 10, 0);
	/* Not forwarded. */
	moved("");
	EXPECT(got(a), 34);
	EXPECT(got(b), 34);
	EXPECT(got(other), -EAGAIN);
	u_close(a);
	u_close(b);
	u_close(other);
}

SCRIPT(nobody_asks)
{
	int plain = u_socket(SOCK_RAW | SOCK_NONBLOCK, PROTO);
	int off = alerted(PROTO), fd = alerted(PROTO);

	u_close(fd);
	EXPECT(u_setopt(off, SOL_IP, IP_ROUTER_ALERT, 0), 0);
	sysctl("ipv4/ip_forward", "1");
	counters_mark();
	put_alert(BEYOND, 0, 10, 0);
	moved("Ip.ForwDatagrams Icmp.OutRedirects");
	EXPECT(got(plain), -EAGAIN);
	EXPECT(got(off), -EAGAIN);
	u_close(plain);
	u_close(off);
}

SCRIPT(another_value_is_no_alert)
{
	int fd = alerted(PROTO);

	sysctl("ipv4/ip_forward", "1");
	counters_mark();
	put_alert(BEYOND, 0, 10, 1);
	moved("Ip.ForwDatagrams Icmp.OutRedirects");
	EXPECT(got(fd), -EAGAIN);
	u_close(fd);
}

/* To this host it is a packet like any other. */
SCRIPT(to_us)
{
	int fd = alerted(PROTO);

	put_alert(HOST_ADDR, 0, 10, 0);
	EXPECT(got(fd), 34);
	EXPECT(got(fd), -EAGAIN);
	u_close(fd);
}

SCRIPT(fragments_are_put_together)
{
	int fd = alerted(PROTO);

	sysctl("ipv4/ip_forward", "1");
	counters_mark();
	put_alert(BEYOND, 0x2000, 16, 0);
	EXPECT(got(fd), -EAGAIN);
	put_alert(BEYOND, 2, 10, 0);
	moved("Ip.ReasmReqds=2 Ip.ReasmOKs");
	EXPECT(got(fd), 24 + 26);
	u_close(fd);
}
