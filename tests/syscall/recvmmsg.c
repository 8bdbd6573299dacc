/* SPDX-License-Identifier: MIT */
/*
 * recvmmsg(2): counts, MSG_WAITFORONE, the timeout, errors kept for later;
 * on i386 both the old call (32-bit timespec) and recvmmsg_time64 (417).
 */
#include "harness.h"

static struct mmsghdr mm[8];
static struct iovec iov[8];
static char buf[8][16];

static void prepare(int n)
{
	int i;

	memset(mm, 0, sizeof(mm));
	memset(buf, 0, sizeof(buf));
	for (i = 0; i < n; i++) {
		iov[i].iov_base = buf[i];
		iov[i].iov_len = 16;
		mm[i].msg_hdr.msg_iov = &iov[i];
		mm[i].msg_hdr.msg_iovlen = 1;
		mm[i].msg_len = 999;
	}
}

TEST(takes_all_that_wait)
{
	int sv[2];

	udp_pair(sv);
	prepare(2);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "three");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 2, 0, NULL)), 2);
	CHECK_EQ(mm[0].msg_len, 3);
	CHECK_EQ(mm[1].msg_len, 5);
	CHECK(!strcmp(buf[0], "one") && !strcmp(buf[1], "three"));
}

TEST(dontwait_takes_fewer)
{
	int sv[2];

	udp_pair(sv);
	prepare(4);
	CHECK_WRITES(sv[0], "one");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 4, MSG_DONTWAIT, NULL)), 1);
	CHECK_EQ(mm[1].msg_len, 999);
	CHECK_ERRNO(recvmmsg(sv[1], mm, 4, MSG_DONTWAIT, NULL), EAGAIN);
}

TEST(waitforone_blocks_for_the_first_only)
{
	int sv[2];

	udp_pair(sv);
	prepare(4);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 4, MSG_WAITFORONE, NULL)), 2);
}

TEST(blocks_until_all_came)
{
	int sv[2], i;
	pid_t pid;

	udp_pair(sv);
	prepare(5);
	IN_CHILD(pid)
		for (i = 0; i < 5; i++)
			CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 5, 0, NULL)), 5);
	join(pid);
}

TEST(names_and_flags_per_message)
{
	sin_t a, want, from[2];
	int r = udp_bound(&a), s = udp_bound(&want), i;

	prepare(2);
	iov[1].iov_len = 2;
	for (i = 0; i < 2; i++) {
		mm[i].msg_hdr.msg_name = &from[i];
		mm[i].msg_hdr.msg_namelen = sizeof(from[i]);
		CHECK_OK(sendto(s, "four", 4, 0, SA(&a), sizeof(a)));
	}
	CHECK_EQ(CHECK_OK(recvmmsg(r, mm, 2, 0, NULL)), 2);
	for (i = 0; i < 2; i++) {
		CHECK(same_addr(&from[i], &want));
		CHECK_EQ(mm[i].msg_hdr.msg_namelen, 16);
	}
	CHECK_EQ(mm[0].msg_hdr.msg_flags, 0);
	CHECK_EQ(mm[1].msg_hdr.msg_flags, MSG_TRUNC);
	CHECK_EQ(mm[1].msg_len, 2);
}

TEST(count_zero_returns_zero)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(recvmmsg(sv[0], BAD_PTR, 0, 0, NULL)), 0);
}

/* LINUX: the timeout is looked at after a datagram, never while waiting. */
TEST(timeout_is_written_back)
{
	int sv[2];
	struct timespec ts = { 5, 0 };

	udp_pair(sv);
	prepare(1);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 1, 0, &ts)), 1);
	CHECK(ts.tv_sec == 4 || (ts.tv_sec == 5 && !ts.tv_nsec));
}

TEST(timeout_over_stops_after_a_datagram)
{
	int sv[2];
	struct timespec ts = { 0, 0 };

	udp_pair(sv);
	prepare(4);
	CHECK_WRITES(sv[0], "x");
	CHECK_WRITES(sv[0], "y");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 4, 0, &ts)), 1);
	CHECK_EQ(ts.tv_sec, 0);
	CHECK_EQ(ts.tv_nsec, 0);
}

