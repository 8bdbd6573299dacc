/* SPDX-License-Identifier: MIT */
/*
 * sendfile() and splice() between a socket and files of a gate: what is
 * checked, where positions end up, that nothing is lost.
 */
#include "fs/fs.h"
#include "net/net.h"
#include "tests/unit/net/family40.h"
#include <linux/in.h>
#include "tests/unit/prog.h"

/* A file or a pipe of the gate, in memory. */
static struct foreign {
	struct inode inode; /* first */
	char data[8192];
	size_t size; /* a pipe: bytes in it */
	s64 pos;
	size_t limit; /* a write takes no more than this at once, 0: all */
} foreign;

static long foreign_read(struct file *f, struct iov_iter *to)
{
	s64 pos = f->f_ppos ? *f->f_ppos : foreign.pos;
	bool pipe = foreign.inode.i_mode == S_IFIFO;
	size_t n;

	if (pipe)
		pos = 0;
	if ((size_t)pos >= foreign.size)
		return pipe && to->nowait ? -EAGAIN : 0;
	n = copy_to_iter(foreign.data + pos,
			 min(foreign.size - (size_t)pos, to->count), to);
	if (pipe) {
		foreign.size -= n;
		memmove(foreign.data, foreign.data + n, foreign.size);
	} else if (!f->f_ppos) {
		foreign.pos += (s64)n;
	}
	return (long)n;
}

static long foreign_write(struct file *f, struct iov_iter *from)
{
	size_t n = min(from->count, sizeof(foreign.data) - foreign.size);

	if (foreign.limit)
		n = min(n, foreign.limit);
	n = copy_from_iter(foreign.data + foreign.size, n, from);
	foreign.size += n;
	return (long)n;
}

static s64 foreign_llseek(struct file *f, s64 off, int whence)
{
	foreign.pos += off;
	return foreign.pos;
}

static const struct file_operations foreign_ops = {
	.read_iter = foreign_read,
	.write_iter = foreign_write,
	.llseek = foreign_llseek,
};

/* Its descriptor. */
static int add_foreign(u32 mode, const char *text, unsigned int flags)
{
	struct files_struct *fs = current->files;
	int fd = get_unused_fd_flags(0);

	memset(&foreign, 0, sizeof(foreign));
	foreign.inode.i_mode = mode;
	foreign.size = strlen(text);
	memcpy(foreign.data, text, foreign.size);
	return fs->ops->install(fs, fd,
				alloc_file(&foreign.inode, flags, &foreign_ops),
				0);
}

static int sock40(int type)
{
	family40_add();
	return (int)call64(__NR64_socket, AF_40, type, 0);
}

static void prog_sendfile(void *arg)
{
	int s = sock40(SOCK_STREAM);
	int f = add_foreign(S_IFREG, "0123456789abcdef", O_RDONLY);
	s64 *off = u_ptr(U_BASE);

	EXPECT(call64(__NR64_sendfile64, s, f, 0, 4), 4);
	EXPECT(foreign.pos, 4);
	EXPECT(call64(__NR64_read, s, U_BASE + 64, 100), 4);
	*off = 10;
	EXPECT(call64(__NR64_sendfile64, s, f, U_BASE, 100), 6);
	EXPECT(*off, 16);
	EXPECT(foreign.pos, 4);
	EXPECT(call64(__NR64_read, s, U_BASE + 64, 100), 6);
	EXPECT(memcmp(u_ptr(U_BASE + 64), "abcdef", 6), 0);
	*off = 2;
	EXPECT(call32(__NR32_sendfile, s, f, U_BASE, 3), 3);
	EXPECT(*(s32 *)off, 5);
	*off = -1;
	EXPECT(call64(__NR64_sendfile64, s, f, U_BASE, 3), -EINVAL);
	EXPECT(call64(__NR64_sendfile64, s, f, 8, 3), -EFAULT);
	EXPECT(call64(__NR64_sendfile64, s, f, 0, 0), 0);
	EXPECT(call64(__NR64_sendfile64, 77, f, 0, 1), -EBADF);
	EXPECT(call64(__NR64_sendfile64, s, 77, 0, 1), -EBADF);
	EXPECT(call64(__NR64_sendfile64, f, s, 0, 1), -EBADF);
	EXPECT(call64(__NR64_sendfile64, s, s, 0, 1), -EINVAL);
	/* At its end there is nothing more to send. */
	*off = 16;
	EXPECT(call64(__NR64_sendfile64, s, f, U_BASE, 3), 0);
}

