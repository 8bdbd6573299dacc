/* SPDX-License-Identifier: MIT */
/* connect(2): TCP and UDP, argument checks, states, source address. */
#include "harness.h"

#include <linux/sockios.h>

static int try_connect(int fd, uint32_t addr, int port)
{
	sin_t a = sin_of(addr, port);

	return connect(fd, SA(&a), sizeof(a));
}

static int again(int fd, const sin_t *a)
{
	return connect(fd, SA(a), sizeof(*a));
}

/*
 * An address where a SYN stays unanswered: the accept queue is full. The
 * listener stays open in the claim's process.
 */
static sin_t silent(void)
{
	sin_t a;
	int i, fd = tcp_listener_backlog(&a, 0);

	CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	CHECK_EQ(poll_for(fd, POLLIN), POLLIN);
	/* The queue holds backlog + 1; further SYNs are dropped. */
	for (i = 0; i < 3; i++) {
		int c = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK,
					0));

		CHECK_ERRNO(again(c, &a), EINPROGRESS);
	}
	return a;
}

TEST(establishes_and_names_both_ends)
{
	int sv[2];
	sin_t a, b;

	tcp_pair(sv);
	a = name_of(sv[0]);
	b = peer_of(sv[1]);
	CHECK(same_addr(&a, &b));
	a = peer_of(sv[0]);
	b = name_of(sv[1]);
	CHECK(same_addr(&a, &b));
	CHECK_EQ(tcp_state(sv[0]), TCP_ESTABLISHED);
	CHECK_EQ(tcp_state(sv[1]), TCP_ESTABLISHED);
}

TEST(refused_gives_econnrefused)
{
	sin_t a = tcp_refusing();

	CHECK_ERRNO(again(tcp_socket(), &a), ECONNREFUSED);
}

TEST(refused_leaves_no_so_error)
{
	sin_t a = tcp_refusing();
	int fd = tcp_socket();

	CHECK_ERRNO(again(fd, &a), ECONNREFUSED);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
}

TEST(refused_socket_can_connect_elsewhere)
{
	sin_t bad = tcp_refusing(), good;
	int fd = tcp_socket();

	tcp_listener(&good);
	CHECK_ERRNO(again(fd, &bad), ECONNREFUSED);
	CHECK_ERRNO(again(fd, &bad), ECONNREFUSED);
	CHECK_OK(again(fd, &good));
}

TEST(refused_has_no_peer)
{
	sin_t a = tcp_refusing(), b;
	socklen_t len = sizeof(b);
	int fd = tcp_socket();

	CHECK_ERRNO(again(fd, &a), ECONNREFUSED);
	CHECK_ERRNO(getpeername(fd, SA(&b), &len), ENOTCONN);
}

TEST(port_zero_econnrefused)
{
	CHECK_ERRNO(try_connect(tcp_socket(), LO, 0), ECONNREFUSED);
}

TEST(second_connect_eisconn)
{
	sin_t a;
	int fd = tcp_socket();

	tcp_listener(&a);
	CHECK_OK(again(fd, &a));
	CHECK_ERRNO(again(fd, &a), EISCONN);
	CHECK_ERRNO(try_connect(fd, LO2, 1), EISCONN);
}

TEST(accepted_socket_is_connected)
{
	int sv[2];
	sin_t a;

	tcp_pair(sv);
	tcp_listener(&a);
	CHECK_ERRNO(again(sv[1], &a), EISCONN);
}

TEST(nonblocking_einprogress_then_writable)
{
	sin_t a;
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	tcp_listener(&a);
	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_EQ(poll_for(fd, POLLOUT), POLLOUT);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
	CHECK_EQ(tcp_state(fd), TCP_ESTABLISHED);
}

TEST(nonblocking_finish_is_zero_then_eisconn)
{
	sin_t a;
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	tcp_listener(&a);
	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_EQ(poll_for(fd, POLLOUT), POLLOUT);
	CHECK_OK(again(fd, &a));
	CHECK_ERRNO(again(fd, &a), EISCONN);
}

