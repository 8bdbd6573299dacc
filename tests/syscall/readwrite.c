/* SPDX-License-Identifier: MIT */
/*
 * Files' calls on sockets: read, write, readv, writev, pread, preadv2,
 * sendfile, splice, tee, lseek, ftruncate, fsync, mmap.
 */
#include "harness.h"

#include <sys/sendfile.h>
#include <sys/vfs.h>

/* An unlinked file that holds n patterned bytes. */
static int pattern_file(size_t n)
{
	char path[] = "/tmp/syscall-test-XXXXXX";
	int fd = CHECK_OK(mkstemp(path));
	unsigned char *b = malloc(n + 1);

	CHECK_OK(unlink(path));
	fill_pattern(b, n, 0);
	write_all(fd, b, n);
	free(b);
	CHECK_EQ(CHECK_OK(lseek(fd, 0, SEEK_SET)), 0);
	return fd;
}

static void expect_pattern(int fd, size_t from, size_t n)
{
	unsigned char b[4096];
	size_t at = 0;

	while (at < n) {
		size_t want = n - at < sizeof(b) ? n - at : sizeof(b);
		ssize_t k = CHECK_OK(read(fd, b, want));

		CHECK(k > 0);
		check_pattern(b, k, from + at);
		at += k;
	}
}

TEST(read_and_write_on_tcp)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "to the server");
	CHECK_READS(sv[1], "to the server");
	CHECK_WRITES(sv[1], "to the client");
	CHECK_READS(sv[0], "to the client");
}

TEST(writev_gathers)
{
	int sv[2];
	struct iovec v[4] = {
		{ (void *)"one ", 4 }, { NULL, 0 }, { (void *)"two ", 4 },
		{ (void *)"three", 5 },
	};

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(writev(sv[0], v, 4)), 13);
	CHECK_READS(sv[1], "one two three");
}

TEST(readv_scatters)
{
	int sv[2];
	char a[3], b[2], c[10];
	struct iovec v[3] = { { a, 3 }, { b, 2 }, { c, 10 } };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "aaabbcccc");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(readv(sv[1], v, 3)), 9);
	CHECK(!memcmp(a, "aaa", 3));
	CHECK(!memcmp(b, "bb", 2));
	CHECK(!memcmp(c, "cccc", 4));
}

TEST(writev_makes_one_datagram)
{
	int sv[2];
	struct iovec v[2] = { { (void *)"one ", 4 }, { (void *)"gram", 4 } };

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(writev(sv[0], v, 2)), 8);
	CHECK_READS(sv[1], "one gram");
}

TEST(readv_takes_one_datagram)
{
	int sv[2];
	char a[2], b[10];
	struct iovec v[2] = { { a, 2 }, { b, 10 } };

	udp_pair(sv);
	CHECK_WRITES(sv[0], "first");
	CHECK_WRITES(sv[0], "second");
	CHECK_EQ(CHECK_OK(readv(sv[1], v, 2)), 5);
	CHECK(!memcmp(b, "rst", 3));
	CHECK_READS(sv[1], "second");
}

TEST(vector_count_limits)
{
	int sv[2];
	struct iovec v[1] = { { (void *)"x", 1 } };
	static struct iovec many[1025];

	tcp_pair(sv);
	CHECK_ERRNO(writev(sv[0], v, -1), EINVAL);
	CHECK_ERRNO(readv(sv[0], v, -1), EINVAL);
	CHECK_ERRNO(writev(sv[0], many, 1025), EINVAL);
	CHECK_ERRNO(readv(sv[0], many, 1025), EINVAL);
	CHECK_EQ(CHECK_OK(writev(sv[0], many, 1024)), 0);
	CHECK_EQ(CHECK_OK(writev(sv[0], v, 0)), 0);
	CHECK_EQ(CHECK_OK(readv(sv[0], v, 0)), 0);
}

