/* SPDX-License-Identifier: MIT */
/*
 * Packets into a host with sockets in all states.
 *
 * The input is a list of steps. Half of them put packets on the host's wire:
 * raw bytes, or ones that are right but for what the input chose, with sequence
 * numbers near those of a connection that exists. The others are the calls of a
 * program on the host, and time that passes.
 *
 * The bytes of a TCP segment are a function of their sequence number, so what
 * the program reads must go on where it stopped, whatever the segments were.
 * When the program is gone and all timers have run, nothing may be left.
 */
#include "tests/unit/net/ipv4/stream.h"

#include "fuzz/input.h"
#include "lib/checksum.h"
#include "uapi/icmp.h"

#include <linux/if_ether.h>
#include <stdlib.h>

#define HOST_ADDR 0x0a000001U
#define PEER_ADDR 0x0a000002U
#define LISTEN_PORT 80
#define UDP_PORT 53
#define NR_FLOWS 16
#define NR_FDS 24
#define MAX_STEPS 400

const size_t fuzz_input_max = 4096;

/* A connection as the wire saw it. */
struct flow {
	u16 host_port, peer_port;
	u32 host_next; /* behind the last byte that the host sent */
	u32 peer_next; /* what the host has acknowledged */
	u32 tsval;
};

static struct net *host;
static struct net_device *wire;
static struct flow flows[NR_FLOWS];
static unsigned int nr_flows;
static struct input in;
static u8 seen_phase[NR_FDS][2]; /* of the bytes read: known, next one */
static int fds[NR_FDS];
static int crowd; /* sockets that are only counted */

/* Goes on where sequence numbers wrap. */
static u8 byte_at(u32 seq)
{
	return (u8)seq;
}

/* The wire */

static struct flow *flow_find(u16 host_port, u16 peer_port)
{
	struct flow *f;

	for (unsigned int i = 0; i < min(nr_flows, (unsigned int)NR_FLOWS); i++)
		if (flows[i].host_port == host_port &&
		    flows[i].peer_port == peer_port)
			return &flows[i];
	f = &flows[nr_flows++ % NR_FLOWS];
	*f = (struct flow){ .host_port = host_port, .peer_port = peer_port };
	return f;
}

static u32 find_tsval(const u8 *o, int n)
{
	for (int i = 0; i < n && o[i];) {
		if (o[i] == 1) {
			i++;
			continue;
		}
		if (o[i] == 8 && i + 6 <= n)
			return ntohl(*(const u32 *)(const void *)(o + i + 2));
		if (i + 1 >= n || o[i + 1] < 2)
			break;
		i += o[i + 1];
	}
	return 0;
}

static int wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	u8 b[120] __attribute__((aligned(4)));
	int n = skb->len < sizeof(b) ? (int)skb->len : (int)sizeof(b);
	const struct iphdr *iph = (const struct iphdr *)b;
	const struct tcphdr *th;
	struct flow *f;
	u32 len;

	(void)dev;
	if (!skb_copy_bits(skb, 0, b, n) && iph->protocol == IPPROTO_TCP &&
	    !(iph->frag_off & htons(IP_OFFSET))) {
		th = (const struct tcphdr *)(b + iph->ihl * 4);
		f = flow_find(ntohs(th->source), ntohs(th->dest));
		len = ntohs(iph->tot_len) - iph->ihl * 4 - th->doff * 4;
		f->host_next = ntohl(th->seq) + len + th->syn + th->fin;
		if (th->ack)
			f->peer_next = ntohl(th->ack_seq);
		f->tsval = find_tsval((const u8 *)(th + 1), th->doff * 4 - 20);
	}
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
};

static void wire_setup(struct net_device *dev)
{
	dev->type = 0xfffe; /* ARPHRD_NONE */
	dev->mtu = 1500;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->netdev_ops = &wire_ops;
}

static void receive(const void *data, size_t n)
{
	struct sk_buff *skb = alloc_skb(n + 1);

	if (!skb)
		return;
	skb_reset_network_header(skb);
	memcpy(skb_put(skb, n), data, n);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = wire;
	skb->ip_summed = CHECKSUM_NONE;
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
}

