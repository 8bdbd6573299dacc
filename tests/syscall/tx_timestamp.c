/* SPDX-License-Identifier: MIT */
/*
 * SO_TIMESTAMPING: stamps of what was sent, by the error queue. And of the
 * packets that come with them: which number IP gives them.
 */
#include "harness.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <time.h>

#ifndef SCM_TS_OPT_ID
#define SCM_TS_OPT_ID 81
#endif
#define HW SOF_TIMESTAMPING_TX_HARDWARE
#define SW SOF_TIMESTAMPING_TX_SOFTWARE
#define SCHED SOF_TIMESTAMPING_TX_SCHED
#define ACKED SOF_TIMESTAMPING_TX_ACK
#define TELL SOF_TIMESTAMPING_SOFTWARE
#define ID SOF_TIMESTAMPING_OPT_ID
#define OPT_ID_TCP (1 << 16) /* Linux 6.2 */
#define ONLY SOF_TIMESTAMPING_OPT_TSONLY

/* What one message of the error queue says. */
struct stamp {
	unsigned char data[5000];
	int len;
	struct sock_extended_err ee;
	struct sockaddr_in offender;
	int has_time, has_pktinfo, has_ttl;
	struct in_pktinfo pktinfo;
};

/* 1 and *ret, or 0: there is none. */
static int next_stamp(int fd, struct stamp *ret)
{
	char control[512];
	struct iovec v = { ret->data, sizeof(ret->data) };
	struct sockaddr_in name;
	struct msghdr m = {
		.msg_name = &name,
		.msg_namelen = sizeof(name),
		.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;

	memset(ret, 0, sizeof(*ret));
	ret->len = (int)recvmsg(fd, &m, MSG_ERRQUEUE);
	if (ret->len < 0) {
		CHECK_EQ(errno, EAGAIN);
		return 0;
	}
	CHECK_EQ(m.msg_flags, MSG_ERRQUEUE);
	CHECK_EQ(m.msg_namelen, 0);
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SO_TIMESTAMPING) {
			struct timespec ts[3];

			memcpy(ts, CMSG_DATA(c), sizeof(ts));
			CHECK(llabs((long long)ts[0].tv_sec -
				    (long long)time(NULL)) <= 2);
			CHECK(!ts[1].tv_sec && !ts[2].tv_sec);
			ret->has_time = 1;
		} else if (c->cmsg_level == SOL_IP &&
			   c->cmsg_type == IP_RECVERR) {
			memcpy(&ret->ee, CMSG_DATA(c), sizeof(ret->ee));
			memcpy(&ret->offender,
			       CMSG_DATA(c) + sizeof(ret->ee),
			       sizeof(ret->offender));
		} else if (c->cmsg_level == SOL_IP &&
			   c->cmsg_type == IP_PKTINFO) {
			memcpy(&ret->pktinfo, CMSG_DATA(c),
			       sizeof(ret->pktinfo));
			ret->has_pktinfo = 1;
		} else if (c->cmsg_level == SOL_IP && c->cmsg_type == IP_TTL) {
			ret->has_ttl = 1;
		}
	}
	CHECK_EQ(ret->ee.ee_errno, ENOMSG);
	CHECK_EQ(ret->ee.ee_origin, SO_EE_ORIGIN_TIMESTAMPING);
	CHECK_EQ(ret->ee.ee_type, 0);
	CHECK_EQ(ret->ee.ee_code, 0);
	return 1;
}

static struct stamp want_stamp(int fd, unsigned int what, unsigned int id)
{
	static struct stamp s;

	CHECK(next_stamp(fd, &s));
	CHECK_EQ(s.ee.ee_info, what);
	CHECK_EQ(s.ee.ee_data, id);
	return s;
}

static void want_none(int fd)
{
	static struct stamp s;

	CHECK(!next_stamp(fd, &s));
}

static void stamping(int fd, int flags)
{
	set_opt(fd, SOL_SOCKET, SO_TIMESTAMPING, flags);
}

/* A datagram socket that sends to itself. */
static int self(sin_t *a)
{
	int fd = udp_socket();

	bind_lo(fd, a);
	return fd;
}

