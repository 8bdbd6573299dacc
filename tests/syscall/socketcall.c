/* SPDX-License-Identifier: MIT */
/*
 * sys_socketcall (102 of i386), entered by `int $0x80`: all 20 calls, how many
 * words each one reads, and the order of its checks. An x86_64 process can
 * execute the same instruction and gets the i386 table, so these claims run
 * there too, on memory below 4 GiB.
 */
#include "harness.h"

#define I386_socketcall	102
#define I386_getpid	20

/* Words that each call reads. */
static const int nargs[21] = {
	0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4
};

#ifdef __x86_64__
static long int80(long nr, long b, long c, long d, long s, long di)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "0"(nr), "b"(b), "c"(c), "d"(d), "S"(s), "D"(di)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)ret;
}
#else
static long int80(long nr, long b, long c, long d, long s, long di)
{
	return RAW(nr, b, c, d, s, di);
}
#endif

/*
 * Memory that an i386 pointer reaches: two pages, the second not there.
 * 64 KiB of room in the first ones for arguments and data.
 */
#define LOW_ROOM	65536

static char *low_end(void)
{
	static char *end;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p;

#ifdef __x86_64__
	flags |= MAP_32BIT;
#endif
	if (!end) {
		p = mmap(NULL, LOW_ROOM + 4096, PROT_READ | PROT_WRITE, flags,
			 -1, 0);
		CHECK(p != MAP_FAILED);
		CHECK_OK(mprotect(p + LOW_ROOM, 4096, PROT_NONE));
		end = p + LOW_ROOM;
		if (int80(I386_getpid, 0, 0, 0, 0, 0) == -ENOSYS)
			SKIP_HOST("no int $0x80 here");
	}
	return end;
}

static uint32_t *low_args(void)
{
	return (uint32_t *)(low_end() - 8192);
}

static char *low_data(void)
{
	return low_end() - 16384;
}

static uint32_t ptr32(const void *p)
{
	CHECK((unsigned long)p <= 0xffffffffUL);
	return (uint32_t)(unsigned long)p;
}

static long sc(int call, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
	       uint32_t a4, uint32_t a5)
{
	uint32_t *a = low_args();

	a[0] = a0;
	a[1] = a1;
	a[2] = a2;
	a[3] = a3;
	a[4] = a4;
	a[5] = a5;
	return int80(I386_socketcall, call, P(a), 0, 0, 0);
}

static int sc_ok(long r, int line)
{
	if (r < 0)
		harness_fail(__FILE__, line, "gives %ld (%s)", r,
			     strerror((int)-r));
	return (int)r;
}

#define SC_OK(expr)	sc_ok(expr, __LINE__)

static int sc_stream(void)
{
	return SC_OK(sc(NET_SOCKET, AF_INET, SOCK_STREAM, 0, 0, 0, 0));
}

static int sc_dgram(void)
{
	return SC_OK(sc(NET_SOCKET, AF_INET, SOCK_DGRAM, 0, 0, 0, 0));
}

static uint32_t low_addr(const sin_t *a)
{
	memcpy(low_data(), a, sizeof(*a));
	return ptr32(low_data());
}

/* compat_msghdr with one compat_iovec, in low memory. */
struct msghdr32 {
	uint32_t name, namelen, iov, iovlen, control, controllen, flags;
	uint32_t base, len;	/* the iovec */
	uint32_t nr;		/* msg_len of a struct mmsghdr comes after flags */
};

static struct msghdr32 *low_msg(void *buf, uint32_t len)
{
	struct msghdr32 *m = (struct msghdr32 *)(low_data() + 1024);

	memset(m, 0, sizeof(*m));
	m->iov = ptr32(&m->base);
	m->iovlen = 1;
	m->base = ptr32(buf);
	m->len = len;
	return m;
}

struct mmsghdr32 {
	uint32_t name, namelen, iov, iovlen, control, controllen, flags, done;
};

