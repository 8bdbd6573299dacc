/* SPDX-License-Identifier: MIT */
/*
 * What a socket's queues have no room for, or its filter does not want: why,
 * and the counts of the host, of the socket and of packet sockets.
 */
#include "tests/packet/drop/drop.h"

#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>

#define icmp ((struct icmphdr *)pkt_payload)

static int fd;

/* Do it until there is no room: then with these drops and counters. */
#define until_full(fn, drops, counters) \
	until_full_at(__FILE__, __LINE__, fn, drops, counters)

static void until_full_at(const char *file, int line, void (*fn)(void),
			  const char *drops, const char *counters)
{
	const char *seen = "";

	EXPECT(u_setopt(fd, SOL_SOCKET, SO_RCVBUF, 1), 0);
	for (int i = 0; i < 50 && !*seen; i++) {
		counters_mark();
		fn();
		seen = drops_seen();
	}
	if (strcmp(seen, drops) || !moved_are(counters)) {
		prog_failures++;
		fprintf(stderr, "%s:%d: \"%s\", \"%s\"\n", file, line, seen,
			counters_moved);
	}
}

static void send_one(void)
{
	EXPECT(u_sendto(fd, payload, 10, PEER_ADDR, 9), 10);
}

SIM_SCRIPT(stamps)
{
	fd = udp_bound(7);
	EXPECT(u_setopt(fd, SOL_SOCKET, SO_TIMESTAMPING,
			SOF_TIMESTAMPING_TX_SOFTWARE |
				SOF_TIMESTAMPING_OPT_TSONLY),
	       0);
	until_full(send_one, "SOCKET_RCVBUFF", "Udp.OutDatagrams");
	u_close(fd);
}

/* An error about a datagram of ours. */
static void put_error(void)
{
	struct iphdr *in = (struct iphdr *)(icmp + 1);
	struct udphdr *uh = (struct udphdr *)(in + 1);

	memset(pkt_payload, 0, 40);
	ip_begin(IPPROTO_ICMP, 40);
	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_HOST_UNREACH;
	in->version = 4;
	in->ihl = 5;
	in->ttl = 64;
	in->tot_len = htons(32);
	in->protocol = IPPROTO_UDP;
	in->saddr = htonl(HOST_ADDR);
	in->daddr = htonl(PEER_ADDR);
	uh->source = htons(7);
	uh->dest = htons(9);
	uh->len = htons(12);
	icmp->checksum = ip_compute_csum(icmp, 40);
	ip_put();
}

SIM_SCRIPT(errors_of_others)
{
	fd = udp_bound(7);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	until_full(put_error, "SOCKET_RCVBUFF", "Icmp.InDestUnreachs");
	u_close(fd);
}

static void send_too_much(void)
{
	EXPECT(u_sendto(fd, payload, 2000, PEER_ADDR, 9), -EMSGSIZE);
}

SIM_SCRIPT(errors_of_our_own)
{
	fd = udp_bound(7);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
	until_full(send_too_much, "SOCKET_RCVBUFF", "");
	u_close(fd);
}

static void put_datagram(void)
{
	udp_begin(7, 100);
	ip_put();
}

/* tp_packets and tp_drops; reading them sets them to zero. */
static void packet_statistics(u32 *stats)
{
	int len = 8;

	EXPECT(sim_call(__NR_getsockopt, (long)fd, 263L /* SOL_PACKET */,
			6L /* PACKET_STATISTICS */, U(stats), U(&len), 0L),
	       0);
}

static int packet_socket(void)
{
	return (int)u_call(__NR_socket, 17 /* PF_PACKET */, SOCK_RAW,
			   htons(ETH_P_ALL), 0);
}

/* The datagram itself has a reader. */
SIM_SCRIPT(packet_socket_full)
{
	int u = udp_bound(7);
	u32 stats[2];

	fd = packet_socket();
	until_full(put_datagram, "SOCKET_RCVBUFF", "");
	EXPECT(drops_of(fd), 1);
	packet_statistics(stats);
	EXPECT(stats[1], 1);
	EXPECT(stats[0] > 1, true);
	u_close(fd);
	u_close(u);
}

static void put_raw(void)
{
	ip_begin(200, 100);
	ip_put();
}

SIM_SCRIPT(raw_socket_full)
{
	fd = u_socket(SOCK_RAW, 200);
	until_full(put_raw, "SOCKET_RCVBUFF", "");
	EXPECT(drops_of(fd), 1);
	u_close(fd);
}

