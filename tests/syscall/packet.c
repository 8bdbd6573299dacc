/* SPDX-License-Identifier: MIT */
/*
 * AF_PACKET: packet(7) on the loopback, which carries an Ethernet header:
 * making taps, what they see, and filters.
 */
#include "tap.h"

/* ---- making, binding, names ---- */

TEST(needs_cap_net_raw)
{
	drop_privilege();
	CHECK_ERRNO(socket(AF_PACKET, SOCK_RAW, 0), EPERM);
	CHECK_ERRNO(socket(AF_PACKET, SOCK_DGRAM, htons(3)), EPERM);
	CHECK_ERRNO(socket(AF_PACKET, SOCK_STREAM, 0), EPERM);
	CHECK_ERRNO(socket(AF_INET, SOCK_PACKET, htons(3)), EPERM);
}

TEST(raw_dgram_packet_and_no_other_type)
{
	static const int bad[] = { SOCK_STREAM, SOCK_RDM, SOCK_SEQPACKET, 6 };

	quiet_net();
	packet_socket(SOCK_RAW, 0);
	packet_socket(SOCK_DGRAM, 0);
	packet_socket(SOCK_PACKET, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		CHECK_ERRNO(socket(AF_PACKET, bad[i], 0), ESOCKTNOSUPPORT);
	CHECK_ERRNO(socket(AF_PACKET, 11, 0), EINVAL);
}

TEST(any_protocol_number)
{
	quiet_net();
	packet_socket(SOCK_RAW, 0);
	CHECK_OK(socket(AF_PACKET, SOCK_RAW, 0xffff));
	CHECK_OK(socket(AF_PACKET, SOCK_RAW, -1));
	CHECK_OK(socket(AF_PACKET, SOCK_RAW, 0x12345678));
}

TEST(options_of_sol_socket_tell_the_kind)
{
	int fd;

	quiet_net();
	fd = packet_socket(SOCK_DGRAM, ETH_P_ALL);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_DOMAIN), AF_PACKET);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), 0);
}

TEST(bind_refuses)
{
	sll_t a = sll_of(ETH_P_ALL);
	int fd;

	quiet_net();
	fd = packet_socket(SOCK_RAW, 0);
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a) - 1), EINVAL);
	CHECK_ERRNO(bind(fd, SA(&a), 0), EINVAL);
	CHECK_ERRNO(bind(fd, BAD_PTR, sizeof(a)), EFAULT);
	a.sll_family = AF_INET;
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EINVAL);
	a.sll_family = AF_PACKET;
	a.sll_ifindex = 999;
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), ENODEV);
	a.sll_ifindex = -1;
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), ENODEV);
	/* It may be bound again and again. */
	a.sll_ifindex = LO_INDEX;
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	a.sll_ifindex = 0;
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
}

TEST(getsockname_tells_device_and_protocol)
{
	sll_t a, none;
	socklen_t len = sizeof(a);
	int fd = tap(SOCK_RAW, ETH_P_IP);

	memset(&a, 0xff, sizeof(a));
	CHECK_OK(getsockname(fd, SA(&a), &len));
	CHECK_EQ(len, offsetof(sll_t, sll_addr) + 6);
	CHECK_EQ(a.sll_family, AF_PACKET);
	CHECK_EQ(a.sll_protocol, htons(ETH_P_IP));
	CHECK_EQ(a.sll_ifindex, LO_INDEX);
	CHECK_EQ(a.sll_hatype, ARPHRD_LOOPBACK);
	CHECK_EQ(a.sll_pkttype, 0);
	CHECK_EQ(a.sll_halen, 6);
	fd = packet_socket(SOCK_RAW, ETH_P_ALL);
	len = sizeof(none);
	CHECK_OK(getsockname(fd, SA(&none), &len));
	CHECK_EQ(len, offsetof(sll_t, sll_addr));
	CHECK_EQ(none.sll_ifindex, 0);
	CHECK_EQ(none.sll_protocol, htons(ETH_P_ALL));
	CHECK_EQ(none.sll_hatype, 0);
	len = sizeof(none);
	CHECK_ERRNO(getpeername(fd, SA(&none), &len), EOPNOTSUPP);
}

TEST(no_connections)
{
	sll_t a = sll_of(ETH_P_ALL);
	int fd = tap(SOCK_RAW, ETH_P_ALL), sv[2];

	CHECK_ERRNO(connect(fd, SA(&a), sizeof(a)), EOPNOTSUPP);
	CHECK_ERRNO(listen(fd, 1), EOPNOTSUPP);
	CHECK_ERRNO(accept(fd, NULL, NULL), EOPNOTSUPP);
	CHECK_ERRNO(shutdown(fd, SHUT_RDWR), EOPNOTSUPP);
	CHECK_ERRNO(socketpair(AF_PACKET, SOCK_RAW, 0, sv), EOPNOTSUPP);
}

