/* SPDX-License-Identifier: MIT */
/* send(2) and sendto(2): order of checks, and the address argument. */
#include "harness.h"

TEST(bad_descriptor)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(send(-1, "x", 1, 0), EBADF);
	CHECK_ERRNO(send(9999, "x", 1, 0), EBADF);
	CHECK_ERRNO(send(p[1], "x", 1, 0), ENOTSOCK);
	CHECK_ERRNO(send(STDOUT_FILENO, "x", 1, MSG_OOB), ENOTSOCK);
}

TEST(bad_buffer_efault)
{
	int t[2], u[2];

	tcp_pair(t);
	udp_pair(u);
	CHECK_ERRNO(send(t[0], BAD_PTR, 1, 0), EFAULT);
	CHECK_ERRNO(send(u[0], BAD_PTR, 1, 0), EFAULT);
	CHECK_ERRNO(send(t[0], NULL, 10, 0), EFAULT);
}

TEST(bad_buffer_of_length_zero_works)
{
	int t[2], u[2];

	tcp_pair(t);
	udp_pair(u);
	CHECK_EQ(CHECK_OK(send(t[0], BAD_PTR, 0, 0)), 0);
	CHECK_EQ(CHECK_OK(send(u[0], BAD_PTR, 0, 0)), 0);
	CHECK_EQ(CHECK_OK(recv(u[1], NULL, 0, 0)), 0);
}

TEST(unconnected_comes_before_a_bad_buffer)
{
	CHECK_ERRNO(send(tcp_socket(), BAD_PTR, 1, MSG_NOSIGNAL), EPIPE);
	CHECK_ERRNO(send(udp_socket(), BAD_PTR, 1, 0), EDESTADDRREQ);
}

TEST(tcp_sends_what_lies_before_a_bad_page)
{
	int sv[2];
	char *p = page_end(5000);
	ssize_t n;

	tcp_pair(sv);
	memset(p, 'a', 5000);
	n = send(sv[0], p, 10000, 0);
	/* A short count or EFAULT; and never a byte of what was not there. */
	if (n < 0) {
		CHECK_EQ(errno, EFAULT);
		n = 0;
	}
	CHECK_GE(5000, n);
	CHECK_WRITES(sv[0], "b");
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	for (; n; n--) {
		char c;

		CHECK_EQ(CHECK_OK(read(sv[1], &c, 1)), 1);
		CHECK_EQ(c, 'a');
	}
	CHECK_READS(sv[1], "b");
	CHECK_EOF(sv[1]);
}

/* Byte @i of a stream whose pieces cannot be mistaken for each other. */
static char pattern(size_t i)
{
	return (char)(i * 31 + i / 1000);
}

TEST(large_write_goes_up_to_a_bad_page)
{
	enum { READABLE = 200000 };
	char *p = page_end(READABLE), got[5000];
	ssize_t n, k;
	int sv[2];

	tcp_pair(sv);
	for (size_t i = 0; i < READABLE; i++)
		p[i] = pattern(i);
	n = CHECK_OK(send(sv[0], p, 2 * READABLE, MSG_DONTWAIT));
	CHECK_GE(READABLE, n);
	CHECK_GE(n, 1);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	for (ssize_t i = 0; i < n; i += k) {
		k = CHECK_OK(read(sv[1], got, sizeof(got)));
		CHECK_GE(k, 1);
		for (ssize_t j = 0; j < k; j++)
			CHECK_EQ(got[j], pattern((size_t)(i + j)));
	}
	CHECK_EOF(sv[1]);
}

