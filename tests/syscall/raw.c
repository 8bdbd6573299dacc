/* SPDX-License-Identifier: MIT */
/* SOCK_RAW on AF_INET: headers in and out, filters, copies of all packets. */
#include "harness.h"

#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>

/* Protocol numbers for experiments (RFC 3692). */
#define PROTO	253

static int raw(int protocol)
{
	int fd = socket(AF_INET, SOCK_RAW, protocol);

	if (fd < 0 && errno == EPERM)
		SKIP("no CAP_NET_RAW");
	return CHECK_OK(fd);
}

static sin_t own;	/* an address of this process only: no foreign noise */

static sin_t own_addr(void)
{
	own = sin_of(0x7f100000 | (getpid() & 0xffff), 0);
	return own;
}

/* The next packet that came from our address; its length. */
static ssize_t next(int fd, void *buf, size_t n)
{
	struct ip *ip = buf;
	ssize_t k;

	do
		k = CHECK_OK(recv(fd, buf, n, 0));
	while (k < 20 || ip->ip_dst.s_addr != own.sin_addr.s_addr);
	return k;
}

TEST(needs_cap_net_raw)
{
	drop_privilege();
	CHECK_ERRNO(socket(AF_INET, SOCK_RAW, PROTO), EPERM);
	CHECK_ERRNO(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM);
	CHECK_ERRNO(socket(AF_INET, SOCK_RAW, IPPROTO_RAW), EPERM);
}

TEST(protocol_zero_comes_before_privilege)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_RAW, 0), EPROTONOSUPPORT);
}

TEST(any_protocol_up_to_255)
{
	raw(1);
	raw(PROTO);
	raw(255);
	CHECK_EQ(get_opt(raw(PROTO), SOL_SOCKET, SO_PROTOCOL), PROTO);
	CHECK_EQ(get_opt(raw(PROTO), SOL_SOCKET, SO_TYPE), SOCK_RAW);
}

TEST(payload_out_header_and_payload_in)
{
	int s = raw(PROTO), r = raw(PROTO);
	unsigned char b[64];
	struct ip *ip = (struct ip *)b;
	sin_t a = own_addr();

	CHECK_EQ(CHECK_OK(sendto(s, "payload", 7, 0, SA(&a), sizeof(a))), 7);
	CHECK_EQ(next(r, b, sizeof(b)), 27);
	CHECK_EQ(ip->ip_v, 4);
	CHECK_EQ(ip->ip_hl, 5);
	CHECK_EQ(ip->ip_p, PROTO);
	CHECK_EQ(ip->ip_ttl, 64);
	CHECK_EQ(ntohs(ip->ip_len), 27);
	CHECK_EQ(ip->ip_src.s_addr, htonl(LO));
	CHECK(!memcmp(b + 20, "payload", 7));
}

