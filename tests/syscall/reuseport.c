/* SPDX-License-Identifier: MIT */
/* SO_REUSEPORT: groups of sockets on one port. */
#include "harness.h"

#include <linux/filter.h>

static int made(int type, int reuse)
{
	int fd = CHECK_OK(socket(AF_INET, type, 0));

	set_opt(fd, SOL_SOCKET, SO_REUSEPORT, reuse);
	return fd;
}

static void group(int type, int n, int *fd, sin_t *a)
{
	int i;

	for (i = 0; i < n; i++) {
		fd[i] = made(type, 1);
		if (!i)
			bind_lo(fd[i], a);
		else
			CHECK_OK(bind(fd[i], SA(a), sizeof(*a)));
	}
}

TEST(both_need_it)
{
	sin_t a;
	int type, t[2] = { SOCK_STREAM, SOCK_DGRAM };

	for (type = 0; type < 2; type++) {
		bind_lo(made(t[type], 1), &a);
		CHECK_ERRNO(bind(made(t[type], 0), SA(&a), sizeof(a)),
			    EADDRINUSE);
		bind_lo(made(t[type], 0), &a);
		CHECK_ERRNO(bind(made(t[type], 1), SA(&a), sizeof(a)),
			    EADDRINUSE);
	}
}

TEST(all_may_listen)
{
	int fd[4], i;
	sin_t a;

	group(SOCK_STREAM, 4, fd, &a);
	for (i = 0; i < 4; i++)
		CHECK_OK(listen(fd[i], 8));
}

TEST(each_connection_goes_to_one_listener)
{
	int fd[4], c[40], i, n = 0;
	sin_t a;

	group(SOCK_STREAM, 4, fd, &a);
	for (i = 0; i < 4; i++) {
		CHECK_OK(listen(fd[i], 64));
		set_nonblock(fd[i]);
	}
	for (i = 0; i < 40; i++) {
		c[i] = tcp_socket();
		CHECK_OK(connect(c[i], SA(&a), sizeof(a)));
	}
	/* All are in some queue when the last byte of each has been acked. */
	while (n < 40) {
		for (i = 0; i < 4; i++) {
			int s = accept(fd[i], NULL, NULL);

			if (s < 0) {
				CHECK_EQ(errno, EAGAIN);
				continue;
			}
			CHECK_WRITES(s, "y");
			n++;
		}
		sched_yield();
	}
	for (i = 0; i < 40; i++)
		CHECK_READS(c[i], "y");
}

TEST(connections_are_spread)
{
	int fd[2], i, per[2] = { 0, 0 }, n = 0;
	sin_t a;

	group(SOCK_STREAM, 2, fd, &a);
	for (i = 0; i < 2; i++) {
		CHECK_OK(listen(fd[i], 128));
		set_nonblock(fd[i]);
	}
	for (i = 0; i < 64; i++)
		CHECK_OK(connect(tcp_socket(), SA(&a), sizeof(a)));
	while (n < 64) {
		for (i = 0; i < 2; i++)
			if (accept(fd[i], NULL, NULL) >= 0) {
				per[i]++;
				n++;
			}
	}
	/* 2^-63 to fail by chance. */
	CHECK(per[0] > 0 && per[1] > 0);
}

TEST(udp_flows_stick_and_spread)
{
	int fd[2], i, per[2] = { 0, 0 };
	sin_t a;

	group(SOCK_DGRAM, 2, fd, &a);
	for (i = 0; i < 64; i++) {
		int s = udp_socket(), first;
		struct pollfd p[2] = { { fd[0], POLLIN, 0 },
				       { fd[1], POLLIN, 0 } };

		CHECK_OK(sendto(s, "1", 1, 0, SA(&a), sizeof(a)));
		CHECK_EQ(CHECK_OK(poll(p, 2, -1)), 1);
		first = p[0].revents ? 0 : 1;
		CHECK_READS(fd[first], "1");
		CHECK_OK(sendto(s, "2", 1, 0, SA(&a), sizeof(a)));
		CHECK_READS(fd[first], "2");
		per[first]++;
		CHECK_OK(close(s));
	}
	CHECK(per[0] > 0 && per[1] > 0);
}

TEST(closed_member_leaves_the_rest)
{
	int fd[3], i;
	sin_t a;

	group(SOCK_DGRAM, 3, fd, &a);
	CHECK_OK(close(fd[0]));
	CHECK_OK(close(fd[2]));
	for (i = 0; i < 20; i++) {
		CHECK_OK(sendto(udp_socket(), "x", 1, 0, SA(&a), sizeof(a)));
		CHECK_READS(fd[1], "x");
	}
}