static void send_to(int fd, const sin_t *a)
{
	CHECK_EQ(sendto(fd, "hello", 5, 0, (const struct sockaddr *)a,
			sizeof(*a)), 5);
}

/* With one control message of SOL_SOCKET. */
static ssize_t send_with(int fd, const sin_t *a, int type, unsigned int v)
{
	char control[CMSG_SPACE(sizeof(v))] = { 0 };
	struct iovec iov = { "hello", 5 };
	struct msghdr m = {
		.msg_name = (void *)a,
		.msg_namelen = a ? sizeof(*a) : 0,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(sizeof(v));
	memcpy(CMSG_DATA(c), &v, sizeof(v));
	return sendmsg(fd, &m, 0);
}

#define ETH 14

/* The packet as it was at the driver: link, IP and UDP header, data. */
TEST(datagram)
{
	sin_t a;
	int fd = self(&a);
	struct pollfd p = { .fd = fd };
	struct stamp s;

	stamping(fd, SW | TELL);
	send_to(fd, &a);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLERR);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK_EQ(s.len, ETH + 20 + 8 + 5);
	CHECK_EQ(s.data[ETH], 0x45);
	CHECK(!memcmp(s.data + ETH + 28, "hello", 5));
	CHECK(s.has_time);
	CHECK_EQ(s.offender.sin_family, 0);
	want_none(fd);
	CHECK_EQ(poll(&p, 1, 0), 0);
}

TEST(time_is_told_only_when_asked)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, SW);
	send_to(fd, &a);
	CHECK(!want_stamp(fd, SCM_TSTAMP_SND, 0).has_time);
}

TEST(what_makes_no_stamp)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, HW | TELL);
	send_to(fd, &a);
	stamping(fd, ACKED | TELL);
	send_to(fd, &a);
	stamping(fd, SOF_TIMESTAMPING_RX_SOFTWARE | TELL);
	send_to(fd, &a);
	stamping(fd, 0);
	send_to(fd, &a);
	want_none(fd);
}

TEST(queue_and_driver)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, SCHED | SW | TELL);
	send_to(fd, &a);
	CHECK_EQ(want_stamp(fd, SCM_TSTAMP_SCHED, 0).len, ETH + 33);
	CHECK_EQ(want_stamp(fd, SCM_TSTAMP_SND, 0).len, ETH + 33);
	want_none(fd);
}

TEST(only_the_time)
{
	sin_t a;
	int fd = self(&a);
	struct stamp s;

	stamping(fd, SW | TELL | ONLY);
	send_to(fd, &a);
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK_EQ(s.len, 0);
	CHECK(s.has_time);
}

/* Datagrams are counted from the moment on in which numbers are asked for. */
TEST(numbers)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, SW | TELL | ID);
	for (unsigned int i = 0; i < 3; i++) {
		send_to(fd, &a);
		(void)want_stamp(fd, SCM_TSTAMP_SND, i);
	}
	stamping(fd, SW | TELL | ID);
	send_to(fd, &a);
	(void)want_stamp(fd, SCM_TSTAMP_SND, 3);
	stamping(fd, SW | TELL);
	send_to(fd, &a);
	(void)want_stamp(fd, SCM_TSTAMP_SND, 0);
	stamping(fd, SW | TELL | ID);
	send_to(fd, &a);
	(void)want_stamp(fd, SCM_TSTAMP_SND, 0);
}

/* Corked: one datagram, one stamp, one number. */
TEST(corked)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, SW | TELL | ID);
	for (unsigned int i = 0; i < 2; i++) {
		CHECK_EQ(sendto(fd, "hel", 3, MSG_MORE, SA(&a), sizeof(a)), 3);
		want_none(fd);
		CHECK_EQ(sendto(fd, "lo", 2, 0, SA(&a), sizeof(a)), 2);
		CHECK_EQ(want_stamp(fd, SCM_TSTAMP_SND, i).len, ETH + 33);
		want_none(fd);
	}
}

