/* SPDX-License-Identifier: MIT */
/*
 * Messages: headers, vectors and control data in and out, many at a time, and
 * what is settled when.
 */
#include "net/compat.h"
#include "net/core/scm.h"
#include "net/core/sock.h"
#include "tests/unit/net/family40.h"
#include "tests/unit/prog.h"

#define AT_MSG (U_BASE + 0x1000)
#define AT_IOV (U_BASE + 0x1800)
#define AT_DATA (U_BASE + 0x8000)
#define AT_CTL (U_BASE + 0x9000)

/* A header at AT_MSG with @nr vectors of @len bytes each from AT_DATA on. */
static struct user_msghdr *msg64(size_t nr, u64 len)
{
	struct user_msghdr *m = u_ptr(AT_MSG);
	struct user_iovec *v = u_ptr(AT_IOV);

	memset(m, 0, sizeof(*m));
	m->msg_iov = AT_IOV;
	m->msg_iovlen = nr;
	for (size_t i = 0; i < nr && i < 1024; i++) {
		v[i].iov_base = AT_DATA + i * len;
		v[i].iov_len = len;
	}
	return m;
}

static int sock40(void)
{
	family40_add();
	return (int)call64(__NR64_socket, AF_40, SOCK_DGRAM, 0);
}

static void prog_vectors(void *arg)
{
	int fd = sock40();
	struct user_msghdr *m = msg64(20, 3);
	struct user_iovec *v = u_ptr(AT_IOV);

	memcpy(u_ptr(AT_DATA), "abcdefghijklmnopqrstuvwxyz", 26);
	/* More vectors than fit on the stack, then none at all. */
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), 60);
	EXPECT(call64(__NR64_read, fd, AT_DATA + 256, 100), 60);
	EXPECT(memcmp(u_ptr(AT_DATA + 256), "abcdefghijkl", 12), 0);
	m->msg_iovlen = 0;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), 0);
	m->msg_iovlen = 1025;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EMSGSIZE);
	EXPECT(call64(__NR64_writev, fd, AT_IOV, 1025), -EINVAL);
	m->msg_iovlen = 1;
	v[0].iov_len = ~0UL;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EINVAL);
	m->msg_iov = 8;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);
	EXPECT(call64(__NR64_sendmsg, fd, U_END - 55, 0), -EFAULT);
	(void)msg64(1, 4);
	v[0].iov_base = 8;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);
	v[0].iov_base = 0x7ffffffff001;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);
	EXPECT(call64(__NR64_sendto, -1, 0x7ffffffff001, 0, 0, 0, 0), -EFAULT);
	EXPECT(call64(__NR64_sendto, -1, 0x7ffffffff000, 0, 0, 0, 0), -EBADF);
	/* Nothing to write: nothing is sent, not even an empty message. */
	v[0].iov_len = 0;
	v[0].iov_base = AT_DATA;
	EXPECT(call64(__NR64_read, fd, AT_DATA, 10), 0);
	EXPECT(call64(__NR64_writev, fd, AT_IOV, 1), 0);
	EXPECT(call64(__NR64_read, fd, AT_DATA, 10), -EAGAIN);
	EXPECT(call64(__NR64_read, fd, AT_DATA, 0), 0);
}

static void vectors_are_checked(void **state)
{
	run_prog(prog_vectors);
}

static void prog_names(void *arg)
{
	int fd = sock40();
	struct user_msghdr *m = msg64(1, 4);

	m->msg_name = AT_CTL;
	m->msg_namelen = -1;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EINVAL);
	m->msg_namelen = 500;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), 4);
	EXPECT(family40.namelen, 128);
	m->msg_name = 8;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);
	m->msg_name = 0;
	m->msg_namelen = -1;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), 4);
	EXPECT(family40.namelen, 0);
	m->msg_name = AT_CTL;
	m->msg_namelen = 3;
	memset(u_ptr(AT_CTL), 0xee, 16);
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, 0), 4);
	EXPECT(m->msg_namelen, 7);
	EXPECT(*(u16 *)u_ptr(AT_CTL), AF_40);
	EXPECT(((u8 *)u_ptr(AT_CTL))[3], 0xee);
	m->msg_namelen = -1;
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, 0), -EINVAL);
}

static void names_are_cut_and_told(void **state)
{
	run_prog(prog_names);
}