TEST(vector_of_1024_pieces)
{
	static struct iovec v[1024];
	static unsigned char b[1024 * 3], in[1024 * 3];
	int sv[2], i;

	tcp_pair(sv);
	fill_pattern(b, sizeof(b), 0);
	for (i = 0; i < 1024; i++) {
		v[i].iov_base = b + 3 * i;
		v[i].iov_len = 3;
	}
	CHECK_EQ(CHECK_OK(writev(sv[0], v, 1024)), sizeof(b));
	read_all(sv[1], in, sizeof(in));
	check_pattern(in, sizeof(in), 0);
}

/* Of several packets into more ranges than are copied at a time. */
TEST(large_read_into_many_pieces)
{
	enum { PIECE = 30000, PIECES = 3, RANGE = 500,
	       RANGES = PIECE * PIECES / RANGE };
	char *out = malloc(PIECE * PIECES), *in = malloc(PIECE * PIECES);
	struct iovec v[RANGES];
	int sv[2];

	tcp_pair(sv);
	CHECK(out && in);
	for (int i = 0; i < PIECE * PIECES; i++)
		out[i] = (char)(i * 31 + i / 1000);
	for (int i = 0; i < RANGES; i++)
		v[i] = (struct iovec){ in + i * RANGE, RANGE };
	for (int i = 0; i < PIECES; i++)
		CHECK_EQ(CHECK_OK(write(sv[0], out + i * PIECE, PIECE)), PIECE);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EQ(poll_for(sv[1], POLLRDHUP), POLLRDHUP);
	CHECK_EQ(CHECK_OK(readv(sv[1], v, RANGES)), PIECE * PIECES);
	CHECK(!memcmp(in, out, PIECE * PIECES));
	CHECK_EOF(sv[1]);
	free(out);
	free(in);
}

TEST(vector_length_overflow_einval)
{
	int sv[2];
	char b[16];
	struct iovec v[2] = { { b, 1 }, { b, (size_t)-1 } };

	tcp_pair(sv);
	CHECK_ERRNO(writev(sv[0], v, 2), EINVAL);
	CHECK_ERRNO(readv(sv[0], v, 2), EINVAL);
}

#ifdef __x86_64__
TEST(length_beyond_the_address_space_efault)
{
	int sv[2];
	char b[16];

	tcp_pair(sv);
	CHECK_RAW(RAW(__NR_read, sv[0], P(b), -1), -EFAULT);
	CHECK_RAW(RAW(__NR_write, sv[0], P(b), -1), -EFAULT);
}
#endif

TEST(preadv2_with_offset_minus_1_reads)
{
	int sv[2];
	char b[8];
	struct iovec v = { b, 8 };

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(preadv2(sv[1], &v, 1, -1, 0)), 1);
	CHECK_ERRNO(preadv2(sv[1], &v, 1, -1, RWF_NOWAIT), EAGAIN);
}

TEST(pread_and_pwrite_espipe)
{
	int sv[2];
	char c;
	struct iovec v = { &c, 1 };

	tcp_pair(sv);
	CHECK_ERRNO(pread(sv[0], &c, 1, 0), ESPIPE);
	CHECK_ERRNO(pwrite(sv[0], &c, 1, 0), ESPIPE);
	CHECK_ERRNO(preadv(sv[0], &v, 1, 0), ESPIPE);
	CHECK_ERRNO(pwritev(sv[0], &v, 1, 0), ESPIPE);
}

TEST(lseek_espipe)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(lseek(sv[0], 0, SEEK_SET), ESPIPE);
	CHECK_ERRNO(lseek(sv[0], 0, SEEK_CUR), ESPIPE);
	CHECK_ERRNO(lseek(sv[0], 0, SEEK_END), ESPIPE);
	CHECK_ERRNO(lseek(udp_socket(), 100, SEEK_SET), ESPIPE);
}

TEST(lseek_bad_whence_einval)
{
	CHECK_ERRNO(lseek(tcp_socket(), 0, 99), EINVAL);
}

