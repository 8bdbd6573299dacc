/* SPDX-License-Identifier: MIT */
/* UDP: message boundaries, addresses, sizes, errors, shutdown, overflow. */
#include "harness.h"

#include <linux/sockios.h>
#include <netinet/udp.h>

static ssize_t to(int fd, const char *s, const sin_t *a)
{
	return sendto(fd, s, strlen(s), 0, SA(a), sizeof(*a));
}

TEST(datagrams_keep_their_boundaries)
{
	int sv[2];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "three");
	CHECK_READS(sv[1], "one");
	CHECK_READS(sv[1], "three");
}

TEST(source_address_is_told)
{
	sin_t a, b, from;
	int r = udp_bound(&a), s = udp_bound(&b);
	socklen_t len = sizeof(from);
	char buf[8];

	memset(&from, 0xff, sizeof(from));
	CHECK_OK(to(s, "x", &a));
	CHECK_EQ(CHECK_OK(recvfrom(r, buf, 8, 0, SA(&from), &len)), 1);
	CHECK_EQ(len, 16);
	CHECK(same_addr(&from, &b));
	CHECK(!memcmp(from.sin_zero, "\0\0\0\0\0\0\0\0", 8));
}

TEST(unbound_sender_gets_a_port)
{
	sin_t a, from;
	int r = udp_bound(&a), s = udp_socket();
	socklen_t len = sizeof(from);
	char buf[8];

	CHECK_EQ(name_of(s).sin_port, 0);
	CHECK_OK(to(s, "x", &a));
	CHECK(name_of(s).sin_port != 0);
	CHECK_EQ(name_of(s).sin_addr.s_addr, INADDR_ANY);
	CHECK_EQ(CHECK_OK(recvfrom(r, buf, 8, 0, SA(&from), &len)), 1);
	CHECK_EQ(from.sin_port, name_of(s).sin_port);
	CHECK_EQ(from.sin_addr.s_addr, htonl(LO));
}

TEST(answer_goes_back)
{
	sin_t a, from;
	int r = udp_bound(&a), s = udp_socket();
	socklen_t len = sizeof(from);
	char buf[8];

	CHECK_OK(to(s, "ask", &a));
	CHECK_EQ(CHECK_OK(recvfrom(r, buf, 8, 0, SA(&from), &len)), 3);
	CHECK_OK(to(r, "answer", &from));
	CHECK_READS(s, "answer");
}

TEST(long_datagram_is_cut_and_the_rest_lost)
{
	int sv[2];
	char b[4];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_WRITES(sv[0], "next");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 4, 0)), 4);
	CHECK(!memcmp(b, "0123", 4));
	CHECK_READS(sv[1], "next");
}

TEST(msg_trunc_tells_the_real_length)
{
	int sv[2];
	char b[4];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 4, MSG_TRUNC)), 10);
	CHECK(!memcmp(b, "0123", 4));
}

TEST(msg_peek_and_trunc_ask_for_the_size)
{
	int sv[2];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "0123456789");
	CHECK_EQ(CHECK_OK(recv(sv[1], NULL, 0, MSG_PEEK | MSG_TRUNC)), 10);
	CHECK_READS(sv[1], "0123456789");
}

TEST(zero_length_read_takes_the_datagram)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "gone");
	CHECK_WRITES(sv[0], "next");
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 0, 0)), 0);
	CHECK_READS(sv[1], "next");
}

TEST(read_of_length_zero_takes_nothing)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "here");
	CHECK_EQ(CHECK_OK(read(sv[1], &c, 0)), 0);
	CHECK_READS(sv[1], "here");
}

TEST(empty_datagram_arrives)
{
	int sv[2];
	char c = 'z';

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "", 0, 0)), 0);
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, 0)), 0);
	CHECK_EQ(c, 'z');
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(write_of_length_zero_sends_an_empty_datagram)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(write(sv[0], "", 0)), 0);
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, MSG_DONTWAIT)), 0);
}

TEST(largest_datagram_65507)
{
	static unsigned char out[65507], in[65536];
	int sv[2];

	udp_pair(sv);
	fill_pattern(out, sizeof(out), 0);
	CHECK_EQ(CHECK_OK(send(sv[0], out, sizeof(out), 0)), 65507);
	CHECK_EQ(CHECK_OK(recv(sv[1], in, sizeof(in), 0)), 65507);
	check_pattern(in, 65507, 0);
}

