/* SPDX-License-Identifier: MIT */
/* AF_PACKET: packet(7) on the loopback, which carries an Ethernet header. */
#include "ownnet.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>

#define ETH_OURS 0x88b5 /* IEEE 802: local experiments */
#define LO_INDEX 1

typedef struct sockaddr_ll sll_t;

static int packet_socket(int type, int proto)
{
	int fd = socket(AF_PACKET, type, htons(proto));

	if (fd < 0 && errno == EPERM)
		SKIP("no CAP_NET_RAW");
	if (fd < 0 && errno == EAFNOSUPPORT && !on_trapgate())
		SKIP_HOST("no packet sockets");
	return CHECK_OK(fd);
}

static sll_t sll_of(int proto)
{
	return (sll_t){ .sll_family = AF_PACKET, .sll_protocol = htons(proto),
			.sll_ifindex = LO_INDEX };
}

/* In a net of one's own, on lo. */
static int tap(int type, int proto)
{
	sll_t a = sll_of(proto);
	int fd;

	quiet_net();
	fd = packet_socket(type, 0);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	return fd;
}

static int another_tap(int type, int proto)
{
	sll_t a = sll_of(proto);
	int fd = packet_socket(type, 0);

	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	return fd;
}

static unsigned char frame[70000];

/* A packet and where it came from. Its length. */
static int sniff(int fd, sll_t *a)
{
	socklen_t len = sizeof(*a);
	int n = CHECK_OK(recvfrom(fd, frame, sizeof(frame), 0, SA(a), &len));

	CHECK_GE(len, offsetof(sll_t, sll_addr));
	CHECK_EQ(a->sll_family, AF_PACKET);
	return n;
}

static void nothing_more(int fd)
{
	CHECK_ERRNO(recv(fd, frame, sizeof(frame), MSG_DONTWAIT), EAGAIN);
}

/* One UDP datagram of @n bytes to a socket that takes it. The port. */
static int send_udp(int n)
{
	static char b[65000];
	sin_t to;
	int in = udp_bound(&to), out = udp_socket();

	memset(b, 'x', sizeof(b));
	CHECK_EQ(CHECK_OK(sendto(out, b, n, 0, SA(&to), sizeof(to))), n);
	CHECK_EQ(CHECK_OK(recv(in, b, sizeof(b), 0)), n);
	close(in);
	close(out);
	return to.sin_port;
}

static void check_udp_at(const unsigned char *p, int n, int payload, int port)
{
	const struct iphdr *ip = (const void *)p;
	const struct udphdr *udp = (const void *)(p + 20);

	CHECK_EQ(n, 28 + payload);
	CHECK_EQ(ip->version, 4);
	CHECK_EQ(ip->protocol, IPPROTO_UDP);
	CHECK_EQ(ntohs(ip->tot_len), 28 + payload);
	CHECK_EQ(udp->dest, port);
	if (payload)
		CHECK_EQ(p[28], 'x');
}

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

/* ---- sending ---- */

static int make_frame(unsigned char *b, int first, const char *text)
{
	memset(b, 0, 14);
	b[0] = first;
	b[12] = ETH_OURS >> 8;
	b[13] = ETH_OURS & 0xff;
	strcpy((char *)b + 14, text);
	return 14 + strlen(text);
}

TEST(raw_frame_comes_back)
{
	int in = tap(SOCK_RAW, ETH_OURS), all, out, n;
	unsigned char b[64];
	sll_t a = sll_of(0);

	all = another_tap(SOCK_RAW, ETH_P_ALL);
	out = another_tap(SOCK_RAW, 0);
	n = make_frame(b, 0, "frame");
	/* LINUX: what the address says of the protocol is not looked at. */
	CHECK_EQ(CHECK_OK(sendto(out, b, n, 0, SA(&a), sizeof(a))), n);
	CHECK_EQ(sniff(in, &a), n);
	CHECK(!memcmp(frame, b, n));
	CHECK_EQ(a.sll_protocol, htons(ETH_OURS));
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	CHECK_EQ(sniff(all, &a), n);
	CHECK_EQ(a.sll_pkttype, PACKET_OUTGOING);
	CHECK_EQ(a.sll_protocol, htons(ETH_OURS));
	CHECK_EQ(sniff(all, &a), n);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	nothing_more(all);
}

TEST(sender_does_not_see_its_own_going_out)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL), n;
	unsigned char b[64];
	sll_t a;

	n = make_frame(b, 0, "mine");
	CHECK_EQ(CHECK_OK(send(fd, b, n, 0)), n);
	CHECK_EQ(sniff(fd, &a), n);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	nothing_more(fd);
}

