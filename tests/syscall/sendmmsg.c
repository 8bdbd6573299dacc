/* SPDX-License-Identifier: MIT */
/* sendmmsg(2): counts, what happens at the first failure, limits. */
#include "harness.h"

static struct mmsghdr mm[8];
static struct iovec iov[8];

static void prepare(int n)
{
	static char text[8][4] = { "m0", "m1", "m2", "m3", "m4", "m5", "m6",
				   "m7" };
	int i;

	memset(mm, 0, sizeof(mm));
	for (i = 0; i < n; i++) {
		iov[i].iov_base = text[i];
		iov[i].iov_len = 2;
		mm[i].msg_hdr.msg_iov = &iov[i];
		mm[i].msg_hdr.msg_iovlen = 1;
		mm[i].msg_len = 999;
	}
}

TEST(sends_all_and_tells_lengths)
{
	int sv[2], i;

	udp_pair(sv);
	prepare(4);
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], mm, 4, 0)), 4);
	for (i = 0; i < 4; i++) {
		char want[3] = { 'm', '0' + i, 0 }, b[8];

		CHECK_EQ(mm[i].msg_len, 2);
		CHECK_EQ(CHECK_OK(read(sv[1], b, 8)), 2);
		CHECK(!memcmp(b, want, 2));
	}
}

TEST(each_to_its_own_address)
{
	sin_t a, b;
	int ra = udp_bound(&a), rb = udp_bound(&b);

	prepare(2);
	mm[0].msg_hdr.msg_name = &a;
	mm[1].msg_hdr.msg_name = &b;
	mm[0].msg_hdr.msg_namelen = mm[1].msg_hdr.msg_namelen = sizeof(a);
	CHECK_EQ(CHECK_OK(sendmmsg(udp_socket(), mm, 2, 0)), 2);
	CHECK_READS(ra, "m0");
	CHECK_READS(rb, "m1");
}

TEST(on_tcp_it_is_a_stream)
{
	int sv[2];
	char b[6];

	tcp_pair(sv);
	prepare(3);
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], mm, 3, 0)), 3);
	read_all(sv[1], b, 6);
	CHECK(!memcmp(b, "m0m1m2", 6));
}

TEST(count_zero_returns_zero)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], BAD_PTR, 0, 0)), 0);
}

TEST(failure_at_the_first_is_the_result)
{
	int fd = udp_socket();

	prepare(2);
	CHECK_ERRNO(sendmmsg(fd, mm, 2, 0), EDESTADDRREQ);
	CHECK_EQ(mm[0].msg_len, 999);
}

TEST(failure_later_gives_the_count_so_far)
{
	int sv[2];

	udp_pair(sv);
	prepare(4);
	iov[2].iov_base = BAD_PTR;
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], mm, 4, 0)), 2);
	CHECK_EQ(mm[1].msg_len, 2);
	CHECK_EQ(mm[2].msg_len, 999);
	CHECK_READS(sv[1], "m0");
	CHECK_READS(sv[1], "m1");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	CHECK_ERRNO(sendmmsg(sv[0], mm + 2, 2, 0), EFAULT);
}

TEST(array_running_off_the_page_gives_the_count_so_far)
{
	struct mmsghdr *p = page_end(2 * sizeof(*p));
	int sv[2];

	udp_pair(sv);
	prepare(2);
	memcpy(p, mm, 2 * sizeof(*p));
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], p, 5, 0)), 2);
	CHECK_ERRNO(sendmmsg(sv[0], p + 2, 1, 0), EFAULT);
}

TEST(more_than_1024_is_cut_to_1024)
{
	static struct mmsghdr many[1100];
	int sv[2], i;

	udp_pair(sv);
	for (i = 0; i < 1100; i++)
		many[i].msg_len = 999;
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], many, 1100, 0)), 1024);
	CHECK_EQ(many[1023].msg_len, 0);
	CHECK_EQ(many[1024].msg_len, 999);
}

TEST(bad_arguments)
{
	int sv[2], p[2];

	CHECK_OK(pipe(p));
	udp_pair(sv);
	prepare(1);
	CHECK_ERRNO(sendmmsg(-1, mm, 1, 0), EBADF);
	CHECK_ERRNO(sendmmsg(p[1], mm, 1, 0), ENOTSOCK);
	CHECK_ERRNO(sendmmsg(sv[0], BAD_PTR, 1, 0), EFAULT);
	CHECK_ERRNO(sendmmsg(sv[0], NULL, 1, 0), EFAULT);
}

TEST(nonblocking_full_stream_stops)
{
	static char big[8 << 20];
	int sv[2];

	tcp_pair(sv);
	prepare(2);
	iov[0].iov_base = iov[1].iov_base = big;
	iov[0].iov_len = iov[1].iov_len = sizeof(big);
	CHECK_EQ(CHECK_OK(sendmmsg(sv[0], mm, 2, MSG_DONTWAIT)), 1);
	CHECK(mm[0].msg_len < sizeof(big));
	fill_up(sv[0]);
	CHECK_ERRNO(sendmmsg(sv[0], mm, 2, MSG_DONTWAIT), EAGAIN);
}

HARNESS_MAIN
