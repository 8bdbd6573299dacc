/* SPDX-License-Identifier: MIT */
/* getpeername(2): who has a peer in which state, and its lengths. */
#include "harness.h"

static void no_peer(int fd)
{
	sin_t a;
	socklen_t len = sizeof(a);

	CHECK_ERRNO(getpeername(fd, SA(&a), &len), ENOTCONN);
}

TEST(both_ends_of_tcp)
{
	int sv[2];
	sin_t a, b;

	tcp_pair(sv);
	a = peer_of(sv[0]);
	b = name_of(sv[1]);
	CHECK(same_addr(&a, &b));
	a = peer_of(sv[1]);
	b = name_of(sv[0]);
	CHECK(same_addr(&a, &b));
}

TEST(fresh_bound_and_listening_have_none)
{
	sin_t a;
	int fd = tcp_socket();

	no_peer(fd);
	bind_lo(fd, &a);
	no_peer(fd);
	CHECK_OK(listen(fd, 1));
	no_peer(fd);
	no_peer(udp_socket());
	no_peer(udp_bound(&a));
}

TEST(connected_udp_has_one)
{
	sin_t a, p;
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	p = peer_of(fd);
	CHECK(same_addr(&a, &p));
}

TEST(udp_after_unspec_has_none)
{
	int sv[2];
	sin_t u = { .sin_family = AF_UNSPEC };

	udp_pair(sv);
	CHECK_OK(connect(sv[0], SA(&u), sizeof(u)));
	no_peer(sv[0]);
}

TEST(stays_while_half_closed)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	peer_of(sv[0]);
	CHECK_EOF(sv[1]);
	peer_of(sv[1]);
	CHECK_OK(shutdown(sv[0], SHUT_RD));
	peer_of(sv[0]);
}

TEST(gone_after_an_orderly_close)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK_OK(shutdown(sv[1], SHUT_WR));
	while (tcp_state(sv[1]) != TCP_CLOSE)
		sched_yield();
	no_peer(sv[1]);
}

TEST(gone_after_a_reset)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
	no_peer(sv[0]);
}

TEST(enotconn_before_bad_pointers)
{
	CHECK_ERRNO(getpeername(tcp_socket(), BAD_PTR, (socklen_t *)BAD_PTR),
		    ENOTCONN);
}

TEST(lengths)
{
	int sv[2], n;
	unsigned char b[32];

	tcp_pair(sv);
	for (n = 0; n <= 20; n++) {
		socklen_t len = n;

		memset(b, 0xee, sizeof(b));
		CHECK_OK(getpeername(sv[0], SA(b), &len));
		CHECK_EQ(len, 16);
		CHECK_EQ(b[n < 16 ? n : 16], 0xee);
	}
	socklen_t len = -1;

	CHECK_ERRNO(getpeername(sv[0], SA(b), &len), EINVAL);
}

TEST(bad_pointers_efault)
{
	int sv[2];
	sin_t a;
	socklen_t len = 16;

	tcp_pair(sv);
	CHECK_ERRNO(getpeername(sv[0], NULL, &len), EFAULT);
	CHECK_ERRNO(getpeername(sv[0], SA(&a), NULL), EFAULT);
	CHECK_ERRNO(getpeername(sv[0], BAD_PTR, &len), EFAULT);
}

TEST(bad_descriptor)
{
	sin_t a;
	socklen_t len = 16;
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(getpeername(-1, SA(&a), &len), EBADF);
	CHECK_ERRNO(getpeername(p[1], SA(&a), &len), ENOTSOCK);
}

HARNESS_MAIN