TEST(link_address_makes_the_packet_type)
{
	static const struct {
		int first, type;
	} t[] = { { 0x00, PACKET_HOST }, { 0x02, PACKET_OTHERHOST },
		  { 0x01, PACKET_MULTICAST }, { 0xff, PACKET_MULTICAST } };
	int in = tap(SOCK_RAW, ETH_OURS), out, n;
	unsigned char b[64];
	sll_t a;

	out = another_tap(SOCK_RAW, 0);
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		n = make_frame(b, t[i].first, "to");
		/* LINUX: the broadcast address of lo is zero. */
		b[6] = 0x42; /* from */
		CHECK_OK(send(out, b, n, 0));
		CHECK_EQ(sniff(in, &a), n);
		CHECK_EQ(a.sll_pkttype, t[i].type);
		CHECK_EQ(a.sll_addr[0], 0x42);
	}
}

TEST(dgram_gets_a_header)
{
	int in = tap(SOCK_RAW, ETH_OURS), out;
	sll_t a = sll_of(ETH_OURS);

	out = another_tap(SOCK_DGRAM, 0);
	a.sll_halen = 6;
	a.sll_addr[0] = 0x02;
	CHECK_EQ(CHECK_OK(sendto(out, "data", 4, 0, SA(&a), sizeof(a))), 4);
	CHECK_EQ(sniff(in, &a), 18);
	CHECK_EQ(frame[0], 0x02);
	CHECK_EQ(frame[12] << 8 | frame[13], ETH_OURS);
	CHECK(!memcmp(frame + 14, "data", 4));
	CHECK_EQ(a.sll_pkttype, PACKET_OTHERHOST);
	/* Without an address: where it is bound. */
	a = sll_of(ETH_OURS);
	CHECK_OK(bind(out, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(write(out, "again", 5)), 5);
	CHECK_EQ(sniff(in, &a), 19);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	CHECK_EQ(CHECK_OK(send(out, "", 0, 0)), 0);
	CHECK_EQ(sniff(in, &a), 14);
}

TEST(send_refuses)
{
	static unsigned char big[70000];
	int fd = tap(SOCK_RAW, ETH_P_ALL), loose, dgram;
	sll_t a = sll_of(ETH_OURS);

	loose = packet_socket(SOCK_RAW, 0);
	dgram = another_tap(SOCK_DGRAM, 0);
	CHECK_ERRNO(send(loose, frame, 60, 0), ENXIO);
	CHECK_ERRNO(sendto(fd, frame, 60, 0, SA(&a), sizeof(a) - 1), EINVAL);
	CHECK_ERRNO(sendto(fd, frame, 60, 0, BAD_PTR, sizeof(a)), EFAULT);
	CHECK_ERRNO(send(fd, BAD_PTR, 60, 0), EFAULT);
	CHECK_ERRNO(send(fd, frame, 13, 0), EINVAL);
	CHECK_ERRNO(send(fd, frame, 0, 0), EINVAL);
	CHECK_ERRNO(send(fd, big, sizeof(big), 0), EMSGSIZE);
	CHECK_ERRNO(send(fd, big, 65536 + 14 + 1, 0), EMSGSIZE);
	CHECK_ERRNO(send(dgram, big, 65537, 0), EMSGSIZE);
	CHECK_ERRNO(sendto(dgram, "x", 1, 0, SA(&a), 19), EINVAL);
	a.sll_halen = 9;
	CHECK_ERRNO(sendto(fd, frame, 60, 0, SA(&a), sizeof(a)), EINVAL);
	a.sll_halen = 0;
	a.sll_ifindex = 999;
	CHECK_ERRNO(sendto(fd, frame, 60, 0, SA(&a), sizeof(a)), ENXIO);
	a.sll_ifindex = 0;
	CHECK_ERRNO(sendto(fd, frame, 60, 0, SA(&a), sizeof(a)), ENXIO);
	nothing_more(fd);
}

TEST(largest_frame)
{
	int in = tap(SOCK_RAW, ETH_OURS), n;
	static unsigned char b[65536 + 14];
	sll_t a;

	make_frame(b, 0, "x");
	n = CHECK_OK(send(another_tap(SOCK_RAW, 0), b, sizeof(b), 0));
	CHECK_EQ(n, sizeof(b));
	CHECK_EQ(sniff(in, &a), sizeof(b));
}

/* A packet made by hand reaches a UDP socket. */
TEST(foreign_ip_packet_is_not_answered_as_martian)
{
	static const unsigned char ip[] = {
		0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0,
		127, 0, 0, 1, 127, 0, 0, 1,
		0, 9, 0, 9, 0, 12, 0, 0, 'm', 'a', 'd', 'e'
	};
	int fd = tap(SOCK_DGRAM, ETH_P_IP);
	sll_t a = sll_of(ETH_P_IP);

	/* Its IP checksum is wrong: seen, and dropped behind the taps. */
	CHECK_OK(sendto(fd, ip, sizeof(ip), 0, SA(&a), sizeof(a)));
	CHECK_EQ(sniff(fd, &a), 32);
	nothing_more(fd);
}

/* ---- options ---- */

TEST(ignore_outgoing)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL);
	sll_t a;

	CHECK_EQ(get_opt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING), 0);
	set_opt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	CHECK_EQ(get_opt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING), 1);
	send_udp(1);
	sniff(fd, &a);
	CHECK_EQ(a.sll_pkttype, PACKET_HOST);
	nothing_more(fd);
	CHECK_ERRNO(try_opt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 2),
		    EINVAL);
	CHECK_ERRNO(try_opt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, -1),
		    EINVAL);
}

