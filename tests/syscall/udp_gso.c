/* SPDX-License-Identifier: MIT */
/* udp(7): UDP_SEGMENT and UDP_GRO, one call for many datagrams. */
#include "ownnet.h"

#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif
#ifndef UDP_GRO
#define UDP_GRO		104
#endif
#ifndef SO_NO_CHECK
#define SO_NO_CHECK	11
#endif

#define MOST		65507
/* With its headers below the 64 KiB that the loopback takes at once. */
#define MOST_AT_ONCE	(65536 - 14 - 28 - 1)

static unsigned char buf[70000];

/* One message; what UDP_GRO tells of it, 0: nothing. */
static int recv_gro(int fd, size_t room, int flags, int *size, int *msg_flags)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec v = { buf, room };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int n = CHECK_OK(recvmsg(fd, &m, flags));

	*size = 0;
	c = CMSG_FIRSTHDR(&m);
	if (c) {
		CHECK_EQ(c->cmsg_level, IPPROTO_UDP);
		CHECK_EQ(c->cmsg_type, UDP_GRO);
		CHECK_EQ(c->cmsg_len, CMSG_LEN(sizeof(int)));
		memcpy(size, CMSG_DATA(c), sizeof(int));
		CHECK(!CMSG_NXTHDR(&m, c));
	}
	*msg_flags = m.msg_flags;
	return n;
}

#define CHECK_GRO(fd, want_len, want_size) do {				\
	int s_, f_;							\
									\
	CHECK_EQ(recv_gro((fd), sizeof(buf), 0, &s_, &f_), (want_len));	\
	CHECK_EQ(s_, (want_size));					\
	CHECK_EQ(f_, 0);						\
	check_pattern(buf, (want_len), 0);				\
} while (0)

static void send_n(int fd, size_t n)
{
	fill_pattern(buf, n, 0);
	CHECK_EQ(CHECK_OK(send(fd, buf, n, 0)), n);
	memset(buf, 0, sizeof(buf));
}

static void nothing_queued(int fd)
{
	CHECK_ERRNO(recv(fd, buf, 1, MSG_DONTWAIT), EAGAIN);
}

static void gso_pair(int sv[2], int size, int gro)
{
	udp_pair(sv);
	set_opt(sv[0], IPPROTO_UDP, UDP_SEGMENT, size);
	set_opt(sv[1], IPPROTO_UDP, UDP_GRO, gro);
}

TEST(gro_gets_all_at_once_with_the_size)
{
	int sv[2], n;

	gso_pair(sv, 1000, 1);
	send_n(sv[0], 2500);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 2500);
	CHECK_GRO(sv[1], 2500, 1000);
	nothing_queued(sv[1]);
}

TEST(one_segment_is_an_ordinary_datagram)
{
	int sv[2];

	gso_pair(sv, 1000, 1);
	send_n(sv[0], 1000);
	CHECK_GRO(sv[1], 1000, 0);
	send_n(sv[0], 0);
	CHECK_GRO(sv[1], 0, 0);
	send_n(sv[0], 1001);
	CHECK_GRO(sv[1], 1001, 1000);
}

TEST(single_sends_are_not_merged)
{
	int sv[2];

	gso_pair(sv, 0, 1);
	send_n(sv[0], 100);
	send_n(sv[0], 100);
	CHECK_GRO(sv[1], 100, 0);
	CHECK_GRO(sv[1], 100, 0);
}

TEST(without_gro_each_by_itself)
{
	int sv[2];
	size_t at;

	gso_pair(sv, 1000, 0);
	send_n(sv[0], 2500);
	for (at = 0; at < 2500; at += 1000) {
		size_t n = at == 2000 ? 500 : 1000;

		CHECK_EQ(CHECK_OK(recv(sv[1], buf, sizeof(buf), 0)), n);
		check_pattern(buf, n, at);
	}
	nothing_queued(sv[1]);
}