TEST(too_large_emsgsize)
{
	static char out[70000];
	int sv[2];

	udp_pair(sv);
	CHECK_ERRNO(send(sv[0], out, 65508, 0), EMSGSIZE);
	CHECK_ERRNO(send(sv[0], out, 65536, 0), EMSGSIZE);
	CHECK_ERRNO(send(sv[0], out, 70000, 0), EMSGSIZE);
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(every_size_up_to_2000)
{
	unsigned char out[2000], in[2001];
	int sv[2], n;

	udp_pair(sv);
	fill_pattern(out, sizeof(out), 0);
	for (n = 0; n <= 2000; n++) {
		CHECK_EQ(CHECK_OK(send(sv[0], out, n, 0)), n);
		CHECK_EQ(CHECK_OK(recv(sv[1], in, sizeof(in), 0)), n);
		check_pattern(in, n, 0);
	}
}

TEST(no_destination_edestaddrreq)
{
	int fd = udp_socket();

	CHECK_ERRNO(send(fd, "x", 1, 0), EDESTADDRREQ);
	CHECK_ERRNO(write(fd, "x", 1), EDESTADDRREQ);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, NULL, 0), EDESTADDRREQ);
}

TEST(size_checked_before_destination)
{
	static char out[70000];

	CHECK_ERRNO(send(udp_socket(), out, sizeof(out), 0), EMSGSIZE);
}

TEST(port_zero_einval)
{
	sin_t a = lo(0);

	CHECK_ERRNO(to(udp_socket(), "x", &a), EINVAL);
}

TEST(sendto_short_length_einval)
{
	sin_t a;
	int fd = udp_socket();

	udp_bound(&a);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, SA(&a), 15), EINVAL);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, SA(&a), 1), EINVAL);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, SA(&a), 129), EINVAL);
	CHECK_ERRNO(sendto(fd, "x", 1, 0, SA(&a), -1), EINVAL);
}

TEST(sendto_other_family_eafnosupport)
{
	sin_t a;
	int fd = udp_socket();

	udp_bound(&a);
	a.sin_family = AF_INET6;
	CHECK_ERRNO(to(fd, "x", &a), EAFNOSUPPORT);
}

TEST(sendto_family_unspec_works)
{
	sin_t a, b;
	int r = udp_bound(&a);

	b = a;
	b.sin_family = AF_UNSPEC;
	CHECK_OK(to(udp_socket(), "x", &b));
	CHECK_READS(r, "x");
}

TEST(sendto_address_zero_means_this_host)
{
	sin_t a;
	int r = udp_bound(&a);

	a.sin_addr.s_addr = INADDR_ANY;
	CHECK_OK(to(udp_socket(), "x", &a));
	CHECK_READS(r, "x");
}

TEST(sendto_address_null_with_length_uses_the_peer)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(sendto(sv[0], "x", 1, 0, NULL, 16)), 1);
	CHECK_READS(sv[1], "x");
}

TEST(connected_socket_may_send_elsewhere)
{
	int sv[2];
	sin_t a;
	int r = udp_bound(&a);

	udp_pair(sv);
	CHECK_OK(to(sv[0], "aside", &a));
	CHECK_READS(r, "aside");
	CHECK_WRITES(sv[0], "peer");
	CHECK_READS(sv[1], "peer");
}

TEST(connected_socket_hears_its_peer_only)
{
	int sv[2];
	sin_t a;

	udp_pair(sv);
	a = name_of(sv[1]);
	CHECK_OK(to(udp_socket(), "stranger", &a));
	CHECK_WRITES(sv[0], "peer");
	CHECK_READS(sv[1], "peer");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(datagrams_queued_before_connect_stay)
{
	sin_t a, b;
	int r = udp_bound(&a);

	udp_bound(&b);
	CHECK_OK(to(udp_socket(), "early", &a));
	CHECK_EQ(poll_for(r, POLLIN), POLLIN);
	CHECK_OK(connect(r, SA(&b), sizeof(b)));
	CHECK_READS(r, "early");
}

TEST(broadcast_needs_the_option)
{
	sin_t a = sin_of(0x7fffffff, 9);
	int fd = udp_socket();

	CHECK_ERRNO(to(fd, "x", &a), EACCES);
	set_opt(fd, SOL_SOCKET, SO_BROADCAST, 1);
	CHECK_OK(to(fd, "x", &a));
}

TEST(msg_oob_eopnotsupp)
{
	int sv[2];

	udp_pair(sv);
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_OOB), EOPNOTSUPP);
}

TEST(recv_msg_oob_is_an_ordinary_recv)
{
	int sv[2];
	char b[4];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "x");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 4, MSG_OOB)), 1);
}

TEST(msg_dontwait_eagain)
{
	sin_t a;
	char c;
	int fd = udp_bound(&a);

	CHECK_ERRNO(recv(fd, &c, 1, MSG_DONTWAIT), EAGAIN);
	CHECK_ERRNO(recv(udp_socket(), &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(msg_peek_leaves_the_datagram)
{
	int sv[2];
	char b[8];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "twice");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 3, MSG_PEEK)), 3);
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 8, MSG_PEEK)), 5);
	CHECK_READS(sv[1], "twice");
	CHECK_ERRNO(recv(sv[1], b, 8, MSG_DONTWAIT), EAGAIN);
}

