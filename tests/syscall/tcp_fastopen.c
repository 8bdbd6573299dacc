/* SPDX-License-Identifier: MIT */
/*
 * TCP Fast Open (RFC 7413) as programs see it. Each claim talks to an address
 * of its own, 127.0.0.N: cookies are remembered by destination.
 */
#include "ownnet.h"

#define T IPPROTO_TCP
#ifndef TCP_FASTOPEN_KEY
#define TCP_FASTOPEN_KEY 33
#endif
#ifndef TCP_FASTOPEN_NO_COOKIE
#define TCP_FASTOPEN_NO_COOKIE 34
#endif
#define SYN_DATA 32 /* TCPI_OPT_SYN_DATA */

static void mode(const char *bits)
{
	quiet_net();
	put("/proc/sys/net/ipv4/tcp_fastopen", bits);
}

static int opt(int fd, int name, int v)
{
	return setsockopt(fd, T, name, &v, sizeof(v));
}

/* A listener with Fast Open at 127.0.0.@n. */
static int fast_listener(int n, sin_t *a)
{
	int l = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	socklen_t len = sizeof(*a);

	*a = (sin_t){ .sin_family = AF_INET };
	a->sin_addr.s_addr = htonl(0x7f000000 + n);
	CHECK_OK(bind(l, SA(a), sizeof(*a)));
	CHECK_OK(getsockname(l, SA(a), &len));
	CHECK_OK(opt(l, TCP_FASTOPEN, 5));
	CHECK_OK(listen(l, 5));
	return l;
}

/* tcpi_options, and how Fast Open failed for the client. */
static int info(int fd, int *fail)
{
	unsigned char b[256] = { 0 };
	socklen_t len = sizeof(b);

	CHECK_OK(getsockopt(fd, T, TCP_INFO, b, &len));
	if (fail)
		*fail = b[7] >> 1 & 3;
	return b[5];
}

static int fast_send(const sin_t *a, const void *data, size_t n)
{
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));

	CHECK_EQ(sendto(fd, data, n, MSG_FASTOPEN, SA(a), sizeof(*a)),
		 (long)n);
	return fd;
}

static int taken(int l, const char *text)
{
	int c = CHECK_OK(accept(l, NULL, NULL));
	char b[64];

	CHECK_EQ(recv(c, b, sizeof(b), 0), (long)strlen(text));
	CHECK(!memcmp(b, text, strlen(text)));
	return c;
}

/* Learn the cookie of @a. */
static void learn(int l, const sin_t *a)
{
	int fd = fast_send(a, "one", 3);

	close(taken(l, "one"));
	close(fd);
}

TEST(second_syn_carries_data)
{
	sin_t a;
	int l, c, s, fail;

	mode("3");
	l = fast_listener(11, &a);
	c = fast_send(&a, "hello", 5);
	s = taken(l, "hello");
	CHECK(!(info(c, &fail) & SYN_DATA));
	CHECK_EQ(fail, 1); /* no cookie yet */
	CHECK(!(info(s, NULL) & SYN_DATA));
	CHECK_EQ(send(s, "hi", 2, 0), 2);
	close(c);

	c = fast_send(&a, "again", 5);
	s = taken(l, "again");
	CHECK(info(c, &fail) & SYN_DATA);
	CHECK_EQ(fail, 0);
	CHECK(info(s, NULL) & SYN_DATA);
	CHECK_EQ(send(s, "hi", 2, 0), 2);
	CHECK_EQ(recv(c, (char[8]){ 0 }, 8, 0), 2);
}

static uint32_t segs_out(int fd)
{
	unsigned char b[256] = { 0 };
	socklen_t len = sizeof(b);
	uint32_t n;

	CHECK_OK(getsockopt(fd, T, TCP_INFO, b, &len));
	memcpy(&n, b + 136, sizeof(n)); /* tcpi_segs_out */
	return n;
}