/* ---- receiving ---- */

TEST(raw_sees_each_packet_of_lo_twice)
{
	static const unsigned char zero[12];
	int fd = tap(SOCK_RAW, ETH_P_ALL), port = send_udp(5), n;
	static const int pkttype[] = { PACKET_OUTGOING, PACKET_HOST };
	sll_t a;

	for (int i = 0; i < 2; i++) {
		n = sniff(fd, &a);
		CHECK_EQ(a.sll_pkttype, pkttype[i]);
		CHECK_EQ(a.sll_protocol, htons(ETH_P_IP));
		CHECK_EQ(a.sll_ifindex, LO_INDEX);
		CHECK_EQ(a.sll_hatype, ARPHRD_LOOPBACK);
		CHECK_EQ(a.sll_halen, 6);
		CHECK(!memcmp(a.sll_addr, zero, 6));
		CHECK(!memcmp(frame, zero, 12));
		CHECK_EQ(frame[12] << 8 | frame[13], ETH_P_IP);
		check_udp_at(frame + 14, n - 14, 5, port);
	}
	nothing_more(fd);
}

TEST(dgram_sees_no_link_header)
{
	int fd = tap(SOCK_DGRAM, ETH_P_ALL), port = send_udp(1000), n;
	sll_t a;

	n = sniff(fd, &a);
	CHECK_EQ(a.sll_pkttype, PACKET_OUTGOING);
	check_udp_at(frame, n, 1000, port);
	n = sniff(fd, &a);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	CHECK_EQ(a.sll_protocol, htons(ETH_P_IP));
	check_udp_at(frame, n, 1000, port);
	nothing_more(fd);
}

TEST(a_protocol_sees_what_comes_in)
{
	int fd = tap(SOCK_RAW, ETH_P_IP), other, port;
	sll_t a;

	other = another_tap(SOCK_RAW, ETH_P_ARP);
	port = send_udp(3);
	check_udp_at(frame + 14, sniff(fd, &a) - 14, 3, port);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	nothing_more(fd);
	nothing_more(other);
}

TEST(protocol_zero_sees_nothing_until_bound)
{
	sll_t a;
	int fd = tap(SOCK_RAW, 0);

	send_udp(1);
	nothing_more(fd);
	a = sll_of(ETH_P_ALL);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	send_udp(1);
	sniff(fd, &a);
	/* LINUX: protocol 0 in bind() leaves the one there is. */
	a = sll_of(0);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	sniff(fd, &a);
	nothing_more(fd);
	send_udp(1);
	sniff(fd, &a);
}

TEST(unbound_sees_every_device)
{
	int fd, port;
	sll_t a;

	quiet_net();
	fd = packet_socket(SOCK_DGRAM, ETH_P_ALL);
	port = send_udp(7);
	check_udp_at(frame, sniff(fd, &a), 7, port);
	CHECK_EQ(a.sll_ifindex, LO_INDEX);
}

TEST(large_datagrams_are_seen_whole)
{
	int fd = tap(SOCK_DGRAM, ETH_P_IP), port = send_udp(60000);
	sll_t a;

	check_udp_at(frame, sniff(fd, &a), 60000, port);
}

TEST(tcp_handshake_is_seen)
{
	int fd = tap(SOCK_DGRAM, ETH_P_IP), sv[2], flags[3];
	sll_t a;

	tcp_pair(sv);
	for (int i = 0; i < 3; i++) {
		CHECK_GE(sniff(fd, &a), 40);
		CHECK_EQ(frame[9], IPPROTO_TCP);
		flags[i] = frame[33] & 0x3f;
	}
	CHECK_EQ(flags[0], 0x02);
	CHECK_EQ(flags[1], 0x12);
	CHECK_EQ(flags[2], 0x10);
}

TEST(tcp_data_arrives_under_taps)
{
	static unsigned char b[300000], in[300000];
	int fd = tap(SOCK_RAW, ETH_P_ALL), sv[2], i, n;
	pid_t pid;

	another_tap(SOCK_DGRAM, ETH_P_IP);
	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 8 << 20);
	fill_pattern(b, sizeof(b), 0);
	tcp_pair(sv);
	IN_CHILD(pid) {
		close(sv[1]);
		for (i = 0; i < (int)sizeof(b); i += n)
			n = CHECK_OK(write(sv[0], b + i, sizeof(b) - i));
	}
	close(sv[0]);
	for (i = 0; i < (int)sizeof(in); i += n) {
		n = CHECK_OK(read(sv[1], in + i, sizeof(in) - i));
		CHECK(n > 0);
	}
	check_pattern(in, sizeof(in), 0);
	CHECK_OK(waitpid(pid, NULL, 0));
	CHECK_GE(CHECK_OK(recv(fd, frame, sizeof(frame), 0)), 54);
}

