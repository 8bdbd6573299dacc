/* SPDX-License-Identifier: MIT */
/* AF_PACKET: sending, options, SOCK_PACKET, devices, and /proc/net. */
#include "tap.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

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

/* SO_TIMESTAMPING: when the frame was handed to the device, and the frame. */
TEST(stamps_of_what_was_sent)
{
	int fd = tap(SOCK_RAW, ETH_P_ALL), n;
	unsigned char b[64], got[64], control[256];
	struct iovec v = { got, sizeof(got) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = control };
	struct sock_extended_err ee;

	n = make_frame(b, 0, "stamped");
	set_opt(fd, SOL_SOCKET, SO_TIMESTAMPING,
		SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
			SOF_TIMESTAMPING_SOFTWARE);
	for (unsigned int i = 0; i < 2; i++) {
		struct cmsghdr *c;
		int seen = 0;

		CHECK_EQ(CHECK_OK(send(fd, b, n, 0)), n);
		m.msg_controllen = sizeof(control);
		CHECK_EQ(CHECK_OK(recvmsg(fd, &m, MSG_ERRQUEUE)), n);
		CHECK(!memcmp(got, b, n));
		for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
			if (c->cmsg_level == SOL_SOCKET)
				CHECK_EQ(c->cmsg_type, SO_TIMESTAMPING);
			if (c->cmsg_level != SOL_PACKET)
				continue;
			CHECK_EQ(c->cmsg_type, PACKET_TX_TIMESTAMP);
			CHECK_EQ(c->cmsg_len, CMSG_LEN(sizeof(ee)));
			memcpy(&ee, CMSG_DATA(c), sizeof(ee));
			CHECK_EQ(ee.ee_errno, ENOMSG);
			CHECK_EQ(ee.ee_data, i);
			seen = 1;
		}
		CHECK(seen);
	}
	CHECK_ERRNO(recvmsg(fd, &m, MSG_ERRQUEUE), EAGAIN);
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
