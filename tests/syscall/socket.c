/* SPDX-License-Identifier: MIT */
/* socket(2): arguments, flags, and what the new descriptor looks like. */
#include "harness.h"

#include <dirent.h>
#include <sys/resource.h>

static void check_new(int type, int protocol, int want_type, int want_protocol)
{
	int fd = CHECK_OK(socket(AF_INET, type, protocol));

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), want_type);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), want_protocol);
	CHECK_OK(close(fd));
}

TEST(stream_default_protocol_is_tcp)
{
	check_new(SOCK_STREAM, 0, SOCK_STREAM, IPPROTO_TCP);
}

TEST(stream_protocol_tcp)
{
	check_new(SOCK_STREAM, IPPROTO_TCP, SOCK_STREAM, IPPROTO_TCP);
}

TEST(dgram_default_protocol_is_udp)
{
	check_new(SOCK_DGRAM, 0, SOCK_DGRAM, IPPROTO_UDP);
}

TEST(dgram_protocol_udp)
{
	check_new(SOCK_DGRAM, IPPROTO_UDP, SOCK_DGRAM, IPPROTO_UDP);
}

TEST(so_type_does_not_show_flags)
{
	check_new(SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, SOCK_STREAM,
		  IPPROTO_TCP);
}

TEST(family_out_of_range_eafnosupport)
{
	CHECK_ERRNO(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(46, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(256, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(0x7fffffff, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket((int)0x80000000, SOCK_STREAM, 0), EAFNOSUPPORT);
}

TEST(family_unspec_eafnosupport)
{
	CHECK_ERRNO(socket(AF_UNSPEC, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(AF_UNSPEC, SOCK_DGRAM, 0), EAFNOSUPPORT);
}

TEST(family_checked_before_type)
{
	CHECK_ERRNO(socket(-1, 15, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(99, 11, -5), EAFNOSUPPORT);
}

TEST(flag_bits_checked_before_family)
{
	CHECK_ERRNO(socket(-1, SOCK_STREAM | 0x10, 0), EINVAL);
	CHECK_ERRNO(socket(99, SOCK_STREAM | 0x40000000, 0), EINVAL);
}

TEST(unknown_flag_bits_einval)
{
	int bit;

	for (bit = 4; bit < 31; bit++) {
		int flag = 1 << bit;

		if (flag == SOCK_NONBLOCK || flag == SOCK_CLOEXEC)
			continue;
		CHECK_ERRNO(socket(AF_INET, SOCK_STREAM | flag, 0), EINVAL);
	}
	CHECK_ERRNO(socket(AF_INET, -1, 0), EINVAL);
}

TEST(type_out_of_range_einval)
{
	CHECK_ERRNO(socket(AF_INET, 11, 0), EINVAL);
	CHECK_ERRNO(socket(AF_INET, 12, 0), EINVAL);
	CHECK_ERRNO(socket(AF_INET, 15, 0), EINVAL);
}

TEST(type_unused_esocktnosupport)
{
	CHECK_ERRNO(socket(AF_INET, 0, 0), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, 7, 0), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, 8, 0), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, 9, 0), ESOCKTNOSUPPORT);
}

TEST(type_rdm_esocktnosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_RDM, 0), ESOCKTNOSUPPORT);
}

TEST(type_seqpacket_esocktnosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
}

TEST(type_dccp_without_protocol_esocktnosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_DCCP, 0), ESOCKTNOSUPPORT);
}

TEST(stream_with_udp_eprotonosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP),
		    EPROTONOSUPPORT);
}

TEST(dgram_with_tcp_eprotonosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
}

TEST(stream_with_icmp_eprotonosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, IPPROTO_ICMP),
		    EPROTONOSUPPORT);
}

TEST(stream_with_unassigned_protocol_eprotonosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 253), EPROTONOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, 255), EPROTONOSUPPORT);
}

/* As on a Linux without the module: who tries it goes on without. */
TEST(stream_with_sctp_eprotonosupport)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);

	if (fd >= 0 && !on_trapgate())
		SKIP("the host has SCTP");
	CHECK_EQ(fd, -1);
	CHECK_EQ(errno, EPROTONOSUPPORT);
}

TEST(protocol_negative_einval)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, -1), EINVAL);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, -17), EINVAL);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, (int)0x80000000), EINVAL);
}

TEST(protocol_past_the_last_einval)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 1000), EINVAL);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, 0x7fffffff), EINVAL);
}

TEST(protocol_range_checked_before_type_support)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_RDM, 1000), EINVAL);
	CHECK_ERRNO(socket(AF_INET, SOCK_RDM, 253), ESOCKTNOSUPPORT);
}

TEST(raw_protocol_zero_eprotonosupport)
{
	CHECK_ERRNO(socket(AF_INET, SOCK_RAW, 0), EPROTONOSUPPORT);
}

TEST(unix_protocol_zero_and_one_only)
{
	CHECK_OK(socket(AF_UNIX, SOCK_STREAM, 0));
	CHECK_OK(socket(AF_UNIX, SOCK_STREAM, 1));
	CHECK_ERRNO(socket(AF_UNIX, SOCK_STREAM, 2), EPROTONOSUPPORT);
}

TEST(unix_type_rdm_esocktnosupport)
{
	CHECK_ERRNO(socket(AF_UNIX, SOCK_RDM, 0), ESOCKTNOSUPPORT);
}

TEST(plain_socket_blocks_and_survives_exec)
{
	int fd = tcp_socket();

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)) & O_NONBLOCK, 0);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), 0);
}

TEST(nonblock_flag_sets_o_nonblock_only)
{
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_NONBLOCK);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), 0);
}

