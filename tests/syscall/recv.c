/* SPDX-License-Identifier: MIT */
/* recv(2) and recvfrom(2): order of checks, and the address in and out. */
#include "harness.h"

TEST(bad_descriptor)
{
	int p[2];
	char c;

	CHECK_OK(pipe(p));
	CHECK_ERRNO(recv(-1, &c, 1, 0), EBADF);
	CHECK_ERRNO(recv(9999, &c, 1, 0), EBADF);
	CHECK_ERRNO(recv(p[0], &c, 1, 0), ENOTSOCK);
}

TEST(write_only_descriptor_enotsock)
{
	char c;

	CHECK_ERRNO(recv(CHECK_OK(open("/dev/null", O_WRONLY)), &c, 1, 0),
		    ENOTSOCK);
}

TEST(bad_buffer_efault_keeps_the_tcp_data)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "kept");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_ERRNO(recv(sv[1], BAD_PTR, 4, 0), EFAULT);
	CHECK_READS(sv[1], "kept");
}

/* LINUX: a datagram is off the queue before it is copied. */
TEST(bad_buffer_efault_loses_the_datagram)
{
	int sv[2];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "lost");
	CHECK_WRITES(sv[0], "next");
	CHECK_ERRNO(recv(sv[1], BAD_PTR, 4, 0), EFAULT);
	CHECK_READS(sv[1], "next");
}

TEST(bad_buffer_peek_keeps_the_datagram)
{
	int sv[2];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "kept");
	CHECK_ERRNO(recv(sv[1], BAD_PTR, 4, MSG_PEEK), EFAULT);
	CHECK_READS(sv[1], "kept");
}

TEST(bad_buffer_does_not_matter_while_nothing_is_there)
{
	int t[2], u[2];

	tcp_pair(t);
	udp_pair(u);
	CHECK_ERRNO(recv(t[0], BAD_PTR, 4, MSG_DONTWAIT), EAGAIN);
	CHECK_ERRNO(recv(u[0], BAD_PTR, 4, MSG_DONTWAIT), EAGAIN);
	CHECK_ERRNO(recv(tcp_socket(), BAD_PTR, 4, 0), ENOTCONN);
}

TEST(buffer_up_to_the_end_of_a_page)
{
	int sv[2];
	char *p = page_end(4);

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "four");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[1], p, 4096, 0)), 4);
	CHECK(!memcmp(p, "four", 4));
}

TEST(tcp_data_behind_a_bad_page_stays)
{
	int sv[2], n = 0;
	char *p = page_end(4);
	ssize_t k;

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "12345678");
	while (n < 8)
		CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	k = recv(sv[1], p, 8, 0);
	/* One piece of 8 cannot be half taken: EFAULT, and all of it stays. */
	CHECK_EQ(k, -1);
	CHECK_EQ(errno, EFAULT);
	CHECK_READS(sv[1], "12345678");
}

/* What a large read could not place stays, in order. */
TEST(large_read_goes_up_to_a_bad_page)
{
	enum { PIECE = 40000, PIECES = 3, READABLE = 100000 };
	char *p = page_end(READABLE), *out = malloc(PIECE * PIECES);
	ssize_t k;
	int sv[2];

	tcp_pair(sv);
	CHECK(out);
	for (int i = 0; i < PIECE * PIECES; i++)
		out[i] = (char)(i * 31 + i / 1000);
	for (int i = 0; i < PIECES; i++)
		CHECK_EQ(CHECK_OK(write(sv[0], out + i * PIECE, PIECE)), PIECE);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EQ(poll_for(sv[1], POLLRDHUP), POLLRDHUP);
	k = recv(sv[1], p, PIECE * PIECES, 0);
	if (k < 0) {
		CHECK_EQ(errno, EFAULT);
		k = 0;
	}
	CHECK_GE(READABLE, k);
	CHECK(!memcmp(p, out, (size_t)k));
	while (k < PIECE * PIECES) {
		ssize_t n = CHECK_OK(recv(sv[1], p, 30000, 0));

		CHECK_GE(n, 1);
		CHECK(!memcmp(p, out + k, (size_t)n));
		k += n;
	}
	CHECK_EOF(sv[1]);
	free(out);
}