TEST(nonblocking_refused_tells_so_error_once)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK(poll_for(fd, POLLOUT) & POLLERR);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST(nonblocking_refused_second_connect_tells_the_error)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK(poll_for(fd, POLLOUT) & POLLERR);
	CHECK_ERRNO(again(fd, &a), ECONNREFUSED);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST(nonblocking_refused_so_error_taken_then_econnaborted)
{
	sin_t a = tcp_refusing();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK(poll_for(fd, POLLOUT) & POLLERR);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	CHECK_ERRNO(again(fd, &a), ECONNABORTED);
	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
}

TEST(unanswered_nonblocking_ealready)
{
	sin_t a = silent();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_ERRNO(again(fd, &a), EALREADY);
	CHECK_EQ(tcp_state(fd), TCP_SYN_SENT);
	CHECK_EQ(poll_now(fd, POLLIN | POLLOUT), 0);
}

TEST(unanswered_send_timeout_einprogress)
{
	sin_t a = silent();
	struct timeval tv = { 0, 50000 };
	int fd = tcp_socket();

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_ERRNO(again(fd, &a), EALREADY);
}

TEST(syn_sent_has_a_name_and_no_peer)
{
	sin_t a = silent(), b;
	socklen_t len = sizeof(b);
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	b = name_of(fd);
	CHECK(b.sin_port != 0);
	CHECK_EQ(b.sin_addr.s_addr, htonl(LO));
	CHECK_ERRNO(getpeername(fd, SA(&b), &len), ENOTCONN);
}

TEST(syn_sent_send_and_recv_eagain)
{
	sin_t a = silent();
	char c;
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_ERRNO(send(fd, "x", 1, 0), EAGAIN);
	CHECK_ERRNO(recv(fd, &c, 1, 0), EAGAIN);
}

TEST(syn_sent_listen_einval)
{
	sin_t a = silent();
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_ERRNO(listen(fd, 1), EINVAL);
}

TEST(syn_sent_unspec_gives_up)
{
	sin_t a = silent(), u = { .sin_family = AF_UNSPEC };
	int fd = CHECK_OK(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_OK(again(fd, &u));
	CHECK_EQ(tcp_state(fd), TCP_CLOSE);
	tcp_listener(&a);
	CHECK_ERRNO(again(fd, &a), EINPROGRESS);
	CHECK_EQ(poll_for(fd, POLLOUT), POLLOUT);
}

TEST(unspec_disconnects_tcp)
{
	int sv[2];
	sin_t u = { .sin_family = AF_UNSPEC }, b;
	socklen_t len = sizeof(b);
	char c;

	tcp_pair(sv);
	CHECK_OK(again(sv[0], &u));
	CHECK_EQ(tcp_state(sv[0]), TCP_CLOSE);
	CHECK_ERRNO(getpeername(sv[0], SA(&b), &len), ENOTCONN);
	CHECK_ERRNO(read(sv[1], &c, 1), ECONNRESET);
}

TEST(unspec_leaves_econnreset_pending)
{
	int sv[2];
	sin_t u = { .sin_family = AF_UNSPEC };

	tcp_pair(sv);
	CHECK_OK(again(sv[0], &u));
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), ECONNRESET);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_EQ(get_opt(sv[0], SOL_SOCKET, SO_ERROR), 0);
}

TEST(unspec_then_connect_again)
{
	sin_t u = { .sin_family = AF_UNSPEC }, a;
	int sv[2];

	tcp_pair(sv);
	tcp_listener(&a);
	CHECK_OK(again(sv[0], &u));
	CHECK_OK(again(sv[0], &a));
}

TEST(unspec_on_fresh_tcp_works)
{
	sin_t u = { .sin_family = AF_UNSPEC };

	CHECK_OK(again(tcp_socket(), &u));
}