TEST(asked_by_the_call)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, TELL);
	CHECK_EQ(send_with(fd, &a, SO_TIMESTAMPING, SW | SCHED), 5);
	(void)want_stamp(fd, SCM_TSTAMP_SCHED, 0);
	(void)want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK_ERRNO(send_with(fd, &a, SO_TIMESTAMPING, TELL), EINVAL);
	CHECK_ERRNO(send_with(fd, &a, SO_TIMESTAMPING, SW | ID), EINVAL);
	stamping(fd, SW | TELL);
	CHECK_EQ(send_with(fd, &a, SO_TIMESTAMPING, 0), 5);
	want_none(fd);
}

TEST(number_by_the_call)
{
	sin_t a;
	int fd = self(&a);

	stamping(fd, SW | TELL);
	CHECK_ERRNO(send_with(fd, &a, SCM_TS_OPT_ID, 777), EINVAL);
	stamping(fd, SW | TELL | ID);
	if (send_with(fd, &a, SCM_TS_OPT_ID, 777) < 0)
		SKIP("Linux before 6.13");
	(void)want_stamp(fd, SCM_TSTAMP_SND, 777);
	send_to(fd, &a);
	(void)want_stamp(fd, SCM_TSTAMP_SND, 0);
}

TEST(with_what_ip_tells)
{
	sin_t a;
	int fd = self(&a);
	struct stamp s;

	set_opt(fd, SOL_IP, IP_PKTINFO, 1);
	set_opt(fd, SOL_IP, IP_RECVTTL, 1);
	stamping(fd, SW | TELL);
	send_to(fd, &a);
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK(!s.has_pktinfo && !s.has_ttl);
	stamping(fd, SW | TELL | SOF_TIMESTAMPING_OPT_CMSG);
	send_to(fd, &a);
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK(s.has_pktinfo && s.has_ttl);
	CHECK_EQ(s.pktinfo.ipi_ifindex, 1);
	CHECK_EQ(ntohl(s.pktinfo.ipi_addr.s_addr), INADDR_LOOPBACK);
	CHECK_EQ(ntohl(s.pktinfo.ipi_spec_dst.s_addr), INADDR_LOOPBACK);
	CHECK_EQ(s.offender.sin_family, AF_INET);
	CHECK_EQ(ntohl(s.offender.sin_addr.s_addr), INADDR_LOOPBACK);
}

/* Full of stamps that nobody reads, a socket goes on to send. */
TEST(unread)
{
	static struct stamp s;
	sin_t a;
	int fd = self(&a), n = 0;
	char b[8];

	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 4096);
	stamping(fd, SW | TELL | ONLY);
	for (int i = 0; i < 200; i++) {
		send_to(fd, &a);
		(void)recv(fd, b, sizeof(b), MSG_DONTWAIT);
	}
	while (next_stamp(fd, &s))
		n++;
	CHECK(n > 1 && n < 200);
}

/* A stream: a stamp is for the last byte of a call, its number that byte's. */
static void stream(int flags, int sched, int snd)
{
	static const unsigned int last[] = { 9, 12 };
	char b[32];
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "before");
	CHECK_READS(sv[1], "before");
	CHECK_WRITES(sv[1], "answer");
	CHECK_READS(sv[0], "answer");
	stamping(sv[0], flags);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_WRITES(sv[0], "abc");
	CHECK_EQ(recv(sv[1], b, 13, MSG_WAITALL), 13);
	CHECK_WRITES(sv[1], "answer"); /* and an ACK with it */
	CHECK_READS(sv[0], "answer");
	for (int i = 0; i < 2; i++) {
		if (sched)
			(void)want_stamp(sv[0], SCM_TSTAMP_SCHED, last[i]);
		if (snd)
			(void)want_stamp(sv[0], SCM_TSTAMP_SND, last[i]);
		if (flags & ACKED)
			(void)want_stamp(sv[0], SCM_TSTAMP_ACK, last[i]);
	}
	want_none(sv[0]);
}

TEST(stream_driver)
{
	stream(SW | TELL | ID | ONLY, 0, 1);
}

TEST(stream_queue_driver)
{
	stream(SW | SCHED | TELL | ID | ONLY | OPT_ID_TCP, 1,
	       1);
}

