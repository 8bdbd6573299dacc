/* SPDX-License-Identifier: MIT */
/* Passing inet sockets to another process over AF_UNIX (SCM_RIGHTS). */
#include "harness.h"

#include <sys/resource.h>
#include <sys/un.h>

static void send_fds(int us, const int *fd, int n)
{
	union {
		struct cmsghdr h;
		char b[CMSG_SPACE(16 * sizeof(int))];
	} c;
	char byte = 'f';
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = &c,
			    .msg_controllen = CMSG_SPACE(n * sizeof(int)) };

	memset(&c, 0, sizeof(c));
	c.h.cmsg_level = SOL_SOCKET;
	c.h.cmsg_type = SCM_RIGHTS;
	c.h.cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(&c.h), fd, n * sizeof(int));
	CHECK_EQ(CHECK_OK(sendmsg(us, &m, 0)), 1);
}

static int recv_fds(int us, int *fd, int max, int flags)
{
	union {
		struct cmsghdr h;
		char b[CMSG_SPACE(16 * sizeof(int))];
	} c;
	char byte;
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = &c, .msg_controllen = sizeof(c) };
	struct cmsghdr *h;
	int n;

	CHECK_EQ(CHECK_OK(recvmsg(us, &m, flags)), 1);
	h = CMSG_FIRSTHDR(&m);
	CHECK(h && h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS);
	n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	CHECK(n <= max);
	memcpy(fd, CMSG_DATA(h), n * sizeof(int));
	return n;
}

static int recv_fd(int us)
{
	int fd;

	CHECK_EQ(recv_fds(us, &fd, 1, 0), 1);
	return fd;
}

static void unix_pair(int us[2])
{
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, us));
}

TEST(passed_to_oneself)
{
	int us[2], sv[2], fd;
	struct stat a, b;

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[0], 1);
	fd = recv_fd(us[1]);
	CHECK(fd != sv[0]);
	CHECK_OK(fstat(fd, &a));
	CHECK_OK(fstat(sv[0], &b));
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_WRITES(fd, "same socket");
	CHECK_READS(sv[1], "same socket");
}

TEST(received_below_a_lowered_limit)
{
	struct rlimit rl;
	int us[2], sv[2], fd;

	tcp_pair(sv);
	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = 40;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, us));
	send_fds(us[0], &sv[0], 1);
	fd = recv_fd(us[1]);
	CHECK(fd >= 0 && fd < 40);
	CHECK_OK(close(sv[0]));
	CHECK_WRITES(fd, "passed");
	CHECK_READS(sv[1], "passed");
	CHECK_WRITES(sv[1], "answer");
	CHECK_READS(fd, "answer");
}

TEST(passed_to_a_child)
{
	int us[2], sv[2];
	pid_t pid;

	unix_pair(us);
	IN_CHILD(pid) {
		int fd = recv_fd(us[1]);

		CHECK_READS(fd, "ask");
		CHECK_WRITES(fd, "answer");
	}
	tcp_pair(sv);
	send_fds(us[0], &sv[1], 1);
	CHECK_OK(close(sv[1]));
	CHECK_WRITES(sv[0], "ask");
	CHECK_READS(sv[0], "answer");
	CHECK_EOF(sv[0]);
	join(pid);
}

TEST(passed_back_from_a_child)
{
	int us[2], fd;
	sin_t a;
	pid_t pid;

	unix_pair(us);
	tcp_listener(&a);
	IN_CHILD(pid) {
		fd = tcp_socket();
		CHECK_OK(connect(fd, SA(&a), sizeof(a)));
		send_fds(us[1], &fd, 1);
	}
	fd = recv_fd(us[0]);
	join(pid);
	CHECK_EQ(tcp_state(fd), TCP_ESTABLISHED);
	a = peer_of(fd);
	CHECK_EQ(a.sin_addr.s_addr, htonl(LO));
}

TEST(listener_passed)
{
	int us[2], l, c = tcp_socket();
	sin_t a;
	pid_t pid;

	unix_pair(us);
	l = tcp_listener(&a);
	IN_CHILD(pid) {
		int fd, s;

		CHECK_OK(close(l));
		fd = recv_fd(us[1]);
		s = CHECK_OK(accept(fd, NULL, NULL));
		CHECK_WRITES(s, "from the heir");
	}
	send_fds(us[0], &l, 1);
	CHECK_OK(close(l));
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_READS(c, "from the heir");
	join(pid);
}

TEST(udp_socket_passed)
{
	int us[2], r;
	sin_t a;
	pid_t pid;

	unix_pair(us);
	r = udp_bound(&a);
	IN_CHILD(pid)
		CHECK_READS(recv_fd(us[1]), "gram");
	send_fds(us[0], &r, 1);
	CHECK_OK(sendto(udp_socket(), "gram", 4, 0, SA(&a), sizeof(a)));
	join(pid);
}