static void prog_control(void *arg)
{
	int fd = sock40();
	struct user_msghdr *m = msg64(1, 4);
	struct cmsghdr *c = u_ptr(AT_CTL);

	m->msg_control = AT_CTL;
	m->msg_controllen = 200; /* more than fits on the stack */
	c->cmsg_len = 42;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), 4);
	EXPECT(family40.controllen, 200);
	EXPECT(((struct cmsghdr *)family40.control)->cmsg_len, 42);
	m->msg_controllen = 128 << 10;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -ENOBUFS);
	m->msg_controllen = (128 << 10) - 1;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);
	m->msg_controllen = 1UL << 40;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -ENOBUFS);
	m->msg_control = 0;
	m->msg_controllen = 16;
	EXPECT(call64(__NR64_sendmsg, fd, AT_MSG, 0), -EFAULT);

	family40.put_ttl = true;
	m->msg_control = AT_CTL;
	m->msg_controllen = 24;
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, MSG_PEEK), 4);
	EXPECT(m->msg_flags, 0);
	EXPECT(m->msg_controllen, 24);
	EXPECT(c->cmsg_len, 20);
	m->msg_controllen = 18;
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, MSG_PEEK), 4);
	EXPECT(m->msg_flags, MSG_CTRUNC);
	EXPECT(m->msg_controllen, 18);
	EXPECT(c->cmsg_len, 18);
	m->msg_controllen = 15;
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, MSG_PEEK), 4);
	EXPECT(m->msg_flags, MSG_CTRUNC);
	EXPECT(m->msg_controllen, 0);
	m->msg_control = 8;
	m->msg_controllen = 64;
	EXPECT(call64(__NR64_recvmsg, fd, AT_MSG, MSG_PEEK), -EFAULT);
}

static void control_data_has_its_limits(void **state)
{
	run_prog(prog_control);
}

static void prog_compat_control(void *arg)
{
	int fd = sock40();
	struct compat_msghdr *m = u_ptr(AT_MSG);
	struct compat_cmsghdr *c = u_ptr(AT_CTL);
	struct cmsghdr *n = (struct cmsghdr *)family40.control;

	memset(m, 0, sizeof(*m));
	m->msg_control = AT_CTL;
	m->msg_controllen = 12 + 8 + 12 + 4; /* 5 bytes, aligned; 4 bytes */
	c->cmsg_len = 17;
	c->cmsg_type = 1;
	memcpy(c + 1, "fives", 5);
	c = (void *)((char *)c + 20);
	c->cmsg_len = 16;
	c->cmsg_type = 2;
	memcpy(c + 1, "four", 4);
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), 0);
	EXPECT(family40.controllen, 24 + 24);
	EXPECT(n->cmsg_len, 21);
	EXPECT(n->cmsg_type, 1);
	EXPECT(memcmp(n + 1, "fives", 5), 0);
	n = (void *)((char *)n + 24);
	EXPECT(n->cmsg_len, 20);
	EXPECT(n->cmsg_type, 2);
	EXPECT(memcmp(n + 1, "four", 4), 0);
	c->cmsg_len = 17;
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), -EINVAL);
	c->cmsg_len = 11;
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), -EINVAL);
	m->msg_controllen = 11;
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), -EINVAL);
	m->msg_controllen = 0x7fffffff;
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), -ENOBUFS);
	m->msg_controllen = 0xffffffff;
	EXPECT(call32(__NR32_sendmsg, fd, AT_MSG, 0), -ENOBUFS);
}

static void control_data_of_i386_is_converted(void **state)
{
	run_prog(prog_compat_control);
}

static void prog_old_times(void *arg)
{
	char buf[64] __attribute__((aligned(8)));
	s64 ts[2] = { 5, 6 };
	struct compat_cmsghdr *c = (void *)buf;
	struct msghdr m = {
		.msg_control = buf,
		.msg_controllen = sizeof(buf),
		.msg_flags = MSG_CMSG_COMPAT,
	};

	EXPECT(put_cmsg(&m, SOL_SOCKET, SO_TIMESTAMP_OLD, 16, ts), 0);
	EXPECT(c->cmsg_len, 12 + 8);
	EXPECT(((s32 *)(c + 1))[0], 5);
	EXPECT(((s32 *)(c + 1))[1], 6);
	EXPECT(sizeof(buf) - m.msg_controllen, 20);
	EXPECT(put_cmsg(&m, SOL_SOCKET, SO_TIMESTAMP_NEW, 16, ts), 0);
	c = (void *)(buf + 20);
	EXPECT(c->cmsg_len, 12 + 16);
}

static void old_time_stamps_have_32_bits_on_i386(void **state)
{
	run_prog(prog_old_times);
}

/* @nr headers from AT_MSG on, one vector each. */
static struct mmsghdr *mmsg64(size_t nr)
{
	struct mmsghdr *m = u_ptr(AT_MSG);
	struct user_iovec *v = u_ptr(AT_IOV);

	for (size_t i = 0; i < nr; i++) {
		memset(&m[i], 0, sizeof(m[i]));
		m[i].msg_hdr.msg_iov = AT_IOV + i * sizeof(*v);
		m[i].msg_hdr.msg_iovlen = 1;
		v[i].iov_base = AT_DATA + 16 * i;
		v[i].iov_len = 1 + i;
	}
	return m;
}

