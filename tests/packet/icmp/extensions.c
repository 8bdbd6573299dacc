/* SPDX-License-Identifier: MIT */
/*
 * IP_RECVERR_RFC4884: where in an ICMP error the extensions begin, and whether
 * they are well formed (RFC 4884).
 */
#include "tests/packet/drop/drop.h"

#include "uapi/errqueue.h"

#define QUOTED 128
#define HEADERS 28 /* of the quoted datagram: IP and UDP */

struct error {
	struct icmphdr icmp;
	struct iphdr ip;
	struct udphdr udp;
	u8 data[QUOTED - HEADERS];
	u8 ext[64];
} __attribute__((packed));
static struct error *const e = (struct error *)pkt_payload;

/* One object of eight bytes, as an MPLS router sends (RFC 4950). */
static const u8 mpls[] = { 0x20, 0, 0, 0, 0, 8, 1, 1, 0xab, 0xcd, 0xe1, 1 };

/* An error about a datagram of ours, with @n bytes of extensions. */
static void error_begin(u8 type, u8 words, const u8 *ext, size_t n)
{
	memset(e, 0, sizeof(*e));
	ip_begin(IPPROTO_ICMP, offsetof(struct error, ext) + n);
	e->icmp.type = type;
	((u8 *)&e->icmp.un)[1] = words;
	e->ip.version = 4;
	e->ip.ihl = 5;
	e->ip.ttl = 1;
	e->ip.protocol = IPPROTO_UDP;
	e->ip.tot_len = htons(QUOTED);
	e->ip.saddr = htonl(HOST_ADDR);
	e->ip.daddr = htonl(PEER_ADDR);
	e->udp.source = htons(7);
	e->udp.dest = htons(9);
	memcpy(e->ext, ext, n);
}

/* RFC 4884 7: the checksum of the extensions alone. */
static void sum_extensions(size_t n)
{
	__sum16 sum = ip_compute_csum(e->ext, (unsigned int)n);

	memcpy(e->ext + 2, &sum, 2);
}

static void error_put(void)
{
	unsigned int n = ntohs(pkt_ip->tot_len) - sizeof(*pkt_ip);

	e->icmp.checksum = 0;
	e->icmp.checksum = ip_compute_csum(e, n);
	ip_put();
	wire_settle();
}

/* The next message of the error queue: length, then what is told of it. */
static long error_get(int fd, struct sock_ee_data_rfc4884 *ret)
{
	static u8 data[300];
	u8 room[256];
	struct iovec v = { U(data), sizeof(data) };
	struct user_msghdr m = { .msg_iov = U(&v), .msg_iovlen = 1,
				 .msg_control = U(room),
				 .msg_controllen = sizeof(room) };
	struct sock_extended_err ee;
	long n = sim_call(__NR_recvmsg, (long)fd, U(&m), (long)0x2000, 0L, 0L,
			  0L); /* MSG_ERRQUEUE */

	memcpy(&ee, room + sizeof(struct cmsghdr), sizeof(ee));
	*ret = ee.ee_rfc4884;
	return n;
}

static int asking(int on)
{
	int fd = udp_bound(7);

	EXPECT(u_connect(fd, PEER_ADDR, 9), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR_RFC4884, on), 0);
	return fd;
}

#define expect(fd, bytes, at, wrong)                           \
	do {                                                   \
		struct sock_ee_data_rfc4884 d_;                \
		EXPECT(error_get(fd, &d_), bytes);             \
		EXPECT(d_.len, at);                            \
		EXPECT(d_.flags, wrong);                       \
		EXPECT(d_.reserved, 0);                        \
	} while (0)

#define DATA (QUOTED - HEADERS)

SCRIPT(found_in_all_types_that_have_them)
{
	static const u8 types[] = { ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED,
				    ICMP_PARAMETERPROB };
	int fd = asking(1);

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		error_begin(types[i], QUOTED / 4, mpls, sizeof(mpls));
		sum_extensions(sizeof(mpls));
		error_put();
		expect(fd, DATA + 12, DATA, 0);
	}
	u_close(fd);
}

SCRIPT(only_when_asked)
{
	int fd = asking(0);

	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	error_put();
	expect(fd, DATA + 12, 0, 0);
	u_close(fd);
}

SCRIPT(no_length_no_extensions)
{
	int fd = asking(1);

	error_begin(ICMP_TIME_EXCEEDED, 0, mpls, sizeof(mpls));
	error_put();
	expect(fd, DATA + 12, 0, 0);
	/* RFC 4884 5: less is never quoted before them. */
	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4 - 1, mpls, sizeof(mpls));
	error_put();
	expect(fd, DATA + 12, 0, 0);
	u_close(fd);
}

SCRIPT(beyond_the_end)
{
	int fd = asking(1);

	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, 3);
	error_put();
	expect(fd, DATA + 3, 0, 0);
	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, 4);
	error_put();
	expect(fd, DATA + 4, DATA, 0);
	error_begin(ICMP_TIME_EXCEEDED, 255, mpls, sizeof(mpls));
	error_put();
	expect(fd, DATA + 12, 0, 0);
	u_close(fd);
}

SCRIPT(checksum)
{
	int fd = asking(1);

	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	sum_extensions(sizeof(mpls));
	e->ext[11]++;
	error_put();
	expect(fd, DATA + 12, DATA, SO_EE_RFC4884_FLAG_INVALID);
	/* None at all is no wrong one. */
	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	error_put();
	expect(fd, DATA + 12, DATA, 0);
	u_close(fd);
}

SCRIPT(objects_that_do_not_fit)
{
	static const u8 lengths[] = { 0, 3, 9, 12 };
	int fd = asking(1);

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
		e->ext[5] = lengths[i];
		error_put();
		expect(fd, DATA + 12, DATA, SO_EE_RFC4884_FLAG_INVALID);
	}
	/* The first one is well, the second has no room for its header. */
	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	e->ext[5] = 6;
	error_put();
	expect(fd, DATA + 12, DATA, SO_EE_RFC4884_FLAG_INVALID);
	/* Two of four bytes. */
	e->ext[5] = 4;
	e->ext[9] = 4;
	error_put();
	expect(fd, DATA + 12, DATA, SO_EE_RFC4884_FLAG_INVALID);
	e->ext[8] = 0;
	error_put();
	expect(fd, DATA + 12, DATA, 0);
	u_close(fd);
}

SCRIPT(another_version_is_not_looked_into)
{
	int fd = asking(1);

	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	e->ext[0] = 0x30;
	e->ext[5] = 0;
	error_put();
	expect(fd, DATA + 12, DATA, 0);
	u_close(fd);
}

/* A program that writes its headers gets the quoted ones. */
SCRIPT(with_the_headers)
{
	int fd = u_socket(SOCK_RAW | SOCK_NONBLOCK, IPPROTO_UDP);
	int udp = udp_bound(7);

	EXPECT(u_setopt(fd, SOL_IP, IP_HDRINCL, 1), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT(u_setopt(fd, SOL_IP, IP_RECVERR_RFC4884, 1), 0);
	error_begin(ICMP_TIME_EXCEEDED, QUOTED / 4, mpls, sizeof(mpls));
	error_put();
	expect(fd, QUOTED + 12, QUOTED, 0);
	u_close(fd);
	u_close(udp);
}