static void sendfile_keeps_positions(void **state)
{
	run_prog(prog_sendfile);
}

static void prog_refused(void *arg)
{
	int s = sock40(SOCK_STREAM);
	int f = add_foreign(S_IFREG, "0123456789", O_RDONLY);
	long n;

	/* The first message fails for want of memory: the file stays put. */
	kmem_fail_at(2);
	n = call64(__NR64_sendfile64, s, f, 0, 10);
	kmem_fail_at(0);
	EXPECT(n, -ENOBUFS);
	EXPECT(foreign.pos, 0);
	EXPECT(call64(__NR64_sendfile64, s, f, 0, 10), 10);
	EXPECT(foreign.pos, 10);
}

static void refused_data_stays_in_the_file(void **state)
{
	run_prog(prog_refused);
}

static void prog_from_pipe(void *arg)
{
	int s = sock40(SOCK_STREAM);
	int p = add_foreign(S_IFIFO, "through the pipe", O_RDONLY);
	s64 *off = u_ptr(U_BASE);

	*off = 0;
	EXPECT(call64(__NR64_splice, p, U_BASE, s, 0, 5, 0), -ESPIPE);
	EXPECT(call64(__NR64_splice, p, 0, s, U_BASE, 5, 0), -EINVAL);
	EXPECT(call64(__NR64_splice, p, 0, s, 8, 5, 0), -EFAULT);
	EXPECT(call64(__NR64_splice, p, 0, s, 0, 5, 99), -EINVAL);
	EXPECT(call64(__NR64_splice, 77, 0, s, 0, 0, 99), 0);
	EXPECT(call64(__NR64_splice, s, 0, s, 0, 5, 0), -EINVAL);
	EXPECT(call64(__NR64_splice, s, 0, p, 0, 5, 0), -EBADF);
	EXPECT(call64(__NR64_splice, p, 0, s, 0, 7, 0), 7);
	EXPECT(call64(__NR64_splice, p, 0, s, 0, 100, 0), 9);
	EXPECT(call64(__NR64_splice, p, 0, s, 0, 100, 2), -EAGAIN);
	EXPECT(call64(__NR64_read, s, U_BASE + 64, 100), 7);
	EXPECT(call64(__NR64_read, s, U_BASE + 64, 100), 9);
	EXPECT(memcmp(u_ptr(U_BASE + 64), " the pipe", 9), 0);
}

static void splice_takes_from_a_pipe(void **state)
{
	run_prog(prog_from_pipe);
}

static void prog_to_pipe(void *arg)
{
	int d = sock40(SOCK_DGRAM);
	int p = add_foreign(S_IFIFO, "", O_WRONLY);

	memcpy(u_ptr(U_BASE + 64), "datagram", 8);
	EXPECT(call64(__NR64_write, d, U_BASE + 64, 8), 8);
	EXPECT(call64(__NR64_splice, d, 0, p, 0, 100, 0), 8);
	EXPECT(memcmp(foreign.data, "datagram", 8), 0);
	EXPECT(call64(__NR64_splice, d, 0, p, 0, 100, 0), -EAGAIN);
	EXPECT(call64(__NR64_write, d, U_BASE + 64, 8), 8);
	EXPECT(call64(__NR64_sendfile64, p, d, 0, 100), 8);
	EXPECT(foreign.size, 16);
}