TEST(header_checksum_is_right)
{
	int s = raw(PROTO), r = raw(PROTO), i;
	unsigned char b[64];
	sin_t a = own_addr();
	uint32_t sum = 0;

	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	next(r, b, sizeof(b));
	for (i = 0; i < 20; i += 2)
		sum += b[i] << 8 | b[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	CHECK_EQ(sum, 0xffff);
}

TEST(ttl_and_tos_of_the_socket)
{
	int s = raw(PROTO), r = raw(PROTO);
	unsigned char b[64];
	struct ip *ip = (struct ip *)b;
	sin_t a = own_addr();

	set_opt(s, IPPROTO_IP, IP_TTL, 5);
	set_opt(s, IPPROTO_IP, IP_TOS, 0x10);
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	next(r, b, sizeof(b));
	CHECK_EQ(ip->ip_ttl, 5);
	CHECK_EQ(ip->ip_tos, 0x10);
}

TEST(recvfrom_names_the_source_with_port_zero)
{
	int s = raw(PROTO), r = raw(PROTO);
	sin_t a = own_addr(), from;
	socklen_t len = sizeof(from);
	char b[64];

	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	CHECK_OK(recvfrom(r, b, sizeof(b), 0, SA(&from), &len));
	CHECK_EQ(from.sin_addr.s_addr, htonl(LO));
	CHECK_EQ(from.sin_port, 0);
}

TEST(every_socket_of_the_protocol_gets_a_copy)
{
	int s = raw(PROTO), r[3], i;
	sin_t a = own_addr();
	char b[64];

	for (i = 0; i < 3; i++)
		r[i] = raw(PROTO);
	CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
	for (i = 0; i < 3; i++)
		CHECK_EQ(next(r[i], b, sizeof(b)), 21);
}

TEST(bound_hears_its_address_only)
{
	int s = raw(PROTO), r = raw(PROTO);
	sin_t a = own_addr(), b = a;
	char buf[64];

	b.sin_addr.s_addr = htonl(ntohl(a.sin_addr.s_addr) ^ 0x00800000);
	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	CHECK_OK(sendto(s, "no", 2, 0, SA(&b), sizeof(b)));
	CHECK_OK(sendto(s, "yes", 3, 0, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(recv(r, buf, sizeof(buf), 0)), 23);
}

TEST(connected_hears_its_peer_only)
{
	int s = raw(PROTO), s2 = raw(PROTO), r = raw(PROTO);
	sin_t a = own_addr(), p = a;
	char buf[64];

	p.sin_addr.s_addr = htonl(ntohl(a.sin_addr.s_addr) ^ 0x00800000);
	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	CHECK_OK(bind(s2, SA(&p), sizeof(p)));
	CHECK_OK(connect(r, SA(&p), sizeof(p)));
	CHECK_OK(sendto(s, "no", 2, 0, SA(&a), sizeof(a)));
	CHECK_OK(sendto(s2, "yes", 3, 0, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(recv(r, buf, sizeof(buf), 0)), 23);
}

TEST(getsockname_port_is_the_protocol)
{
	CHECK_EQ(ntohs(name_of(raw(PROTO)).sin_port), PROTO);
}

TEST(bind_foreign_address_eaddrnotavail)
{
	sin_t a = sin_of(FOREIGN, 0);

	CHECK_ERRNO(bind(raw(PROTO), SA(&a), sizeof(a)), EADDRNOTAVAIL);
}

TEST(no_destination_edestaddrreq)
{
	CHECK_ERRNO(send(raw(PROTO), "x", 1, 0), EDESTADDRREQ);
}

TEST(address_checks)
{
	int s = raw(PROTO);
	sin_t a = lo(0);

	CHECK_ERRNO(sendto(s, "x", 1, 0, SA(&a), 15), EINVAL);
	a.sin_family = AF_INET6;
	CHECK_ERRNO(sendto(s, "x", 1, 0, SA(&a), 16), EAFNOSUPPORT);
}

TEST(listen_accept_eopnotsupp)
{
	CHECK_ERRNO(listen(raw(PROTO), 1), EOPNOTSUPP);
	CHECK_ERRNO(accept(raw(PROTO), NULL, NULL), EOPNOTSUPP);
}

TEST(msg_oob_eopnotsupp)
{
	sin_t a = lo(0);

	CHECK_ERRNO(sendto(raw(PROTO), "x", 1, MSG_OOB, SA(&a), sizeof(a)),
		    EOPNOTSUPP);
}

TEST(too_large_emsgsize)
{
	static char big[70000];
	sin_t a = lo(0);

	CHECK_ERRNO(sendto(raw(PROTO), big, 65536, 0, SA(&a), sizeof(a)),
		    EMSGSIZE);
}

/* ---- IP_HDRINCL ---- */

static size_t packet(unsigned char *b, int protocol, const char *data)
{
	struct ip *ip = (struct ip *)b;

	memset(b, 0, 20);
	ip->ip_v = 4;
	ip->ip_hl = 5;
	ip->ip_ttl = 77;
	ip->ip_p = protocol;
	ip->ip_dst = own.sin_addr;
	memcpy(b + 20, data, strlen(data));
	return 20 + strlen(data);
}

TEST(hdrincl_default_off_and_settable)
{
	int s = raw(PROTO);

	CHECK_EQ(get_opt(s, IPPROTO_IP, IP_HDRINCL), 0);
	set_opt(s, IPPROTO_IP, IP_HDRINCL, 1);
	CHECK_EQ(get_opt(s, IPPROTO_IP, IP_HDRINCL), 1);
}

TEST(hdrincl_fills_length_checksum_id_and_source)
{
	int s = raw(PROTO), r = raw(PROTO), i;
	unsigned char b[64];
	struct ip *ip = (struct ip *)b;
	sin_t a = own_addr();
	uint32_t sum = 0;
	size_t n;

	set_opt(s, IPPROTO_IP, IP_HDRINCL, 1);
	n = packet(b, PROTO, "own header");
	CHECK_EQ(CHECK_OK(sendto(s, b, n, 0, SA(&a), sizeof(a))), n);
	memset(b, 0, sizeof(b));
	CHECK_EQ(next(r, b, sizeof(b)), n);
	CHECK_EQ(ip->ip_ttl, 77);
	CHECK_EQ(ntohs(ip->ip_len), n);
	CHECK_EQ(ip->ip_src.s_addr, htonl(LO));
	for (i = 0; i < 20; i += 2)
		sum += b[i] << 8 | b[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	CHECK_EQ(sum, 0xffff);
	CHECK(!memcmp(b + 20, "own header", 10));
}

TEST(hdrincl_keeps_a_given_source)
{
	int s = raw(PROTO), r = raw(PROTO);
	unsigned char b[64];
	struct ip *ip = (struct ip *)b;
	sin_t a = own_addr();
	size_t n;

	set_opt(s, IPPROTO_IP, IP_HDRINCL, 1);
	n = packet(b, PROTO, "x");
	ip->ip_src.s_addr = htonl(0x7f0a0b0c);
	CHECK_OK(sendto(s, b, n, 0, SA(&a), sizeof(a)));
	next(r, b, sizeof(b));
	CHECK_EQ(ip->ip_src.s_addr, htonl(0x7f0a0b0c));
}

TEST(hdrincl_too_short_einval)
{
	int s = raw(PROTO);
	unsigned char b[64];
	sin_t a = own_addr();

	set_opt(s, IPPROTO_IP, IP_HDRINCL, 1);
	packet(b, PROTO, "");
	CHECK_ERRNO(sendto(s, b, 19, 0, SA(&a), sizeof(a)), EINVAL);
	CHECK_ERRNO(sendto(s, b, 0, 0, SA(&a), sizeof(a)), EINVAL);
	((struct ip *)b)->ip_hl = 15;
	CHECK_ERRNO(sendto(s, b, 20, 0, SA(&a), sizeof(a)), EINVAL);
}

TEST(ipproto_raw_sends_any_protocol_and_hears_nothing)
{
	int s = raw(IPPROTO_RAW), r = raw(PROTO);
	unsigned char b[64];
	sin_t a = own_addr();
	size_t n;

	CHECK_EQ(get_opt(s, IPPROTO_IP, IP_HDRINCL), 1);
	n = packet(b, PROTO, "any");
	CHECK_OK(sendto(s, b, n, 0, SA(&a), sizeof(a)));
	CHECK_EQ(next(r, b, sizeof(b)), 23);
	CHECK_ERRNO(recv(s, b, sizeof(b), MSG_DONTWAIT), EAGAIN);
}

/* ---- beside the protocols of the kernel ---- */

static uint16_t cksum(const void *p, size_t n)
{
	const unsigned char *b = p;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += b[i] << 8 | b[i + 1];
	if (n & 1)
		sum += b[n - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void echo_request(int fd, int id, int seq)
{
	struct icmphdr h = { .type = ICMP_ECHO };
	sin_t a = own_addr();

	h.un.echo.id = htons(id);
	h.un.echo.sequence = htons(seq);
	h.checksum = cksum(&h, sizeof(h));
	CHECK_OK(sendto(fd, &h, sizeof(h), 0, SA(&a), sizeof(a)));
}

/* The next ICMP message of a type with our id. */
static struct icmphdr next_icmp(int fd, int type, int id)
{
	unsigned char b[256];
	struct icmphdr h;

	for (;;) {
		ssize_t n = CHECK_OK(recv(fd, b, sizeof(b), 0));

		CHECK_GE(n, 28);
		memcpy(&h, b + 20, sizeof(h));
		if (h.type == type && h.un.echo.id == htons(id))
			return h;
	}
}

TEST(icmp_echo_is_answered)
{
	int fd = raw(IPPROTO_ICMP), id = getpid() & 0xffff;
	struct icmphdr h;

	echo_request(fd, id, 7);
	h = next_icmp(fd, ICMP_ECHOREPLY, id);
	CHECK_EQ(ntohs(h.un.echo.sequence), 7);
	CHECK_EQ(h.code, 0);
}

TEST(icmp_socket_sees_the_request_too)
{
	int fd = raw(IPPROTO_ICMP), id = getpid() & 0xffff;

	echo_request(fd, id, 1);
	next_icmp(fd, ICMP_ECHO, id);
	next_icmp(fd, ICMP_ECHOREPLY, id);
}

TEST(icmp_wrong_checksum_is_not_answered)
{
	int fd = raw(IPPROTO_ICMP), id = getpid() & 0xffff;
	struct icmphdr h = { .type = ICMP_ECHO, .checksum = 0x1111 };
	sin_t a = own_addr();

	h.un.echo.id = htons(id);
	h.un.echo.sequence = htons(1);
	CHECK_OK(sendto(fd, &h, sizeof(h), 0, SA(&a), sizeof(a)));
	echo_request(fd, id, 2);
	h = next_icmp(fd, ICMP_ECHOREPLY, id);
	CHECK_EQ(ntohs(h.un.echo.sequence), 2);
}

/* struct icmp_filter: a set bit blocks the type */
TEST(icmp_filter)
{
	int fd = raw(IPPROTO_ICMP), id = getpid() & 0xffff;
	uint32_t block = ~(1u << ICMP_ECHOREPLY), got = 0;
	socklen_t len = sizeof(got);
	unsigned char b[256];
	struct icmphdr h;
	ssize_t n;

	CHECK_OK(setsockopt(fd, SOL_RAW, 1, &block, sizeof(block)));
	CHECK_OK(getsockopt(fd, SOL_RAW, 1, &got, &len));
	CHECK_EQ(got, block);
	echo_request(fd, id, 3);
	do {
		n = CHECK_OK(recv(fd, b, sizeof(b), 0));
		CHECK_GE(n, 28);
		memcpy(&h, b + 20, sizeof(h));
		CHECK_EQ(h.type, ICMP_ECHOREPLY);
	} while (h.un.echo.id != htons(id));
}

TEST(icmp_filter_on_another_protocol_eopnotsupp)
{
	uint32_t block = 0;

	CHECK_ERRNO(setsockopt(raw(PROTO), SOL_RAW, 1, &block, sizeof(block)),
		    EOPNOTSUPP);
}

TEST(raw_udp_gets_a_copy_of_a_datagram)
{
	int r = raw(IPPROTO_UDP), u = udp_socket(), s = udp_socket();
	unsigned char b[256];
	struct udphdr h;
	sin_t a = own_addr();

	CHECK_OK(bind(u, SA(&a), sizeof(a)));
	a = name_of(u);
	CHECK_OK(sendto(s, "both", 4, 0, SA(&a), sizeof(a)));
	CHECK_READS(u, "both");
	do {
		CHECK_EQ(next(r, b, sizeof(b)), 32);
		memcpy(&h, b + 20, sizeof(h));
	} while (h.dest != a.sin_port);
	CHECK_EQ(ntohs(h.len), 12);
	CHECK(!memcmp(b + 28, "both", 4));
}

TEST(raw_udp_packet_reaches_a_udp_socket)
{
	int s = raw(IPPROTO_UDP), u = udp_socket();
	struct {
		struct udphdr h;
		char data[4];
	} p = { .data = "raw!" };
	sin_t a = own_addr();

	CHECK_OK(bind(u, SA(&a), sizeof(a)));
	p.h.dest = name_of(u).sin_port;
	p.h.source = htons(4242);
	p.h.len = htons(sizeof(p));
	p.h.check = 0;			/* none */
	CHECK_OK(sendto(s, &p, sizeof(p), 0, SA(&a), sizeof(a)));
	CHECK_READS(u, "raw!");
}

TEST(raw_udp_packet_with_wrong_checksum_is_dropped)
{
	int s = raw(IPPROTO_UDP), u = udp_socket();
	struct {
		struct udphdr h;
		char data[4];
	} p = { .data = "bad!" };
	sin_t a = own_addr(), b;

	CHECK_OK(bind(u, SA(&a), sizeof(a)));
	b = name_of(u);
	p.h.dest = b.sin_port;
	p.h.source = htons(4242);
	p.h.len = htons(sizeof(p));
	p.h.check = htons(0x1234);
	CHECK_OK(sendto(s, &p, sizeof(p), 0, SA(&a), sizeof(a)));
	CHECK_OK(sendto(udp_socket(), "good", 4, 0, SA(&b), sizeof(b)));
	CHECK_READS(u, "good");
}

TEST(disconnected_is_deaf)
{
	sin_t to = own_addr(), none = { .sin_family = AF_UNSPEC };
	int in = raw(PROTO), out = raw(PROTO), i;
	char b[100];

	CHECK_OK(connect(in, SA(&to), sizeof(to)));
	CHECK_OK(connect(in, SA(&none), sizeof(none)));
	CHECK_EQ(name_of(in).sin_port, 0);
	for (i = 0; i < 2; i++) {
		CHECK_OK(sendto(out, "x", 1, 0, SA(&to), sizeof(to)));
		CHECK_ERRNO(recv(in, b, sizeof(b), MSG_DONTWAIT), EAGAIN);
		CHECK_EQ(next(out, b, sizeof(b)), 21);
		/* Nor does a new peer help. */
		CHECK_OK(connect(in, SA(&to), sizeof(to)));
	}
	CHECK_EQ(CHECK_OK(send(in, "yy", 2, 0)), 2);
	CHECK_EQ(next(out, b, sizeof(b)), 22);
}

TEST(router_alert)
{
	int fd = raw(PROTO);

	CHECK_EQ(get_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT), 0);
	CHECK_ERRNO(try_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT, 0), ENOBUFS);
	set_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT, 7);
	CHECK_EQ(get_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT), 1);
	CHECK_ERRNO(try_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT, 1), EADDRINUSE);
	set_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT, 0);
	CHECK_EQ(get_opt(fd, IPPROTO_IP, IP_ROUTER_ALERT), 0);
}

TEST(router_alert_is_for_raw_sockets_of_a_protocol)
{
	CHECK_ERRNO(try_opt(raw(IPPROTO_RAW), IPPROTO_IP, IP_ROUTER_ALERT, 1),
		    EINVAL);
	CHECK_ERRNO(try_opt(udp_socket(), IPPROTO_IP, IP_ROUTER_ALERT, 1),
		    EINVAL);
	CHECK_ERRNO(try_opt(tcp_socket(), IPPROTO_IP, IP_ROUTER_ALERT, 0),
		    EINVAL);
	CHECK_EQ(get_opt(udp_socket(), IPPROTO_IP, IP_ROUTER_ALERT), 0);
}

HARNESS_MAIN