TEST(recv_truncates)
{
	int fd = tap(SOCK_RAW, ETH_P_IP);
	char b[20];
	struct iovec v = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	send_udp(58);
	send_udp(58);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), MSG_PEEK)), 20);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), MSG_PEEK | MSG_TRUNC)), 100);
	CHECK_EQ(CHECK_OK(recvmsg(fd, &m, 0)), 20);
	CHECK_EQ(m.msg_flags & MSG_TRUNC, MSG_TRUNC);
	CHECK_EQ(CHECK_OK(read(fd, frame, sizeof(frame))), 100);
	nothing_more(fd);
}

TEST(recv_flags_that_mean_nothing)
{
	int fd = tap(SOCK_RAW, ETH_P_IP);

	send_udp(1);
	CHECK_ERRNO(recv(fd, frame, 100, MSG_OOB), EINVAL);
	CHECK_ERRNO(recv(fd, frame, 100, MSG_WAITALL), EINVAL);
	CHECK_ERRNO(recv(fd, frame, 100, MSG_ERRQUEUE), EAGAIN);
	CHECK_EQ(CHECK_OK(recv(fd, frame, 100, 0)), 43);
}

TEST(recv_bad_pointers)
{
	int fd = tap(SOCK_RAW, ETH_P_IP);
	socklen_t len = sizeof(sll_t);
	sll_t a;

	send_udp(1);
	send_udp(2);
	CHECK_ERRNO(recv(fd, BAD_PTR, 100, 0), EFAULT);
	CHECK_ERRNO(recvfrom(fd, frame, 100, 0, BAD_PTR, &len), EFAULT);
	nothing_more(fd);
	send_udp(3);
	len = 4;
	memset(&a, 0x55, sizeof(a));
	CHECK_EQ(CHECK_OK(recvfrom(fd, frame, 100, 0, SA(&a), &len)), 45);
	CHECK_EQ(len, sizeof(a));
	CHECK_EQ(a.sll_protocol, htons(ETH_P_IP));
	CHECK_EQ(a.sll_ifindex, 0x55555555);
	send_udp(3);
	len = -1;
	CHECK_ERRNO(recvfrom(fd, frame, 100, 0, SA(&a), &len), EINVAL);
}