/* Also when both calls' bytes are acknowledged at once: in their order. */
TEST(stream_acknowledged)
{
	static struct stamp s;
	int sv[2];

	tcp_pair(sv);
	stamping(sv[0], ACKED | TELL | ID);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_READS(sv[1], "0123456789");
	CHECK_WRITES(sv[1], "answer");
	CHECK_READS(sv[0], "answer");
	s = want_stamp(sv[0], SCM_TSTAMP_ACK, 9);
	CHECK_EQ(s.len, 10); /* the data, without headers */
	CHECK(!memcmp(s.data, "0123456789", 10));
	want_none(sv[0]);
}

TEST(stream_must_be_connected_to_be_counted)
{
	int fd = tcp_socket();

	stamping(fd, SW | TELL);
	CHECK_ERRNO(try_opt(fd, SOL_SOCKET, SO_TIMESTAMPING, SW | ID), EINVAL);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TIMESTAMPING), SW | TELL);
}

TEST(stream_by_the_call)
{
	int sv[2];

	tcp_pair(sv);
	stamping(sv[0], TELL | ONLY);
	CHECK_EQ(send_with(sv[0], NULL, SO_TIMESTAMPING, SW), 5);
	(void)want_stamp(sv[0], SCM_TSTAMP_SND, 0);
	CHECK_ERRNO(send_with(sv[0], NULL, SO_TIMESTAMPING, TELL), EINVAL);
	CHECK_ERRNO(send_with(sv[0], NULL, SCM_TS_OPT_ID, 7), EINVAL);
	CHECK_ERRNO(send_with(sv[0], NULL, 9999, 7), EINVAL);
	want_none(sv[0]);
}

/* ---- what a connection tells with its stamps ---- */

#ifndef SCM_TIMESTAMPING_OPT_STATS
#define SCM_TIMESTAMPING_OPT_STATS 54
#endif
#define STATS SOF_TIMESTAMPING_OPT_STATS

/* The attributes in their order: type, bytes. TTL is an ACK's only. */
enum { NLA_TTL = 26, NLA_MAX = 27 };
static const unsigned char stat_rows[][2] = {
	{ 1, 8 }, { 2, 8 }, { 3, 8 }, { 4, 8 }, { 5, 8 }, { 6, 8 }, { 7, 8 },
	{ 8, 4 }, { 9, 4 }, { 10, 4 }, { 11, 1 }, { 12, 1 }, { 15, 4 },
	{ 16, 4 }, { 17, 4 }, { 13, 4 }, { 14, 1 }, { 18, 8 }, { 19, 8 },
	{ 20, 4 }, { 21, 4 }, { 22, 4 }, { 23, 2 }, { 24, 4 }, { 25, 8 },
	{ NLA_TTL, 1 }, { 27, 4 },
};

/* The next stamp, of @what, and its attributes by their types. */
static void want_stats(int fd, unsigned int what,
		       unsigned long long v[NLA_MAX + 1])
{
	char data[600], control[600];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	int len = CHECK_OK(recvmsg(fd, &m, MSG_ERRQUEUE)), at = 0;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	struct sock_extended_err ee;

	CHECK(c && c->cmsg_type == SO_TIMESTAMPING);
	c = CMSG_NXTHDR(&m, c);
	CHECK(c && c->cmsg_level == SOL_SOCKET);
	CHECK_EQ(c->cmsg_type, SCM_TIMESTAMPING_OPT_STATS);
	/* LINUX: they are the message's data, too. */
	CHECK_EQ(c->cmsg_len, CMSG_LEN(len));
	CHECK(!memcmp(CMSG_DATA(c), data, len));
	c = CMSG_NXTHDR(&m, c);
	CHECK(c && c->cmsg_level == SOL_IP && c->cmsg_type == IP_RECVERR);
	memcpy(&ee, CMSG_DATA(c), sizeof(ee));
	CHECK_EQ(ee.ee_info, what);
	for (size_t i = 0; i < ARRAY_SIZE(stat_rows); i++) {
		int type = stat_rows[i][0], n = stat_rows[i][1];
		uint16_t head[2];

		v[type] = 0;
		if (type == NLA_TTL && what != SCM_TSTAMP_ACK)
			continue;
		CHECK(at + 4 + n <= len);
		memcpy(head, data + at, 4);
		CHECK_EQ(head[1], type);
		CHECK_EQ(head[0], 4 + n);
		memcpy(&v[type], data + at + 4, n);
		at += 4 + (n + 3) / 4 * 4;
	}
	CHECK_EQ(at, len);
}