static int membership(int fd, int opt, int type, int ifindex, int alen)
{
	struct packet_mreq mr = { .mr_ifindex = ifindex, .mr_type = type,
				  .mr_alen = alen,
				  .mr_address = { 1, 0, 0x5e, 0, 0, 1 } };

	return setsockopt(fd, SOL_PACKET, opt, &mr, sizeof(mr));
}

TEST(memberships)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL), i;
	struct packet_mreq mr = { 0 };

	for (i = PACKET_MR_MULTICAST; i <= PACKET_MR_UNICAST; i++) {
		CHECK_OK(membership(fd, PACKET_ADD_MEMBERSHIP, i, LO_INDEX, 6));
		CHECK_OK(membership(fd, PACKET_ADD_MEMBERSHIP, i, LO_INDEX, 6));
		CHECK_OK(membership(fd, PACKET_DROP_MEMBERSHIP, i, LO_INDEX,
				    6));
		CHECK_OK(membership(fd, PACKET_DROP_MEMBERSHIP, i, LO_INDEX,
				    6));
		/* LINUX: once more is no error. */
		CHECK_OK(membership(fd, PACKET_DROP_MEMBERSHIP, i, LO_INDEX,
				    6));
	}
	i = PACKET_MR_MULTICAST;
	CHECK_ERRNO(membership(fd, PACKET_ADD_MEMBERSHIP, i, 999, 6), ENODEV);
	CHECK_ERRNO(membership(fd, PACKET_ADD_MEMBERSHIP, i, LO_INDEX, 7),
		    EINVAL);
	CHECK_ERRNO(membership(fd, PACKET_ADD_MEMBERSHIP, i, LO_INDEX, 5),
		    EINVAL);
	CHECK_ERRNO(membership(fd, PACKET_ADD_MEMBERSHIP, i, LO_INDEX, 100),
		    EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr,
			       sizeof(mr) - 1), EINVAL);
	CHECK_ERRNO(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, BAD_PTR,
			       sizeof(mr)), EFAULT);
}

TEST(promiscuous_sockets_do_not_show_in_the_flags)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL);

	CHECK_OK(membership(fd, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC,
			    LO_INDEX, 0));
	CHECK_EQ(lo_flags() & IFF_PROMISC, 0);
}

TEST(option_lengths_and_pointers)
{
	static const int all[] = { PACKET_AUXDATA, PACKET_ORIGDEV,
				   PACKET_VERSION, PACKET_RESERVE, PACKET_LOSS,
				   PACKET_TIMESTAMP, PACKET_IGNORE_OUTGOING };
	int fd = tap(SOCK_RAW, ETH_P_ALL), v = 0;
	socklen_t len;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		CHECK_OK(try_opt(fd, SOL_PACKET, all[i], 0));
		CHECK_EQ(get_opt(fd, SOL_PACKET, all[i]), 0);
		CHECK_ERRNO(setsockopt(fd, SOL_PACKET, all[i], &v, 3), EINVAL);
		CHECK_ERRNO(setsockopt(fd, SOL_PACKET, all[i], BAD_PTR, 4),
			    EFAULT);
		len = -1;
		CHECK_ERRNO(getsockopt(fd, SOL_PACKET, all[i], &v, &len),
			    EINVAL);
		len = 1;
		CHECK_OK(getsockopt(fd, SOL_PACKET, all[i], &v, &len));
		CHECK_EQ(len, 1);
		len = 4;
		CHECK_ERRNO(getsockopt(fd, SOL_PACKET, all[i], BAD_PTR, &len),
			    EFAULT);
		CHECK_ERRNO(getsockopt(fd, SOL_PACKET, all[i], &v, BAD_PTR),
			    EFAULT);
	}
	len = 4;
	CHECK_ERRNO(try_opt(fd, SOL_PACKET, 4242, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(fd, SOL_PACKET, 4242, &v, &len), ENOPROTOOPT);
	CHECK_ERRNO(try_opt(fd, IPPROTO_IP, IP_TTL, 1), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(fd, IPPROTO_IP, IP_TTL, &v, &len), ENOPROTOOPT);
}

