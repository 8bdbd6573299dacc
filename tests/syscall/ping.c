/* SPDX-License-Identifier: MIT */
/* Datagram ICMP ("ping") sockets: echo only, identifiers as ports. */
#include "harness.h"

#include <net/if.h>
#include <netinet/ip_icmp.h>

/* Linux lets those in who are in ping_group_range: make a net where we are. */
static int own_net(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	int f, fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return -1;
	f = open("/proc/self/setgroups", O_WRONLY);
	if (f >= 0) {
		if (write(f, "deny", 4) != 4)
			return -1;
		close(f);
	}
	f = open("/proc/self/gid_map", O_WRONLY);
	if (f < 0 || write(f, "0 0 1", 5) != 5)
		return -1;
	close(f);
	f = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);
	if (f < 0 || write(f, "0 0", 3) != 3)
		return -1;
	close(f);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	r.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0)
		return -1;
	close(fd);
	return socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
}

static int ping_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

	if (fd < 0 && errno == EACCES && !on_trapgate())
		fd = own_net();
	if (fd < 0 && (errno == EACCES || errno == EPERM || errno == EINVAL))
		SKIP("not in ping_group_range");
	return CHECK_OK(fd);
}

static void echo(int fd, int type, int id, int seq, const char *data,
		 const sin_t *a)
{
	char b[64];
	struct icmphdr h = { .type = type };

	h.un.echo.id = htons(id);
	h.un.echo.sequence = htons(seq);
	memcpy(b, &h, sizeof(h));
	memcpy(b + 8, data, strlen(data));
	CHECK_EQ(CHECK_OK(sendto(fd, b, 8 + strlen(data), 0, SA(a),
				 sizeof(*a))), 8 + strlen(data));
}

TEST(type_domain_protocol)
{
	int fd = ping_socket();

	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
	CHECK_EQ(get_opt(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_ICMP);
}

TEST(echo_is_answered_without_ip_header)
{
	int fd = ping_socket();
	sin_t a = lo(0), from;
	socklen_t len = sizeof(from);
	char b[64];
	struct icmphdr h;

	echo(fd, ICMP_ECHO, 0, 5, "data", &a);
	CHECK_EQ(CHECK_OK(recvfrom(fd, b, sizeof(b), 0, SA(&from), &len)), 12);
	memcpy(&h, b, sizeof(h));
	CHECK_EQ(h.type, ICMP_ECHOREPLY);
	CHECK_EQ(ntohs(h.un.echo.sequence), 5);
	CHECK(!memcmp(b + 8, "data", 4));
	CHECK_EQ(from.sin_addr.s_addr, htonl(LO));
	CHECK_EQ(from.sin_port, 0);
}

TEST(identifier_is_the_kernels_and_the_port)
{
	int fd = ping_socket();
	sin_t a = lo(0);
	char b[64];
	struct icmphdr h;

	echo(fd, ICMP_ECHO, 4242, 1, "", &a);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), 0)), 8);
	memcpy(&h, b, sizeof(h));
	CHECK_EQ(h.un.echo.id, name_of(fd).sin_port);
}

TEST(bound_port_is_the_identifier)
{
	int fd = ping_socket();
	sin_t a = lo(777), d = lo(0);
	char b[64];
	struct icmphdr h;

	CHECK_OK(bind(fd, SA(&a), sizeof(a)));
	echo(fd, ICMP_ECHO, 0, 1, "", &d);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), 0)), 8);
	memcpy(&h, b, sizeof(h));
	CHECK_EQ(ntohs(h.un.echo.id), 777);
}

TEST(two_sockets_hear_their_own_answers)
{
	int x = ping_socket(), y = CHECK_OK(socket(AF_INET, SOCK_DGRAM,
						   IPPROTO_ICMP));
	sin_t a = lo(0);
	char b[64];

	echo(x, ICMP_ECHO, 0, 1, "x", &a);
	echo(y, ICMP_ECHO, 0, 1, "y", &a);
	CHECK_EQ(CHECK_OK(recv(x, b, sizeof(b), 0)), 9);
	CHECK_EQ(b[8], 'x');
	CHECK_EQ(CHECK_OK(recv(y, b, sizeof(b), 0)), 9);
	CHECK_EQ(b[8], 'y');
	CHECK_ERRNO(recv(x, b, sizeof(b), MSG_DONTWAIT), EAGAIN);
}

TEST(other_types_einval)
{
	int fd = ping_socket();
	sin_t a = lo(0);
	struct icmphdr h = { .type = ICMP_ECHOREPLY };

	CHECK_ERRNO(sendto(fd, &h, 8, 0, SA(&a), sizeof(a)), EINVAL);
	h.type = ICMP_ECHO;
	h.code = 1;
	CHECK_ERRNO(sendto(fd, &h, 8, 0, SA(&a), sizeof(a)), EINVAL);
	h.type = ICMP_DEST_UNREACH;
	CHECK_ERRNO(sendto(fd, &h, 8, 0, SA(&a), sizeof(a)), EINVAL);
}

TEST(short_message_einval)
{
	int fd = ping_socket();
	sin_t a = lo(0);
	char b[8] = { ICMP_ECHO };

	CHECK_ERRNO(sendto(fd, b, 7, 0, SA(&a), sizeof(a)), EINVAL);
	CHECK_ERRNO(sendto(fd, b, 0, 0, SA(&a), sizeof(a)), EINVAL);
}

TEST(connected)
{
	int fd = ping_socket();
	sin_t a = lo(0);
	char b[64] = { ICMP_ECHO };

	CHECK_ERRNO(send(fd, b, 8, 0), EDESTADDRREQ);
	CHECK_OK(connect(fd, SA(&a), sizeof(a)));
	CHECK_EQ(CHECK_OK(send(fd, b, 8, 0)), 8);
	CHECK_EQ(CHECK_OK(recv(fd, b, sizeof(b), 0)), 8);
	CHECK_EQ(b[0], ICMP_ECHOREPLY);
}

TEST(recvttl)
{
	int fd = ping_socket();
	sin_t a = lo(0);
	char b[64], c[64];
	struct iovec v = { b, sizeof(b) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = c,
			    .msg_controllen = sizeof(c) };
	struct cmsghdr *h;

	set_opt(fd, IPPROTO_IP, IP_RECVTTL, 1);
	echo(fd, ICMP_ECHO, 0, 1, "", &a);
	CHECK_EQ(CHECK_OK(recvmsg(fd, &m, 0)), 8);
	h = CMSG_FIRSTHDR(&m);
	CHECK(h && h->cmsg_type == IP_TTL);
	CHECK_EQ(*(int *)CMSG_DATA(h), 64);
}

TEST(stream_operations_eopnotsupp)
{
	int fd = ping_socket();

	CHECK_ERRNO(listen(fd, 1), EOPNOTSUPP);
	CHECK_ERRNO(accept(fd, NULL, NULL), EOPNOTSUPP);
}

HARNESS_MAIN