TEST(stream_tells_of_itself)
{
	unsigned long long v[NLA_MAX + 1], edt;
	struct tcp_info info;
	socklen_t len = sizeof(info);
	struct timespec ts;
	int sv[2];

	tcp_pair(sv);
	stamping(sv[0], SW | SCHED | ACKED | TELL | ID | ONLY | STATS);
	CHECK_WRITES(sv[0], "hello");
	CHECK_READS(sv[1], "hello");
	CHECK_WRITES(sv[1], "answer"); /* and an ACK with it */
	CHECK_READS(sv[0], "answer");
	want_stats(sv[0], SCM_TSTAMP_SCHED, v);
	edt = v[25];
	want_stats(sv[0], SCM_TSTAMP_SND, v);
	CHECK_EQ(v[25], edt);
	CHECK_EQ(v[4], 1); /* data segments */
	CHECK_EQ(v[13], 5); /* in the queue */
	CHECK_EQ(v[16], 1); /* delivered: the SYN */
	CHECK_EQ(v[18], 5); /* bytes sent */
	CHECK_EQ(v[24], 5); /* of them not yet */
	CHECK_EQ(v[12], 1);
	want_stats(sv[0], SCM_TSTAMP_ACK, v);
	CHECK_EQ(v[25], edt);
	CHECK_EQ(v[13], 0);
	CHECK_EQ(v[16], 2);
	CHECK_EQ(v[24], 0);
	CHECK_EQ(v[NLA_TTL], 64);
	CHECK_OK(getsockopt(sv[0], IPPROTO_TCP, TCP_INFO, &info, &len));
	CHECK_EQ(v[15], info.tcpi_snd_ssthresh);
	CHECK_EQ(v[9], info.tcpi_reordering);
	CHECK_EQ(v[14], info.tcpi_ca_state);
	CHECK_EQ(v[5] + v[11] + v[17] + v[19] + v[20] + v[21] + v[23] + v[27],
		 0);
	CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &ts));
	CHECK(edt <= ts.tv_sec * 1000000000ull + ts.tv_nsec);
	CHECK(edt + 10000000000ull > ts.tv_sec * 1000000000ull + ts.tv_nsec);
	want_none(sv[0]);
}

TEST(datagrams_have_nothing_to_tell)
{
	static struct stamp s;
	sin_t a;
	int fd = self(&a);

	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	stamping(fd, SW | TELL | ID | ONLY | STATS);
	CHECK_WRITES(fd, "x");
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	CHECK_EQ(s.len, 0);
	CHECK(s.has_time);
}

TEST(clock_of_a_device)
{
	CHECK_ERRNO(try_opt(udp_socket(), SOL_SOCKET, SO_TIMESTAMPING,
			    1 << 15), EOPNOTSUPP);
}

/* The IP header's number of the next datagram. */
static int ip_id(int fd, const sin_t *a)
{
	struct stamp s;

	if (a)
		send_to(fd, a);
	else
		CHECK_EQ(send(fd, "hello", 5, 0), 5);
	s = want_stamp(fd, SCM_TSTAMP_SND, 0);
	return s.data[ETH + 4] << 8 | s.data[ETH + 5];
}

/* One that may be cut has a number; so has any that is connected. */
TEST(ip_identification)
{
	sin_t a;
	int fd = self(&a), id = 0;

	stamping(fd, SW | TELL);
	for (int i = 0; i < 3; i++)
		id |= ip_id(fd, &a);
	CHECK(id);
	set_opt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	CHECK_EQ(ip_id(fd, &a), 0);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	id = ip_id(fd, NULL);
	CHECK_EQ(ip_id(fd, NULL), (id + 1) & 0xffff);
	CHECK_EQ(ip_id(fd, NULL), (id + 2) & 0xffff);
}

HARNESS_MAIN