TEST(write_that_waits_keeps_its_bytes_from_another_writer)
{
	enum { SIZE = 8 << 20 };
	char *p = malloc(SIZE), got[5000];
	size_t next = 0, others = 0, sent = 0;
	int sv[2], status;
	ssize_t k = 1;
	pid_t pid;

	tcp_pair(sv);
	CHECK(p);
	for (size_t i = 0; i < SIZE; i++)
		p[i] = pattern(i) & 0x7f;
	IN_CHILD(pid) {
		CHECK_OK(close(sv[1]));
		CHECK_EQ(CHECK_OK(write(sv[0], p, SIZE)), SIZE);
	}
	while (k) {
		k = CHECK_OK(read(sv[1], got, sizeof(got)));
		for (ssize_t j = 0; j < k; j++)
			if (got[j] == '\xff')
				others++;
			else
				CHECK_EQ(got[j], p[next++]);
		if (next < SIZE &&
		    send(sv[0], "\xff", 1, MSG_DONTWAIT) == 1)
			sent++;
		if (next == SIZE && others == sent)
			CHECK_OK(shutdown(sv[0], SHUT_WR));
	}
	CHECK_EQ(next, SIZE);
	CHECK_EQ(others, sent);
	CHECK_OK(waitpid(pid, &status, 0));
	CHECK_EQ(status, 0);
	free(p);
}

TEST(udp_with_a_bad_page_sends_nothing)
{
	int sv[2];
	char *p = page_end(100);

	udp_pair(sv);
	CHECK_ERRNO(send(sv[0], p, 200, 0), EFAULT);
	CHECK_WRITES(sv[0], "ok");
	CHECK_READS(sv[1], "ok");
}

TEST(sendto_address_pointer_checks)
{
	sin_t a;
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, BAD_PTR, 16), EFAULT);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, BAD_PTR, 129), EINVAL);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, BAD_PTR, -1), EINVAL);
	CHECK_ERRNO(sendto(-1, "x", 1, 0, BAD_PTR, 129), EBADF);
}

TEST(sendto_address_is_copied_though_tcp_ignores_it)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(sendto(sv[0], "x", 1, 0, BAD_PTR, 16), EFAULT);
	CHECK_ERRNO(sendto(sv[0], "x", 1, 0, BAD_PTR, 200), EINVAL);
}

TEST(sendto_length_zero_address_on_udp_einval)
{
	sin_t a;

	udp_bound(&a);
	CHECK_ERRNO(sendto(udp_socket(), "x", 1, 0, SA(&a), 0), EINVAL);
}

TEST(sendto_lengths_16_to_128_work)
{
	struct sockaddr_storage ss = { 0 };
	sin_t a;
	int r = udp_bound(&a), n;

	memcpy(&ss, &a, sizeof(a));
	for (n = 16; n <= 128; n += 16) {
		CHECK_OK(sendto(udp_socket(), "x", 1, 0, SA(&ss), n));
		CHECK_READS(r, "x");
	}
}

TEST(listener_epipe)
{
	sin_t a;

	CHECK_ERRNO(send(tcp_listener(&a), "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(nonblocking_full_eagain)
{
	int sv[2];

	tcp_pair(sv);
	fill_up(sv[0]);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_DONTWAIT), EAGAIN);
	set_nonblock(sv[0]);
	CHECK_ERRNO(send(sv[0], "x", 1, 0), EAGAIN);
	CHECK_ERRNO(write(sv[0], "x", 1), EAGAIN);
}

TEST(send_timeout_eagain)
{
	int sv[2];
	struct timeval tv = { 0, 50000 };
	double t;

	tcp_pair(sv);
	fill_up(sv[0]);
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	t = now();
	CHECK_ERRNO(send(sv[0], "x", 1, 0), EAGAIN);
	CHECK(now() - t >= 0.045);
}

TEST(send_timeout_gives_the_part_that_went)
{
	static char big[32 << 20];
	int sv[2];
	struct timeval tv = { 0, 50000 };
	ssize_t n;

	tcp_pair(sv);
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	n = CHECK_OK(send(sv[0], big, sizeof(big), 0));
	CHECK(n > 0 && n < (ssize_t)sizeof(big));
}

TEST(confirm_and_dontroute_flags_are_taken)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "x", 1, MSG_CONFIRM)), 1);
	CHECK_READS(sv[1], "x");
	CHECK_EQ(CHECK_OK(send(sv[0], "y", 1, MSG_DONTROUTE)), 1);
	CHECK_READS(sv[1], "y");
	CHECK_EQ(CHECK_OK(send(sv[0], "z", 1, MSG_EOR)), 1);
	CHECK_READS(sv[1], "z");
}

HARNESS_MAIN