/* RFC 9293 3.10.7.3: what is queued may go with the ACK of the SYN-ACK. */
TEST(the_data_that_waits_carries_the_ack)
{
	sin_t a;
	int l, c;

	mode("3");
	l = fast_listener(25, &a);
	/* No cookie: the SYN goes alone, then the data with the ACK. */
	c = fast_send(&a, "hello", 5);
	taken(l, "hello");
	CHECK_EQ(segs_out(c), 2);
	/* Who connects first has sent it by then. */
	c = tcp_socket();
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_EQ(send(c, "hello", 5, 0), 5);
	taken(l, "hello");
	CHECK_EQ(segs_out(c), 3);
}

TEST(nonblocking_sends_with_cookie_only)
{
	sin_t a;
	int l, c;

	mode("3");
	l = fast_listener(12, &a);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	CHECK_ERRNO(sendto(c, "hello", 5, MSG_FASTOPEN, SA(&a), sizeof(a)),
		    EINPROGRESS);
	CHECK_OK(accept(l, NULL, NULL));
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	CHECK_EQ(sendto(c, "hello", 5, MSG_FASTOPEN, SA(&a), sizeof(a)), 5);
	taken(l, "hello");
}

TEST(msg_dontwait_is_enough)
{
	sin_t a;
	int l, c;

	mode("3");
	l = fast_listener(13, &a);
	learn(l, &a);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_EQ(sendto(c, "hello", 5, MSG_FASTOPEN | MSG_DONTWAIT, SA(&a),
			sizeof(a)), 5);
	taken(l, "hello");
}

TEST(more_than_a_segment)
{
	static char b[100000], g[100000];
	size_t at = 0;
	sin_t a;
	int l, c, s;

	mode("3");
	l = fast_listener(14, &a);
	learn(l, &a);
	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (char)(i * 7 ^ i >> 8);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_EQ(sendto(c, b, sizeof(b), MSG_FASTOPEN, SA(&a), sizeof(a)),
		 (long)sizeof(b));
	CHECK(info(c, NULL) & SYN_DATA);
	s = CHECK_OK(accept(l, NULL, NULL));
	while (at < sizeof(g))
		at += CHECK_OK(recv(s, g + at, sizeof(g) - at, 0));
	CHECK(!memcmp(b, g, sizeof(b)));
}