/* An IP packet of @n bytes behind room for the header at @b. */
static void receive_ip(u8 *b, u8 protocol, size_t n, u8 odd)
{
	struct iphdr *iph = (struct iphdr *)b;

	*iph = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tos = odd & 1 ? in_u8(&in) : 0,
		.tot_len = htons((u16)(n + 20)),
		.id = htons(odd & 2 ? in_u8(&in) : 0),
		.frag_off = odd & 2 ? htons(in_u16(&in)) : 0,
		.ttl = odd & 4 ? in_u8(&in) : 64,
		.protocol = protocol,
		.saddr = htonl(odd & 8 ? in_u32(&in) : PEER_ADDR),
		.daddr = htonl(odd & 16 ? in_u32(&in) : HOST_ADDR),
	};
	iph->check = ip_fast_csum(iph, 5);
	receive(b, n + 20);
}

/* The same in two fragments that may overlap, the last one first or not. */
static void receive_fragments(const u8 *b, u8 protocol, size_t n)
{
	static u8 part[20 + 4096] __attribute__((aligned(4)));
	struct iphdr *iph = (struct iphdr *)part;
	u8 how = in_u8(&in);
	size_t cut = min((size_t)(in_u8(&in) + 1) * 8, n), from, len;

	for (unsigned int i = 0; i < 2; i++) {
		bool last = i ^ (how & 1);

		from = last ? cut - min(cut, (size_t)(how >> 6) * 8) : 0;
		len = last ? n - from : cut;
		*iph = (struct iphdr){
			.version = 4, .ihl = 5, .ttl = 64,
			.id = htons(how >> 1 & 3), .protocol = protocol,
			.tot_len = htons((u16)(len + 20)),
			.frag_off = htons((u16)(from / 8 |
						(last ? 0 : IP_MF))),
			.saddr = htonl(PEER_ADDR), .daddr = htonl(HOST_ADDR),
		};
		iph->check = ip_fast_csum(iph, 5);
		memcpy(part + 20, b + 20 + from, len);
		receive(part, len + 20);
		if (how & 8)
			sim_sleep((how & 16 ? 40 : 1) * SIM_SEC);
	}
}

static u32 near(u32 n)
{
	switch (in_below(&in, 8)) {
	case 0:
		return n + (u32)(s8)in_u8(&in);
	case 1:
		return n + (u32)(s16)in_u16(&in);
	case 2:
		return in_u32(&in);
	default:
		return n;
	}
}

static size_t tcp_options(u8 *o, const struct flow *f)
{
	u8 what = in_u8(&in);
	size_t n = 0;

	if (what & 1) {
		memcpy(o + n, "\1\1\10\12", 4);
		*(u32 *)(void *)(o + n + 4) = htonl(near(1000));
		*(u32 *)(void *)(o + n + 8) = htonl(near(f->tsval));
		n += 12;
	}
	if (what & 2) {
		memcpy(o + n, "\2\4\5\264\1\3\3\7\4\2\1\1", 12);
		n += 12;
	}
	if (what & 4) {
		memcpy(o + n, "\1\1\5\12", 4);
		*(u32 *)(void *)(o + n + 4) = htonl(near(f->host_next));
		*(u32 *)(void *)(o + n + 8) = htonl(near(f->host_next));
		n += 12;
	}
	if (what & 8) {
		size_t raw = in_below(&in, (u32)(41 - n));

		in_bytes(&in, o + n, raw);
		n += raw;
	}
	while (n % 4)
		o[n++] = 0;
	return n;
}