TEST(unspec_two_bytes_are_enough)
{
	sa_family_t f = AF_UNSPEC;

	CHECK_OK(connect(tcp_socket(), SA(&f), 2));
	CHECK_OK(connect(udp_socket(), SA(&f), 2));
}

TEST(unspec_keeps_a_chosen_port)
{
	sin_t a, b, u = { .sin_family = AF_UNSPEC };
	int fd = tcp_socket();

	tcp_listener(&a);
	bind_lo_chosen(fd, &b);
	CHECK_OK(again(fd, &a));
	CHECK_OK(again(fd, &u));
	a = name_of(fd);
	CHECK_EQ(a.sin_port, b.sin_port);
	CHECK_EQ(a.sin_addr.s_addr, b.sin_addr.s_addr);
}

TEST(length_too_short_einval)
{
	sin_t a;
	int len;

	tcp_listener(&a);
	for (len = 0; len < 16; len++) {
		CHECK_ERRNO(connect(tcp_socket(), SA(&a), len), EINVAL);
		CHECK_ERRNO(connect(udp_socket(), SA(&a), len), EINVAL);
	}
}

TEST(length_out_of_range_einval)
{
	struct sockaddr_storage ss = { .ss_family = AF_INET };

	CHECK_ERRNO(connect(tcp_socket(), SA(&ss), -1), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), SA(&ss), 129), EINVAL);
	CHECK_ERRNO(connect(udp_socket(), SA(&ss), 0x7fffffff), EINVAL);
}

TEST(length_up_to_128_works)
{
	struct sockaddr_storage ss = { 0 };
	sin_t a;

	tcp_listener(&a);
	memcpy(&ss, &a, sizeof(a));
	CHECK_OK(connect(tcp_socket(), SA(&ss), 128));
}

TEST(family_inet6_eafnosupport)
{
	sin_t a;

	tcp_listener(&a);
	a.sin_family = AF_INET6;
	CHECK_ERRNO(again(tcp_socket(), &a), EAFNOSUPPORT);
	CHECK_ERRNO(again(udp_socket(), &a), EAFNOSUPPORT);
}

TEST(length_checked_before_family)
{
	sin_t a = { .sin_family = AF_INET6 };

	CHECK_ERRNO(connect(tcp_socket(), SA(&a), 15), EINVAL);
}

TEST(connected_checked_before_address)
{
	int sv[2];
	sin_t a = { .sin_family = AF_INET6 };

	tcp_pair(sv);
	CHECK_ERRNO(connect(sv[0], SA(&a), 4), EISCONN);
	CHECK_ERRNO(connect(sv[0], SA(&a), 1), EINVAL);
	CHECK_ERRNO(connect(sv[0], BAD_PTR, 16), EFAULT);
}

TEST(length_range_checked_before_pointer)
{
	CHECK_ERRNO(connect(tcp_socket(), BAD_PTR, 129), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), BAD_PTR, -1), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), BAD_PTR, 0), EINVAL);
	CHECK_ERRNO(connect(tcp_socket(), BAD_PTR, 16), EFAULT);
}

TEST(bad_descriptor)
{
	int p[2];

	CHECK_OK(pipe(p));
	CHECK_ERRNO(try_connect(-1, LO, 1), EBADF);
	CHECK_ERRNO(try_connect(p[0], LO, 1), ENOTSOCK);
	CHECK_ERRNO(connect(-1, BAD_PTR, -1), EBADF);
}

TEST(tcp_to_broadcast_enetunreach)
{
	CHECK_ERRNO(try_connect(tcp_socket(), 0x7fffffff, 9), ENETUNREACH);
}

TEST(tcp_failed_route_leaves_it_unbound)
{
	int fd = tcp_socket();

	CHECK_ERRNO(try_connect(fd, 0x7fffffff, 9), ENETUNREACH);
	CHECK_EQ(name_of(fd).sin_port, 0);
}

