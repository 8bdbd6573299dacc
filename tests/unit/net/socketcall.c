/* SPDX-License-Identifier: MIT */
/*
 * sys_socketcall: the order of its checks, the words it reads, and that each
 * number reaches its routine.
 */
#include "tests/unit/net/family40.h"
#include "tests/unit/prog.h"

/* Words each call reads, as its ABI has it. */
static const int words[21] = { 0, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4,
			       6, 6, 2, 5, 5, 3, 3, 4, 5, 4 };

static u32 *put_words(unsigned long at, u32 a, u32 b, u32 c, u32 d, u32 e,
		      u32 f)
{
	u32 w[6] = { a, b, c, d, e, f };

	memcpy(u_ptr(at), w, sizeof(w));
	return u_ptr(at);
}

static long sc(int call, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
{
	put_words(U_BASE, a, b, c, d, e, f);
	return call32(__NR32_socketcall, call, U_BASE);
}

static void prog_range(void *arg)
{
	int bad[] = { 0, 21, -1, 100, 0x10001, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT(sc(bad[i], AF_40, SOCK_DGRAM, 0, 0, 0, 0), -EINVAL);
		EXPECT(call32(__NR32_socketcall, bad[i], 8), -EINVAL);
	}
	EXPECT(this_kernel->audit_socketcalls, 0);
}

static void range_is_checked_before_the_pointer(void **state)
{
	run_prog(prog_range);
}

static void prog_nargs(void *arg)
{
	static const u8 nargs[] = SOCKETCALL_NARGS;

	for (int call = 1; call <= 20; call++) {
		unsigned long at = U_END - 4UL * words[call];

		EXPECT(nargs[call], words[call]);
		EXPECT(socketcall_table[call]->nargs, words[call]);
		memset(u_ptr(at), 0xff, U_END - at);
		if (call == SYS_SOCKETPAIR || call == SYS_RECVMMSG)
			memset(u_ptr(U_END - 4), 0, 4);
		/* All words are there: whatever it says, it is not -EFAULT. */
		if (call != SYS_SOCKETPAIR)
			EXPECT(call32(__NR32_socketcall, call, at) == -EFAULT,
			       false);
		EXPECT(call32(__NR32_socketcall, call, at + 4), -EFAULT);
	}
	EXPECT(this_kernel->audit_socketcalls, 19);
}

static void each_call_reads_its_words_only(void **state)
{
	run_prog(prog_nargs);
}

static void prog_routes(void *arg)
{
	int fd, fd2;

	family40_add();
	fd = (int)sc(SYS_SOCKET, AF_40, SOCK_DGRAM, 0, 0, 0, 0);
	EXPECT(fd, 0);
	EXPECT(sc(SYS_BIND, fd, U_BASE + 64, 16, 0, 0, 0), 0);
	EXPECT(sc(SYS_BIND, fd, U_BASE + 64, 1, 0, 0, 0), -EINVAL);
	EXPECT(sc(SYS_LISTEN, fd, 5, 0, 0, 0, 0), 0);
	EXPECT(sc(SYS_ACCEPT, fd, 0, 0, 0, 0, 0), -EAGAIN);
	EXPECT(sc(SYS_CONNECT, fd, U_BASE + 64, 16, 0, 0, 0), 0);
	fd2 = (int)sc(SYS_ACCEPT, fd, 0, 0, 0, 0, 0);
	EXPECT(fd2, 1);
	EXPECT(sc(SYS_CONNECT, fd, U_BASE + 64, 16, 0, 0, 0), 0);
	EXPECT(sc(SYS_ACCEPT4, fd, 0, 0, 1, 0, 0), -EINVAL);
	EXPECT(sc(SYS_ACCEPT4, fd, 0, 0, SOCK_NONBLOCK, 0, 0), 2);
	EXPECT(sc(SYS_SOCKETPAIR, AF_40, SOCK_DGRAM, 0, U_BASE + 64, 0, 0), 0);
	EXPECT(((int *)u_ptr(U_BASE + 64))[0], 3);
	EXPECT(((int *)u_ptr(U_BASE + 64))[1], 4);
	memcpy(u_ptr(U_BASE + 128), "words", 5);
	EXPECT(sc(SYS_SEND, 3, U_BASE + 128, 5, 0, 0, 0), 5);
	EXPECT(sc(SYS_SENDTO, 3, U_BASE + 128, 4, 0, U_BASE + 64, 16), 4);
	EXPECT(family40.namelen, 16);
	EXPECT(sc(SYS_RECV, 4, U_BASE + 256, 100, 0, 0, 0), 5);
	*(int *)u_ptr(U_BASE + 512) = 3;
	EXPECT(sc(SYS_RECVFROM, 4, U_BASE + 256, 100, 0, U_BASE + 640,
		  U_BASE + 512), 4);
	EXPECT(*(int *)u_ptr(U_BASE + 512), 7);
	EXPECT(memcmp(u_ptr(U_BASE + 256), "words", 5), 0);
	*(int *)u_ptr(U_BASE + 512) = -1;
	EXPECT(sc(SYS_GETSOCKNAME, 4, U_BASE + 640, U_BASE + 512, 0, 0, 0),
	       -EINVAL);
	*(int *)u_ptr(U_BASE + 512) = 100;
	EXPECT(sc(SYS_GETPEERNAME, 4, U_BASE + 640, U_BASE + 512, 0, 0, 0), 0);
	EXPECT(sc(SYS_SHUTDOWN, 4, 2, 0, 0, 0, 0), 2);
	EXPECT(sc(SYS_SETSOCKOPT, 4, 6, 1, U_BASE, 4, 0), -EOPNOTSUPP);
	EXPECT(sc(SYS_SETSOCKOPT, 4, 6, 1, U_BASE, -1, 0), -EINVAL);
	EXPECT(sc(SYS_GETSOCKOPT, 4, 6, 1, U_BASE, U_BASE, 0), -EOPNOTSUPP);
}

static void each_number_reaches_its_routine(void **state)
{
	run_prog(prog_routes);
}

/* A header with one vector at U_BASE + 1024; data at U_BASE + 2048. */
static u32 msg32(u32 len, u32 control, u32 controllen)
{
	struct compat_msghdr *m = u_ptr(U_BASE + 1024);
	struct compat_iovec *v = u_ptr(U_BASE + 1200);

	memset(m, 0, sizeof(*m));
	m->msg_iov = U_BASE + 1200;
	m->msg_iovlen = 1;
	m->msg_control = control;
	m->msg_controllen = controllen;
	v->iov_base = U_BASE + 2048;
	v->iov_len = len;
	return U_BASE + 1024;
}

static void prog_messages(void *arg)
{
	struct compat_msghdr *m = u_ptr(U_BASE + 1024);
	struct compat_cmsghdr *c = u_ptr(U_BASE + 4096);
	int fd;

	family40_add();
	fd = (int)sc(SYS_SOCKET, AF_40, SOCK_DGRAM, 0, 0, 0, 0);
	memcpy(u_ptr(U_BASE + 2048), "message", 7);
	c->cmsg_len = CMSG_COMPAT_LEN(4);
	c->cmsg_level = 0;
	c->cmsg_type = 2;
	EXPECT(sc(SYS_SENDMSG, fd, msg32(7, U_BASE + 4096, 16), 0, 0, 0, 0), 7);
	EXPECT(family40.controllen, CMSG_SPACE(4));
	EXPECT(((struct cmsghdr *)family40.control)->cmsg_len, CMSG_LEN(4));
	family40.put_ttl = true;
	EXPECT(sc(SYS_RECVMSG, fd, msg32(4, U_BASE + 4096, 64), 0, 0, 0, 0), 4);
	EXPECT(m->msg_flags, MSG_TRUNC);
	EXPECT(m->msg_controllen, 16);
	EXPECT(c->cmsg_len, 16);
	EXPECT(c->cmsg_type, 2);
	EXPECT(sc(SYS_SENDMSG, fd, 8, 0, 0, 0, 0), -EFAULT);
	EXPECT(sc(SYS_RECVMSG, fd, msg32(-1, 0, 0), 0, 0, 0, 0), -EINVAL);
	EXPECT(sc(SYS_SENDMMSG, fd, U_BASE, 0, 0, 0, 0), 0);
	EXPECT(sc(SYS_RECVMMSG, fd, U_BASE, 1, 0, 8, 0), -EFAULT);
	/* Natively the flag is refused, whatever else is wrong. */
	EXPECT(call64(__NR64_sendmsg, -1, 0, MSG_CMSG_COMPAT), -EINVAL);
	EXPECT(call64(__NR64_recvmsg, -1, 0, MSG_CMSG_COMPAT), -EINVAL);
	EXPECT(call64(__NR64_sendmmsg, -1, 0, 0, MSG_CMSG_COMPAT), -EINVAL);
	EXPECT(call64(__NR64_recvmmsg, -1, 0, 0, MSG_CMSG_COMPAT), -EINVAL);
}

static void messages_have_the_layout_of_i386(void **state)
{
	run_prog(prog_messages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(range_is_checked_before_the_pointer),
		cmocka_unit_test(each_call_reads_its_words_only),
		cmocka_unit_test(each_number_reaches_its_routine),
		cmocka_unit_test(messages_have_the_layout_of_i386),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