static void splice_gives_to_a_pipe(void **state)
{
	run_prog(prog_to_pipe);
}

/*
 * Over TCP: a file of 6,000 bytes sent, received into a pipe, from a pipe sent
 * again and received by sendfile(). The n-th allocation from here on fails.
 */
#define TCP_BYTES 6000L

static long tcp_pair(int *ret_a, int *ret_b)
{
	struct sockaddr_in *to = u_ptr(U_BASE);
	int l = (int)call64(__NR64_socket, AF_INET, SOCK_STREAM, 0);
	int a = (int)call64(__NR64_socket, AF_INET, SOCK_STREAM, 0);

	*to = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_port = htons(7),
				    .sin_addr.s_addr = htonl(0x7f000001) };
	if (call64(__NR64_bind, l, U_BASE, sizeof(*to)) ||
	    call64(__NR64_listen, l, 1) ||
	    call64(__NR64_connect, a, U_BASE, sizeof(*to)))
		return -1;
	*ret_a = a;
	*ret_b = (int)call64(__NR64_accept, l, 0, 0);
	return *ret_b;
}

/* Into the pipe: what is there within @n bytes, by either call. */
static void take_all(int from, int pipe, long n, bool by_sendfile)
{
	for (int tries = 0; n > 0 && tries < 20; tries++) {
		long r = by_sendfile ?
				 call64(__NR64_sendfile64, pipe, from, 0, n) :
				 call64(__NR64_splice, from, 0, pipe, 0, n, 2);

		if (!r)
			return;
		n -= max(r, 0L);
		if (r < 0)
			sim_sleep(SIM_SEC);
	}
}

static u64 splice_fail_at;
static long splice_moved;

static void prog_any_allocation(void *arg)
{
	long sent = 0, n;
	int a, b, f;

	splice_moved = -1;
	if (tcp_pair(&a, &b) < 0)
		return;
	f = add_foreign(S_IFREG, "", O_RDWR);
	foreign.size = TCP_BYTES;
	for (int i = 0; i < TCP_BYTES; i++)
		foreign.data[i] = (char)(i * 7);
	EXPECT(call64(__NR64_fcntl, a, F_SETFL, O_NONBLOCK), 0);
	EXPECT(call64(__NR64_fcntl, b, F_SETFL, O_NONBLOCK), 0);
	kmem_fail_at(splice_fail_at);
	for (int tries = 0; sent < TCP_BYTES && tries < 20; tries++) {
		n = call64(__NR64_sendfile64, a, f, 0, TCP_BYTES - sent);
		sent += max(n, 0L);
		/* What was not sent is still in the file. */
		EXPECT(foreign.pos, sent);
	}
	/* Now it is a pipe. */
	foreign.inode.i_mode = S_IFIFO;
	foreign.size = 0;
	take_all(b, f, sent, false);
	splice_moved = (long)foreign.size;
	for (int tries = 0; foreign.size && tries < 20; tries++)
		call64(__NR64_splice, f, 0, b, 0, foreign.size, 2);
	take_all(a, f, splice_moved, true);
	kmem_fail_at(0);
	for (size_t i = 0; i < foreign.size; i++)
		if (foreign.data[i] != (char)(i * 7)) {
			EXPECT(i, -1);
			break;
		}
}

static void any_allocation_may_fail(void **state)
{
	/* A call may fail, but not lose anything: the next one goes on. */
	for (splice_fail_at = 1; splice_fail_at < 60; splice_fail_at++) {
		run_prog(prog_any_allocation);
		assert_int_equal(splice_moved, TCP_BYTES);
		assert_int_equal(foreign.size, TCP_BYTES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sendfile_keeps_positions),
		cmocka_unit_test(refused_data_stays_in_the_file),
		cmocka_unit_test(splice_takes_from_a_pipe),
		cmocka_unit_test(splice_gives_to_a_pipe),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