static void put_tcp(void)
{
	static const u8 usual[] = { TCPHDR_SYN, TCPHDR_ACK,
				    TCPHDR_SYN | TCPHDR_ACK,
				    TCPHDR_ACK | TCPHDR_PSH,
				    TCPHDR_ACK | TCPHDR_FIN, TCPHDR_RST };
	u8 b[20 + 60 + 2048] __attribute__((aligned(4)));
	struct tcphdr *th = (struct tcphdr *)(b + 20);
	u8 shape = in_u8(&in), flags;
	struct flow fresh = {
		.host_port = LISTEN_PORT,
		.peer_port = (u16)(5000 + in_below(&in, 8)),
		.peer_next = 100000,
	};
	const struct flow *f = &fresh;
	size_t olen, len;
	u32 seq;

	if (nr_flows && shape & 1)
		f = &flows[in_u8(&in) % min(nr_flows, (u32)NR_FLOWS)];
	flags = shape & 2 ? in_u8(&in) : usual[in_below(&in, 6)];
	seq = near(f->peer_next);
	memset(th, 0, sizeof(*th));
	th->source = htons(f->peer_port);
	th->dest = htons(f->host_port);
	th->seq = htonl(seq);
	th->ack_seq = htonl(near(f->host_next));
	((u8 *)th)[13] = flags;
	th->window = shape & 4 ? htons(in_u16(&in)) : 0xffff;
	th->urg_ptr = flags & TCPHDR_URG ? htons(in_u16(&in)) : 0;
	olen = tcp_options((u8 *)(th + 1), f);
	th->doff = shape & 8 ? in_u8(&in) : (20 + olen) / 4;
	len = shape & 16 ? in_below(&in, 2048) : 0;
	/* The data is what the header says it is. */
	for (size_t i = th->doff * 4U; i >= 20 && i < 20 + olen + len; i++)
		b[20 + i] = byte_at(seq + (flags & TCPHDR_SYN ? 1 : 0) +
				    (u32)(i - th->doff * 4U));
	th->check = csum_fold(csum_partial(
		th, 20 + olen + len,
		csum_tcpudp_nofold(htonl(PEER_ADDR), htonl(HOST_ADDR),
				   (u32)(20 + olen + len), IPPROTO_TCP, 0)));
	/* Other addresses would need another checksum: they are in put_raw. */
	if (shape & 64)
		receive_fragments(b, IPPROTO_TCP, 20 + olen + len);
	else
		receive_ip(b, IPPROTO_TCP, 20 + olen + len,
			   shape & 32 ? 1 : 0);
}

static void put_udp(void)
{
	u8 b[20 + 8 + 256] __attribute__((aligned(4)));
	u16 *h = (u16 *)(void *)(b + 20);
	size_t len = in_u8(&in);
	u8 odd = in_u8(&in);

	h[0] = htons(odd & 64 ? 0 : 5353);
	h[1] = htons(odd & 128 ? in_u16(&in) : UDP_PORT);
	h[2] = htons(odd & 32 ? in_u16(&in) : (u16)(len + 8));
	h[3] = 0;
	in_bytes(&in, b + 28, len);
	receive_ip(b, IPPROTO_UDP, len + 8, odd);
}

/* An error about a segment of a connection, or anything else. */
static void put_icmp(void)
{
	u8 b[20 + 8 + 64] __attribute__((aligned(4)));
	struct icmphdr *ic = (struct icmphdr *)(b + 20);
	struct iphdr *q = (struct iphdr *)(b + 28);
	struct tcphdr *th = (struct tcphdr *)(b + 48);
	size_t len = 8 + 28;
	u8 odd = in_u8(&in);

	memset(ic, 0, 8);
	ic->type = odd & 1 ? in_u8(&in) : ICMP_DEST_UNREACH;
	ic->code = in_below(&in, 20);
	ic->un.gateway = htonl(odd & 2 ? in_u32(&in) : in_u16(&in));
	if (nr_flows && odd & 4) {
		const struct flow *f =
			&flows[in_u8(&in) % min(nr_flows, (u32)NR_FLOWS)];

		*q = (struct iphdr){
			.version = 4, .ihl = 5, .ttl = 60,
			.tot_len = htons(40), .protocol = IPPROTO_TCP,
			.saddr = htonl(HOST_ADDR), .daddr = htonl(PEER_ADDR),
		};
		th->source = htons(f->host_port);
		th->dest = htons(f->peer_port);
		th->seq = htonl(near(f->host_next));
	} else {
		len = 8 + in_below(&in, 65);
		in_bytes(&in, b + 28, len - 8);
	}
	ic->checksum = 0;
	ic->checksum = csum_fold(csum_partial(ic, len, 0));
	receive_ip(b, IPPROTO_ICMP, len, 0);
}

