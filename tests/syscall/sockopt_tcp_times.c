/* SPDX-License-Identifier: MIT */
/*
 * TCP_RTO_MAX_MS, TCP_RTO_MIN_US (Linux 6.15) and TCP_DELACK_MAX_US. Times are
 * kept in ticks: 4 ms on many a Linux, so values here are multiples of that.
 */
#include "harness.h"

#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#define TCP_RTO_MIN_US 45
#define TCP_DELACK_MAX_US 46
#endif
#ifndef TCP_IS_MPTCP
#define TCP_IS_MPTCP 43
#endif

#define T IPPROTO_TCP

/* In whole ticks, however long they are: never less, and less than 10 ms more. */
static void takes(int fd, int opt, int v, int unit)
{
	int got;

	set_opt(fd, T, opt, v);
	got = get_opt(fd, T, opt);
	CHECK(got >= v && got < v + unit);
}

static void refuses(int fd, int opt, int v)
{
	int before = get_opt(fd, T, opt);

	CHECK_ERRNO(try_opt(fd, T, opt, v), EINVAL);
	CHECK_EQ(get_opt(fd, T, opt), before);
}

static int known(int fd)
{
	int v;
	socklen_t len = sizeof(v);

	if (!getsockopt(fd, T, TCP_RTO_MIN_US, &v, &len))
		return 1;
	CHECK_EQ(errno, ENOPROTOOPT);
	return 0;
}

static int new_socket(void)
{
	int fd = tcp_socket();

	if (!known(fd))
		SKIP("Linux before 6.15");
	return fd;
}

TEST(rto_max)
{
	int fd = new_socket();

	CHECK_EQ(get_opt(fd, T, TCP_RTO_MAX_MS),
		 read_number("/proc/sys/net/ipv4/tcp_rto_max_ms", 0));
	takes(fd, TCP_RTO_MAX_MS, 1000, 10);
	takes(fd, TCP_RTO_MAX_MS, 1001, 10);
	takes(fd, TCP_RTO_MAX_MS, 60000, 10);
	takes(fd, TCP_RTO_MAX_MS, 120000, 1);
	refuses(fd, TCP_RTO_MAX_MS, 120001);
	refuses(fd, TCP_RTO_MAX_MS, 999);
	refuses(fd, TCP_RTO_MAX_MS, 0);
	refuses(fd, TCP_RTO_MAX_MS, -1);
	refuses(fd, TCP_RTO_MAX_MS, 0x7fffffff);
}

TEST(rto_min)
{
	int fd = new_socket();

	CHECK_EQ(get_opt(fd, T, TCP_RTO_MIN_US),
		 read_number("/proc/sys/net/ipv4/tcp_rto_min_us", 0));
	takes(fd, TCP_RTO_MIN_US, 20000, 10000);
	takes(fd, TCP_RTO_MIN_US, 50000, 10000);
	takes(fd, TCP_RTO_MIN_US, 199999, 10000);
	takes(fd, TCP_RTO_MIN_US, 200000, 1);
	refuses(fd, TCP_RTO_MIN_US, 200001);
	refuses(fd, TCP_RTO_MIN_US, 1000);
	refuses(fd, TCP_RTO_MIN_US, 1);
	refuses(fd, TCP_RTO_MIN_US, 0);
	refuses(fd, TCP_RTO_MIN_US, -1);
	refuses(fd, TCP_RTO_MIN_US, 0x7fffffff);
}

TEST(delack_max)
{
	int fd = new_socket();

	CHECK_EQ(get_opt(fd, T, TCP_DELACK_MAX_US), 200000);
	takes(fd, TCP_DELACK_MAX_US, 20000, 10000);
	takes(fd, TCP_DELACK_MAX_US, 200000, 1);
	refuses(fd, TCP_DELACK_MAX_US, 200001);
	refuses(fd, TCP_DELACK_MAX_US, 1);
	refuses(fd, TCP_DELACK_MAX_US, 0);
	refuses(fd, TCP_DELACK_MAX_US, -1);
}

/* By the child of a listener; and a disconnect leaves only the upper bound. */
TEST(inherited_and_reset)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int l = new_socket(), c = tcp_socket(), s;
	sin_t a;

	bind_lo(l, &a);
	set_opt(l, T, TCP_RTO_MAX_MS, 2000);
	set_opt(l, T, TCP_RTO_MIN_US, 40000);
	set_opt(l, T, TCP_DELACK_MAX_US, 80000);
	CHECK_OK(listen(l, 1));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(get_opt(s, T, TCP_RTO_MAX_MS), 2000);
	CHECK_EQ(get_opt(s, T, TCP_RTO_MIN_US), 40000);
	CHECK_EQ(get_opt(s, T, TCP_DELACK_MAX_US), 80000);
	CHECK_OK(connect(s, &none, sizeof(none)));
	CHECK_EQ(get_opt(s, T, TCP_RTO_MAX_MS), 2000);
	CHECK_EQ(get_opt(s, T, TCP_RTO_MIN_US),
		 read_number("/proc/sys/net/ipv4/tcp_rto_min_us", 0));
	CHECK_EQ(get_opt(s, T, TCP_DELACK_MAX_US), 200000);
}

/* The bounds are those of the estimate: an RTO over the loopback is the lower. */
TEST(bounds_the_rto)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int sv[2];

	if (!known(tcp_socket()))
		SKIP("Linux before 6.15");
	tcp_pair(sv);
	set_opt(sv[0], T, TCP_RTO_MIN_US, 60000);
	for (int i = 0; i < 100; i++) {
		CHECK_WRITES(sv[0], "x");
		CHECK_READS(sv[1], "x");
	}
	CHECK_OK(getsockopt(sv[0], T, TCP_INFO, &info, &len));
	CHECK(info.tcpi_rto >= 60000 && info.tcpi_rto < 200000);
}

TEST(is_not_mptcp)
{
	int fd = tcp_socket();

	CHECK_EQ(get_opt(fd, T, TCP_IS_MPTCP), 0);
	CHECK_ERRNO(try_opt(fd, T, TCP_IS_MPTCP, 0), ENOPROTOOPT);
}

HARNESS_MAIN