TEST(msg_waitall_takes_one_datagram)
{
	int sv[2];
	char b[100];

	udp_pair(sv);
	CHECK_WRITES(sv[0], "one");
	CHECK_WRITES(sv[0], "two");
	CHECK_EQ(CHECK_OK(recv(sv[1], b, 100, MSG_WAITALL)), 3);
}

TEST(msg_more_joins_into_one_datagram)
{
	int sv[2];

	udp_pair(sv);
	CHECK_EQ(CHECK_OK(send(sv[0], "one ", 4, MSG_MORE)), 4);
	CHECK_EQ(CHECK_OK(send(sv[0], "two ", 4, MSG_MORE)), 4);
	CHECK_EQ(CHECK_OK(send(sv[0], "three", 5, 0)), 5);
	CHECK_READS(sv[1], "one two three");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
}

TEST(udp_cork_joins_into_one_datagram)
{
	int sv[2];

	udp_pair(sv);
	set_opt(sv[0], IPPROTO_UDP, UDP_CORK, 1);
	CHECK_WRITES(sv[0], "corked ");
	CHECK_WRITES(sv[0], "bottle");
	CHECK_EQ(poll_now(sv[1], POLLIN), 0);
	set_opt(sv[0], IPPROTO_UDP, UDP_CORK, 0);
	CHECK_READS(sv[1], "corked bottle");
}

TEST(fionread_is_the_first_datagrams_size)
{
	int sv[2], n = -1;

	udp_pair(sv);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 0);
	CHECK_WRITES(sv[0], "four");
	CHECK_WRITES(sv[0], "eleven size");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 4);
	CHECK_READS(sv[1], "four");
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 11);
}

TEST(siocoutq_is_zero_after_delivery)
{
	int sv[2], n = -1;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "gone");
	CHECK_READS(sv[1], "gone");
	CHECK_OK(ioctl(sv[0], SIOCOUTQ, &n));
	CHECK_EQ(n, 0);
}

TEST(shutdown_unconnected_enotconn)
{
	sin_t a;

	CHECK_ERRNO(shutdown(udp_socket(), SHUT_RDWR), ENOTCONN);
	CHECK_ERRNO(shutdown(udp_bound(&a), SHUT_RD), ENOTCONN);
}

TEST(shutdown_unconnected_ends_reading_all_the_same)
{
	sin_t a;
	int fd = udp_bound(&a);
	char c;

	CHECK_ERRNO(shutdown(fd, SHUT_RD), ENOTCONN);
	CHECK_EQ(CHECK_OK(recv(fd, &c, 1, 0)), 0);
}

TEST(shutdown_wr_connected_then_epipe)
{
	int sv[2];

	udp_pair(sv);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_ERRNO(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_WRITES(sv[1], "back");
	CHECK_READS(sv[0], "back");
}

TEST(shutdown_rd_connected_reads_end_of_file)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_OK(shutdown(sv[1], SHUT_RD));
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, 0)), 0);
}

/* LINUX: the shutdown is looked at by who is about to wait only. */
TEST(shutdown_rd_nonblocking_read_is_still_eagain)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_OK(shutdown(sv[1], SHUT_RD));
	CHECK_ERRNO(recv(sv[1], &c, 1, MSG_DONTWAIT), EAGAIN);
}

TEST(shutdown_rd_still_gives_queued_datagrams)
{
	int sv[2];
	char c;

	udp_pair(sv);
	CHECK_WRITES(sv[0], "queued");
	CHECK_EQ(poll_for(sv[1], POLLIN), POLLIN);
	CHECK_OK(shutdown(sv[1], SHUT_RD));
	CHECK_READS(sv[1], "queued");
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, 0)), 0);
}

TEST(shutdown_wakes_a_blocked_reader)
{
	int sv[2];
	pid_t pid, parent = getpid();
	char c;

	udp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_OK(shutdown(sv[1], SHUT_RD));
	}
	CHECK_EQ(CHECK_OK(recv(sv[1], &c, 1, 0)), 0);
	join(pid);
}

TEST(blocked_reader_is_woken_by_a_datagram)
{
	int sv[2];
	pid_t pid, parent = getpid();

	udp_pair(sv);
	IN_CHILD(pid) {
		wait_asleep(parent, parent);
		CHECK_WRITES(sv[0], "late");
	}
	CHECK_READS(sv[1], "late");
	join(pid);
}

