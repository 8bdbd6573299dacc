/* SPDX-License-Identifier: MIT */
/* fcntl(2) on sockets: flags, duplicates, owner, locks, seals. */
#include "harness.h"

TEST(setfl_nonblock_and_back)
{
	int sv[2];
	char c;

	tcp_pair(sv);
	CHECK_OK(fcntl(sv[0], F_SETFL, O_NONBLOCK));
	CHECK_EQ(CHECK_OK(fcntl(sv[0], F_GETFL)), O_RDWR | O_NONBLOCK);
	CHECK_ERRNO(read(sv[0], &c, 1), EAGAIN);
	CHECK_OK(fcntl(sv[0], F_SETFL, 0));
	CHECK_EQ(CHECK_OK(fcntl(sv[0], F_GETFL)), O_RDWR);
}

TEST(setfl_ignores_access_mode_and_creation_flags)
{
	int fd = tcp_socket();

	CHECK_OK(fcntl(fd, F_SETFL, O_RDONLY | O_CREAT | O_TRUNC | O_EXCL));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR);
}

TEST(setfl_append_is_kept)
{
	int fd = tcp_socket();

	CHECK_OK(fcntl(fd, F_SETFL, O_APPEND));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_APPEND);
}

TEST(setfl_direct_einval)
{
	CHECK_ERRNO(fcntl(tcp_socket(), F_SETFL, O_DIRECT), EINVAL);
}

TEST(setfl_async)
{
	int fd = tcp_socket();

	CHECK_OK(fcntl(fd, F_SETFL, O_ASYNC));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR | O_ASYNC);
	CHECK_OK(fcntl(fd, F_SETFL, 0));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFL)), O_RDWR);
}

TEST(nonblock_is_shared_by_copies)
{
	int sv[2], d;
	char c;
	pid_t pid;

	tcp_pair(sv);
	d = CHECK_OK(dup(sv[0]));
	set_nonblock(d);
	CHECK_ERRNO(recv(sv[0], &c, 1, 0), EAGAIN);
	IN_CHILD(pid) {
		CHECK_EQ(CHECK_OK(fcntl(sv[0], F_GETFL)), O_RDWR | O_NONBLOCK);
		CHECK_OK(fcntl(sv[0], F_SETFL, 0));
	}
	join(pid);
	CHECK_EQ(CHECK_OK(fcntl(d, F_GETFL)), O_RDWR);
}

TEST(nonblock_set_on_a_listener_has_effect)
{
	sin_t a;
	int l = tcp_listener(&a);

	set_nonblock(l);
	CHECK_ERRNO(accept(l, NULL, NULL), EAGAIN);
}

TEST(cloexec_is_per_descriptor)
{
	int fd = tcp_socket(), d;

	CHECK_OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
	d = CHECK_OK(dup(fd));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
	CHECK_EQ(CHECK_OK(fcntl(d, F_GETFD)), 0);
	CHECK_OK(fcntl(fd, F_SETFD, 0));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), 0);
}

TEST(dupfd_takes_the_lowest_from_the_bound)
{
	int fd = tcp_socket(), d, e;

	d = CHECK_OK(fcntl(fd, F_DUPFD, 700));
	CHECK_EQ(d, 700);
	e = CHECK_OK(fcntl(fd, F_DUPFD, 700));
	CHECK_EQ(e, 701);
	CHECK_EQ(get_opt(e, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
}

TEST(dupfd_cloexec)
{
	int d = CHECK_OK(fcntl(tcp_socket(), F_DUPFD_CLOEXEC, 0));

	CHECK_EQ(CHECK_OK(fcntl(d, F_GETFD)), FD_CLOEXEC);
	CHECK_EQ(get_opt(d, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
}

TEST(dupfd_bad_bounds_einval)
{
	CHECK_ERRNO(fcntl(tcp_socket(), F_DUPFD, -1), EINVAL);
	CHECK_ERRNO(fcntl(tcp_socket(), F_DUPFD, 0x7fffffff), EINVAL);
}

TEST(owner_process_and_group)
{
	int fd = tcp_socket();

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETOWN)), 0);
	CHECK_OK(fcntl(fd, F_SETOWN, getpid()));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETOWN)), getpid());
	CHECK_OK(fcntl(fd, F_SETOWN, -getpgrp()));
	CHECK_EQ(fcntl(fd, F_GETOWN), -getpgrp());
	CHECK_OK(fcntl(fd, F_SETOWN, 0));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETOWN)), 0);
	CHECK_ERRNO(fcntl(fd, F_SETOWN, 0x3fffffff), ESRCH);
}

TEST(owner_ex)
{
	int fd = tcp_socket();
	struct f_owner_ex o = { F_OWNER_TID, gettid() }, r = { 0 };

	CHECK_OK(fcntl(fd, F_SETOWN_EX, &o));
	CHECK_OK(fcntl(fd, F_GETOWN_EX, &r));
	CHECK_EQ(r.type, F_OWNER_TID);
	CHECK_EQ(r.pid, gettid());
	o.type = 77;
	CHECK_ERRNO(fcntl(fd, F_SETOWN_EX, &o), EINVAL);
	CHECK_ERRNO(fcntl(fd, F_SETOWN_EX, BAD_PTR), EFAULT);
}

TEST(signal_number)
{
	int fd = tcp_socket();

	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETSIG)), 0);
	CHECK_OK(fcntl(fd, F_SETSIG, SIGUSR1));
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETSIG)), SIGUSR1);
	CHECK_ERRNO(fcntl(fd, F_SETSIG, 9999), EINVAL);
}

TEST(unknown_command_einval)
{
	CHECK_ERRNO(fcntl(tcp_socket(), 9999, 0), EINVAL);
}

TEST(bad_descriptor)
{
	CHECK_ERRNO(fcntl(-1, F_GETFL), EBADF);
	CHECK_ERRNO(fcntl(9999, F_SETFL, O_NONBLOCK), EBADF);
	CHECK_ERRNO(fcntl(9999, F_DUPFD, 0), EBADF);
}

TEST(pipe_size_and_seals_are_not_for_sockets)
{
	CHECK_ERRNO(fcntl(tcp_socket(), F_GETPIPE_SZ), EBADF);
	CHECK_ERRNO(fcntl(tcp_socket(), F_GET_SEALS), EINVAL);
}

#ifdef __i386__
TEST(fcntl64_does_the_same)
{
	int fd = tcp_socket();

	CHECK_RAW(RAW(__NR_fcntl64, fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_RAW(RAW(__NR_fcntl64, fd, F_GETFL, 0), O_RDWR | O_NONBLOCK);
	CHECK_RAW(RAW(__NR_fcntl, fd, F_GETFL, 0), O_RDWR | O_NONBLOCK);
	CHECK_RAW(RAW(__NR_fcntl, fd, F_SETFD, FD_CLOEXEC), 0);
	CHECK_RAW(RAW(__NR_fcntl64, fd, F_GETFD, 0), FD_CLOEXEC);
	CHECK_RAW(RAW(__NR_fcntl, fd, F_DUPFD, 777), 777);
	CHECK_RAW(RAW(__NR_fcntl64, fd, 9999, 0), -EINVAL);
	CHECK_RAW(RAW(__NR_fcntl64, -1, F_GETFL, 0), -EBADF);
}
#endif

HARNESS_MAIN