#ifdef __i386__
TEST(llseek_espipe)
{
	long long pos;

	CHECK_RAW(RAW(__NR__llseek, tcp_socket(), 0, 0, P(&pos), SEEK_SET),
		  -ESPIPE);
	CHECK_RAW(RAW(__NR__llseek, tcp_socket(), -1, -1, P(&pos), SEEK_CUR),
		  -ESPIPE);
	CHECK_RAW(RAW(__NR__llseek, tcp_socket(), 0, 0, P(&pos), 99), -EINVAL);
	CHECK_RAW(RAW(__NR__llseek, -1, 0, 0, P(&pos), 0), -EBADF);
}
#endif

TEST(ftruncate_einval)
{
	CHECK_ERRNO(ftruncate(tcp_socket(), 0), EINVAL);
}

TEST(fsync_einval)
{
	CHECK_ERRNO(fsync(tcp_socket()), EINVAL);
	CHECK_ERRNO(fdatasync(tcp_socket()), EINVAL);
}

TEST(posix_fadvise_espipe_or_zero)
{
	int r = posix_fadvise(tcp_socket(), 0, 0, POSIX_FADV_NORMAL);

	CHECK(r == 0 || r == ESPIPE);
}

TEST(fallocate_refused)
{
	int r = fallocate(tcp_socket(), 0, 0, 10);

	CHECK(r == -1 && (errno == ENODEV || errno == ESPIPE));
}

TEST(getdents_enotdir)
{
	char b[256];

	CHECK_RAW(RAW(__NR_getdents64, tcp_socket(), P(b), sizeof(b)),
		  -ENOTDIR);
}

TEST(fchmod_works_on_the_inode)
{
	int fd = tcp_socket();
	struct stat st;

	CHECK_OK(fchmod(fd, 0600));
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_mode, S_IFSOCK | 0600);
}

TEST(fstatfs_says_sockfs)
{
	struct statfs s;

	CHECK_OK(fstatfs(tcp_socket(), &s));
	CHECK_EQ(s.f_type, 0x534f434b);
}

/* ---- sendfile ---- */

static void sendfile_all(int out, int in, off_t *off, size_t n)
{
	while (n) {
		ssize_t k = CHECK_OK(sendfile(out, in, off, n));

		CHECK(k > 0);
		n -= k;
	}
}

TEST(sendfile_from_the_files_position)
{
	int sv[2], f = pattern_file(10000);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(lseek(f, 1000, SEEK_SET)), 1000);
	sendfile_all(sv[0], f, NULL, 5000);
	CHECK_EQ(CHECK_OK(lseek(f, 0, SEEK_CUR)), 6000);
	expect_pattern(sv[1], 1000, 5000);
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(sendfile_with_offset_leaves_the_position)
{
	int sv[2], f = pattern_file(10000);
	off_t off = 2000;

	tcp_pair(sv);
	sendfile_all(sv[0], f, &off, 3000);
	CHECK_EQ(off, 5000);
	CHECK_EQ(CHECK_OK(lseek(f, 0, SEEK_CUR)), 0);
	expect_pattern(sv[1], 2000, 3000);
}

TEST(sendfile_stops_at_the_end_of_the_file)
{
	int sv[2], f = pattern_file(1000);
	off_t off = 400;

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(sendfile(sv[0], f, &off, 1 << 20)), 600);
	CHECK_EQ(off, 1000);
	CHECK_EQ(CHECK_OK(sendfile(sv[0], f, &off, 1 << 20)), 0);
	expect_pattern(sv[1], 400, 600);
}

TEST(sendfile_of_4_mib)
{
	int sv[2], f = pattern_file(4 << 20);
	pid_t pid;

	tcp_pair(sv);
	IN_CHILD(pid)
		expect_pattern(sv[1], 0, 4 << 20);
	sendfile_all(sv[0], f, NULL, 4 << 20);
	join(pid);
}