/* An error about a datagram of the host's, or one that it never sent. */
static void put_icmp_udp(void)
{
	u8 b[20 + 8 + 20 + 40 + 8] __attribute__((aligned(4)));
	struct icmphdr *ic = (struct icmphdr *)(b + 20);
	struct iphdr *q = (struct iphdr *)(b + 28);
	u8 odd = in_u8(&in);
	size_t olen = odd & 1 ? (in_u8(&in) % 11) * 4U : 0;
	u16 *ports = (u16 *)(void *)(b + 48 + olen);
	size_t n = 8 + 20 + olen + 8;

	memset(b, 0, sizeof(b));
	ic->type = odd & 2 ? ICMP_DEST_UNREACH : in_below(&in, 19);
	ic->code = in_below(&in, 20);
	ic->un.gateway = htonl(in_u16(&in));
	*q = (struct iphdr){
		.version = 4, .ihl = (u8)((20 + olen) / 4) & 15, .ttl = 60,
		.tot_len = htons(odd & 4 ? in_u16(&in) : 100),
		.protocol = odd & 8 ? IPPROTO_UDP : in_below(&in, 18),
		.saddr = htonl(odd & 16 ? PEER_ADDR : HOST_ADDR),
		.daddr = htonl(odd & 16 ? HOST_ADDR : PEER_ADDR),
	};
	in_bytes(&in, q + 1, olen);
	ports[0] = htons(UDP_PORT);
	ports[1] = htons(odd & 32 ? in_u16(&in) : 5353);
	if (odd & 64)
		n = in_below(&in, (u32)n + 1);
	ic->checksum = csum_fold(csum_partial(ic, n, 0));
	receive_ip(b, IPPROTO_ICMP, n, 0);
}

static void put_raw(void)
{
	u8 b[20 + 256] __attribute__((aligned(4)));
	u8 odd = in_u8(&in), protocol = in_u8(&in);
	size_t len = in_u8(&in);

	if (odd & 128) {
		in_bytes(&in, b, len);
		receive(b, len);
		return;
	}
	in_bytes(&in, b + 20, len);
	receive_ip(b, protocol, len, odd);
}

/* The program */

static int a_slot(void)
{
	return (int)in_below(&in, NR_FDS);
}

static void take_slot(int fd)
{
	static const int on = 1;

	if (fd < 0)
		return;
	/* Urgent bytes stay in the stream, so that it can be followed. */
	(void)sim_call(__NR_setsockopt, (long)fd, (long)SOL_SOCKET,
		       (long)SO_OOBINLINE, U(&on), sizeof(on), 0L);
	for (int i = 0; i < NR_FDS; i++)
		if (fds[i] < 0) {
			fds[i] = fd;
			seen_phase[i][0] = 0;
			return;
		}
	(void)u_close(fd);
}

static void do_recv(void)
{
	static u8 buf[4096];
	int i = a_slot(), flags = in_u8(&in);
	long n;

	/* Neither the urgent byte nor the errors are of the stream. */
	flags &= MSG_PEEK | MSG_TRUNC | MSG_WAITALL;
	if (fds[i] < 0)
		return;
	n = u_recv(fds[i], buf, 1 + in_below(&in, sizeof(buf)),
		   flags | MSG_DONTWAIT);
	if (n <= 0 || flags & (MSG_PEEK | MSG_TRUNC) ||
	    u_getopt(fds[i], SOL_SOCKET, SO_PROTOCOL) != IPPROTO_TCP)
		goto out;
	for (long j = 0; j < n; j++) {
		if (seen_phase[i][0] && buf[j] != seen_phase[i][1]) {
			fprintf(stderr, "byte %u of the stream, not %u\n",
				buf[j], seen_phase[i][1]);
			abort();
		}
		seen_phase[i][0] = 1;
		seen_phase[i][1] = (u8)(buf[j] + 1);
	}
out:
	/* Bytes thrown away: where the stream goes on is not known. */
	if (flags & MSG_TRUNC)
		seen_phase[i][0] = 0;
}

static void do_send(void)
{
	static u8 buf[65536];
	int i = a_slot();
	u16 flags = in_u16(&in);

	if (fds[i] >= 0)
		(void)sim_call(__NR_sendto, (long)fds[i], U(buf),
			       (long)in_u16(&in),
			       (long)(flags & (MSG_MORE | MSG_OOB | MSG_EOR)) |
				       MSG_DONTWAIT | MSG_NOSIGNAL,
			       0L, 0L);
}