TEST(ring_versions_and_header_lengths)
{
	static const int want[] = { 32, 32, 48 };
	int fd = tap(SOCK_RAW, ETH_P_ALL), v;
	socklen_t len = sizeof(v);

	for (int i = TPACKET_V1; i <= TPACKET_V3; i++) {
		set_opt(fd, SOL_PACKET, PACKET_VERSION, i);
		CHECK_EQ(get_opt(fd, SOL_PACKET, PACKET_VERSION), i);
		v = i;
		CHECK_OK(getsockopt(fd, SOL_PACKET, PACKET_HDRLEN, &v, &len));
		CHECK_EQ(v, want[i]);
	}
	CHECK_ERRNO(try_opt(fd, SOL_PACKET, PACKET_VERSION, 3), EINVAL);
	v = 77;
	CHECK_ERRNO(getsockopt(fd, SOL_PACKET, PACKET_HDRLEN, &v, &len),
		    EINVAL);
	len = 3;
	CHECK_ERRNO(getsockopt(fd, SOL_PACKET, PACKET_HDRLEN, &v, &len),
		    EINVAL);
	set_opt(fd, SOL_PACKET, PACKET_RESERVE, 16);
	CHECK_EQ(get_opt(fd, SOL_PACKET, PACKET_RESERVE), 16);
}

/* ---- SOCK_PACKET ---- */

TEST(sock_packet_names_devices)
{
	struct sockaddr a = { .sa_family = AF_INET }, b;
	struct sockaddr_pkt from;
	socklen_t len = sizeof(b);
	int fd, port, n;

	quiet_net();
	fd = packet_socket(SOCK_PACKET, ETH_P_ALL);
	strcpy(a.sa_data, "lo");
	CHECK_ERRNO(bind(fd, &a, sizeof(a) - 1), EINVAL);
	strcpy(a.sa_data, "none9");
	CHECK_ERRNO(bind(fd, &a, sizeof(a)), ENODEV);
	strcpy(a.sa_data, "lo");
	CHECK_OK(bind(fd, &a, sizeof(a)));
	CHECK_OK(getsockname(fd, &b, &len));
	CHECK_EQ(len, sizeof(b));
	CHECK_EQ(b.sa_family, AF_PACKET);
	CHECK(!strcmp(b.sa_data, "lo"));
	port = send_udp(2);
	len = sizeof(from);
	n = CHECK_OK(recvfrom(fd, frame, sizeof(frame), 0, SA(&from), &len));
	CHECK_EQ(len, sizeof(from));
	CHECK_EQ(from.spkt_family, ARPHRD_LOOPBACK);
	CHECK(!strcmp((char *)from.spkt_device, "lo"));
	CHECK_EQ(from.spkt_protocol, htons(ETH_P_IP));
	check_udp_at(frame + 14, n - 14, 2, port);
	CHECK_ERRNO(try_opt(fd, SOL_PACKET, PACKET_AUXDATA, 1), EOPNOTSUPP);
}

TEST(sock_packet_sends_to_a_name)
{
	struct sockaddr_pkt to = { .spkt_family = AF_PACKET,
				   .spkt_device = "lo",
				   .spkt_protocol = htons(ETH_OURS) };
	int in = tap(SOCK_RAW, ETH_OURS), out, n;
	unsigned char b[64];
	sll_t a;

	out = packet_socket(SOCK_PACKET, 0);
	n = make_frame(b, 0, "old");
	CHECK_EQ(CHECK_OK(sendto(out, b, n, 0, SA(&to), sizeof(to))), n);
	CHECK_EQ(sniff(in, &a), n);
	CHECK_ERRNO(send(out, b, n, 0), ENOTCONN);
	CHECK_ERRNO(sendto(out, b, n, 0, SA(&to), 15), EINVAL);
	CHECK_ERRNO(sendto(out, b, 13, 0, SA(&to), sizeof(to)), EINVAL);
	strcpy((char *)to.spkt_device, "none9");
	CHECK_ERRNO(sendto(out, b, n, 0, SA(&to), sizeof(to)), ENODEV);
}