TEST(udp_to_broadcast_needs_so_broadcast)
{
	int fd = udp_socket();

	CHECK_ERRNO(try_connect(fd, 0x7fffffff, 9), EACCES);
	set_opt(fd, SOL_SOCKET, SO_BROADCAST, 1);
	CHECK_OK(try_connect(fd, 0x7fffffff, 9));
}

TEST(address_zero_means_this_host)
{
	sin_t a;
	int lfd = tcp_listener(&a), fd = tcp_socket();

	a.sin_addr.s_addr = INADDR_ANY;
	CHECK_OK(again(fd, &a));
	CHECK_EQ(peer_of(fd).sin_addr.s_addr, htonl(LO));
	CHECK_OK(accept(lfd, NULL, NULL));
}

TEST(udp_address_zero_means_this_host)
{
	int fd = udp_socket();

	CHECK_OK(try_connect(fd, INADDR_ANY, 9));
	CHECK_EQ(peer_of(fd).sin_addr.s_addr, htonl(LO));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
}

TEST(source_for_127_net_is_127_0_0_1)
{
	int l = tcp_socket(), fd = tcp_socket();
	sin_t a;

	CHECK_OK(listen(l, 1));
	a = name_of(l);
	a.sin_addr.s_addr = htonl(0x7f090807);
	CHECK_OK(again(fd, &a));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
}

TEST(bound_source_address_is_used)
{
	sin_t a, s = sin_of(0x7f000009, 0), p;
	int l = tcp_listener(&a), fd = tcp_socket();
	socklen_t len = sizeof(p);

	CHECK_OK(bind(fd, SA(&s), sizeof(s)));
	CHECK_OK(again(fd, &a));
	CHECK_OK(accept(l, SA(&p), &len));
	CHECK_EQ(p.sin_addr.s_addr, htonl(0x7f000009));
	CHECK_EQ(p.sin_port, name_of(fd).sin_port);
}

TEST(wildcard_bound_gets_its_source_on_connect)
{
	sin_t a, w = sin_of(INADDR_ANY, 0);
	int fd = tcp_socket(), port;

	tcp_listener(&a);
	CHECK_OK(bind(fd, SA(&w), sizeof(w)));
	port = name_of(fd).sin_port;
	CHECK_OK(again(fd, &a));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
	CHECK_EQ(name_of(fd).sin_port, port);
}

TEST(to_itself_makes_a_self_connection)
{
	int fd = tcp_socket();
	sin_t a;

	bind_lo(fd, &a);
	CHECK_OK(again(fd, &a));
	CHECK_EQ(tcp_state(fd), TCP_ESTABLISHED);
	CHECK_WRITES(fd, "echo");
	CHECK_READS(fd, "echo");
	CHECK_OK(shutdown(fd, SHUT_WR));
	CHECK_EOF(fd);
}