TEST(gro_counts_when_the_packet_comes)
{
	int sv[2], size, flags;

	gso_pair(sv, 10, 0);
	send_n(sv[0], 20);
	set_opt(sv[1], IPPROTO_UDP, UDP_GRO, 1);
	send_n(sv[0], 20);
	CHECK_GRO(sv[1], 10, 0);
	CHECK_EQ(recv_gro(sv[1], 100, 0, &size, &flags), 10);
	set_opt(sv[1], IPPROTO_UDP, UDP_GRO, 0);
	/* Whole, but nobody says so. */
	CHECK_GRO(sv[1], 20, 0);
	send_n(sv[0], 20);
	CHECK_GRO(sv[1], 10, 0);
}

TEST(too_long_for_the_buffer)
{
	int sv[2], size, flags;

	gso_pair(sv, 1000, 1);
	send_n(sv[0], 2500);
	CHECK_EQ(recv_gro(sv[1], 1500, MSG_PEEK, &size, &flags), 1500);
	CHECK_EQ(size, 1000);
	CHECK_EQ(flags, MSG_TRUNC);
	CHECK_EQ(recv_gro(sv[1], 1500, MSG_PEEK | MSG_TRUNC, &size, &flags),
		 2500);
	CHECK_EQ(recv_gro(sv[1], 1500, 0, &size, &flags), 1500);
	CHECK_EQ(flags, MSG_TRUNC);
	nothing_queued(sv[1]);
}

TEST(size_by_control_message)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] = "";
	struct iovec v = { buf, 250 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	uint16_t size = 100;
	int sv[2];

	gso_pair(sv, 0, 1);
	c->cmsg_level = IPPROTO_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(c), &size, sizeof(size));
	fill_pattern(buf, 250, 0);
	CHECK_EQ(CHECK_OK(sendmsg(sv[0], &m, 0)), 250);
	CHECK_GRO(sv[1], 250, 100);
	c->cmsg_len = CMSG_LEN(sizeof(int));
	CHECK_ERRNO(sendmsg(sv[0], &m, 0), EINVAL);
}

TEST(at_most_128_segments)
{
	int sv[2];

	gso_pair(sv, 2, 1);
	send_n(sv[0], 256);
	CHECK_GRO(sv[1], 256, 2);
	CHECK_ERRNO(send(sv[0], buf, 257, 0), EINVAL);
	nothing_queued(sv[1]);
}

TEST(largest_send)
{
	int sv[2];

	gso_pair(sv, 60000, 1);
	send_n(sv[0], MOST_AT_ONCE);
	CHECK_GRO(sv[1], MOST_AT_ONCE, 60000);
	send_n(sv[0], MOST_AT_ONCE + 1);
	CHECK_GRO(sv[1], 60000, 0);
	CHECK_EQ(CHECK_OK(recv(sv[1], buf, MOST, 0)), MOST_AT_ONCE + 1 - 60000);
	send_n(sv[0], MOST);
	CHECK_GRO(sv[1], 60000, 0);
	CHECK_ERRNO(send(sv[0], buf, MOST + 1, 0), EMSGSIZE);
}

TEST(a_segment_must_fit_the_link)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_mtu = 1500 };
	int sv[2], pmtu;

	quiet_net();
	CHECK_OK(ioctl(udp_socket(), SIOCSIFMTU, &r));
	gso_pair(sv, 1472, 1);
	send_n(sv[0], 1472 * 44);
	CHECK_GRO(sv[1], 1472 * 44, 1472);
	set_opt(sv[0], IPPROTO_UDP, UDP_SEGMENT, 1473);
	for (pmtu = IP_PMTUDISC_DONT; pmtu <= IP_PMTUDISC_PROBE; pmtu++) {
		set_opt(sv[0], IPPROTO_IP, IP_MTU_DISCOVER, pmtu);
		CHECK_ERRNO(send(sv[0], buf, 3000, 0), EMSGSIZE);
		CHECK_ERRNO(send(sv[0], buf, 1473, 0), EMSGSIZE);
		send_n(sv[0], 1472);
		CHECK_GRO(sv[1], 1472, 0);
	}
	r.ifr_mtu = 65536;
	CHECK_OK(ioctl(udp_socket(), SIOCSIFMTU, &r));
}

