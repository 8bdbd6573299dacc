/* SPDX-License-Identifier: MIT */
/* socketpair(2): AF_INET has none; AF_UNIX pairs work beside our sockets. */
#include "harness.h"

#include <sys/resource.h>

TEST(inet_eopnotsupp)
{
	int sv[2];

	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, sv), EOPNOTSUPP);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_DGRAM, 0, sv), EOPNOTSUPP);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, sv),
		    EOPNOTSUPP);
}

TEST(inet_errors_of_socket_come_first)
{
	int sv[2];

	CHECK_ERRNO(socketpair(AF_INET, SOCK_RDM, 0, sv), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 17, sv), EPROTONOSUPPORT);
	CHECK_ERRNO(socketpair(-1, SOCK_STREAM, 0, sv), EAFNOSUPPORT);
	CHECK_ERRNO(socketpair(AF_INET, 11, 0, sv), EINVAL);
}

TEST(flag_bits_einval)
{
	int sv[2];

	CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM | 0x10, 0, sv), EINVAL);
	CHECK_ERRNO(socketpair(-1, SOCK_STREAM | 0x10, 0, BAD_PTR), EINVAL);
}

TEST(pointer_checked_before_the_family)
{
	CHECK_ERRNO(socketpair(-1, SOCK_STREAM, 0, BAD_PTR), EFAULT);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, BAD_PTR), EFAULT);
	CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, NULL), EFAULT);
}

TEST(half_a_pointer_efault)
{
	int *p = page_end(sizeof(int));

	CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, p), EFAULT);
}

TEST(failed_pair_leaves_no_descriptors)
{
	int sv[2], a, b;

	a = CHECK_OK(open("/dev/null", O_RDONLY));
	CHECK_OK(close(a));
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, sv), EOPNOTSUPP);
	CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD_PTR), EFAULT);
	b = CHECK_OK(open("/dev/null", O_RDONLY));
	CHECK_EQ(a, b);
}

TEST(emfile)
{
	struct rlimit rl;
	int sv[2];

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = 3;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	while (dup(0) >= 0)
		;
	CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), EMFILE);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, sv), EMFILE);
}

TEST(unix_stream_pair)
{
	int sv[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_WRITES(sv[0], "there");
	CHECK_READS(sv[1], "there");
	CHECK_WRITES(sv[1], "back");
	CHECK_READS(sv[0], "back");
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
	CHECK_ERRNO(write(sv[1], "x", 1), EPIPE);
}

TEST(unix_dgram_pair_keeps_boundaries)
{
	int sv[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, sv));
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_READS(sv[1], "one");
	CHECK_READS(sv[1], "two");
}

TEST(unix_seqpacket_pair)
{
	int sv[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv));
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_READS(sv[1], "one");
	CHECK_READS(sv[1], "two");
	CHECK_OK(close(sv[0]));
	CHECK_EOF(sv[1]);
}

TEST(unix_pair_flags)
{
	int sv[2], i;

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
			    SOCK_CLOEXEC, 0, sv));
	for (i = 0; i < 2; i++) {
		char c;

		CHECK_EQ(CHECK_OK(fcntl(sv[i], F_GETFL)), O_RDWR | O_NONBLOCK);
		CHECK_EQ(CHECK_OK(fcntl(sv[i], F_GETFD)), FD_CLOEXEC);
		CHECK_ERRNO(read(sv[i], &c, 1), EAGAIN);
	}
}

TEST(unix_pair_half_close)
{
	int sv[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_EOF(sv[1]);
	CHECK_WRITES(sv[1], "back");
	CHECK_READS(sv[0], "back");
}

TEST(unix_pair_options)
{
	int sv[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_DOMAIN), AF_UNIX);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_ERROR), 0);
	CHECK_ERRNO(getsockopt(sv[0], IPPROTO_TCP, TCP_NODELAY, &(int){ 0 },
			       &(socklen_t){ 4 }), EOPNOTSUPP);
}

TEST(unix_pair_with_a_tcp_pair_in_poll)
{
	int us[2], sv[2];
	struct pollfd p[2];

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, us));
	tcp_pair(sv);
	p[0].fd = us[1];
	p[1].fd = sv[1];
	p[0].events = p[1].events = POLLIN;
	CHECK_EQ(CHECK_OK(poll(p, 2, 0)), 0);
	CHECK_WRITES(us[0], "u");
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
	CHECK_EQ(p[0].revents, POLLIN);
	CHECK_WRITES(sv[0], "t");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 2);
}

HARNESS_MAIN
