/* SPDX-License-Identifier: MIT */
/* accept(2), accept4(2): names, lengths, flags, order, what is inherited. */
#include "harness.h"

#include <pthread.h>
#include <sys/resource.h>

/* A listener with one finished connection in its queue. */
static int waiting(sin_t *a, int *client)
{
	int fd = tcp_listener(a);

	*client = tcp_socket();
	CHECK_OK(connect(*client, SA(a), sizeof(*a)));
	CHECK_EQ(poll_for(fd, POLLIN), POLLIN);
	return fd;
}

TEST(peer_address_is_the_clients_name)
{
	sin_t a, p, c;
	socklen_t len = sizeof(p);
	int client, fd = waiting(&a, &client);

	memset(&p, 0xff, sizeof(p));
	CHECK_OK(accept(fd, SA(&p), &len));
	c = name_of(client);
	CHECK_EQ(len, 16);
	CHECK(same_addr(&p, &c));
	CHECK(!memcmp(p.sin_zero, "\0\0\0\0\0\0\0\0", 8));
}

TEST(new_socket_has_the_listeners_name)
{
	sin_t a, n;
	int client, fd = waiting(&a, &client), s;

	s = CHECK_OK(accept(fd, NULL, NULL));
	n = name_of(s);
	CHECK(same_addr(&n, &a));
	CHECK(s != fd && s != client);
}

TEST(null_address_ignores_the_length_pointer)
{
	sin_t a;
	int client, fd = waiting(&a, &client);

	CHECK_OK(accept(fd, NULL, (socklen_t *)BAD_PTR));
}

TEST(short_length_truncates_and_tells_the_whole)
{
	sin_t a;
	int client, fd = waiting(&a, &client);
	unsigned char b[16];
	socklen_t len = 4;

	memset(b, 0xee, sizeof(b));
	CHECK_OK(accept(fd, SA(b), &len));
	CHECK_EQ(len, 16);
	CHECK_EQ(*(uint16_t *)b, AF_INET);
	CHECK_EQ(b[4], 0xee);
	CHECK_EQ(b[15], 0xee);
}

TEST(zero_length_writes_nothing)
{
	sin_t a;
	int client, fd = waiting(&a, &client);
	unsigned char b[16] = { 0xee };
	socklen_t len = 0;

	CHECK_OK(accept(fd, SA(b), &len));
	CHECK_EQ(len, 16);
	CHECK_EQ(b[0], 0xee);
}

TEST(long_length_is_shortened)
{
	sin_t a;
	int client, fd = waiting(&a, &client);
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	CHECK_OK(accept(fd, SA(&ss), &len));
	CHECK_EQ(len, 16);
}

TEST(negative_length_einval_and_the_connection_is_lost)
{
	sin_t a, p;
	int client, fd = waiting(&a, &client);
	socklen_t len = -1;

	CHECK_ERRNO(accept(fd, SA(&p), &len), EINVAL);
	set_nonblock(fd);
	CHECK_ERRNO(accept(fd, NULL, NULL), EAGAIN);
	CHECK_EOF(client);
}

TEST(bad_address_pointer_efault_and_the_connection_is_lost)
{
	sin_t a;
	int client, fd = waiting(&a, &client);
	socklen_t len = 16;

	CHECK_ERRNO(accept(fd, BAD_PTR, &len), EFAULT);
	set_nonblock(fd);
	CHECK_ERRNO(accept(fd, NULL, NULL), EAGAIN);
	CHECK_EOF(client);
}

TEST(bad_pointers_do_not_matter_while_nothing_waits)
{
	sin_t a;
	int fd = tcp_listener(&a);

	set_nonblock(fd);
	CHECK_ERRNO(accept(fd, BAD_PTR, (socklen_t *)BAD_PTR), EAGAIN);
}

TEST(empty_queue_nonblocking_eagain)
{
	sin_t a;
	int fd = tcp_listener(&a);

	set_nonblock(fd);
	CHECK_ERRNO(accept(fd, NULL, NULL), EAGAIN);
	CHECK_ERRNO(accept4(fd, NULL, NULL, SOCK_CLOEXEC), EAGAIN);
}

TEST(nonblock_flag_of_accept4_does_not_stop_the_wait)
{
	sin_t a;
	int fd = tcp_listener(&a), s;
	pid_t pid, parent = getpid();

	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	}
	s = CHECK_OK(accept4(fd, NULL, NULL, SOCK_NONBLOCK));
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFL)), O_RDWR | O_NONBLOCK);
	join(pid);
}