static void prog_mmsg(void *arg)
{
	int fd = sock40();
	struct mmsghdr *m = mmsg64(4);
	struct user_iovec *v = u_ptr(AT_IOV);

	EXPECT(call64(__NR64_sendmmsg, fd, AT_MSG, 4, 0), 4);
	for (unsigned int i = 0; i < 4; i++)
		EXPECT(m[i].msg_len, i + 1);
	EXPECT(family40.msg_flags & MSG_BATCH, 0);
	/* The third is bad: two are sent, and it says so. */
	v[2].iov_base = 8;
	EXPECT(call64(__NR64_sendmmsg, fd, AT_MSG, 4, 0), 2);
	EXPECT(family40.msg_flags & MSG_BATCH, MSG_BATCH);
	v[0].iov_base = 8;
	EXPECT(call64(__NR64_sendmmsg, fd, AT_MSG, 4, 0), -EFAULT);
	(void)mmsg64(8);
	EXPECT(call64(__NR64_recvmmsg, fd, AT_MSG, 8, 0, 0), 6);
	EXPECT(call64(__NR64_recvmmsg, fd, AT_MSG, 8, 0, 0), -EAGAIN);
}

static void many_messages_stop_at_the_first_bad_one(void **state)
{
	run_prog(prog_mmsg);
}

/* A refused recvmmsg() gives back its last message only. */
static void prog_settle(void *arg)
{
	struct task *t = current;
	int fd = sock40();

	(void)mmsg64(4);
	EXPECT(call64(__NR64_sendmmsg, fd, AT_MSG, 4, 0), 4);
	t->regs = (struct pt_regs){
		.nr = __NR64_recvmmsg,
		.args = { (u64)fd, AT_MSG, 3, 0, 0 },
		.arch = ABI_X86_64,
	};
	t->flags &= ~TASK_EFFECT;
	system_call(t);
	EXPECT(t->regs.ret, 3);
	EXPECT(!!(t->flags & TASK_EFFECT), true);
	task_settle(t, false);
	EXPECT(call64(__NR64_read, fd, AT_DATA, 10), 3);
	EXPECT(call64(__NR64_read, fd, AT_DATA, 10), 4);
	EXPECT(call64(__NR64_read, fd, AT_DATA, 10), -EAGAIN);
}

static void recvmmsg_settles_all_but_the_last(void **state)
{
	run_prog(prog_settle);
}

static void prog_timeout(void *arg)
{
	int fd = sock40();
	struct timespec64 *ts = u_ptr(AT_CTL);
	struct mmsghdr *m = mmsg64(4);

	EXPECT(call64(__NR64_recvmmsg, -1, AT_MSG, 1, 0, 8), -EFAULT);
	ts->tv_nsec = 1000000000;
	EXPECT(call64(__NR64_recvmmsg, -1, AT_MSG, 1, 0, AT_CTL), -EINVAL);
	*ts = (struct timespec64){ -1, 0 };
	EXPECT(call64(__NR64_recvmmsg, -1, AT_MSG, 1, 0, AT_CTL), -EINVAL);
	*ts = (struct timespec64){ 0, 0 };
	EXPECT(call64(__NR64_recvmmsg, fd, AT_MSG, 1, 0, AT_CTL), -EAGAIN);
	EXPECT(call64(__NR64_sendmmsg, fd, AT_MSG, 4, 0), 4);
	/* A timeout that is over ends it after a message, not before. */
	EXPECT(call64(__NR64_recvmmsg, fd, AT_MSG, 4, 0, AT_CTL), 1);
	*ts = (struct timespec64){ 5, 7 };
	EXPECT(call64(__NR64_recvmmsg, fd, AT_MSG, 1, 0, AT_CTL), 1);
	EXPECT(ts->tv_sec, 5);
	EXPECT(ts->tv_nsec, 7);
	EXPECT(m[0].msg_len, 1);
	/* i386: 32 bits each; as time64 the upper half of nsec is padding. */
	memset(u_ptr(AT_MSG), 0, 64);
	*(struct old_timespec32 *)ts = (struct old_timespec32){ 5, 7 };
	EXPECT(call32(__NR32_recvmmsg, fd, AT_MSG, 1, 0, AT_CTL), 1);
	EXPECT(((struct old_timespec32 *)ts)->tv_nsec, 7);
	*ts = (struct timespec64){ 5, 0x500000000L };
	EXPECT(call32(__NR32_recvmmsg_time64, fd, AT_MSG, 1, 0, AT_CTL), 1);
}

static void recvmmsg_timeout_is_looked_at_between_messages(void **state)
{
	run_prog(prog_timeout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_checked),
		cmocka_unit_test(names_are_cut_and_told),
		cmocka_unit_test(control_data_has_its_limits),
		cmocka_unit_test(control_data_of_i386_is_converted),
		cmocka_unit_test(old_time_stamps_have_32_bits_on_i386),
		cmocka_unit_test(many_messages_stop_at_the_first_bad_one),
		cmocka_unit_test(recvmmsg_settles_all_but_the_last),
		cmocka_unit_test(
			recvmmsg_timeout_is_looked_at_between_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