TEST(reuseaddr_and_reuseport_do_not_mix)
{
	int fd = tcp_socket();
	sin_t a;

	bind_lo(made(SOCK_STREAM, 1), &a);
	set_opt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EADDRINUSE);
}

TEST(another_users_socket_does_not_join)
{
	sin_t a;
	pid_t pid;

	if (geteuid())
		SKIP_HOST("takes root to change the user");
	bind_lo(made(SOCK_DGRAM, 1), &a);
	IN_CHILD(pid) {
		CHECK_OK(setresuid(65534, 65534, 65534));
		CHECK_ERRNO(bind(made(SOCK_DGRAM, 1), SA(&a), sizeof(a)),
			    EADDRINUSE);
	}
	join(pid);
}

/* The program @insns chooses for the group of @fd. */
static long attach(int fd, struct sock_filter *insns, unsigned short n)
{
	struct sock_fprog p = { n, insns };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &p,
			  sizeof(p));
}
#define ATTACH(fd, insns) attach(fd, insns, ARRAY_SIZE(insns))

static long detach(int fd)
{
	int no = 0;

	return setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &no,
			  sizeof(no));
}

/* The first byte of the payload is the number of the socket. */
static struct sock_filter first_byte[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
	BPF_STMT(BPF_RET | BPF_A, 0),
};
static struct sock_filter always_1[] = { BPF_STMT(BPF_RET | BPF_K, 1) };

/* Which of @n sockets gets the datagram @byte? */
static int who_gets(const int *fd, int n, const sin_t *a, char byte)
{
	struct pollfd p[4];
	char got = 0;
	int i, s = udp_socket();

	CHECK_OK(sendto(s, &byte, 1, 0, SA(a), sizeof(*a)));
	CHECK_OK(close(s));
	for (i = 0; i < n; i++)
		p[i] = (struct pollfd){ fd[i], POLLIN, 0 };
	CHECK_EQ(CHECK_OK(poll(p, (nfds_t)n, -1)), 1);
	for (i = 0; !p[i].revents; i++)
		;
	CHECK_EQ(CHECK_OK(recv(fd[i], &got, 1, 0)), 1);
	CHECK_EQ(got, byte);
	return i;
}

TEST(program_chooses_by_the_payload)
{
	int fd[3], i;
	sin_t a;

	group(SOCK_DGRAM, 3, fd, &a);
	CHECK_OK(ATTACH(fd[1], first_byte));
	for (i = 0; i < 12; i++)
		CHECK_EQ(who_gets(fd, 3, &a, (char)(i % 3)), i % 3);
	/* Who is not there: the flow's hash chooses. */
	for (i = 0; i < 12; i++)
		who_gets(fd, 3, &a, (char)(3 + i));
}

TEST(last_takes_the_place_of_a_closed_one)
{
	int fd[4], rest[3], i;
	sin_t a;

	group(SOCK_DGRAM, 4, fd, &a);
	CHECK_OK(ATTACH(fd[0], first_byte));
	CHECK_OK(close(fd[0]));
	rest[0] = fd[3];
	rest[1] = fd[1];
	rest[2] = fd[2];
	for (i = 0; i < 6; i++)
		CHECK_EQ(who_gets(rest, 3, &a, (char)(i % 3)), i % 3);
}

TEST(program_goes_with_the_group)
{
	int fd[2], i;
	sin_t a;

	/* Before it is bound, a socket is a group of its own. */
	fd[0] = made(SOCK_DGRAM, 1);
	CHECK_OK(ATTACH(fd[0], always_1));
	bind_lo(fd[0], &a);
	CHECK_EQ(who_gets(fd, 1, &a, 'x'), 0);
	/* And so it joins no other. */
	fd[1] = made(SOCK_DGRAM, 1);
	CHECK_OK(ATTACH(fd[1], first_byte));
	CHECK_ERRNO(bind(fd[1], SA(&a), sizeof(a)), EADDRINUSE);
	CHECK_OK(detach(fd[1]));
	CHECK_ERRNO(bind(fd[1], SA(&a), sizeof(a)), EADDRINUSE);
	CHECK_OK(close(fd[1]));
	fd[1] = made(SOCK_DGRAM, 1);
	CHECK_OK(bind(fd[1], SA(&a), sizeof(a)));
	for (i = 0; i < 8; i++)
		CHECK_EQ(who_gets(fd, 2, &a, 0), 1);
	/* Another, by another member. */
	CHECK_OK(ATTACH(fd[1], first_byte));
	CHECK_EQ(who_gets(fd, 2, &a, 0), 0);
	CHECK_EQ(who_gets(fd, 2, &a, 1), 1);
	CHECK_OK(detach(fd[0]));
	CHECK_ERRNO(detach(fd[1]), ENOENT);
}