TEST(out_of_range_einval)
{
	int call[] = { 0, 21, -1, 100, 0x10001, 0x7fffffff, (int)0x80000000 };

	low_end();
	for (size_t i = 0; i < ARRAY_SIZE(call); i++)
		CHECK_RAW(sc(call[i], AF_INET, SOCK_STREAM, 0, 0, 0, 0),
			  -EINVAL);
}

TEST(range_checked_before_the_pointer)
{
	low_end();
	CHECK_RAW(int80(I386_socketcall, 0, 0, 0, 0, 0), -EINVAL);
	CHECK_RAW(int80(I386_socketcall, 21, 8, 0, 0, 0), -EINVAL);
	CHECK_RAW(int80(I386_socketcall, -1, -1, 0, 0, 0), -EINVAL);
}

TEST(bad_pointer_efault_for_every_call)
{
	int call;

	low_end();
	for (call = 1; call <= 20; call++) {
		CHECK_RAW(int80(I386_socketcall, call, 0, 0, 0, 0), -EFAULT);
		CHECK_RAW(int80(I386_socketcall, call, 8, 0, 0, 0), -EFAULT);
		CHECK_RAW(int80(I386_socketcall, call, -4, 0, 0, 0), -EFAULT);
	}
}

/* With -1 as descriptor or family nothing but the copy can be -EFAULT. */
TEST(exactly_nargs_words_are_read)
{
	char *end = low_end();
	int call;

	for (call = 1; call <= 20; call++) {
		uint32_t *a = (uint32_t *)end - nargs[call];
		long r;

		memset(a, 0xff, end - (char *)a);
		if (call == NET_SOCKETPAIR)
			a[3] = ptr32(low_data());
		if (call == NET_RECVMMSG)
			a[4] = 0;	/* the timeout is read first */
		r = int80(I386_socketcall, call, P(a), 0, 0, 0);
		if (r == -EFAULT)
			FAIL("call %d reads more than %d words", call,
			     nargs[call]);
		CHECK(r == -EBADF || r == -EAFNOSUPPORT || r == -EINVAL);
		r = int80(I386_socketcall, call, P(a + 1), 0, 0, 0);
		if (r != -EFAULT)
			FAIL("call %d reads fewer than %d words: %ld", call,
			     nargs[call], r);
	}
}

TEST(words_of_the_caller_are_not_changed)
{
	uint32_t *a = low_args(), before[6], i;

	sc_stream();
	for (i = 0; i < 6; i++)
		before[i] = a[i] = 0xfffffff0 + i;
	for (i = 1; i <= 20; i++) {
		int80(I386_socketcall, i, P(a), 0, 0, 0);
		CHECK(!memcmp(a, before, sizeof(before)));
	}
}

TEST(unaligned_words_work)
{
	char *p = low_data() + 2049;
	uint32_t w[3] = { AF_INET, SOCK_STREAM, 0 };

	memcpy(p, w, sizeof(w));
	CHECK(int80(I386_socketcall, NET_SOCKET, P(p), 0, 0, 0) >= 0);
}

TEST(words_across_a_page_boundary_work)
{
	char *p = low_end() - 4096 - 4;
	uint32_t w[3] = { AF_INET, SOCK_DGRAM, 0 };

	memcpy(p, w, sizeof(w));
	CHECK(int80(I386_socketcall, NET_SOCKET, P(p), 0, 0, 0) >= 0);
}

TEST(read_only_words_work)
{
	char *p = low_end() - LOW_ROOM;
	uint32_t w[3] = { AF_INET, SOCK_DGRAM, 0 };

	memcpy(p, w, sizeof(w));
	CHECK_OK(mprotect(p, 4096, PROT_READ));
	CHECK(int80(I386_socketcall, NET_SOCKET, P(p), 0, 0, 0) >= 0);
}

TEST(call_1_socket)
{
	int fd = SC_OK(sc(NET_SOCKET, AF_INET, SOCK_STREAM | SOCK_NONBLOCK,
			  0, 0, 0, 0));

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_NONBLOCK);
	CHECK_RAW(sc(NET_SOCKET, -1, SOCK_STREAM, 0, 0, 0, 0), -EAFNOSUPPORT);
	CHECK_RAW(sc(NET_SOCKET, AF_INET, -1, 0, 0, 0, 0), -EINVAL);
}