TEST(needs_checksums)
{
	int sv[2];

	gso_pair(sv, 1000, 1);
	set_opt(sv[0], SOL_SOCKET, SO_NO_CHECK, 1);
	CHECK_ERRNO(send(sv[0], buf, 2000, 0), EINVAL);
	CHECK_ERRNO(send(sv[0], buf, 10, 0), EINVAL);
}

TEST(corked)
{
	int sv[2];

	gso_pair(sv, 1000, 1);
	fill_pattern(buf, 3000, 0);
	CHECK_EQ(CHECK_OK(send(sv[0], buf, 1500, MSG_MORE)), 1500);
	CHECK_EQ(CHECK_OK(send(sv[0], buf + 1500, 1500, 0)), 1500);
	CHECK_GRO(sv[1], 3000, 1000);
	/* The size is that of the first piece. */
	fill_pattern(buf, 3000, 0);
	CHECK_OK(send(sv[0], buf, 1500, MSG_MORE));
	set_opt(sv[0], IPPROTO_UDP, UDP_SEGMENT, 0);
	CHECK_OK(send(sv[0], buf + 1500, 1500, 0));
	CHECK_GRO(sv[1], 3000, 1000);
	fill_pattern(buf, 300, 0);
	CHECK_OK(send(sv[0], buf, 150, MSG_MORE));
	set_opt(sv[0], IPPROTO_UDP, UDP_SEGMENT, 100);
	CHECK_OK(send(sv[0], buf + 150, 150, 0));
	CHECK_GRO(sv[1], 300, 0);
}

TEST(too_many_in_a_cork_are_lost)
{
	int sv[2];

	gso_pair(sv, 10, 1);
	CHECK_OK(send(sv[0], buf, 1280, MSG_MORE));
	CHECK_ERRNO(send(sv[0], buf, 1, 0), EINVAL);
	nothing_queued(sv[1]);
	send_n(sv[0], 20);
	CHECK_GRO(sv[1], 20, 10);
}

/* Field @field of the values of the group @group of /proc/net/snmp. */
static long snmp(const char *group, int field)
{
	FILE *f = fopen("/proc/net/snmp", "r");
	char line[512], *p;
	size_t n = strlen(group);

	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, group, n) || line[n] != ':' ||
		    line[n + 2] > '9')
			continue;
		for (p = line + n + 1; field--;)
			p = strchr(p + 1, ' ');
		fclose(f);
		return atol(p);
	}
	FAIL("no %s", group);
}

enum { UDP_IN, UDP_NOPORTS, UDP_INERRORS, UDP_OUT };
enum { IP_IN_RECEIVES = 2, IP_OUT_REQUESTS = 9 };

TEST(counted_as_one_until_cut)
{
	long in, out, ip_in, ip_out;
	int sv[2], gro;

	quiet_net();
	for (gro = 0; gro < 2; gro++) {
		gso_pair(sv, 1000, gro);
		in = snmp("Udp", UDP_IN);
		out = snmp("Udp", UDP_OUT);
		ip_in = snmp("Ip", IP_IN_RECEIVES);
		ip_out = snmp("Ip", IP_OUT_REQUESTS);
		send_n(sv[0], 2500);
		while (recv(sv[1], buf, sizeof(buf), MSG_DONTWAIT) > 0)
			;
		CHECK_EQ(snmp("Udp", UDP_OUT) - out, 1);
		CHECK_EQ(snmp("Udp", UDP_IN) - in, gro ? 1 : 3);
		CHECK_EQ(snmp("Ip", IP_OUT_REQUESTS) - ip_out, 1);
		CHECK_EQ(snmp("Ip", IP_IN_RECEIVES) - ip_in, 1);
	}
}