TEST(groups_are_apart)
{
	int one[2], two[2], i;
	sin_t a, b;

	group(SOCK_DGRAM, 2, one, &a);
	b = a;
	b.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
	for (i = 0; i < 2; i++) {
		two[i] = made(SOCK_DGRAM, 1);
		CHECK_OK(bind(two[i], SA(&b), sizeof(b)));
	}
	CHECK_OK(ATTACH(one[0], always_1));
	CHECK_OK(ATTACH(two[0], first_byte));
	for (i = 0; i < 4; i++) {
		CHECK_EQ(who_gets(one, 2, &a, 0), 1);
		CHECK_EQ(who_gets(two, 2, &b, 0), 0);
	}
}

TEST(program_chooses_a_listener)
{
	/* By the peer's port, which lies behind the 20 bytes of IP. */
	struct sock_filter by_port[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (__u32)(SKF_NET_OFF + 20)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	int fd[2], i;
	sin_t a;

	group(SOCK_STREAM, 2, fd, &a);
	for (i = 0; i < 2; i++)
		CHECK_OK(listen(fd[i], 64));
	CHECK_OK(ATTACH(fd[1], by_port));
	for (i = 0; i < 20; i++) {
		int c = tcp_socket(), at;

		CHECK_OK(connect(c, SA(&a), sizeof(a)));
		at = ntohs(name_of(c).sin_port) & 1;
		CHECK_OK(accept(fd[at], NULL, NULL));
	}
}

TEST(who_does_not_listen_is_alone)
{
	int fd[2];
	sin_t a;

	group(SOCK_STREAM, 2, fd, &a);
	CHECK_OK(ATTACH(fd[0], always_1));
	CHECK_ERRNO(listen(fd[0], 8), EADDRINUSE);
	CHECK_OK(listen(fd[1], 8));
}

/* Who asks for any port comes to share one of UDP, but none of TCP. */
TEST(any_port_may_be_a_groups)
{
	int type, t[2] = { SOCK_STREAM, SOCK_DGRAM };

	for (type = 0; type < 2; type++) {
		int fd = made(t[type], 1);
		unsigned int range;
		sin_t a;

		bind_lo(made(t[type], 1), &a);
		range = ntohs(a.sin_port);
		range |= range << 16;
		if (setsockopt(fd, SOL_IP, IP_LOCAL_PORT_RANGE, &range,
			       sizeof(range)))
			SKIP_HOST("no IP_LOCAL_PORT_RANGE before Linux 6.3");
		a.sin_port = 0;
		if (t[type] == SOCK_DGRAM)
			CHECK_OK(bind(fd, SA(&a), sizeof(a)));
		else
			CHECK_ERRNO(bind(fd, SA(&a), sizeof(a)), EADDRINUSE);
	}
}

TEST(what_a_program_may_not)
{
	struct sock_filter endless[] = { BPF_STMT(BPF_LD | BPF_IMM, 1) };
	int type, t[2] = { SOCK_STREAM, SOCK_DGRAM };
	struct sock_fprog p = { 1, always_1 };
	sin_t a;

	for (type = 0; type < 2; type++) {
		int no = made(t[type], 0), late = made(t[type], 0),
		    fd = made(t[type], 1);

		CHECK_ERRNO(ATTACH(no, always_1), EINVAL);
		CHECK_ERRNO(detach(no), EINVAL);
		bind_lo(late, &a);
		set_opt(late, SOL_SOCKET, SO_REUSEPORT, 1);
		if (t[type] == SOCK_DGRAM) {
			/* It was bound without. */
			CHECK_ERRNO(ATTACH(late, always_1), EINVAL);
			CHECK_ERRNO(detach(late), ENOENT);
		}
		CHECK_ERRNO(detach(fd), ENOENT);
		CHECK_ERRNO(ATTACH(fd, endless), EINVAL);
		CHECK_ERRNO(attach(fd, always_1, 0), EINVAL);
		CHECK_ERRNO(attach(fd, NULL, 1), EINVAL);
		CHECK_ERRNO(attach(fd, (void *)1, 1), EFAULT);
		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF,
				       &p, sizeof(p) - 1),
			    EINVAL);
		CHECK_ERRNO(detach(fd), ENOENT);
		CHECK_OK(ATTACH(fd, always_1));
		CHECK_OK(detach(fd));
		CHECK_ERRNO(detach(fd), ENOENT);
		set_opt(fd, SOL_SOCKET, SO_LOCK_FILTER, 1);
		CHECK_ERRNO(ATTACH(fd, always_1), EPERM);
	}
}

HARNESS_MAIN