TEST(connect_is_put_off)
{
	sin_t a, p;
	socklen_t len = sizeof(p);
	struct pollfd pf = { .events = POLLOUT | POLLIN };
	int l, c, s;

	mode("3");
	l = fast_listener(15, &a);
	/* Without a cookie it connects, and asks for one. */
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(opt(c, TCP_FASTOPEN_CONNECT, 1));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_OK(accept(l, NULL, NULL));
	/* With one nothing is sent yet. */
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(opt(c, TCP_FASTOPEN_CONNECT, 1));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_OK(fcntl(l, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
	/* A blocking one would wait for the write. */
	CHECK_OK(fcntl(c, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(connect(c, SA(&a), sizeof(a)), EISCONN);
	CHECK_ERRNO(getpeername(c, SA(&p), &len), ENOTCONN);
	pf.fd = c;
	CHECK_EQ(poll(&pf, 1, 0), 1);
	CHECK_EQ(pf.revents, POLLOUT);
	CHECK_EQ(write(c, "late", 4), 4);
	s = taken(l, "late");
	CHECK(info(s, NULL) & SYN_DATA);
	CHECK_OK(getpeername(c, SA(&p), &len));
	CHECK_EQ(p.sin_port, a.sin_port);
}

TEST(put_off_and_closed_says_nothing)
{
	sin_t a;
	int l, c;

	mode("3");
	l = fast_listener(16, &a);
	learn(l, &a);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(opt(c, TCP_FASTOPEN_CONNECT, 1));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_OK(close(c));
	CHECK_OK(fcntl(l, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
}

TEST(without_cookies_the_first_syn_carries_data)
{
	sin_t a;
	int l, c, s;

	mode("3");
	l = fast_listener(17, &a);
	CHECK_OK(opt(l, TCP_FASTOPEN_NO_COOKIE, 1));
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(opt(c, TCP_FASTOPEN_NO_COOKIE, 1));
	CHECK_EQ(sendto(c, "hello", 5, MSG_FASTOPEN, SA(&a), sizeof(a)), 5);
	s = taken(l, "hello");
	CHECK(info(c, NULL) & SYN_DATA);
	CHECK(info(s, NULL) & SYN_DATA);
}

TEST(sysctl_bits_of_no_cookie)
{
	sin_t a;
	int l, c;

	mode("519"); /* 1, 2, 4 and 0x200 */
	l = fast_listener(18, &a);
	c = fast_send(&a, "hello", 5);
	taken(l, "hello");
	CHECK(info(c, NULL) & SYN_DATA);
	mode("3");
}

TEST(a_changed_key_makes_old_cookies_bad_but_not_the_connection)
{
	sin_t a;
	int l, c, s, fail;

	mode("3");
	l = fast_listener(19, &a);
	learn(l, &a);
	CHECK_OK(setsockopt(l, T, TCP_FASTOPEN_KEY, "0123456789abcdef", 16));
	c = fast_send(&a, "hello", 5);
	s = taken(l, "hello");
	CHECK(!(info(s, NULL) & SYN_DATA));
	CHECK(!(info(c, &fail) & SYN_DATA));
	CHECK_EQ(fail, 2); /* the data was not acknowledged */
	/* The answer brought the new one. */
	c = fast_send(&a, "hello", 5);
	s = taken(l, "hello");
	CHECK(info(s, NULL) & SYN_DATA);
}

TEST(the_second_key_is_accepted)
{
	sin_t a;
	int l, c;

	mode("3");
	l = fast_listener(20, &a);
	CHECK_OK(setsockopt(l, T, TCP_FASTOPEN_KEY, "0123456789abcdef", 16));
	learn(l, &a);
	CHECK_OK(setsockopt(l, T, TCP_FASTOPEN_KEY,
			    "another key of160123456789abcdef", 32));
	c = fast_send(&a, "hello", 5);
	taken(l, "hello");
	CHECK(info(c, NULL) & SYN_DATA);
}

TEST(key_option)
{
	char b[40];
	socklen_t len = sizeof(b);
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));

	CHECK_ERRNO(setsockopt(fd, T, TCP_FASTOPEN_KEY, b, 15), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, TCP_FASTOPEN_KEY, b, 17), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, TCP_FASTOPEN_KEY, b, 40), EINVAL);
	CHECK_ERRNO(setsockopt(fd, T, TCP_FASTOPEN_KEY, (void *)1, 16),
		    EFAULT);
	CHECK_OK(setsockopt(fd, T, TCP_FASTOPEN_KEY, "0123456789abcdef", 16));
	CHECK_OK(getsockopt(fd, T, TCP_FASTOPEN_KEY, b, &len));
	CHECK_EQ(len, 16);
	CHECK(!memcmp(b, "0123456789abcdef", 16));
	CHECK_OK(setsockopt(fd, T, TCP_FASTOPEN_KEY,
			    "0123456789abcdefABCDEFGHIJKLMNOP", 32));
	len = 20;
	CHECK_OK(getsockopt(fd, T, TCP_FASTOPEN_KEY, b, &len));
	CHECK_EQ(len, 20);
	CHECK(!memcmp(b, "0123456789abcdefABCD", 20));
}

TEST(options_check_values_and_states)
{
	sin_t a;
	int l, c, fd;

	mode("3");
	l = fast_listener(21, &a);
	fd = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_ERRNO(opt(fd, TCP_FASTOPEN_CONNECT, 2), EINVAL);
	CHECK_ERRNO(opt(fd, TCP_FASTOPEN_NO_COOKIE, -1), EINVAL);
	CHECK_ERRNO(opt(fd, TCP_FASTOPEN, -1), EINVAL);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_ERRNO(opt(c, TCP_FASTOPEN_CONNECT, 1), EINVAL);
	CHECK_ERRNO(opt(c, TCP_FASTOPEN_NO_COOKIE, 1), EINVAL);
	CHECK_ERRNO(opt(c, TCP_FASTOPEN, 1), EINVAL);
	CHECK_ERRNO(sendto(c, "x", 1, MSG_FASTOPEN, SA(&a), sizeof(a)),
		    EISCONN);
	CHECK_ERRNO(sendto(fd, "x", 1, MSG_FASTOPEN, NULL, 0), EINVAL);
	a.sin_family = AF_UNSPEC;
	CHECK_ERRNO(sendto(fd, "x", 1, MSG_FASTOPEN, SA(&a), sizeof(a)),
		    EOPNOTSUPP);
	CHECK_OK(close(l));
	a.sin_family = AF_INET;
	CHECK_ERRNO(sendto(fd, "x", 1, MSG_FASTOPEN, SA(&a), sizeof(a)),
		    ECONNREFUSED);
}

TEST(client_switched_off)
{
	sin_t a;
	int l, fd;

	mode("0");
	l = fast_listener(22, &a);
	fd = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_ERRNO(sendto(fd, "x", 1, MSG_FASTOPEN, SA(&a), sizeof(a)),
		    EOPNOTSUPP);
	CHECK_ERRNO(opt(fd, TCP_FASTOPEN_CONNECT, 1), EOPNOTSUPP);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_OK(accept(l, NULL, NULL));
	put("/proc/sys/net/ipv4/tcp_fastopen", "1");
}

TEST(server_switched_off)
{
	sin_t a;
	int l, c, i;

	mode("1");
	l = fast_listener(23, &a);
	for (i = 0; i < 2; i++) {
		c = fast_send(&a, "hello", 5);
		taken(l, "hello");
		CHECK(!(info(c, NULL) & SYN_DATA));
	}
}

TEST(all_listeners_by_sysctl)
{
	sin_t a;
	int l, c;

	mode("1539"); /* 1, 2, 0x200 and 0x400 */
	l = tcp_listener(&a);
	c = CHECK_OK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK_OK(opt(c, TCP_FASTOPEN_NO_COOKIE, 1));
	CHECK_EQ(sendto(c, "hello", 5, MSG_FASTOPEN, SA(&a), sizeof(a)), 5);
	taken(l, "hello");
	CHECK(info(c, NULL) & SYN_DATA);
	put("/proc/sys/net/ipv4/tcp_fastopen", "1");
}

TEST(key_by_sysctl)
{
	char b[128];
	int f;

	quiet_net();
	put("/proc/sys/net/ipv4/tcp_fastopen_key",
	    "00112233-44556677-8899aabb-ccddeeff");
	f = CHECK_OK(open("/proc/sys/net/ipv4/tcp_fastopen_key", O_RDONLY));
	CHECK_EQ(read(f, b, sizeof(b)), 36);
	CHECK(!memcmp(b, "00112233-44556677-8899aabb-ccddeeff\n", 36));
	put("/proc/sys/net/ipv4/tcp_fastopen_key",
	    "1-2-3-4,5-6-7-8");
	f = CHECK_OK(open("/proc/sys/net/ipv4/tcp_fastopen_key", O_RDONLY));
	CHECK_EQ(read(f, b, sizeof(b)), 72);
	CHECK(!memcmp(b, "00000001-00000002-00000003-00000004,"
			 "00000005-00000006-00000007-00000008\n", 72));
}

TEST(shutdown_and_reset_of_a_fast_child)
{
	struct linger hard = { .l_onoff = 1 };
	sin_t a;
	int l, c, s;
	char b[8];

	mode("3");
	l = fast_listener(24, &a);
	learn(l, &a);
	c = fast_send(&a, "hello", 5);
	CHECK_OK(shutdown(c, SHUT_WR));
	s = taken(l, "hello");
	CHECK_EQ(recv(s, b, sizeof(b), 0), 0);
	CHECK_EQ(send(s, "bye", 3, 0), 3);
	CHECK_OK(close(s));
	CHECK_EQ(recv(c, b, sizeof(b), 0), 3);
	CHECK_EQ(recv(c, b, sizeof(b), 0), 0);

	c = fast_send(&a, "hello", 5);
	CHECK_OK(setsockopt(c, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)));
	CHECK_OK(close(c));
	s = CHECK_OK(accept(l, NULL, NULL));
	CHECK_EQ(recv(s, b, sizeof(b), 0), 5);
	CHECK_ERRNO(recv(s, b, sizeof(b), 0), ECONNRESET);
}

HARNESS_MAIN