TEST(call_2_bind)
{
	sin_t a = lo(0);
	int fd = sc_stream();

	CHECK_RAW(sc(NET_BIND, fd, low_addr(&a), 16, 0, 0, 0), 0);
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
	CHECK_RAW(sc(NET_BIND, fd, low_addr(&a), 16, 0, 0, 0), -EINVAL);
	CHECK_RAW(sc(NET_BIND, sc_stream(), low_addr(&a), -1, 0, 0, 0),
		  -EINVAL);
	CHECK_RAW(sc(NET_BIND, sc_stream(), 8, 16, 0, 0, 0), -EFAULT);
}

TEST(call_3_connect)
{
	sin_t a;
	int fd = sc_stream();

	tcp_listener(&a);
	CHECK_RAW(sc(NET_CONNECT, fd, low_addr(&a), 16, 0, 0, 0), 0);
	CHECK_RAW(sc(NET_CONNECT, fd, low_addr(&a), 16, 0, 0, 0), -EISCONN);
	a = tcp_refusing();
	CHECK_RAW(sc(NET_CONNECT, sc_stream(), low_addr(&a), 16, 0, 0, 0),
		  -ECONNREFUSED);
}

TEST(call_4_listen)
{
	int fd = sc_stream();

	CHECK_RAW(sc(NET_LISTEN, fd, 1024, 0, 0, 0, 0), 0);
	CHECK_EQ(tcp_state(fd), TCP_LISTEN);
	CHECK_RAW(sc(NET_LISTEN, sc_dgram(), 1, 0, 0, 0, 0), -EOPNOTSUPP);
}

TEST(call_5_accept)
{
	sin_t a, p, c;
	int l = tcp_listener(&a), fd = tcp_socket(), s;
	uint32_t *len = (uint32_t *)(low_data() + 64);

	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	*len = 16;
	s = SC_OK(sc(NET_ACCEPT, l, ptr32(low_data()), ptr32(len), 0, 0, 0));
	memcpy(&p, low_data(), sizeof(p));
	c = name_of(fd);
	CHECK(same_addr(&p, &c));
	CHECK_EQ(*len, 16);
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFL)), O_RDWR);
}

TEST(call_6_getsockname)
{
	sin_t a, n;
	int l = tcp_listener(&a);
	uint32_t *len = (uint32_t *)(low_data() + 64);

	*len = 16;
	CHECK_RAW(sc(NET_GETSOCKNAME, l, ptr32(low_data()), ptr32(len), 0, 0,
		     0), 0);
	memcpy(&n, low_data(), sizeof(n));
	CHECK(same_addr(&a, &n));
}

TEST(call_7_getpeername)
{
	int sv[2];
	sin_t n, want;
	uint32_t *len = (uint32_t *)(low_data() + 64);

	tcp_pair(sv);
	*len = 128;
	CHECK_RAW(sc(NET_GETPEERNAME, sv[0], ptr32(low_data()), ptr32(len), 0,
		     0, 0), 0);
	memcpy(&n, low_data(), sizeof(n));
	want = name_of(sv[1]);
	CHECK(same_addr(&want, &n));
	CHECK_EQ(*len, 16);
	CHECK_RAW(sc(NET_GETPEERNAME, sc_stream(), ptr32(low_data()),
		     ptr32(len), 0, 0, 0), -ENOTCONN);
}

TEST(call_8_socketpair)
{
	int *sv = (int *)low_data();

	CHECK_RAW(sc(NET_SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, ptr32(sv), 0, 0),
		  0);
	CHECK_WRITES(sv[0], "pair");
	CHECK_READS(sv[1], "pair");
	CHECK_RAW(sc(NET_SOCKETPAIR, AF_INET, SOCK_STREAM, 0, ptr32(sv), 0, 0),
		  -EOPNOTSUPP);
}

TEST(call_9_send)
{
	int sv[2];

	tcp_pair(sv);
	memcpy(low_data(), "words", 5);
	CHECK_RAW(sc(NET_SEND, sv[0], ptr32(low_data()), 5, 0, -1, -1), 5);
	CHECK_READS(sv[1], "words");
	CHECK_RAW(sc(NET_SEND, sc_stream(), ptr32(low_data()), 5,
		     MSG_NOSIGNAL, 0, 0), -EPIPE);
}