static void do_close(void)
{
	int i = a_slot();

	if (fds[i] < 0)
		return;
	(void)u_close(fds[i]);
	fds[i] = -1;
}

static void do_shutdown(void)
{
	int i = a_slot();

	if (fds[i] >= 0)
		(void)u_shutdown(fds[i], in_below(&in, 3));
}

static void do_connect(void)
{
	int fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd >= 0)
		(void)u_connect(fd, PEER_ADDR, (u16)(1 + in_below(&in, 4)));
	take_slot(fd);
}

static void do_accept(void)
{
	int i = a_slot();

	if (fds[i] >= 0)
		take_slot((int)u_accept(fds[i], SOCK_NONBLOCK));
}

static void do_option(void)
{
	static const u8 options[][2] = {
		{ SOL_TCP, TCP_NODELAY },      { SOL_TCP, TCP_CORK },
		{ SOL_TCP, TCP_KEEPIDLE },     { SOL_TCP, TCP_KEEPINTVL },
		{ SOL_TCP, TCP_USER_TIMEOUT }, { SOL_TCP, TCP_DEFER_ACCEPT },
		{ SOL_TCP, TCP_QUICKACK },     { SOL_TCP, TCP_WINDOW_CLAMP },
		{ SOL_TCP, TCP_FASTOPEN },     { SOL_TCP, TCP_MAXSEG },
		{ SOL_TCP, TCP_LINGER2 },      { SOL_SOCKET, SO_KEEPALIVE },
		{ SOL_SOCKET, SO_RCVBUF },     { SOL_SOCKET, SO_SNDBUF },
		{ SOL_SOCKET, SO_RCVLOWAT },   { SOL_IP, IP_RECVERR },
		{ SOL_IP, IP_MTU_DISCOVER },   { SOL_IP, IP_MINTTL },
		{ SOL_SOCKET, SO_MARK },       { SOL_IP, IP_PKTINFO },
		{ SOL_IP, IP_RECVTTL },	       { SOL_IP, IP_RECVOPTS },
		{ SOL_TCP, TCP_SAVE_SYN },
		{ SOL_TCP, TCP_FASTOPEN_CONNECT },
	};
	const u8 *o = options[in_below(&in, ARRAY_SIZE(options))];
	int i = a_slot(), v = in_u16(&in);

	if (fds[i] >= 0)
		(void)u_setopt(fds[i], o[0], o[1], v);
}

static void do_error_queue(void)
{
	static u8 buf[256], control[256];
	struct iovec_of_user {
		u64 base, len;
	} iov = { U(buf), sizeof(buf) };
	struct user_msghdr m = { .msg_iov = U(&iov), .msg_iovlen = 1,
				 .msg_control = U(control),
				 .msg_controllen = in_u8(&in) };
	int i = a_slot();

	if (fds[i] >= 0)
		(void)sim_call(__NR_recvmsg, (long)fds[i], U(&m),
			       (long)(MSG_ERRQUEUE | MSG_DONTWAIT));
}

/* Any option, read: TCP_INFO of a connection in any state among them. */
static void do_getsockopt(void)
{
	static const u8 levels[] = { SOL_SOCKET, SOL_IP, SOL_TCP, SOL_UDP };
	static u8 buf[512];
	int i = a_slot(), len = in_u8(&in);
	long level = levels[in_below(&in, 4)];

	if (fds[i] >= 0)
		(void)sim_call(__NR_getsockopt, (long)fds[i], level,
			       (long)in_below(&in, 80), U(buf), U(&len), 0L);
}

static void do_congestion(void)
{
	static const char *const names[] = { "cubic", "reno", "bbr", "x" };
	const char *name = names[in_below(&in, 4)];
	int i = a_slot();

	if (fds[i] >= 0)
		(void)sim_call(__NR_setsockopt, (long)fds[i], (long)SOL_TCP,
			       (long)TCP_CONGESTION, U(name),
			       strlen(name), 0L);
}