static void attach_filter(u32 keep)
{
	struct sock_filter keeps = { 0x06, 0, 0, keep };
	struct sock_fprog prog = { 1, &keeps };

	EXPECT(sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
			(long)SO_ATTACH_FILTER, U(&prog), sizeof(prog), 0L),
	       0);
}

static void change_link(void)
{
	EXPECT(dev_set_mtu(wire, wire->mtu == 1500 ? 1400 : 1500), 0);
}

SIM_SCRIPT(netlink_full)
{
	struct {
		u16 family, pad;
		u32 pid, groups;
	} links = { .family = 16, .groups = 1 };

	fd = (int)u_call(__NR_socket, 16 /* PF_NETLINK */,
			 SOCK_RAW | SOCK_NONBLOCK, 0, 0);
	EXPECT(sim_call(__NR_bind, (long)fd, U(&links), sizeof(links), 0L, 0L,
			0L),
	       0);
	until_full(change_link, "SOCKET_RCVBUFF", "");
	EXPECT(drops_of(fd), 1);
	EXPECT(u_recv(fd, payload, 4000, 0), -ENOBUFS);
	u_close(fd);
}

/*
 * What is put as one packet stands in @pkt: its header comes as it is, the
 * rest in a fragment, with @pad bytes that the link added. To cut it, whoever
 * shares it needs a head of his own.
 */
static void put_in_fragments(u32 pad)
{
	u32 n = ntohs(pkt_ip->tot_len) - 20U + pad;
	struct sk_buff *skb = alloc_skb(20);
	struct frag_buf *b = frag_buf_alloc(n);

	pkt_ip->check = 0;
	pkt_ip->check = ip_fast_csum(pkt_ip, 5);
	memcpy(skb_put(skb, 20), pkt_ip, 20);
	skb_reset_network_header(skb);
	CHECK(skb_append_frag(skb, b, 0, n));
	frag_buf_put(b);
	(void)skb_store_bits(skb, 20, pkt_payload, (int)(n - pad));
	skb->protocol = htons(ETH_P_IP);
	skb->dev = wire;
	kmem_fail_at(wire_fail_at);
	netif_rx(skb);
	kmem_fail_at(0);
}

static void padded(void)
{
	udp_begin(7, 100);
	put_in_fragments(50);
}

SIM_SCRIPT(padding_that_is_shared)
{
	int u = udp_bound(7);

	fd = packet_socket();
	without_memory(padded, "NOMEM", "Ip.InDiscards");
	u_close(fd);
	u_close(u);
}

/* A fragment that has not a multiple of eight bytes is cut to that. */
static void odd_fragment(void)
{
	static u16 id;

	udp_begin(7, 101);
	pkt_ip->id = htons(++id);
	pkt_ip->frag_off = htons(0x2000);
	put_in_fragments(0);
}

SIM_SCRIPT(fragment_that_is_shared)
{
	fd = packet_socket();
	without_memory(odd_fragment, "NOMEM",
		       "Ip.ReasmReqds Ip.ReasmFails");
	u_close(fd);
}

/* A packet socket that wants the first forty bytes. */
static void cut_for_a_socket(void)
{
	udp_begin(7, 100);
	put_in_fragments(0);
}

SIM_SCRIPT(filter_that_cuts)
{
	int u = udp_bound(7);
	u32 stats[2];

	fd = packet_socket();
	attach_filter(40);
	without_memory(cut_for_a_socket, "NOMEM", "");
	EXPECT(drops_of(fd) > 0, true);
	packet_statistics(stats);
	EXPECT(stats[1], drops_of(fd));
	u_close(fd);
	u_close(u);
}

/*
 * LINUX: somebody else has the packet too, so it is not gone and no reason
 * given; but it is counted.
 */
static void put_shared(void)
{
	struct sk_buff *skb = alloc_skb(120);

	udp_begin(7, 100);
	pkt_ip->check = ip_fast_csum(pkt_ip, 5);
	memcpy(skb_put(skb, 120), pkt, 120);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = wire;
	(void)skb_get(skb);
	kmem_fail_at(wire_fail_at);
	netif_rx(skb);
	kmem_fail_at(0);
	consume_skb(skb);
}

SIM_SCRIPT(packet_that_others_have)
{
	int u = udp_bound(7);

	without_memory(put_shared, "", "Ip.InDiscards");
	u_close(u);
}