TEST(receive_timeout_eagain)
{
	sin_t a;
	int fd = udp_bound(&a);
	double t = now();
	char c;

	set_rcvtimeo(fd, 50);
	CHECK_ERRNO(recv(fd, &c, 1, 0), EAGAIN);
	CHECK(now() - t >= 0.045);
}

TEST(overflow_drops_the_newest)
{
	int sv[2], i, n = 0;
	char b[1000];

	udp_pair(sv);
	set_opt(sv[1], SOL_SOCKET, SO_RCVBUF, 8192);
	for (i = 0; i < 200; i++) {
		memset(b, i, sizeof(b));
		CHECK_EQ(CHECK_OK(send(sv[0], b, sizeof(b), 0)), 1000);
	}
	while (recv(sv[1], b, sizeof(b), MSG_DONTWAIT) == 1000) {
		CHECK_EQ((unsigned char)b[0], n);
		n++;
	}
	CHECK_EQ(errno, EAGAIN);
	CHECK_GE(n, 2);
	CHECK(n < 100);
	/* There is room again. */
	CHECK_WRITES(sv[0], "after");
	CHECK_READS(sv[1], "after");
}

TEST(socket_sends_to_itself)
{
	sin_t a;
	int fd = udp_bound(&a);

	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_WRITES(fd, "me");
	CHECK_READS(fd, "me");
}

TEST(wildcard_receiver_hears_all_addresses)
{
	int r = udp_socket(), i;
	sin_t a = sin_of(INADDR_ANY, 0);

	CHECK_OK(bind(r, SA(&a), sizeof(a)));
	a = name_of(r);
	for (i = 1; i < 4; i++) {
		a.sin_addr.s_addr = htonl(0x7f000000 + i);
		CHECK_OK(to(udp_socket(), "x", &a));
		CHECK_READS(r, "x");
	}
}

TEST(specific_receiver_hears_its_address_only)
{
	sin_t a;
	int r = udp_bound(&a), s = udp_socket();
	sin_t other = a;

	other.sin_addr.s_addr = htonl(LO2);
	CHECK_OK(to(s, "no", &other));
	CHECK_OK(to(s, "yes", &a));
	CHECK_READS(r, "yes");
	CHECK_EQ(poll_now(r, POLLIN), 0);
}

TEST(specific_receiver_wins_over_wildcard)
{
	int wild = udp_socket(), spec = udp_socket();
	sin_t a = sin_of(INADDR_ANY, 0);

	set_opt(wild, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(spec, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_OK(bind(wild, SA(&a), sizeof(a)));
	a = name_of(wild);
	a.sin_addr.s_addr = htonl(LO);
	CHECK_OK(bind(spec, SA(&a), sizeof(a)));
	CHECK_OK(to(udp_socket(), "x", &a));
	CHECK_READS(spec, "x");
	CHECK_EQ(poll_now(wild, POLLIN), 0);
}

TEST(connected_receiver_wins_over_unconnected)
{
	sin_t a, b;
	int s = udp_bound(&b), any = udp_socket(), conn = udp_socket();

	set_opt(any, SOL_SOCKET, SO_REUSEADDR, 1);
	set_opt(conn, SOL_SOCKET, SO_REUSEADDR, 1);
	bind_lo(any, &a);
	CHECK_OK(bind(conn, SA(&a), sizeof(a)));
	CHECK_OK(connect(conn, SA(&b), sizeof(b)));
	CHECK_OK(to(s, "peer", &a));
	CHECK_READS(conn, "peer");
	CHECK_OK(to(udp_socket(), "other", &a));
	CHECK_READS(any, "other");
}

TEST(close_drops_queued_datagrams)
{
	sin_t a;
	int r = udp_bound(&a), fd;

	CHECK_OK(to(udp_socket(), "lost", &a));
	CHECK_EQ(poll_for(r, POLLIN), POLLIN);
	CHECK_OK(close(r));
	fd = udp_socket();
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	CHECK_EQ(poll_now(fd, POLLIN), 0);
}

TEST(no_delivery_to_a_closed_port_is_no_error_unconnected)
{
	sin_t a = udp_refusing();
	int fd = udp_socket();

	CHECK_OK(to(fd, "x", &a));
	CHECK_OK(to(fd, "x", &a));
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), 0);
}

TEST(thousand_datagrams_in_order)
{
	int sv[2], i, v;

	udp_pair(sv);
	for (i = 0; i < 1000; i++) {
		CHECK_EQ(CHECK_OK(send(sv[0], &i, sizeof(i), 0)), sizeof(i));
		if (i % 50 == 49)
			for (int j = i - 49; j <= i; j++) {
				CHECK_EQ(CHECK_OK(recv(sv[1], &v, sizeof(v),
						       0)), sizeof(v));
				CHECK_EQ(v, j);
			}
	}
}

HARNESS_MAIN