TEST(same_four_numbers_twice_eaddrnotavail)
{
	sin_t a, s;
	int x = tcp_socket(), y = tcp_socket();

	tcp_listener(&a);
	set_opt(x, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(y, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_lo(x, &s);
	CHECK_OK(bind(y, SA(&s), sizeof(s)));
	CHECK_OK(again(x, &a));
	CHECK_ERRNO(again(y, &a), EADDRNOTAVAIL);
	tcp_listener(&a);
	CHECK_OK(again(y, &a));
}

TEST(one_local_port_to_two_peers)
{
	sin_t a, b, s;
	int la = tcp_listener(&a), lb = tcp_listener(&b);
	int x = tcp_socket(), y = tcp_socket(), sx, sy;

	set_opt(x, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(y, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_lo(x, &s);
	CHECK_OK(bind(y, SA(&s), sizeof(s)));
	CHECK_OK(again(x, &a));
	CHECK_OK(again(y, &b));
	sx = CHECK_OK(accept(la, NULL, NULL));
	sy = CHECK_OK(accept(lb, NULL, NULL));
	CHECK_WRITES(x, "to a");
	CHECK_WRITES(y, "to b");
	CHECK_READS(sx, "to a");
	CHECK_READS(sy, "to b");
}

TEST(udp_connect_names_both_ends)
{
	sin_t a, p;
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_OK(again(fd, &a));
	p = peer_of(fd);
	CHECK(same_addr(&p, &a));
	CHECK(name_of(fd).sin_port != 0);
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
}

TEST(udp_connect_may_change_the_peer)
{
	sin_t a, b, p;
	int fd = udp_socket(), ra = udp_bound(&a), rb = udp_bound(&b), port;

	CHECK_OK(again(fd, &a));
	port = name_of(fd).sin_port;
	CHECK_OK(again(fd, &b));
	p = peer_of(fd);
	CHECK(same_addr(&p, &b));
	CHECK_EQ(name_of(fd).sin_port, port);
	CHECK_WRITES(fd, "b");
	CHECK_READS(rb, "b");
	CHECK_EQ(poll_now(ra, POLLIN), 0);
}

TEST(udp_unspec_dissolves)
{
	sin_t a, u = { .sin_family = AF_UNSPEC }, p;
	socklen_t len = sizeof(p);
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_OK(again(fd, &a));
	CHECK_OK(again(fd, &u));
	CHECK_ERRNO(getpeername(fd, SA(&p), &len), ENOTCONN);
	CHECK_EQ(name_of(fd).sin_addr.s_addr, INADDR_ANY);
	CHECK_EQ(name_of(fd).sin_port, 0);
	CHECK_ERRNO(send(fd, "x", 1, 0), EDESTADDRREQ);
}

TEST(udp_unspec_keeps_the_bound_address_not_the_kernels_port)
{
	sin_t a, b, u = { .sin_family = AF_UNSPEC };
	int fd = udp_bound(&b);

	udp_bound(&a);
	CHECK_OK(again(fd, &a));
	CHECK_OK(again(fd, &u));
	CHECK_EQ(name_of(fd).sin_addr.s_addr, htonl(LO));
	CHECK_EQ(name_of(fd).sin_port, 0);
}

TEST(udp_unspec_keeps_a_chosen_port)
{
	sin_t a, b, u = { .sin_family = AF_UNSPEC }, n;
	int fd = udp_socket();

	bind_lo_chosen(fd, &b);
	udp_bound(&a);
	CHECK_OK(again(fd, &a));
	CHECK_OK(again(fd, &u));
	n = name_of(fd);
	CHECK(same_addr(&n, &b));
}

TEST(udp_port_zero_connects_and_has_no_peer)
{
	int fd = udp_socket();
	sin_t p;
	socklen_t len = sizeof(p);

	CHECK_OK(try_connect(fd, LO, 0));
	CHECK_ERRNO(getpeername(fd, SA(&p), &len), ENOTCONN);
	CHECK_EQ(CHECK_OK(send(fd, "x", 1, 0)), 1);
}

TEST(udp_connect_to_closed_port_works)
{
	sin_t a = udp_refusing();

	CHECK_OK(again(udp_socket(), &a));
}

TEST(write_before_connect_epipe)
{
	CHECK_ERRNO(send(tcp_socket(), "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(read_before_connect_enotconn)
{
	char c;

	CHECK_ERRNO(recv(tcp_socket(), &c, 1, 0), ENOTCONN);
}

TEST(after_peer_closed_still_eisconn)
{
	int sv[2];
	sin_t a;

	tcp_pair(sv);
	tcp_listener(&a);
	CHECK_OK(close(sv[1]));
	CHECK_EOF(sv[0]);
	CHECK_ERRNO(again(sv[0], &a), EISCONN);
}

TEST(after_reset_still_eisconn)
{
	int sv[2];
	sin_t a;
	char c;

	tcp_pair(sv);
	tcp_listener(&a);
	set_linger(sv[1], 1, 0);
	CHECK_OK(close(sv[1]));
	CHECK_ERRNO(read(sv[0], &c, 1), ECONNRESET);
	CHECK_ERRNO(again(sv[0], &a), EISCONN);
}

HARNESS_MAIN