TEST(timeout_invalid_einval)
{
	int sv[2];
	struct timespec bad[] = { { -1, 0 }, { 0, -1 }, { 0, 1000000000 } };

	udp_pair(sv);
	prepare(1);
	CHECK_WRITES(sv[0], "x");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK_ERRNO(recvmmsg(sv[1], mm, 1, 0, &bad[i]), EINVAL);
	CHECK_READS(sv[1], "x");
}

TEST(timeout_checked_before_the_descriptor)
{
	struct timespec bad = { 0, -1 };

	prepare(1);
	CHECK_ERRNO(recvmmsg(-1, mm, 1, 0, &bad), EINVAL);
	CHECK_RAW(RAW(__NR_recvmmsg, -1, P(mm), 1, 0, P(BAD_PTR)), -EFAULT);
}

TEST(failure_later_gives_the_count_so_far)
{
	int sv[2];

	udp_pair(sv);
	prepare(3);
	iov[1].iov_base = BAD_PTR;
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_WRITES(sv[0], "three");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 3, 0, NULL)), 1);
	/* The second is lost, its error is told by the next call. */
	CHECK_EQ(get_opt(sv[1], SOL_SOCKET, SO_ERROR), EFAULT);
	CHECK_READS(sv[1], "three");
}

TEST(error_kept_is_told_by_the_next_recvmmsg)
{
	int sv[2];

	udp_pair(sv);
	prepare(3);
	iov[1].iov_base = BAD_PTR;
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 3, 0, NULL)), 1);
	CHECK_ERRNO(recvmmsg(sv[1], mm, 3, MSG_DONTWAIT, NULL), EFAULT);
	CHECK_ERRNO(recvmmsg(sv[1], mm, 3, MSG_DONTWAIT, NULL), EAGAIN);
}

TEST(bad_arguments)
{
	int sv[2], p[2];

	CHECK_OK(pipe(p));
	udp_pair(sv);
	prepare(1);
	CHECK_ERRNO(recvmmsg(-1, mm, 1, 0, NULL), EBADF);
	CHECK_ERRNO(recvmmsg(p[0], mm, 1, 0, NULL), ENOTSOCK);
	CHECK_ERRNO(recvmmsg(sv[0], BAD_PTR, 1, MSG_DONTWAIT, NULL), EFAULT);
}

TEST(on_tcp_takes_pieces)
{
	int sv[2], n = 0;

	tcp_pair(sv);
	prepare(2);
	iov[0].iov_len = 3;
	CHECK_WRITES(sv[0], "abcdef");
	while (n < 6)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(CHECK_OK(recvmmsg(sv[1], mm, 2, 0, NULL)), 2);
	CHECK(!memcmp(buf[0], "abc", 3));
	CHECK(!memcmp(buf[1], "def", 3));
}

#ifdef __i386__
TEST(time64_call_has_a_64_bit_timespec)
{
	int sv[2];
	struct {
		int64_t sec, nsec;
	} ts = { 5, 0 };

	udp_pair(sv);
	prepare(1);
	CHECK_WRITES(sv[0], "x");
	CHECK_RAW(RAW(417, sv[1], P(mm), 1, 0, P(&ts)), 1);
	CHECK(ts.sec == 4 || (ts.sec == 5 && !ts.nsec));
	CHECK_EQ(mm[0].msg_len, 1);
	ts.nsec = 1000000000;
	CHECK_RAW(RAW(417, sv[1], P(mm), 1, 0, P(&ts)), -EINVAL);
	CHECK_RAW(RAW(417, -1, P(mm), 1, 0, 0), -EBADF);
}

TEST(old_call_has_a_32_bit_timespec)
{
	int sv[2];
	int32_t ts[3] = { 5, 0, 0x5a5a5a5a };

	udp_pair(sv);
	prepare(1);
	CHECK_WRITES(sv[0], "x");
	CHECK_RAW(RAW(__NR_recvmmsg, sv[1], P(mm), 1, 0, P(ts)), 1);
	CHECK(ts[0] == 4 || (ts[0] == 5 && !ts[1]));
	CHECK_EQ(ts[2], 0x5a5a5a5a);
}
#endif

HARNESS_MAIN