/* ---- devices ---- */

TEST(device_requests_work_on_packet_sockets)
{
	struct ifreq r = { .ifr_name = "lo" };
	int fd = tap(SOCK_RAW, ETH_P_ALL);

	CHECK_OK(ioctl(fd, SIOCGIFINDEX, &r));
	CHECK_EQ(r.ifr_ifindex, LO_INDEX);
	CHECK_OK(ioctl(fd, SIOCGIFHWADDR, &r));
	CHECK_EQ(r.ifr_hwaddr.sa_family, ARPHRD_LOOPBACK);
	CHECK_OK(ioctl(fd, SIOCGIFMTU, &r));
	CHECK_EQ(r.ifr_mtu, 65536);
	CHECK_OK(ioctl(fd, SIOCGIFFLAGS, &r));
	CHECK_EQ(r.ifr_flags & (IFF_UP | IFF_LOOPBACK), IFF_UP | IFF_LOOPBACK);
	CHECK_OK(ioctl(fd, SIOCGIFADDR, &r));
	CHECK_EQ(((sin_t *)&r.ifr_addr)->sin_addr.s_addr, htonl(LO));
	strcpy(r.ifr_name, "none9");
	CHECK_ERRNO(ioctl(fd, SIOCGIFINDEX, &r), ENODEV);
}

TEST(device_down_is_told_and_up_goes_on)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL), port;
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = 0 };
	sll_t a = sll_of(ETH_P_ALL);

	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0 && errno == EPERM)
		SKIP("no CAP_NET_ADMIN");
	CHECK_EQ(poll_for(fd, POLLIN | POLLOUT) & POLLERR, POLLERR);
	CHECK_ERRNO(recv(fd, frame, 100, MSG_DONTWAIT), ENETDOWN);
	nothing_more(fd);
	CHECK_ERRNO(send(fd, frame, 60, 0), ENETDOWN);
	/* Bound while it is down: an error, and it works later. */
	a.sll_protocol = htons(ETH_P_IP);
	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_ERROR), ENETDOWN);
	lo_set(1);
	port = send_udp(1);
	check_udp_at(frame + 14, sniff(fd, &a) - 14, 1, port);
}

/* ---- /proc/net ---- */

static int file_has(const char *path, const char *line)
{
	static char b[65536];
	int fd = CHECK_OK(open(path, O_RDONLY)), n = 0, k;

	while ((k = CHECK_OK(read(fd, b + n, sizeof(b) - 1 - n))) > 0)
		n += k;
	b[n] = 0;
	close(fd);
	return strstr(b, line) != NULL;
}

TEST(proc_net_packet_and_ptype)
{
	int fd = tap(SOCK_RAW, ETH_P_IP);
	const char *f = "/proc/thread-self/net/packet";
	const char *t = "/proc/thread-self/net/ptype";
	char line[100];
	struct stat st;

	CHECK_OK(fstat(fd, &st));
	CHECK(file_has(f, "sk               RefCnt Type Proto  Iface R Rmem   "
			  "User   Inode\n"));
	CHECK(file_has(f, "     3    0800   1     1 0      "));
	snprintf(line, sizeof(line), " %-6lu\n", (unsigned long)st.st_ino);
	CHECK(file_has(f, line));
	CHECK(file_has(t, "Type Device      Function\n"));
	CHECK(file_has(t, "0800          ip_rcv\n"));
	another_tap(SOCK_DGRAM, ETH_P_ALL);
	CHECK(file_has(t, "ALL  lo       packet_rcv\n"));
	packet_socket(SOCK_DGRAM, ETH_P_ALL);
	packet_socket(SOCK_PACKET, ETH_OURS);
	CHECK(file_has(t, "ALL           packet_rcv\n"));
	CHECK(file_has(t, "88b5          packet_rcv_spkt\n"));
	CHECK_OK(membership(fd, PACKET_ADD_MEMBERSHIP, PACKET_MR_MULTICAST,
			    LO_INDEX, 6));
	CHECK(file_has("/proc/thread-self/net/dev_mcast",
		       "1    lo              1     0     01005e000001\n"));
}

HARNESS_MAIN
