/* SPDX-License-Identifier: MIT */
/* listen(2): state, backlog, autobind, and what a listener refuses to do. */
#include "harness.h"

static struct tcp_info info_of(int fd)
{
	struct tcp_info ti;
	socklen_t len = sizeof(ti);

	memset(&ti, 0, sizeof(ti));
	CHECK_OK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len));
	return ti;
}

static long somaxconn(void)
{
	long v = read_number("/proc/sys/net/core/somaxconn", 0);

	CHECK(v > 0);
	return v;
}

TEST(listener_state_is_listen)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_EQ(info_of(fd).tcpi_state, TCP_LISTEN);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 1);
}

TEST(acceptconn_is_zero_before_listen)
{
	int fd = tcp_socket();
	sin_t a;

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	bind_lo(fd, &a);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
}

TEST(listen_unbound_autobinds)
{
	int fd = tcp_socket();
	sin_t a;

	CHECK_OK(listen(fd, 1));
	a = name_of(fd);
	CHECK_EQ(a.sin_addr.s_addr, INADDR_ANY);
	CHECK(a.sin_port != 0);
	a.sin_addr.s_addr = htonl(LO);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
}

/* A listener's tcpi_sacked is its backlog, tcpi_unacked the queue's length. */
TEST(listen_backlog_shown_by_tcp_info)
{
	sin_t a;

	CHECK_EQ(info_of(tcp_listener_backlog(&a, 7)).tcpi_sacked, 7);
}

TEST(listen_backlog_clamped)
{
	sin_t a;

	CHECK_EQ(info_of(tcp_listener_backlog(&a, 0x7fffffff)).tcpi_sacked,
		 somaxconn());
	CHECK_EQ(info_of(tcp_listener_backlog(&a, somaxconn() + 1)).tcpi_sacked,
		 somaxconn());
}

TEST(listen_backlog_negative_is_the_maximum)
{
	sin_t a;

	CHECK_EQ(info_of(tcp_listener_backlog(&a, -1)).tcpi_sacked,
		 somaxconn());
	CHECK_EQ(info_of(tcp_listener_backlog(&a, (int)0x80000000)).tcpi_sacked,
		 somaxconn());
}

TEST(listen_again_changes_the_backlog)
{
	sin_t a;
	int fd = tcp_listener_backlog(&a, 3);

	CHECK_OK(listen(fd, 9));
	CHECK_EQ(info_of(fd).tcpi_sacked, 9);
	CHECK_OK(listen(fd, 0));
	CHECK_EQ(info_of(fd).tcpi_sacked, 0);
	CHECK_EQ(tcp_state(fd), TCP_LISTEN);
}

TEST(listen_again_keeps_the_queue)
{
	sin_t a;
	int fd = tcp_listener_backlog(&a, 5);

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(listen(fd, 9));
	CHECK_OK(accept(fd, NULL, NULL));
}

TEST(listen_backlog_zero_takes_one)
{
	sin_t a;
	int fd = tcp_listener_backlog(&a, 0);

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(accept(fd, NULL, NULL));
}

TEST(tcp_info_counts_the_accept_queue)
{
	sin_t a;
	int fd = tcp_listener_backlog(&a, 8), i;

	for (i = 0; i < 5; i++) {
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
		while (info_of(fd).tcpi_unacked != (unsigned int)i + 1)
			sched_yield();
	}
	CHECK_OK(accept(fd, NULL, NULL));
	CHECK_EQ(info_of(fd).tcpi_unacked, 4);
}

TEST(listen_on_udp_gives_eopnotsupp)
{
	sin_t a;

	CHECK_ERRNO(listen(udp_socket(), 1), EOPNOTSUPP);
	CHECK_ERRNO(listen(udp_bound(&a), 1), EOPNOTSUPP);
}

TEST(listen_on_unix_dgram_gives_eopnotsupp)
{
	CHECK_ERRNO(listen(CHECK_OK(socket(AF_UNIX, SOCK_DGRAM, 0)), 1),
		    EOPNOTSUPP);
}

TEST(listen_bad_descriptor)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(listen(-1, 1), EBADF);
	CHECK_ERRNO(listen(9999, 1), EBADF);
	CHECK_ERRNO(listen(p[0], 1), ENOTSOCK);
}

TEST(listen_when_connected_einval)
{
	int sv[2];

	tcp_pair(sv);
	CHECK_ERRNO(listen(sv[0], 1), EINVAL);
	CHECK_ERRNO(listen(sv[1], 1), EINVAL);
}

TEST(listen_after_refused_connect_works)
{
	int fd = tcp_socket();
	sin_t a = tcp_refusing();

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), ECONNREFUSED);
	CHECK_OK(listen(fd, 1));
	CHECK_EQ(tcp_state(fd), TCP_LISTEN);
}

TEST(connect_on_listener_eisconn)
{
	sin_t a, b;
	int fd = tcp_listener(&a);

	tcp_listener(&b);
	CHECK_ERRNO(connect(fd, SA(&b), sizeof(b)), EISCONN);
}

TEST(connect_unspec_ends_listening)
{
	sin_t a, u = { .sin_family = AF_UNSPEC };
	int fd = tcp_listener(&a);

	CHECK_OK(connect(fd, SA(&u), sizeof(u)));
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
}