TEST(sendfile_nonblocking_takes_what_fits_then_eagain)
{
	int sv[2], f = pattern_file(32 << 20);
	off_t off = 0;
	ssize_t n;

	tcp_pair(sv);
	set_nonblock(sv[0]);
	do
		n = sendfile(sv[0], f, &off, 32 << 20);
	while (n > 0);
	CHECK_EQ(n, -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK(off > 0 && off < (32 << 20));
	expect_pattern(sv[1], 0, off);
}

TEST(sendfile_zero_bytes)
{
	int sv[2], f = pattern_file(10);

	tcp_pair(sv);
	CHECK_EQ(CHECK_OK(sendfile(sv[0], f, NULL, 0)), 0);
}

TEST(sendfile_from_a_socket_einval)
{
	int sv[2], f = pattern_file(10);

	tcp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_ERRNO(sendfile(f, sv[1], NULL, 1), EINVAL);
	CHECK_ERRNO(sendfile(sv[0], sv[1], NULL, 1), EINVAL);
}

TEST(sendfile_from_a_socket_with_offset_espipe)
{
	int sv[2], f = pattern_file(10);
	off_t off = 0;

	tcp_pair(sv);
	CHECK_ERRNO(sendfile(f, sv[1], &off, 1), ESPIPE);
}

TEST(sendfile_negative_offset_einval)
{
	int sv[2], f = pattern_file(10);
	off_t off = -1;

	tcp_pair(sv);
	CHECK_ERRNO(sendfile(sv[0], f, &off, 1), EINVAL);
}

TEST(sendfile_bad_descriptors)
{
	int sv[2], f = pattern_file(10), wr;

	tcp_pair(sv);
	CHECK_ERRNO(sendfile(sv[0], -1, NULL, 1), EBADF);
	CHECK_ERRNO(sendfile(-1, f, NULL, 1), EBADF);
	wr = CHECK_OK(open("/dev/null", O_WRONLY));
	CHECK_ERRNO(sendfile(sv[0], wr, NULL, 1), EBADF);
}

TEST(sendfile_to_a_shut_socket_epipe)
{
	int sv[2], f = pattern_file(10);

	tcp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_ERRNO(sendfile(sv[0], f, NULL, 10), EPIPE);
}

TEST(sendfile_to_an_unconnected_socket_epipe)
{
	CHECK_ERRNO(sendfile(tcp_socket(), pattern_file(10), NULL, 10), EPIPE);
}

TEST(sendfile_makes_a_datagram)
{
	int sv[2], f = pattern_file(100);

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(sendfile(sv[0], f, NULL, 100)), 100);
	expect_pattern(sv[1], 0, 100);
}

#ifdef __i386__
TEST(sendfile_offset_is_32_bit_and_sendfile64s_is_64)
{
	int sv[2], f = pattern_file(100);
	struct {
		uint32_t off, behind;
	} o = { 10, 0xdeadbeef };
	uint64_t o64 = 20;

	tcp_pair(sv);
	CHECK_RAW(RAW(__NR_sendfile, sv[0], f, P(&o), 10), 10);
	CHECK_EQ(o.off, 20);
	CHECK_EQ(o.behind, 0xdeadbeef);
	CHECK_RAW(RAW(__NR_sendfile64, sv[0], f, P(&o64), 10), 10);
	CHECK_EQ(o64, 30);
	expect_pattern(sv[1], 10, 20);
	o64 = 1ULL << 40;
	CHECK_RAW(RAW(__NR_sendfile64, sv[0], f, P(&o64), 10), 0);
}
#endif

/* ---- splice and tee ---- */

TEST(splice_from_pipe_to_socket)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(p[1], "spliced");
	CHECK_EQ(CHECK_OK(splice(p[0], NULL, sv[0], NULL, 100, 0)), 7);
	CHECK_READS(sv[1], "spliced");
}

TEST(splice_from_socket_to_pipe)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(sv[0], "spliced");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(splice(sv[1], NULL, p[1], NULL, 100, 0)), 7);
	CHECK_READS(p[0], "spliced");
}

TEST(splice_socket_to_pipe_at_end_of_file)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_OK(close(sv[0]));
	CHECK_EQ(CHECK_OK(splice(sv[1], NULL, p[1], NULL, 100, 0)), 0);
}