TEST(full_buffer_drops_and_counts)
{
	int fd = tap(SOCK_RAW, ETH_P_IP), got = 0;
	struct tpacket_stats st;
	socklen_t len = sizeof(st);

	set_opt(fd, SOL_SOCKET, SO_RCVBUF, 1);
	for (int i = 0; i < 50; i++)
		send_udp(1000);
	while (recv(fd, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		got++;
	CHECK(got > 0 && got < 50);
	CHECK_OK(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
	CHECK_EQ(len, sizeof(st));
	CHECK_EQ(st.tp_packets, 50);
	CHECK_EQ(st.tp_drops, 50 - got);
	CHECK_OK(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
	CHECK_EQ(st.tp_packets, 0);
	CHECK_EQ(st.tp_drops, 0);
}

TEST(poll_and_fionread_and_outq)
{
	int fd = tap(SOCK_RAW, ETH_P_IP), n = -1;

	CHECK_EQ(poll_for(fd, POLLIN | POLLOUT), POLLOUT);
	CHECK_OK(ioctl(fd, FIONREAD, &n));
	CHECK_EQ(n, 0);
	send_udp(10);
	send_udp(20);
	CHECK_EQ(poll_for(fd, POLLIN | POLLOUT), POLLIN | POLLOUT);
	CHECK_OK(ioctl(fd, FIONREAD, &n));
	CHECK_EQ(n, 52);
	CHECK_OK(ioctl(fd, TIOCOUTQ, &n));
	CHECK_EQ(n, 0);
	CHECK_ERRNO(ioctl(fd, FIONREAD, BAD_PTR), EFAULT);
}

TEST(timestamps)
{
	int fd = tap(SOCK_RAW, ETH_P_IP);
	char c[256];
	struct iovec v = { frame, sizeof(frame) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = c,
			    .msg_controllen = sizeof(c) };
	struct cmsghdr *h;
	struct timeval tv;
	time_t now = time(NULL);

	set_opt(fd, SOL_SOCKET, SO_TIMESTAMP, 1);
	send_udp(1);
	CHECK_OK(recvmsg(fd, &m, 0));
	h = CMSG_FIRSTHDR(&m);
	CHECK(h && h->cmsg_level == SOL_SOCKET &&
	      h->cmsg_type == SO_TIMESTAMP);
	memcpy(&tv, CMSG_DATA(h), sizeof(tv));
	CHECK(tv.tv_sec >= now - 1 && tv.tv_sec <= now + 10);
}

/* ---- filters ---- */

static void filter(int fd, struct sock_filter *f, int n)
{
	struct sock_fprog p = { n, f };

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)));
}

#define LD_AD(what) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_##what)
#define ONLY(v)                                       \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, v, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, 0xffff),    \
		BPF_STMT(BPF_RET | BPF_K, 0)

TEST(filter_by_packet_type)
{
	struct sock_filter f[] = { LD_AD(PKTTYPE), ONLY(PACKET_OUTGOING) };
	int fd = tap(SOCK_DGRAM, ETH_P_ALL);
	sll_t a;

	filter(fd, f, ARRAY_SIZE(f));
	send_udp(1);
	send_udp(2);
	CHECK_EQ(sniff(fd, &a), 29);
	CHECK_EQ(a.sll_pkttype, PACKET_OUTGOING);
	CHECK_EQ(sniff(fd, &a), 30);
	nothing_more(fd);
}

TEST(filter_by_protocol_and_device)
{
	struct sock_filter f[] = {
		LD_AD(PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_OURS, 0, 3),
		LD_AD(IFINDEX), ONLY(LO_INDEX)
	};
	struct sock_filter h[] = { LD_AD(HATYPE), ONLY(ARPHRD_LOOPBACK) };
	int fd = tap(SOCK_DGRAM, ETH_P_ALL), out;
	sll_t a = sll_of(ETH_OURS);

	filter(fd, f, ARRAY_SIZE(f));
	out = another_tap(SOCK_DGRAM, 0);
	send_udp(1);
	CHECK_OK(sendto(out, "abc", 3, 0, SA(&a), sizeof(a)));
	CHECK_EQ(sniff(fd, &a), 3);
	CHECK_EQ(a.sll_protocol, htons(ETH_OURS));
	CHECK_EQ(sniff(fd, &a), 3);
	nothing_more(fd);
	filter(fd, h, ARRAY_SIZE(h));
	send_udp(1);
	CHECK_EQ(sniff(fd, &a), 29);
}

/* What tcpdump attaches for "udp" on Ethernet, and the offsets by name. */
TEST(filter_reads_link_and_network_header)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 9),
		ONLY(IPPROTO_UDP)
	};
	int fd = tap(SOCK_RAW, ETH_P_ALL);
	sll_t a;

	filter(fd, f, ARRAY_SIZE(f));
	send_udp(4);
	CHECK_EQ(sniff(fd, &a), 46);
	CHECK_EQ(sniff(fd, &a), 46);
}

TEST(filter_cuts_and_auxdata_tells_the_length)
{
	struct sock_filter f[] = { BPF_STMT(BPF_RET | BPF_K, 30) };
	int fd = tap(SOCK_RAW, ETH_P_ALL);
	char c[256];
	struct iovec v = { frame, sizeof(frame) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = c,
			    .msg_controllen = sizeof(c) };
	struct cmsghdr *h;
	struct tpacket_auxdata aux;

	filter(fd, f, ARRAY_SIZE(f));
	set_opt(fd, SOL_PACKET, PACKET_AUXDATA, 1);
	CHECK_EQ(get_opt(fd, SOL_PACKET, PACKET_AUXDATA), 1);
	send_udp(100);
	for (int i = 0; i < 2; i++) {
		m.msg_controllen = sizeof(c);
		CHECK_EQ(CHECK_OK(recvmsg(fd, &m, MSG_TRUNC)), 30);
		CHECK_EQ(m.msg_flags & MSG_TRUNC, 0);
		h = CMSG_FIRSTHDR(&m);
		CHECK(h && h->cmsg_level == SOL_PACKET &&
		      h->cmsg_type == PACKET_AUXDATA);
		CHECK_EQ(h->cmsg_len, CMSG_LEN(sizeof(aux)));
		memcpy(&aux, CMSG_DATA(h), sizeof(aux));
		CHECK_EQ(aux.tp_len, 142);
		CHECK_EQ(aux.tp_snaplen, 30);
		CHECK_EQ(aux.tp_mac, 0);
		CHECK_EQ(aux.tp_net, 14);
		CHECK_EQ(aux.tp_status & TP_STATUS_USER, TP_STATUS_USER);
		CHECK_EQ(aux.tp_vlan_tci, 0);
	}
}

TEST(filter_that_refuses_all_counts_nothing)
{
	struct sock_filter f[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	int fd = tap(SOCK_RAW, ETH_P_ALL);
	struct tpacket_stats st;
	socklen_t len = sizeof(st);

	filter(fd, f, ARRAY_SIZE(f));
	send_udp(1);
	nothing_more(fd);
	CHECK_OK(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &st, &len));
	CHECK_EQ(st.tp_packets, 0);
	CHECK_EQ(st.tp_drops, 0);
}

HARNESS_MAIN