TEST(cloexec_flag_sets_fd_cloexec_only)
{
	int fd = CHECK_OK(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
}

TEST(both_flags_together)
{
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK |
				 SOCK_CLOEXEC, 0));

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_NONBLOCK);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
}

TEST(getfl_is_o_rdwr)
{
	CHECK_EQ(CHECK_OK(fcntl(tcp_socket(), F_GETFL)), O_RDWR);
	CHECK_EQ(CHECK_OK(fcntl(udp_socket(), F_GETFL)), O_RDWR);
}

TEST(fstat_says_socket_mode_0777)
{
	struct stat st;

	CHECK_OK(fstat(tcp_socket(), &st));
	CHECK_EQ(st.st_mode, S_IFSOCK | 0777);
	CHECK_EQ(st.st_size, 0);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_EQ(st.st_rdev, 0);
}

TEST(fstat_owner_is_the_caller)
{
	struct stat st;

	CHECK_OK(fstat(udp_socket(), &st));
	CHECK_EQ(st.st_uid, geteuid());
	CHECK_EQ(st.st_gid, getegid());
}

/* The ids that file systems look at, as the inode is in one. */
TEST(fstat_owner_is_the_file_system_id)
{
	struct stat st;

	if (geteuid())
		SKIP_HOST("not root");
	syscall(SYS_setfsgid, 4321);
	syscall(SYS_setfsuid, 1234);
	CHECK_OK(fstat(udp_socket(), &st));
	CHECK_EQ(st.st_uid, 1234);
	CHECK_EQ(st.st_gid, 4321);
}

TEST(each_socket_has_its_own_inode)
{
	struct stat st[8];
	int i, j;

	for (i = 0; i < 8; i++)
		CHECK_OK(fstat(i & 1 ? tcp_socket() : udp_socket(), &st[i]));
	for (i = 0; i < 8; i++)
		for (j = 0; j < i; j++) {
			CHECK(st[i].st_ino != st[j].st_ino);
			CHECK_EQ(st[i].st_dev, st[j].st_dev);
		}
}

TEST(proc_link_reads_socket_and_inode)
{
	char path[64], link[64], want[64];
	struct stat st;
	int fd = tcp_socket();
	ssize_t n;

	CHECK_OK(fstat(fd, &st));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = CHECK_OK(readlink(path, link, sizeof(link) - 1));
	link[n] = 0;
	snprintf(want, sizeof(want), "socket:[%llu]",
		 (unsigned long long)st.st_ino);
	CHECK(!strcmp(link, want));
}

TEST(open_by_proc_enxio)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", tcp_socket());
	CHECK_ERRNO(open(path, O_RDWR), ENXIO);
	CHECK_ERRNO(open(path, O_RDONLY), ENXIO);
}

TEST(lowest_free_descriptor_is_taken)
{
	XFAIL("sockets live at high numbers; trapgate run --lowest-fd");
	int null = CHECK_OK(open("/dev/null", O_RDONLY)), fd;

	CHECK_OK(close(null));
	fd = tcp_socket();
	CHECK_EQ(fd, null);
}

TEST(emfile_at_the_descriptor_limit)
{
	struct rlimit old, rl;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &old));
	rl = old;
	rl.rlim_cur = 3;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	while (dup(0) >= 0)
		;
	CHECK_EQ(errno, EMFILE);
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 0), EMFILE);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, 0), EMFILE);
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &old));
	tcp_socket();
}

TEST(arguments_checked_before_descriptor_table)
{
	struct rlimit rl;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = 3;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	while (dup(0) >= 0)
		;
	CHECK_ERRNO(socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, SOCK_RDM, 0), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, 17), EPROTONOSUPPORT);
}

TEST(emfile_ends_when_one_is_closed)
{
	struct rlimit rl;
	int fd, last = -1, n = 0;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	if (rl.rlim_cur > 1024) {
		rl.rlim_cur = 1024;
		CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	}
	while ((fd = socket(AF_INET, SOCK_DGRAM, 0)) >= 0) {
		last = fd;
		n++;
	}
	CHECK_EQ(errno, EMFILE);
	CHECK_GE(n, 100);
	CHECK_OK(close(last));
	CHECK_EQ(udp_socket(), last);
	CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, 0), EMFILE);
}

TEST(thousand_sockets_opened_and_closed)
{
	int i;

	for (i = 0; i < 1000; i++)
		CHECK_OK(close(i & 1 ? tcp_socket() : udp_socket()));
}

TEST(two_hundred_sockets_at_once)
{
	int fd[200], i;

	for (i = 0; i < 200; i++)
		fd[i] = i % 3 ? tcp_socket() : udp_socket();
	for (i = 0; i < 200; i++)
		CHECK_EQ(get_opt(fd[i], SOL_SOCKET, SO_TYPE),
			 i % 3 ? SOCK_STREAM : SOCK_DGRAM);
	for (i = 199; i >= 0; i--)
		CHECK_OK(close(fd[i]));
}

TEST(number_is_free_again_after_close)
{
	int fd = tcp_socket();

	CHECK_OK(close(fd));
	CHECK_ERRNO(close(fd), EBADF);
	CHECK_EQ(udp_socket(), fd);
}

TEST(closed_number_taken_by_a_file_is_no_socket)
{
	int fd = tcp_socket(), null;

	CHECK_OK(close(fd));
	null = CHECK_OK(open("/dev/null", O_RDWR));
	if (null != fd)
		CHECK_EQ(CHECK_OK(dup2(null, fd)), fd);
	CHECK_ERRNO(listen(fd, 1), ENOTSOCK);
	CHECK_EQ(CHECK_OK(write(fd, "x", 1)), 1);
	CHECK_EQ(CHECK_OK(read(fd, &(char){ 0 }, 1)), 0);
}

HARNESS_MAIN