TEST(call_10_recv)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[1], "answer");
	CHECK_RAW(sc(NET_RECV, sv[0], ptr32(low_data()), 100, 0, -1, -1), 6);
	CHECK(!memcmp(low_data(), "answer", 6));
	CHECK_RAW(sc(NET_RECV, sv[0], ptr32(low_data()), 100, MSG_DONTWAIT, 0,
		     0), -EAGAIN);
}

TEST(call_11_sendto)
{
	sin_t a;
	int r = udp_bound(&a), fd = sc_dgram();

	memcpy(low_data() + 32, "gram", 4);
	CHECK_RAW(sc(NET_SENDTO, fd, ptr32(low_data() + 32), 4, 0,
		     low_addr(&a), 16), 4);
	CHECK_READS(r, "gram");
	CHECK_RAW(sc(NET_SENDTO, fd, ptr32(low_data() + 32), 4, 0, 0, 0),
		  -EDESTADDRREQ);
}

TEST(call_12_recvfrom)
{
	sin_t a, from, want;
	int r = udp_bound(&a), fd = udp_bound(&want);
	uint32_t *len = (uint32_t *)(low_data() + 64);

	CHECK_OK(sendto(fd, "gram", 4, 0, SA(&a), sizeof(a)));
	*len = 16;
	CHECK_RAW(sc(NET_RECVFROM, r, ptr32(low_data() + 128), 100, 0,
		     ptr32(low_data()), ptr32(len)), 4);
	memcpy(&from, low_data(), sizeof(from));
	CHECK(same_addr(&from, &want));
	CHECK(!memcmp(low_data() + 128, "gram", 4));
}

TEST(call_13_shutdown)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_RAW(sc(NET_SHUTDOWN, sv[0], SHUT_WR, 0, 0, 0, 0), 0);
	CHECK_EOF(sv[1]);
	CHECK_RAW(sc(NET_SHUTDOWN, sv[0], 3, 0, 0, 0, 0), -EINVAL);
}

TEST(call_14_setsockopt)
{
	int fd = sc_stream();

	*(int *)low_data() = 1;
	CHECK_RAW(sc(NET_SETSOCKOPT, fd, SOL_SOCKET, SO_REUSEADDR,
		     ptr32(low_data()), 4, 0), 0);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_REUSEADDR), 1);
	CHECK_RAW(sc(NET_SETSOCKOPT, fd, SOL_SOCKET, SO_REUSEADDR,
		     ptr32(low_data()), 3, 0), -EINVAL);
}

TEST(call_15_getsockopt)
{
	int *v = (int *)low_data(), *len = (int *)(low_data() + 64);

	*len = 4;
	CHECK_RAW(sc(NET_GETSOCKOPT, sc_dgram(), SOL_SOCKET, SO_TYPE, ptr32(v),
		     ptr32(len), 0), 0);
	CHECK_EQ(*v, SOCK_DGRAM);
	CHECK_EQ(*len, 4);
}

TEST(call_14_and_15_timeouts_are_two_32_bit_words)
{
	int fd = sc_stream();
	int *v = (int *)low_data(), *len = (int *)(low_data() + 64);

	v[0] = 3;
	v[1] = 500000;
	CHECK_RAW(sc(NET_SETSOCKOPT, fd, SOL_SOCKET, 20, ptr32(v), 8, 0), 0);
	v[0] = v[1] = -1;
	*len = 8;
	CHECK_RAW(sc(NET_GETSOCKOPT, fd, SOL_SOCKET, 20, ptr32(v), ptr32(len),
		     0), 0);
	CHECK_EQ(v[0], 3);
	CHECK_EQ(v[1], 500000);
	CHECK_EQ(*len, 8);
	CHECK_RAW(sc(NET_SETSOCKOPT, fd, SOL_SOCKET, 20, ptr32(v), 7, 0),
		  -EINVAL);
}