/* LINUX: tcp_splice_read() looks at O_NONBLOCK; the flag is the pipe's. */
TEST(splice_nonblocking_eagain)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_ERRNO(splice(p[0], NULL, sv[0], NULL, 100, SPLICE_F_NONBLOCK),
		    EAGAIN);
	set_nonblock(sv[1]);
	CHECK_ERRNO(splice(sv[1], NULL, p[1], NULL, 100, 0), EAGAIN);
	CHECK_ERRNO(splice(sv[1], NULL, p[1], NULL, 100, SPLICE_F_NONBLOCK),
		    EAGAIN);
}

TEST(splice_waits_for_data)
{
	int sv[2], p[2];
	pid_t pid, parent = getpid();

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "late");
	}
	CHECK_EQ(CHECK_OK(splice(sv[1], NULL, p[1], NULL, 100,
				 SPLICE_F_NONBLOCK)), 4);
	CHECK_READS(p[0], "late");
	join(pid);
}

TEST(splice_takes_no_more_than_asked)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(splice(sv[1], NULL, p[1], NULL, 4, 0)), 4);
	CHECK_READS(p[0], "0123");
	CHECK_READS(sv[1], "456789");
}

TEST(splice_without_a_pipe_einval)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(splice(sv[0], NULL, sv[1], NULL, 1, 0), EINVAL);
}

TEST(splice_with_an_offset_on_the_socket)
{
	int sv[2], p[2];
	loff_t off = 0;

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_WRITES(p[1], "x");
	CHECK_ERRNO(splice(sv[1], &off, p[1], NULL, 1, 0), EINVAL);
	CHECK_ERRNO(splice(p[0], NULL, sv[0], &off, 1, 0), EINVAL);
	CHECK_ERRNO(splice(sv[1], NULL, p[1], &off, 1, 0), ESPIPE);
}

TEST(splice_relays_between_two_connections)
{
	int in[2], out[2], p[2];
	size_t n = 1 << 20, at = 0;
	pid_t w, r;

	tcp_pair(in);
	tcp_pair(out);
	CHECK_OK(pipe(p));
	IN_CHILD(w) {
		int f = pattern_file(n);

		sendfile_all(in[0], f, NULL, n);
	}
	IN_CHILD(r)
		expect_pattern(out[1], 0, n);
	while (at < n) {
		ssize_t k = CHECK_OK(splice(in[1], NULL, p[1], NULL, 65536,
					    SPLICE_F_MOVE));

		CHECK(k > 0);
		at += k;
		while (k)
			k -= CHECK_OK(splice(p[0], NULL, out[0], NULL, k,
					     SPLICE_F_MOVE | SPLICE_F_MORE));
	}
	join(w);
	CHECK_OK(shutdown(out[0], SHUT_WR));
	join(r);
}

TEST(splice_to_a_reset_connection)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	CHECK(poll_for(sv[0], POLLIN) & POLLERR);
	CHECK_WRITES(p[1], "x");
	CHECK_ERRNO(splice(p[0], NULL, sv[0], NULL, 1, 0), ECONNRESET);
}

TEST(splice_on_unconnected_socket)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(splice(tcp_socket(), NULL, p[1], NULL, 1, 0), ENOTCONN);
	CHECK_WRITES(p[1], "x");
	CHECK_ERRNO(splice(p[0], NULL, tcp_socket(), NULL, 1, 0), EPIPE);
}

TEST(tee_on_a_socket_einval)
{
	int sv[2], p[2];

	tcp_pair(sv);
	CHECK_OK(pipe(p));
	CHECK_ERRNO(tee(sv[0], p[1], 1, 0), EINVAL);
	CHECK_ERRNO(tee(p[0], sv[0], 1, 0), EINVAL);
}

TEST(vmsplice_on_a_socket_ebadf)
{
	struct iovec v = { (void *)"x", 1 };

	CHECK_ERRNO(vmsplice(tcp_socket(), &v, 1, 0), EBADF);
}

TEST(copy_file_range_einval)
{
	int f = pattern_file(10);

	CHECK_ERRNO(copy_file_range(f, NULL, tcp_socket(), NULL, 10, 0),
		    EINVAL);
}

TEST(mmap_of_udp_enodev)
{
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, udp_socket(), 0) ==
	      MAP_FAILED);
	CHECK_EQ(errno, ENODEV);
}

HARNESS_MAIN