TEST(receive_buffer_takes_it_whole_or_in_part)
{
	int sv[2], gro, got;
	long errors;

	quiet_net();
	for (gro = 0; gro < 2; gro++) {
		gso_pair(sv, 1000, gro);
		set_opt(sv[1], SOL_SOCKET, SO_RCVBUF, 1);
		errors = snmp("Udp", UDP_INERRORS);
		send_n(sv[0], 20000);
		send_n(sv[0], 20000);
		for (got = 0; recv(sv[1], buf, 30000, MSG_DONTWAIT) > 0; got++)
			;
		if (gro)
			CHECK_EQ(got, 1);
		else
			CHECK(got >= 1 && got < 20);
		CHECK_EQ(snmp("Udp", UDP_INERRORS) - errors,
			 gro ? 1 : 40 - got);
	}
}

TEST(nobody_there_is_told_once)
{
	sin_t a = lo(9);
	int fd;

	quiet_net();
	fd = udp_socket();
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	set_opt(fd, IPPROTO_IP, IP_RECVERR, 1);
	set_opt(fd, IPPROTO_UDP, UDP_SEGMENT, 1000);
	send_n(fd, 2500);
	CHECK_ERRNO(recv(fd, buf, 1, MSG_DONTWAIT), ECONNREFUSED);
	/* What the message quotes: 576 bytes without the headers. */
	CHECK_EQ(CHECK_OK(recv(fd, buf, sizeof(buf), MSG_ERRQUEUE)), 520);
	CHECK_ERRNO(recv(fd, buf, sizeof(buf), MSG_ERRQUEUE), EAGAIN);
}

TEST(raw_sockets_see_one_packet)
{
	int sv[2], raw, n;
	struct iphdr *ip = (void *)buf;

	quiet_net();
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	if (raw < 0)
		SKIP("no CAP_NET_RAW");
	gso_pair(sv, 1000, 0);
	send_n(sv[0], 2500);
	n = CHECK_OK(recv(raw, buf, sizeof(buf), 0));
	CHECK_EQ(n, 2528);
	CHECK_EQ(ntohs(ip->tot_len), 2528);
	CHECK_EQ(buf[24] << 8 | buf[25], 2508);
	CHECK_ERRNO(recv(raw, buf, sizeof(buf), MSG_DONTWAIT), EAGAIN);
}

TEST(group_members_by_their_option)
{
	sin_t group = sin_of(0xe0000142u, 0), at;
	struct ip_mreqn me = { .imr_ifindex = 1 };
	int in[2], out, i;

	quiet_net();
	me.imr_multiaddr = group.sin_addr;
	out = udp_socket();
	set_opt(out, IPPROTO_UDP, UDP_SEGMENT, 100);
	CHECK_OK(setsockopt(out, IPPROTO_IP, IP_MULTICAST_IF, &me, sizeof(me)));
	for (i = 0; i < 2; i++) {
		in[i] = udp_socket();
		set_opt(in[i], SOL_SOCKET, SO_REUSEADDR, 1);
		CHECK_OK(bind(in[i], SA(&group), sizeof(group)));
		at = name_of(in[i]);
		group.sin_port = at.sin_port;
		CHECK_OK(setsockopt(in[i], IPPROTO_IP, IP_ADD_MEMBERSHIP, &me,
				    sizeof(me)));
	}
	set_opt(in[0], IPPROTO_UDP, UDP_GRO, 1);
	fill_pattern(buf, 250, 0);
	CHECK_EQ(CHECK_OK(sendto(out, buf, 250, 0, SA(&group), sizeof(group))),
		 250);
	CHECK_GRO(in[0], 250, 100);
	CHECK_GRO(in[1], 100, 0);
}

HARNESS_MAIN