TEST(call_16_sendmsg)
{
	int sv[2];
	struct msghdr32 *m;

	tcp_pair(sv);
	memcpy(low_data(), "message", 7);
	m = low_msg(low_data(), 7);
	CHECK_RAW(sc(NET_SENDMSG, sv[0], ptr32(m), 0, 0, 0, 0), 7);
	CHECK_READS(sv[1], "message");
	CHECK_RAW(sc(NET_SENDMSG, sv[0], 8, 0, 0, 0, 0), -EFAULT);
}

TEST(call_17_recvmsg)
{
	int sv[2];
	struct msghdr32 *m;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "message");
	m = low_msg(low_data(), 4);
	m->name = ptr32(low_data() + 256);
	m->namelen = 16;
	CHECK_RAW(sc(NET_RECVMSG, sv[1], ptr32(m), 0, 0, 0, 0), 4);
	CHECK(!memcmp(low_data(), "mess", 4));
	CHECK_EQ(m->flags, MSG_TRUNC);
	CHECK_EQ(m->namelen, 16);
}

TEST(call_17_control_messages_are_32_bit)
{
	int sv[2];
	struct msghdr32 *m;
	uint32_t *c;

	udp_pair(sv);
	set_opt(sv[1], IPPROTO_IP, IP_RECVTTL, 1);
	CHECK_WRITES(sv[0], "ttl");
	m = low_msg(low_data(), 64);
	m->control = ptr32(low_data() + 256);
	m->controllen = 64;
	CHECK_RAW(sc(NET_RECVMSG, sv[1], ptr32(m), 0, 0, 0, 0), 3);
	c = (uint32_t *)(low_data() + 256);
	CHECK_EQ(c[0], 16);		/* 12 of header and an int */
	CHECK_EQ(c[1], IPPROTO_IP);
	CHECK_EQ(c[2], IP_TTL);
	CHECK_EQ(c[3], 64);
	CHECK_EQ(m->controllen, 16);
}

TEST(call_18_accept4)
{
	sin_t a;
	int l = tcp_listener(&a), s;

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_RAW(sc(NET_ACCEPT4, l, 0, 0, 1, 0, 0), -EINVAL);
	s = SC_OK(sc(NET_ACCEPT4, l, 0, 0, SOCK_CLOEXEC, 0, 0));
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFD)), FD_CLOEXEC);
}

TEST(call_19_recvmmsg)
{
	int sv[2];
	struct mmsghdr32 *mm = (struct mmsghdr32 *)(low_data() + 2048);
	uint32_t *iov = (uint32_t *)(low_data() + 3072);
	int i;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "three");
	memset(mm, 0, 3 * sizeof(*mm));
	for (i = 0; i < 3; i++) {
		iov[2 * i] = ptr32(low_data() + 100 * i);
		iov[2 * i + 1] = 100;
		mm[i].iov = ptr32(&iov[2 * i]);
		mm[i].iovlen = 1;
	}
	CHECK_RAW(sc(NET_RECVMMSG, sv[1], ptr32(mm), 3, MSG_DONTWAIT, 0, 0),
		  2);
	CHECK_EQ(mm[0].done, 3);
	CHECK_EQ(mm[1].done, 5);
	CHECK(!memcmp(low_data() + 100, "three", 5));
}

TEST(call_19_timeout_is_two_32_bit_words)
{
	int sv[2];
	struct mmsghdr32 *mm = (struct mmsghdr32 *)(low_data() + 2048);
	int *ts = (int *)(low_data() + 3072);

	udp_pair(sv);
	CHECK_WRITES(sv[0], "one");
	memset(mm, 0, sizeof(*mm));
	ts[0] = 5;
	ts[1] = 0;
	CHECK_RAW(sc(NET_RECVMMSG, sv[1], ptr32(mm), 1, 0, ptr32(ts), 0), 1);
	CHECK_GE(5, ts[0]);
	CHECK_GE(ts[0], 0);
	ts[1] = 1000000000;
	CHECK_RAW(sc(NET_RECVMMSG, sv[1], ptr32(mm), 1, 0, ptr32(ts), 0),
		  -EINVAL);
}