TEST(recvfrom_address_lengths)
{
	sin_t a, want;
	int r = udp_bound(&a), s = udp_bound(&want), n;

	for (n = 0; n <= 20; n++) {
		unsigned char b[32];
		socklen_t len = n;
		char c;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(sendto(s, "x", 1, 0, SA(&a), sizeof(a)));
		CHECK_EQ(CHECK_OK(recvfrom(r, &c, 1, 0, SA(b), &len)), 1);
		CHECK_EQ(len, 16);
		CHECK(!memcmp(b, &want, n < 8 ? n : 8));
		CHECK_EQ(b[n < 16 ? n : 16], 0xee);
	}
}

TEST(recvfrom_null_address_ignores_the_length_pointer)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recvfrom(sv[1], &c, 1, 0, NULL,
				   (socklen_t *)BAD_PTR)), 1);
}

TEST(recvfrom_negative_length_einval_and_the_datagram_is_lost)
{
	int sv[2];
	sin_t a;
	socklen_t len = -1;
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "lost");
	CHECK_WRITES(sv[0], "next");
	CHECK_ERRNO(recvfrom(sv[1], &c, 1, 0, SA(&a), &len), EINVAL);
	CHECK_READS(sv[1], "next");
}

TEST(recvfrom_bad_address_efault_and_the_datagram_is_lost)
{
	int sv[2];
	socklen_t len = 16;
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "lost");
	CHECK_WRITES(sv[0], "next");
	CHECK_ERRNO(recvfrom(sv[1], &c, 1, 0, BAD_PTR, &len), EFAULT);
	CHECK_READS(sv[1], "next");
}

TEST(recvfrom_bad_length_pointer_efault)
{
	int sv[2];
	sin_t a;
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_ERRNO(recvfrom(sv[1], &c, 1, 0, SA(&a), NULL), EFAULT);
}

TEST(recvfrom_error_leaves_the_length_alone)
{
	int sv[2];
	sin_t a;
	socklen_t len = 12;
	char c;

	udp_pair(sv);
	CHECK_ERRNO(recvfrom(sv[1], &c, 1, MSG_DONTWAIT, SA(&a), &len),
		    EAGAIN);
	CHECK_EQ(len, 12);
}

TEST(timeout_then_data)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	set_rcvtimeo(sv[1], 30);
	CHECK_ERRNO(recv(sv[1], &c, 1, 0), EAGAIN);
	CHECK_WRITES(sv[0], "x");
	CHECK_READS(sv[1], "x");
	CHECK_ERRNO(read(sv[1], &c, 1), EAGAIN);
}

TEST(listener_enotconn_even_nonblocking)
{
	sin_t a;
	char c;

	CHECK_ERRNO(recv(tcp_listener(&a), &c, 1, MSG_DONTWAIT), ENOTCONN);
}

TEST(msg_errqueue_empty_eagain)
{
	int t[2], u[2];
	char c;

	tcp_pair(t);
	udp_pair(u);
	CHECK_ERRNO(recv(t[0], &c, 1, MSG_ERRQUEUE), EAGAIN);
	CHECK_ERRNO(recv(u[0], &c, 1, MSG_ERRQUEUE), EAGAIN);
}

TEST(two_readers_share_the_stream)
{
	int sv[2], i;
	pid_t pid[2];

	tcp_pair(sv);
	for (i = 0; i < 2; i++)
		IN_CHILD(pid[i]) {
			char c;

			CHECK_EQ(CHECK_OK(read(sv[1], &c, 1)), 1);
			CHECK_EQ(c, 'x');
		}
	CHECK_WRITES(sv[0], "x");
	CHECK_WRITES(sv[0], "x");
	join(pid[0]);
	join(pid[1]);
}

TEST(end_of_file_wakes_all_readers)
{
	int sv[2], i;
	pid_t pid[3];

	tcp_pair(sv);
	for (i = 0; i < 3; i++)
		IN_CHILD(pid[i])
			CHECK_EOF(sv[1]);
	for (i = 0; i < 3; i++)
		wait_asleep(pid[i], pid[i]);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	for (i = 0; i < 3; i++)
		join(pid[i]);
}

HARNESS_MAIN