TEST(not_listening_einval)
{
	sin_t a;
	int fd = tcp_socket(), sv[2];

	CHECK_ERRNO(accept(fd, NULL, NULL), EINVAL);
	bind_lo(fd, &a);
	CHECK_ERRNO(accept(fd, NULL, NULL), EINVAL);
	tcp_pair(sv);
	CHECK_ERRNO(accept(sv[0], NULL, NULL), EINVAL);
	CHECK_ERRNO(accept(sv[1], NULL, NULL), EINVAL);
}

TEST(not_listening_nonblocking_is_still_einval)
{
	int fd = tcp_socket();

	set_nonblock(fd);
	CHECK_ERRNO(accept(fd, NULL, NULL), EINVAL);
}

TEST(udp_eopnotsupp)
{
	sin_t a;

	CHECK_ERRNO(accept(udp_socket(), NULL, NULL), EOPNOTSUPP);
	CHECK_ERRNO(accept(udp_bound(&a), NULL, NULL), EOPNOTSUPP);
}

TEST(bad_descriptor)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(accept(-1, NULL, NULL), EBADF);
	CHECK_ERRNO(accept(p[0], NULL, NULL), ENOTSOCK);
	CHECK_ERRNO(accept4(9999, NULL, NULL, 0), EBADF);
}

TEST(unknown_flags_einval)
{
	sin_t a;
	int client, fd = waiting(&a, &client), bit;

	for (bit = 0; bit < 32; bit++) {
		int flag = (int)(1u << bit);

		if (flag == SOCK_NONBLOCK || flag == SOCK_CLOEXEC)
			continue;
		CHECK_ERRNO(accept4(fd, NULL, NULL, flag), EINVAL);
	}
	CHECK_OK(accept4(fd, NULL, NULL, 0));	/* nothing was lost */
}

TEST(flags_checked_after_descriptor_before_kind)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(accept4(-1, NULL, NULL, 1), EBADF);
	CHECK_ERRNO(accept4(p[0], NULL, NULL, 1), EINVAL);
	CHECK_ERRNO(accept4(udp_socket(), NULL, NULL, 1), EINVAL);
}

TEST(flags_of_the_listener_are_not_inherited)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;

	set_nonblock(fd);
	CHECK_OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFL)), O_RDWR);
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFD)), 0);
}

TEST(accept4_sets_both_flags)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;

	s = CHECK_OK(accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFL)), O_RDWR | O_NONBLOCK);
	CHECK_EQ(CHECK_OK(fcntl(s, F_GETFD)), FD_CLOEXEC);
}

TEST(options_of_the_listener_are_inherited)
{
	sin_t a;
	int fd = tcp_socket(), s;
	struct linger l;
	socklen_t len = sizeof(l);

	bind_lo(fd, &a);
	set_opt(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 40000);
	set_opt(fd, SOL_SOCKET, SO_SNDBUF, 50000);
	set_opt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_opt(fd, IPPROTO_TCP, TCP_KEEPIDLE, 77);
	set_opt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 12000);
	set_opt(fd, IPPROTO_IP, IP_TTL, 33);
	set_linger(fd, 1, 3);
	CHECK_OK(listen(fd, 1));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_EQ(get_opt(s, SOL_SOCKET, SO_KEEPALIVE), 1);
	CHECK_EQ(get_opt(s, SOL_SOCKET, SO_RCVBUF), 80000);
	CHECK_EQ(get_opt(s, SOL_SOCKET, SO_SNDBUF), 100000);
	CHECK_EQ(get_opt(s, IPPROTO_TCP, TCP_NODELAY), 1);
	CHECK_EQ(get_opt(s, IPPROTO_TCP, TCP_KEEPIDLE), 77);
	CHECK_EQ(get_opt(s, IPPROTO_TCP, TCP_USER_TIMEOUT), 12000);
	CHECK_EQ(get_opt(s, IPPROTO_IP, IP_TTL), 33);
	CHECK_OK(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &len));
	CHECK_EQ(l.l_onoff, 1);
	CHECK_EQ(l.l_linger, 3);
	CHECK_EQ(get_opt(s, SOL_SOCKET, SO_ACCEPTCONN), 0);
}

TEST(receive_timeout_of_the_listener_is_inherited)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;
	struct timeval tv;
	socklen_t len = sizeof(tv);

	/* Copied when the connection was made: set before connect. */
	CHECK_OK(accept(fd, NULL, NULL));
	set_rcvtimeo(fd, 2000);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_OK(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, &len));
	CHECK_EQ(tv.tv_sec, 2);
}