TEST(several_at_once_with_files_between)
{
	int us[2], sv[2], fd[4], got[4], p[2];

	unix_pair(us);
	tcp_pair(sv);
	CHECK_OK(pipe(p));
	fd[0] = sv[0];
	fd[1] = p[1];
	fd[2] = udp_socket();
	fd[3] = sv[1];
	send_fds(us[0], fd, 4);
	CHECK_EQ(recv_fds(us[1], got, 4, 0), 4);
	CHECK_WRITES(got[0], "tcp");
	CHECK_READS(got[3], "tcp");
	CHECK_WRITES(got[1], "pipe");
	CHECK_READS(p[0], "pipe");
	CHECK_EQ(get_opt(got[2], SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
}

TEST(in_flight_keeps_the_socket_open)
{
	int us[2], sv[2];

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[1], 1);
	CHECK_OK(close(sv[1]));
	CHECK_EQ(poll_now(sv[0], POLLIN | POLLRDHUP), 0);
	CHECK_WRITES(sv[0], "in flight");
	CHECK_READS(recv_fd(us[1]), "in flight");
}

TEST(thrown_away_in_flight_closes)
{
	int us[2], sv[2];

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[1], 1);
	CHECK_OK(close(sv[1]));
	CHECK_OK(close(us[0]));
	CHECK_OK(close(us[1]));
	CHECK_EOF(sv[0]);
}

TEST(read_without_control_room_closes)
{
	int us[2], sv[2];
	char c;

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[1], 1);
	CHECK_OK(close(sv[1]));
	CHECK_EQ(CHECK_OK(read(us[1], &c, 1)), 1);
	CHECK_EOF(sv[0]);
}

TEST(cmsg_cloexec)
{
	int us[2], sv[2], fd;

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[0], 1);
	CHECK_EQ(recv_fds(us[1], &fd, 1, MSG_CMSG_CLOEXEC), 1);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), FD_CLOEXEC);
	send_fds(us[0], &sv[0], 1);
	CHECK_EQ(recv_fds(us[1], &fd, 1, 0), 1);
	CHECK_EQ(CHECK_OK(fcntl(fd, F_GETFD)), 0);
}

TEST(status_flags_are_shared)
{
	int us[2], sv[2], fd;

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[0], 1);
	fd = recv_fd(us[1]);
	set_nonblock(fd);
	CHECK_EQ(CHECK_OK(fcntl(sv[0], F_GETFL)), O_RDWR | O_NONBLOCK);
}

TEST(passed_socket_polls)
{
	int us[2], sv[2], fd;

	unix_pair(us);
	tcp_pair(sv);
	send_fds(us[0], &sv[1], 1);
	fd = recv_fd(us[1]);
	CHECK_EQ(poll_now(fd, POLLIN | POLLOUT), POLLOUT);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(poll_for(fd, POLLIN), POLLIN);
	CHECK_READS(fd, "x");
}

TEST(chain_of_three_processes)
{
	int a[2], b[2], sv[2];
	pid_t p1, p2;

	unix_pair(a);
	unix_pair(b);
	IN_CHILD(p1) {
		int fd = recv_fd(a[1]);

		send_fds(b[0], &fd, 1);
	}
	IN_CHILD(p2) {
		int fd = recv_fd(b[1]);

		CHECK_WRITES(fd, "third hand");
	}
	tcp_pair(sv);
	send_fds(a[0], &sv[0], 1);
	CHECK_READS(sv[1], "third hand");
	join(p1);
	join(p2);
}

TEST(over_a_named_unix_socket)
{
	struct sockaddr_un u = { .sun_family = AF_UNIX };
	int l = CHECK_OK(socket(AF_UNIX, SOCK_STREAM, 0)), sv[2], s;
	socklen_t len = sizeof(sa_family_t);
	pid_t pid;

	/* autobind to an abstract name */
	CHECK_OK(bind(l, SA(&u), len));
	len = sizeof(u);
	CHECK_OK(getsockname(l, SA(&u), &len));
	CHECK_OK(listen(l, 1));
	IN_CHILD(pid) {
		int c = CHECK_OK(socket(AF_UNIX, SOCK_STREAM, 0));

		CHECK_OK(connect(c, SA(&u), len));
		CHECK_WRITES(recv_fd(c), "named");
	}
	s = CHECK_OK(accept(l, NULL, NULL));
	tcp_pair(sv);
	send_fds(s, &sv[0], 1);
	CHECK_READS(sv[1], "named");
	join(pid);
}

HARNESS_MAIN