/* Groups, and sources of them: the host says so by IGMP. */
static void do_group(void)
{
	struct {
		__be32 group, local, index_or_source;
	} mr = { htonl(0xe0000100 + in_below(&in, 4)), htonl(HOST_ADDR),
		 in_below(&in, 4) };
	int i = a_slot();

	if (fds[i] >= 0)
		(void)sim_call(__NR_setsockopt, (long)fds[i], (long)SOL_IP,
			       (long)(32 + in_below(&in, 20)), U(&mr),
			       (long)sizeof(mr), 0L);
}

/* Datagrams, in fragments when long, and streams with data in the SYN. */
static void do_sendto(void)
{
	static u8 buf[9000];
	struct sockaddr_in to = sin_of(PEER_ADDR, 5353);
	u8 how = in_u8(&in);
	int i = a_slot(), fd = fds[i];

	if (how & 1) {
		to.sin_port = htons((u16)(1 + in_below(&in, 4)));
		fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0);
	}
	if (how & 2)
		to.sin_addr.s_addr = htonl(0xe0000100 + (how >> 6));
	if (fd >= 0)
		(void)sim_call(__NR_sendto, (long)fd, U(buf),
			       (long)(in_u16(&in) % sizeof(buf)),
			       (long)(MSG_DONTWAIT | MSG_NOSIGNAL |
				      (how & 4 ? MSG_MORE : 0) |
				      (how & 1 ? MSG_FASTOPEN : 0)),
			       U(&to), (long)sizeof(to));
	if (how & 1)
		take_slot(fd);
}

static void do_wait(void)
{
	u64 ms = in_u8(&in);

	/* As if the host had many sockets: idle ones are parked. */
	if (ms > 224 && !crowd) {
		crowd = 1000;
		host->ipv4->tcp_sockets_allocated += crowd;
		(void)u_close(u_socket(SOCK_STREAM, 0));
	}
	sim_sleep(ms * ms * SIM_MS);
}

static void (*const steps[])(void) = {
	put_tcp,   put_tcp,    put_tcp,	   put_tcp,   put_tcp,	put_tcp,
	put_udp,   put_icmp,   put_raw,	   do_recv,   do_send,	do_close,
	do_accept, do_connect, do_shutdown, do_option, do_wait, do_error_queue,
	do_group,  do_sendto,  do_congestion, do_getsockopt, put_icmp_udp,
};

static void program(void *arg)
{
	int fd;

	(void)arg;
	for (int i = 0; i < NR_FDS; i++)
		fds[i] = -1;
	take_slot(fd = u_socket(SOCK_STREAM | SOCK_NONBLOCK, 0));
	(void)u_bind(fd, 0, LISTEN_PORT);
	(void)u_listen(fd, 3);
	take_slot(fd = u_socket(SOCK_DGRAM | SOCK_NONBLOCK, 0));
	(void)u_bind(fd, 0, UDP_PORT);
	take_slot(u_socket(SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP));
	take_slot(u_socket(SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_ICMP));
	take_slot((int)sim_call(__NR_socket, (long)AF_PACKET,
				(long)(SOCK_DGRAM | SOCK_NONBLOCK),
				(long)htons(ETH_P_ALL), 0L, 0L, 0L));
	for (int i = 0; i < MAX_STEPS && in.left; i++)
		steps[in_below(&in, ARRAY_SIZE(steps))]();
}

static void quiet(int level, const char *line)
{
	(void)level;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sim = sim_new(5);
	if (!sim)
		abort();
	sim_log(sim, quiet);
	host = sim_host(sim, "h");
	wire = alloc_netdev(0, "wire0", wire_setup);
	if (!host || !wire || register_netdev(host, wire))
		abort();
	dev_up(host, "wire0", HOST_ADDR);
	nr_flows = 0;
	crowd = 0;
	in = (struct input){ data, size };
	(void)sim_spawn(sim, host, program, NULL);
	(void)sim_run(sim, SIM_FOREVER);
	host->ipv4->tcp_sockets_allocated -= crowd;
	unregister_netdev(wire);
	free_netdev(wire);
	if (sim_running(sim) || sim_free(sim)) {
		fprintf(stderr, "something is left behind\n");
		abort();
	}
	return 0;
}