TEST(connections_come_in_order)
{
	sin_t a, c, p;
	int fd = tcp_listener(&a), client[8], i;
	socklen_t len;

	for (i = 0; i < 8; i++) {
		client[i] = tcp_socket();
		CHECK_OK(connect(client[i], SA(&a), sizeof(a)));
	}
	for (i = 0; i < 8; i++) {
		len = sizeof(p);
		CHECK_OK(accept(fd, SA(&p), &len));
		c = name_of(client[i]);
		CHECK(same_addr(&p, &c));
	}
}

TEST(data_sent_before_accept_is_there)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;

	CHECK_WRITES(client, "early");
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_READS(s, "early");
}

TEST(client_closed_before_accept)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;

	CHECK_WRITES(client, "bye");
	CHECK_OK(close(client));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_READS(s, "bye");
	CHECK_EOF(s);
}

TEST(client_reset_before_accept_is_still_accepted)
{
	sin_t a, p, c;
	int client, fd = waiting(&a, &client), s;
	socklen_t len = sizeof(p);
	char b;

	c = name_of(client);
	set_linger(client, 1, 0);
	CHECK_OK(close(client));
	s = CHECK_OK(accept(fd, SA(&p), &len));
	CHECK(same_addr(&p, &c));
	CHECK_ERRNO(read(s, &b, 1), ECONNRESET);
}

TEST(blocked_accept_is_woken_by_connect)
{
	sin_t a, p, got;
	int fd = tcp_listener(&a), c, pip[2];
	pid_t pid, parent = getpid();
	socklen_t len = sizeof(p);

	CHECK_OK(pipe(pip));
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		c = tcp_socket();
		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		got = name_of(c);
		write_all(pip[1], &got, sizeof(got));
	}
	CHECK_OK(accept(fd, SA(&p), &len));
	read_all(pip[0], &got, sizeof(got));
	CHECK(same_addr(&p, &got));
	join(pid);
}

static void *shut_listener(void *arg)
{
	int *v = arg;

	wait_asleep(getpid(), v[1]);
	CHECK_OK(shutdown(v[0], SHUT_RD));
	return NULL;
}

TEST(blocked_accept_ends_with_einval_on_shutdown)
{
	sin_t a;
	int v[2] = { tcp_listener(&a), gettid() };
	pthread_t t;

	CHECK(!pthread_create(&t, NULL, shut_listener, v));
	CHECK_ERRNO(accept(v[0], NULL, NULL), EINVAL);
	pthread_join(t, NULL);
}

TEST(receive_timeout_gives_eagain)
{
	sin_t a;
	int fd = tcp_listener(&a);
	double t;

	set_rcvtimeo(fd, 50);
	t = now();
	CHECK_ERRNO(accept(fd, NULL, NULL), EAGAIN);
	CHECK(now() - t >= 0.045);
}

TEST(emfile_leaves_the_connection_in_the_queue)
{
	sin_t a;
	int client, fd = waiting(&a, &client), s;
	struct rlimit old, rl;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &old));
	rl = old;
	rl.rlim_cur = 3;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	while (dup(0) >= 0)
		;
	CHECK_ERRNO(accept(fd, NULL, NULL), EMFILE);
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &old));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_WRITES(s, "hi");
	CHECK_READS(client, "hi");
}

TEST(emfile_comes_before_not_listening_and_not_a_socket)
{
	int fd = tcp_socket();
	struct rlimit rl;

	CHECK_OK(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = 3;
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &rl));
	while (dup(0) >= 0)
		;
	CHECK_ERRNO(accept(fd, NULL, NULL), EMFILE);
	CHECK_ERRNO(accept(0, NULL, NULL), EMFILE);
	CHECK_ERRNO(accept(-1, NULL, NULL), EBADF);
}

TEST(two_processes_share_the_listener)
{
	sin_t a;
	int fd = tcp_listener(&a), c[2];
	pid_t p[2];
	int i;

	for (i = 0; i < 2; i++)
		IN_CHILD(p[i]) {
			int s = CHECK_OK(accept(fd, NULL, NULL));

			CHECK_WRITES(s, "once");
		}
	for (i = 0; i < 2; i++) {
		c[i] = tcp_socket();
		CHECK_OK(connect(c[i], SA(&a), sizeof(a)));
	}
	for (i = 0; i < 2; i++) {
		CHECK_READS(c[i], "once");
		CHECK_EOF(c[i]);
		join(p[i]);
	}
}

TEST(hundred_connections_in_turn)
{
	sin_t a;
	int fd = tcp_listener(&a), sv[2], i;

	for (i = 0; i < 100; i++) {
		tcp_pair_on(fd, &a, sv);
		CHECK_WRITES(sv[0], "ping");
		CHECK_READS(sv[1], "ping");
		CHECK_OK(close(sv[0]));
		CHECK_EOF(sv[1]);
		CHECK_OK(close(sv[1]));
	}
}

HARNESS_MAIN