TEST(call_20_sendmmsg)
{
	int sv[2];
	struct mmsghdr32 *mm = (struct mmsghdr32 *)(low_data() + 2048);
	uint32_t *iov = (uint32_t *)(low_data() + 3072);

	udp_pair(sv);
	memset(mm, 0, 2 * sizeof(*mm));
	memcpy(low_data(), "first next", 10);
	iov[0] = ptr32(low_data());
	iov[1] = 5;
	iov[2] = ptr32(low_data() + 6);
	iov[3] = 4;
	mm[0].iov = ptr32(&iov[0]);
	mm[1].iov = ptr32(&iov[2]);
	mm[0].iovlen = mm[1].iovlen = 1;
	CHECK_RAW(sc(NET_SENDMMSG, sv[0], ptr32(mm), 2, 0, 0, 0), 2);
	CHECK_EQ(mm[0].done, 5);
	CHECK_EQ(mm[1].done, 4);
	CHECK_READS(sv[1], "first");
	CHECK_READS(sv[1], "next");
}

#ifdef __x86_64__
TEST(upper_halves_of_registers_are_ignored)
{
	uint32_t *a = low_args();
	long high = 0x1234567800000000L;

	low_end();
	a[0] = AF_INET;
	a[1] = SOCK_STREAM;
	a[2] = 0;
	CHECK(int80(high | I386_socketcall, high | NET_SOCKET, high | P(a), 0,
		    0, 0) >= 0);
}
#endif

TEST(direct_calls_359_to_373_beside_it)
{
	sin_t a = lo(0);
	int fd, s, c, *sv = (int *)low_data();
	uint32_t p = ptr32(low_data());

	fd = SC_OK(int80(359, AF_INET, SOCK_STREAM, 0, 0, 0));
	CHECK_RAW(int80(361, fd, low_addr(&a), 16, 0, 0), 0);
	CHECK_RAW(int80(363, fd, 3, 0, 0, 0), 0);
	a = name_of(fd);
	c = SC_OK(int80(359, AF_INET, SOCK_STREAM, 0, 0, 0));
	CHECK_RAW(int80(362, c, low_addr(&a), 16, 0, 0), 0);
	s = SC_OK(int80(364, fd, 0, 0, 0, 0));
	memcpy(low_data(), "359", 3);
	CHECK_RAW(int80(369, c, p, 3, 0, 0), 3);
	CHECK_READS(s, "359");
	CHECK_WRITES(s, "373");
	CHECK_RAW(int80(371, c, p, 100, 0, 0), 3);
	CHECK_RAW(int80(360, AF_UNIX, SOCK_STREAM, 0, P(sv), 0), 0);
	sv[8] = 16;
	CHECK_RAW(int80(367, c, p, P(sv + 8), 0, 0), 0);
	CHECK_RAW(int80(368, c, p, P(sv + 8), 0, 0), 0);
	sv[0] = 1;
	CHECK_RAW(int80(366, c, SOL_SOCKET, SO_KEEPALIVE, P(sv), 4), 0);
	sv[8] = 4;
	CHECK_RAW(int80(365, c, SOL_SOCKET, SO_KEEPALIVE, P(sv), P(sv + 8)),
		  0);
	CHECK_EQ(sv[0], 1);
	CHECK_RAW(int80(370, c, P(low_msg(low_data(), 3)), 0, 0, 0), 3);
	CHECK_RAW(int80(372, s, P(low_msg(low_data(), 3)), 0, 0, 0), 3);
	CHECK_RAW(int80(373, c, SHUT_RDWR, 0, 0, 0), 0);
	CHECK_EOF(s);
}

TEST(i386_badsys_enosys)
{
	low_end();
	CHECK_RAW(int80(9999, 0, 0, 0, 0, 0), -ENOSYS);
	CHECK_RAW(int80(-1, 0, 0, 0, 0, 0), -ENOSYS);
	CHECK_RAW(int80(0x40000000 | I386_socketcall, 0, 0, 0, 0, 0), -ENOSYS);
}

HARNESS_MAIN