TEST(send_on_listener_epipe)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_ERRNO(send(fd, "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_ERRNO(write(fd, "x", 1), EPIPE);
}

TEST(recv_on_listener_enotconn)
{
	sin_t a;
	char c;
	int fd = tcp_listener(&a);

	CHECK_ERRNO(recv(fd, &c, 1, 0), ENOTCONN);
	CHECK_ERRNO(read(fd, &c, 1), ENOTCONN);
	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT | MSG_PEEK), ENOTCONN);
}

TEST(getpeername_on_listener_enotconn)
{
	sin_t a, b;
	socklen_t len = sizeof(b);

	CHECK_ERRNO(getpeername(tcp_listener(&a), SA(&b), &len), ENOTCONN);
}

TEST(shutdown_wr_on_listener_keeps_listening)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_OK(shutdown(fd, SHUT_WR));
	CHECK_EQ(tcp_state(fd), TCP_LISTEN);
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_OK(accept(fd, NULL, NULL));
}

TEST(shutdown_rd_on_listener_stops_listening)
{
	sin_t a;
	int fd = tcp_listener(&a);

	CHECK_OK(shutdown(fd, SHUT_RD));
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
	CHECK_ERRNO(accept(fd, NULL, NULL), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), SA(&a), sizeof(a)), ECONNREFUSED);
}

TEST(listen_again_after_shutdown_works)
{
	sin_t a, b;
	int fd = tcp_listener(&a);

	CHECK_OK(shutdown(fd, SHUT_RDWR));
	CHECK_OK(listen(fd, 3));
	b = name_of(fd);
	CHECK_EQ(b.sin_addr.s_addr, htonl(LO));
	CHECK_OK(connect(tcp_socket(), SA(&b), sizeof(b)));
}

TEST(listen_again_after_shutdown_keeps_a_chosen_port)
{
	sin_t a, b;
	int fd = tcp_socket();

	bind_lo_chosen(fd, &a);
	CHECK_OK(listen(fd, 3));
	CHECK_OK(shutdown(fd, SHUT_RDWR));
	CHECK_OK(listen(fd, 3));
	b = name_of(fd);
	CHECK(same_addr(&a, &b));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
}

TEST(shutdown_rd_resets_the_waiting_connections)
{
	sin_t a;
	int fd = tcp_listener(&a), c = tcp_socket();
	char b;

	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_OK(shutdown(fd, SHUT_RD));
	CHECK_ERRNO(read(c, &b, 1), ECONNRESET);
}

TEST(close_of_listener_resets_the_waiting_connections)
{
	sin_t a;
	int fd = tcp_listener(&a), c = tcp_socket();
	char b;

	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	CHECK_OK(close(fd));
	CHECK_ERRNO(read(c, &b, 1), ECONNRESET);
	CHECK_EQ(tcp_state(c), TCP_CLOSE);
}

TEST(close_of_listener_spares_accepted_connections)
{
	int sv[2];

	tcp_pair(sv);		/* has closed its listener */
	CHECK_WRITES(sv[0], "still here");
	CHECK_READS(sv[1], "still here");
}

TEST(only_one_of_two_bound_sockets_may_listen)
{
	int a = tcp_socket(), b = tcp_socket();
	sin_t s;

	set_opt(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(b, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_lo(a, &s);
	CHECK_OK(bind(b, SA(&s), sizeof(s)));
	CHECK_OK(listen(a, 1));
	CHECK_ERRNO(listen(b, 1), EADDRINUSE);
	CHECK_OK(close(a));
	CHECK_OK(listen(b, 1));
}

TEST(listener_on_wildcard_serves_all_loopback_addresses)
{
	int fd = tcp_socket(), c = tcp_socket(), s;
	sin_t a;

	CHECK_OK(listen(fd, 4));
	a = name_of(fd);
	a.sin_addr.s_addr = htonl(0x7f020304);
	CHECK_OK(connect(c, SA(&a), sizeof(a)));
	s = CHECK_OK(accept(fd, NULL, NULL));
	CHECK_EQ(name_of(s).sin_addr.s_addr, htonl(0x7f020304));
}

TEST(listener_on_one_address_refuses_another)
{
	sin_t a;
	int c = tcp_socket();

	tcp_listener(&a);
	a.sin_addr.s_addr = htonl(0x7f636465);
	CHECK_ERRNO(connect(c, SA(&a), sizeof(a)), ECONNREFUSED);
}

TEST(specific_listener_wins_over_wildcard)
{
	int wild = tcp_socket(), spec = tcp_socket();
	sin_t a;

	set_opt(wild, SOL_SOCKET, SO_REUSEPORT, 1);
	set_opt(spec, SOL_SOCKET, SO_REUSEPORT, 1);
	a = sin_of(INADDR_ANY, 0);
	CHECK_OK(bind(wild, SA(&a), sizeof(a)));
	a = name_of(wild);
	a.sin_addr.s_addr = htonl(LO);
	CHECK_OK(bind(spec, SA(&a), sizeof(a)));
	CHECK_OK(listen(wild, 4));
	CHECK_OK(listen(spec, 4));
	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(spec, POLLIN), POLLIN);
	CHECK_EQ(poll_now(wild, POLLIN), 0);
}

HARNESS_MAIN
